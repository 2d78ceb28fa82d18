//! What is wrong with a form, what is odd, and what should be known: one list for the pages and the command line.

use super::case_findings::{allowed, answers, facts, papers};
use super::form::{Form, value_of};
use super::visits::PROOF;
use super::{Agent, AppError};
use catalogue::{Catalogue, Evaluation, Service};
use jiff::civil::Date;
use records::fields;
use records::schema::Kind;
use records::view::RequestView;
use serde::Serialize;
use std::collections::BTreeSet;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// To be known; stops nothing.
    Notice,
    /// May be kept with a reason in `accepted`.
    Warning,
    /// Cannot be saved.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The field: a key of the record; `f.…` an answer, `d.…` a paper, `service`, `consent`, `settings`, `clock`.
    pub key: String,
    /// How bad.
    pub severity: Severity,
    /// What is wrong and what to do, in Ukrainian.
    pub uk: String,
    /// The same in English.
    pub en: String,
    /// What was probably meant, to be offered.
    pub suggestion: Option<String>,
}

impl Finding {
    pub(super) fn new(
        severity: Severity,
        key: impl Into<String>,
        uk: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { key: key.into(), severity, uk: uk.into(), en: en.into(), suggestion: None }
    }

    pub(super) fn of_field(key: String, found: fields::Finding) -> Self {
        let severity = match found.severity {
            fields::Severity::Warning => Severity::Warning,
            fields::Severity::Error => Severity::Error,
        };
        let sentence = found.sentence;
        Self { key, severity, uk: sentence.uk.into(), en: sentence.en.into(), suggestion: found.suggestion }
    }
}

/// A form with all that follows from it.
pub struct Checked<'a> {
    /// Findings, those of the same field together, errors first within the parts of the form.
    pub findings: Vec<Finding>,
    /// The catalogue by which all of it was judged: a release may come into force meanwhile.
    pub catalogue: &'static Catalogue,
    /// The service, if the slug names one.
    pub service: Option<&'a Service>,
    /// What may be done, papers, fee, dates.
    pub evaluation: Option<Evaluation<'a>>,
}

impl Checked<'_> {
    /// Whether it can be saved.
    pub fn is_clear(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Notice)
    }
}

impl Agent {
    /// Looks at a form.
    pub fn check(&self, form: &Form) -> Result<Checked<'static>, AppError> {
        self.check_by(form, self.catalogue(), self.sure_day(), true)
    }

    /// Looks at a form that a saved request would say: by the catalogue it was taken under, for the day it was taken.
    pub(super) fn check_kept(&self, number: &str, form: &Form) -> Result<Checked<'static>, AppError> {
        let (_, _, view) = self.find_view(number)?;
        self.check_by(form, self.catalogue_kept(&view), self.day_taken(&view), false)
    }

    /// The day on which a request was taken.
    pub(super) fn day_taken(&self, view: &RequestView) -> Date {
        self.day_of(view.submitted_at).unwrap_or_else(|| self.sure_day())
    }

    /// Looks at a form by a catalogue, for the day on which fee and term are counted. `is_new`: the applicant is still
    /// to be recognised among the residents.
    pub(super) fn check_by(
        &self,
        form: &Form,
        catalogue: &'static Catalogue,
        day: Date,
        is_new: bool,
    ) -> Result<Checked<'static>, AppError> {
        let settings = self.settings()?;
        let service = catalogue.service(form.service.trim());
        let mut findings = self.fields(form, service)?;
        self.person(form, &mut findings);
        self.ground(form, &mut findings)?;
        if is_new {
            self.number_of_another(form, &mut findings)?;
            self.other_than_chosen(form, &mut findings);
        }
        let evaluation = service.map(|service| {
            let facts = facts(form, day, &settings, self.has_network());
            catalogue.evaluate(service, &facts, catalogue.calendar())
        });
        match (service, &evaluation) {
            (Some(service), Some(evaluation)) => {
                answers(form, service, &mut findings);
                papers(form, evaluation, &mut findings);
                allowed(evaluation, &mut findings);
            }
            _ => findings.push(self.unknown_service(form)),
        }
        consent_given(form, catalogue.consent(), &self.text_mark(&settings), &mut findings);
        if settings.centre.is_empty() && settings.owner.is_empty() {
            findings.push(Finding::new(
                Severity::Notice,
                "settings",
                "реквізити центру не вписано: опис і згода друкуються без них; впишіть їх командою settings",
                "the centre's details are not set: опис and consent are printed without them; set them with settings",
            ));
        }
        if !self.now().is_plausible() {
            findings.push(Finding::new(
                Severity::Notice,
                "clock",
                format!("годинник ноутбука показує {}: виставте дату; запис буде позначено", self.now()),
                format!("the laptop's clock says {}: set the date; the record will be marked", self.now()),
            ));
        } else if is_new && day > self.today() {
            let (now, sure) = (self.now(), day.strftime("%d.%m.%Y"));
            findings.push(Finding::new(
                Severity::Notice,
                "clock",
                format!("годинник ноутбука показує {now}, а центр відмітив уже {sure}: виставте дату; плату й строк пораховано на {sure}"),
                format!("the laptop's clock says {now}, and the centre was in touch on {sure}: set the date; fee and term are counted for {sure}"),
            ));
        }
        let accepted = |finding: &Finding| {
            finding.severity == Severity::Warning
                && form.accepted.get(&finding.key).is_some_and(|reason| !reason.trim().is_empty())
        };
        findings.retain(|finding| !accepted(finding));
        Ok(Checked { findings, catalogue, service, evaluation })
    }

    /// Each field by itself, and those that must fit each other.
    fn fields(&self, form: &Form, service: Option<&Service>) -> Result<Vec<Finding>, AppError> {
        let mut found = super::typed_text::look(form, service);
        let said: BTreeSet<String> = found.iter().map(|one| one.key.clone()).collect();
        let keys = form.fields.iter().filter(|(_, text)| !text.trim().is_empty());
        for (key, text) in keys {
            // A settlement's name has its input at the code.
            let at = key.strip_suffix(".place").map_or_else(|| key.clone(), |prefix| format!("{prefix}.kat"));
            let known = records::schema::field(Kind::Request, key).is_some_and(|_| is_typed(key));
            if !known {
                let uk = "такого поля у зверненні немає: див. record --example";
                found.push(Finding::new(Severity::Error, key, uk, "a request has no such field: see record --example"));
            } else if value_of(Kind::Request, key, text).is_none() && !said.contains(&at) {
                let uk = "значення задовге або не того виду: скоротіть чи виправте";
                found.push(Finding::new(Severity::Error, at, uk, "too long or of another kind: shorten or correct it"));
            }
        }
        let text = |key: &str| match key.strip_prefix("w.") {
            Some(about) => form.accepted.get(about).cloned().unwrap_or_default(),
            None => form.field(key).to_owned(),
        };
        let yes = |key: &str| value_of(Kind::Request, key, form.field(key)).and_then(|v| v.as_bool()) == Some(true);
        let records = fields::check(Kind::Request, &text, &yes, &self.day_for_checks()?);
        // A text with signs that nobody sees is not judged by rules that take them for a mistake of another kind.
        let records = records.into_iter().filter(|one| !said.contains(&one.key));
        found.extend(
            records
                .map(|one| in_the_right_layout(form.field(&one.key), Finding::of_field(one.key.clone(), one.finding))),
        );
        for key in ["pr.kat", "pa.kat"] {
            let code = form.field(key).parse().ok();
            if code.is_some_and(|code| self.settlements.by_code(code).is_none()) {
                let uk = "такого коду немає в кодифікаторі: виберіть населений пункт із підказок";
                let en = "the codifier has no such code: choose the settlement from the suggestions";
                found.push(Finding::new(Severity::Warning, key, uk, en));
            }
        }
        Ok(found)
    }

    /// The day that dates of birth are compared with. A clock at 1970 must not make everybody unborn: then it is a
    /// year after the newest day that is sure, which is the catalogue's or the last anchor's.
    fn day_for_checks(&self) -> Result<String, AppError> {
        if self.now().is_plausible() {
            return Ok(self.today().to_string());
        }
        let anchor = self.peer.read(|view| view.newest_anchor(self.peer.chain()))?;
        let anchored = anchor.and_then(|anchor| clock::Time(anchor.time).kyiv()).map(|zoned| zoned.date());
        let sure = self.catalogue().release().effective_from.max(anchored.unwrap_or(Date::MIN));
        Ok(sure.saturating_add(jiff::Span::new().years(1)).to_string())
    }

    fn person(&self, form: &Form, found: &mut Vec<Finding>) {
        let named = !form.field("a.last").is_empty() && !form.field("a.first").is_empty();
        let organisation = !form.field("a.orgname").is_empty();
        if !named && !organisation {
            let uk = "впишіть прізвище й власне ім’я заявника (або назву організації)";
            let en = "write the applicant's surname and given name, or the organisation";
            found.push(Finding::new(Severity::Error, "a.last", uk, en));
        }
        let known = ["a.rnokpp", "a.num", "a.unzr", "a.edrpou"].iter().any(|key| !form.field(key).is_empty());
        if !known {
            let uk = "особу нічим не встановлено: впишіть РНОКПП або документ, чи причину, з якої їх немає";
            let en = "nothing identifies the person: write the taxpayer number or a document, or why there is none";
            found.push(Finding::new(Severity::Warning, "a.rnokpp", uk, en));
        }
        let place = ["pr.kat", "pr.place", "pa.kat", "pa.place"].iter().any(|key| !form.field(key).is_empty());
        if !place {
            let uk = "немає адреси: виберіть населений пункт";
            found.push(Finding::new(Severity::Warning, "pa.kat", uk, "no address: choose the settlement"));
        }
        if form.is_represented() && (form.field("r.last").is_empty() || form.field("r.power").is_empty()) {
            let uk = "про представника впишіть щонайменше прізвище та підставу";
            let en = "of a representative write at least the surname and by what right they act";
            found.push(Finding::new(Severity::Error, "r.last", uk, en));
        }
    }

    /// Why they are served at home, and what proves it.
    fn ground(&self, form: &Form, found: &mut Vec<Finding>) -> Result<(), AppError> {
        let all = self.categories()?;
        let mut warn = |key: &str, uk: String, en: &str| found.push(Finding::new(Severity::Warning, key, uk, en));
        let codes: Vec<&str> = super::categories::codes(form.field("a.cat")).collect();
        for code in codes.iter().filter(|code| all.iter().all(|one| one.id != ***code)) {
            let uk = format!("категорії «{code}» немає у переліку: виберіть зі списку");
            warn("a.cat", uk, "the list has no such category: choose from it");
        }
        let proven = PROOF.iter().any(|key| !form.of_visit(key).is_empty());
        if proven && codes.is_empty() {
            let uk = "підтвердження є, а категорії немає: позначте, чому на виїзді".to_owned();
            warn("a.cat", uk, "there is a proof and no category: say why at home");
        }
        let health = all.iter().any(|one| one.health && codes.contains(&one.id.as_str()));
        if health && proven && !form.consent.parts.iter().any(|part| part == "health") {
            let uk = "підтвердження розкриває стан здоров’я: потрібна окрема згода на такі дані (розділ «Згода»)";
            warn("visit.proof", uk.to_owned(), "the proof reveals health: a separate consent to such data is needed");
        }
        for key in ["proof_date", "proof_until"] {
            let text = form.of_visit(key);
            if !text.is_empty() {
                let odd = fields::date(text).into_iter();
                found.extend(odd.map(|one| Finding::of_field(format!("visit.{key}"), one)));
            }
        }
        let until: Option<Date> = form.of_visit("proof_until").parse().ok();
        if self.now().is_plausible() && until.is_some_and(|until| until < self.today()) {
            let uk = "строк дії підтвердження минув: з’ясуйте, чи подовжено його";
            let en = "the proof has expired: find out whether it was prolonged";
            found.push(Finding::new(Severity::Warning, "visit.proof_until", uk, en));
        }
        Ok(())
    }

    fn unknown_service(&self, form: &Form) -> Finding {
        if form.service.trim().is_empty() {
            return Finding::new(Severity::Error, "service", "виберіть послугу", "choose a service");
        }
        let near: Vec<&str> =
            self.catalogue().search(&form.service.replace('-', " ")).iter().take(1).map(|s| s.slug.as_str()).collect();
        let uk = format!("каталог не має послуги «{}»: знайдіть її командою services", form.service);
        let en = format!("the catalogue has no service “{}”: look it up with services", form.service);
        let suggestion = near.first().map(|slug| (*slug).to_owned());
        Finding { suggestion, ..Finding::new(Severity::Error, "service", uk, en) }
    }
}

fn consent_given(form: &Form, consent: &catalogue::Consent, text: &str, found: &mut Vec<Finding>) {
    let given = &form.consent;
    if !given.text.is_empty() && given.text != text && !given.parts.is_empty() {
        let uk = "текст згоди змінився, відколи її зачитали: зачитайте новий і позначте ще раз";
        let en = "the text of the consent has changed since it was read out: read the new one and mark it again";
        found.push(Finding::new(Severity::Error, "consent", uk, en));
    }
    let mut error = |uk: &str, en: &str| found.push(Finding::new(Severity::Error, "consent", uk, en));
    let required = consent.parts.iter().filter(|part| part.required);
    if required.into_iter().any(|part| !form.consent.parts.contains(&part.id)) {
        error(
            "без згоди на обробку персональних даних звернення не можна прийняти: зачитайте її і позначте",
            "a request cannot be taken without consent to the processing of personal data: read it out and mark it",
        );
    }
    if form.consent.parts.iter().any(|id| consent.part(id).is_none()) {
        error("такої частини згоди немає", "the consent has no such part");
    }
    match form.consent.by.as_str() {
        "applicant" | "witnesses" => {}
        "representative" if form.is_represented() => {}
        "representative" => error("згоду дав представник, а його не вписано", "the representative is not written"),
        _ => error(
            "позначте, хто дав згоду: заявник, представник чи при свідках",
            "say who gave the consent: applicant, representative or before witnesses",
        ),
    }
}

/// A rule that wants Latin letters or digits offers what the same keys write in the Latin layout.
fn in_the_right_layout(text: &str, mut finding: Finding) -> Finding {
    let wants_latin = ["email", "a.unzr", "r.unzr"].contains(&finding.key.as_str());
    if finding.suggestion.is_none() && wants_latin {
        finding.suggestion = super::typed_text::latin_meant(text).filter(|meant| fields::email(meant).is_empty());
    }
    finding
}

/// Whether people type this field; the others are written by the program or have places of their own in the form.
fn is_typed(key: &str) -> bool {
    const OURS: [&str; 25] = [
        "v",
        "id",
        "created",
        "officer",
        "officer_name",
        "suitcase",
        "number",
        "submitted",
        "channel",
        "offline",
        "visit",
        "a.resident",
        "r.resident",
        "sheets",
        "service",
        "service_name",
        "release",
        "official",
        "provider",
        "due",
        "handover_due",
        "info_card",
        "c.text",
        "c.by",
        "c.at",
    ];
    let family = ["f.", "d.", "w."].iter().any(|prefix| key.starts_with(prefix)) || key.contains('/');
    !family && !OURS.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Settings;
    use crate::app::testing::{agent, sample_form};
    use catalogue::Allowed;
    use std::collections::BTreeMap;

    fn at(checked: &Checked<'_>, key: &str) -> Vec<(Severity, String)> {
        checked.findings.iter().filter(|f| f.key == key).map(|f| (f.severity, f.uk.clone())).collect()
    }

    #[test]
    fn a_good_form_is_clear_and_says_what_follows() {
        let (_bench, agent) = agent();
        let checked = agent.check(&sample_form()).unwrap();
        assert!(checked.is_clear(), "{:?}", checked.findings);
        assert_eq!(checked.evaluation.as_ref().unwrap().allowed, Allowed::Intake);
        assert_eq!(at(&checked, "settings").len(), 1, "a paper without the centre's name is said before it is printed");
        agent.set_settings(&Settings { centre: "ЦНАП".into(), ..Settings::default() }).unwrap();
        assert!(at(&agent.check(&sample_form()).unwrap(), "settings").is_empty());
    }

    #[test]
    fn a_wrong_check_digit_wants_a_reason_and_a_wrong_form_is_refused() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.fields.insert("a.rnokpp".into(), "1408212321".into());
        assert!(!at(&agent.check(&form).unwrap(), "a.rnokpp").is_empty());
        form.accepted.insert("a.rnokpp".into(), "так у картці".into());
        assert!(agent.check(&form).unwrap().is_clear());
        form.fields.insert("a.rnokpp".into(), "140821232".into());
        assert!(!agent.check(&form).unwrap().is_clear(), "a reason does not mend an error");
    }

    #[test]
    fn unknown_things_are_named() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.fields.insert("a.shoe".into(), "43".into());
        form.fields.insert("official".into(), "1".into());
        form.papers.insert("letter".into(), super::super::PaperTaken { seen: true, ..Default::default() });
        form.answers.insert("unasked".into(), "так".into());
        form.consent.parts.clear();
        let checked = agent.check(&form).unwrap();
        for key in ["a.shoe", "official", "d.letter", "f.unasked", "consent"] {
            assert!(at(&checked, key).iter().any(|(severity, _)| *severity == Severity::Error), "{key}");
        }
        form.service = "housing".into();
        let checked = agent.check(&form).unwrap();
        let finding = checked.findings.iter().find(|f| f.key == "service").unwrap();
        assert_eq!(finding.suggestion.as_deref(), Some("housing-subsidy"));
    }

    #[test]
    fn a_missing_paper_wants_a_reason() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.papers.remove("application");
        assert_eq!(at(&agent.check(&form).unwrap(), "d.application")[0].0, Severity::Warning);
        form.accepted.insert("d.application".into(), "підпише в центрі".into());
        assert!(agent.check(&form).unwrap().is_clear());
    }

    #[test]
    fn every_question_of_the_catalogue_has_a_place_in_a_record() {
        for service in catalogue::Catalogue::embedded().services() {
            let nothing = BTreeMap::new();
            for input in service.fields.iter().flat_map(|field| field.inputs(&nothing)) {
                let key = format!("f.{}", input.key.replace(".1.", ".50."));
                assert!(records::schema::field(Kind::Request, &key).is_some(), "{}: {key}", service.slug);
                assert!(
                    records::schema::field(Kind::Request, &format!("w.{key}")).is_some(),
                    "{}: {key}",
                    service.slug
                );
            }
            for paper in &service.papers {
                let key = format!("d.{}", paper.id);
                assert!(records::schema::field(Kind::Request, &key).is_some(), "{}: {key}", service.slug);
                assert!(
                    records::schema::field(Kind::Request, &format!("w.{key}")).is_some(),
                    "{}: {key}",
                    service.slug
                );
            }
        }
    }

    #[test]
    fn a_clock_at_1970_is_said_and_stops_nothing() {
        let (bench, agent) = agent();
        for odd in [0, 4_070_908_800_000] {
            bench.clock.set_wall(clock::Time(odd));
            let checked = agent.check(&sample_form()).unwrap();
            assert!(checked.is_clear(), "{:?}", checked.findings);
            assert_eq!(at(&checked, "clock").len(), 1);
        }
    }
}
