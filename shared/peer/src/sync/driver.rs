//! The exchange with one hub: what is sent, what is done with the answer.

use super::http::{Link, LinkError};
use crate::identity::Role;
use crate::ledger::{Ledger, register_segments};
use crate::store::{chains, entries, meta, sync as memory};
use crate::{Peer, PeerError};
use chain::{
    Answer, ChainHead, Courier, Dialogue, EnrolmentAnswer, EnrolmentRequest, Invitation, Needed, News, Offered,
    Refusal, Request, Segment, Trouble,
};
use rusqlite::TransactionBehavior;
use signing::Hash;
use std::sync::Arc;

/// Why an exchange did not come about. What was recorded stays and is sent again.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The network.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// This peer's own store, or an answer that contradicts it.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The answer is not signed by our hub.
    #[error(
        "відповідь не підписана нашим центром: зв'язок іде через чужу мережу / the answer is not signed by our centre"
    )]
    NotSigned,
    /// The answer is damaged.
    #[error("відповідь центру пошкоджена / the centre's answer is damaged")]
    Damaged,
    /// The exchange went on without getting anywhere.
    #[error("обмін не просувається: зверніться до центру / the exchange gets nowhere: call the centre")]
    Stuck,
}

/// What one or several exchanges brought about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// Messages that were answered.
    pub rounds: usize,
    /// Entries that went out, repeats included.
    pub sent: usize,
    /// Entries that came in.
    pub received: usize,
    /// What became of those that had waited.
    pub absorbed: crate::Absorbed,
    /// What was not taken by the hub.
    pub refusals: Vec<Refusal>,
    /// The hub had lost its memory and is being healed.
    pub reborn: bool,
    /// For a desk: laptops that ask to become suitcases.
    pub enrolments: Vec<EnrolmentRequest>,
    /// The hub's clock at the last answer, ms since 1970.
    pub hub_time: i64,
}

struct Prepared {
    bytes: Vec<u8>,
    hash: Hash,
    keys: Vec<signing::VerifyingKey>,
    dialogue: Dialogue,
    sent: usize,
    full: bool,
}

/// What is remembered between two messages of one contact.
#[derive(Default)]
struct Owed {
    introduce: bool,
    heads: bool,
    needed: Vec<Needed>,
}

impl Ledger {
    fn prepare(&self, answerer: &str, batch: usize, owed: &Owed) -> Result<Prepared, PeerError> {
        let dialogue = memory::dialogue(&self.connection, answerer)?;
        let mut offered = Offered::default();
        if owed.introduce {
            offered.segments = register_segments(&self.connection, &self.identity)?;
        } else {
            self.offer_own(&dialogue, batch, &mut offered)?;
            self.offer_needed(owed, batch, &mut offered)?;
        }
        if owed.heads {
            offered.heads = self.heads()?;
        }
        let sent: usize = offered.segments.iter().map(|segment| segment.entries.len()).sum();
        let own = self.identity.own_chains();
        let left = |chain| -> Result<bool, PeerError> {
            let last = offered.segments.iter().filter(|s| s.chain == chain).map(Segment::last).max();
            let from = dialogue.unsent_from(chain).saturating_sub(1);
            Ok(chains::end(&self.connection, chain)?.seq > last.unwrap_or(from))
        };
        let full = own.into_iter().map(left).collect::<Result<Vec<_>, _>>()?.contains(&true);
        let request = dialogue.compose(self.identity.tenant, self.identity.chain, offered, chain::limits::BUDGET);
        let bytes = request.encode(&self.identity.signing_key());
        let mut keys = self.register.hubs(Some(self.clock.now().0));
        if keys.is_empty() {
            // A clock that is obviously wrong is no reason to fall silent.
            keys = self.register.hubs(None);
        }
        Ok(Prepared { hash: Request::hash(&bytes), bytes, keys, dialogue, sent, full })
    }

    fn offer_own(&self, dialogue: &Dialogue, batch: usize, offered: &mut Offered) -> Result<(), PeerError> {
        for chain in self.identity.own_chains() {
            let from = dialogue.unsent_from(chain);
            let mut left = batch;
            let mut next = from;
            while let Some(segment) = entries::run(&self.connection, chain, next, left)? {
                next = segment.last() + 1;
                left = left.saturating_sub(segment.entries.iter().map(chain::Entry::size).sum());
                offered.segments.push(segment);
                if left == 0 || batch <= 1 {
                    break;
                }
            }
        }
        Ok(())
    }

    /// What the hub said it lacks of the chains this peer holds.
    fn offer_needed(&self, owed: &Owed, batch: usize, offered: &mut Offered) -> Result<(), PeerError> {
        let mut left = batch;
        for needed in &owed.needed {
            if left == 0 || offered.segments.iter().any(|segment| segment.chain == needed.chain) {
                continue;
            }
            if let Some(segment) = entries::run(&self.connection, needed.chain, needed.from, left)? {
                left = left.saturating_sub(segment.entries.iter().map(chain::Entry::size).sum());
                offered.segments.push(segment);
            }
        }
        Ok(())
    }

    /// Where the chains end that this peer could give back to a hub that lost its memory.
    fn heads(&self) -> Result<Vec<ChainHead>, PeerError> {
        let mut heads = chains::heads(&self.connection)?;
        if self.identity.role == Role::Suitcase {
            heads.retain(|head| self.register.is_register(head.chain));
        }
        heads.truncate(chain::limits::MESSAGE_HEADS);
        Ok(heads)
    }

    /// Keeps what an answer says. The cursor moves in the same transaction in which the news are stored.
    fn take_answer(&mut self, answerer: &str, mut dialogue: Dialogue, answer: Answer) -> Result<News, PeerError> {
        let hash_at = |chain, seq| entries::hash_at(&self.connection, chain, seq).ok().flatten();
        let own = self.identity.own_chains();
        let mut news = dialogue.absorb(answer, &own, hash_at)?;
        let segments = std::mem::take(&mut news.segments);
        self.store_segments(segments.clone())?;
        news.segments = segments;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for anchor in &news.anchors {
            memory::put_anchor(&transaction, anchor)?;
            let name = format!("unnamed anchor {}", anchor.chain);
            meta::put(&transaction, &name, &anchor.hash().0)?;
        }
        memory::put_dialogue(&transaction, answerer, &dialogue)?;
        meta::put(&transaction, "last contact", &self.clock.now().0.to_be_bytes())?;
        transaction.commit()?;
        Ok(news)
    }
}

/// One message each way. Gives back whether there is more to say.
pub async fn exchange_once(
    peer: &Arc<Peer>,
    link: &mut Link,
    answerer: &str,
    courier: &mut Courier,
    contact: &mut Contact,
) -> Result<bool, SyncError> {
    let mut owed = Owed::default();
    round(peer, link, answerer, courier, contact, &mut owed).await
}

async fn round(
    peer: &Arc<Peer>,
    link: &mut Link,
    answerer: &str,
    courier: &mut Courier,
    contact: &mut Contact,
    owed: &mut Owed,
) -> Result<bool, SyncError> {
    let batch = courier.batch();
    let (name, asked) = (answerer.to_owned(), std::mem::take(owed));
    let had_owed = asked.introduce || asked.heads || !asked.needed.is_empty();
    let prepared = blocking(peer, move |ledger| ledger.prepare(&name, batch, &asked)).await?;
    let Prepared { bytes, hash, keys, dialogue, sent, full } = prepared;
    let body = link.post("/v1/exchange", bytes, chain::limits::MESSAGE).await?;
    let tenant = peer.tenant();
    let (answer, _) =
        Answer::decode(&body, &hash, tenant, &keys).ok_or(SyncError::NotSigned)?.map_err(|_| SyncError::Damaged)?;
    contact.hub_time = answer.time;
    let name = answerer.to_owned();
    let news = blocking(peer, move |ledger| ledger.take_answer(&name, dialogue, answer)).await?;
    courier.succeeded(0, full, true, 0);
    contact.rounds += 1;
    contact.sent += sent;
    contact.received += news.segments.iter().map(|segment| segment.entries.len()).sum::<usize>();
    contact.reborn |= news.reborn;
    let requests = news.enrolments.iter().filter_map(|bytes| EnrolmentRequest::decode(bytes).ok());
    contact.enrolments = requests.collect();
    let told = |refusal: &&Refusal| refusal.code != chain::RefusalCode::UnknownChain;
    contact.refusals.extend(news.refusals.iter().filter(told));
    let progress = !news.anchors.is_empty() || !news.segments.is_empty() || !had_owed;
    *owed = Owed { introduce: news.introduce, heads: news.reborn, needed: news.needed };
    let stuck = news.refusals.iter().any(|refusal| refusal.code != chain::RefusalCode::UnknownChain) && !news.more;
    let owes = owed.introduce || owed.heads || !owed.needed.is_empty();
    Ok(news.more || (owes && progress) || (full && !stuck))
}

/// Exchanges until neither side has anything more to say, then looks at what came. A cut link is tried again with
/// smaller batches, three times in a row; after that the caller's schedule decides.
pub async fn sync(
    peer: &Arc<Peer>,
    link: &mut Link,
    answerer: &str,
    courier: &mut Courier,
) -> Result<Contact, SyncError> {
    let mut contact = Contact::default();
    let mut owed = Owed::default();
    let mut cuts = 0;
    loop {
        match round(peer, link, answerer, courier, &mut contact, &mut owed).await {
            Ok(true) if contact.rounds > 100_000 => return Err(SyncError::Stuck),
            Ok(true) => cuts = 0,
            Ok(false) => break,
            Err(SyncError::Link(LinkError::Cut)) if cuts < 3 => {
                cuts += 1;
                courier.failed(0, Trouble::Cut, 0);
            }
            Err(error) => {
                // What did arrive is looked at all the same.
                absorb(peer, &mut contact).await?;
                return Err(error);
            }
        }
    }
    absorb(peer, &mut contact).await?;
    Ok(contact)
}

async fn absorb(peer: &Arc<Peer>, contact: &mut Contact) -> Result<(), SyncError> {
    contact.absorbed = blocking(peer, Ledger::absorb).await?;
    Ok(())
}

async fn blocking<T: Send + 'static>(
    peer: &Arc<Peer>,
    work: impl FnOnce(&mut Ledger) -> Result<T, PeerError> + Send + 'static,
) -> Result<T, PeerError> {
    let peer = Arc::clone(peer);
    tokio::task::spawn_blocking(move || peer.with_ledger(work)).await.map_err(|_| PeerError::Closed)?
}

/// Asks the hub once whether the desk has certified this peer. `true`: it has, and the register is stored.
pub async fn enrol(peer: &Arc<Peer>, link: &mut Link, invitation: &Invitation, name: &str) -> Result<bool, SyncError> {
    let request = {
        let invitation = Invitation::from_text(&invitation.to_text()).map_err(|_| SyncError::Damaged)?;
        let name = name.to_owned();
        blocking(peer, move |ledger| {
            let identity = &ledger.identity;
            let key = identity.signing_key();
            let request = EnrolmentRequest::new(&invitation, identity.chain, &key, identity.agreement.public(), &name);
            Ok(request.encode(&key))
        })
        .await?
    };
    let body = link.post("/v1/enrol", request, chain::limits::MESSAGE).await?;
    match EnrolmentAnswer::decode(&body).map_err(|_| SyncError::Damaged)? {
        EnrolmentAnswer::Waiting => Ok(false),
        EnrolmentAnswer::Full => Err(LinkError::Status(503, "забагато запитів / too many requests".into()).into()),
        EnrolmentAnswer::Register(segments) => {
            let chain = peer.chain();
            let certified = blocking(peer, move |ledger| {
                ledger.store_segments(segments)?;
                Ok(ledger.register.suitcase(chain).is_some())
            })
            .await?;
            Ok(certified)
        }
    }
}
