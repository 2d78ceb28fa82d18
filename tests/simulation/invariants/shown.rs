//! Of what the hub shows in an answer, whether it arrives or not.

use crate::world::World;
use crate::world::community::Community;
use crate::world::hub::is_older;
use crate::world::keep::is_covered;
use chain::{Answer, Entry, Kind, Request, Segment, limits};
use ids::ChainId;
use std::rc::Rc;

/// One answer.
pub struct Shown {
    pub community: Rc<Community>,
    pub request: Request,
    /// The hub held the revocation of the sender before it answered.
    pub revoked: bool,
    /// A letter that somebody else brought.
    pub by_hand: bool,
    /// What the hub's clock says.
    pub time: i64,
    pub answer: Answer,
}

impl Shown {
    fn entries(&self) -> impl Iterator<Item = (&Segment, &Entry)> {
        self.answer.segments.iter().flat_map(|segment| segment.entries.iter().map(move |entry| (segment, entry)))
    }

    fn is_for_the_centre(&self, world: &World) -> bool {
        world.ledger.centres.contains(&self.request.sender)
    }
}

pub fn communities_apart(world: &World, shown: &Shown) -> Result<(), String> {
    let tenant = shown.community.tenant;
    let others = || world.peers.iter().map(|peer| peer.disk.saved()).filter(|store| store.community.tenant != tenant);
    let is_theirs = |chain: ChainId| others().any(|store| store.written_chains().contains(&chain));
    match shown.answer.segments.iter().find(|segment| is_theirs(segment.chain)) {
        Some(segment) => Err(format!("{} was shown {} of another community", shown.request.sender, segment.chain)),
        None => Ok(()),
    }
}

pub fn revoked_gets_nothing(_: &World, shown: &Shown) -> Result<(), String> {
    let public = |entry: &Entry| matches!(entry.header.kind, Kind::REGISTER | Kind::REBIRTH);
    match shown.entries().find(|(_, entry)| shown.revoked && !public(entry)) {
        Some((segment, _)) => {
            Err(format!("{} is revoked and was shown entries of {}", shown.request.sender, segment.chain))
        }
        None => Ok(()),
    }
}

pub fn stale_token_shows_nothing(world: &World, shown: &Shown) -> Result<(), String> {
    let life = match (shown.by_hand, shown.is_for_the_centre(world)) {
        (true, _) => limits::CARRIED_TOKEN_LIFE,
        (false, true) => limits::TOKEN_LIFE,
        (false, false) => limits::SUITCASE_TOKEN_LIFE,
    };
    let old = shown.request.token.is_none_or(|token| is_older(&token, life, shown.time));
    if old && !shown.answer.segments.is_empty() {
        return Err(format!("{} was shown news for a token of another day", shown.request.sender));
    }
    Ok(())
}

pub fn only_what_is_granted(world: &World, shown: &Shown) -> Result<(), String> {
    if shown.is_for_the_centre(world) {
        return Ok(());
    }
    let reader = shown.request.sender;
    for (segment, entry) in shown.entries() {
        let header = &entry.header;
        let may = match (header.kind, header.record) {
            (Kind::CHANGE, Some(record)) => {
                let granted = world.ledger.granted.contains(&(record, reader));
                granted || world.ledger.creator(&world.hub, &shown.community, record) == Some(reader)
            }
            (Kind::REGISTER, _) => world.ledger.centres.contains(&segment.chain),
            (Kind::REBIRTH, _) => true,
            _ => world.ledger.centres.contains(&segment.chain) && header.peer == Some(reader),
        };
        if !may {
            let Segment { chain, from, .. } = segment;
            return Err(format!("{reader} was shown a {:?} of {chain} from {from} on", header.kind));
        }
    }
    Ok(())
}

pub fn hub_obeys_orders(world: &World, shown: &Shown) -> Result<(), String> {
    let erased = world.ledger.ordered_at(&world.hub, &shown.community);
    if erased.is_empty() {
        return Ok(());
    }
    match world.hub.entries(&shown.community, None).iter().find(|entry| is_covered(&erased, entry)) {
        Some(entry) => Err(format!("the hub holds the body of {:?} and the order to erase it", entry.place)),
        None => Ok(()),
    }
}

pub fn anchor_has_the_hubs_time(_: &World, shown: &Shown) -> Result<(), String> {
    match shown.answer.anchors.iter().find(|anchor| anchor.time != shown.time) {
        Some(anchor) => Err(format!("an anchor of {} says {} at {}", anchor.chain, anchor.time, shown.time)),
        None => Ok(()),
    }
}

pub fn anchors_cover_what_was_written(world: &World, shown: &Shown) -> Result<(), String> {
    let known = |anchor: &chain::Anchor| {
        world.ledger.written.contains(&anchor.end.hash) || world.ledger.strange.contains(&anchor.chain)
    };
    match shown.answer.anchors.iter().find(|anchor| !known(anchor)) {
        Some(anchor) => {
            Err(format!("an anchor of {} names entry {}, which nobody wrote", anchor.chain, anchor.end.seq))
        }
        None => Ok(()),
    }
}
