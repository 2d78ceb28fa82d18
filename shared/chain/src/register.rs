//! The register: who may write which chain. Public within the community, held whole and verified by everybody, the
//! blind hub included.
//!
//! Body of a `register` entry: version = 1, code, fields.
//!
//! | code | fact | fields |
//! |---|---|---|
//! | 1 | desk | certificate (bytes), the desk's secrets sealed to the root (bytes) |
//! | 2 | suitcase | certificate (bytes) |
//! | 3 | hub | certificate (bytes) |
//! | 4 | revocation | chain 16, from `i64` ms, reason (text) |
//! | 5 | minimum | protocol `u16`, suite `u8` |
//! | 6 | release | number `u32`, effective from (text), base 32, digest 32, audience (count, chains 16), pieces `u16`, first piece (bytes) |
//! | 7 | release piece | digest 32, which `u16`, piece (bytes) |
//! | 8 | centre details | community, centre, contact, owner, owner's code, owner's address, owner's contact, КАТОТТГ (texts) |
//! | 9 | succession | the predecessor's register chain 16, its last entry that counts: number `u64`, hash 32 |
//! | 10 | continuation | the new chain 16, the chain it continues 16, that one's last entry that counts: number `u64`, hash 32 |
//! | 11 | erasure | records (count, 16 each), entries that hold their keys (count, chain 16 and number `u64` each), kept (option: case chain 16, number `u64`): [`Erasure`] |
//! | 12 | kept days | for how many days suitcases hold what is closed `u16` |
//!
//! A **succession** is written by a desk about the predecessor that its certificate names; the first counts. What the
//! predecessor's register publishes behind that entry (releases, centre details, hubs, minimum, erasures) counts for nobody: its
//! key may be in other hands. Certificates and revocations behind it do count: a suitcase that was certified between
//! the last copy of a lost hub and its loss goes on working, and nothing that was revoked comes back.
//!
//! A **continuation** stands behind the certificate of a suitcase's new chain ([`crate::Rebirth`]): a person confirmed
//! it. What the chain before it says behind that entry is set aside for a person, as of a revoked one.
//!
//! Facts of later versions are kept and passed over.

mod erased;
mod reborn;

use crate::centre::CentreDetails;
use crate::entry::{Kind, Link};
use crate::erasure::Erasure;
use crate::limits;
use crate::release::{Publication, ReleaseHead};
use crate::segment::{Segment, Verified};
use crate::verdict::below_limit;
use ids::{ChainId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{
    AgreementPublicKey, CertificateError, DeskCertificate, Hash, HubCertificate, RootPublic, SuitcaseCertificate,
    VerifyingKey,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One public fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// First entry of a register chain: the root certifies the desk that writes it.
    Desk {
        /// Signed [`DeskCertificate`].
        certificate: Vec<u8>,
        /// The desk's secrets, sealed to the root: kit + hub give the desk back.
        sealed: Vec<u8>,
    },
    /// A signed [`SuitcaseCertificate`]: a new suitcase, a renewal, or a rebirth.
    Suitcase(Vec<u8>),
    /// A signed [`HubCertificate`].
    Hub(Vec<u8>),
    /// From this time on nothing goes down to the chain's author, and what comes up is quarantined.
    Revocation {
        /// Whose chain.
        chain: ChainId,
        /// When the desk decided, ms since 1970.
        from: i64,
        /// Why, in words.
        reason: String,
    },
    /// Below these nobody talks.
    Minimum {
        /// Lowest protocol version.
        protocol: u16,
        /// Lowest suite of seals.
        suite: u8,
    },
    /// A release of the catalogue, with the first piece of its bytes.
    Release(ReleaseHead),
    /// A further piece of the newest release before it that has this digest.
    ReleasePiece {
        /// Digest of the release.
        digest: Hash,
        /// Which piece, from 2.
        which: u16,
        /// Its bytes.
        piece: Vec<u8>,
    },
    /// Who the centre is; the newest counts.
    Centre(CentreDetails),
    /// Where the publications of the desk before end.
    Succession {
        /// The predecessor's register chain.
        register: ChainId,
        /// The last entry of it that counts.
        end: Link,
    },
    /// A suitcase goes on as another chain.
    Continuation {
        /// The new chain.
        chain: ChainId,
        /// The chain it continues.
        predecessor: ChainId,
        /// The predecessor's last entry that counts without a person's decision.
        end: Link,
    },
    /// Bodies that everybody drops.
    Erasure(Erasure),
    /// For how many days suitcases hold what is closed; the newest counts.
    KeptDays(u16),
    /// Of a later version.
    Later(u8),
}

impl Fact {
    /// The body of a `register` entry.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1);
        match self {
            Self::Desk { certificate, sealed } => w.u8(1).bytes(certificate).bytes(sealed),
            Self::Suitcase(certificate) => w.u8(2).bytes(certificate),
            Self::Hub(certificate) => w.u8(3).bytes(certificate),
            Self::Revocation { chain, from, reason } => w.u8(4).fixed(chain.as_bytes()).i64(*from).text(reason),
            Self::Minimum { protocol, suite } => w.u8(5).u16(*protocol).u8(*suite),
            Self::Release(head) => head.write(w.u8(6)),
            Self::ReleasePiece { digest, which, piece } => w.u8(7).fixed(&digest.0).u16(*which).bytes(piece),
            Self::Centre(details) => details.write(w.u8(8)),
            Self::Succession { register, end } => w.u8(9).fixed(register.as_bytes()).u64(end.seq).fixed(&end.hash.0),
            Self::Continuation { chain, predecessor, end } => {
                w.u8(10).fixed(chain.as_bytes()).fixed(predecessor.as_bytes()).u64(end.seq).fixed(&end.hash.0)
            }
            Self::Erasure(order) => order.write(w.u8(11)),
            Self::KeptDays(days) => w.u8(12).u16(*days),
            Self::Later(code) => w.u8(*code),
        };
        w.finish()
    }

    /// Reads what [`Fact::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        if r.u8()? != 1 {
            return Ok(Self::Later(0));
        }
        let fact = match r.u8()? {
            1 => Self::Desk { certificate: r.bytes(4096)?.to_vec(), sealed: r.bytes(4096)?.to_vec() },
            2 => Self::Suitcase(r.bytes(4096)?.to_vec()),
            3 => Self::Hub(r.bytes(4096)?.to_vec()),
            4 => Self::Revocation {
                chain: ChainId::from_bytes(r.fixed()?),
                from: r.i64()?,
                reason: r.text(limits::SENTENCE)?.to_owned(),
            },
            5 => Self::Minimum { protocol: r.u16()?, suite: r.u8()? },
            6 => Self::Release(ReleaseHead::read(&mut r)?),
            7 => Self::ReleasePiece {
                digest: Hash(r.fixed()?),
                which: r.u16()?,
                piece: r.bytes(limits::RELEASE_PIECE)?.to_vec(),
            },
            8 => Self::Centre(CentreDetails::read(&mut r)?),
            9 => {
                let (register, seq) = (ChainId::from_bytes(r.fixed()?), below_limit(r.u64()?)?);
                Self::Succession { register, end: Link { seq, hash: Hash(r.fixed()?) } }
            }
            10 => {
                let (chain, predecessor) = (ChainId::from_bytes(r.fixed()?), ChainId::from_bytes(r.fixed()?));
                Self::Continuation {
                    chain,
                    predecessor,
                    end: Link { seq: below_limit(r.u64()?)?, hash: Hash(r.fixed()?) },
                }
            }
            11 => Self::Erasure(Erasure::read(&mut r)?),
            12 => Self::KeptDays(r.u16()?),
            later => return Ok(Self::Later(later)),
        };
        r.end()?;
        Ok(fact)
    }
}

/// Why a piece of register is not taken. Nothing of the segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Not signed by the desk, or the desk not by our root.
    #[error("реєстр не підписаний нашим центром / the register is not signed by our centre")]
    Signature,
    /// A certificate inside is forged, foreign or damaged.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Entries before these are missing; carries the number that is needed next.
    #[error("бракує записів реєстру від № {0} / register entries from {0} on are missing")]
    Gap(u64),
    /// Another entry is known under this number.
    #[error("запис реєстру № {0} суперечить відомому / register entry {0} contradicts the known one")]
    Fork(u64),
    /// An entry that does not belong into a register.
    #[error("запис № {0} не є записом реєстру / entry {0} is no register entry")]
    Form(u64),
}

/// How a chain stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A register or case chain of the centre.
    Centre,
    /// A suitcase with a valid certificate.
    Live,
    /// Its certificate has run out: it goes on recording and sending; of the news only the register goes down.
    Expired,
    /// A certified suitcase whose number goes on as another chain: as with one that is revoked, nothing but the register goes
    /// down, and what comes up is set aside.
    Continued {
        /// The chain that goes on.
        by: ChainId,
    },
    /// Continues a certified chain and waits until the centre has confirmed it: only the register goes down.
    Unconfirmed,
    /// Revoked from this time on.
    Revoked {
        /// ms since 1970.
        from: i64,
    },
    /// No certificate is known.
    Unknown,
}

/// Everything the register says, as folded from its entries.
#[derive(Debug, Clone)]
pub struct Register {
    tenant: TenantId,
    root: RootPublic,
    desks: BTreeMap<ChainId, (DeskCertificate, Link)>,
    sealed: BTreeMap<ChainId, Vec<u8>>,
    /// Hashes of the entries 1, 2, … of each register chain, to compare repeats with.
    hashes: BTreeMap<ChainId, Vec<Hash>>,
    /// Newest certificate of a chain by each register chain that certified it.
    suitcases: BTreeMap<ChainId, BTreeMap<ChainId, SuitcaseCertificate>>,
    revocations: BTreeMap<ChainId, (i64, String)>,
    hubs: Vec<Stated<HubCertificate>>,
    minimums: Vec<Stated<(u16, u8)>>,
    /// Of each register chain, in its order. Shared: a register is cloned for every segment it takes.
    releases: BTreeMap<ChainId, Vec<Arc<Publication>>>,
    details: Vec<Stated<Arc<CentreDetails>>>,
    kept_days: Vec<Stated<u16>>,
    /// Where the publications of replaced desks end, by the desk that stated it.
    successions: BTreeMap<ChainId, Succession>,
    /// By the new chain.
    reborn: BTreeMap<ChainId, crate::Rebirth>,
    /// By the chain before: who goes on, and its last entry that counts. Of several the one that ends it first.
    continued: BTreeMap<ChainId, (Link, ChainId)>,
    erasures: Vec<Stated<Arc<Erasure>>>,
    /// Entries whose bodies were left out are followed and say nothing.
    excerpt: bool,
}

/// The last entry of a predecessor, stated in entry `seq` of its successor's register.
#[derive(Debug, Clone)]
struct Succession {
    seq: u64,
    before: ChainId,
    end: Link,
}

/// Something published, and in which entry of which register chain.
#[derive(Debug, Clone)]
struct Stated<T> {
    register: ChainId,
    seq: u64,
    what: T,
}

impl Register {
    /// Empty; only the root is believed.
    pub fn new(tenant: TenantId, root: RootPublic) -> Self {
        Self {
            tenant,
            root,
            desks: BTreeMap::new(),
            sealed: BTreeMap::new(),
            hashes: BTreeMap::new(),
            suitcases: BTreeMap::new(),
            revocations: BTreeMap::new(),
            hubs: Vec::new(),
            minimums: Vec::new(),
            releases: BTreeMap::new(),
            details: Vec::new(),
            kept_days: Vec::new(),
            successions: BTreeMap::new(),
            reborn: BTreeMap::new(),
            continued: BTreeMap::new(),
            erasures: Vec::new(),
            excerpt: false,
        }
    }

    /// Empty, for a register of which some bodies were left out, such as releases in an evidence file: hashes and
    /// signatures are followed all the same. Whoever decides what may be written or handed out takes the whole one.
    pub fn excerpt(tenant: TenantId, root: RootPublic) -> Self {
        Self { excerpt: true, ..Self::new(tenant, root) }
    }

    /// Whose community.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The pinned root.
    pub const fn root(&self) -> &RootPublic {
        &self.root
    }

    /// Takes a segment of a register chain, all of it or nothing. Entries that are known already are compared.
    /// Gives back those that are new.
    pub fn take(&mut self, segment: Segment) -> Result<Vec<Verified>, RegisterError> {
        let chain = segment.chain;
        let desk = match self.desks.get(&chain) {
            Some((desk, _)) => *desk,
            None => self.introduce(&segment)?,
        };
        let known = self.desks.get(&chain).map_or(Link::EMPTY, |(_, end)| *end);
        if segment.from > known.seq + 1 {
            return Err(RegisterError::Gap(known.seq + 1));
        }
        let entries = segment.valid(self.tenant, &desk.signing).map_err(|_| RegisterError::Signature)?;
        let mut next = self.clone();
        next.desks.entry(chain).or_insert((desk, Link::EMPTY));
        let mut new = Vec::new();
        for entry in entries {
            if entry.place.seq <= known.seq {
                if self.hash_at(chain, entry.place.seq) != Some(entry.hash) {
                    return Err(RegisterError::Fork(entry.place.seq));
                }
                continue;
            }
            if entry.place.prev != next.head(chain).hash {
                return Err(RegisterError::Fork(entry.place.seq));
            }
            next.apply(&desk, &entry)?;
            next.desks.insert(chain, (desk, Link { seq: entry.place.seq, hash: entry.hash }));
            next.hashes.entry(chain).or_default().push(entry.hash);
            new.push(entry);
        }
        *self = next;
        Ok(new)
    }

    /// The certificate in the first entry of a register chain that is not known yet.
    fn introduce(&self, segment: &Segment) -> Result<DeskCertificate, RegisterError> {
        if segment.from != 1 {
            return Err(RegisterError::Gap(1));
        }
        let body = segment.entries.first().and_then(|first| first.body.bytes()).ok_or(RegisterError::Form(1))?;
        let Ok(Fact::Desk { certificate, .. }) = Fact::decode(body) else {
            return Err(RegisterError::Form(1));
        };
        let desk = DeskCertificate::verify(&certificate, &self.root)?;
        if desk.tenant != self.tenant {
            return Err(CertificateError::Tenant.into());
        }
        if desk.register == segment.chain { Ok(desk) } else { Err(RegisterError::Form(1)) }
    }

    fn apply(&mut self, desk: &DeskCertificate, entry: &Verified) -> Result<(), RegisterError> {
        let seq = entry.place.seq;
        if entry.entry.header.kind != Kind::REGISTER {
            return Err(RegisterError::Form(seq));
        }
        let Some(body) = entry.entry.body.bytes() else {
            return if self.excerpt { Ok(()) } else { Err(RegisterError::Form(seq)) };
        };
        match Fact::decode(body).map_err(|_| RegisterError::Form(seq))? {
            Fact::Desk { sealed, .. } if seq == 1 => {
                self.sealed.insert(desk.register, sealed);
            }
            Fact::Desk { .. } => return Err(RegisterError::Form(seq)),
            Fact::Suitcase(bytes) => {
                let certificate = SuitcaseCertificate::verify(&bytes, &desk.signing)?;
                self.same_tenant(certificate.tenant)?;
                self.suitcases.entry(certificate.chain).or_default().insert(desk.register, certificate);
            }
            Fact::Hub(bytes) => {
                let certificate = HubCertificate::verify(&bytes, &desk.signing)?;
                self.same_tenant(certificate.tenant)?;
                self.hubs.push(Stated { register: desk.register, seq, what: certificate });
            }
            Fact::Revocation { chain, from, reason } => {
                // The earliest counts, in whatever order two desks' registers arrive.
                let known = self.revocations.entry(chain).or_insert_with(|| (from, reason.clone()));
                if (from, &reason) < (known.0, &known.1) {
                    *known = (from, reason);
                }
            }
            Fact::Minimum { protocol, suite } => {
                self.minimums.push(Stated { register: desk.register, seq, what: (protocol, suite) });
            }
            Fact::Release(head) => {
                let publication = Publication { register: desk.register, seq, head, further: Vec::new() };
                self.releases.entry(desk.register).or_default().push(Arc::new(publication));
            }
            Fact::ReleasePiece { digest, which, piece } => {
                let of_this_desk = self.releases.entry(desk.register).or_default();
                if let Some(publication) = of_this_desk.iter_mut().rev().find(|one| one.head.digest == digest) {
                    Arc::make_mut(publication).add(which, piece);
                }
            }
            Fact::Centre(details) => {
                self.details.push(Stated { register: desk.register, seq, what: Arc::new(details) });
            }
            Fact::KeptDays(days) => self.kept_days.push(Stated { register: desk.register, seq, what: days }),
            Fact::Succession { register, end } if desk.predecessor == Some(register) => {
                self.successions.entry(desk.register).or_insert(Succession { seq, before: register, end });
            }
            // A desk speaks of the one before it and of no other.
            Fact::Succession { .. } => {}
            Fact::Continuation { chain, predecessor, end } if chain != predecessor => {
                let known = self.continued.entry(predecessor).or_insert((end, chain));
                // The order in which two desks' registers arrive does not matter.
                if (end.seq, chain) < (known.0.seq, known.1) {
                    *known = (end, chain);
                }
            }
            Fact::Continuation { .. } => {}
            Fact::Erasure(order) => {
                self.erasures.push(Stated { register: desk.register, seq, what: Arc::new(order) });
            }
            Fact::Later(_) => {}
        }
        Ok(())
    }

    fn same_tenant(&self, tenant: TenantId) -> Result<(), RegisterError> {
        if tenant == self.tenant { Ok(()) } else { Err(CertificateError::Tenant.into()) }
    }

    /// Who signs this chain, if anybody may write it.
    pub fn author(&self, chain: ChainId) -> Option<VerifyingKey> {
        let suitcase = || self.suitcase(chain).map(|suitcase| suitcase.signing);
        let reborn = || self.reborn.get(&chain).map(|rebirth| rebirth.signing);
        self.desk_of(chain).map(|desk| desk.signing).or_else(suitcase).or_else(reborn)
    }

    /// The desk that writes this register or case chain.
    pub fn desk_of(&self, chain: ChainId) -> Option<&DeskCertificate> {
        self.desks.values().map(|(desk, _)| desk).find(|desk| desk.register == chain || desk.case == chain)
    }

    /// True for a chain whose grants and verdicts count.
    pub fn is_case(&self, chain: ChainId) -> bool {
        self.desks.values().any(|(desk, _)| desk.case == chain)
    }

    /// True for a chain of public facts.
    pub fn is_register(&self, chain: ChainId) -> bool {
        self.desks.contains_key(&chain)
    }

    /// The desk that is at work: the one that is nobody's predecessor. `None` before its certificate is known.
    pub fn current_desk(&self) -> Option<&DeskCertificate> {
        let replaced: Vec<ChainId> = self.desks.values().filter_map(|(desk, _)| desk.predecessor).collect();
        self.desks.values().map(|(desk, _)| desk).find(|desk| !replaced.contains(&desk.register))
    }

    /// What is sealed to the centre is sealed to this key.
    pub fn centre_agreement(&self) -> Option<AgreementPublicKey> {
        self.current_desk().map(|desk| desk.agreement)
    }

    /// Every desk with its register's end and its secrets sealed to the root.
    pub fn desks(&self) -> impl Iterator<Item = (&DeskCertificate, Link, &[u8])> {
        let sealed = |chain| self.sealed.get(chain).map_or(&[][..], Vec::as_slice);
        self.desks.iter().map(move |(chain, (desk, end))| (desk, *end, sealed(chain)))
    }

    /// Where a register chain ends.
    pub fn head(&self, register: ChainId) -> Link {
        self.desks.get(&register).map_or(Link::EMPTY, |(_, end)| *end)
    }

    fn hash_at(&self, register: ChainId, seq: u64) -> Option<Hash> {
        let place = usize::try_from(seq.checked_sub(1)?).ok()?;
        self.hashes.get(&register)?.get(place).copied()
    }

    /// Every suitcase's newest certificate.
    pub fn suitcases(&self) -> impl Iterator<Item = &SuitcaseCertificate> {
        self.suitcases.keys().filter_map(|chain| self.suitcase(*chain))
    }

    /// One suitcase's newest certificate: of two desks' the one that holds longer, so that the order in which their
    /// registers arrived does not matter.
    pub fn suitcase(&self, chain: ChainId) -> Option<&SuitcaseCertificate> {
        let by_desk = self.suitcases.get(&chain)?;
        by_desk.iter().max_by_key(|(register, s)| (s.validity.not_after, **register)).map(|(_, s)| s)
    }

    /// When and why a chain was revoked.
    pub fn revocation(&self, chain: ChainId) -> Option<(i64, &str)> {
        self.revocations.get(&chain).map(|(from, reason)| (*from, reason.as_str()))
    }

    /// Keys whose answers are our hub's at `time`. A clock that is obviously wrong is not a reason to fall silent:
    /// pass `None` for «any time».
    pub fn hubs(&self, time: Option<i64>) -> Vec<VerifyingKey> {
        let valid = |hub: &&HubCertificate| time.is_none_or(|time| hub.validity.covers(time));
        self.counting(&self.hubs).map(|hub| &hub.what).filter(valid).map(|hub| hub.signing).collect()
    }

    /// Lowest protocol and suite.
    pub fn minimum(&self) -> (u16, u8) {
        let stated = self.counting(&self.minimums).map(|one| one.what);
        stated.fold((1, 1), |(protocol, suite), one| (protocol.max(one.0), suite.max(one.1)))
    }

    /// Those that no succession leaves behind.
    fn counting<'a, T>(&'a self, stated: &'a [Stated<T>]) -> impl Iterator<Item = &'a Stated<T>> {
        stated.iter().filter(|one| self.counts(one.register, one.seq))
    }

    /// Does what this entry of a register chain publishes count? Several desks may have followed one: the earliest end
    /// is the one, in whatever order their registers arrive. Nothing of a chain counts that is another one at its end
    /// than the successor saw: somebody has the old key and wrote it anew.
    fn counts(&self, register: ChainId, seq: u64) -> bool {
        self.counts_within(register, seq, self.desks.len())
    }

    /// `successors` at most are asked: two desks that each name the other as predecessor would never end.
    fn counts_within(&self, register: ChainId, seq: u64, successors: usize) -> bool {
        // A desk that had itself been replaced by then says nothing about the one before it.
        let binds = |(by, one): &(&ChainId, &Succession)| {
            one.before == register && (successors == 0 || self.counts_within(**by, one.seq, successors - 1))
        };
        let ends = self.successions.iter().filter(binds).map(|(_, one)| one.end);
        let Some(end) = ends.min_by_key(|end| end.seq) else { return true };
        let another = self.hash_at(register, end.seq).is_some_and(|held| held != end.hash);
        seq <= end.seq && !another
    }

    /// Every release that was ever published, in order: a desk's predecessors before it, then as they were written.
    pub fn releases(&self) -> Vec<Arc<Publication>> {
        let mut chains: Vec<(usize, ChainId)> =
            self.releases.keys().map(|chain| (self.depth(*chain), *chain)).collect();
        chains.sort_unstable();
        let all = chains.into_iter().filter_map(|(_, chain)| self.releases.get(&chain)).flatten();
        all.filter(|one| self.counts(one.register, one.seq)).cloned().collect()
    }

    /// Who the centre is, as the desk at work published it last; until it does, as the one before it did.
    pub fn centre_details(&self) -> Option<&CentreDetails> {
        let newest = self.counting(&self.details).max_by_key(|one| (self.depth(one.register), one.register, one.seq));
        newest.map(|one| one.what.as_ref())
    }

    /// For how many days suitcases hold what is closed, as it was published last; `None` if it never was.
    pub fn kept_days(&self) -> Option<u16> {
        let newest = self.counting(&self.kept_days).max_by_key(|one| (self.depth(one.register), one.register, one.seq));
        newest.map(|one| one.what)
    }

    /// How many desks stood before the one that writes this register chain.
    fn depth(&self, register: ChainId) -> usize {
        let before = |chain: &ChainId| self.desks.get(chain).and_then(|(desk, _)| desk.predecessor);
        // Two desks that each name the other as predecessor would never end.
        std::iter::successors(before(&register), before).take(self.desks.len()).count()
    }

    /// How a chain stands at `time`. A certificate that is not valid *yet* counts as live: the clock is behind.
    pub fn standing(&self, chain: ChainId, time: i64) -> Standing {
        if self.desk_of(chain).is_some() {
            return Standing::Centre;
        }
        let revoked = self.revocations.get(&chain).map(|(from, _)| Standing::Revoked { from: *from });
        let Some(certificate) = self.suitcase(chain) else {
            return match self.reborn.contains_key(&chain) {
                true => revoked.unwrap_or(Standing::Unconfirmed),
                false => Standing::Unknown,
            };
        };
        match (revoked, self.continued.get(&chain)) {
            (Some(revoked), _) => revoked,
            (None, Some((_, by))) => Standing::Continued { by: *by },
            (None, None) if time > certificate.validity.not_after => Standing::Expired,
            (None, None) => Standing::Live,
        }
    }
}
