//! Marks of the routing sheet («лист про проходження етапів»): five, each an event.

use crate::event::{escape, split};

/// Which of the five marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StampKind {
    /// 1: the case was registered.
    Registration,
    /// 2: it was handed over to the provider.
    HandOver,
    /// 3: the provider considered it.
    Consideration,
    /// 4: the outgoing package is back at the centre.
    Return,
    /// 5: the applicant received the result.
    Receipt,
}

impl StampKind {
    /// All five, in their order on the sheet.
    pub const ALL: [Self; 5] = [Self::Registration, Self::HandOver, Self::Consideration, Self::Return, Self::Receipt];

    /// Its number on the sheet, from 1.
    pub const fn number(self) -> u8 {
        match self {
            Self::Registration => 1,
            Self::HandOver => 2,
            Self::Consideration => 3,
            Self::Return => 4,
            Self::Receipt => 5,
        }
    }

    /// From its number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Its label, Ukrainian and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Registration => ("реєстрація справи", "registration of the case"),
            Self::HandOver => ("передача справи суб’єкту надання", "hand-over to the provider"),
            Self::Consideration => ("розгляд справи", "consideration"),
            Self::Return => ("передача вихідного пакета до центру", "package back at the centre"),
            Self::Receipt => ("отримання результату", "result received"),
        }
    }
}

/// One mark. What a kind does not have stays empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Which.
    pub kind: StampKind,
    /// The day of the mark, `YYYY-MM-DD`: of registration, hand-over, the executor's receipt, return, delivery.
    pub day: String,
    /// Who: registered it, answers for it at the provider, considered it, brought it, received the result.
    pub person: String,
    /// 2: by when the provider answers, `YYYY-MM-DD`.
    pub term: String,
    /// 1: number of the case. 3: number of the result.
    pub number: String,
    /// 3: day of the result, `YYYY-MM-DD`.
    pub result_day: String,
    /// 2: the provider. 3: the result in words. 5: how it was given. Others: a remark.
    pub text: String,
    /// Why an earlier mark of the kind is replaced; empty for a first one.
    pub why: String,
}

impl Stamp {
    /// An empty mark.
    pub fn new(kind: StampKind) -> Self {
        let empty = String::new;
        Self {
            kind,
            day: empty(),
            person: empty(),
            term: empty(),
            number: empty(),
            result_day: empty(),
            text: empty(),
            why: empty(),
        }
    }

    /// The event's `reason`: `day|person|term|number|result day|text|why`, escaped as [`crate::event`] does. The
    /// event's `about` is the kind's number.
    pub fn encode(&self) -> String {
        let parts = [&self.day, &self.person, &self.term, &self.number, &self.result_day, &self.text, &self.why];
        parts.map(|part| escape(part.trim())).join("|")
    }

    /// Reads an event's `about` and `reason`; `None` if they have another form.
    pub fn decode(about: &str, reason: &str) -> Option<Self> {
        let kind = StampKind::from_number(about.parse().ok()?)?;
        let [day, person, term, number, result_day, text, why] = <[String; 7]>::try_from(split(reason)).ok()?;
        Some(Self { kind, day, person, term, number, result_day, text, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_form_is_the_documented_one() {
        let stamp = Stamp {
            day: "2026-11-23".into(),
            person: "Гук С. | начальник".into(),
            term: "2026-12-21".into(),
            text: "Управління".into(),
            ..Stamp::new(StampKind::HandOver)
        };
        assert_eq!(stamp.encode(), "2026-11-23|Гук С. \\p начальник|2026-12-21|||Управління|");
        assert_eq!(Stamp::decode("2", &stamp.encode()), Some(stamp));
        assert_eq!(Stamp::decode("6", "||||||"), None);
        assert_eq!(Stamp::decode("2", "|||||"), None);
    }

    proptest! {
        #[test]
        fn any_text_reads_back(person in "[^\r]{0,40}", text in "[^\r]{0,40}") {
            let (person, text) = (person.trim().to_owned(), text.trim().to_owned());
            let stamp = Stamp { person, text, ..Stamp::new(StampKind::Consideration) };
            prop_assert_eq!(Stamp::decode("3", &stamp.encode()), Some(stamp));
        }
    }
}
