//! The questions of one restore, one after the other, until the register is whole. Without IO: whoever carries the bytes
//! may be slow, cut off, or a liar.

use crate::entry::Link;
use crate::register::{Register, RegisterError};
use crate::restore::{RestoreAnswer, RestoreRequest, Shown};
use crate::segment::Segment;
use ids::{ChainId, TenantId};
use signing::{Hash, RootPublic, SigningKey, VerifyingKey};

/// Why an answer is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreFault {
    /// Not signed by the hub it names, or the answer to another question: forged, recorded earlier, or changed on the way.
    #[error(
        "відповідь не підписана вузлом обміну на саме це запитання: хтось підмінив її або відтворює стару; нічого не створено, перевірте адресу і мережу й повторіть / the answer is not signed by the hub for this very question: somebody replaced it or plays an old one; nothing was made, check the address and the network and try again"
    )]
    NotSigned,
    /// Signed, but not to be read.
    #[error(
        "відповідь вузла обміну пошкоджена або новіша за цю програму: перевірте версії обох і повторіть / the hub's answer is damaged or of a later version: check both versions and try again"
    )]
    Damaged,
    /// Two parts of the register came from two hubs, or are of two communities.
    #[error(
        "на запитання відповідають різні вузли обміну: перевірте адресу і повторіть / different hubs answer: check the address and try again"
    )]
    OtherHub,
    /// The register's desk certified other hubs than the one that answered.
    #[error(
        "відповів вузол обміну, якого реєстр громади не знає: перевірте адресу; якщо ключ вузла недавно змінили, спершу обміняйтеся з ним валізою, щоб він отримав увесь реєстр / a hub answered that the community's register does not know: check the address; if the hub's key was changed lately, let a suitcase exchange with it first so that it has the whole register"
    )]
    UnknownHub,
    /// The register says that this hub's key was ended.
    #[error(
        "ключ вузла обміну за цією адресою скасовано: це старий вузол, можливо, в чужих руках. Запустіть новий або назвіть його адресу / the key of the hub at this address was ended: it is the old one, perhaps in others' hands. Start the new hub, or name its address"
    )]
    EndedHub,
    /// What came is no register of this root.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The hub asks for tokens for ever, or promises more that does not come.
    #[error(
        "вузол обміну відповідає, але реєстру не дає: перевірте його журнал і повторіть / the hub answers but does not tell the register: look into its log and try again"
    )]
    Stuck,
}

/// So many stale answers in a row are a slow link; more get nowhere.
const STALE: u8 = 4;

/// One restore.
pub struct Restoring {
    root: RootPublic,
    nonce: [u8; 16],
    shown: Option<Shown>,
    after: Option<(ChainId, u64)>,
    asked: Hash,
    stale: u8,
    register: Option<Register>,
    segments: Vec<Segment>,
}

/// What a hub told.
#[derive(Debug, Clone)]
pub struct RegisterTold {
    /// The community's name on the hub.
    pub tenant: TenantId,
    /// The hub's key.
    pub hub: VerifyingKey,
    /// The hub's clock, ms since 1970.
    pub time: i64,
    /// Folded and verified; empty if the hub lost it.
    pub register: Register,
    /// As it came.
    pub segments: Vec<Segment>,
    /// The last entry that the hub holds of the case chain of the desk at work.
    pub case_end: Link,
}

impl Restoring {
    /// Begins. `nonce` was drawn for this restore alone.
    pub fn new(root: RootPublic, nonce: [u8; 16]) -> Self {
        let (shown, after, register, segments) = (None, None, None, Vec::new());
        Self { root, nonce, shown, after, asked: Hash::ZERO, stale: 0, register, segments }
    }

    /// The next question, signed with the kit.
    pub fn question(&mut self, root: &SigningKey) -> Vec<u8> {
        let (root_public, nonce, shown, after) = (self.root, self.nonce, self.shown, self.after);
        let bytes = RestoreRequest { root: root_public, nonce, shown, after }.encode(root);
        self.asked = RestoreRequest::hash(&bytes);
        bytes
    }

    /// Takes the answer to the last question. `None`: ask again.
    pub fn answered(&mut self, bytes: &[u8]) -> Result<Option<RegisterTold>, RestoreFault> {
        let answer = RestoreAnswer::decode(bytes, &self.asked).ok_or(RestoreFault::NotSigned)?;
        let answer = answer.map_err(|_| RestoreFault::Damaged)?;
        let RestoreAnswer { tenant, hub, token, .. } = answer;
        if self.shown.is_some_and(|shown| (shown.tenant, shown.hub) != (tenant, hub)) {
            return Err(RestoreFault::OtherHub);
        }
        self.shown = Some(Shown { tenant, hub, token });
        if answer.stale {
            self.stale += 1;
            return if self.stale > STALE { Err(RestoreFault::Stuck) } else { Ok(None) };
        }
        self.stale = 0;
        let mut register = self.register.take().unwrap_or_else(|| Register::new(tenant, self.root));
        let mut new = 0;
        for segment in &answer.register {
            new += register.take(segment.clone())?.len();
            self.after = Some((segment.chain, segment.last()));
        }
        self.segments.extend(answer.register);
        if answer.more {
            self.register = Some(register);
            return if new == 0 { Err(RestoreFault::Stuck) } else { Ok(None) };
        }
        let segments = std::mem::take(&mut self.segments);
        believe(&register, hub)?;
        Ok(Some(RegisterTold { tenant, hub, time: token.time, register, segments, case_end: answer.case_end }))
    }
}

/// A register that names no desk says nothing of hubs: then TLS under the root alone vouches for this one.
fn believe(register: &Register, hub: VerifyingKey) -> Result<(), RestoreFault> {
    if register.hub_ended(hub).is_some() {
        return Err(RestoreFault::EndedHub);
    }
    match register.current_desk().is_none() || register.hubs().contains(&hub) {
        true => Ok(()),
        false => Err(RestoreFault::UnknownHub),
    }
}
