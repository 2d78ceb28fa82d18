//! Entries, segments, anchors, verdicts, the register, and the exchange as state machines without IO.
//!
//! A *chain* is the append-only log of one author. An [`Entry`] covers the hash of the one before it and is signed;
//! bodies are opaque bytes here. A [`Segment`] is a run of entries of one chain as it travels. Whoever stores a chain
//! for good judges a segment with [`admit`], answers with an [`Anchor`], and hands out what a reader may have; whoever
//! sends follows a [`Dialogue`] and is paced by a [`Courier`]. `docs/wire-format.md` gives every byte.

mod anchor;
mod carriage;
mod centre;
mod dialogue;
mod enrol;
mod entry;
mod erasure;
mod exchange;
mod handover;
mod intake;
pub mod limits;
mod pace;
mod part;
mod probe;
mod reach;
mod rebirth;
mod refusal;
mod register;
mod release;
mod restore;
mod restoring;
mod segment;
mod shift;
mod shift_facts;
mod speed;
mod verdict;
mod version;

/// The version of the exchange that these programs speak. Below the register's minimum nobody talks.
pub const PROTOCOL: u16 = 1;

pub use anchor::Anchor;
pub use carriage::{Carriage, CarriageAnswer, Undelivered};
pub use centre::CentreDetails;
pub use dialogue::{AnswerError, Dialogue, News, Offered};
pub use enrol::{EnrolmentAnswer, EnrolmentRequest, Invitation, InvitationError};
pub use entry::{Body, Draft, Entry, Header, Kind, Link, Place};
pub use erasure::{Erased, Erasure};
pub use exchange::{Answer, ChainHead, Cursor, Needed, Request, Token};
pub use handover::{Fate, Handover};
pub use intake::{Admission, Held, admit};
pub use pace::{Courier, Load, Trouble};
pub use part::{NoPart, RegisterPart};
pub use probe::Probe;
pub use reach::Reach;
pub use rebirth::{Reason, Rebirth};
pub use refusal::{Refusal, RefusalCode};
pub use register::{CaseEnd, Fact, Register, RegisterError, Standing};
pub use release::{Publication, ReleaseHead};
pub use restore::{RestoreAnswer, RestoreRequest, Shown};
pub use restoring::{RegisterTold, RestoreFault, Restoring};
pub use segment::{Segment, SegmentError, Verified};
pub use shift::{DraftLeft, EndOfShift, ShiftError};
pub use shift_facts::{ClosedChain, Judged, Left, OwnChain, Present, nothing_left};
pub use speed::{Carried, Speed};
pub use verdict::{Exception, ExceptionCode, Verdict};
pub use version::later_version;
