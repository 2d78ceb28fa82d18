//! The key-holding store and the sync driver, for agent and desk. The one shared crate with IO.
//!
//! A [`Peer`] is a folder with an encrypted database, open in this process. One thread writes; an [`Act`] is one
//! transaction; reading goes on beside it. [`sync`] carries its chains to a hub and brings the news, [`Peer::absorb`]
//! makes records of them.

mod absorb;
mod act;
mod asleep;
mod backup;
pub mod carry;
mod case_word;
mod covered;
pub mod decoder;
mod error;
mod evidence_of_record;
mod facts;
mod folder;
mod forget;
mod identity;
mod ledger;
mod lost_numbers;
mod mend;
mod named_anchors;
mod new_file;
mod numbers;
mod obey;
mod order;
mod own_chains;
mod own_facts;
mod peer;
mod pending;
mod places;
mod rebirth;
mod records_in_store;
mod refused;
mod renewal;
mod rotation;
mod scrub;
pub mod seals;
mod spare;
mod split;
mod statements;
mod store;
pub mod sync;
mod taken_in;
mod touched;
mod unfinished;
mod verdicts;
mod verify;
mod work;

pub use absorb::Absorbed;
pub use act::Act;
pub use backup::Copied;
pub use covered::{COVERED_DAYS, Dropped};
pub use error::PeerError;
pub use facts::{Adopted, Message, OwnFact, Run, StateOfPeer, ToldAgain};
pub use folder::{Folder, keep_file, make_folder, read_vault};
pub use forget::{Due, KEPT_DAYS};
pub use identity::{Former, Identity, Role};
pub use mend::{Loss, LostRecord, Mended, repair};
pub use new_file::{must_be_free, new_folder, write_new};
pub use numbers::SaidAside;
pub use peer::{Means, Peer, Provenance, View};
pub use pending::Pending;
pub use places::{Whereabout, Whereabouts};
pub use rebirth::Reborn;
pub use renewal::revoked_or_declined;
pub use rotation::{Knowing, RotationState};
pub use scrub::{SCRUB_EVERY, Scrub, Scrubbed, Seen, keep_scrubbing};
pub use split::Split;
pub use store::drafts::Draft;
pub use store::forgotten::{Forgotten, Why};
pub use store::row_numbers::NumberUse;
pub use store::rows::{Filter, Order, RecordRow};
pub use unfinished::Unfinished;
pub use verify::Report;
pub use work::{Done, Work};
