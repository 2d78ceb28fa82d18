//! Families that fit together: one surname in both forms, patronymics from fathers, one address, ages in order.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::dice::Dice;
use super::hromada::{Address, Hromada};
use super::person::{Person, Sex, Sketch, Surname, person};
use super::pool::Pool;

/// What somebody is to the first of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kin {
    /// The first: whom the officers come to.
    Head,
    /// Husband or wife.
    Spouse,
    /// Son or daughter.
    Child,
    /// Wife of a son.
    DaughterInLaw,
    /// Child of a son.
    Grandchild,
}

/// A member of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// To the head.
    pub kin: Kin,
}

impl Member {
    /// What the member is to the head, in Ukrainian.
    pub fn relation(&self) -> &'static str {
        match (self.kin, self.person.sex) {
            (Kin::Head, _) => "заявник",
            (Kin::Spouse, Sex::Man) => "чоловік",
            (Kin::Spouse, Sex::Woman) => "дружина",
            (Kin::Child, Sex::Man) => "син",
            (Kin::Child, Sex::Woman) => "донька",
            (Kin::DaughterInLaw, _) => "невістка",
            (Kin::Grandchild, Sex::Man) => "онук",
            (Kin::Grandchild, Sex::Woman) => "онука",
        }
    }
}

/// People at one address; the first is whom the officers come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Where they live.
    pub address: Address,
    /// Who lives there, the head first.
    pub members: Vec<Member>,
}

impl Household {
    /// The head.
    pub fn head(&self) -> &Person {
        &self.members[0].person
    }

    /// All but the head.
    pub fn others(&self) -> &[Member] {
        &self.members[1..]
    }
}

/// Makes households one after another; no taxpayer number is given twice.
pub struct Families<'a> {
    pool: &'static Pool,
    hromada: &'a Hromada,
    today: Date,
    police: String,
    given: BTreeSet<String>,
}

impl<'a> Families<'a> {
    /// Families of a hromada as they are on a day.
    pub fn new(pool: &'static Pool, hromada: &'a Hromada, today: Date) -> Self {
        Self { pool, hromada, today, police: hromada.police(), given: BTreeSet::new() }
    }

    /// The next household: most have a head over seventy.
    pub fn next(&mut self, dice: &mut Dice) -> Household {
        let address = self.hromada.address(self.pool, dice);
        let family = *dice.common(self.pool.surnames);
        let members = match dice.below(100) {
            0..35 => vec![self.head(Sex::Woman, family, (70, 92), dice)],
            35..62 => self.couple(family, (68, 86), dice),
            62..82 => self.three_generations(family, dice),
            _ => self.young(family, dice),
        };
        let mut household = Household { address, members };
        if household.members.len() == 1 {
            household.members[0].person.categories.push("single_elderly");
        }
        household
    }

    fn make(&mut self, sex: Sex, family: Surname, father: Option<&Person>, age: (i64, i64), dice: &mut Dice) -> Person {
        let years = dice.between(age.0, age.1);
        let father = father.and_then(|father| father.children_of);
        loop {
            let sketch = Sketch {
                sex,
                family,
                father: father.unwrap_or_else(|| *dice.common(self.pool.men)),
                born: dice.day_years_before(self.today, years),
                today: self.today,
                police: &self.police,
            };
            let made = person(&sketch, self.pool, dice);
            if made.tax_number.as_ref().is_none_or(|number| self.given.insert(number.clone())) {
                return made;
            }
        }
    }

    fn head(&mut self, sex: Sex, family: Surname, age: (i64, i64), dice: &mut Dice) -> Member {
        Member { person: self.make(sex, family, None, age, dice), kin: Kin::Head }
    }

    fn couple(&mut self, family: Surname, age: (i64, i64), dice: &mut Dice) -> Vec<Member> {
        let husband = self.make(Sex::Man, family, None, age, dice);
        let years = i64::from(husband.age(self.today));
        let wife = self.make(Sex::Woman, family, None, (years - 5, years + 1), dice);
        let (first, second) = if dice.percent(60) { (wife, husband) } else { (husband, wife) };
        vec![Member { person: first, kin: Kin::Head }, Member { person: second, kin: Kin::Spouse }]
    }

    fn three_generations(&mut self, family: Surname, dice: &mut Dice) -> Vec<Member> {
        let mut members = self.couple(family, (66, 78), dice);
        let parent = |sex: Sex| members.iter().map(|member| &member.person).find(|person| person.sex == sex).cloned();
        let grandfather = parent(Sex::Man);
        let mother_age = parent(Sex::Woman).map_or(66, |mother| i64::from(mother.age(self.today)));
        let son_age = mother_age - dice.between(20, 27);
        let son = self.make(Sex::Man, family, grandfather.as_ref(), (son_age, son_age), dice);
        let wife = self.make(Sex::Woman, family, None, (son_age - 5, son_age), dice);
        let (married, wife_age) = (son.clone(), i64::from(wife.age(self.today)));
        members.push(Member { person: son, kin: Kin::Child });
        members.push(Member { person: wife, kin: Kin::DaughterInLaw });
        for child in self.children(&married, family, wife_age, dice) {
            members.push(Member { person: child, kin: Kin::Grandchild });
        }
        members
    }

    fn young(&mut self, family: Surname, dice: &mut Dice) -> Vec<Member> {
        let mut members = self.couple(family, (30, 55), dice);
        let people = || members.iter().map(|member| &member.person);
        let father = people().find(|person| person.sex == Sex::Man).cloned();
        let mother = people().find(|person| person.sex == Sex::Woman).map_or(30, |one| i64::from(one.age(self.today)));
        if let Some(father) = father {
            for child in self.children(&father, family, mother, dice) {
                members.push(Member { person: child, kin: Kin::Child });
            }
        }
        members
    }

    fn children(&mut self, father: &Person, family: Surname, mother_age: i64, dice: &mut Dice) -> Vec<Person> {
        // The youngest are born when the mother is at most 40, the oldest when she is at least 20.
        let (youngest, oldest) = ((mother_age - 40).max(0), (mother_age - 21).clamp(0, 17));
        if youngest > oldest {
            return Vec::new();
        }
        let (mut age, mut children) = (dice.between(youngest, oldest), Vec::new());
        for _ in 0..dice.between(1, 3) {
            let sex = if dice.percent(50) { Sex::Man } else { Sex::Woman };
            children.push(self.make(sex, family, Some(father), (age, age), dice));
            // The next one is older, by two to five years.
            age += dice.between(3, 5);
            if age > oldest {
                break;
            }
        }
        children
    }
}
