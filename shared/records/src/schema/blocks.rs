//! Groups of fields that several kinds share: a person, an address, the log of what happened.

/// The fields of one person under a prefix. Keys: `<prefix>.last` and so on.
macro_rules! person {
    ($p:literal, $rule:expr, $uk:literal, $en:literal) => {
        &[
            Field::new(
                Key::One(concat!($p, ".last")),
                Shape::Text(120),
                $rule,
                concat!($uk, ": прізвище"),
                concat!($en, ": surname"),
            ),
            Field::new(
                Key::One(concat!($p, ".first")),
                Shape::Text(120),
                $rule,
                concat!($uk, ": власне ім’я"),
                concat!($en, ": given name"),
            ),
            Field::new(
                Key::One(concat!($p, ".patr")),
                Shape::Text(120),
                $rule,
                concat!($uk, ": по батькові"),
                concat!($en, ": patronymic"),
            ),
            Field::new(
                Key::One(concat!($p, ".dob")),
                Shape::Text(10),
                $rule,
                concat!($uk, ": дата народження"),
                concat!($en, ": date of birth"),
            ),
            Field::new(
                Key::One(concat!($p, ".sex")),
                Shape::Text(1),
                $rule,
                concat!($uk, ": стать (m, f)"),
                concat!($en, ": sex (m, f)"),
            ),
            Field::new(
                Key::One(concat!($p, ".rnokpp")),
                Shape::Text(10),
                $rule,
                concat!($uk, ": РНОКПП"),
                concat!($en, ": taxpayer number"),
            ),
            Field::new(
                Key::One(concat!($p, ".norn")),
                Shape::Bool,
                $rule,
                concat!($uk, ": відмова від РНОКПП"),
                concat!($en, ": refused a taxpayer number"),
            ),
            Field::new(
                Key::One(concat!($p, ".unzr")),
                Shape::Text(14),
                $rule,
                concat!($uk, ": УНЗР"),
                concat!($en, ": demographic register number"),
            ),
            Field::new(
                Key::One(concat!($p, ".doc")),
                Shape::Text(24),
                $rule,
                concat!($uk, ": вид документа"),
                concat!($en, ": kind of document"),
            ),
            Field::new(
                Key::One(concat!($p, ".ser")),
                Shape::Text(24),
                $rule,
                concat!($uk, ": серія документа"),
                concat!($en, ": series of document"),
            ),
            Field::new(
                Key::One(concat!($p, ".num")),
                Shape::Text(40),
                $rule,
                concat!($uk, ": номер документа"),
                concat!($en, ": number of document"),
            ),
            Field::new(
                Key::One(concat!($p, ".issued")),
                Shape::Text(10),
                $rule,
                concat!($uk, ": дата видачі документа"),
                concat!($en, ": document issued on"),
            ),
            Field::new(
                Key::One(concat!($p, ".until")),
                Shape::Text(10),
                $rule,
                concat!($uk, ": документ дійсний до"),
                concat!($en, ": document valid until"),
            ),
            Field::new(
                Key::One(concat!($p, ".org")),
                Shape::Text(240),
                $rule,
                concat!($uk, ": орган видачі"),
                concat!($en, ": issued by"),
            ),
            Field::new(
                Key::One(concat!($p, ".seen")),
                Shape::Text(16),
                $rule,
                concat!($uk, ": як встановлено особу (original, chip, diia, none)"),
                concat!($en, ": how identified (original, chip, diia, none)"),
            ),
        ]
    };
}

/// The fields of one address under a prefix.
macro_rules! address {
    ($p:literal, $rule:expr, $uk:literal, $en:literal) => {
        &[
            Field::new(
                Key::One(concat!($p, ".kat")),
                Shape::Text(19),
                $rule,
                concat!($uk, ": КАТОТТГ"),
                concat!($en, ": KATOTTG code"),
            ),
            Field::new(
                Key::One(concat!($p, ".place")),
                Shape::Text(240),
                $rule,
                concat!($uk, ": населений пункт"),
                concat!($en, ": settlement"),
            ),
            Field::new(
                Key::One(concat!($p, ".index")),
                Shape::Text(5),
                $rule,
                concat!($uk, ": поштовий індекс"),
                concat!($en, ": postal index"),
            ),
            Field::new(
                Key::One(concat!($p, ".stype")),
                Shape::Text(24),
                $rule,
                concat!($uk, ": тип вулиці"),
                concat!($en, ": kind of street"),
            ),
            Field::new(
                Key::One(concat!($p, ".street")),
                Shape::Text(160),
                $rule,
                concat!($uk, ": вулиця"),
                concat!($en, ": street"),
            ),
            Field::new(
                Key::One(concat!($p, ".house")),
                Shape::Text(24),
                $rule,
                concat!($uk, ": будинок"),
                concat!($en, ": house"),
            ),
            Field::new(
                Key::One(concat!($p, ".part")),
                Shape::Text(24),
                $rule,
                concat!($uk, ": корпус"),
                concat!($en, ": building"),
            ),
            Field::new(
                Key::One(concat!($p, ".flat")),
                Shape::Text(24),
                $rule,
                concat!($uk, ": квартира"),
                concat!($en, ": flat"),
            ),
            Field::new(
                Key::One(concat!($p, ".since")),
                Shape::Text(10),
                $rule,
                concat!($uk, ": з якої дати"),
                concat!($en, ": since"),
            ),
        ]
    };
}

pub(super) use {address, person};

use super::{Field, Key, Rule, Shape};

const FIXED: Rule = Rule::FixedAtBirth;

/// Written at birth by every kind. `v`, `id` and `created` are required.
pub(super) const BIRTH: &[Field] = &[
    Field::new(Key::One("v"), Shape::Int, FIXED, "версія схеми", "schema version"),
    Field::new(Key::One("id"), Shape::Text(36), FIXED, "позначка запису", "record id"),
    Field::new(Key::One("created"), Shape::Int, FIXED, "створено (мс)", "created (ms)"),
    Field::new(Key::One("officer"), Shape::Text(64), FIXED, "хто створив (логін)", "created by (login)"),
    Field::new(Key::One("officer_name"), Shape::Text(240), FIXED, "хто створив (ПІБ)", "created by (name)"),
    Field::new(Key::One("suitcase"), Shape::Int, FIXED, "номер валізи", "suitcase number"),
];

/// What happened to the record.
pub(super) const LOG: &[Field] = &[
    Field::new(Key::Entries("e/"), Shape::Text(4096), Rule::AppendOnly, "події", "events"),
    Field::new(Key::Entries("n/"), Shape::Text(4096), Rule::AppendOnly, "нотатки", "notes"),
    Field::new(Key::Entries("x/"), Shape::Text(256), Rule::AppendOnly, "відкликані нотатки", "notes withdrawn"),
    Field::new(Key::Entries("t/"), Shape::Text(512), Rule::AppendOnly, "файли", "files"),
];

/// Reasons for values kept in spite of a warning, by field.
pub(super) const WARNINGS: &[Field] = &[Field::new(
    Key::Named("w."),
    Shape::Text(512),
    Rule::KeepBothAndAsk,
    "причина, з якої попередження прийнято",
    "why a warning was accepted",
)];
