//! The desk's own facts: `own` entries of its case chain, sealed to itself, so that kit and hub give them back.
//!
//! Each is an [`OwnFact::Other`]: code, then version = 1 and the fields in this order.
//!
//! | code | fact | fields |
//! |---|---|---|
//! | 64 | account | login (text), name (text), role `u8` (1 clerk, 2 administrator), active `u8`, Argon2id PHC (text), by (text), at `i64` ms |
//! | 65 | invitation | secret 16, number `u16`, roles `u8`, expires `i64` ms, by (text), at `i64` ms |
//! | 66 | invitation used | id 16, chain 16, laptop's name (text), at `i64` ms |
//! | 67 | profile | community's name (text), contact (text) |
//! | 68 | exception accepted | chain 16, seq `u64`, by (text), at `i64` ms |
//! | 69 | held at revocation | chain 16, seq `u64`, by (text), at `i64` ms |
//! | 70 | exception declined | chain 16, seq `u64`, by (text), at `i64` ms, reason (text) |
//! | 80–94, 100–101 | what administrators decided | [`super::administration`] |
//! | 104–105 | releases of the catalogue | [`super::catalogue_facts`] |
//! | 110–114 | erasing a person's data | [`super::erasure_facts`] |
//!
//! The last account of a login and the last profile count.

use super::accounts::{Account, Rank};
use super::administration::AdministrationFact;
use super::catalogue_facts::CatalogueFact;
use super::clerk_facts::ClerkFact;
use super::erasure_facts::ErasureFact;
use ids::ChainId;
use peer::OwnFact;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Roles, Secret};

const LINE: usize = 600;

/// Who the centre is, as pages and papers name it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// «Глобинська громада».
    pub name: String,
    /// Telephone or address for residents; may be empty.
    pub contact: String,
}

/// An invitation as the desk keeps it.
#[derive(Debug)]
pub struct KeptInvitation {
    /// Proves a request.
    pub secret: Secret<16>,
    /// «Валіза 7».
    pub number: u16,
    /// What the suitcase is for.
    pub roles: Roles,
    /// ms since 1970.
    pub expires: i64,
    /// Who invited.
    pub by: String,
    /// When, ms since 1970.
    pub at: i64,
}

/// One fact.
#[derive(Debug)]
pub enum DeskFact {
    /// An account as it is from now on.
    Account {
        /// All of it.
        account: Account,
        /// Who decided.
        by: String,
        /// When, ms since 1970.
        at: i64,
    },
    /// Somebody was invited.
    Invitation(KeptInvitation),
    /// A laptop was certified on an invitation, which is spent.
    InvitationUsed {
        /// [`chain::Invitation::id`].
        id: [u8; 16],
        /// Whose certificate.
        chain: ChainId,
        /// What its owner calls the laptop.
        name: String,
        /// When, ms since 1970.
        at: i64,
    },
    /// Who the centre is.
    Profile(Profile),
    /// A person let an entry in that had been set aside.
    Accepted {
        /// Whose entry.
        chain: ChainId,
        /// Its number.
        seq: u64,
        /// Who decided.
        by: String,
        /// When, ms since 1970.
        at: i64,
    },
    /// A person looked at an entry that had been set aside, and it stays so.
    Declined {
        /// Whose entry.
        chain: ChainId,
        /// Its number.
        seq: u64,
        /// Who decided.
        by: String,
        /// When, ms since 1970.
        at: i64,
        /// Why.
        reason: String,
    },
    /// A release of the catalogue was published, or a trial of one ended.
    Catalogue(CatalogueFact),
    /// Up to where a revoked chain had been opened: what a restored desk takes in without asking.
    HeldAtRevocation {
        /// Whose chain.
        chain: ChainId,
        /// Its last entry before the revocation.
        seq: u64,
        /// Who decided.
        by: String,
        /// When, ms since 1970.
        at: i64,
    },
    /// What an administrator decided.
    Administration(AdministrationFact),
    /// What was decided about erasing somebody's data.
    Erasure(ErasureFact),
}

impl From<AdministrationFact> for DeskFact {
    fn from(fact: AdministrationFact) -> Self {
        Self::Administration(fact)
    }
}

impl From<CatalogueFact> for DeskFact {
    fn from(fact: CatalogueFact) -> Self {
        Self::Catalogue(fact)
    }
}

impl DeskFact {
    /// As it is kept.
    pub fn to_own(&self) -> OwnFact {
        let mut w = Writer::new();
        w.u8(1);
        let code = match self {
            Self::Account { account, by, at } => {
                w.text(account.login.as_str()).text(&account.name).u8(account.rank as u8).u8(account.active.into());
                w.text(&account.phc).text(by).i64(*at);
                64
            }
            Self::Invitation(kept) => {
                w.fixed(kept.secret.expose()).u16(kept.number).u8(kept.roles.0).i64(kept.expires);
                w.text(&kept.by).i64(kept.at);
                65
            }
            Self::InvitationUsed { id, chain, name, at } => {
                w.fixed(id).fixed(chain.as_bytes()).text(name).i64(*at);
                66
            }
            Self::Profile(profile) => {
                w.text(&profile.name).text(&profile.contact);
                67
            }
            Self::Accepted { chain, seq, by, at } => {
                w.fixed(chain.as_bytes()).u64(*seq).text(by).i64(*at);
                68
            }
            Self::HeldAtRevocation { chain, seq, by, at } => {
                w.fixed(chain.as_bytes()).u64(*seq).text(by).i64(*at);
                69
            }
            Self::Declined { chain, seq, by, at, reason } => {
                w.fixed(chain.as_bytes()).u64(*seq).text(by).i64(*at).text(reason);
                70
            }
            Self::Administration(fact) => return fact.to_own(),
            Self::Catalogue(fact) => return fact.to_own(),
            Self::Erasure(fact) => return fact.to_own(),
        };
        OwnFact::Other(code, w.finish())
    }

    /// Reads one; `None` for facts of others and of later versions.
    pub fn from_own(fact: &OwnFact) -> Option<Self> {
        let OwnFact::Other(code, bytes) = fact else { return None };
        Self::decode(*code, bytes).ok().flatten()
    }

    fn decode(code: u8, bytes: &[u8]) -> Result<Option<Self>, DecodeError> {
        let mut r = Reader::new(bytes);
        if r.u8()? != 1 {
            return Ok(None);
        }
        let fact = match code {
            64 => Self::Account { account: read_account(&mut r)?, by: line(&mut r)?, at: r.i64()? },
            65 => Self::Invitation(KeptInvitation {
                secret: Secret::new(r.fixed()?),
                number: r.u16()?,
                roles: Roles(r.u8()?),
                expires: r.i64()?,
                by: line(&mut r)?,
                at: r.i64()?,
            }),
            66 => Self::InvitationUsed {
                id: r.fixed()?,
                chain: ChainId::from_bytes(r.fixed()?),
                name: line(&mut r)?,
                at: r.i64()?,
            },
            67 => Self::Profile(Profile { name: line(&mut r)?, contact: line(&mut r)? }),
            68 => Self::Accepted {
                chain: ChainId::from_bytes(r.fixed()?),
                seq: r.u64()?,
                by: line(&mut r)?,
                at: r.i64()?,
            },
            69 => Self::HeldAtRevocation {
                chain: ChainId::from_bytes(r.fixed()?),
                seq: r.u64()?,
                by: line(&mut r)?,
                at: r.i64()?,
            },
            104 | 105 => match CatalogueFact::decode(code, &mut r)? {
                Some(fact) => Self::Catalogue(fact),
                None => return Ok(None),
            },
            110..=114 => match ErasureFact::decode(code, &mut r)? {
                Some(fact) => Self::Erasure(fact),
                None => return Ok(None),
            },
            70 => Self::Declined {
                chain: ChainId::from_bytes(r.fixed()?),
                seq: r.u64()?,
                by: line(&mut r)?,
                at: r.i64()?,
                reason: line(&mut r)?,
            },
            code => match AdministrationFact::decode(code, &mut r)? {
                Some(fact) => Self::Administration(fact),
                None => return Ok(None),
            },
        };
        r.end()?;
        Ok(Some(fact))
    }
}

/// One of the desk's own facts, clerks' marks included, read and written again; `None` for facts of others and of later
/// versions.
pub fn own_fact_again(code: u8, bytes: &[u8]) -> Option<Vec<u8>> {
    let own = OwnFact::Other(code, bytes.to_vec());
    let read = DeskFact::from_own(&own).map(|fact| fact.to_own());
    let read = read.or_else(|| ClerkFact::from_own(&own).map(|fact| fact.to_own()))?;
    match read {
        OwnFact::Other(same, bytes) if same == code => Some(bytes),
        other => unreachable!("a fact of the desk under another code: {other:?}"),
    }
}

fn line(r: &mut Reader<'_>) -> Result<String, DecodeError> {
    Ok(r.text(LINE)?.to_owned())
}

/// 0 or 1, and nothing else: every value has one spelling.
pub(super) fn flag(r: &mut Reader<'_>) -> Result<bool, DecodeError> {
    match r.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::NotCanonical),
    }
}

fn read_account(r: &mut Reader<'_>) -> Result<Account, DecodeError> {
    let login = sealing::Login::new(r.text(LINE)?).map_err(|_| DecodeError::NotCanonical)?;
    let name = line(r)?;
    let rank = r.u8()?;
    let rank = Rank::from_code(rank).ok_or(DecodeError::Unknown(rank))?;
    let active = flag(r)?;
    Ok(Account { login, name, rank, active, phc: line(r)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(fact: &DeskFact) -> String {
        let own = OwnFact::decode(&fact.to_own().encode()).unwrap();
        format!("{:?}", DeskFact::from_own(&own).unwrap())
    }

    #[test]
    fn every_fact_is_read_back() {
        let account = Account {
            login: sealing::Login::new("o.koval").unwrap(),
            name: "Коваль Олена".into(),
            rank: Rank::Clerk,
            active: false,
            phc: "$argon2id$v=19$m=65536,t=3,p=1$AAAA$BBBB".into(),
        };
        let facts = [
            DeskFact::Account { account, by: "admin".into(), at: 1 },
            DeskFact::Invitation(KeptInvitation {
                secret: Secret::new([3; 16]),
                number: 7,
                roles: Roles(1),
                expires: -2,
                by: "admin".into(),
                at: 2,
            }),
            DeskFact::InvitationUsed {
                id: [4; 16],
                chain: ChainId::from_bytes([5; 16]),
                name: "Ноутбук".into(),
                at: 3,
            },
            DeskFact::Profile(Profile {
                name: "Глобинська громада".into(), contact: "05365 2-00-00".into()
            }),
            DeskFact::Accepted { chain: ChainId::from_bytes([6; 16]), seq: 9, by: "admin".into(), at: 4 },
            DeskFact::HeldAtRevocation { chain: ChainId::from_bytes([6; 16]), seq: 8, by: "admin".into(), at: 5 },
            DeskFact::Declined {
                chain: ChainId::from_bytes([6; 16]),
                seq: 7,
                by: "admin".into(),
                at: 6,
                reason: "не наше".into(),
            },
        ];
        for fact in &facts {
            assert_eq!(round(fact), format!("{fact:?}"));
        }
    }

    #[test]
    fn the_bytes_of_an_account_are_the_documented_ones() {
        let account = Account {
            login: sealing::Login::new("a").unwrap(),
            name: "Б".into(),
            rank: Rank::Administrator,
            active: true,
            phc: "p".into(),
        };
        let OwnFact::Other(code, bytes) = (DeskFact::Account { account, by: "c".into(), at: 258 }).to_own() else {
            panic!("another fact")
        };
        assert_eq!(code, 64);
        assert_eq!(bytes, b"\x01\x01a\x02\xd0\x91\x02\x01\x01p\x01c\x00\x00\x00\x00\x00\x00\x01\x02");
    }

    #[test]
    fn later_facts_and_broken_ones_are_passed_over() {
        assert!(DeskFact::from_own(&OwnFact::Other(99, vec![1])).is_none());
        assert!(DeskFact::from_own(&OwnFact::Other(67, vec![2, 1, b'x', 0])).is_none());
        assert!(DeskFact::from_own(&OwnFact::Other(64, vec![1, 200])).is_none());
    }

    /// The codes in the table of the desk's facts, and the fields of each.
    fn documented() -> Vec<(u8, String)> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/at-rest-format.md");
        let text = std::fs::read_to_string(path).unwrap();
        let (_, table) = text.split_once("**Facts of the desk**").unwrap();
        let rows = table.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        let row = |line: &str| {
            let mut cells = line.trim_matches('|').split(" | ");
            let code = cells.next()?.trim().parse().ok()?;
            Some((code, cells.nth(1)?.trim().to_owned()))
        };
        rows.filter_map(row).collect()
    }

    #[test]
    fn every_code_that_the_desk_knows_is_documented_and_no_other() {
        // A code that is known wants its fields; one that is not known wants nothing.
        let known = |code: &u8| {
            let own = OwnFact::Other(*code, vec![1]);
            let read = DeskFact::decode(*code, &[1]).is_err() || DeskFact::from_own(&own).is_some();
            read || ClerkFact::is_known(*code)
        };
        let documented = documented();
        let codes: Vec<u8> = documented.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, (64..=u8::MAX).filter(known).collect::<Vec<_>>());
        assert!(codes.len() > 30 && documented.iter().all(|(_, fields)| !fields.is_empty()), "{documented:?}");
        // They are described where they are written, in the same words.
        let sources = [
            include_str!("facts.rs"),
            include_str!("administration.rs"),
            include_str!("clerk_facts.rs"),
            include_str!("catalogue_facts.rs"),
            include_str!("erasure_facts.rs"),
        ];
        for (code, fields) in documented {
            let row = |line: &str| line.starts_with(&format!("//! | {code} | ")) && line.contains(&fields);
            assert!(sources.iter().any(|source| source.lines().any(row)), "{code}: {fields}");
        }
    }
}
