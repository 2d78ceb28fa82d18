//! One page that checks papers of a centre without a network: the root pinned, every certificate inside it, the
//! signatures checked by the browser. It is opened from a disk or a stick, and asks nobody anything.
//!
//! Put into `verify.html` in place of `{"centre":null}` in its element `centre`, as JSON:
//!
//! | field | holds |
//! |---|---|
//! | `centre` | name of the ЦНАП |
//! | `tenant`, `root`, `agreement` | hexadecimal: community, the root's two public keys |
//! | `fingerprint` | hexadecimal: the root's fingerprint, to be compared by people |
//! | `desks` | signed desk certificates, hexadecimal |
//! | `suitcases` | signed suitcase certificates, hexadecimal |
//! | `revoked` | pairs of chain and time, ms since 1970 |
//! | `services` | names by slug |

use crate::statement::hex;
use catalogue::Catalogue;
use chain::{Fact, Register, Segment};
use serde_json::{Map, Value, json};

const PAGE: &str = include_str!("../templates/verify.html");
const NOBLE: &str = include_str!("../assets/noble/ed25519.js");
const NOBLE_PLACE: &str = "/* noble-ed25519 */";
const CENTRE_PLACE: &str = r#"{"centre":null}"#;

/// The page for the centre of this register. `segments`: the register's entries, which hold the signed certificates.
pub fn page(register: &Register, segments: &[Segment], centre: &str, catalogue: &Catalogue) -> String {
    // Within a script nothing may look like its end.
    let data = data(register, segments, centre, catalogue).to_string().replace('<', "\\u003c");
    PAGE.replace(NOBLE_PLACE, NOBLE).replace(CENTRE_PLACE, &data)
}

fn data(register: &Register, segments: &[Segment], centre: &str, catalogue: &Catalogue) -> Value {
    let (mut desks, mut suitcases, mut revoked) = (Vec::new(), Vec::new(), Vec::new());
    let entries = segments.iter().flat_map(|segment| &segment.entries);
    for fact in entries.filter_map(|entry| Fact::decode(entry.body.bytes()?).ok()) {
        match fact {
            Fact::Desk { certificate, .. } => desks.push(hex(&certificate)),
            Fact::Suitcase(certificate) => suitcases.push(hex(&certificate)),
            Fact::Revocation { chain, from, .. } => revoked.push(json!([hex(chain.as_bytes()), from])),
            _ => {}
        }
    }
    let names = catalogue.services().iter().map(|service| (service.slug.clone(), json!(service.name.uk)));
    let root = register.root();
    json!({
        "centre": centre,
        "tenant": hex(register.tenant().as_bytes()),
        "root": hex(&root.signing.0),
        "agreement": hex(&root.agreement.0),
        "fingerprint": hex(&root.fingerprint().0.0),
        "desks": desks,
        "suitcases": suitcases,
        "revoked": revoked,
        "services": names.collect::<Map<String, Value>>(),
    })
}
