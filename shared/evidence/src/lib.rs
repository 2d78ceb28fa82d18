//! The evidence file of a case: every entry about one record with what proves its place, its author and its bounds in
//! time, up to the community's root; and the key of this one record, so that its contents are shown to be what was
//! sealed. [`check`] needs nothing but the file and the root's fingerprint. `docs/evidence-format.md` gives every byte.
//!
//! The file is as confidential as the case: whoever has it reads the case.

mod check;
mod file;
mod told;

pub use check::{Order, Report, Said, Shown, check};
pub use file::{Evidence, EvidenceError, Word, limits};
pub use told::{fingerprint, told};
