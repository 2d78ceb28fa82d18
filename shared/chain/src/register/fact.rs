//! What an entry of the register says.
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
//! | 9 | succession | the predecessor's register chain 16, its last entry that counts: number `u64`, hash 32; of its case chain the same |
//! | 10 | continuation | the new chain 16, the chain it continues 16, that one's last entry that counts: number `u64`, hash 32 |
//! | 11 | erasure | records (count, 16 each), entries that hold their keys (count, chain 16 and number `u64` each), kept (option: case chain 16, number `u64`): [`Erasure`] |
//! | 12 | kept days | for how many days suitcases hold what is closed `u16` |
//! | 13 | covered | when a copy of the desk was made `i64` ms, count, then of each chain that the copy holds further than the one before: chain 16, its last entry there (count) |
//! | 14 | destroyed | the register chain 16 of a desk whose agreement secret is gone |
//! | 15 | hub ended | the hub's Ed25519 key 32, from `i64` ms by that hub's clock |
//!
//! A **succession** ends both chains of the desk before; what stands behind these ends is told in `register/succession.rs`.
//!
//! A **continuation** stands behind the certificate of a suitcase's new chain ([`crate::Rebirth`]): a person confirmed
//! it. What the chain before it says behind that entry is set aside for a person, as of a revoked one.
//!
//! Facts of later versions are kept. Codes up to 127 are passed over by who does not know them. From 128 on they must be
//! understood: who does not know one stops and says that it has to be updated ([`crate::Register::not_understood`]).

use crate::centre::CentreDetails;
use crate::entry::Link;
use crate::erasure::Erasure;
use crate::limits;
use crate::release::ReleaseHead;
use crate::verdict::{below_limit, read_seq};
use ids::ChainId;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, VerifyingKey};

/// Codes from here on must be understood.
pub(super) const MUST_BE_UNDERSTOOD: u8 = 128;

/// One public fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// First entry of a register chain: the root certifies the desk that writes it.
    Desk {
        /// Signed [`signing::DeskCertificate`].
        certificate: Vec<u8>,
        /// The desk's secrets, sealed to the root: kit + hub give the desk back.
        sealed: Vec<u8>,
    },
    /// A signed [`signing::SuitcaseCertificate`]: a new suitcase, a renewal, or a rebirth.
    Suitcase(Vec<u8>),
    /// A signed [`signing::HubCertificate`].
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
    /// Whoever is below these sends nothing that is sealed, and is told so.
    Minimum {
        /// Lowest protocol version.
        protocol: u16,
        /// Lowest suite that is sealed with from now on.
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
    /// Where both chains of the desk before end.
    Succession {
        /// The predecessor's register chain.
        register: ChainId,
        /// The last entry of it that counts.
        end: Link,
        /// The last entry of its case chain that counts.
        case_end: Link,
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
    /// A copy of the desk is kept that holds these chains up to these entries; at most [`limits::COVERED_CHAINS`] of them.
    Covered {
        /// When it was made, ms since 1970, by the desk's clock.
        at: i64,
        /// The chains that it holds further than the copy that was told of before.
        ends: Vec<(ChainId, u64)>,
    },
    /// The agreement secret of this desk was destroyed: nobody seals to it, and a desk made from the kit leaves it alone.
    Destroyed {
        /// Its register chain.
        register: ChainId,
    },
    /// This hub's key was stolen or given up: its answers count no more, and its anchors only if they are dated before.
    HubEnded {
        /// The hub's key, as its certificate names it.
        key: VerifyingKey,
        /// By that hub's clock, ms since 1970.
        from: i64,
    },
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
            Self::Succession { register, end, case_end } => {
                w.u8(9).fixed(register.as_bytes());
                w.u64(end.seq).fixed(&end.hash.0).u64(case_end.seq).fixed(&case_end.hash.0)
            }
            Self::Continuation { chain, predecessor, end } => {
                w.u8(10).fixed(chain.as_bytes()).fixed(predecessor.as_bytes()).u64(end.seq).fixed(&end.hash.0)
            }
            Self::Erasure(order) => order.write(w.u8(11)),
            Self::KeptDays(days) => w.u8(12).u16(*days),
            Self::Covered { at, ends } => {
                w.u8(13).i64(*at).count(ends.len() as u64);
                for (chain, seq) in ends {
                    w.fixed(chain.as_bytes()).count(*seq);
                }
                &mut w
            }
            Self::Destroyed { register } => w.u8(14).fixed(register.as_bytes()),
            Self::HubEnded { key, from } => w.u8(15).fixed(&key.0).i64(*from),
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
                let register = ChainId::from_bytes(r.fixed()?);
                let (end, case_end) = (read_end(&mut r)?, read_end(&mut r)?);
                Self::Succession { register, end, case_end }
            }
            10 => {
                let (chain, predecessor) = (ChainId::from_bytes(r.fixed()?), ChainId::from_bytes(r.fixed()?));
                Self::Continuation { chain, predecessor, end: read_end(&mut r)? }
            }
            11 => Self::Erasure(Erasure::read(&mut r)?),
            12 => Self::KeptDays(r.u16()?),
            13 => {
                let at = r.i64()?;
                let count = r.count_to(limits::COVERED_CHAINS)?;
                let end = |_| Ok((ChainId::from_bytes(r.fixed()?), read_seq(&mut r)?));
                let ends = (0..count).map(end).collect::<Result<_, DecodeError>>()?;
                Self::Covered { at, ends }
            }
            14 => Self::Destroyed { register: ChainId::from_bytes(r.fixed()?) },
            15 => Self::HubEnded { key: VerifyingKey(r.fixed()?), from: r.i64()? },
            later => return Ok(Self::Later(later)),
        };
        r.end()?;
        Ok(fact)
    }
}

/// number `u64`, hash 32.
fn read_end(r: &mut Reader<'_>) -> Result<Link, DecodeError> {
    Ok(Link { seq: below_limit(r.u64()?)?, hash: Hash(r.fixed()?) })
}
