//! Fields of a consultation (консультація): who asked, about what, and what came of it.

use super::blocks;
use super::{Field, Key, Rule, Shape};

const FIXED: Rule = Rule::FixedAtBirth;
const ASK: Rule = Rule::KeepBothAndAsk;

pub(super) const SECTIONS: &[&[Field]] = &[blocks::BIRTH, MATTER, blocks::LOG];

const MATTER: &[Field] = &[
    Field::new(Key::One("channel"), Shape::Text(16), FIXED, "де (visit, desk, phone)", "where (visit, desk, phone)"),
    Field::new(Key::One("who"), Shape::Text(240), ASK, "хто питав", "who asked"),
    Field::new(Key::One("resident"), Shape::Text(36), ASK, "хто питав: запис мешканця", "who asked: resident record"),
    Field::new(Key::One("phone"), Shape::Text(16), ASK, "телефон", "phone"),
    Field::new(Key::One("service"), Shape::Text(64), ASK, "послуга", "service"),
    Field::new(Key::One("service_name"), Shape::Text(400), ASK, "назва послуги", "the service's name"),
    Field::new(Key::One("topic"), Shape::Text(600), ASK, "про що", "about what"),
    Field::new(
        Key::One("outcome"),
        Shape::Text(16),
        ASK,
        "чим закінчилося (answered, request, visit, referred, later)",
        "what came of it (answered, request, visit, referred, later)",
    ),
    Field::new(Key::One("answer"), Shape::Text(1200), ASK, "що порадили", "what was said"),
];
