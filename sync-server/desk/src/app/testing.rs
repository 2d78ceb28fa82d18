//! A small town for tests: a desk with real keys, suitcases with real chains, and somebody who carries segments.

use super::facts::Profile;
use super::founding::{NewCentre, found};
use super::{Desk, Tools};
use chain::{EnrolmentRequest, Invitation, Segment};
use clock::{Clock, ManualClock, Time};
use ids::{ChainId, ReceiptNumber, RecordId, TenantId};
use peer::decoder::InProcess;
use peer::{Folder, Identity, Means, Peer, Role};
use records::commands::{NewRequest, RequestCommand, create_request, edit_request};
use records::view::RequestView;
use records::{Edit, Value};
use sealing::{AgreementSecret, Cost, Entropy, SeededEntropy, VaultKey};
use signing::{Root, Secret, SigningKey, VerifyingKey};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

pub(crate) const PASSPHRASE: &str = "вечір на хуторі біля диканьки";
/// Saturday, 2026-11-21, noon in Kyiv.
pub(crate) const NOON: Time = Time::from_seconds(1_795_255_200);

pub(crate) struct Town {
    pub desk: Arc<Desk>,
    pub clock: Arc<ManualClock>,
    pub root: Root,
    pub hub_key: VerifyingKey,
    dir: TempDir,
}

pub(crate) struct Suitcase {
    pub peer: Arc<Peer>,
    _dir: TempDir,
}

/// No two sources of one test run give the same bytes.
pub(crate) fn entropy() -> Box<dyn Entropy> {
    static SEED: AtomicU64 = AtomicU64::new(1);
    Box::new(SeededEntropy::new(SEED.fetch_add(1, Ordering::Relaxed)))
}

pub(crate) fn tools(clock: &Arc<ManualClock>) -> Tools {
    Tools {
        program: "sync-server".into(),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        entropy: Arc::new(entropy),
        decoder: Arc::new(|| Box::new(InProcess)),
        cost: Cost::FLOOR,
    }
}

pub(crate) fn town() -> Town {
    town_at("https://127.0.0.1:8443", SigningKey::from_seed(&Secret::new([8; 32])).public())
}

/// A town whose hub is at this address and has this key.
pub(crate) fn town_at(hub: &str, hub_key: VerifyingKey) -> Town {
    let clock = Arc::new(ManualClock::at(NOON));
    let root = Root::from_seed(Secret::new([7; 32]));
    let dir = tempfile::tempdir().unwrap();
    let new = NewCentre {
        folder: &dir.path().join("desk"),
        tenant: TenantId::from_bytes([9; 16]),
        root: &root,
        hub,
        hub_key,
        predecessor: None,
        login: "admin",
        name: "Адміністратор",
        passphrase: PASSPHRASE,
        profile: Some(Profile { name: "Глобинська громада".into(), contact: "05365 2-00-00".into() }),
    };
    let desk = found(&new, tools(&clock), |_| Ok(())).unwrap();
    Town { desk, clock, root, hub_key, dir }
}

impl Town {
    pub fn close(self) -> (TempDir, Arc<ManualClock>) {
        (self.dir, self.clock)
    }

    pub fn clock_now(&self) -> i64 {
        self.clock.now().0
    }

    /// A laptop that holds the invitation asks.
    pub fn request(&self, invitation: &Invitation) -> EnrolmentRequest {
        let mut source = entropy();
        let entropy: &mut dyn Entropy = source.as_mut();
        let key = SigningKey::from_seed(&entropy.secret());
        let agreement = AgreementSecret::generate(entropy).public();
        EnrolmentRequest::new(invitation, ChainId::from_random(entropy.array()), &key, agreement, "Ноутбук")
    }

    pub fn suitcase(&mut self, number: u16) -> Suitcase {
        let invited = self.desk.invite("admin", number, 72).unwrap();
        self.suitcase_on(&Invitation::from_text(&invited.line).unwrap())
    }

    pub fn suitcase_on(&mut self, invitation: &Invitation) -> Suitcase {
        let mut source = entropy();
        let entropy: &mut dyn Entropy = source.as_mut();
        let identity = Identity {
            tenant: invitation.tenant,
            root: invitation.root,
            hub: invitation.hub.clone(),
            role: Role::Suitcase,
            chain: ChainId::from_random(entropy.array()),
            number: invitation.number,
            seed: entropy.secret(),
            agreement: AgreementSecret::generate(entropy),
            former: Vec::new(),
        };
        let name = format!("Ноутбук {}", invitation.number);
        let agreement = identity.agreement.public();
        let request = EnrolmentRequest::new(invitation, identity.chain, &identity.signing_key(), agreement, &name);
        assert_eq!(self.desk.certify(&[request]).unwrap(), 1);
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let means = Means { entropy: self::entropy(), clock, decoder: Box::new(InProcess) };
        let folder = Folder::hold(dir.path()).unwrap();
        let peer = Peer::create(folder, &VaultKey::generate(entropy), identity, "olena", means).unwrap();
        peer.take_register(self.desk.peer.register_segments().unwrap()).unwrap();
        Suitcase { peer: Arc::new(peer), _dir: dir }
    }

    /// Everything the suitcase has written reaches the desk.
    pub fn carry_up(&self, suitcase: &Suitcase) {
        carry(&suitcase.peer, suitcase.peer.chain(), &self.desk.peer);
        self.desk.peer.absorb().unwrap();
        self.desk.digest(self.clock.now().0, true).unwrap();
    }

    /// Everything the desk has written reaches the suitcase.
    pub fn carry_down(&self, suitcase: &Suitcase) {
        suitcase.peer.take_register(self.desk.peer.register_segments().unwrap()).unwrap();
        carry(&self.desk.peer, self.desk.peer.chain(), &suitcase.peer);
        suitcase.peer.absorb().unwrap();
    }

    /// What one suitcase has written reaches another.
    pub fn carry_across(&self, from: &Suitcase, to: &Suitcase) {
        to.peer.take_register(self.desk.peer.register_segments().unwrap()).unwrap();
        carry(&from.peer, from.peer.chain(), &to.peer);
        to.peer.absorb().unwrap();
    }
}

pub(crate) fn carry(from: &Peer, chain: ChainId, to: &Peer) {
    loop {
        let next = to.read(|view| Ok(view.end(chain)?.seq + 1)).unwrap();
        let segment: Option<Segment> = from.read(|view| view.segment(chain, next, usize::MAX)).unwrap();
        let Some(segment) = segment else { return };
        to.take_register(vec![segment]).unwrap();
    }
}

impl Desk {
    /// The desk itself writes records, many in one act.
    pub(crate) fn write_for_test(
        &self,
        work: impl FnOnce(&mut peer::Act<'_>) -> Result<(), peer::PeerError> + Send + 'static,
    ) {
        self.peer.act(work).unwrap();
    }

    /// Where the desk's register and case chain end.
    pub(crate) fn ends_for_test(&self) -> (u64, u64) {
        let register = self.peer.register().unwrap();
        let desk = register.current_desk().unwrap();
        self.peer.read(|view| Ok((view.end(desk.register)?.seq, view.end(desk.case)?.seq))).unwrap()
    }

    pub(crate) fn correct_for_test(&self, number: &str, key: &str, value: &str) {
        let record = self.request_of(number).unwrap();
        correct(&self.peer, record, key, value);
    }
}

fn correct(peer: &Peer, record: RecordId, key: &str, value: &str) {
    let fields = vec![Edit::new(key, Value::Text(value.to_owned()))];
    let command = RequestCommand::Correct { fields, reason: "уточнено".into() };
    let done = peer
        .act(move |act| act.command(record, |document, is_desk, who| edit_request(document, is_desk, who, &command)));
    assert!(done.unwrap());
}

impl Suitcase {
    /// Records a request; gives back its number.
    pub fn record(&self, last: &str, first: &str) -> String {
        self.record_as((last, first), None, |number| number)
    }

    /// As [`Suitcase::record`], of a suitcase that makes another number of the next one, or says which record it is.
    pub fn record_as(
        &self,
        (last, first): (&str, &str),
        record: Option<RecordId>,
        other: fn(ReceiptNumber) -> ReceiptNumber,
    ) -> String {
        let text = |key: &str, value: &str| Edit::new(key, Value::Text(value.to_owned()));
        let fields = vec![
            text("a.last", last),
            text("a.first", first),
            text("phone", "+380501234567"),
            text("c.text", "0123456789abcdef"),
        ];
        let recorded = self.peer.act(move |act| {
            let number = other(act.next_receipt_number()?);
            let record = record.unwrap_or_else(|| RecordId::from_random(act.random()));
            let new = NewRequest {
                number,
                submitted_at: act.now().0,
                service: "land-lease",
                service_name: "Оренда",
                release: "1",
                channel: "visit",
                officer_name: "Олена",
                suitcase: Some(7),
                offline: true,
                fields: &fields,
            };
            act.create_by(record, |who| create_request(record, who, &new))?;
            Ok(number.to_string())
        });
        recorded.unwrap()
    }

    pub fn note(&self, number: &str, text: &str) {
        let (record, command) = (self.record_of(number), RequestCommand::Note { text: text.to_owned() });
        let noted = self.peer.act(move |act| {
            act.command(record, |document, is_desk, who| edit_request(document, is_desk, who, &command))
        });
        assert!(noted.unwrap());
    }

    pub fn print(&self, number: &str) {
        let record = self.record_of(number);
        let printed = self.peer.act(move |act| {
            let printed = RequestCommand::Printed;
            act.command(record, |document, is_desk, who| edit_request(document, is_desk, who, &printed))
        });
        assert!(printed.unwrap());
    }

    pub fn correct(&self, number: &str, key: &str, value: &str) {
        correct(&self.peer, self.record_of(number), key, value);
    }

    fn record_of(&self, number: &str) -> RecordId {
        self.peer.read(|view| view.by_number(number)).unwrap().unwrap().record
    }

    pub fn view(&self, number: &str) -> RequestView {
        let register = self.peer.register().unwrap();
        let document = self.peer.read(|view| view.document(self.record_of(number))).unwrap();
        RequestView::read(&document, &|chain| register.is_case(chain))
    }

    pub fn state_of(&self, number: &str) -> &'static str {
        self.view(number).state().text()
    }
}
