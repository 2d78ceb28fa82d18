//! What an officer does with a saved request.

use super::form::edit_of;
use super::request::Where;
use super::{Agent, AppError, Finding, Severity};
use records::Edit;
use records::commands::{RequestCommand, edit_request};
use records::schema::Kind;
use serde::Serialize;

/// What an action did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Number on the опис.
    pub number: String,
    /// False if everything was so already.
    pub changed: bool,
    /// Where the request is now.
    pub place: Where,
}

impl Agent {
    /// Corrects fields: key and new text; an empty text empties the field. What is odd about a new text is kept with
    /// the reason, as on the form; without one it is refused.
    pub fn correct(&self, number: &str, fields: &[(String, String)], reason: &str) -> Result<Changed, AppError> {
        let odd = self.odd_about(number, fields)?;
        if !odd.is_empty() && reason.trim().is_empty() {
            return Err(AppError::Findings(odd));
        }
        let reasons = odd.into_iter().map(|finding| (format!("w.{}", finding.key), reason.trim().to_owned()));
        let fields = edits(&fields.iter().cloned().chain(reasons).collect::<Vec<_>>())?;
        self.command(number, RequestCommand::Correct { fields, reason: reason.to_owned() })
    }

    /// Warnings about these fields with their new texts that nobody has given a reason for.
    fn odd_about(&self, number: &str, fields: &[(String, String)]) -> Result<Vec<Finding>, AppError> {
        let mut form = self.form_of_request(number)?;
        for (key, text) in fields {
            let (part, name) = match key.split_once('.') {
                Some(("f", question)) => (&mut form.answers, question),
                Some(("w", about)) => (&mut form.accepted, about),
                _ => (&mut form.fields, key.as_str()),
            };
            part.insert(name.to_owned(), text.clone());
        }
        let is_new = |finding: &Finding| fields.iter().any(|(key, _)| *key == finding.key);
        let findings = self.check_by(&form, self.catalogue_of_request(number)?, false)?.findings;
        Ok(findings.into_iter().filter(|found| found.severity == Severity::Warning && is_new(found)).collect())
    }

    /// The applicant withdraws the request.
    pub fn withdraw(&self, number: &str, reason: &str) -> Result<Changed, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::input("впишіть, чому заявник відкликає звернення", "write why it is withdrawn"));
        }
        self.command(number, RequestCommand::Withdraw { reason: reason.to_owned() })
    }

    /// What the centre asked for has come.
    pub fn supplement(&self, number: &str, fields: &[(String, String)], text: &str) -> Result<Changed, AppError> {
        let fields = edits(fields)?;
        self.command(number, RequestCommand::Supplement { fields, text: text.to_owned() })
    }

    /// The result was handed over to the applicant.
    pub fn deliver(&self, number: &str, text: &str) -> Result<Changed, AppError> {
        self.command(number, RequestCommand::Deliver { text: text.to_owned() })
    }

    /// A note.
    pub fn note(&self, number: &str, text: &str) -> Result<Changed, AppError> {
        self.command(number, RequestCommand::Note { text: text.to_owned() })
    }

    /// Strikes a note out.
    pub fn withdraw_note(&self, number: &str, note: &str) -> Result<Changed, AppError> {
        let note = note.parse().map_err(|sentence: records::Sentence| AppError::Input(sentence.to_string()))?;
        self.command(number, RequestCommand::WithdrawNote { note })
    }

    /// A note that was struck out stands again.
    pub fn restore_note(&self, number: &str, note: &str) -> Result<Changed, AppError> {
        let note = note.parse().map_err(|sentence: records::Sentence| AppError::Input(sentence.to_string()))?;
        self.command(number, RequestCommand::RestoreNote { note })
    }

    /// Takes one's own last step back: see [`super::RequestPage::undo`].
    pub fn undo(&self, number: &str, event: &str) -> Result<Changed, AppError> {
        self.command(number, RequestCommand::Undo { event: event.to_owned() })
    }

    /// Takes one's own last step back, whichever it was.
    pub fn undo_last(&self, number: &str) -> Result<Changed, AppError> {
        let undo = self.request(number)?.undo.ok_or_else(|| {
            AppError::input(
                "скасовувати нічого: ваша остання дія давніша за десять хвилин, або після неї сталося інше",
                "nothing to take back: your last step is older than ten minutes, or something happened after it",
            )
        })?;
        self.undo(number, &undo.event)
    }

    /// The опис was printed.
    pub fn printed(&self, number: &str) -> Result<Changed, AppError> {
        self.command(number, RequestCommand::Printed)
    }

    pub(super) fn command(&self, number: &str, command: RequestCommand) -> Result<Changed, AppError> {
        let row = self.find(number)?;
        let record = row.record;
        let changed = self.peer.act(move |act| {
            act.command(record, |document, is_desk, who| edit_request(document, is_desk, who, &command))
        })?;
        if changed {
            self.recorded();
        }
        let place = self.peer.read(|view| {
            let row = view.row(record)?.unwrap_or(row);
            Where::of_row(view, &row)
        })?;
        let number = self.find(&record.to_string())?.number.unwrap_or_default();
        Ok(Changed { number, changed, place })
    }
}

fn edits(fields: &[(String, String)]) -> Result<Vec<Edit>, AppError> {
    let edit = |(key, text): &(String, String)| {
        edit_of(Kind::Request, key, text).ok_or_else(|| {
            AppError::input(
                format!("поле «{key}»: такого поля немає або значення йому не підходить"),
                format!("field “{key}”: there is no such field, or the value does not fit it"),
            )
        })
    };
    fields.iter().map(edit).collect()
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{agent, sample_form};

    fn set(key: &str, text: &str) -> [(String, String); 1] {
        [(key.to_owned(), text.to_owned())]
    }

    #[test]
    fn a_wrong_check_digit_is_corrected_in_with_a_reason_only() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let wrong = set("a.rnokpp", "1408212321");
        let refused = agent.correct(&number, &wrong, "").unwrap_err();
        assert!(refused.to_string().contains("a.rnokpp"), "{refused}");
        assert!(agent.correct(&number, &wrong, "так у картці").unwrap().changed);
        let form = agent.form_of_request(&number).unwrap();
        assert_eq!(form.accepted.get("a.rnokpp").map(String::as_str), Some("так у картці"));
    }

    #[test]
    fn a_correction_needs_a_reason_once_the_paper_is_printed() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        assert!(agent.correct(&number, &set("phone", "+380501112233"), "").unwrap().changed);
        assert!(!agent.correct(&number, &set("phone", "+380501112233"), "").unwrap().changed, "the same again");
        agent.printed(&number).unwrap();
        let refused = agent.correct(&number, &set("phone", "+380501112244"), "").unwrap_err();
        assert!(refused.to_string().contains("причину"), "{refused}");
        agent.correct(&number, &set("phone", "+380501112244"), "інший номер").unwrap();
        let page = agent.request(&number).unwrap();
        assert_eq!(page.prints, 1);
        assert!(page.happened.iter().any(|event| event.reason == "інший номер"));
    }

    #[test]
    fn bad_corrections_are_refused_in_words() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        for (key, text) in
            [("shoe", "43"), ("number", "1"), ("a.rnokpp", "12"), ("e/0123456789abc", "x"), ("sheets", "x")]
        {
            let refused = agent.correct(&number, &set(key, text), "бо").unwrap_err();
            assert!(refused.to_string().contains(" / "), "{key}: {refused}");
        }
    }

    #[test]
    fn withdrawn_is_withdrawn() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        assert!(agent.withdraw(&number, " ").is_err());
        agent.withdraw(&number, "передумала").unwrap();
        assert_eq!(agent.request(&number).unwrap().state, "withdrawn");
        assert!(agent.withdraw(&number, "ще раз").is_err());
        assert!(agent.correct(&number, &set("phone", "+380501112233"), "бо").is_err());
        agent.note(&number, "телефонувала донька").unwrap();
        let note = agent.request(&number).unwrap().notes.remove(0);
        agent.withdraw_note(&number, &note.id).unwrap();
        assert!(agent.request(&number).unwrap().notes[0].withdrawn);
        assert!(agent.supplement(&number, &[], "довідка").is_err(), "nobody asked");
    }

    #[test]
    fn an_own_step_is_taken_back_within_ten_minutes_and_no_later() {
        let (bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        assert_eq!(agent.request(&number).unwrap().undo, None, "the birth is no step");
        assert!(agent.undo_last(&number).unwrap_err().to_string().contains("скасовувати нічого"));
        agent.withdraw(&number, "натиснуто помилково").unwrap();
        let undo = agent.request(&number).unwrap().undo.unwrap();
        assert_eq!((undo.uk.as_str(), undo.until), ("відкликано", agent.now().0 + 600_000));
        bench.clock.advance(std::time::Duration::from_secs(599));
        assert!(agent.undo(&number, &undo.event).unwrap().changed);
        let page = agent.request(&number).unwrap();
        assert_eq!((page.state.as_str(), page.undo), ("accepted", None));
        assert!(page.happened[1].taken_back && page.happened[2].code == "undone");
        assert_eq!(page.happened[1].place_uk, "валіза 7");
        agent.withdraw(&number, "передумала").unwrap();
        let undo = agent.request(&number).unwrap().undo.unwrap();
        bench.clock.advance(std::time::Duration::from_secs(601));
        assert!(agent.undo(&number, &undo.event).unwrap_err().to_string().contains("десять хвилин"));
        assert_eq!(agent.request(&number).unwrap().undo, None);
        // Nor once the centre went on from it.
        bench.centre.take_from(&agent.peer);
        let record = page.record;
        bench.centre.decide(&record, records::commands::RequestCommand::Reopen { reason: "передумала".into() });
        bench.centre.give_to(&agent.peer);
        assert!(agent.undo(&number, &undo.event).unwrap_err().to_string().contains("сталося інше"));
    }

    #[test]
    fn a_struck_out_note_can_stand_again() {
        let (bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        agent.note(&number, "собака у дворі").unwrap();
        let note = || agent.request(&number).unwrap().notes.remove(0);
        for (strike, withdrawn) in [(true, true), (false, false), (true, true)] {
            bench.clock.advance(std::time::Duration::from_secs(1));
            if strike {
                agent.withdraw_note(&number, &note().id).unwrap();
            } else {
                agent.restore_note(&number, &note().id).unwrap();
            }
            assert_eq!(note().withdrawn, withdrawn);
        }
    }
}
