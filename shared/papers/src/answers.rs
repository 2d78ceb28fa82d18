//! Answers to a service's questions, in words and in the order of the form.

use crate::case::{Case, day};
use catalogue::{Answers, Column, Field, FieldType, Input, PartType};
use pages::{Answered, format};
use std::collections::BTreeSet;

/// All answers. Questions that were asked and not answered are there as well, empty; answers to questions that the
/// catalogue does not have (any more) come last, under their keys: nothing that was said is left out.
pub fn of(case: &Case<'_>) -> Vec<Answered> {
    let answers = answers(case);
    let mut told = BTreeSet::new();
    let mut out = Vec::new();
    if let Some(service) = case.catalogue.service(case.view.service.text()) {
        let asked = service.visible_fields(&answers);
        // What was answered before another answer hid the question still stands in the record.
        let hidden = service.fields.iter().filter(|field| {
            !asked.iter().any(|other| other.id == field.id)
                && field.inputs(&answers).iter().any(|i| filled(&answers, i))
        });
        let hidden: Vec<&Field> = hidden.collect();
        for field in asked.iter().copied().chain(hidden) {
            let inputs = field.inputs(&answers);
            told.extend(inputs.iter().map(|input| input.key.clone()));
            out.push(answered(case, field, &inputs, &answers));
        }
    }
    let stray = answers.iter().filter(|(key, _)| !told.contains(*key));
    out.extend(stray.map(|(key, value)| Answered::Line(key.clone(), value.clone())));
    out
}

/// The address or the cadastral number of the thing that the request is about; empty if the form asks for none.
pub fn object(case: &Case<'_>) -> String {
    let answers = answers(case);
    let Some(service) = case.catalogue.service(case.view.service.text()) else { return String::new() };
    let fields = service.visible_fields(&answers);
    let of_kind = |wanted: &dyn Fn(&Field) -> bool| {
        let found = fields.iter().find(|field| wanted(field))?;
        let inputs = found.inputs(&answers);
        let line = line(case, found, &inputs, &answers);
        (!line.is_empty()).then_some(line)
    };
    let is_object = |field: &Field| {
        matches!(field.kind, FieldType::Address)
            && ["address", "object_address", "dwelling_address", "new_address", "location"].contains(&field.id.as_str())
    };
    let cadastral = of_kind(&|field| field.kind == FieldType::CadastralNumber);
    let cadastral = cadastral.map(|number| case.t().with("paper-cadastral", "number", number));
    let parts = [of_kind(&is_object), cadastral];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn answers(case: &Case<'_>) -> Answers {
    let text = |(key, register): (&str, &records::view::Register)| {
        let value = register.value()?.to_string();
        (!value.trim().is_empty()).then(|| (key.to_owned(), value))
    };
    case.view.answers().filter_map(text).collect()
}

fn filled(answers: &Answers, input: &Input<'_>) -> bool {
    answers.contains_key(&input.key)
}

fn answered(case: &Case<'_>, field: &Field, inputs: &[Input<'_>], answers: &Answers) -> Answered {
    let label = field.label.uk.clone();
    let rows = rows(inputs, answers);
    match &field.kind {
        FieldType::PersonList if !rows.is_empty() => {
            let columns =
                ["application-name", "paper-people-known", "paper-people-relation"].map(|key| case.t().text(key));
            Answered::Rows(label, columns.into(), rows.iter().map(|row| person_row(case, row, answers)).collect())
        }
        FieldType::Table(columns) if !rows.is_empty() => {
            let names = columns.iter().map(|column: &Column| column.label.uk.clone()).collect();
            let cells = |row: &Vec<&Input<'_>>| row.iter().map(|input| value(case, input, answers)).collect();
            Answered::Rows(label, names, rows.iter().map(cells).collect())
        }
        _ => Answered::Line(label, line(case, field, inputs, answers)),
    }
}

/// The rows of a list in which something stands.
fn rows<'a, 'b>(inputs: &'a [Input<'b>], answers: &Answers) -> Vec<Vec<&'a Input<'b>>> {
    let numbers: BTreeSet<usize> = inputs.iter().filter(|i| filled(answers, i)).filter_map(|i| i.row).collect();
    numbers.into_iter().map(|row| inputs.iter().filter(|input| input.row == Some(row)).collect()).collect()
}

/// The answer to a question that takes one line.
fn line(case: &Case<'_>, field: &Field, inputs: &[Input<'_>], answers: &Answers) -> String {
    let given: Vec<&Input<'_>> = inputs.iter().filter(|input| filled(answers, input)).collect();
    match &field.kind {
        FieldType::MultiChoice(_) => {
            let ticked = given.iter().filter(|input| answers.get(&input.key).is_some_and(|value| value == "yes"));
            ticked.map(|input| input.label.uk.clone()).collect::<Vec<_>>().join("; ")
        }
        FieldType::Attachments if given.is_empty() => String::new(),
        FieldType::Attachments => case.t().count("paper-files", given.len()),
        FieldType::Person => {
            person_row(case, &given, answers).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
        FieldType::Address => address(case, &given, answers),
        FieldType::DocumentRef => document(case, &given, answers),
        _ => given.iter().map(|input| value(case, input, answers)).collect::<Vec<_>>().join(", "),
    }
}

/// The part of a composite field that ends in this name.
fn part<'a>(inputs: &[&Input<'_>], answers: &'a Answers, name: &str) -> &'a str {
    let found = inputs.iter().find(|input| input.key.rsplit('.').next() == Some(name));
    found.and_then(|input| answers.get(&input.key)).map_or("", String::as_str)
}

/// Name; date of birth and number; relation.
fn person_row(case: &Case<'_>, inputs: &[&Input<'_>], answers: &Answers) -> Vec<String> {
    let part = |name: &str| part(inputs, answers, name);
    let known = ["surname", "given_name", "patronymic", "birth_date", "tax_number", "relation"];
    let words =
        |parts: Vec<String>, with: &str| parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(with);
    let name = words(["surname", "given_name", "patronymic"].map(|name| part(name).to_owned()).into(), " ");
    let number = part("tax_number");
    let number = if number.is_empty() { String::new() } else { format::tax_number(number) };
    let mut about = vec![civil(part("birth_date")), number];
    let others = inputs.iter().filter(|input| input.key.rsplit('.').next().is_none_or(|name| !known.contains(&name)));
    about.extend(others.map(|input| value(case, input, answers)));
    vec![name, words(about, ", "), part("relation").to_owned()]
}

fn address(case: &Case<'_>, inputs: &[&Input<'_>], answers: &Answers) -> String {
    let words = |input: &&Input<'_>| {
        let shown = value(case, input, answers);
        match input.key.rsplit('.').next().unwrap_or_default() {
            "house" => format!("буд. {shown}"),
            "block" => format!("корп. {shown}"),
            "flat" => format!("кв. {shown}"),
            _ => shown,
        }
    };
    inputs.iter().map(words).collect::<Vec<_>>().join(", ")
}

fn document(case: &Case<'_>, inputs: &[&Input<'_>], answers: &Answers) -> String {
    let words = |input: &&Input<'_>| {
        let shown = value(case, input, answers);
        match input.key.rsplit('.').next().unwrap_or_default() {
            "number" => format!("№ {shown}"),
            "issued_on" => format!("від {shown}"),
            _ => shown,
        }
    };
    inputs.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// One answer as people read it.
fn value(case: &Case<'_>, input: &Input<'_>, answers: &Answers) -> String {
    let Some(text) = answers.get(&input.key) else { return String::new() };
    let option = || input.field.kind.options().iter().find(|option| option.value == *text);
    match input.kind {
        PartType::YesNo | PartType::Tick => yes_or_no(case, text),
        PartType::Choice => option().map_or_else(|| text.clone(), |option| option.label.uk.clone()),
        PartType::Date => civil(text),
        PartType::Number => text.replace('.', ","),
        PartType::Money => money(text),
        PartType::TaxNumber => format::tax_number(text),
        PartType::Phone => format::phone(text),
        PartType::Katottg => case.place(text).unwrap_or_else(|| text.clone()),
        PartType::Iban => grouped(text),
        _ => text.clone(),
    }
}

fn yes_or_no(case: &Case<'_>, text: &str) -> String {
    match text {
        "yes" => case.t().text("paper-yes"),
        "no" => case.t().text("paper-no"),
        other => other.to_owned(),
    }
}

/// «01.02.2024», or the text as it is.
fn civil(text: &str) -> String {
    text.parse().map_or_else(|_| day(text), format::civil)
}

/// «1 234,50 грн» of «1234.5», or the text as it is.
fn money(text: &str) -> String {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let part = format!("{part:0<2}");
    match (whole.parse::<u64>(), part.parse::<u64>()) {
        (Ok(whole), Ok(part)) if part < 100 => whole
            .checked_mul(100)
            .and_then(|kopiykas| kopiykas.checked_add(part))
            .map_or_else(|| text.to_owned(), format::money),
        _ => text.to_owned(),
    }
}

/// An account's number in groups of four.
fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}
