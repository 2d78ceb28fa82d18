//! Changes of records: who may write them, and what their record says to them.

use super::{Fate, Reading, short};
use crate::PeerError;
use crate::decoder::{Job, Judgement};
use crate::store::entries::{self, State, Stored};
use crate::store::{forgotten, keys, sync};
use chain::{ExceptionCode, Standing};
use ids::{ChainId, RecordId};

impl Reading<'_> {
    pub(super) fn change(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        let place = stored.entry.place;
        let Some(record) = stored.entry.entry.header.record else { return Ok(Fate::Passed) };
        let revoked = matches!(self.register.standing(place.chain, self.now), Standing::Revoked { .. });
        let behind = self.register.end_of_continued(place.chain).is_some_and(|end| place.seq > end.seq);
        if self.is_desk() && !revoked && behind && !self.is_let_in(&place)? {
            let sentence = "номер валізи перейшов до іншого ноутбука: рішення за людиною в центрі / the suitcase goes on as another laptop: a person at the centre decides";
            return Ok(Fate::Exception(ExceptionCode::Quarantined, sentence.into()));
        }
        if self.is_desk() && revoked && !self.is_let_in(&place)? {
            let sentence = "валізу відкликано: рішення за людиною в центрі / the suitcase is revoked: a person at the centre decides";
            return Ok(Fate::Exception(ExceptionCode::Quarantined, sentence.into()));
        }
        if !self.is_desk() && forgotten::contains(self.connection, record)? {
            return Ok(Fate::Forgotten);
        }
        if self.asleep.holds(stored.id) {
            let taken = self.touched.count(self.connection, record)?;
            if !self.asleep.stirs(stored.id, place.chain, taken) {
                return Ok(Fate::Waiting);
            }
        }
        let body = match self.open(stored, record)? {
            Ok(body) => body,
            Err(fate) => return Ok(fate),
        };
        let (kind, prior) = self.touched.changes(self.connection, record)?;
        let is_birth = prior.is_empty();
        // A person who lets one entry in, lets in that entry: the next one is a proposal again.
        if let Some(fate) = self.may_write(place.chain, record)?.filter(|_| !is_birth)
            && !self.is_let_in(&place)?
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
            Judgement::Waiting => self.asleep.put(stored.id, place.chain, job.prior.len()),
            _ => self.asleep.wake(stored.id),
        }
        match judgement {
            Judgement::Admitted => {
                let mut taken_back = false;
                for chain in self.register.names_of(place.chain).filter(|_| is_birth && self.is_desk()) {
                    taken_back |= self.is_taken_back(record, chain)?;
                }
                if is_birth && !taken_back {
                    keys::put_writer(self.connection, record, place.chain)?;
                }
                entries::set_state(self.connection, stored.id, State::Taken)?;
                sync::resolve_exception(self.connection, place.chain, place.seq)?;
                self.touched.took(stored, record, job.kind, job.change);
                Ok(Fate::Taken)
            }
            Judgement::Waiting => Ok(Fate::Waiting),
            Judgement::Refused(sentence) => Ok(Fate::Exception(ExceptionCode::Gate, short(&sentence))),
            Judgement::Died => {
                let sentence =
                    "зміну не вдалося розібрати: її відкладено / the change could not be decoded: it is set aside";
                Ok(Fate::Exception(ExceptionCode::Gate, sentence.into()))
            }
        }
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
