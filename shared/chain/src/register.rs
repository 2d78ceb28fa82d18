//! The register: who may write which chain. Public within the community, held whole and verified by everybody, the
//! blind hub included. What an entry of it says is a [`Fact`].

mod covered;
mod erased;
mod fact;
mod hubs;
mod reborn;
mod succession;
mod suitcases;

pub use fact::Fact;

use crate::centre::CentreDetails;
use crate::entry::{Kind, Link};
use crate::erasure::Erasure;
use crate::release::Publication;
use crate::segment::{Segment, Verified};
use covered::Covered;
use ids::{ChainId, TenantId};
use signing::{
    AgreementPublicKey, CertificateError, DeskCertificate, Hash, HubCertificate, RootPublic, SuitcaseCertificate,
    VerifyingKey,
};
use std::collections::BTreeMap;
use std::sync::Arc;
pub use succession::CaseEnd;
use succession::Succession;

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
    /// All certificates of a chain.
    suitcases: BTreeMap<ChainId, Vec<Stated<SuitcaseCertificate>>>,
    revocations: BTreeMap<ChainId, (i64, String)>,
    hubs: Vec<Stated<HubCertificate>>,
    /// Hubs' keys that say nothing any more, and from which of their times on they never did.
    ended_hubs: Vec<Stated<(VerifyingKey, i64)>>,
    minimums: Vec<Stated<(u16, u8)>>,
    /// Codes of facts that must be understood and are not.
    demands: Vec<Stated<u8>>,
    /// Of each register chain, in its order. Shared: a register is cloned for every segment it takes.
    releases: BTreeMap<ChainId, Vec<Arc<Publication>>>,
    details: Vec<Stated<Arc<CentreDetails>>>,
    kept_days: Vec<Stated<u16>>,
    covered: Vec<Stated<Arc<Covered>>>,
    /// Where the publications of replaced desks end, by the desk that stated it.
    successions: BTreeMap<ChainId, Succession>,
    /// By the new chain.
    reborn: BTreeMap<ChainId, crate::Rebirth>,
    /// By the chain before: who goes on, and its last entry that counts.
    continued: BTreeMap<ChainId, Vec<Stated<(Link, ChainId)>>>,
    erasures: Vec<Stated<Arc<Erasure>>>,
    /// Register chains of desks whose agreement secrets are gone.
    destroyed: Vec<Stated<ChainId>>,
    /// Entries whose bodies were left out are followed and say nothing.
    excerpt: bool,
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
            ended_hubs: Vec::new(),
            minimums: Vec::new(),
            demands: Vec::new(),
            releases: BTreeMap::new(),
            details: Vec::new(),
            kept_days: Vec::new(),
            covered: Vec::new(),
            successions: BTreeMap::new(),
            reborn: BTreeMap::new(),
            continued: BTreeMap::new(),
            erasures: Vec::new(),
            destroyed: Vec::new(),
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
                let stated = Stated { register: desk.register, seq, what: certificate };
                self.suitcases.entry(certificate.chain).or_default().push(stated);
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
            Fact::Covered { at, ends } => {
                let what = Arc::new(Covered { at, ends: ends.into_iter().collect() });
                self.covered.push(Stated { register: desk.register, seq, what });
            }
            Fact::Succession { register, end, case_end } if desk.predecessor == Some(register) => {
                let succession = Succession { seq, before: register, end, case_end };
                self.successions.entry(desk.register).or_insert(succession);
            }
            // A desk speaks of the one before it and of no other.
            Fact::Succession { .. } => {}
            Fact::Continuation { chain, predecessor, end } if chain != predecessor => {
                let stated = Stated { register: desk.register, seq, what: (end, chain) };
                self.continued.entry(predecessor).or_default().push(stated);
            }
            Fact::Continuation { .. } => {}
            Fact::Erasure(order) => {
                self.erasures.push(Stated { register: desk.register, seq, what: Arc::new(order) });
            }
            Fact::Destroyed { register } => {
                self.destroyed.push(Stated { register: desk.register, seq, what: register });
            }
            Fact::HubEnded { key, from } => {
                self.ended_hubs.push(Stated { register: desk.register, seq, what: (key, from) });
            }
            Fact::Later(code) if code >= fact::MUST_BE_UNDERSTOOD => {
                self.demands.push(Stated { register: desk.register, seq, what: code });
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
        let late = || self.certified_late(chain).map(|suitcase| suitcase.signing);
        self.desk_of(chain).map(|desk| desk.signing).or_else(suitcase).or_else(reborn).or_else(late)
    }

    /// The desk that writes this register or case chain.
    pub fn desk_of(&self, chain: ChainId) -> Option<&DeskCertificate> {
        self.desks.values().map(|(desk, _)| desk).find(|desk| desk.register == chain || desk.case == chain)
    }

    /// True if the desk of one case chain goes on for the desk of the other: what it says was said later, whenever it
    /// arrives.
    pub fn follows(&self, case: ChainId, before: ChainId) -> bool {
        let (Some(mut desk), Some(old)) = (self.desk_of(case), self.desk_of(before)) else { return false };
        for _ in 0..self.desks.len() {
            match desk.predecessor {
                Some(register) if register == old.register => return true,
                Some(register) => match self.desk_of(register) {
                    Some(earlier) => desk = earlier,
                    None => return false,
                },
                None => return false,
            }
        }
        false
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

    /// When and why a chain was revoked.
    pub fn revocation(&self, chain: ChainId) -> Option<(i64, &str)> {
        self.revocations.get(&chain).map(|(from, reason)| (*from, reason.as_str()))
    }

    /// Lowest protocol and suite, as they were published last: a minimum that shuts everybody out is mended by the next.
    /// Above all that there is where a fact that must be understood is not.
    pub fn minimum(&self) -> (u16, u8) {
        if self.not_understood().is_some() {
            return (u16::MAX, u8::MAX);
        }
        let newest = self.counting(&self.minimums).max_by_key(|one| (self.depth(one.register), one.register, one.seq));
        newest.map_or((1, 1), |one| one.what)
    }

    /// The code of a fact that this program does not know and has to: it takes nothing in and hands nothing out by a
    /// register of which it knows half, and says that it has to be updated.
    pub fn not_understood(&self) -> Option<u8> {
        self.counting(&self.demands).map(|one| one.what).next()
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
}
