//! What a record says, read in one pass: typed views with all surviving values where people differ.

mod blocks;
mod consultation;
mod desk_work;
mod late;
mod log;
mod register;
mod request;
mod resident;
mod visit;

pub use blocks::{Address, Party};
pub use consultation::{ConsultationOutcome, ConsultationView};
pub use desk_work::{Claim, NoticeEntry, StampEntry};
pub use log::{Note, SameAs};
pub use register::{Difference, Register, Registers};
pub use request::{Consent, Print, RequestView};
pub use resident::ResidentView;
pub use visit::VisitView;

use ids::ChainId;

/// Whether a chain is the centre's. The caller knows the certificates; `records` does not.
pub type IsDesk<'a> = &'a dyn Fn(ChainId) -> bool;
