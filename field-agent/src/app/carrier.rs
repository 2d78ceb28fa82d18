//! The exchange through another suitcase on a local network: carrying for others, and handing over to one that carries.

use super::agent::HUB;
use super::{Agent, AppError};
use peer::carry::{self, HandedOver};
use peer::sync::{LinkError, SyncError};
use serde::Serialize;
use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// This suitcase carries for others.
pub(super) struct Carrying {
    address: SocketAddr,
    serving: AbortHandle,
}

impl Drop for Carrying {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// How this suitcase carries for others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CarrierState {
    /// Where it listens, if it does.
    pub address: Option<SocketAddr>,
    /// Letters of others that wait here for the centre.
    pub waiting: usize,
    /// Letters of others whose answers wait here to be collected.
    pub answered: usize,
}

/// What a contact with a carrier brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ThroughOutcome {
    /// Letters handed over now.
    pub letters: usize,
    /// Letters of this suitcase that wait at the carrier.
    pub kept: usize,
    /// The carrier takes no more of this suitcase now.
    pub full: bool,
    /// Answers that were collected.
    pub answers: usize,
    /// Entries that came in.
    pub received: usize,
    /// Of these, now among the records.
    pub taken: usize,
    /// What the hub did not take, in words.
    pub refusals: Vec<String>,
}

impl Agent {
    /// Begins to carry for other suitcases of the community, until [`Agent::stop_carrying`] or the lock. Port 0 takes a
    /// free one. Gives back where it listens.
    pub async fn start_carrying(&self, address: SocketAddr) -> Result<SocketAddr, AppError> {
        let taken = |error: std::io::Error| {
            AppError::input(
                format!("за адресою {address} не можна слухати ({error}): оберіть іншу адресу або порт"),
                format!("{address} cannot be listened on ({error}): choose another address or port"),
            )
        };
        if !self.is_certified()? {
            return Err(peer::PeerError::NotCertified.into());
        }
        self.stop_carrying();
        let listener = TcpListener::bind(address).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        let peer = Arc::clone(&self.peer);
        let serving = tokio::spawn(async move {
            if let Err(error) = carry::carry_for_others(listener, peer, HUB).await {
                tracing::error!(%error, "this suitcase carries no longer for others");
            }
        });
        *self.carrying() = Some(Carrying { address, serving: serving.abort_handle() });
        self.changes.send_modify(|count| *count += 1);
        Ok(address)
    }

    /// Carries no longer. What is kept for others stays, and goes to the hub with the next exchange.
    pub fn stop_carrying(&self) {
        if self.carrying().take().is_some() {
            self.changes.send_modify(|count| *count += 1);
        }
    }

    /// How this suitcase carries for others.
    pub fn carrier_state(&self) -> Result<CarrierState, AppError> {
        let address = self.carrying().as_ref().map(|carrying| carrying.address);
        let (waiting, answered) = self.peer.shelf_counts()?;
        Ok(CarrierState { address, waiting, answered })
    }

    /// Hands everything that the centre lacks to the suitcase that carries at `address`, and collects what it has.
    pub async fn sync_through(&self, address: &str) -> Result<ThroughOutcome, AppError> {
        let address = address.trim();
        if address.is_empty() || address.contains('/') {
            return Err(AppError::input(
                "адреса валізи, що переносить, має вигляд 192.168.1.7:7710: її показано на тій валізі",
                "the address of the suitcase that carries looks like 192.168.1.7:7710: that suitcase shows it",
            ));
        }
        tokio::task::block_in_place(|| self.state_oneself())?;
        let (done, ended) = carry::sync_through(&self.peer, HUB, address).await;
        let HandedOver { letters, kept, full, contact } = done;
        // What came before it went wrong is here all the same.
        let refusals = tokio::task::block_in_place(|| {
            self.after_carrying(&contact)?;
            Ok::<_, AppError>(self.peer.refusal_words(&contact.refusals)?)
        })?;
        ended.map_err(in_words)?;
        Ok(ThroughOutcome {
            letters,
            kept,
            full,
            answers: contact.rounds,
            received: contact.received,
            taken: contact.absorbed.taken,
            refusals,
        })
    }

    fn carrying(&self) -> MutexGuard<'_, Option<Carrying>> {
        self.carrying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of a carrier, not of the centre.
fn in_words(error: SyncError) -> AppError {
    let (uk, en) = match &error {
        SyncError::Link(LinkError::Address) => {
            ("адреса валізи, що переносить, має вигляд 192.168.1.7:7710", "such an address looks like 192.168.1.7:7710")
        }
        SyncError::Link(LinkError::Unreachable | LinkError::Away | LinkError::Silent) => (
            "немає зв’язку з тією валізою: перевірте адресу і чи обидві в одній мережі; записи лишилися тут",
            "that suitcase cannot be reached: check its address and the network; your records are here",
        ),
        SyncError::Link(LinkError::NotOurs | LinkError::Cut) => (
            "та валіза не прийняла з’єднання: вона іншої громади, відкликана, або одна з двох ще не знає іншу (обмін із центром це виправить); записи лишилися тут",
            "that suitcase did not take the connection: another community, revoked, or one does not know the other yet (an exchange with the centre mends that); your records are here",
        ),
        SyncError::Link(LinkError::Older) => (
            "програма на тій валізі старіша за вашу: її треба оновити; записи лишилися тут",
            "that suitcase's program is older than yours and has to be updated; your records are here",
        ),
        SyncError::Link(LinkError::Status(..)) | SyncError::Damaged => (
            "та валіза зараз не бере листів або її програма іншої версії; записи лишилися тут",
            "that suitcase takes no letters now, or its program is of another version; your records are here",
        ),
        SyncError::Link(LinkError::Portal(_) | LinkError::ProxyPassword | LinkError::Proxy(_)) => (
            "за цією адресою відповідає не валіза: перевірте адресу, яку показано на тій валізі; записи лишилися тут",
            "it is no suitcase that answers at this address: compare it with what that suitcase shows; your records are here",
        ),
        SyncError::NotSigned => (
            "та валіза передала відповідь, якої не підписав жоден відомий тут вузол обміну центру: відповідь підмінено дорогою, або в центру новий вузол; записи лишилися тут. Обміняйтеся з центром напряму чи через іншу валізу; якщо буде так само, скажіть про це центру",
            "that suitcase passed on an answer that no hub of the centre known here has signed: it was changed on the way, or the centre has a new hub; your records are here. Exchange with the centre itself or through another suitcase; if it stays so, tell the centre",
        ),
        SyncError::Unintroduced | SyncError::Stuck => (
            "обмін через ту валізу не просувається; записи лишилися тут: обміняйтеся з центром напряму чи через іншу валізу",
            "the exchange through that suitcase gets nowhere; your records are here: exchange with the centre itself or through another suitcase",
        ),
        SyncError::Peer(_) => return error.into(),
    };
    AppError::NoCarrier(format!("{uk} / {en}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ErrorKind;
    use peer::PeerError;

    #[test]
    fn what_a_suitcase_that_carries_does_is_not_said_of_the_centre() {
        let status = LinkError::Status(503, "зайнято / busy".into());
        let links =
            [LinkError::Address, LinkError::Unreachable, LinkError::Away, LinkError::NotOurs, LinkError::Portal(302)];
        let more =
            [LinkError::ProxyPassword, LinkError::Proxy(502), LinkError::Cut, LinkError::Silent, LinkError::Older];
        let links = links.into_iter().chain(more).chain([status]).map(SyncError::from);
        let others = [SyncError::NotSigned, SyncError::Unintroduced, SyncError::Damaged, SyncError::Stuck];
        for error in links.chain(others) {
            let (centre, said) = (error.to_string(), in_words(error));
            assert_eq!(said.kind(), ErrorKind::NoConnection, "{said}");
            let said = said.to_string();
            assert!(said.contains(" / ") && said != centre && said.contains("валіз"), "{said}");
            assert!(!said.contains("адресою центру") && !said.contains("відповідь центру"), "{said}");
        }
        let forged = in_words(SyncError::NotSigned).to_string();
        assert!(forged.contains("та валіза передала відповідь") && forged.contains("через іншу валізу"), "{forged}");
        assert_eq!(in_words(PeerError::DiskFull.into()).to_string(), PeerError::DiskFull.to_string(), "its own disk");
    }
}
