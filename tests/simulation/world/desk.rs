//! What makes a peer the desk: it certifies, gives verdicts and grants.

use crate::world::community::{Community, TENANT, public};
use crate::world::keep::segments;
use crate::world::peer::{Peer, PeerStore};
use chain::{Draft, EnrolmentRequest, Exception, ExceptionCode, Header, Kind, Verdict, Verified};
use ids::{ChainId, RecordId};
use std::rc::Rc;

/// Certifies what asks for it with the right invitation, and says what it has opened. Gives what it wrote.
pub fn work(desk: &mut Peer, community: &Community) -> Vec<Rc<Verified>> {
    let mut written = certify(desk, community);
    written.extend(judge(desk, community));
    written.extend(tell_of_forks(desk, community));
    written
}

fn certify(desk: &mut Peer, community: &Community) -> Vec<Rc<Verified>> {
    let store = &mut desk.disk.live;
    let mut written = Vec::new();
    for bytes in std::mem::take(&mut store.asking) {
        let Ok(request) = EnrolmentRequest::decode(&bytes) else { continue };
        let number = request.name.parse::<usize>().unwrap_or_default();
        let invited = request.tenant == TENANT && request.proves(&community.invitation(number).secret);
        if !invited || store.register.suitcase(request.chain).is_some() {
            continue;
        }
        let same = store.register.suitcases().filter(|s| usize::from(s.number) == number);
        let predecessor = same.map(|s| s.chain).last();
        let fact = community.suitcase(number, request.chain, request.signing, predecessor);
        let entry = store.keep.append(community.register, public(&fact), &community.desk_key);
        segments(std::slice::from_ref(&entry)).into_iter().for_each(|segment| store.learn(segment));
        written.push(entry);
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
        let draft = verdict(store, community, chain, vec![]);
        written.push(store.keep.append(community.case, draft, &community.desk_key));
        store.judged.insert(chain, up_to.seq);
    }
    desk.disk.commit();
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

fn verdict(store: &PeerStore, community: &Community, chain: ChainId, exceptions: Vec<Exception>) -> Draft {
    let register = (community.register, store.keep.end(community.register));
    let verdict = Verdict { chain, up_to: store.keep.end(chain), register, exceptions };
    let header = Header { kind: Kind::TO, record: None, peer: Some(chain), after: None };
    Draft { header, body: verdict.encode() }
}

/// Lets a suitcase read a record.
pub fn grant(desk: &mut Peer, record: u8, peer: ChainId) -> Rc<Verified> {
    let record = Some(RecordId::from_bytes([record; 16]));
    desk.write(Draft { header: Header { kind: Kind::GRANT, record, peer: Some(peer), after: None }, body: vec![1; 80] })
}
