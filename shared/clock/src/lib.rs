//! The one caller of the system's clock.
//!
//! A suitcase's clock is a witness, not a judge: it may stand at 1970 after an empty battery or at 2099 after a slip
//! of the finger. So time is carried as the device's claim ([`Time`]) beside a steady count since start
//! ([`Clock::steady`]), and [`JumpWatch`] tells when the two part ways: the clock was set, or the laptop slept.

use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z, as a device claims them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub i64);

impl Time {
    /// From whole seconds since 1970.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This time and `later` after it.
    pub fn plus(self, later: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(later.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier`; zero if it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// False where no kitchen visit can have happened: before 2024 or after 2090. Such a time is kept and marked.
    pub fn is_plausible(self) -> bool {
        (1_704_067_200_000..3_786_912_000_000).contains(&self.0)
    }

    /// In Europe/Kyiv; `None` if the time is outside the years -9999 to 9999.
    pub fn kyiv(self) -> Option<jiff::Zoned> {
        let zone = jiff::tz::TimeZone::get("Europe/Kyiv").ok()?;
        Some(jiff::Timestamp::from_millisecond(self.0).ok()?.to_zoned(zone))
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC with milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(t) => write!(f, "{t:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// Where time comes from: [`SystemClock`] in programs, [`ManualClock`] in tests and simulations.
pub trait Clock: Send + Sync {
    /// What the wall says.
    fn now(&self) -> Time;
    /// A count that never runs backwards and does not care what the wall says. It may stand still in sleep.
    fn steady(&self) -> Duration;
}

/// The machine's clock.
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// Starts the steady count at zero.
    #[allow(clippy::disallowed_methods)] // the one place that asks the system
    pub fn new() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that asks the system
    fn now(&self) -> Time {
        let now = std::time::SystemTime::now();
        let millis = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
        match now.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => Time(millis(after)),
            Err(before) => Time(-millis(before.duration())),
        }
    }

    fn steady(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A clock that stands where it is put.
pub struct ManualClock {
    state: Mutex<(Time, Duration)>,
}

impl ManualClock {
    /// Stands at `now`, steady count zero.
    pub fn at(now: Time) -> Self {
        Self { state: Mutex::new((now, Duration::ZERO)) }
    }

    /// Time passes: both the wall and the steady count go on.
    pub fn advance(&self, by: Duration) {
        self.change(|(now, steady)| (now.plus(by), steady + by));
    }

    /// Somebody sets the wall clock; the steady count does not notice.
    pub fn set_wall(&self, now: Time) {
        self.change(|(_, steady)| (now, steady));
    }

    fn change(&self, with: impl FnOnce((Time, Duration)) -> (Time, Duration)) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = with(*state);
    }

    fn read(&self) -> (Time, Duration) {
        *self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        self.read().0
    }

    fn steady(&self) -> Duration {
        self.read().1
    }
}

/// What [`JumpWatch`] saw since it last looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// The wall went on by this much more than the steady count: the clock was set forward, or the laptop slept.
    Forward(Duration),
    /// The wall was set back by this much.
    Back(Duration),
}

/// Compares the wall with the steady count at each look. Differences of up to [`JumpWatch::TOLERANCE`] are drift.
pub struct JumpWatch {
    wall: Time,
    steady: Duration,
}

impl JumpWatch {
    /// Smaller differences are ordinary drift and corrections.
    pub const TOLERANCE: Duration = Duration::from_secs(60);

    /// Starts watching from the clock's present state.
    pub fn new(clock: &dyn Clock) -> Self {
        Self { wall: clock.now(), steady: clock.steady() }
    }

    /// Looks again; the next look compares with this one.
    pub fn look(&mut self, clock: &dyn Clock) -> Option<Jump> {
        let (wall, steady) = (clock.now(), clock.steady());
        let expected = self.wall.plus(steady.saturating_sub(self.steady));
        *self = Self { wall, steady };
        let (forward, back) = (wall.since(expected), expected.since(wall));
        if forward > Self::TOLERANCE {
            Some(Jump::Forward(forward))
        } else if back > Self::TOLERANCE {
            Some(Jump::Back(back))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = Time::from_seconds(1_795_255_200); // 2026-11-21T10:00:00Z

    #[test]
    fn kyiv_is_two_hours_ahead_in_november() {
        assert_eq!(NOON.kyiv().unwrap().hour(), 12);
        assert_eq!(NOON.to_string(), "2026-11-21T10:00:00.000Z");
    }

    #[test]
    fn dead_batteries_and_slipped_fingers_are_implausible() {
        assert!(NOON.is_plausible());
        assert!(!Time(0).is_plausible());
        assert!(!Time::from_seconds(4_070_908_800).is_plausible()); // 2099
        assert!(!Time(i64::MAX).is_plausible());
        assert!(Time(i64::MAX).kyiv().is_none());
    }

    #[test]
    fn passing_time_is_no_jump_and_a_set_clock_is() {
        let clock = ManualClock::at(NOON);
        let mut watch = JumpWatch::new(&clock);
        clock.advance(Duration::from_secs(86_400));
        assert_eq!(watch.look(&clock), None);
        clock.set_wall(Time(0));
        assert!(matches!(watch.look(&clock), Some(Jump::Back(_))));
        clock.set_wall(NOON);
        assert!(matches!(watch.look(&clock), Some(Jump::Forward(_))));
        assert_eq!(watch.look(&clock), None);
    }
}
