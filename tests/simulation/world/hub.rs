//! An answerer: keeps chains for good, answers with anchors, hands out what each reader may have.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{Community, TENANT};
use crate::world::keep::{Disk, Keep, segments};
use chain::{
    Anchor, Answer, Cursor, EnrolmentRequest, Kind, Needed, Refusal, RefusalCode, Register, Request, Segment, Token,
    Verified, limits,
};
use ids::{ChainId, LineageId};
use signing::Secret;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What is on the hub's disk.
#[derive(Clone)]
pub struct HubStore {
    pub lineage: LineageId,
    pub keep: Keep,
    pub register: Rc<Register>,
    /// Which entry came in at which position.
    log: Rc<BTreeMap<u64, (ChainId, u64)>>,
    enrolments: BTreeMap<ChainId, Vec<u8>>,
}

impl HubStore {
    pub fn empty(community: &Community, dice: &mut Dice) -> Self {
        Self {
            lineage: LineageId::from_random(dice.bytes()),
            keep: Keep::default(),
            register: Rc::new(Register::new(TENANT, community.root)),
            log: Rc::default(),
            enrolments: BTreeMap::new(),
        }
    }

    /// What one reader may have, by position of the cause and place among what it let in. A grant lets in the
    /// earlier changes of its record.
    pub fn rows(&self, reader: ChainId) -> Vec<((u64, u64), Rc<Verified>)> {
        let desk = self.register.desk_of(reader);
        let mut granted = BTreeSet::new();
        let mut hidden: Vec<Rc<Verified>> = Vec::new();
        let mut rows = Vec::new();
        for (position, (chain, seq)) in self.log.iter() {
            let Some(entry) = self.keep.get(*chain, *seq) else { continue };
            let header = entry.entry.header;
            let own = *chain == reader || desk.is_some_and(|d| d.register == *chain || d.case == *chain);
            let is_grant = header.kind == Kind::GRANT && header.peer == Some(reader);
            let visible = desk.is_some()
                || header.kind == Kind::REGISTER
                || is_grant
                || header.kind == Kind::TO && header.peer == Some(reader)
                || header.kind == Kind::CHANGE && granted.contains(&header.record);
            if own {
                continue;
            }
            if !visible {
                hidden.push(entry.clone());
                continue;
            }
            rows.push(((*position, 0), entry.clone()));
            if is_grant && granted.insert(header.record) {
                let (let_in, still) = hidden.into_iter().partition(|e| e.entry.header.record == header.record);
                hidden = still;
                let let_in: Vec<Rc<Verified>> = let_in;
                rows.extend(let_in.into_iter().zip(1..).map(|(e, index)| ((*position, index), e)));
            }
        }
        rows
    }

    fn author(&self, chain: ChainId) -> Option<signing::VerifyingKey> {
        self.register.author(chain)
    }

    /// `now` keeps positions ahead of all that were given out before a restore from a copy.
    fn store(&mut self, chain: ChainId, new: &[u64], now: i64) {
        let log = Rc::make_mut(&mut self.log);
        let last = log.keys().next_back().copied().unwrap_or_default();
        let first = (last + 1).max((now as u64) << POSITION_BITS);
        log.extend(new.iter().zip(first..).map(|(seq, position)| (position, (chain, *seq))));
    }

    fn take(&mut self, segment: Segment, now: i64, plant: Option<Plant>) -> Result<(), Refusal> {
        let (chain, from) = (segment.chain, segment.from);
        let refuse = |code| Refusal { chain, from, code };
        if is_register(&segment) {
            let register = Rc::make_mut(&mut self.register);
            register.take(segment.clone()).map_err(|_| refuse(RefusalCode::Register))?;
        }
        let author = self.author(chain).ok_or(refuse(RefusalCode::UnknownChain))?;
        if plant == Some(Plant::HoleBlocks) && from > self.keep.end(chain).seq + 1 {
            return Err(refuse(RefusalCode::Form));
        }
        let new = self.keep.take(segment, &author)?;
        self.store(chain, &new, now);
        Ok(())
    }
}

/// Positions begin anew at each millisecond, with room for this many bits of entries within it.
const POSITION_BITS: u32 = 10;

fn is_register(segment: &Segment) -> bool {
    segment.entries.first().is_some_and(|e| e.header.kind == Kind::REGISTER)
}

/// The hub as a process over its disk.
pub struct Hub {
    pub disk: Disk<HubStore>,
    pub copies: Vec<HubStore>,
    secret: Secret<32>,
    plant: Option<Plant>,
}

impl Hub {
    pub fn new(community: &Community, plant: Option<Plant>, dice: &mut Dice) -> Self {
        let store = HubStore::empty(community, dice);
        Self { disk: Disk::new(store), copies: Vec::new(), secret: Secret::new(dice.bytes()), plant }
    }

    /// Puts an older copy back. `marked` if something outside the database tells that there was more.
    pub fn restore(&mut self, copy: HubStore, marked: bool, dice: &mut Dice) {
        self.disk.live = copy;
        if marked {
            self.disk.live.lineage = LineageId::from_random(dice.bytes());
        }
        self.disk.commit();
    }

    fn commit(&mut self, dice: &mut Dice) {
        if self.plant != Some(Plant::AnchorBeforeDurable) || dice.happens(250) {
            self.disk.commit();
        }
    }

    /// Keeps a request to be enrolled until the register answers it.
    pub fn enrol(&mut self, bytes: &[u8], dice: &mut Dice) {
        if let Ok(request) = EnrolmentRequest::decode(bytes) {
            self.disk.live.enrolments.insert(request.chain, bytes.to_vec());
            self.commit(dice);
        }
    }

    /// One exchange. No answer to what is not signed by a chain of the community.
    pub fn handle(&mut self, bytes: &[u8], now: i64, key: &signing::SigningKey, dice: &mut Dice) -> Option<Vec<u8>> {
        let mut request = Request::decode(bytes).ok()?;
        if request.tenant != TENANT {
            return None;
        }
        let plant = self.plant;
        let store = &mut self.disk.live;
        let mut refusals = Vec::new();
        let mut touched = BTreeSet::from([request.sender]);
        // The register vouches for itself, whoever brings it, and comes first.
        request.segments.sort_by_key(|segment| !is_register(segment));
        let register_count = request.segments.iter().filter(|segment| is_register(segment)).count();
        let others = request.segments.split_off(register_count);
        for segment in request.segments {
            touched.insert(segment.chain);
            refusals.extend(store.take(segment, now, plant).err());
        }
        let author = store.author(request.sender);
        if author.is_some_and(|author| !Request::is_signed(bytes, &author)) {
            self.disk.crash();
            return None;
        }
        let known = author.is_some();
        if !known {
            refusals.push(Refusal { chain: request.sender, from: 0, code: RefusalCode::UnknownChain });
        }
        let ours =
            request.token.filter(|token| known && token.is_ours(&self.secret, TENANT, request.sender, store.lineage));
        if ours.is_some_and(|token| token.seq > store.keep.end(request.sender).seq) {
            // Shown its own word for more than it holds.
            store.lineage = LineageId::from_random(dice.bytes());
        }
        let fresh = ours.is_some_and(|token| now - token.time <= limits::TOKEN_LIFE);
        for segment in others.into_iter().filter(|_| known) {
            touched.insert(segment.chain);
            refusals.extend(store.take(segment, now, plant).err());
        }
        let needed = needs(store, &request.heads, &touched);
        let handed = hand_out(store, request.sender, request.cursor, if fresh { request.budget } else { 0 });
        let anchor = |chain| {
            let end = store.keep.end(chain);
            (end.seq > 0).then(|| Anchor::sign(TENANT, store.lineage, chain, end, now, key))
        };
        let end = store.keep.end(request.sender).seq;
        let waiting = |chain: &ChainId| store.author(*chain).is_none();
        let enrolments = store.enrolments.iter().filter(|(chain, _)| waiting(chain)).map(|(_, bytes)| bytes.clone());
        let for_desk = store.register.desk_of(request.sender).is_some();
        let answer = Answer {
            lineage: store.lineage,
            time: now,
            token: Token::give(&self.secret, TENANT, request.sender, store.lineage, now, end),
            position: handed.cursor.0,
            index: handed.cursor.1,
            more: handed.more && fresh,
            stale: known && !fresh,
            anchors: touched.into_iter().filter_map(anchor).collect(),
            segments: handed.segments,
            refusals,
            needed,
            enrolments: if for_desk { enrolments.collect() } else { vec![] },
        };
        self.commit(dice);
        Some(answer.encode(&Request::hash(bytes), key))
    }
}

/// What is missing of what was offered, and of what was brought in pieces.
fn needs(store: &HubStore, heads: &[chain::ChainHead], touched: &BTreeSet<ChainId>) -> Vec<Needed> {
    let offered = heads.iter().filter(|head| store.keep.end(head.chain).seq < head.end.seq).map(|head| head.chain);
    let holed = store.keep.chains().filter(|(chain, rows)| {
        touched.contains(chain) && rows.entries.keys().next_back().is_some_and(|last| *last > rows.end.seq)
    });
    let chains: BTreeSet<ChainId> = offered.chain(holed.map(|(chain, _)| chain)).collect();
    chains.into_iter().map(|chain| Needed { chain, from: store.keep.end(chain).seq + 1 }).collect()
}

struct Handed {
    segments: Vec<Segment>,
    cursor: (u64, u64),
    more: bool,
}

fn hand_out(store: &HubStore, reader: ChainId, cursor: Option<Cursor>, budget: u32) -> Handed {
    let mut at = cursor.filter(|c| c.lineage == store.lineage).map_or((0, 0), |c| (c.position, c.index));
    let rows: Vec<_> = store.rows(reader).into_iter().filter(|(place, _)| *place > at).collect();
    let (mut room, mut handed) = (budget as usize, Vec::new());
    for (place, entry) in &rows {
        if room < entry.entry.size() {
            break;
        }
        room -= entry.entry.size();
        at = *place;
        handed.push(entry.clone());
    }
    Handed { segments: segments(&handed), cursor: at, more: handed.len() < rows.len() }
}
