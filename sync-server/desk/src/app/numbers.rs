//! The register of receipt numbers: of every number of every suitcase whether it is used, void, or in doubt.
//!
//! A number is used by the request that has it. A suitcase counts each day from 1, so one below a known number that
//! nobody knows was counted and is in doubt until its suitcase says that it is void.

use super::accounts::Rank;
use super::quarantine::OPENED;
use super::{Desk, DeskError};
use ids::{ChainId, ReceiptNumber};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// So many places that are skipped at once were counted by nobody: a day's visits are some dozens.
const PASSED_OVER: u16 = 100;

/// What became of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberState {
    /// A request has it.
    Used,
    /// Its suitcase declared it void.
    Void,
    /// Somebody has to look.
    Doubtful,
}

impl NumberState {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Used, Self::Void, Self::Doubtful];

    /// Its name in addresses, commands and JSON.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Void => "void",
            Self::Doubtful => "doubtful",
        }
    }

    /// From its name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }
}

/// Why a number is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It was counted, and neither a request nor a word of its suitcase is here.
    Skipped,
    /// Its suitcase declared it, or one of those in the row, void after it was revoked: that is not believed.
    VoidTooLate,
    /// One of many in a row that were skipped at once: so a laptop does that begins anew, since another life of its disk
    /// may have used them.
    PassedOver,
    /// Two requests have it.
    Twice,
    /// Another number has the same place in the suitcase's day: it was restored from a copy, or copied.
    CountedTwice,
    /// A request has it that its suitcase declared void.
    VoidAndUsed,
    /// It stands in an entry that is set aside: quarantine, fork, damage.
    SetAside,
    /// Its suitcase's chain is not whole here up to the entry that used it.
    NotWhole,
    /// Another suitcase used it than the one it names.
    Foreign,
    /// It is not of the form of a number.
    Form,
}

impl Doubt {
    /// Its name in JSON and in the keys of phrases.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::VoidTooLate => "void-too-late",
            Self::PassedOver => "passed-over",
            Self::Twice => "twice",
            Self::CountedTwice => "counted-twice",
            Self::VoidAndUsed => "void-and-used",
            Self::SetAside => "set-aside",
            Self::NotWhole => "not-whole",
            Self::Foreign => "foreign",
            Self::Form => "form",
        }
    }
}

/// A number, or places of a day that were skipped in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberRow {
    /// As printed; of skipped ones the first and, behind «…», the last place, without the three characters that nobody
    /// knows.
    pub number: String,
    /// The suitcase it names.
    pub suitcase: u16,
    /// The day it names; `None` where it is not of the form of a number.
    pub day: Option<Date>,
    /// Its place in the day.
    pub counter: u16,
    /// The last place in the day of those that were skipped in a row; else its place again.
    pub last: u16,
    /// What became of it.
    pub state: NumberState,
    /// Why it is in doubt; empty if it is not.
    pub doubts: Vec<Doubt>,
    /// Why its suitcase declared it void; empty if it did not.
    pub reason: String,
    /// How many requests have it.
    pub requests: usize,
    /// The entries that used it: number in the suitcase's chain.
    pub entries: Vec<u64>,
    /// The request that had it was erased by order: nothing else is known of it any more.
    pub erased: bool,
}

impl NumberRow {
    /// How many numbers it stands for.
    fn numbers(&self) -> u64 {
        u64::from(self.last.saturating_sub(self.counter)) + 1
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberQuery {
    /// Only of this suitcase.
    pub suitcase: Option<u16>,
    /// Only of days from this one on.
    pub from: Option<Date>,
    /// Only of days up to this one.
    pub to: Option<Date>,
    /// Only in this state.
    pub state: Option<NumberState>,
    /// Which page, from 1.
    pub page: usize,
    /// Rows of a page, at most 500.
    pub size: usize,
}

impl Default for NumberQuery {
    fn default() -> Self {
        Self { suitcase: None, from: None, to: None, state: None, page: 1, size: 50 }
    }
}

/// A page of the register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberPage {
    /// Its rows: the newest day first, then by suitcase and place.
    pub rows: Vec<NumberRow>,
    /// Rows of all pages.
    pub total: u64,
    /// Which page, from 1.
    pub page: usize,
    /// Rows of a page.
    pub size: usize,
    /// Of all rows before the state was chosen: how many are used, void, in doubt.
    pub counts: [u64; 3],
    /// Suitcases of which entries did not arrive, and how many: they may have used numbers that nobody here knows.
    pub missing: Vec<(u16, u64)>,
    /// Suitcases of which more entries are set aside than are opened for a page, and how many were not: they may use
    /// numbers that no row names.
    pub not_opened: Vec<(u16, u64)>,
}

/// A use of a number, as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Use {
    number: String,
    /// The suitcase that used it; `None` for one that the register does not know.
    by: Option<u16>,
    seq: u64,
    set_aside: bool,
    beyond: bool,
    erased: bool,
}

/// Everything that the register is made of.
#[derive(Debug, Default)]
struct Known {
    used: Vec<Use>,
    /// Number, why, and the suitcase that says so.
    void: Vec<(String, String, u16)>,
    /// Numbers that their suitcases declared void after they were revoked. They make no number known: whoever stole a
    /// suitcase would say so of any.
    too_late: BTreeSet<ReceiptNumber>,
    /// Suitcases that wrote under more than one chain: their laptops began anew.
    anew: BTreeSet<u16>,
    /// Entries set aside that were not opened, by suitcase.
    not_opened: BTreeMap<u16, u64>,
}

impl Desk {
    /// A page of the register of numbers.
    pub fn numbers(&self, by: &str, query: &NumberQuery) -> Result<NumberPage, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let size = query.size.clamp(1, 500);
        let page = query.page.max(1);
        let of_days = |row: &NumberRow| {
            query.suitcase.is_none_or(|suitcase| row.suitcase == suitcase)
                && query.from.is_none_or(|from| row.day.is_some_and(|day| day >= from))
                && query.to.is_none_or(|to| row.day.is_some_and(|day| day <= to))
        };
        let mut known = self.known_numbers(query.suitcase)?;
        let not_opened = std::mem::take(&mut known.not_opened).into_iter();
        let not_opened = not_opened.filter(|(number, _)| query.suitcase.is_none_or(|asked| asked == *number)).collect();
        let mut rows: Vec<NumberRow> = fold(known).into_iter().filter(of_days).collect();
        let count = |state| rows.iter().filter(|row| row.state == state).map(NumberRow::numbers).sum();
        let counts = NumberState::ALL.map(count);
        rows.retain(|row| query.state.is_none_or(|state| row.state == state));
        rows.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| (a.suitcase, a.counter).cmp(&(b.suitcase, b.counter))));
        let total = rows.len() as u64;
        let rows = rows.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
        let suitcases = self.suitcases()?;
        let missing = suitcases.iter().filter(|row| row.missing > 0).map(|row| (row.number, row.missing));
        let missing = missing.filter(|(number, _)| query.suitcase.is_none_or(|asked| asked == *number)).collect();
        Ok(NumberPage { rows, total, page, size, counts, missing, not_opened })
    }

    fn known_numbers(&self, suitcase: Option<u16>) -> Result<Known, DeskError> {
        let register = self.peer.register()?;
        let by = |chain: ChainId| Self::number_of(&register, chain);
        let (mut void, mut too_late) = (Vec::new(), BTreeSet::new());
        for (chain, stated) in self.stated()?.iter() {
            let Some(number) = by(*chain) else { continue };
            too_late.extend(&stated.late.voided);
            void.extend(stated.voided.iter().map(|(voided, reason)| (voided.clone(), reason.clone(), number)));
        }
        let mut not_opened: BTreeMap<u16, u64> = BTreeMap::new();
        let used = self.peer.read(|view| {
            let mut ends: BTreeMap<ChainId, u64> = BTreeMap::new();
            let mut used = Vec::new();
            for one in view.numbers_used(suitcase)? {
                let end = match ends.get(&one.chain) {
                    Some(end) => *end,
                    None => *ends.entry(one.chain).or_insert(view.end(one.chain)?.seq),
                };
                let seq = one.seq.unwrap_or_default();
                let beyond = seq == 0 || seq > end;
                used.push(Use { number: one.number, by: by(one.chain), seq, set_aside: false, beyond, erased: false });
            }
            let mut opened_of: BTreeMap<ChainId, usize> = BTreeMap::new();
            for (chain, exception) in view.exceptions(None)? {
                let opened = opened_of.entry(chain).or_default();
                if *opened >= OPENED {
                    *not_opened.entry(by(chain).unwrap_or_default()).or_default() += 1;
                    continue;
                }
                *opened += 1;
                if let Some(number) = view.number_set_aside(chain, exception.seq)? {
                    used.push(Use {
                        number,
                        by: by(chain),
                        seq: exception.seq,
                        set_aside: true,
                        beyond: false,
                        erased: false,
                    });
                }
            }
            Ok(used)
        })?;
        let mut used: Vec<Use> = used;
        // A request that was erased used its number: that stands in the proposal, and nothing else of the request.
        for number in self
            .erased_numbers()?
            .into_keys()
            .filter(|number| used.iter().all(|one| one.number != *number))
            .collect::<Vec<_>>()
        {
            let by = number.parse::<ReceiptNumber>().ok().map(|number| number.suitcase());
            if suitcase.is_none_or(|asked| by == Some(asked)) {
                used.push(Use { number, by, seq: 0, set_aside: false, beyond: false, erased: true });
            }
        }
        let numbers: BTreeSet<u16> = register.suitcases().map(|certificate| certificate.number).collect();
        let anew = numbers.into_iter().filter(|number| Self::chains_known_of(&register, *number).len() > 1).collect();
        Ok(Known { used, void, too_late, anew, not_opened })
    }
}

/// The register: a row for each number that anybody knows of, and for each that must have been counted.
fn fold(known: Known) -> Vec<NumberRow> {
    let mut rows: BTreeMap<String, NumberRow> = BTreeMap::new();
    for one in known.used {
        let row = rows.entry(one.number.clone()).or_insert_with(|| unseen(&one.number));
        row.requests += 1;
        row.erased |= one.erased;
        row.entries.extend((!one.erased).then_some(one.seq));
        let doubts = [
            (row.requests > 1, Doubt::Twice),
            (one.set_aside, Doubt::SetAside),
            (one.beyond, Doubt::NotWhole),
            (row.day.is_some() && one.by != Some(row.suitcase), Doubt::Foreign),
        ];
        row.doubts.extend(doubts.into_iter().filter(|(holds, _)| *holds).map(|(_, doubt)| doubt));
    }
    for (number, reason, by) in known.void {
        let row = rows.entry(number.clone()).or_insert_with(|| unseen(&number));
        // Nobody speaks for another suitcase's numbers.
        if row.day.is_some() && row.suitcase == by {
            row.reason = reason;
            row.doubts.extend((row.requests > 0).then_some(Doubt::VoidAndUsed));
        } else {
            row.doubts.push(Doubt::Foreign);
        }
    }
    let mut rows: Vec<NumberRow> = rows.into_values().collect();
    count_places(&mut rows, &known.anew, &known.too_late);
    for row in &mut rows {
        row.doubts.sort_unstable();
        row.doubts.dedup();
        row.state = match (row.doubts.is_empty(), row.requests) {
            (false, _) => NumberState::Doubtful,
            (true, 0) => NumberState::Void,
            (true, _) => NumberState::Used,
        };
    }
    rows
}

/// A number of which nothing is known yet.
fn unseen(text: &str) -> NumberRow {
    let parsed: Option<ReceiptNumber> = text.parse().ok();
    let day = parsed.and_then(date);
    NumberRow {
        number: text.to_owned(),
        suitcase: parsed.map_or(0, |number| number.suitcase()),
        day,
        counter: parsed.map_or(0, |number| number.counter()),
        last: parsed.map_or(0, |number| number.counter()),
        state: NumberState::Doubtful,
        doubts: if day.is_none() { vec![Doubt::Form] } else { Vec::new() },
        reason: String::new(),
        requests: 0,
        entries: Vec::new(),
        erased: false,
    }
}

/// Adds what was skipped, and says where two numbers have one place.
fn count_places(rows: &mut Vec<NumberRow>, anew: &BTreeSet<u16>, too_late: &BTreeSet<ReceiptNumber>) {
    let mut days: BTreeMap<(u16, Date), BTreeMap<u16, Vec<usize>>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(day) = row.day {
            days.entry((row.suitcase, day)).or_default().entry(row.counter).or_default().push(index);
        }
    }
    let mut late: BTreeMap<(u16, Date), BTreeSet<u16>> = BTreeMap::new();
    for number in too_late {
        let day = date(*number).map(|day| late.entry((number.suitcase(), day)).or_default());
        day.map(|places| places.insert(number.counter()));
    }
    let mut gaps = Vec::new();
    for ((suitcase, day), places) in days {
        for index in places.values().filter(|same| same.len() > 1).flatten() {
            rows[*index].doubts.push(Doubt::CountedTwice);
        }
        for (first, last) in skipped(&places.keys().copied().collect()) {
            let mut row = gap(suitcase, day, (first, last), anew.contains(&suitcase));
            let said = late.get(&(suitcase, day)).is_some_and(|late| late.range(first..=last).next().is_some());
            row.doubts.extend(said.then_some(Doubt::VoidTooLate));
            gaps.push(row);
        }
    }
    rows.extend(gaps);
}

/// Of the places of one day that are known the runs between them, from 1: those were counted, and nobody knows them.
pub(super) fn skipped(known: &BTreeSet<u16>) -> impl Iterator<Item = (u16, u16)> + use<'_> {
    let before = std::iter::once(0).chain(known.iter().copied());
    before.zip(known).filter(|(before, place)| **place > before + 1).map(|(before, place)| (before + 1, place - 1))
}

/// Places of a day as lists name them: `7-211126-003`, of several the first and the last, `7-211126-003…007`.
pub(super) fn places_text(suitcase: u16, (year, month, day): (u16, u8, u8), (first, last): (u16, u16)) -> String {
    let one = format!("{suitcase}-{day:02}{month:02}{:02}-{first:03}", year % 100);
    if last > first { format!("{one}…{last:03}") } else { one }
}

/// The day that a number names, if there is such a day.
fn date(number: ReceiptNumber) -> Option<Date> {
    let (year, month, day) = number.date();
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// Places of a day that nobody knows, from one to another: one row, however many. That many were passed over on purpose is
/// said only of a suitcase that began `anew`: nothing else explains them.
fn gap(suitcase: u16, day: Date, (first, last): (u16, u16), anew: bool) -> NumberRow {
    let ymd = (day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs());
    let doubt = if anew && last - first + 1 >= PASSED_OVER { Doubt::PassedOver } else { Doubt::Skipped };
    NumberRow {
        number: places_text(suitcase, ymd, (first, last)),
        suitcase,
        day: Some(day),
        counter: first,
        last,
        state: NumberState::Doubtful,
        doubts: vec![doubt],
        reason: String::new(),
        requests: 0,
        entries: Vec::new(),
        erased: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use peer::OwnFact;

    fn number(suitcase: u16, day: u8, counter: u16, random: u8) -> String {
        ReceiptNumber::new(suitcase, (2026, 11, day), counter, [random, 2]).unwrap().to_string()
    }

    fn used(number: &str, seq: u64) -> Use {
        Use { number: number.to_owned(), by: Some(7), seq, set_aside: false, beyond: false, erased: false }
    }

    fn row<'a>(rows: &'a [NumberRow], number: &str) -> &'a NumberRow {
        rows.iter().find(|row| row.number == number).unwrap_or_else(|| panic!("no {number} in {rows:#?}"))
    }

    #[test]
    fn every_number_is_used_void_or_in_doubt_and_says_why() {
        let n = |counter| number(7, 21, counter, 1);
        let known = Known {
            used: vec![
                used(&n(1), 4),
                used(&n(2), 5),
                used(&n(2), 9),
                used(&n(4), 6),
                used(&number(7, 21, 4, 9), 12),
                Use { set_aside: true, ..used(&n(5), 7) },
                Use { beyond: true, ..used(&n(6), 8) },
                Use { by: Some(8), ..used(&n(7), 3) },
                used(&n(8), 10),
                used("777", 11),
            ],
            void: vec![(n(8), "помилково".into(), 7), (n(9), "зім’ято".into(), 7), (n(11), "не моя".into(), 8)],
            ..Known::default()
        };
        let rows = fold(known);
        let is = |number: &str, state, doubts: &[Doubt]| {
            let row = row(&rows, number);
            assert_eq!((row.state, row.doubts.as_slice()), (state, doubts), "{number}");
        };
        is(&n(1), NumberState::Used, &[]);
        is(&n(2), NumberState::Doubtful, &[Doubt::Twice]);
        is("7-211126-003", NumberState::Doubtful, &[Doubt::Skipped]);
        is(&n(4), NumberState::Doubtful, &[Doubt::CountedTwice]);
        is(&number(7, 21, 4, 9), NumberState::Doubtful, &[Doubt::CountedTwice]);
        is(&n(5), NumberState::Doubtful, &[Doubt::SetAside]);
        is(&n(6), NumberState::Doubtful, &[Doubt::NotWhole]);
        is(&n(7), NumberState::Doubtful, &[Doubt::Foreign]);
        is(&n(8), NumberState::Doubtful, &[Doubt::VoidAndUsed]);
        is(&n(9), NumberState::Void, &[]);
        assert_eq!(row(&rows, &n(9)).reason, "зім’ято");
        is("7-211126-010", NumberState::Doubtful, &[Doubt::Skipped]);
        is(&n(11), NumberState::Doubtful, &[Doubt::Foreign]);
        is("777", NumberState::Doubtful, &[Doubt::Form]);
        assert_eq!(rows.len(), 13, "each once");
    }

    #[test]
    fn what_was_skipped_in_a_row_is_one_row_and_counts_as_many() {
        let known = [1, 5, 304].map(|counter| used(&number(7, 21, counter, 1), u64::from(counter)));
        for (anew, doubt) in [(7, Doubt::PassedOver), (8, Doubt::Skipped)] {
            let rows = fold(Known { used: known.to_vec(), anew: [anew].into(), ..Known::default() });
            let told = |number: &str| {
                let row = row(&rows, number);
                (row.doubts.clone(), row.counter, row.last, row.numbers())
            };
            assert_eq!(told("7-211126-002…004"), (vec![Doubt::Skipped], 2, 4, 3));
            assert_eq!(
                told("7-211126-006…303"),
                (vec![doubt], 6, 303, 298),
                "no other suitcase's new name explains it"
            );
            assert_eq!(rows.len(), 5);
        }
    }

    #[test]
    fn a_suitcase_that_only_jumps_has_no_new_name_to_excuse_it() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        for suitcase in [&seven, &eight] {
            suitcase.record("Коваль", "Ганна");
        }
        for suitcase in [&seven, &eight] {
            let jump =
                |number: ReceiptNumber| ReceiptNumber::new(number.suitcase(), number.date(), 500, [1, 2]).unwrap();
            suitcase.record_as(("Гук", "Степан"), None, jump);
            town.carry_up(suitcase);
        }
        let doubts = |suitcase| {
            let query =
                NumberQuery { suitcase: Some(suitcase), state: Some(NumberState::Doubtful), ..Default::default() };
            let rows = town.desk.numbers("admin", &query).unwrap().rows;
            rows.iter().map(|row| (row.numbers(), row.doubts.clone())).collect::<Vec<_>>()
        };
        assert_eq!(doubts(7), [(498, vec![Doubt::Skipped])]);
        // Before anybody confirms it the register of numbers says what happened.
        seven.peer.begin_anew().unwrap();
        town.carry_up(&seven);
        assert_eq!(town.desk.unconfirmed().unwrap().len(), 1);
        assert_eq!(doubts(7), [(498, vec![Doubt::PassedOver])]);
        town.desk.confirm_rebirth("admin", seven.peer.chain()).unwrap();
        assert_eq!(doubts(7), [(498, vec![Doubt::PassedOver])]);
        assert_eq!(doubts(8), [(498, vec![Doubt::Skipped])], "another one's new name is none of it");
    }

    #[test]
    fn the_desk_keeps_the_register_of_all_suitcases_and_pages_it() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let first = seven.record("Коваль", "Ганна");
        let skipped = seven.peer.act(|act| Ok(act.next_receipt_number()?.to_string())).unwrap();
        let third = seven.record("Гук", "Степан");
        let other = eight.record("Мороз", "Іван");
        town.carry_up(&seven);
        town.carry_up(&eight);
        let all = town.desk.numbers("admin", &NumberQuery::default()).unwrap();
        assert_eq!(all.counts, [3, 0, 1]);
        let gap = row(&all.rows, skipped.rsplit_once('-').unwrap().0);
        assert_eq!((gap.state, gap.doubts.as_slice()), (NumberState::Doubtful, &[Doubt::Skipped][..]));
        assert_eq!(row(&all.rows, &first).entries.len(), 1);
        // The suitcase explains the gap.
        let (void, reason) = (skipped.clone(), "папір зім’ято".to_owned());
        seven.peer.act(move |act| act.own(&OwnFact::VoidedNumber { number: void, reason })).unwrap();
        town.carry_up(&seven);
        let query = NumberQuery { suitcase: Some(7), ..NumberQuery::default() };
        let of_seven = town.desk.numbers("admin", &query).unwrap();
        assert_eq!(of_seven.counts, [2, 1, 0]);
        assert_eq!(row(&of_seven.rows, &skipped).reason, "папір зім’ято");
        let state = Some(NumberState::Used);
        let page = |page| NumberQuery { state, page, size: 2, ..NumberQuery::default() };
        let pages = [1, 2].map(|n| town.desk.numbers("admin", &page(n)).unwrap());
        assert_eq!((pages[0].rows.len(), pages[1].rows.len(), pages[0].total), (2, 1, 3));
        let seen: Vec<&str> = pages.iter().flat_map(|page| &page.rows).map(|row| row.number.as_str()).collect();
        assert_eq!(seen, [first.as_str(), &third, &other]);
        let tomorrow = town.desk.start_of_day("2026-11-22").and_then(|_| "2026-11-22".parse().ok());
        let later = NumberQuery { from: tomorrow, ..NumberQuery::default() };
        assert_eq!(town.desk.numbers("admin", &later).unwrap().total, 0);
        assert!(town.desk.numbers("nobody", &NumberQuery::default()).is_err());
    }

    #[test]
    fn what_a_revoked_suitcase_used_later_is_in_doubt_until_it_is_let_in() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        town.desk.revoke("admin", 7, "викрадено").unwrap();
        let late = seven.record("Гук", "Степан");
        town.carry_up(&seven);
        let numbers = || town.desk.numbers("admin", &NumberQuery::default()).unwrap().rows;
        assert_eq!(row(&numbers(), &late).doubts, [Doubt::SetAside]);
        let aside = town.desk.set_aside("admin").unwrap().remove(0);
        town.desk.accept_set_aside("admin", aside.chain, aside.seq, "ноутбук знайшовся").unwrap();
        assert_eq!(row(&numbers(), &late).state, NumberState::Used);
    }
}
