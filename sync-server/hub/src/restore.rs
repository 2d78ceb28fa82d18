//! What the hub tells whoever holds a community's kit, so that a lost desk begins again.

use crate::{Hub, Rejected};
use chain::{RestoreAnswer, RestoreRequest};
use clock::Time;

impl Hub {
    /// Answers a question signed by a community's root: the community's name here, this hub's key, the register.
    pub fn restore(&self, bytes: &[u8], _now: Time) -> Result<Vec<u8>, Rejected> {
        let request = RestoreRequest::decode(bytes)?;
        let tenant = self.store.tenants()?.into_iter().find(|tenant| tenant.root == request.root);
        let tenant = tenant.ok_or(Rejected::Tenant)?.id;
        tracing::warn!(%tenant, "the holder of the kit asked for the register");
        let register = self.store.register(tenant)?;
        Ok(RestoreAnswer { tenant, hub: self.public(), register }.encode())
    }
}
