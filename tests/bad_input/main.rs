//! Bad input is normal: each of these ends with the right exit code and a sentence that helps, in Ukrainian first, and
//! with nothing lost. All with the real programs, but where a case needs what their command lines cannot bring about.

mod clock_gone_wild;
mod disk;
mod forms;
mod keys;
mod late;
mod messages;
mod wire;

use valiza_tests::programs::Said;

/// Exit codes as the help texts list them.
mod code {
    /// Refused, invalid input.
    pub const REFUSED: Option<i32> = Some(1);
    /// No connection.
    pub const NO_CONNECTION: Option<i32> = Some(3);
    /// In use.
    pub const BUSY: Option<i32> = Some(5);
    /// Locked, wrong passphrase.
    pub const LOCKED: Option<i32> = Some(6);
}

/// It ended with this code and said so in words that a person can use: these words, Ukrainian before English, and none
/// of what only a programmer reads.
#[track_caller]
fn helps(said: &Said, code: Option<i32>, words: &[&str]) {
    assert_eq!(said.code, code, "{said:#?}");
    for word in words {
        assert!(said.err.contains(word), "«{word}» is not said: {said:#?}");
    }
    let cyrillic = said.err.find(|letter: char| ('а'..='я').contains(&letter));
    let english = said.err.find(" / ");
    assert!(matches!((cyrillic, english), (Some(uk), Some(en)) if uk < en), "not in two languages: {said:#?}");
    for word in ["panicked", "RUST_BACKTRACE", "unwrap", "Err(", "Some(", "Os {"] {
        assert!(!said.err.contains(word) && !said.out.contains(word), "{said:#?}");
    }
}
