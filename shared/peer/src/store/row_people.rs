//! Residents' records that may be one person: by the numbers and the names of their rows, so that a list of them costs
//! what it shows and not what the store holds.

use super::bytes;
use super::rows::{self, RecordRow};
use crate::PeerError;
use ids::RecordId;
use records::Kind;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Of so many with one name or number each is compared with each: more are no accident.
const MOST: usize = 40;

/// Two rows of residents.
pub type PeoplePair = (RecordRow, RecordRow);

/// Pairs with a number in common, then pairs with the same surname and given name whose patronymics do not differ, nor
/// their tax numbers together with their dates of birth; those about which a person has decided are left out. At most so
/// many; true if there may be more.
pub fn alike_people(connection: &Connection, most: usize) -> Result<(Vec<PeoplePair>, bool), PeerError> {
    let mut found = Found { connection, rows: BTreeMap::new(), pairs: Vec::new(), most, passed_over: false };
    for group in by_number(connection)?.values().filter(|group| group.len() > 1) {
        found.compare(group, false, |_, _| true)?;
    }
    for group in by_name(connection)? {
        let names: BTreeMap<RecordId, &[Vec<u8>]> =
            group.iter().map(|(record, words)| (*record, words.as_slice())).collect();
        let records: Vec<RecordId> = group.iter().map(|(record, _)| *record).collect();
        found.compare(&records, true, |one, other| match (names[&one].get(2), names[&other].get(2)) {
            (Some(here), Some(there)) => here == there,
            _ => true,
        })?;
    }
    Ok((found.pairs, found.most == 0 || found.passed_over))
}

struct Found<'a> {
    connection: &'a Connection,
    rows: BTreeMap<RecordId, RecordRow>,
    pairs: Vec<PeoplePair>,
    most: usize,
    /// A group was larger than [`MOST`].
    passed_over: bool,
}

impl Found<'_> {
    fn compare(
        &mut self,
        group: &[RecordId],
        by_name: bool,
        may_be_one: impl Fn(RecordId, RecordId) -> bool,
    ) -> Result<(), PeerError> {
        self.passed_over |= group.len() > MOST;
        for (turn, one) in group.iter().enumerate().take(MOST) {
            for other in group.iter().take(MOST).skip(turn + 1).filter(|other| may_be_one(*one, **other)) {
                if self.most == 0 {
                    return Ok(());
                }
                self.add(*one, *other, by_name)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, one: RecordId, other: RecordId, by_name: bool) -> Result<(), PeerError> {
        let known = |pair: &PeoplePair| {
            let (a, b) = (pair.0.record, pair.1.record);
            (a, b) == (one, other) || (b, a) == (one, other)
        };
        let (Some(here), Some(there)) = (self.row(one)?, self.row(other)?) else { return Ok(()) };
        if by_name && are_two(&here, &there) {
            return Ok(());
        }
        if !here.has_decided(other) && !there.has_decided(one) && !self.pairs.iter().any(known) {
            self.pairs.push((here, there));
            self.most -= 1;
        }
        Ok(())
    }

    fn row(&mut self, record: RecordId) -> Result<Option<RecordRow>, PeerError> {
        if !self.rows.contains_key(&record) {
            let Some(row) = rows::get(self.connection, record)? else { return Ok(None) };
            self.rows.insert(record, row);
        }
        Ok(self.rows.get(&record).cloned())
    }
}

/// Both the tax numbers and the dates of birth are known and differ.
fn are_two(one: &RecordRow, other: &RecordRow) -> bool {
    let marked =
        |row: &RecordRow, mark: char| row.person.split(' ').find_map(|text| text.strip_prefix(mark).map(str::to_owned));
    let differ = |mark: char| marked(one, mark).zip(marked(other, mark)).is_some_and(|(here, there)| here != there);
    differ('n') && differ('b')
}

fn by_number(connection: &Connection) -> Result<BTreeMap<String, Vec<RecordId>>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT person, record FROM record INDEXED BY record_people WHERE kind = ?1 AND person <> ''",
    )?;
    let mut groups: BTreeMap<String, Vec<RecordId>> = BTreeMap::new();
    let mut rows = statement.query([Kind::Resident.code()])?;
    while let Some(row) = rows.next()? {
        let (numbers, record): (String, _) = (row.get(0)?, RecordId::from_bytes(bytes(row, 1)?));
        for number in numbers.split(' ').filter(|mark| mark.starts_with(['n', 'u'])) {
            groups.entry(number.to_owned()).or_default().push(record);
        }
    }
    Ok(groups)
}

/// A record and the words of its title as they are sorted.
type Named = (RecordId, Vec<Vec<u8>>);

/// Those of one surname and given name stand together in the order of names.
fn by_name(connection: &Connection) -> Result<Vec<Vec<Named>>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT sort, record FROM record INDEXED BY record_sort WHERE kind = ?1 ORDER BY sort")?;
    let mut groups: Vec<Vec<Named>> = Vec::new();
    let mut last: Option<Named> = None;
    let mut rows = statement.query([Kind::Resident.code()])?;
    while let Some(row) = rows.next()? {
        let sort: Vec<u8> = row.get(0)?;
        // A space weighs one: see `order`.
        let words: Vec<Vec<u8>> = sort.split(|byte| *byte == 1).map(<[u8]>::to_vec).collect();
        if words.len() < 2 {
            last = None;
            continue;
        }
        let named = (RecordId::from_bytes(bytes(row, 1)?), words);
        match last.take() {
            Some(before) if before.1[..2] == named.1[..2] => match groups.last_mut() {
                Some(group) if group.last().is_some_and(|one| one.0 == before.0) => group.push(named.clone()),
                _ => groups.push(vec![before, named.clone()]),
            },
            _ => {}
        }
        last = Some(named);
    }
    Ok(groups)
}
