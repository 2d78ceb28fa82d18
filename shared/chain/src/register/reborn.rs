//! Suitcases that go on under another chain.

use super::{Register, Standing};
use crate::entry::{Kind, Link};
use crate::limits;
use crate::rebirth::Rebirth;
use crate::segment::Segment;
use ids::ChainId;

impl Register {
    /// Believes the first entry of a chain that nobody certified yet, if it continues the chain of a suitcase that is
    /// known and that chain's key vouches for it. `true`: from now on the new chain has an author.
    ///
    /// Whoever keeps chains keeps such an entry and shows it here again after a start: no desk has signed it.
    pub fn meet(&mut self, segment: &Segment) -> bool {
        if self.author(segment.chain).is_some() {
            return false;
        }
        let Some(rebirth) = self.believable(segment) else { return false };
        let stem = self.certified(rebirth.predecessor);
        if self.unconfirmed().filter(|other| self.certified(other.chain) == stem).count() >= limits::REBIRTHS {
            return false;
        }
        self.reborn.insert(rebirth.chain, rebirth);
        true
    }

    /// The chain that the centre certified and that this one goes on for, over whatever waits between. Whoever has that
    /// chain's key has the keys of all that wait as well: they count together, or a tree of them would have no end.
    fn certified(&self, chain: ChainId) -> ChainId {
        let mut at = chain;
        // Each waits behind another one that was known before it, so there are no rings.
        while self.suitcase(at).is_none()
            && let Some(rebirth) = self.reborn.get(&at)
        {
            at = rebirth.predecessor;
        }
        at
    }

    fn believable(&self, segment: &Segment) -> Option<Rebirth> {
        let first = segment.entries.first().filter(|first| first.header.kind == Kind::REBIRTH && segment.from == 1)?;
        let body = first.body.bytes()?;
        let rebirth = Rebirth::decode(body).ok()?;
        let author = self.author(rebirth.predecessor).filter(|_| self.desk_of(rebirth.predecessor).is_none())?;
        let ours = rebirth.tenant == self.tenant && rebirth.chain == segment.chain;
        let place = Link::EMPTY.next(self.tenant, segment.chain);
        let vouched = Rebirth::is_signed(body, &author) && first.is_valid(&place, &rebirth.signing);
        (ours && vouched).then_some(rebirth)
    }

    /// What the first entry of a chain says that continues another one.
    pub fn rebirth(&self, chain: ChainId) -> Option<&Rebirth> {
        self.reborn.get(&chain)
    }

    /// Chains that continue another one and that the centre has not confirmed or declined.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Rebirth> {
        self.reborn.values().filter(|rebirth| self.standing(rebirth.chain, 0) == Standing::Unconfirmed)
    }

    /// Chains that continue another one and that the centre has declined.
    pub fn declined(&self) -> impl Iterator<Item = &Rebirth> {
        let declined = |chain| self.suitcase(chain).is_none() && self.revocation(chain).is_some();
        self.reborn.values().filter(move |rebirth| declined(rebirth.chain))
    }

    /// A chain with those before it of the same suitcase: of a chain that was declined it alone, because the suitcase
    /// that it says it goes on for is another laptop.
    pub fn line(&self, chain: ChainId) -> impl Iterator<Item = ChainId> {
        let living = self.living(chain);
        std::iter::once(chain).chain(self.ancestors(chain).filter(move |before| self.living(*before) == living))
    }

    /// Every chain of the laptop that wrote this one, as far as it is known: before it, after it, and itself.
    pub fn names_of(&self, chain: ChainId) -> impl Iterator<Item = ChainId> {
        let living = self.living(chain);
        let others = self.line(living).filter(move |other| *other != chain);
        std::iter::once(chain).chain(others)
    }

    /// How many chains, this one and those before it, nobody has confirmed since the last confirmed one. A disk may be put
    /// back any number of times in its life; what is bounded is what no person has looked at.
    pub fn unconfirmed_line(&self, chain: ChainId) -> usize {
        let unconfirmed = |chain: &ChainId| {
            let rebirth = self.reborn.get(chain)?;
            (self.standing(*chain, 0) == Standing::Unconfirmed).then_some(rebirth)
        };
        std::iter::successors(unconfirmed(&chain), |rebirth| unconfirmed(&rebirth.predecessor)).count()
    }

    /// The chain that goes on for this one after all confirmed continuations: itself, if there is none.
    pub fn living(&self, chain: ChainId) -> ChainId {
        let mut at = chain;
        // Two that name each other would never end.
        for _ in 0..self.continued.len() {
            match self.continuation(at) {
                Some((_, by)) => at = by,
                None => break,
            }
        }
        at
    }

    /// The last entry of a continued chain that counts without a person's decision.
    pub fn end_of_continued(&self, chain: ChainId) -> Option<Link> {
        self.continuation(chain).map(|(end, _)| end)
    }

    /// Who goes on for a chain and where that one ends: of several the one that ends it first, in whatever order the
    /// registers of two desks arrive.
    pub(super) fn continuation(&self, predecessor: ChainId) -> Option<(Link, ChainId)> {
        let stated = self.continued.get(&predecessor)?;
        self.counting(stated).map(|one| one.what).min_by_key(|(end, by)| (end.seq, *by))
    }

    /// The chains before this one of the same suitcase, the nearest first, as its certificates and first entries say.
    pub fn ancestors(&self, chain: ChainId) -> impl Iterator<Item = ChainId> {
        let before = |chain: &ChainId| {
            let certified = self.suitcase(*chain).or_else(|| self.certified_late(*chain));
            let certified = certified.and_then(|certificate| certificate.predecessor);
            certified.or_else(|| self.reborn.get(chain).map(|rebirth| rebirth.predecessor))
        };
        // Certificates that name each other would never end.
        std::iter::successors(before(&chain), before).take(limits::ANCESTORS)
    }
}
