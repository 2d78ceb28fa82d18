//! What makes a peer the desk: it confirms, gives verdicts and grants.

use crate::world::community::{Community, public};
use crate::world::keep::segments;
use crate::world::peer::{Peer, PeerStore};
use chain::{Draft, Exception, ExceptionCode, Fact, Header, Kind, Rebirth, Verdict, Verified};
use ids::{ChainId, RecordId};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Confirms what goes on for a suitcase, and says what it has opened. Gives what it wrote.
pub fn work(desk: &mut Peer, community: &Community) -> Vec<Rc<Verified>> {
    let mut written = confirm(desk, community);
    written.extend(judge(desk, community));
    written.extend(tell_of_forks(desk, community));
    written
}

/// What contradicts the branch that is known was kept aside; whoever writes that chain must hear of it.
fn tell_of_forks(desk: &mut Peer, community: &Community) -> Vec<Rc<Verified>> {
    let store = &mut desk.disk.live;
    let mut written = Vec::new();
    let places: Vec<_> = store.strays.values().map(|stray| (stray.place.chain, stray.place.seq)).collect();
    for (chain, seq) in places {
        if store.told.insert((chain, seq)) {
            let fork = Exception { seq, code: ExceptionCode::Fork, sentence: String::new() };
            let draft = verdict(store, community, chain, vec![fork]);
            written.push(store.keep.append(community.case, draft, &community.desk_key));
        }
    }
    desk.disk.commit();
    written
}

/// A person confirms every chain that goes on for a known suitcase; what that one's records were, the new chain reads.
fn confirm(desk: &mut Peer, community: &Community) -> Vec<Rc<Verified>> {
    let mut written = Vec::new();
    loop {
        let store = &mut desk.disk.live;
        let waits = store.register.unconfirmed().copied();
        let certified = |rebirth: &Rebirth| store.register.suitcase(rebirth.predecessor).is_some();
        let Some(rebirth) = waits.into_iter().find(certified) else { break };
        let Rebirth { chain, predecessor, signing, .. } = rebirth;
        let number = store.register.suitcase(predecessor).map_or(0, |before| usize::from(before.number));
        let end = store.keep.end(predecessor);
        let facts = [
            community.suitcase(number, chain, signing, Some(predecessor)),
            Fact::Continuation { chain, predecessor, end },
        ];
        for fact in facts {
            let entry = store.keep.append(community.register, public(&fact), &community.desk_key);
            segments(std::slice::from_ref(&entry)).into_iter().for_each(|segment| store.learn(segment));
            written.push(entry);
        }
        let records: BTreeSet<RecordId> =
            store.keep.from(predecessor, 1).iter().filter_map(|entry| entry.entry.header.record).collect();
        for record in records {
            let header = Header { kind: Kind::GRANT, record: Some(record), peer: Some(chain), after: None };
            written.push(store.keep.append(community.case, Draft { header, body: vec![1; 80] }, &community.desk_key));
        }
    }
    desk.disk.commit();
    written
}

fn judge(desk: &mut Peer, community: &Community) -> Vec<Rc<Verified>> {
    let store = &mut desk.disk.live;
    let mut written = Vec::new();
    let chains: Vec<ChainId> = store.register.suitcases().map(|s| s.chain).collect();
    for chain in chains {
        let up_to = store.keep.end(chain);
        if up_to.seq <= store.judged.get(&chain).copied().unwrap_or_default() {
            continue;
        }
        let draft = verdict(store, community, chain, Vec::new());
        written.push(store.keep.append(community.case, draft, &community.desk_key));
        store.judged.insert(chain, up_to.seq);
    }
    desk.disk.commit();
    written
}

/// Of a chain that was continued the suitcase hears under its new one.
fn verdict(store: &PeerStore, community: &Community, chain: ChainId, exceptions: Vec<Exception>) -> Draft {
    let register = (community.register, store.keep.end(community.register));
    let verdict = Verdict { chain, up_to: store.keep.end(chain), register, exceptions };
    let header = Header { kind: Kind::TO, record: None, peer: Some(store.register.living(chain)), after: None };
    Draft { header, body: verdict.encode() }
}

/// Lets a suitcase read a record.
pub fn grant(desk: &mut Peer, record: u8, peer: ChainId) -> Rc<Verified> {
    let record = Some(RecordId::from_bytes([record; 16]));
    desk.write(Draft { header: Header { kind: Kind::GRANT, record, peer: Some(peer), after: None }, body: vec![1; 80] })
}
