//! How a laptop becomes a suitcase: folder, keys, the request to the centre, the wait for its certificate.

use super::agent::Surroundings;
use super::{Agent, AppError, unlock};
use chain::Invitation;
use peer::sync::{Asking, Link, tls};
use peer::{Folder, Identity, Peer, PeerError, Role};
use sealing::{AgreementSecret, Cost, Entropy, Login, Passphrase, Vault};
use std::path::Path;
use std::time::Duration;

/// Under this name the invitation waits in the database until it is used: invitation, laptop's name, and for one that
/// was dictated `dictated`, then `compared` once the officer has found the six words the same; a line each.
const PENDING: &str = "pending invitation";
/// Between two questions whether the centre has answered.
const PATIENCE: Duration = Duration::from_secs(2);

/// How costly a passphrase is to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kdf {
    /// 256 MiB of memory for each try.
    #[default]
    Production,
    /// 64 MiB, the least that is ever taken: small machines, demonstrations, tests.
    Floor,
}

/// What is needed to enrol.
#[derive(Debug, Clone)]
pub struct Enrolment<'a> {
    /// The line; may be left out when going on waiting.
    pub invitation: Option<&'a str>,
    /// The line was typed from paper or by ear: six words are compared here and at the centre before anything holds.
    pub dictated: bool,
    /// The first officer's login.
    pub login: &'a str,
    /// Their passphrase.
    pub passphrase: &'a str,
    /// Their full name as papers print it; may be empty.
    pub officer_name: &'a str,
    /// What the laptop is called at the centre.
    pub name: &'a str,
    /// Cost of the passphrase.
    pub kdf: Kdf,
    /// How long to wait for the centre's answer.
    pub wait: Duration,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enrolled {
    /// The centre has certified the suitcase.
    Certified,
    /// The request lies at the centre: ask again later.
    Waiting,
    /// The officer has to say whether the six words are the centre's: [`Agent::words_same`].
    Compare,
}

/// An enrolment that was begun and is not finished.
struct Pending {
    invitation: Invitation,
    name: String,
    dictated: bool,
    compared: bool,
}

impl Pending {
    fn to_text(&self) -> String {
        let mark = match (self.dictated, self.compared) {
            (false, _) => "",
            (true, false) => "\ndictated",
            (true, true) => "\ndictated\ncompared",
        };
        format!("{}\n{}{mark}", self.invitation.to_text(), self.name)
    }

    fn read(text: &str) -> Result<Option<Self>, AppError> {
        let mut lines = text.lines();
        let (Some(invitation), Some(name)) = (lines.next(), lines.next()) else { return Ok(None) };
        let (dictated, compared) = (lines.next() == Some("dictated"), lines.next() == Some("compared"));
        Ok(Some(Self { invitation: Invitation::from_text(invitation)?, name: name.to_owned(), dictated, compared }))
    }

    fn asking(&self) -> Asking<'_> {
        let believes = !self.dictated || self.compared;
        Asking { invitation: &self.invitation, name: &self.name, dictated: self.dictated, believes }
    }
}

impl Agent {
    /// Makes the suitcase in a folder, or opens the one whose enrolment was begun there, without asking the centre yet.
    pub fn prepare(dir: &Path, enrolment: &Enrolment<'_>, surroundings: &Surroundings) -> Result<Self, AppError> {
        let invitation = enrolment.invitation.map(Invitation::from_text).transpose()?;
        if peer::read_vault(dir).is_ok() {
            let agent = unlock::open(dir, Some(enrolment.login), enrolment.passphrase, surroundings)?;
            return agent.same_suitcase(invitation).map(|()| agent);
        }
        let invitation = invitation.ok_or(PeerError::NoSuchPeer)?;
        let now = surroundings.clock.now();
        if now.is_plausible() && now.0 > invitation.expires {
            return Err(AppError::InvitationExpired);
        }
        let (login, passphrase) = (Login::new(enrolment.login)?, Passphrase::new(enrolment.passphrase)?);
        let folder = Folder::hold(dir)?;
        discard_unfinished(&folder)?;
        let mut entropy = (surroundings.entropy)();
        let cost = match enrolment.kdf {
            Kdf::Production => Cost::PRODUCTION,
            Kdf::Floor => Cost::FLOOR,
        };
        let (vault, key) = Vault::create(&login, &passphrase, cost, entropy.as_mut())?;
        let identity = identity(&invitation, entropy.as_mut());
        let peer = Peer::create(folder, &key, identity, login.as_str(), surroundings.means())?;
        let agent = Self::new(peer, surroundings);
        let name = one_line(enrolment.name).unwrap_or_else(|| login.as_str().to_owned());
        agent.remember(&Pending { invitation, name, dictated: enrolment.dictated, compared: false })?;
        agent.set_officer_name(login.as_str(), enrolment.officer_name)?;
        // Last: a folder without a vault holds no suitcase, and what a power cut leaves before this is discarded.
        agent.peer.folder().keep_vault(&vault)?;
        Ok(agent)
    }

    /// Asks the centre until it has certified this suitcase or `wait` is over. Asking again is harmless.
    pub async fn await_certificate(&self, wait: Duration) -> Result<Enrolled, AppError> {
        let Some(pending) = self.pending()? else {
            return Ok(if self.is_certified()? { Enrolled::Certified } else { Enrolled::Waiting });
        };
        let config = tls::client_config(&pending.invitation.root.signing);
        let config = config.map_err(|error| AppError::Input(error.to_string()))?;
        let mut link = Link::new(&pending.invitation.hub, config).map_err(peer::sync::SyncError::from)?;
        let asking = pending.asking();
        let until = self.clock.steady() + wait;
        loop {
            match peer::sync::enrol(&self.peer, &mut link, &asking).await {
                // The centre has heard of this laptop and shows its words; here a person answers first.
                Ok(_) if !asking.believes => return Ok(Enrolled::Compare),
                Ok(true) => {
                    self.peer.act(|act| act.put_value(PENDING, b""))?;
                    return Ok(Enrolled::Certified);
                }
                Ok(false) if self.clock.steady() >= until => return Ok(Enrolled::Waiting),
                Err(error) if self.clock.steady() >= until => return Err(self.of_contact(error)),
                Ok(false) | Err(_) => tokio::time::sleep(PATIENCE.min(wait)).await,
            }
        }
    }

    /// The six words to be compared with the centre's, while the enrolment is not finished.
    pub fn comparison(&self) -> Result<Option<[&'static str; 6]>, AppError> {
        let Some(pending) = self.pending()? else { return Ok(None) };
        Ok(Some(peer::sync::comparison(&self.peer, &pending.asking())?))
    }

    /// Whether the officer still has to say that the six words are the centre's.
    pub fn must_compare(&self) -> Result<bool, AppError> {
        Ok(self.pending()?.is_some_and(|pending| pending.dictated && !pending.compared))
    }

    /// The officer found the same six words at the centre: from now on its answer is believed.
    pub fn words_same(&self) -> Result<(), AppError> {
        match self.pending()? {
            Some(pending) if pending.dictated => self.remember(&Pending { compared: true, ..pending }),
            _ => Ok(()),
        }
    }

    /// The words differ: somebody stands between this laptop and the centre. Nothing of that invitation is believed
    /// any more; a new one goes into an empty folder.
    pub fn words_differ(&self) -> Result<(), AppError> {
        Ok(self.peer.act(|act| act.put_value(PENDING, b""))?)
    }

    fn remember(&self, pending: &Pending) -> Result<(), AppError> {
        let text = pending.to_text();
        Ok(self.peer.act(move |act| act.put_value(PENDING, text.as_bytes()))?)
    }

    fn pending(&self) -> Result<Option<Pending>, AppError> {
        let bytes = self.peer.read(|view| view.value(PENDING))?.unwrap_or_default();
        Pending::read(&String::from_utf8(bytes).unwrap_or_default())
    }

    /// An invitation given again must be the one this suitcase was made with, or one of the same centre.
    fn same_suitcase(&self, invitation: Option<Invitation>) -> Result<(), AppError> {
        let Some(invitation) = invitation else { return Ok(()) };
        let register = self.peer.register()?;
        let same = invitation.tenant == self.peer.tenant()
            && *register.root() == invitation.root
            && invitation.number == self.peer.number();
        if !same {
            return Err(AppError::OtherSuitcase);
        }
        match self.pending()? {
            // A new secret for the same number: the first invitation expired before the centre had seen it.
            Some(pending) if invitation.to_text() != pending.invitation.to_text() => {
                self.remember(&Pending { invitation, compared: false, ..pending })
            }
            Some(_) => Ok(()),
            None => Ok(()),
        }
    }
}

/// A name without line breaks; `None` for an empty one.
fn one_line(name: &str) -> Option<String> {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// A database without a vault is what a power cut left of a beginning: its key is lost, nothing was recorded in it.
fn discard_unfinished(folder: &Folder) -> Result<(), AppError> {
    let database = folder.database();
    for end in ["", "-wal", "-shm"] {
        let mut name = database.clone().into_os_string();
        name.push(end);
        match std::fs::remove_file(&name) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(PeerError::from(error).into()),
        }
    }
    Ok(())
}

fn identity(invitation: &Invitation, entropy: &mut dyn Entropy) -> Identity {
    Identity {
        tenant: invitation.tenant,
        root: invitation.root,
        hub: invitation.hub.clone(),
        role: Role::Suitcase,
        chain: ids::ChainId::from_random(entropy.array()),
        number: invitation.number,
        seed: entropy.secret(),
        agreement: AgreementSecret::generate(entropy),
        former: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Centre, NOON, surroundings_at};
    use clock::ManualClock;
    use std::sync::Arc;

    const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар";

    fn enrolment<'a>(invitation: Option<&'a str>) -> Enrolment<'a> {
        Enrolment {
            invitation,
            dictated: false,
            login: "olena",
            passphrase: PASSPHRASE,
            officer_name: "Шевчук Олена Іванівна",
            name: "Ноутбук Олени",
            kdf: Kdf::Floor,
            wait: Duration::ZERO,
        }
    }

    #[test]
    fn a_begun_enrolment_goes_on_with_the_same_keys() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(NOON));
        let line = Centre::new().invitation(7, NOON.0 + 1).to_text();
        std::fs::write(dir.path().join("valiza.db"), b"left by a power cut").unwrap();
        let first = Agent::prepare(dir.path(), &enrolment(Some(&line)), &surroundings_at(clock.clone(), 1)).unwrap();
        assert!(!first.is_certified().unwrap());
        assert_eq!(first.officers().unwrap(), [("olena".to_owned(), "Шевчук Олена Іванівна".to_owned())]);
        let chain = first.peer.chain();
        drop(first);
        for again in [None, Some(line.as_str())] {
            let agent = Agent::prepare(dir.path(), &enrolment(again), &surroundings_at(clock.clone(), 2)).unwrap();
            assert_eq!(agent.peer.chain(), chain);
            assert_eq!(agent.pending().unwrap().unwrap().name, "Ноутбук Олени");
        }
        let other = Centre::new().invitation(8, NOON.0 + 1).to_text();
        let refused = Agent::prepare(dir.path(), &enrolment(Some(&other)), &surroundings_at(clock, 3));
        assert!(matches!(refused.err().unwrap(), AppError::OtherSuitcase));
    }

    #[test]
    fn an_expired_invitation_leaves_no_folder_behind() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("suitcase");
        let line = Centre::new().invitation(7, NOON.0 - 1).to_text();
        let clock = Arc::new(ManualClock::at(NOON));
        let refused = Agent::prepare(&inside, &enrolment(Some(&line)), &surroundings_at(clock.clone(), 1));
        assert!(matches!(refused.err().unwrap(), AppError::InvitationExpired));
        assert!(!inside.exists());
        // A clock that is obviously wrong cannot say that.
        clock.set_wall(clock::Time(0));
        Agent::prepare(&inside, &enrolment(Some(&line)), &surroundings_at(clock, 1)).unwrap();
    }

    #[test]
    fn a_dictated_invitation_waits_for_a_person_on_this_side_too() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(NOON));
        let invitation = Centre::new().invitation(7, NOON.0 + 1);
        let line = invitation.to_text();
        let enrolment = Enrolment { dictated: true, name: "Ноутбук\nОлени", ..enrolment(Some(&line)) };
        let agent = Agent::prepare(dir.path(), &enrolment, &surroundings_at(clock, 1)).unwrap();
        assert!(agent.must_compare().unwrap());
        let pending = agent.pending().unwrap().unwrap();
        assert!(pending.name == "Ноутбук Олени" && !pending.asking().believes);
        let words = agent.comparison().unwrap().unwrap();
        agent.words_same().unwrap();
        assert!(!agent.must_compare().unwrap() && agent.pending().unwrap().unwrap().asking().believes);
        assert_eq!(agent.comparison().unwrap(), Some(words), "the words stay");
        // A line that was changed on the way leads to other words.
        let forged = chain::Invitation { secret: signing::Secret::new([4; 16]), ..invitation }.to_text();
        agent.same_suitcase(Some(Invitation::from_text(&forged).unwrap())).unwrap();
        assert!(agent.must_compare().unwrap(), "another line is compared again");
        assert_ne!(agent.comparison().unwrap(), Some(words));
        agent.words_differ().unwrap();
        assert_eq!(agent.comparison().unwrap(), None);
        assert!(!agent.is_certified().unwrap());
    }
}
