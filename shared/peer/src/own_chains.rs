//! The chains that this peer writes, or wrote before a rebirth, with what hub and centre have answered about them.

use crate::PeerError;
use crate::identity::{Former, Identity};
use crate::peer::{Peer, View};
use crate::places::{newest_own, numbered};
use crate::store::{chains, entries, meta, rows, sync, told};
use chain::{Anchor, Exception, Link, OwnChain, Present, limits};
use ids::{ChainId, LineageId};
use rusqlite::Connection;
use signing::{Hash, VerifyingKey};

/// Up to where some answerer holds a chain of before.
pub(crate) fn anchored_anywhere(connection: &Connection, former: &Former) -> Result<u64, PeerError> {
    let dialogues = sync::dialogues(connection)?;
    let held = dialogues.iter().filter_map(|(_, dialogue)| dialogue.anchored.get(&former.chain));
    Ok(held.map(|end| end.seq).max().unwrap_or(0).min(former.end))
}

/// The centre opened a chain of before from one number up to another: rows that waited for that show what is newest.
pub(crate) fn show_newest(
    connection: &Connection,
    identity: &Identity,
    chain: ChainId,
    (after, until): (u64, u64),
) -> Result<(), PeerError> {
    let Some(place) = identity.former.iter().position(|former| former.chain == chain) else { return Ok(()) };
    for record in rows::of_numbers(connection, numbered(place, after), numbered(place, until))? {
        rows::set_own_seq(connection, record, newest_own(connection, identity, record)?)?;
    }
    Ok(())
}

impl Peer {
    /// The chains that this peer writes, or wrote before a rebirth, the one it writes now first.
    pub fn own_chains(&self) -> Result<Vec<ChainId>, PeerError> {
        let now = self.chain();
        let mut all: Vec<ChainId> = self.with_ledger(|ledger| Ok(ledger.written_chains().collect()))?;
        all.sort_by_key(|chain| *chain != now);
        Ok(all)
    }

    /// The key of the hub that said last how much it holds of the chain that this peer writes; `None` if none ever did.
    pub fn answered_by(&self) -> Result<Option<VerifyingKey>, PeerError> {
        let chain = self.chain();
        self.read(|view| {
            let last = meta::get(view.connection, &sync::last_anchor(chain))?;
            Ok(last.and_then(|bytes| Anchor::decode(&bytes).ok()).map(|anchor| anchor.answerer))
        })
    }

    /// Own entries that are not among the centre's records, those of before a rebirth too: what waits there waits for the
    /// officer who wrote it, whatever the chain is called now.
    pub fn own_exceptions(&self) -> Result<Vec<(ChainId, Exception)>, PeerError> {
        let own = self.own_chains()?;
        self.read(|view| {
            let formers = view.former()?;
            let end =
                |chain| formers.iter().find(|former| former.chain == chain).map_or(limits::SEQ, |former| former.end);
            let mut all = Vec::new();
            for chain in own {
                // Behind its end a chain of before is another life's.
                let of_own = |(_, one): &(ChainId, Exception)| one.seq <= end(chain);
                all.extend(sync::exceptions(view.connection, Some(chain), false)?.into_iter().filter(of_own));
            }
            Ok(all)
        })
    }

    /// Whose word counts now, and what each own chain was answered.
    pub fn own_state(&self, answerer: &str) -> Result<(Present, Vec<OwnChain>), PeerError> {
        let (register, own) = (self.register()?, self.own_chains()?);
        self.read(|view| {
            let lineage = sync::dialogue(view.connection, answerer)?.lineage;
            let case = register.current_desk().map(|desk| desk.case);
            let present = Present { tenant: view.tenant, lineage, hubs: register.hubs(), case };
            let former = view.former()?;
            let state = |chain: &ChainId| view.own_chain(*chain, &present, &former);
            let chains = own.iter().map(state).collect::<Result<_, PeerError>>()?;
            Ok((present, chains))
        })
    }
}

impl View<'_> {
    /// The chain's end is read last: what is written meanwhile is not covered by what was read before it.
    fn own_chain(&self, chain: ChainId, present: &Present, formers: &[Former]) -> Result<OwnChain, PeerError> {
        let former = formers.iter().find(|former| former.chain == chain);
        let anchor = self.anchor_of(chain, present.lineage, former)?;
        let verdict = present.case.map(|case| told::judged(self.connection, chain, case)).transpose()?.flatten();
        let exceptions = sync::exceptions(self.connection, Some(chain), false)?;
        let exceptions = exceptions.into_iter().map(|(_, exception)| (exception.seq, exception.code));
        let Some(former) = former else {
            let (end, exceptions) = (chains::end(self.connection, chain)?, exceptions.collect());
            return Ok(OwnChain { chain, end, anchor, verdict, exceptions });
        };
        // Behind its end the chain is another life's.
        let exceptions = exceptions.filter(|(seq, _)| *seq <= former.end).collect();
        let hash = entries::hash_at(self.connection, chain, former.end)?.unwrap_or(Hash::ZERO);
        let end = Link { seq: former.end, hash };
        Ok(OwnChain { chain, end, anchor, verdict, exceptions })
    }

    /// The anchor that reaches furthest in the present life of the answerer's store; of a chain of before not beyond its
    /// end, behind which it speaks of others' entries. Without such a one the newest, which proves an earlier time.
    fn anchor_of(
        &self,
        chain: ChainId,
        lineage: Option<LineageId>,
        former: Option<&Former>,
    ) -> Result<Option<Anchor>, PeerError> {
        let until = former.map_or(limits::SEQ, |former| former.end);
        let last = meta::get(self.connection, &sync::last_anchor(chain))?;
        let last = last.and_then(|bytes| Anchor::decode(&bytes).ok()).filter(|anchor| anchor.end.seq <= until);
        let of_now = |anchor: &Anchor| Some(anchor.lineage) == lineage;
        let kept = sync::anchor_until(self.connection, chain, until, of_now)?;
        let furthest = kept.into_iter().chain(last.filter(of_now)).max_by_key(|anchor| anchor.end.seq);
        match furthest.or(last) {
            None => sync::anchor_until(self.connection, chain, until, |_| true),
            found => Ok(found),
        }
    }
}
