//! What is sealed to one reader's key, and how each seal is bound to its place in a chain.

use crate::PeerError;
use chain::Place;
use ids::{ChainId, RecordId};
use sealing::{AgreementSecret, BodyContext, Entropy, OpenError, RecordKey, open_from, seal_to};
use signing::canonical::{DecodeError, Reader, Writer};
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

/// What is padded is sealed in steps of so many bytes, as bodies of changes are.
const BLOCK: usize = 16;
const PAD: u8 = 0x80;

/// 0x80 and zeros up to a multiple of 16 (ISO/IEC 7816-4): a length says no more of what is inside than a change's does.
fn padded(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity((plain.len() + 1).next_multiple_of(BLOCK)));
    bytes.extend_from_slice(plain);
    bytes.push(PAD);
    let whole = bytes.len().next_multiple_of(BLOCK);
    bytes.resize(whole, 0);
    bytes
}

/// Takes the padding off; there is one way to pad, as there is one way to write all else.
fn unpadded(mut bytes: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let end = bytes.iter().rposition(|byte| *byte != 0).ok_or(OpenError::Malformed)?;
    if bytes[end] != PAD || bytes.len() - end > BLOCK || !bytes.len().is_multiple_of(BLOCK) {
        return Err(OpenError::Malformed);
    }
    bytes.truncate(end);
    Ok(bytes)
}

fn seal_padded(
    to: &AgreementPublicKey,
    context: &[u8],
    aad: &[u8],
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeerError> {
    Ok(seal_to(to, context, aad, &padded(plain), entropy)?)
}

fn open_padded(
    secret: &AgreementSecret,
    context: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    open_from(secret, context, aad, sealed).map(Zeroizing::new).and_then(unpadded)
}

/// A fact for the centre.
pub fn seal_own(
    centre: &AgreementPublicKey,
    place: &Place,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeerError> {
    seal_padded(centre, OWN, &bound(place, None, None), plain, entropy)
}

/// The fact, for the centre's secret.
pub fn open_own(secret: &AgreementSecret, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    open_padded(secret, OWN, &bound(place, None, None), sealed)
}

/// A message for one peer.
pub fn seal_message(
    to: &AgreementPublicKey,
    place: &Place,
    peer: ChainId,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeerError> {
    seal_padded(to, TO, &bound(place, None, Some(peer)), plain, entropy)
}

/// The message, for one of the peer's secrets.
pub fn open_message(
    secret: &AgreementSecret,
    place: &Place,
    peer: ChainId,
    sealed: &[u8],
) -> Result<Vec<u8>, OpenError> {
    open_padded(secret, TO, &bound(place, None, Some(peer)), sealed).map(|plain| plain.to_vec())
}

/// Keys that one grant carries at most. Each generation after the first stands for a reader who was shut out.
const GENERATIONS: usize = 1_000;
/// generation `u32`, key 32.
const GRANTED_KEY: usize = 36;

/// Every key of a record: version = 1, count, generation `u32` and key 32 of each, the newest last. Whoever is granted a record reads what was
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
    let mut w = Writer::with_capacity(4 + GRANTED_KEY * newest.len());
    w.u8(1).count(newest.len() as u64);
    for (generation, key) in newest {
        w.u32(*generation).fixed(key.expose());
    }
    let plain = Zeroizing::new(w.finish());
    seal_padded(to, GRANT, &bound(place, Some(record), Some(peer)), &plain, entropy)
}

/// Generations and keys, at least one, for one of the peer's secrets.
pub fn open_grant(
    secret: &AgreementSecret,
    place: &Place,
    record: RecordId,
    peer: ChainId,
    sealed: &[u8],
) -> Result<Vec<(u32, RecordKey)>, OpenError> {
    let plain = open_padded(secret, GRANT, &bound(place, Some(record), Some(peer)), sealed)?;
    match granted(&plain) {
        Ok(keys) if !keys.is_empty() => Ok(keys),
        _ => Err(OpenError::Malformed),
    }
}

fn granted(plain: &[u8]) -> Result<Vec<(u32, RecordKey)>, DecodeError> {
    let mut r = Reader::new(plain);
    match r.u8()? {
        1 => {}
        later => return Err(DecodeError::Unknown(later)),
    }
    let count = r.count_to(GENERATIONS)?;
    let read = |r: &mut Reader<'_>| Ok((r.u32()?, RecordKey::from_bytes(Secret::new(r.fixed()?))));
    let keys = (0..count).map(|_| read(&mut r)).collect::<Result<_, DecodeError>>()?;
    r.end()?;
    Ok(keys)
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

#[cfg(test)]
mod tests {
    use super::*;
    use chain::Link;
    use ids::TenantId;
    use sealing::SeededEntropy;

    fn place() -> Place {
        Link::EMPTY.next(TenantId::from_bytes([1; 16]), ChainId::from_bytes([2; 16]))
    }

    #[test]
    fn lengths_are_told_in_steps_of_16_and_what_is_inside_comes_back() {
        let mut entropy = SeededEntropy::new(1);
        let secret = AgreementSecret::generate(&mut entropy);
        for length in 0..70 {
            let plain = vec![0x80; length];
            let sealed = seal_own(&secret.public(), &place(), &plain, &mut entropy).unwrap();
            assert_eq!(sealed.len(), 49 + (length + 1).next_multiple_of(16));
            assert_eq!(open_own(&secret, &place(), &sealed).unwrap().as_slice(), plain);
            let peer = ChainId::from_bytes([3; 16]);
            let sealed = seal_message(&secret.public(), &place(), peer, &vec![0; length], &mut entropy).unwrap();
            assert_eq!(sealed.len(), 49 + (length + 1).next_multiple_of(16));
            assert_eq!(open_message(&secret, &place(), peer, &sealed).unwrap(), vec![0; length]);
        }
    }

    #[test]
    fn other_padding_than_the_one_is_refused() {
        let whole = |bytes: &[u8]| unpadded(Zeroizing::new(bytes.to_vec())).is_ok();
        let padding = |rest: usize| [&[0x80][..], &vec![0; rest]].concat();
        assert!(whole(&padding(15)) && whole(&[&[7; 15][..], &[0x80]].concat()));
        for bytes in [Vec::new(), vec![0; 16], vec![7; 16], padding(31), padding(14), [padding(15), vec![1]].concat()] {
            assert!(!whole(&bytes), "{bytes:?}");
        }
    }

    #[test]
    fn a_grant_says_its_version_and_how_many_keys_it_has() {
        let mut entropy = SeededEntropy::new(2);
        let secret = AgreementSecret::generate(&mut entropy);
        let (record, peer) = (RecordId::from_bytes([4; 16]), ChainId::from_bytes([5; 16]));
        let keys = [(1, RecordKey::from_bytes(Secret::new([6; 32]))), (7, RecordKey::from_bytes(Secret::new([8; 32])))];
        let sealed = seal_grant(&secret.public(), &place(), record, peer, &keys, &mut entropy).unwrap();
        let opened = open_grant(&secret, &place(), record, peer, &sealed).unwrap();
        let plain = |keys: &[(u32, RecordKey)]| keys.iter().map(|(n, key)| (*n, *key.expose())).collect::<Vec<_>>();
        assert_eq!(plain(&opened), plain(&keys));
        let context = bound(&place(), Some(record), Some(peer));
        let key = [&[0, 0, 0, 1][..], &[6; 32]].concat();
        let made = |head: &[u8], count: usize| [head, &key.repeat(count)].concat();
        let mut opens = |plain: &[u8]| {
            let sealed = seal_padded(&secret.public(), GRANT, &context, plain, &mut entropy).unwrap();
            open_grant(&secret, &place(), record, peer, &sealed).is_ok()
        };
        assert!(opens(&made(&[1, 1], 1)) && opens(&made(&[1, 3], 3)));
        for (head, count) in [(&[2, 1][..], 1), (&[1, 0], 0), (&[1, 2], 1), (&[1, 1], 2), (&[], 1)] {
            assert!(!opens(&made(head, count)), "{head:?} {count}");
        }
    }
}
