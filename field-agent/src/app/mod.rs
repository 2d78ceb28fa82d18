//! What an officer does with a suitcase, one file a use case. The command line and the pages call nothing else.
//!
//! An [`Agent`] is an open suitcase. Everything it says to a person is Ukrainian first, English second.

mod actions;
mod agent;
mod budget;
mod carrier;
mod carry;
mod case_findings;
mod categories;
mod conflicts;
mod consultations;
mod correction;
mod drafts;
mod enrol;
mod error;
mod evidence;
mod exchange;
mod export;
mod find;
mod findings;
mod forget;
mod form;
mod form_texts;
mod labels;
mod list;
mod lock;
mod mark;
mod new_request;
mod officers;
mod own_state;
mod pages_choices;
mod pages_correct;
mod pages_form;
mod pages_sessions;
mod paper_check;
mod papers;
mod read_aloud;
mod receipt;
mod recovery;
mod release_change;
mod releases;
mod repair;
mod request;
mod resident_conflicts;
mod residents;
mod scrub;
mod services;
mod settings;
mod shift;
mod statement;
mod status;
mod sticks;
mod sync;
#[cfg(test)]
pub(crate) mod testing;
mod typed_text;
mod unlock;
mod verify;
mod visits;
mod void;

pub use self::papers::render_pdf;
pub use ::papers::named as papers_named;
pub use actions::Changed;
pub use agent::{Agent, Surroundings};
pub use budget::{Budget, Forecast, Progress};
pub use carrier::{CarrierState, ThroughOutcome};
pub use carry::Vanished;
pub use categories::{Category, Proof};
pub use conflicts::{Conflict, ConflictValue, Take};
pub use consultations::{ConsultationCounts, ConsultationForm, ConsultationQuery, ConsultationRow, outcomes};
pub use correction::{Correction, Laid};
pub use drafts::{DraftBody, FormDraft, Kept, OtherText, Typed};
pub use enrol::{Enrolled, Enrolment, Kdf};
pub use error::{AppError, ErrorKind};
pub use exchange::{Attempt, Exchange, ExchangeItem};
pub use export::{ExportFormat, must_be_free};
pub use findings::{Checked, Finding, Severity};
pub use forget::{DueRow, GivenUpRow, Room};
pub use form::{ConsentGiven, Form, PaperTaken};
pub use form_texts::{SeenTexts, TextDifference};
pub use list::{ListOrder, ListQuery, ListRow, StateName, states};
pub use lock::{Lock, forget_console, keep_console, lock_console};
pub use new_request::Saved;
pub use pages_choices::{PlaceChoice, ResidentChoice, ServiceChoice, document_kinds};
pub use pages_form::{Asked, Choice, ConsentAsked, Control, Fills, PaperAsked, Question, ServiceCard, Words};
pub use pages_sessions::{Entry, SessionToken, Sessions, token_hash};
pub use paper_check::{Held, PaperCheck, Signer};
pub use read_aloud::ReadOut;
pub use recovery::recover;
pub use releases::{RefusedRow, ReleaseRow};
pub use repair::{Repaired, repair};
pub use request::{Contested, FieldRow, HappenedRow, NoteRow, PaperRow, RequestPage, Undoable, Where};
pub use residents::{Joined, Likeness, Pair, ResidentPage};
pub use scrub::SCRUB_EVERY;
pub use services::{ServiceRow, services};
pub use settings::Settings;
pub use shift::{ShiftEnd, ShiftLeft, ShiftOver};
pub use statement::{Statement, StatementError};
pub use status::{CertificateStanding, SetAside, Status};
pub use sticks::{Plugged, StickPlan, StickRead, StickSeen, StickWritten};
pub use sync::{SyncOutcome, SyncState};
pub use unlock::{logins, open};
pub use verify::Verified;
pub use visits::VisitShown;
pub use void::Voided;

/// The process without keys in which foreign changes are decoded: serves until the pipe closes.
pub fn decoder(jobs: impl std::io::Read, judgements: impl std::io::Write) -> std::io::Result<()> {
    peer::decoder::serve(jobs, judgements)
}
