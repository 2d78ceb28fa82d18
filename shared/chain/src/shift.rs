//! «Nothing is left»: what a suitcase signs at the end of a shift. It is no entry of a chain, so that to say it leaves
//! nothing unsent.
//!
//! | field | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | tenant | 16 |
//! | number of the suitcase | `u16` |
//! | device time, ms since 1970 | 8 |
//! | login of the officer | text |
//! | register: chain, seq, hash of its head as known here | 16, count, 32 |
//! | requests that this suitcase made today, and ever | counts |
//! | drafts that stay by the officer's word | count, then service (text) and last change (8) each |
//! | chains, that of the signer first | count, then each as below |
//! | signature of the first chain's author over all before it | 64 |
//!
//! A chain: chain 16; last entry: seq (count), hash 32; its anchor: lineage 16, time 8, the hub's key 32, signature 64;
//! its verdict: case chain 16, entry that brought it: seq (count), hash 32; exceptions: count, then seq (count) and
//! code `u8` each.

use crate::Link;
use crate::anchor::Anchor;
use crate::limits;
use crate::register::Register;
use crate::shift_facts::ClosedChain;
use crate::verdict::{ExceptionCode, read_link, write_link};
use ids::{ChainId, LineageId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Label, Signature, SigningKey, VerifyingKey};

const NAME: usize = 64;

/// A draft that stays on the suitcase, without anybody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLeft {
    /// Slug of the service; empty if none is chosen.
    pub service: String,
    /// Device time of the last change, ms since 1970.
    pub changed: i64,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndOfShift {
    /// Whose community.
    pub tenant: TenantId,
    /// Short number of the suitcase.
    pub suitcase: u16,
    /// Device time, ms since 1970.
    pub at: i64,
    /// Login of the officer.
    pub officer: String,
    /// The register's head as known here.
    pub register: (ChainId, Link),
    /// Requests made today and ever.
    pub requests: (u64, u64),
    /// Drafts that stay.
    pub drafts: Vec<DraftLeft>,
    /// Every own chain that has entries; never empty.
    pub chains: Vec<ClosedChain>,
}

/// Why a statement is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShiftError {
    /// Other bytes, or cut off.
    #[error(
        "це не акт кінця зміни, або його зчитано не повністю / this is no end-of-shift statement, or not read as a whole"
    )]
    Form,
    /// Of another community.
    #[error("акт іншої громади / a statement of another community")]
    Tenant,
    /// The register knows no such suitcase.
    #[error("акт підписала валіза, якої центр не знає / signed by a suitcase that the centre does not know")]
    UnknownSuitcase,
    /// Signed by somebody else, or changed.
    #[error(
        "підпис не збігається: акт змінено або підроблено / the signature differs: the statement was changed or forged"
    )]
    Forged,
    /// An anchor in it is not signed by a hub of the community.
    #[error("квитанцію в акті підписав не вузол цієї громади / an anchor in it is not signed by this community's hub")]
    Anchor,
    /// A verdict in it is named from a chain that is not the centre's.
    #[error("вердикт в акті взято не з ланцюга центру / a verdict in it is not from the centre's chain")]
    Verdict,
}

impl From<DecodeError> for ShiftError {
    fn from(_: DecodeError) -> Self {
        Self::Form
    }
}

impl EndOfShift {
    /// All bytes, signed by the author of the first chain.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let fields = self.fields();
        let signature = key.sign(Label::EndOfShift, &fields);
        Self::joined(fields, &signature)
    }

    /// What is signed under [`Label::EndOfShift`].
    pub fn fields(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(512);
        w.u8(1).fixed(self.tenant.as_bytes()).u16(self.suitcase).i64(self.at).text(&self.officer);
        w.fixed(self.register.0.as_bytes());
        write_link(&mut w, &self.register.1);
        w.count(self.requests.0).count(self.requests.1);
        w.count(self.drafts.len() as u64);
        for draft in &self.drafts {
            w.text(&draft.service).i64(draft.changed);
        }
        w.count(self.chains.len() as u64);
        self.chains.iter().for_each(|closed| write_chain(&mut w, closed));
        w.finish()
    }

    /// The fields with their signature behind them.
    pub fn joined(mut fields: Vec<u8>, signature: &Signature) -> Vec<u8> {
        fields.extend_from_slice(&signature.0);
        fields
    }

    /// Reads what [`EndOfShift::sign`] wrote. No signature is checked here.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Signature), ShiftError> {
        let (fields, signature) = bytes.split_last_chunk::<64>().ok_or(ShiftError::Form)?;
        let mut r = Reader::new(fields);
        if r.u8()? != 1 {
            return Err(ShiftError::Form);
        }
        let tenant = TenantId::from_bytes(r.fixed()?);
        let (suitcase, at, officer) = (r.u16()?, r.i64()?, r.text(NAME)?.to_owned());
        let register = (ChainId::from_bytes(r.fixed()?), read_link(&mut r)?);
        let requests = (r.count()?, r.count()?);
        let count = r.count_to(limits::SHIFT_DRAFTS)?;
        let draft = |r: &mut Reader<'_>| Ok(DraftLeft { service: r.text(NAME)?.to_owned(), changed: r.i64()? });
        let drafts = (0..count).map(|_| draft(&mut r)).collect::<Result<_, DecodeError>>()?;
        let count = r.count_to(limits::SHIFT_CHAINS)?;
        let chains: Vec<ClosedChain> = (0..count).map(|_| read_chain(&mut r, tenant)).collect::<Result<_, _>>()?;
        r.end()?;
        if chains.is_empty() {
            return Err(ShiftError::Form);
        }
        Ok((Self { tenant, suitcase, at, officer, register, requests, drafts, chains }, Signature(*signature)))
    }

    /// Reads and believes: signed by a suitcase of the community, its anchors by a hub of it, its verdicts named from
    /// the centre's case chains. How the suitcase stands today, and whether the centre holds those entries, is for the
    /// caller to say.
    pub fn verified(bytes: &[u8], register: &Register) -> Result<Self, ShiftError> {
        let (statement, signature) = Self::decode(bytes)?;
        if statement.tenant != register.tenant() {
            return Err(ShiftError::Tenant);
        }
        let first = statement.chains.first().ok_or(ShiftError::Form)?;
        let author = register.suitcase(first.chain).ok_or(ShiftError::UnknownSuitcase)?.signing;
        if !author.verifies(Label::EndOfShift, &statement.fields(), &signature) {
            return Err(ShiftError::Forged);
        }
        if !statement.chains.iter().all(|closed| register.is_our_anchor(&closed.anchor)) {
            return Err(ShiftError::Anchor);
        }
        if !statement.chains.iter().all(|closed| register.is_case(closed.verdict.0)) {
            return Err(ShiftError::Verdict);
        }
        Ok(statement)
    }
}

fn write_chain(w: &mut Writer, closed: &ClosedChain) {
    w.fixed(closed.chain.as_bytes());
    write_link(w, &closed.end);
    let Anchor { lineage, time, answerer, signature, .. } = &closed.anchor;
    w.fixed(lineage.as_bytes()).i64(*time).fixed(&answerer.0).fixed(&signature.0);
    w.fixed(closed.verdict.0.as_bytes());
    write_link(w, &closed.verdict.1);
    w.count(closed.exceptions.len() as u64);
    for (seq, code) in &closed.exceptions {
        w.count(*seq).u8(code.code());
    }
}

fn read_chain(r: &mut Reader<'_>, tenant: TenantId) -> Result<ClosedChain, DecodeError> {
    let (chain, end) = (ChainId::from_bytes(r.fixed()?), read_link(r)?);
    let anchor = Anchor {
        tenant,
        lineage: LineageId::from_bytes(r.fixed()?),
        chain,
        end,
        time: r.i64()?,
        answerer: VerifyingKey(r.fixed()?),
        signature: Signature(r.fixed()?),
    };
    let verdict = (ChainId::from_bytes(r.fixed()?), read_link(r)?);
    let count = r.count_to(limits::VERDICT_EXCEPTIONS)?;
    let one = |r: &mut Reader<'_>| Ok((r.count()?, ExceptionCode::from_code(r.u8()?)?));
    let exceptions = (0..count).map(|_| one(r)).collect::<Result<_, DecodeError>>()?;
    Ok(ClosedChain { chain, end, anchor, verdict, exceptions })
}
