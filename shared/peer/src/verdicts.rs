//! The centre's word about what a suitcase wrote: opened up to here, except these.

use crate::PeerError;
use crate::facts::Message;
use crate::identity::Role;
use crate::ledger::Ledger;
use crate::store::{chains, entries, sync};
use chain::{Exception, ExceptionCode, Link, Standing, Verdict};
use ids::ChainId;
use signing::Hash;

/// Exceptions with sentences of at most 400 bytes, so that a sealed verdict keeps within the limit of a body.
const EXCEPTIONS_A_VERDICT: usize = 120;

impl Ledger {
    /// For a desk: tells each suitcase what became of its entries since the last verdict.
    pub(crate) fn write_verdicts(&mut self) -> Result<usize, PeerError> {
        let Role::Desk { register } = self.identity.role else { return Ok(0) };
        self.hand_over()?;
        let mut written = 0;
        let suitcases: Vec<ChainId> = self.register.suitcases().map(|certificate| certificate.chain).collect();
        for chain in suitcases {
            // A revoked suitcase gets nothing; one whose verdict fails does not keep the others from theirs. Of a chain that
            // was continued the suitcase hears under its new one.
            let reader = self.register.living(chain);
            if matches!(self.register.standing(reader, self.clock.now().0), Standing::Revoked { .. }) {
                continue;
            }
            match self.write_verdicts_of(chain, reader, register) {
                Ok(count) => written += count,
                Err(error) => tracing::error!(%chain, %error, "a verdict was not written"),
            }
        }
        Ok(written)
    }

    /// As many verdicts as the exceptions need; only the last one moves the end.
    fn write_verdicts_of(&mut self, chain: ChainId, reader: ChainId, register: ChainId) -> Result<usize, PeerError> {
        let end = chains::end(&self.connection, chain)?;
        let told = sync::verdict_end(&self.connection, chain)?;
        if end.seq > told {
            self.except_waiting(chain, end)?;
        }
        let untold = sync::exceptions(&self.connection, Some(chain), true)?;
        if end.seq <= told && untold.is_empty() {
            return Ok(0);
        }
        let before = Link { seq: told, hash: entries::hash_at(&self.connection, chain, told)?.unwrap_or(Hash::ZERO) };
        let mut pages: Vec<Vec<Exception>> = vec![Vec::new()];
        for (place, (_, exception)) in untold.into_iter().enumerate() {
            if place > 0 && place % EXCEPTIONS_A_VERDICT == 0 {
                pages.push(Vec::new());
            }
            pages.last_mut().into_iter().for_each(|page| page.push(exception.clone()));
        }
        let head = self.register.head(register);
        let last = pages.len() - 1;
        for (place, exceptions) in pages.into_iter().enumerate() {
            let up_to = if place == last { end } else { before };
            let verdict = Verdict { chain, up_to, register: (register, head), exceptions };
            self.act(|act| act.tell(reader, &Message::Verdict(verdict)))?;
        }
        Ok(last + 1)
    }

    /// Entries without a key: an exception now, so that the verdict does not wait for them. Named once.
    fn except_waiting(&self, chain: ChainId, end: Link) -> Result<(), PeerError> {
        let known = sync::exceptions(&self.connection, Some(chain), false)?;
        for seq in entries::waiting_of(&self.connection, chain, end.seq)? {
            if known.iter().any(|(_, exception)| exception.seq == seq) {
                continue;
            }
            let sentence = "ще не відкрито: бракує ключа або попередніх змін / not opened yet: a key or earlier changes are missing";
            let exception = Exception { seq, code: ExceptionCode::Unopened, sentence: sentence.into() };
            sync::put_exception(&self.connection, chain, &exception, false)?;
        }
        Ok(())
    }
}
