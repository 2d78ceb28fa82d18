//! One person: names, numbers with valid check digits, a document, telephones.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use records::fields::{DocumentKind, MOBILE_CODES, rnokpp_check_digit, unzr_check_digit};

use super::dice::{Dice, text_of};
use super::pool::Pool;

/// Sex, as records write it: `m` or `f`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// `m`
    Man,
    /// `f`
    Woman,
}

impl Sex {
    /// As records write it.
    pub fn text(self) -> &'static str {
        if self == Self::Man { "m" } else { "f" }
    }
}

/// Surname of a family, in both forms.
pub type Surname = (&'static str, &'static str);
/// Given name of a man with the patronymics of his children.
pub type Father = (&'static str, &'static str, &'static str);

/// A document that says who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub kind: DocumentKind,
    /// Series; empty for ID cards.
    pub series: String,
    /// Number.
    pub number: String,
    /// Day of issue.
    pub issued: Date,
    /// Last day, where it has one.
    pub until: Option<Date>,
    /// Who issued it.
    pub by: String,
}

/// An invented person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Man or woman.
    pub sex: Sex,
    /// Surname of the family, both forms.
    pub family: Surname,
    /// Given name.
    pub given: &'static str,
    /// Patronymic.
    pub patronymic: &'static str,
    /// For a man: how his children are called after him.
    pub children_of: Option<Father>,
    /// Date of birth.
    pub born: Date,
    /// РНОКПП; `None` where refused.
    pub tax_number: Option<String>,
    /// УНЗР; only with an ID card.
    pub unzr: Option<String>,
    /// Passport booklet, ID card, or birth certificate of a child.
    pub document: Document,
    /// Mobile, `+380…`.
    pub phone: Option<String>,
    /// Landline, `+380…`.
    pub landline: Option<String>,
    /// Categories by their keys in records: `disability_1`, `single_elderly` …
    pub categories: Vec<&'static str>,
}

impl Person {
    /// The surname in this person's form.
    pub fn surname(&self) -> &'static str {
        if self.sex == Sex::Man { self.family.0 } else { self.family.1 }
    }

    /// Surname, given name, patronymic.
    pub fn full_name(&self) -> String {
        format!("{} {} {}", self.surname(), self.given, self.patronymic)
    }

    /// Full years on a day.
    pub fn age(&self, day: Date) -> i16 {
        let years = day.year() - self.born.year();
        if (day.month(), day.day()) < (self.born.month(), self.born.day()) { years - 1 } else { years }
    }
}

/// What is decided about a person before the rest is invented.
pub struct Sketch<'a> {
    /// Man or woman.
    pub sex: Sex,
    /// Surname.
    pub family: Surname,
    /// The father, as his children are called after him.
    pub father: Father,
    /// Date of birth.
    pub born: Date,
    /// The day of invention.
    pub today: Date,
    /// Who issued booklets here.
    pub police: &'a str,
}

/// Invents the rest of a person.
pub fn person(sketch: &Sketch<'_>, pool: &Pool, dice: &mut Dice) -> Person {
    let Sketch { sex, family, father, born, today, .. } = *sketch;
    let own = *dice.common(pool.men);
    let (given, patronymic) = match sex {
        Sex::Man => (own.0, father.1),
        Sex::Woman => (*dice.common(pool.women), father.2),
    };
    let age = i64::from(today.year() - born.year());
    let document = document(sketch, age, dice);
    // About one in a hundred refused the number; those have the booklet.
    let refused = document.kind == DocumentKind::Passport && dice.percent(1);
    Person {
        sex,
        family,
        given,
        patronymic,
        children_of: (sex == Sex::Man).then_some(own),
        born,
        tax_number: (!refused).then(|| tax_number(born, sex, dice)),
        unzr: (document.kind == DocumentKind::IdCard).then(|| unzr(born, dice)),
        document,
        phone: (age >= 12 && dice.percent(if age > 75 { 70 } else { 97 })).then(|| mobile(dice)),
        landline: (age > 60 && dice.percent(15)).then(|| format!("+3805{}", text_of(&dice.digits::<8>()))),
        categories: categories(age, dice),
    }
}

/// РНОКПП of a birth date and sex, with its check digit.
pub fn tax_number(born: Date, sex: Sex, dice: &mut Dice) -> String {
    let days = (born - date(1899, 12, 31)).get_days();
    let mut nine = [0; 9];
    for (place, digit) in nine.iter_mut().take(5).enumerate() {
        *digit = (days / 10_i32.pow(4 - place as u32) % 10) as u8;
    }
    nine[5..8].copy_from_slice(&dice.digits::<3>());
    nine[8] = dice.below(5) as u8 * 2 + u8::from(sex == Sex::Man);
    format!("{}{}", text_of(&nine), rnokpp_check_digit(nine))
}

/// УНЗР of a birth date, with its check digit.
fn unzr(born: Date, dice: &mut Dice) -> String {
    let day = format!("{:04}{:02}{:02}", born.year(), born.month(), born.day());
    let twelve = format!("{day}{:04}", dice.between(1, 9_999));
    let mut digits = [0; 12];
    for (digit, byte) in digits.iter_mut().zip(twelve.bytes()) {
        *digit = byte - b'0';
    }
    format!("{day}-{}{}", &twelve[8..], unzr_check_digit(digits))
}

/// A mobile number with an operator's code that exists.
pub fn mobile(dice: &mut Dice) -> String {
    format!("+380{}{}", dice.pick(&MOBILE_CODES), text_of(&dice.digits::<7>()))
}

/// The account of a Ukrainian bank with its two check digits (ISO 13616).
pub fn iban(dice: &mut Dice) -> String {
    let account = format!("{}0000026{}", dice.pick(&["305299", "322669", "300465"]), text_of(&dice.digits::<12>()));
    // The country and two zeros go behind: U = 30, A = 10.
    let rest = format!("{account}301000").bytes().fold(0_u32, |rest, b| (rest * 10 + u32::from(b - b'0')) % 97);
    format!("UA{:02}{account}", 98 - rest)
}

fn document(sketch: &Sketch<'_>, age: i64, dice: &mut Dice) -> Document {
    let &Sketch { born, today, police, .. } = sketch;
    if age < 14 {
        let issued = born.saturating_add(dice.between(5, 40).days());
        let series = format!("І-{}", dice.pick(&["БК", "КЕ", "НО", "ТП", "ФП"]));
        let by = police.replace("УМВС України", "ДРАЦС");
        return Document {
            kind: DocumentKind::BirthCertificate,
            series,
            number: text_of(&dice.digits::<6>()),
            issued: issued.min(today),
            until: None,
            by,
        };
    }
    if born.year() < 2000 && dice.percent(65) {
        let first = born.year() + 17;
        let year = dice.between(i64::from(first.clamp(1995, 2015)), 2015);
        let issued = date(year as i16, dice.between(1, 12) as i8, dice.between(1, 28) as i8);
        let series = (*dice.pick(&["КН", "КО", "КР", "МА", "МН", "НА", "ЕС", "СН"])).to_owned();
        let number = text_of(&dice.digits::<6>());
        return Document { kind: DocumentKind::Passport, series, number, issued, until: None, by: police.to_owned() };
    }
    let issued = dice.day_years_before(today, if age < 24 { 0 } else { 3 });
    let until = issued.checked_add(10.years()).ok();
    let number = format!("00{}", text_of(&dice.digits::<7>()));
    let by = format!("53{:02}", dice.between(1, 40));
    Document { kind: DocumentKind::IdCard, series: String::new(), number, issued, until, by }
}

fn categories(age: i64, dice: &mut Dice) -> Vec<&'static str> {
    let mut all = Vec::new();
    if age >= 80 {
        all.push("age_80plus");
    }
    if age < 18 {
        if dice.percent(8) {
            all.push("child_with_disability");
        }
        return all;
    }
    if dice.percent(if age > 65 { 45 } else { 20 }) {
        all.push(*dice.pick(&["disability_1", "disability_2", "disability_2", "disability_3"]));
    }
    if age > 70 && dice.percent(20) {
        all.push(*dice.pick(&["bedridden", "wheelchair", "hearing", "sight"]));
    }
    if age < 60 && dice.percent(12) {
        all.push("idp");
    }
    if age < 62 && dice.percent(6) {
        all.push("veteran");
    }
    all
}
