//! The second factor of an account: codes of six digits that an application on a telephone shows (RFC 6238: SHA-1, 30
//! seconds), and ten recovery codes for when the telephone is lost. Kept in the chain, sealed to the desk.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::{Desk, DeskError, ErrorKind};
use sealing::Entropy;
use signing::{Hash, Label, Secret};
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

    /// A new secret for the own account, or the one that was drawn and not confirmed yet.
    pub fn draw_factor(&self, by: &str) -> Result<NewFactor, DeskError> {
        self.account(by)?;
        let mut drawn = self.drawn();
        let secret = drawn.entry(by.to_owned()).or_insert_with(|| {
            let mut source = (self.tools.entropy)();
            let entropy: &mut dyn Entropy = source.as_mut();
            entropy.secret()
        });
        let url = totp(secret, by)?.to_url().map_err(|_| unusable())?;
        Ok(NewFactor { url, text: groups(&base32(secret.expose())) })
    }

    /// The first code of the new secret: from now on it is asked for. Gives back the recovery codes, this once.
    pub fn confirm_factor(&self, by: &str, code: &str) -> Result<Vec<String>, DeskError> {
        let _turn = self.accounts_turn();
        self.account(by)?;
        self.attempts.may_try(by)?;
        let secret = self.drawn().get(by).map(Secret::duplicate).ok_or_else(|| {
            DeskError::refused("спершу додайте секрет у застосунок", "add the secret to the application first")
        })?;
        let Some(step) = matching_step(&totp(&secret, by)?, code, self.seconds(), 0) else {
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

    /// Takes a second factor away: one's own, or by another administrator for somebody whose telephone is lost.
    pub fn remove_factor(&self, by: &str, login: &str) -> Result<(), DeskError> {
        let _turn = self.accounts_turn();
        if by != login {
            self.must_be(by, Rank::Administrator)?;
        }
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
    /// with wrong passphrases and make the next try of either wait.
    pub fn check_code(&self, login: &str, typed: &str) -> Result<(), DeskError> {
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
        if let Some(step) = matching_step(&totp(&factor.secret, login)?, typed, self.seconds(), factor.last_step) {
            return Ok(Some(AdministrationFact::Code { login: login.to_owned(), step, at }));
        }
        let hash = hash(typed);
        let known = factor.codes.contains(&hash);
        Ok(known.then(|| AdministrationFact::RecoveryCode { login: login.to_owned(), hash, at }))
    }

    fn seconds(&self) -> u64 {
        u64::try_from(self.now().0 / 1_000).unwrap_or_default()
    }

    fn drawn(&self) -> MutexGuard<'_, std::collections::BTreeMap<String, Secret<20>>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn totp(secret: &Secret<20>, login: &str) -> Result<Totp, DeskError> {
    let builder = Builder::new().with_secret(secret.expose().to_vec()).with_account_name(login.replace(':', "."));
    builder.with_issuer(Some("Valiza")).build().map_err(|_| unusable())
}

fn unusable() -> DeskError {
    DeskError::refused("секрет коду непридатний: почніть наново", "the code's secret is unusable: begin again")
}

/// The step whose code was typed, if it is later than `after` and near enough to now.
fn matching_step(totp: &Totp, typed: &str, now: u64, after: u64) -> Option<u64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let origin = now / STEP;
    let mut window = origin.saturating_sub(SKEW)..=origin + SKEW;
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
        let factor = town.desk.draw_factor("admin").unwrap();
        let codes = town.desk.confirm_factor("admin", &shown(town, &factor, 0)).unwrap();
        (factor, codes)
    }

    #[test]
    fn a_known_code_of_the_standard() {
        // RFC 6238, appendix B: SHA-1, T = 59 s, the last six of 94287082.
        let totp = totp(&Secret::new(*b"12345678901234567890"), "a").unwrap();
        assert_eq!(matching_step(&totp, "287 082", 59, 0), Some(1));
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
    fn an_administrator_is_asked_once_and_a_clerk_never() {
        let town = testing::town();
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        assert!(!town.desk.ask_for_factor("o.koval").unwrap());
        assert!(town.desk.ask_for_factor("admin").unwrap());
        assert!(!town.desk.ask_for_factor("admin").unwrap());
        assert!(!town.desk.factor_state("admin").unwrap().required);
    }
}
