//! Laptops that ask to become suitcases. Who proves an invitation that came as a file or a QR code is certified at
//! once, unless words are always compared; where it was dictated or typed, a person compares six words first. An
//! invitation serves one laptop.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::facts::DeskFact;
use super::invitations::is_held;
use super::sync_loop::total;
use super::{Desk, DeskError};
use chain::EnrolmentRequest;
use ids::ChainId;
use signing::{SuitcaseCertificate, Validity};
use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long a certificate holds.
pub(crate) const CERTIFICATE: Duration = Duration::from_secs(180 * 24 * 3600);
/// A certificate of which less than this is left is renewed when new entries of its suitcase arrive: the hub does not
/// tell who only asked, and a laptop that lies somewhere unused shall run out.
const RENEWED_BELOW: Duration = Duration::from_secs(120 * 24 * 3600);

/// A laptop that proved its invitation and waits until a person has compared six words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingLaptop {
    /// The chain it will write: names it in commands.
    pub chain: ChainId,
    /// «Валіза 7».
    pub number: u16,
    /// What its owner calls the laptop.
    pub name: String,
    /// What the laptop shows, if nobody stands between.
    pub words: [&'static str; 6],
    /// Who invited.
    pub by: String,
}

/// How long a laptop that asked is shown after it was last heard of.
const SHOWN: Duration = Duration::from_secs(15 * 60);
/// Laptops shown at once: more ask only when somebody plays.
const MOST_SHOWN: usize = 100;

/// Those that wait for a person, with when each was last heard of by the steady clock.
pub(crate) type Waiting = BTreeMap<ChainId, (EnrolmentRequest, Duration)>;

/// What becomes of a request.
enum Judged {
    /// Nothing: its invitation is not ours, spent, or not proved.
    Nothing,
    /// A person compares first.
    Compare,
    /// A certificate, in the name of who invited.
    Certificate(Box<SuitcaseCertificate>, String),
}

impl Desk {
    /// Certifies those that prove an open invitation. Gives back how many. Others wait at the hub until their
    /// invitation is made or they are forgotten there; those whose words are to be compared are shown to
    /// administrators. One that fails does not keep the others waiting.
    pub(crate) fn certify(&self, requests: &[EnrolmentRequest]) -> Result<usize, DeskError> {
        total(requests.iter().map(|request| self.certify_one(request)))
    }

    fn certify_one(&self, request: &EnrolmentRequest) -> Result<usize, DeskError> {
        let _turn = self.accounts_turn();
        match self.judge(request, false)? {
            Judged::Nothing => Ok(0),
            Judged::Compare if self.is_contested(request) => self.contested(request).map(|()| 0),
            Judged::Compare => {
                self.show_waiting(request);
                Ok(0)
            }
            Judged::Certificate(certificate, by) => self.admit(&by, request, *certificate, false).map(|()| 1),
        }
    }

    fn admit(
        &self,
        by: &str,
        request: &EnrolmentRequest,
        certificate: SuitcaseCertificate,
        compared: bool,
    ) -> Result<(), DeskError> {
        let (name, chain, id) = (request.name.clone(), request.chain, request.invitation);
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            if compared {
                let fact = AdministrationFact::Compared { id, chain, same: true, by, at };
                act.own(&fact.to_own())?;
            }
            act.certify_suitcase(&certificate)?;
            act.own(&DeskFact::InvitationUsed { id, chain, name, at }.to_own()).map(|_| ())
        })?;
        tracing::info!(%chain, "a suitcase was certified");
        Ok(())
    }

    fn judge(&self, request: &EnrolmentRequest, compared: bool) -> Result<Judged, DeskError> {
        let now = self.now();
        let tenant = self.peer.tenant();
        let register = self.peer.register()?;
        let known = register.author(request.chain).is_some();
        let book = self.book()?;
        let Some(row) = book.invitations.get(&request.invitation) else { return Ok(Judged::Nothing) };
        let decided = &book.administration;
        let proves = request.tenant == tenant && request.proves(&row.kept.secret);
        let closed = row.replaced || decided.closed.contains(&request.invitation);
        let spent = row.used.is_some() || closed || row.kept.expires < now.0;
        if known || !proves || spent || is_held(&register, row.kept.number, now.0) {
            return Ok(Judged::Nothing);
        }
        let asked_for = decided.settings.always_compare || decided.compare.contains(&request.invitation);
        if !compared && (asked_for || request.dictated) {
            return Ok(Judged::Compare);
        }
        let certificate = SuitcaseCertificate {
            tenant,
            chain: request.chain,
            signing: request.signing,
            agreement: request.agreement,
            number: row.kept.number,
            roles: row.kept.roles,
            predecessor: None,
            validity: valid_from(now),
        };
        Ok(Judged::Certificate(Box::new(certificate), row.kept.by.clone()))
    }

    /// True if another laptop with other keys waits under the same chain: somebody stands between.
    fn is_contested(&self, request: &EnrolmentRequest) -> bool {
        let same = |known: &EnrolmentRequest| (known.signing, known.agreement) == (request.signing, request.agreement);
        self.waiting().get(&request.chain).is_some_and(|(known, _)| !same(known))
    }

    /// Closes the invitation of a laptop whose place another one tried to take: nobody can tell which is which.
    fn contested(&self, request: &EnrolmentRequest) -> Result<(), DeskError> {
        let (id, chain) = (request.invitation, request.chain);
        let before = self.waiting().get(&chain).map(|(known, _)| known.invitation);
        self.act_as(self.unsealed_by(), move |act| {
            let at = act.now().0;
            for id in before.into_iter().filter(|before| *before != id).chain([id]) {
                act.own(&AdministrationFact::Contested { id, chain, at }.to_own())?;
            }
            Ok(())
        })?;
        self.waiting().retain(|_, (known, _)| known.invitation != id && Some(known.invitation) != before);
        tracing::warn!(%chain, "two laptops asked under one chain: their invitation is closed");
        Ok(())
    }

    fn show_waiting(&self, request: &EnrolmentRequest) {
        let now = self.tools.clock.steady();
        let mut waiting = self.waiting();
        let new = waiting.insert(request.chain, (request.clone(), now)).is_none();
        waiting.retain(|_, (_, heard)| now.saturating_sub(*heard) < SHOWN);
        if waiting.len() > MOST_SHOWN
            && let Some(oldest) = waiting.iter().min_by_key(|(_, (_, heard))| *heard).map(|(chain, _)| *chain)
        {
            waiting.remove(&oldest);
        }
        drop(waiting);
        if new {
            self.tell();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Laptops whose six words wait to be compared, by number.
    pub fn waiting_laptops(&self, by: &str) -> Result<Vec<WaitingLaptop>, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let requests: Vec<EnrolmentRequest> = self.waiting().values().map(|(request, _)| request.clone()).collect();
        let mut rows = Vec::new();
        for request in requests {
            if !matches!(self.judge(&request, false)?, Judged::Compare) {
                self.waiting().remove(&request.chain);
                continue;
            }
            let root = *self.peer.register()?.root();
            let book = self.book()?;
            let Some(kept) = book.invitations.get(&request.invitation).map(|row| &row.kept) else { continue };
            let words = request.comparison(&root, kept.number);
            let (number, by) = (kept.number, kept.by.clone());
            rows.push(WaitingLaptop { chain: request.chain, number, name: request.name.clone(), words, by });
        }
        rows.sort_by_key(|row| (row.number, row.chain));
        Ok(rows)
    }

    /// The laptop of this chain whose six words are those that the person had in sight.
    fn waiting_laptop(&self, chain: ChainId, words: &str) -> Result<EnrolmentRequest, DeskError> {
        let found = self.waiting().get(&chain).map(|(request, _)| request.clone());
        let request = found.ok_or_else(|| {
            DeskError::not_found(
                "цей ноутбук більше не чекає на порівняння слів: хай на ньому повторять enrol",
                "this laptop no longer waits for its words to be compared: have enrol run on it again",
            )
        })?;
        let root = *self.peer.register()?.root();
        let number = self.book()?.invitations.get(&request.invitation).map_or(0, |row| row.kept.number);
        let said = words.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty());
        if said.map(str::to_lowercase).eq(request.comparison(&root, number).map(str::to_lowercase)) {
            return Ok(request);
        }
        Err(DeskError::refused(
            "це слова іншого запиту: відкрийте перелік наново і порівняйте слова ще раз",
            "these are the words of another request: open the list again and compare the words once more",
        ))
    }

    /// A person found the same six words on the laptop: it is certified. `words` are those that were compared: what
    /// waits under the chain may have changed meanwhile. Gives back its number.
    pub fn words_same(&self, by: &str, chain: ChainId, words: &str) -> Result<u16, DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let request = self.waiting_laptop(chain, words)?;
        match self.judge(&request, true)? {
            Judged::Certificate(certificate, _) => {
                let number = certificate.number;
                self.admit(by, &request, *certificate, true)?;
                self.waiting().remove(&chain);
                Ok(number)
            }
            _ => Err(DeskError::refused(
                "запрошення цього ноутбука вже не діє: запросіть його ще раз",
                "this laptop's invitation is no longer good: invite it again",
            )),
        }
    }

    /// The words differ: somebody else has the invitation. It serves nobody any more, whoever asks. `words` are the
    /// centre's, as they were compared.
    pub fn words_differ(&self, by: &str, chain: ChainId, words: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let id = self.waiting_laptop(chain, words)?.invitation;
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&AdministrationFact::Compared { id, chain, same: false, by, at }.to_own()).map(|_| ())
        })?;
        self.waiting().retain(|_, (request, _)| request.invitation != id);
        Ok(())
    }

    /// Renews what runs out of the suitcases of which new entries just arrived. Gives back how many.
    pub(crate) fn renew(&self, heard: &[ChainId]) -> Result<usize, DeskError> {
        total(heard.iter().map(|chain| self.renew_one(*chain)))
    }

    fn renew_one(&self, chain: ChainId) -> Result<usize, DeskError> {
        let now = self.now();
        let register = self.peer.register()?;
        let Some(certificate) = register.suitcase(chain).copied() else { return Ok(0) };
        let left = clock::Time(certificate.validity.not_after).since(now);
        if left >= RENEWED_BELOW || register.revocation(chain).is_some() {
            return Ok(0);
        }
        let renewal = SuitcaseCertificate { validity: valid_from(now), ..certificate };
        self.act_as(self.unsealed_by(), move |act| act.certify_suitcase(&renewal))?;
        Ok(1)
    }
}

pub(crate) fn valid_from(now: clock::Time) -> Validity {
    Validity { not_before: now.0 - DAY.as_millis() as i64, not_after: now.plus(CERTIFICATE).0 }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use chain::{Invitation, Standing};

    #[test]
    fn one_invitation_serves_one_laptop_and_no_forged_proof() {
        let town = testing::town();
        let invited = town.desk.invite("admin", 7, 1).unwrap();
        let invitation = Invitation::from_text(&invited.line).unwrap();
        let mut forged = town.request(&invitation);
        forged.mac = [0; 16];
        assert_eq!(town.desk.certify(&[forged]).unwrap(), 0);
        let (first, second) = (town.request(&invitation), town.request(&invitation));
        assert_eq!(town.desk.certify(&[first.clone(), second.clone()]).unwrap(), 1);
        assert_eq!(town.desk.certify(&[first.clone(), second.clone()]).unwrap(), 0);
        let register = town.desk.peer.register().unwrap();
        assert_eq!(register.standing(first.chain, town.desk.now().0), Standing::Live);
        assert_eq!(register.standing(second.chain, town.desk.now().0), Standing::Unknown);
    }

    #[test]
    fn a_number_that_a_suitcase_holds_is_certified_to_no_other() {
        let mut town = testing::town();
        // An invitation that is open while another laptop has its number: that laptop's was certified by another desk.
        let invited = town.desk.invite("admin", 7, 72).unwrap();
        let invitation = Invitation::from_text(&invited.line).unwrap();
        let elsewhere = town.request(&invitation);
        let certificate = SuitcaseCertificate {
            tenant: invitation.tenant,
            chain: elsewhere.chain,
            signing: elsewhere.signing,
            agreement: elsewhere.agreement,
            number: 7,
            roles: invitation.roles,
            predecessor: None,
            validity: valid_from(town.desk.now()),
        };
        town.desk.act_as("admin", move |act| act.certify_suitcase(&certificate)).unwrap();
        let request = town.request(&invitation);
        assert_eq!(town.desk.certify(std::slice::from_ref(&request)).unwrap(), 0);
        town.desk.revoke("admin", 7, "загублено").unwrap();
        assert_eq!(town.desk.certify(&[request]).unwrap(), 1, "a revoked suitcase gives its number back");
        town.suitcase(8);
    }

    #[test]
    fn an_expired_invitation_certifies_nobody() {
        let town = testing::town();
        let invited = town.desk.invite("admin", 7, 1).unwrap();
        let request = town.request(&Invitation::from_text(&invited.line).unwrap());
        town.clock.advance(Duration::from_secs(3601));
        assert_eq!(town.desk.certify(&[request]).unwrap(), 0);
    }

    #[test]
    fn a_certificate_is_renewed_after_sixty_days() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let until = |town: &testing::Town| {
            town.desk.peer.register().unwrap().suitcase(suitcase.peer.chain()).unwrap().validity.not_after
        };
        let first = until(&town);
        assert_eq!(town.desk.renew(&[suitcase.peer.chain()]).unwrap(), 0);
        town.clock.advance(DAY * 61);
        assert_eq!(town.desk.renew(&[suitcase.peer.chain()]).unwrap(), 1);
        assert_eq!(until(&town) - first, (DAY * 61).as_millis() as i64);
    }

    fn read(line: &str) -> Invitation {
        Invitation::from_text(line).unwrap()
    }

    #[test]
    fn where_words_are_compared_nothing_is_certified_before_a_person_did() {
        let town = testing::town();
        let invitation = read(&town.desk.invite_as("admin", 7, 72, true).unwrap().line);
        let request = town.request(&invitation);
        assert_eq!(town.desk.certify(std::slice::from_ref(&request)).unwrap(), 0);
        let waiting = town.desk.waiting_laptops("admin").unwrap();
        assert_eq!(waiting[0].words, request.comparison(&invitation.root, 7), "the laptop shows the same");
        let words = waiting[0].words.join(" ");
        assert_eq!(town.desk.words_same("admin", request.chain, &words).unwrap(), 7);
        let register = town.desk.peer.register().unwrap();
        assert_eq!(register.standing(request.chain, town.desk.now().0), Standing::Live);
        assert!(town.desk.waiting_laptops("admin").unwrap().is_empty());
        let again = town.desk.words_same("admin", request.chain, &words).unwrap_err();
        assert_eq!(again.kind, super::super::ErrorKind::NotFound);
    }

    #[test]
    fn who_overheard_the_invitation_shows_other_words_and_closes_it_for_everybody() {
        let town = testing::town();
        let invitation = read(&town.desk.invite("admin", 7, 72).unwrap().line);
        let laptop = town.request(&invitation).dictated(&invitation.secret);
        let on_the_laptop = laptop.comparison(&invitation.root, 7);
        // Somebody between hub and laptop holds the laptop's request back and asks with keys of their own.
        let between = town.request(&invitation).dictated(&invitation.secret);
        assert_eq!(town.desk.certify(std::slice::from_ref(&between)).unwrap(), 0, "dictated: a person compares");
        let shown = town.desk.waiting_laptops("admin").unwrap();
        assert_ne!(shown[0].words, on_the_laptop);
        town.desk.words_differ("admin", shown[0].chain, &shown[0].words.join(" ")).unwrap();
        let both = [between, laptop.clone()];
        assert_eq!(town.desk.certify(&both).unwrap(), 0);
        assert!(town.desk.waiting_laptops("admin").unwrap().is_empty(), "the invitation is nobody's any more");
        let register = town.desk.peer.register().unwrap();
        assert_eq!(register.standing(laptop.chain, town.desk.now().0), Standing::Unknown);
    }

    #[test]
    fn an_administrator_may_ask_for_words_always_and_clerks_compare_none() {
        let town = testing::town();
        let settings = super::super::Settings { always_compare: true, ..Default::default() };
        town.desk.set_settings("admin", settings).unwrap();
        let invitation = read(&town.desk.invite("admin", 7, 72).unwrap().line);
        let request = town.request(&invitation);
        assert_eq!(town.desk.certify(std::slice::from_ref(&request)).unwrap(), 0);
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        let words = request.comparison(&invitation.root, 7).join(" ");
        assert!(town.desk.words_same("o.koval", request.chain, &words).is_err());
        town.clock.advance(SHOWN);
        town.desk.certify(&[]).unwrap();
        town.desk.words_same("admin", request.chain, &words).unwrap();
    }

    #[test]
    fn a_stranger_under_the_same_chain_takes_nobodys_place_and_closes_the_invitation() {
        let town = testing::town();
        let invitation = read(&town.desk.invite_as("admin", 7, 72, true).unwrap().line);
        let laptop = town.request(&invitation);
        town.desk.certify(std::slice::from_ref(&laptop)).unwrap();
        let words = town.desk.waiting_laptops("admin").unwrap()[0].words.join(" ");
        // The words on the page are those of the laptop; other words certify nothing.
        let mut turned: Vec<&str> = words.split(' ').collect();
        turned.rotate_left(1);
        assert!(town.desk.words_same("admin", laptop.chain, &turned.join(" ")).is_err());
        assert!(town.desk.words_same("admin", laptop.chain, "").is_err());
        // Between the look and the click somebody with the invitation asks under the laptop's chain with other keys.
        let entropy = &mut *testing::entropy();
        let key = signing::SigningKey::from_seed(&entropy.secret());
        let agreement = sealing::AgreementSecret::generate(entropy).public();
        let stranger = EnrolmentRequest::new(&invitation, laptop.chain, &key, agreement, "Ноутбук");
        assert_eq!(town.desk.certify(std::slice::from_ref(&stranger)).unwrap(), 0);
        assert!(town.desk.words_same("admin", laptop.chain, &words).is_err());
        assert_eq!(town.desk.certify(&[stranger, laptop.clone()]).unwrap(), 0);
        assert!(town.desk.waiting_laptops("admin").unwrap().is_empty());
        let register = town.desk.peer.register().unwrap();
        assert_eq!(register.standing(laptop.chain, town.desk.now().0), Standing::Unknown);
        assert_eq!(
            town.desk.invitations("admin").unwrap()[0].state,
            super::super::InvitationState::Closed,
            "neither of the two is served"
        );
    }
}
