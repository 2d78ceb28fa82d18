//! Who this peer is: its keys and chains, kept in the encrypted database.

use crate::PeerError;
use ids::{ChainId, TenantId};
use sealing::AgreementSecret;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, RootPublic, Secret, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

/// What a peer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A suitcase: one chain.
    Suitcase,
    /// A desk: the register beside the case chain.
    Desk {
        /// The chain of public facts.
        register: ChainId,
    },
}

/// A peer's keys and where it belongs.
#[derive(Debug)]
pub struct Identity {
    /// Whose community.
    pub tenant: TenantId,
    /// The root that is believed.
    pub root: RootPublic,
    /// The hub's address, `https://host:port`.
    pub hub: String,
    /// Suitcase or desk.
    pub role: Role,
    /// The chain of its changes; a desk's case chain.
    pub chain: ChainId,
    /// The short number of a suitcase; 0 for a desk.
    pub number: u16,
    /// Signs its chains.
    pub seed: Secret<32>,
    /// Its first reception key; a desk's only one.
    pub agreement: AgreementSecret,
    /// The chains that a suitcase wrote before, the oldest first. Their keys are gone.
    pub former: Vec<Former>,
}

/// A chain that goes on as another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Former {
    /// Which.
    pub chain: ChainId,
    /// Its last entry that this laptop wrote and every life of its disk shares.
    pub end: u64,
}

impl Identity {
    /// Signs.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(&self.seed)
    }

    /// The chains this peer writes.
    pub fn own_chains(&self) -> Vec<ChainId> {
        match self.role {
            Role::Suitcase => vec![self.chain],
            Role::Desk { register } => vec![register, self.chain],
        }
    }

    /// True for the chain this peer writes and those that a suitcase wrote before.
    pub fn is_ours(&self, chain: ChainId) -> bool {
        chain == self.chain || self.former.iter().any(|former| former.chain == chain)
    }

    /// version = 2, tenant, root's two keys, hub (text), role (0 suitcase, 1 desk and its register), chain, number,
    /// seed 32, X25519 secret 32, former chains (count, then 16, the last shared number (count) and the last that the centre had
    /// opened (count) each), which version 1 had not.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut w = Writer::with_capacity(512);
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(&self.root.signing.0).fixed(&self.root.agreement.0).text(&self.hub);
        match self.role {
            Role::Suitcase => w.u8(0),
            Role::Desk { register } => w.u8(1).fixed(register.as_bytes()),
        };
        w.fixed(self.chain.as_bytes()).u16(self.number).fixed(self.seed.expose()).fixed(self.agreement.expose());
        w.count(self.former.len() as u64);
        self.former.iter().for_each(|former| {
            w.fixed(former.chain.as_bytes()).count(former.end);
        });
        Zeroizing::new(w.finish())
    }

    /// Reads what [`Identity::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, PeerError> {
        let mut r = Reader::new(bytes);
        if r.u8()? != 1 {
            return Err(PeerError::Later);
        }
        let tenant = TenantId::from_bytes(r.fixed()?);
        let root = RootPublic { signing: VerifyingKey(r.fixed()?), agreement: AgreementPublicKey(r.fixed()?) };
        let hub = r.text(512)?.to_owned();
        let role = match r.u8()? {
            0 => Role::Suitcase,
            1 => Role::Desk { register: ChainId::from_bytes(r.fixed()?) },
            other => return Err(DecodeError::Unknown(other).into()),
        };
        let identity = Self {
            tenant,
            root,
            hub,
            role,
            chain: ChainId::from_bytes(r.fixed()?),
            number: r.u16()?,
            seed: Secret::new(r.fixed()?),
            agreement: AgreementSecret::from_bytes(Secret::new(r.fixed()?)),
            former: {
                let count = r.count_to(chain::limits::ANCESTORS)?;
                let read = |r: &mut Reader<'_>| Ok(Former { chain: ChainId::from_bytes(r.fixed()?), end: r.count()? });
                (0..count).map(|_| read(&mut r)).collect::<Result<_, DecodeError>>()?
            },
        };
        r.end()?;
        Ok(identity)
    }
}
