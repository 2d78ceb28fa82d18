//! What a change's body says, by one of its record's keys or by the epoch in which it was written.

use super::{Fate, Reading, short};
use crate::store::entries::Stored;
use crate::store::keys;
use crate::{PeerError, seals};
use chain::{ExceptionCode, Kind};
use ids::RecordId;
use records::body::Body as ChangeBody;
use sealing::OpenError;

impl Reading<'_> {
    /// The opened body, or what happens without it.
    pub(super) fn open(&mut self, stored: &Stored, record: RecordId) -> Result<Result<ChangeBody, Fate>, PeerError> {
        let place = &stored.entry.place;
        let Some(sealed) = stored.entry.entry.body.bytes() else { return Ok(Err(self.hollow(stored))) };
        let Ok(generation) = sealing::generation_of(sealed) else {
            return Ok(Err(Fate::Exception(ExceptionCode::LaterVersion, String::new())));
        };
        let context = seals::body_context(place, Kind::CHANGE, Some(record));
        let known = keys::keys_of_generation(self.connection, record, generation)?;
        let is_known = !known.is_empty();
        let mut opened = Err(OpenError::NoKey(generation));
        for key in known {
            opened = sealing::open_body(|_| Some(key), &context, sealed);
            if opened != Err(OpenError::Tampered) {
                break;
            }
        }
        // Its first key; or a suitcase that began anew made a record again of which it believed that nobody had seen it.
        if generation == 1
            && matches!(opened, Err(OpenError::NoKey(_) | OpenError::Tampered))
            && let Some(epoch) = keys::epoch_at(self.connection, place.chain, place.seq)?
        {
            let derived = epoch.record_key(record);
            opened = sealing::open_body(|_| Some(derived.duplicate()), &context, sealed);
            // Taken without its key it would close its record for good.
            if opened.is_ok() && !keys::put_record_key(self.connection, record, generation, &derived)? {
                let sentence = "запис створювали надто багато разів: цю зміну не відкрито / the record was made too many times: this change is not opened";
                return Ok(Err(Fate::Exception(ExceptionCode::Unopened, sentence.into())));
            }
            // Others may have written under it who were looked at before.
            if opened.is_ok() {
                self.wake_unopened(std::iter::once(record))?;
            }
        }
        let plain = match opened {
            Ok(plain) => plain,
            // Another suitcase's record, made in an epoch that has not come yet.
            Err(OpenError::NoKey(_) | OpenError::Tampered) if !is_known => return Ok(Err(Fate::Waiting)),
            Err(OpenError::UnknownSuite(_) | OpenError::UnknownDictionary(_)) => {
                return Ok(Err(Fate::Exception(ExceptionCode::LaterVersion, String::new())));
            }
            Err(error) => return Ok(Err(Fate::Exception(ExceptionCode::Unopened, short(&error.to_string())))),
        };
        Ok(ChangeBody::decode(&plain).map_err(|error| Fate::Exception(ExceptionCode::Gate, short(&error.to_string()))))
    }
}
