//! The centre's side: a person confirmed that a chain goes on for a suitcase.

use crate::PeerError;
use crate::act::Act;
use crate::ledger::Ledger;
use crate::store::{chains, keys};
use chain::{Fact, Rebirth, Standing};
use ids::ChainId;
use signing::{SuitcaseCertificate, Validity};

/// Grants that one act writes.
const PAGE: usize = 500;

impl Act<'_> {
    /// Certifies the chain, and those between it and the last certified one, and closes the chains before. What those
    /// read goes to it with the next verdicts.
    pub fn confirm_rebirth(&mut self, chain: ChainId, validity: Validity) -> Result<(), PeerError> {
        let mut line = Vec::new();
        let mut at = chain;
        while self.register().standing(at, 0) == Standing::Unconfirmed {
            let rebirth = *self.register().rebirth(at).ok_or(PeerError::NoSuchRecord)?;
            at = rebirth.predecessor;
            line.push(rebirth);
        }
        let last = self.register().suitcase(at).copied().filter(|_| !line.is_empty()).ok_or(PeerError::NoSuchRecord)?;
        for rebirth in line.into_iter().rev() {
            self.certify_suitcase(&certificate(&rebirth, &last, validity))?;
            // Not where the laptop says that its chain ended: a twin of its disk may bring other entries up to there.
            let end = chains::end(self.connection(), rebirth.predecessor)?;
            let (chain, predecessor) = (rebirth.chain, rebirth.predecessor);
            self.register_fact(&Fact::Continuation { chain, predecessor, end })?;
        }
        Ok(())
    }
}

impl Ledger {
    /// For a desk: whoever goes on for another chain reads what that one read, also what arrives of it later. Gives back
    /// how many records were granted.
    pub(crate) fn hand_over(&mut self) -> Result<usize, PeerError> {
        let register = self.register.clone();
        let alive = |chain: &ChainId| register.revocation(*chain).is_none() && register.living(*chain) == *chain;
        let mut granted = 0;
        for living in register.suitcases().map(|certificate| certificate.chain).filter(alive) {
            for before in register.ancestors(living) {
                let records = keys::not_handed_over(&self.connection, before, living)?;
                for page in records.chunks(PAGE) {
                    let page = page.to_vec();
                    granted += page.len();
                    self.act(move |act| {
                        page.into_iter().try_for_each(|record| act.grant_if_it_can_be(record, living))
                    })?;
                }
            }
        }
        Ok(granted)
    }
}

/// Number and roles are the suitcase's.
fn certificate(rebirth: &Rebirth, last: &SuitcaseCertificate, validity: Validity) -> SuitcaseCertificate {
    SuitcaseCertificate {
        tenant: rebirth.tenant,
        chain: rebirth.chain,
        signing: rebirth.signing,
        agreement: rebirth.agreement,
        number: last.number,
        roles: last.roles,
        predecessor: Some(rebirth.predecessor),
        validity,
    }
}
