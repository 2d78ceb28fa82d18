//! What a centre can do: one file a use case.

mod accounts;
mod administration;
mod attempts;
pub mod backup;
mod book;
mod bulk;
mod catalogue;
mod catalogue_drafts;
mod catalogue_edits;
mod catalogue_facts;
mod catalogue_holders;
mod catalogue_publish;
mod catalogue_uploads;
mod centre_details;
mod claims;
mod clerk_facts;
mod consultations;
mod decide;
mod enrolments;
mod erasure_facts;
mod erasure_person;
mod erasures;
mod error;
mod evidence;
mod facts;
mod founding;
mod given_up;
mod grants;
mod how;
mod hub_keys;
mod invitations;
mod journal;
mod json_spans;
mod kit_drill;
mod lost;
mod lost_people;
mod minimum;
mod numbers;
mod office;
mod own_filters;
mod pages_case;
mod pages_catalogue;
mod pages_news;
mod pages_opys;
mod pages_queue;
mod pages_sessions;
mod papers;
mod phc;
mod quarantine;
mod queue;
mod rebirths;
mod recovery;
mod renewal;
mod repair;
mod request;
mod restore;
mod rotation;
mod routing;
mod scrub;
mod second_factor;
mod settings;
mod shift;
mod stated;
mod sticks;
mod suitcases;
mod sync_loop;
mod traces;
mod twins;
mod typed_day;
mod unfinished;
mod unread;
mod upkeep;

#[cfg(test)]
mod catalogue_tests;
#[cfg(test)]
mod healing_tests;
#[cfg(test)]
mod late_words_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod traces_tests;
#[cfg(test)]
mod unread_tests;

pub use self::evidence::EvidenceFile;
pub use ::catalogue::{Change, Text};
pub use accounts::{Account, AccountRow, Rank};
pub use administration::Settings;
pub use catalogue::ReleaseNote;
pub use catalogue_drafts::{Contents, DraftPage, DraftRow};
pub use catalogue_edits::{CatalogueEdit, NewPrice, NewTerm, PricePlace, mode_of, mode_word};
pub use catalogue_holders::{Holder, HolderState};
pub use catalogue_publish::{CheckedFiles, PublishedRelease};
pub use catalogue_uploads::{Uploaded, archive};
pub use consultations::{ConsultationPage, ConsultationQuery, ConsultationRow};
pub use decide::Answer;
pub use enrolments::WaitingLaptop;
pub use erasure_facts::{ErasedRecord, Proposal};
pub use erasure_person::{Match, PersonalRecord};
pub use erasures::{ErasurePlan, ErasureRow, ErasureState};
pub use error::{DeskError, ErrorKind};
pub use facts::{Profile, own_fact_again};
pub use founding::{NewCentre, found, root_public};
pub use hub_keys::HubKey;
pub use invitations::{InvitationState, InvitationSummary, Invited, is_invitation};
pub use kit_drill::{Drill, DrillState};
pub use lost::{LostReport, OnBoard, PersonOnBoard};
pub use minimum::Minimum;
pub use office::{Office, Tools};
pub use pages_case::{CasePage, FactGroup, FactRow, FactValue, PaperLine, Shown};
pub use pages_catalogue::{ReleasePage, ReleaseRow, ReleaseState, ServiceCard, ServiceLine, SharedCard, UnknownLine};
pub use pages_queue::{QueueLine, QueueLines};
pub use pages_sessions::{SessionRow, Sessions};
pub use peer::Mended;
pub use quarantine::{Run, SetAside};
pub use queue::{Group, GroupCounts, QueueOrder, QueuePage, QueueQuery, QueueRow};
pub use rebirths::UnconfirmedRow;
pub use recovery::RecoverySlot;
pub use renewal::KeyRenewal;
pub use repair::repair;
pub use request::{Action, Moment, MomentKind, PersonChoice, RequestPage, Undoable};
pub use restore::{FromHub, Restored, restore};
pub use scrub::{SCRUB_EVERY, keep_scrubbing};
pub use second_factor::{FactorState, NewFactor};
pub use sticks::{Carried, Plugged, StickWork};
pub use suitcases::{SuitcaseRow, SuitcaseState};
pub use sync_loop::{HubContact, sync_loop};
pub use typed_day::typed_day;
pub use unread::Unread;
pub use upkeep::{Exported, Health};

pub use bulk::{BulkAnswer, Outcome, Outcomes};
pub use claims::{Hold, Taken};
pub use journal::{JournalPage, JournalQuery, JournalRow, OpenDataRow};
pub use numbers::{Doubt, NumberPage, NumberQuery, NumberRow, NumberState};
pub use own_filters::OwnFilter;
pub use pages_news::{News, RowNews};
/// Where a request stands, what came of it, and the marks of its routing sheet, as pages name them.
pub use records::state::{Outcome as RequestOutcome, RequestState};
pub use records::view::ConsultationOutcome;
pub use records::{Stamp, StampKind};
pub use rotation::Rotation;
pub use routing::{MarkLine, Marks};
pub use shift::ShiftCheck;
pub use traces::{How, TracePage, TraceQuery, TraceRow};
pub use twins::{Twin, Twins};

use book::Book;
use clock::{Clock, Time};
use ids::ChainId;
use peer::{Act, Peer, PeerError};
use sealing::VaultKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, watch};

/// The name of the hub in the peer's store.
pub(crate) const HUB: &str = "hub";

/// An open desk. Every function that names `by` takes the login of who does it and checks that the account may.
/// Functions block (disk, Argon2): async callers put them on a blocking thread.
pub struct Desk {
    peer: Arc<Peer>,
    key: VaultKey,
    tools: Tools,
    book: Mutex<Book>,
    attempts: Arc<attempts::Attempts>,
    /// Held while accounts and the vault change: each change reads what it then writes.
    accounts_turn: Mutex<()>,
    /// Laptops whose six words wait to be compared.
    waiting: Mutex<enrolments::Waiting>,
    /// Second factors that were drawn and not confirmed yet, by login.
    drawn: Mutex<BTreeMap<String, second_factor::Drawn>>,
    /// What suitcases state of themselves, as far as it was read.
    stated: Mutex<BTreeMap<ChainId, stated::Stated>>,
    /// Revoked suitcases that know no record's newest key any more.
    renewed: Mutex<BTreeSet<ChainId>>,
    /// The last entry that was looked at for records whose keys somebody revoked knows, by its place in the store.
    news_looked_at: Mutex<Option<i64>>,
    /// The last entry that was looked at for words of the centre that came back in part, by its place in the store.
    words_looked_at: Mutex<i64>,
    contact: Mutex<HubContact>,
    /// A stick that is being read or written.
    stick_work: Mutex<StickWork>,
    /// Who looked at what lately.
    glances: traces::Glances,
    /// What became of work on many requests at once, for the page that follows.
    outcomes: bulk::Kept,
    /// Releases of the catalogue, as far as the register was read.
    shelf: catalogue::ReleaseShelf,
    /// What suitcases say of releases, as far as their chains were read.
    holders: catalogue_holders::Heard,
    /// When it was looked last, by the steady clock, whether an epoch that holds an erased key is over.
    epochs_looked_at: Mutex<Option<std::time::Duration>>,
    changed: watch::Sender<u64>,
    hurry: Notify,
}

impl Desk {
    pub(crate) fn new(
        peer: Peer,
        key: VaultKey,
        tools: Tools,
        attempts: Arc<attempts::Attempts>,
    ) -> Result<Arc<Self>, DeskError> {
        peer.act(|act| crate::store::prepare(act.connection()))?;
        let desk = Arc::new(Self {
            peer: Arc::new(peer),
            key,
            tools,
            book: Mutex::default(),
            attempts,
            accounts_turn: Mutex::default(),
            waiting: Mutex::default(),
            drawn: Mutex::default(),
            stated: Mutex::default(),
            renewed: Mutex::default(),
            news_looked_at: Mutex::default(),
            words_looked_at: Mutex::default(),
            contact: Mutex::default(),
            stick_work: Mutex::default(),
            glances: traces::Glances::default(),
            outcomes: bulk::Kept::default(),
            shelf: catalogue::ReleaseShelf::default(),
            holders: catalogue_holders::Heard::default(),
            epochs_looked_at: Mutex::default(),
            changed: watch::Sender::new(0),
            hurry: Notify::new(),
        });
        *desk.contact.lock().unwrap_or_else(PoisonError::into_inner) = desk.first_contact();
        Ok(desk)
    }

    /// The desk's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.tools.clock
    }

    /// Who unsealed the desk.
    pub fn unsealed_by(&self) -> &str {
        self.peer.officer()
    }

    /// Counts up whenever something on a page may have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Who the centre is.
    pub fn profile(&self) -> Result<Profile, DeskError> {
        Ok(self.book()?.profile.clone())
    }

    fn now(&self) -> Time {
        self.tools.clock.now()
    }

    /// What the desk's own facts add up to, up to the newest.
    fn book(&self) -> Result<MutexGuard<'_, Book>, DeskError> {
        let register = self.peer.register()?;
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        self.peer.read(|view| book.read_on(&register, view))?;
        Ok(book)
    }

    /// One act in the name of `by`; what it changed goes to the hub at once.
    fn act_as<T: Send + 'static>(
        &self,
        by: &str,
        work: impl FnOnce(&mut Act<'_>) -> Result<T, PeerError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let value = self.peer.act_as(by, work)?;
        self.tell();
        self.hurry.notify_one();
        Ok(value)
    }

    /// Pages look again.
    fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}
