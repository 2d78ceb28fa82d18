//! What is sealed to one reader's key, and how each seal is bound to its place in a chain.

use crate::PeerError;
use chain::Place;
use ids::{ChainId, RecordId};
use sealing::{AgreementSecret, BodyContext, Entropy, OpenError, RecordKey, open_from, seal_to};
use signing::canonical::{Reader, Writer};
use signing::{AgreementPublicKey, Secret};
use zeroize::Zeroizing;

const OWN: &[u8] = b"valiza/1/own";
const TO: &[u8] = b"valiza/1/to";
const GRANT: &[u8] = b"valiza/1/grant";
const DESK: &[u8] = b"valiza/1/desk-secret";

/// tenant 16, chain 16, seq 8, record (option), peer (option).
fn bound(place: &Place, record: Option<RecordId>, peer: Option<ChainId>) -> Vec<u8> {
    let mut w = Writer::with_capacity(80);
    w.fixed(place.tenant.as_bytes()).fixed(place.chain.as_bytes()).u64(place.seq);
    w.option(record, |w, record| {
        w.fixed(record.as_bytes());
    });
    w.option(peer, |w, peer| {
        w.fixed(peer.as_bytes());
    });
    w.finish()
}

/// A fact for the centre.
pub fn seal_own(
    centre: &AgreementPublicKey,
    place: &Place,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeerError> {
    Ok(seal_to(centre, OWN, &bound(place, None, None), plain, entropy)?)
}

/// The fact, for the centre's secret.
pub fn open_own(secret: &AgreementSecret, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    open_from(secret, OWN, &bound(place, None, None), sealed).map(Zeroizing::new)
}

/// A message for one peer.
pub fn seal_message(
    to: &AgreementPublicKey,
    place: &Place,
    peer: ChainId,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeerError> {
    Ok(seal_to(to, TO, &bound(place, None, Some(peer)), plain, entropy)?)
}

/// The message, for one of the peer's secrets.
pub fn open_message(
    secret: &AgreementSecret,
    place: &Place,
    peer: ChainId,
    sealed: &[u8],
) -> Result<Vec<u8>, OpenError> {
    open_from(secret, TO, &bound(place, None, Some(peer)), sealed)
}

/// Keys that one grant carries at most. Each generation after the first stands for a reader who was shut out.
const GENERATIONS: usize = 1_000;
/// generation `u32`, key 32.
const GRANTED_KEY: usize = 36;

/// Every key of a record: generation `u32` and key 32 of each, the newest last. Whoever is granted a record reads what was
/// written under the keys before, too.
pub fn seal_grant(
    to: &AgreementPublicKey,
    place: &Place,
    record: RecordId,
    peer: ChainId,
    keys: &[(u32, RecordKey)],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeerError> {
    let newest = &keys[keys.len().saturating_sub(GENERATIONS)..];
    let mut w = Writer::with_capacity(GRANTED_KEY * newest.len());
    for (generation, key) in newest {
        w.u32(*generation).fixed(key.expose());
    }
    let plain = Zeroizing::new(w.finish());
    Ok(seal_to(to, GRANT, &bound(place, Some(record), Some(peer)), &plain, entropy)?)
}

/// Generations and keys, at least one, for one of the peer's secrets.
pub fn open_grant(
    secret: &AgreementSecret,
    place: &Place,
    record: RecordId,
    peer: ChainId,
    sealed: &[u8],
) -> Result<Vec<(u32, RecordKey)>, OpenError> {
    let plain = Zeroizing::new(open_from(secret, GRANT, &bound(place, Some(record), Some(peer)), sealed)?);
    let count = plain.len() / GRANTED_KEY;
    if !(1..=GENERATIONS).contains(&count) || plain.len() != count * GRANTED_KEY {
        return Err(OpenError::Malformed);
    }
    let mut r = Reader::new(&plain);
    let read = |r: &mut Reader<'_>| Ok::<_, signing::canonical::DecodeError>((r.u32()?, Secret::new(r.fixed()?)));
    let keys = (0..count).map(|_| read(&mut r).map(|(generation, key)| (generation, RecordKey::from_bytes(key))));
    keys.collect::<Result<_, _>>().map_err(|_| OpenError::Malformed)
}

/// A desk's X25519 secret, sealed to the root when the desk is made: kit + hub open everything again.
pub fn seal_desk_secret(
    root: &AgreementPublicKey,
    register: ChainId,
    secret: &AgreementSecret,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeerError> {
    Ok(seal_to(root, DESK, register.as_bytes(), secret.expose(), entropy)?)
}

/// The desk's secret, for who holds the kit.
pub fn open_desk_secret(
    root: &AgreementSecret,
    register: ChainId,
    sealed: &[u8],
) -> Result<AgreementSecret, OpenError> {
    let plain = Zeroizing::new(open_from(root, DESK, register.as_bytes(), sealed)?);
    Secret::from_slice(&plain).map(AgreementSecret::from_bytes).ok_or(OpenError::Malformed)
}

/// What the body of an entry at this place is bound to.
pub fn body_context(place: &Place, kind: chain::Kind, record: Option<RecordId>) -> BodyContext {
    BodyContext { tenant: place.tenant, chain: place.chain, seq: place.seq, kind: kind.code(), record }
}
