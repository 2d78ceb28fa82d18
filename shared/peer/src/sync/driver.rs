//! The exchange with one hub: what is sent, what is done with the answer. [`Session`] needs no network: it makes the
//! bytes of the next message and takes the bytes of its answer, whatever carried them. [`super::sync`] carries them by
//! HTTPS.

use super::contact::{Allowance, blocking};
use super::http::Link;
use super::offer::{Owed, Prepared, Told};
use super::parts::Part;
use super::progress::{Progress, Round};
use super::run::Run;
use super::trouble::LinkError;
use crate::{Peer, PeerError, refused};
use chain::{Answer, Courier, EnrolmentRequest, Invitation, News, Probe, Refusal, RefusalCode};
use std::collections::VecDeque;
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
    /// The answer is not signed by our hub. Somebody else's network does not come so far: the root vouches for whom TLS reached.
    #[error(
        "відповідь не підписана нашим центром: за його адресою відповідає вузол обміну, ключа якого реєстр громади не називає або вже скасував; записи лишилися тут, спробу буде повторено; якщо так довше години, скажіть про це центру / the answer is not signed by our centre: a hub answers at its address whose key the community's register does not name, or has ended; your records are here, it is tried again; if this lasts an hour, tell the centre"
    )]
    NotSigned,
    /// Nor does whoever answers know this suitcase: a new hub to which nobody has brought the register yet.
    #[error(
        "за адресою центру відповідає новий вузол обміну, якому ще не передали реєстр громади, тому валіза й вузол не знають одне одного; записи лишилися тут, спробу буде повторено; попросіть центр відкрити робоче місце: воно передасть реєстр саме / a new hub answers at the centre's address, which nobody has given the community's register yet, so that suitcase and hub do not know each other; your records are here, it is tried again; ask the centre to open its desk: it gives the register by itself"
    )]
    Unintroduced,
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
    /// Messages that were sent before the one before them was answered.
    pub ahead: usize,
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
    /// Another life of this disk is known: this suitcase went on under a new chain.
    pub began_anew: bool,
    /// It ended because no more was allowed: something may be left for the next one.
    pub spent: bool,
}

/// One contact with one answerer.
pub struct Session {
    pub(super) answerer: String,
    owed: Owed,
    /// Messages that wait for their answers, in the order in which they were made.
    pending: VecDeque<Pending>,
    /// The question where the own chain parts from another life's, while it is asked.
    probe: Option<Probe>,
    /// Whether the answers of this contact bring it anywhere.
    progress: Progress,
    /// Bytes of entries wanted back in the next answer.
    pub budget: u32,
    /// What came of it so far.
    pub contact: Contact,
}

/// A message that waits for its answer.
struct Pending {
    prepared: Prepared,
    had_owed: bool,
    /// It was made while another one waited for its answer.
    follows: bool,
}

impl Session {
    /// Begins a contact. `answerer` names the answerer in this peer's memory, such as its address.
    pub fn new(answerer: &str) -> Self {
        Self {
            answerer: answerer.to_owned(),
            owed: Owed::default(),
            pending: VecDeque::new(),
            probe: None,
            progress: Progress::default(),
            budget: chain::limits::BUDGET,
            contact: Contact::default(),
        }
    }

    /// The same contact from its beginning, as if nothing of it had been answered.
    pub(super) fn anew(&mut self) -> Self {
        Self { contact: std::mem::take(&mut self.contact), budget: self.budget, ..Self::new(&self.answerer) }
    }

    /// How many own entries the answerer has not confirmed.
    pub fn waiting(&self, peer: &Peer) -> Result<u64, PeerError> {
        let name = self.answerer.clone();
        peer.with_ledger(move |ledger| ledger.unconfirmed(&name))
    }

    /// The next message, with about `batch` bytes of own entries.
    pub fn next(&mut self, peer: &Peer, batch: usize) -> Result<Vec<u8>, PeerError> {
        // A message that was never answered leaves its debts to the next one.
        let (name, asked, budget) = (self.answerer.clone(), self.owed.clone(), self.budget);
        let had_owed = asked.is_any();
        let begun = self.probe.clone();
        let prepared = peer.with_ledger(move |ledger| {
            let probe = begun.map_or_else(|| ledger.probe(), |probe| Ok(Some(probe)))?;
            ledger.prepare(&name, batch, budget, &asked, probe)
        })?;
        let bytes = prepared.bytes.clone();
        self.pending = [Pending { prepared, had_owed, follows: false }].into();
        Ok(bytes)
    }

    /// A message with what stands behind the own entries of the last one, whose answer has not come yet. It asks for no
    /// news. `None`: there is nothing more, or what the last one says has to be answered first.
    pub fn following(&mut self, peer: &Peer, batch: usize) -> Result<Option<Vec<u8>>, PeerError> {
        let plain = |last: &&Pending| last.prepared.is_plain() && !last.had_owed;
        let Some(last) = self.pending.back().filter(plain) else { return Ok(None) };
        let (name, until) = (self.answerer.clone(), last.prepared.until.clone());
        let prepared = peer.with_ledger(move |ledger| ledger.prepare_behind(&name, batch, &until))?;
        let Some(prepared) = prepared else { return Ok(None) };
        let bytes = prepared.bytes.clone();
        self.pending.push_back(Pending { prepared, had_owed: false, follows: true });
        self.contact.ahead += 1;
        Ok(Some(bytes))
    }

    /// The message that was made first of those that wait will not be answered.
    pub fn lost(&mut self) {
        self.pending.pop_front();
    }

    /// The message that was made last was not sent.
    pub fn take_back(&mut self) {
        self.pending.pop_back();
        self.contact.ahead -= 1;
    }

    /// Takes the answer to the message that waits longest. Gives back whether there is more to say.
    pub fn answered(&mut self, peer: &Peer, bytes: &[u8], courier: &mut Courier) -> Result<bool, SyncError> {
        let Pending { prepared, had_owed, follows } = self.pending.pop_front().ok_or(SyncError::NotSigned)?;
        let Prepared { hash, keys, dialogue, sent, full, stated_heads, given, probe, until, .. } = prepared;
        let (answer, _) = Answer::decode(bytes, &hash, peer.tenant(), &keys)
            .ok_or(SyncError::NotSigned)?
            .map_err(|_| SyncError::Damaged)?;
        self.contact.hub_time = answer.time;
        let name = self.answerer.clone();
        let told = peer.with_ledger(move |ledger| {
            // The one before it was answered meanwhile.
            let dialogue = if follows { ledger.dialogue(&name)? } else { dialogue };
            ledger.take_answer(&name, dialogue, answer, &until)
        })?;
        let Told { news, in_doubt, stored, moved } = told;
        courier.succeeded(0, full, true, 0);
        let received = news.segments.iter().map(|segment| segment.entries.len()).sum::<usize>();
        self.contact.rounds += 1;
        self.contact.sent += sent;
        self.contact.received += received;
        self.contact.reborn |= news.reborn;
        let round = Round { sent, stored, repeated: received.saturating_sub(stored), moved, reborn: news.reborn };
        if !self.progress.goes_on(&round, || peer.read(|view| view.count_entries()))? {
            return Err(SyncError::Stuck);
        }
        if let Some(probe) = probe {
            return self.compared(peer, probe, &news);
        }
        if in_doubt {
            self.owed = Owed::default();
            return Ok(true);
        }
        let requests = news.enrolments.iter().filter_map(|bytes| EnrolmentRequest::decode(bytes).ok());
        self.contact.enrolments = requests.collect();
        let told: Vec<Refusal> =
            news.refusals.iter().filter(|refusal| refusal.code != RefusalCode::UnknownChain).copied().collect();
        // The hub says nothing else, however often it is asked.
        let all_said = told.iter().any(|one| matches!(one.code, RefusalCode::Protocol | RefusalCode::Answerer));
        let too_old = peer.with_ledger(|ledger| Ok(ledger.too_old()))?;
        // A refused segment is not offered again in this contact: nothing is gained by saying the same twice.
        let stuck = (!told.is_empty() || too_old.is_some()) && !news.more;
        refused::note(&mut self.contact.refusals, told);
        let known = self.contact.refusals.iter().any(|refusal| refusal.code == RefusalCode::Protocol);
        self.contact.refusals.extend(too_old.filter(|_| !known));
        if all_said {
            return Ok(false);
        }
        let progress = !news.anchors.is_empty() || received > 0 || !had_owed;
        // A hub that does not know the sender has not looked at the heads.
        self.owed.stated |= stated_heads && !news.introduce;
        self.owed.given.extend(given);
        self.owed.follow(&news);
        if self.owed.stated && !self.owed.is_any() {
            // A contact that broke off before would state them again.
            let name = self.answerer.clone();
            peer.with_ledger(move |ledger| ledger.owes_no_heads(&name))?;
        }
        Ok(news.more || (self.owed.is_any() && progress) || (full && !stuck))
    }
}

impl Session {
    /// Goes on asking where the own chain parts; once that is known, this suitcase goes on under a new one.
    fn compared(&mut self, peer: &Peer, mut probe: Probe, news: &News) -> Result<bool, SyncError> {
        (self.probe, self.owed) = (None, Owed::default());
        probe.learn(&news.refusals, &news.needed);
        if !probe.is_done() {
            self.probe = Some(probe);
        } else if self.contact.began_anew {
            // Once in a contact is what can happen; more is an answerer that plays.
            return Err(SyncError::Stuck);
        } else {
            peer.with_ledger(move |ledger| ledger.parted(&probe))?;
            self.contact.began_anew = true;
        }
        Ok(true)
    }
}

/// A laptop that was never answered remembers of no answerer how fast it was.
const ENROLMENT: &str = "";

/// A request to be enrolled: the invitation, what the owner calls the laptop, how the invitation came.
#[derive(Debug)]
pub struct Asking<'a> {
    /// As it was given.
    pub invitation: &'a Invitation,
    /// What the owner calls the laptop.
    pub name: &'a str,
    /// It was typed from paper or by ear.
    pub dictated: bool,
    /// False: the answer is not believed yet, because nobody has compared the six words on this laptop.
    pub believes: bool,
}

/// The request of this peer, with its key's signature, and the six words that it shows.
fn request_of(peer: &Peer, asking: &Asking<'_>) -> Result<(Vec<u8>, [&'static str; 6]), PeerError> {
    // A copy for the writer's thread; the text is read back as it was written.
    let text = asking.invitation.to_text();
    let (name, dictated) = (asking.name.to_owned(), asking.dictated);
    peer.with_ledger(move |ledger| {
        let invitation = Invitation::from_text(&text).map_err(|_| PeerError::NotCertified)?;
        let identity = &ledger.identity;
        let key = identity.signing_key();
        let mut request = EnrolmentRequest::new(&invitation, identity.chain, &key, identity.agreement.public(), &name);
        if dictated {
            request = request.dictated(&invitation.secret);
        }
        Ok((request.encode(&key), request.comparison(&invitation.root, invitation.number)))
    })
}

/// The six words that this laptop shows beside the centre's.
pub fn comparison(peer: &Peer, asking: &Asking<'_>) -> Result<[&'static str; 6], PeerError> {
    request_of(peer, asking).map(|(_, words)| words)
}

/// Asks the hub whether the desk has certified this peer. `true`: it has, and the register is stored. What came of the
/// register before the link was lost is kept, and asking again goes on behind it.
pub async fn enrol(peer: &Arc<Peer>, link: &mut Link, asking: &Asking<'_>) -> Result<bool, SyncError> {
    let (request, _) = tokio::task::block_in_place(|| request_of(peer, asking))?;
    let (mut courier, allowance) = (Courier::default(), Allowance::default());
    let mut run = Run::begin(peer, link, ENROLMENT, &mut courier, &allowance).await?;
    // Whoever asks waits between two questions anyway.
    run.waits = 0;
    loop {
        match run.part(&request, asking.believes).await? {
            Some(Part::Given { .. }) if !asking.believes => return Ok(false),
            Some(Part::Given { new, more: true }) if new > 0 => {}
            Some(Part::Given { .. }) => break,
            Some(Part::Waiting) | None => return Ok(false),
            Some(Part::Full) => return Err(LinkError::Status(409, "ланцюг посвідчено за іншим ключем: почніть у порожній папці з новим запрошенням / certified with another key: begin in an empty folder with a new invitation".into()).into()),
        }
    }
    let chain = peer.chain();
    Ok(blocking(peer, move |ledger| Ok(ledger.register.suitcase(chain).is_some())).await?)
}
