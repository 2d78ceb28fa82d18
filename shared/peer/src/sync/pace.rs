//! What this peer remembers of its way to one answerer: how fast it was, how much a connection carries; and what of that
//! which waits would fit a number of minutes or bytes.

use super::Allowance;
use crate::places::Reached;
use crate::store::{entries, meta, row_pending};
use crate::{Peer, PeerError, View};
use chain::{Courier, Reach, Speed, limits};
use clock::Time;
use records::Kind;
use signing::canonical::{DecodeError, Reader, Writer};

/// What is older says nothing about where the laptop is now, ms.
const LATELY: i64 = 60 * 60 * 1000;

/// What is remembered.
///
/// | stored in `meta` under `pace` and the answerer's name | bytes |
/// |---|---|
/// | version = 1 | 1 |
/// | when, ms since 1970 | 8 |
/// | speed | see [`Speed`] |
/// | bytes that one connection carried | count |
/// | bytes at which one was cut, 0 if none was | count |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How fast.
    pub speed: Speed,
    /// How much a connection carries.
    pub reach: Reach,
    at: i64,
}

impl Pace {
    fn new() -> Self {
        Self { speed: Speed::default(), reach: Reach::default(), at: 0 }
    }

    fn encode(&self) -> Vec<u8> {
        let (good, bad) = self.reach.bounds();
        let mut w = Writer::new();
        w.u8(1).i64(self.at);
        self.speed.write(&mut w);
        w.count(good as u64).count(bad.unwrap_or(0) as u64);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let at = r.i64()?;
        let speed = Speed::read(&mut r)?;
        let bytes = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let (good, bad) = (bytes(r.count()?), Some(bytes(r.count()?)).filter(|bad| *bad > 0));
        r.end()?;
        Ok(Self { at, speed, reach: Reach::remembered(good, bad) })
    }

    /// Of earlier contacts; damaged or of a later version it is as if there were none.
    pub(super) fn of(peer: &Peer, answerer: &str) -> Result<Self, PeerError> {
        let kept = peer.read(|view| meta::get(view.connection, &name(answerer)))?;
        Ok(kept.and_then(|bytes| Self::decode(&bytes).ok()).unwrap_or_else(Self::new))
    }

    /// The answerer answered a short while ago.
    pub(super) fn is_of_lately(&self, now: Time) -> bool {
        (0..LATELY).contains(&now.0.saturating_sub(self.at))
    }

    /// Tells a courier that knows nothing yet what was learnt a short while ago.
    pub(super) fn tell(&self, courier: &mut Courier, now: Time) {
        if self.is_of_lately(now) {
            let (good, bad) = self.reach.bounds();
            let whole = if bad.is_none() { good.min(limits::BATCH) } else { 0 };
            courier.remember(self.reach, whole);
        }
    }

    /// Keeps it for the next contact.
    pub(super) fn keep(mut self, peer: &Peer, answerer: &str, courier: &Courier) -> Result<(), PeerError> {
        self.reach = *courier.reach();
        let name = name(answerer);
        peer.with_ledger(move |ledger| {
            self.at = ledger.clock.now().0;
            meta::put(&ledger.connection, &name, &self.encode())
        })
    }
}

fn name(answerer: &str) -> String {
    format!("pace {answerer}")
}

/// What of that which waits fits, in the order in which it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// Bytes on the wire that the minutes or megabytes come to; `None`: unlimited, or nobody has measured the speed yet.
    pub room: Option<u64>,
    /// Entries that fit, and all that wait.
    pub entries: (u64, u64),
    /// Requests that arrive whole, and all that wait.
    pub requests: (u64, u64),
    /// Bytes on the wire for all that waits.
    pub all_bytes: u64,
    /// How long all of it takes, ms, by the speed of the last contacts.
    pub all_takes: Option<u64>,
}

/// What would fit an allowance now.
pub fn forecast(peer: &Peer, answerer: &str, allowance: &Allowance) -> Result<Fit, PeerError> {
    let speed = Pace::of(peer, answerer)?.speed;
    peer.read(|view| view.fit(answerer, &speed, allowance))
}

impl View<'_> {
    fn fit(&self, answerer: &str, speed: &Speed, allowance: &Allowance) -> Result<Fit, PeerError> {
        let Reached { anchored, base, .. } = self.reached_now(answerer)?;
        let in_time = allowance.time.map(|time| speed.bytes_in(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)));
        let room = match (allowance.bytes, in_time) {
            (Some(bytes), Some(Some(in_time))) => Some(bytes.min(in_time)),
            (bytes, in_time) => bytes.or(in_time.flatten()),
        };
        let (_, bytes) = entries::between(self.connection, self.chain, anchored, u64::MAX)?;
        let all = entries::fitting(self.connection, self.chain, anchored, u64::MAX)?;
        let (last, count, _) = match room {
            Some(room) => entries::fitting(self.connection, self.chain, anchored, Speed::entries_in(room))?,
            None => all,
        };
        let requests =
            |until| row_pending::count_between(self.connection, Kind::Request, base + anchored, base + until);
        let all_bytes = Speed::wire_of(bytes);
        Ok(Fit {
            room,
            entries: (count, all.1),
            requests: (requests(last)?, requests(limits::SEQ)?),
            all_bytes,
            all_takes: speed.time_for(all_bytes),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chain::Carried;

    #[test]
    fn it_is_stored_and_read_back_and_a_later_version_is_as_none() {
        let mut pace = Pace::new();
        pace.speed.learn(Carried { up: 32_000, down: 0, took: 4_000 });
        pace.reach.answered(18_000);
        pace.reach.cut(18_000, 21_000);
        pace.at = 1_795_255_200_000;
        let read = Pace::decode(&pace.encode()).unwrap();
        assert_eq!((read.at, read.speed, read.reach.bounds()), (pace.at, pace.speed, (18_000, Some(21_000))));
        let mut later = pace.encode();
        later[0] = 2;
        assert!(Pace::decode(&later).is_err());
    }

    #[test]
    fn what_was_learnt_yesterday_is_not_believed() {
        let mut pace = Pace::new();
        pace.reach.cut(0, 9_000);
        for (age, believed) in [(LATELY - 1, true), (LATELY, false), (-1, false)] {
            let mut courier = Courier::default();
            pace.tell(&mut courier, Time(age));
            assert_eq!(courier.load(0, true).batch < 9_000, believed, "{age}");
        }
    }
}
