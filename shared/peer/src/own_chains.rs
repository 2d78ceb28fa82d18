//! The chains that this peer writes, or wrote before a rebirth, with what hub and centre have answered about them.

use crate::facts::Message;
use crate::identity::Identity;
use crate::peer::{Peer, View};
use crate::store::entries::Stored;
use crate::store::{chains, entries, keys, meta, sync, told};
use crate::{PeerError, seals};
use chain::{Anchor, Judged, Link, OwnChain, Present, Register};
use ids::{ChainId, RecordId};
use rusqlite::Connection;
use signing::Hash;

/// Among so many messages the newest verdict is looked for; it is nearly always the first.
const MESSAGES: usize = 200;

/// The number from which a record counts as on its way: its newest own change in the present chain; 1 if the newest
/// stands in a chain before that the centre had not opened so far; 0 if nothing of it is under way.
pub(crate) fn newest_own(connection: &Connection, identity: &Identity, record: RecordId) -> Result<u64, PeerError> {
    for chain in identity.own_chains() {
        let seq = entries::newest_about(connection, chain, record, u64::MAX)?;
        if seq > 0 {
            return Ok(seq);
        }
    }
    let mut carried = 0;
    for former in &identity.former {
        let here = entries::newest_about(connection, former.chain, record, former.end)?;
        carried = u64::from(here.max(carried) > former.judged);
    }
    Ok(carried)
}

impl Peer {
    /// The chains that this peer writes, or wrote before a rebirth, the one it writes now first.
    pub fn own_chains(&self) -> Result<Vec<ChainId>, PeerError> {
        let now = self.chain();
        let mut all: Vec<ChainId> = self.with_ledger(|ledger| Ok(ledger.written_chains().collect()))?;
        all.sort_by_key(|chain| *chain != now);
        Ok(all)
    }

    /// Whose word counts now, and what each own chain was answered.
    pub fn own_state(&self, answerer: &str) -> Result<(Present, Vec<OwnChain>), PeerError> {
        let (register, own) = (self.register()?, self.own_chains()?);
        self.read(|view| {
            let lineage = sync::dialogue(view.connection, answerer)?.lineage;
            let case = register.current_desk().map(|desk| desk.case);
            let present = Present { tenant: view.tenant, lineage, hubs: register.hubs(None), case };
            let state = |chain: &ChainId| view.own_chain(*chain, &own, &register);
            Ok((present, own.iter().map(state).collect::<Result<_, PeerError>>()?))
        })
    }
}

impl View<'_> {
    /// The chain's end is read last: what is written meanwhile is not covered by what was read before it.
    fn own_chain(&self, chain: ChainId, own: &[ChainId], register: &Register) -> Result<OwnChain, PeerError> {
        let last = meta::get(self.connection, &sync::last_anchor(chain))?;
        let anchor = match last.and_then(|bytes| Anchor::decode(&bytes).ok()) {
            Some(anchor) => Some(anchor),
            None => sync::newest_anchor(self.connection, chain)?,
        };
        let case = register.current_desk().map(|desk| desk.case);
        let verdict = case.map(|case| self.verdict_about(chain, own, case)).transpose()?.flatten();
        let exceptions = sync::exceptions(self.connection, Some(chain), false)?;
        let exceptions = exceptions.into_iter().map(|(_, exception)| (exception.seq, exception.code)).collect();
        let Some(former) = self.former()?.into_iter().find(|former| former.chain == chain) else {
            return Ok(OwnChain { chain, end: chains::end(self.connection, chain)?, anchor, verdict, exceptions });
        };
        // Behind its end the chain is another life's: a verdict that reaches further covers what is ours all the same.
        let hash = entries::hash_at(self.connection, chain, former.end)?.unwrap_or(Hash::ZERO);
        let end = Link { seq: former.end, hash };
        let clip =
            |judged: Judged| Judged { up_to: if judged.up_to.seq > end.seq { end } else { judged.up_to }, ..judged };
        Ok(OwnChain { chain, end, anchor, verdict: verdict.map(clip), exceptions })
    }

    /// The verdict of a case chain that reaches furthest: one desk's newest never reaches less far than those before it.
    fn verdict_about(&self, chain: ChainId, own: &[ChainId], case: ChainId) -> Result<Option<Judged>, PeerError> {
        let secrets = keys::receptions(self.connection)?;
        let judged = |to: ChainId, stored: Stored| {
            let place = stored.entry.place;
            let body = stored.entry.entry.body.bytes()?;
            let plain = secrets.iter().find_map(|secret| seals::open_message(secret, &place, to, body).ok())?;
            let Ok(Message::Verdict(verdict)) = Message::decode(&plain) else { return None };
            let entry = Link { seq: place.seq, hash: stored.entry.hash };
            (verdict.chain == chain).then_some(Judged { case, entry, up_to: verdict.up_to })
        };
        let mut furthest: Option<Judged> = None;
        for to in own {
            let messages = told::messages(self.connection, self.tenant, (case, *to), MESSAGES)?;
            let newest = messages.into_iter().find_map(|stored| judged(*to, stored));
            furthest = furthest.into_iter().chain(newest).max_by_key(|one| one.up_to.seq);
        }
        Ok(furthest)
    }
}
