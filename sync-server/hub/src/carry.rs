//! Letters that a carrier brings: each is answered by the same code as if its sender had come.

use crate::{Hub, Rejected};
use chain::{Carriage, CarriageAnswer, Register, Request, Standing, Token, Undelivered, limits};
use clock::Time;
use ids::LineageId;

impl Hub {
    /// Answers a carriage. The carrier has to be the centre or a suitcase in force, and to show with a token of its own
    /// that it is here and now; a stale one costs a round trip. The tokens inside the letters may be old.
    pub fn carry(&self, bytes: &[u8], now: Time) -> Result<Vec<u8>, Rejected> {
        if bytes.len() > limits::CARRIAGE {
            return Err(Rejected::TooLarge);
        }
        let carriage = Carriage::decode(bytes).map_err(|error| Rejected::unread(bytes, 1, error))?;
        let register = self.community(carriage.tenant)?.register();
        let key = register.author(carriage.carrier).ok_or(Rejected::Carrier)?;
        if !Carriage::is_signed(bytes, &key) {
            return Err(Rejected::Signature);
        }
        may_carry(&carriage, &register, now)?;
        let _turn = self.senders.turn(Some((carriage.tenant, carriage.carrier)), now)?;
        let lineage = self.lineage()?;
        let fresh = carriage.token.is_some_and(|token| self.is_fresh(&token, &carriage, lineage, now));
        let answers = if fresh { self.answer_letters(&carriage, now) } else { Vec::new() };
        tracing::debug!(
            tenant = %carriage.tenant, carrier = %carriage.carrier, letters = carriage.letters.len(),
            answers = answers.len(), fresh, "carried"
        );
        let held = self.store.holdings(carriage.tenant, &[(carriage.carrier, 0)])?;
        let seq = held.first().map_or(0, |held| held.end.seq);
        // The letters may have shown that the database was restored: then a new life has begun.
        let token = Token::give(&self.keys.token, carriage.tenant, carriage.carrier, self.lineage()?, now.0, seq);
        let answer = CarriageAnswer { token, stale: !fresh, further: 0, answers };
        Ok(answer.encode(&Carriage::hash(bytes), &self.keys.signing))
    }

    fn is_fresh(&self, token: &Token, carriage: &Carriage, lineage: LineageId, now: Time) -> bool {
        token.is_ours(&self.keys.token, carriage.tenant, carriage.carrier, lineage)
            && now.0.saturating_sub(token.time).saturating_abs() <= limits::TOKEN_LIFE
    }

    fn answer_letters(&self, carriage: &Carriage, now: Time) -> Vec<Result<Vec<u8>, Undelivered>> {
        let mut total = 0;
        let mut answer = |letter: &Vec<u8>| {
            if total > limits::CARRIAGE_ANSWER / 2 {
                return Err(Undelivered::Room);
            }
            let bytes = self.answer_letter(carriage, letter, now)?;
            total += bytes.len();
            Ok(bytes)
        };
        carriage.letters.iter().map(&mut answer).collect()
    }

    fn answer_letter(&self, carriage: &Carriage, letter: &[u8], now: Time) -> Result<Vec<u8>, Undelivered> {
        let unread = |_| match chain::later_version(letter, 1) {
            Some(_) => Undelivered::Later,
            None => Undelivered::Form,
        };
        let request = Request::decode(letter).map_err(unread)?;
        if request.tenant != carriage.tenant {
            return Err(Undelivered::Tenant);
        }
        self.answer_within(letter, now, limits::CARRIED_TOKEN_LIFE).map_err(|rejected| match rejected {
            Rejected::Later { .. } => Undelivered::Later,
            Rejected::Malformed(_) | Rejected::TooLarge => Undelivered::Form,
            Rejected::Signature | Rejected::Carrier => Undelivered::Signature,
            Rejected::Tenant => Undelivered::Tenant,
            // Of enrolments alone.
            Rejected::Outgrown => Undelivered::Store,
            // Of one letter writer: the carrier brings the letter again.
            Rejected::TooMany { .. } => Undelivered::Store,
            Rejected::Store(error) => {
                tracing::error!(%error, "the store failed at a letter");
                Undelivered::Store
            }
        })
    }
}

fn may_carry(carriage: &Carriage, register: &Register, now: Time) -> Result<(), Rejected> {
    match register.standing(carriage.carrier, now.0) {
        Standing::Centre | Standing::Live => Ok(()),
        Standing::Expired
        | Standing::Revoked { .. }
        | Standing::Unconfirmed
        | Standing::Continued { .. }
        | Standing::Unknown => Err(Rejected::Carrier),
    }
}
