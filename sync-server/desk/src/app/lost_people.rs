//! The people in records, and which of them are one: for the report on a lost suitcase.

use super::lost::{OnBoard, PersonOnBoard};
use ids::ChainId;
use records::view::{ConsultationView, Party, Registers, RequestView, ResidentView, VisitView};
use records::{Document, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody in a record.
pub(super) struct Found {
    /// What the record says of them.
    pub person: PersonOnBoard,
    /// The resident's record that they are, if the record says so.
    resident: String,
}

/// The people in a record, with what it says of them.
pub(super) fn persons(document: &Document, is_desk: &dyn Fn(ChainId) -> bool) -> Vec<Found> {
    let mut data = BTreeSet::from([OnBoard::Name]);
    for (key, _) in document.values() {
        data.extend(kind_of(&key));
    }
    let person = |party: &Party, phone: String| Found {
        resident: party.resident.text().to_owned(),
        person: PersonOnBoard {
            name: party.full_name(),
            born: party.born.text().to_owned(),
            phone,
            data: data.clone(),
            ..PersonOnBoard::default()
        },
    };
    let mut found = match document.kind() {
        Kind::Resident => {
            let view = ResidentView::read(document, is_desk);
            let resident = view.id.to_string();
            vec![Found { resident, ..person(&view.person, view.phone.text().to_owned()) }]
        }
        Kind::Request => {
            let view = RequestView::read(document, is_desk);
            let applicant = person(&view.applicant, view.phone.text().to_owned());
            let mut all = vec![applicant, person(&view.representative, String::new())];
            all.extend(in_answers(&view.registers));
            all
        }
        Kind::Visit => {
            let view = VisitView::read(document, is_desk);
            vec![person(&view.person, view.phone.text().to_owned())]
        }
        Kind::Consultation => {
            let view = ConsultationView::read(document, is_desk);
            let person = PersonOnBoard {
                name: view.who.text().trim().to_owned(),
                phone: view.phone.text().to_owned(),
                data: data.clone(),
                ..PersonOnBoard::default()
            };
            vec![Found { person, resident: view.resident.text().to_owned() }]
        }
    };
    found.retain(|one| !one.person.name.trim().is_empty());
    found
}

/// The people whom answers name: `f.household.1.surname` and the like, and `f.child_surname` beside
/// `f.child_given_name`. A new name of somebody is no other person.
fn in_answers(registers: &Registers) -> Vec<Found> {
    const PARTS: [&str; 5] = ["surname", "given_name", "patronymic", "birth_date", "tax_number"];
    let mut groups: BTreeMap<&str, [&str; 5]> = BTreeMap::new();
    for (key, register) in registers.family("f.") {
        for (at, part) in PARTS.iter().enumerate() {
            let Some(whose) = key.strip_suffix(part).filter(|whose| whose.ends_with(['.', '_'])) else { continue };
            groups.entry(whose).or_default()[at] = register.text().trim();
        }
    }
    let people = groups.into_iter().filter_map(|(whose, [surname, given, patronymic, born, tax])| {
        let is_one = if whose.ends_with('_') {
            whose != "new_" && !surname.is_empty() && !given.is_empty()
        } else {
            !surname.is_empty() || !given.is_empty()
        };
        let parts: Vec<&str> = [surname, given, patronymic].into_iter().filter(|part| !part.is_empty()).collect();
        let mut data = BTreeSet::from([OnBoard::Name, OnBoard::Request]);
        data.extend((!tax.is_empty()).then_some(OnBoard::Numbers));
        let person = PersonOnBoard { name: parts.join(" "), born: born.into(), data, ..PersonOnBoard::default() };
        is_one.then_some(Found { person, resident: String::new() })
    });
    people.collect()
}

/// Each person once, by name. Who is one is told by the resident's record, else by name and day of birth, else by name
/// and telephone: of namesakes each is told, for each has to hear of it.
pub(super) fn joined(mut found: Vec<Found>) -> Vec<PersonOnBoard> {
    // Those with a record first: the others join them.
    found.sort_by_key(|one| one.resident.is_empty());
    let mut people: Vec<PersonOnBoard> = Vec::new();
    let (mut by_record, mut by_name) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, Vec<usize>>::new());
    for Found { person, resident } in found {
        let known = if resident.is_empty() {
            let namesakes = by_name.get(&person.name).map(Vec::as_slice).unwrap_or_default();
            namesakes.iter().copied().find(|at| is_same(&people[*at], &person))
        } else {
            by_record.get(&resident).copied()
        };
        match known {
            Some(at) => join(&mut people[at], person),
            None => {
                by_name.entry(person.name.clone()).or_default().push(people.len());
                if !resident.is_empty() {
                    by_record.insert(resident, people.len());
                }
                people.push(person);
            }
        }
    }
    for person in &mut people {
        person.requests.sort();
        person.requests.dedup();
    }
    people.sort_by(|a, b| (&a.name, &a.born, &a.requests).cmp(&(&b.name, &b.born, &b.requests)));
    people
}

fn is_same(a: &PersonOnBoard, b: &PersonOnBoard) -> bool {
    if a.born.is_empty() || b.born.is_empty() { !a.phone.is_empty() && a.phone == b.phone } else { a.born == b.born }
}

fn join(known: &mut PersonOnBoard, other: PersonOnBoard) {
    known.data.extend(other.data);
    known.requests.extend(other.requests);
    known.granted |= other.granted;
    for (has, new) in [(&mut known.phone, other.phone), (&mut known.born, other.born)] {
        if has.is_empty() {
            *has = new;
        }
    }
}

/// What a field says about somebody.
fn kind_of(key: &str) -> Option<OnBoard> {
    let (block, field) = key.split_once('.').unwrap_or(("", key));
    Some(match (block, field) {
        ("a" | "r", "rnokpp" | "norn" | "unzr") => OnBoard::Numbers,
        ("a" | "r", "doc" | "ser" | "num" | "issued" | "until" | "org" | "seen") => OnBoard::Document,
        ("a", "cat") => OnBoard::Category,
        ("a" | "r", _) => OnBoard::Name,
        ("pr" | "pa" | "p", _) => OnBoard::Address,
        ("k", _) | ("", "category" | "proof" | "proof_no") => OnBoard::Category,
        ("", "who") => OnBoard::Name,
        ("", "phone" | "phone2" | "email" | "contact_other" | "caller_phone") => OnBoard::Contact,
        ("", "needs") => OnBoard::Health,
        ("", "service" | "topic" | "summary" | "official" | "provider") | ("f" | "q" | "c" | "d", _) => {
            OnBoard::Request
        }
        _ => return None,
    })
}
