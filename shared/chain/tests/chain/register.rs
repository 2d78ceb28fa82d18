//! Nobody but the desk that the root certified says who may write what, and a piece of register is taken whole or not
//! at all.

use crate::samples::{CHAIN, LINEAGE, TENANT, key};
use chain::{
    Anchor, CentreDetails, Draft, Erasure, Fact, Header, Kind, Link, Register, RegisterError, ReleaseHead, Segment,
    Standing,
};
use ids::{ChainId, RecordId, TenantId};
use proptest::prelude::*;
use signing::{
    AgreementPublicKey, CertificateError, DeskCertificate, Hash, HubCertificate, Role, Roles, Root, RootPublic, Secret,
    SigningKey, SuitcaseCertificate, Validity,
};

const DESK: u8 = 20;
pub const REGISTER: ChainId = ChainId::from_bytes([0xd0; 16]);
pub const CASE: ChainId = ChainId::from_bytes([0xd1; 16]);
const YEAR: Validity = Validity { not_before: 1_000, not_after: 9_000 };

fn root() -> Root {
    Root::from_seed(Secret::new([7; 32]))
}

fn root_public(root: &Root) -> RootPublic {
    RootPublic { signing: root.signing_key().public(), agreement: AgreementPublicKey([8; 32]) }
}

pub fn empty() -> Register {
    Register::new(TENANT, root_public(&root()))
}

fn desk_certificate(seed: u8, register: ChainId, predecessor: Option<ChainId>) -> DeskCertificate {
    DeskCertificate {
        tenant: TENANT,
        register,
        case: if register == REGISTER { CASE } else { ChainId::from_bytes([0xe1; 16]) },
        signing: key(seed).public(),
        agreement: AgreementPublicKey([seed; 32]),
        predecessor,
        validity: YEAR,
    }
}

fn suitcase(chain: ChainId, not_after: i64) -> SuitcaseCertificate {
    SuitcaseCertificate {
        tenant: TENANT,
        chain,
        signing: key(1).public(),
        agreement: AgreementPublicKey([3; 32]),
        number: 7,
        roles: Roles::of(Role::Officer),
        predecessor: None,
        validity: Validity { not_before: 1_000, not_after },
    }
}

/// A register chain of these facts, written with `key`.
fn chain_of(register: ChainId, key: &SigningKey, facts: &[Fact]) -> Segment {
    let mut end = Link::EMPTY;
    let header = Header { kind: Kind::REGISTER, record: None, peer: None, after: None };
    let write = |fact: &Fact| {
        let (entry, link) = Draft { header, body: fact.encode() }.sign(&end.next(TENANT, register), key);
        end = link;
        entry
    };
    Segment { chain: register, from: 1, prev: signing::Hash::ZERO, entries: facts.iter().map(write).collect() }
}

fn part(whole: &Segment, from: u64, to: u64) -> Segment {
    let mut end = Link::EMPTY;
    for entry in &whole.entries[..from as usize - 1] {
        let place = end.next(TENANT, whole.chain);
        end = Link { seq: place.seq, hash: entry.hash(&place) };
    }
    Segment { from, prev: end.hash, entries: whole.entries[from as usize - 1..to as usize].to_vec(), ..whole.clone() }
}

fn first() -> Fact {
    Fact::Desk {
        certificate: desk_certificate(DESK, REGISTER, None).sign(&root().signing_key()),
        sealed: vec![1, 2, 3],
    }
}

fn facts() -> Vec<Fact> {
    let desk = key(DESK);
    let hub = HubCertificate { tenant: TENANT, signing: key(9).public(), validity: YEAR };
    vec![
        first(),
        Fact::Suitcase(suitcase(CHAIN, 5_000).sign(&desk)),
        Fact::Hub(hub.sign(&desk)),
        Fact::Minimum { protocol: 2, suite: 1 },
        Fact::Later(77),
        Fact::Suitcase(suitcase(CHAIN, 8_000).sign(&desk)),
        Fact::Revocation { chain: CHAIN, from: 4_000, reason: "викрадено".into() },
    ]
}

pub fn whole() -> Segment {
    chain_of(REGISTER, &key(DESK), &facts())
}

/// All that can be asked of a register, to compare two.
fn answers(register: &Register) -> String {
    let chains = [CHAIN, REGISTER, CASE];
    let of = |chain: ChainId| {
        let standing = [0, 3_999, 4_000, 8_000, 8_001].map(|time| register.standing(chain, time));
        (
            register.author(chain),
            register.suitcase(chain).copied(),
            register.revocation(chain),
            standing,
            register.head(chain),
        )
    };
    format!("{:?}{:?}{:?}{:?}", chains.map(of), register.hubs(), register.minimum(), register.current_desk())
}

#[test]
fn the_whole_register_says_who_is_who() {
    let mut register = empty();
    assert_eq!(register.take(whole()).unwrap().len(), 7);
    assert_eq!(register.author(CHAIN), Some(key(1).public()));
    assert_eq!(register.author(REGISTER), Some(key(DESK).public()));
    assert_eq!(register.author(CASE), Some(key(DESK).public()));
    assert!(register.is_register(REGISTER) && register.is_case(CASE) && !register.is_case(REGISTER));
    assert_eq!(register.hubs(), [key(9).public()]);
    assert_eq!(register.minimum(), (2, 1));
    assert_eq!(register.revocation(CHAIN), Some((4_000, "викрадено")));
    assert_eq!(register.desks().map(|(_, end, sealed)| (end.seq, sealed)).collect::<Vec<_>>(), [(7, &[1, 2, 3][..])]);
    assert_eq!(register.take(whole()).unwrap().len(), 0, "repeats are no news");
}

#[test]
fn a_chain_stands_as_its_certificate_and_revocation_say() {
    let mut register = empty();
    assert_eq!(register.standing(CHAIN, 2_000), Standing::Unknown);
    register.take(part(&whole(), 1, 2)).unwrap();
    assert_eq!(register.standing(CASE, 0), Standing::Centre);
    assert_eq!(register.standing(CHAIN, 0), Standing::Live, "a clock that is behind is no reason to stop");
    assert_eq!(register.standing(CHAIN, 5_000), Standing::Live);
    assert_eq!(register.standing(CHAIN, 5_001), Standing::Expired);
    register.take(part(&whole(), 3, 6)).unwrap();
    assert_eq!(register.standing(CHAIN, 8_000), Standing::Live, "renewed");
    register.take(part(&whole(), 7, 7)).unwrap();
    assert_eq!(register.standing(CHAIN, 2_000), Standing::Revoked { from: 4_000 });
    assert_eq!(register.author(CHAIN), Some(key(1).public()), "what comes up is still verified and stored");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_cuts_with_repeats_give_the_same_register(cuts in prop::collection::vec((0u64..7, 1u64..=7), 0..10)) {
        let whole = whole();
        let mut straight = empty();
        straight.take(whole.clone()).unwrap();
        let mut register = empty();
        for (from, length) in cuts.into_iter().map(|(from, length)| (from + 1, length)).chain([(1, 7)]) {
            let known = register.head(REGISTER).seq;
            let to = (from + length - 1).min(7);
            match register.take(part(&whole, from, to)) {
                Ok(new) => prop_assert_eq!(new.len() as u64, to.saturating_sub(known.max(from - 1))),
                Err(RegisterError::Gap(next)) => prop_assert!(next == known + 1 && from > next),
                Err(other) => return Err(TestCaseError::fail(other.to_string())),
            }
        }
        prop_assert_eq!(answers(&register), answers(&straight));
    }
}

/// Nothing of the segment is taken, and the register answers as before.
fn refused(register: &Register, segment: Segment) -> RegisterError {
    let mut tried = register.clone();
    let error = tried.take(segment).expect_err("a bad piece of register");
    assert_eq!(answers(&tried), answers(register));
    error
}

#[test]
fn a_forged_desk_and_a_foreign_root_are_refused() {
    let foreign = Root::from_seed(Secret::new([66; 32]));
    let by = |root: &Root| Fact::Desk {
        certificate: desk_certificate(DESK, REGISTER, None).sign(&root.signing_key()),
        sealed: vec![],
    };
    let error = refused(&empty(), chain_of(REGISTER, &key(DESK), &[by(&foreign)]));
    assert_eq!(error, RegisterError::Certificate(CertificateError::Signature));
    let error = refused(&empty(), chain_of(REGISTER, &key(DESK + 1), &facts()));
    assert_eq!(error, RegisterError::Signature, "the certificate is public; the key is not");
    let error = refused(&empty(), chain_of(CASE, &key(DESK), &facts()));
    assert_eq!(error, RegisterError::Form(1), "the certificate names another chain");
    let mut other_root = Register::new(TENANT, root_public(&foreign));
    assert!(other_root.take(whole()).is_err());
}

#[test]
fn another_community_is_refused_at_every_level() {
    let other = TenantId::from_bytes([0x0e; 16]);
    let desk = DeskCertificate { tenant: other, ..desk_certificate(DESK, REGISTER, None) };
    let fact = Fact::Desk { certificate: desk.sign(&root().signing_key()), sealed: vec![] };
    let tenant = RegisterError::Certificate(CertificateError::Tenant);
    assert_eq!(refused(&empty(), chain_of(REGISTER, &key(DESK), &[fact])), tenant);
    let strange = Fact::Suitcase(SuitcaseCertificate { tenant: other, ..suitcase(CHAIN, 5_000) }.sign(&key(DESK)));
    assert_eq!(refused(&empty(), chain_of(REGISTER, &key(DESK), &[first(), strange])), tenant);
    let hub = HubCertificate { tenant: other, signing: key(9).public(), validity: YEAR };
    let fact = Fact::Hub(hub.sign(&key(DESK)));
    assert_eq!(refused(&empty(), chain_of(REGISTER, &key(DESK), &[first(), fact])), tenant);
}

#[test]
fn gaps_and_forks_are_named() {
    let whole = whole();
    assert_eq!(refused(&empty(), part(&whole, 2, 7)), RegisterError::Gap(1));
    let mut register = empty();
    register.take(part(&whole, 1, 3)).unwrap();
    assert_eq!(refused(&register, part(&whole, 5, 7)), RegisterError::Gap(4));
    let mut other = facts();
    other[2] = Fact::Minimum { protocol: 9, suite: 9 };
    let other = chain_of(REGISTER, &key(DESK), &other);
    assert_eq!(refused(&register, part(&other, 1, 7)), RegisterError::Fork(3));
    assert_eq!(refused(&register, part(&other, 1, 3)), RegisterError::Fork(3), "within what is known");
    assert_eq!(refused(&register, part(&other, 3, 3)), RegisterError::Fork(3));
    assert_eq!(refused(&register, part(&other, 4, 7)), RegisterError::Fork(4), "joined to another entry");
}

#[test]
fn one_bad_entry_spoils_its_whole_segment() {
    let desk = key(DESK);
    let forged = Fact::Suitcase(suitcase(CHAIN, 5_000).sign(&key(DESK + 1)));
    let spoil = |fact: Fact| chain_of(REGISTER, &desk, &[first(), facts().remove(1), fact]);
    let register = empty();
    assert_eq!(refused(&register, spoil(forged)), RegisterError::Certificate(CertificateError::Signature));
    let cut_off = Fact::Suitcase(vec![1; 10]);
    assert!(matches!(refused(&register, spoil(cut_off)), RegisterError::Certificate(CertificateError::Decode(_))));
    assert_eq!(refused(&register, spoil(first())), RegisterError::Form(3), "a desk speaks in the first entry only");
    assert_eq!(refused(&register, chain_of(REGISTER, &desk, &facts()[1..])), RegisterError::Form(1));
    let mut dropped = whole();
    dropped.entries[3] = dropped.entries[3].without_body();
    assert_eq!(refused(&register, dropped), RegisterError::Form(4), "the register is never dropped");
    let mut unsigned = whole();
    unsigned.entries[3].signature = unsigned.entries[4].signature;
    assert_eq!(refused(&register, unsigned), RegisterError::Signature, "each entry by its own signature");
    let header = Header { kind: Kind::OWN, record: None, peer: None, after: None };
    let mut end = Link::EMPTY;
    let mut segment = chain_of(REGISTER, &desk, &[first()]);
    end = Link { seq: 1, hash: segment.entries[0].hash(&end.next(TENANT, REGISTER)) };
    segment.entries.push(Draft { header, body: vec![1] }.sign(&end.next(TENANT, REGISTER), &desk).0);
    assert_eq!(refused(&register, segment), RegisterError::Form(2));
}

/// A desk restored from its kit writes a register of its own. Both may arrive in any order.
#[test]
fn the_registers_of_two_desks_fold_alike_in_any_order() {
    let later = ChainId::from_bytes([0xe0; 16]);
    let certificate = desk_certificate(30, later, Some(REGISTER)).sign(&root().signing_key());
    let facts = [
        Fact::Desk { certificate, sealed: vec![] },
        Fact::Suitcase(suitcase(CHAIN, 8_500).sign(&key(30))),
        Fact::Revocation { chain: CHAIN, from: 3_500, reason: "знайдено раніше".into() },
    ];
    let second = chain_of(later, &key(30), &facts);
    let pieces = [part(&whole(), 1, 3), part(&whole(), 4, 7), part(&second, 1, 2), part(&second, 3, 3)];
    let orders = [[0, 1, 2, 3], [2, 3, 0, 1], [0, 2, 1, 3], [2, 0, 3, 1], [0, 2, 3, 1], [2, 0, 1, 3]];
    let folded = orders.map(|order| {
        let mut register = empty();
        for piece in order {
            register.take(pieces[piece].clone()).unwrap();
        }
        assert_eq!(register.suitcase(CHAIN).unwrap().validity.not_after, 8_500, "{order:?}");
        assert_eq!(register.revocation(CHAIN), Some((3_500, "знайдено раніше")), "{order:?}");
        assert_eq!(register.current_desk().unwrap().register, later, "nobody's predecessor");
        assert_eq!(register.centre_agreement(), Some(AgreementPublicKey([30; 32])));
        answers(&register)
    });
    assert!(folded.iter().all(|one| *one == folded[0]));
}

fn centre(name: &str) -> Fact {
    Fact::Centre(CentreDetails { community: name.into(), ..CentreDetails::default() })
}

fn release(number: u32) -> Fact {
    Fact::Release(ReleaseHead {
        number,
        effective_from: "2026-12-01".into(),
        base: Hash::ZERO,
        digest: Hash([number as u8; 32]),
        audience: Vec::new(),
        pieces: 1,
        piece: vec![1],
    })
}

/// A desk that was replaced publishes nothing any more, whoever has its key; in whatever order it arrives.
#[test]
fn what_a_replaced_desk_publishes_after_its_successor_counts_for_nobody() {
    let desk = key(DESK);
    let own = [facts()[0].clone(), release(1), centre("Глобинська громада")];
    let before = chain_of(REGISTER, &desk, &own);
    let mut end = Link::EMPTY;
    for entry in &before.entries {
        end = Link { seq: end.seq + 1, hash: entry.hash(&end.next(TENANT, REGISTER)) };
    }
    let stolen = [
        release(2),
        centre("Чужа громада"),
        Fact::Minimum { protocol: u16::MAX, suite: u8::MAX },
        Fact::Hub(HubCertificate { tenant: TENANT, signing: key(66).public(), validity: YEAR }.sign(&desk)),
        Fact::Revocation { chain: CHAIN, from: 4_000, reason: "того самого вечора".into() },
        Fact::Suitcase(suitcase(CHAIN, 8_000).sign(&desk)),
    ];
    let all = chain_of(REGISTER, &desk, &[&own[..], &stolen[..]].concat());
    let later = ChainId::from_bytes([0xe0; 16]);
    let certificate = desk_certificate(30, later, Some(REGISTER)).sign(&root().signing_key());
    let other = ChainId::from_bytes([0xd7; 16]);
    let case_end = Link { seq: 7, hash: Hash([7; 32]) };
    let successor = [
        Fact::Desk { certificate, sealed: vec![] },
        // Of a desk that is not its own predecessor it has nothing to say; of two ends the first counts.
        Fact::Succession { register: other, end: Link::EMPTY, case_end: Link::EMPTY },
        Fact::Succession { register: REGISTER, end, case_end },
        Fact::Succession { register: REGISTER, end: Link { seq: 99, ..end }, case_end: Link { seq: 99, ..case_end } },
        release(3),
    ];
    for fact in &successor {
        assert_eq!(Fact::decode(&fact.encode()), Ok(fact.clone()));
    }
    let second = chain_of(later, &key(30), &successor);
    for order in [[0, 1], [1, 0]] {
        let mut register = empty();
        for at in order {
            register.take([&all, &second][at].clone()).unwrap();
        }
        let numbers: Vec<u32> = register.releases().iter().map(|one| one.head.number).collect();
        assert_eq!(numbers, [1, 3], "{order:?}");
        assert_eq!(register.centre_details().unwrap().community, "Глобинська громада");
        assert_eq!((register.minimum(), register.hubs()), ((1, 1), vec![]));
        assert!(register.revocation(CHAIN).is_some(), "that stands");
        assert!(register.suitcase(CHAIN).is_none() && register.certified_late(CHAIN).is_some(), "a person says whose");
        let stated = register.case_end(CASE).unwrap();
        assert_eq!((stated.end, stated.stated), (case_end, (later, 3)));
        assert_eq!([7, 8].map(|seq| register.is_behind_case_end(CASE, seq)), [false, true]);
        assert_eq!([CASE, REGISTER, later].map(|chain| register.is_at_work(chain)), [false, false, true]);
    }
    // A thief writes the stolen chain anew for somebody who has not seen the true one.
    let anew = chain_of(REGISTER, &desk, &[&own[..own.len() - 1], &[release(4)]].concat());
    let mut misled = empty();
    misled.take(anew).unwrap();
    misled.take(second.clone()).unwrap();
    let numbers: Vec<u32> = misled.releases().iter().map(|one| one.head.number).collect();
    assert_eq!(numbers, [3], "another entry stands at the end that the successor saw");
    // Whose own end is stated says nothing behind it about the one before.
    let last = ChainId::from_bytes([0xe1; 16]);
    let certificate = desk_certificate(31, last, Some(later)).sign(&root().signing_key());
    let first = part(&second, 1, 1);
    let place = Link::EMPTY.next(TENANT, later);
    let end = Link { seq: 1, hash: first.entries[0].hash(&place) };
    let third =
        [Fact::Desk { certificate, sealed: vec![] }, Fact::Succession { register: later, end, case_end: Link::EMPTY }];
    let mut replaced = empty();
    for segment in [chain_of(last, &key(31), &third), second, part(&all, 1, own.len() as u64)] {
        replaced.take(segment).unwrap();
    }
    assert_eq!(replaced.releases().len(), own.iter().filter(|fact| matches!(fact, Fact::Release(_))).count());
    let mut alone = empty();
    alone.take(all).unwrap();
    assert_eq!(alone.releases().len(), 2, "nobody has followed it yet");
}

/// Who was certified behind the end of a replaced desk is known and waits, until the desk at work says who it is.
#[test]
fn a_suitcase_that_only_a_stolen_key_certified_waits_for_a_person() {
    let desk = key(DESK);
    let whole = chain_of(REGISTER, &desk, &[first(), Fact::Suitcase(suitcase(CHAIN, 5_000).sign(&desk))]);
    let end = Link { seq: 1, hash: part(&whole, 2, 2).prev };
    let later = ChainId::from_bytes([0xe0; 16]);
    let certificate = desk_certificate(30, later, Some(REGISTER)).sign(&root().signing_key());
    let facts = [
        Fact::Desk { certificate, sealed: vec![] },
        Fact::Succession { register: REGISTER, end, case_end: Link::EMPTY },
        Fact::Suitcase(suitcase(CHAIN, 6_000).sign(&key(30))),
    ];
    let second = chain_of(later, &key(30), &facts);
    let mut register = empty();
    register.take(whole).unwrap();
    assert_eq!((register.standing(CHAIN, 2_000), register.late_suitcases().count()), (Standing::Live, 0));
    register.take(part(&second, 1, 2)).unwrap();
    assert_eq!((register.standing(CHAIN, 2_000), register.late_suitcases().count()), (Standing::Unconfirmed, 1));
    assert_eq!(register.author(CHAIN), Some(key(1).public()), "what it brings is kept");
    register.take(part(&second, 3, 3)).unwrap();
    assert_eq!((register.standing(CHAIN, 2_000), register.late_suitcases().count()), (Standing::Live, 0));
}

const NEXT: ChainId = ChainId::from_bytes([0xa2; 16]);
const LAST: ChainId = ChainId::from_bytes([0xa3; 16]);

/// The beginning of `chain`, which continues `before` with the word of key `by`.
fn beginning(chain: ChainId, seed: u8, before: ChainId, by: u8) -> Segment {
    let rebirth = chain::Rebirth {
        tenant: TENANT,
        chain,
        signing: key(seed).public(),
        agreement: AgreementPublicKey([4; 32]),
        predecessor: before,
        end: Link::EMPTY,
        reason: chain::Reason::Ahead,
        at: 0,
    };
    let header = Header { kind: Kind::REBIRTH, record: None, peer: None, after: None };
    let draft = Draft { header, body: rebirth.sign(&key(by)) };
    let (entry, _) = draft.sign(&Link::EMPTY.next(TENANT, chain), &key(seed));
    Segment { chain, from: 1, prev: Hash::ZERO, entries: vec![entry] }
}

fn continued(chain: ChainId, before: ChainId, seq: u64) -> Fact {
    Fact::Continuation { chain, predecessor: before, end: Link { seq, hash: Hash([9; 32]) } }
}

#[test]
fn a_suitcase_goes_on_as_another_chain() {
    let before = suitcase(CHAIN, 5_000);
    let next = SuitcaseCertificate { predecessor: Some(CHAIN), signing: key(2).public(), ..suitcase(NEXT, 5_000) };
    let desk = key(DESK);
    let facts = [
        first(),
        Fact::Suitcase(before.sign(&desk)),
        Fact::Suitcase(next.sign(&desk)),
        continued(NEXT, CHAIN, 12),
        // A second one that ends it earlier, and one that says nothing.
        continued(LAST, CHAIN, 11),
        continued(CHAIN, CHAIN, 1),
    ];
    let whole = chain_of(REGISTER, &desk, &facts);
    let mut register = empty();
    assert!(!register.meet(&beginning(NEXT, 2, CHAIN, 1)), "the chain before is not known yet");
    register.take(part(&whole, 1, 2)).unwrap();
    for forged in [beginning(NEXT, 2, CHAIN, 2), beginning(NEXT, 2, CASE, DESK), beginning(NEXT, 2, LAST, 1)] {
        assert!(!register.meet(&forged));
    }
    assert!(register.meet(&beginning(NEXT, 2, CHAIN, 1)));
    assert!(!register.meet(&beginning(NEXT, 2, CHAIN, 1)), "known");
    // It may be put back itself before anybody confirmed it.
    assert!(register.meet(&beginning(LAST, 3, NEXT, 2)));
    assert_eq!(register.author(NEXT), Some(key(2).public()));
    assert_eq!([NEXT, LAST].map(|chain| register.standing(chain, 2_000)), [Standing::Unconfirmed; 2]);
    assert_eq!(register.unconfirmed().count(), 2);
    assert_eq!(register.ancestors(LAST).collect::<Vec<_>>(), [NEXT, CHAIN]);
    assert_eq!((register.living(CHAIN), register.standing(CHAIN, 2_000)), (CHAIN, Standing::Live));
    register.take(part(&whole, 3, 4)).unwrap();
    assert_eq!((register.living(CHAIN), register.standing(NEXT, 2_000)), (NEXT, Standing::Live));
    assert_eq!(register.standing(CHAIN, 2_000), Standing::Continued { by: NEXT });
    assert_eq!(register.end_of_continued(CHAIN).unwrap().seq, 12);
    assert_eq!(register.unconfirmed().map(|rebirth| rebirth.chain).collect::<Vec<_>>(), [LAST]);
    register.take(part(&whole, 5, 6)).unwrap();
    assert_eq!((register.living(CHAIN), register.end_of_continued(CHAIN).unwrap().seq), (LAST, 11));
}

/// A laptop that is put back every morning for years is one thing, chains that nobody has looked at another.
#[test]
fn only_what_nobody_confirmed_counts_against_a_new_beginning() {
    let desk = key(DESK);
    let chain_number = |n: u8| ChainId::from_bytes([100 + n; 16]);
    let limit = chain::limits::REBIRTHS as u8;
    let mut register = empty();
    let mut facts = vec![first(), Fact::Suitcase(suitcase(CHAIN, 5_000).sign(&desk))];
    register.take(chain_of(REGISTER, &desk, &facts)).unwrap();
    let mut before = (CHAIN, 1);
    for n in 0..limit {
        let next = (chain_number(n), 20 + n);
        assert!(register.meet(&beginning(next.0, next.1, before.0, before.1)), "{n}");
        before = next;
    }
    assert_eq!(register.unconfirmed_line(before.0), usize::from(limit));
    let ninth = beginning(LAST, 3, before.0, before.1);
    assert!(!register.meet(&ninth), "nobody has looked at so many");
    // A person confirms the first of them: there is room for one more, and what was confirmed never counts again.
    let confirmed =
        SuitcaseCertificate { signing: key(20).public(), predecessor: Some(CHAIN), ..suitcase(chain_number(0), 5_000) };
    facts.push(Fact::Suitcase(confirmed.sign(&desk)));
    register.take(part(&chain_of(REGISTER, &desk, &facts), 3, 3)).unwrap();
    assert!(register.meet(&ninth));
    assert_eq!(register.unconfirmed_line(LAST), usize::from(limit));
    assert_eq!(register.unconfirmed_line(chain_number(0)), 0);
}

#[test]
fn chains_that_name_each_other_end() {
    let desk = key(DESK);
    let facts = [first(), continued(NEXT, CHAIN, 1), continued(CHAIN, NEXT, 1)];
    let mut register = empty();
    register.take(chain_of(REGISTER, &desk, &facts)).unwrap();
    assert!([CHAIN, NEXT].contains(&register.living(CHAIN)));
    let certificates = [(CHAIN, NEXT), (NEXT, CHAIN)].map(|(chain, before)| {
        Fact::Suitcase(SuitcaseCertificate { predecessor: Some(before), ..suitcase(chain, 5_000) }.sign(&desk))
    });
    let mut register = empty();
    register.take(chain_of(REGISTER, &desk, &[&[first()], &certificates[..]].concat())).unwrap();
    assert_eq!(register.ancestors(CHAIN).count(), chain::limits::ANCESTORS);
}

fn order(record: u8, entry: u64, kept: Option<u64>) -> Fact {
    let records = vec![RecordId::from_bytes([record; 16])];
    Fact::Erasure(Erasure { records, entries: vec![(CHAIN, entry)], kept: kept.map(|seq| (CASE, seq)) })
}

#[test]
fn orders_add_up_and_keys_go_only_when_those_beside_them_are_kept() {
    let facts = [first(), order(1, 5, Some(9)), order(2, 6, None)];
    let mut register = empty();
    register.take(chain_of(REGISTER, &key(DESK), &facts)).unwrap();
    let record = |n| RecordId::from_bytes([n; 16]);
    assert!(register.is_erased(record(1)) && register.is_erased(record(2)) && !register.is_erased(record(3)));
    let early = register.erased(|case| if case == CASE { 8 } else { u64::MAX });
    assert_eq!((early.records.len(), early.entries.iter().collect::<Vec<_>>()), (2, vec![&(CHAIN, 6)]));
    let whole = register.erased(|_| 9);
    assert_eq!(whole.entries.len(), 2);
    assert_eq!(whole.beyond(&early).entries.into_iter().collect::<Vec<_>>(), [(CHAIN, 5)]);
    assert!(whole.beyond(&whole).is_empty() && !early.is_empty());
}

#[test]
fn who_stole_a_replaced_desks_key_orders_nothing() {
    let desk = key(DESK);
    let own = [first(), order(1, 5, None)];
    let all = chain_of(REGISTER, &desk, &[&own[..], &[order(2, 6, None)]].concat());
    let certificate = desk_certificate(31, NEXT, Some(REGISTER)).sign(&root().signing_key());
    let end = Link { seq: 2, hash: part(&all, 3, 3).prev };
    let facts = [
        Fact::Desk { certificate, sealed: vec![] },
        Fact::Succession { register: REGISTER, end, case_end: Link::EMPTY },
    ];
    let mut register = empty();
    register.take(all).unwrap();
    assert!(register.is_erased(RecordId::from_bytes([2; 16])), "nobody has followed it yet");
    register.take(chain_of(NEXT, &key(31), &facts)).unwrap();
    assert_eq!([1, 2].map(|n| register.is_erased(RecordId::from_bytes([n; 16]))), [true, false]);
}

#[test]
fn a_fact_that_must_be_understood_stops_who_does_not_know_it() {
    let with = |further: &[Fact]| {
        let mut register = empty();
        register.take(chain_of(REGISTER, &key(DESK), &[&facts()[..], further].concat())).unwrap();
        register
    };
    let passed_over = with(&[Fact::Later(127)]);
    assert_eq!((passed_over.not_understood(), passed_over.minimum()), (None, (2, 1)));
    let stopped = with(&[Fact::Later(128), Fact::Minimum { protocol: 1, suite: 1 }]);
    assert_eq!((stopped.not_understood(), stopped.minimum()), (Some(128), (u16::MAX, u8::MAX)));
    assert_eq!(stopped.head(REGISTER).seq, 9, "it is followed all the same");
}

#[test]
fn the_minimum_that_was_published_last_counts() {
    let mut all = facts();
    all.push(Fact::Minimum { protocol: 9, suite: 9 });
    all.push(Fact::Minimum { protocol: 1, suite: 2 });
    let mut register = empty();
    register.take(chain_of(REGISTER, &key(DESK), &all)).unwrap();
    assert_eq!(register.minimum(), (1, 2));
}

#[test]
fn a_hub_whose_key_was_ended_answers_nobody_and_signs_no_anchor_from_then_on() {
    let anchor = |time| Anchor::sign(TENANT, LINEAGE, CHAIN, Link { seq: 1, hash: Hash([1; 32]) }, time, &key(9));
    let mut register = empty();
    register.take(whole()).unwrap();
    assert!(register.is_our_anchor(&anchor(5_000)) && register.hub_ended(key(9).public()).is_none());
    let end = |from| Fact::HubEnded { key: key(9).public(), from };
    let mut all = facts();
    all.extend([end(6_000), end(5_000), Fact::HubEnded { key: key(8).public(), from: 0 }]);
    let mut register = empty();
    register.take(chain_of(REGISTER, &key(DESK), &all)).unwrap();
    assert_eq!(register.hubs(), vec![]);
    assert_eq!(register.hub_ended(key(9).public()), Some(5_000), "the earliest that was stated");
    assert!(register.is_our_anchor(&anchor(4_999)) && !register.is_our_anchor(&anchor(5_000)));
    let mut forged = anchor(4_999);
    forged.time = 4_998;
    assert!(!register.is_our_anchor(&forged));
}
