//! What an officer does with a saved request.

use super::case_findings::facts;
use super::form::edit_of;
use super::new_request::known_fee;
use super::request::Where;
use super::{Agent, AppError, Finding, Form, Severity};
use records::commands::{RequestCommand, edit_request};
use records::schema::Kind;
use records::{Edit, Value};
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
        let follows = self.what_follows(number, &[self.form_of_request(number)?], fields)?;
        let mut fields = edits(&fields.iter().cloned().chain(reasons).collect::<Vec<_>>())?;
        fields.extend(follows);
        self.command(number, RequestCommand::Correct { fields, reason: reason.to_owned() })
    }

    /// Warnings about these fields with their new texts that nobody has given a reason for.
    fn odd_about(&self, number: &str, fields: &[(String, String)]) -> Result<Vec<Finding>, AppError> {
        let form = with(self.form_of_request(number)?, fields);
        let is_new = |finding: &Finding| fields.iter().any(|(key, _)| *key == finding.key);
        let findings = self.check_kept(number, &form)?.findings;
        Ok(findings.into_iter().filter(|found| found.severity == Severity::Warning && is_new(found)).collect())
    }

    /// Fee and dates that follow from what is corrected, as of the day the request was taken. What does not say what
    /// followed from one of the forms before was set by a person, and stays, as does a term that the centre put off.
    pub(super) fn what_follows(
        &self,
        number: &str,
        before: &[Form],
        fields: &[(String, String)],
    ) -> Result<Vec<Edit>, AppError> {
        let (_, _, view) = self.find_view(number)?;
        let (catalogue, day, settings) = (self.catalogue_kept(&view), self.day_taken(&view), self.settings()?);
        let Some(after) = before.first().map(|form| with(form.clone(), fields)) else { return Ok(Vec::new()) };
        let follows = |form: &Form| {
            let service = catalogue.service(form.service.trim())?;
            let given = catalogue.evaluate(service, &facts(form, day, &settings, false), catalogue.calendar());
            let [due, handover] = [given.control_date.date, given.handover_due].map(|day| day.to_string().into());
            let fee = known_fee(&given).map(Value::from);
            Some([("fee", fee), ("due", Some(due)), ("handover_due", Some(handover))])
        };
        let Some(after) = follows(&after) else { return Ok(Vec::new()) };
        let before: Vec<_> = before.iter().filter_map(follows).collect();
        let may_follow = |key: &str| {
            let counted = key == "fee" || clock::Time(view.submitted_at).is_plausible();
            let set = match key {
                "due" => view.prolonged_to().is_some(),
                // What was paid is what the receipt says.
                "fee" => view.fee_is_settled() || !view.fee_receipt.text().is_empty(),
                _ => false,
            };
            counted && !set && fields.iter().all(|(own, _)| own != key)
        };
        let mut edits = Vec::new();
        for (at, (key, after)) in after.into_iter().enumerate() {
            let held = view.registers.get(key);
            let differs = held.is_some_and(|held| held.differs());
            let held = held.and_then(|held| held.value()).filter(|value| !value.is_empty());
            let followed = before.iter().any(|before| held == before[at].1.as_ref());
            if held != after.as_ref() && followed && !differs && may_follow(key) {
                edits.push(Edit::new(key, after.unwrap_or_else(|| "".into())));
            }
        }
        Ok(edits)
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
        let follows = self.what_follows(number, &[self.form_of_request(number)?], fields)?;
        let mut fields = edits(fields)?;
        fields.extend(follows);
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
        self.commands(number, vec![command])
    }

    /// What belongs together, in one act: all of it is kept, or none.
    pub(super) fn commands(&self, number: &str, commands: Vec<RequestCommand>) -> Result<Changed, AppError> {
        let row = self.find(number)?;
        let record = row.record;
        let changed = self.peer.act(move |act| {
            let mut changed = false;
            for command in &commands {
                changed |=
                    act.command(record, |document, is_desk, who| edit_request(document, is_desk, who, command))?;
            }
            Ok(changed)
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

/// A form with other texts at these keys.
pub(super) fn with(mut form: Form, fields: &[(String, String)]) -> Form {
    for (key, text) in fields {
        let (part, name) = match key.split_once('.') {
            Some(("f", question)) => (&mut form.answers, question),
            Some(("w", about)) => (&mut form.accepted, about),
            _ => (&mut form.fields, key.as_str()),
        };
        part.insert(name.to_owned(), text.clone());
    }
    form
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
    use super::*;
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
    fn fee_and_term_follow_a_correction_as_of_the_day_it_was_taken() {
        let (bench, agent) = agent();
        let mut form = sample_form();
        form.service = "residence-registration".into();
        (form.answers, form.papers) = Default::default();
        let form = filled(&agent, form, &[("late", "no")]);
        let saved = agent.save(&form, None).unwrap();
        let number = saved.number;
        let stands = || {
            let (_, _, view) = agent.find_view(&number).unwrap();
            (view.fee.int(), view.due.text().to_owned())
        };
        assert_eq!(stands().0, Some(4_992));
        // The next year has another base: the request was taken in this one.
        bench.clock.advance(std::time::Duration::from_secs(60 * 86_400));
        agent.correct(&number, &set("f.late", "yes"), "прострочено").unwrap();
        assert_eq!(stands().0, Some(8_320));
        let card = agent.card_of(&number, &agent.form_of_request(&number).unwrap()).unwrap().unwrap();
        assert_eq!(card.due, stands().1, "the page counts from the same day");
        assert!(card.fee.uk.contains("83,20"), "{}", card.fee.uk);
        // What a person set is nobody's to count again.
        agent.correct(&number, &set("fee", "0"), "звільнено: посвідчення УБД").unwrap();
        agent.correct(&number, &set("f.late", "no"), "все ж вчасно").unwrap();
        assert_eq!(stands().0, Some(0));
        let other = agent.save(&form, None).unwrap().number;
        agent.correct(&other, &set("f.late", ""), "невідомо").unwrap();
        let (_, _, view) = agent.find_view(&other).unwrap();
        assert_eq!(view.fee.int(), None, "nobody knows it any more");
    }

    #[test]
    fn an_unsure_amount_is_printed_as_such_until_somebody_settles_it() {
        let (_bench, agent) = agent();
        for (slug, amount) in [("driving-licence-exchange", "230,00"), ("marriage-registration", "0,85")] {
            let mut form = sample_form();
            form.service = slug.into();
            (form.answers, form.papers) = Default::default();
            let number = agent.save(&filled(&agent, form, &[]), None).unwrap().number;
            let printed = || agent.receipt(&number, false).unwrap().fee.replace('\u{a0}', " ");
            assert_eq!(printed(), format!("{amount} грн (перевірити перед оплатою)"), "{slug}");
            let kopiykas = agent.find_view(&number).unwrap().2.fee.int().unwrap();
            let confirm = || agent.correct(&number, &set("fee", &kopiykas.to_string()), "пільги немає").unwrap();
            assert!(confirm().changed, "that it is so is said for the first time");
            assert_eq!(printed(), format!("{amount} грн"), "a person has asked");
            assert!(!confirm().changed);
            agent.correct(&number, &set("fee", "0"), "пільга: ВПО").unwrap();
            assert_eq!(printed(), "безоплатно");
        }
    }

    #[test]
    fn a_paid_fee_stays_and_an_unpaid_one_follows_the_answer_that_was_chosen() {
        let (bench, agent) = agent();
        let form = Form { service: "residence-registration".into(), ..sample_form() };
        let form =
            filled(&agent, Form { answers: Default::default(), papers: Default::default(), ..form }, &[("late", "no")]);
        let paid = agent.save(&form, None).unwrap().number;
        agent.correct(&paid, &set("fee_receipt", "0417"), "").unwrap();
        agent.correct(&paid, &set("f.late", "yes"), "прострочено").unwrap();
        let fee = |number: &str| agent.find_view(number).unwrap().2.fee.int();
        assert_eq!(fee(&paid), Some(4_992), "what was paid is what the receipt says");
        let odd = agent.supplement(&paid, &set("fee", "-5"), "плату").unwrap_err();
        assert!(odd.to_string().contains("такої плати не буває"), "{odd}");

        for (choice, closed) in [("yes", false), ("no", false), ("yes", true)] {
            let saved = agent.save(&form, None).unwrap();
            bench.written_elsewhere(&agent, &saved.record, "f.late", "yes", || {
                agent.correct(&saved.number, &set("f.late", "yes"), "прострочено").unwrap();
                agent.correct(&saved.number, &set("f.late", "no"), "ні, вчасно").unwrap();
            });
            if closed {
                agent.withdraw(&saved.number, "передумала").unwrap();
            }
            let held = fee(&saved.number);
            let take = crate::app::Take::Mark(choice.into());
            agent.resolve(&saved.number, "f.late", &take, &[], "з довідки").unwrap();
            let expected = if choice == "yes" { 8_320 } else { 4_992 };
            assert_eq!(fee(&saved.number), if closed { held } else { Some(expected) }, "{choice}");
            assert!(agent.request(&saved.number).unwrap().conflicts.is_empty(), "{choice}");
        }
    }

    #[test]
    fn a_grown_up_applicant_hides_no_paper_of_a_child() {
        let (_bench, agent) = agent();
        let mut form = Form { service: "residence-registration".into(), ..sample_form() };
        let state = |form: &Form| {
            let checked = agent.check(form).unwrap();
            let papers = checked.evaluation.unwrap().papers;
            papers.into_iter().find(|need| need.paper.id == "child-birth-certificate").unwrap().state
        };
        form.fields.insert("a.dob".into(), "1985-03-01".into());
        assert_eq!(state(&form), catalogue::PaperState::Ask);
        form.fields.insert("a.dob".into(), "2020-03-01".into());
        assert_eq!(state(&form), catalogue::PaperState::Needed);
    }

    /// The form with these answers; whatever else is missing has a reason.
    fn filled(agent: &crate::app::Agent, mut form: Form, answers: &[(&str, &str)]) -> Form {
        form.answers.extend(answers.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())));
        for question in agent.questions(&form) {
            for input in question.inputs.iter().filter(|input| input.required && input.row < 2) {
                let text = match &input.control {
                    crate::app::Control::OneOf(all) => all[0].value.clone(),
                    crate::app::Control::Date => "2026-11-10".into(),
                    crate::app::Control::YesNo => "no".into(),
                    crate::app::Control::Settlement => "UA53060190130055218".into(),
                    _ => "Садова".into(),
                };
                form.answers.entry(input.key.clone()).or_insert(text);
            }
        }
        let findings = agent.check(&form).unwrap().findings;
        for one in findings.into_iter().filter(|one| one.severity == Severity::Warning) {
            form.accepted.insert(one.key, "пояснено".into());
        }
        form
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
