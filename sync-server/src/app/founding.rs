//! `init`: a root, a hub's folder, the first desk.

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
    /// The first administrator.
    pub login: &'a str,
    /// The first administrator's passphrase.
    pub passphrase: &'a str,
}

/// What `init` tells once.
pub struct Founded {
    /// The kit's words, kept nowhere.
    pub words: Vec<&'static str>,
    /// The community.
    pub tenant: String,
}

/// Makes everything.
pub fn init(new: &NewTown<'_>, tools: Tools) -> Result<Founded, DeskError> {
    let (hub_path, desk_path) = (hub_folder(new.dir), desk_folder(new.dir));
    if hub_path.exists() || desk_path.exists() {
        return Err(DeskError::refused(
            format!("у папці {} вже є центр: для нового вкажіть порожню", new.dir.display()),
            format!("{} holds a centre already: name an empty folder", new.dir.display()),
        ));
    }
    let host = host_of(new.hub)?;
    let listen: SocketAddr = new.listen.parse().map_err(|_| {
        DeskError::refused(
            format!("«{}» не має вигляду 0.0.0.0:8443", new.listen),
            format!("«{}» does not look like 0.0.0.0:8443", new.listen),
        )
    })?;
    let mut names = vec![host];
    names.extend((!listen.ip().is_unspecified()).then(|| listen.ip().to_string()));
    names.extend(new.more_names.iter().cloned());
    names.dedup();
    let mut source = (tools.entropy)();
    let entropy: &mut dyn Entropy = source.as_mut();
    let root = Root::from_seed(entropy.secret());
    let tenant = TenantId::from_random(entropy.array());
    let mut hub = HubFolder::new(&hub_path, new.listen, names, tenant, root_public(&root), entropy.secret());
    hub.certificate = tls::issue(&root.signing_seed(), &hub.seed, &hub.names, WIDE)
        .map_err(|fault| error(ErrorKind::Refused, &fault))?;
    let centre = NewCentre {
        folder: &desk_path,
        tenant,
        root: &root,
        hub: new.hub,
        hub_key: hub.keys().public(),
        predecessor: None,
        login: new.login,
        name: "",
        passphrase: new.passphrase,
        profile: Some(Profile { name: new.name.trim().to_owned(), contact: new.contact.trim().to_owned() }),
    };
    found(&centre, tools)?;
    hub.write()?;
    Ok(Founded { words: root.words().to_vec(), tenant: tenant.to_string() })
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
