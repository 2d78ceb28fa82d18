//! The consent: what a record keeps of it, beside the text that this program has.
//!
//! A record keeps `version:first 16 bytes of the labelled hash of the text:parts by comma` under `c.text`.

use crate::case::{Case, day_of};
use crate::person;
use catalogue::Lang;
use clock::Time;
use pages::{ConsentSheet, format};
use signing::{Hash, Label};

/// What the record says of the text.
struct Mark<'a> {
    version: &'a str,
    hash: &'a str,
    parts: Vec<&'a str>,
}

fn mark(text: &str) -> Mark<'_> {
    let mut parts = text.splitn(3, ':');
    let (version, hash) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let agreed = parts.next().unwrap_or_default();
    Mark { version, hash, parts: agreed.split(',').filter(|part| !part.is_empty()).collect() }
}

impl Mark<'_> {
    /// Titles of the parts that were agreed to, by semicolon; a part that the text does not have by its key.
    fn titles(&self, case: &Case<'_>) -> String {
        let title = |id: &&str| {
            case.catalogue.consent().part(id).map_or((*id).to_owned(), |part| part.title.get(Lang::Uk).to_owned())
        };
        self.parts.iter().map(title).collect::<Vec<_>>().join("; ")
    }

    fn is_of_this_text(&self, case: &Case<'_>) -> bool {
        self.version == case.catalogue.consent().version.to_string()
    }

    /// The centre's details still are those that were consented to.
    fn has_these_details(&self, case: &Case<'_>) -> bool {
        let Some(owner) = &case.centre.owner else { return true };
        let hash = Hash::of(Label::Text, &case.catalogue.consent().bytes(owner));
        let hex: String = hash.0[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        hex == self.hash
    }
}

fn given_at(case: &Case<'_>) -> i64 {
    case.view.consent.at.int().unwrap_or(case.view.submitted_at)
}

fn by(case: &Case<'_>) -> String {
    let key = match case.view.consent.by.text() {
        "representative" => "consent-by-representative",
        "witnesses" => "consent-by-witnesses",
        _ => "consent-by-applicant",
    };
    case.t().text(key)
}

/// The sentence of consent on the опис.
pub fn sentence(case: &Case<'_>) -> String {
    let mark = mark(case.view.consent.text.text());
    if mark.version.is_empty() {
        return String::new();
    }
    let t = case.t();
    let said = t.say(
        "consent-sentence",
        &[
            ("by", by(case).into()),
            ("date", format::date(Time(given_at(case))).into()),
            ("parts", mark.titles(case).into()),
        ],
    );
    match case.centre.owner.as_ref().map_or("", |owner| owner.name.as_str()) {
        "" => said,
        owner => format!("{said} {}", t.with("consent-owner", "owner", owner)),
    }
}

/// The sentence on an application: only where a consent was given and its text asks for one.
pub fn permission(case: &Case<'_>) -> String {
    let mark = mark(case.view.consent.text.text());
    if mark.parts.is_empty() {
        return String::new();
    }
    case.t().say(
        "application-permitted",
        &[
            ("by", by(case).into()),
            ("date", format::date(Time(given_at(case))).into()),
            ("parts", mark.titles(case).into()),
            ("version", mark.version.into()),
        ],
    )
}

/// The sheet with the whole text.
pub fn of(case: &Case<'_>) -> ConsentSheet {
    let (t, view) = (case.t(), case.view);
    let mark = mark(view.consent.text.text());
    let known = mark.is_of_this_text(case);
    let blank = || [(); 4].map(|()| format::NOTHING.to_owned());
    let owner = case.centre.owner.clone().unwrap_or_else(|| {
        let [name, code, address, contact] = blank();
        catalogue::Owner { name, code, address, contact }
    });
    let parts = case.catalogue.consent().parts.iter().filter(|_| known).map(|part| {
        let text = part.filled(Lang::Uk, &owner);
        let lines = text.lines().map(str::to_owned).collect();
        (part.title.get(Lang::Uk).to_owned(), lines, mark.parts.contains(&part.id.as_str()))
    });
    let missing = match (known, mark.has_these_details(case)) {
        (true, true) if case.centre.owner.is_none() => t.text("consent-details-elsewhere"),
        (false, _) => t.with("consent-missing", "parts", format::or_nothing(&mark.titles(case))),
        (true, false) => t.text("consent-changed"),
        (true, true) => String::new(),
    };
    let at = given_at(case);
    let identity = [crate::case::day(view.applicant.born.text()), person::document(&view.applicant)];
    let represented = view.consent.by.text() == "representative" && !view.representative.is_empty();
    let given_by = [view.representative.full_name(), person::power(view)];
    let joined = |parts: [String; 2]| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    ConsentSheet {
        number: view.number.clone(),
        centre: case.centre.name.clone(),
        person: match view.applicant.full_name() {
            name if name.is_empty() => view.registers.text("a.orgname").to_owned(),
            name => name,
        },
        identity: joined(identity),
        service: case.service(),
        given_by: if represented { joined(given_by) } else { String::new() },
        date: t.say("consent-at", &[("date", day_of(at).into()), ("time", format::clock_time(Time(at)).into())]),
        version: version(case, &mark, known),
        parts: parts.collect(),
        missing,
        signer: if represented { view.representative.full_name() } else { view.applicant.full_name() },
        by_witnesses: view.consent.by.text() == "witnesses",
        administrator: case.administrator(),
        code: case.code.to_owned(),
        code_note: case.code_note(),
    }
}

fn version(case: &Case<'_>, mark: &Mark<'_>, known: bool) -> String {
    if mark.version.is_empty() {
        return String::new();
    }
    let t = case.t();
    let hash = grouped(mark.hash);
    if !known {
        return t.say("consent-version-hash", &[("version", mark.version.into()), ("hash", hash.into())]);
    }
    let date = format::civil(case.catalogue.consent().effective_from);
    t.say("consent-version-both", &[("version", mark.version.into()), ("date", date.into()), ("hash", hash.into())])
}

/// Hexadecimal in groups of four, to be compared by eye.
fn grouped(hex: &str) -> String {
    let letters: Vec<char> = hex.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}
