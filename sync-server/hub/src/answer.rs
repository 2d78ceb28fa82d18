//! From a request to its answer.

use crate::learn::Learnt;
use crate::store::{Offer, Point, Reader, Reading, Role, Taken};
use crate::{Hub, Rejected};
use chain::{
    Anchor, Answer, Body, Entry, Kind, Link, Needed, Place, Refusal, RefusalCode, Register, Request, Segment,
    SegmentError, Standing, Token, limits,
};
use clock::Time;
use ids::{ChainId, LineageId};
use signing::VerifyingKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known of the sender while its request is answered.
struct Sender {
    chain: ChainId,
    standing: Standing,
    reader: Option<Reader>,
    /// How old its token may be, ms.
    token_life: i64,
}

/// What goes into the answer beside the news.
#[derive(Default)]
struct Findings {
    anchors: BTreeMap<ChainId, Link>,
    refusals: Vec<Refusal>,
    needed: BTreeMap<ChainId, u64>,
}

impl Hub {
    /// Answers one exchange message. Whatever the answer says is held is on disk.
    pub fn answer(&self, bytes: &[u8], now: Time) -> Result<Vec<u8>, Rejected> {
        self.answer_within(bytes, now, limits::SUITCASE_TOKEN_LIFE)
    }

    /// As [`Hub::answer`]; a suitcase's token may be so old, ms.
    pub(crate) fn answer_within(&self, bytes: &[u8], now: Time, token_life: i64) -> Result<Vec<u8>, Rejected> {
        if bytes.len() > limits::MESSAGE {
            return Err(Rejected::TooLarge);
        }
        let mut request = Request::decode(bytes).map_err(|error| Rejected::unread(bytes, 1, error))?;
        let community = self.community(request.tenant)?;
        // Whoever is known proves it before anything is done for him.
        let known = community.register().author(request.sender);
        if known.is_some_and(|key| !Request::is_signed(bytes, &key)) {
            return Err(Rejected::Signature);
        }
        let _turn = self.senders.turn(known.map(|_| (request.tenant, request.sender)), now)?;
        let mut learnt = Learnt::from(&community, std::mem::take(&mut request.segments));
        let register = learnt.register.clone();
        let author = register.author(request.sender);
        if known != author && author.is_some_and(|key| !Request::is_signed(bytes, &key)) {
            return Err(Rejected::Signature);
        }
        let lineage = self.lineage_for(&request, &register)?;
        let mut findings = Findings::default();
        findings.refusals.append(&mut learnt.refusals);
        for needed in learnt.needed.drain(..) {
            findings.need(needed.chain, needed.from);
        }
        let mut offers = std::mem::take(&mut learnt.offers);
        let outdated = register.minimum().0 > chain::PROTOCOL;
        if author.is_none() {
            findings.refuse_sender(&request, RefusalCode::UnknownChain);
        } else if outdated {
            let ours = register.not_understood().is_some();
            findings.refuse_sender(&request, if ours { RefusalCode::Answerer } else { RefusalCode::Protocol });
        } else {
            let others = std::mem::take(&mut learnt.others);
            offers.extend(believable(others, request.sender, &register, &mut findings));
        }
        let offers = signed_alone(offers, &request, &mut findings);
        self.take_in(&request, offers, now, &mut findings)?;
        // Once a message, which may bring thousands of them: what is refused fills no log.
        let of_segments = |one: &&Refusal| author.is_some() && one.from > 0;
        if let Some(Refusal { chain, from, code }) = findings.refusals.iter().find(of_segments) {
            let refused = findings.refusals.iter().filter(of_segments).count();
            tracing::warn!(tenant = %request.tenant, sender = %request.sender, refused, %chain, from, ?code, "segments are refused");
        }
        self.obey(request.tenant, &community, &register)?;
        if learnt.grown {
            community.replace(register.clone());
        }
        drop(learnt);
        let mut answer = self.empty_answer(&request, lineage, now);
        if author.is_some() && !outdated {
            self.say_what_is_held(&request, &mut answer, &mut findings)?;
            let sender = Sender::of(&request, &register, now, token_life);
            self.hand_out(&request, &sender, &register, lineage, now, &mut answer)?;
            if sender.standing == Standing::Centre {
                self.anchor_what_is_handed_out(&request, &answer, &mut findings)?;
            }
        }
        findings.write(&mut answer, &request, lineage, now, self);
        tracing::debug!(
            tenant = %request.tenant, sender = %request.sender, anchors = answer.anchors.len(),
            segments = answer.segments.len(), refusals = answer.refusals.len(), stale = answer.stale, "answered"
        );
        Ok(answer.encode(&Request::hash(bytes), &self.keys.signing))
    }

    /// The lineage in which this request is answered. A token of ours that knows more of the sender's chain than we
    /// hold, or a desk's cursor beyond our log, proves that the database was restored: a new life begins before
    /// anybody is told anything by the old one's numbers.
    fn lineage_for(&self, request: &Request, register: &Register) -> Result<LineageId, Rejected> {
        let lineage = self.lineage()?;
        let ours = |token: &Token| token.is_ours(&self.keys.token, request.tenant, request.sender, lineage);
        let Some(token) = request.token.filter(ours) else {
            return Ok(lineage);
        };
        let held = self.store.holdings(request.tenant, &[(request.sender, 0)])?;
        let lost = held.first().is_none_or(|held| held.end.seq < token.seq);
        let beyond = match request.cursor {
            Some(cursor) if cursor.lineage == lineage && register.is_at_work(request.sender) => {
                cursor.position > self.store.position(request.tenant)?
            }
            _ => false,
        };
        if !lost && !beyond {
            return Ok(lineage);
        }
        tracing::warn!(tenant = %request.tenant, sender = %request.sender, "a peer knows more than the database: a new lineage begins");
        Ok(self.renew_lineage(Some(lineage))?)
    }

    fn take_in(
        &self,
        request: &Request,
        offers: Vec<Offer>,
        now: Time,
        findings: &mut Findings,
    ) -> Result<(), Rejected> {
        if offers.is_empty() {
            return Ok(());
        }
        let places: Vec<(ChainId, u64)> =
            offers.iter().map(|offer| (offer.segment.chain, offer.segment.from)).collect();
        let mut new = 0;
        for ((chain, from), result) in places.into_iter().zip(self.store.accept(request.tenant, now.0, offers)?) {
            match result {
                Ok(taken) => {
                    new += taken.new;
                    findings.taken(chain, from, &taken);
                }
                Err(refusal) => {
                    if refusal.code == RefusalCode::Hole {
                        let held = self.store.holdings(request.tenant, &[(chain, 0)])?;
                        findings.need(chain, held.first().map_or(0, |held| held.end.seq) + 1);
                    }
                    findings.refusals.push(refusal);
                }
            }
        }
        tracing::debug!(tenant = %request.tenant, sender = %request.sender, new, "taken in");
        Ok(())
    }

    fn empty_answer(&self, request: &Request, lineage: LineageId, now: Time) -> Answer {
        let from = request.cursor.filter(|cursor| cursor.lineage == lineage);
        Answer {
            lineage,
            time: now.0,
            token: Token::give(&self.keys.token, request.tenant, request.sender, lineage, now.0, 0),
            position: from.map_or(0, |from| from.position),
            index: from.map_or(0, |from| from.index),
            more: false,
            stale: true,
            further: 0,
            anchors: Vec::new(),
            segments: Vec::new(),
            refusals: Vec::new(),
            needed: Vec::new(),
            enrolments: Vec::new(),
        }
    }

    /// The sender's own anchor and token, and what is missing of the heads that it states.
    fn say_what_is_held(
        &self,
        request: &Request,
        answer: &mut Answer,
        findings: &mut Findings,
    ) -> Result<(), Rejected> {
        let mut asked = vec![(request.sender, 0)];
        asked.extend(request.heads.iter().map(|head| (head.chain, head.end.seq)));
        let held = self.store.holdings(request.tenant, &asked)?;
        let Some((own, heads)) = held.split_first() else { return Ok(()) };
        findings.anchors.insert(request.sender, own.end);
        if own.end.seq < own.last {
            findings.need(request.sender, own.end.seq + 1);
        }
        let (secret, lineage, time) = (&self.keys.token, answer.lineage, answer.time);
        answer.token = Token::give(secret, request.tenant, request.sender, lineage, time, own.end.seq);
        for (head, held) in request.heads.iter().zip(heads) {
            if head.end.seq > held.end.seq {
                findings.need(head.chain, held.end.seq + 1);
            }
            if let Some(hash) = held.asked.filter(|hash| *hash != head.end.hash) {
                let code = RefusalCode::Fork { seq: head.end.seq, held: hash };
                findings.refusals.push(Refusal { chain: head.chain, from: head.end.seq, code });
            }
        }
        Ok(())
    }

    /// A centre gets an anchor of every chain that it is handed entries of: they existed not after now, which it can
    /// show to others long after the suitcase and its own anchors are gone.
    fn anchor_what_is_handed_out(
        &self,
        request: &Request,
        answer: &Answer,
        findings: &mut Findings,
    ) -> Result<(), Rejected> {
        let asked: BTreeSet<ChainId> = answer.segments.iter().map(|segment| segment.chain).collect();
        let asked: Vec<(ChainId, u64)> = asked.into_iter().map(|chain| (chain, 0)).collect();
        for ((chain, _), held) in asked.iter().zip(self.store.holdings(request.tenant, &asked)?) {
            findings.anchors.entry(*chain).or_insert(held.end);
        }
        Ok(())
    }

    /// News, if the token shows that the sender is here and now.
    fn hand_out(
        &self,
        request: &Request,
        sender: &Sender,
        register: &Arc<Register>,
        lineage: LineageId,
        now: Time,
        answer: &mut Answer,
    ) -> Result<(), Rejected> {
        let fresh = request.token.is_some_and(|token| {
            token.is_ours(&self.keys.token, request.tenant, sender.chain, lineage)
                && now.0.saturating_sub(token.time).saturating_abs() <= sender.token_life
        });
        answer.stale = !fresh;
        let Some(reader) = sender.reader.filter(|_| fresh) else {
            return Ok(());
        };
        let cursor = request.cursor.filter(|cursor| cursor.lineage == lineage);
        let from = cursor.map(|cursor| Point { position: cursor.position, index: cursor.index });
        // A certificate that has run out is renewed, and a revocation told, by register entries that may lie far behind
        // what waits.
        let register_only = matches!(reader, Reader::RegisterOnly(_)) && request.budget > 0;
        let budget = if register_only { limits::BUDGET } else { request.budget };
        let reading = self.store.read(request.tenant, reader, from, budget as usize)?;
        let Reading { segments, point, more } = reading;
        (answer.segments, answer.more) = (segments, more);
        (answer.position, answer.index) = (point.position, point.index);
        if sender.standing == Standing::Centre {
            answer.enrolments = self.waiting_enrolments(request.tenant, register, now)?;
        }
        Ok(())
    }
}

impl Sender {
    fn of(request: &Request, register: &Register, now: Time, token_life: i64) -> Self {
        let chain = request.sender;
        let standing = match register.standing(chain, now.0) {
            Standing::Centre if !register.is_at_work(chain) => Standing::Continued { by: register.at_work(chain) },
            other => other,
        };
        let desk = register.desk_of(chain).map(|desk| Reader::Desk { register: desk.register, case: desk.case });
        let reader = match standing {
            Standing::Centre => desk,
            Standing::Live => Some(Reader::Suitcase(chain)),
            // A revoked one learns of it from the register, signed by the desk, and of nothing else; so does one that waits
            // to be confirmed, one whose number goes on elsewhere, and a desk that was replaced: it may be stolen.
            Standing::Expired | Standing::Revoked { .. } | Standing::Unconfirmed | Standing::Continued { .. } => {
                Some(Reader::RegisterOnly(chain))
            }
            Standing::Unknown => None,
        };
        // A centre speaks for itself, one that was replaced as well; nobody carries its letters.
        let token_life = if register.desk_of(chain).is_some() { limits::TOKEN_LIFE } else { token_life };
        Self { chain, standing, reader, token_life }
    }
}

/// Segments whose author the register names. Entries without their bodies are taken from their author or the centre
/// only, unless an order erased them: anybody else could put an empty shell in the place of what is still to come.
fn believable(segments: Vec<Segment>, sender: ChainId, register: &Register, findings: &mut Findings) -> Vec<Offer> {
    let centre = register.is_at_work(sender);
    let mut offers = Vec::with_capacity(segments.len());
    for segment in segments {
        let (chain, from) = (segment.chain, segment.from);
        let Some(author) = register.author(chain) else {
            findings.refusals.push(Refusal { chain, from, code: RefusalCode::UnknownChain });
            continue;
        };
        let hollow = segment.entries.iter().any(|entry| matches!(entry.body, Body::Dropped { .. }));
        if hollow && !centre && chain != sender && !hollow_by_order(&segment, register) {
            findings.refusals.push(Refusal { chain, from, code: RefusalCode::Form });
            continue;
        }
        offers.extend(by_role(segment, author, register));
    }
    offers
}

/// What a case chain says behind its end comes from whoever has a replaced desk's key: it is kept as a suitcase's would
/// be, within the same quota, and goes to nobody by naming him.
fn by_role(mut segment: Segment, author: VerifyingKey, register: &Register) -> Vec<Offer> {
    let (chain, from) = (segment.chain, segment.from);
    let role = |role| move |segment| Offer { segment, author, role };
    let end = match register.case_end(chain) {
        _ if !register.is_case(chain) => return vec![role(Role::Suitcase)(segment)],
        None => return vec![role(Role::Case)(segment)],
        Some(stated) => stated.end.seq,
    };
    if from > end {
        return vec![role(Role::Suitcase)(segment)];
    }
    let counting = usize::try_from(end - from + 1).unwrap_or(usize::MAX).min(segment.entries.len());
    let entries = segment.entries.split_off(counting);
    let mut last = Link { seq: from.saturating_sub(1), hash: segment.prev };
    for entry in &segment.entries {
        last = Link { seq: last.seq + 1, hash: entry.hash(&last.next(register.tenant(), chain)) };
    }
    let behind = Segment { chain, from: last.seq + 1, prev: last.hash, entries };
    let mut offers = vec![role(Role::Case)(segment)];
    offers.extend((!behind.entries.is_empty()).then(|| role(Role::Suitcase)(behind)));
    offers
}

/// Whether an order covers every entry of the segment that has no body.
fn hollow_by_order(segment: &Segment, register: &Register) -> bool {
    let erased = register.erased(|_| u64::MAX);
    let covered = |entry: &Entry, seq| {
        let place = Place { tenant: register.tenant(), chain: segment.chain, seq, prev: segment.prev };
        erased.covers(&place, &entry.header)
    };
    let mut entries = segment.entries.iter().zip(segment.from..);
    entries.all(|(entry, seq)| entry.body.bytes().is_some() || covered(entry, seq))
}

/// Offers whose entries stand alone where they must. A segment is stored on its last signature, but handed out in other
/// cuts, and a bad signature inside would stop the reader that gets it alone. So each entry is checked when a carrier
/// brings it, and whoever brings it, when somebody acts on it as it is: everything but a chain's own `change` and `own`.
/// It is done here and not in the store, where all other writers would wait.
fn signed_alone(offers: Vec<Offer>, request: &Request, findings: &mut Findings) -> Vec<Offer> {
    let stands = |Offer { segment, author, .. }: &Offer| {
        let carried = segment.chain != request.sender;
        let plain = |entry: &Entry| matches!(entry.header.kind, Kind::CHANGE | Kind::OWN);
        segment.signed_alone(request.tenant, author, |entry| carried || !plain(entry))
    };
    let mut taken = Vec::with_capacity(offers.len());
    for offer in offers {
        let (chain, from) = (offer.segment.chain, offer.segment.from);
        let code = match stands(&offer) {
            Ok(()) => {
                taken.push(offer);
                continue;
            }
            Err(SegmentError::Numbers) => RefusalCode::Form,
            Err(SegmentError::Signature { .. }) => RefusalCode::Signature,
        };
        findings.refusals.push(Refusal { chain, from, code });
    }
    taken
}

impl Findings {
    fn need(&mut self, chain: ChainId, from: u64) {
        self.needed.insert(chain, from);
    }

    fn refuse_sender(&mut self, request: &Request, code: RefusalCode) {
        self.refusals.push(Refusal { chain: request.sender, from: 0, code });
    }

    /// A carrier holds no more of a chain than it brought, so it is shown no anchor beyond that.
    fn taken(&mut self, chain: ChainId, from: u64, taken: &Taken) {
        let anchored = if taken.end.seq >= taken.brought.seq { taken.brought } else { taken.end };
        let known = self.anchors.get(&chain).map_or(0, |end| end.seq);
        if anchored.seq >= from && anchored.seq > known {
            self.anchors.insert(chain, anchored);
        }
        if taken.end.seq < taken.last {
            self.need(chain, taken.end.seq + 1);
        } else {
            self.needed.remove(&chain);
        }
    }

    fn write(self, answer: &mut Answer, request: &Request, lineage: LineageId, now: Time, hub: &Hub) {
        let held = self.anchors.into_iter().filter(|(_, end)| end.seq > 0);
        let sign = |(chain, end)| Anchor::sign(request.tenant, lineage, chain, end, now.0, &hub.keys.signing);
        answer.anchors = held.take(limits::MESSAGE_HEADS).map(sign).collect();
        let needed = self.needed.into_iter().map(|(chain, from)| Needed { chain, from });
        answer.needed = needed.take(limits::MESSAGE_HEADS).collect();
        answer.refusals = self.refusals;
        answer.refusals.truncate(limits::MESSAGE_SEGMENTS);
    }
}
