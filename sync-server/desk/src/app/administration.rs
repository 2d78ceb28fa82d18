//! What administrators decided, as facts of the desk's case chain, and what they add up to.
//!
//! Each is an `own` fact as [`super::facts`] describes: code, version = 1, fields.
//!
//! | code | fact | fields |
//! |---|---|---|
//! | 80 | settings | always compare words `u8`, administrators need a code `u8`, days between drills `u16`, by (text), at `i64` ms |
//! | 81 | invitation withdrawn | id 16, by (text), at `i64` ms |
//! | 82 | invitation to be compared | id 16 |
//! | 83 | words compared | id 16, chain 16, the same `u8`, by (text), at `i64` ms |
//! | 84 | second factor | login (text), secret (bytes, empty: taken away), hashes of recovery codes: count, then 32 each; by (text), at `i64` ms |
//! | 85 | recovery code used | login (text), hash 32, at `i64` ms |
//! | 86 | code used | login (text), step of 30 s `u64`, at `i64` ms |
//! | 87 | asked to set a code up | login (text), at `i64` ms |
//! | 88 | kit drill | by (text), at `i64` ms |
//! | 89 | place of a suitcase | chain 16, place (text), by (text), at `i64` ms |
//! | 90 | loss of a suitcase | chain 16, what happened (text), by (text), at `i64` ms |
//! | 92 | two laptops under one chain: invitation closed | id 16, chain 16, at `i64` ms |
//! | 93 | centre's details published | what they say differently (text), by (text), at `i64` ms |
//! | 94 | chain that goes on for a suitcase | chain 16, confirmed `u8` (0: declined), by (text), at `i64` ms |
//! | 100 | records that a revoked suitcase could read got their next key | its chain 16, how many `u32`, at `i64` ms |
//! | 101 | for how long suitcases hold what is closed | days `u16`, by (text), at `i64` ms |
//! | 102 | the desk's keys | 0 new ones taken, 1 old ones destroyed `u8`; without these suitcases: count, `u16` each; by (text), at `i64` ms |
//! | 103 | lowest protocol and suite required | protocol `u16`, suite `u8`, by (text), at `i64` ms |
//! | 106 | hub's key | key 32, ended from (option of `i64` ms by that hub's clock; none: certified), by (text), at `i64` ms |
//! | 91 | vault's code read out | chain 16, hash of the sealed code 32, to whom and how identified (text), by (text), at `i64` ms |

use super::facts::flag;
use ids::ChainId;
use peer::OwnFact;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, Secret, VerifyingKey};
use std::collections::{BTreeMap, BTreeSet};

const LINE: usize = 600;
const CODES: usize = 20;
const SECRET: usize = 64;

/// What an administrator may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Six words are compared for every laptop, however its invitation came.
    pub always_compare: bool,
    /// An administrator without a second factor gets no further than setting it up.
    pub code_required: bool,
    /// Days between two drills with the recovery kit.
    pub drill_days: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { always_compare: false, code_required: false, drill_days: 180 }
    }
}

/// A second factor as the chain keeps it.
pub struct SecondFactor {
    /// The secret that the person's application holds, 20 bytes.
    pub(crate) secret: Secret<20>,
    /// Hashes of the recovery codes that are not used yet.
    pub(crate) codes: BTreeSet<Hash>,
    /// The steps of which a code was used; no code of one of them, or of one before the last that is not to come, is
    /// taken again.
    pub(crate) steps: BTreeSet<u64>,
    /// Since when, ms since 1970.
    pub(crate) at: i64,
}

/// One decision.
pub enum AdministrationFact {
    /// What is set from now on.
    Settings { settings: Settings, by: String, at: i64 },
    /// An invitation serves nobody any more.
    Withdrawn { id: [u8; 16], by: String, at: i64 },
    /// Who asks on this invitation is compared first.
    Compare { id: [u8; 16] },
    /// A person compared six words.
    Compared { id: [u8; 16], chain: ChainId, same: bool, by: String, at: i64 },
    /// Two laptops with different keys asked under one chain: the invitation serves nobody any more.
    Contested { id: [u8; 16], chain: ChainId, at: i64 },
    /// A second factor, or none any more.
    Factor { login: String, secret: Option<Secret<20>>, codes: Vec<Hash>, by: String, at: i64 },
    /// A recovery code was used.
    RecoveryCode { login: String, hash: Hash, at: i64 },
    /// A code was used.
    Code { login: String, step: u64, at: i64 },
    /// Somebody was asked to set a second factor up.
    Asked { login: String, at: i64 },
    /// The kit was tried.
    Drill { by: String, at: i64 },
    /// Where a suitcase is.
    Place { chain: ChainId, place: String, by: String, at: i64 },
    /// A suitcase is lost.
    Lost { chain: ChainId, what: String, by: String, at: i64 },
    /// Other details of the centre were published: the register has them whole and names nobody.
    Details { what: String, by: String, at: i64 },
    /// A person said whether a chain goes on for its suitcase.
    Confirmed { chain: ChainId, same: bool, by: String, at: i64 },
    /// Records that a revoked suitcase could read, or that were taken back from it, got their next key, in the act that says so.
    KeysRenewed { chain: ChainId, records: u32, at: i64 },
    /// The desk has new keys, or its old ones are destroyed, without these suitcases knowing.
    Rotation { ended: bool, without: Vec<u16>, by: String, at: i64 },
    /// For how many days suitcases hold what is closed: the register says it, too, and names nobody.
    KeptDays { days: u16, by: String, at: i64 },
    /// A hub's key was certified, or ended: the register says it, too, and names nobody.
    HubKey { key: VerifyingKey, ended: Option<i64>, by: String, at: i64 },
    /// The lowest protocol and suite: the register says them, too, and names nobody.
    Minimum { protocol: u16, suite: u8, by: String, at: i64 },
    /// The code of a suitcase's vault was read out.
    ReadOut { chain: ChainId, code: Hash, to: String, by: String, at: i64 },
}

impl AdministrationFact {
    /// As it is kept.
    pub fn to_own(&self) -> OwnFact {
        let (code, bytes) = self.encode();
        OwnFact::Other(code, bytes)
    }

    fn encode(&self) -> (u8, Vec<u8>) {
        let mut w = Writer::new();
        w.u8(1);
        let code = match self {
            Self::Settings { settings, by, at } => {
                w.u8(settings.always_compare.into()).u8(settings.code_required.into()).u16(settings.drill_days);
                w.text(by).i64(*at);
                80
            }
            Self::Withdrawn { id, by, at } => {
                w.fixed(id).text(by).i64(*at);
                81
            }
            Self::Compare { id } => {
                w.fixed(id);
                82
            }
            Self::Compared { id, chain, same, by, at } => {
                w.fixed(id).fixed(chain.as_bytes()).u8((*same).into()).text(by).i64(*at);
                83
            }
            Self::Contested { id, chain, at } => {
                w.fixed(id).fixed(chain.as_bytes()).i64(*at);
                92
            }
            Self::Factor { login, secret, codes, by, at } => {
                w.text(login).bytes(secret.as_ref().map_or(&[][..], |secret| secret.expose()));
                w.count(codes.len() as u64);
                codes.iter().for_each(|code| {
                    w.fixed(&code.0);
                });
                w.text(by).i64(*at);
                84
            }
            Self::RecoveryCode { login, hash, at } => {
                w.text(login).fixed(&hash.0).i64(*at);
                85
            }
            Self::Code { login, step, at } => {
                w.text(login).u64(*step).i64(*at);
                86
            }
            Self::Asked { login, at } => {
                w.text(login).i64(*at);
                87
            }
            Self::Drill { by, at } => {
                w.text(by).i64(*at);
                88
            }
            Self::Place { chain, place, by, at } => {
                w.fixed(chain.as_bytes()).text(place).text(by).i64(*at);
                89
            }
            Self::Lost { chain, what, by, at } => {
                w.fixed(chain.as_bytes()).text(what).text(by).i64(*at);
                90
            }
            Self::Details { what, by, at } => {
                w.text(what).text(by).i64(*at);
                93
            }
            Self::Confirmed { chain, same, by, at } => {
                w.fixed(chain.as_bytes()).u8((*same).into()).text(by).i64(*at);
                94
            }
            Self::KeysRenewed { chain, records, at } => {
                w.fixed(chain.as_bytes()).u32(*records).i64(*at);
                100
            }
            Self::Rotation { ended, without, by, at } => {
                w.u8((*ended).into()).count(without.len() as u64);
                without.iter().for_each(|number| {
                    w.u16(*number);
                });
                w.text(by).i64(*at);
                102
            }
            Self::KeptDays { days, by, at } => {
                w.u16(*days).text(by).i64(*at);
                101
            }
            Self::HubKey { key, ended, by, at } => {
                w.fixed(&key.0).u8(ended.is_some().into());
                if let Some(from) = ended {
                    w.i64(*from);
                }
                w.text(by).i64(*at);
                106
            }
            Self::Minimum { protocol, suite, by, at } => {
                w.u16(*protocol).u8(*suite).text(by).i64(*at);
                103
            }
            Self::ReadOut { chain, code, to, by, at } => {
                w.fixed(chain.as_bytes()).fixed(&code.0).text(to).text(by).i64(*at);
                91
            }
        };
        (code, w.finish())
    }

    /// Reads one after its version; `None` for codes of others.
    pub fn decode(code: u8, r: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        let fact = match code {
            80 => {
                let (always_compare, code_required, drill_days) = (flag(r)?, flag(r)?, r.u16()?);
                let settings = Settings { always_compare, code_required, drill_days };
                Self::Settings { settings, by: line(r)?, at: r.i64()? }
            }
            81 => Self::Withdrawn { id: r.fixed()?, by: line(r)?, at: r.i64()? },
            82 => Self::Compare { id: r.fixed()? },
            83 => {
                let (id, chain, same) = (r.fixed()?, chain(r)?, flag(r)?);
                Self::Compared { id, chain, same, by: line(r)?, at: r.i64()? }
            }
            84 => {
                let (login, secret) = (line(r)?, r.bytes(SECRET)?);
                // A secret of another length is none that was taken away.
                let secret = match secret {
                    [] => None,
                    bytes => Some(Secret::from_slice(bytes).ok_or(DecodeError::NotCanonical)?),
                };
                let count = r.count_to(CODES)?;
                let codes = (0..count).map(|_| Ok(Hash(r.fixed()?))).collect::<Result<_, DecodeError>>()?;
                Self::Factor { login, secret, codes, by: line(r)?, at: r.i64()? }
            }
            85 => Self::RecoveryCode { login: line(r)?, hash: Hash(r.fixed()?), at: r.i64()? },
            86 => Self::Code { login: line(r)?, step: r.u64()?, at: r.i64()? },
            87 => Self::Asked { login: line(r)?, at: r.i64()? },
            88 => Self::Drill { by: line(r)?, at: r.i64()? },
            89 => Self::Place { chain: chain(r)?, place: line(r)?, by: line(r)?, at: r.i64()? },
            90 => Self::Lost { chain: chain(r)?, what: line(r)?, by: line(r)?, at: r.i64()? },
            91 => {
                let (chain, code) = (chain(r)?, Hash(r.fixed()?));
                Self::ReadOut { chain, code, to: line(r)?, by: line(r)?, at: r.i64()? }
            }
            93 => Self::Details { what: line(r)?, by: line(r)?, at: r.i64()? },
            92 => Self::Contested { id: r.fixed()?, chain: chain(r)?, at: r.i64()? },
            94 => {
                let (chain, same) = (chain(r)?, flag(r)?);
                Self::Confirmed { chain, same, by: line(r)?, at: r.i64()? }
            }
            100 => Self::KeysRenewed { chain: chain(r)?, records: r.u32()?, at: r.i64()? },
            102 => {
                let (ended, count) = (flag(r)?, r.count_to(usize::from(u16::MAX))?);
                let without = (0..count).map(|_| r.u16()).collect::<Result<_, DecodeError>>()?;
                Self::Rotation { ended, without, by: line(r)?, at: r.i64()? }
            }
            101 => Self::KeptDays { days: r.u16()?, by: line(r)?, at: r.i64()? },
            106 => {
                let (key, ended) = (VerifyingKey(r.fixed()?), flag(r)?);
                let ended = if ended { Some(r.i64()?) } else { None };
                Self::HubKey { key, ended, by: line(r)?, at: r.i64()? }
            }
            103 => Self::Minimum { protocol: r.u16()?, suite: r.u8()?, by: line(r)?, at: r.i64()? },
            _ => return Ok(None),
        };
        Ok(Some(fact))
    }
}

fn line(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    Ok(r.text(LINE)?.to_owned())
}

fn chain(r: &mut Reader<'_>) -> Result<ChainId, DecodeError> {
    Ok(ChainId::from_bytes(r.fixed()?))
}

/// What somebody said about a thing, and when: text, by, ms since 1970.
pub type Said = (String, String, i64);

/// What the decisions add up to.
#[derive(Default)]
pub struct Administration {
    /// What is set.
    pub settings: Settings,
    /// Invitations that serve nobody any more: withdrawn, or their words differed.
    pub closed: BTreeSet<[u8; 16]>,
    /// Invitations whose laptops are compared.
    pub compare: BTreeSet<[u8; 16]>,
    /// By login.
    pub factors: BTreeMap<String, SecondFactor>,
    /// Who was asked to set a code up.
    pub asked: BTreeSet<String>,
    /// The last drill: by whom, ms since 1970.
    pub drill: Option<(String, i64)>,
    /// The last time that old keys of the desk were destroyed: by whom, when.
    pub destroyed: Option<(String, i64)>,
    /// Where each suitcase is.
    pub places: BTreeMap<ChainId, String>,
    /// Which suitcases are lost.
    pub lost: BTreeMap<ChainId, Said>,
    /// How many records that each revoked suitcase could read got their next key, and when the last did.
    pub renewed: BTreeMap<ChainId, (u64, i64)>,
    /// Sealed codes, by their hash, that were read out: to whom, by whom, when.
    pub read_out: BTreeMap<Hash, Said>,
}

impl Administration {
    /// One more decision; of two about one thing the last counts.
    pub fn take(&mut self, fact: AdministrationFact) {
        match fact {
            AdministrationFact::Settings { settings, .. } => self.settings = settings,
            AdministrationFact::Withdrawn { id, .. } | AdministrationFact::Contested { id, .. } => {
                self.closed.insert(id);
            }
            AdministrationFact::Compare { id } => {
                self.compare.insert(id);
            }
            AdministrationFact::Compared { id, same, .. } => {
                if !same {
                    self.closed.insert(id);
                }
            }
            AdministrationFact::Factor { login, secret: None, .. } => {
                self.factors.remove(&login);
            }
            AdministrationFact::Factor { login, secret: Some(secret), codes, at, .. } => {
                let codes = codes.into_iter().collect();
                self.factors.insert(login, SecondFactor { secret, codes, steps: BTreeSet::new(), at });
            }
            AdministrationFact::RecoveryCode { login, hash, .. } => {
                if let Some(factor) = self.factors.get_mut(&login) {
                    factor.codes.remove(&hash);
                }
            }
            AdministrationFact::Code { login, step, .. } => {
                if let Some(factor) = self.factors.get_mut(&login) {
                    factor.steps.insert(step);
                }
            }
            AdministrationFact::Asked { login, .. } => {
                self.asked.insert(login);
            }
            AdministrationFact::Drill { by, at } => self.drill = Some((by, at)),
            AdministrationFact::Rotation { ended: true, by, at, .. } => self.destroyed = Some((by, at)),
            AdministrationFact::Rotation { .. } => {}
            AdministrationFact::Place { chain, place, .. } => {
                self.places.insert(chain, place);
            }
            AdministrationFact::Lost { chain, what, by, at } => {
                self.lost.insert(chain, (what, by, at));
            }
            // What the centre is called, who goes on for whom, and what suitcases hold, is read from the register.
            AdministrationFact::Details { .. }
            | AdministrationFact::Confirmed { .. }
            | AdministrationFact::KeptDays { .. }
            | AdministrationFact::HubKey { .. }
            | AdministrationFact::Minimum { .. } => {}
            AdministrationFact::KeysRenewed { chain, records, at } => {
                let (count, last) = self.renewed.entry(chain).or_default();
                (*count, *last) = (*count + u64::from(records), at);
            }
            AdministrationFact::ReadOut { code, to, by, at, .. } => {
                self.read_out.insert(code, (to, by, at));
            }
        }
    }
}

impl std::fmt::Debug for AdministrationFact {
    /// Its code alone: some hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AdministrationFact({})", self.encode().0)
    }
}

impl std::fmt::Debug for Administration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Administration({:?}, {} codes)", self.settings, self.factors.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It would switch an administrator's second step off.
    #[test]
    fn a_secret_of_another_length_is_not_one_that_was_taken_away() {
        let mut w = Writer::default();
        w.text("admin").bytes(&[9; 19]).count(0).text("admin").i64(7);
        assert!(AdministrationFact::decode(84, &mut Reader::new(&w.finish())).is_err());
    }

    fn facts() -> Vec<AdministrationFact> {
        let (id, chain, by) = ([4; 16], ChainId::from_bytes([5; 16]), || "admin".to_owned());
        let settings = Settings { always_compare: true, code_required: false, drill_days: 90 };
        let factor = |secret| AdministrationFact::Factor {
            login: by(),
            secret,
            codes: vec![Hash([1; 32]), Hash([2; 32])],
            by: by(),
            at: 7,
        };
        vec![
            AdministrationFact::Settings { settings, by: by(), at: -1 },
            AdministrationFact::Withdrawn { id, by: by(), at: 2 },
            AdministrationFact::Compare { id },
            AdministrationFact::Compared { id, chain, same: true, by: by(), at: 3 },
            AdministrationFact::Contested { id, chain, at: 4 },
            factor(Some(Secret::new([9; 20]))),
            factor(None),
            AdministrationFact::RecoveryCode { login: by(), hash: Hash([1; 32]), at: 8 },
            AdministrationFact::Code { login: by(), step: 59_841_840, at: 9 },
            AdministrationFact::Asked { login: by(), at: 10 },
            AdministrationFact::Drill { by: by(), at: 11 },
            AdministrationFact::Place { chain, place: "Гиряві Ісківці".into(), by: by(), at: 12 },
            AdministrationFact::Lost { chain, what: "викрадено".into(), by: by(), at: 13 },
            AdministrationFact::Details { what: "ЦНАП".into(), by: by(), at: 15 },
            AdministrationFact::ReadOut { chain, code: Hash([3; 32]), to: "Шевчук".into(), by: by(), at: 14 },
            AdministrationFact::KeysRenewed { chain, records: 258, at: 16 },
            AdministrationFact::KeptDays { days: 14, by: by(), at: 17 },
            AdministrationFact::HubKey { key: VerifyingKey([6; 32]), ended: None, by: by(), at: 20 },
            AdministrationFact::HubKey { key: VerifyingKey([6; 32]), ended: Some(-2), by: by(), at: 21 },
            AdministrationFact::Minimum { protocol: 258, suite: 3, by: by(), at: 19 },
            AdministrationFact::Rotation { ended: true, without: vec![7, 300], by: by(), at: 18 },
        ]
    }

    fn decode(code: u8, bytes: &[u8]) -> Result<Option<AdministrationFact>, DecodeError> {
        let mut r = Reader::new(bytes);
        r.u8()?;
        let fact = AdministrationFact::decode(code, &mut r)?;
        r.end()?;
        Ok(fact)
    }

    #[test]
    fn every_decision_is_read_back_and_no_cut_one_is() {
        for fact in facts() {
            let (code, bytes) = fact.encode();
            assert_eq!(decode(code, &bytes).unwrap().unwrap().encode(), (code, bytes.clone()));
            assert!((0..bytes.len()).all(|end| decode(code, &bytes[..end]).is_err()), "{fact:?}");
        }
        assert!(matches!(decode(99, &[1]), Ok(None)));
    }

    #[test]
    fn the_bytes_of_the_settings_are_the_documented_ones() {
        let settings = Settings { always_compare: true, code_required: false, drill_days: 90 };
        let (code, bytes) = AdministrationFact::Settings { settings, by: "a".into(), at: 258 }.encode();
        assert_eq!((code, bytes.as_slice()), (80, b"\x01\x01\x00\x00\x5a\x01a\0\0\0\0\0\0\x01\x02".as_slice()));
    }

    #[test]
    fn the_bytes_of_published_details_are_the_documented_ones() {
        let (code, bytes) = AdministrationFact::Details { what: "b".into(), by: "a".into(), at: 258 }.encode();
        assert_eq!((code, bytes.as_slice()), (93, b"\x01\x01b\x01a\0\0\0\0\0\0\x01\x02".as_slice()));
    }

    #[test]
    fn the_bytes_of_renewed_keys_are_the_documented_ones() {
        let chain = ChainId::from_bytes([5; 16]);
        let (code, bytes) = AdministrationFact::KeysRenewed { chain, records: 258, at: 259 }.encode();
        assert_eq!((code, bytes), (100, [&[1][..], &[5; 16], &[0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 1, 3]].concat()));
    }

    #[test]
    fn used_codes_are_gone_and_differing_words_close_the_invitation() {
        let mut all = Administration::default();
        facts().into_iter().take(6).for_each(|fact| all.take(fact));
        assert!(all.closed.contains(&[4; 16]) && all.settings.drill_days == 90);
        all.take(AdministrationFact::RecoveryCode { login: "admin".into(), hash: Hash([1; 32]), at: 8 });
        all.take(AdministrationFact::Code { login: "admin".into(), step: 5, at: 9 });
        all.take(AdministrationFact::Code { login: "admin".into(), step: 4, at: 9 });
        let factor = &all.factors["admin"];
        assert_eq!((factor.codes.len(), factor.steps.last().copied()), (1, Some(5)));
        let (id, chain) = ([6; 16], ChainId::from_bytes([5; 16]));
        all.take(AdministrationFact::Compared { id, chain, same: false, by: String::new(), at: 1 });
        assert!(all.closed.contains(&id));
    }
}
