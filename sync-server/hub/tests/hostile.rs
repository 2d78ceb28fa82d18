//! Whatever bytes come, the hub answers or refuses; it never falls over and never believes them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{ChainHead, Cursor, Kind, Link, Request};
use ids::{ChainId, LineageId};
use proptest::prelude::*;
use signing::Hash;
use std::sync::OnceLock;
use town::*;

struct Scene {
    town: Town,
    seven: Pen,
    position: u64,
}

/// A town with some history, on disk.
fn scene() -> &'static Scene {
    static SCENE: OnceLock<(tempfile::TempDir, Scene)> = OnceLock::new();
    let (_, scene) = SCENE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let store = hub::store::SqliteStore::open(&folder.path().join("hub.db")).unwrap();
        let mut town = Town::new(1, std::sync::Arc::new(store));
        let mut seven = town.suitcase(7);
        seven.change(record(1), b"a");
        seven.own(b"b");
        town.ask(&seven, None, None, seven.since(1));
        let position = town.store.position(town.tenant).unwrap();
        (folder, Scene { town, seven, position })
    });
    scene
}

fn valid() -> Vec<u8> {
    let scene = scene();
    let token = scene.town.ask(&scene.seven, None, None, Vec::new()).token;
    let segments = [scene.seven.since(1), scene.town.register.since(1)].concat();
    Town::request(&scene.seven, Some(token), None, segments).encode(&scene.seven.key)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(scene().town.hub.answer(&bytes, NOON).is_err());
        prop_assert!(scene().town.hub.enrol(&bytes, NOON).is_err());
    }

    #[test]
    fn mutated_requests(
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = valid();
        for (place, value) in places {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = scene().town.hub.answer(&bytes, NOON);
        prop_assert_eq!(scene().town.store.position(scene().town.tenant).unwrap(), scene().position);
    }

    /// Well-formed and well signed, by an enrolled suitcase that means harm.
    #[test]
    fn impossible_numbers_well_signed(
        now: i64, from in 0..=chain::limits::SEQ - 2, seq in 0..=chain::limits::SEQ, position: u64, index: u64, budget in 0u32..=chain::limits::BUDGET,
        chain: [u8; 16], hash: [u8; 32], ours: bool,
    ) {
        let Scene { town, seven, .. } = scene();
        let answer = town.ask(seven, None, None, Vec::new());
        let lineage = if ours { answer.lineage } else { LineageId::from_bytes(chain) };
        let mut segment = seven.part(1, 2);
        segment.from = from;
        let mut others = seven.part(1, 1);
        others.chain = ChainId::from_bytes(chain);
        others.entries[0].header.kind = Kind::REGISTER;
        others.entries[0].header.record = None;
        let head = |chain| ChainHead { chain, end: Link { seq, hash: Hash(hash) } };
        let request = Request {
            cursor: Some(Cursor { lineage, position, index }),
            budget,
            heads: vec![head(seven.chain), head(others.chain), head(town.register.chain)],
            ..Town::request(seven, Some(answer.token), None, vec![segment, others])
        };
        let before = town.hub.marker().unwrap();
        let answer = town.ask_at(seven, clock::Time(now), &request);
        prop_assert!(answer.anchors.iter().all(|anchor| anchor.end.seq <= 2 || anchor.chain == town.register.chain));
        prop_assert_eq!(town.hub.marker().unwrap(), before, "no suitcase can make the hub lose its memory");
    }
}
