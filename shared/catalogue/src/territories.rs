//! Territories with possible or active hostilities and occupied ones, with their days: data of a release.
//!
//! `data/territories.txt`: the first line names the act and its edition; lines that begin with `#` explain. A line with
//! a status and days begins a list (`active 2022-02-24..2022-07-03`, either day may be missing); each further line is a
//! territory's KATOTTG code, the codes of its parts that are excepted (`-UA…`), and exceptions that only words tell.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::load::{Place, date};
use crate::settlements::Katottg;
use crate::text::Text;

/// What the list says of a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hostilities {
    /// Hostilities are possible there.
    Possible,
    /// Hostilities go on there.
    Active,
    /// Hostilities go on there, and state electronic registers work.
    ActiveWithRegisters,
    /// It is temporarily occupied.
    Occupied,
}

const WORDS: [(&str, Hostilities); 4] = [
    ("possible", Hostilities::Possible),
    ("active", Hostilities::Active),
    ("active-registers", Hostilities::ActiveWithRegisters),
    ("occupied", Hostilities::Occupied),
];

impl Hostilities {
    /// In words, as the list names it.
    pub fn words(self) -> Text {
        let (uk, en) = match self {
            Hostilities::Possible => ("територія можливих бойових дій", "a territory of possible hostilities"),
            Hostilities::Active => ("територія активних бойових дій", "a territory of active hostilities"),
            Hostilities::ActiveWithRegisters => (
                "територія активних бойових дій, де працюють державні електронні реєстри",
                "a territory of active hostilities where state registers work",
            ),
            Hostilities::Occupied => ("тимчасово окупована територія", "a temporarily occupied territory"),
        };
        Text::new(uk, en)
    }
}

/// What the list says of a place on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerritoryStatus<'a> {
    /// What.
    pub status: Hostilities,
    /// First day; `None` where the list does not name it.
    pub from: Option<Date>,
    /// Last day; `None` while it goes on, by this edition.
    pub to: Option<Date>,
    /// The unit that the list names: the place itself, or its hromada, raion, oblast.
    pub listed: Katottg,
    /// Exceptions that only words tell: a person must read them.
    pub except: Option<&'a str>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    code: Katottg,
    status: Hostilities,
    from: Option<Date>,
    to: Option<Date>,
    excepted: BTreeSet<u64>,
    words: Option<String>,
}

/// The list of territories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Territories {
    edition: String,
    all: Vec<Listed>,
    /// Unit (the twelve digits that place it) → where in `all`.
    by_unit: BTreeMap<u64, Vec<usize>>,
}

impl Territories {
    pub(crate) fn read(at: Place<'_>, text: &str) -> Option<Self> {
        let mut lines = text.lines().enumerate();
        let mut read = Self::default();
        match lines.next() {
            Some((_, first)) if first.starts_with("# ") => first[2..].trim().clone_into(&mut read.edition),
            _ => at.wrong_at(
                Some((1, 1)),
                ["перший рядок не називає акта й редакції", "the first line does not name the act and its edition"],
                ["Почніть його з «# » і назви переліку", "Begin it with “# ” and the name of the list"],
            ),
        }
        let mut heading = None;
        for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
            if line.starts_with("UA") {
                read.territory(at, number + 1, line, heading);
            } else {
                heading = read_heading(at, number + 1, line);
            }
        }
        Some(read)
    }

    fn territory(&mut self, at: Place<'_>, number: usize, line: &str, heading: Option<Heading>) {
        let (codes, words) = codes_and_words(line);
        let mut codes = codes.map(|word| word.trim_start_matches('-').parse::<Katottg>());
        let (Some(Ok(code)), Some((status, from, to))) = (codes.next(), heading) else {
            // A heading that was not understood has been noted already.
            if heading.is_some() {
                wrong_code(at, number);
            }
            return;
        };
        let mut excepted = BTreeSet::new();
        for part in codes {
            match part {
                Ok(part) if units_above(part).contains(&code.unit()) && part != code => {
                    excepted.insert(part.unit());
                }
                Ok(part) => at.wrong_at(
                    Some((number, 1)),
                    [format!("виняток {part} не лежить у {code}"), format!("the exception {part} is not in {code}")],
                    ["Виправте код винятку", "Correct the code of the exception"],
                ),
                Err(_) => wrong_code(at, number),
            }
        }
        self.by_unit.entry(code.unit()).or_default().push(self.all.len());
        let words = (!words.is_empty()).then(|| words.to_owned());
        self.all.push(Listed { code, status, from, to, excepted, words });
    }

    /// The act and its edition.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// How many entries the list has.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many entries this list has that the other has not.
    pub(crate) fn entries_beside(&self, other: &Self) -> usize {
        let theirs: BTreeSet<&Listed> = other.all.iter().collect();
        self.all.iter().filter(|one| !theirs.contains(one)).count()
    }

    /// What the list says of a place on a day: of itself and of every unit it lies in.
    pub fn on(&self, place: Katottg, day: Date) -> Vec<TerritoryStatus<'_>> {
        let units = units_above(place);
        let listed = units.iter().filter_map(|unit| self.by_unit.get(unit)).flatten().map(|index| &self.all[*index]);
        let holds = |one: &&Listed| {
            one.from.is_none_or(|from| from <= day)
                && one.to.is_none_or(|to| day <= to)
                && !units.iter().any(|unit| one.excepted.contains(unit))
        };
        let mut found: Vec<TerritoryStatus<'_>> = listed
            .filter(holds)
            .map(|one| TerritoryStatus {
                status: one.status,
                from: one.from,
                to: one.to,
                listed: one.code,
                except: one.words.as_deref(),
            })
            .collect();
        found.sort_by_key(|one| (std::cmp::Reverse(one.status), one.listed));
        found
    }
}

type Heading = (Hostilities, Option<Date>, Option<Date>);

fn read_heading(at: Place<'_>, number: usize, line: &str) -> Option<Heading> {
    let read = line.split_once(' ').and_then(|(word, days)| {
        let status = WORDS.iter().find(|(one, _)| *one == word)?.1;
        let (from, to) = days.trim().split_once("..")?;
        let day = |text: &str| (!text.is_empty()).then(|| date(at, text));
        Some((status, day(from), day(to)))
    });
    match read {
        None => at.wrong_at(
            Some((number, 1)),
            ["рядок не є ні станом із днями, ні кодом", "the line is neither a status with days nor a code"],
            [
                "Напишіть, наприклад, «active 2022-02-24..» або код UA…",
                "Write, for example, “active 2022-02-24..” or a code UA…",
            ],
        ),
        Some((_, Some(from), Some(to))) if to < from => at.wrong_at(
            Some((number, 1)),
            [format!("кінець {to} раніше за початок {from}"), format!("the end {to} is before the beginning {from}")],
            ["Виправте один із днів", "Correct one of the days"],
        ),
        Some(_) => {}
    }
    read
}

fn wrong_code(at: Place<'_>, number: usize) {
    at.wrong_at(
        Some((number, 1)),
        ["код КАТОТТГ не читається", "a KATOTTG code cannot be read"],
        ["Код — це «UA» латиницею і 17 цифр", "A code is “UA” and 17 digits"],
    );
}

/// The codes at the beginning of a line, and the words after them.
fn codes_and_words(line: &str) -> (impl Iterator<Item = &str>, &str) {
    let is_code = |word: &str| word.starts_with("UA") || word.starts_with("-UA");
    let mut end = 0;
    for word in line.split(' ') {
        if !is_code(word) {
            break;
        }
        end += word.len() + 1;
    }
    let end = end.min(line.len());
    (line[..end].split(' ').filter(|word| !word.is_empty()), line[end..].trim())
}

/// A unit and all that it lies in, by the digits that place them: 2 of the oblast, 2 of the raion, 3 of the hromada, 3
/// of the settlement, 2 of the city district.
fn units_above(place: Katottg) -> Vec<u64> {
    let unit = place.unit();
    let mut units: Vec<u64> = [1, 100, 100_000, 100_000_000, 10_000_000_000].map(|own| unit / own * own).to_vec();
    units.dedup();
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use jiff::civil::date as day;

    fn on(code: &str, when: Date) -> Vec<Hostilities> {
        let found = Catalogue::embedded().territories().on(code.parse().unwrap(), when);
        found.iter().map(|one| one.status).collect()
    }

    #[test]
    fn a_place_inherits_from_its_hromada_and_exceptions_are_out() {
        // Мирівська hromada is listed from 23.05.2023 but for the village of Вищетарасівка.
        let listed = "UA12080030000022466";
        assert_eq!(on(listed, day(2023, 5, 22)), [Hostilities::Active]);
        assert_eq!(on(listed, day(2023, 5, 23)), [Hostilities::Possible]);
        let hromada = crate::Settlements::embedded().by_code(listed.parse().unwrap()).unwrap();
        let places: Vec<_> = hromada.descendants().filter(|place| place.category().is_place()).collect();
        let with = |excepted: bool| places.iter().filter(move |p| (p.name() == "Вищетарасівка") == excepted);
        assert!(with(false).all(|place| !on(&place.code().to_string(), day(2025, 1, 1)).is_empty()));
        for place in with(true) {
            let found = Catalogue::embedded().territories().on(place.code(), day(2025, 1, 1));
            assert!(found.iter().all(|one| one.listed == place.code()), "only what it is listed for itself");
        }
    }

    #[test]
    fn days_count_on_both_ends() {
        // Марганецька hromada: 13.10.2023 to 30.11.2024 in the first table; later entries may follow.
        let first = |when| on("UA12080010000029838", when).contains(&Hostilities::Possible);
        assert!(!first(day(2023, 10, 12)));
        assert!(first(day(2023, 10, 13)) && first(day(2024, 11, 30)));
    }

    #[test]
    fn most_of_the_country_is_not_listed() {
        assert_eq!(on("UA80000000000093317", day(2026, 11, 22)), [], "Kyiv");
        let territories = Catalogue::embedded().territories();
        assert_eq!(territories.len(), 3_194);
        assert!(territories.edition().contains("№ 376"));
    }

    #[test]
    fn every_listed_code_is_in_the_codifier() {
        let settlements = crate::Settlements::embedded();
        for one in &Catalogue::embedded().territories().all {
            assert!(settlements.by_code(one.code).is_some(), "{}", one.code);
        }
    }
}
