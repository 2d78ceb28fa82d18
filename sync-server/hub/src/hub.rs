//! The hub itself: keys, store, and each community's register as it knows it.

use crate::senders::Senders;
use crate::store::{Point, Reader, Reading, Store, StoreError, Tenant};
use crate::{HubKeys, Marker, Rejected};
use chain::{Erased, Register, Segment};
use ids::{ChainId, LineageId, TenantId};
use signing::{RootPublic, VerifyingKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Gives 16 fresh random bytes.
pub(crate) type Draw = Box<dyn Fn() -> [u8; 16] + Send + Sync>;

/// Answers peers. May be called from many threads at once.
pub struct Hub {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: HubKeys,
    draw: Draw,
    pub(crate) senders: Senders,
    scrubbed: Mutex<Scrubbed>,
    communities: RwLock<BTreeMap<TenantId, Arc<Community>>>,
}

/// What looking through everything that is kept has found, for whoever asks how the hub is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scrubbed {
    /// When everything had been looked at last, ms since 1970.
    pub ended: Option<i64>,
    /// Damages that are known.
    pub faults: u64,
}

/// One tenant's register, folded.
pub(crate) struct Community {
    register: RwLock<Arc<Register>>,
    /// Held while a register grows: from the copy that is extended until the copy takes the old one's place.
    pub(crate) growing: Mutex<()>,
    /// What was dropped by order.
    pub(crate) obeyed: Mutex<Erased>,
    /// Up to where the store's news for everybody are in the register.
    heard: Mutex<Point>,
}

/// Nobody has this name, so whoever reads under it gets what everybody gets: the register, and who goes on for whom.
const NOBODY: ChainId = ChainId::from_bytes([0xff; 16]);
/// Bytes of such news that are looked at in one piece.
const NEWS: usize = 1024 * 1024;

impl Community {
    pub(crate) fn register(&self) -> Arc<Register> {
        self.register.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn replace(&self, register: Arc<Register>) {
        *self.register.write().unwrap_or_else(PoisonError::into_inner) = register;
    }

    fn heard(&self) -> Point {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// Opens over a store. `marker` is what the caller kept outside the database ([`Hub::marker`]): if it is ahead of
    /// what the database holds, or the database is a new one, everybody's cursors and anchors are void and a new
    /// lineage begins. `draw` gives 16 fresh random bytes.
    pub fn open(
        store: Arc<dyn Store>,
        keys: HubKeys,
        marker: Option<Marker>,
        draw: impl Fn() -> [u8; 16] + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let hub = Self {
            store,
            keys,
            draw: Box::new(draw),
            senders: Senders::default(),
            scrubbed: Mutex::default(),
            communities: RwLock::new(BTreeMap::new()),
        };
        for tenant in hub.store.tenants()? {
            hub.load(&tenant)?;
        }
        match hub.store.lineage()? {
            None => {
                hub.renew_lineage(None)?;
            }
            Some(lineage) => {
                let positions = hub.positions()?;
                let restored = marker.is_some_and(|marker| marker.lineage != lineage || marker.positions > positions);
                if restored {
                    tracing::warn!(%lineage, "the database is older than its marker: a new lineage begins");
                    hub.renew_lineage(Some(lineage))?;
                }
            }
        }
        Ok(hub)
    }

    /// The key that the desk certifies for this hub.
    pub fn public(&self) -> VerifyingKey {
        self.keys.public()
    }

    /// What is to be kept outside the database.
    pub fn marker(&self) -> Result<Marker, StoreError> {
        Ok(Marker { lineage: self.lineage()?, positions: self.positions()? })
    }

    /// Gives a community its place on this hub. Again with the same root changes nothing.
    pub fn create_tenant(&self, id: TenantId, root: RootPublic) -> Result<(), StoreError> {
        let tenant = Tenant { id, root };
        self.store.create_tenant(&tenant)?;
        self.load(&tenant).map(|_| ())
    }

    /// How many communities it serves.
    pub fn communities(&self) -> Result<usize, StoreError> {
        Ok(self.store.tenants()?.len())
    }

    /// What the last scrub found.
    pub fn scrubbed(&self) -> Scrubbed {
        *self.scrubbed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what a scrub found.
    pub fn tell_scrubbed(&self, scrubbed: Scrubbed) {
        *self.scrubbed.lock().unwrap_or_else(PoisonError::into_inner) = scrubbed;
    }

    /// Of all communities together: they follow the time and count nothing.
    fn positions(&self) -> Result<u64, StoreError> {
        self.store.tenants()?.iter().map(|tenant| self.store.position(tenant.id)).sum()
    }

    pub(crate) fn lineage(&self) -> Result<LineageId, StoreError> {
        match self.store.lineage()? {
            Some(lineage) => Ok(lineage),
            None => self.renew_lineage(None),
        }
    }

    pub(crate) fn renew_lineage(&self, before: Option<LineageId>) -> Result<LineageId, StoreError> {
        self.store.renew_lineage(before, LineageId::from_random((self.draw)()))
    }

    pub(crate) fn community(&self, id: TenantId) -> Result<Arc<Community>, Rejected> {
        let known = self.communities.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(community) = known {
            self.catch_up(id, &community)?;
            return Ok(community);
        }
        // Another process may have added it.
        match self.store.tenants()?.into_iter().find(|tenant| tenant.id == id) {
            Some(tenant) => Ok(self.load(&tenant)?),
            None => Err(Rejected::Tenant),
        }
    }

    fn load(&self, tenant: &Tenant) -> Result<Arc<Community>, StoreError> {
        // What comes while the register is read is heard again.
        let heard = Point { position: self.store.position(tenant.id)?, index: 0 };
        let register = Arc::new(self.stored_register(tenant)?);
        let community = Arc::new(Community {
            register: RwLock::new(Arc::clone(&register)),
            growing: Mutex::new(()),
            obeyed: Mutex::new(self.store.erased(tenant.id)?),
            heard: Mutex::new(heard),
        });
        self.obey(tenant.id, &community, &register)?;
        let mut communities = self.communities.write().unwrap_or_else(PoisonError::into_inner);
        Ok(communities.entry(tenant.id).or_insert(community).clone())
    }

    /// Another process over the same store may have heard of a revocation, or of who goes on for whom, that this one has
    /// not: whoever is answered is answered by what the store holds.
    fn catch_up(&self, id: TenantId, community: &Community) -> Result<(), StoreError> {
        loop {
            let reading = self.store.read(id, Reader::Suitcase(NOBODY), Some(community.heard()), NEWS)?;
            let Reading { segments, point, more } = reading;
            if segments.is_empty() {
                return Ok(());
            }
            let _growing = community.growing.lock().unwrap_or_else(PoisonError::into_inner);
            let mut register = Register::clone(&community.register());
            for segment in segments {
                // What cannot be believed was not believed when it came, or this process is not told the truth.
                let believed = match register.author(segment.chain) {
                    Some(_) if !register.is_register(segment.chain) => continue,
                    _ => register.meet(&segment) || register.take(segment).is_ok(),
                };
                if !believed {
                    tracing::error!(tenant = %id, "the store's register does not fit what is known: read anew");
                    let tenant = self.store.tenants()?.into_iter().find(|tenant| tenant.id == id);
                    register = self.stored_register(&tenant.ok_or(StoreError::UnknownTenant)?)?;
                    break;
                }
            }
            community.replace(Arc::new(register));
            *community.heard.lock().unwrap_or_else(PoisonError::into_inner) = point;
            if !more {
                return Ok(());
            }
        }
    }

    /// Folds what the store holds; verified anew, because a database is no witness.
    fn stored_register(&self, tenant: &Tenant) -> Result<Register, StoreError> {
        let mut register = Register::new(tenant.id, tenant.root);
        for segment in self.store.register(tenant.id)? {
            register.take(segment).map_err(|error| StoreError::Damaged(error.to_string()))?;
        }
        meet_all(&mut register, self.store.rebirths(tenant.id)?);
        Ok(register)
    }
}

/// One may continue another that comes later in the list.
pub(crate) fn meet_all(register: &mut Register, mut rebirths: Vec<Segment>) {
    while !rebirths.is_empty() {
        let before = rebirths.len();
        rebirths.retain(|segment| !register.meet(segment));
        if rebirths.len() == before {
            return;
        }
    }
}
