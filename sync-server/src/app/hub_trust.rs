//! Whether peers would believe a hub: a TLS handshake in memory, with the check that every peer makes.

use super::error;
use desk::app::{DeskError, ErrorKind};
use peer::sync::tls;
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, ServerConfig, ServerConnection};
use signing::VerifyingKey;
use std::sync::Arc;

/// An error if the root's key does not vouch for the certificate, or the certificate does not name the hub.
pub fn prove(root: &VerifyingKey, name: &str, server: &Arc<ServerConfig>) -> Result<(), DeskError> {
    let other = |why: &dyn std::fmt::Display| {
        DeskError::new(
            ErrorKind::Damaged,
            format!(
                "сертифікат вузла (hub.crt) не від кореня цієї громади або не для «{name}» ({why}): поверніть hub.toml, hub.key і hub.crt з однієї копії"
            ),
            format!(
                "the hub's certificate (hub.crt) is not of this community's root or not for «{name}» ({why}): put back hub.toml, hub.key and hub.crt from one backup"
            ),
        )
    };
    let config = tls::client_config(root).map_err(|fault| error(ErrorKind::Damaged, &fault))?;
    let name = ServerName::try_from(name.to_owned()).map_err(|fault| other(&fault))?;
    let mut client = ClientConnection::new(config, name).map_err(|fault| other(&fault))?;
    let mut server = ServerConnection::new(Arc::clone(server)).map_err(|fault| other(&fault))?;
    // A handshake of TLS 1.3 is three flights.
    for _ in 0..8 {
        let mut flight = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut flight)?;
        }
        let mut rest = flight.as_slice();
        while !rest.is_empty() {
            server.read_tls(&mut rest)?;
            server.process_new_packets().map_err(|fault| other(&fault))?;
        }
        let mut flight = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut flight)?;
        }
        let mut rest = flight.as_slice();
        while !rest.is_empty() {
            client.read_tls(&mut rest)?;
            client.process_new_packets().map_err(|fault| other(&fault))?;
        }
        if !client.is_handshaking() && !server.is_handshaking() {
            return Ok(());
        }
    }
    Err(other(&"TLS"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hub::tls as hub_tls;
    use signing::{Root, Secret, Validity};

    #[test]
    fn a_hub_is_believed_by_its_root_under_its_name_alone() {
        let (root, other) = (Root::from_seed(Secret::new([1; 32])), Root::from_seed(Secret::new([2; 32])));
        let (seed, wide) = (Secret::new([3; 32]), Validity { not_before: 0, not_after: 7_258_118_400_000 });
        let leaf = hub_tls::public(&seed);
        let names = ["hub.hromada.example".to_owned()];
        let certificate = hub_tls::issue_for(&root.signing_seed(), &leaf, &names, wide).unwrap();
        let config = hub_tls::server_config(certificate, &seed).unwrap();
        prove(&root.signing_key().public(), &names[0], &config).unwrap();
        let wrong = prove(&other.signing_key().public(), &names[0], &config).unwrap_err();
        assert!(wrong.kind == ErrorKind::Damaged && wrong.sentence.uk.contains("не від кореня"), "{wrong}");
        prove(&root.signing_key().public(), "other.example", &config).unwrap_err();
    }
}
