//! What the hub tells whoever holds a community's kit, so that a lost desk begins again.

use crate::{Hub, Rejected};
use chain::{Link, RestoreAnswer, RestoreRequest};
use clock::Time;
use ids::{ChainId, TenantId};

impl Hub {
    /// Answers a question signed by a community's root: the community's name here, this hub's key, the register.
    pub fn restore(&self, bytes: &[u8], _now: Time) -> Result<Vec<u8>, Rejected> {
        let request = RestoreRequest::decode(bytes)?;
        let tenant = self.store.tenants()?.into_iter().find(|tenant| tenant.root == request.root);
        let tenant = tenant.ok_or(Rejected::Tenant)?.id;
        tracing::warn!(%tenant, "the holder of the kit asked for the register");
        let register = self.store.register(tenant)?;
        let desk = self.community(tenant)?.register().current_desk().map(|desk| desk.case);
        let case_end = desk.map_or(Ok(Link::EMPTY), |case| self.last_held(tenant, case))?;
        Ok(RestoreAnswer { tenant, hub: self.public(), register, case_end }.encode())
    }

    /// The last entry of a chain that is here, holes before it or not.
    fn last_held(&self, tenant: TenantId, chain: ChainId) -> Result<Link, Rejected> {
        let ask = |seq| Ok::<_, Rejected>(self.store.holdings(tenant, &[(chain, seq)])?.into_iter().next());
        let Some(held) = ask(0)? else { return Ok(Link::EMPTY) };
        let hash = ask(held.last)?.and_then(|held| held.asked);
        Ok(hash.map_or(held.end, |hash| Link { seq: held.last, hash }))
    }
}
