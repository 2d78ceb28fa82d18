//! Fields of a request (звернення), after the real case card and the опис (reference: iasnap `document_cnap`).

use super::blocks::{self, address, person};
use super::{Field, Key, Rule, Shape};

const FIXED: Rule = Rule::FixedAtBirth;
const ASK: Rule = Rule::KeepBothAndAsk;
const DECIDED: Rule = Rule::DecisionBeatsEdit;

pub(super) const SECTIONS: &[&[Field]] = &[
    blocks::BIRTH,
    HEAD,
    person!("a", ASK, "заявник", "applicant"),
    APPLICANT,
    person!("r", ASK, "представник", "representative"),
    REPRESENTATIVE,
    address!("pr", ASK, "зареєстроване місце проживання", "registered address"),
    address!("pa", ASK, "фактичне місце проживання", "actual address"),
    CONTACT,
    CASE,
    blocks::WARNINGS,
    blocks::LOG,
    PRINTS,
];

const HEAD: &[Field] = &[
    Field::new(Key::One("number"), Shape::Text(32), FIXED, "номер опису", "receipt number"),
    Field::new(Key::One("submitted"), Shape::Int, FIXED, "подано (мс)", "submitted at (ms)"),
    Field::new(Key::One("channel"), Shape::Text(16), FIXED, "звідки (visit, desk)", "channel (visit, desk)"),
    Field::new(
        Key::One("offline"),
        Shape::Bool,
        FIXED,
        "внесено без доступу до реєстрів",
        "recorded without the registers",
    ),
    Field::new(Key::One("visit"), Shape::Text(36), ASK, "виїзд", "visit"),
    Field::new(Key::One("service"), Shape::Text(64), ASK, "послуга", "service"),
    Field::new(
        Key::One("service_name"),
        Shape::Text(600),
        ASK,
        "назва послуги на день подання",
        "service's name on that day",
    ),
    Field::new(Key::One("release"), Shape::Text(64), ASK, "випуск каталогу", "catalogue release"),
    Field::new(Key::One("official"), Shape::Text(64), Rule::FirstProvenWins, "номер у журналі", "journal number"),
];

const APPLICANT: &[Field] = &[
    Field::new(Key::One("a.resident"), Shape::Text(36), ASK, "заявник: запис мешканця", "applicant: resident record"),
    Field::new(
        Key::One("a.form"),
        Shape::Text(16),
        ASK,
        "правова форма (person, fop, legal)",
        "legal form (person, fop, legal)",
    ),
    Field::new(Key::One("a.orgname"), Shape::Text(600), ASK, "назва організації", "organisation"),
    Field::new(Key::One("a.edrpou"), Shape::Text(10), ASK, "ЄДРПОУ", "EDRPOU"),
    Field::new(Key::One("a.citizen"), Shape::Text(60), ASK, "громадянство", "citizenship"),
    Field::new(
        Key::One("a.cat"),
        Shape::Text(240),
        ASK,
        "категорії заявника (через кому)",
        "applicant's categories (by comma)",
    ),
];

const REPRESENTATIVE: &[Field] = &[
    Field::new(
        Key::One("r.resident"),
        Shape::Text(36),
        ASK,
        "представник: запис мешканця",
        "representative: resident record",
    ),
    Field::new(Key::One("r.power"), Shape::Text(240), ASK, "представник: підстава", "representative: by what right"),
    Field::new(
        Key::One("r.power_no"),
        Shape::Text(80),
        ASK,
        "представник: № довіреності",
        "representative: power of attorney no.",
    ),
    Field::new(
        Key::One("r.power_date"),
        Shape::Text(10),
        ASK,
        "представник: дата довіреності",
        "representative: power's date",
    ),
    Field::new(Key::One("r.phone"), Shape::Text(16), ASK, "представник: телефон", "representative: phone"),
];

const CONTACT: &[Field] = &[
    Field::new(Key::One("phone"), Shape::Text(16), ASK, "телефон", "phone"),
    Field::new(Key::One("phone2"), Shape::Text(16), ASK, "другий телефон", "second phone"),
    Field::new(Key::One("email"), Shape::Text(120), ASK, "електронна пошта", "e-mail"),
    Field::new(Key::One("contact_other"), Shape::Text(240), ASK, "інші контакти", "other contacts"),
    Field::new(
        Key::One("delivery"),
        Shape::Text(16),
        ASK,
        "спосіб отримання (person, post, phone, home)",
        "delivery (person, post, phone, home)",
    ),
];

const CASE: &[Field] = &[
    Field::new(Key::One("summary"), Shape::Text(2000), DECIDED, "зміст звернення", "content of the request"),
    Field::new(Key::Named("f."), Shape::Answer, DECIDED, "відповіді форми", "form answers"),
    Field::new(Key::Named("d."), Shape::Text(1024), ASK, "документи", "papers"),
    Field::new(Key::One("sheets"), Shape::Int, DECIDED, "усього аркушів", "sheets in all"),
    Field::new(Key::One("fee"), Shape::Int, DECIDED, "збір (коп.)", "fee (kopiykas)"),
    Field::new(Key::One("fee_receipt"), Shape::Text(80), DECIDED, "квитанція №", "payment receipt no."),
    Field::new(Key::One("fee_date"), Shape::Text(10), DECIDED, "дата квитанції", "payment date"),
    Field::new(Key::One("c.text"), Shape::Text(80), DECIDED, "згода: версія тексту", "consent: version of the text"),
    Field::new(
        Key::One("c.by"),
        Shape::Text(16),
        DECIDED,
        "згода: хто дав (applicant, representative)",
        "consent: by (applicant, representative)",
    ),
    Field::new(Key::One("c.at"), Shape::Int, DECIDED, "згода: коли (мс)", "consent: at (ms)"),
    Field::new(Key::One("provider"), Shape::Text(300), DECIDED, "суб’єкт надання", "provider"),
    Field::new(Key::One("due"), Shape::Text(10), DECIDED, "контрольна дата", "control date"),
    Field::new(Key::One("handover_due"), Shape::Text(10), DECIDED, "передати до", "hand over by"),
    Field::new(
        Key::One("info_card"),
        Shape::Text(80),
        DECIDED,
        "версія інформаційної картки",
        "version of the information card",
    ),
];

const PRINTS: &[Field] =
    &[Field::new(Key::Entries("p/"), Shape::Text(128), Rule::Counter, "друки опису", "prints of the опис")];
