//! What must be true. Each invariant is a function with a name; the tables say why, and when it is asked.

mod keys;
mod on_disks;
mod promises;
mod quiet;
mod shown;

pub use promises::Ledger;
pub use quiet::acts_alive;
pub use shown::Shown;

use crate::world::World;
use crate::world::peer::store::PeerStore;
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;

/// What was not true, and which invariant says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub invariant: &'static str,
    pub what: String,
}

impl Violation {
    /// In which step.
    pub fn at(self, step: usize) -> Self {
        Self { what: format!("step {step}: {}", self.what), ..self }
    }
}

/// One invariant: its name, why it must hold, and the function that asks.
pub struct Invariant<F> {
    pub name: &'static str,
    pub why: &'static str,
    holds: F,
}

macro_rules! invariants {
    ($($module:ident :: $name:ident: $why:literal,)*) => {
        &[$(Invariant { name: stringify!($name), why: $why, holds: $module::$name }),*]
    };
}

type OfPeer = fn(&World, usize) -> Result<(), String>;
type OfWorld = fn(&World) -> Result<(), String>;
type OfAnswer = fn(&World, &Shown) -> Result<(), String>;
type OfExport = fn(&World, usize, (usize, usize)) -> Result<(), String>;
type OfRoom = fn(&World, &keys::Room<'_>) -> Result<(), String>;
type OfShift = fn(&World, usize, &[(ChainId, u64)]) -> Result<(), String>;

/// Asked of each peer whose disk changed in a step, and of each on the quiet day.
pub const OF_PEERS: &[Invariant<OfPeer>] = invariants![
    on_disks::saved_stays: "What an officer was told is saved is on that disk, whatever crashed since: nobody writes it down a second time.",
    on_disks::no_number_twice: "Two entries under one number are a fork that a person must look into: whoever can know that a number is spent spends it never again.",
    on_disks::held_was_written: "What somebody holds, an author wrote: nothing is made up on the way, and a signature is asked for by everybody.",
    on_disks::cursor_behind_holdings: "What a cursor has passed is never handed out again: it must be on the disk before.",
    on_disks::chains_are_joined: "A chain with a wrong link proves nothing.",
    on_disks::no_act_counts_twice: "Repeats are everyday: a payment or an event that counts twice is wrong.",
    on_disks::erased_is_gone: "Whoever has the order to erase keeps no body that it covers, whenever and however it came, and after every restore.",
    on_disks::one_living_chain: "One suitcase is one laptop: of two that claim its number one has the copy.",
    keys::shut_out_reads_nothing_new: "What the centre writes after it revoked a laptop, or took a record back, is under a key that nobody there has.",
    keys::continued_where_held: "What comes of a chain after another one goes on for it waits for a person: it ends where the centre held it.",
    keys::verdicts_agree: "What the centre once said of a chain it does not say otherwise, also after it was put back or made again.",
];

/// Asked after each step.
pub const OF_THE_HUB: &[Invariant<OfWorld>] = invariants![
    on_disks::anchored_is_durable: "An anchor says «on my disk»: whoever has one forgets that the entry waits.",
    on_disks::hub_holds_what_was_written: "The hub stores what is signed by its author, whoever brings it.",
];

/// Asked of each answer that leaves the hub, as whoever sees it on the way.
pub const OF_ANSWERS: &[Invariant<OfAnswer>] = invariants![
    shown::communities_apart: "A hub serves several communities; nothing crosses between them.",
    shown::revoked_gets_nothing: "A revoked laptop is in a stranger's hands: from the revocation on it learns of that and of nothing else.",
    shown::stale_token_shows_nothing: "Whoever captured a request must not pull news with it for ever.",
    shown::only_what_is_granted: "Who reads what is the centre's decision, and nobody else's.",
    shown::hub_obeys_orders: "When the hub answers, it has dropped what the orders that it holds name: a restored copy, too.",
    shown::anchor_has_the_hubs_time: "The bounds in time are the hub's word: no laptop's clock moves them.",
    shown::anchors_cover_what_was_written: "An anchor that names what nobody wrote would prove what never was.",
];

/// Asked when letters went out by hand.
pub const OF_EXPORTS: &[Invariant<OfExport>] = invariants![
    promises::exporting_deletes_nothing: "A stick is lost more often than a laptop: what it carries stays where it was written.",
];

/// Asked when a suitcase gave records up.
pub const OF_ROOM: &[Invariant<OfRoom>] = invariants![
    keys::forgets_after_the_verdict: "What only this laptop can read is read by nobody once its keys are gone.",
    keys::begun_forms_stay: "A form that was begun could not be saved without what it is about.",
];

/// Asked when a suitcase says that its shift may end.
pub const OF_SHIFTS: &[Invariant<OfShift>] = invariants![
    promises::shift_leaves_nothing: "«Nothing is left behind» lets a laptop be wiped: the centre must hold every entry.",
];

/// Asked when the quiet day is over.
pub const OF_THE_QUIET_DAY: &[Invariant<OfWorld>] = invariants![
    quiet::own_is_anchored: "Once the line is good, nothing waits.",
    quiet::read_to_the_end: "Everybody who may have it is handed all that is granted.",
    quiet::register_is_known: "Who is revoked and who goes on must be known everywhere.",
    quiet::verdict_is_given: "The officer learns what the centre made of each entry.",
    quiet::shift_may_end: "When all is done the officer may go home.",
    quiet::acts_arrive: "What somebody still holds who must bring it is at the centre, or is shown as refused.",
    quiet::later_waits_for_upgrade: "What nobody here can read yet is kept, anchored, and named as waiting.",
    keys::new_keys_are_known_to_holders_only: "A stolen laptop and the hub's disk together open nothing new.",
    keys::holders_read_on: "A new key, or a laptop that gave a record up, keeps nobody from what the centre grants.",
    keys::centre_opens_all: "What was renewed, erased beside or read by a desk of before stays readable at the centre.",
    keys::facts_stay_readable: "Whoever was away while the centre took new keys tells again what it had told to the old one.",
    keys::only_its_scope_is_held: "Who steals a laptop finds nothing on it that was taken back.",
    keys::erased_keys_are_gone: "A copy of the sealed bytes somewhere opens for nobody once the key is nowhere.",
    keys::erased_stays_erased: "Who was revoked and what was erased stays so, whatever became of the desk.",
    quiet::hub_is_whole: "After all restores the hub's chains are what it says of them.",
];

/// Asked on the quiet day while they talk; it is no function, because it is the talking itself that is counted.
pub const TALK_ENDS: (&str, &str) =
    ("talk_ends", "Two programs that go on saying the same to each other empty a battery and a contract.");

fn all<'a, F>(table: &'static [Invariant<F>], holds: impl Fn(&'a F) -> Result<(), String> + 'a) -> Result<(), Violation>
where
    F: 'static,
{
    for invariant in table {
        holds(&invariant.holds).map_err(|what| Violation { invariant: invariant.name, what })?;
    }
    Ok(())
}

/// After a step in which these peers' disks may have changed.
pub fn check_step(world: &mut World, touched: &BTreeSet<usize>) -> Result<(), Violation> {
    let world = &*world;
    for number in touched {
        all(OF_PEERS, |holds| holds(world, *number))?;
    }
    all(OF_THE_HUB, |holds| holds(world))
}

/// For each answer.
pub fn check_shown(world: &World, shown: &Shown) -> Result<(), Violation> {
    all(OF_ANSWERS, |holds| holds(world, shown))
}

/// Entries that a peer held before and after letters went out.
pub fn check_export(world: &World, number: usize, counts: (usize, usize)) -> Result<(), Violation> {
    all(OF_EXPORTS, |holds| holds(world, number, counts))
}

/// For records that a suitcase gave up.
pub fn check_room(world: &World, before: &PeerStore, gone: &[RecordId]) -> Result<(), Violation> {
    all(OF_ROOM, |holds| holds(world, &keys::Room { before, gone }))
}

/// For a shift that is said to be over.
pub fn check_shift(world: &World, number: usize, over: &[(ChainId, u64)]) -> Result<(), Violation> {
    all(OF_SHIFTS, |holds| holds(world, number, over))
}

/// When the quiet day is over.
pub fn check_quiet_day(world: &World) -> Result<(), Violation> {
    all(OF_THE_QUIET_DAY, |holds| holds(world))
}

/// Name and reason of every invariant, in the order of the tables.
pub fn named() -> Vec<(&'static str, &'static str)> {
    fn of<F>(table: &'static [Invariant<F>]) -> impl Iterator<Item = (&'static str, &'static str)> {
        table.iter().map(|one| (one.name, one.why))
    }
    let asked = of(OF_PEERS).chain(of(OF_THE_HUB)).chain(of(OF_ANSWERS)).chain(of(OF_EXPORTS)).chain(of(OF_SHIFTS));
    asked.chain(of(OF_ROOM)).chain(of(OF_THE_QUIET_DAY)).chain([TALK_ENDS]).collect()
}
