//! Fields of a visit (виїзд до людини): from the call (заявка) to its outcome.

use super::blocks::{self, address, person};
use super::{Field, Key, Rule, Shape};

const FIXED: Rule = Rule::FixedAtBirth;
const ASK: Rule = Rule::KeepBothAndAsk;
const DECIDED: Rule = Rule::DecisionBeatsEdit;

pub(super) const SECTIONS: &[&[Field]] = &[
    blocks::BIRTH,
    CALL,
    person!("a", ASK, "людина", "person"),
    address!("pa", ASK, "адреса виїзду", "address of the visit"),
    SITE,
    PLAN,
    blocks::WARNINGS,
    blocks::LOG,
];

const CALL: &[Field] = &[
    Field::new(Key::One("number"), Shape::Text(32), FIXED, "номер заявки", "call number"),
    Field::new(Key::One("received"), Shape::Int, FIXED, "заявку отримано (мс)", "call received (ms)"),
    Field::new(
        Key::One("channel"),
        Shape::Text(16),
        FIXED,
        "звідки (phone, person, starosta, social, online)",
        "channel (phone, person, starosta, social, online)",
    ),
    Field::new(Key::One("caller"), Shape::Text(240), ASK, "хто звернувся", "caller"),
    Field::new(Key::One("caller_phone"), Shape::Text(16), ASK, "телефон того, хто звернувся", "caller's phone"),
    Field::new(Key::One("caller_rel"), Shape::Text(80), ASK, "ким доводиться", "caller's relation"),
    Field::new(Key::One("a.resident"), Shape::Text(36), ASK, "людина: запис мешканця", "person: resident record"),
    Field::new(Key::One("category"), Shape::Text(80), DECIDED, "категорія", "category"),
    Field::new(Key::One("proof"), Shape::Text(80), DECIDED, "підтвердження: вид", "proof: kind"),
    Field::new(Key::One("proof_no"), Shape::Text(80), DECIDED, "підтвердження: №", "proof: no."),
    Field::new(Key::One("proof_date"), Shape::Text(10), DECIDED, "підтвердження: дата", "proof: date"),
    Field::new(Key::One("proof_until"), Shape::Text(10), DECIDED, "підтвердження: дійсне до", "proof: valid until"),
    Field::new(Key::Named("q."), Shape::Text(600), ASK, "послуги, яких просять", "services asked for"),
    Field::new(Key::Named("b."), Shape::Text(600), ASK, "документи, які підготувати", "papers to prepare"),
    Field::new(
        Key::One("consent_phone"),
        Shape::Bool,
        DECIDED,
        "згода на обробку, дана телефоном",
        "consent given by telephone",
    ),
];

const SITE: &[Field] = &[
    Field::new(Key::One("entrance"), Shape::Text(24), ASK, "під’їзд", "entrance"),
    Field::new(Key::One("floor"), Shape::Text(24), ASK, "поверх", "floor"),
    Field::new(Key::One("intercom"), Shape::Text(40), ASK, "домофон", "intercom"),
    Field::new(Key::One("landmark"), Shape::Text(240), ASK, "орієнтир", "landmark"),
    Field::new(Key::One("on_site"), Shape::Text(240), ASK, "хто зустріне", "contact on site"),
    Field::new(Key::One("phone"), Shape::Text(16), ASK, "телефон", "phone"),
    Field::new(Key::One("phone2"), Shape::Text(16), ASK, "другий телефон", "second phone"),
    Field::new(Key::One("needs"), Shape::Text(240), ASK, "особливі потреби", "special needs"),
    Field::new(
        Key::One("safety"),
        Shape::Text(600),
        ASK,
        "безпека (собака, обстріли, дорога)",
        "safety (dog, shelling, road)",
    ),
    Field::new(Key::One("shelter"), Shape::Text(240), ASK, "найближче укриття", "nearest shelter"),
];

const PLAN: &[Field] = &[
    Field::new(Key::One("slots"), Shape::Text(240), ASK, "бажаний час", "preferred times"),
    Field::new(Key::One("date"), Shape::Text(10), DECIDED, "дата виїзду", "date of the visit"),
    Field::new(Key::One("time"), Shape::Text(5), DECIDED, "час", "time"),
    Field::new(Key::One("tour"), Shape::Text(36), DECIDED, "маршрут дня", "tour"),
    Field::new(Key::One("stop"), Shape::Int, DECIDED, "порядок у маршруті", "place in the tour"),
    Field::new(Key::One("arrived"), Shape::Int, DECIDED, "прибуття (мс)", "arrived (ms)"),
    Field::new(Key::One("left"), Shape::Int, DECIDED, "від’їзд (мс)", "left (ms)"),
    Field::new(Key::One("identity"), Shape::Text(16), ASK, "як встановлено особу", "how the person was identified"),
];
