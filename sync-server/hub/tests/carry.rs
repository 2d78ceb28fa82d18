//! Who may bring letters, and what the hub answers to each.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use chain::{Answer, Carriage, CarriageAnswer, Fact, Request, Segment, Token, Undelivered, limits};
use clock::Time;
use hub::Rejected;
use town::*;

const DAY: i64 = 24 * HOUR;

fn carriage(pen: &Pen, token: Option<Token>, letters: &[Vec<u8>]) -> Carriage {
    Carriage { tenant: pen.tenant, carrier: pen.chain, token, letters: letters.to_vec() }
}

fn carry(town: &Town, pen: &Pen, carriage: &Carriage, now: Time) -> Result<CarriageAnswer, Rejected> {
    let bytes = carriage.encode(&pen.key);
    let answer = town.hub.carry(&bytes, now)?;
    let answer = CarriageAnswer::decode(&answer, &Carriage::hash(&bytes), &[town.hub.public()]);
    Ok(answer.expect("signed by the hub").unwrap())
}

fn letter(pen: &Pen, token: Option<Token>, segments: Vec<Segment>) -> Vec<u8> {
    Town::request(pen, token, None, segments).encode(&pen.key)
}

fn opened(town: &Town, letter: &[u8], answer: &Result<Vec<u8>, Undelivered>) -> Answer {
    let bytes = answer.as_ref().unwrap();
    Answer::decode(bytes, &Request::hash(letter), town.tenant, &[town.hub.public()]).expect("to this letter").unwrap().0
}

#[test]
fn a_suitcase_brings_anothers_letters_and_their_answers_are_its_own() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    let old = town.ask(&seven, None, None, Vec::new()).token;
    seven.own(b"work");
    town.case.to(seven.chain, b"for seven alone");
    town.push_case(1);
    let letters = [letter(&seven, Some(old), seven.since(1)), letter(&seven, None, Vec::new())];
    let now = Time(NOON.0 + 30 * DAY);
    let token = town.ask_at(&eight, now, &Town::request(&eight, None, None, Vec::new())).token;
    let answer = carry(&town, &eight, &carriage(&eight, Some(token), &letters), now).unwrap();
    assert!(!answer.stale);
    let first = opened(&town, &letters[0], &answer.answers[0]);
    assert_eq!(anchor_of(&first, seven.chain), Some(seven.end()));
    assert!(!first.stale && first.segments.iter().any(|segment| segment.chain == town.case.chain));
    let second = opened(&town, &letters[1], &answer.answers[1]);
    assert!(second.stale && second.segments.is_empty(), "a letter without a token gets anchors alone");
    assert_eq!(anchor_of(&second, seven.chain), Some(seven.end()));
    // The same token over the network is stale, and so is one that lay in a drawer for longer than letters may.
    assert!(town.ask_at(&seven, now, &Town::request(&seven, Some(old), None, Vec::new())).stale);
    let late = Time(NOON.0 + limits::CARRIED_TOKEN_LIFE + 1);
    let token = town.ask_at(&eight, late, &Town::request(&eight, None, None, Vec::new())).token;
    let answer = carry(&town, &eight, &carriage(&eight, Some(token), &letters), late).unwrap();
    let drawer = opened(&town, &letters[0], &answer.answers[0]);
    assert!(drawer.stale && anchor_of(&drawer, seven.chain) == Some(seven.end()), "anchored all the same");
}

#[test]
fn only_the_centre_and_suitcases_in_force_carry() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.own(b"work");
    let pens = [
        town.suitcase(8),
        town.suitcase(9),
        town.suitcase_until(10, NOON.0 - HOUR),
        Pen::new(town.tenant, id(11), key(11)),
    ];
    town.publish(Fact::Revocation { chain: pens[1].chain, from: NOON.0, reason: "вкрадено".into() });
    let letters = [letter(&seven, None, seven.since(1))];
    let brings = |pen: &Pen| {
        let token = town.ask(pen, None, None, Vec::new()).token;
        carry(&town, pen, &carriage(pen, Some(token), &letters), NOON)
    };
    for (pen, who) in pens[1..].iter().zip(["revoked", "expired", "unenrolled"]) {
        assert!(matches!(brings(pen), Err(Rejected::Carrier)), "{who}");
    }
    assert!(town.ask(&seven, None, None, Vec::new()).anchors.is_empty(), "nothing was taken from them");
    assert!(brings(&pens[0]).unwrap().answers[0].is_ok());
    assert!(brings(&town.case).unwrap().answers[0].is_ok());
    // In another's name.
    let forged = carriage(&pens[0], None, &letters).encode(&key(9));
    assert!(matches!(town.hub.carry(&forged, NOON), Err(Rejected::Signature)));
    let nowhere = Carriage { tenant: ids::TenantId::from_random([77; 16]), ..carriage(&pens[0], None, &letters) };
    assert!(matches!(town.hub.carry(&nowhere.encode(&pens[0].key), NOON), Err(Rejected::Tenant)));
}

#[test]
fn a_carrier_without_a_fresh_token_learns_a_new_one_and_no_letter_is_looked_at() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.own(b"work");
    let letters = [letter(&seven, None, seven.since(1))];
    let foreign = town.ask(&seven, None, None, Vec::new()).token;
    let old = town.ask(&eight, None, None, Vec::new()).token;
    let later = Time(NOON.0 + limits::TOKEN_LIFE + 1);
    for (token, now) in [(None, NOON), (Some(foreign), NOON), (Some(old), later)] {
        let answer = carry(&town, &eight, &carriage(&eight, token, &letters), now).unwrap();
        assert!(answer.stale && answer.answers.is_empty());
        assert!(town.ask(&seven, None, None, Vec::new()).anchors.is_empty());
    }
    let token = carry(&town, &eight, &carriage(&eight, None, &letters), later).unwrap().token;
    let answer = carry(&town, &eight, &carriage(&eight, Some(token), &letters), later).unwrap();
    assert_eq!(answer.answers.len(), 1);
    assert_eq!(anchor_of(&opened(&town, &letters[0], &answer.answers[0]), seven.chain), Some(seven.end()));
}

#[test]
fn each_letter_is_judged_alone() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    seven.own(b"work");
    let good = letter(&seven, None, seven.since(1));
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let foreign = Pen::new(ids::TenantId::from_random([77; 16]), seven.chain, key(7));
    let later = [&[2][..], &good[1..]].concat();
    let letters = [b"no request".to_vec(), flipped, letter(&foreign, None, Vec::new()), later, good.clone()];
    let token = town.ask(&eight, None, None, Vec::new()).token;
    let answer = carry(&town, &eight, &carriage(&eight, Some(token), &letters), NOON).unwrap();
    let bad: Vec<_> = answer.answers[..4].iter().map(|answer| answer.clone().unwrap_err()).collect();
    assert_eq!(bad, [Undelivered::Form, Undelivered::Signature, Undelivered::Tenant, Undelivered::Later]);
    assert!(!Undelivered::Later.is_final(), "it is kept until the hub was updated");
    assert_eq!(anchor_of(&opened(&town, &good, &answer.answers[4]), seven.chain), Some(seven.end()));
    // An unknown author's letter is answered, and says so; it is no reason to refuse the others.
    let nobody = letter(&Pen::new(town.tenant, id(12), key(12)), None, Vec::new());
    let answer = carry(&town, &eight, &carriage(&eight, Some(token), std::slice::from_ref(&nobody)), NOON).unwrap();
    assert_eq!(opened(&town, &nobody, &answer.answers[0]).refusals[0].code, chain::RefusalCode::UnknownChain);
}

#[test]
fn a_revoked_suitcases_letter_is_stored_and_gets_the_register_alone() {
    let mut town = Town::in_memory();
    let (mut seven, eight) = (town.suitcase(7), town.suitcase(8));
    let token = town.ask(&seven, None, None, Vec::new()).token;
    seven.own(b"late work");
    town.case.to(seven.chain, b"for seven alone");
    town.push_case(1);
    town.publish(Fact::Revocation { chain: seven.chain, from: NOON.0, reason: "загублено".into() });
    let letters = [letter(&seven, Some(token), seven.since(1))];
    let carrier = town.ask(&eight, None, None, Vec::new()).token;
    let answer = carry(&town, &eight, &carriage(&eight, Some(carrier), &letters), NOON).unwrap();
    let answer = opened(&town, &letters[0], &answer.answers[0]);
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
    assert!(!answer.segments.is_empty());
    assert!(answer.segments.iter().all(|segment| segment.chain == town.register.chain));
}

#[test]
fn a_full_answer_says_which_letters_to_bring_again() {
    let mut town = Town::in_memory();
    let (seven, eight) = (town.suitcase(7), town.suitcase(8));
    let token = town.ask(&seven, None, None, Vec::new()).token;
    for _ in 0..20 {
        town.case.to(seven.chain, &[7; 60_000]);
    }
    town.push_case(1);
    let letters = vec![letter(&seven, Some(token), Vec::new()); 20];
    let carrier = town.ask(&eight, None, None, Vec::new()).token;
    let answer = carry(&town, &eight, &carriage(&eight, Some(carrier), &letters), NOON).unwrap();
    let answered = answer.answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((8..20).contains(&answered), "{answered}");
    assert!(answer.answers[answered..].iter().all(|answer| *answer == Err(Undelivered::Room)));
}
