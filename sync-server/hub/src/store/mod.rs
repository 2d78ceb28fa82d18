//! What the hub keeps, behind one coarse trait: one method for each act that must be atomic.
//!
//! Engines: [`SqliteStore`] and [`MemoryStore`]. What an engine must do beyond its methods' words is said once, in
//! `ledger` (who gets what) and `reading` (how news are cut), which the engines share, and tested once, in
//! `conformance`, which runs on every engine.

#[cfg(test)]
mod conformance;
mod error;
mod ledger;
mod memory;
mod reading;
mod sqlite;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use sqlite::{Checked, Lost, Mended, Scrub, Slice, SqliteStore, check, check_in_use, copy, log_of, mend};

use chain::{Erased, Refusal, Segment};
use ids::{ChainId, LineageId, TenantId};
use signing::{Hash, RootPublic, VerifyingKey};

use chain::Link;

/// One community on this hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenant {
    /// Which.
    pub id: TenantId,
    /// The only thing that is believed from outside: everything else the register says.
    pub root: RootPublic,
}

/// What the register says about a chain's author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A desk's public chain: everybody reads it.
    Register,
    /// A desk's sealed chain: its grants count.
    Case,
    /// Everybody else.
    Suitcase,
}

/// A segment with what the register says about its chain.
#[derive(Debug, Clone)]
pub struct Offer {
    /// As it came.
    pub segment: Segment,
    /// Who must have signed it.
    pub author: VerifyingKey,
    /// Whose chain it is.
    pub role: Role,
}

/// What came of an offer that was not refused. It is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Up to where the chain is held without a hole.
    pub end: Link,
    /// The highest number held, beyond any hole.
    pub last: u64,
    /// The last entry of the segment.
    pub brought: Link,
    /// How many of its entries were new.
    pub new: u64,
}

/// How much of a chain is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Up to where without a hole.
    pub end: Link,
    /// The highest number held, beyond any hole.
    pub last: u64,
    /// Hash at the number that was asked for.
    pub asked: Option<Hash>,
}

/// Who reads, and so what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Its inbox and the register.
    Suitcase(ChainId),
    /// The register alone: the certificate of this chain has run out, or it is revoked. The cursor stands still before the first thing
    /// that waits for it, so that nothing is lost when it is renewed.
    RegisterOnly(ChainId),
    /// The whole log but its own two chains. From a new cursor its own as well: a restored desk needs everything.
    Desk {
        /// Its public chain.
        register: ChainId,
        /// Its sealed chain.
        case: ChainId,
    },
}

/// How far a reader has read: after the thing with this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Point {
    /// Of the cause: the entry itself, or the grant that let it in.
    pub position: u64,
    /// Place among what that cause let in. For a desk: up to which position its own entries are included, 0 once it
    /// has read past that.
    pub index: u64,
}

/// News for one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// In the order of their causes; neighbours of one chain are joined.
    pub segments: Vec<Segment>,
    /// Where the reader is after these.
    pub point: Point,
    /// True if the budget ended it.
    pub more: bool,
}

/// Keeps chains for good. Every method is atomic and durable when it returns; every one is about one tenant, and
/// nothing crosses. `now` is milliseconds since 1970.
pub trait Store: Send + Sync {
    /// Gives a community its place. Again with the same root changes nothing.
    fn create_tenant(&self, tenant: &Tenant) -> Result<(), StoreError>;

    /// All communities.
    fn tenants(&self) -> Result<Vec<Tenant>, StoreError>;

    /// Which life of the store this is; `None` in a new one.
    fn lineage(&self) -> Result<Option<LineageId>, StoreError>;

    /// Begins a new life, if `before` is still the present one. Gives the one that holds now.
    fn renew_lineage(&self, before: Option<LineageId>, next: LineageId) -> Result<LineageId, StoreError>;

    /// The highest position of a tenant's log; 0 if it is empty.
    fn position(&self, tenant: TenantId) -> Result<u64, StoreError>;

    /// All register chains, each whole from its first entry to its first hole.
    fn register(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError>;

    /// The first entries of all chains that begin by saying which chain they continue.
    fn rebirths(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError>;

    /// How much is held of each chain, and the hash at the number asked for, in the order asked.
    fn holdings(&self, tenant: TenantId, asked: &[(ChainId, u64)]) -> Result<Vec<Holding>, StoreError>;

    /// Takes in segments in the order given, each wholly or not at all. Positions rise in that order, and none lies
    /// below those that an earlier time could have given: a copy put back never gives one out twice.
    fn accept(&self, tenant: TenantId, now: i64, offers: Vec<Offer>)
    -> Result<Vec<Result<Taken, Refusal>>, StoreError>;

    /// Drops the bodies that orders name, those held now and those that come later, so that no byte of them is left in
    /// the files. Gives back how many were there. Again changes nothing.
    fn erase(&self, tenant: TenantId, erased: &Erased) -> Result<u64, StoreError>;

    /// What [`Store::erase`] was told.
    fn erased(&self, tenant: TenantId) -> Result<Erased, StoreError>;

    /// What a reader has not read yet, at most about `budget` bytes, but at least one entry if the budget is not 0.
    /// `from` is `None` for a reader that has read nothing, or nothing in this lineage; a point beyond the log's end
    /// counts as that.
    fn read(&self, tenant: TenantId, reader: Reader, from: Option<Point>, budget: usize)
    -> Result<Reading, StoreError>;

    /// Keeps a request to be enrolled until the desk has answered, for [`ENROLMENT_LIFE`] after it was last asked. There
    /// are at most [`ENROLMENTS_OF_INVITATION`] of one invitation and [`ENROLMENTS`] of a tenant: the one that was not
    /// asked for longest makes room. Who still waits asks again and is back.
    fn put_enrolment(
        &self,
        tenant: TenantId,
        chain: ChainId,
        invitation: [u8; 16],
        bytes: &[u8],
        now: i64,
    ) -> Result<(), StoreError>;

    /// Those that wait, oldest first.
    fn enrolments(&self, tenant: TenantId, now: i64) -> Result<Vec<(ChainId, Vec<u8>)>, StoreError>;

    /// Forgets those of these chains.
    fn drop_enrolments(&self, tenant: TenantId, chains: &[ChainId]) -> Result<(), StoreError>;
}

/// Requests to be enrolled that wait at once in one community.
pub const ENROLMENTS: usize = 100;

/// Requests that wait at once with the id of one invitation: it is for one laptop, which may have begun anew.
pub const ENROLMENTS_OF_INVITATION: usize = 3;

/// How long one is kept, milliseconds: seven days.
pub const ENROLMENT_LIFE: i64 = 7 * 24 * 3600 * 1000;

/// The inbox that everybody reads. No author has this chain: a random id carries its version bits.
const EVERYBODY: ChainId = ChainId::from_bytes([0; 16]);
