//! The messages of one contact, one after the other; on a link that is cut one behind the other, each on a connection of
//! its own: while the answer to one is awaited the next is on the wire.

use super::contact::{Allowance, HEAD, Hurt, Next, times, waits_for};
use super::driver::{Session, SyncError};
use super::flight::Flight;
use super::http::{Link, Traffic};
use super::pace::Pace;
use super::trouble::LinkError;
use crate::Peer;
use chain::{Carried, Courier, Load, Trouble, limits};
use std::sync::Arc;
use std::time::Duration;

const PATH: &str = "/v1/exchange";
/// The next message sets out when so many hundredths of the time have passed that this one takes on the wire: it meets
/// an idle wire never, and what it takes from this one it gives to the next.
const SETS_OUT: u64 = 80;

/// A contact under way.
pub(super) struct Run<'a> {
    pub peer: &'a Arc<Peer>,
    pub link: &'a mut Link,
    pub courier: &'a mut Courier,
    pub pace: Pace,
    pub allowance: &'a Allowance,
    pub begun: Duration,
    pub before: Traffic,
    pub hurt: Hurt,
    /// Own entries that waited when the last answer came.
    pub waited: Option<u64>,
    /// How often a hub that is away is waited for.
    pub waits: usize,
    /// The message that is answered next, if it is under way already.
    pub aloft: Option<Aloft>,
    /// The message before that one was lost; what that one brings stands behind a gap of so many bytes.
    pub gap: Option<usize>,
    /// So many bytes fill it.
    pub fill: Option<usize>,
    /// Connections that were cut, and nobody knows yet whether it was the network that went.
    pub torn: Vec<Torn>,
}

/// What a connection had carried that was cut, and with what was under way, bytes.
pub(super) struct Torn {
    carried: usize,
    tried: usize,
}

/// A message under way.
pub(super) struct Aloft {
    flight: Flight,
    /// Bytes of the message.
    size: usize,
    /// On the steady count.
    sent_at: Duration,
    /// Own entries that waited when it was made.
    waiting: u64,
    /// Others may set out behind it: own entries become fewer with each answer.
    moves: bool,
}

impl<'a> Run<'a> {
    /// Nothing was sent yet.
    pub(super) async fn begin(
        peer: &'a Arc<Peer>,
        link: &'a mut Link,
        answerer: &str,
        courier: &'a mut Courier,
        allowance: &'a Allowance,
    ) -> Result<Self, SyncError> {
        let pace = tokio::task::block_in_place(|| Pace::of(peer, answerer))?;
        let (now, begun) = times(peer).await?;
        pace.tell(courier, now);
        let waits = waits_for(pace.is_of_lately(now));
        let before = link.traffic();
        let hurt = Hurt::default();
        let (waited, aloft, gap, fill, torn) = (None, None, None, None, Vec::new());
        Ok(Self { peer, link, courier, pace, allowance, begun, before, hurt, waited, waits, aloft, gap, fill, torn })
    }
}

impl Run<'_> {
    pub(super) async fn round(&mut self, session: &mut Session) -> Result<Next, SyncError> {
        let mut current = match self.aloft.take() {
            Some(aloft) => aloft,
            None => match self.send(session).await? {
                Some(sent) => sent,
                None => return Ok(Next::Spent),
            },
        };
        self.aloft = self.follow(session, &mut current).await?;
        let waiting = current.waiting;
        let answer = self.arrive(session, current).await?;
        let more = tokio::task::block_in_place(|| session.answered(self.peer, &answer, self.courier))?;
        self.hurt = Hurt { ever: self.hurt.ever, ..Hurt::default() };
        self.fill = self.gap.take();
        if self.fill.is_none() {
            self.waited = Some(waiting);
        }
        Ok(if more || self.fill.is_some() || self.aloft.is_some() { Next::More } else { Next::Done })
    }

    /// The next message; `None`: nothing fits what is allowed.
    async fn send(&mut self, session: &mut Session) -> Result<Option<Aloft>, SyncError> {
        let waiting = tokio::task::block_in_place(|| session.waiting(self.peer))?;
        // What is refused waits on, and must not keep from coming down what waits there.
        let moves = waiting > 0 && session.contact.refusals.is_empty() && self.waited.is_none_or(|was| waiting < was);
        let mut load = self.load(self.link.carried(), moves);
        if load.fresh {
            self.link.renew();
        }
        if self.allowed(load, moves).await?.is_none() {
            return Ok(None);
        }
        if self.connect().await? {
            load = self.load(0, moves);
        }
        // Less what the connection cost.
        let Some(load) = self.allowed(load, moves).await? else { return Ok(None) };
        session.budget = load.budget;
        // What stands behind a gap is there already: nothing sets out behind this until it is confirmed with it.
        let fill = self.fill.take();
        let batch = fill.map_or(load.batch, |fill| fill.min(load.batch));
        let bytes = tokio::task::block_in_place(|| session.next(self.peer, batch))?;
        if self.left_bytes().is_some_and(|left| bytes.len() as u64 + HEAD > left) {
            // A single entry may be larger than what is left.
            return Ok(None);
        }
        self.launch(bytes, waiting, moves && fill.is_none()).await.map(Some)
    }

    /// Opens a connection unless one is open. `true`: something was learnt of what connections carry here.
    pub(super) async fn connect(&mut self) -> Result<bool, LinkError> {
        if let Err(error) = self.link.ready().await {
            // It was the network that went, whatever was under way.
            for Torn { carried, tried } in self.torn.drain(..) {
                self.courier.went(carried, tried);
            }
            return Err(error);
        }
        Ok(self.learn_from_cuts())
    }

    /// What the next message may be, by what connections carry here and by how fast they do.
    pub(super) fn load(&self, carried: usize, moves: bool) -> Load {
        Courier::within(self.courier.load(carried, moves), self.pace.speed.up())
    }

    /// There is a network: connections that were cut were cut for what they carried. `true`: there were some.
    fn learn_from_cuts(&mut self) -> bool {
        let any = !self.torn.is_empty();
        for Torn { carried, tried } in self.torn.drain(..) {
            self.courier.cut(carried, tried);
            self.courier.failed(0, Trouble::Cut, 0);
        }
        any
    }

    async fn launch(&mut self, bytes: Vec<u8>, waiting: u64, moves: bool) -> Result<Aloft, SyncError> {
        let (_, sent_at) = times(self.peer).await?;
        let size = bytes.len();
        let flight = self.link.launch(PATH, bytes, limits::MESSAGE).await?;
        if self.is_cut_often() {
            self.link.keep_spare();
        }
        Ok(Aloft { flight, size, sent_at, waiting, moves })
    }

    /// Connections end early here: the next one is opened before it is needed.
    fn is_cut_often(&self) -> bool {
        self.hurt.ever || self.courier.reach().bounds().1.is_some()
    }

    /// Sends the next message behind one that is not answered yet, as soon as that one leaves the wire to it. Only what is
    /// counted by nobody is sent ahead: what was lost has to be sent again first, and a limit is kept message by message.
    async fn follow(&mut self, session: &mut Session, current: &mut Aloft) -> Result<Option<Aloft>, SyncError> {
        let limited = *self.allowance != Allowance::default();
        let known = self.courier.reach().bounds().1.is_some() && self.hurt.cuts == 0 && self.gap.is_none();
        let Some(rate) = self.pace.speed.up().filter(|_| known && current.moves && !limited) else { return Ok(None) };
        if self.courier.load_behind(self.link.carried()).fresh {
            self.link.renew();
        }
        let leaves = Duration::from_millis((current.size as u64).saturating_mul(1_000) / rate * SETS_OUT / 100);
        let link = &mut *self.link;
        let turn = async {
            tokio::time::sleep(leaves).await;
            link.spared().await
        };
        let is_open = tokio::select! {
            biased;
            () = current.flight.settle() => false,
            is_open = turn => is_open,
        };
        if !is_open {
            return Ok(None);
        }
        let load = self.courier.load_behind(self.link.carried());
        let waiting = tokio::task::block_in_place(|| session.waiting(self.peer))?;
        let moves = session.contact.refusals.is_empty() && self.waited.is_none_or(|was| waiting < was);
        if load.fresh || !moves {
            return Ok(None);
        }
        let load = Courier::within(load, Some(rate));
        let bytes = tokio::task::block_in_place(|| session.following(self.peer, load.batch))?;
        let Some(bytes) = bytes else { return Ok(None) };
        match self.launch(bytes, waiting, moves).await {
            // The one before it goes its own way.
            Err(SyncError::Link(_)) => {
                session.take_back();
                Ok(None)
            }
            launched => launched.map(Some),
        }
    }

    /// A message of so many bytes got no answer on a connection that had `carried` so many before, and `moved` so many with it.
    pub(super) fn lost(&mut self, error: &LinkError, carried: usize, size: usize, moved: u64) {
        if matches!(error, LinkError::Cut | LinkError::Silent) {
            let moved = usize::try_from(moved).unwrap_or(usize::MAX);
            self.torn.push(Torn { carried, tried: carried + size.max(moved) });
        }
    }

    /// Waits for a message's answer, and learns from it about the link.
    async fn arrive(&mut self, session: &mut Session, mut current: Aloft) -> Result<bytes::Bytes, SyncError> {
        let (open, answer) = current.flight.outcome().await;
        let (up, down) = current.flight.moved();
        let answer = match answer {
            Ok(answer) => answer.bytes,
            Err(error) => {
                self.lost(&error, current.flight.carried_before(), current.size, up + down);
                session.lost();
                self.gap = self.aloft.as_ref().map(|_| current.size);
                return Err(error.into());
            }
        };
        let took = times(self.peer).await?.1.saturating_sub(current.sent_at);
        self.pace.speed.learn(Carried { up, down, took: u64::try_from(took.as_millis()).unwrap_or(u64::MAX) });
        self.learn_from_cuts();
        self.courier.carried(current.flight.carried());
        self.link.land(open);
        Ok(answer)
    }
}
