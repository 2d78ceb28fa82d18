//! JSON of the data files, with the line and column of what is broken.

use serde_json::error::Category;

use super::Place;
use crate::source;

/// A file as its shape; what is broken is noted.
pub(super) fn json<'a, T: serde::Deserialize<'a>>(at: Place<'_>, text: &'a str) -> Option<T> {
    if text.starts_with('\u{feff}') {
        at.wrong_at(
            Some((1, 1)),
            ["файл починається з невидимого знака BOM", "the file begins with an invisible BOM"],
            ["Збережіть його як UTF-8 без BOM", "Save it as UTF-8 without BOM"],
        );
        return None;
    }
    serde_json::from_str(text).map_err(|error| told(at, &error)).ok()
}

/// The services of a group's file. Where one has a wrong shape, the others are read all the same.
pub(super) fn group(at: Place<'_>, text: &str) -> Option<source::GroupFile> {
    let whole = match serde_json::from_str(text) {
        Ok(file) => return Some(file),
        Err(error) => error,
    };
    let Ok(source::LooseGroup { group, services }) = serde_json::from_str(text) else {
        told(at, &whole);
        return None;
    };
    let mut good = Vec::new();
    let mut line = Some((whole.line(), whole.column()));
    for value in services {
        let slug = value.get("slug").and_then(|slug| slug.as_str()).unwrap_or("—").to_owned();
        match serde_json::from_value(value) {
            Ok(service) => good.push(service),
            // The reader of the whole file stopped at the first of them, and only it knows the line.
            Err(error) => said(at.service(&slug), line.take(), &error.to_string()),
        }
    }
    Some(source::GroupFile { group, services: good })
}

fn told(at: Place<'_>, error: &serde_json::Error) {
    let line = Some((error.line(), error.column()));
    if error.classify() == Category::Eof {
        at.wrong_at(
            line,
            ["файл обірваний: JSON не закінчено", "the file is cut: the JSON does not end (EOF)"],
            ["Візьміть цілий файл або допишіть дужки", "Take the whole file, or write the brackets that are missing"],
        );
        return;
    }
    said(at, line, &error.to_string());
}

/// What serde says, in both languages as far as it is one of its usual sentences.
fn said(at: Place<'_>, line: Option<(usize, usize)>, sentence: &str) {
    let sentence = sentence.split(" at line ").next().unwrap_or(sentence);
    let quoted = || sentence.split('`').nth(1).unwrap_or("?");
    let uk = if sentence.starts_with("missing field") {
        format!("бракує ключа «{}»", quoted())
    } else if sentence.starts_with("unknown field") {
        format!("невідомий ключ «{}»", quoted())
    } else if sentence.starts_with("duplicate field") {
        format!("ключ «{}» є двічі", quoted())
    } else if sentence.starts_with("invalid type") || sentence.starts_with("invalid value") {
        format!("значення не того виду ({sentence})")
    } else {
        format!("це не JSON ({sentence})")
    };
    at.wrong_at(line, [uk, sentence.to_owned()], ["Виправте файл у цьому місці", "Correct the file at this place"]);
}
