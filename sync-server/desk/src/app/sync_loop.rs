//! The exchange with the hub: all the time while it answers, at once after an act.

use super::{Desk, DeskError, HUB};
use crate::store;
use chain::Courier;
use ids::ChainId;
use peer::sync::{Contact, Link, sync, tls};
use records::Sentence;
use sealing::Entropy;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// How long the desk waits before it asks again. The hub is near; the queue shows news within a second.
const IDLE: Duration = Duration::from_millis(600);
/// The longest wait where the hub does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often the hub is asked how it is.
const HEALTH: Duration = Duration::from_secs(5);
/// Its answer is no longer.
const HEALTH_BYTES: usize = 4096;

/// How the exchange with the hub stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HubContact {
    /// When it last answered, by its clock, ms since 1970; after a restart, by the desk's. `None` before the first answer.
    pub answered_at: Option<i64>,
    /// An exchange was tried since the desk was opened.
    pub tried: bool,
    /// Why the last attempt failed, if it did.
    pub trouble: Option<Sentence>,
    /// The hub had lost its memory and is being given everything back.
    pub healing: bool,
    /// Own entries that the hub does not hold yet, at the last attempt.
    pub waiting: u64,
    /// The desk was restored from a backup and writes nothing until the hub has given back what came after it.
    pub catching_up: bool,
    /// The hub answers and cannot say what that is, because it began anew as well: the kit is needed.
    pub kit_needed: bool,
    /// Damages that the hub has found in what it keeps, when it was last asked.
    pub hub_faults: u64,
}

impl Desk {
    /// How the exchange with the hub stands.
    pub fn hub_contact(&self) -> HubContact {
        self.contact.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The hub's address.
    pub fn hub_address(&self) -> &str {
        self.peer.hub()
    }

    pub(crate) fn link(&self) -> Result<Link, DeskError> {
        let root = self.peer.register()?.root().signing;
        let config = tls::client_config(&root)
            .map_err(|error| DeskError::from_text(super::ErrorKind::NoConnection, &error.to_string()))?;
        Ok(Link::new(self.peer.hub(), config)?)
    }

    /// Does what an exchange calls for: certifies, notes arrivals, renews, writes verdicts. True if that made entries.
    pub(crate) fn after_exchange(&self, contact: &Contact) -> Result<bool, DeskError> {
        if let Err(error) = self.tell_looks_when_due() {
            tracing::warn!(%error, "who saw what could not be written into the chain yet");
        }
        let certified = self.certify(&contact.enrolments);
        let digested = self.digest(contact.hub_time, contact.received > 0);
        total([certified, digested.map(usize::from)]).map(|made| made > 0)
    }

    /// What is done with news that were stored and absorbed. A step that fails keeps no other from being done: a
    /// suitcase waits for its verdict, whatever became of another's certificate.
    pub(crate) fn digest(&self, hub_time: i64, received: bool) -> Result<bool, DeskError> {
        let heard = if received { self.note_arrivals(hub_time) } else { Ok(Vec::new()) };
        let renewed = heard.and_then(|heard| self.renew(&heard));
        let verdicts = self.peer.write_verdicts().map_err(DeskError::from);
        let keys = if received { self.look_among_news() } else { Ok(()) }.and_then(|()| self.renew_keys());
        let closed = self.close_forgotten();
        let finished = self.finish_words();
        let rotated = self.carry_rotation_on();
        if received {
            self.tell();
        }
        total([renewed, verdicts, keys, closed, finished, rotated]).map(|made| made > 0)
    }

    /// Remembers when suitcases' chains grew. Gives back those that did.
    fn note_arrivals(&self, at: i64) -> Result<Vec<ChainId>, DeskError> {
        let register = self.peer.register()?;
        let mut grown = Vec::new();
        self.peer.read(|view| {
            let certified = register.suitcases().map(|certificate| certificate.chain);
            let waiting = register.unconfirmed().map(|rebirth| rebirth.chain);
            let late = register.late_suitcases().map(|certificate| certificate.chain);
            for chain in certified.chain(waiting).chain(late) {
                let held = view.end(chain)?.seq;
                let noted = store::newest_arrival(view.connection(), chain)?.map_or(0, |(seq, _)| seq);
                if held > noted {
                    grown.push((chain, held));
                }
            }
            Ok(())
        })?;
        if grown.is_empty() {
            return Ok(Vec::new());
        }
        let chains = grown.iter().map(|(chain, _)| *chain).collect();
        self.peer.act(move |act| {
            grown.iter().try_for_each(|(chain, seq)| store::put_arrival(act.connection(), *chain, *seq, at))
        })?;
        Ok(chains)
    }

    /// Own entries that the hub does not hold yet; and whether entries after a backup are still missing.
    fn owed(&self) -> (u64, bool) {
        let waiting = self.peer.read(|view| Ok(view.whereabouts(records::Kind::Request, HUB)?.waiting_entries));
        (waiting.unwrap_or(0), self.peer.is_catching_up().unwrap_or(true))
    }

    /// What is known before the first exchange of this run.
    pub(crate) fn first_contact(&self) -> HubContact {
        let (waiting, catching_up) = self.owed();
        let last = self.peer.read(|view| view.value("last contact")).ok().flatten();
        let answered_at = last.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
        HubContact { answered_at, waiting, catching_up, ..HubContact::default() }
    }

    fn set_contact(&self, contact: HubContact) {
        let mut held = self.contact.lock().unwrap_or_else(PoisonError::into_inner);
        let look = |contact: &HubContact| {
            let waiting = contact.trouble.as_ref().map(|_| contact.waiting);
            let states = (contact.tried, contact.trouble.is_some(), contact.healing, contact.catching_up);
            (states, waiting, contact.hub_faults)
        };
        let looks_else = look(&held) != look(&contact);
        *held = contact;
        drop(held);
        if looks_else {
            self.tell();
        }
    }
}

/// Adds up steps of which none depends on another: all are done, then the first error is given back and the others are
/// logged.
pub(crate) fn total(steps: impl IntoIterator<Item = Result<usize, DeskError>>) -> Result<usize, DeskError> {
    let (mut made, mut first) = (0, None);
    for step in steps {
        match step {
            Ok(count) => made += count,
            Err(error) if first.is_none() => first = Some(error),
            Err(error) => tracing::error!(%error, "the desk could not work on a part of what the hub brought"),
        }
    }
    first.map_or(Ok(made), Err)
}

/// Exchanges with the hub until the program ends: the caller drops this future then.
pub async fn sync_loop(desk: Arc<Desk>) -> Result<(), DeskError> {
    let mut link = desk.link()?;
    let mut courier = Courier::default();
    let mut asked_health: Option<Duration> = None;
    let mut hub_faults = 0;
    loop {
        erase_what_is_due(&desk).await;
        let wait = match sync(&desk.peer, &mut link, HUB, &mut courier).await {
            Ok(contact) => {
                let steady = desk.tools.clock.steady();
                if asked_health.is_none_or(|at| steady.saturating_sub(at) >= HEALTH) {
                    (asked_health, hub_faults) = (Some(steady), faults_of(&mut link).await.unwrap_or(hub_faults));
                }
                let (waiting, catching_up) = desk.owed();
                let mut now = HubContact { tried: true, waiting, catching_up, hub_faults, ..HubContact::default() };
                (now.answered_at, now.healing) = (Some(contact.hub_time), contact.reborn);
                if catching_up {
                    // Everything that could come came: the hub cannot say what is missing.
                    (now.trouble, now.kit_needed) = (Some(cannot_prove()), true);
                }
                desk.set_contact(now);
                if catching_up { PATIENCE } else { settle(&desk, contact).await }
            }
            Err(error) => {
                let error = DeskError::from(error);
                tracing::warn!(%error, "the exchange with the hub failed");
                let answered_at = desk.hub_contact().answered_at;
                let (waiting, catching_up) = desk.owed();
                let trouble = Some(error.sentence);
                desk.set_contact(HubContact {
                    answered_at,
                    tried: true,
                    trouble,
                    healing: false,
                    waiting,
                    catching_up,
                    // Without an answer nobody knows.
                    kit_needed: false,
                    hub_faults,
                });
                let now = u64::try_from(desk.tools.clock.steady().as_millis()).unwrap_or(u64::MAX);
                courier.failed(now, chain::Trouble::NoAnswer, jitter(&desk));
                Duration::from_millis(courier.wait(now)).min(PATIENCE)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = desk.hurry.notified() => {}
        }
    }
}

/// Damages that the hub knows of in what it keeps; `None` if it does not say.
async fn faults_of(link: &mut Link) -> Option<u64> {
    let answer = link.get("/v1/health", HEALTH_BYTES).await.ok()?;
    let health: serde_json::Value = serde_json::from_slice(&answer).ok()?;
    health["scrub"]["faults"].as_u64()
}

/// Whether the hub answers or not. What fails is tried again at the next round.
async fn erase_what_is_due(desk: &Arc<Desk>) {
    let worker = Arc::clone(desk);
    match tokio::task::spawn_blocking(move || worker.erase_what_is_due()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "what is due to be erased could not be erased yet"),
        Err(error) => tracing::error!(%error, "erasing what is due broke off"),
    }
}

fn cannot_prove() -> Sentence {
    Sentence::new(
        "центр відновлено з копії, а вузол обміну відтоді теж починав спочатку: що бракує, він не знає. Нічого нового не записується, а звернень, яких центр ще не читав, не видно. Відновіть центр зі слів комплекту (restore --words-file) у нову папку",
        "the desk was restored from a backup, and the hub has begun anew since: it cannot tell what is missing. Nothing new is written, and requests that the desk had not read are not seen. Restore the desk from the kit's words (restore --words-file) into a new folder",
    )
}

fn jitter(desk: &Desk) -> u16 {
    let mut entropy = (desk.tools.entropy)();
    let entropy: &mut dyn Entropy = entropy.as_mut();
    u16::from_be_bytes(entropy.array())
}

/// After an exchange; gives back how long to wait for the next. An error of the desk's own store ends nothing: it is
/// logged, and what it was about comes again with the next exchange.
async fn settle(desk: &Arc<Desk>, contact: Contact) -> Duration {
    for refusal in &contact.refusals {
        tracing::warn!(chain = %refusal.chain, from = refusal.from, code = ?refusal.code, "the hub refused a segment");
    }
    let worker = Arc::clone(desk);
    let done = tokio::task::spawn_blocking(move || {
        if worker.peer.has_come_back()? {
            worker.after_restore()?;
        }
        worker.after_exchange(&contact)
    });
    match done.await {
        Ok(Ok(true)) => Duration::ZERO,
        Ok(Ok(false)) => IDLE,
        Ok(Err(error)) => {
            tracing::error!(%error, "the desk could not work on what the hub brought");
            PATIENCE
        }
        Err(error) => {
            tracing::error!(%error, "the work on what the hub brought broke off");
            PATIENCE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    #[test]
    fn a_step_that_fails_keeps_no_suitcase_from_its_verdict() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        suitcase.record("Коваль", "Ганна");
        let chain = suitcase.peer.chain();
        let end = suitcase.peer.read(|view| view.end(chain)).unwrap().seq;
        let drop_table = |act: &mut peer::Act<'_>| Ok(act.connection().execute_batch("DROP TABLE arrival")?);
        town.desk.peer.act(drop_table).unwrap();
        testing::carry(&suitcase.peer, chain, &town.desk.peer);
        town.desk.peer.absorb().unwrap();
        town.desk.digest(town.clock_now(), true).unwrap_err();
        assert_eq!(town.desk.peer.read(|view| view.verdict_end(chain)).unwrap(), end);
    }

    #[test]
    fn all_steps_are_done_and_the_first_error_is_given_back() {
        let mut done = 0;
        let steps = [Ok(2), Err("перша"), Ok(3), Err("друга")].into_iter().map(|step| {
            done += 1;
            step.map_err(|text| DeskError::refused(text, text))
        });
        assert_eq!(total(steps).unwrap_err().sentence.uk, "перша");
        assert_eq!(done, 4);
        assert_eq!(total([Ok(2), Ok(3)]).unwrap(), 5);
    }
}
