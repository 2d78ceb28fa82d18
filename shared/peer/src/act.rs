//! One act of a person or of the program: one transaction, whatever it writes.

use crate::facts::{Message, OwnFact};
use crate::identity::Role;
use crate::ledger::Ledger;
use crate::places::newest_own;
use crate::records_in_store as shelf;
use crate::rotation::NO_KEY;
use crate::store::entries::State;
use crate::store::{begin_alone, chains, end_alone, entries, forgotten, keys, meta, rows, sync, told, told_again};
use crate::{PeerError, backup, seals};
use chain::{Anchor, Draft, ExceptionCode, Fact, Header, Kind, Link, Place, Verified};
use clock::Time;
use ids::{ChainId, EpochId, ReceiptNumber, RecordId};
use records::body::Body as ChangeBody;
use records::commands::{self, CommandError};
use records::view::IsDesk;
use records::{ChangeBytes, Document, Edit};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sealing::{AgreementSecret, EpochKey, RecordKey};
use signing::{AgreementPublicKey, Secret};

/// What an act may do. All of it is on the disk when [`crate::Peer::act`] returns, or none of it.
pub struct Act<'a> {
    transaction: Transaction<'a>,
    parts: Parts<'a>,
    fresh_epoch: Option<EpochKey>,
    /// The register with what this act adds, if it adds anything.
    fresh_register: Option<chain::Register>,
}

/// The ledger without its connection.
struct Parts<'a> {
    identity: &'a crate::identity::Identity,
    register: &'a mut chain::Register,
    epoch: &'a mut Option<EpochKey>,
    officer: &'a str,
    entropy: &'a mut dyn sealing::Entropy,
    clock: &'a dyn clock::Clock,
}

impl Ledger {
    /// Runs one act as the officer who unlocked.
    pub(crate) fn act<T>(&mut self, work: impl FnOnce(&mut Act<'_>) -> Result<T, PeerError>) -> Result<T, PeerError> {
        let officer = self.officer.clone();
        self.act_as(&officer, work)
    }

    /// Runs one act as `officer`: begins the transaction, does the work, commits.
    pub(crate) fn act_as<T>(
        &mut self,
        officer: &str,
        work: impl FnOnce(&mut Act<'_>) -> Result<T, PeerError>,
    ) -> Result<T, PeerError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let parts = Parts {
            identity: &self.identity,
            register: &mut self.register,
            epoch: &mut self.epoch,
            officer,
            entropy: self.entropy.as_mut(),
            clock: self.clock.as_ref(),
        };
        let mut act = Act { transaction, parts, fresh_epoch: None, fresh_register: None };
        let value = work(&mut act)?;
        if act.commit()? {
            self.show_register();
            self.keep_spare();
        }
        Ok(value)
    }
}

impl Ledger {
    /// Runs the act with which this peer goes on as `next`, without any epoch of the one before. The caller keeps the
    /// identity in memory afterwards.
    pub(crate) fn act_reborn(
        &mut self,
        next: &crate::identity::Identity,
        work: impl FnOnce(&mut Act<'_>) -> Result<(), PeerError>,
    ) -> Result<(), PeerError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut epoch = None;
        let parts = Parts {
            identity: next,
            register: &mut self.register,
            epoch: &mut epoch,
            officer: &self.officer,
            entropy: self.entropy.as_mut(),
            clock: self.clock.as_ref(),
        };
        let mut act = Act { transaction, parts, fresh_epoch: None, fresh_register: None };
        work(&mut act)?;
        act.commit()?;
        self.epoch = epoch;
        Ok(())
    }
}

impl<'a> Act<'a> {
    /// Whether the register says more than before.
    fn commit(self) -> Result<bool, PeerError> {
        let Self { transaction, parts, fresh_epoch, fresh_register } = self;
        transaction.commit()?;
        // Memory follows the disk, never the other way.
        if let Some(key) = fresh_epoch {
            *parts.epoch = Some(key);
        }
        let Some(register) = fresh_register else { return Ok(false) };
        *parts.register = register;
        Ok(true)
    }

    /// The connection, for stores of the program above that share the transaction.
    pub fn connection(&self) -> &Connection {
        &self.transaction
    }

    /// The device's clock.
    pub fn now(&self) -> Time {
        self.parts.clock.now()
    }

    /// Fresh random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        self.parts.entropy.array()
    }

    /// Who acts.
    pub fn officer(&self) -> &str {
        self.parts.officer
    }

    /// Whose community.
    pub fn tenant(&self) -> ids::TenantId {
        self.parts.identity.tenant
    }

    /// The chain of this peer's changes.
    pub fn own_chain(&self) -> ChainId {
        self.parts.identity.chain
    }

    /// The short number of a suitcase.
    pub fn suitcase_number(&self) -> u16 {
        self.parts.identity.number
    }

    /// What the register says as of before this act.
    pub fn register(&self) -> &chain::Register {
        self.parts.register
    }

    /// What the register says with what this act adds.
    pub(crate) fn register_after(&self) -> &chain::Register {
        self.fresh_register.as_ref().unwrap_or(self.parts.register)
    }

    /// Suitcase or desk.
    pub(crate) fn role(&self) -> Role {
        self.parts.identity.role
    }

    /// Joins an entry on to one of the own chains; `body` seals for its place.
    fn append(
        &mut self,
        chain: ChainId,
        kind: Kind,
        (record, peer): (Option<RecordId>, Option<ChainId>),
        state: State,
        body: impl FnOnce(&Place, &mut dyn sealing::Entropy) -> Result<Vec<u8>, PeerError>,
    ) -> Result<Verified, PeerError> {
        backup::may_write(&self.transaction)?;
        self.must_be_at_work()?;
        let place = chains::end(&self.transaction, chain)?.next(self.parts.identity.tenant, chain);
        let after = self.take_unnamed_anchor(&place)?;
        let sealed = body(&place, self.parts.entropy)?;
        if sealed.len() > chain::limits::BODY {
            return Err(PeerError::TooLarge);
        }
        let header = Header { kind, record, peer, after };
        let draft = Draft { header, body: sealed };
        let (entry, Link { hash, .. }) = draft.sign(&place, &self.parts.identity.signing_key());
        let verified = Verified { place, entry, hash };
        entries::put(&self.transaction, &verified, state)?;
        Ok(verified)
    }

    /// A desk that another one follows writes nothing: nobody would count it.
    fn must_be_at_work(&self) -> Result<(), PeerError> {
        let (register, own) = (&self.parts.register, self.own_chain());
        let replaced = register.desk_of(own).is_some() && !register.is_at_work(own);
        if replaced { Err(PeerError::Replaced) } else { Ok(()) }
    }

    /// The newest anchor of this chain, if no entry has named it yet: what is written now, was written after it.
    fn take_unnamed_anchor(&self, place: &Place) -> Result<Option<signing::Hash>, PeerError> {
        let name = sync::unnamed_anchor(place.chain);
        let Some(bytes) = meta::get(&self.transaction, &name)? else { return Ok(None) };
        meta::remove(&self.transaction, &name)?;
        let Ok(anchor) = Anchor::decode(&bytes) else { return Ok(None) };
        sync::put_named_anchor(&self.transaction, place.chain, place.seq, &anchor)?;
        Ok(Some(anchor.hash()))
    }

    fn centre(&self) -> Result<AgreementPublicKey, PeerError> {
        self.parts.register.centre_agreement().ok_or(PeerError::NotCertified)
    }

    /// Tells the centre a fact about this peer.
    pub fn own(&mut self, fact: &OwnFact) -> Result<u64, PeerError> {
        let centre = match self.parts.identity.role {
            Role::Desk { .. } => self.parts.identity.agreement.public(),
            Role::Suitcase => self.centre()?,
        };
        let plain = fact.encode();
        let seal = |place: &Place, entropy: &mut dyn sealing::Entropy| seals::seal_own(&centre, place, &plain, entropy);
        let entry = self.append(self.parts.identity.chain, Kind::OWN, (None, None), State::Taken, seal)?;
        if self.parts.identity.role == Role::Suitcase {
            self.remember(fact, &entry.place)?;
        }
        Ok(entry.place.seq)
    }

    /// A fact is kept until the centre has opened it: the centre may have given up the key meanwhile. Keys are not.
    fn remember(&self, fact: &OwnFact, place: &Place) -> Result<(), PeerError> {
        let plain = match fact {
            OwnFact::KeptKeys(_) | OwnFact::ToldAgain(_) => OwnFact::KeptKeys(Vec::new()).encode(),
            OwnFact::Epoch { epoch, reception, officer, at, .. } => {
                let (key, officer) = (EpochKey::from_bytes(Secret::new(NO_KEY)), officer.clone());
                OwnFact::Epoch { epoch: *epoch, key, reception: *reception, officer, at: *at }.encode()
            }
            _ => fact.encode(),
        };
        told_again::put_own(&self.transaction, place.chain, place.seq, &plain)
    }

    /// Begins an epoch: a fresh key for the records made from now on, told to the centre, and a fresh reception key.
    pub fn begin_epoch(&mut self) -> Result<(), PeerError> {
        let at = self.now().0;
        let key = EpochKey::generate(self.parts.entropy);
        let reception = AgreementSecret::generate(self.parts.entropy);
        let epoch = EpochId::from_random(self.parts.entropy.array());
        let officer = self.officer().to_owned();
        keys::put_reception(&self.transaction, &reception, at)?;
        let fact = OwnFact::Epoch { epoch, key, reception: reception.public(), officer, at };
        let seq = self.own(&fact)?;
        let OwnFact::Epoch { key, reception, .. } = fact else { return Ok(()) };
        keys::put_reception_told(&self.transaction, reception, (self.own_chain(), seq))?;
        self.fresh_epoch = Some(key);
        Ok(())
    }

    /// The key of a record that is made now.
    fn new_record_key(&mut self, record: RecordId) -> Result<RecordKey, PeerError> {
        if let Role::Desk { .. } = self.parts.identity.role {
            return Ok(RecordKey::random(self.parts.entropy));
        }
        if self.fresh_epoch.is_none() && self.parts.epoch.is_none() {
            self.begin_epoch()?;
        }
        let epoch = self.fresh_epoch.as_ref().or(self.parts.epoch.as_ref()).ok_or(PeerError::NoKey)?;
        Ok(epoch.record_key(record))
    }

    /// Makes a record. Its key, its first entry and its row in the lists are written together.
    pub fn create(&mut self, kind: records::Kind, fields: &[Edit]) -> Result<RecordId, PeerError> {
        let record = RecordId::from_random(self.parts.entropy.array());
        self.create_as(kind, record, fields)?;
        Ok(record)
    }

    /// Makes a record under an id that the caller drew, so that records made together can name each other.
    pub fn create_as(&mut self, kind: records::Kind, record: RecordId, fields: &[Edit]) -> Result<(), PeerError> {
        let at = self.now().0;
        let (document, change) = Document::create(kind, record, self.own_chain(), at, fields)?;
        self.keep_new(record, &document, change, at)
    }

    /// Makes a record by one of `records`' commands.
    pub fn create_by(
        &mut self,
        record: RecordId,
        make: impl FnOnce(&commands::Act<'_>) -> Result<(Document, ChangeBytes), CommandError>,
    ) -> Result<(), PeerError> {
        let (at, random) = (self.now().0, self.random());
        let (document, change) = make(&self.who(at, random))?;
        self.keep_new(record, &document, change, at)
    }

    /// Carries out one of `records`' commands. `run` gets the record, who is the centre, and who acts. `false` if it
    /// changed nothing.
    pub fn command(
        &mut self,
        record: RecordId,
        run: impl FnOnce(&mut Document, IsDesk<'_>, &commands::Act<'_>) -> Result<Option<ChangeBytes>, CommandError>,
    ) -> Result<bool, PeerError> {
        let mut document = self.document(record)?;
        let (at, random) = (self.now().0, self.random());
        let is_desk = |chain| self.parts.register.is_case(chain);
        let Some(change) = run(&mut document, &is_desk, &self.who(at, random))? else { return Ok(false) };
        self.keep_change(record, &document, change, at)?;
        Ok(true)
    }

    /// Who acts, as `records` wants to know it.
    fn who(&self, at: i64, random: [u8; 16]) -> commands::Act<'_> {
        let is_desk = matches!(self.parts.identity.role, Role::Desk { .. });
        commands::Act { actor: self.own_chain(), is_desk, officer: self.parts.officer, at, random }
    }

    fn keep_new(
        &mut self,
        record: RecordId,
        document: &Document,
        change: ChangeBytes,
        at: i64,
    ) -> Result<(), PeerError> {
        let key = self.new_record_key(record)?;
        keys::put_record_key(&self.transaction, record, 1, &key)?;
        keys::put_writer(&self.transaction, record, self.own_chain())?;
        if let Role::Desk { .. } = self.parts.identity.role {
            self.grant(record, self.own_chain())?;
        }
        let officer = self.officer().to_owned();
        let seq = self.append_change(record, document.kind(), change.into_bytes(), (1, &key), (&officer, at))?;
        self.keep_row(record, document, seq)
    }

    fn keep_change(
        &mut self,
        record: RecordId,
        document: &Document,
        change: ChangeBytes,
        at: i64,
    ) -> Result<(), PeerError> {
        self.grant_to_creator(record, document)?;
        self.renew_key_if_known(record)?;
        let (generation, key) = keys::newest_record_key(&self.transaction, record)?.ok_or(PeerError::NoKey)?;
        let (change, officer) = (change.into_bytes(), self.officer().to_owned());
        let seq = self.append_change(record, document.kind(), change, (generation, &key), (&officer, at))?;
        self.keep_row(record, document, seq)
    }

    /// Before a centre first writes in a suitcase's record it says in its chain that the suitcase reads it. A hub that
    /// lost everything gets the centre's chain before the suitcase's and cannot know otherwise whose record it is.
    fn grant_to_creator(&mut self, record: RecordId, document: &Document) -> Result<(), PeerError> {
        let Some((creator, _)) = document.author() else { return Ok(()) };
        let creator = self.parts.register.living(creator);
        let is_desk = matches!(self.parts.identity.role, Role::Desk { .. });
        let certified = self.parts.register.suitcase(creator).is_some();
        let revoked = self.parts.register.revocation(creator).is_some();
        if !is_desk || !certified || revoked || entries::is_granted(&self.transaction, record, creator)? {
            return Ok(());
        }
        self.grant_if_it_can_be(record, creator)
    }

    /// The row first: a new record has none yet to remember its newest own entry in.
    fn keep_row(&mut self, record: RecordId, document: &Document, seq: u64) -> Result<(), PeerError> {
        shelf::put_row(&self.transaction, self.parts.register, self.own_chain(), document)?;
        let identity = self.parts.identity;
        let number = match identity.role {
            Role::Suitcase if !identity.former.is_empty() => newest_own(&self.transaction, identity, record)?,
            _ => seq,
        };
        rows::set_own_seq(&self.transaction, record, number)
    }

    /// Changes a record: `edit` sees the document and says what to write. Nothing is written if nothing changes.
    pub fn edit<T>(
        &mut self,
        record: RecordId,
        edit: impl FnOnce(&Document, &mut Self) -> Result<(Vec<Edit>, T), PeerError>,
    ) -> Result<T, PeerError> {
        let mut document = shelf::document(&self.transaction, self.parts.identity.tenant, record)?;
        let (edits, value) = edit(&document, self)?;
        let at = self.now().0;
        if let Some(change) = document.edit(self.own_chain(), at, &edits)? {
            self.keep_change(record, &document, change, at)?;
        }
        Ok(value)
    }

    fn append_change(
        &mut self,
        record: RecordId,
        kind: records::Kind,
        change: Vec<u8>,
        (generation, key): (u32, &RecordKey),
        (officer, at): (&str, i64),
    ) -> Result<u64, PeerError> {
        let body = ChangeBody { kind, officer: officer.to_owned(), at, change }.encode();
        let seal = |place: &Place, entropy: &mut dyn sealing::Entropy| {
            let context = seals::body_context(place, Kind::CHANGE, Some(record));
            Ok(sealing::seal_body(key, generation, &context, &body, entropy)?)
        };
        let entry = self.append(self.own_chain(), Kind::CHANGE, (Some(record), None), State::Taken, seal)?;
        Ok(entry.place.seq)
    }

    /// Writes a change again that was written before, in the name of who wrote it then: made anew if nothing of its record
    /// is held, and under a new key, because nobody else has seen the record. Gives the number, 0 if it changes nothing
    /// any more, and whether all of it could be written: what others wrote meanwhile may forbid a field, and a record may
    /// be full.
    pub(crate) fn write_again(
        &mut self,
        record: RecordId,
        kind: records::Kind,
        edits: &[Edit],
        (officer, at): (&str, i64),
    ) -> Result<(u64, bool), PeerError> {
        let held = shelf::changes(&self.transaction, self.tenant(), record)?.1;
        let waits = forgotten::written(&self.transaction, record)?.iter().any(|(_, _, open)| *open);
        if held.is_empty() && waits {
            // A part of it was lost and comes back: a second beginning would not open beside it.
            return Ok((0, false));
        }
        let (document, change, whole) = if held.is_empty() {
            keys::forget_record_keys(&self.transaction, record)?;
            let key = self.new_record_key(record)?;
            keys::put_record_key(&self.transaction, record, 1, &key)?;
            keys::put_writer(&self.transaction, record, self.own_chain())?;
            let (document, change) = Document::create(kind, record, self.own_chain(), at, edits)?;
            (document, change, true)
        } else {
            let mut document = self.document(record)?;
            let (change, whole) = crate::rebirth::as_far_as_allowed(&mut document, self.own_chain(), at, edits)?;
            let Some(change) = change else { return Ok((0, whole)) };
            (document, change, whole)
        };
        let (generation, key) = keys::newest_record_key(&self.transaction, record)?.ok_or(PeerError::NoKey)?;
        let seq = self.append_change(record, kind, change.into_bytes(), (generation, &key), (officer, at))?;
        self.keep_row(record, &document, seq)?;
        Ok((seq, whole))
    }

    /// Begins the chain of this peer with what makes it known to those who know the chain before.
    pub(crate) fn begin_chain(&mut self, rebirth: Vec<u8>) -> Result<(), PeerError> {
        let chain = self.own_chain();
        self.append(chain, Kind::REBIRTH, (None, None), State::Taken, |_, _| Ok(rebirth)).map(|_| ())
    }

    /// A record as it is now.
    pub fn document(&self, record: RecordId) -> Result<Document, PeerError> {
        shelf::document(&self.transaction, self.parts.identity.tenant, record)
    }

    /// The day's next receipt number. It is spent by the change that writes it: a number drawn in an act that is
    /// rolled back is drawn again.
    pub fn next_receipt_number(&mut self) -> Result<ReceiptNumber, PeerError> {
        // A clock beyond the calendar, or outside the years that a number can name, is no reason to refuse a person.
        let day = self.now().kyiv().map(|now| (now.year(), now.month(), now.day()));
        let day = day.map_or((2000, 1, 1), |(year, month, day)| (year.clamp(2000, 2099), month, day));
        let counter = rows::next_number(&self.transaction, day)?;
        let year = u16::try_from(day.0).unwrap_or(2000).clamp(2000, 2099);
        let random = self.random();
        ReceiptNumber::new(self.suitcase_number().max(1), (year, day.1 as u8, day.2 as u8), counter, random)
            .map_err(|_| PeerError::NoMoreNumbers)
    }
}

impl Act<'_> {
    /// A number that stands on a paper counts as given out, even if the count here is behind it: no later one of its day
    /// gets the same place.
    pub fn spend_number(&mut self, number: &ReceiptNumber) -> Result<(), PeerError> {
        let (year, month, day) = number.date();
        rows::spend_number(&self.transaction, (year as i16, month as i8, day as i8), number.counter())
    }
}

/// What only a centre does.
impl Act<'_> {
    /// Writes a public fact into the register.
    pub fn register_fact(&mut self, fact: &Fact) -> Result<(), PeerError> {
        let Role::Desk { register } = self.parts.identity.role else { return Err(PeerError::NotCertified) };
        let body = fact.encode();
        let entry = self.append(register, Kind::REGISTER, (None, None), State::Taken, |_, _| Ok(body))?;
        let Verified { place, entry, .. } = entry;
        let segment = chain::Segment { chain: register, from: place.seq, prev: place.prev, entries: vec![entry] };
        // What everybody would refuse is not written: the act fails here, before anything is on the disk.
        let mut next = self.fresh_register.take().unwrap_or_else(|| self.parts.register.clone());
        next.take(segment)?;
        self.fresh_register = Some(next);
        Ok(())
    }

    /// Signs a suitcase's certificate into the register.
    pub fn certify_suitcase(&mut self, certificate: &signing::SuitcaseCertificate) -> Result<(), PeerError> {
        let bytes = certificate.sign(&self.parts.identity.signing_key());
        self.register_fact(&Fact::Suitcase(bytes))
    }

    /// Signs a hub's certificate into the register.
    pub fn certify_hub(&mut self, hub: signing::VerifyingKey, validity: signing::Validity) -> Result<(), PeerError> {
        let identity = self.parts.identity;
        let certificate = signing::HubCertificate { tenant: identity.tenant, signing: hub, validity };
        let bytes = certificate.sign(&identity.signing_key());
        self.register_fact(&Fact::Hub(bytes))
    }

    /// Lets a peer read and write a record, this centre itself included: all that was written, under whichever key. Refused
    /// if nothing can be sealed to the key that the peer named.
    pub fn grant(&mut self, record: RecordId, peer: ChainId) -> Result<(), PeerError> {
        let granted = keys::record_keys(&self.transaction, record)?;
        if granted.is_empty() {
            return Err(PeerError::NoKey);
        }
        let reception = self.reception_of(peer)?;
        let seal = |place: &Place, entropy: &mut dyn sealing::Entropy| {
            seals::seal_grant(&reception, place, record, peer, &granted, entropy).map_err(|error| match error {
                PeerError::Refused(_) => PeerError::NoReception,
                error => error,
            })
        };
        self.append(self.own_chain(), Kind::GRANT, (Some(record), Some(peer)), State::Taken, seal)?;
        keys::put_writer(&self.transaction, record, peer)
    }

    /// As [`Act::grant`], beside what must go on whatever a peer named: such a one gets nothing.
    pub(crate) fn grant_if_it_can_be(&mut self, record: RecordId, peer: ChainId) -> Result<(), PeerError> {
        begin_alone(&self.transaction)?;
        let done = self.grant(record, peer);
        end_alone(&self.transaction, done.is_ok())?;
        match done {
            Err(PeerError::NoReception) => {
                tracing::error!(%peer, "nothing can be sealed to the key that it named");
                Ok(())
            }
            done => done,
        }
    }

    /// Draws the record's next key and keeps it. The caller grants it.
    pub(crate) fn draw_next_key(&mut self, record: RecordId) -> Result<(), PeerError> {
        let (generation, _) = keys::newest_record_key(&self.transaction, record)?.ok_or(PeerError::NoKey)?;
        let next = generation.checked_add(1).ok_or(PeerError::NoKey)?;
        keys::put_record_key(&self.transaction, record, next, &RecordKey::random(self.parts.entropy)).map(|_| ())
    }

    /// Takes a grant back: the peer gets nothing new of the record. What it could read it may have kept, so the record
    /// goes on under a new key, see [`Act::renew_key`].
    pub fn withdraw_grant(&mut self, record: RecordId, peer: ChainId) -> Result<(), PeerError> {
        self.close_grant(record, peer)?;
        self.renew_key(record)
    }

    /// The entry alone that closes a grant.
    pub(crate) fn close_grant(&mut self, record: RecordId, peer: ChainId) -> Result<(), PeerError> {
        self.append(self.own_chain(), Kind::GRANT, (Some(record), Some(peer)), State::Taken, |_, _| Ok(Vec::new()))?;
        // The same suitcase wrote under the names that it had before.
        let mut line = self.register_after().line(peer);
        line.try_for_each(|chain| keys::remove_writer(&self.transaction, record, chain))
    }

    /// Tells one peer something.
    pub fn tell(&mut self, peer: ChainId, message: &Message) -> Result<(), PeerError> {
        let Message::Verdict(verdict) = message;
        // A laptop that was put back has no key of an unlocking that its disk forgot: every life of it must learn of a fork.
        let forks = verdict.exceptions.iter().any(|exception| exception.code == ExceptionCode::Fork);
        let reception = if forks { self.certified_key_of(peer)? } else { self.reception_of(peer)? };
        let plain = message.encode();
        let seal = |place: &Place, entropy: &mut dyn sealing::Entropy| {
            seals::seal_message(&reception, place, peer, &plain, entropy)
        };
        self.append(self.own_chain(), Kind::TO, (None, Some(peer)), State::Taken, seal)?;
        told::put_told(&self.transaction, (verdict.chain, peer), self.own_chain(), verdict.up_to.seq)?;
        sync::put_verdict(&self.transaction, verdict, self.now().0)
    }

    /// The newest key to which things for a peer are sealed.
    fn reception_of(&self, peer: ChainId) -> Result<AgreementPublicKey, PeerError> {
        if peer == self.own_chain() {
            return Ok(self.parts.identity.agreement.public());
        }
        match keys::reception_of(&self.transaction, peer)? {
            Some(key) => Ok(key),
            None => self.certified_key_of(peer),
        }
    }

    /// The key in its certificate, as this act leaves the register: a suitcase that it certifies gets things at once.
    fn certified_key_of(&self, peer: ChainId) -> Result<AgreementPublicKey, PeerError> {
        let certified = self.register_after().suitcase(peer).map(|certificate| certificate.agreement);
        certified.ok_or(PeerError::NoSuchRecord)
    }
}
