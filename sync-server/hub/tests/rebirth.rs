//! A suitcase that goes on under another chain: what the hub believes of it, and what it hands out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{EnrolmentAnswer, EnrolmentRequest, Fact, Kind, Reason, Rebirth, RefusalCode};
use signing::{AgreementPublicKey, Role, Roles, SuitcaseCertificate};
use std::sync::Arc;
use town::{ALWAYS, Pen, Town, hub_over, id, key, record};

/// The new chain of a laptop that wrote `before`, whose key signs `by`.
fn reborn(before: &Pen, seed: u8, by: &Pen) -> Pen {
    let mut pen = Pen::new(before.tenant, id(seed), key(seed));
    let rebirth = said(before, &pen);
    pen.write(Kind::REBIRTH, None, None, &rebirth.sign(&by.key));
    pen
}

fn said(before: &Pen, pen: &Pen) -> Rebirth {
    Rebirth {
        tenant: before.tenant,
        chain: pen.chain,
        signing: pen.key.public(),
        agreement: AgreementPublicKey([7; 32]),
        predecessor: before.chain,
        end: before.end(),
        reason: Reason::Fork,
        at: 1,
    }
}

/// Why a chain goes on is for people to read: a hub that does not know the reason keeps the work all the same.
#[test]
fn a_rebirth_for_a_reason_of_a_later_version_is_believed() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.change(record(1), b"shared");
    town.ask(&seven, None, None, seven.since(1));
    let mut pen = Pen::new(seven.tenant, id(70), key(70));
    let later = Rebirth { reason: Reason::Other(200), ..said(&seven, &pen) };
    pen.write(Kind::REBIRTH, None, None, &later.sign(&seven.key));
    pen.change(record(2), b"its own");
    let answer = town.ask(&pen, None, None, pen.since(1));
    assert!(answer.refusals.is_empty(), "{:?}", answer.refusals);
    assert_eq!(answer.anchors.iter().map(|anchor| anchor.end).collect::<Vec<_>>(), [pen.end()]);
    assert_eq!(Rebirth::decode(&later.sign(&seven.key)), Ok(later));
}

fn confirm(town: &mut Town, before: &Pen, pen: &Pen) {
    let certificate = SuitcaseCertificate {
        tenant: town.tenant,
        chain: pen.chain,
        signing: pen.key.public(),
        agreement: AgreementPublicKey([7; 32]),
        number: 7,
        roles: Roles::of(Role::Officer),
        predecessor: Some(before.chain),
        validity: ALWAYS,
    };
    town.publish(Fact::Suitcase(certificate.sign(&town.register.key)));
    town.publish(Fact::Continuation { chain: pen.chain, predecessor: before.chain, end: before.end() });
}

#[test]
fn a_doubled_laptop_goes_on_and_loses_nothing() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.change(record(1), b"shared");
    town.ask(&seven, None, None, seven.since(1));
    let mut twin = seven.twin(7);
    seven.change(record(1), b"one");
    twin.change(record(2), b"other");
    town.ask(&seven, None, None, seven.since(2));
    let answer = town.ask(&twin, None, None, twin.since(2));
    assert!(matches!(answer.refusals[0].code, RefusalCode::Fork { seq: 2, .. }), "{:?}", answer.refusals);
    let before = twin.part(1, 1);
    let mut pen = reborn(&seven.twin(7), 70, &twin);
    pen.change(record(2), b"other");
    let answer = town.ask(&pen, None, None, pen.since(1));
    assert_eq!((answer.refusals.as_slice(), town::anchor_of(&answer, pen.chain)), (&[][..], Some(pen.end())));
    assert!(town.read_all(&town.case).contains(&(pen.chain, 2)), "the desk reads it");
    // What is for the suitcase waits until a person has confirmed the new chain.
    town.case.to(pen.chain, b"verdict");
    town.push_case(1);
    let public = |(chain, seq): &(_, u64)| *chain == town.register.chain || (*chain, *seq) == (pen.chain, 1);
    assert!(town.read_all(&pen).iter().all(public));
    // Whoever reads what it writes has to know its author.
    assert!(town.read_all(&eight).contains(&(pen.chain, 1)));
    // A hub that starts again knows it still, and takes what it writes further.
    town.hub = hub_over(Arc::clone(&town.store), None);
    // It may have the register by name, as when the key of the hub is another one; nobody else under its chain.
    for (signer, given) in [(70, true), (71, false), (7, false)] {
        let again = EnrolmentRequest::again(town.tenant, pen.chain, &key(signer), AgreementPublicKey([7; 32]));
        let answer =
            EnrolmentAnswer::decode(&town.hub.enrol(&again.encode(&key(signer)), town::NOON).unwrap()).unwrap();
        assert_eq!(matches!(answer, EnrolmentAnswer::Register(_)), given, "{signer}: {answer:?}");
    }
    pen.change(record(2), b"more");
    let answer = town.ask(&pen, None, None, pen.since(3));
    assert_eq!(town::anchor_of(&answer, pen.chain), Some(pen.end()));
    confirm(&mut town, &seven, &pen);
    assert!(town.read_all(&pen).contains(&(town.case.chain, 1)));
    // The other life may bring what it has, and gets the register alone.
    seven.change(record(3), b"late");
    let answer = town.ask(&seven, None, None, seven.since(3));
    assert_eq!(town::anchor_of(&answer, seven.chain), Some(seven.end()));
    town.case.to(seven.chain, b"not for it");
    town.push_case(2);
    let public = |(chain, seq): &(_, u64)| *chain == town.register.chain || (*chain, *seq) == (pen.chain, 1);
    assert!(town.read_all(&seven).iter().all(public));
    assert_eq!(before.entries.len(), 1);
}

#[test]
fn a_chain_that_nobody_vouches_for_is_not_believed() {
    let mut town = Town::in_memory();
    let (seven, eight) = (town.suitcase(7), town.suitcase(8));
    let refused = |town: &Town, pen: &Pen| {
        let answer = town.ask(pen, None, None, pen.since(1));
        let held = town.store.holdings(town.tenant, &[(pen.chain, 1)]).unwrap()[0].end.seq;
        !answer.refusals.is_empty() && answer.refusals.iter().all(|r| r.code == RefusalCode::UnknownChain) && held == 0
    };
    assert!(refused(&town, &reborn(&seven, 70, &eight)), "by another suitcase's key");
    assert!(refused(&town, &reborn(&town.register, 71, &town.register)), "of the centre's chain");
    assert!(refused(&town, &reborn(&Pen::new(town.tenant, id(9), key(9)), 72, &seven)), "of a chain nobody knows");
    let mut other = Pen::new(seven.tenant, id(73), key(73));
    let named = Rebirth { chain: id(74), ..said(&seven, &other) };
    other.write(Kind::REBIRTH, None, None, &named.sign(&seven.key));
    assert!(refused(&town, &other), "it names another chain");
    let mut foreign = Pen::new(seven.tenant, id(75), key(75));
    let named = Rebirth { signing: key(76).public(), ..said(&seven, &foreign) };
    foreign.write(Kind::REBIRTH, None, None, &named.sign(&seven.key));
    assert!(refused(&town, &foreign), "its key is not the one that is vouched for");
    for seed in 80..88 {
        let pen = reborn(&seven, seed, &seven);
        assert_eq!(town.ask(&pen, None, None, pen.since(1)).refusals, [], "{seed}");
    }
    assert!(refused(&town, &reborn(&seven, 88, &seven)), "one chain is not continued without end");
    let again = reborn(&seven, 81, &seven);
    assert_eq!(town.ask(&again, None, None, again.since(1)).refusals, [], "a repeat is a repeat");
}

#[test]
fn a_chain_that_goes_on_for_another_is_whole_to_whoever_checks_or_repairs() {
    let folder = tempfile::tempdir().unwrap();
    let (path, to) = (folder.path().join("hub.db"), folder.path().join("new.db"));
    let mut town = Town::new(1, Arc::new(hub::store::SqliteStore::open(&path).unwrap()));
    let mut seven = town.suitcase(7);
    seven.change(record(1), b"one");
    town.ask(&seven, None, None, seven.since(1));
    // Behind one that is not confirmed stands another one.
    let mut second = reborn(&seven, 70, &seven);
    second.change(record(1), b"two");
    let mut third = reborn(&second, 71, &second);
    third.change(record(1), b"three");
    town.ask(&second, None, None, second.since(1));
    town.ask(&third, None, None, third.since(1));
    let held = hub::store::check_in_use(&path).unwrap();
    assert_eq!((held.faults, held.heads.len()), (vec![], 4));
    let tenant = hub::store::Tenant { id: town.tenant, root: Town::root_public(&town.root) };
    let lineage = ids::LineageId::from_random([1; 16]);
    let mended = hub::store::mend(std::slice::from_ref(&path), &to, &tenant, lineage).unwrap();
    assert_eq!((mended.entries, mended.lost), (held.entries, vec![]));
    assert_eq!(hub::store::check(&to).unwrap().faults, Vec::<String>::new());
}
