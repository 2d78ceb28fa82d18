//! Changes of records: who may write them, and what their record says to them.

use super::{Fate, Reading, short};
use crate::PeerError;
use crate::asleep::Awaited;
use crate::decoder::{Job, Judgement};
use crate::store::entries::{self, State, Stored};
use crate::store::{forgotten, keys, sync};
use chain::{ExceptionCode, Place, Standing};
use ids::{ChainId, RecordId};

impl Reading<'_> {
    pub(super) fn change(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        let place = stored.entry.place;
        let Some(record) = stored.entry.entry.header.record else { return Ok(Fate::Passed) };
        let at = (place.chain, place.seq);
        if self.is_desk() && self.is_shut_out(at) && !self.is_let_in(at)? {
            let revoked = matches!(self.register.standing(place.chain, self.now), Standing::Revoked { .. });
            let sentence = match revoked {
                true => {
                    "валізу відкликано: рішення за людиною в центрі / the suitcase is revoked: a person at the centre decides"
                }
                false => {
                    "номер валізи перейшов до іншого ноутбука: рішення за людиною в центрі / the suitcase goes on as another laptop: a person at the centre decides"
                }
            };
            return Ok(Fate::Exception(ExceptionCode::Quarantined, sentence.into()));
        }
        if !self.is_desk() && forgotten::contains(self.connection, record)? {
            return Ok(Fate::Forgotten);
        }
        let body = match self.open(stored, record)? {
            Ok(body) => body,
            Err(Fate::Waiting) => return self.without_key(stored, record),
            Err(fate) => return Ok(fate),
        };
        let (kind, prior) = self.touched.changes(self.connection, record)?;
        let is_birth = prior.is_empty();
        // A person who lets one entry in, lets in that entry: the next one is a proposal again.
        if let Some(fate) = self.may_write(place.chain, record)?.filter(|_| !is_birth)
            && !self.is_let_in(at)?
        {
            return Ok(fate);
        }
        if kind.is_some_and(|kind| kind != body.kind) {
            let sentence = "зміна іншого виду запису / a change of another kind of record";
            return Ok(Fate::Exception(ExceptionCode::Gate, sentence.into()));
        }
        let job = Job { record, kind: body.kind, prior, actor: place.chain, change: body.change };
        let judgement = self.decoder.judge(&job);
        match judgement {
            Judgement::Admitted if is_birth && self.is_contested(stored, record)? && !self.is_let_in(at)? => {
                let sentence = "запис із цією назвою раніше надіслала інша валіза, і він ще чекає: зміну подано як пропозицію / another suitcase sent a record of this name before, which waits still: kept as a proposal";
                Ok(Fate::Exception(ExceptionCode::Proposal, sentence.into()))
            }
            Judgement::Admitted => {
                if is_birth {
                    self.name_maker(record, place.chain)?;
                }
                entries::set_state(self.connection, stored.id, State::Taken)?;
                sync::resolve_exception(self.connection, place.chain, place.seq)?;
                self.counts.remove(&record);
                self.touched.took(stored, record, job.kind, job.change);
                Ok(Fate::Taken)
            }
            Judgement::Waiting => {
                self.asleep.put(stored.id, place.chain, Awaited::Changes(job.prior.len()));
                Ok(Fate::Waiting)
            }
            Judgement::Refused(sentence) => Ok(Fate::Exception(ExceptionCode::Gate, short(&sentence))),
            Judgement::Died => {
                let sentence =
                    "зміну не вдалося розібрати: її відкладено / the change could not be decoded: it is set aside";
                Ok(Fate::Exception(ExceptionCode::Gate, sentence.into()))
            }
        }
    }

    /// It waits for a key.
    fn without_key(&mut self, stored: &Stored, record: RecordId) -> Result<Fate, PeerError> {
        let Place { chain, seq, .. } = stored.entry.place;
        self.asleep.put(stored.id, chain, self.known_keys((chain, seq), record)?);
        Ok(Fate::Waiting)
    }

    /// A desk takes changes from who made the record or was granted it; anything else is a proposal. A suitcase sees no
    /// grants but its own, and what opens was written by somebody who has the key.
    fn may_write(&self, chain: ChainId, record: RecordId) -> Result<Option<Fate>, PeerError> {
        if !self.is_desk() || self.register.is_case(chain) {
            return Ok(None);
        }
        let writers = keys::writers(self.connection, record)?;
        // A suitcase that goes on as another chain goes on with its records.
        if writers.contains(&chain) || self.register.ancestors(chain).any(|before| writers.contains(&before)) {
            return Ok(None);
        }
        let sentence = "запис не доручено цій валізі: зміну подано як пропозицію / the record is not granted to this suitcase: kept as a proposal";
        Ok(Some(Fate::Exception(ExceptionCode::Proposal, sentence.into())))
    }
}
