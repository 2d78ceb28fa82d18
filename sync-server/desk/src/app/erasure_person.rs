//! Whose data a record holds: what goes when one person's data are erased, and what only looks like it.

use super::lost_people;
use super::pages_case::place_name;
use super::unread::{self, Read, Unread};
use super::{Desk, DeskError};
use ids::{ChainId, RecordId};
use peer::{Filter, Order, RecordRow, View};
use records::view::{RequestView, ResidentView, VisitView};
use records::{Document, Kind, fold};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that are looked at for one name; more namesakes are told apart by their numbers.
const MOST: usize = 2_000;

/// How sure it is that a record is about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It says so: the resident's record, the tax number, or name and day of birth.
    Sure,
    /// The same name, and nothing that tells more; a person decides.
    Perhaps,
    /// The person is named in another one's case, as a representative or in an answer: it is not erased, and the
    /// administrator is told.
    Named,
}

/// A record that is about the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalRecord {
    /// Its row.
    pub row: RecordRow,
    /// How sure it is.
    pub sure: Match,
    /// What tells people of one name apart. Empty where the person is only named: that case is about somebody else.
    pub marks: Marks,
}

/// What tells people of one name apart, as a record has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// «Прізвище Ім’я По батькові».
    pub name: String,
    /// Date of birth, `YYYY-MM-DD`; empty if the record has none.
    pub born: String,
    /// The settlement's name as printed: where the person lives, else where they are registered. Empty if unknown.
    pub settlement: String,
}

impl Marks {
    fn of(document: &Document, is_desk: &dyn Fn(ChainId) -> bool) -> Self {
        let party = |party: &records::view::Party, addresses: &[&records::view::Address]| Self {
            name: party.full_name(),
            born: party.born.text().to_owned(),
            settlement: addresses.iter().find_map(|address| settlement(address)).unwrap_or_default(),
        };
        match document.kind() {
            Kind::Resident => {
                let view = ResidentView::read(document, is_desk);
                party(&view.person, &[&view.actual, &view.registered])
            }
            Kind::Request => {
                let view = RequestView::read(document, is_desk);
                party(&view.applicant, &[&view.actual, &view.registered])
            }
            Kind::Visit => {
                let view = VisitView::read(document, is_desk);
                party(&view.person, &[&view.address])
            }
            Kind::Consultation => {
                let view = records::view::ConsultationView::read(document, is_desk);
                Self { name: view.who.text().trim().to_owned(), ..Self::default() }
            }
        }
    }
}

/// What is known of a person, from the records that are surely theirs.
#[derive(Debug, Default)]
struct Person {
    residents: BTreeSet<String>,
    numbers: BTreeSet<String>,
    /// Full names, folded, and days of birth.
    names: BTreeSet<(String, String)>,
}

/// One person as a record names it.
struct Named {
    resident: String,
    number: String,
    name: String,
    born: String,
}

impl Person {
    fn learn(&mut self, named: &Named) {
        for (known, new) in [(&mut self.residents, &named.resident), (&mut self.numbers, &named.number)] {
            if !new.is_empty() {
                known.insert(new.clone());
            }
        }
        if !named.name.is_empty() {
            self.names.insert((named.name.clone(), named.born.clone()));
        }
    }

    fn is(&self, named: &Named) -> Option<Match> {
        let linked = self.residents.contains(&named.resident) || self.numbers.contains(&named.number);
        if linked {
            return Some(Match::Sure);
        }
        // Two numbers, or two residents' records, are two people, whatever they are called.
        let other = (!named.number.is_empty() && !self.numbers.is_empty())
            || (!named.resident.is_empty() && !self.residents.is_empty());
        let born: Vec<&str> =
            self.names.iter().filter(|(name, _)| *name == named.name).map(|(_, born)| born.as_str()).collect();
        if other || born.is_empty() {
            return None;
        }
        if !named.born.is_empty() && born.contains(&named.born.as_str()) {
            return Some(Match::Sure);
        }
        let tells = !named.born.is_empty() && born.iter().all(|born| !born.is_empty());
        (!tells).then_some(Match::Perhaps)
    }
}

/// Of an address the settlement alone: as it was printed, else by its code.
fn settlement(address: &records::view::Address) -> Option<String> {
    match address.place.text() {
        "" => place_name(address.katottg.text()),
        place => Some(place.to_owned()),
    }
}

/// Whose record it is: the applicant, the visited, who asked. `None` if it names nobody.
fn subject(document: &Document, is_desk: &dyn Fn(ChainId) -> bool) -> Option<Named> {
    let party = |party: &records::view::Party, resident: String| Named {
        resident,
        number: party.rnokpp.text().trim().to_owned(),
        name: fold::fold(&party.full_name()),
        born: party.born.text().to_owned(),
    };
    let named = match document.kind() {
        Kind::Resident => party(&ResidentView::read(document, is_desk).person, document.id().to_string()),
        Kind::Request => {
            let view = RequestView::read(document, is_desk);
            party(&view.applicant, view.applicant.resident.text().to_owned())
        }
        Kind::Visit => {
            let view = VisitView::read(document, is_desk);
            party(&view.person, view.person.resident.text().to_owned())
        }
        Kind::Consultation => {
            let view = records::view::ConsultationView::read(document, is_desk);
            Named {
                resident: view.resident.text().to_owned(),
                number: String::new(),
                name: fold::fold(view.who.text().trim()),
                born: String::new(),
            }
        }
    };
    Some(named).filter(|named| !named.name.is_empty() || !named.resident.is_empty())
}

/// Whose record it is, as far as its row says so: for one that does not read.
fn subject_of_row(row: &RecordRow) -> Named {
    let resident = if row.kind == Kind::Resident { row.record.to_string() } else { String::new() };
    Named { resident, number: String::new(), name: fold::fold(&row.title), born: String::new() }
}

impl Desk {
    /// Everything about the person of one record, that record first in mind: a request by its number, a resident or a
    /// consultation by its record. And what may be and does not read, which was searched by its row only.
    pub(super) fn records_of_person(&self, what: &str) -> Result<Read<PersonalRecord>, DeskError> {
        let first = self.record_named(what)?;
        let register = self.peer.register()?;
        let is_desk = |chain: ChainId| register.is_case(chain);
        Ok(self.peer.read(|view| {
            let mut person = Person::default();
            let mut sure: BTreeMap<RecordId, RecordRow> = BTreeMap::new();
            let mut left = vec![first];
            let mut others: BTreeMap<RecordId, (RecordRow, Match)> = BTreeMap::new();
            let mut unread: BTreeMap<RecordId, Unread> = BTreeMap::new();
            // Each sure record may say more of the person, by which more are found.
            while let Some(record) = left.pop() {
                let Some(row) = view.row(record)?.filter(|_| !sure.contains_key(&record)) else { continue };
                left.extend(row.joined_with().filter(|_| row.kind == Kind::Resident));
                let document = unread::document(view, record);
                if document.is_none() {
                    unread.insert(record, Unread::of(&row));
                }
                let named = document.map_or_else(|| Some(subject_of_row(&row)), |read| subject(&read, &is_desk));
                if let Some(named) = named {
                    person.learn(&named);
                    left.extend(named.resident.parse::<RecordId>().ok());
                    for candidate in candidates(view, &named)? {
                        let document = unread::document(view, candidate.record);
                        let of_it = match &document {
                            Some(document) => subject(document, &is_desk),
                            None => {
                                unread.insert(candidate.record, Unread::of(&candidate));
                                Some(subject_of_row(&candidate))
                            }
                        };
                        let found = of_it.and_then(|named| person.is(&named));
                        match found {
                            Some(Match::Sure) => left.push(candidate.record),
                            Some(found) => {
                                others.insert(candidate.record, (candidate, found));
                            }
                            None if document.is_some_and(|document| names(&document, &is_desk, &named.name)) => {
                                others.entry(candidate.record).or_insert((candidate, Match::Named));
                            }
                            None => {}
                        }
                    }
                }
                others.remove(&record);
                sure.insert(record, row);
            }
            let sure = sure.into_values().map(|row| (row, Match::Sure));
            let mut all = Vec::new();
            for (row, sure) in sure.chain(others.into_values()) {
                let marks = match sure {
                    Match::Named => Marks::default(),
                    _ => match unread::document(view, row.record) {
                        Some(document) => Marks::of(&document, &is_desk),
                        None => Marks { name: row.title.clone(), ..Marks::default() },
                    },
                };
                all.push(PersonalRecord { row, sure, marks });
            }
            all.sort_by(|a, b| {
                (a.sure, a.row.kind.code(), a.row.created).cmp(&(b.sure, b.row.kind.code(), b.row.created))
            });
            Ok((all, unread.into_values().collect()))
        })?)
    }

    fn record_named(&self, what: &str) -> Result<RecordId, DeskError> {
        let what = what.trim();
        let found = self.peer.read(|view| {
            if let Ok(record) = what.parse::<RecordId>() {
                return Ok(view.row(record)?.map(|row| row.record));
            }
            Ok(view.by_number(what)?.map(|row| row.record))
        })?;
        found.ok_or_else(|| {
            DeskError::not_found(
                "такого звернення чи запису немає: впишіть номер звернення або ідентифікатор запису з його сторінки",
                "there is no such request or record: write the request's number, or the record's id from its page",
            )
        })
    }
}

/// Rows that may be about somebody of this name or number.
fn candidates(view: &View<'_>, named: &Named) -> Result<Vec<RecordRow>, peer::PeerError> {
    let mut found: BTreeMap<RecordId, RecordRow> = BTreeMap::new();
    let last: Vec<String> = named.name.split(' ').take(1).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    for words in [last, vec![named.number.clone()]] {
        if words.iter().all(|word| word.is_empty()) {
            continue;
        }
        let filter = Filter { words, ..Filter::default() };
        found.extend(view.list(&filter, Order::Newest, 0, MOST)?.into_iter().map(|row| (row.record, row)));
    }
    Ok(found.into_values().collect())
}

/// Whether a record of somebody else names a person of this name.
fn names(document: &Document, is_desk: &dyn Fn(ChainId) -> bool, name: &str) -> bool {
    lost_people::persons(document, is_desk).iter().any(|found| fold::fold(&found.person.name) == name)
}
