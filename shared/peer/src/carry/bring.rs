//! Letters on their last way: inside a carriage to the hub, their answers back.

use crate::sync::{Link, SyncError};
use crate::store::sync as memory;
use crate::{Peer, PeerError};
use chain::{Carriage, CarriageAnswer, Token, Undelivered, limits};
use signing::{Hash, VerifyingKey};
use std::sync::Arc;

/// Carriages that may get nowhere in a row: the hub is busy, or our token is no longer good.
const TRIES: usize = 4;

/// A carriage, its hash, and whose answer counts.
struct Prepared {
    bytes: Vec<u8>,
    hash: Hash,
    keys: Vec<VerifyingKey>,
}

impl Peer {
    fn carriage(&self, token: Option<Token>, letters: Vec<Vec<u8>>) -> Result<Prepared, PeerError> {
        self.with_ledger(move |ledger| {
            let identity = &ledger.identity;
            let carriage = Carriage { tenant: identity.tenant, carrier: identity.chain, token, letters };
            let bytes = carriage.encode(&identity.signing_key());
            let mut keys = ledger.register.hubs(Some(ledger.clock.now().0));
            if keys.is_empty() {
                keys = ledger.register.hubs(None);
            }
            Ok(Prepared { hash: Carriage::hash(&bytes), bytes, keys })
        })
    }

    fn own_token(&self, answerer: &str) -> Result<Option<Token>, PeerError> {
        self.read(|view| Ok(memory::dialogue(view.connection(), answerer)?.token))
    }
}

/// Brings letters to the hub and gives back, in order, the answer to each or why there is none. The token of this
/// peer's own exchange is shown and not changed, so both may go on beside each other.
pub async fn bring(
    peer: &Arc<Peer>,
    link: &mut Link,
    answerer: &str,
    letters: &[Vec<u8>],
) -> Result<Vec<Result<Vec<u8>, Undelivered>>, SyncError> {
    let mut token = tokio::task::block_in_place(|| peer.own_token(answerer))?;
    let mut answers: Vec<Option<Result<Vec<u8>, Undelivered>>> = vec![None; letters.len()];
    let mut idle = 0;
    loop {
        let batch = next_batch(letters, &answers);
        if batch.is_empty() {
            break;
        }
        let brought: Vec<Vec<u8>> = batch.iter().map(|at| letters[*at].clone()).collect();
        let prepared = tokio::task::block_in_place(|| peer.carriage(token, brought))?;
        let bytes = link.post("/v1/carry", prepared.bytes, limits::CARRIAGE_ANSWER + 64).await?;
        let answer = CarriageAnswer::decode(&bytes, &prepared.hash, &prepared.keys).ok_or(SyncError::NotSigned)?;
        let answer = answer.map_err(|_| SyncError::Damaged)?;
        token = Some(answer.token);
        let mut moved = false;
        for (at, result) in batch.into_iter().zip(answer.answers) {
            if result.as_ref().err().is_none_or(|why| why.is_final()) {
                answers[at] = Some(result);
                moved = true;
            }
        }
        idle = if moved { 0 } else { idle + 1 };
        if idle == TRIES {
            break;
        }
    }
    Ok(answers.into_iter().map(|answer| answer.unwrap_or(Err(Undelivered::Store))).collect())
}

/// Places of letters that go into one carriage: at least one, then as many as fit.
fn next_batch(letters: &[Vec<u8>], answers: &[Option<Result<Vec<u8>, Undelivered>>]) -> Vec<usize> {
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
