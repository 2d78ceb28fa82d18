//! `init`: a root, a hub's folder, the first desk.

use super::apart::{HubAnswer, HubRequest};
use super::hub_folder::HubFolder;
use super::{desk_folder, error, hub_folder};
use desk::app::{DeskError, ErrorKind, NewCentre, Profile, Tools, found, root_public};
use hub::tls;
use ids::TenantId;
use sealing::Entropy;
use signing::{Root, Validity};
use std::net::SocketAddr;
use std::path::Path;

/// A suitcase whose clock stands at 1970 or 2099 must reach its hub.
const WIDE: Validity = Validity { not_before: 0, not_after: 7_258_118_400_000 };

/// What a new centre is made of.
pub struct NewTown<'a> {
    /// Its folder; must not hold a centre.
    pub dir: &'a Path,
    /// «Глобинська громада».
    pub name: &'a str,
    /// Telephone or address for residents; may be empty.
    pub contact: &'a str,
    /// How peers reach the hub, `https://host:port`.
    pub hub: &'a str,
    /// Where the hub listens, `address:port`.
    pub listen: &'a str,
    /// More names of the hub for its certificate.
    pub more_names: &'a [String],
    /// A hub on another machine, by its request; then the hub's address is the one in it.
    pub hub_request: Option<HubRequest>,
    /// The first administrator.
    pub login: &'a str,
    /// The first administrator's name; may be empty.
    pub person: &'a str,
    /// The first administrator's passphrase.
    pub passphrase: &'a str,
}

/// What `init` tells once.
pub struct Founded {
    /// The kit's words, kept nowhere.
    pub words: Vec<&'static str>,
    /// The community.
    pub tenant: String,
    /// For a hub on another machine.
    pub hub_answer: Option<HubAnswer>,
}

/// Makes everything; of the hub, what its own machine did not make already.
pub fn init(new: &NewTown<'_>, tools: Tools) -> Result<Founded, DeskError> {
    let (hub_path, desk_path) = (hub_folder(new.dir), desk_folder(new.dir));
    if hub_path.exists() || desk_path.exists() {
        return Err(DeskError::refused(
            format!("у папці {} вже є центр: для нового вкажіть порожню", new.dir.display()),
            format!("{} holds a centre already: name an empty folder", new.dir.display()),
        ));
    }
    let mut source = (tools.entropy)();
    let entropy: &mut dyn Entropy = source.as_mut();
    let root = Root::from_seed(entropy.secret());
    let (tenant, public) = (TenantId::from_random(entropy.array()), root_public(&root));
    let hub = match &new.hub_request {
        Some(_) => None,
        None => {
            let names = names_of(new.hub, new.listen, new.more_names)?;
            Some(HubFolder::new(&hub_path, new.listen, names, tenant, public, entropy.secret()))
        }
    };
    let (address, names, signing, leaf) = match (&new.hub_request, &hub) {
        (Some(there), _) => (there.address.as_str(), &there.names, there.signing, there.tls),
        (None, Some(here)) => (new.hub, &here.names, here.keys().public(), tls::public(&here.seed)),
        (None, None) => return Err(DeskError::refused("немає вузла обміну", "no hub")),
    };
    host_of(address)?;
    let certificate =
        tls::issue_for(&root.signing_seed(), &leaf, names, WIDE).map_err(|fault| error(ErrorKind::Refused, &fault))?;
    let centre = NewCentre {
        folder: &desk_path,
        tenant,
        root: &root,
        hub: address,
        hub_key: signing,
        predecessor: None,
        login: new.login,
        name: new.person.trim(),
        passphrase: new.passphrase,
        profile: Some(Profile { name: new.name.trim().to_owned(), contact: new.contact.trim().to_owned() }),
    };
    found(&centre, tools, |_| Ok(()))?;
    let words = root.words().to_vec();
    let Some(mut hub) = hub else {
        let hub_answer = Some(HubAnswer { tenant, root: public, signing, certificate });
        return Ok(Founded { words, tenant: tenant.to_string(), hub_answer });
    };
    hub.certificate = certificate;
    hub.write()?;
    Ok(Founded { words, tenant: tenant.to_string(), hub_answer: None })
}

/// What the root says of a hub on another machine that was not there when the centre was founded.
pub fn answer_for(request: &HubRequest, words: &str, tenant: TenantId) -> Result<HubAnswer, DeskError> {
    let root = Root::from_words(words).map_err(|fault| error(ErrorKind::Refused, &fault))?;
    let certificate = tls::issue_for(&root.signing_seed(), &request.tls, &request.names, WIDE)
        .map_err(|fault| error(ErrorKind::Refused, &fault))?;
    Ok(HubAnswer { tenant, root: root_public(&root), signing: request.signing, certificate })
}

/// The names for a hub's certificate: its address's host first, where it listens if that is one address, then more.
pub fn names_of(address: &str, listen: &str, more: &[String]) -> Result<Vec<String>, DeskError> {
    let host = host_of(address)?;
    let listen: SocketAddr = listen.parse().map_err(|_| {
        DeskError::refused(
            format!("«{listen}» не має вигляду 0.0.0.0:8443"),
            format!("«{listen}» does not look like 0.0.0.0:8443"),
        )
    })?;
    let mut names = vec![host];
    names.extend((!listen.ip().is_unspecified()).then(|| listen.ip().to_string()));
    names.extend(more.iter().cloned());
    names.dedup();
    Ok(names)
}

fn host_of(address: &str) -> Result<String, DeskError> {
    let host = address.strip_prefix("https://").and_then(|rest| {
        let rest = rest.trim_end_matches('/');
        let host = match rest.rsplit_once(':') {
            Some((host, port)) if port.parse::<u16>().is_ok() => host,
            _ => rest,
        };
        let host = host.trim_matches(['[', ']']);
        (!host.is_empty() && !host.contains('/')).then(|| host.to_owned())
    });
    host.ok_or_else(|| {
        DeskError::refused(
            format!("«{address}» не має вигляду https://назва:порт"),
            format!("«{address}» does not look like https://name:port"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_host() {
        assert_eq!(host_of("https://127.0.0.1:8443").unwrap(), "127.0.0.1");
        assert_eq!(host_of("https://hub.hromada.example/").unwrap(), "hub.hromada.example");
        assert_eq!(host_of("https://[::1]:8443").unwrap(), "::1");
        for wrong in ["http://a", "https://", "hub:8443", "https://a/b"] {
            assert!(host_of(wrong).is_err(), "{wrong}");
        }
    }
}
