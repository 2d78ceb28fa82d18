//! Visits, residents, requests on automerge: typed views, edits as commands, merge rules, the gate.
//!
//! One record is one small automerge document: a flat root map with dotted keys and scalar values, nothing nested.
//! [`schema`] says which keys a record may have and by which rule each merges; the gate's whitelist, the views and
//! `docs/merge-rules.md` are all read from it. Own edits come from [`commands`]; foreign changes must pass [`gate`]
//! before automerge sees them. No SQL, no keys, no IO, no clock: time and random bytes are arguments.

pub mod body;
pub mod commands;
pub mod document;
pub mod event;
pub mod fields;
pub mod fold;
pub mod gate;
pub mod merge_rules;
pub mod projection;
pub mod schema;
pub mod state;
pub mod view;

mod entry_id;
mod paper;
mod sentence;
mod stamp;
mod value;

pub use document::{ChangeBytes, Document, Edit};
pub use entry_id::EntryId;
pub use gate::{Admitted, Gate, GateRefusal};
pub use paper::{Paper, PaperForm};
pub use schema::Kind;
pub use sentence::Sentence;
pub use stamp::{Stamp, StampKind};
pub use value::Value;
