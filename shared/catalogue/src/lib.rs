//! Services, forms, papers, fees, terms, calendars: what the mobile CNAP can do, and on what conditions.
//!
//! Everything here is data and pure functions over it. A [`ReleaseSource`] is the reviewed files of one release; one is
//! embedded in the program ([`Catalogue::embedded`]), later ones come in the register as differences and are taken whole
//! or not at all ([`Releases`]). Settlements ship with the program ([`Settlements::embedded`]). Nothing is read from a
//! disk or a network, and time is always an argument.
//!
//! What no source confirms stays unknown: a fee that was not found is [`FeeOutcome::Unknown`] and is shown as
//! «уточнюється», never as free; a term that was not found gives a planned date marked as assumed.
//!
//! The usual way through the crate:
//!
//! 1. [`Catalogue::search`] or [`Catalogue::service`] finds a [`Service`];
//! 2. [`Service::inputs`] lists what to ask, given what is already answered; [`Service::check`] says what is
//!    missing or malformed (structure only: check digits and the like are another crate's work);
//! 3. [`Catalogue::evaluate`] says what may be done at the resident's home, which papers, fee and dates follow.

mod calendar;
mod catalogue;
mod condition;
mod consent;
mod difference;
mod evaluate;
mod fees;
mod field;
mod fold;
mod form;
mod load;
mod release;
mod service;
mod settlements;
mod source;
mod territories;
mod text;

pub use calendar::{Holidays, LocalDays, WorkCalendar};
pub use catalogue::{Catalogue, Edition};
pub use condition::{Answers, Circumstances, Condition};
pub use consent::{Consent, ConsentPart, Owner, Signatory};
pub use difference::{Change, ChangeKind, difference, service_difference};
pub use evaluate::{Allowed, ControlDate, Evaluation, Facts, FeeAnswer, MissingNeed, Nearness, PaperNeed, PaperState};
pub use fees::{
    Amount, BaseValue, Exemption, Fee, FeeBase, FeeBranch, FeeOutcome, FeeRule, FeeVariant, Price, hryvnias,
};
pub use field::{Choice, Column, Field, FieldType, Part, PartType};
pub use fold::fold;
pub use form::{Input, Issue, IssueKind, MAX_ROWS, MAX_TEXT};
pub use load::{LoadError, LoadErrors};
pub use release::{
    CONSENT, FRAME, HOLIDAYS, PublishError, Refused, Release, ReleaseError, ReleaseSource, Releases, TERRITORIES,
    Viewer, group_file,
};
pub use service::{
    Authority, Basis, Days, FormBasis, Group, LegalAct, Mode, Need, NeedBlocks, NeedKind, Outreach, Paper, PaperForm,
    Payee, Service, Source, Term, TermLength, TermVariant, Unit, Verified,
};
pub use settlements::{Category, Katottg, KatottgError, Place, Search, Settlements};
pub use territories::{Hostilities, Territories, TerritoryStatus};
pub use text::{Lang, Text};
