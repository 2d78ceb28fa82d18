//! How far a scrub has come and what it has found, in a file of the folder, so that the next start goes on there:
//!
//! ```text
//! valiza-scrub 1
//! at entries 4711                   what this cycle looks at next: `pages`, a page; `entries`, after which in order of
//!                                   arrival; `records`, after which, or `-`; `tables`, after which, or `-`
//! looked 700 4711 0 1               pages, entries, records that this cycle has looked at; how many of the faults, from
//!                                   the first, it has found. Then, if it met damage behind the pages, `again` and where
//!                                   it goes on when all pages are looked at once more, or `-`: they are
//! begun 1795255200000               ms since 1970
//! ended 1795255200000 700 9000 800  the last whole cycle: when, pages, entries, records; missing before the first
//! fault ланцюг …                    what this cycle has found and, until it is over, the one before; the newest twenty
//! ```
//!
//! What stands in `looked` behind the three numbers a program of before passes over: all that was found then is, for it, of
//! the cycle before.
//!
//! Names of chains, numbers and tables: nothing that says who anybody is. The file's loss costs a cycle.

use super::weigh::names_nothing;
use ids::RecordId;
use std::collections::BTreeSet;
use std::path::Path;

/// The file's name.
pub(super) const FILE: &str = "scrub";
const HEAD: &str = "valiza-scrub 1";
/// Faults that are kept.
const FAULTS: usize = 20;

/// What is looked at next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    /// This page of the file and those after it.
    Pages(u32),
    /// Entries that came after this one.
    Entries(i64),
    /// Records after this one.
    Records(Option<RecordId>),
    /// Tables after the one of this name.
    Tables(String),
}

impl At {
    /// Where a cycle begins.
    pub const BEGINNING: Self = Self::Pages(1);

    /// What comes when this kind of thing is through; `None` at the end.
    pub fn after(&self) -> Option<Self> {
        match self {
            Self::Pages(_) => Some(Self::Entries(i64::MIN)),
            Self::Entries(_) => Some(Self::Records(None)),
            Self::Records(_) => Some(Self::Tables(String::new())),
            Self::Tables(_) => None,
        }
    }

    fn to_text(&self) -> String {
        let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        match self {
            Self::Pages(page) => format!("pages {page}"),
            Self::Entries(after) => format!("entries {after}"),
            Self::Records(after) => format!("records {}", or_none(after.map_or(String::new(), |id| id.to_string()))),
            Self::Tables(after) => format!("tables {}", or_none(after.clone())),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        let (kind, place) = text.split_once(' ')?;
        Some(match (kind, place) {
            ("pages", page) => Self::Pages(page.parse().ok().filter(|page| *page > 0)?),
            ("entries", after) => Self::Entries(after.parse().ok()?),
            ("records", "-") => Self::Records(None),
            ("records", after) => Self::Records(Some(after.parse().ok()?)),
            ("tables", "-") => Self::Tables(String::new()),
            ("tables", after) => Self::Tables(after.to_owned()),
            _ => return None,
        })
    }
}

/// Whether this cycle looks at the pages a second time, because it met damage behind them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Again {
    /// None was met.
    #[default]
    No,
    /// It does, and then goes on here, where the damage was met.
    Now(At),
    /// It did.
    Done,
}

impl Again {
    fn to_text(&self) -> String {
        match self {
            Self::No => String::new(),
            Self::Now(at) => format!(" again {}", at.to_text()),
            Self::Done => " again -".to_owned(),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(match text.strip_prefix("again ") {
            None if text.is_empty() => Self::No,
            None => return None,
            Some("-") => Self::Done,
            Some(at) => Self::Now(At::from_text(at)?),
        })
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Pages of the database's file.
    pub pages: u64,
    /// Entries.
    pub entries: u64,
    /// Records.
    pub records: u64,
}

impl Seen {
    fn to_text(self) -> String {
        format!("{} {} {}", self.pages, self.entries, self.records)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(str::parse);
        let mut next = || numbers.next()?.ok();
        Some(Self { pages: next()?, entries: next()?, records: next()? })
    }
}

/// What is known of how whole everything is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scrubbed {
    /// When everything was looked at last, device time, ms since 1970; `None`: never yet.
    pub ended: Option<i64>,
    /// How much there was then.
    pub seen: Seen,
    /// What is damaged, one sentence each; the newest twenty.
    pub faults: Vec<String>,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State {
    /// While a cycle is under way.
    pub(super) at: Option<At>,
    pub(super) again: Again,
    pub(super) seen: Seen,
    pub(super) begun: i64,
    pub(super) ended: Option<(i64, Seen)>,
    /// Of this cycle.
    pub(super) faults: BTreeSet<String>,
    /// Of the one before.
    pub(super) earlier: BTreeSet<String>,
}

impl State {
    /// As it was kept in a folder. What nobody understands is a new beginning.
    pub(crate) fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(FILE)).unwrap_or_default();
        Self::from_text(&text).unwrap_or_default()
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        if let Some(at) = &self.at {
            let found = self.faults.len();
            text += &format!("at {}\nlooked {} {found}{}\n", at.to_text(), self.seen.to_text(), self.again.to_text());
        }
        text += &format!("begun {}\n", self.begun);
        if let Some((at, seen)) = self.ended {
            text += &format!("ended {at} {}\n", seen.to_text());
        }
        self.known().for_each(|fault| text += &format!("fault {fault}\n"));
        text
    }

    fn from_text(text: &str) -> Option<Self> {
        let (mut state, mut found) = (Self::default(), 0);
        for line in text.strip_prefix(HEAD)?.strip_prefix('\n')?.lines() {
            let (name, value) = line.split_once(' ')?;
            match name {
                "at" => state.at = Some(At::from_text(value)?),
                "looked" => {
                    state.seen = Seen::from_text(value)?;
                    let mut more = value.splitn(5, ' ').skip(3);
                    found = more.next().map_or(Some(0), |found| found.parse().ok())?;
                    state.again = Again::from_text(more.next().unwrap_or_default())?;
                }
                "begun" => state.begun = value.parse().ok()?,
                "ended" => {
                    let (at, seen) = value.split_once(' ')?;
                    state.ended = Some((at.parse().ok()?, Seen::from_text(seen)?));
                }
                "fault" if found > 0 => {
                    found -= 1;
                    state.faults.insert(value.to_owned());
                }
                "fault" => drop(state.earlier.insert(value.to_owned())),
                _ => return None,
            }
        }
        if state.at.is_none() {
            state.faults = std::mem::take(&mut state.earlier);
        }
        Some(state)
    }

    /// Everything that is known to be damaged; what this cycle has found comes first.
    pub(super) fn known(&self) -> impl Iterator<Item = &String> {
        self.faults.iter().chain(self.earlier.difference(&self.faults))
    }

    /// Whether this cycle has found a place because of which other things may not read.
    pub(super) fn explains(&self) -> bool {
        self.faults.iter().any(|fault| salvage::explains(fault))
    }

    pub(crate) fn scrubbed(&self) -> Scrubbed {
        let (ended, seen) = self.ended.map_or_else(Default::default, |(at, seen)| (Some(at), seen));
        let faults: BTreeSet<&String> = self.known().collect();
        Scrubbed { ended, seen, faults: faults.into_iter().cloned().collect() }
    }

    /// What is looked at when there is no more of this kind; `None` at the end.
    pub(super) fn after(&mut self, at: &At) -> Option<At> {
        match (at, std::mem::take(&mut self.again)) {
            (At::Pages(_), Again::Now(back)) => {
                self.again = Again::Done;
                Some(back)
            }
            (_, again) => {
                self.again = again;
                at.after()
            }
        }
    }

    /// Notes a damage. True if nobody knew of it.
    pub(super) fn found(&mut self, fault: &str) -> bool {
        let fault = fault.replace(['\n', '\r'], " ");
        if salvage::explains(&fault) {
            self.faults.retain(|other| !names_nothing(other));
        }
        let new = !self.known().any(|known| *known == fault);
        (self.faults.len() < FAULTS && self.faults.insert(fault)) && new
    }

    /// Everything was looked at in another way, and all is well. True if something else was known.
    pub(crate) fn is_clean(&mut self) -> bool {
        let known = self.known().next().is_some();
        self.faults.clear();
        self.earlier.clear();
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_came_is_read_back_and_nonsense_is_a_new_beginning() {
        let faults = BTreeSet::from(["сторінку № 3 пошкоджено / page 3".to_owned()]);
        let seen = Seen { pages: 7, entries: 8, records: 9 };
        let over = State { ended: Some((6, seen)), begun: 5, faults: faults.clone(), ..State::default() };
        assert_eq!(State::from_text(&over.to_text()), Some(over.clone()));
        let places = [
            At::Pages(17),
            At::Entries(i64::MIN),
            At::Records(None),
            At::Records(Some(RecordId::from_bytes([3; 16]))),
            At::Tables(String::new()),
            At::Tables("entry".into()),
        ];
        for at in places {
            let under_way = State { at: Some(at.clone()), seen, ..over.clone() };
            for again in [Again::Now(at.clone()), Again::Done] {
                let again = State { at: Some(At::Pages(65)), again, ..under_way.clone() };
                assert_eq!(State::from_text(&again.to_text()), Some(again));
            }
            let read = State::from_text(&under_way.to_text()).unwrap();
            assert_eq!(read, under_way);
            assert_eq!(read.scrubbed(), Scrubbed { ended: Some(6), seen, faults: faults.iter().cloned().collect() });
        }
        // What is known is of the cycle before until this one has found it as well.
        let earlier = BTreeSet::from(["а / a".to_owned(), "я / z".to_owned()]);
        let known = State { at: Some(At::BEGINNING), earlier, ..over.clone() };
        assert_eq!(State::from_text(&known.to_text()), Some(known.clone()));
        assert_eq!(known.scrubbed().faults.len(), 3);
        // A program of before wrote three numbers; for it, and of it, nothing is of this cycle.
        let before = format!("{HEAD}\nat entries 4\nlooked 7 8 9\nbegun 5\nfault {}\n", faults.first().unwrap());
        let read = State::from_text(&before).unwrap();
        assert_eq!((&read.earlier, read.seen, read.again), (&faults, seen, Again::No));
        let broken = ["looked 1 2 3 x", "looked 1 2 3 4 again", "looked 1 2 3 4 again entries", "looked 1 2 3 4 5"];
        for line in broken {
            assert_eq!(State::from_text(&format!("{HEAD}\n{line}\n")), None, "{line}");
        }
        for line in ["at x 1", "at pages 0", "at pages -1", "looked 1 2", "ended 3", "other 1", "fault"] {
            assert_eq!(State::from_text(&format!("{HEAD}\n{line}\n")), None, "{line}");
        }
        assert_eq!(State::from_text("valiza-scrub 2\n"), None);
    }

    #[test]
    fn a_damage_is_new_once_and_gone_when_all_is_well() {
        let mut state = State::default();
        assert!(state.found("одне\nдва") && !state.found("одне два"));
        state.earlier = std::mem::take(&mut state.faults);
        assert!(!state.found("одне два"), "the cycle before knew it");
        for n in 0..100 {
            state.found(&format!("{n}"));
        }
        assert_eq!(state.faults.len(), FAULTS);
        assert!(state.is_clean() && !state.is_clean());
        assert_eq!(state.scrubbed().faults, Vec::<String>::new());
    }
}
