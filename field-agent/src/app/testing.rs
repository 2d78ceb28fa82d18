//! For tests: a centre with a real desk, and a certified suitcase with a real database, without Argon2.

use super::agent::Surroundings;
use super::{Agent, Form};
use chain::{Fact, Invitation, Segment};
use clock::{Clock, ManualClock, Time};
use ids::{ChainId, RecordId, TenantId};
use peer::decoder::InProcess;
use peer::{Folder, Identity, Means, Peer, Role};
use records::Edit;
use records::commands::{RequestCommand, edit_request};
use sealing::{AgreementSecret, Entropy, SeededEntropy, VaultKey};
use signing::{DeskCertificate, Roles, Root, RootPublic, Secret, SigningKey, SuitcaseCertificate, Validity};
use std::sync::Arc;
use tempfile::TempDir;

/// 21.11.2026, a Saturday, noon in Kyiv.
pub const NOON: Time = Time::from_seconds(1_795_255_200);
const DAY: i64 = 86_400_000;
const TENANT: TenantId = TenantId::from_bytes([1; 16]);

pub fn surroundings_at(clock: Arc<dyn Clock>, seed: u64) -> Surroundings {
    Surroundings {
        clock,
        entropy: Box::new(move || Box::new(SeededEntropy::new(seed))),
        decoder: Box::new(|| Box::new(InProcess)),
        program: "field-agent".into(),
        marks: None,
    }
}

fn root() -> Root {
    Root::from_seed(Secret::new([7; 32]))
}

fn root_public() -> RootPublic {
    let agreement = AgreementSecret::from_bytes(root().agreement_secret()).public();
    RootPublic { signing: root().signing_key().public(), agreement }
}

fn identity(role: Role, chain: ChainId, number: u16, seed: u8) -> Identity {
    Identity {
        tenant: TENANT,
        root: root_public(),
        hub: "https://127.0.0.1:1".into(),
        role,
        chain,
        number,
        seed: Secret::new([seed; 32]),
        agreement: AgreementSecret::from_bytes(Secret::new([seed; 32])),
        former: Vec::new(),
    }
}

/// The centre: its desk's own folder and open peer.
pub struct Centre {
    _dir: TempDir,
    pub desk: Peer,
    register: ChainId,
}

impl Centre {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let entropy: &mut dyn Entropy = &mut SeededEntropy::new(90);
        let (register, case) = (ChainId::from_random([2; 16]), ChainId::from_random([3; 16]));
        let identity = identity(Role::Desk { register }, case, 0, 9);
        let certificate = DeskCertificate {
            tenant: TENANT,
            register,
            case,
            signing: identity.signing_key().public(),
            agreement: identity.agreement.public(),
            predecessor: None,
            validity: Validity { not_before: 0, not_after: i64::MAX },
        };
        let fact = Fact::Desk { certificate: certificate.sign(&root().signing_key()), sealed: vec![1] };
        let means = Means {
            entropy: Box::new(SeededEntropy::new(91)),
            clock: Arc::new(ManualClock::at(NOON)),
            decoder: Box::new(InProcess),
        };
        let folder = Folder::hold(dir.path()).unwrap();
        let desk = Peer::create(folder, &VaultKey::generate(entropy), identity, "clerk", means).unwrap();
        desk.act(move |act| act.register_fact(&fact)).unwrap();
        Self { _dir: dir, desk, register }
    }

    pub fn invitation(&self, number: u16, expires: i64) -> Invitation {
        let secret = Secret::new([3; 16]);
        let roles = Roles::of(signing::Role::Officer);
        Invitation {
            tenant: TENANT,
            root: root_public(),
            secret,
            number,
            roles,
            expires,
            hub: "https://127.0.0.1:1".into(),
        }
    }

    /// Certifies a suitcase from a day before to a day after noon, and tells it.
    pub fn certify(&self, suitcase: &Peer) {
        let identity = identity(Role::Suitcase, suitcase.chain(), suitcase.number(), 20);
        let certificate = SuitcaseCertificate {
            tenant: TENANT,
            chain: identity.chain,
            signing: SigningKey::from_seed(&Secret::new([20; 32])).public(),
            agreement: identity.agreement.public(),
            number: identity.number,
            roles: Roles::of(signing::Role::Officer),
            predecessor: None,
            validity: Validity { not_before: NOON.0 - DAY, not_after: NOON.0 + 180 * DAY },
        };
        self.desk.act(move |act| act.certify_suitcase(&certificate)).unwrap();
        suitcase.take_register(self.desk.register_segments().unwrap()).unwrap();
    }

    /// Everything that the suitcase wrote reaches the desk, and is looked at.
    pub fn take_from(&self, suitcase: &Peer) {
        self.desk.take_register(whole(suitcase, suitcase.chain())).unwrap();
        self.desk.absorb().unwrap();
        self.desk.write_verdicts().unwrap();
    }

    /// Everything that the desk wrote reaches the suitcase, and is looked at.
    pub fn give_to(&self, suitcase: &Peer) {
        suitcase.take_register(whole(&self.desk, self.register)).unwrap();
        suitcase.take_register(whole(&self.desk, self.desk.chain())).unwrap();
        suitcase.absorb().unwrap();
    }

    /// A clerk does something with a request.
    pub fn decide(&self, record: &str, command: RequestCommand) {
        let record: RecordId = record.parse().unwrap();
        let done = self.desk.act_as("clerk", move |act| {
            act.command(record, |document, is_desk, who| edit_request(document, is_desk, who, &command))
        });
        assert!(done.unwrap());
    }
}

fn whole(peer: &Peer, chain: ChainId) -> Vec<Segment> {
    let segment = peer.read(|view| view.segment(chain, 1, usize::MAX >> 1)).unwrap();
    segment.into_iter().collect()
}

/// A suitcase's folder and its centre.
pub struct Bench {
    pub dir: TempDir,
    pub centre: Centre,
    pub clock: Arc<ManualClock>,
}

impl Bench {
    pub fn new() -> (Self, Agent) {
        let bench =
            Self { dir: tempfile::tempdir().unwrap(), centre: Centre::new(), clock: Arc::new(ManualClock::at(NOON)) };
        let surroundings = surroundings_at(bench.clock.clone(), 30);
        let identity = identity(Role::Suitcase, ChainId::from_random([20; 16]), 7, 20);
        let folder = Folder::hold(bench.dir.path()).unwrap();
        keep_a_vault(&folder);
        let peer = Peer::create(folder, &key(), identity, "olena", surroundings.means()).unwrap();
        bench.centre.certify(&peer);
        (bench, Agent::new(peer, &surroundings))
    }

    /// A certified suitcase, closed, which the officer «olena» opens with this passphrase.
    pub fn closed(passphrase: &str) -> Self {
        use sealing::{Cost, Login, Passphrase, Vault};
        let bench =
            Self { dir: tempfile::tempdir().unwrap(), centre: Centre::new(), clock: Arc::new(ManualClock::at(NOON)) };
        let surroundings = surroundings_at(bench.clock.clone(), 30);
        let identity = identity(Role::Suitcase, ChainId::from_random([20; 16]), 7, 20);
        let folder = Folder::hold(bench.dir.path()).unwrap();
        let entropy: &mut dyn Entropy = &mut SeededEntropy::new(41);
        let (login, passphrase) = (Login::new("olena").unwrap(), Passphrase::new(passphrase).unwrap());
        let (vault, key) = Vault::create(&login, &passphrase, Cost::FLOOR, entropy).unwrap();
        folder.keep_vault(&vault).unwrap();
        let peer = Peer::create(folder, &key, identity, "olena", surroundings.means()).unwrap();
        bench.centre.certify(&peer);
        bench
    }

    /// The closed suitcase, opened again.
    pub fn reopen(&self) -> Agent {
        let surroundings = surroundings_at(self.clock.clone(), 31);
        let folder = Folder::hold(self.dir.path()).unwrap();
        Agent::new(Peer::open(folder, &key(), "olena", surroundings.means()).unwrap(), &surroundings)
    }

    /// The centre writes another value without seeing what happens meanwhile on the suitcase.
    pub fn written_elsewhere(&self, agent: &Agent, record: &str, key: &str, value: &str, meanwhile: impl FnOnce()) {
        self.centre.take_from(&agent.peer);
        let fields = vec![Edit::new(key, value)];
        self.centre.decide(record, RequestCommand::Correct { fields, reason: "зі слів доньки".into() });
        meanwhile();
        self.centre.give_to(&agent.peer);
    }
}

impl Agent {
    /// The store below, for tests of what stands above `app`.
    pub fn peer_for_tests(&self) -> &Peer {
        &self.peer
    }

    /// The record of the applicant of a request.
    pub fn applicant_for_tests(&self, number: &str) -> String {
        self.find_view(number).unwrap().2.applicant.resident.text().to_owned()
    }

    /// The twelve words that the centre would read out now.
    pub fn recovery_words_for_tests(&self, centre: &Centre) -> String {
        centre.take_from(&self.peer);
        let facts = centre.desk.read(|view| view.facts(self.peer.chain(), 0)).unwrap();
        let newest = facts.into_iter().rev().find_map(|(_, fact)| match fact {
            peer::OwnFact::Recovery { vault, sealed, .. } => Some((vault, sealed)),
            _ => None,
        });
        let (vault, sealed) = newest.unwrap();
        let code = centre.desk.read(|view| view.recovery_code(&vault, &sealed)).unwrap().unwrap();
        code.words().join(" ")
    }
}

/// A suitcase says whose slots its vault has, so there is one; these tests open nothing with it.
fn keep_a_vault(folder: &Folder) {
    use sealing::{Cost, Login, Passphrase, Vault};
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(42);
    let passphrase = Passphrase::new("їжак вулик ґанок човен ліхтар").unwrap();
    let (vault, _) = Vault::create(&Login::new("olena").unwrap(), &passphrase, Cost::FLOOR, entropy).unwrap();
    folder.keep_vault(&vault).unwrap();
}

fn key() -> VaultKey {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(40);
    VaultKey::generate(entropy)
}

/// A certified suitcase.
pub fn agent() -> (Bench, Agent) {
    Bench::new()
}

/// A certified suitcase whose computer keeps marks in a folder.
pub fn agent_with_marks(marks: &std::path::Path) -> (Bench, Agent) {
    let (bench, mut agent) = Bench::new();
    agent.marks = Some(marks.to_owned());
    (bench, agent)
}

/// A subsidy for an invented person; nothing in it is odd.
pub fn sample_form() -> Form {
    let mut forms = Form::many_from_json(include_str!("../../examples/request.json")).unwrap();
    forms.remove(0)
}
