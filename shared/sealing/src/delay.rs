//! How long an officer waits after a wrong passphrase.

use std::time::Duration;

/// The longest wait. There is no lock-out: a suitcase must open for its officer at any resident's table.
const LONGEST: Duration = Duration::from_secs(300);

/// The wait after so many wrong passphrases in a row: 1 s, 2 s, 4 s … up to five minutes.
pub fn delay_after(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        1..=9 => Duration::from_secs(1 << (failures - 1)),
        _ => LONGEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_ends_at_five_minutes() {
        assert_eq!(delay_after(0), Duration::ZERO);
        assert_eq!(delay_after(1), Duration::from_secs(1));
        assert_eq!(delay_after(4), Duration::from_secs(8));
        assert!((0..40).all(|n| delay_after(n) <= delay_after(n + 1)));
        assert_eq!(delay_after(u32::MAX), LONGEST);
    }
}
