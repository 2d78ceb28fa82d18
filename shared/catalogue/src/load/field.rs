//! Fields of forms.

use super::condition::condition;
use super::{Place, key, text, unique, words};
use crate::field::{Choice, Column, Field, FieldType, PartType};
use crate::source;

pub(super) fn field(at: Place<'_>, field: source::Field) -> Field {
    let at = at.field(&field.id);
    key(at, &field.id, '_');
    let option = |option: source::Choice| {
        key(at, &option.value, '_');
        Choice { value: option.value, label: text(at, option.uk, option.en) }
    };
    let options: Vec<Choice> = field.options.into_iter().map(option).collect();
    unique(at, options.iter().map(|option| option.value.as_str()));
    let columns: Vec<Column> = field.columns.into_iter().map(|one| column(at, one)).collect();
    unique(at, columns.iter().map(|column| column.id.as_str()));
    Field {
        label: text(at, field.uk, field.en),
        hint: field.hint.map(|hint| words(at, hint)),
        kind: field_type(at, &field.kind, options, columns),
        required: field.required,
        show_if: field.show_if.and_then(|one| condition(at, one)),
        id: field.id.clone(),
    }
}

fn field_type(at: Place<'_>, kind: &str, options: Vec<Choice>, columns: Vec<Column>) -> FieldType {
    if options.is_empty() == matches!(kind, "choice" | "multichoice") {
        at.wrong(
            ["варіанти не відповідають виду поля", "options do not fit the type"],
            [
                "Варіанти потрібні для choice і multichoice, і більше ні для чого",
                "Options belong to choice and multichoice, and to nothing else",
            ],
        );
    }
    if columns.is_empty() == (kind == "table") {
        at.wrong(
            ["стовпці не відповідають виду поля", "columns do not fit the type"],
            ["Стовпці потрібні для table, і більше ні для чого", "Columns belong to table, and to nothing else"],
        );
    }
    match kind {
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
        other => {
            at.one_of(
                other,
                "text, textarea, date, number, yes_no, choice, multichoice, person, person_list, address, katottg, \
                 phone, iban, cadastral_number, document_ref, table, attachments",
            );
            FieldType::Text
        }
    }
}

fn column(at: Place<'_>, column: source::Column) -> Column {
    key(at, &column.id, '_');
    let allowed = [
        ("text", PartType::Text),
        ("textarea", PartType::TextArea),
        ("date", PartType::Date),
        ("number", PartType::Number),
        ("money", PartType::Money),
        ("yes_no", PartType::YesNo),
        ("cadastral_number", PartType::CadastralNumber),
    ];
    let kind = at.choose(&column.kind, &allowed, PartType::Text);
    Column { label: text(at, column.uk, column.en), kind, required: column.required, id: column.id }
}
