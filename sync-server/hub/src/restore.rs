//! What the hub tells whoever holds a community's kit, so that a lost desk begins again.

use crate::parts::{behind, within};
use crate::store::Tenant;
use crate::{Hub, Rejected};
use chain::{Link, RestoreAnswer, RestoreRequest, Token, limits};
use clock::Time;
use ids::{ChainId, LineageId, TenantId};

impl Hub {
    /// Answers a question signed by a community's root. Who shows no fresh token of this hub gets one and nothing else:
    /// a question that somebody recorded tells nobody anything. Else the register behind the entry that is named, about
    /// [`limits::BUDGET`] bytes at once.
    pub fn restore(&self, bytes: &[u8], now: Time) -> Result<Vec<u8>, Rejected> {
        if bytes.len() > limits::ENROLMENT {
            return Err(Rejected::TooLarge);
        }
        let question = RestoreRequest::decode(bytes).map_err(|error| Rejected::unread(bytes, 1, error))?;
        let tenant = self.store.tenants()?.into_iter().find(|tenant| tenant.root == question.root);
        let tenant = tenant.ok_or(Rejected::Tenant)?;
        let lineage = self.lineage()?;
        let token = Token::give(&self.keys.token, tenant.id, question.asker(), lineage, now.0, 0);
        let mut answer = RestoreAnswer::ask_again(tenant.id, self.public(), token);
        if self.is_here_and_now(&question, &tenant, lineage, now) {
            tracing::warn!(tenant = %tenant.id, "the holder of the kit asked for the register");
            self.tell(&question, tenant.id, &mut answer)?;
        } else {
            tracing::info!(tenant = %tenant.id, "a question of the kit shows no fresh token");
        }
        Ok(answer.encode(&RestoreRequest::hash(bytes), &self.keys.signing))
    }

    fn is_here_and_now(&self, question: &RestoreRequest, tenant: &Tenant, lineage: LineageId, now: Time) -> bool {
        question.shown.is_some_and(|shown| {
            (shown.tenant, shown.hub) == (tenant.id, self.public())
                && shown.token.is_ours(&self.keys.token, tenant.id, question.asker(), lineage)
                && now.0.saturating_sub(shown.token.time).saturating_abs() <= limits::TOKEN_LIFE
        })
    }

    fn tell(&self, question: &RestoreRequest, tenant: TenantId, answer: &mut RestoreAnswer) -> Result<(), Rejected> {
        answer.stale = false;
        let register = self.store.register(tenant)?;
        (answer.register, answer.more) = behind(register, tenant, question.after, within(limits::BUDGET as usize))?;
        let desk = self.community(tenant)?.register().current_desk().map(|desk| desk.case);
        answer.case_end = desk.map_or(Ok(Link::EMPTY), |case| self.last_held(tenant, case))?;
        Ok(())
    }

    /// The last entry of a chain that is here, holes before it or not.
    fn last_held(&self, tenant: TenantId, chain: ChainId) -> Result<Link, Rejected> {
        let ask = |seq| Ok::<_, Rejected>(self.store.holdings(tenant, &[(chain, seq)])?.into_iter().next());
        let Some(held) = ask(0)? else { return Ok(Link::EMPTY) };
        let hash = ask(held.last)?.and_then(|held| held.asked);
        Ok(hash.map_or(held.end, |hash| Link { seq: held.last, hash }))
    }
}
