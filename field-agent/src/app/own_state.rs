//! What the suitcase tells the centre of itself before it exchanges: version, release, clock, what waits, who has a slot.

use super::agent::HUB;
use super::{Agent, AppError};
use peer::{Filter, OwnFact, StateOfPeer};
use records::schema::Kind;

/// Under this name the database keeps what was told last: when, ms since 1970 (8), then what does not change by itself.
const TOLD: &str = "own state told";
/// Under this name it keeps by how much the clock was ahead of the hub's at the last contact, ms (8).
const CLOCK_AHEAD: &str = "clock ahead";
/// The same is told again after so long, ms.
const AGAIN: i64 = 6 * 3_600_000;

impl Agent {
    /// Tells the centre how this suitcase stands, if it was told something else or long ago. Costs one entry.
    pub(super) fn state_oneself(&self) -> Result<(), AppError> {
        if !self.is_certified()? {
            return Ok(());
        }
        let state = self.own_state()?;
        self.tell_named_anchors()?;
        let told = self.peer.read(|view| view.value(TOLD))?.unwrap_or_default();
        let lasting = lasting(&state);
        if let Some((at, before)) = told.split_first_chunk::<8>() {
            let age = state.at.saturating_sub(i64::from_be_bytes(*at));
            if before == lasting.as_bytes() && (0..AGAIN).contains(&age) {
                return Ok(());
            }
        }
        let told = [&state.at.to_be_bytes()[..], lasting.as_bytes()].concat();
        self.peer.act(move |act| {
            act.own(&OwnFact::State(Box::new(state)))?;
            act.put_value(TOLD, &told)
        })?;
        Ok(())
    }

    /// With what waits goes the proof of when it was not yet written: the anchors that it names.
    fn tell_named_anchors(&self) -> Result<(), AppError> {
        let waits = self.peer.read(|view| view.whereabouts(Kind::Request, HUB))?.waiting_entries > 0;
        if waits {
            self.peer.act(|act| act.tell_named_anchors())?;
        }
        Ok(())
    }

    /// Remembers how the clock stands to the hub's, for the next time.
    pub(super) fn remember_clock(&self, hub_time: i64) -> Result<(), AppError> {
        let ahead = self.now().0.saturating_sub(hub_time);
        let known = self.peer.read(|view| view.value(CLOCK_AHEAD))?.and_then(|bytes| bytes.try_into().ok());
        // A contact takes its time: what is nearly the same is not written again and again.
        if known.is_some_and(|known| i64::from_be_bytes(known).abs_diff(ahead) < 60_000) {
            return Ok(());
        }
        Ok(self.peer.act(move |act| act.put_value(CLOCK_AHEAD, &ahead.to_be_bytes()))?)
    }

    fn own_state(&self) -> Result<StateOfPeer, AppError> {
        let own = self.peer.chain();
        let officers = self.officers()?;
        let release = self.catalogue().release().number;
        Ok(self.peer.read(|view| {
            let places = view.whereabouts(Kind::Request, HUB)?;
            let made = Filter { kind: Some(Kind::Request), creators: vec![own], ..Filter::default() };
            let ahead = view.value(CLOCK_AHEAD)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
            Ok(StateOfPeer {
                at: self.now().0,
                program: env!("CARGO_PKG_VERSION").to_owned(),
                release,
                clock_ahead: ahead,
                waiting_entries: places.waiting_entries,
                waiting_bytes: places.waiting_bytes,
                drafts: view.drafts()?.len() as u64,
                requests: view.count(&made)?,
                officers: officers.clone(),
                officer: self.officer().to_owned(),
            })
        })?)
    }
}

/// What is told again when it changes: not the time, not what waits.
fn lasting(state: &StateOfPeer) -> String {
    let drafts = state.drafts > 0;
    let off = state.clock_ahead.map(|ahead| ahead / 300_000);
    format!("{} {} {off:?} {drafts} {} {:?}", state.program, state.release, state.officer, state.officers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::Bench;
    use crate::app::testing::{sample_form, surroundings_at};
    use std::time::Duration;

    const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар";

    fn told(bench: &Bench, agent: &Agent) -> Vec<StateOfPeer> {
        bench.centre.take_from(&agent.peer);
        let facts = bench.centre.desk.read(|view| view.facts(agent.peer.chain(), 0)).unwrap();
        let states = facts.into_iter().filter_map(|(_, fact)| match fact {
            OwnFact::State(state) => Some(*state),
            _ => None,
        });
        states.collect()
    }

    #[test]
    fn the_centre_is_told_once_and_again_when_something_changed() {
        let bench = Bench::closed(PASSPHRASE);
        let surroundings = surroundings_at(bench.clock.clone(), 77);
        let agent = super::super::open(bench.dir.path(), None, PASSPHRASE, &surroundings).unwrap();
        agent.set_officer_name("olena", "Шевчук Олена").unwrap();
        agent.save(&sample_form(), None).unwrap();
        agent.state_oneself().unwrap();
        agent.state_oneself().unwrap();
        let all = told(&bench, &agent);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].requests, all[0].drafts, all[0].officer.as_str()), (1, 0, "olena"));
        assert_eq!(all[0].officers, [("olena".to_owned(), "Шевчук Олена".to_owned())]);
        assert!(all[0].waiting_entries >= 2 && all[0].clock_ahead.is_none());
        agent.remember_clock(agent.now().0 - 3_600_000).unwrap();
        agent.state_oneself().unwrap();
        bench.clock.advance(Duration::from_secs(6 * 3_600));
        agent.state_oneself().unwrap();
        let all = told(&bench, &agent);
        assert_eq!(
            all.iter().map(|state| state.clock_ahead).collect::<Vec<_>>(),
            [None, Some(3_600_000), Some(3_600_000)]
        );
    }
}
