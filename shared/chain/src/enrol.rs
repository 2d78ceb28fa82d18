//! How a laptop becomes a suitcase: an invitation down, a request up, the register back.

use crate::limits;
use crate::segment::Segment;
use ids::{ChainId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Hash, Label, Roles, RootPublic, Secret, Signature, SigningKey, VerifyingKey};

/// What an administrator hands to the person with the laptop, as a QR code, a file or one line of text. Whoever has
/// it can enrol one laptop until it expires or is used.
///
/// `VALIZA-` and base32 (RFC 4648, no padding) of: version = 1, tenant 16, root's Ed25519 32 and X25519 32, secret 16,
/// short number `u16`, roles `u8`, expires `i64` ms, hub's address (text), first 4 bytes of the labelled hash of all that.
#[derive(Debug)]
pub struct Invitation {
    /// Whose suitcase.
    pub tenant: TenantId,
    /// The root that the suitcase pins.
    pub root: RootPublic,
    /// Proves to the desk that the request comes from who was invited.
    pub secret: Secret<16>,
    /// «Валіза 7».
    pub number: u16,
    /// What it is for.
    pub roles: Roles,
    /// ms since 1970.
    pub expires: i64,
    /// `https://host:port`.
    pub hub: String,
}

/// Why a text is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// Does not begin as one, or has letters that do not occur.
    #[error("це не запрошення: воно починається з «VALIZA-» / not an invitation: one begins with VALIZA-")]
    Form,
    /// Cut off or mistyped.
    #[error(
        "запрошення неповне або з помилкою: скопіюйте його ще раз повністю / the invitation is incomplete or mistyped: copy it again as a whole"
    )]
    Check,
}

const PREFIX: &str = "VALIZA-";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let symbol = |group: usize| (0..5).fold(0, |value, i| value << 1 | usize::from(bit(group * 5 + i)));
    (0..(bytes.len() * 8).div_ceil(5)).map(|group| BASE32[symbol(group)] as char).collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0u8; text.len() * 5 / 8];
    for (group, symbol) in text.bytes().enumerate() {
        let value = BASE32.iter().position(|s| *s == symbol)?;
        for i in (0..5).filter(|i| value >> (4 - i) & 1 == 1) {
            let at = group * 5 + i;
            *bytes.get_mut(at / 8)? |= 1 << (7 - at % 8);
        }
    }
    Some(bytes)
}

impl Invitation {
    /// The line of text.
    pub fn to_text(&self) -> String {
        let mut w = Writer::new();
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(&self.root.signing.0).fixed(&self.root.agreement.0);
        w.fixed(self.secret.expose()).u16(self.number).u8(self.roles.0).i64(self.expires).text(&self.hub);
        let mut bytes = w.finish();
        let check = Hash::of(Label::Invitation, &bytes);
        bytes.extend_from_slice(&check.0[..4]);
        format!("{PREFIX}{}", base32(&bytes))
    }

    /// Reads the line; white space in it and small letters do not matter.
    pub fn from_text(text: &str) -> Result<Self, InvitationError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        let text = text.strip_prefix(PREFIX).ok_or(InvitationError::Form)?;
        let bytes = from_base32(text).filter(|b| b.len() <= limits::ENROLMENT).ok_or(InvitationError::Form)?;
        let (fields, check) = bytes.split_last_chunk::<4>().ok_or(InvitationError::Check)?;
        if Hash::of(Label::Invitation, fields).0[..4] != check[..] {
            return Err(InvitationError::Check);
        }
        Self::read(fields).map_err(|_| InvitationError::Form)
    }

    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let invitation = Self {
            tenant: TenantId::from_bytes(r.fixed()?),
            root: RootPublic { signing: VerifyingKey(r.fixed()?), agreement: AgreementPublicKey(r.fixed()?) },
            secret: Secret::new(r.fixed()?),
            number: r.u16()?,
            roles: Roles(r.u8()?),
            expires: r.i64()?,
            hub: r.text(512)?.to_owned(),
        };
        r.end()?;
        Ok(invitation)
    }

    /// What names the invitation in clear without giving its secret away.
    pub fn id(secret: &Secret<16>) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&Hash::of(Label::Invitation, secret.expose()).0[..16]);
        id
    }
}

/// What a new suitcase asks for; the hub keeps it until the desk has answered in the register.
///
/// version, tenant 16, invitation id 16, chain 16, Ed25519 32, X25519 32, laptop's name (text), first 16 bytes of
/// the MAC under the invitation's secret, signature by the new key over all before it. The version says how the
/// invitation came: 1 as a file or a QR code, 2 typed from paper or by ear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentRequest {
    /// Whose suitcase.
    pub tenant: TenantId,
    /// [`Invitation::id`].
    pub invitation: [u8; 16],
    /// The chain it will write.
    pub chain: ChainId,
    /// Its key.
    pub signing: VerifyingKey,
    /// Its first reception key.
    pub agreement: AgreementPublicKey,
    /// What its owner calls the laptop.
    pub name: String,
    /// The invitation was typed from paper or by ear: a person has to compare [`EnrolmentRequest::comparison`].
    pub dictated: bool,
    /// Proof of the invitation.
    pub mac: [u8; 16],
}

impl EnrolmentRequest {
    fn fields(&self) -> Writer {
        let mut w = Writer::new();
        let version = if self.dictated { 2 } else { 1 };
        w.u8(version).fixed(self.tenant.as_bytes()).fixed(&self.invitation).fixed(self.chain.as_bytes());
        w.fixed(&self.signing.0).fixed(&self.agreement.0).text(&self.name);
        w
    }

    /// Makes the request of a laptop that holds `invitation`.
    pub fn new(
        invitation: &Invitation,
        chain: ChainId,
        key: &SigningKey,
        agreement: AgreementPublicKey,
        name: &str,
    ) -> Self {
        let mut request = Self {
            tenant: invitation.tenant,
            invitation: Invitation::id(&invitation.secret),
            chain,
            signing: key.public(),
            agreement,
            name: name.chars().take(60).collect(),
            dictated: false,
            mac: [0; 16],
        };
        request.prove(&invitation.secret);
        request
    }

    /// What a suitcase that is certified asks to be given the register once more: it needs no invitation and proves none.
    /// Zeros stand for the invitation's id and the MAC; a hub looks at neither.
    pub fn again(tenant: TenantId, chain: ChainId, key: &SigningKey, agreement: AgreementPublicKey) -> Self {
        let (invitation, mac, signing) = ([0; 16], [0; 16], key.public());
        Self { tenant, invitation, chain, signing, agreement, name: String::new(), dictated: false, mac }
    }

    /// The same request, saying that the invitation was typed from paper or by ear.
    pub fn dictated(mut self, secret: &Secret<16>) -> Self {
        self.dictated = true;
        self.prove(secret);
        self
    }

    fn prove(&mut self, secret: &Secret<16>) {
        let mac = secret.mac(Label::Enrolment, &self.fields().finish());
        self.mac.copy_from_slice(&mac[..16]);
    }

    /// The six words that laptop and desk show, made of all that either side believes: root and number of the
    /// invitation, the laptop's keys, chain and name. They differ if somebody between the two changed any of it.
    pub fn comparison(&self, root: &RootPublic, number: u16) -> [&'static str; 6] {
        let mut w = Writer::new();
        w.u8(1).fixed(&root.signing.0).fixed(&root.agreement.0).u16(number).bytes(&self.fields().finish());
        signing::comparison_words(&w.finish())
    }

    /// All bytes with the signature of the new key.
    pub fn encode(&self, key: &SigningKey) -> Vec<u8> {
        let mut w = self.fields();
        w.fixed(&self.mac);
        let mut bytes = w.finish();
        let signature = key.sign(Label::Enrolment, &bytes);
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads and checks that the sender has the key it names. The MAC is for the desk: [`EnrolmentRequest::proves`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > limits::ENROLMENT {
            return Err(DecodeError::TooLong);
        }
        let (fields, signature) = bytes.split_last_chunk::<64>().ok_or(DecodeError::Truncated)?;
        let mut r = Reader::new(fields);
        let dictated = match r.u8()? {
            1 => false,
            2 => true,
            other => return Err(DecodeError::Unknown(other)),
        };
        let request = Self {
            tenant: TenantId::from_bytes(r.fixed()?),
            invitation: r.fixed()?,
            chain: ChainId::from_bytes(r.fixed()?),
            signing: VerifyingKey(r.fixed()?),
            agreement: AgreementPublicKey(r.fixed()?),
            name: r.text(256)?.to_owned(),
            dictated,
            mac: r.fixed()?,
        };
        r.end()?;
        let signed = request.signing.verifies(Label::Enrolment, fields, &Signature(*signature));
        if signed { Ok(request) } else { Err(DecodeError::NotCanonical) }
    }

    /// True if the sender holds the invitation with this secret.
    pub fn proves(&self, secret: &Secret<16>) -> bool {
        self.invitation == Invitation::id(secret)
            && secret.mac_matches(Label::Enrolment, &self.fields().finish(), &self.mac)
    }
}

/// What the hub answers to an enrolment request. Unsigned: the register inside vouches for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnrolmentAnswer {
    /// The desk has not answered yet: ask again with the same bytes.
    Waiting,
    /// Certified: the whole register.
    Register(Vec<Segment>),
    /// No room for this one: its chain is certified, or waits, with another key.
    Full,
}

impl EnrolmentAnswer {
    /// version = 1, code (0 waiting, 1 register, 2 full), segments.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1);
        match self {
            Self::Waiting => w.u8(0),
            Self::Full => w.u8(2),
            Self::Register(segments) => {
                w.u8(1).count(segments.len() as u64);
                segments.iter().for_each(|segment| segment.write(&mut w));
                &mut w
            }
        };
        w.finish()
    }

    /// Reads what [`EnrolmentAnswer::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let answer = match r.u8()? {
            0 => Self::Waiting,
            2 => Self::Full,
            1 => {
                let count = r.count_to(limits::MESSAGE_SEGMENTS)?;
                Self::Register((0..count).map(|_| Segment::read(&mut r)).collect::<Result<_, _>>()?)
            }
            other => return Err(DecodeError::Unknown(other)),
        };
        r.end()?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signing::Role;

    fn invitation() -> Invitation {
        let root = signing::Root::from_seed(Secret::new([7; 32]));
        Invitation {
            tenant: TenantId::from_bytes([1; 16]),
            root: RootPublic { signing: root.signing_key().public(), agreement: AgreementPublicKey([2; 32]) },
            secret: Secret::new([3; 16]),
            number: 7,
            roles: Roles::of(Role::Officer),
            expires: 1_800_000_000_000,
            hub: "https://127.0.0.1:8443".into(),
        }
    }

    #[test]
    fn an_invitation_survives_being_mailed_and_typed() {
        let text = invitation().to_text();
        let (a, b) = text.split_at(40);
        let back = Invitation::from_text(&format!(" {}\n {} ", a.to_lowercase(), b)).unwrap();
        assert_eq!(back.to_text(), text);
        assert_eq!(Invitation::from_text(&text[..text.len() - 3]).unwrap_err(), InvitationError::Check);
        assert_eq!(Invitation::from_text("HELLO").unwrap_err(), InvitationError::Form);
        let wrong = text.replacen('A', "B", 1).replacen("VBLIZA", "VALIZA", 1);
        assert!(Invitation::from_text(&wrong).is_err() || wrong == text);
    }

    #[test]
    fn six_words_are_the_same_on_both_sides_and_of_nobody_else() {
        let invitation = invitation();
        let key = SigningKey::from_seed(&Secret::new([4; 32]));
        let asked = |key: &SigningKey, agreement| {
            EnrolmentRequest::new(
                &invitation,
                ChainId::from_bytes([5; 16]),
                key,
                AgreementPublicKey(agreement),
                "Олена",
            )
        };
        let laptop = asked(&key, [6; 32]).dictated(&invitation.secret);
        let words = laptop.comparison(&invitation.root, 7);
        let arrived = EnrolmentRequest::decode(&laptop.encode(&key)).unwrap();
        assert!(arrived.dictated && arrived.proves(&invitation.secret));
        assert_eq!(arrived.comparison(&invitation.root, 7), words);
        // Whoever overheard the invitation proves it as well, but has other keys.
        let stranger = SigningKey::from_seed(&Secret::new([8; 32]));
        let between = asked(&stranger, [6; 32]).dictated(&invitation.secret);
        assert!(between.proves(&invitation.secret));
        assert_ne!(between.comparison(&invitation.root, 7), words);
        assert_ne!(asked(&key, [9; 32]).dictated(&invitation.secret).comparison(&invitation.root, 7), words);
        // A centre that pretends to be ours has another root; a number that was changed on the way is seen, too.
        let root = signing::Root::from_seed(Secret::new([9; 32])).signing_key().public();
        assert_ne!(laptop.comparison(&RootPublic { signing: root, ..invitation.root }, 7), words);
        assert_ne!(laptop.comparison(&invitation.root, 8), words);
        // The word «dictated» cannot be taken out on the way.
        let quiet = EnrolmentRequest { dictated: false, ..laptop.clone() };
        assert!(!quiet.proves(&invitation.secret));
    }

    #[test]
    fn a_request_proves_key_and_invitation() {
        let key = SigningKey::from_seed(&Secret::new([4; 32]));
        let request = EnrolmentRequest::new(
            &invitation(),
            ChainId::from_bytes([5; 16]),
            &key,
            AgreementPublicKey([6; 32]),
            "Олена",
        );
        let bytes = request.encode(&key);
        assert_eq!(EnrolmentRequest::decode(&bytes), Ok(request.clone()));
        assert!(request.proves(&Secret::new([3; 16])));
        assert!(!request.proves(&Secret::new([4; 16])));
        let swapped = EnrolmentRequest { agreement: AgreementPublicKey([9; 32]), ..request };
        assert!(!swapped.proves(&Secret::new([3; 16])), "keys swapped on the way are noticed");
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(EnrolmentRequest::decode(&flipped).is_err());
        }
    }
}
