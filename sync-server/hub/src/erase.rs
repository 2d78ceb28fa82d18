//! Orders to erase, carried out as soon as the register is known.

use crate::Hub;
use crate::hub::Community;
use crate::store::StoreError;
use chain::Register;
use ids::{ChainId, TenantId};
use std::collections::BTreeMap;
use std::sync::PoisonError;

impl Hub {
    /// Drops what the register orders and is not dropped yet. Keys wait until the case chain is held up to where those
    /// beside them are kept. A hub that was put back from a copy does it when the register comes.
    pub(crate) fn obey(&self, tenant: TenantId, community: &Community, register: &Register) -> Result<(), StoreError> {
        let cases: Vec<(ChainId, u64)> =
            register.erasures().filter_map(|order| order.kept).map(|(case, _)| (case, 0)).collect();
        if register.erasures().next().is_none() {
            return Ok(());
        }
        let held = self.store.holdings(tenant, &cases)?;
        let ends: BTreeMap<ChainId, u64> =
            cases.iter().zip(held).map(|((case, _), held)| (*case, held.end.seq)).collect();
        let ordered = register.erased(|case| ends.get(&case).copied().unwrap_or(0));
        let mut obeyed = community.obeyed.lock().unwrap_or_else(PoisonError::into_inner);
        let owed = ordered.beyond(&obeyed);
        if owed.is_empty() {
            return Ok(());
        }
        let bodies = self.store.erase(tenant, &owed)?;
        tracing::warn!(%tenant, records = owed.records.len(), entries = owed.entries.len(), bodies, "erased by order of the centre");
        *obeyed = ordered;
        Ok(())
    }
}
