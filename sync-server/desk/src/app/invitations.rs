//! Inviting a laptop to become a suitcase.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::facts::{DeskFact, KeptInvitation};
use super::{Desk, DeskError};
use chain::{Invitation, Register, Standing};
use sealing::Entropy;
use signing::{Role, Roles};
use std::time::Duration;

/// Longest life of an invitation.
const MOST_HOURS: u32 = 24 * 14;

/// What is handed to the person with the laptop. Whoever has it can enrol one laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The line of text, also the content of the QR code.
    pub line: String,
    /// «Валіза 7».
    pub number: u16,
    /// ms since 1970.
    pub expires: i64,
    /// A person compares six words before the laptop is certified.
    pub compare: bool,
}

/// How an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// Waits for its laptop.
    Open,
    /// A laptop was certified on it.
    Used,
    /// Its time ran out.
    Expired,
    /// Another laptop was invited under its number.
    Replaced,
    /// An administrator took it back, or the words of who asked differed.
    Closed,
}

/// An invitation as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationSummary {
    /// Names it in clear: 32 hexadecimal digits.
    pub id: String,
    /// «Валіза 7».
    pub number: u16,
    /// Who invited.
    pub by: String,
    /// When, ms since 1970.
    pub at: i64,
    /// ms since 1970.
    pub expires: i64,
    /// How it stands.
    pub state: InvitationState,
    /// A person compares six words.
    pub compare: bool,
}

/// True for the line of an invitation, whoever's.
pub fn is_invitation(line: &str) -> bool {
    Invitation::from_text(line).is_ok()
}

impl Desk {
    /// Invites one laptop by a QR code or a file: [`Desk::invite_as`] without comparing words.
    pub fn invite(&self, by: &str, number: u16, hours: u32) -> Result<Invited, DeskError> {
        self.invite_as(by, number, hours, false)
    }

    /// Invites one laptop to be suitcase `number` within so many hours. Invitations to this number that are still open
    /// serve nobody from then on. `compare`: the line is dictated or sent, so that others may know it.
    pub fn invite_as(&self, by: &str, number: u16, hours: u32, compare: bool) -> Result<Invited, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        if !(1..=9999).contains(&number) {
            return Err(DeskError::refused(
                "номер валізи — від 1 до 9999",
                "a suitcase's number is between 1 and 9999",
            ));
        }
        if !(1..=MOST_HOURS).contains(&hours) {
            return Err(DeskError::refused(
                "запрошення діє від 1 до 336 годин",
                "an invitation is good for 1 to 336 hours",
            ));
        }
        self.number_must_be_free(number)?;
        let register = self.peer.register()?;
        let mut entropy = (self.tools.entropy)();
        let entropy: &mut dyn Entropy = entropy.as_mut();
        let expires = self.now().plus(Duration::from_secs(u64::from(hours) * 3600)).0;
        let invitation = Invitation {
            tenant: self.peer.tenant(),
            root: *register.root(),
            secret: entropy.secret(),
            number,
            roles: Roles::of(Role::Officer),
            expires,
            hub: self.peer.hub().to_owned(),
        };
        let line = invitation.to_text();
        let Invitation { secret, roles, .. } = invitation;
        let compare = compare || self.book()?.administration.settings.always_compare;
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            let id = Invitation::id(&secret);
            let kept = KeptInvitation { secret, number, roles, expires, by, at };
            act.own(&DeskFact::Invitation(kept).to_own())?;
            if compare {
                act.own(&AdministrationFact::Compare { id }.to_own())?;
            }
            Ok(())
        })?;
        Ok(Invited { line, number, expires, compare })
    }

    /// Takes back an invitation that was not used; `id` is [`InvitationSummary::id`].
    pub fn withdraw_invitation(&self, by: &str, id: &str) -> Result<(), DeskError> {
        let open = |row: &InvitationSummary| row.id == id && row.state == InvitationState::Open;
        if !self.invitations(by)?.iter().any(open) {
            return Err(DeskError::not_found(
                "такого відкритого запрошення немає: перегляньте список",
                "there is no such open invitation: look at the list",
            ));
        }
        let found = self.book()?.invitations.keys().find(|key| hex(*key) == id).copied();
        let Some(id) = found else { return Ok(()) };
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&AdministrationFact::Withdrawn { id, by, at }.to_own()).map(|_| ())
        })
    }

    /// A number belongs to one suitcase until that is revoked.
    fn number_must_be_free(&self, number: u16) -> Result<(), DeskError> {
        let register = self.peer.register()?;
        let now = self.now().0;
        if is_held(&register, number, now) {
            return Err(DeskError::refused(
                format!("валіза {number} вже є: виберіть інший номер або спершу відкличте її"),
                format!("there is a suitcase {number} already: choose another number or revoke it first"),
            ));
        }
        Ok(())
    }

    /// All invitations, the newest first.
    pub fn invitations(&self, by: &str) -> Result<Vec<InvitationSummary>, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let now = self.now().0;
        let book = self.book()?;
        let decided = &book.administration;
        let summary = |(id, row): (&[u8; 16], &super::book::InvitationRow)| InvitationSummary {
            id: hex(id),
            number: row.kept.number,
            by: row.kept.by.clone(),
            at: row.kept.at,
            expires: row.kept.expires,
            state: match &row.used {
                Some(_) => InvitationState::Used,
                None if row.replaced => InvitationState::Replaced,
                None if decided.closed.contains(id) => InvitationState::Closed,
                None if row.kept.expires < now => InvitationState::Expired,
                None => InvitationState::Open,
            },
            compare: decided.compare.contains(id),
        };
        let mut all: Vec<_> = book.invitations.iter().map(summary).collect();
        all.sort_by_key(|row| std::cmp::Reverse(row.at));
        Ok(all)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// True if a suitcase has this number. One whose certificate ran out keeps it: it is renewed when it is heard of.
pub(crate) fn is_held(register: &Register, number: u16, now: i64) -> bool {
    let holds = |chain| matches!(register.standing(chain, now), Standing::Live | Standing::Expired);
    register.suitcases().any(|suitcase| suitcase.number == number && holds(suitcase.chain))
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn an_invitation_is_kept_and_a_number_is_given_once() {
        let mut town = testing::town();
        let invited = town.desk.invite("admin", 7, 72).unwrap();
        let read = Invitation::from_text(&invited.line).unwrap();
        assert_eq!((read.number, read.hub.as_str()), (7, town.desk.peer.hub()));
        assert_eq!(town.desk.invitations("admin").unwrap()[0].state, InvitationState::Open);
        town.suitcase_on(&read);
        assert_eq!(town.desk.invitations("admin").unwrap()[0].state, InvitationState::Used);
        let taken = town.desk.invite("admin", 7, 72).unwrap_err();
        assert!(taken.sentence.uk.contains("валіза 7 вже є"), "{taken}");
        assert!(town.desk.invite("admin", 0, 72).is_err() && town.desk.invite("admin", 8, 0).is_err());
    }

    #[test]
    fn an_invitation_that_was_taken_back_certifies_nobody() {
        let town = testing::town();
        let invitation = Invitation::from_text(&town.desk.invite("admin", 7, 72).unwrap().line).unwrap();
        let id = town.desk.invitations("admin").unwrap()[0].id.clone();
        town.desk.withdraw_invitation("admin", &id).unwrap();
        assert_eq!(town.desk.invitations("admin").unwrap()[0].state, InvitationState::Closed);
        assert_eq!(town.desk.certify(&[town.request(&invitation)]).unwrap(), 0);
        assert!(town.desk.withdraw_invitation("admin", &id).is_err(), "once");
        assert!(town.desk.invite("admin", 7, 72).is_ok(), "the number is free");
    }

    #[test]
    fn a_newer_invitation_to_a_number_replaces_the_open_one() {
        let town = testing::town();
        let invite = |number| Invitation::from_text(&town.desk.invite("admin", number, 72).unwrap().line).unwrap();
        let (first, other) = (invite(7), invite(8));
        town.clock.advance(Duration::from_secs(1));
        let second = invite(7);
        let states = |desk: &Desk| -> Vec<_> {
            desk.invitations("admin")
                .unwrap()
                .iter()
                .map(|row| (row.number, row.at == town.clock_now(), row.state))
                .collect()
        };
        let listed = states(&town.desk);
        assert!(listed.contains(&(7, false, InvitationState::Replaced)), "{listed:?}");
        assert!(listed.contains(&(7, true, InvitationState::Open)), "{listed:?}");
        assert!(listed.contains(&(8, false, InvitationState::Open)), "{listed:?}");
        assert_eq!(town.desk.certify(&[town.request(&first)]).unwrap(), 0);
        assert_eq!(town.desk.certify(&[town.request(&second), town.request(&other)]).unwrap(), 2);
    }
}
