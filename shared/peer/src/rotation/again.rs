//! What only keys of before open is told again, sealed to the new one: facts as they are, the keys of records one by one,
//! so that an order to erase drops each for itself. In portions; how far it is stands beside what was written.

use super::Rotation;
use crate::PeerError;
use crate::act::Act;
use crate::facts::{Adopted, KEPT_KEYS, OwnFact, ToldAgain};
use crate::ledger::Ledger;
use crate::peer::Peer;
use crate::split;
use crate::store::entries::{self, State, Stored};
use crate::store::{keys, told_again};
use crate::{own_facts, seals};
use chain::Place;
use ids::ChainId;
use sealing::{AgreementSecret, EpochKey, RecoveryCode};
use signing::{Hash, Secret};
use zeroize::Zeroizing;

/// Entries of one portion.
const PORTION: usize = 500;
/// Bytes of the facts that go into one entry; the longest single one fits a body beside its place.
const TOGETHER: usize = 40_000;

/// An epoch's key that is not told again: its records' keys are kept one by one.
pub(crate) const NO_KEY: [u8; 32] = [0; 32];

/// What goes into one entry.
type Page = Vec<ToldAgain>;
/// A fact as it is told again, and whether it stands alone in its entry.
type Again = (Zeroizing<Vec<u8>>, bool);

impl Ledger {
    /// Tells a portion again. Gives back whether there is more; nothing is done while no rotation is under way.
    pub(crate) fn tell_again(&mut self) -> Result<bool, PeerError> {
        let Some(rotation) = Rotation::read(&self.connection)? else { return Ok(false) };
        let own = self.identity.chain;
        let found = told_again::facts_after(&self.connection, self.identity.tenant, own, rotation.looked_at, PORTION)?;
        let Some(last) = found.last().map(|stored| stored.id) else { return self.keep_keys() };
        let before = self.keys_of_before()?;
        let (mut pages, mut page, mut size) = (Vec::new(), Page::new(), 0);
        for stored in &found {
            let Some((plain, alone)) = self.plain_again(stored, &before)? else { continue };
            let place = stored.entry.place;
            let told = ToldAgain { chain: place.chain, seq: place.seq, plain };
            if alone {
                pages.push(vec![told]);
                continue;
            }
            if size + told.plain.len() > TOGETHER && !page.is_empty() {
                pages.push(std::mem::take(&mut page));
                size = 0;
            }
            size += told.plain.len() + 40;
            page.push(told);
        }
        pages.extend((!page.is_empty()).then_some(page));
        let rotation = Rotation { looked_at: last, ..rotation };
        self.act(move |act| {
            pages.into_iter().try_for_each(|page| tell(act, page))?;
            rotation.keep(act.connection())
        })?;
        Ok(true)
    }

    fn keys_of_before(&self) -> Result<Vec<AgreementSecret>, PeerError> {
        let now = self.identity.agreement.public();
        let mut all = keys::receptions(&self.connection)?;
        all.retain(|secret| secret.public() != now);
        Ok(all)
    }

    /// The keys of the records that were sealed to the desk of before.
    fn keep_keys(&mut self) -> Result<bool, PeerError> {
        let own = self.identity.chain;
        let records = told_again::unkept(&self.connection, own, KEPT_KEYS / 2)?;
        if records.is_empty() {
            return Ok(false);
        }
        self.act(move |act| {
            let mut all = Vec::new();
            for record in records {
                let keys = keys::record_keys(act.connection(), record)?.into_iter();
                all.extend(keys.map(|(generation, key)| (record, generation, key)));
            }
            split::keep(act, all).map(|_| ())
        })?;
        Ok(true)
    }

    /// The fact if it has to be told again, and whether by itself: it holds keys, which an order may name.
    fn plain_again(&mut self, stored: &Stored, before: &[AgreementSecret]) -> Result<Option<Again>, PeerError> {
        let (place, Some(body)) = (stored.entry.place, stored.entry.entry.body.bytes()) else { return Ok(None) };
        if seals::open_own(&self.identity.agreement, &place, body).is_ok() {
            return Ok(None);
        }
        let Some(plain) = own_facts::plain(&self.connection, before, &place, body)? else { return Ok(None) };
        let again = match OwnFact::decode(&plain) {
            // Their keys are kept and their facts told one by one; a suitcase's word stands nowhere else.
            Ok(OwnFact::KeptKeys(_)) if self.waits(&place)? => return Ok(Some((plain, true))),
            Ok(OwnFact::KeptKeys(_)) => OwnFact::KeptKeys(Vec::new()).encode(),
            Ok(OwnFact::ToldAgain(_)) if self.register.is_case(place.chain) => OwnFact::KeptKeys(Vec::new()).encode(),
            Ok(OwnFact::Epoch { epoch, key, reception, officer, at }) => {
                let stands = (place.chain, place.seq);
                let over = split::keep_all_of(&self.connection, place.tenant, &self.register, stands)?;
                let key = if over || *key.expose() == NO_KEY { no_key() } else { key };
                let alone = *key.expose() != NO_KEY;
                let fact = OwnFact::Epoch { epoch, key, reception, officer, at };
                return Ok(Some((fact.encode(), alone)));
            }
            Ok(OwnFact::Recovery { vault, sealed, spent }) => {
                let Some(code) = before.iter().find_map(|secret| RecoveryCode::open(secret, &vault, &sealed).ok())
                else {
                    return Ok(Some((plain, false)));
                };
                let sealed = code.seal(&self.identity.agreement.public(), &vault, self.entropy.as_mut())?;
                OwnFact::Recovery { vault, sealed, spent }.encode()
            }
            Ok(OwnFact::Adopted { chain, entries }) => {
                let again = entries.into_iter().map(|one| self.adopted_again(chain, one, before));
                OwnFact::Adopted { chain, entries: again.collect::<Result<_, _>>()? }.encode()
            }
            Ok(_) | Err(_) => plain,
        };
        Ok(Some((again, false)))
    }

    /// Nobody has looked at this entry yet, so nothing of it is kept.
    fn waits(&self, place: &Place) -> Result<bool, PeerError> {
        Ok(entries::state_at(&self.connection, place.chain, place.seq)? == Some(State::Waiting as i64))
    }

    fn adopted_again(
        &mut self,
        chain: ChainId,
        one: Adopted,
        before: &[AgreementSecret],
    ) -> Result<Adopted, PeerError> {
        let place = Place { tenant: self.identity.tenant, chain, seq: one.seq, prev: Hash::ZERO };
        let plain = before.iter().find_map(|secret| seals::open_own(secret, &place, &one.sealed).ok());
        let Some(plain) = plain else { return Ok(one) };
        let sealed = seals::seal_own(&self.identity.agreement.public(), &place, &plain, self.entropy.as_mut())?;
        Ok(Adopted { sealed, ..one })
    }
}

fn no_key() -> EpochKey {
    EpochKey::from_bytes(Secret::new(NO_KEY))
}

fn tell(act: &mut Act<'_>, page: Page) -> Result<(), PeerError> {
    let kept: Vec<(ChainId, u64, Zeroizing<Vec<u8>>)> =
        page.iter().map(|told| (told.chain, told.seq, told.plain.clone())).collect();
    let by = (act.own_chain(), act.own(&OwnFact::ToldAgain(page))?);
    kept.iter().try_for_each(|(chain, seq, plain)| told_again::put(act.connection(), (*chain, *seq), plain, by))
}

impl Peer {
    /// For a desk with new keys: tells a portion of what only the old ones open once more. `true`: there is more.
    pub fn tell_again(&self) -> Result<bool, PeerError> {
        self.with_ledger(Ledger::tell_again)
    }
}
