//! A release of the catalogue as the register carries it: opaque bytes in pieces that fit an entry. What they mean is
//! another crate's work; here they are counted and kept in order.

use crate::limits;
use ids::ChainId;
use signing::Hash;
use signing::canonical::{DecodeError, Reader, Writer};

/// Characters of a day, `2026-12-01`.
const DAY: usize = 10;

/// The announcement of a release, with the first piece of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseHead {
    /// Its number, growing.
    pub number: u32,
    /// First day it is used, `2026-12-01`.
    pub effective_from: String,
    /// Digest of the release that the bytes are the difference to; [`Hash::ZERO`]: they are whole.
    pub base: Hash,
    /// Digest of the release.
    pub digest: Hash,
    /// Suitcases that try it; empty: it is for everybody.
    pub audience: Vec<ChainId>,
    /// How many pieces its bytes are in, this one included.
    pub pieces: u16,
    /// The first piece.
    pub piece: Vec<u8>,
}

impl ReleaseHead {
    pub(crate) fn write<'a>(&self, w: &'a mut Writer) -> &'a mut Writer {
        w.u32(self.number).text(&self.effective_from).fixed(&self.base.0).fixed(&self.digest.0);
        w.count(self.audience.len() as u64);
        for chain in &self.audience {
            w.fixed(chain.as_bytes());
        }
        w.u16(self.pieces).bytes(&self.piece)
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let number = r.u32()?;
        let effective_from = r.text(DAY)?.to_owned();
        let (base, digest) = (Hash(r.fixed()?), Hash(r.fixed()?));
        let named = r.count_to(limits::RELEASE_AUDIENCE)?;
        let audience = (0..named).map(|_| Ok(ChainId::from_bytes(r.fixed()?))).collect::<Result<_, DecodeError>>()?;
        let pieces = r.u16()?;
        let piece = r.bytes(limits::RELEASE_PIECE)?.to_vec();
        Ok(Self { number, effective_from, base, digest, audience, pieces, piece })
    }
}

/// A release in the register: where it was announced, and the pieces that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The register chain it was written in.
    pub register: ChainId,
    /// Number of the entry that announces it.
    pub seq: u64,
    /// The announcement.
    pub head: ReleaseHead,
    /// The pieces after the first, in order.
    pub(crate) further: Vec<Vec<u8>>,
}

impl Publication {
    /// As announced, without further pieces: for whoever has the announcement alone, such as tests.
    pub fn alone(register: ChainId, seq: u64, head: ReleaseHead) -> Self {
        Self { register, seq, head, further: Vec::new() }
    }

    /// Keeps a piece if it is the next one; anything else is passed over and the release stays cut.
    pub fn add(&mut self, which: u16, piece: Vec<u8>) {
        let next = self.further.len() + 2;
        if usize::from(which) == next && which <= self.head.pieces.min(limits::RELEASE_PIECES) {
            self.further.push(piece);
        }
    }

    /// How many pieces are there, of how many.
    pub fn pieces(&self) -> (usize, u16) {
        (self.further.len() + 1, self.head.pieces)
    }

    /// All its bytes; `None` while a piece is missing.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let (here, all) = self.pieces();
        let whole = here == usize::from(all);
        whole.then(|| std::iter::once(&self.head.piece).chain(&self.further).flatten().copied().collect())
    }
}
