//! What a peer puts into its next message, and how it keeps what an answer says.

use crate::identity::Role;
use crate::ledger::{Ledger, register_segments};
use crate::rebirth;
use crate::store::{chains, entries, meta, sync as memory};
use crate::{PeerError, backup, lost_numbers};
use chain::{
    Answer, ChainHead, Dialogue, Link, Needed, News, Offered, Place, Probe, Reason, Refusal, RefusalCode, Request,
    Segment, Standing,
};
use ids::ChainId;
use rusqlite::{Connection, TransactionBehavior};
use signing::Hash;
use std::collections::{BTreeMap, BTreeSet};

/// Ends before holes that one message states beside the last ones: some 10 kB.
const HOLES: usize = 200;

/// A message on its way, and what is needed to understand its answer.
pub(super) struct Prepared {
    pub bytes: Vec<u8>,
    pub hash: Hash,
    pub keys: Vec<signing::VerifyingKey>,
    pub dialogue: Dialogue,
    /// Entries in it.
    pub sent: usize,
    /// More of the own chains is left than went into it.
    pub full: bool,
    /// Up to where the own chains are at the answerer once this message is.
    pub until: BTreeMap<ChainId, u64>,
    /// It says where the chains end that could be given back.
    pub stated_heads: bool,
    /// Up to where it gives back what the answerer said it lacks.
    pub given: BTreeMap<ChainId, u64>,
    /// It asks where the own chain parts from what the answerer holds, and brings nothing.
    pub probe: Option<Probe>,
}

impl Prepared {
    /// It brings own entries, leaves some for the next one, and asks nothing that has to be answered first.
    pub fn is_plain(&self) -> bool {
        self.sent > 0 && self.full && !self.stated_heads && self.given.is_empty() && self.probe.is_none()
    }
}

/// What an answer brought.
pub(crate) struct Told {
    pub news: News,
    /// Another life of this disk is known there: the own chain is compared next.
    pub in_doubt: bool,
    /// Entries that were not held before.
    pub stored: usize,
    /// Some chain is anchored further than before.
    pub moved: bool,
}

/// What is owed to the hub between two messages of one contact.
#[derive(Clone, Default)]
pub(super) struct Owed {
    pub introduce: bool,
    pub heads: bool,
    pub needed: Vec<Needed>,
    /// Up to where each chain was given back in this contact: what is lacking before that is not here.
    pub given: BTreeMap<ChainId, u64>,
    /// From where on the answerer holds another life of a chain, as far as it said so in this contact.
    pub parted: BTreeMap<ChainId, u64>,
    /// The heads were stated in this contact.
    pub stated: bool,
}

impl Owed {
    pub fn is_any(&self) -> bool {
        self.introduce || self.heads || !self.needed.is_empty()
    }

    /// What follows from an answer.
    pub fn follow(&mut self, news: &News) {
        for refusal in &news.refusals {
            if let RefusalCode::Fork { seq, .. } = refusal.code {
                let parted = self.parted.entry(refusal.chain).or_insert(seq);
                *parted = seq.min(*parted);
            }
        }
        let given = |chain| self.given.get(&chain).copied().unwrap_or(0);
        let left = |needed: &Needed| Needed { from: needed.from.max(given(needed.chain) + 1), ..*needed };
        let has = |needed: &Needed| needed.from < self.parted_at(needed.chain);
        self.needed = news.needed.iter().map(left).filter(has).collect();
        (self.introduce, self.heads) = (news.introduce, news.reborn);
        self.stated &= !news.reborn;
    }

    /// What is held from this number on is of another life than the answerer's: behind a hole there it would be taken, and be
    /// in the way of the life that goes on.
    fn parted_at(&self, chain: ChainId) -> u64 {
        self.parted.get(&chain).copied().unwrap_or(chain::limits::SEQ + 1)
    }
}

impl Ledger {
    /// The question where the own chain parts, if another life of this disk is known somewhere.
    pub(super) fn probe(&self) -> Result<Option<Probe>, PeerError> {
        let chain = self.identity.chain;
        let in_doubt = rebirth::in_doubt(&self.connection)?.is_some();
        Ok(if in_doubt { Some(Probe::new(chain, chains::end(&self.connection, chain)?.seq)) } else { None })
    }

    fn heads_at(&self, probe: &Probe) -> Result<Vec<ChainHead>, PeerError> {
        let chain = self.identity.chain;
        let head = |seq| {
            let hash = entries::hash_at(&self.connection, chain, seq)?;
            Ok(hash.map(|hash| ChainHead { chain, end: Link { seq, hash } }))
        };
        probe.numbers().into_iter().filter_map(|seq| head(seq).transpose()).collect()
    }

    /// What was found out: goes on under a new chain.
    pub(super) fn parted(&mut self, probe: &Probe) -> Result<(), PeerError> {
        let (reason, known) = rebirth::in_doubt(&self.connection)?.unwrap_or((Reason::Fork, None));
        // What the centre knows otherwise is this laptop's alone, too.
        let known = known.filter(|seq| *seq <= probe.end());
        let opened = memory::verdict_end(&self.connection, probe.chain())?;
        let parted = probe.parted(reason == Reason::Fork, opened).into_iter().chain(known).min();
        let done = self.rebirth(reason, parted);
        if matches!(done, Err(PeerError::TooManyLives)) {
            // Asked again only if the answerer says so again: what was written so far still goes up, and a person may confirm it.
            rebirth::believe(&self.connection)?;
        }
        done
    }

    /// How many own entries are not anchored.
    pub(crate) fn unconfirmed(&self, answerer: &str) -> Result<u64, PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let left = |chain| -> Result<u64, PeerError> {
            let (from, until) = (dialogue.unsent_from(chain), self.written_until(chain)?);
            let lost = lost_numbers::count(&lost_numbers::runs(&self.connection, chain)?, from, until);
            Ok((until + 1).saturating_sub(from + lost))
        };
        self.written_chains().map(left).sum()
    }

    pub(super) fn prepare(
        &self,
        answerer: &str,
        batch: usize,
        budget: u32,
        owed: &Owed,
        probe: Option<Probe>,
    ) -> Result<Prepared, PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let mut offered = Offered::default();
        let mut given = BTreeMap::new();
        if let Some(probe) = &probe {
            offered.heads = self.heads_at(probe)?;
        } else if owed.introduce {
            offered.segments = register_segments(&self.connection, &self.identity)?;
            offered.segments.extend(entries::rebirths(&self.connection)?);
        } else {
            let bare = self.offer_own(&dialogue, owed, &BTreeMap::new(), batch, &mut offered)?;
            if !self.is_too_old() {
                given = self.offer_needed(owed, &bare, batch, &mut offered)?;
            }
        }
        let owes_heads = owed.heads || meta::get(&self.connection, &owes_heads(answerer))?.is_some();
        let heads_owed = owes_heads && !owed.stated && probe.is_none();
        if heads_owed {
            offered.heads = self.heads()?;
        }
        let until = self.written_chains().map(|chain| {
            let last = offered.segments.iter().filter(|s| s.chain == chain).map(Segment::last).max();
            let from = dialogue.unsent_from(chain).saturating_sub(1);
            let given = given.get(&chain).or(owed.given.get(&chain)).copied();
            (chain, given.max(last).unwrap_or(from))
        });
        let until = until.collect();
        Ok(Prepared { stated_heads: heads_owed, given, probe, ..self.seal(dialogue, offered, budget, until)? })
    }

    /// The community asks for a protocol or a suite that this program does not know: nothing that it seals goes out, so
    /// that a weakness which is known spreads no further. It goes on recording, and hears the news.
    pub(crate) fn is_too_old(&self) -> bool {
        let (protocol, suite) = self.register.minimum();
        protocol > chain::PROTOCOL || suite > sealing::SUITE
    }

    /// What this program is told if it is too old: by itself, as a hub knows no suites.
    pub(super) fn too_old(&self) -> Option<Refusal> {
        let refusal = Refusal { chain: self.identity.chain, from: 0, code: RefusalCode::Protocol };
        self.is_too_old().then_some(refusal)
    }

    /// What stands behind `until` on the own chains, before the answerer has said that it holds that. `None`: nothing.
    pub(super) fn prepare_behind(
        &self,
        answerer: &str,
        batch: usize,
        until: &BTreeMap<ChainId, u64>,
    ) -> Result<Option<Prepared>, PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let mut offered = Offered::default();
        let bare = self.offer_own(&dialogue, &Owed::default(), until, batch, &mut offered)?;
        if !bare.is_empty() || offered.segments.is_empty() {
            return Ok(None);
        }
        let mut until = until.clone();
        until.extend(offered.segments.iter().map(|segment| (segment.chain, segment.last())));
        self.seal(dialogue, offered, 0, until).map(Some)
    }

    fn seal(
        &self,
        dialogue: Dialogue,
        offered: Offered,
        budget: u32,
        until: BTreeMap<ChainId, u64>,
    ) -> Result<Prepared, PeerError> {
        let sent: usize = offered.segments.iter().map(|segment| segment.entries.len()).sum();
        let left = |(chain, until): (&ChainId, &u64)| Ok::<_, PeerError>(self.written_until(*chain)? > *until);
        let full = until.iter().map(left).collect::<Result<Vec<_>, _>>()?.contains(&true);
        let request = dialogue.compose(self.identity.tenant, self.identity.chain, offered, budget);
        let bytes = request.encode(&self.identity.signing_key());
        Ok(Prepared {
            hash: Request::hash(&bytes),
            bytes,
            keys: self.hub_keys(),
            dialogue,
            sent,
            full,
            until,
            stated_heads: false,
            given: BTreeMap::new(),
            probe: None,
        })
    }

    /// What is remembered of an answerer now.
    pub(super) fn dialogue(&self, answerer: &str) -> Result<Dialogue, PeerError> {
        memory::dialogue(&self.connection, answerer)
    }

    /// The chains that this peer writes, and the shared part of those that it wrote before.
    pub(crate) fn written_chains(&self) -> impl Iterator<Item = ChainId> {
        let former = self.identity.former.clone().into_iter().map(|former| former.chain);
        self.identity.own_chains().into_iter().chain(former)
    }

    /// The last entry of such a chain that this peer wrote.
    pub(crate) fn written_until(&self, chain: ChainId) -> Result<u64, PeerError> {
        match self.identity.former.iter().find(|former| former.chain == chain) {
            Some(former) => Ok(former.end),
            None => Ok(chains::end(&self.connection, chain)?.seq),
        }
    }

    /// Whose answers are our hub's: of every key that the centre has certified and not ended. From when to when a certificate
    /// holds is not asked: a laptop that is a day behind would believe the old hub and not the new one, and it is by its
    /// end in the register that a key stops counting, which no clock undoes.
    pub(crate) fn hub_keys(&self) -> Vec<signing::VerifyingKey> {
        self.register.hubs()
    }

    /// What is not anchored of the chains that this peer writes. What is under way up to `aloft` is left out.
    /// Gives back the chains that are offered over the holes: those that lack bodies which were given up, and those of which
    /// the answerer lacks what it once anchored, since it was put back from a copy.
    fn offer_own(
        &self,
        dialogue: &Dialogue,
        owed: &Owed,
        aloft: &BTreeMap<ChainId, u64>,
        batch: usize,
        offered: &mut Offered,
    ) -> Result<Vec<Needed>, PeerError> {
        let mut bare = Vec::new();
        // The register is public and sealed to nobody: it says what is asked for.
        let is_public = |chain: &ChainId| matches!(self.identity.role, Role::Desk { register } if register == *chain);
        let silent = self.is_too_old();
        for chain in self.written_chains().filter(|chain| !silent || is_public(chain)) {
            let from = dialogue.unsent_from(chain).max(aloft.get(&chain).map_or(0, |end| end + 1));
            let until = self.written_until(chain)?;
            if let Some(lost) = owed.needed.iter().find(|needed| needed.chain == chain && needed.from < from) {
                bare.push(*lost);
                continue;
            }
            if entries::has_bare(&self.connection, chain, from)? {
                bare.push(Needed { chain, from });
                continue;
            }
            let lost = lost_numbers::runs(&self.connection, chain)?;
            let mut left = batch;
            let mut next = lost_numbers::behind(&lost, from);
            while next <= until
                && let Some(mut segment) = entries::run(&self.connection, chain, next, left)?
            {
                segment.entries.truncate((until + 1 - next) as usize);
                let size: usize = segment.entries.iter().map(chain::Entry::size).sum();
                // A run is at least one entry, and only the first goes whatever its size.
                if next > from && size > left {
                    break;
                }
                next = lost_numbers::behind(&lost, segment.last() + 1);
                left = left.saturating_sub(size);
                offered.segments.push(segment);
                if left == 0 || batch <= 1 {
                    break;
                }
            }
        }
        Ok(bare)
    }

    /// What the hub said it lacks of the chains this peer holds, over holes as well: a reader may have been handed single
    /// entries, and be the last that has them. Gives up to where each chain is given back.
    fn offer_needed(
        &self,
        owed: &Owed,
        bare: &[Needed],
        batch: usize,
        offered: &mut Offered,
    ) -> Result<BTreeMap<ChainId, u64>, PeerError> {
        let (mut left, mut given) = (batch, BTreeMap::new());
        let from = |one: &Needed| one.from.max(owed.given.get(&one.chain).map_or(0, |given| given + 1));
        for (chain, from) in bare.iter().chain(&owed.needed).map(|one| (one.chain, from(one))) {
            if offered.segments.iter().any(|segment| segment.chain == chain) {
                continue;
            }
            let (mut next, parted) = (from, owed.parted_at(chain));
            while left > 0
                && let Some(held) = entries::next_held(&self.connection, chain, next)?.filter(|held| *held < parted)
                && let Some(mut segment) = entries::run(&self.connection, chain, held, left)?
            {
                segment.entries.truncate(usize::try_from(parted - held).unwrap_or(usize::MAX));
                next = segment.last() + 1;
                given.insert(chain, segment.last());
                left = left.saturating_sub(segment.entries.iter().map(chain::Entry::size).sum());
                if self.leave_out_shells(&mut segment) {
                    // What stands behind the shell comes next.
                    next = segment.last() + 2;
                    given.insert(chain, segment.last() + 1);
                }
                if !segment.entries.is_empty() {
                    offered.segments.push(segment);
                }
            }
            if left > 0 && entries::next_held(&self.connection, chain, next)?.is_none_or(|held| held >= parted) {
                given.insert(chain, chain::limits::SEQ);
            }
        }
        Ok(given)
    }

    /// Entries whose bodies were dropped are the centre's to bring, or their author's where an order dropped them: ends a
    /// suitcase's segment before the first. `true` if there was one.
    fn leave_out_shells(&self, segment: &mut Segment) -> bool {
        if self.identity.role != Role::Suitcase {
            return false;
        }
        let (tenant, chain) = (self.identity.tenant, segment.chain);
        let own = self.written_chains().any(|own| own == chain);
        let by_order = |seq, header| own && self.erased.covers(&Place { tenant, chain, seq, prev: Hash::ZERO }, header);
        let mut numbered = segment.entries.iter().zip(segment.from..);
        let shell = numbered.position(|(entry, seq)| entry.body.bytes().is_none() && !by_order(seq, &entry.header));
        segment.entries.truncate(shell.unwrap_or(usize::MAX));
        shell.is_some()
    }

    /// A run of a chain of this peer's between two numbers for a letter, behind what has no body any more.
    pub(crate) fn run_with_bodies(
        &self,
        chain: ChainId,
        from: u64,
        until: u64,
        size: usize,
    ) -> Result<Option<Segment>, PeerError> {
        let lost = lost_numbers::runs(&self.connection, chain)?;
        let mut next = lost_numbers::behind(&lost, from);
        while next <= until
            && let Some(mut segment) = entries::run(&self.connection, chain, next, size)?
        {
            segment.entries.truncate(usize::try_from(until - next).unwrap_or(usize::MAX).saturating_add(1));
            let shell = self.leave_out_shells(&mut segment);
            if !segment.entries.is_empty() || !shell {
                return Ok(Some(segment).filter(|segment| !segment.entries.is_empty()));
            }
            next += 1;
        }
        Ok(None)
    }

    /// Where the chains end that this peer could give back to a hub that lost its memory: the register first, then all
    /// of which anything is held. Where a hole is, the end before it as well: who reads some records of a chain may have it
    /// from another life of it than the hub now knows, and by the last entry alone nobody would see that.
    fn heads(&self) -> Result<Vec<ChainHead>, PeerError> {
        let mut heads = chains::lasts(&self.connection)?;
        let centre = |chain| self.register.is_register(chain) || self.register.is_case(chain);
        let (mut seen, mut holes) = (BTreeSet::new(), 0);
        // Of the centre's chains a suitcase holds single entries by the thousand, and the centre has all of them itself.
        heads.retain(|head| {
            let last = seen.insert(head.chain);
            holes += usize::from(!last && !centre(head.chain));
            last || (!centre(head.chain) && holes <= HOLES)
        });
        heads.sort_by_key(|head| !self.register.is_register(head.chain));
        heads.truncate(chain::limits::MESSAGE_HEADS);
        Ok(heads)
    }

    /// Keeps what an answer says: first the news, then the cursor. A crash between the two brings repeats. `brought`: up to
    /// where the message went that it answers.
    pub(crate) fn take_answer(
        &mut self,
        answerer: &str,
        mut dialogue: Dialogue,
        mut answer: Answer,
        brought: &BTreeMap<ChainId, u64>,
    ) -> Result<Told, PeerError> {
        let hash_at = |chain, seq| entries::hash_at(&self.connection, chain, seq).ok().flatten();
        let own = self.identity.own_chains();
        let written: BTreeSet<ChainId> = self.written_chains().collect();
        let restored = backup::restored(&self.connection)?;
        let mut missing: Vec<chain::Anchor> = Vec::new();
        if restored.is_some() {
            // More than the copy held is what is being asked for; another entry than the copy held stays an error.
            let (ahead, known) = answer.anchors.into_iter().partition(|anchor| {
                own.contains(&anchor.chain) && anchor.end.seq > 0 && hash_at(anchor.chain, anchor.end.seq).is_none()
            });
            (missing, answer.anchors) = (ahead, known);
        }
        let doubt = if self.identity.role == Role::Suitcase { answer.contradicts(&own, hash_at) } else { None };
        // A hub that handed out nothing yet has not heard that everything is wanted, the own chains too.
        let unheard = restored.is_some() && answer.stale && dialogue.cursor.is_none();
        let mut news = dialogue.absorb(answer, &own, hash_at)?;
        if unheard {
            dialogue.cursor = None;
        }
        // Before anything is written for what the news say.
        if let Some(reason) = doubt {
            rebirth::doubt(&self.connection, reason, None)?;
        }
        let segments = std::mem::take(&mut news.segments);
        let stored = self.store_segments(segments.clone())?;
        news.segments = segments;
        // One anchor of each chain that the register knows: an answerer may name what it likes, and all of it would stay.
        let mut named = BTreeSet::new();
        news.anchors.retain(|anchor| self.register.author(anchor.chain).is_some() && named.insert(anchor.chain));
        let before = memory::dialogue(&self.connection, answerer)?;
        let behind = lost_numbers::held_behind(&self.connection, &before, &mut dialogue, &mut news, brought)?;
        dialogue.anchored.retain(|chain, _| self.register.author(*chain).is_some());
        self.keep_to_own(&mut dialogue, &before);
        // What is not held here may be anchored as far as somebody likes: only what is held comes to an end.
        let holds = |anchor: &chain::Anchor| {
            let held = entries::hash_at(&self.connection, anchor.chain, anchor.end.seq).ok().flatten();
            held == Some(anchor.end.hash)
        };
        let further = |anchor: &chain::Anchor| {
            before.anchored.get(&anchor.chain).is_none_or(|before| before.seq < anchor.end.seq) && holds(anchor)
        };
        let moved = behind || news.anchors.iter().any(further);
        // Somebody at the centre confirmed another life of this disk: this one goes on under a name of its own as well.
        let standing = self.register.standing(self.identity.chain, self.clock.now().0);
        let doubt = doubt.or(matches!(standing, Standing::Continued { .. }).then_some(Reason::Continued));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for anchor in &news.anchors {
            memory::put_anchor(&transaction, anchor)?;
            if own.contains(&anchor.chain) {
                meta::put(&transaction, &memory::unnamed_anchor(anchor.chain), &anchor.encode())?;
            }
            if written.contains(&anchor.chain) {
                meta::put(&transaction, &memory::last_anchor(anchor.chain), &anchor.encode())?;
            }
        }
        if let Some(reason) = doubt {
            rebirth::doubt(&transaction, reason, None)?;
        }
        // A contact that breaks off here still owes the heads at the next one.
        if news.reborn {
            owe_heads(&transaction, answerer)?;
        }
        memory::put_dialogue(&transaction, answerer, &dialogue)?;
        meta::put(&transaction, "last contact", &self.clock.now().0.to_be_bytes())?;
        transaction.commit()?;
        let held = |anchor: &chain::Anchor| {
            Ok::<_, PeerError>(
                entries::hash_at(&self.connection, anchor.chain, anchor.end.seq)? == Some(anchor.end.hash),
            )
        };
        let came = missing.iter().map(held).collect::<Result<Vec<_>, _>>()?.into_iter().all(|held| held);
        if came
            && restored.is_some_and(|before| !news.more && before.is_none_or(|before| dialogue.lineage == Some(before)))
        {
            // What came is among the records before anybody writes on from it.
            self.absorb()?;
            backup::whole_again(&mut self.connection, &self.identity)?;
            // What waited for all to be here.
            self.absorb()?;
        }
        Ok(Told { news, in_doubt: doubt.is_some(), stored, moved })
    }
}

impl Ledger {
    /// Behind its end a chain of before is another life's: that the answerer holds more of it does not say whose branch that
    /// is, and nothing written here counts as sent for it.
    fn keep_to_own(&self, dialogue: &mut Dialogue, before: &Dialogue) {
        let same = before.lineage == dialogue.lineage;
        for former in &self.identity.former {
            if dialogue.anchored.get(&former.chain).is_none_or(|end| end.seq <= former.end) {
                continue;
            }
            dialogue.anchored.remove(&former.chain);
            let known = before.anchored.get(&former.chain).filter(|end| same && end.seq <= former.end);
            dialogue.anchored.extend(known.map(|end| (former.chain, *end)));
        }
    }

    /// All that the answerer lacked and this peer holds was brought.
    pub(super) fn owes_no_heads(&mut self, answerer: &str) -> Result<(), PeerError> {
        meta::remove(&self.connection, &owes_heads(answerer))
    }
}

/// Keeps a dialogue without its token, whatever else of it stays. A token also shows a hub that was put back from a copy and
/// does not know it: without one the next contact tells the hub what is here, so that it says what it lacks.
pub(crate) fn begin_without_token(
    connection: &Connection,
    answerer: &str,
    dialogue: Dialogue,
) -> Result<(), PeerError> {
    memory::put_dialogue(connection, answerer, &Dialogue { token: None, ..dialogue })?;
    owe_heads(connection, answerer)
}

/// The next contact says where the chains end, so that the answerer says what it lacks.
fn owe_heads(connection: &Connection, answerer: &str) -> Result<(), PeerError> {
    meta::put(connection, &owes_heads(answerer), &[1])
}

fn owes_heads(answerer: &str) -> String {
    format!("owes heads {answerer}")
}
