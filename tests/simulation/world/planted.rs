//! A store with a mistake in it.

use chain::{Erased, Refusal, RefusalCode, Segment};
use hub::store::{Holding, Offer, Point, Reader, Reading, Store, StoreError, Taken, Tenant};
use ids::{ChainId, LineageId, TenantId};
use std::sync::Arc;

/// Refuses whatever lies beyond a hole; everything else is the store's below it.
pub struct HoleRefuser(pub Arc<dyn Store>);

impl Store for HoleRefuser {
    fn accept(
        &self,
        tenant: TenantId,
        now: i64,
        offers: Vec<Offer>,
    ) -> Result<Vec<Result<Taken, Refusal>>, StoreError> {
        let mut results = Vec::new();
        for offer in offers {
            let (chain, from) = (offer.segment.chain, offer.segment.from);
            let end = self.0.holdings(tenant, &[(chain, 0)])?[0].end;
            if from > end.seq + 1 {
                results.push(Err(Refusal { chain, from, code: RefusalCode::Form }));
            } else {
                results.extend(self.0.accept(tenant, now, vec![offer])?);
            }
        }
        Ok(results)
    }

    fn create_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        self.0.create_tenant(tenant)
    }

    fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        self.0.tenants()
    }

    fn lineage(&self) -> Result<Option<LineageId>, StoreError> {
        self.0.lineage()
    }

    fn renew_lineage(&self, before: Option<LineageId>, next: LineageId) -> Result<LineageId, StoreError> {
        self.0.renew_lineage(before, next)
    }

    fn position(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.0.position(tenant)
    }

    fn register(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.0.register(tenant)
    }

    fn rebirths(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.0.rebirths(tenant)
    }

    fn holdings(&self, tenant: TenantId, asked: &[(ChainId, u64)]) -> Result<Vec<Holding>, StoreError> {
        self.0.holdings(tenant, asked)
    }

    fn erase(&self, tenant: TenantId, erased: &Erased) -> Result<u64, StoreError> {
        self.0.erase(tenant, erased)
    }

    fn erased(&self, tenant: TenantId) -> Result<Erased, StoreError> {
        self.0.erased(tenant)
    }

    fn read(
        &self,
        tenant: TenantId,
        reader: Reader,
        from: Option<Point>,
        budget: usize,
    ) -> Result<Reading, StoreError> {
        self.0.read(tenant, reader, from, budget)
    }

    fn put_enrolment(
        &self,
        tenant: TenantId,
        chain: ChainId,
        invitation: [u8; 16],
        bytes: &[u8],
        now: i64,
    ) -> Result<(), StoreError> {
        self.0.put_enrolment(tenant, chain, invitation, bytes, now)
    }

    fn enrolments(&self, tenant: TenantId, now: i64) -> Result<Vec<(ChainId, Vec<u8>)>, StoreError> {
        self.0.enrolments(tenant, now)
    }

    fn drop_enrolments(&self, tenant: TenantId, chains: &[ChainId]) -> Result<(), StoreError> {
        self.0.drop_enrolments(tenant, chains)
    }
}
