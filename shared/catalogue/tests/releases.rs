//! A release is taken whole or not at all.

use catalogue::{Catalogue, FRAME, Release, ReleaseError, ReleaseSource, Releases, Viewer};
use chain::{Fact, Publication, ReleaseHead};
use ids::ChainId;
use jiff::civil::{Date, date};

const DESK: ChainId = ChainId::from_bytes([1; 16]);
const SEVEN: ChainId = ChainId::from_bytes([7; 16]);
const EIGHT: ChainId = ChainId::from_bytes([8; 16]);

/// The embedded release with another first day, number, and value of the base of most fees.
fn next(number: u32, from: &str, amount: &str) -> ReleaseSource {
    let embedded = ReleaseSource::embedded();
    let day: Date = from.parse().unwrap();
    let renumbered = embedded.renumbered(number, day).unwrap();
    let frame = renumbered.file(FRAME).unwrap().replace("\"3328.00\"", &format!("\"{amount}\""));
    renumbered.with_file(FRAME, &frame).unwrap()
}

/// What the register would hold after these facts.
fn publication(seq: u64, facts: &[Fact]) -> Publication {
    let Fact::Release(head) = &facts[0] else { panic!("the announcement first") };
    let mut publication = Publication::alone(DESK, seq, head.clone());
    for fact in &facts[1..] {
        let Fact::ReleasePiece { which, piece, .. } = fact else { panic!("then its pieces") };
        publication.add(*which, piece.clone());
    }
    publication
}

fn publish(releases: &Releases, seq: u64, source: &ReleaseSource, audience: &[ChainId]) -> Publication {
    publication(seq, &releases.publish(source, audience).unwrap())
}

#[test]
fn the_bytes_of_a_release_come_back_exactly() {
    let source = ReleaseSource::embedded();
    let bytes = source.canonical_bytes();
    assert_eq!(ReleaseSource::parse(&bytes).unwrap(), source);
    let whole = source.packed(None).unwrap();
    assert_eq!(ReleaseSource::unpacked(&whole, None).unwrap(), source);
    let other = next(2, "2026-12-01", "3500.00");
    let small = other.packed(Some(&source)).unwrap();
    assert_eq!(ReleaseSource::unpacked(&small, Some(&source)).unwrap(), other);
    println!("a release: {} bytes, packed whole {}, one fee as a difference {}", bytes.len(), whole.len(), small.len());
    assert!(small.len() < 400, "{}", small.len());
}

#[test]
fn a_planned_release_is_in_force_from_its_day_on() {
    let mut releases = Releases::new(Viewer::Suitcase(SEVEN));
    releases.take(&publish(&releases.clone(), 2, &next(2, "2027-01-01", "3500.00"), &[]));
    assert_eq!(releases.refused(), []);
    assert_eq!(releases.in_force(date(2026, 12, 31)).number, 1);
    assert_eq!(releases.in_force(date(2027, 1, 1)).number, 2);
    assert_eq!(releases.in_force(date(1999, 1, 1)).number, 1, "a clock that is wrong");
    assert_eq!((releases.get(2).unwrap().number, releases.next_number()), (2, 3));
    let (nearest, exact) = releases.nearest(7);
    assert_eq!((nearest.number, exact), (2, false));
}
