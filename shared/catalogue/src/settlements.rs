//! The codifier of administrative units and settlements (КАТОТТГ), whole and embedded.
//!
//! Data: `data/settlements.txt`, made from the official codifier by `examples/build_settlements.rs`. Its first line
//! states source and edition; each further line is one unit in the order of the codes: the category's letter, the
//! part of the code that is the unit's own, the five digits that make the code unique, the name. A unit's parent is
//! the nearest line above of a higher level, so codes and the tree come back by reading the lines in order.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use crate::fold::{fold, fold_into};

/// A KATOTTG code: `UA` and 17 digits (order of the ministry 290 of 26.11.2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Katottg(u64);

/// The text is not a KATOTTG code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("код КАТОТТГ — це «UA» латиницею і 17 цифр / a KATOTTG code is “UA” and 17 digits")]
pub struct KatottgError;

impl FromStr for Katottg {
    type Err = KatottgError;
    fn from_str(text: &str) -> Result<Self, KatottgError> {
        let digits = text.strip_prefix("UA").ok_or(KatottgError)?;
        if digits.len() != 17 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(KatottgError);
        }
        digits.parse().map(Katottg).map_err(|_| KatottgError)
    }
}

impl Katottg {
    /// The twelve digits that place the unit; the five after them only make the code unique.
    pub(crate) fn unit(self) -> u64 {
        self.0 / 100_000
    }
}

impl fmt::Display for Katottg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UA{:017}", self.0)
    }
}

/// Category of a unit, by the codifier's letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// O: oblast or the Autonomous Republic of Crimea.
    Oblast,
    /// K: city with special status.
    SpecialCity,
    /// P: raion.
    Raion,
    /// H: territory of a hromada.
    Hromada,
    /// M: city or town.
    City,
    /// X: settlement (селище).
    Settlement,
    /// C: village.
    Village,
    /// B: district of a city.
    CityDistrict,
}

impl Category {
    fn from_letter(letter: u8) -> Option<Self> {
        Some(match letter {
            b'O' => Category::Oblast,
            b'K' => Category::SpecialCity,
            b'P' => Category::Raion,
            b'H' => Category::Hromada,
            b'M' => Category::City,
            b'X' => Category::Settlement,
            b'C' => Category::Village,
            b'B' => Category::CityDistrict,
            _ => return None,
        })
    }

    /// Level in the tree, 1 to 5.
    fn level(self) -> usize {
        match self {
            Category::Oblast | Category::SpecialCity => 1,
            Category::Raion => 2,
            Category::Hromada => 3,
            Category::City | Category::Settlement | Category::Village => 4,
            Category::CityDistrict => 5,
        }
    }

    /// Whether people live at an address in it directly: cities, settlements, villages.
    pub fn is_place(self) -> bool {
        matches!(self, Category::SpecialCity | Category::City | Category::Settlement | Category::Village)
    }

    /// Bigger places first, units that are no places last.
    fn rank(self) -> u8 {
        match self {
            Category::SpecialCity => 0,
            Category::City => 1,
            Category::Settlement => 2,
            Category::Village => 3,
            Category::CityDistrict => 4,
            Category::Hromada => 5,
            Category::Raion => 6,
            Category::Oblast => 7,
        }
    }
}

/// Digits of the code that are a unit's own at each level, after those of the levels above: oblast, raion, hromada,
/// settlement, city district.
const OWN_DIGITS: [u32; 5] = [2, 2, 3, 3, 2];

/// Characters a query may have.
const MAX_QUERY: usize = 200;

struct Row {
    code: Katottg,
    category: Category,
    name: &'static str,
    parent: Option<u32>,
    /// Where the folded name lies in `Settlements::folded`.
    folded: (u32, u32),
}

/// The codifier.
pub struct Settlements {
    rows: Vec<Row>,
    folded: String,
    edition: &'static str,
}

/// A unit of the codifier.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    all: &'a Settlements,
    index: u32,
}

/// What to search for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search<'a> {
    /// Beginnings of words: the first is of the unit's own name, the others of its name or of the units above it
    /// («іванівка глоб»). A leading «с.», «м.», «смт», «селище» is understood.
    pub text: &'a str,
    /// Only places where people live: no districts, hromadas, raions, oblasts.
    pub places_only: bool,
    /// Among equals, those that share more of their units with this one come first: the centre's own hromada.
    pub near: Option<Katottg>,
    /// At most so many are found.
    pub limit: usize,
}

impl Settlements {
    /// The codifier that ships with the program, read at the first call.
    ///
    /// # Panics
    /// If the embedded data are broken, which the crate's tests exclude.
    pub fn embedded() -> &'static Settlements {
        static SETTLEMENTS: OnceLock<Settlements> = OnceLock::new();
        SETTLEMENTS.get_or_init(|| {
            Settlements::parse(include_str!("../data/settlements.txt"))
                .unwrap_or_else(|line| panic!("embedded codifier: line {line} is broken"))
        })
    }

    /// Reads the data; the error is the number of the broken line.
    fn parse(text: &'static str) -> Result<Settlements, usize> {
        let mut lines = text.lines();
        let edition = lines.next().and_then(|line| line.strip_prefix("# ")).ok_or(1_usize)?;
        let mut rows: Vec<Row> = Vec::with_capacity(32_000);
        let mut folded = String::with_capacity(text.len());
        let mut above: [Option<(u32, u64)>; 5] = [None; 5];
        for (number, line) in lines.enumerate() {
            let broken = number + 2;
            let (category, own, unique, name) = split_line(line).ok_or(broken)?;
            let level = category.level();
            let parent = above[..level - 1].iter().rev().find_map(|one| *one);
            let prefix = parent.map_or(0, |(_, prefix)| prefix) + own * place_value(level);
            let code = Katottg(prefix + unique);
            if rows.last().is_some_and(|last| last.code >= code) || (level > 1 && parent.is_none()) {
                return Err(broken);
            }
            above[level - 1] = Some((u32::try_from(rows.len()).map_err(|_| broken)?, prefix));
            above[level..].fill(None);
            let from = folded.len();
            fold_into(&mut folded, name);
            let span = |at: usize| u32::try_from(at).map_err(|_| broken);
            rows.push(Row {
                code,
                category,
                name,
                parent: parent.map(|(index, _)| index),
                folded: (span(from)?, span(folded.len())?),
            });
        }
        Ok(Settlements { rows, folded, edition })
    }

    /// Source and edition of the data, for the page «Про програму».
    pub fn edition(&self) -> &str {
        self.edition
    }

    /// Every unit in the order of the codes.
    pub fn all(&self) -> impl Iterator<Item = Place<'_>> {
        (0..self.rows.len()).map(|index| self.at(index))
    }

    /// The unit with a code.
    pub fn by_code(&self, code: Katottg) -> Option<Place<'_>> {
        self.rows.binary_search_by_key(&code, |row| row.code).ok().map(|index| self.at(index))
    }

    /// Units that begin with the text, best first: the whole name, then its beginning, then a later word's; among
    /// these nearer ones, then bigger ones, then by name.
    pub fn search(&self, search: Search<'_>) -> Vec<Place<'_>> {
        // No chain of names is longer; without a limit a hostile query would be compared 31,744 times.
        let text: String = search.text.chars().take(MAX_QUERY + 1).collect();
        if text.chars().count() > MAX_QUERY {
            return Vec::new();
        }
        let folded = fold(&text);
        let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        if words.len() > 1 && matches!(words[0], "с" | "м" | "смт" | "селище" | "село" | "місто" | "сел")
        {
            words.remove(0);
        }
        let Some(first) = words.first() else { return Vec::new() };
        let near = search.near.and_then(|code| self.by_code(code));
        let mut found: Vec<_> = self
            .all()
            .filter(|place| !search.places_only || place.category().is_place())
            .filter(|place| begins(place.folded(), first))
            .filter_map(|place| Some((place.rank(&words)?, place)))
            .map(|(match_rank, place)| {
                let apart = near.map_or(0, |near| 5 - place.shared_units(near));
                ((match_rank, apart, place.category().rank(), place.folded(), place.code()), place)
            })
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().take(search.limit).map(|(_, place)| place).collect()
    }

    fn at(&self, index: usize) -> Place<'_> {
        // Rows were counted in u32 when they were read.
        Place { all: self, index: index as u32 }
    }
}

impl<'a> Place<'a> {
    fn row(&self) -> &'a Row {
        &self.all.rows[self.index as usize]
    }

    /// Its code.
    pub fn code(&self) -> Katottg {
        self.row().code
    }

    /// Its category.
    pub fn category(&self) -> Category {
        self.row().category
    }

    /// Its name as in the codifier: hromadas and raions are adjectives without the noun.
    pub fn name(&self) -> &'a str {
        self.row().name
    }

    /// Its name with the word or abbreviation for its category: «с. Гиряві Ісківці», «Глобинська громада».
    pub fn full_name(&self) -> String {
        let name = self.name();
        match self.category() {
            Category::Oblast if name.contains(' ') => name.to_owned(),
            Category::Oblast => format!("{name} область"),
            Category::SpecialCity | Category::City => format!("м. {name}"),
            Category::Raion => format!("{name} район"),
            Category::Hromada => format!("{name} громада"),
            Category::Settlement => format!("с-ще {name}"),
            Category::Village => format!("с. {name}"),
            Category::CityDistrict => format!("{name} район міста"),
        }
    }

    /// The unit it lies in.
    pub fn parent(&self) -> Option<Place<'a>> {
        self.row().parent.map(|index| Place { all: self.all, index })
    }

    /// The units it lies in, from the nearest up.
    pub fn above(&self) -> impl Iterator<Item = Place<'a>> {
        std::iter::successors(self.parent(), Place::parent)
    }

    /// The hromada it lies in, itself included.
    pub fn hromada(&self) -> Option<Place<'a>> {
        std::iter::once(*self).chain(self.above()).find(|place| place.category() == Category::Hromada)
    }

    /// The units directly in it, in the order of the codes.
    pub fn children(&self) -> Vec<Place<'a>> {
        self.descendants().filter(|place| place.row().parent == Some(self.index)).collect()
    }

    /// Every unit in it, at any depth, in the order of the codes.
    pub fn descendants(&self) -> impl Iterator<Item = Place<'a>> {
        let level = self.category().level();
        let all = self.all;
        (self.index as usize + 1..all.rows.len())
            .take_while(move |index| all.rows[*index].category.level() > level)
            .map(move |index| all.at(index))
    }

    /// «с. Гиряві Ісківці, Глобинська громада, Кременчуцький район, Полтавська область».
    pub fn display(&self) -> String {
        let names: Vec<_> = std::iter::once(*self).chain(self.above()).map(|place| place.full_name()).collect();
        names.join(", ")
    }

    fn folded(&self) -> &'a str {
        let (from, to) = self.row().folded;
        &self.all.folded[from as usize..to as usize]
    }

    /// How well the words fit: 0 the whole name, 1 its beginning, 2 a word of it, 3 with help of the units above;
    /// `None` if they do not.
    fn rank(&self, words: &[&str]) -> Option<u8> {
        let name = self.folded();
        let asked = words.join(" ");
        if name == asked {
            return Some(0);
        }
        if name.starts_with(&asked) {
            return Some(1);
        }
        if words.iter().all(|word| begins(name, word)) {
            return Some(2);
        }
        let above = |word: &str| self.above().any(|place| begins(place.folded(), word));
        words.iter().all(|word| begins(name, word) || above(word)).then_some(3)
    }

    /// How many units from the top two units share.
    fn shared_units(&self, other: Place<'_>) -> usize {
        let path = |place: Place<'_>| {
            let mut path: Vec<u32> = std::iter::once(place).chain(place.above()).map(|one| one.index).collect();
            path.reverse();
            path
        };
        path(*self).iter().zip(path(other)).take_while(|(one, other)| **one == *other).count()
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code(), self.full_name())
    }
}

impl PartialEq for Place<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Place<'_> {}

/// Whether a word of a folded text begins so.
fn begins(text: &str, start: &str) -> bool {
    text.split(' ').any(|word| word.starts_with(start))
}

/// What one step of a unit's own digits is worth in the whole code.
fn place_value(level: usize) -> u64 {
    10_u64.pow(5 + OWN_DIGITS[level..].iter().sum::<u32>())
}

fn split_line(line: &str) -> Option<(Category, u64, u64, &str)> {
    let category = Category::from_letter(*line.as_bytes().first()?)?;
    let own = OWN_DIGITS[category.level() - 1] as usize;
    let (digits, unique, name) = (line.get(1..1 + own)?, line.get(1 + own..6 + own)?, line.get(6 + own..)?);
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if name.is_empty() || !all_digits(digits) || !all_digits(unique) {
        return None;
    }
    Some((category, digits.parse().ok()?, unique.parse().ok()?, name))
}
