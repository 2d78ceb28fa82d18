//! Fields of forms.

use super::condition::condition;
use super::{LoadError, Place, key, text, unique, words};
use crate::field::{Choice, Column, Field, FieldType, PartType};
use crate::source;

pub(super) fn field(at: Place<'_>, field: source::Field) -> Result<Field, LoadError> {
    let at = at.field(&field.id);
    key(at, &field.id, '_')?;
    let mut options = Vec::new();
    for option in field.options {
        key(at, &option.value, '_')?;
        options.push(Choice { value: option.value, label: text(at, option.uk, option.en)? });
    }
    unique(at, options.iter().map(|option| option.value.as_str()))?;
    let columns = field.columns.into_iter().map(|one| column(at, one)).collect::<Result<Vec<_>, _>>()?;
    unique(at, columns.iter().map(|column| column.id.as_str()))?;
    let kind = field_type(at, &field.kind, options, columns)?;
    Ok(Field {
        label: text(at, field.uk, field.en)?,
        hint: field.hint.map(|hint| words(at, hint)).transpose()?,
        kind,
        required: field.required,
        show_if: field.show_if.map(|one| condition(at, one)).transpose()?,
        id: field.id.clone(),
    })
}

fn field_type(at: Place<'_>, kind: &str, options: Vec<Choice>, columns: Vec<Column>) -> Result<FieldType, LoadError> {
    if options.is_empty() == matches!(kind, "choice" | "multichoice") {
        return Err(
            at.wrong("options do not fit the type", "Options belong to choice and multichoice, and to nothing else")
        );
    }
    if columns.is_empty() == (kind == "table") {
        return Err(at.wrong("columns do not fit the type", "Columns belong to table, and to nothing else"));
    }
    Ok(match kind {
        "text" => FieldType::Text,
        "textarea" => FieldType::TextArea,
        "date" => FieldType::Date,
        "number" => FieldType::Number,
        "yes_no" => FieldType::YesNo,
        "choice" => FieldType::Choice(options),
        "multichoice" => FieldType::MultiChoice(options),
        "person" => FieldType::Person,
        "person_list" => FieldType::PersonList,
        "address" => FieldType::Address,
        "katottg" => FieldType::Katottg,
        "phone" => FieldType::Phone,
        "iban" => FieldType::Iban,
        "cadastral_number" => FieldType::CadastralNumber,
        "document_ref" => FieldType::DocumentRef,
        "table" => FieldType::Table(columns),
        "attachments" => FieldType::Attachments,
        other => return Err(at.one_of(other, "text, textarea, date, number, yes_no, choice, multichoice, person, …")),
    })
}

fn column(at: Place<'_>, column: source::Column) -> Result<Column, LoadError> {
    key(at, &column.id, '_')?;
    let kind = match column.kind.as_str() {
        "text" => PartType::Text,
        "textarea" => PartType::TextArea,
        "date" => PartType::Date,
        "number" => PartType::Number,
        "money" => PartType::Money,
        "yes_no" => PartType::YesNo,
        "cadastral_number" => PartType::CadastralNumber,
        other => return Err(at.one_of(other, "text, textarea, date, number, money, yes_no, cadastral_number")),
    };
    Ok(Column { label: text(at, column.uk, column.en)?, kind, required: column.required, id: column.id })
}
