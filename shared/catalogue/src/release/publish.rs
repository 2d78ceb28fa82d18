//! How a release is written into the register: checked as every suitcase will check it, packed as a difference, cut into
//! pieces that fit an entry.

use chain::{Fact, Publication, ReleaseHead, limits};
use ids::ChainId;
use jiff::civil::Date;
use signing::Hash;

use super::fold::{Releases, Viewer};
use super::source::{ReleaseError, ReleaseSource};
use crate::load::LoadErrors;
use crate::text::Text;

/// How many of the newest releases are tried as the base of a difference.
const BASES: usize = 3;
/// A difference that need not be any shorter, bytes.
const SMALL: usize = 4 * 1024;

/// Why a release cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// Its files have faults.
    #[error(transparent)]
    Files(#[from] LoadErrors),
    /// It cannot be packed.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Suitcases would refuse it.
    #[error("{} / {}", .0.uk, .0.en)]
    Refused(Text),
}

impl Releases {
    /// The facts that publish a release for these suitcases, or for everybody: to be written into the register in this
    /// order, in one act. What suitcases would refuse is refused here.
    pub fn publish(&self, source: &ReleaseSource, audience: &[ChainId]) -> Result<Vec<Fact>, PublishError> {
        let edition = *source.check()?.release();
        if audience.len() > limits::RELEASE_AUDIENCE {
            return Err(PublishError::Refused(Text::new(
                format!("на пробу — не більше ніж {} валізам", limits::RELEASE_AUDIENCE),
                format!("a trial is for {} suitcases at most", limits::RELEASE_AUDIENCE),
            )));
        }
        let digest = source.digest();
        let known = self.sources.contains_key(&digest);
        if !known && edition.number <= self.highest {
            let (n, next) = (edition.number, self.next_number());
            return Err(PublishError::Refused(Text::new(
                format!("номер {n} уже використано: дайте випускові номер {next}"),
                format!("number {n} has been used: give the release number {next}"),
            )));
        }
        self.within_reach(edition.number).map_err(|[uk, en]| PublishError::Refused(Text::new(uk, en)))?;
        // What everybody holds already, as after a trial, needs no bytes at all.
        let (base, bytes) = if known { (digest, source.packed(Some(source))?) } else { self.smallest(source)? };
        let pieces: Vec<&[u8]> = bytes.chunks(limits::RELEASE_PIECE).collect();
        let count = u16::try_from(pieces.len()).ok().filter(|count| *count <= limits::RELEASE_PIECES);
        let head = ReleaseHead {
            number: edition.number,
            effective_from: edition.effective_from.to_string(),
            base,
            digest,
            audience: audience.to_vec(),
            pieces: count.ok_or(ReleaseError::TooLarge)?,
            piece: pieces.first().map(|piece| piece.to_vec()).unwrap_or_default(),
        };
        self.would_take(&head, &pieces)?;
        let further = pieces.iter().zip(1_u16..).skip(1);
        let further = further.map(|(piece, which)| Fact::ReleasePiece { digest, which, piece: piece.to_vec() });
        Ok(std::iter::once(Fact::Release(head.clone())).chain(further).collect())
    }

    /// The shortest difference to one of the newest releases, or the whole if that is shorter. The first that is small
    /// is taken: packing takes a good part of a second.
    fn smallest(&self, source: &ReleaseSource) -> Result<(Hash, Vec<u8>), ReleaseError> {
        let newest = self.all().into_iter().rev().take(BASES);
        let mut best: Option<(Hash, Vec<u8>)> = None;
        for release in newest {
            let bytes = source.packed(Some(&release.source))?;
            if bytes.len() <= SMALL {
                return Ok((release.digest, bytes));
            }
            if best.as_ref().is_none_or(|(_, shortest)| bytes.len() < shortest.len()) {
                best = Some((release.digest, bytes));
            }
        }
        let whole = source.packed(None)?;
        Ok(best.filter(|(_, bytes)| bytes.len() < whole.len()).unwrap_or((Hash::ZERO, whole)))
    }

    /// Whether everybody it is meant for would take it: the centre, each suitcase that is named, and, where it is for
    /// everybody, each that tries something and one that never did.
    fn would_take(&self, head: &ReleaseHead, pieces: &[&[u8]]) -> Result<(), PublishError> {
        let mut publication = Publication::alone(ChainId::from_bytes([0; 16]), 0, head.clone());
        for (piece, which) in pieces.iter().zip(1_u16..).skip(1) {
            publication.add(which, piece.to_vec());
        }
        let mut tried = self.clone();
        tried.take(&publication);
        let readers = std::iter::once(tried).chain(self.eyes_of(&head.audience).into_iter().map(|mut eyes| {
            eyes.take(&publication);
            eyes
        }));
        for reader in readers {
            if let Some(refused) = reader.refused().get(self.refused().len()) {
                return Err(PublishError::Refused(refused.sentence.clone()));
            }
        }
        Ok(())
    }

    /// These releases as suitcases see them. What could be unpacked here could be there.
    fn eyes_of(&self, audience: &[ChainId]) -> Vec<Self> {
        let nobody = ChainId::from_bytes([0; 16]);
        let mut chains: Vec<ChainId> = audience.to_vec();
        if chains.is_empty() {
            chains = self.taken.iter().flat_map(|one| one.audience.iter().copied()).chain([nobody]).collect();
        }
        chains.sort_unstable();
        chains.dedup();
        let seen = |chain: ChainId| {
            let mut eyes = self.clone();
            eyes.viewer = Viewer::Suitcase(chain);
            eyes.taken.retain(|one| one.is_for(chain));
            eyes
        };
        chains.into_iter().map(seen).collect()
    }

    /// What whoever publishes a release should know first: that it takes effect at once, or that it overtakes one that
    /// was to take effect later. What it has of that one's changes, as a release that is built on the newest has, is in
    /// force from its own first day: sooner than was planned.
    pub fn cautions(&self, number: u32, effective_from: Date, today: Date) -> Vec<Text> {
        let mut cautions = Vec::new();
        let day = |day: Date| day.strftime("%d.%m.%Y").to_string();
        if effective_from <= today {
            cautions.push(Text::new(
                format!(
                    "день дії {} уже настав: кожна валіза почне користуватися випуском, щойно отримає його",
                    day(effective_from)
                ),
                format!("its first day {} has come: each suitcase uses it as soon as it gets it", day(effective_from)),
            ));
        }
        let overtaken = self.all().into_iter().filter(|one| {
            !one.is_trial() && one.number < number && one.effective_from > today && one.effective_from >= effective_from
        });
        for one in overtaken {
            let (n, from) = (one.number, day(one.effective_from));
            cautions.push(if one.effective_from == effective_from {
                Text::new(
                    format!("випуск {n}, що мав діяти з {from}, не почне діяти: з того самого дня його заступає цей"),
                    format!("release {n}, planned from {from}, will not be in force: this one takes its place that day"),
                )
            } else {
                let sooner = day(effective_from);
                Text::new(
                    format!(
                        "випуск {n}, що мав діяти з {from}, буде заступлено: ті його зміни, що є в цьому випуску, почнуть діяти вже з {sooner}, а інші не почнуть"
                    ),
                    format!(
                        "release {n}, planned from {from}, is overtaken: those of its changes that this release has take effect on {sooner} already, others never do"
                    ),
                )
            });
        }
        cautions
    }
}
