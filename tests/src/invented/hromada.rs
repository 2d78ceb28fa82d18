//! A real hromada of the codifier, and addresses in it.

use catalogue::{Category, Consent, Owner, Place, Settlements};

use super::dice::{Dice, text_of};
use super::pool::Pool;

/// A hromada: real units of the codifier.
#[derive(Debug, Clone)]
pub struct Hromada {
    /// The hromada itself.
    pub unit: Place<'static>,
    /// Its towns and villages, the seat first.
    pub places: Vec<Place<'static>>,
}

/// An address: a real settlement, an invented house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// KATOTTG code of the settlement.
    pub katottg: String,
    /// The settlement with the word for its category: «с. Бориси».
    pub place: String,
    /// Five digits, invented within the oblast's first two.
    pub post_code: String,
    /// «вул.», «пров.».
    pub street_kind: &'static str,
    /// Name of the street.
    pub street: &'static str,
    /// House number.
    pub house: String,
    /// Flat; empty in a house of one's own.
    pub flat: String,
}

impl Address {
    /// On one line, without the settlement.
    pub fn street_line(&self) -> String {
        format!("{} {}, {}", self.street_kind, self.street, self.house)
    }
}

/// First two digits of post codes by oblast.
const POST: [(&str, &str); 24] = [
    ("Вінницька", "22"),
    ("Волинська", "44"),
    ("Дніпропетровська", "52"),
    ("Донецька", "84"),
    ("Житомирська", "12"),
    ("Закарпатська", "90"),
    ("Запорізька", "70"),
    ("Івано-Франківська", "77"),
    ("Київська", "07"),
    ("Кіровоградська", "26"),
    ("Луганська", "92"),
    ("Львівська", "81"),
    ("Миколаївська", "56"),
    ("Одеська", "66"),
    ("Полтавська", "39"),
    ("Рівненська", "34"),
    ("Сумська", "42"),
    ("Тернопільська", "48"),
    ("Харківська", "63"),
    ("Херсонська", "74"),
    ("Хмельницька", "30"),
    ("Черкаська", "19"),
    ("Чернівецька", "59"),
    ("Чернігівська", "16"),
];

impl Hromada {
    /// The first hromada of this name in the order of the codes; `None` if there is none.
    pub fn named(name: &str) -> Option<Self> {
        let is_it = |place: &Place<'_>| place.category() == Category::Hromada && place.name() == name;
        let unit = Settlements::embedded().all().find(is_it)?;
        let mut places: Vec<_> = unit.descendants().filter(|place| place.category().is_place()).collect();
        // The codifier lists a hromada's seat first; a town or settlement goes before villages in any case.
        places.sort_by_key(|place| u8::from(place.category() == Category::Village));
        (!places.is_empty()).then_some(Self { unit, places })
    }

    /// Name of the raion, an adjective: «Кременчуцький».
    pub fn raion(&self) -> &'static str {
        self.above(Category::Raion)
    }

    /// Name of the oblast, an adjective: «Полтавська».
    pub fn oblast(&self) -> &'static str {
        self.above(Category::Oblast)
    }

    fn above(&self, category: Category) -> &'static str {
        self.unit.above().find(|place| place.category() == category).map_or("", |place| place.name())
    }

    /// Who issued passport booklets here.
    pub fn police(&self) -> String {
        let raion = self.raion().strip_suffix("ий").unwrap_or_default();
        let oblast = self.oblast().strip_suffix('а').unwrap_or_default();
        format!("{raion}им РВ УМВС України в {oblast}ій області")
    }

    /// The body that runs the centre.
    pub fn centre(&self) -> String {
        let seat = if self.places[0].category() == Category::City { "міської" } else { "селищної" };
        let name = self.unit.name().strip_suffix('а').unwrap_or_default();
        format!("ЦНАП {name}ої {seat} ради")
    }

    /// An address: every third one in the seat, flats only there.
    pub fn address(&self, pool: &Pool, dice: &mut Dice) -> Address {
        let in_seat = dice.percent(33);
        let index = if in_seat { 0 } else { dice.below(self.places.len()) };
        let place = self.places[index];
        let (street_kind, street) = *dice.common(pool.streets);
        let first = POST.iter().find(|(oblast, _)| *oblast == self.oblast()).map_or("01", |(_, digits)| digits);
        // One post office serves three settlements.
        let office = self.unit.code().to_string()[14..].bytes().fold(0, |sum, b| sum * 7 + usize::from(b)) + index / 3;
        let letter = if dice.percent(12) { *dice.pick(&["а", "б", "-А", "/1"]) } else { "" };
        let flat = if in_seat && dice.percent(45) { dice.between(1, 60).to_string() } else { String::new() };
        Address {
            katottg: place.code().to_string(),
            place: place.full_name(),
            post_code: format!("{first}{:03}", office % 1_000),
            street_kind,
            street,
            house: format!("{}{letter}", dice.between(1, 140)),
            flat,
        }
    }

    /// What a request keeps of the consent here: version, hash of the text with the centre's details, parts.
    pub fn consent(&self, dice: &mut Dice) -> String {
        let consent = Consent::embedded();
        let owner = Owner {
            name: self.centre(),
            code: text_of(&dice.digits::<8>()),
            address: self.places[0].full_name(),
            contact: super::person::mobile(dice),
        };
        let hash = signing::Hash::of(signing::Label::Text, &consent.bytes(&owner));
        let hex: String = hash.0[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}:{hex}:data,contact", consent.version)
    }

    /// A land parcel's cadastral number here.
    pub fn parcel(&self, dice: &mut Dice) -> String {
        let code = self.unit.code().to_string();
        let own = code.bytes().fold(0_u64, |sum, b| (sum * 31 + u64::from(b)) % 90_000);
        let koatuu = 5_320_600_000 + own * 100;
        format!(
            "{koatuu}:{}:{}:{}",
            text_of(&dice.digits::<2>()),
            text_of(&dice.digits::<3>()),
            text_of(&dice.digits::<4>())
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented::{TRAINING, UNSEEN};

    #[test]
    fn every_hromada_of_the_pools_is_real_and_names_its_units() {
        for name in TRAINING.hromadas.iter().chain(UNSEEN.hromadas) {
            let hromada = Hromada::named(name).unwrap_or_else(|| panic!("{name}"));
            assert!(hromada.raion().ends_with("ий") && hromada.oblast().ends_with('а'), "{name}");
            assert!(POST.iter().any(|(oblast, _)| *oblast == hromada.oblast()), "{}", hromada.oblast());
        }
        assert!(Hromada::named("Вигадана").is_none());
    }

    #[test]
    fn addresses_lie_in_the_hromada() {
        let hromada = Hromada::named("Глобинська").unwrap();
        let mut dice = Dice::new(1);
        for _ in 0..200 {
            let address = hromada.address(&TRAINING, &mut dice);
            let place = Settlements::embedded().by_code(address.katottg.parse().unwrap()).unwrap();
            assert_eq!(place.hromada(), Some(hromada.unit));
            assert!(records::fields::house(&address.house).is_empty(), "{}", address.house);
            assert!(records::fields::index(&address.post_code).is_empty(), "{}", address.post_code);
        }
        assert_eq!(hromada.police(), "Кременчуцьким РВ УМВС України в Полтавській області");
        assert_eq!(hromada.centre(), "ЦНАП Глобинської міської ради");
    }
}
