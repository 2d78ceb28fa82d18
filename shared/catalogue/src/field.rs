//! Fields of a service's form and the parts that composite fields are asked in.

use crate::condition::Condition;
use crate::text::Text;

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Key of the field within its service: small Latin letters, digits, underscores.
    pub id: String,
    /// What is asked.
    pub label: Text,
    /// A sentence of help under the label.
    pub hint: Option<Text>,
    /// What kind of answer is wanted.
    pub kind: FieldType,
    /// Whether the form is incomplete without it (while the field is visible).
    pub required: bool,
    /// The field is asked only while this holds.
    pub show_if: Option<Condition>,
}

/// What kind of answer a field wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    TextArea,
    /// A day, `2026-11-21`.
    Date,
    /// A decimal number that is not negative.
    Number,
    /// A question answered `yes` or `no`; neither is a default.
    YesNo,
    /// One of the options.
    Choice(Vec<Choice>),
    /// Any of the options; each is asked under its own key `field.option` and ticked by `yes`.
    MultiChoice(Vec<Choice>),
    /// One person, asked in [parts](Part::of_person).
    Person,
    /// Several people, in rows of the parts of a person.
    PersonList,
    /// An address, asked in [parts](Part::of_address).
    Address,
    /// A unit of the codifier: its KATOTTG code.
    Katottg,
    /// A telephone number.
    Phone,
    /// A bank account.
    Iban,
    /// A land parcel's cadastral number.
    CadastralNumber,
    /// Another document's details, asked in [parts](Part::of_document).
    DocumentRef,
    /// Rows of the columns.
    Table(Vec<Column>),
    /// Files: rows of one opaque reference each.
    Attachments,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: Text,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Key of the column.
    pub id: String,
    /// Its heading.
    pub label: Text,
    /// What is asked in it.
    pub kind: PartType,
    /// Whether every row that was begun needs it.
    pub required: bool,
}

/// One part of a composite field, asked as one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Key of the part: the input's key is `field.part`, in lists `field.row.part`.
    pub id: &'static str,
    /// Label in Ukrainian.
    pub uk: &'static str,
    /// Label in English.
    pub en: &'static str,
    /// What is asked.
    pub kind: PartType,
    /// Whether the field, once begun, is incomplete without it.
    pub required: bool,
}

/// What one input takes. Structure is checked here; rules of identity (check digits, number formats) are checked
/// by whoever knows them, by this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartType {
    /// One line.
    Text,
    /// Several lines.
    TextArea,
    /// A day, `2026-11-21`.
    Date,
    /// A decimal number that is not negative.
    Number,
    /// An amount in hryvnias, at most two decimals.
    Money,
    /// `yes` or `no`.
    YesNo,
    /// A tick: `yes` or nothing.
    Tick,
    /// One of the field's options.
    Choice,
    /// A surname, given name or patronymic.
    PersonName,
    /// РНОКПП, the taxpayer's number.
    TaxNumber,
    /// A KATOTTG code.
    Katottg,
    /// A telephone number.
    Phone,
    /// A bank account.
    Iban,
    /// A land parcel's cadastral number.
    CadastralNumber,
    /// A post code of five digits.
    PostCode,
    /// An opaque reference to a file.
    File,
}

const fn part(id: &'static str, uk: &'static str, en: &'static str, kind: PartType, required: bool) -> Part {
    Part { id, uk, en, kind, required }
}

const PERSON: [Part; 6] = [
    part("surname", "Прізвище", "Surname", PartType::PersonName, true),
    part("given_name", "Власне ім’я", "Given name", PartType::PersonName, true),
    part("patronymic", "По батькові", "Patronymic", PartType::PersonName, false),
    part("birth_date", "Дата народження", "Date of birth", PartType::Date, false),
    part("tax_number", "РНОКПП", "Taxpayer number", PartType::TaxNumber, false),
    part("relation", "Ким доводиться заявнику", "Relation to the applicant", PartType::Text, false),
];

const ADDRESS: [Part; 6] = [
    part("katottg", "Населений пункт", "Settlement", PartType::Katottg, true),
    part("street", "Вулиця, провулок, площа", "Street", PartType::Text, false),
    part("house", "Будинок", "House", PartType::Text, false),
    part("block", "Корпус", "Block", PartType::Text, false),
    part("flat", "Квартира", "Flat", PartType::Text, false),
    part("post_code", "Поштовий індекс", "Post code", PartType::PostCode, false),
];

const DOCUMENT: [Part; 4] = [
    part("title", "Назва документа", "Title of the document", PartType::Text, false),
    part("number", "Серія, номер", "Series, number", PartType::Text, true),
    part("issued_by", "Ким виданий", "Issued by", PartType::Text, false),
    part("issued_on", "Дата видачі", "Date of issue", PartType::Date, false),
];

impl Part {
    /// The parts of a person. A patronymic is never required: not everyone has one.
    pub fn of_person() -> &'static [Part] {
        &PERSON
    }

    /// The parts of an address. Only the settlement is required: small villages have no street names.
    pub fn of_address() -> &'static [Part] {
        &ADDRESS
    }

    /// The parts of a document's details.
    pub fn of_document() -> &'static [Part] {
        &DOCUMENT
    }

    /// The part's label.
    pub fn label(&self) -> Text {
        Text::new(self.uk, self.en)
    }
}

impl FieldType {
    /// Options of a choice, one or several; empty for every other kind.
    pub fn options(&self) -> &[Choice] {
        match self {
            FieldType::Choice(options) | FieldType::MultiChoice(options) => options,
            _ => &[],
        }
    }

    /// Whether the field is a list of rows.
    pub fn is_list(&self) -> bool {
        matches!(self, FieldType::PersonList | FieldType::Table(_) | FieldType::Attachments)
    }

    /// The type of a field that is asked in one input; `None` for composite fields, lists and choices of several.
    pub fn single(&self) -> Option<PartType> {
        Some(match self {
            FieldType::Text => PartType::Text,
            FieldType::TextArea => PartType::TextArea,
            FieldType::Date => PartType::Date,
            FieldType::Number => PartType::Number,
            FieldType::YesNo => PartType::YesNo,
            FieldType::Choice(_) => PartType::Choice,
            FieldType::Katottg => PartType::Katottg,
            FieldType::Phone => PartType::Phone,
            FieldType::Iban => PartType::Iban,
            FieldType::CadastralNumber => PartType::CadastralNumber,
            _ => return None,
        })
    }
}
