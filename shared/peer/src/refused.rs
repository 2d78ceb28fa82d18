//! What a person is told of what an answerer did not take.

use crate::{Peer, PeerError};
use chain::{Refusal, RefusalCode, Register};
use ids::ChainId;
use std::collections::BTreeSet;

/// Refusals of one contact that are remembered: one of each kind for each chain, of so many. An answerer may send as many as
/// it likes.
const KEPT: usize = 100;

/// Adds what was not said yet.
pub(crate) fn note(known: &mut Vec<Refusal>, told: impl IntoIterator<Item = Refusal>) {
    let kind = |one: &Refusal| (one.chain, std::mem::discriminant(&one.code));
    for one in told {
        if known.len() < KEPT && known.iter().all(|before| kind(before) != kind(&one)) {
            known.push(one);
        }
    }
}

impl Peer {
    /// The sentences for these, each once, Ukrainian and English. Another life of a chain that this peer only carried says
    /// nothing about its own disk, and tells so.
    pub fn refusal_words(&self, refusals: &[Refusal]) -> Result<Vec<String>, PeerError> {
        let (own, register) = (self.own_chains()?, self.register()?);
        let mut said = BTreeSet::new();
        let words = refusals.iter().map(|one| match one.code {
            RefusalCode::Fork { .. } if !own.contains(&one.chain) => of_another(&register, one.chain),
            code => code.to_string(),
        });
        Ok(words.filter(|words| said.insert(words.clone())).collect())
    }
}

fn of_another(register: &Register, chain: ChainId) -> String {
    if register.is_register(chain) || register.is_case(chain) {
        return "вузол обміну має інші записи центру, ніж ті, що є тут: центр відновлено з копії, а не цей ноутбук; тут усе збережено, скажіть центру / the hub holds other entries of the centre than are here: the centre was restored from a copy, not this laptop; everything here is kept, tell the centre".into();
    }
    let number = register.suitcase(chain).map(|certificate| certificate.number);
    let (uk, en) = number.map_or_else(
        || ("іншої валізи".to_owned(), "another suitcase".to_owned()),
        |number| (format!("валізи № {number}"), format!("suitcase {number}")),
    );
    format!(
        "вузол обміну має інші записи {uk}, ніж ті, що є тут: її ноутбук, а не цей, відновлено з копії або їх два; тут усе збережено, скажіть центру / the hub holds other entries of {en} than are here: its laptop, not this one, was restored from a copy or cloned; everything here is kept, tell the centre"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use signing::Hash;

    #[test]
    fn what_is_said_again_is_remembered_once_and_not_without_end() {
        let fork = |chain: u8, seq| Refusal {
            chain: ChainId::from_bytes([chain; 16]),
            from: seq,
            code: RefusalCode::Fork { seq, held: Hash([seq as u8; 32]) },
        };
        let mut known = Vec::new();
        note(&mut known, (1..2_000).map(|seq| fork(7, seq)));
        assert_eq!(known, [fork(7, 1)]);
        let quota = Refusal { code: RefusalCode::Quota, ..fork(7, 5) };
        note(&mut known, [fork(8, 3), quota, fork(8, 4)]);
        assert_eq!(known, [fork(7, 1), fork(8, 3), quota]);
        note(&mut known, (0..=255).map(|chain| fork(chain, 1)));
        assert_eq!(known.len(), KEPT);
    }
}
