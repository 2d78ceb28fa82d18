//! Letters on their last way: inside a carriage to the hub, their answers back.

use crate::store::sync as memory;
use crate::sync::{Link, SyncError};
use crate::{Peer, PeerError};
use chain::{Carriage, CarriageAnswer, Token, Undelivered, limits};
use signing::{Hash, VerifyingKey};
use std::sync::Arc;

/// Carriages that may get nowhere in a row: the hub is busy, or our token is no longer good.
const TRIES: usize = 4;

/// A carriage on its way.
struct Pending {
    /// Places of its letters.
    batch: Vec<usize>,
    hash: Hash,
    keys: Vec<VerifyingKey>,
}

type Delivered = Result<Vec<u8>, Undelivered>;

/// Letters that are being brought to one hub. It needs no network: it makes the bytes of the next carriage and takes
/// the bytes of its answer.
pub struct Errand {
    letters: Vec<Vec<u8>>,
    answers: Vec<Option<Delivered>>,
    token: Option<Token>,
    pending: Option<Pending>,
    idle: usize,
}

impl Errand {
    /// Begins. The token of this peer's own exchange is shown and not changed, so both may go on beside each other.
    pub fn new(peer: &Peer, answerer: &str, letters: Vec<Vec<u8>>) -> Result<Self, PeerError> {
        let token = peer.read(|view| Ok(memory::dialogue(view.connection(), answerer)?.token))?;
        let answers = vec![None; letters.len()];
        Ok(Self { letters, answers, token, pending: None, idle: 0 })
    }

    /// The next carriage; `None` if nothing is left to bring, or nothing comes of it.
    pub fn next(&mut self, peer: &Peer) -> Result<Option<Vec<u8>>, PeerError> {
        let batch = next_batch(&self.letters, &self.answers);
        if batch.is_empty() || self.idle == TRIES {
            return Ok(None);
        }
        let (token, letters) = (self.token, batch.iter().map(|at| self.letters[*at].clone()).collect());
        let (bytes, keys) = peer.with_ledger(move |ledger| {
            let identity = &ledger.identity;
            let carriage = Carriage { tenant: identity.tenant, carrier: identity.chain, token, letters };
            Ok((carriage.encode(&identity.signing_key()), ledger.hub_keys()))
        })?;
        self.pending = Some(Pending { batch, hash: Carriage::hash(&bytes), keys });
        Ok(Some(bytes))
    }

    /// Takes the answer to the last carriage.
    pub fn answered(&mut self, bytes: &[u8]) -> Result<(), SyncError> {
        let Pending { batch, hash, keys } = self.pending.take().ok_or(SyncError::NotSigned)?;
        let answer = CarriageAnswer::decode(bytes, &hash, &keys).ok_or(SyncError::NotSigned)?;
        let answer = answer.map_err(|_| SyncError::Damaged)?;
        self.token = Some(answer.token);
        self.idle += 1;
        for (at, result) in batch.into_iter().zip(answer.answers) {
            if result.as_ref().err().is_none_or(|why| why.is_settled()) {
                self.answers[at] = Some(result);
                self.idle = 0;
            }
        }
        Ok(())
    }

    /// In order, the answer to each letter or why there is none.
    pub fn finish(self) -> Vec<Delivered> {
        self.answers.into_iter().map(|answer| answer.unwrap_or(Err(Undelivered::Store))).collect()
    }
}

/// Brings letters to the hub and gives back, in order, the answer to each or why there is none.
pub async fn bring(
    peer: &Arc<Peer>,
    link: &mut Link,
    answerer: &str,
    letters: Vec<Vec<u8>>,
) -> Result<Vec<Delivered>, SyncError> {
    let mut errand = tokio::task::block_in_place(|| Errand::new(peer, answerer, letters))?;
    while let Some(carriage) = tokio::task::block_in_place(|| errand.next(peer))? {
        let answer = link.post("/v1/carry", carriage, limits::CARRIAGE_ANSWER + 64).await?;
        errand.answered(&answer)?;
    }
    Ok(errand.finish())
}

/// Places of letters that go into one carriage: at least one, then as many as fit.
fn next_batch(letters: &[Vec<u8>], answers: &[Option<Delivered>]) -> Vec<usize> {
    let mut batch = Vec::new();
    let mut total = 0;
    for (at, letter) in letters.iter().enumerate().filter(|(at, _)| answers[*at].is_none()) {
        total += letter.len();
        if batch.len() == limits::CARRIAGE_LETTERS || (!batch.is_empty() && total > limits::MESSAGE / 2) {
            break;
        }
        batch.push(at);
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_fits_and_goes_on_where_the_last_one_ended() {
        let letters = vec![vec![0; limits::MESSAGE / 4]; 5];
        let mut answers = vec![None; 5];
        assert_eq!(next_batch(&letters, &answers), [0, 1]);
        answers[0] = Some(Ok(Vec::new()));
        assert_eq!(next_batch(&letters, &answers), [1, 2]);
        assert_eq!(next_batch(&[vec![0; limits::MESSAGE]], &[None]), [0], "the longest goes alone");
        let many = vec![Vec::new(); 100];
        assert_eq!(next_batch(&many, &vec![None; 100]).len(), limits::CARRIAGE_LETTERS);
        assert!(next_batch(&letters, &vec![Some(Ok(Vec::new())); 5]).is_empty());
    }
}
