//! What is missing, in the words of whoever recorded it.

use super::entries::Sound;
use super::{Harm, Mended};
use crate::identity::{Identity, Role};
use crate::ledger::Ledger;
use crate::places::of_number;
use crate::records_in_store as shelf;
use crate::store::mend::Listed;
use crate::store::{entries, erased, forgotten, mend, meta, rows, sync};
use crate::{PeerError, lost_numbers, own_chains};
use chain::{Link, limits};
use clock::Time;
use ids::{ChainId, ReceiptNumber, RecordId};
use rusqlite::Connection;
use signing::canonical::{Reader, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// The name in `meta` of the records that are to come back: version = 1, count, then record 16 and what it is called
/// (text) each.
const MISSING: &str = "missing records";
const LONGEST_NAME: usize = 4096;
/// Numbers of so many days are told.
const DAYS: i64 = 7;
/// Numbers of today that are passed over where nobody knows how many were given out.
const UNCOUNTED: i64 = 300;
/// Most that are remembered.
const MOST: usize = 10_000;

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Nothing of it can be shown, and nobody else had it.
    Gone,
    /// The newest change is gone; what was before it is here.
    Partly,
    /// It is shown again when what is missing has come from the centre.
    Awaited,
}

/// A record of which something is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRecord {
    /// The number on paper.
    pub number: Option<String>,
    /// Who or what it is about.
    pub title: String,
    /// What became of it.
    pub loss: Loss,
}

/// The own chain as it was read, and what the lists showed.
pub(super) struct Before {
    /// The end of its unbroken part.
    pub end: u64,
    /// The highest number that it is known to have had.
    pub known: u64,
    /// Its row, which states its end, was not read.
    pub unstated: bool,
    /// Up to where the hub holds it.
    pub anchored: Option<Link>,
    /// The first number that is neither here nor anchored, or the one behind the last.
    pub parted: u64,
    /// Own entries that are missing and not anchored.
    gone: BTreeSet<u64>,
    listed: Vec<Listed>,
    /// Missing entries that somebody may hold.
    wanted: BTreeMap<ChainId, BTreeSet<u64>>,
}

impl Before {
    pub fn read(
        connection: &Connection,
        identity: &Identity,
        answerer: &str,
        sound: &Sound,
    ) -> Result<Self, PeerError> {
        let chain = identity.chain;
        let rows = mend::chains(connection)?;
        let row = rows.iter().find(|(_, (name, _))| *name == chain).map(|(row, _)| *row);
        let (end, last) = row.map_or(Ok((Link::EMPTY, 0)), |row| mend::extent(connection, row))?;
        let anchored = anchored(connection, chain, answerer)?;
        let until = anchored.map_or(0, |link| link.seq);
        let stated = sound.stated.get(&chain).copied();
        let named = sound.unread.get(&chain).and_then(BTreeSet::last).copied().unwrap_or(0);
        let known = [last, until, stated.unwrap_or(0), named].into_iter().max().unwrap_or(0);
        let passed = lost_numbers::runs(connection, chain)?;
        let mut gone: BTreeSet<u64> = mend::lacking(connection, chain, until + 1, known)?.into_iter().collect();
        // What an earlier repair found lost is said once.
        gone.retain(|seq| lost_numbers::behind(&passed, *seq) == *seq);
        let parted = gone.first().copied().unwrap_or(known + 1);
        let mut wanted = sound.unread.clone();
        let lacking = mend::lacking(connection, chain, 1, until)?;
        let own = wanted.entry(chain).or_default();
        own.extend(lacking);
        own.retain(|seq| !gone.contains(seq));
        let listed = listed(connection, identity)?;
        Ok(Self { end: end.seq, known, unstated: stated.is_none(), anchored, parted, gone, listed, wanted })
    }

    /// Says it, and remembers what is to come.
    pub fn tell(self, ledger: &Ledger, now: Time, harm: &Harm, mended: &mut Mended) -> Result<(), PeerError> {
        let connection = &ledger.connection;
        mended.lost = self.gone.len() as u64;
        mended.wanted = self.wanted.values().map(|numbers| numbers.len() as u64).sum();
        let mut awaited = Vec::new();
        mended.unknown = self.unstated && harm.entries;
        let mut numbers = BTreeSet::new();
        for record in entries::records(connection)? {
            let Ok(document) = shelf::document(connection, ledger.identity.tenant, record) else { continue };
            let row = shelf::row(&ledger.register, ledger.identity.chain, &document).0;
            numbers.extend(row.number);
        }
        let anchored = self.anchored.map_or(0, |link| link.seq);
        for Listed { record, number, title, own_seq } in &self.listed {
            let whole = shelf::document(connection, ledger.identity.tenant, *record).is_ok();
            let loss = match whole {
                true if self.gone.contains(own_seq) => Loss::Partly,
                true => continue,
                false if *own_seq > anchored => Loss::Gone,
                false => Loss::Awaited,
            };
            let lost = LostRecord { number: number.clone(), title: title.clone(), loss };
            if loss == Loss::Awaited {
                awaited.push((*record, lost.name()));
            }
            mended.records.push(lost);
        }
        remember(connection, &awaited)?;
        numbers.extend(self.listed.iter().filter_map(|listed| listed.number.clone()));
        if matches!(ledger.identity.role, Role::Suitcase) && (harm.entries || harm.numbers || mended.reborn) {
            mended.numbers = self.unread_numbers(ledger, now, &numbers, harm.numbers)?;
        }
        Ok(())
    }

    /// Numbers of the last days that were given out and stand in nothing that was read. Of a day whose count may be lost
    /// as many as there are lost entries are passed over: none is given out twice.
    fn unread_numbers(
        &self,
        ledger: &Ledger,
        now: Time,
        read: &BTreeSet<String>,
        uncounted: bool,
    ) -> Result<Vec<String>, PeerError> {
        let connection = &ledger.connection;
        let suitcase = ledger.identity.number;
        let mut of_day: BTreeMap<i64, BTreeSet<u16>> = BTreeMap::new();
        // What was given up on purpose has its number still.
        let given_up: Vec<String> =
            forgotten::newest(connection, usize::MAX)?.0.into_iter().filter_map(|one| one.number).collect();
        for number in read.iter().chain(&given_up).filter_map(|text| text.parse::<ReceiptNumber>().ok()) {
            let (year, month, day) = number.date();
            if number.suitcase() == suitcase {
                let day = i64::from(year) * 10_000 + i64::from(month) * 100 + i64::from(day);
                of_day.entry(day).or_default().insert(number.counter());
            }
        }
        let mut counts: BTreeMap<i64, i64> = mend::counters(connection)?.into_iter().collect();
        for (day, numbers) in &of_day {
            let highest = i64::from(numbers.last().copied().unwrap_or(0));
            let count = counts.entry(*day).or_default();
            *count = (*count).max(highest);
        }
        let first = day_of(Time(now.0.saturating_sub(DAYS * 86_400_000))).unwrap_or(i64::MAX);
        let mut unread = Vec::new();
        for (day, last) in counts.range(first..) {
            let none = BTreeSet::new();
            let known = of_day.get(day).unwrap_or(&none);
            unread.extend(gaps(known, (*last).clamp(0, 999) as u16).map(|gap| numbers_of(suitcase, *day, gap)));
        }
        // What was not counted is passed over: more than anybody records in a day, where the count itself is lost.
        let passed = match uncounted {
            true => UNCOUNTED,
            false => (self.gone.len() as i64).min(UNCOUNTED),
        };
        if let Some(today) = day_of(now) {
            *counts.entry(today).or_default() += passed;
        }
        for (day, last) in &counts {
            mend::count_on(connection, *day, (*last).min(999))?;
        }
        Ok(unread)
    }
}

/// Places of a day up to the `last` that are not `known`, in runs.
fn gaps(known: &BTreeSet<u16>, last: u16) -> impl Iterator<Item = (u16, u16)> {
    let mut next = 1;
    let behind = known.iter().copied().filter(move |place| *place <= last).chain([last + 1]);
    behind.filter_map(move |place| {
        let gap = (place > next).then_some((next, place.saturating_sub(1)));
        next = place + 1;
        gap
    })
}

/// As they stand on paper, without the three characters that nobody knows: `7-231126-002`, or `7-231126-002…004`.
fn numbers_of(suitcase: u16, day: i64, (first, last): (u16, u16)) -> String {
    let (year, month, day) = (day / 10_000 % 100, day / 100 % 100, day % 100);
    let one = format!("{suitcase}-{day:02}{month:02}{year:02}-{first:03}");
    if last > first { format!("{one}…{last:03}") } else { one }
}

/// A day as the counts name it: year, month and day as one number.
fn day_of(time: Time) -> Option<i64> {
    let day = time.kyiv()?;
    Some(i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day()))
}

/// Up to where the hub holds the own chain: by its dialogue, or by the highest anchor that is kept.
fn anchored(connection: &Connection, chain: ChainId, answerer: &str) -> Result<Option<Link>, PeerError> {
    let told = sync::dialogue(connection, answerer)?.anchored.get(&chain).copied();
    if told.is_some() {
        return Ok(told);
    }
    let seq = mend::highest_anchor(connection, chain)?;
    Ok(mend::anchored_hash(connection, chain, seq)?.map(|hash| Link { seq, hash }))
}

/// What was listed, each with the number of its newest own entry in the chain under way. Of a chain of before only counts
/// whether somebody else holds it: if not, it is behind all that is anchored.
fn listed(connection: &Connection, identity: &Identity) -> Result<Vec<Listed>, PeerError> {
    let mut all = mend::listed(connection)?;
    for one in &mut all {
        let (place, seq) = of_number(one.own_seq);
        one.own_seq = match identity.former.get(place) {
            Some(former) if seq > own_chains::anchored_anywhere(connection, former)? => limits::SEQ,
            Some(_) => 0,
            None => seq,
        };
    }
    Ok(all)
}

fn remember(connection: &Connection, awaited: &[(RecordId, String)]) -> Result<(), PeerError> {
    if awaited.is_empty() {
        return Ok(());
    }
    let awaited = &awaited[..awaited.len().min(MOST)];
    let mut w = Writer::new();
    w.u8(1).count(awaited.len() as u64);
    awaited.iter().for_each(|(record, name)| {
        w.fixed(record.as_bytes()).text(name);
    });
    meta::put(connection, MISSING, &w.finish())
}

/// Records that a repair found missing and that have not come back: what they are called.
pub(crate) fn missing(connection: &Connection) -> Result<Vec<String>, PeerError> {
    let Some(bytes) = meta::get(connection, MISSING)? else { return Ok(Vec::new()) };
    let mut r = Reader::new(&bytes);
    if r.u8()? != 1 {
        return Err(PeerError::Later);
    }
    let mut left = Vec::new();
    for _ in 0..r.count_to(MOST)? {
        let (record, name) = (RecordId::from_bytes(r.fixed()?), r.text(LONGEST_NAME)?);
        if rows::get(connection, record)?.is_none() && !erased::is_erased(connection, record)? {
            left.push(name.to_owned());
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_nothing_was_read_of_are_named_as_on_paper_and_in_runs() {
        let known: BTreeSet<u16> = [1, 5, 6, 9].into();
        let named = |last| gaps(&known, last).map(|gap| numbers_of(7, 20_261_123, gap)).collect::<Vec<_>>();
        assert_eq!(named(9), ["7-231126-002…004", "7-231126-007…008"]);
        assert_eq!(named(10), ["7-231126-002…004", "7-231126-007…008", "7-231126-010"]);
        assert_eq!(named(1), Vec::<String>::new());
        assert_eq!(numbers_of(7, 20_260_102, (999, 999)), "7-020126-999");
        assert_eq!(gaps(&BTreeSet::new(), 0).count(), 0);
    }
}
