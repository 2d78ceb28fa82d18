//! A whole community in one process: a hub, a desk and suitcases with real stores in temporary folders, and no network
//! between them but function calls.

use chain::{Courier, Fact};
use clock::{Clock, ManualClock, Time};
use hub::store::{MemoryStore, Store};
use hub::{Hub, HubKeys};
use ids::{ChainId, TenantId};
use peer::decoder::{Decode, InProcess};
use peer::sync::{Contact, Session, SyncError};
use peer::{Folder, Identity, Means, Mended, Peer, PeerError, Role, seals};
use records::Edit;
use records::event::Event;
use sealing::{AgreementSecret, Entropy, SeededEntropy, VaultKey};
use signing::{DeskCertificate, HubCertificate, Root, RootPublic, Secret, SigningKey, SuitcaseCertificate, Validity};
use std::sync::Arc;
use tempfile::TempDir;

/// Noon of 21 November 2026 in Kyiv.
pub const NOON: Time = Time::from_seconds(1_795_255_200);
const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };

/// A peer with its folder and key, so that it can be closed and opened again.
pub struct Member {
    /// Open unless [`Member::close`] was called.
    pub peer: Option<Arc<Peer>>,
    key: Arc<VaultKey>,
    dir: TempDir,
    entropy: u64,
    clock: Arc<ManualClock>,
}

impl Member {
    /// The open peer.
    pub fn peer(&self) -> &Arc<Peer> {
        self.peer.as_ref().expect("the peer is open")
    }

    /// Its folder.
    pub fn path(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Closes it: keys leave memory.
    pub fn close(&mut self) {
        self.peer = None;
    }

    /// What a copy of its folder holds.
    pub fn image(&mut self) -> TempDir {
        let was_open = self.peer.take().is_some();
        let image = tempfile::tempdir().expect("a temporary folder");
        copy_files(self.dir.path(), image.path());
        if was_open {
            self.open();
        }
        image
    }

    /// Its disk is put back to such a copy.
    pub fn put_back(&mut self, image: &TempDir) {
        self.close();
        for file in std::fs::read_dir(self.dir.path()).expect("its folder").flatten() {
            std::fs::remove_file(file.path()).expect("a file of its folder");
        }
        copy_files(image.path(), self.dir.path());
        self.open();
    }

    /// Its database is mended while it is closed, and it is opened again.
    pub fn mend(&mut self) -> Result<Mended, PeerError> {
        let mended = self.repair(false)?;
        self.open();
        Ok(mended)
    }

    /// Its database is mended, or with `list` only looked at; it stays closed.
    pub fn repair(&mut self, list: bool) -> Result<Mended, PeerError> {
        self.close();
        self.entropy += 1;
        let folder = Folder::hold_existing(self.dir.path()).expect("nobody else holds it");
        peer::repair(&folder, &self.key, "olena", means(self.entropy, &self.clock), "hub", list)
    }

    /// The key of its database.
    pub fn database_key(&self) -> Secret<32> {
        self.key.database_key()
    }

    /// A second laptop from such a copy.
    pub fn twin(&self, image: &TempDir) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        copy_files(image.path(), dir.path());
        let (key, clock) = (Arc::clone(&self.key), Arc::clone(&self.clock));
        let mut twin = Self { peer: None, key, dir, entropy: self.entropy + 5_000, clock };
        twin.open();
        twin
    }

    /// Opens it again.
    pub fn open(&mut self) {
        self.open_with(Box::new(InProcess));
    }

    /// Opens it again, with another decoder of foreign changes.
    pub fn open_with(&mut self, decoder: Box<dyn Decode>) {
        self.entropy += 1;
        let folder = Folder::hold_existing(self.dir.path()).expect("nobody else holds it");
        let means = Means { decoder, ..means(self.entropy, &self.clock) };
        self.peer = Some(Arc::new(Peer::open(folder, &self.key, "olena", means).expect("it opens")));
    }
}

fn copy_files(from: &std::path::Path, to: &std::path::Path) {
    for file in std::fs::read_dir(from).expect("a folder").flatten() {
        std::fs::copy(file.path(), to.join(file.file_name())).expect("a file is copied");
    }
}

fn means(seed: u64, clock: &Arc<ManualClock>) -> Means {
    let clock: Arc<dyn Clock> = clock.clone();
    Means { entropy: Box::new(SeededEntropy::new(seed)), clock, decoder: Box::new(InProcess) }
}

/// The community.
pub struct World {
    /// Everybody's clock.
    pub clock: Arc<ManualClock>,
    /// The hub.
    pub hub: Arc<Hub>,
    /// The centre.
    pub desk: Member,
    /// The kit.
    pub root: Root,
    /// What everybody pins.
    pub public: RootPublic,
    /// The community.
    pub tenant: TenantId,
    hub_seed: u8,
    next: u64,
}

impl World {
    /// A hub that remembers in memory, and a desk that has certified it.
    pub fn new() -> Self {
        Self::over(Arc::new(MemoryStore::default()))
    }

    /// A hub over a store, and a desk that has certified it.
    pub fn over(store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(ManualClock::at(NOON));
        let root = Root::from_seed(Secret::new([7; 32]));
        let agreement = AgreementSecret::from_bytes(root.agreement_secret()).public();
        let public = RootPublic { signing: root.signing_key().public(), agreement };
        let tenant = TenantId::from_random([1; 16]);
        let hub = new_hub(1, store, tenant, public);
        let desk = new_desk(10, &root, public, tenant, &hub, &clock, None);
        Self { clock, hub, desk, root, public, tenant, hub_seed: 1, next: 100 }
    }

    /// A certified suitcase that has met the centre once.
    pub fn suitcase(&mut self, number: u16) -> Member {
        self.next += 1;
        let seed = self.next;
        let mut entropy = SeededEntropy::new(seed * 1000);
        let entropy: &mut dyn Entropy = &mut entropy;
        let identity = Identity {
            tenant: self.tenant,
            root: self.public,
            hub: "https://hub.test".into(),
            role: Role::Suitcase,
            chain: ChainId::from_random(entropy.array()),
            number,
            seed: entropy.secret(),
            agreement: AgreementSecret::generate(entropy),
            former: Vec::new(),
        };
        self.certify(&identity);
        let segments = self.desk.peer().register_segments().expect("the desk knows the register");
        let member = new_member(seed, identity, &self.clock);
        member.peer().take_register(segments).expect("the register is whole");
        member
    }

    /// The desk certifies an identity.
    pub fn certify(&self, identity: &Identity) {
        let certificate = SuitcaseCertificate {
            tenant: self.tenant,
            chain: identity.chain,
            signing: identity.signing_key().public(),
            agreement: identity.agreement.public(),
            number: identity.number,
            roles: signing::Roles::of(signing::Role::Officer),
            predecessor: None,
            validity: ALWAYS,
        };
        let key = desk_key();
        let fact = Fact::Suitcase(certificate.sign(&key));
        self.desk.peer().act(move |act| act.register_fact(&fact)).expect("the desk writes its register");
    }

    /// Everything between one peer and the hub, both ways.
    pub fn exchange(&self, peer: &Peer) -> Result<Contact, SyncError> {
        let mut courier = Courier::default();
        let mut session = Session::new("hub");
        for _ in 0..200 {
            let message = session.next(peer, courier.batch())?;
            let answer = self.hub.answer(&message, self.clock.now()).map_err(|_| SyncError::NotSigned)?;
            if !session.answered(peer, &answer, &mut courier)? {
                session.contact.absorbed = peer.absorb()?;
                return Ok(session.contact);
            }
        }
        Err(SyncError::Stuck)
    }

    /// A contact that is cut after so many answered messages; `true` if it had nothing more to say by then.
    pub fn break_off(&self, peer: &Peer, messages: usize) -> Result<(bool, Contact), SyncError> {
        let mut courier = Courier::default();
        let mut session = Session::new("hub");
        for _ in 0..messages {
            let message = session.next(peer, courier.batch())?;
            let answer = self.hub.answer(&message, self.clock.now()).map_err(|_| SyncError::NotSigned)?;
            if !session.answered(peer, &answer, &mut courier)? {
                return Ok((true, session.contact));
            }
        }
        Ok((false, session.contact))
    }

    /// The centre reads, answers and sends its answers.
    pub fn centre(&self) {
        self.exchange(self.desk.peer()).expect("the desk reaches the hub");
        self.desk.peer().write_verdicts().expect("verdicts are written");
        self.exchange(self.desk.peer()).expect("the desk reaches the hub");
    }

    /// The hub's database is gone; its key is not.
    pub fn lose_hub(&mut self) {
        self.hub_seed += 1;
        let store = Arc::new(MemoryStore::default());
        self.hub = new_hub(self.hub_seed, store, self.tenant, self.public);
    }

    /// The hub's database is put back from a copy, and the marker beside it is gone.
    pub fn put_hub_back(&mut self, copy: Arc<dyn Store>) {
        self.hub_seed += 1;
        self.hub = new_hub(self.hub_seed, copy, self.tenant, self.public);
    }

    /// The centre's machine is gone; the kit and the hub are not.
    pub fn lose_desk(&mut self) {
        let before = {
            let Role::Desk { register } = self.desk.peer().role() else { panic!("a desk") };
            register
        };
        self.replace_desk(before);
    }

    /// A desk made from the kit goes on for the one that wrote this register.
    pub fn replace_desk(&mut self, before: ChainId) {
        // Far from what suitcases were made from, in this run or in a recorded one.
        self.next += 500;
        let desk = new_desk(self.next, &self.root, self.public, self.tenant, &self.hub, &self.clock, Some(before));
        self.desk = desk;
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// The seed of the hub's keys, which outlive its database.
pub const HUB_SEED: [u8; 32] = [1; 32];

fn new_hub(seed: u8, store: Arc<dyn Store>, tenant: TenantId, root: RootPublic) -> Arc<Hub> {
    let keys = HubKeys::from_seed(&Secret::new(HUB_SEED));
    let lives = std::sync::atomic::AtomicU8::new(seed);
    let draw = move || [lives.fetch_add(16, std::sync::atomic::Ordering::Relaxed); 16];
    let hub = Hub::open(store, keys, None, draw).expect("an empty store opens");
    hub.create_tenant(tenant, root).expect("a first tenant");
    Arc::new(hub)
}

fn desk_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new([3; 32]))
}

fn new_member(seed: u64, identity: Identity, clock: &Arc<ManualClock>) -> Member {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut entropy = SeededEntropy::new(seed * 7);
    let key = VaultKey::generate(&mut entropy);
    let folder = Folder::hold(dir.path()).expect("a new folder");
    // What a real installation keeps here is the vault; opening asks only whether it is there.
    std::fs::write(dir.path().join("vault"), b"test").expect("a file");
    let peer = Peer::create(folder, &key, identity, "olena", means(seed, clock)).expect("a new peer");
    Member { peer: Some(Arc::new(peer)), key: Arc::new(key), dir, entropy: seed, clock: Arc::clone(clock) }
}

fn new_desk(
    seed: u64,
    root: &Root,
    public: RootPublic,
    tenant: TenantId,
    hub: &Hub,
    clock: &Arc<ManualClock>,
    predecessor: Option<ChainId>,
) -> Member {
    let mut entropy = SeededEntropy::new(seed * 1000);
    let entropy: &mut dyn Entropy = &mut entropy;
    let (register, case) = (ChainId::from_random(entropy.array()), ChainId::from_random(entropy.array()));
    let agreement = AgreementSecret::generate(entropy);
    let certificate = DeskCertificate {
        tenant,
        register,
        case,
        signing: desk_key().public(),
        agreement: agreement.public(),
        predecessor,
        validity: ALWAYS,
    };
    let sealed = seals::seal_desk_secret(&public.agreement, register, &agreement, entropy).expect("the root's key");
    let desk = Fact::Desk { certificate: certificate.sign(&root.signing_key()), sealed };
    let hub = HubCertificate { tenant, signing: hub.public(), validity: ALWAYS };
    let hub = Fact::Hub(hub.sign(&desk_key()));
    let identity = Identity {
        tenant,
        root: public,
        hub: "https://hub.test".into(),
        role: Role::Desk { register },
        chain: case,
        number: 0,
        seed: Secret::new([3; 32]),
        agreement,
        former: Vec::new(),
    };
    let member = new_member(seed, identity, clock);
    let write = move |act: &mut peer::Act<'_>| {
        act.register_fact(&desk)?;
        act.register_fact(&hub)
    };
    member.peer().act(write).expect("the first facts");
    member
}

/// The fields of a small request of an invented resident.
pub fn request_fields(number: &str, last: &str) -> Vec<Edit> {
    let event = Event {
        at: NOON.0,
        code: "accepted".into(),
        prev: String::new(),
        by: "olena".into(),
        reason: String::new(),
        about: String::new(),
    };
    vec![
        Edit::new("number", number),
        Edit::new("submitted", NOON.0),
        Edit::new("channel", "visit"),
        Edit::new("officer", "olena"),
        Edit::new("service", "housing-subsidy"),
        Edit::new("a.last", last),
        Edit::new("a.first", "Ганна"),
        Edit::new("a.rnokpp", "1408212320"),
        Edit::new("phone", "+380671234567"),
        Edit::new("e/0000000000001", event.encode()),
    ]
}

/// The applicant takes a request back that was just made.
pub fn withdrawn_by_applicant(peer: &Peer, record: ids::RecordId) {
    let event = Event {
        at: NOON.0,
        code: "withdrawn".into(),
        prev: "0000000000001".into(),
        by: "olena".into(),
        reason: "передумав".into(),
        about: String::new(),
    };
    let edit = vec![Edit::new("e/0000000000002", event.encode())];
    peer.act(move |act| act.edit(record, |_, _| Ok((edit, ())))).expect("it is taken back");
}
