//! The name by which an officer unlocks.

use std::fmt;

const LONGEST: usize = 32;

/// 1 to 32 of `a`–`z`, `0`–`9`, `.`, `_`, `-`: can be typed in any layout of a Ukrainian keyboard that has Latin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login(String);

/// The text is no login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "ім’я входу: від 1 до 32 знаків, малі латинські літери, цифри, крапка, риска / a login has 1 to 32 characters: small Latin letters, digits, dot, hyphen, underscore"
)]
pub struct LoginError;

impl Login {
    /// Checks the text.
    pub fn new(text: &str) -> Result<Self, LoginError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LoginError)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_short_and_plain() {
        assert_eq!(Login::new("o.shevchuk-2").unwrap().as_str(), "o.shevchuk-2");
        let longest = "a".repeat(32);
        assert!(Login::new(&longest).is_ok());
        for text in ["", "Oksana", "оксана", "a b", "a/b", &"a".repeat(33)] {
            assert_eq!(Login::new(text), Err(LoginError), "{text}");
        }
    }
}
