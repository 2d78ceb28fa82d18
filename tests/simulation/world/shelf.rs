//! The hub's store as the machine below it makes it: full at times, and with a planted mistake in it.

use crate::plant::Plant;
use chain::{Erased, Refusal, RefusalCode, Segment};
use hub::store::{Holding, MemoryStore, Offer, Point, Reader, Reading, Role, Store, StoreError, Taken, Tenant};
use ids::{ChainId, LineageId, TenantId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A store in memory that may be full.
pub struct Shelf {
    pub store: Arc<MemoryStore>,
    pub full: AtomicBool,
    /// A copy that was put back.
    restored: bool,
    plant: Option<Plant>,
}

impl Shelf {
    pub fn new(store: MemoryStore, restored: bool, plant: Option<Plant>) -> Self {
        Self { store: Arc::new(store), full: AtomicBool::new(false), restored, plant }
    }

    fn room(&self) -> Result<(), StoreError> {
        if self.full.load(Ordering::Relaxed) { Err(StoreError::Full) } else { Ok(()) }
    }

    /// The planted mistake: whatever lies beyond a hole is refused.
    fn refuse_beyond_holes(
        &self,
        tenant: TenantId,
        now: i64,
        offers: Vec<Offer>,
    ) -> Result<Vec<Result<Taken, Refusal>>, StoreError> {
        let mut results = Vec::new();
        for offer in offers {
            let (chain, from) = (offer.segment.chain, offer.segment.from);
            let end = self.store.holdings(tenant, &[(chain, 0)])?[0].end;
            if from > end.seq + 1 {
                results.push(Err(Refusal { chain, from, code: RefusalCode::Form }));
            } else {
                results.extend(self.store.accept(tenant, now, vec![offer])?);
            }
        }
        Ok(results)
    }
}

impl Store for Shelf {
    fn accept(
        &self,
        tenant: TenantId,
        now: i64,
        mut offers: Vec<Offer>,
    ) -> Result<Vec<Result<Taken, Refusal>>, StoreError> {
        self.room()?;
        match self.plant {
            Some(Plant::HoleBlocks) => return self.refuse_beyond_holes(tenant, now, offers),
            Some(Plant::GrantFromAnyone) => {
                offers.iter_mut().filter(|o| o.role == Role::Suitcase).for_each(|o| o.role = Role::Case);
            }
            _ => {}
        }
        self.store.accept(tenant, now, offers)
    }

    fn read(
        &self,
        mut tenant: TenantId,
        mut reader: Reader,
        from: Option<Point>,
        budget: usize,
    ) -> Result<Reading, StoreError> {
        match (self.plant, reader) {
            (Some(Plant::RevokedStillServed), Reader::RegisterOnly(chain)) => reader = Reader::Suitcase(chain),
            (Some(Plant::TenantsMixed), Reader::Suitcase(_)) => {
                tenant = self.store.tenants()?.first().map_or(tenant, |first| first.id);
            }
            _ => {}
        }
        self.store.read(tenant, reader, from, budget)
    }

    fn create_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        self.store.create_tenant(tenant)
    }

    fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        self.store.tenants()
    }

    fn lineage(&self) -> Result<Option<LineageId>, StoreError> {
        self.store.lineage()
    }

    fn renew_lineage(&self, before: Option<LineageId>, next: LineageId) -> Result<LineageId, StoreError> {
        self.room()?;
        self.store.renew_lineage(before, next)
    }

    fn position(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.store.position(tenant)
    }

    fn register(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.store.register(tenant)
    }

    fn rebirths(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.store.rebirths(tenant)
    }

    fn holdings(&self, tenant: TenantId, asked: &[(ChainId, u64)]) -> Result<Vec<Holding>, StoreError> {
        self.store.holdings(tenant, asked)
    }

    fn erase(&self, tenant: TenantId, erased: &Erased) -> Result<u64, StoreError> {
        self.room()?;
        if self.plant == Some(Plant::ErasureForgotten) && self.restored {
            return Ok(0);
        }
        self.store.erase(tenant, erased)
    }

    fn erased(&self, tenant: TenantId) -> Result<Erased, StoreError> {
        self.store.erased(tenant)
    }

    fn put_enrolment(
        &self,
        tenant: TenantId,
        chain: ChainId,
        invitation: [u8; 16],
        bytes: &[u8],
        now: i64,
    ) -> Result<(), StoreError> {
        self.room()?;
        self.store.put_enrolment(tenant, chain, invitation, bytes, now)
    }

    fn enrolments(&self, tenant: TenantId, now: i64) -> Result<Vec<(ChainId, Vec<u8>)>, StoreError> {
        self.store.enrolments(tenant, now)
    }

    fn drop_enrolments(&self, tenant: TenantId, chains: &[ChainId]) -> Result<(), StoreError> {
        self.store.drop_enrolments(tenant, chains)
    }
}
