//! Several replicas write and exchange at random: every honest change passes the gate, all end alike.
#![allow(clippy::unwrap_used)] // a test may fail in its helpers, too

use ids::{ChainId, RecordId};
use proptest::prelude::*;
use records::view::RequestView;
use records::{ChangeBytes, Document, Edit, Gate, Kind};

const KEYS: [&str; 8] = ["a.last", "a.first", "phone", "f.one", "f.two", "d.passport", "fee_receipt", "summary"];

struct Replica {
    actor: ChainId,
    document: Document,
    /// How many changes of the common log it has seen, by place; others wait.
    held: Vec<bool>,
}

#[derive(Debug, Clone)]
enum Step {
    Write { who: usize, keys: Vec<(usize, u8)>, event: bool },
    Take { who: usize, skip: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0usize..4, prop::collection::vec((0usize..KEYS.len(), 0u8..3), 1..4), any::<bool>())
            .prop_map(|(who, keys, event)| Step::Write { who, keys, event }),
        (0usize..4, 0usize..3).prop_map(|(who, skip)| Step::Take { who, skip }),
    ]
}

fn chain(place: usize, order: u8) -> ChainId {
    // Actors sort differently from run to run: automerge's winners depend on it.
    ChainId::from_bytes([(place as u8 + 1).wrapping_mul(order | 1); 16])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn all_end_alike(steps in prop::collection::vec(step(), 1..40), order in any::<u8>()) {
        let id = RecordId::from_random([5; 16]);
        let fields = [Edit::new("a.last", "Коваль"), Edit::new("e/00000000000aa", "1|accepted||x||")];
        let (first, birth) = Document::create(Kind::Request, id, chain(0, order), 1, &fields).unwrap();
        let mut log: Vec<(ChainId, ChangeBytes)> = vec![(chain(0, order), birth)];
        let mut replicas: Vec<Replica> = (0..4).map(|place| {
            let document = if place == 0 { first.clone() } else { Document::empty(Kind::Request, id) };
            Replica { actor: chain(place, order), document, held: vec![place == 0] }
        }).collect();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Write { who, keys, event } => write(&mut replicas[who], &mut log, number, &keys, event),
                Step::Take { who, skip } => take(&mut replicas[who], &log, skip)?,
            }
        }
        for replica in &mut replicas {
            for _ in 0..=log.len() {
                take(replica, &log, 0)?;
            }
        }
        let desk = |chain: ChainId| chain == replicas[3].actor;
        let expected = RequestView::read(&replicas[0].document, &desk);
        for replica in &replicas[1..] {
            prop_assert_eq!(replica.document.heads(), replicas[0].document.heads());
            prop_assert_eq!(&RequestView::read(&replica.document, &desk), &expected);
        }
    }
}

fn write(
    replica: &mut Replica,
    log: &mut Vec<(ChainId, ChangeBytes)>,
    number: usize,
    keys: &[(usize, u8)],
    event: bool,
) {
    let mut edits: Vec<Edit> = keys.iter().map(|(key, value)| Edit::new(KEYS[*key], format!("{value}"))).collect();
    if event {
        edits.push(Edit::new(format!("e/000000000{:04}", number), format!("{number}|refused|00000000000aa|x||")));
    }
    // A replica that has nothing yet cannot write, and an edit may change nothing.
    if let Ok(Some(change)) = replica.document.edit(replica.actor, number as i64 * 10, &edits) {
        replica.held.resize(log.len(), false);
        replica.held.push(true);
        log.push((replica.actor, change));
    }
}

/// Offer what is missing, oldest first, leaving out `skip`: what came too early waits, all else is admitted.
fn take(replica: &mut Replica, log: &[(ChainId, ChangeBytes)], skip: usize) -> Result<(), TestCaseError> {
    replica.held.resize(log.len(), false);
    let missing: Vec<usize> = (0..log.len()).filter(|place| !replica.held[*place]).skip(skip).take(3).collect();
    for place in missing {
        let (from, change) = &log[place];
        match Gate::admit(&replica.document, Kind::Request, *from, change.as_bytes()) {
            Ok(admitted) => {
                replica.document.apply(admitted).expect("an admitted change applies");
                replica.held[place] = true;
            }
            Err(refusal) => prop_assert!(refusal.is_waiting(), "{refusal}"),
        }
    }
    Ok(())
}
