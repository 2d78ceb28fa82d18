//! Answers to a service's form, from what the household is.

use catalogue::{Answers, Field, FieldType, Input, PartType, Service};
use jiff::civil::Date;

use super::dice::{Dice, text_of};
use super::household::Household;
use super::hromada::{Address, Hromada};
use super::person::{Person, Sex, iban, mobile};
use super::pool::Pool;

/// What answers are taken from.
pub struct Scene<'a> {
    /// Names and sentences.
    pub pool: &'static Pool,
    /// Where.
    pub hromada: &'a Hromada,
    /// Whose matter it is.
    pub household: &'a Household,
    /// Which member applies.
    pub applicant: &'a Person,
    /// The day.
    pub today: Date,
}

/// Somebody named in an answer: a member of the household or a stranger.
struct Named {
    surname: &'static str,
    given: &'static str,
    patronymic: &'static str,
    born: Date,
    tax_number: Option<String>,
    relation: &'static str,
}

impl Scene<'_> {
    /// A complete form: everything required, and about half of the rest.
    pub fn answers(&self, service: &Service, dice: &mut Dice) -> Answers {
        let mut answers = Answers::new();
        for field in &service.fields {
            let asked = service.visible_fields(&answers).iter().any(|other| other.id == field.id);
            if asked && (field.required || dice.percent(45)) {
                self.fill(field, &mut answers, dice);
            }
        }
        answers
    }

    fn fill(&self, field: &Field, answers: &mut Answers, dice: &mut Dice) {
        let id = field.id.as_str();
        match &field.kind {
            FieldType::Choice(options) => {
                let option = dice.common(options);
                answers.insert(id.to_owned(), option.value.clone());
            }
            FieldType::MultiChoice(options) => {
                let first = dice.below(options.len());
                answers.insert(format!("{id}.{}", options[first].value), "yes".to_owned());
            }
            FieldType::Person => {
                let named = self.somebody(id, dice);
                put_person(answers, id, &named, field.required);
            }
            FieldType::PersonList => self.fill_people(id, answers, dice),
            FieldType::Address => {
                let elsewhere = dice.percent(30).then(|| self.hromada.address(self.pool, dice));
                put_address(answers, id, elsewhere.as_ref().unwrap_or(&self.household.address));
            }
            FieldType::DocumentRef => {
                let number = format!("{} {}", dice.pick(&["АБ", "ВК", "№", "СТ"]), text_of(&dice.digits::<6>()));
                answers.insert(format!("{id}.number"), number);
                let years = dice.between(0, 12);
                answers.insert(format!("{id}.issued_on"), dice.day_years_before(self.today, years).to_string());
            }
            FieldType::Table(_) | FieldType::Attachments => {
                for input in field.inputs(answers).into_iter().filter(|input| input.row == Some(1)) {
                    let value = self.value(&input, dice);
                    answers.insert(input.key, value);
                }
            }
            _ => {
                for input in field.inputs(answers) {
                    let value = self.value(&input, dice);
                    answers.insert(input.key, value);
                }
            }
        }
    }

    fn fill_people(&self, id: &str, answers: &mut Answers, dice: &mut Dice) {
        let members = self.household.members.iter().filter(|member| member.person != *self.applicant);
        let mut people: Vec<Named> = members.map(|member| named(&member.person, member.relation())).collect();
        if people.is_empty() {
            people.push(self.stranger(dice));
        }
        for (row, one) in people.iter().enumerate() {
            put_person(answers, &format!("{id}.{}", row + 1), one, true);
        }
    }

    fn somebody(&self, id: &str, dice: &mut Dice) -> Named {
        let people = || self.household.members.iter().map(|member| &member.person);
        let child = || people().find(|person| person.age(self.today) < 18);
        let woman = || people().find(|person| person.sex == Sex::Woman && person.age(self.today) >= 18);
        let man = || people().find(|person| person.sex == Sex::Man && person.age(self.today) >= 18);
        let found = match id {
            "child" => child(),
            "mother" | "bride" | "spouse2" => woman(),
            "father" | "groom" | "spouse1" => man(),
            "owner" | "carer" | "about" => people().next(),
            _ => None,
        };
        found.map_or_else(|| self.stranger(dice), |person| named(person, ""))
    }

    fn stranger(&self, dice: &mut Dice) -> Named {
        let (family, father) = (*dice.common(self.pool.surnames), *dice.common(self.pool.men));
        let woman = dice.percent(50);
        let (surname, given, patronymic) = if woman {
            (family.1, *dice.common(self.pool.women), father.2)
        } else {
            (family.0, dice.common(self.pool.men).0, father.1)
        };
        let years = dice.between(20, 85);
        let born = dice.day_years_before(self.today, years);
        let sex = if woman { Sex::Woman } else { Sex::Man };
        let tax_number = Some(super::person::tax_number(born, sex, dice));
        Named { surname, given, patronymic, born, tax_number, relation: "" }
    }

    fn value(&self, input: &Input<'_>, dice: &mut Dice) -> String {
        let id = input.field.id.as_str();
        match input.kind {
            PartType::Text => self.line(id, dice),
            PartType::TextArea => (*dice.pick(self.pool.reasons)).to_owned(),
            PartType::Date => self.day(id, dice).to_string(),
            PartType::Number => dice.between(1, 90).to_string(),
            PartType::Money => format!("{}.{:02}", dice.between(900, 24_000), dice.between(0, 99)),
            PartType::YesNo => (*dice.pick(&["yes", "no"])).to_owned(),
            PartType::Tick => "yes".to_owned(),
            PartType::Choice => input.field.kind.options().first().map_or_else(String::new, |one| one.value.clone()),
            PartType::PersonName => self.applicant.surname().to_owned(),
            PartType::TaxNumber => self.applicant.tax_number.clone().unwrap_or_default(),
            PartType::Katottg => self.household.address.katottg.clone(),
            PartType::Phone => self.applicant.phone.clone().unwrap_or_else(|| mobile(dice)),
            PartType::Iban => iban(dice),
            PartType::CadastralNumber => self.hromada.parcel(dice),
            PartType::PostCode => self.household.address.post_code.clone(),
            PartType::File => format!("фото {}", dice.between(1, 9)),
        }
    }

    fn line(&self, id: &str, dice: &mut Dice) -> String {
        if id.contains("surname") {
            let (man, woman) = *dice.common(self.pool.surnames);
            return (if self.applicant.sex == Sex::Man { man } else { woman }).to_owned();
        }
        match id {
            "child_given_name" | "new_given_name" => (*dice.common(self.pool.women)).to_owned(),
            "child_patronymic" | "new_patronymic" => dice.common(self.pool.men).2.to_owned(),
            "wished_address" | "address" => self.household.address.street_line(),
            _ => (*dice.pick(self.pool.purposes)).to_owned(),
        }
    }

    fn day(&self, id: &str, dice: &mut Dice) -> Date {
        match id {
            // Wishes and terms lie ahead.
            "wish_date" | "until" => self.today.saturating_add(jiff::Span::new().days(dice.between(30, 300))),
            "birth_date" => self.today.saturating_sub(jiff::Span::new().days(dice.between(3, 40))),
            _ => {
                let years = dice.between(0, 2);
                dice.day_years_before(self.today, years)
            }
        }
    }
}

fn named(person: &Person, relation: &'static str) -> Named {
    let Person { given, patronymic, born, ref tax_number, .. } = *person;
    Named { surname: person.surname(), given, patronymic, born, tax_number: tax_number.clone(), relation }
}

fn put_person(answers: &mut Answers, under: &str, named: &Named, whole: bool) {
    let mut put = |part: &str, value: String| {
        if !value.is_empty() {
            answers.insert(format!("{under}.{part}"), value);
        }
    };
    put("surname", named.surname.to_owned());
    put("given_name", named.given.to_owned());
    put("patronymic", named.patronymic.to_owned());
    if whole {
        put("birth_date", named.born.to_string());
        put("tax_number", named.tax_number.clone().unwrap_or_default());
        put("relation", named.relation.to_owned());
    }
}

fn put_address(answers: &mut Answers, under: &str, address: &Address) {
    let Address { katottg, post_code, street_kind, street, house, flat, .. } = address;
    let street = format!("{street_kind} {street}");
    let parts = [("katottg", katottg), ("street", &street), ("house", house), ("flat", flat), ("post_code", post_code)];
    for (part, value) in parts {
        if !value.is_empty() {
            answers.insert(format!("{under}.{part}"), value.clone());
        }
    }
}
