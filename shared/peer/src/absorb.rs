//! What becomes of entries that came from elsewhere: facts are taken, keys kept, changes judged and applied. Each
//! entry is looked at alone: one that is bad, or waits for its key, never holds up another.

mod birth;
mod change;
mod grant;
mod open;
mod own;
mod rest;

use crate::facts::Message;
use crate::identity::Role;
use crate::ledger::{self, Ledger};
use crate::store::entries::{self, State, Stored};
use crate::store::{self, chains, keys, strays, sync, told, told_again};
use crate::touched::TouchedRecords;
use crate::{PeerError, backup, case_word, obey, own_chains, rebirth, seals, taken_in};
use chain::{Exception, ExceptionCode, Fact, Judged, Kind, Link, Reason, Segment, Verified};
use ids::{ChainId, RecordId};
use rusqlite::TransactionBehavior;
use sealing::AgreementSecret;
use signing::VerifyingKey;
use std::collections::BTreeMap;

/// How much became of what arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Absorbed {
    /// Entries that are among the records now, or whose fact is taken.
    pub taken: usize,
    /// Kept, with an exception.
    pub not_taken: usize,
    /// Wait for a key or for what they depend on.
    pub waiting: usize,
}

impl Absorbed {
    /// So many that seemed taken are not.
    fn set_aside(&mut self, entries: usize) {
        self.taken -= entries;
        self.not_taken += entries;
    }
}

/// What to do with one entry.
enum Fate {
    Taken,
    Passed,
    Waiting,
    Forgotten,
    Exception(ExceptionCode, String),
}

/// Under this name the database keeps when a new word of the centre came, device time.
pub(crate) const LAST_NEWS: &str = "last news";
const PAGE: usize = 256;

/// Of a run of entries those that their author stands for: signed themselves, or covered by a signed one behind them,
/// here or already held. The rest could be anybody's and is passed over; it holds up nothing.
fn vouched_for(
    connection: &rusqlite::Connection,
    entries: Vec<Verified>,
    author: &VerifyingKey,
) -> Result<Vec<Verified>, PeerError> {
    let Some(last) = entries.last() else { return Ok(entries) };
    let behind = entries::prev_at(connection, last.place.chain, last.place.seq + 1)?;
    let mut vouched = behind == Some(last.hash);
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().rev() {
        vouched = vouched || entry.entry.is_valid(&entry.place, author);
        if vouched {
            kept.push(entry);
        } else {
            tracing::warn!(chain = %entry.place.chain, seq = entry.place.seq, "an unsigned entry was passed over");
        }
    }
    kept.reverse();
    Ok(kept)
}

/// True if an entry contradicts what is held of its chain: at its number, before it or behind it.
fn parts(connection: &rusqlite::Connection, entry: &Verified) -> Result<bool, PeerError> {
    let (chain, seq) = (entry.place.chain, entry.place.seq);
    let here = entries::hash_at(connection, chain, seq)?;
    if let Some(held) = here {
        return Ok(held != entry.hash);
    }
    let before = entries::hash_at(connection, chain, seq - 1)?;
    let behind = entries::prev_at(connection, chain, seq + 1)?;
    Ok(before.is_some_and(|before| before != entry.place.prev) || behind.is_some_and(|prev| prev != entry.hash))
}

impl Ledger {
    /// Stores segments that an answerer handed out. Signatures of single entries are checked when they are looked at.
    /// Gives back how many entries were not held before.
    pub(crate) fn store_segments(&mut self, segments: Vec<Segment>) -> Result<usize, PeerError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut register = self.register.clone();
        let (mut stored, mut of_the_centre) = (0, 0);
        for segment in segments {
            let (chain, before) = (segment.chain, stored);
            // A suitcase may write such an entry into its own chain, and that makes it no desk.
            if register.is_register(chain) || (register.author(chain).is_none() && introduces_desk(&segment)) {
                for entry in register.take(segment)? {
                    stored += usize::from(entries::put(&transaction, &entry, State::Taken)?);
                }
                ledger::put_register_chain(&transaction, chain)?;
                of_the_centre += stored - before;
                continue;
            }
            register.meet(&segment);
            let Some(author) = register.author(chain) else {
                tracing::warn!(%chain, "entries of a chain that the register does not know were not kept");
                continue;
            };
            let Ok(entries) = segment.linked(self.identity.tenant) else {
                tracing::warn!(%chain, "a segment with impossible numbers was passed over");
                continue;
            };
            let is_desk = matches!(self.identity.role, Role::Desk { .. });
            for entry in vouched_for(&transaction, entries, &author)? {
                let (entry, erased) = obey::as_kept(&self.erased, entry);
                let new;
                if parts(&transaction, &entry)? {
                    tracing::error!(%chain, seq = entry.place.seq, "a fork: another entry than the one that is held");
                    strays::keep(&transaction, &entry)?;
                    new = false;
                    if is_desk {
                        let sentence = "у центрі під цим номером інший запис: валіза починає новий ланцюг / the centre holds another entry under this number: the suitcase begins anew";
                        let code = ExceptionCode::Fork;
                        let exception = Exception { seq: entry.place.seq, code, sentence: sentence.into() };
                        sync::put_new_exception(&transaction, chain, &exception)?;
                    }
                } else if erased {
                    new = entries::put(&transaction, &entry, State::Passed)?;
                    let change = entry.entry.header.kind == Kind::CHANGE && !register.is_case(chain);
                    if new && change && is_desk {
                        sync::put_new_exception(&transaction, chain, &obey::exception(entry.place.seq))?;
                    }
                } else {
                    new = entries::put(&transaction, &entry, State::Waiting)?;
                    stored += usize::from(new);
                }
                if new && entry.entry.header.kind == Kind::GRANT && !register.is_case(chain) {
                    entries::unlist(&transaction, &entry.place)?;
                }
                if new && is_desk {
                    taken_in::arrived(&transaction, &entry.place, entry.hash)?;
                }
            }
            if register.is_case(chain) {
                of_the_centre += stored - before;
            }
        }
        if of_the_centre > 0 {
            store::meta::put(&transaction, LAST_NEWS, &self.clock.now().0.to_be_bytes())?;
        }
        transaction.commit()?;
        self.register = register;
        self.show_register();
        self.keep_spare();
        self.obey()?;
        // What came is kept whatever becomes of this; it is tried again with the next news.
        if let Err(error) = self.seal_anew() {
            tracing::error!(%error, "what was sealed to the centre's old key could not be told again yet");
        }
        Ok(stored)
    }

    /// Looks at everything that waits, again as long as something new comes of it: a key that arrived later opens what
    /// came before it.
    pub(crate) fn absorb(&mut self) -> Result<Absorbed, PeerError> {
        let mut all = Absorbed::default();
        self.asleep.begin();
        loop {
            let round = self.absorb_once()?;
            all.taken += round.taken;
            all.not_taken += round.not_taken;
            all.waiting = round.waiting;
            if round.taken == 0 || round.waiting == 0 {
                self.retire_receptions()?;
                return Ok(all);
            }
        }
    }

    /// Of what was granted and is given up nothing opens again, not even with the hub's disk. A suitcase that began anew
    /// keeps them: the verdicts on its chains of before are sealed to some of them.
    ///
    /// It comes last, in a transaction of its own: what replaces a key that goes was committed before. The newer key with
    /// the entry that tells it, in one transaction; the verdict that has opened that entry, when it was absorbed; what was
    /// opened with the older one, with the state of its entry. The centre writes grants to the older key before that
    /// verdict only, and hands them out in order. Cut off here, the next absorption does it.
    fn retire_receptions(&self) -> Result<(), PeerError> {
        if matches!(self.identity.role, Role::Suitcase) && self.identity.former.is_empty() {
            let opened = sync::verdict_end(&self.connection, self.identity.chain)?;
            keys::retire_receptions(&self.connection, self.identity.chain, opened)?;
        }
        Ok(())
    }

    fn absorb_once(&mut self) -> Result<Absorbed, PeerError> {
        let mut round = Absorbed::default();
        let mut after = 0;
        self.asleep.next_round();
        loop {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let page = entries::waiting(&transaction, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(round) };
            after = last.id;
            let mut desk = Reading {
                connection: &transaction,
                identity: &self.identity,
                register: &self.register,
                decoder: self.decoder.as_mut(),
                asleep: &mut self.asleep,
                receptions: keys::receptions(&transaction)?,
                now: self.clock.now().0,
                catching_up: matches!(self.identity.role, Role::Desk { .. })
                    && backup::restored(&transaction)?.is_some(),
                touched: TouchedRecords::new(self.identity.tenant),
                counts: BTreeMap::new(),
                woken: 0,
            };
            for waiting in &page {
                if desk.rests(waiting)? {
                    round.waiting += 1;
                    continue;
                }
                let tenant = self.identity.tenant;
                let Some(stored) = &entries::by_arrival(&transaction, tenant, waiting.id)? else { continue };
                let fate = desk.look_alone(stored)?;
                if !matches!(fate, Fate::Waiting) {
                    desk.asleep.wake(stored.id);
                }
                let (place, is_change) = (&stored.entry.place, stored.entry.entry.header.kind == Kind::CHANGE);
                // A change says so itself, once what it makes of its record is kept.
                if matches!(fate, Fate::Taken | Fate::Passed) && !is_change {
                    sync::resolve_exception(&transaction, place.chain, place.seq)?;
                }
                match fate {
                    Fate::Taken => {
                        entries::set_state(&transaction, stored.id, State::Taken)?;
                        round.taken += 1;
                    }
                    Fate::Passed => entries::set_state(&transaction, stored.id, State::Passed)?,
                    Fate::Waiting => round.waiting += 1,
                    Fate::Forgotten => entries::set_state(&transaction, stored.id, State::Forgotten)?,
                    Fate::Exception(code, sentence) => {
                        entries::set_state(&transaction, stored.id, State::NotTaken)?;
                        if code != ExceptionCode::Proposal {
                            desk.wake_second(stored)?;
                        }
                        let exception = Exception { seq: stored.entry.place.seq, code, sentence };
                        sync::put_exception(&transaction, stored.entry.place.chain, &exception, false)?;
                        round.not_taken += 1;
                    }
                }
                if desk.touched.is_full() {
                    round.set_aside(desk.list()?);
                }
            }
            round.set_aside(desk.list()?);
            round.waiting += desk.woken;
            transaction.commit()?;
        }
    }

    /// Looks again at entries that did not open: a key has been added.
    pub(crate) fn look_again(&mut self) -> Result<Absorbed, PeerError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (chain, exception) in sync::exceptions(&transaction, None, false)? {
            if exception.code == ExceptionCode::Unopened {
                entries::set_state_at(&transaction, chain, exception.seq, State::Waiting)?;
            }
        }
        transaction.commit()?;
        self.absorb()
    }

    /// A person lets entries of one chain in, late work of a revoked suitcase or proposals: all of them, or none.
    pub(crate) fn accept_exceptions(&mut self, chain: ChainId, seqs: &[u64]) -> Result<Absorbed, PeerError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for seq in seqs {
            let stored =
                entries::at(&transaction, self.identity.tenant, chain, *seq)?.ok_or(PeerError::NoSuchRecord)?;
            crate::store::meta::put(&transaction, &accepted(chain, *seq), &[1])?;
            entries::set_state(&transaction, stored.id, State::Waiting)?;
        }
        transaction.commit()?;
        self.absorb()
    }
}

fn accepted(chain: ChainId, seq: u64) -> String {
    format!("accepted {chain} {seq}")
}

fn introduces_desk(segment: &Segment) -> bool {
    let first = segment.entries.first();
    segment.from == 1
        && first.is_some_and(|entry| {
            entry.header.kind == Kind::REGISTER
                && entry.body.bytes().is_some_and(|body| matches!(Fact::decode(body), Ok(Fact::Desk { .. })))
        })
}

/// What looking at an entry needs.
struct Reading<'a> {
    connection: &'a rusqlite::Connection,
    identity: &'a crate::identity::Identity,
    register: &'a chain::Register,
    decoder: &'a mut dyn crate::decoder::Decode,
    asleep: &'a mut crate::asleep::Asleep,
    receptions: Vec<AgreementSecret>,
    now: i64,
    /// This desk came back, and reads again what was read before.
    catching_up: bool,
    touched: TouchedRecords,
    /// How many changes are taken of the records that were asked for.
    counts: BTreeMap<RecordId, usize>,
    /// Changes of records that were given up and came back: they stand before what is looked at.
    woken: usize,
}

impl Reading<'_> {
    fn is_desk(&self) -> bool {
        matches!(self.identity.role, Role::Desk { .. })
    }

    /// Keys with which something sealed to this peer may open.
    fn secrets(&self) -> impl Iterator<Item = &AgreementSecret> {
        std::iter::once(&self.identity.agreement).chain(&self.receptions)
    }

    /// Writes the lists of all that was touched; how many entries had to be set aside over it.
    fn list(&mut self) -> Result<usize, PeerError> {
        let mut count = 0;
        self.counts.clear();
        for unlisted in self.touched.list(self.connection, self.register, self.identity)? {
            for (id, place) in unlisted.entries {
                entries::set_state(self.connection, id, State::NotTaken)?;
                let sentence = short(&unlisted.sentence);
                let exception = Exception { seq: place.seq, code: ExceptionCode::Gate, sentence };
                sync::put_exception(self.connection, place.chain, &exception, false)?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Looks at an entry so that nothing it does can touch another: what fails over it is rolled back and set aside.
    fn look_alone(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        let connection = self.connection;
        let fate = store::alone(connection, || self.look_at(stored));
        match fate {
            Err(PeerError::Damaged(what)) => {
                tracing::error!(entry = stored.id, what, "an entry could not be looked at; it is set aside");
                Ok(Fate::Exception(ExceptionCode::Gate, short(&what)))
            }
            // One record that does not open holds up no other.
            Err(error @ PeerError::NoKey) => {
                tracing::error!(entry = stored.id, "an entry's record does not open; it is set aside");
                Ok(Fate::Exception(ExceptionCode::Unopened, short(&error.to_string())))
            }
            other => other,
        }
    }

    fn look_at(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        let (place, entry) = (&stored.entry.place, &stored.entry.entry);
        let Some(author) = self.register.author(place.chain) else { return Ok(Fate::Waiting) };
        // One that waits was looked at before; an entry never changes.
        if self.asleep.awaits(stored.id).is_none() && !entry.is_valid(place, &author) {
            let sentence = "підпис запису не збігається / the entry's signature differs";
            return Ok(Fate::Exception(ExceptionCode::Signature, sentence.into()));
        }
        if let Some(fate) = self.behind_end(stored)? {
            return Ok(fate);
        }
        match entry.header.kind {
            Kind::OWN => self.own(stored),
            Kind::TO => self.to(stored),
            Kind::GRANT => self.grant(stored),
            Kind::CHANGE => self.change(stored),
            Kind::REGISTER | Kind::REBIRTH => Ok(Fate::Passed),
            _ => Ok(Fate::Exception(ExceptionCode::LaterVersion, String::new())),
        }
    }

    /// What a case chain says behind the end that its successor stated, or all of it if another entry stands there, comes
    /// from whoever has the replaced desk's key. It counts for nobody; a change is shown to a person at the centre.
    fn behind_end(&self, stored: &Stored) -> Result<Option<Fate>, PeerError> {
        let place = stored.entry.place;
        if !self.register.is_case(place.chain)
            || case_word::is_centres(self.connection, self.register, (place.chain, place.seq))?
        {
            return Ok(None);
        }
        if stored.entry.entry.header.kind != Kind::CHANGE {
            return Ok(Some(Fate::Passed));
        }
        let let_in = self.is_let_in((place.chain, place.seq))?;
        let sentence = "записано ключем попереднього робочого місця центру після його заміни: рішення за людиною в центрі / written with the key of the desk before, after it was replaced: a person at the centre decides";
        Ok((!let_in).then(|| Fate::Exception(ExceptionCode::Quarantined, sentence.into())))
    }

    /// By a person, or by a desk of this community before.
    fn is_let_in(&self, (chain, seq): (ChainId, u64)) -> Result<bool, PeerError> {
        let by_person = store::meta::get(self.connection, &accepted(chain, seq))?.is_some();
        Ok(by_person || taken_in::was(self.connection, (chain, seq))?)
    }

    fn to(&mut self, stored: &Stored) -> Result<Fate, PeerError> {
        let (place, header) = (&stored.entry.place, &stored.entry.entry.header);
        let for_me = header.peer.is_some_and(|peer| self.identity.is_ours(peer));
        let (Some(peer), Some(body), true) = (header.peer, stored.entry.entry.body.bytes(), for_me) else {
            return Ok(Fate::Passed);
        };
        if !self.register.is_case(place.chain) {
            return Ok(Fate::Passed);
        }
        let opened = self.secrets().find_map(|secret| seals::open_message(secret, place, peer, body).ok());
        match opened.map(|plain| Message::decode(&plain)) {
            Some(Ok(Message::Verdict(mut verdict))) if self.identity.is_ours(verdict.chain) => {
                // The centre opened something else than we wrote: it knows another life of this disk.
                let held = entries::hash_at(self.connection, verdict.chain, verdict.up_to.seq)?;
                if verdict.chain == self.identity.chain {
                    let forks = verdict.exceptions.iter().filter(|exception| exception.code == ExceptionCode::Fork);
                    let first = forks.map(|exception| exception.seq).min();
                    if first.is_some() || held.is_some_and(|held| held != verdict.up_to.hash) {
                        rebirth::doubt(self.connection, Reason::Fork, first)?;
                    }
                }
                // What it opened is another life's: nothing that was written here may be given up for it.
                let ours = self.own_part(verdict.chain, verdict.up_to)?;
                let entry = Link { seq: place.seq, hash: stored.entry.hash };
                let judged = Judged { case: place.chain, entry, up_to: ours.unwrap_or(verdict.up_to) };
                told::put_judged(self.connection, verdict.chain, &judged)?;
                verdict.up_to = ours.unwrap_or(Link::EMPTY);
                let before = sync::verdict_end(self.connection, verdict.chain)?;
                sync::put_verdict(self.connection, &verdict, self.now)?;
                own_chains::show_newest(self.connection, self.identity, verdict.chain, (before, verdict.up_to.seq))?;
                if !verdict.exceptions.iter().any(|exception| exception.code == ExceptionCode::Unopened) {
                    told_again::forget_own(self.connection, verdict.chain, verdict.up_to.seq)?;
                }
                Ok(Fate::Taken)
            }
            Some(Ok(_)) => Ok(Fate::Passed),
            Some(Err(_)) => Ok(Fate::Exception(ExceptionCode::LaterVersion, String::new())),
            None => Ok(Fate::Waiting),
        }
    }

    /// As much of what stands before such an entry as was written here, if that is the one held here. Behind its end a chain
    /// of before is another life's: then all between must be held, or nothing shows that the two lives did not part earlier.
    fn own_part(&self, chain: ChainId, up_to: Link) -> Result<Option<Link>, PeerError> {
        if entries::hash_at(self.connection, chain, up_to.seq)? != Some(up_to.hash) {
            return Ok(None);
        }
        match self.identity.former.iter().find(|former| former.chain == chain) {
            Some(former) if former.end < up_to.seq => {
                let unbroken = chains::end(self.connection, chain)?.seq >= up_to.seq;
                let hash = entries::hash_at(self.connection, chain, former.end)?.filter(|_| unbroken);
                Ok(hash.map(|hash| Link { seq: former.end, hash }))
            }
            _ => Ok(Some(up_to)),
        }
    }

    /// An entry whose body was left out: by order, or on the way. Then its author learns of it: a hub that keeps bodies
    /// back must not have anybody believe that the centre has them.
    fn hollow(&self, stored: &Stored) -> Fate {
        let Stored { entry, .. } = stored;
        if self.register.erased(|_| u64::MAX).covers(&entry.place, &entry.entry.header) {
            return Fate::Passed;
        }
        let sentence = "запис надійшов без вмісту: його ще немає в центрі / the entry came without its body: the centre does not have it";
        Fate::Exception(ExceptionCode::Unopened, sentence.into())
    }
}

/// At most so many bytes as a verdict may carry.
fn short(sentence: &str) -> String {
    let mut short = sentence.to_owned();
    short.truncate(short.floor_char_boundary(400));
    short
}
