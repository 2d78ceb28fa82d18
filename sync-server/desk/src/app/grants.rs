//! Letting another suitcase read and write a request, with the resident and the visit it belongs to; and taking it back.

use super::accounts::Rank;
use super::claims::Known;
use super::traces::How;
use super::{Desk, DeskError, unread};
use ids::{ChainId, RecordId};
use records::Kind;
use records::view::RequestView;
use std::collections::BTreeSet;

impl Desk {
    /// Grants the request to every live chain of suitcase `to`. Gives back how many records went along. What a
    /// colleague has is granted by who knows that, see [`Desk::answer_despite`].
    pub fn grant(&self, by: &str, number: &str, to: u16, despite: &str) -> Result<usize, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let record = self.request_of(number)?;
        let view = self.view_of(record)?;
        self.must_know_hold(&view, by, despite)?;
        let chains = self.live_chains(to)?;
        if chains.is_empty() {
            return Err(super::suitcases::no_suitcase(to));
        }
        let mut records = vec![record];
        records.extend(related(&view));
        let mut missing = Vec::new();
        for record in &records {
            let (known, writers) = self.peer.read(|view| Ok((view.row(*record)?.is_some(), view.writers(*record)?)))?;
            let new = chains.iter().filter(|chain| known && !writers.contains(chain));
            missing.extend(new.map(|chain| (*record, *chain)));
        }
        let count = missing.len();
        if count > 0 {
            let known = Known::new(by, despite, true);
            let taken_meanwhile = self.act_as(by, move |act| {
                let unknown = known.unknown_hold(act, record)?;
                if unknown.is_none() {
                    missing.iter().try_for_each(|(record, chain)| act.grant(*record, *chain))?;
                }
                Ok(unknown)
            })?;
            if let Some(claim) = taken_meanwhile {
                return Err(self.held(&claim));
            }
            self.note_about(by, How::Granted, record, &to.to_string())?;
        }
        Ok(count)
    }

    /// Takes the request back from suitcase `from`, whether it made it or was granted it, with what belongs to it and to
    /// no other request that the suitcase has. The records go on under new keys; what the suitcase writes of them later is
    /// a proposal. The reason is noted. Gives back how many records went.
    pub fn take_back(
        &self,
        by: &str,
        number: &str,
        from: u16,
        reason: &str,
        despite: &str,
    ) -> Result<usize, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let record = self.request_of(number)?;
        let view = self.view_of(record)?;
        self.must_know_hold(&view, by, despite)?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(DeskError::refused(
                "впишіть, чому звернення забирають у валізи",
                "write why the request is taken back from the suitcase",
            ));
        }
        let chains = self.live_chains(from)?;
        let mut gone = Vec::new();
        for chain in &chains {
            gone.extend(self.to_take_back(record, &view, *chain)?.into_iter().map(|record| (record, *chain)));
        }
        if gone.is_empty() {
            return Err(DeskError::refused(
                format!("валіза {from} цього звернення не має"),
                format!("suitcase {from} does not have this request"),
            ));
        }
        let (count, known) = (gone.len(), Known::new(by, despite, true));
        let taken_meanwhile = self.act_as(by, move |act| {
            let unknown = known.unknown_hold(act, record)?;
            if unknown.is_none() {
                gone.iter().try_for_each(|(record, chain)| act.withdraw_grant(*record, *chain))?;
            }
            Ok(unknown)
        })?;
        if let Some(claim) = taken_meanwhile {
            return Err(self.held(&claim));
        }
        self.note_about(by, How::TakenBack, record, &format!("{from}: {reason}"))?;
        Ok(count)
    }

    /// The request and what belongs to no other request that the chain may write.
    fn to_take_back(&self, request: RecordId, view: &RequestView, chain: ChainId) -> Result<Vec<RecordId>, DeskError> {
        let register = self.peer.register()?;
        let is_desk = |chain| register.is_case(chain);
        Ok(self.peer.read(|store| {
            let held: BTreeSet<RecordId> = store.written_by(chain)?.into_iter().collect();
            if !held.contains(&request) {
                return Ok(Vec::new());
            }
            let mut gone: Vec<RecordId> = related(view).filter(|record| held.contains(record)).collect();
            for other in held.iter().filter(|other| **other != request) {
                if !gone.is_empty() && store.row(*other)?.is_some_and(|row| row.kind == Kind::Request) {
                    let Some(document) = unread::document(store, *other) else {
                        // What it names nobody can say: the suitcase keeps what may belong to it.
                        gone.clear();
                        break;
                    };
                    let needed = RequestView::read(&document, &is_desk);
                    let needed: Vec<RecordId> = related(&needed).collect();
                    gone.retain(|record| !needed.contains(record));
                }
            }
            gone.insert(0, request);
            Ok(gone)
        })?)
    }
}

/// The residents and the visit that a request names.
fn related(view: &RequestView) -> impl Iterator<Item = RecordId> + use<> {
    let named = [view.applicant.resident.text(), view.representative.resident.text(), view.visit.text()];
    named.map(|id| id.parse::<RecordId>().ok()).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::super::testing;

    #[test]
    fn another_suitcase_reads_what_it_was_granted_and_its_work_counts() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let number = seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        town.carry_up(&eight);
        assert!(town.desk.grant("admin", &number, 9, "").is_err());
        assert_eq!(town.desk.grant("admin", &number, 8, "").unwrap(), 1);
        assert_eq!(town.desk.grant("admin", &number, 8, "").unwrap(), 0, "granted once");
        town.carry_down(&eight);
        town.carry_across(&seven, &eight);
        assert_eq!(eight.state_of(&number), "accepted");
        eight.note(&number, "приїхала інша валіза");
        town.carry_up(&eight);
        let view = town.desk.view_of(town.desk.request_of(&number).unwrap()).unwrap();
        assert_eq!(view.notes[0].text, "приїхала інша валіза");
    }

    #[test]
    fn what_is_taken_back_is_read_no_further_until_it_is_granted_again() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let number = seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        town.desk.grant("admin", &number, 8, "").unwrap();
        town.carry_down(&eight);
        town.carry_across(&seven, &eight);
        assert!(town.desk.take_back("admin", &number, 8, " ", "").is_err(), "a reason is asked for");
        assert!(town.desk.take_back("admin", &number, 9, "помилка", "").is_err());
        assert_eq!(town.desk.take_back("admin", &number, 8, "доручено помилково", "").unwrap(), 1);
        let again = town.desk.take_back("admin", &number, 8, "доручено помилково", "").unwrap_err();
        assert!(again.sentence.uk.contains("не має"), "{again}");
        town.desk.answer("admin", &number, super::super::Answer::Accept).unwrap();
        for suitcase in [&seven, &eight] {
            town.carry_down(suitcase);
        }
        assert_eq!((seven.state_of(&number), eight.state_of(&number)), ("in_work", "accepted"));
        let rows = town.desk.traces("admin", &super::super::TraceQuery { size: 9, ..Default::default() }).unwrap().rows;
        assert!(rows.iter().any(|row| row.trace.what == "taken_back" && row.trace.about == "8: доручено помилково"));
        assert_eq!(town.desk.grant("admin", &number, 8, "").unwrap(), 1);
        town.carry_down(&eight);
        assert_eq!(eight.state_of(&number), "in_work", "with the keys of what was written meanwhile");
    }
}
