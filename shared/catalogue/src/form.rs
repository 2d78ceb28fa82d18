//! The form as it is asked, and what is wrong with the answers: structure only.

use jiff::civil::Date;

use crate::condition::{Answers, Circumstances, answer};
use crate::field::{Field, FieldType, Part, PartType};
use crate::service::Service;
use crate::settlements::Katottg;
use crate::text::Text;

/// Rows a list may have.
pub const MAX_ROWS: usize = 50;

/// Characters one answer may have.
pub const MAX_TEXT: usize = 4_000;

/// One input of a form as it is shown: the leaf that a person fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input<'a> {
    /// The field it belongs to.
    pub field: &'a Field,
    /// Key of the answer.
    pub key: String,
    /// Label of the input itself: the field's, the part's, the column's or the option's.
    pub label: Text,
    /// What it takes.
    pub kind: PartType,
    /// Whether it must be filled, given what is filled around it.
    pub required: bool,
    /// Number of its row, from 1, in lists.
    pub row: Option<usize>,
}

/// Something wrong with the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Key of the input; for a list or a choice of several without any, of the field.
    pub key: String,
    /// What is wrong.
    pub kind: IssueKind,
    /// What is wrong and what to do.
    pub message: Text,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueKind {
    /// Required and not answered.
    Missing,
    /// Not a day of the calendar.
    NotADate,
    /// Not a number, or a negative one.
    NotANumber,
    /// Not one of the options.
    NotAnOption,
    /// Not of the form the input takes.
    Malformed,
    /// Too long, or too many rows.
    TooLong,
    /// The form has no such input, or does not ask it now.
    NotAsked,
}

impl Service {
    /// A field by its id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The fields that are asked, given the answers so far, in order. A field whose question depends on a hidden one
    /// is hidden, too.
    pub fn visible_fields(&self, answers: &Answers) -> Vec<&Field> {
        let mut visible: Vec<&Field> = Vec::new();
        for field in &self.fields {
            let shown = field.show_if.as_ref().is_none_or(|condition| {
                let named = condition.answers_named();
                named.iter().all(|(on, _)| visible.iter().any(|other| other.id == *on))
                    && condition.holds(&Circumstances::of_answers(answers)) == Some(true)
            });
            if shown {
                visible.push(field);
            }
        }
        visible
    }

    /// The inputs that are asked, given the answers so far. Lists have the rows that are begun and one empty row
    /// after them.
    pub fn inputs(&self, answers: &Answers) -> Vec<Input<'_>> {
        self.visible_fields(answers).into_iter().flat_map(|field| field.inputs(answers)).collect()
    }

    /// Everything wrong with the answers, in the order of the form; answers to nothing asked come last.
    pub fn check(&self, answers: &Answers) -> Vec<Issue> {
        let mut issues = Vec::new();
        let mut asked = std::collections::BTreeSet::new();
        for field in self.visible_fields(answers) {
            let inputs = field.inputs(answers);
            if field.required && !inputs.iter().any(|input| answer(answers, &input.key).is_some()) {
                issues.push(missing(&field.id, &field.label));
            }
            for input in inputs {
                issues.extend(input.check(answers));
                asked.insert(input.key);
            }
        }
        let stray = answers.keys().filter(|key| answer(answers, key).is_some() && !asked.contains(*key));
        issues.extend(stray.map(|key| not_asked(key)));
        issues
    }
}

impl Field {
    /// The inputs of this field, given the answers so far.
    pub fn inputs(&self, answers: &Answers) -> Vec<Input<'_>> {
        match &self.kind {
            FieldType::MultiChoice(options) => options
                .iter()
                .map(|option| self.input(&option.value, option.label.clone(), PartType::Tick, false, None))
                .collect(),
            FieldType::Person => self.parts(Part::of_person(), None, answers),
            FieldType::Address => self.parts(Part::of_address(), None, answers),
            FieldType::DocumentRef => self.parts(Part::of_document(), None, answers),
            FieldType::PersonList => {
                self.rows(answers).flat_map(|row| self.parts(Part::of_person(), Some(row), answers)).collect()
            }
            FieldType::Table(_) => self.rows(answers).flat_map(|row| self.columns(row, answers)).collect(),
            FieldType::Attachments => self
                .rows(answers)
                .map(|row| self.input(&row.to_string(), self.label.clone(), PartType::File, false, Some(row)))
                .collect(),
            single => {
                let kind = single.single().unwrap_or(PartType::Text);
                // A single input that is required is reported by the field itself.
                let input = Input {
                    field: self,
                    key: self.id.clone(),
                    label: self.label.clone(),
                    kind,
                    required: self.required,
                    row: None,
                };
                vec![input]
            }
        }
    }

    fn input(&self, tail: &str, label: Text, kind: PartType, required: bool, row: Option<usize>) -> Input<'_> {
        Input { field: self, key: format!("{}.{tail}", self.id), label, kind, required, row }
    }

    /// A part is required once its person, address or document is begun, or where the field itself is required.
    fn parts(&self, parts: &'static [Part], row: Option<usize>, answers: &Answers) -> Vec<Input<'_>> {
        let tail = |part: &Part| row.map_or(part.id.to_owned(), |row| format!("{row}.{}", part.id));
        let begun = parts.iter().any(|part| answer(answers, &format!("{}.{}", self.id, tail(part))).is_some());
        let wanted = begun || (self.required && row.is_none());
        parts
            .iter()
            .map(|part| self.input(&tail(part), part.label(), part.kind, part.required && wanted, row))
            .collect()
    }

    fn columns(&self, row: usize, answers: &Answers) -> Vec<Input<'_>> {
        let FieldType::Table(columns) = &self.kind else { return Vec::new() };
        let begun = columns.iter().any(|c| answer(answers, &format!("{}.{row}.{}", self.id, c.id)).is_some());
        let input = |column: &crate::field::Column| {
            let required = column.required && begun;
            self.input(&format!("{row}.{}", column.id), column.label.clone(), column.kind, required, Some(row))
        };
        columns.iter().map(input).collect()
    }

    /// The numbers of the rows to ask: those begun, and one more.
    fn rows(&self, answers: &Answers) -> std::ops::RangeInclusive<usize> {
        let prefix = format!("{}.", self.id);
        let mut last = 0;
        for (key, value) in answers.range(prefix.clone()..) {
            let Some(tail) = key.strip_prefix(&prefix) else { break };
            let number = tail.split('.').next().and_then(|number| number.parse::<usize>().ok());
            if let Some(row) = number.filter(|row| *row <= MAX_ROWS && !value.trim().is_empty()) {
                last = last.max(row);
            }
        }
        1..=(last + 1).min(MAX_ROWS)
    }
}

impl Input<'_> {
    /// What is wrong with the answer to this input, if anything. A required field that has no answer at all is
    /// reported once, by [`Service::check`], under the field's key.
    fn check(&self, answers: &Answers) -> Option<Issue> {
        let Some(value) = answer(answers, &self.key) else {
            let alone = self.key == self.field.id;
            let begun = self.field.inputs(answers).iter().any(|other| answer(answers, &other.key).is_some());
            return (self.required && !alone && begun).then(|| missing(&self.key, &self.label));
        };
        if value.chars().count() > MAX_TEXT {
            return Some(self.issue(
                IssueKind::TooLong,
                format!("задовге: скоротіть до {MAX_TEXT} знаків"),
                format!("too long: shorten it to {MAX_TEXT} characters"),
            ));
        }
        let (kind, uk, en) = self.malformed(value)?;
        Some(self.issue(kind, uk.to_owned(), en.to_owned()))
    }

    fn issue(&self, kind: IssueKind, uk: String, en: String) -> Issue {
        let message = Text::new(format!("«{}» {uk}", self.label.uk), format!("“{}” {en}", self.label.en));
        Issue { key: self.key.clone(), kind, message }
    }

    fn malformed(&self, value: &str) -> Option<(IssueKind, &'static str, &'static str)> {
        let one_line = !value.chars().any(char::is_control);
        let ok = match self.kind {
            PartType::TextArea => !value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')),
            PartType::Date => return (!is_date(value)).then_some(NOT_A_DATE),
            PartType::Number => return (!is_number(value, None)).then_some(NOT_A_NUMBER),
            PartType::Money => return (!is_number(value, Some(2))).then_some(NOT_MONEY),
            PartType::YesNo => return (!matches!(value, "yes" | "no")).then_some(NOT_YES_NO),
            PartType::Tick => return (value != "yes").then_some(NOT_AN_OPTION),
            PartType::Choice => {
                return (!self.field.kind.options().iter().any(|o| o.value == value)).then_some(NOT_AN_OPTION);
            }
            PartType::Katottg => return value.parse::<Katottg>().err().map(|_| NOT_KATOTTG),
            PartType::PostCode => value.len() == 5 && value.bytes().all(|b| b.is_ascii_digit()),
            PartType::PersonName => one_line && !value.chars().any(|c| c.is_ascii_digit()),
            PartType::Phone | PartType::TaxNumber | PartType::Iban | PartType::CadastralNumber => {
                one_line && value.chars().any(|c| c.is_ascii_digit())
            }
            PartType::Text | PartType::File => one_line,
        };
        (!ok).then_some(MALFORMED)
    }
}

type Fault = (IssueKind, &'static str, &'static str);
const NOT_A_DATE: Fault = (
    IssueKind::NotADate,
    "не є датою: потрібен день, місяць і рік, наприклад 21.11.2026",
    "is not a date: give day, month and year, such as 21.11.2026",
);
const NOT_A_NUMBER: Fault = (
    IssueKind::NotANumber,
    "не є числом: потрібне невід’ємне число, наприклад 54,3",
    "is not a number: give a number of zero or more, such as 54.3",
);
const NOT_MONEY: Fault = (
    IssueKind::NotANumber,
    "не є сумою: потрібні гривні й щонайбільше дві цифри копійок, наприклад 1250,40",
    "is not an amount: give hryvnias and at most two decimals, such as 1250.40",
);
const NOT_YES_NO: Fault = (IssueKind::NotAnOption, "потребує відповіді «так» або «ні»", "must be answered yes or no");
const NOT_AN_OPTION: Fault = (
    IssueKind::NotAnOption,
    "має відповідь, якої немає у списку: оберіть зі списку",
    "has an answer that is not in the list: choose from it",
);
const NOT_KATOTTG: Fault = (
    IssueKind::Malformed,
    "не є кодом КАТОТТГ: оберіть населений пункт із підказок",
    "is not a KATOTTG code: choose the settlement from the suggestions",
);
const MALFORMED: Fault = (
    IssueKind::Malformed,
    "заповнено не за формою: перевірте написане",
    "is not of the right form: check what is written",
);

fn is_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<Date>().is_ok()
}

/// Digits, then at most one point or comma with digits after it.
fn is_number(value: &str, decimals: Option<usize>) -> bool {
    let (whole, rest) = value.split_once(['.', ',']).unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    whole.len() <= 15 && digits(whole) && digits(rest) && rest.len() <= decimals.unwrap_or(6)
}

fn missing(key: &str, label: &Text) -> Issue {
    Issue {
        key: key.to_owned(),
        kind: IssueKind::Missing,
        message: Text::new(format!("Заповніть «{}»", label.uk), format!("Fill in “{}”", label.en)),
    }
}

fn not_asked(key: &str) -> Issue {
    let key_shown: String = key.chars().take(64).collect();
    Issue {
        key: key.to_owned(),
        kind: IssueKind::NotAsked,
        message: Text::new(
            format!(
                "Відповідь «{key_shown}» у цій формі зараз не потрібна: вилучіть її або змініть попередні відповіді"
            ),
            format!("The form does not ask for “{key_shown}” now: remove it or change the answers before it"),
        ),
    }
}
