//! The second factor of an account: codes of six digits that an application on a telephone shows (RFC 6238: SHA-1, 30
//! seconds), and ten recovery codes for when the telephone is lost. Kept in the chain, sealed to the desk.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::traces::How;
use super::{Desk, DeskError, ErrorKind};
use sealing::Entropy;
use signing::{Hash, Label, Secret};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};
use totp_rs::{Builder, Totp};

const STEP: u64 = 30;
/// Steps that a telephone's clock may be off.
const SKEW: u64 = 1;
const RECOVERY_CODES: usize = 10;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What the application on the telephone is given, by camera or typed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewFactor {
    /// `otpauth://…`, the content of the QR code.
    pub url: String,
    /// The secret in groups of four, for typing.
    pub text: String,
}

/// A secret that was drawn and not confirmed yet, and the session whose page shows it.
pub(crate) struct Drawn {
    session: Hash,
    secret: Secret<20>,
}

/// How it stands with an account's second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorState {
    /// Since when there is one, ms since 1970.
    pub since: Option<i64>,
    /// Recovery codes that are left.
    pub codes: usize,
    /// The account gets no further without one.
    pub required: bool,
}

impl Desk {
    /// How it stands with an account's second factor.
    pub fn factor_state(&self, login: &str) -> Result<FactorState, DeskError> {
        let account = self.account(login)?;
        let book = self.book()?;
        let factor = book.administration.factors.get(login);
        let required = book.administration.settings.code_required && account.rank == Rank::Administrator;
        Ok(FactorState {
            since: factor.map(|factor| factor.at),
            codes: factor.map_or(0, |factor| factor.codes.len()),
            required,
        })
    }

    /// An administrator who signs in without one is asked once to set one up. True the first time.
    pub fn ask_for_factor(&self, login: &str) -> Result<bool, DeskError> {
        if self.account(login)?.rank != Rank::Administrator {
            return Ok(false);
        }
        {
            let book = self.book()?;
            if book.administration.factors.contains_key(login) || book.administration.asked.contains(login) {
                return Ok(false);
            }
        }
        self.decide(login, |login, at| AdministrationFact::Asked { login, at })?;
        Ok(true)
    }

    /// A new secret for the own account, each time: whoever saw the page before has another one. Only the session with
    /// this token confirms it.
    pub fn draw_factor(&self, by: &str, session: &str) -> Result<NewFactor, DeskError> {
        self.account(by)?;
        let mut source = (self.tools.entropy)();
        let entropy: &mut dyn Entropy = source.as_mut();
        let secret = entropy.secret();
        let new = new_factor(&secret, by)?;
        self.drawn().insert(by.to_owned(), Drawn { session: key(session), secret });
        Ok(new)
    }

    /// The secret that this session's page shows, after a code that did not fit; else a new one.
    pub fn drawn_factor(&self, by: &str, session: &str) -> Result<NewFactor, DeskError> {
        match self.drawn_by(by, session) {
            Some(secret) => new_factor(&secret, by),
            None => self.draw_factor(by, session),
        }
    }

    fn drawn_by(&self, by: &str, session: &str) -> Option<Secret<20>> {
        let session = key(session);
        self.drawn().get(by).filter(|drawn| drawn.session == session).map(|drawn| drawn.secret.duplicate())
    }

    /// The first code of the new secret: from now on it is asked for. Gives back the recovery codes, this once.
    pub fn confirm_factor(&self, by: &str, session: &str, code: &str) -> Result<Vec<String>, DeskError> {
        let _turn = self.accounts_turn();
        if self.factor_state(by)?.since.is_some() {
            return Err(DeskError::refused(
                "код уже ввімкнено: спершу вимкніть його",
                "a code is on already: turn it off first",
            ));
        }
        self.attempts.may_try(by)?;
        let secret = self.drawn_by(by, session).ok_or_else(|| {
            DeskError::refused(
                "цей секрет уже не діє: додайте в застосунок той, що показано зараз",
                "this secret is no longer good: add the one that is shown now to the application",
            )
        })?;
        let Some(step) = matching_step(&totp(&secret, by)?, code, self.seconds(), &BTreeSet::new()) else {
            self.attempts.failed(by);
            return Err(DeskError::refused(
                "код не збігається: перевірте час на телефоні і введіть код, який застосунок показує зараз",
                "the code differs: check the telephone's clock and enter the code that is shown now",
            ));
        };
        let mut source = (self.tools.entropy)();
        let entropy: &mut dyn Entropy = source.as_mut();
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| groups(&base32(&entropy.array::<10>()))).collect();
        let hashes = codes.iter().map(|code| hash(code)).collect();
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            let login = by.clone();
            let fact = AdministrationFact::Factor { login, secret: Some(secret), codes: hashes, by: by.clone(), at };
            act.own(&fact.to_own())?;
            act.own(&AdministrationFact::Code { login: by, step, at }.to_own()).map(|_| ())
        })?;
        self.drawn().remove(by);
        self.attempts.succeeded(by);
        Ok(codes)
    }

    /// Takes somebody else's second factor away, whose telephone is lost; for administrators.
    pub fn remove_factor(&self, by: &str, login: &str) -> Result<(), DeskError> {
        if by == login {
            return Err(DeskError::refused(
                "свій код вимикають на сторінці «Код із застосунку»: для цього потрібен код або резервний код",
                "the own code is turned off on the page “Code from an application”, with a code or a recovery code",
            ));
        }
        self.reset_factor(by, login)
    }

    /// Takes the own second factor away, with one of its codes or a recovery code.
    pub fn remove_own_factor(&self, by: &str, code: &str) -> Result<(), DeskError> {
        self.spend_code(by, code)?;
        let login = by.to_owned();
        self.decide(by, move |by, at| AdministrationFact::Factor { login, secret: None, codes: Vec::new(), by, at })
    }

    /// As [`Desk::remove_factor`], and the own one as well: for a command on the desk's own machine, the way out for
    /// the only administrator whose telephone and recovery codes are lost.
    pub fn reset_factor(&self, by: &str, login: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.must_be(by, Rank::Administrator)?;
        if self.factor_state(login)?.since.is_none() {
            return Err(DeskError::refused(
                "у цього облікового запису немає коду із застосунку",
                "this account has no code from an application",
            ));
        }
        let login = login.to_owned();
        self.decide(by, move |by, at| AdministrationFact::Factor { login, secret: None, codes: Vec::new(), by, at })
    }

    /// True if a right passphrase is not enough for this login.
    pub fn needs_code(&self, login: &str) -> Result<bool, DeskError> {
        Ok(self.book()?.administration.factors.contains_key(login))
    }

    /// The second step of signing in: a code of six digits or a recovery code, each good once. Wrong ones are counted
    /// with wrong passphrases and make the next try of either wait. Whose sign-in cannot be noted does not come in.
    pub fn check_code(&self, login: &str, typed: &str) -> Result<(), DeskError> {
        self.spend_code(login, typed)?;
        self.note(login, How::SignedIn, "")
    }

    fn spend_code(&self, login: &str, typed: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        self.account(login)?;
        self.attempts.may_try(login)?;
        let fact = self.matching(login, typed)?;
        match fact {
            Some(fact) => {
                self.decide(login, move |_, _| fact)?;
                self.attempts.succeeded(login);
                Ok(())
            }
            None => {
                self.attempts.failed(login);
                self.note_failure(login, How::WrongCode);
                Err(DeskError::new(
                    ErrorKind::NotAllowed,
                    "код хибний, прострочений або вже використаний: дочекайтеся наступного коду на телефоні",
                    "the code is wrong, old or used already: wait for the next one on the telephone",
                ))
            }
        }
    }

    fn matching(&self, login: &str, typed: &str) -> Result<Option<AdministrationFact>, DeskError> {
        let at = self.now().0;
        let book = self.book()?;
        let Some(factor) = book.administration.factors.get(login) else { return Ok(None) };
        if let Some(step) = matching_step(&totp(&factor.secret, login)?, typed, self.seconds(), &factor.steps) {
            return Ok(Some(AdministrationFact::Code { login: login.to_owned(), step, at }));
        }
        let hash = hash(typed);
        let known = factor.codes.contains(&hash);
        Ok(known.then(|| AdministrationFact::RecoveryCode { login: login.to_owned(), hash, at }))
    }

    fn seconds(&self) -> u64 {
        u64::try_from(self.now().0 / 1_000).unwrap_or_default()
    }

    fn drawn(&self) -> MutexGuard<'_, BTreeMap<String, Drawn>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn new_factor(secret: &Secret<20>, login: &str) -> Result<NewFactor, DeskError> {
    let url = totp(secret, login)?.to_url().map_err(|_| unusable())?;
    Ok(NewFactor { url, text: groups(&base32(secret.expose())) })
}

/// Names a session here: whoever reads this memory cannot sign in with it.
fn key(session: &str) -> Hash {
    Hash::of(Label::Session, session.as_bytes())
}

fn totp(secret: &Secret<20>, login: &str) -> Result<Totp, DeskError> {
    let builder = Builder::new().with_secret(secret.expose().to_vec()).with_account_name(login.replace(':', "."));
    builder.with_issuer(Some("Valiza")).build().map_err(|_| unusable())
}

fn unusable() -> DeskError {
    DeskError::refused("секрет коду непридатний: почніть наново", "the code's secret is unusable: begin again")
}

/// The step whose code was typed, if it is near enough to now, not used and later than those that were. Steps that are
/// still to come were used while this clock was ahead: they stay used, and lock nobody out before their time.
fn matching_step(totp: &Totp, typed: &str, now: u64, used: &BTreeSet<u64>) -> Option<u64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let origin = now / STEP;
    let mut window = origin.saturating_sub(SKEW)..=origin + SKEW;
    let after = used.range(..=origin + SKEW).next_back().copied().unwrap_or_default();
    window.find(|step| *step > after && totp.generate(step * STEP).to_string() == typed)
}

/// Under which a recovery code is kept: 80 random bits need no stretching. Spaces, dashes and case do not matter.
fn hash(code: &str) -> Hash {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    Hash::of(Label::SecondFactor, plain.as_bytes())
}

fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let symbol = |group: usize| (0..5).fold(0, |value, i| value << 1 | usize::from(bit(group * 5 + i)));
    (0..(bytes.len() * 8).div_ceil(5)).map(|group| BASE32[symbol(group)] as char).collect()
}

fn groups(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, Town};
    use super::*;
    use std::time::Duration;

    /// What the telephone shows, its clock so many steps ahead.
    fn shown(town: &Town, factor: &NewFactor, ahead: i64) -> String {
        let text: String = factor.text.chars().filter(|c| *c != ' ').collect();
        let bits = text.bytes().flat_map(|symbol| {
            let value = BASE32.iter().position(|s| *s == symbol).unwrap();
            (0..5).rev().map(move |bit| value >> bit & 1 == 1)
        });
        let bits: Vec<bool> = bits.collect();
        let bytes: Vec<u8> =
            bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | u8::from(*bit))).collect();
        let totp = Builder::new().with_secret(bytes).with_account_name("admin").build().unwrap();
        totp.generate((town.clock_now() / 1_000 + ahead * 30) as u64).to_string()
    }

    fn set_up(town: &Town) -> (NewFactor, Vec<String>) {
        let factor = town.desk.draw_factor("admin", "session").unwrap();
        let codes = town.desk.confirm_factor("admin", "session", &shown(town, &factor, 0)).unwrap();
        (factor, codes)
    }

    #[test]
    fn a_known_code_of_the_standard() {
        // RFC 6238, appendix B: SHA-1, T = 59 s, the last six of 94287082.
        let totp = totp(&Secret::new(*b"12345678901234567890"), "a").unwrap();
        assert_eq!(matching_step(&totp, "287 082", 59, &BTreeSet::new()), Some(1));
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(totp.to_url().unwrap().contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    }

    #[test]
    fn a_code_works_once_within_a_step_of_now() {
        let town = testing::town();
        assert!(!town.desk.needs_code("admin").unwrap());
        let (factor, codes) = set_up(&town);
        assert!(town.desk.needs_code("admin").unwrap() && codes.len() == 10);
        let used = shown(&town, &factor, 0);
        assert!(town.desk.check_code("admin", &used).is_err(), "the code of the set-up is spent");
        for (ahead, good) in [(-2, false), (2, false), (1, true), (1, false), (0, false)] {
            town.clock.advance(Duration::from_secs(600));
            if !good && ahead < 2 && ahead > -2 {
                town.desk.check_code("admin", &shown(&town, &factor, 1)).unwrap();
            }
            let checked = town.desk.check_code("admin", &shown(&town, &factor, ahead));
            assert_eq!(checked.is_ok(), good, "{ahead}: {checked:?}");
        }
    }

    #[test]
    fn wrong_codes_are_slowed_down_with_wrong_passphrases() {
        let town = testing::town();
        let (factor, _) = set_up(&town);
        town.clock.advance(Duration::from_secs(60));
        assert!(town.desk.check_code("admin", "000000").is_err());
        let early = town.desk.check_code("admin", &shown(&town, &factor, 0)).unwrap_err();
        assert!(early.sentence.en.contains("wait 1 s"), "{early}");
        // A right passphrase in between forgives nothing while the code is owed.
        town.clock.advance(Duration::from_secs(1));
        town.desk.check("admin", &sealing::Passphrase::typed(testing::PASSPHRASE)).unwrap();
        assert!(town.desk.check_code("admin", "000000").is_err());
        let early = town.desk.check_code("admin", "111111").unwrap_err();
        assert!(early.sentence.en.contains("wait 2 s"), "{early}");
    }

    #[test]
    fn recovery_codes_work_once_each_and_another_administrator_takes_it_away() {
        let town = testing::town();
        let (_, codes) = set_up(&town);
        town.desk.check_code("admin", &codes[3].to_lowercase().replace(' ', "-")).unwrap();
        assert_eq!(town.desk.factor_state("admin").unwrap().codes, 9);
        assert!(town.desk.check_code("admin", &codes[3]).is_err());
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        assert!(town.desk.remove_factor("o.koval", "admin").is_err());
        town.desk.add_account("admin", "second", "", Rank::Administrator, testing::PASSPHRASE).unwrap();
        town.desk.remove_factor("second", "admin").unwrap();
        assert!(!town.desk.needs_code("admin").unwrap());
        assert!(town.desk.remove_factor("second", "admin").is_err());
    }

    #[test]
    fn a_secret_that_another_session_saw_is_not_the_one_that_is_confirmed() {
        let town = testing::town();
        let seen = town.desk.draw_factor("admin", "stranger").unwrap();
        let own = town.desk.draw_factor("admin", "own").unwrap();
        assert_ne!(seen.text, own.text);
        assert!(town.desk.drawn_factor("admin", "own").unwrap() == own, "a wrong code keeps it");
        let code = shown(&town, &own, 0);
        assert!(town.desk.confirm_factor("admin", "stranger", &code).is_err(), "another session");
        assert!(town.desk.confirm_factor("admin", "own", &shown(&town, &seen, 0)).is_err(), "another secret");
        town.clock.advance(Duration::from_secs(60));
        town.desk.confirm_factor("admin", "own", &shown(&town, &own, 0)).unwrap();
    }

    #[test]
    fn the_own_code_is_turned_off_with_a_code_alone() {
        let town = testing::town();
        let (factor, codes) = set_up(&town);
        town.clock.advance(Duration::from_secs(600));
        assert!(town.desk.remove_factor("admin", "admin").is_err(), "not as somebody else's");
        assert!(town.desk.remove_own_factor("admin", "000000").is_err());
        assert!(town.desk.needs_code("admin").unwrap());
        town.clock.advance(Duration::from_secs(600));
        town.desk.remove_own_factor("admin", &shown(&town, &factor, 0)).unwrap();
        assert!(!town.desk.needs_code("admin").unwrap());
        assert!(town.desk.remove_own_factor("admin", &codes[0]).is_err(), "there is none any more");
        town.clock.advance(Duration::from_secs(600));
        let (_, codes) = set_up(&town);
        town.desk.remove_own_factor("admin", &codes[0]).unwrap();
        set_up(&town);
        town.desk.reset_factor("admin", "admin").unwrap();
    }

    #[test]
    fn a_clock_that_was_ahead_locks_nobody_out() {
        let town = testing::town();
        let (factor, _) = set_up(&town);
        let day = Duration::from_secs(86_400);
        town.clock.set_wall(testing::NOON.plus(day));
        let ahead = shown(&town, &factor, 0);
        town.desk.check_code("admin", &ahead).unwrap();
        town.clock.set_wall(testing::NOON.plus(Duration::from_secs(600)));
        let code = shown(&town, &factor, 0);
        town.desk.check_code("admin", &code).unwrap();
        town.clock.advance(Duration::from_secs(2));
        assert!(town.desk.check_code("admin", &code).is_err(), "once");
        town.clock.set_wall(testing::NOON.plus(day));
        town.clock.advance(Duration::from_secs(2));
        assert!(town.desk.check_code("admin", &ahead).is_err(), "used when the clock was ahead");
    }

    #[test]
    fn an_administrator_is_asked_once_and_a_clerk_never() {
        let town = testing::town();
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        assert!(!town.desk.ask_for_factor("o.koval").unwrap());
        assert!(town.desk.ask_for_factor("admin").unwrap());
        assert!(!town.desk.ask_for_factor("admin").unwrap());
        assert!(!town.desk.factor_state("admin").unwrap().required);
    }
}
