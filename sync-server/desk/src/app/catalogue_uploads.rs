//! Files of a release as a browser or a folder hands them over: which file each is, and why one is none.

use super::DeskError;
use catalogue::{CONSENT, FRAME, HOLIDAYS, ReleaseSource, TERRITORIES};
use serde_json::{Map, Value, json};

/// Bytes of one uploaded file.
const MOST: usize = 4 * 1024 * 1024;

/// A file as it was handed over.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// Its name, with or without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All files of a release in one, for keeping and for uploading again: `{"valiza_catalogue": 1, "files": {name: text}}`.
pub fn archive(source: &ReleaseSource) -> String {
    let files: Map<String, Value> = source.files().map(|(name, text)| (name.to_owned(), text.into())).collect();
    format!("{:#}\n", json!({ "valiza_catalogue": 1, "files": files }))
}

/// The files' names in a release and their texts. `known` is a release whose names tell what a file is whose contents
/// do not.
pub(super) fn read(uploaded: Vec<Uploaded>, known: &ReleaseSource) -> Result<Vec<(String, String)>, DeskError> {
    let mut files = Vec::new();
    for file in uploaded.into_iter().filter(|file| !(file.name.is_empty() && file.bytes.is_empty())) {
        let shown = shown_name(&file.name);
        let text = text(&shown, file.bytes)?;
        let found = match archived(&shown, &text)? {
            Some(all) => all,
            None => vec![(name_of(&shown, &text, known)?, text)],
        };
        for (name, text) in found {
            if !ReleaseSource::may_hold(&name) {
                return Err(no_such_file(&shown_name(&name)));
            }
            if files.iter().any(|(other, _)| *other == name) {
                return Err(wrong(
                    &shown,
                    &format!("{name} уже є серед вибраних файлів; залиште один із них"),
                    &format!("{name} is among the chosen files already; keep one of them"),
                ));
            }
            files.push((name, text));
        }
    }
    if files.is_empty() {
        return Err(DeskError::refused("виберіть хоча б один файл", "choose at least one file"));
    }
    Ok(files)
}

/// A name as it is told, whatever a browser sent.
fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn wrong(name: &str, uk: &str, en: &str) -> DeskError {
    DeskError::refused(format!("файл «{name}»: {uk}"), format!("file “{name}”: {en}"))
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, DeskError> {
    let wrong = |uk: &str, en: &str| wrong(name, uk, en);
    if bytes.is_empty() {
        return Err(wrong("він порожній, виберіть інший", "it is empty, choose another"));
    }
    if bytes.len() > MOST {
        return Err(wrong(
            "він більший за 4 МіБ, перевірте, чи це той",
            "it is over 4 MiB, see whether it is the right one",
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(wrong(
            "це стиснений архів, розпакуйте його і виберіть файли",
            "this is a compressed archive, unpack it and choose the files",
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        wrong(
            &format!("у рядку {line} не UTF-8: збережіть файл у кодуванні UTF-8"),
            &format!("line {line} is not UTF-8: save the file as UTF-8"),
        )
    })
}

/// The files of an [`archive`]; `None`: it is none.
fn archived(name: &str, text: &str) -> Result<Option<Vec<(String, String)>>, DeskError> {
    let Ok(Value::Object(mut all)) = serde_json::from_str(text) else { return Ok(None) };
    if !all.contains_key("valiza_catalogue") {
        return Ok(None);
    }
    let Some(Value::Object(files)) =
        all.remove("files").filter(|files| files.as_object().is_some_and(|all| !all.is_empty()))
    else {
        return Err(wrong(
            name,
            "у ньому немає файлів випуску («files»): завантажте випуск ще раз і виберіть його",
            "it has no files of a release (“files”): download the release again and choose it",
        ));
    };
    let text_of = |(inner, value): (String, Value)| match value {
        Value::String(text) => Ok((inner, text)),
        _ => {
            let inner = shown_name(&inner);
            Err(wrong(
                name,
                &format!("{inner} у ньому не є текстом: завантажте випуск ще раз і виберіть його"),
                &format!("{inner} in it is no text: download the release again and choose it"),
            ))
        }
    };
    files.into_iter().map(text_of).collect::<Result<_, _>>().map(Some)
}

fn name_of(name: &str, text: &str, known: &ReleaseSource) -> Result<String, DeskError> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if [FRAME, HOLIDAYS, CONSENT, TERRITORIES].contains(&base) {
        return Ok(base.to_owned());
    }
    let group =
        serde_json::from_str::<Value>(text).ok().and_then(|value| Some(value.get("group")?.as_str()?.to_owned()));
    let by_contents = group.map(|group| catalogue::group_file(&group));
    let by_name = format!("services/{base}");
    let found = by_contents.or_else(|| known.file(&by_name).is_some().then_some(by_name));
    found.ok_or_else(|| no_such_file(name))
}

fn no_such_file(name: &str) -> DeskError {
    DeskError::refused(
        format!(
            "файл «{name}»: такого у випуску немає. Випуск — це {FRAME}, {HOLIDAYS}, {CONSENT}, {TERRITORIES} і services/<група>.json, де «group» називає групу малими латинськими літерами, цифрами або «_»"
        ),
        format!(
            "file “{name}”: a release has no such file. A release is {FRAME}, {HOLIDAYS}, {CONSENT}, {TERRITORIES} and services/<group>.json, where “group” names the group in small Latin letters, digits or “_”"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
        let uploaded = vec![Uploaded { name: name.into(), bytes: bytes.to_vec() }];
        read(uploaded, &ReleaseSource::embedded()).map_err(|error| error.sentence.uk.into_owned())
    }

    #[test]
    fn files_are_known_by_contents_or_name() {
        assert_eq!(one("C:\\нове\\holidays.json", b"{}").unwrap()[0].0, "holidays.json");
        assert_eq!(one("my land.json", br#"{"group": "land"}"#).unwrap()[0].0, "services/land.json");
        assert_eq!(one("land.json", b"{ broken").unwrap()[0].0, "services/land.json");
        let whole = archive(&ReleaseSource::embedded());
        assert_eq!(one("export.json", whole.as_bytes()).unwrap().len(), ReleaseSource::embedded().files().count());
    }

    #[test]
    fn what_is_no_file_of_a_release_is_refused_in_words() {
        for (name, bytes, says) in [
            ("", &b""[..], "виберіть хоча б один"),
            ("land.json", b"", "порожній"),
            ("land.zip", b"PK\x03\x04xx", "архів"),
            ("land.json", b"{\n\"\xff\"}", "у рядку 2 не UTF-8"),
            ("land.json", b"\xff\xfe{\0", "не UTF-8"),
            ("notes.txt", b"hello", "такого у випуску немає"),
            ("odd.json", b"[1]", "такого у випуску немає"),
        ] {
            let told = one(name, bytes).unwrap_err();
            assert!(told.contains(says), "{name}: {told}");
        }
        assert!(one("land.json", &vec![b' '; MOST + 1]).unwrap_err().contains("4 МіБ"));
        let long = format!("{{\"group\": \"{}\"}}", "a".repeat(500));
        for bad in ["{\"group\": \"../../etc\"}", "{\"group\": \"Земля\"}", "{\"group\": \"\"}", long.as_str()] {
            let told = one("new.json", bad.as_bytes()).unwrap_err();
            assert!(told.contains("такого у випуску немає") && told.chars().count() < 400, "{told}");
        }
    }

    #[test]
    fn nothing_of_an_archive_and_no_second_file_goes_in_silence() {
        for (inside, says) in [
            ("{}", "немає файлів випуску"),
            ("[]", "немає файлів випуску"),
            ("{\"holidays.json\": {}}", "holidays.json у ньому не є текстом"),
            ("{\"services/../x.json\": \"\"}", "такого у випуску немає"),
        ] {
            let archive = format!("{{\"valiza_catalogue\": 1, \"files\": {inside}}}");
            let told = one("all.json", archive.as_bytes()).unwrap_err();
            assert!(told.contains(says), "{inside}: {told}");
        }
        let twice =
            ["a.json", "b.json"].map(|name| Uploaded { name: name.into(), bytes: b"{\"group\": \"land\"}".to_vec() });
        let told = read(twice.into(), &ReleaseSource::embedded()).unwrap_err().sentence.uk.into_owned();
        assert!(told.contains("файл «b.json»: services/land.json уже є серед вибраних"), "{told}");
    }
}
