//! Fields of a resident (мешканець).

use super::blocks::{self, address, person};
use super::{Field, Key, Rule, Shape};

const ASK: Rule = Rule::KeepBothAndAsk;

pub(super) const SECTIONS: &[&[Field]] = &[
    blocks::BIRTH,
    person!("a", ASK, "особа", "person"),
    MORE,
    address!("pr", ASK, "зареєстроване місце проживання", "registered address"),
    address!("pa", ASK, "фактичне місце проживання", "actual address"),
    CONTACT,
    blocks::WARNINGS,
    blocks::LOG,
    JOINED,
];

const MORE: &[Field] = &[
    Field::new(Key::One("a.latin"), Shape::Text(240), ASK, "ім’я латиницею", "name in Latin letters"),
    Field::new(Key::One("a.born_in"), Shape::Text(240), ASK, "місце народження", "place of birth"),
    Field::new(Key::One("a.citizen"), Shape::Text(60), ASK, "громадянство", "citizenship"),
    Field::new(
        Key::Named("k."),
        Shape::Text(240),
        ASK,
        "категорії: yes, no або дані підтвердження",
        "categories: yes, no or details of the proof",
    ),
    Field::new(Key::One("died"), Shape::Text(10), ASK, "дата смерті", "date of death"),
];

const CONTACT: &[Field] = &[
    Field::new(Key::One("phone"), Shape::Text(16), ASK, "телефон", "phone"),
    Field::new(Key::One("phone2"), Shape::Text(16), ASK, "другий телефон", "second phone"),
    Field::new(Key::One("email"), Shape::Text(120), ASK, "електронна пошта", "e-mail"),
    Field::new(Key::One("contact_other"), Shape::Text(240), ASK, "інші контакти", "other contacts"),
    Field::new(Key::One("needs"), Shape::Text(240), ASK, "особливі потреби", "special needs"),
];

const JOINED: &[Field] =
    &[Field::new(Key::Entries("s/"), Shape::Text(512), Rule::AppendOnly, "та сама особа, що й …", "same as")];
