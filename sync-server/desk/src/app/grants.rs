//! Letting another suitcase read and write a request, with the resident and the visit it belongs to.

use super::accounts::Rank;
use super::claims::Known;
use super::traces::How;
use super::{Desk, DeskError};
use ids::RecordId;

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
        let related = [view.applicant.resident.text(), view.representative.resident.text(), view.visit.text()];
        let mut records = vec![record];
        records.extend(related.iter().filter_map(|id| id.parse::<RecordId>().ok()));
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
}
