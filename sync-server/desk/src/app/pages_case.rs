//! A request as its page shows it: what it says in the order of the paper, in words, beside everything that happened.

use super::traces::How;
use super::{Desk, DeskError, RequestPage};
use catalogue::{Answers, Catalogue, PartType, Settlements};
use records::fields::DocumentKind;
use records::schema::{self, Kind};
use records::view::{Address, Party, Register, RequestView};
use records::{PaperForm, Value};
use std::collections::BTreeMap;

/// A value as a page writes it; language and form of dates are the page's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// As it was typed.
    Text(String),
    /// In words, Ukrainian and English.
    Words(String, String),
    /// A day, `YYYY-MM-DD`.
    Day(String),
    /// A moment, ms since 1970.
    At(i64),
    /// A telephone number.
    Phone(String),
    /// РНОКПП.
    TaxNumber(String),
    /// Kopiykas.
    Money(u64),
}

/// One value with its author, where several people wrote one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What a choice names it by.
    pub mark: String,
    /// The value.
    pub value: FactValue,
    /// Login of the author; may be empty.
    pub by: String,
    /// From which suitcase; `None` for the centre.
    pub suitcase: Option<u16>,
    /// The author's device time, ms since 1970.
    pub at: i64,
}

/// One line of what a request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// The field; empty for lines put together from several.
    pub key: String,
    /// What it is, Ukrainian and English.
    pub label: (String, String),
    /// What stands.
    pub value: FactValue,
    /// Everything people wrote, the standing value first; empty where they agree.
    pub differing: Vec<Shown>,
    /// The others were written after a decision.
    pub is_proposal: bool,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactGroup {
    /// What it is about, Ukrainian and English.
    pub title: (&'static str, &'static str),
    /// Its lines.
    pub rows: Vec<FactRow>,
}

/// One paper of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLine {
    /// What it is.
    pub name: String,
    /// Series, number, date.
    pub details: String,
    /// In which form it was taken, Ukrainian and English; empty if that was not said.
    pub form: (&'static str, &'static str),
    /// Sheets, 0 if not counted.
    pub sheets: u16,
    /// The original was seen.
    pub seen: bool,
    /// Given back at once.
    pub returned: bool,
}

/// Everything on a request's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePage {
    /// Events, choices, actions.
    pub page: RequestPage,
    /// Number on the опис; the record's id if there is none. Addresses are made of it.
    pub number: String,
    /// What it says, in the order of the paper.
    pub groups: Vec<FactGroup>,
    /// The papers handed in.
    pub papers: Vec<PaperLine>,
    /// Fields in which a person has to choose.
    pub differing: Vec<FactRow>,
    /// Grounds on which this service may be refused, Ukrainian and English.
    pub grounds: Vec<(String, String)>,
    /// Who gives the service, as the form is filled in beforehand.
    pub provider: String,
    /// Suitcases that work and do not have the request yet.
    pub grantable: Vec<u16>,
    /// Names of the people of the centre, by login.
    pub names: BTreeMap<String, String>,
    /// Who asks for the page, by login.
    pub by: String,
    /// Today, 21.11.2026.
    pub today: String,
    /// Control date, put off if it was, `YYYY-MM-DD`; may be empty.
    pub due: String,
    /// Working days until «передати до»; `None` where nothing has to be handed over any more.
    pub days_left: Option<i32>,
}

impl CasePage {
    /// The name of who asks for the page, or the login.
    pub fn own_name(&self) -> String {
        super::routing::name_of(&self.names, &self.by)
    }
}

const PERSON: [&str; 9] = ["dob", "sex", "rnokpp", "norn", "unzr", "issued", "until", "org", "seen"];

impl Desk {
    /// The page of the request with this number.
    /// How it is seen is noted before.
    pub fn case(&self, by: &str, number: &str, how: How) -> Result<CasePage, DeskError> {
        let page = self.request(by, number)?;
        self.note_look(by, how, &[page.record], "")?;
        let view = &page.view;
        let facts = Facts { desk: self, page: &page, view };
        let groups = facts.groups();
        let differing = page.choices.iter().map(|choice| facts.row(&choice.key, &view.registers.register(&choice.key)));
        let differing = differing.collect();
        let papers = view.papers().map(|(_, paper)| paper_line(paper)).collect();
        let catalogue = self.catalogue_for(view);
        let service = catalogue.service(view.service.text());
        let grounds = service.map_or_else(Vec::new, |service| {
            service.refusal_grounds.iter().map(|ground| (ground.uk.clone(), ground.en.clone())).collect()
        });
        let names = self.names()?;
        let grantable = self.grantable(&page.shared_with)?;
        let waits = super::Group::HandOverToday.holds(view.state());
        let days_left = waits.then(|| self.working_days_until(&page.handover_due)).flatten();
        let provider = self.provider_of(view);
        let number = if view.number.is_empty() { page.record.to_string() } else { view.number.clone() };
        let today = self.today().split('-').rev().collect::<Vec<_>>().join(".");
        let due = view.prolonged_to().unwrap_or(view.due.text()).to_owned();
        let by = by.to_owned();
        Ok(CasePage {
            number,
            groups,
            papers,
            differing,
            grounds,
            provider,
            grantable,
            names,
            by,
            today,
            due,
            days_left,
            page,
        })
    }

    fn grantable(&self, shared_with: &[u16]) -> Result<Vec<u16>, DeskError> {
        let rows = self.suitcases()?;
        let live = rows.iter().filter(|row| matches!(row.state, super::SuitcaseState::Live));
        let mut numbers: Vec<u16> = live.map(|row| row.number).filter(|number| !shared_with.contains(number)).collect();
        numbers.dedup();
        Ok(numbers)
    }

    /// Who gives the service: as recorded, else as the catalogue says.
    pub(crate) fn provider_of(&self, view: &RequestView) -> String {
        if !view.provider.text().is_empty() {
            return view.provider.text().to_owned();
        }
        let catalogue = self.catalogue_for(view);
        let service = catalogue.service(view.service.text());
        let authorities = service.into_iter().flat_map(|service| &service.authorities);
        let first = authorities.filter_map(|id| catalogue.authority(id)).next();
        first.map(|authority| authority.name.uk.clone()).unwrap_or_default()
    }
}

struct Facts<'a> {
    desk: &'a Desk,
    page: &'a RequestPage,
    view: &'a RequestView,
}

impl Facts<'_> {
    fn groups(&self) -> Vec<FactGroup> {
        let view = self.view;
        let mut groups =
            vec![FactGroup { title: ("Заявник", "Applicant"), rows: self.person("a", &view.applicant) }];
        let mut addresses = self.address("pr", "Адреса реєстрації", "Registered address", &view.registered);
        addresses.extend(self.address("pa", "Адреса проживання", "Address of residence", &view.actual));
        addresses.extend(self.fields(&["phone", "phone2", "email", "contact_other"]));
        groups.push(FactGroup { title: ("Адреса і зв’язок", "Address and contacts"), rows: addresses });
        let mut representative = self.person("r", &view.representative);
        representative.extend(self.fields(&["r.power", "r.power_no", "r.power_date", "r.phone"]));
        groups.push(FactGroup { title: ("Представник", "Representative"), rows: representative });
        let mut service = vec![self.line("Послуга", "Service", words(&self.page.service_name))];
        service.extend(self.differing_only(&["service", "service_name"]));
        service.extend(self.fields(&["summary", "provider", "fee", "fee_receipt", "fee_date", "delivery", "due"]));
        groups.push(FactGroup { title: ("Послуга", "Service"), rows: service });
        let asked = view.answers().map(|(question, _)| question.to_owned()).collect();
        let asked = in_order_of_form(self.desk.catalogue_for(view), view.service.text(), asked);
        let answers: Vec<String> = asked.iter().map(|question| format!("f.{question}")).collect();
        let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
        groups.push(FactGroup { title: ("Відповіді", "Answers"), rows: self.fields(&answers) });
        groups.push(FactGroup { title: ("Як прийнято", "How it was taken"), rows: self.taking() });
        groups.retain(|group| !group.rows.is_empty());
        groups
    }

    fn person(&self, prefix: &str, party: &Party) -> Vec<FactRow> {
        let key = |name: &str| format!("{prefix}.{name}");
        let mut rows = Vec::new();
        if !party.is_empty() {
            let name = FactValue::Text(party.full_name());
            rows.push(self.line("Прізвище, ім’я, по батькові", "Surname, given name, patronymic", name));
        }
        rows.extend(self.differing_only(&[&key("last"), &key("first"), &key("patr")]));
        if prefix == "a" {
            rows.extend(self.fields(&["a.orgname", "a.edrpou"]));
        }
        let document = [party.series.text(), party.number.text()].join(" ").trim().to_owned();
        if !party.document.text().is_empty() || !document.is_empty() {
            let (uk, en) = document_name(party.document.text());
            let value = FactValue::Words(
                format!("{uk} {document}").trim().to_owned(),
                format!("{en} {document}").trim().to_owned(),
            );
            rows.push(self.line("Документ", "Document", value));
        }
        rows.extend(self.differing_only(&[&key("doc"), &key("ser"), &key("num")]));
        let keys: Vec<String> = PERSON.iter().map(|name| key(name)).collect();
        rows.extend(self.fields(&keys.iter().map(String::as_str).collect::<Vec<_>>()));
        rows
    }

    fn address(&self, prefix: &str, uk: &str, en: &str, address: &Address) -> Vec<FactRow> {
        let mut rows = Vec::new();
        let mut line = address.line();
        if address.place.text().is_empty()
            && let Some(place) = place_name(address.katottg.text())
        {
            line = [place, line].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        }
        if !line.is_empty() {
            rows.push(self.line(uk, en, FactValue::Text(line)));
        }
        let parts = ["kat", "place", "index", "stype", "street", "house", "part", "flat", "since"];
        let keys: Vec<String> = parts.iter().map(|part| format!("{prefix}.{part}")).collect();
        rows.extend(self.differing_only(&keys.iter().map(String::as_str).collect::<Vec<_>>()));
        rows
    }

    fn taking(&self) -> Vec<FactRow> {
        let view = self.view;
        let mut rows = vec![self.line("Подано", "Submitted", FactValue::At(view.submitted_at))];
        let channel = match view.channel.as_str() {
            "visit" => FactValue::Words("на виїзді".into(), "on a visit".into()),
            "desk" => FactValue::Words("у центрі".into(), "at the centre".into()),
            other => FactValue::Text(other.to_owned()),
        };
        rows.push(self.line("Де прийнято", "Where it was taken", channel));
        if let Some(number) = self.page.suitcase {
            rows.push(self.line("Валіза", "Suitcase", FactValue::Text(number.to_string())));
        }
        let officer = if view.officer_name.is_empty() { &view.officer } else { &view.officer_name };
        rows.push(self.line("Хто прийняв", "Taken by", FactValue::Text(officer.clone())));
        if view.offline {
            let words = ("без доступу до державних реєстрів", "without access to the state registers");
            rows.push(self.line("Умови", "Circumstances", FactValue::Words(words.0.into(), words.1.into())));
        }
        rows.extend(self.fields(&["c.by", "c.at", "info_card", "release"]));
        rows
    }

    fn line(&self, uk: &str, en: &str, value: FactValue) -> FactRow {
        let label = (uk.to_owned(), en.to_owned());
        FactRow { key: String::new(), label, value, differing: Vec::new(), is_proposal: false }
    }

    /// Those of the fields that say something.
    fn fields(&self, keys: &[&str]) -> Vec<FactRow> {
        let written = keys.iter().filter_map(|key| Some((*key, self.view.registers.get(key)?)));
        let filled = written.filter(|(key, register)| self.choice_of(key) || !is_blank(register));
        filled.map(|(key, register)| self.row(key, register)).collect()
    }

    /// Those of the fields in which people differ; the page shows the rest in one line.
    fn differing_only(&self, keys: &[&str]) -> Vec<FactRow> {
        let differing = keys.iter().filter(|key| self.choice_of(key));
        differing.map(|key| self.row(key, &self.view.registers.register(key))).collect()
    }

    fn choice_of(&self, key: &str) -> bool {
        self.page.choices.iter().any(|choice| choice.key == key)
    }

    fn row(&self, key: &str, register: &Register) -> FactRow {
        let choice = self.page.choices.iter().find(|choice| choice.key == key);
        let written = register.values.iter().take(if choice.is_some_and(|c| c.is_proposal) { 1 } else { usize::MAX });
        let written: Vec<_> = written.chain(&register.proposals).collect();
        let shown = |(at, value): (usize, &super::request::ChoiceValue)| Shown {
            mark: value.mark.clone(),
            value: written.get(at).map_or_else(|| FactValue::Text(value.text.clone()), |w| self.value(key, &w.value)),
            by: value.by.clone(),
            suitcase: value.suitcase,
            at: value.at,
        };
        FactRow {
            key: key.to_owned(),
            label: self.label(key),
            value: register.value().map_or(FactValue::Text(String::new()), |value| self.value(key, value)),
            differing: choice.map_or_else(Vec::new, |choice| choice.values.iter().enumerate().map(shown).collect()),
            is_proposal: choice.is_some_and(|choice| choice.is_proposal),
        }
    }

    fn label(&self, key: &str) -> (String, String) {
        if let Some(question) = key.strip_prefix("f.") {
            return question_label(self.desk.catalogue_for(self.view), self.view.service.text(), question);
        }
        let known = schema::field(Kind::Request, key).map_or((key, key), |field| (field.uk, field.en));
        (plain(known.0), plain(known.1))
    }

    fn value(&self, key: &str, value: &Value) -> FactValue {
        let text = super::request::as_text(value);
        let last = key.rsplit('.').next().unwrap_or(key);
        if let Some(question) = key.strip_prefix("f.") {
            return answer(self.desk.catalogue_for(self.view), self.view.service.text(), question, text);
        }
        match (last, value) {
            (_, Value::Bool(yes)) => yes_or_no(*yes),
            ("fee", Value::Int(kopiykas)) => FactValue::Money(u64::try_from(*kopiykas).unwrap_or(0)),
            ("at", Value::Int(at)) => FactValue::At(*at),
            ("dob" | "issued" | "until" | "since" | "due" | "handover_due" | "fee_date" | "power_date", _) => {
                FactValue::Day(text)
            }
            ("phone" | "phone2", _) => FactValue::Phone(text),
            ("rnokpp", _) => FactValue::TaxNumber(text),
            ("kat", _) => FactValue::Text(place_name(&text).unwrap_or(text)),
            ("doc", _) => {
                let (uk, en) = document_name(&text);
                FactValue::Words(uk, en)
            }
            ("sex" | "seen" | "delivery" | "by", _) => code_words(last, text),
            _ => FactValue::Text(text),
        }
    }
}

fn is_blank(register: &Register) -> bool {
    match register.value() {
        Some(Value::Text(text)) => text.trim().is_empty(),
        Some(Value::Bool(yes)) => !yes,
        Some(Value::Int(_)) => false,
        None => true,
    }
}

fn words(both: &(String, String)) -> FactValue {
    FactValue::Words(both.0.clone(), both.1.clone())
}

fn yes_or_no(yes: bool) -> FactValue {
    let (uk, en) = if yes { ("так", "yes") } else { ("ні", "no") };
    FactValue::Words(uk.into(), en.into())
}

fn code_words(field: &str, code: String) -> FactValue {
    let (uk, en) = match (field, code.as_str()) {
        ("sex", "m") => ("чоловіча", "male"),
        ("sex", "f") => ("жіноча", "female"),
        ("seen", "original") => ("за оригіналом документа", "by the original of the document"),
        ("seen", "chip") => ("за чипом документа", "by the document's chip"),
        ("seen", "diia") => ("за Дією", "by Diia"),
        ("seen", "none") => ("документа не було", "there was no document"),
        ("delivery", "person") => ("особисто в центрі", "in person at the centre"),
        ("delivery", "home") => ("вдома, на виїзді", "at home, on a visit"),
        ("delivery", "post") => ("поштою", "by post"),
        ("delivery", "phone") => ("телефоном", "by telephone"),
        ("by", "applicant") => ("заявник", "the applicant"),
        ("by", "representative") => ("представник", "the representative"),
        _ => return FactValue::Text(code),
    };
    FactValue::Words(uk.into(), en.into())
}

fn document_name(code: &str) -> (String, String) {
    match DocumentKind::from_text(code) {
        Some(kind) => (kind.label().0.to_owned(), kind.label().1.to_owned()),
        None => (code.to_owned(), code.to_owned()),
    }
}

pub(super) fn place_name(code: &str) -> Option<String> {
    Settlements::embedded().by_code(code.parse().ok()?).map(|place| place.display())
}

/// «заявник: прізвище» as a line under «Заявник»: «Прізвище», without the codes in brackets.
fn plain(label: &str) -> String {
    let label = label.split(" (").next().unwrap_or(label);
    let label = label.rsplit(": ").next().unwrap_or(label);
    let mut characters = label.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Questions as the form asks them; those that it does not ask (any more) come last.
fn in_order_of_form(catalogue: &Catalogue, service: &str, mut questions: Vec<String>) -> Vec<String> {
    let answered: Answers = questions.iter().map(|question| (question.clone(), "x".to_owned())).collect();
    let fields = catalogue.service(service).into_iter().flat_map(|service| &service.fields);
    let asked: Vec<String> = fields.flat_map(|field| field.inputs(&answered)).map(|input| input.key).collect();
    questions.sort_by_key(|question| asked.iter().position(|key| key == question).unwrap_or(usize::MAX));
    questions
}

fn question_label(catalogue: &Catalogue, service: &str, question: &str) -> (String, String) {
    let field = catalogue.service(service).and_then(|s| s.field(question.split('.').next().unwrap_or_default()));
    let Some(field) = field else { return (question.to_owned(), question.to_owned()) };
    let answers = [(question.to_owned(), "x".to_owned())].into();
    let input = field.inputs(&answers).into_iter().find(|input| input.key == question);
    match input {
        Some(input) if input.key != field.id => {
            let row = input.row.map(|row| format!(" {row}")).unwrap_or_default();
            let joined = |of: &str, part: &str| format!("{of}{row}: {part}");
            (joined(&field.label.uk, &input.label.uk), joined(&field.label.en, &input.label.en))
        }
        _ => (field.label.uk.clone(), field.label.en.clone()),
    }
}

fn answer(catalogue: &Catalogue, service: &str, question: &str, text: String) -> FactValue {
    let field = catalogue.service(service).and_then(|s| s.field(question.split('.').next().unwrap_or_default()));
    let chosen = field.and_then(|field| field.kind.options().iter().find(|option| option.value == text));
    let answers: Answers = [(question.to_owned(), text.clone())].into();
    let kind = field.and_then(|field| field.inputs(&answers).into_iter().find(|input| input.key == question));
    match kind.map(|input| input.kind) {
        Some(PartType::TaxNumber) => return FactValue::TaxNumber(text),
        Some(PartType::Phone) => return FactValue::Phone(text),
        Some(PartType::Number) => return FactValue::Text(text.replace('.', ",")),
        _ => {}
    }
    match (chosen, text.as_str()) {
        (Some(option), _) => FactValue::Words(option.label.uk.clone(), option.label.en.clone()),
        (None, "yes") => yes_or_no(true),
        (None, "no") => yes_or_no(false),
        (None, day) if is_day(day) => FactValue::Day(text),
        _ => FactValue::Text(place_name(&text).unwrap_or(text)),
    }
}

fn is_day(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| text.get(range).is_some_and(|t| t.bytes().all(|b| b.is_ascii_digit()));
    text.len() == 10
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && text.as_bytes()[4] == b'-'
        && text.as_bytes()[7] == b'-'
}

fn paper_line(paper: records::Paper) -> PaperLine {
    let form = match paper.form {
        PaperForm::Original => ("оригінал", "original"),
        PaperForm::Copy => ("копія", "copy"),
        PaperForm::Scan => ("скан або фото", "scan or photograph"),
        PaperForm::Unknown => ("", ""),
    };
    PaperLine {
        name: paper.name,
        details: paper.details,
        form,
        sheets: paper.sheets,
        seen: paper.seen,
        returned: paper.returned,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn what_a_request_says_stands_in_the_order_of_the_paper() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let case = town.desk.case("admin", &number, How::Page).unwrap();
        let titles: Vec<&str> = case.groups.iter().map(|group| group.title.0).collect();
        assert_eq!(titles, ["Заявник", "Адреса і зв’язок", "Послуга", "Як прийнято"]);
        assert_eq!(case.groups[0].rows[0].value, FactValue::Text("Коваль Ганна".into()));
        assert_eq!(case.groups[1].rows[0].value, FactValue::Phone("+380501234567".into()));
        assert_eq!(case.days_left, Some(1));
        assert!(case.grantable.is_empty(), "the only suitcase has it");
        assert!(town.desk.case("nobody", &number, How::Page).is_err());
    }

    #[test]
    fn answers_stand_in_the_order_of_the_form() {
        let embedded = Catalogue::embedded();
        let keys = ["gone", "household.1.tax_number", "area", "household.1.surname"];
        let ordered = in_order_of_form(embedded, "housing-subsidy", keys.map(str::to_owned).into());
        let at = |key: &str| ordered.iter().position(|other| other == key);
        assert!(at("household.1.surname") < at("household.1.tax_number"), "{ordered:?}");
        assert_eq!(at("gone"), Some(3), "{ordered:?}");
        let number = answer(embedded, "housing-subsidy", "household.1.tax_number", "1991596581".into());
        assert_eq!(number, FactValue::TaxNumber("1991596581".into()));
    }

    #[test]
    fn labels_lose_their_codes_and_days_are_told_from_text() {
        assert_eq!(plain("заявник: стать (m, f)"), "Стать");
        assert_eq!(plain("згода: коли (мс)"), "Коли");
        assert_eq!(plain(""), "");
        assert!(is_day("2026-11-21") && !is_day("2026-11-2я") && !is_day("21.11.2026"));
    }
}
