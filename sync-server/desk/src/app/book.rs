//! What the desk's own facts add up to: accounts, invitations, profile. Folded from the chains, the oldest desk's first,
//! and read on from where the last look ended.

use super::accounts::Account;
use super::administration::{Administration, AdministrationFact};
use super::catalogue_facts::CatalogueBook;
use super::clerk_facts::ClerkFact;
use super::erasure_facts::ErasureBook;
use super::facts::{DeskFact, KeptInvitation, Profile};
use chain::{Invitation, Register};
use ids::ChainId;
use peer::{PeerError, View};
use std::collections::{BTreeMap, BTreeSet};

/// An invitation and what became of it.
#[derive(Debug)]
pub struct InvitationRow {
    /// As it was given out.
    pub kept: KeptInvitation,
    /// The chain that was certified on it, what its owner calls the laptop, and when.
    pub used: Option<(ChainId, String, i64)>,
    /// While it was open somebody invited another laptop under the same number: this one serves nobody any more.
    pub replaced: bool,
}

/// Everything folded.
#[derive(Debug, Default)]
pub struct Book {
    /// By login.
    pub accounts: BTreeMap<String, Account>,
    /// How often an account, or its second factor, was decided on, by login: sessions from before end.
    pub changes_of: BTreeMap<String, u64>,
    /// By id.
    pub invitations: BTreeMap<[u8; 16], InvitationRow>,
    /// Who the centre is.
    pub profile: Profile,
    /// Exceptions that a person let in.
    pub accepted: Vec<(ChainId, u64)>,
    /// Exceptions that a person looked at and left where they are.
    pub declined: BTreeSet<(ChainId, u64)>,
    /// Up to where each revoked chain had been opened when it was revoked.
    pub held_at_revocation: BTreeMap<ChainId, u64>,
    /// What administrators decided.
    pub administration: Administration,
    /// Filters by login and name: their addresses.
    pub filters: BTreeMap<(String, String), String>,
    /// Who published which release of the catalogue.
    pub catalogue: CatalogueBook,
    /// What is to be erased.
    pub erasures: ErasureBook,
    read_to: BTreeMap<ChainId, u64>,
}

impl Book {
    /// Reads what is new in the case chains of all desks.
    pub fn read_on(&mut self, register: &Register, view: &View<'_>) -> Result<(), PeerError> {
        for chain in case_chains(register) {
            let from = self.read_to.get(&chain).copied().unwrap_or(0);
            let end = view.end(chain)?.seq;
            if end <= from {
                continue;
            }
            // Who stole a desk makes himself no account at its successor.
            view.each_fact(chain, (from, chain::limits::SEQ), |seq, fact| {
                if register.is_behind_case_end(chain, seq) {
                    return Ok(());
                }
                if let Some(fact) = DeskFact::from_own(&fact) {
                    self.take(fact);
                } else if let Some(ClerkFact::Filter { login, name, address, .. }) = ClerkFact::from_own(&fact) {
                    self.take_filter((login, name), address);
                }
                Ok(())
            })?;
            self.read_to.insert(chain, end);
        }
        Ok(())
    }

    fn take(&mut self, fact: DeskFact) {
        match fact {
            DeskFact::Account { mut account, .. } => {
                // A desk made again from the kit says no name of who made it: the desk before did.
                if let Some(before) = self.accounts.get(account.login.as_str()).filter(|_| account.name.is_empty()) {
                    account.name.clone_from(&before.name);
                }
                *self.changes_of.entry(account.login.to_string()).or_default() += 1;
                self.accounts.insert(account.login.to_string(), account);
            }
            DeskFact::Invitation(kept) => self.take_invitation(kept),
            DeskFact::InvitationUsed { id, chain, name, at } => {
                if let Some(row) = self.invitations.get_mut(&id) {
                    row.used.get_or_insert((chain, name, at));
                }
            }
            DeskFact::Profile(profile) => self.profile = profile,
            DeskFact::Accepted { chain, seq, .. } => self.accepted.push((chain, seq)),
            DeskFact::Declined { chain, seq, .. } => {
                self.declined.insert((chain, seq));
            }
            DeskFact::Catalogue(fact) => self.catalogue.take(fact),
            DeskFact::Erasure(fact) => self.erasures.take(fact),
            DeskFact::HeldAtRevocation { chain, seq, .. } => {
                self.held_at_revocation.entry(chain).or_insert(seq);
            }
            DeskFact::Administration(fact) => {
                if let AdministrationFact::Factor { login, .. } = &fact {
                    *self.changes_of.entry(login.clone()).or_default() += 1;
                }
                self.administration.take(fact);
            }
        }
    }

    fn take_filter(&mut self, name: (String, String), address: String) {
        if address.is_empty() {
            self.filters.remove(&name);
        } else {
            self.filters.insert(name, address);
        }
    }

    /// Of the invitations to one number only the last is open: two laptops under one number would print the same
    /// receipt numbers.
    fn take_invitation(&mut self, kept: KeptInvitation) {
        let id = Invitation::id(&kept.secret);
        if self.invitations.contains_key(&id) {
            return;
        }
        let open = |row: &&mut InvitationRow| row.used.is_none() && row.kept.expires >= kept.at;
        for before in self.invitations.values_mut().filter(open).filter(|row| row.kept.number == kept.number) {
            before.replaced = true;
        }
        self.invitations.insert(id, InvitationRow { kept, used: None, replaced: false });
    }

    /// What the owner of a certified laptop calls it, under whichever name it writes since; empty if nobody said.
    pub fn name_of(&self, register: &Register, chain: ChainId) -> &str {
        let invited = |chain: ChainId| {
            self.invitations.values().find_map(|row| match &row.used {
                Some((used, name, _)) if *used == chain => Some(name.as_str()),
                _ => None,
            })
        };
        lives(register, chain).find_map(invited).unwrap_or_default()
    }

    /// Where a suitcase is, as an administrator said last of its laptop; empty if nobody did.
    pub fn place_of(&self, register: &Register, chain: ChainId) -> &str {
        let said = |chain: ChainId| self.administration.places.get(&chain).map(String::as_str);
        lives(register, chain).find_map(said).unwrap_or_default()
    }
}

/// A chain, then those that it continues, the newest first.
fn lives(register: &Register, chain: ChainId) -> impl Iterator<Item = ChainId> + '_ {
    std::iter::once(chain).chain(register.ancestors(chain))
}

/// The case chains of all desks, each after its predecessor's.
pub(crate) fn case_chains(register: &Register) -> Vec<ChainId> {
    let desks: Vec<_> = register.desks().map(|(desk, _, _)| *desk).collect();
    let age = |register: ChainId| {
        let mut steps = 0;
        let mut at = Some(register);
        // No longer than there are desks: certificates that name each other in a ring end there.
        while let Some(desk) = desks.iter().find(|desk| Some(desk.register) == at).filter(|_| steps <= desks.len()) {
            (steps, at) = (steps + 1, desk.predecessor);
        }
        steps
    };
    let mut order: Vec<(usize, ChainId)> = desks.iter().map(|desk| (age(desk.register), desk.case)).collect();
    order.sort();
    order.into_iter().map(|(_, case)| case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Rank;

    #[test]
    fn an_account_made_again_without_a_name_keeps_the_one_it_had() {
        let account = |name: &str, phc: &str| {
            let (login, name, phc) = (sealing::Login::new("admin").unwrap(), name.to_owned(), phc.to_owned());
            let account = Account { login, name, rank: Rank::Administrator, active: true, phc };
            DeskFact::Account { account, by: "admin".into(), at: 1 }
        };
        let mut book = Book::default();
        for fact in [account("Шевчук Ірина", "old"), account("", "new")] {
            book.take(fact);
        }
        let kept = &book.accounts["admin"];
        assert_eq!((kept.name.as_str(), kept.phc.as_str()), ("Шевчук Ірина", "new"));
        book.take(account("Гук Степан", "third"));
        assert_eq!(book.accounts["admin"].name, "Гук Степан");
    }
}
