//! Saving a form: one act makes or mends the resident, makes the request with its number, and takes the draft away.

use super::case_findings::typed_answers;
use super::categories::codes;
use super::drafts::DraftBody;
use super::form::{Form, edit_of};
use super::visits::{PROOF, Visit};
use super::{Agent, AppError, Checked, Finding, Settings};
use catalogue::{Catalogue, Evaluation, FeeOutcome, Service};
use ids::RecordId;
use jiff::civil::Date;
use peer::{Filter, PeerError};
use records::commands::{
    NewRequest, NewResident, RequestCommand, ResidentCommand, VisitCommand, create_request, create_resident,
    create_visit, edit_request, edit_resident, edit_visit,
};
use records::schema::{self, Kind};
use records::view::ResidentView;
use records::{Edit, Paper, PaperForm};
use serde::Serialize;
use signing::{Hash, Label};

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// Number on the опис.
    pub number: String,
    /// The request's record.
    pub record: String,
    /// The applicant's resident record; empty for an organisation.
    pub resident: String,
    /// What should be known about it.
    pub notices: Vec<Finding>,
}

/// What to do about the applicant's resident record.
enum Resident {
    None,
    New(RecordId),
    /// Somebody pointed at this record.
    Chosen(RecordId),
    /// Number and name agree with this record: what the number was recognised by is not written over.
    Recognised(RecordId),
}

/// The finding, and the reason, about a chosen resident of whom the form says something else.
pub(super) const CHOSEN: &str = "resident";

/// Who somebody is. Only a person who points at a resident's record changes these in it.
const WHO: [&str; 4] = ["a.last", "a.first", "a.patr", "a.dob"];

impl Agent {
    /// Saves a form, in place of its draft if it has one. Refused with all findings, if there are any.
    pub fn save(&self, form: &Form, draft: Option<[u8; 16]>) -> Result<Saved, AppError> {
        let saved = self.save_on(form, draft.map(|id| (id, None)), self.sure_day())?;
        saved.ok_or_else(|| AppError::input("чернетку змінено: перегляньте її", "the draft was changed: look at it"))
    }

    /// Saves a form as of a day, in place of its draft. `None`, and nothing is written, if the draft is not of the
    /// edition that is named.
    pub(super) fn save_on(
        &self,
        form: &Form,
        draft: Option<([u8; 16], Option<u64>)>,
        day: Date,
    ) -> Result<Option<Saved>, AppError> {
        let checked = self.check_by(form, self.catalogue_on(day), day, true)?;
        if !checked.is_clear() {
            let stopping = |finding: &Finding| finding.severity != super::Severity::Notice;
            return Err(AppError::Findings(checked.findings.into_iter().filter(stopping).collect()));
        }
        let Checked { findings, catalogue, service: Some(service), evaluation: Some(evaluation) } = checked else {
            return Err(AppError::input("виберіть послугу", "choose a service"));
        };
        let settings = self.settings()?;
        let officer_name = self.officer_name(self.officer())?;
        let resident = self.resident_of(form)?;
        let request = RecordId::from_random(self.random());
        let mut resident_fields = fields_of(Kind::Resident, form);
        if matches!(resident, Resident::Recognised(_)) {
            resident_fields.retain(|edit| !WHO.contains(&edit.key.strip_prefix("w.").unwrap_or(&edit.key)));
        }
        resident_fields.extend(self.proofs_known(form)?);
        let mut why = String::new();
        if let Resident::Chosen(id) | Resident::Recognised(id) = resident {
            let (_, held) = self.resident(&id.to_string())?;
            resident_fields.retain(|edit| !repeats_an_open_difference(&held, edit));
            if !says_otherwise(&held, form).is_empty() {
                why = form.accepted.get(CHOSEN).map(|reason| cut(reason.trim(), 512)).unwrap_or_default();
            }
        }
        let mut fields = fields_of(Kind::Request, form);
        fields.extend(self.case(form, (catalogue, service), &evaluation, &settings));
        if let Resident::New(id) | Resident::Chosen(id) | Resident::Recognised(id) = resident {
            fields.push(Edit::new("a.resident", id.to_string()));
        }
        let (slug, name) = (service.slug.clone(), service.name.uk.clone());
        let release = catalogue.release().number.to_string();
        let suitcase = Some(i64::from(self.suitcase_number()));
        let id = match resident {
            Resident::New(id) | Resident::Chosen(id) | Resident::Recognised(id) => id.to_string(),
            Resident::None => String::new(),
        };
        let visit = self.visit_of(form, &id)?;
        let (Visit::Known(visit_id, _) | Visit::New(visit_id, _)) = &visit;
        fields.push(Edit::new("visit", visit_id.to_string()));
        let left_over = self.left_over(draft.map(|(id, _)| id))?;
        let arrived = self.now().0;
        let suitcase_number = self.suitcase_number();
        let number = self.peer.act(move |act| {
            if let Some((draft, Some(edition))) = draft
                && DraftBody::edition_of(act.draft(draft)?) != edition
            {
                return Ok(None);
            }
            match resident {
                Resident::None => {}
                Resident::New(id) => {
                    let new = NewResident { officer_name: &officer_name, suitcase, fields: &resident_fields };
                    act.create_by(id, |who| create_resident(id, who, &new))?;
                }
                Resident::Chosen(id) | Resident::Recognised(id) => {
                    let mend = ResidentCommand::Correct { fields: resident_fields, reason: why };
                    act.command(id, |document, is_desk, who| edit_resident(document, is_desk, who, &mend))?;
                }
            }
            match &visit {
                Visit::New(id, fields) => {
                    let new = super::visits::on_the_spot(suitcase_number, &officer_name, fields, arrived);
                    act.create_by(*id, |who| create_visit(*id, who, &new))?;
                }
                Visit::Known(_, better) if better.is_empty() => {}
                Visit::Known(id, better) => {
                    let mend = VisitCommand::Correct { fields: better.clone(), reason: String::new() };
                    act.command(*id, |document, is_desk, who| edit_visit(document, is_desk, who, &mend))?;
                }
            }
            let number = act.next_receipt_number()?;
            let new = NewRequest {
                number,
                submitted_at: act.now().0,
                service: &slug,
                service_name: &name,
                release: &release,
                channel: "visit",
                officer_name: &officer_name,
                suitcase,
                offline: true,
                fields: &fields,
            };
            act.create_by(request, |who| create_request(request, who, &new))?;
            for text in left_over {
                let note = RequestCommand::Note { text };
                act.command(request, |document, is_desk, who| edit_request(document, is_desk, who, &note))?;
            }
            if let Some((draft, _)) = draft {
                act.remove_draft(draft)?;
            }
            Ok(Some(number))
        })?;
        let Some(number) = number else { return Ok(None) };
        self.recorded();
        let (number, record) = (number.to_string(), request.to_string());
        Ok(Some(Saved { number, record, resident: id, notices: findings }))
    }

    /// The resident that was chosen; else the one with the same РНОКПП and name; else a new one.
    fn resident_of(&self, form: &Form) -> Result<Resident, AppError> {
        if !form.resident.trim().is_empty() {
            let id: RecordId = form.resident.trim().parse().map_err(|_| PeerError::NoSuchRecord)?;
            let row = self.peer.read(|view| view.row(id))?.filter(|row| row.kind == Kind::Resident);
            return row.map(|row| Resident::Chosen(row.record)).ok_or(PeerError::NoSuchRecord.into());
        }
        if form.field("a.last").is_empty() {
            return Ok(Resident::None);
        }
        let mut named = self.residents_with(form.field("a.rnokpp"))?;
        named.retain(|(_, resident)| is_named(resident, form));
        Ok(match named[..] {
            [(only, _)] => Resident::Recognised(only),
            // Two of one number and name are for a person to join: then none is taken.
            _ => Resident::New(RecordId::from_random(self.random())),
        })
    }

    /// A number that somebody of another name has is odd: it is their number, or this is the same person. Kept with a
    /// reason, it makes a record of its own, and the page of duplicates asks a person.
    pub(super) fn number_of_another(&self, form: &Form, found: &mut Vec<Finding>) -> Result<(), AppError> {
        if !form.resident.trim().is_empty() || form.field("a.last").is_empty() {
            return Ok(());
        }
        let known = self.residents_with(form.field("a.rnokpp"))?;
        let Some((_, first)) = known.first() else { return Ok(()) };
        if known.iter().all(|(_, resident)| !is_named(resident, form)) {
            let who = first.person.full_name();
            let uk = format!("цей номер має {who}: оберіть цю людину, виправте номер або залиште з поясненням");
            let en = format!("{who} has this number: choose that person, correct the number or keep it with a reason");
            found.push(Finding::new(super::Severity::Warning, "a.rnokpp", uk, en));
        }
        Ok(())
    }

    /// A record that somebody pointed at is not written over with another person: where the form says otherwise who
    /// this is, a person says why.
    pub(super) fn other_than_chosen(&self, form: &Form, found: &mut Vec<Finding>) {
        let Ok((_, held)) = self.resident(&form.resident) else { return };
        let other = says_otherwise(&held, form);
        if other.is_empty() {
            return;
        }
        let (uk, en): (Vec<&str>, Vec<&str>) = other.into_iter().unzip();
        let (name, uk, en) = (held.person.full_name(), uk.join(", "), en.join(", "));
        found.push(Finding::new(
            super::Severity::Warning,
            CHOSEN,
            format!("обрано запис «{name}», а вписано інше ({uk}): якщо це інша людина, натисніть «Не ця людина»; якщо це виправлення, впишіть причину"),
            format!("“{name}” was chosen and something else is written ({en}): if it is another person, press “Not this person”; if it is a correction, write why"),
        ));
    }

    /// The residents whose РНОКПП this is.
    fn residents_with(&self, rnokpp: &str) -> Result<Vec<(RecordId, ResidentView)>, AppError> {
        if rnokpp.is_empty() {
            return Ok(Vec::new());
        }
        let filter = Filter { kind: Some(Kind::Resident), words: vec![rnokpp.to_owned()], ..Filter::default() };
        Ok(self.peer.read(|view| {
            let mut found = Vec::new();
            for row in view.list(&filter, peer::Order::Newest, 0, 20)? {
                let resident = ResidentView::read(&view.document(row.record)?, &|_| false);
                if resident.person.rnokpp.text() == rnokpp && resident.person.rnokpp.values.len() == 1 {
                    found.push((row.record, resident));
                }
            }
            Ok(found)
        })?)
    }

    /// What the program adds to what was typed: answers, papers, consent, fee, dates, provider.
    fn case(
        &self,
        form: &Form,
        (catalogue, service): (&Catalogue, &Service),
        given: &Evaluation<'_>,
        settings: &Settings,
    ) -> Vec<Edit> {
        let mut edits: Vec<Edit> = typed_answers(form)
            .iter()
            .filter_map(|(key, text)| edit_of(Kind::Request, &format!("f.{key}"), text))
            .collect();
        edits.extend(papers(form, given));
        edits.push(Edit::new("c.text", self.consent_mark(form, settings)));
        edits.push(Edit::new("c.by", form.consent.by.as_str()));
        edits.push(Edit::new("c.at", self.now().0));
        let sheets: i64 = form.papers.values().map(|paper| i64::from(paper.sheets)).sum();
        edits.push(Edit::new("sheets", sheets));
        edits.extend(known_fee(given).map(|kopiykas| Edit::new("fee", kopiykas)));
        // A clock that is obviously wrong counts no term: the centre does.
        if self.now().is_plausible() {
            edits.push(Edit::new("due", given.control_date.date.to_string()));
            edits.push(Edit::new("handover_due", given.handover_due.to_string()));
        }
        edits.push(Edit::new("provider", cut(&providers(catalogue, service), 300)));
        let release = catalogue.release();
        let from = release.effective_from.strftime("%d.%m.%Y");
        edits.push(Edit::new("info_card", format!("каталог {} від {from}", release.number)));
        edits
    }

    /// `version:first 16 bytes of the labelled hash of the text:parts by comma`.
    fn consent_mark(&self, form: &Form, settings: &Settings) -> String {
        format!("{}:{}", self.text_mark(settings), form.consent.parts.join(","))
    }

    /// The mark of the consent's text as it is read out now: `version:first 16 bytes of the labelled hash`.
    pub fn consent_text(&self) -> Result<String, AppError> {
        Ok(self.text_mark(&self.settings()?))
    }

    pub(super) fn text_mark(&self, settings: &Settings) -> String {
        let consent = self.consent();
        let hash = Hash::of(Label::Text, &consent.bytes(&settings.data_owner()));
        let hex: String = hash.0[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}:{hex}", consent.version)
    }

    /// The proof of a category is known of the resident the next time, too; of health only with their consent.
    fn proofs_known(&self, form: &Form) -> Result<Vec<Edit>, AppError> {
        let proof = PROOF.map(|key| form.of_visit(key).replace(';', ","));
        if proof.iter().all(String::is_empty) {
            return Ok(Vec::new());
        }
        let health = form.consent.parts.iter().any(|part| part == "health");
        let all = self.categories()?;
        let may = |code: &&str| health || !all.iter().any(|one| one.id == **code && one.health);
        let chosen = codes(form.field("a.cat")).filter(may);
        Ok(chosen.filter_map(|code| edit_of(Kind::Resident, &format!("k.{code}"), &proof.join(";"))).collect())
    }

    /// Answers of the draft to questions that the release in force does not have: the request keeps them as notes.
    fn left_over(&self, draft: Option<[u8; 16]>) -> Result<Vec<String>, AppError> {
        let Some(body) = draft.map(|id| self.draft_body(id)).transpose()?.flatten() else { return Ok(Vec::new()) };
        let gone = self.vanished(&body);
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let lines: Vec<String> = gone.iter().map(|one| format!("{}: {}", one.label.uk, one.text)).collect();
        Ok(in_notes(&format!("Відповіді, яких каталог уже не запитує: {}", lines.join("; "))))
    }
}

/// What is to be paid, in kopiykas, where the answers leave no doubt.
pub(super) fn known_fee(given: &Evaluation<'_>) -> Option<i64> {
    match &given.fee.outcome {
        FeeOutcome::Free => Some(0),
        FeeOutcome::Known(amount) => Some(amount.kopiykas),
        FeeOutcome::Unknown(_) | FeeOutcome::Conditional(_) => None,
    }
}

/// What tells people apart, where a form says otherwise than a resident's record does; in both languages.
fn says_otherwise(held: &ResidentView, form: &Form) -> Vec<(&'static str, &'static str)> {
    let fold = |text: &str| records::fold::fold(text.trim());
    let other = |key: &str| {
        let typed = form.field(key);
        let known = held.registers.get(key).map(|register| register.values.as_slice()).unwrap_or_default();
        let texts: Vec<String> = known.iter().map(|written| fold(&written.value.to_string())).collect();
        let known = texts.iter().any(|text| !text.is_empty());
        known && !typed.is_empty() && !texts.contains(&fold(typed))
    };
    let all = [
        ("a.last", ("прізвище", "surname")),
        ("a.first", ("ім’я", "given name")),
        ("a.dob", ("дата народження", "date of birth")),
        ("a.rnokpp", ("РНОКПП", "taxpayer number")),
    ];
    all.into_iter().filter(|(key, _)| other(key)).map(|(_, label)| label).collect()
}

/// What two people wrote differently about a resident stands until somebody decides it: that a form repeats one of the
/// values is no decision.
fn repeats_an_open_difference(held: &ResidentView, edit: &Edit) -> bool {
    let register = held.registers.get(&edit.key).filter(|register| register.differs());
    register.is_some_and(|register| register.values.iter().any(|written| written.value == edit.value))
}

/// Whether surname and given name of a form are those of a resident, however they are written.
fn is_named(resident: &ResidentView, form: &Form) -> bool {
    let same = |held: &str, typed: &str| records::fold::fold(held.trim()) == records::fold::fold(typed);
    let person = &resident.person;
    same(person.last.text(), form.field("a.last")) && same(person.first.text(), form.field("a.first"))
}

/// Names of the authorities that provide a service, by semicolon.
pub(super) fn providers(catalogue: &Catalogue, service: &Service) -> String {
    let names = service.authorities.iter().filter_map(|id| catalogue.authority(id));
    names.map(|authority| authority.name.uk.as_str()).collect::<Vec<_>>().join("; ")
}

/// The typed fields that records of this kind have, and the reasons that belong to them.
fn fields_of(kind: Kind, form: &Form) -> Vec<Edit> {
    let typed = form.fields.iter().filter(|(_, text)| !text.trim().is_empty());
    let mut edits: Vec<Edit> = typed.filter_map(|(key, text)| edit_of(kind, key, text)).collect();
    for (key, reason) in &form.accepted {
        let holds = kind == Kind::Request || schema::field(kind, key).is_some();
        let reason = cut(reason.trim(), 512);
        if holds && !reason.is_empty() {
            edits.extend(edit_of(kind, &format!("w.{key}"), &reason));
        }
    }
    edits
}

fn papers(form: &Form, given: &Evaluation<'_>) -> Vec<Edit> {
    let taken = form.papers.iter().filter(|(_, taken)| taken.is_taken());
    let edit = |(id, taken): (&String, &super::PaperTaken)| {
        let need = given.papers.iter().find(|need| need.paper.id == *id)?;
        let form = match taken.form.as_str() {
            "original" => PaperForm::Original,
            "copy" => PaperForm::Copy,
            "scan" => PaperForm::Scan,
            _ => PaperForm::Unknown,
        };
        let mut paper = Paper {
            seen: taken.seen,
            form,
            sheets: taken.sheets,
            returned: taken.returned,
            name: need.paper.name.uk.clone(),
            details: taken.details.trim().to_owned(),
        };
        // One paper has 1,024 bytes in the record; a name of the catalogue alone is never that long.
        paper.name = cut(&paper.name, 600);
        paper.details = cut(&paper.details, 380);
        edit_of(Kind::Request, &format!("d.{id}"), &paper.encode())
    };
    taken.filter_map(edit).collect()
}

/// A long text as notes of at most 3,000 bytes each, parted between words where that can be.
fn in_notes(text: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let whole = cut(rest, 3_000).len();
        let end =
            if whole == rest.len() { whole } else { rest[..whole].rfind(' ').filter(|at| *at > 0).unwrap_or(whole) };
        notes.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    notes
}

/// At most so many bytes, whole characters.
pub(super) fn cut(text: &str, bytes: usize) -> String {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{NOON, agent, sample_form};
    use records::view::RequestView;

    fn view(agent: &Agent, saved: &Saved) -> RequestView {
        let id = saved.record.parse().unwrap();
        agent.peer.read(|view| Ok(RequestView::read(&view.document(id)?, &|_| false))).unwrap()
    }

    #[test]
    fn a_saved_request_holds_what_was_typed_and_what_follows() {
        let (_bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        assert!(saved.number.starts_with("7-211126-001-"), "{}", saved.number);
        let view = view(&agent, &saved);
        assert_eq!(view.applicant.full_name(), "Коваленко Ганна Петрівна");
        assert_eq!(view.service.text(), "housing-subsidy");
        assert_eq!(view.value("f.area").unwrap().as_text(), Some("54.3"));
        assert_eq!(view.value("fee").unwrap().as_int(), Some(0));
        assert_eq!(view.handover_due.text(), "2026-11-23", "Saturday's work is handed over on Monday");
        assert_eq!(view.due.text(), "2026-12-01");
        assert_eq!(view.submitted_at, NOON.0);
        assert!(view.consent.text.text().starts_with("1:") && view.consent.text.text().ends_with(":data,contact"));
        let (_, paper) = view.papers().find(|(id, _)| *id == "application").unwrap();
        assert_eq!((paper.sheets, paper.form), (2, PaperForm::Original));
        assert!(paper.name.starts_with("Заява про призначення"));
    }

    #[test]
    fn the_same_person_is_one_resident_and_a_new_phone_is_learnt() {
        let (_bench, agent) = agent();
        let first = agent.save(&sample_form(), None).unwrap();
        let mut form = sample_form();
        form.fields.insert("phone".into(), "+380507654321".into());
        let second = agent.save(&form, None).unwrap();
        assert_eq!(first.resident, second.resident);
        assert_ne!(first.number, second.number);
        let id = second.resident.parse().unwrap();
        let resident = agent.peer.read(|view| Ok(ResidentView::read(&view.document(id)?, &|_| false))).unwrap();
        assert_eq!(resident.phone.text(), "+380507654321");
        form.resident = second.record.clone();
        assert!(agent.save(&form, None).is_err(), "a request is no resident");
    }

    #[test]
    fn a_number_typed_by_mistake_renames_nobody() {
        let (_bench, agent) = agent();
        let hanna = agent.save(&sample_form(), None).unwrap();
        let mut form = sample_form();
        form.fields.insert("a.first".into(), "Марія".into());
        form.fields.insert("a.dob".into(), "1938-07-23".into());
        form.accepted.insert("a.dob".into(), "так у паспорті".into());
        let Err(AppError::Findings(found)) = agent.save(&form, None) else { panic!("it is asked") };
        assert!(found.iter().any(|one| one.key == "a.rnokpp" && one.uk.contains("Коваленко Ганна")), "{found:?}");
        form.accepted.insert("a.rnokpp".into(), "так у картці".into());
        let maria = agent.save(&form, None).unwrap();
        assert_ne!(maria.resident, hanna.resident, "a record of their own");
        let name = |id: &str| {
            let id = id.parse().unwrap();
            let read = agent.peer.read(|view| Ok(ResidentView::read(&view.document(id)?, &|_| false))).unwrap();
            (read.person.full_name(), read.person.born.text().to_owned())
        };
        let before = name(&hanna.resident);
        assert_eq!(before.0, "Коваленко Ганна Петрівна");
        // The same name however it is written is the same person; who they are is not written over.
        let mut form = sample_form();
        form.fields.insert("a.first".into(), "ГАННА".into());
        form.fields.insert("a.patr".into(), "Павлівна".into());
        form.accepted.insert("a.first".into(), "так у паспорті".into());
        assert_eq!(agent.save(&form, None).unwrap().resident, hanna.resident);
        assert_eq!(name(&hanna.resident), before);
        // Whoever points at the record may correct the name.
        form.resident = hanna.resident.clone();
        agent.save(&form, None).unwrap();
        assert_eq!(name(&hanna.resident).0, "Коваленко ГАННА Павлівна");
    }

    #[test]
    fn a_chosen_resident_is_not_written_over_with_another_person() {
        let (_bench, agent) = agent();
        let hanna = agent.save(&sample_form(), None).unwrap();
        // «Ще одна послуга», and the husband is typed over her.
        let id = agent.begin_another(&hanna.number).unwrap();
        let mut form = agent.draft(agent.draft_id(&id).unwrap()).unwrap().unwrap();
        assert_eq!(form.resident, hanna.resident);
        (form.service, form.answers, form.papers) =
            (sample_form().service, sample_form().answers, sample_form().papers);
        form.consent = sample_form().consent;
        for (key, text) in [("a.first", "Степан"), ("a.patr", "Іванович"), ("a.dob", "1935-02-03"), ("a.sex", "m")]
        {
            form.fields.insert(key.into(), text.into());
        }
        form.fields.remove("a.rnokpp");
        // A reason for a spelling is none for another person.
        for key in ["a.last", "a.first", "a.dob", "a.rnokpp"] {
            form.accepted.insert(key.into(), "так у паспорті".into());
        }
        let held = || agent.resident(&hanna.resident).unwrap().1;
        let Err(AppError::Findings(found)) = agent.save(&form, None) else { panic!("it is asked") };
        let one = found.iter().find(|one| one.key == CHOSEN).unwrap();
        assert!(one.uk.contains("Коваленко Ганна") && one.uk.contains("ім’я, дата народження"), "{found:?}");
        assert_eq!(held().person.first.text(), "Ганна");
        // Without the record he is a person of his own.
        let of_his_own = Form { resident: String::new(), ..form.clone() };
        assert_ne!(agent.save(&of_his_own, None).unwrap().resident, hanna.resident);
        assert_eq!(held().person.full_name(), "Коваленко Ганна Петрівна");
        // A reason says that it is a correction, and is kept.
        form.accepted.insert(CHOSEN.into(), "помилка першого запису".into());
        assert_eq!(agent.save(&form, None).unwrap().resident, hanna.resident);
        let now = held();
        assert_eq!(now.person.first.text(), "Степан");
        let kept = now.registers.iter().filter(|(key, _)| key.starts_with("e/"));
        assert!(kept.into_iter().any(|(_, one)| one.text().contains("помилка першого запису")));
    }

    #[test]
    fn a_clock_at_1970_counts_no_term() {
        let (bench, agent) = agent();
        bench.clock.set_wall(clock::Time(0));
        let view = view(&agent, &agent.save(&sample_form(), None).unwrap());
        assert_eq!((view.due.text(), view.handover_due.text()), ("", ""));
    }

    #[test]
    fn a_long_text_becomes_several_notes_and_nothing_is_cut() {
        let text = "слово ".repeat(1_500);
        let notes = in_notes(text.trim());
        assert!(notes.len() > 5 && notes.iter().all(|note| note.len() <= 3_000));
        assert_eq!(notes.join(" "), text.trim());
        assert_eq!(in_notes(&"я".repeat(4_000)).concat(), "я".repeat(4_000));
        assert_eq!(in_notes("коротко"), ["коротко"]);
    }

    #[test]
    fn a_draft_goes_with_the_act_and_stays_when_it_is_refused() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.fields.remove("a.last");
        let draft = agent.keep_draft(None, &form).unwrap();
        assert!(matches!(agent.save(&form, Some(draft)), Err(AppError::Findings(_))));
        assert_eq!(agent.drafts().unwrap().len(), 1);
        agent.save(&sample_form(), Some(draft)).unwrap();
        assert!(agent.drafts().unwrap().is_empty());
    }

    #[test]
    fn a_wrong_clock_is_recorded_and_marked() {
        let (bench, agent) = agent();
        for (odd, start) in [(0, "7-010100-001-"), (4_070_908_800_000, "7-010199-001-"), (i64::MAX, "7-010100-002-")] {
            bench.clock.set_wall(clock::Time(odd));
            let saved = agent.save(&sample_form(), None).unwrap();
            assert!(saved.number.starts_with(start), "{}", saved.number);
            let row = agent.find(&saved.number).unwrap();
            assert_ne!(row.flags & peer::RecordRow::CLOCK, 0);
        }
    }

    #[test]
    fn an_organisation_needs_no_resident() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.fields.retain(|key, _| !key.starts_with("a."));
        form.fields.insert("a.orgname".into(), "ФГ «Поле»".into());
        form.fields.insert("a.edrpou".into(), "32855961".into());
        let saved = agent.save(&form, None).unwrap();
        assert_eq!(saved.resident, "");
    }
}
