//! A consultation as read.

use ids::RecordId;

use super::log::{self, Note};
use super::{Difference, IsDesk, Register, Registers};
use crate::document::Document;

/// What came of a consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsultationOutcome {
    /// The question was answered.
    Answered,
    /// A request was taken at once.
    Request,
    /// Somebody will come to the person.
    Visit,
    /// Sent on to another body.
    Referred,
    /// The answer is to be found out and given later.
    Later,
}

impl ConsultationOutcome {
    /// All outcomes, the commonest first.
    pub const ALL: [Self; 5] = [Self::Answered, Self::Request, Self::Visit, Self::Referred, Self::Later];

    /// The name in the record.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Request => "request",
            Self::Visit => "visit",
            Self::Referred => "referred",
            Self::Later => "later",
        }
    }

    /// From the name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.text() == text)
    }

    /// The label on pages, Ukrainian and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Answered => ("роз’яснено", "explained"),
            Self::Request => ("прийнято звернення", "a request was taken"),
            Self::Visit => ("потрібен виїзд", "a visit is needed"),
            Self::Referred => ("направлено до іншої установи", "sent on to another body"),
            Self::Later => ("відповімо згодом", "to be answered later"),
        }
    }
}

/// A consultation (консультація): somebody asked and was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationView {
    /// The record.
    pub id: RecordId,
    /// Device time of recording, milliseconds since 1970; fixed.
    pub created_at: i64,
    /// Login of the officer; fixed.
    pub officer: String,
    /// The officer's name; fixed.
    pub officer_name: String,
    /// The suitcase's number; fixed.
    pub suitcase: Option<i64>,
    /// `visit`, `desk` or `phone`; fixed.
    pub channel: String,
    /// Who asked, in words; may be empty: nobody has to say their name to be told something.
    pub who: Register,
    /// The resident's record, if it was somebody known.
    pub resident: Register,
    /// Phone, for an answer that comes later.
    pub phone: Register,
    /// Slug of the service it was about; may be empty.
    pub service: Register,
    /// The service's name on that day.
    pub service_name: Register,
    /// What it was about, in words.
    pub topic: Register,
    /// What came of it: [`ConsultationOutcome`] by its name.
    pub outcome: Register,
    /// What was said.
    pub answer: Register,
    /// Notes, by time.
    pub notes: Vec<Note>,
    /// Where a person has to choose.
    pub differences: Vec<Difference>,
    /// Every field by key.
    pub registers: Registers,
}

impl ConsultationView {
    /// Read a consultation.
    pub fn read(document: &Document, is_desk: IsDesk<'_>) -> Self {
        let registers = Registers::read(document, is_desk);
        let get = |key: &str| registers.register(key);
        let text = |key: &str| registers.text(key).to_owned();
        Self {
            id: document.id(),
            created_at: registers.int("created").unwrap_or(0),
            officer: text("officer"),
            officer_name: text("officer_name"),
            suitcase: registers.int("suitcase"),
            channel: text("channel"),
            who: get("who"),
            resident: get("resident"),
            phone: get("phone"),
            service: get("service"),
            service_name: get("service_name"),
            topic: get("topic"),
            outcome: get("outcome"),
            answer: get("answer"),
            notes: log::notes(&registers),
            differences: registers.differences(),
            registers,
        }
    }

    /// What it was about, in one line: the service, else the words.
    pub fn about(&self) -> &str {
        let service = self.service_name.text();
        if service.is_empty() { self.topic.text() } else { service }
    }
}
