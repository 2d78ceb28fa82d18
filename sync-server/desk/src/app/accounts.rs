//! Who works at the centre, and how they sign in.

use super::administration::AdministrationFact;
use super::facts::DeskFact;
use super::traces::How;
use super::{Desk, DeskError, ErrorKind, phc};
use sealing::{Cost, Entropy, Login, Passphrase};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rank {
    /// Works on requests.
    Clerk = 1,
    /// And looks after accounts, suitcases, the desk itself.
    Administrator = 2,
}

impl Rank {
    /// From its code in a fact.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Clerk),
            2 => Some(Self::Administrator),
            _ => None,
        }
    }

    /// Its name in commands and JSON.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Administrator => "administrator",
        }
    }

    /// From its name.
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::Clerk, Self::Administrator].into_iter().find(|rank| rank.text() == text)
    }
}

/// An account as the chain keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// What is typed.
    pub login: Login,
    /// Who it is.
    pub name: String,
    /// What it may do.
    pub rank: Rank,
    /// False: nobody signs in with it any more.
    pub active: bool,
    /// Argon2id of the passphrase, PHC string.
    pub(crate) phc: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({} {:?} {:?} {})", self.login, self.name, self.rank, self.active)
    }
}

/// An account as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// What is typed.
    pub login: String,
    /// Who it is.
    pub name: String,
    /// What it may do.
    pub rank: Rank,
    /// False: nobody signs in with it any more.
    pub active: bool,
    /// True if the desk can be unsealed with its passphrase.
    pub unseals: bool,
    /// True if a code from an application is asked for as well.
    pub code: bool,
}

/// How long who signs in waits for a place among those whose passphrases are being checked.
const WAIT_FOR_PLACE: Duration = Duration::from_secs(5);

pub(crate) fn wrong_passphrase() -> DeskError {
    DeskError::new(
        ErrorKind::NotAllowed,
        "ім’я входу або пароль хибні: перевірте розкладку клавіатури і введіть знову",
        "the login or the passphrase is wrong: check the keyboard layout and enter them again",
    )
}

/// As [`wrong_passphrase`], where a repair lost entries of the desk that may have said who signs in.
fn wrong_or_awaited() -> DeskError {
    DeskError::new(
        ErrorKind::NotAllowed,
        "ім’я входу або пароль хибні, або запис про цей обліковий запис пошкодився і ще не прийшов від вузла: перевірте розкладку клавіатури, а як вона та сама, зачекайте, поки завершиться обмін",
        "the login or the passphrase is wrong, or what says who this is was damaged and has not come back from the hub yet: check the keyboard layout, and if it is right wait for the exchange",
    )
}

fn too_many_at_once() -> DeskError {
    DeskError::new(
        ErrorKind::Busy,
        "зайнято: одночасно входить забагато людей; спробуйте за хвилину",
        "busy: too many people are signing in at once; try again in a minute",
    )
}

pub(crate) fn new_phc(passphrase: &Passphrase, cost: Cost, salt: [u8; 16]) -> Result<String, DeskError> {
    phc::stretch(passphrase, cost, &salt).ok_or_else(|| {
        DeskError::refused(
            "для перевірки пароля бракує пам’яті: закрийте зайві програми",
            "not enough memory to check a passphrase: close other programs",
        )
    })
}

impl Desk {
    /// Checks login and passphrase beside whatever else the desk does. The web keeps the session. Who has to wait after
    /// a wrong one takes no place, and nobody waits for one longer than `WAIT_FOR_PLACE`. Where a code is owed as well,
    /// [`Desk::check_code`] is what lets in; who cannot be noted does not come in.
    pub async fn sign_in(self: &Arc<Self>, login: &str, passphrase: &str) -> Result<Account, DeskError> {
        self.checked(login, passphrase, true).await
    }

    /// The passphrase once more, of somebody who is signed in: a wrong one is noted, a right one is no sign-in.
    pub async fn check_again(self: &Arc<Self>, login: &str, passphrase: &str) -> Result<Account, DeskError> {
        self.checked(login, passphrase, false).await
    }

    async fn checked(self: &Arc<Self>, login: &str, passphrase: &str, enters: bool) -> Result<Account, DeskError> {
        self.attempts.may_try(login)?;
        let place = Arc::clone(&self.attempts.at_once).acquire_owned();
        let place = tokio::time::timeout(WAIT_FOR_PLACE, place).await.map_err(|_| too_many_at_once())?;
        let (desk, login, passphrase) = (Arc::clone(self), login.to_owned(), Passphrase::typed(passphrase));
        let checked = tokio::task::spawn_blocking(move || {
            let checked = desk.check(&login, &passphrase);
            drop(place);
            match checked {
                Ok(account) if enters => desk.note_entering(&login).map(|()| account),
                Ok(account) => Ok(account),
                Err(error) => {
                    desk.note_failure(&login, How::WrongPassphrase);
                    Err(error)
                }
            }
        });
        checked.await.unwrap_or_else(|_| Err(wrong_passphrase()))
    }

    fn note_entering(&self, login: &str) -> Result<(), DeskError> {
        self.note(login, if self.needs_code(login)? { How::RightPassphrase } else { How::SignedIn }, "")
    }

    /// As [`Desk::sign_in`], where blocking does no harm.
    pub(crate) fn check(&self, login: &str, passphrase: &Passphrase) -> Result<Account, DeskError> {
        self.attempts.may_try(login)?;
        let account = self.book()?.accounts.get(login).filter(|account| account.active).cloned();
        let right = match &account {
            Some(account) => phc::matches(passphrase, &account.phc),
            // As slow as for one that exists.
            None => phc::stretch(passphrase, self.tools.cost, &[0; 16]).is_none(),
        };
        match account.filter(|_| right) {
            Some(account) => {
                // Where a code is still owed, wrong ones are not forgiven by a right passphrase.
                if !self.needs_code(login)? {
                    self.attempts.succeeded(login);
                }
                Ok(account)
            }
            None => {
                self.attempts.failed(login);
                // Said of logins that are known, too: who tries does not learn which are.
                Err(if self.peer.awaits_own_entries()? { wrong_or_awaited() } else { wrong_passphrase() })
            }
        }
    }

    /// The active account of a login, for a session that goes on.
    pub fn account(&self, login: &str) -> Result<Account, DeskError> {
        let account = self.book()?.accounts.get(login).filter(|account| account.active).cloned();
        let awaited = account.is_none() && self.awaits_account(login)?;
        account.ok_or_else(|| {
            if awaited {
                return DeskError::new(
                    ErrorKind::NotAllowed,
                    format!("запис про обліковий запис «{login}» пошкодився і ще не прийшов від вузла: зачекайте, поки завершиться обмін"),
                    format!("what says who «{login}» is was damaged and has not come back from the hub yet: wait for the exchange"),
                );
            }
            DeskError::new(
                ErrorKind::NotAllowed,
                format!("облікового запису «{login}» немає або його вимкнено"),
                format!("there is no active account «{login}»"),
            )
        })
    }

    /// Nothing is known of a login, and entries of the desk itself are missing that a repair did not find: one may say whose
    /// it is. The exchange brings it, and until then nobody may do anything in that name.
    fn awaits_account(&self, login: &str) -> Result<bool, DeskError> {
        Ok(!self.book()?.accounts.contains_key(login) && self.peer.awaits_own_entries()?)
    }

    /// Nothing is known of somebody whose passphrase opened the vault, and what is known is not whole. The exchange that
    /// brings the rest needs a desk that is open.
    pub(crate) fn may_open_unknown(&self, login: &str) -> Result<bool, DeskError> {
        Ok(self.peer.is_catching_up()? && !self.book()?.accounts.contains_key(login))
    }

    /// How often this account was decided on: a session from before a decision is worth nothing, whoever decided, on a
    /// page or by command.
    pub(crate) fn changes_of(&self, login: &str) -> Result<u64, DeskError> {
        Ok(self.book()?.changes_of.get(login).copied().unwrap_or_default())
    }

    /// Refuses who may not.
    pub(crate) fn must_be(&self, by: &str, rank: Rank) -> Result<Account, DeskError> {
        let account = self.account(by)?;
        if account.rank >= rank {
            return Ok(account);
        }
        Err(DeskError::new(
            ErrorKind::NotAllowed,
            "це може лише адміністратор системи",
            "only an administrator of the system may do this",
        ))
    }

    /// All accounts, by login.
    pub fn accounts(&self, by: &str) -> Result<Vec<AccountRow>, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let vault = self.peer.folder().vault()?;
        let slots: Vec<String> = vault.logins().map(ToString::to_string).collect();
        let book = self.book()?;
        let row = |account: &Account| AccountRow {
            login: account.login.to_string(),
            name: account.name.clone(),
            rank: account.rank,
            active: account.active,
            unseals: slots.contains(&account.login.to_string()),
            code: book.administration.factors.contains_key(account.login.as_str()),
        };
        Ok(book.accounts.values().map(row).collect())
    }

    /// A new account. An administrator's passphrase unseals the desk, too.
    pub fn add_account(
        &self,
        by: &str,
        login: &str,
        name: &str,
        rank: Rank,
        passphrase: &str,
    ) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let login = Login::new(login).map_err(|error| DeskError::from_text(ErrorKind::Refused, &error.to_string()))?;
        if self.book()?.accounts.contains_key(login.as_str()) {
            return Err(DeskError::refused(
                format!("ім’я входу «{login}» уже зайняте: виберіть інше"),
                format!("the login «{login}» is taken: choose another"),
            ));
        }
        let passphrase = strong(passphrase)?;
        let phc = self.stretched(&passphrase)?;
        self.set_slot(&login, rank, &passphrase)?;
        self.keep_account(by, Account { login, name: name.trim().to_owned(), rank, active: true, phc })
    }

    /// Nobody signs in with it any more, nor unseals the desk.
    pub fn disable_account(&self, by: &str, login: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let account = self.account(login)?;
        let others = self
            .book()?
            .accounts
            .values()
            .any(|other| other.active && other.rank == Rank::Administrator && other.login != account.login);
        if account.rank == Rank::Administrator && !others {
            return Err(DeskError::refused(
                "це останній адміністратор: спершу додайте іншого",
                "this is the last administrator: add another one first",
            ));
        }
        self.remove_slot(&account.login)?;
        self.keep_account(by, Account { active: false, ..account })
    }

    /// A disabled account works again, with a new passphrase and without the second factor that it had.
    pub fn enable_account(&self, by: &str, login: &str, passphrase: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let account = self.book()?.accounts.get(login).filter(|account| !account.active).cloned();
        let account = account.ok_or_else(|| {
            DeskError::not_found(
                format!("вимкненого облікового запису «{login}» немає"),
                format!("there is no disabled account «{login}»"),
            )
        })?;
        let passphrase = strong(passphrase)?;
        let phc = self.stretched(&passphrase)?;
        let factor = self.book()?.administration.factors.contains_key(login);
        self.set_slot(&account.login, account.rank, &passphrase)?;
        if factor {
            let login = login.to_owned();
            self.decide(by, move |by, at| AdministrationFact::Factor {
                login,
                secret: None,
                codes: Vec::new(),
                by,
                at,
            })?;
        }
        self.keep_account(by, Account { active: true, phc, ..account })
    }

    /// Another rank for somebody else. An administrator unseals the desk, so who becomes one gets a new passphrase; for
    /// who is one no more, the slot that unseals goes and the passphrase stays.
    pub fn set_rank(&self, by: &str, login: &str, rank: Rank, passphrase: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let account = self.account(login)?;
        if by == login {
            return Err(DeskError::refused(
                "свої права змінює інший адміністратор",
                "another administrator changes what you yourself may do",
            ));
        }
        if account.rank == rank {
            return Err(DeskError::refused("ці права в людини вже є", "this is what the person may do already"));
        }
        if rank == Rank::Administrator {
            return self.put_passphrase(by, Account { rank, ..account }, passphrase);
        }
        self.remove_slot(&account.login)?;
        self.keep_account(by, Account { rank, ..account })
    }

    /// Another passphrase by an administrator for somebody who forgot it. The own one is not set so: whoever finds a
    /// session open must not take the account over, see [`Desk::set_own_passphrase`].
    pub fn set_passphrase(&self, by: &str, login: &str, passphrase: &str) -> Result<(), DeskError> {
        if by == login {
            return Err(DeskError::refused(
                "свій пароль змінюють на сторінці «Мій пароль»: для цього потрібен теперішній пароль",
                "the own passphrase is changed on the page “My passphrase”, with the present one",
            ));
        }
        self.reset_passphrase(by, login, passphrase)
    }

    /// Another own passphrase; the present one must be right.
    pub async fn set_own_passphrase(self: &Arc<Self>, by: &str, now: &str, new: &str) -> Result<(), DeskError> {
        self.check_again(by, now).await?;
        let (desk, by, new) = (Arc::clone(self), by.to_owned(), new.to_owned());
        let set = tokio::task::spawn_blocking(move || {
            let _turn = desk.accounts_turn();
            let account = desk.account(&by)?;
            desk.put_passphrase(&by, account, &new)
        });
        set.await.unwrap_or_else(|_| Err(wrong_passphrase()))
    }

    /// As [`Desk::set_passphrase`], and the own one as well: for a command on the desk's own machine, which asks for the
    /// open desk's token, the way out for an administrator who forgot it.
    pub fn reset_passphrase(&self, by: &str, login: &str, passphrase: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        let account = self.account(login)?;
        self.put_passphrase(by, account, passphrase)
    }

    fn put_passphrase(&self, by: &str, account: Account, passphrase: &str) -> Result<(), DeskError> {
        let passphrase = strong(passphrase)?;
        let phc = self.stretched(&passphrase)?;
        self.set_slot(&account.login, account.rank, &passphrase)?;
        self.keep_account(by, Account { phc, ..account })
    }

    /// One change of accounts at a time: the vault is read, changed and written whole, and the last administrator is
    /// told from what all the others are.
    pub(crate) fn accounts_turn(&self) -> MutexGuard<'_, ()> {
        self.accounts_turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stretched(&self, passphrase: &Passphrase) -> Result<String, DeskError> {
        let mut entropy = (self.tools.entropy)();
        let entropy: &mut dyn Entropy = entropy.as_mut();
        new_phc(passphrase, self.tools.cost, entropy.array())
    }

    /// An administrator's slot in the vault, made anew for this passphrase.
    fn set_slot(&self, login: &Login, rank: Rank, passphrase: &Passphrase) -> Result<(), DeskError> {
        if rank != Rank::Administrator {
            return Ok(());
        }
        let mut entropy = (self.tools.entropy)();
        let mut vault = self.peer.folder().vault()?;
        let refused = |error: sealing::VaultError| DeskError::from(peer::PeerError::from(error));
        if vault.logins().any(|slot| slot == login) {
            // The last slot cannot be taken away before the new one is there: it goes by another name meanwhile.
            let meanwhile =
                Login::new("meanwhile...").map_err(|e| DeskError::from_text(ErrorKind::Refused, &e.to_string()))?;
            vault.add_officer(&self.key, &meanwhile, passphrase, Cost::FLOOR, entropy.as_mut()).map_err(refused)?;
            vault.remove_officer(&self.key, login.as_str()).map_err(refused)?;
            vault.add_officer(&self.key, login, passphrase, self.tools.cost, entropy.as_mut()).map_err(refused)?;
            vault.remove_officer(&self.key, meanwhile.as_str()).map_err(refused)?;
        } else {
            vault.add_officer(&self.key, login, passphrase, self.tools.cost, entropy.as_mut()).map_err(refused)?;
        }
        self.peer.folder().keep_vault(&vault)?;
        Ok(())
    }

    /// The desk is not unsealed with this login any more.
    fn remove_slot(&self, login: &Login) -> Result<(), DeskError> {
        let mut vault = self.peer.folder().vault()?;
        if vault.logins().any(|slot| slot == login) {
            vault.remove_officer(&self.key, login.as_str()).map_err(peer::PeerError::from)?;
            self.peer.folder().keep_vault(&vault)?;
        }
        Ok(())
    }

    fn keep_account(&self, by: &str, account: Account) -> Result<(), DeskError> {
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&DeskFact::Account { account, by, at }.to_own()).map(|_| ())
        })
    }
}

fn strong(passphrase: &str) -> Result<Passphrase, DeskError> {
    Passphrase::new(passphrase).map_err(|error| DeskError::from_text(ErrorKind::Refused, &error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, PASSPHRASE};
    use super::*;

    const OTHER: &str = "човен ліхтар вулик ґанок їжак";

    #[tokio::test]
    async fn a_clerk_signs_in_and_is_no_administrator() {
        let town = testing::town();
        let desk = &town.desk;
        desk.add_account("admin", "o.koval", "Коваль Олена", Rank::Clerk, OTHER).unwrap();
        assert_eq!(desk.sign_in("o.koval", OTHER).await.unwrap().rank, Rank::Clerk);
        let refused = desk.add_account("o.koval", "x", "", Rank::Clerk, OTHER).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::NotAllowed);
        let taken = desk.add_account("admin", "o.koval", "", Rank::Clerk, OTHER).unwrap_err();
        assert!(taken.sentence.en.contains("taken"));
        desk.disable_account("admin", "o.koval").unwrap();
        assert_eq!(desk.sign_in("o.koval", OTHER).await.unwrap_err().kind, ErrorKind::NotAllowed);
    }

    #[test]
    fn a_disabled_account_is_enabled_with_a_new_passphrase_only() {
        let town = testing::town();
        let desk = &town.desk;
        desk.add_account("admin", "second", "", Rank::Administrator, OTHER).unwrap();
        assert!(desk.enable_account("admin", "second", PASSPHRASE).is_err(), "it is not disabled");
        desk.disable_account("admin", "second").unwrap();
        assert!(desk.enable_account("admin", "second", "123").is_err());
        desk.enable_account("admin", "second", PASSPHRASE).unwrap();
        desk.check("second", &Passphrase::typed(PASSPHRASE)).unwrap();
        assert!(desk.accounts("admin").unwrap().iter().all(|row| row.active && row.unseals && !row.code));
    }

    #[tokio::test]
    async fn wrong_passphrases_are_answered_more_and_more_slowly() {
        let town = testing::town();
        for wait in [1, 2] {
            assert_eq!(town.desk.sign_in("admin", "хибний").await.unwrap_err(), wrong_passphrase());
            let early = town.desk.sign_in("admin", PASSPHRASE).await.unwrap_err();
            assert!(early.sentence.en.contains(&format!("wait {wait} s")), "{early}");
            town.clock.advance(Duration::from_secs(wait));
        }
        town.desk.sign_in("admin", PASSPHRASE).await.unwrap();
        assert_eq!(town.desk.sign_in("nobody", PASSPHRASE).await.unwrap_err(), wrong_passphrase());
    }

    /// Its own entries may be missing, and no disk lost any: an unknown login is one that was mistyped.
    #[tokio::test]
    async fn a_desk_back_from_a_copy_answers_unknown_logins_as_any_other() {
        let town = testing::town();
        town.desk.peer.begin_from_a_copy(super::super::HUB).unwrap();
        for login in ["admni", "admin"] {
            assert_eq!(town.desk.sign_in(login, OTHER).await.unwrap_err(), wrong_passphrase(), "{login}");
            let early = town.desk.sign_in(login, OTHER).await.unwrap_err();
            assert!(early.sentence.en.contains("wait 1 s"), "{login}: {early}");
        }
        assert!(town.desk.account("admni").unwrap_err().sentence.en.contains("no active account"));
    }

    #[tokio::test]
    async fn who_must_wait_takes_no_place_and_nobody_waits_for_one_for_long() {
        let town = testing::town();
        let places = Arc::clone(&town.desk.attempts.at_once);
        let taken = places.acquire_many_owned(2).await.unwrap();
        town.desk.attempts.failed("o.koval");
        let limit = Duration::from_secs(2);
        let early = tokio::time::timeout(limit, town.desk.sign_in("o.koval", OTHER)).await.expect("answers at once");
        assert!(early.unwrap_err().sentence.en.contains("wait 1 s"));
        let limit = WAIT_FOR_PLACE * 4;
        let busy = tokio::time::timeout(limit, town.desk.sign_in("admin", PASSPHRASE)).await.expect("gives up waiting");
        assert_eq!(busy.unwrap_err().kind, ErrorKind::Busy);
        drop(taken);
        town.desk.sign_in("admin", PASSPHRASE).await.unwrap();
    }

    #[test]
    fn a_second_administrator_unseals_and_the_last_one_stays() {
        let town = testing::town();
        let last = town.desk.disable_account("admin", "admin").unwrap_err();
        assert!(last.sentence.en.contains("last administrator"));
        town.desk.add_account("admin", "second", "Друга", Rank::Administrator, OTHER).unwrap();
        assert!(town.desk.accounts("admin").unwrap().iter().all(|row| row.unseals));
        town.desk.disable_account("second", "admin").unwrap();
        let vault = town.desk.peer.folder().vault().unwrap();
        assert!(vault.unlock("admin", &Passphrase::typed(PASSPHRASE)).is_err());
        vault.unlock("second", &Passphrase::typed(OTHER)).unwrap();
    }

    #[test]
    fn two_administrators_who_disable_each_other_at_once_leave_one() {
        let town = testing::town();
        let desk = &town.desk;
        desk.add_account("admin", "second", "Друга", Rank::Administrator, OTHER).unwrap();
        let start = &std::sync::Barrier::new(2);
        let disable = |by: &'static str, whom: &'static str| {
            move || {
                start.wait();
                desk.disable_account(by, whom).is_ok()
            }
        };
        let done = std::thread::scope(|scope| {
            let both = [scope.spawn(disable("admin", "second")), scope.spawn(disable("second", "admin"))];
            both.map(|one| one.join().unwrap())
        });
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
        assert_eq!(desk.book().unwrap().accounts.values().filter(|account| account.active).count(), 1);
        assert_eq!(desk.peer.folder().vault().unwrap().logins().count(), 1);
    }

    #[test]
    fn administrators_added_at_once_all_unseal() {
        let town = testing::town();
        let (desk, start) = (&town.desk, &std::sync::Barrier::new(3));
        std::thread::scope(|scope| {
            for login in ["one", "two", "three"] {
                scope.spawn(move || {
                    start.wait();
                    desk.add_account("admin", login, "", Rank::Administrator, OTHER).unwrap();
                });
            }
        });
        let accounts = desk.accounts("admin").unwrap();
        assert_eq!((accounts.len(), accounts.iter().filter(|row| row.unseals).count()), (4, 4));
    }

    #[test]
    fn a_new_passphrase_signs_in_and_unseals_alone() {
        let town = testing::town();
        assert!(town.desk.set_passphrase("admin", "admin", OTHER).is_err(), "without the present one");
        town.desk.reset_passphrase("admin", "admin", OTHER).unwrap();
        town.desk.check("admin", &Passphrase::typed(OTHER)).unwrap();
        assert!(town.desk.check("admin", &Passphrase::typed(PASSPHRASE)).is_err());
        let vault = town.desk.peer.folder().vault().unwrap();
        vault.unlock("admin", &Passphrase::typed(OTHER)).unwrap();
        assert_eq!(vault.logins().count(), 1);
    }
}
