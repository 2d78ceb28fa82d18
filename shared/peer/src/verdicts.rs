//! The centre's word about what a suitcase wrote: opened up to here, except these.

use crate::PeerError;
use crate::facts::Message;
use crate::identity::Role;
use crate::ledger::Ledger;
use crate::store::{chains, entries, sync, told};
use chain::{Exception, ExceptionCode, Kind, Link, Rebirth, Standing, Verdict, limits};
use ids::ChainId;
use std::collections::{BTreeMap, BTreeSet};

/// Exceptions with sentences of at most 400 bytes, so that a sealed verdict keeps within the limit of a body.
const EXCEPTIONS_A_VERDICT: usize = 120;

/// Who is told of a chain, each with the last number of it that is the reader's own.
type Readers = BTreeMap<ChainId, Vec<(ChainId, u64)>>;

/// A verdict to one reader in pages: all say `before` but the last one, which says `up_to`.
struct Told {
    reader: ChainId,
    before: Link,
    up_to: Link,
    pages: Vec<Vec<Exception>>,
}

impl Ledger {
    /// For a desk: tells each suitcase what became of its entries since the last verdict, and a suitcase that goes on for
    /// another chain of what became of that one's.
    pub(crate) fn write_verdicts(&mut self) -> Result<usize, PeerError> {
        let Role::Desk { register } = self.identity.role else { return Ok(0) };
        self.hand_over()?;
        if let Err(error) = self.tell_taken_in() {
            tracing::error!(%error, "what was taken in could not be told yet");
        }
        let mut written = 0;
        for (chain, readers) in self.readers()? {
            // One whose verdict fails does not keep the others from theirs.
            match self.write_verdicts_of(chain, &readers, register) {
                Ok(count) => written += count,
                Err(error) => tracing::error!(%chain, %error, "a verdict was not written"),
            }
        }
        Ok(written)
    }

    /// A revoked suitcase gets nothing. Of a chain that was continued the suitcase hears under its new one, and under each
    /// new one if two lives of a disk went on: as far as the old chain is that one's own.
    fn readers(&self) -> Result<Readers, PeerError> {
        let (register, now) = (&self.register, self.clock.now().0);
        let mut readers = Readers::new();
        for reader in register.suitcases().map(|certificate| certificate.chain) {
            let revoked = matches!(register.standing(reader, now), Standing::Revoked { .. });
            if revoked || register.living(reader) != reader {
                continue;
            }
            readers.entry(reader).or_default().push((reader, limits::SEQ));
            let mut after = reader;
            for before in register.ancestors(reader) {
                let Some(end) = self.end_of_shared(after)? else { break };
                readers.entry(before).or_default().push((reader, end));
                after = before;
            }
        }
        Ok(readers)
    }

    /// Up to where the chain before this one is its author's own, as its first entry says. `None` if it says nothing: it is
    /// no laptop's that was put back, and whoever writes it never wrote the one before.
    fn end_of_shared(&self, chain: ChainId) -> Result<Option<u64>, PeerError> {
        let first = entries::at(&self.connection, self.identity.tenant, chain, 1)?;
        let first = first.filter(|first| first.entry.entry.header.kind == Kind::REBIRTH);
        let said = first.and_then(|first| Rebirth::decode(first.entry.entry.body.bytes()?).ok());
        Ok(said.map(|said| said.end.seq))
    }

    /// As many verdicts as the exceptions need. Who is told of a chain for the first time, by this case chain, is told all.
    fn write_verdicts_of(
        &mut self,
        chain: ChainId,
        readers: &[(ChainId, u64)],
        register: ChainId,
    ) -> Result<usize, PeerError> {
        let end = chains::end(&self.connection, chain)?;
        let mut known = Vec::new();
        for (reader, own) in readers {
            let told = told::told(&self.connection, (chain, *reader), self.identity.chain)?;
            known.push((*reader, *own, told));
        }
        if known.iter().any(|(_, own, told)| end.seq.min(*own) > told.unwrap_or(0)) {
            self.except_waiting(chain, end)?;
        }
        let untold = sync::exceptions(&self.connection, Some(chain), true)?;
        let mut due = Vec::new();
        for (reader, own, told) in known {
            let (up_to, before) = (end.seq.min(own), told.unwrap_or(0));
            let all = match told {
                None => sync::exceptions(&self.connection, Some(chain), false)?,
                Some(_) => untold.clone(),
            };
            let exceptions: Vec<Exception> =
                all.into_iter().map(|(_, exception)| exception).filter(|one| one.seq <= own).collect();
            if up_to > before || !exceptions.is_empty() {
                let pages = exceptions.chunks(EXCEPTIONS_A_VERDICT).map(<[Exception]>::to_vec);
                let pages = if exceptions.is_empty() { vec![Vec::new()] } else { pages.collect() };
                let (before, up_to) = (self.link_at(chain, before)?, self.link_at(chain, up_to.max(before))?);
                due.push(Told { reader, before, up_to, pages });
            }
        }
        if due.is_empty() {
            return Ok(0);
        }
        let head = (register, self.register.head(register));
        // Together: what one reader was told counts as told.
        self.act(move |act| {
            let mut written = 0;
            for Told { reader, before, up_to, pages } in due {
                written += pages.len();
                let last = pages.len().saturating_sub(1);
                for (place, exceptions) in pages.into_iter().enumerate() {
                    let up_to = if place == last { up_to } else { before };
                    act.tell(reader, &Message::Verdict(Verdict { chain, up_to, register: head, exceptions }))?;
                }
            }
            Ok(written)
        })
    }

    fn link_at(&self, chain: ChainId, seq: u64) -> Result<Link, PeerError> {
        let hash = entries::hash_at(&self.connection, chain, seq)?;
        Ok(hash.map_or(Link::EMPTY, |hash| Link { seq, hash }))
    }

    /// Entries without a key: an exception now, so that the verdict does not wait for them. Named once.
    fn except_waiting(&self, chain: ChainId, end: Link) -> Result<(), PeerError> {
        let known = sync::exceptions(&self.connection, Some(chain), false)?;
        let known: BTreeSet<u64> = known.into_iter().map(|(_, exception)| exception.seq).collect();
        for seq in entries::waiting_of(&self.connection, chain, end.seq)? {
            if known.contains(&seq) {
                continue;
            }
            let sentence = "ще не відкрито: бракує ключа або попередніх змін / not opened yet: a key or earlier changes are missing";
            let exception = Exception { seq, code: ExceptionCode::Unopened, sentence: sentence.into() };
            sync::put_exception(&self.connection, chain, &exception, false)?;
        }
        Ok(())
    }
}
