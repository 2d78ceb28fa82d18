//! Facts in `own` entries, opened: with the keys that are here, or as they were told again.

use crate::facts::{OwnFact, ToldAgain};
use crate::store::{entries, told_again};
use crate::{PeerError, seals};
use chain::Place;
use ids::{ChainId, TenantId};
use rusqlite::Connection;
use sealing::AgreementSecret;
use zeroize::Zeroizing;

/// The fact, as far as something opens it.
pub(crate) fn plain<'a>(
    connection: &Connection,
    secrets: impl IntoIterator<Item = &'a AgreementSecret>,
    place: &Place,
    body: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>, PeerError> {
    if let Some(told) = told_again::plain(connection, place.chain, place.seq)? {
        return Ok(Some(told));
    }
    Ok(secrets.into_iter().find_map(|secret| seals::open_own(secret, place, body).ok()))
}

/// What a suitcase tells again stands where it does so, unless the entry of before opens here.
pub(crate) fn of_suitcase(
    connection: &Connection,
    tenant: TenantId,
    secrets: &[AgreementSecret],
    told: Vec<ToldAgain>,
) -> Result<Vec<OwnFact>, PeerError> {
    let mut found = Vec::new();
    for one in told {
        let before = entries::at(connection, tenant, one.chain, one.seq)?;
        let opened = match before.as_ref().and_then(|stored| Some((stored, stored.entry.entry.body.bytes()?))) {
            Some((stored, body)) => plain(connection, secrets, &stored.entry.place, body)?.is_some(),
            None => false,
        };
        found.extend(OwnFact::decode(&one.plain).ok().filter(|_| !opened));
    }
    Ok(found)
}

/// A fact that was written in another chain, opened for its place there.
pub(crate) fn adopted(
    secrets: &[sealing::AgreementSecret],
    tenant: ids::TenantId,
    chain: ChainId,
    one: &crate::Adopted,
) -> Option<crate::OwnFact> {
    let place = chain::Place { tenant, chain, seq: one.seq, prev: signing::Hash::ZERO };
    let plain = secrets.iter().find_map(|secret| crate::seals::open_own(secret, &place, &one.sealed).ok())?;
    crate::OwnFact::decode(&plain).ok()
}
