//! Every message has one spelling: what is written is read back, and what is read was written that way.

use crate::samples::{CHAIN, LINEAGE, TENANT, a_chain, a_hash, a_link, a_segment, a_seq, a_signature, an_entry, key};
use chain::{
    Anchor, Answer, CentreDetails, ChainHead, Cursor, EnrolmentAnswer, EnrolmentRequest, Entry, Erasure, Exception,
    ExceptionCode, Fact, Invitation, Link, Needed, Refusal, RefusalCode, ReleaseHead, Request, Segment, Token, Verdict,
};
use ids::{ChainId, LineageId, RecordId, TenantId};
use proptest::collection::vec;
use proptest::prelude::*;
use signing::canonical::{Reader, Writer};
use signing::{AgreementPublicKey, Hash, Label, Roles, RootPublic, Secret, VerifyingKey};

/// Any bytes, and bytes that look like the start of something: versions, small counts, flags.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let small = prop_oneof![3 => 0u8..8, 1 => any::<u8>()];
    prop_oneof![vec(any::<u8>(), 0..600), vec(small, 0..900)]
}

fn a_token() -> impl Strategy<Value = Token> {
    (any::<i64>(), any::<u64>())
        .prop_map(|(time, seq)| Token::give(&Secret::new([4; 32]), TENANT, CHAIN, LINEAGE, time, seq))
}

prop_compose! {
    fn a_cursor()(lineage: [u8; 16], position: u64, index: u64) -> Cursor {
        Cursor { lineage: LineageId::from_bytes(lineage), position, index }
    }
}

prop_compose! {
    fn a_request()(
        token in prop::option::of(a_token()),
        cursor in prop::option::of(a_cursor()),
        budget in 0..=chain::limits::BUDGET,
        heads in vec((a_chain(), a_link()).prop_map(|(chain, end)| ChainHead { chain, end }), 0..4),
        segments in vec(a_segment(), 0..3),
    ) -> Request {
        Request { tenant: TENANT, sender: CHAIN, token, cursor, budget, heads, segments }
    }
}

fn a_refusal() -> impl Strategy<Value = Refusal> {
    let code = prop_oneof![
        Just(RefusalCode::Form),
        Just(RefusalCode::Signature),
        (a_seq(), a_hash()).prop_map(|(seq, held)| RefusalCode::Fork { seq, held }),
        Just(RefusalCode::UnknownChain),
        Just(RefusalCode::Quota),
        Just(RefusalCode::Tenant),
        Just(RefusalCode::Protocol),
        Just(RefusalCode::Register),
        Just(RefusalCode::Hole),
        Just(RefusalCode::Answerer),
        (11u8..).prop_map(RefusalCode::Other),
    ];
    (a_chain(), a_seq(), code).prop_map(|(chain, from, code)| Refusal { chain, from, code })
}

prop_compose! {
    fn an_answer()(
        (time, token, position, index) in (any::<i64>(), a_token(), any::<u64>(), any::<u64>()),
        (more, stale, further) in (any::<bool>(), any::<bool>(), any::<u8>().prop_map(|flags| flags & !3)),
        anchors in vec((a_chain(), a_link(), a_signature()), 0..3),
        segments in vec(a_segment(), 0..3),
        refusals in vec(a_refusal(), 0..4),
        needed in vec((a_chain(), a_seq()).prop_map(|(chain, from)| Needed { chain, from }), 0..4),
        enrolments in vec(vec(any::<u8>(), 0..40), 0..3),
    ) -> Answer {
        let anchor = |(chain, end, signature)| Anchor {
            tenant: TENANT, lineage: LINEAGE, chain, end, time, answerer: key(9).public(), signature,
        };
        let anchors = anchors.into_iter().map(anchor).collect();
        Answer { lineage: LINEAGE, time, token, position, index, more, stale, further, anchors, segments, refusals, needed, enrolments }
    }
}

prop_compose! {
    fn a_verdict()(
        chain in a_chain(), up_to in a_link(), register in (a_chain(), a_link()),
        exceptions in vec((any::<u64>(), 1u8..=254, "\\PC{0,60}"), 0..5),
    ) -> Verdict {
        let code = |code| ExceptionCode::from_code(code).expect("1 to 254");
        let exception = |(seq, number, sentence)| Exception { seq, code: code(number), sentence };
        Verdict { chain, up_to, register, exceptions: exceptions.into_iter().map(exception).collect() }
    }
}

fn a_fact() -> impl Strategy<Value = Fact> {
    let bytes = || vec(any::<u8>(), 0..300);
    prop_oneof![
        (bytes(), bytes()).prop_map(|(certificate, sealed)| Fact::Desk { certificate, sealed }),
        bytes().prop_map(Fact::Suitcase),
        bytes().prop_map(Fact::Hub),
        (a_chain(), any::<i64>(), "\\PC{0,60}").prop_map(|(chain, from, reason)| Fact::Revocation {
            chain,
            from,
            reason
        }),
        any::<(u16, u8)>().prop_map(|(protocol, suite)| Fact::Minimum { protocol, suite }),
        (any::<(u32, u16)>(), "[0-9-]{0,10}", a_hash(), a_hash(), prop::collection::vec(a_chain(), 0..3), bytes())
            .prop_map(|((number, pieces), effective_from, base, digest, audience, piece)| {
                Fact::Release(ReleaseHead { number, effective_from, base, digest, audience, pieces, piece })
            }),
        (a_hash(), any::<u16>(), bytes()).prop_map(|(digest, which, piece)| Fact::ReleasePiece {
            digest,
            which,
            piece
        }),
        prop::array::uniform8("\\PC{0,40}").prop_map(|texts| Fact::Centre(centre_details(texts))),
        erasure().prop_map(Fact::Erasure),
        any::<u16>().prop_map(Fact::KeptDays),
        (any::<i64>(), prop::collection::vec((a_chain(), 0..=chain::limits::SEQ), 0..4))
            .prop_map(|(at, ends)| Fact::Covered { at, ends }),
        (any::<[u8; 32]>(), any::<i64>()).prop_map(|(key, from)| Fact::HubEnded { key: VerifyingKey(key), from }),
        (16u8..).prop_map(Fact::Later),
    ]
}

fn erasure() -> impl Strategy<Value = Erasure> {
    let records = prop::collection::vec(any::<[u8; 16]>().prop_map(RecordId::from_bytes), 0..4);
    let place = || (a_chain(), any::<u64>());
    (records, prop::collection::vec(place(), 0..4), prop::option::of(place()))
        .prop_map(|(records, entries, kept)| Erasure { records, entries, kept })
}

fn centre_details(texts: [String; 8]) -> CentreDetails {
    let [community, centre, contact, owner, owner_code, owner_address, owner_contact, hromada] = texts;
    CentreDetails { community, centre, contact, owner, owner_code, owner_address, owner_contact, hromada }
}

fn entry_bytes(entry: &Entry) -> Vec<u8> {
    let mut w = Writer::new();
    entry.write(&mut w);
    w.finish()
}

fn segment_bytes(segment: &Segment) -> Vec<u8> {
    let mut w = Writer::new();
    segment.write(&mut w);
    w.finish()
}

/// An answer that our answerer signed, whatever is in it.
fn signed_answer(fields: &[u8], request: &Hash) -> Vec<u8> {
    let covered = [&request.0[..], fields].concat();
    [fields, &key(9).sign(Label::ExchangeAnswer, &covered).0].concat()
}

fn read_answer(bytes: &[u8], request: &Hash) -> Option<Answer> {
    Some(Answer::decode(bytes, request, TENANT, &[key(9).public()])?.ok()?.0)
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        entry in an_entry(), segment in a_segment(), request in a_request(), answer in an_answer(),
        verdict in a_verdict(), fact in a_fact(), asked in a_hash(),
    ) {
        let bytes = entry_bytes(&entry);
        prop_assert_eq!(bytes.len(), entry.size());
        prop_assert_eq!(Entry::read(&mut Reader::new(&bytes)), Ok(entry));
        let bytes = segment_bytes(&segment);
        prop_assert_eq!(Segment::read(&mut Reader::new(&bytes)), Ok(segment));
        let bytes = request.encode(&key(1));
        prop_assert!(Request::is_signed(&bytes, &key(1).public()));
        prop_assert_eq!(Request::decode(&bytes), Ok(request));
        let bytes = answer.encode(&asked, &key(9));
        prop_assert_eq!(read_answer(&bytes, &asked), Some(answer));
        prop_assert_eq!(Verdict::decode(&verdict.encode()), Ok(verdict));
        prop_assert_eq!(Fact::decode(&fact.encode()), Ok(fact));
    }

    #[test]
    fn an_anchor_is_read_back(chain in a_chain(), end in a_link(), time: i64) {
        let anchor = Anchor::sign(TENANT, LINEAGE, chain, end, time, &key(9));
        prop_assert_eq!(Anchor::decode(&anchor.encode()), Ok(anchor));
        prop_assert!(anchor.is_signed());
    }

    #[test]
    fn an_invitation_is_read_back_from_its_text(
        tenant: [u8; 16], keys: [[u8; 32]; 2], secret: [u8; 16], number: u16, roles: u8, expires: i64, hub in "\\PC{0,80}",
    ) {
        let root = RootPublic { signing: VerifyingKey(keys[0]), agreement: AgreementPublicKey(keys[1]) };
        let made = Invitation {
            tenant: TenantId::from_bytes(tenant), root, secret: Secret::new(secret), number, roles: Roles(roles), expires, hub,
        };
        let read = Invitation::from_text(&made.to_text()).unwrap();
        prop_assert_eq!((read.tenant, read.root, read.number), (made.tenant, made.root, made.number));
        prop_assert_eq!((read.roles, read.expires, &read.hub), (made.roles, made.expires, &made.hub));
        prop_assert_eq!(read.secret.expose(), made.secret.expose());
    }

    #[test]
    fn an_enrolment_is_read_back(chain in a_chain(), secret: [u8; 16], name in "\\PC{0,90}", segments in vec(a_segment(), 0..3)) {
        let root = RootPublic { signing: key(7).public(), agreement: AgreementPublicKey([2; 32]) };
        let invitation = Invitation {
            tenant: TENANT, root, secret: Secret::new(secret), number: 7, roles: Roles(1), expires: 0, hub: String::new(),
        };
        let request = EnrolmentRequest::new(&invitation, chain, &key(4), AgreementPublicKey([6; 32]), &name);
        prop_assert_eq!(EnrolmentRequest::decode(&request.encode(&key(4))), Ok(request.clone()));
        prop_assert!(request.proves(&invitation.secret));
        for answer in [EnrolmentAnswer::Waiting, EnrolmentAnswer::Full, EnrolmentAnswer::Register(segments)] {
            prop_assert_eq!(EnrolmentAnswer::decode(&answer.encode()), Ok(answer));
        }
    }

    /// Whatever arrives: no panic, and what is taken has no second spelling.
    #[test]
    fn any_bytes_are_refused_or_are_the_one_spelling(bytes in any_bytes(), text in "\\PC{0,200}", asked in a_hash()) {
        let mut r = Reader::new(&bytes);
        if let Ok(entry) = Entry::read(&mut r) {
            prop_assert_eq!(entry_bytes(&entry), &bytes[..bytes.len() - r.left()]);
        }
        let mut r = Reader::new(&bytes);
        if let Ok(segment) = Segment::read(&mut r) {
            prop_assert_eq!(segment_bytes(&segment), &bytes[..bytes.len() - r.left()]);
        }
        if let Ok(request) = Request::decode(&bytes) {
            let again = request.encode(&key(1));
            prop_assert_eq!(&again[..again.len() - 64], &bytes[..bytes.len() - 64]);
        }
        let answer = signed_answer(&bytes, &asked);
        if let Some(read) = read_answer(&answer, &asked) {
            prop_assert_eq!(read.encode(&asked, &key(9)), answer);
        }
        if let Ok(anchor) = Anchor::decode(&bytes) {
            prop_assert_eq!(anchor.encode(), bytes.clone());
        }
        if let Ok(verdict) = Verdict::decode(&bytes) {
            prop_assert_eq!(verdict.encode(), bytes.clone());
        }
        match Fact::decode(&bytes) {
            Ok(Fact::Later(_)) | Err(_) => {}
            Ok(fact) => prop_assert_eq!(fact.encode(), bytes.clone()),
        }
        if let Ok(answer) = EnrolmentAnswer::decode(&bytes) {
            prop_assert_eq!(answer.encode(), bytes.clone());
        }
        prop_assert!(EnrolmentRequest::decode(&bytes).is_err(), "nobody signed these");
        prop_assert!(Invitation::from_text(&text).is_err());
        let prefixed = format!("VALIZA-{text}");
        prop_assert!(Invitation::from_text(&prefixed).is_err());
    }

    /// The same from good messages with a few bytes changed: the readers get far into them.
    #[test]
    fn good_messages_with_damage_are_refused_or_have_one_spelling(
        request in a_request(), answer in an_answer(), verdict in a_verdict(), fact in a_fact(), asked in a_hash(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), end: prop::sample::Index,
    ) {
        let spoil = |mut bytes: Vec<u8>| {
            for (place, value) in &damage {
                let place = place.index(bytes.len());
                bytes[place] = *value;
            }
            bytes.truncate(end.index(bytes.len() * 2).max(1));
            bytes
        };
        let bytes = spoil(request.encode(&key(1)));
        if let Ok(read) = Request::decode(&bytes) {
            let again = read.encode(&key(1));
            prop_assert_eq!(&again[..again.len() - 64], &bytes[..bytes.len() - 64]);
        }
        let whole = answer.encode(&asked, &key(9));
        let bytes = signed_answer(&spoil(whole[..whole.len() - 64].to_vec()), &asked);
        if let Some(read) = read_answer(&bytes, &asked) {
            prop_assert_eq!(read.encode(&asked, &key(9)), bytes);
        }
        let bytes = spoil(verdict.encode());
        if let Ok(read) = Verdict::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
        let bytes = spoil(fact.encode());
        match Fact::decode(&bytes) {
            Ok(Fact::Later(_)) | Err(_) => {}
            Ok(read) => prop_assert_eq!(read.encode(), bytes),
        }
    }
}

#[test]
fn a_message_over_its_limit_is_refused_unread() {
    let bytes = vec![1; chain::limits::MESSAGE + 1];
    assert_eq!(Request::decode(&bytes), Err(signing::canonical::DecodeError::TooLong));
    assert_eq!(
        Invitation::from_text(&format!("VALIZA-{}", "A".repeat(10_000))).unwrap_err(),
        chain::InvitationError::Form
    );
    assert_eq!(
        EnrolmentRequest::decode(&vec![1; chain::limits::ENROLMENT + 1]),
        Err(signing::canonical::DecodeError::TooLong)
    );
}

#[test]
fn a_chain_id_of_any_bytes_is_kept_as_it_is() {
    let head = ChainHead { chain: ChainId::from_bytes([0xff; 16]), end: chain::Link::EMPTY };
    let request = Request {
        tenant: TENANT,
        sender: CHAIN,
        token: None,
        cursor: None,
        budget: 0,
        heads: vec![head],
        segments: vec![],
    };
    assert_eq!(Request::decode(&request.encode(&key(1))).unwrap().heads, [head]);
}

/// What a later version says in a code or a flag takes nothing else of the message with it, and goes on as it came.
#[test]
fn codes_and_flags_of_later_versions_are_kept_beside_all_the_rest() {
    let asked = Hash([8; 32]);
    let refusal = |code| Refusal { chain: CHAIN, from: 3, code };
    let answer = Answer {
        lineage: LINEAGE,
        time: 1,
        token: Token::give(&Secret::new([4; 32]), TENANT, CHAIN, LINEAGE, 1, 0),
        position: 2,
        index: 0,
        more: true,
        stale: false,
        further: 0x84,
        anchors: Vec::new(),
        segments: Vec::new(),
        refusals: vec![refusal(RefusalCode::Other(11)), refusal(RefusalCode::Quota), refusal(RefusalCode::Other(255))],
        needed: Vec::new(),
        enrolments: Vec::new(),
    };
    let bytes = answer.encode(&asked, &key(9));
    let (read, _) = Answer::decode(&bytes, &asked, TENANT, &[key(9).public()]).expect("signed").expect("readable");
    assert_eq!(read, answer);
    assert_eq!(read.encode(&asked, &key(9)), bytes);
    assert!(RefusalCode::Other(11).to_string().contains("оновіть програму"));
    let exception = |seq, code| Exception { seq, code, sentence: String::new() };
    let link = Link { seq: 5, hash: Hash([5; 32]) };
    let exceptions = vec![exception(2, ExceptionCode::Other(10)), exception(3, ExceptionCode::Gate)];
    let verdict = Verdict { chain: CHAIN, up_to: link, register: (CHAIN, link), exceptions };
    assert_eq!(Verdict::decode(&verdict.encode()), Ok(verdict));
    assert!(ExceptionCode::from_code(0).is_err() && ExceptionCode::from_code(255).is_err(), "no reasons");
}
