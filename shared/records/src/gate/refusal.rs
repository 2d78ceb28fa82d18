//! Why the gate refuses a change.

use std::fmt;

use crate::Sentence;

/// What is wrong with a refused change. One name for each rule of the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalCode {
    /// Longer than a change may be, or cut short, or with bytes left over.
    Length,
    /// Not an uncompressed change chunk (a document, a compressed change, a bundle, something else).
    Type,
    /// The checksum does not belong to the bytes.
    Checksum,
    /// Not written by the expected chain.
    Actor,
    /// Not the actor's next change of this record: a gap, a repeat, or a second change with one number.
    Seq,
    /// The first operation's number is not the one that follows from what the author had seen.
    StartOp,
    /// Too many dependencies, or unsorted, or one that is implied by another, or a second beginning.
    Deps,
    /// A dependency has not arrived: keep the change and try again later.
    Waiting,
    /// The table of other actors is too long, unsorted, or does not fit the operations.
    OtherActors,
    /// A column that our records never have.
    Column,
    /// More operations than a change may have, or none.
    Rows,
    /// Columns of different lengths, or bytes that do not decode.
    Malformed,
    /// An operation other than put and delete.
    Action,
    /// A key that records of this kind do not have.
    Key,
    /// A key written twice in one change.
    TwiceInOneChange,
    /// A value of a type or length the field does not hold.
    Value,
    /// What an operation replaces is not what its author must have seen.
    Pred,
    /// A deletion that is not the choice of one of several values.
    Delete,
    /// A field that is only ever added, or written once, is written again.
    WrittenOnce,
    /// A record's first change lacks what every record has, or names another record.
    Birth,
    /// The author's time cannot be.
    Time,
    /// A message or extra bytes.
    Extra,
    /// The same change could be written in other bytes.
    NotCanonical,
    /// The record has no more room for changes.
    Full,
}

/// A change that was not admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateRefusal {
    /// Which rule.
    pub code: RefusalCode,
    /// The key it is about, where there is one; at most 42 characters of it.
    pub about: Option<String>,
}

impl GateRefusal {
    /// The change may become admissible when others arrive: keep it, nobody did wrong.
    pub fn is_waiting(&self) -> bool {
        self.code == RefusalCode::Waiting
    }

    /// The sentence for a person.
    pub fn sentence(&self) -> Sentence {
        let (uk, en) = self.code.words();
        match (&self.about, self.is_waiting()) {
            (_, true) => Sentence::new(uk, en),
            (Some(about), _) => Sentence::new(
                format!("зміну запису відкладено: {uk} («{about}»); зверніться до центру"),
                format!("the change was set aside: {en} («{about}»); ask the centre"),
            ),
            (None, _) => Sentence::new(
                format!("зміну запису відкладено: {uk}; зверніться до центру"),
                format!("the change was set aside: {en}; ask the centre"),
            ),
        }
    }
}

impl fmt::Display for GateRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for GateRefusal {}

impl From<RefusalCode> for GateRefusal {
    fn from(code: RefusalCode) -> Self {
        Self { code, about: None }
    }
}

impl RefusalCode {
    /// With the key it is about.
    pub(super) fn about(self, key: &str) -> GateRefusal {
        GateRefusal { code: self, about: Some(key.chars().take(42).collect()) }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => ("вона задовга або обірвана", "it is too long or cut short"),
            Self::Type => ("це не зміна запису", "it is not a change of a record"),
            Self::Checksum => ("вона пошкоджена дорогою", "it was damaged on the way"),
            Self::Actor => ("її підписано за інший пристрій", "it speaks for another device"),
            Self::Seq => {
                ("вона не наступна за попередньою зміною цього пристрою", "it does not follow its device's last change")
            }
            Self::StartOp => ("її нумерація не сходиться", "its numbering does not fit"),
            Self::Deps => (
                "вона посилається на зміни не так, як наші програми",
                "it refers to other changes as our programs never do",
            ),
            Self::Waiting => ("зміна чекає на попередні", "the change waits for earlier ones"),
            Self::OtherActors => ("перелік пристроїв у ній неправильний", "its list of devices is wrong"),
            Self::Column => ("у ній є частини, яких наші записи не мають", "it has parts that our records never have"),
            Self::Rows => ("у ній забагато записаних полів або жодного", "it writes too many fields or none"),
            Self::Malformed => ("її не вдалося прочитати", "it cannot be read"),
            Self::Action => ("у ній є дія, якої наші програми не роблять", "it does what our programs never do"),
            Self::Key => ("такого поля немає", "there is no such field"),
            Self::TwiceInOneChange => ("одне поле записано двічі", "one field is written twice"),
            Self::Value => ("поле не вміщує такого значення", "the field cannot hold this value"),
            Self::Pred => ("вона замінює не ті значення", "it replaces values its author cannot have seen"),
            Self::Delete => ("вона стирає значення", "it erases a value"),
            Self::WrittenOnce => ("поле записують лише раз", "the field is written only once"),
            Self::Birth => (
                "початок запису неповний або від іншого запису",
                "the record's beginning is incomplete or another record's",
            ),
            Self::Time => ("час у ній неможливий", "its time is impossible"),
            Self::Extra => ("у ній є зайві дані", "it carries extra data"),
            Self::NotCanonical => {
                ("її записано не так, як пишуть наші програми", "it is not spelled as our programs spell it")
            }
            Self::Full => ("у записі вже забагато змін", "the record has too many changes already"),
        }
    }
}
