//! Sending and receiving: once, or in the background for as long as the suitcase is open.

use super::agent::HUB;
use super::status::REFUSALS;
use super::{Agent, AppError, Budget};
use chain::{Courier, Trouble};
use peer::sync::{Contact, Link, LinkError, SyncError, another_way_out, outlook, sync_within, tls};
use serde::Serialize;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked whether a network returned, while the hub cannot be reached. That sends nothing.
const LOOKS: Duration = Duration::from_secs(2);
/// Between two contacts when nothing was recorded.
const IDLE: u64 = 60_000;
/// After a contact that ended at its limits the suitcase does not go on by itself for so long: what was allowed was
/// allowed for a reason. It does go on then, so that nothing is forgotten.
const SPENT: u64 = 60 * 60_000;
/// A contact that succeeded so short a while ago shows that there is a network, ms.
const LATELY: i64 = 5 * 60 * 1000;

/// What a contact brought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SyncOutcome {
    /// Messages that were answered.
    pub rounds: usize,
    /// Entries that went out.
    pub sent: usize,
    /// Entries that came in.
    pub received: usize,
    /// Of these, now among the records.
    pub taken: usize,
    /// What the hub did not take, in words.
    pub refusals: Vec<String>,
    /// The hub had lost its memory and was given everything again.
    pub hub_was_reborn: bool,
    /// Bytes through the network, TLS included.
    pub bytes: u64,
    /// It ended at the limits that were set; something may be left for the next time.
    pub spent: bool,
}

/// What the header of a page says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SyncState {
    /// A contact is under way.
    pub working: bool,
    /// When the last contact succeeded, device time, ms since 1970.
    pub succeeded: Option<i64>,
    /// Why the last one did not, in words.
    pub trouble: Option<String>,
    /// Attempts that failed since the last success.
    pub failures: u32,
    /// ms until the next attempt, as of the last change of this state.
    pub next_in: u64,
    /// When the next attempt is, on the program's steady count, ms.
    #[serde(skip)]
    pub next_at: u64,
    /// What the last contact brought.
    pub last: SyncOutcome,
}

impl Agent {
    /// One contact: everything that waits goes out, the centre's news comes in.
    pub async fn sync(&self) -> Result<SyncOutcome, AppError> {
        self.sync_within(&Budget::default()).await
    }

    /// One contact within limits: what fits goes out in order, the rest next time.
    pub async fn sync_within(&self, budget: &Budget) -> Result<SyncOutcome, AppError> {
        let outcome = match self.link() {
            Ok(mut link) => self.contact(&mut link, &mut Courier::default(), budget).await,
            Err(error) => Err(error),
        };
        self.keep_attempt(&outcome);
        outcome
    }

    /// The state of the background loop, for pages to watch.
    pub fn sync_state(&self) -> watch::Receiver<SyncState> {
        self.sync_state.subscribe()
    }

    /// Whether there is a network now: the last contact succeeded, a short while ago.
    pub fn has_network(&self) -> bool {
        let state = self.sync_state.borrow();
        let lately = |at: i64| (0..LATELY).contains(&(self.now().0 - at));
        state.trouble.is_none() && state.succeeded.is_some_and(lately)
    }

    /// «Try now»: the network is back, or a person wants it.
    pub fn hurry(&self) {
        self.hurry_within(Budget::default());
    }

    /// A person wants the next contact now, and within these limits.
    pub fn hurry_within(&self, budget: Budget) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Some(budget);
        self.asked.notify_one();
    }

    /// For a runtime of several threads. Exchanges until `stop` says true: at once when something is recorded, else once a minute; after a failure with
    /// growing, jittered pauses of at most five minutes, and as soon as a network returns. A contact under way is let finish. One that ended at its limits
    /// is followed by none for an hour, unless a person wants it.
    pub async fn sync_loop(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut courier = Courier::default();
        let mut link = None;
        while !*stop.borrow() {
            if let Err(error) = tokio::task::block_in_place(|| self.forget_discarded()) {
                tracing::warn!(%error, "drafts that were thrown away stay for now");
            }
            self.sync_state.send_modify(|state| state.working = true);
            let budget = self.wanted.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
            let outcome = match link.take().map_or_else(|| self.link(), Ok) {
                Ok(mut opened) => {
                    let before = opened.traffic().both();
                    let outcome = self.contact(&mut opened, &mut courier, &budget).await;
                    if outcome.is_err() && !budget.is_unlimited() {
                        // What was allowed holds for the next attempt, less what this one took.
                        let left = budget.less(opened.traffic().both() - before);
                        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(left);
                    }
                    link = outcome.is_ok().then_some(opened);
                    outcome
                }
                Err(error) => Err(error),
            };
            let now = self.steady();
            let jitter = u16::from_be_bytes(self.random());
            match &outcome {
                Ok(outcome) if outcome.spent => courier.succeeded(now, false, false, SPENT),
                Ok(_) => courier.succeeded(now, false, false, IDLE),
                Err(AppError::Sync(SyncError::Link(LinkError::Cut | LinkError::Silent))) => {
                    courier.failed(now, Trouble::Cut, jitter)
                }
                Err(_) => courier.failed(now, Trouble::NoAnswer, jitter),
            }
            let wait = courier.wait(now);
            let spent = outcome.as_ref().is_ok_and(|outcome| outcome.spent);
            self.keep_attempt(&outcome);
            self.tell(outcome, courier.failures(), wait);
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(wait)) => {}
                () = another_way_out(LOOKS, || outlook(self.peer.hub())), if courier.failures() > 0 => courier.hurry(),
                () = self.hurry.notified(), if !spent => courier.hurry(),
                () = self.asked.notified() => courier.hurry(),
                // Nobody is left who could say so later.
                changed = stop.changed() => if changed.is_err() { return },
            }
        }
    }

    fn tell(&self, outcome: Result<SyncOutcome, AppError>, failures: u32, next_in: u64) {
        let (now, next_at) = (self.now().0, self.steady().saturating_add(next_in));
        self.sync_state.send_modify(|state| {
            (state.working, state.failures, state.next_in, state.next_at) = (false, failures, next_in, next_at);
            match outcome {
                Ok(last) => (state.succeeded, state.trouble, state.last) = (Some(now), None, last),
                Err(error) => state.trouble = Some(error.to_string()),
            }
        });
    }

    async fn contact(&self, link: &mut Link, courier: &mut Courier, budget: &Budget) -> Result<SyncOutcome, AppError> {
        let before = link.traffic();
        tokio::task::block_in_place(|| self.state_oneself())?;
        let allowance = budget.allowance();
        tokio::task::block_in_place(|| self.set_out(link.meter(), &allowance));
        let contact = sync_within(&self.peer, link, HUB, courier, &allowance).await;
        self.arrived();
        let contact = contact.map_err(|error| self.of_contact(error))?;
        tokio::task::block_in_place(|| self.remember_clock(contact.hub_time))?;
        // What others gave this suitcase to carry goes along; a fault there is no fault of this contact.
        if let Err(error) = peer::carry::deliver(&self.peer, link, HUB).await {
            tracing::warn!(%error, "letters of other suitcases were not brought yet");
        }
        let after = link.traffic();
        let refusals = tokio::task::block_in_place(|| self.peer.refusal_words(&contact.refusals))?;
        let outcome = outcome(&contact, refusals, after.both().saturating_sub(before.both()));
        self.keep_refusals(&outcome.refusals)?;
        tokio::task::block_in_place(|| self.remember_anchor());
        if contact.received > 0 {
            self.take_releases()?;
        }
        if let Err(error) = tokio::task::block_in_place(|| self.make_room_when_due()) {
            tracing::warn!(%error, "what the suitcase does not need stays on it for now");
        }
        if contact.received > 0 || contact.sent > 0 {
            self.changes.send_modify(|count| *count += 1);
        }
        Ok(outcome)
    }

    pub(super) fn keep_refusals(&self, refusals: &[String]) -> Result<(), AppError> {
        let bytes = serde_json::to_vec(refusals).map_err(|error| AppError::Input(error.to_string()))?;
        let held = self.peer.read(|view| view.value(REFUSALS))?;
        let same = held.as_ref() == Some(&bytes) || (held.is_none() && refusals.is_empty());
        if same { Ok(()) } else { Ok(self.peer.act(move |act| act.put_value(REFUSALS, &bytes))?) }
    }

    fn link(&self) -> Result<Link, AppError> {
        let register = self.peer.register()?;
        let config = tls::client_config(&register.root().signing);
        let config = config.map_err(|error| AppError::Input(error.to_string()))?;
        Ok(Link::new(self.peer.hub(), config).map_err(SyncError::from)?)
    }

    /// A certificate judged by a clock at 1970 is never valid: that is the clock's fault, not the centre's.
    pub(super) fn of_contact(&self, error: SyncError) -> AppError {
        let now = self.now();
        match error {
            SyncError::Link(LinkError::NotOurs) if !now.is_plausible() => {
                AppError::WrongClock { shown: now.to_string() }
            }
            other => other.into(),
        }
    }

    pub(super) fn steady(&self) -> u64 {
        u64::try_from(self.clock.steady().as_millis()).unwrap_or(u64::MAX)
    }
}

fn outcome(contact: &Contact, refusals: Vec<String>, bytes: u64) -> SyncOutcome {
    SyncOutcome {
        rounds: contact.rounds,
        sent: contact.sent,
        received: contact.received,
        taken: contact.absorbed.taken,
        refusals,
        hub_was_reborn: contact.reborn,
        bytes,
        spent: contact.spent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ErrorKind;
    use crate::app::testing::{agent, sample_form};

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    }

    #[test]
    fn without_a_network_everything_stays_here_and_the_kind_says_so() {
        let (_bench, agent) = agent();
        agent.save(&sample_form(), None).unwrap();
        let error = runtime().block_on(agent.sync()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoConnection, "{error}");
        assert_eq!(agent.status().unwrap().here, 1);
    }

    #[test]
    fn with_a_network_and_the_registers_more_can_be_done() {
        let (bench, agent) = agent();
        let reasons = |agent: &crate::app::Agent, slug: &str| {
            let form = crate::app::Form { service: slug.into(), ..Default::default() };
            agent.check(&form).unwrap().findings.into_iter().find(|one| one.key == "service").unwrap()
        };
        let catalogue = agent.catalogue();
        let by_network = |slug: &str| reasons(&agent, slug).uk.contains("немає мережі");
        let slugs: Vec<&str> = catalogue.services().iter().map(|one| one.slug.as_str()).collect();
        let lacking: Vec<&str> = slugs.iter().copied().filter(|slug| by_network(slug)).collect();
        assert!(lacking.len() > 10, "{lacking:?}");
        agent.tell(Ok(SyncOutcome::default()), 0, IDLE);
        assert!(slugs.iter().all(|slug| !by_network(slug)), "there is a network");
        // Access to every register, and everything in the suitcase: nothing is only advised any more.
        let needs = catalogue.services().iter().flat_map(|one| one.outreach.needs.iter().cloned());
        let at_hand = needs.collect();
        agent.set_settings(&crate::app::Settings { at_hand, ..Default::default() }).unwrap();
        let warned = |slug: &&str| reasons(&agent, slug).severity == crate::app::Severity::Warning;
        let online = |slug: &&str| catalogue.service(slug).unwrap().outreach.mode == catalogue::Mode::CompleteOnSite;
        assert!(!slugs.iter().copied().filter(|slug| online(slug)).any(|slug| warned(&slug)));
        // An hour later nobody knows.
        bench.clock.advance(Duration::from_secs(3_600));
        assert!(lacking.iter().any(|slug| reasons(&agent, slug).uk.contains("немає мережі")));
    }

    #[test]
    fn the_loop_tells_its_trouble_waits_and_ends_when_told() {
        let (_bench, agent) = agent();
        let agent = Arc::new(agent);
        runtime().block_on(async {
            let (stop, stopped) = watch::channel(false);
            let mut state = agent.sync_state();
            let running = tokio::spawn(Arc::clone(&agent).sync_loop(stopped));
            let failed = state.wait_for(|state| state.failures == 1).await.unwrap().clone();
            assert!(failed.trouble.unwrap().contains("немає зв’язку") && !failed.working);
            assert!((1_000..=2_000).contains(&failed.next_in), "{}", failed.next_in);
            agent.hurry();
            state.wait_for(|state| state.failures == 2).await.unwrap();
            stop.send(true).unwrap();
            tokio::time::timeout(Duration::from_secs(10), running).await.unwrap().unwrap();
        });
    }
}
