//! Facts in `own` entries, opened: with the keys that are here, or as they were told again.

use crate::facts::{OwnFact, ToldAgain};
use crate::peer::View;
use crate::store::entries::Stored;
use crate::store::{entries, keys, told_again};
use crate::{PeerError, seals};
use chain::Place;
use ids::{ChainId, TenantId};
use rusqlite::Connection;
use sealing::AgreementSecret;
use zeroize::Zeroizing;

/// Entries that are in memory at once: with the largest bodies some 16 MB.
const PAGE: usize = 256;

impl View<'_> {
    /// The facts in `own` entries of a chain after one number and up to another, with their numbers, one by one, however
    /// many there are; those that no key of this peer opens are left out. What a chain that goes on for another one tells
    /// again is among them.
    pub fn each_fact(
        &self,
        chain: ChainId,
        (mut after, until): (u64, u64),
        mut each: impl FnMut(u64, OwnFact) -> Result<(), PeerError>,
    ) -> Result<(), PeerError> {
        let secrets = keys::receptions(self.connection)?;
        loop {
            let page = entries::own_facts(self.connection, self.tenant, chain, (after, until), PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.entry.place.seq;
            for stored in &page {
                for fact in self.facts_in(&secrets, stored)? {
                    each(stored.entry.place.seq, fact)?;
                }
            }
        }
    }

    /// As [`View::each_fact`], all of them at once, up to the last entry that is held. Who writes the chain decides how
    /// much that is: for looking at a chain that one knows.
    pub fn facts(&self, chain: ChainId, after: u64) -> Result<Vec<(u64, OwnFact)>, PeerError> {
        let mut found = Vec::new();
        self.each_fact(chain, (after, chain::limits::SEQ), |seq, fact| {
            found.push((seq, fact));
            Ok(())
        })?;
        Ok(found)
    }

    fn facts_in(&self, secrets: &[AgreementSecret], stored: &Stored) -> Result<Vec<OwnFact>, PeerError> {
        let place = &stored.entry.place;
        let Some(body) = stored.entry.entry.body.bytes() else { return Ok(Vec::new()) };
        let plain = plain(self.connection, secrets, place, body)?;
        Ok(match plain.map(|plain| OwnFact::decode(&plain)) {
            Some(Ok(OwnFact::Adopted { chain, entries })) => {
                let told = entries.iter().filter_map(|one| adopted(secrets, self.tenant, chain, one));
                let mut found: Vec<OwnFact> = told.collect();
                found.push(OwnFact::Adopted { chain, entries });
                found
            }
            // A case chain's stand where they were told first.
            Some(Ok(OwnFact::ToldAgain(_))) if told_again::is_by(self.connection, place.chain)? => Vec::new(),
            Some(Ok(OwnFact::ToldAgain(told))) => of_suitcase(self.connection, self.tenant, secrets, told)?,
            Some(Ok(fact)) => vec![fact],
            Some(Err(_)) | None => Vec::new(),
        })
    }
}

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
