//! How fast a link was lately, and what fits it.

use signing::canonical::{DecodeError, Reader, Writer};

/// Messages with fewer bytes say how long a round trip takes, others how fast bytes go.
const SMALL: u64 = 2 * 1024;
/// Bytes that a contact of its own costs: connection, handshake, two messages without entries.
const CONTACT: u64 = 4 * 1024;
/// Entries are wrapped for the way: heads, signatures, TLS, HTTP, confirmations. In hundredths of their bytes.
const WRAPPING: u64 = 105;

/// So many times as fast or as slow as it was known to be: it is another link.
const OTHER: u64 = 4;

/// What one message was measured to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// Bytes out.
    pub up: u64,
    /// Bytes in.
    pub down: u64,
    /// From the first byte out to the last byte in, ms.
    pub took: u64,
}

/// What was measured lately. A second of a link's life says little about the next: old and new are halved together,
/// unless they differ so much that the old says nothing any more.
///
/// | stored | bytes |
/// |---|---|
/// | version = 1 | 1 |
/// | bytes a second out, in, 0 if never measured | count, count |
/// | round trip, ms, 0 if never measured | count |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Speed {
    up: u64,
    down: u64,
    round_trip: u64,
}

impl Speed {
    /// Learns from a message that went over a connection that was open already.
    pub fn learn(&mut self, carried: Carried) {
        let Carried { up, down, took } = carried;
        let halve = |known: &mut u64, new: u64| {
            let other = *known == 0 || new > known.saturating_mul(OTHER) || new < *known / OTHER;
            *known = if other { new } else { u64::midpoint(*known, new) }.max(1);
        };
        if up + down < SMALL {
            return halve(&mut self.round_trip, took);
        }
        let moving = took.saturating_sub(self.round_trip).max(1);
        let rate = (up + down).saturating_mul(1_000) / moving;
        // What came along the other way is too little to tell that way's speed.
        if up >= SMALL.max(down * 4) {
            halve(&mut self.up, rate);
        } else if down >= SMALL.max(up * 4) {
            halve(&mut self.down, rate);
        }
    }

    /// Bytes a second out; `None` if it was never measured.
    pub const fn up(&self) -> Option<u64> {
        if self.up == 0 { None } else { Some(self.up) }
    }

    /// Bytes a second in; the way out must serve where only that was measured.
    pub const fn down(&self) -> Option<u64> {
        if self.down == 0 { self.up() } else { Some(self.down) }
    }

    /// A message without entries, there and back, ms; a second if it was never measured.
    pub const fn round_trip(&self) -> u64 {
        if self.round_trip == 0 { 1_000 } else { self.round_trip }
    }

    /// Bytes on the wire that so many milliseconds bring out, connecting included.
    pub fn bytes_in(&self, ms: u64) -> Option<u64> {
        let moving = ms.saturating_sub(3 * self.round_trip());
        self.up().map(|rate| rate.saturating_mul(moving) / 1_000)
    }

    /// Milliseconds that so many bytes take on their way out, connecting included.
    pub fn time_for(&self, bytes: u64) -> Option<u64> {
        self.up().map(|rate| bytes.saturating_mul(1_000) / rate + 3 * self.round_trip())
    }

    /// As stored.
    pub fn write(&self, w: &mut Writer) {
        w.u8(1).count(self.up).count(self.down).count(self.round_trip);
    }

    /// Reads what [`Speed::write`] wrote.
    pub fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match r.u8()? {
            1 => Ok(Self { up: r.count()?, down: r.count()?, round_trip: r.count()? }),
            other => Err(DecodeError::Unknown(other)),
        }
    }

    /// Bytes of entries for which so many bytes on the wire suffice.
    pub const fn entries_in(wire: u64) -> u64 {
        wire.saturating_sub(CONTACT).saturating_mul(100) / WRAPPING
    }

    /// Bytes on the wire that so many bytes of entries take.
    pub const fn wire_of(entries: u64) -> u64 {
        (entries.saturating_mul(WRAPPING) / 100).saturating_add(CONTACT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_link_is_measured_and_three_minutes_are_told_in_bytes() {
        let mut speed = Speed::default();
        assert_eq!((speed.up(), speed.bytes_in(180_000)), (None, None), "nobody guesses");
        speed.learn(Carried { up: 500, down: 400, took: 700 });
        // 64 kbit/s are 8,000 bytes a second.
        speed.learn(Carried { up: 32_000, down: 400, took: 700 + 4_000 });
        let up = speed.up().unwrap();
        assert!((7_900..=8_200).contains(&up), "{up}");
        let three = speed.bytes_in(180_000).unwrap();
        assert!((1_400_000..1_450_000).contains(&three), "{three}");
        assert!(speed.time_for(three).unwrap().abs_diff(180_000) < 100);
        assert_eq!(speed.down(), Some(up), "until something came in");
        speed.learn(Carried { up: 400, down: 100_000, took: 1_700 });
        assert!(speed.down().unwrap() > 90_000 && speed.up() == Some(up));
    }

    #[test]
    fn a_link_that_slows_down_is_believed_after_a_few_messages_and_another_link_at_once() {
        let mut speed = Speed::default();
        speed.learn(Carried { up: 1_000_000, down: 0, took: 1_000 });
        speed.learn(Carried { up: 400_000, down: 0, took: 1_000 });
        assert_eq!(speed.up(), Some(700_000));
        for _ in 0..8 {
            speed.learn(Carried { up: 200_000, down: 0, took: 1_000 });
        }
        assert!(speed.up().unwrap() < 205_000, "{speed:?}");
        speed.learn(Carried { up: 20_000, down: 0, took: 10_000 });
        assert_eq!(speed.up(), Some(2_000), "from the office out into the field");
        speed.learn(Carried { up: 1_000_000, down: 0, took: 1_000 });
        assert_eq!(speed.up(), Some(1_000_000), "and back");
    }

    #[test]
    fn it_is_stored_and_read_back() {
        let speed = Speed { up: 8_000, down: 250_000, round_trip: 640 };
        let mut w = Writer::new();
        speed.write(&mut w);
        let bytes = w.finish();
        assert_eq!(Speed::read(&mut Reader::new(&bytes)), Ok(speed));
        assert_eq!(bytes[0], 1);
        assert!(Speed::read(&mut Reader::new(&[2, 0, 0, 0])).is_err());
    }

    #[test]
    fn what_fits_the_wire_and_what_it_takes_agree() {
        assert_eq!(Speed::entries_in(100), 0, "not even a contact");
        for bytes in [1_000, 240_000, 5_000_000] {
            assert!(Speed::entries_in(Speed::wire_of(bytes)).abs_diff(bytes) <= 1);
        }
    }
}
