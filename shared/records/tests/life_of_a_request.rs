//! A request through its life on a suitcase and at the centre, by commands alone.
#![allow(clippy::unwrap_used)] // a test may fail in its helpers, too

use ids::{ChainId, ReceiptNumber, RecordId};
use records::commands::{Act, CommandError, NewRequest, RequestCommand, create_request, edit_request};
use records::projection::RequestRow;
use records::state::{Outcome, RequestState};
use records::view::RequestView;
use records::{ChangeBytes, Document, Edit, Gate, Kind, Paper, PaperForm, Value};

const SUITCASE: ChainId = ChainId::from_bytes([0x51; 16]);
const DESK: ChainId = ChainId::from_bytes([0x0d; 16]);
const MORNING: i64 = 1_795_250_000_000; // 2026-11-21, in milliseconds

fn is_desk(chain: ChainId) -> bool {
    chain == DESK
}

/// An act with random bytes of its own.
fn act(chain: ChainId, minute: u8) -> Act<'static> {
    let officer = if chain == DESK { "n.bondar" } else { "o.koval" };
    let at = MORNING + i64::from(minute) * 60_000;
    Act { actor: chain, is_desk: chain == DESK, officer, at, random: [minute; 16] }
}

fn number() -> ReceiptNumber {
    ReceiptNumber::new(7, (2026, 11, 21), 14, [13, 4]).unwrap()
}

fn fields() -> Vec<Edit> {
    let passport = Paper {
        seen: true,
        form: PaperForm::Copy,
        sheets: 2,
        returned: true,
        name: "Паспорт".into(),
        details: "СН 123456".into(),
    };
    vec![
        Edit::new("a.last", "Дем'яненко"),
        Edit::new("a.first", "Ганна"),
        Edit::new("a.patr", "Іванівна"),
        Edit::new("a.dob", "1938-07-22"),
        Edit::new("a.sex", "f"),
        Edit::new("a.rnokpp", "1408212320"),
        Edit::new("pa.place", "Заліське"),
        Edit::new("pa.stype", "вул."),
        Edit::new("pa.street", "Садова"),
        Edit::new("pa.house", "12"),
        Edit::new("phone", "+380671234567"),
        Edit::new("email", ""),
        Edit::new("f.reason", "народження онука"),
        Edit::new("d.passport", passport.encode()),
        Edit::new("fee", 4_992),
        Edit::new("c.text", "consent-1"),
        Edit::new("handover_due", "2026-11-23"),
    ]
}

fn new_request(fields: &[Edit]) -> NewRequest<'_> {
    NewRequest {
        number: number(),
        submitted_at: MORNING,
        service: "residence-registration",
        service_name: "Реєстрація місця проживання",
        release: "2026.11",
        channel: "visit",
        officer_name: "Олена Коваль",
        suitcase: Some(7),
        offline: true,
        fields,
    }
}

fn recorded() -> (Document, ChangeBytes) {
    create_request(RecordId::from_random([1; 16]), &act(SUITCASE, 0), &new_request(&fields())).unwrap()
}

fn view(document: &Document) -> RequestView {
    RequestView::read(document, &is_desk)
}

fn run(document: &mut Document, chain: ChainId, minute: u8, command: RequestCommand) -> ChangeBytes {
    edit_request(document, &is_desk, &act(chain, minute), &command).unwrap().expect("the command changes something")
}

fn refused(document: &mut Document, chain: ChainId, command: RequestCommand) -> String {
    edit_request(document, &is_desk, &act(chain, 200), &command).unwrap_err().to_string()
}

fn take(document: &mut Document, from: ChainId, change: &ChangeBytes) {
    let admitted = Gate::admit(document, Kind::Request, from, change.as_bytes()).unwrap();
    document.apply(admitted).unwrap();
}

/// The suitcase's and the centre's replica of one request.
fn both() -> (Document, Document) {
    let (suitcase, birth) = recorded();
    let mut desk = Document::empty(Kind::Request, suitcase.id());
    take(&mut desk, SUITCASE, &birth);
    (suitcase, desk)
}

#[test]
fn what_was_recorded_is_read() {
    let (_, desk) = both();
    let view = view(&desk);
    assert_eq!(view.number, number().to_string());
    assert_eq!((view.created_at, view.submitted_at), (MORNING, MORNING));
    assert_eq!(view.applicant.full_name(), "Дем'яненко Ганна Іванівна");
    assert_eq!(view.actual.line(), "Заліське, вул. Садова, буд. 12");
    assert_eq!(view.fee.int(), Some(4_992));
    assert_eq!(view.email.value(), None, "an empty answer is not written");
    assert_eq!(view.state(), RequestState::Accepted);
    let (code, paper) = view.papers().next().unwrap();
    assert_eq!((code, paper.name.as_str(), paper.sheets), ("passport", "Паспорт", 2));
    let row = RequestRow::from(&view);
    assert_eq!(row.applicant, "Дем'яненко Ганна Іванівна");
    for word in records::fold::words("демʼяненко ЗАЛІСЬКЕ 1408212320") {
        assert!(row.search.contains(&word), "{word} in {}", row.search);
    }
    assert_eq!(row.open_questions, 0);
}

#[test]
fn from_the_table_to_the_result() {
    let (mut suitcase, mut desk) = both();
    let printed = run(&mut suitcase, SUITCASE, 1, RequestCommand::Printed);
    take(&mut desk, SUITCASE, &printed);
    let by_desk = [
        RequestCommand::Register { number: "123/26".into() },
        RequestCommand::Accept,
        RequestCommand::HandOver { provider: "Відділ реєстрації".into() },
        RequestCommand::Ask { text: "копія свідоцтва".into() },
    ];
    for (minute, command) in (2..).zip(by_desk) {
        let change = run(&mut desk, DESK, minute, command);
        take(&mut suitcase, DESK, &change);
    }
    assert_eq!(view(&suitcase).state(), RequestState::Asked);
    let supplement =
        RequestCommand::Supplement { fields: vec![Edit::new("sheets", 3)], text: "копію додано".into() };
    let change = run(&mut suitcase, SUITCASE, 10, supplement);
    take(&mut desk, SUITCASE, &change);
    let ready = run(&mut desk, DESK, 11, RequestCommand::Ready { text: "витяг".into() });
    take(&mut suitcase, DESK, &ready);
    let delivered = run(&mut suitcase, SUITCASE, 12, RequestCommand::Deliver { text: "удома, під підпис".into() });
    take(&mut desk, SUITCASE, &delivered);
    let seen = view(&desk);
    assert_eq!(seen, view(&suitcase));
    assert_eq!((seen.state(), seen.outcome()), (RequestState::Delivered, Some(Outcome::Granted)));
    assert_eq!(seen.official.text(), "123/26");
    assert_eq!(seen.registers.int("sheets"), Some(3));
    assert!(seen.is_printed());
    assert!(seen.differences.is_empty());
}

#[test]
fn a_difference_is_shown_on_both_sides_resolved_once_and_gone_on_both() {
    let (mut suitcase, mut desk) = both();
    let correct = |last: &str| RequestCommand::Correct {
        fields: vec![Edit::new("a.last", last)],
        reason: "за паспортом".into(),
    };
    let here = run(&mut suitcase, SUITCASE, 1, correct("Дем'янченко"));
    let there = run(&mut desk, DESK, 2, correct("Демченко"));
    take(&mut suitcase, DESK, &there);
    take(&mut desk, SUITCASE, &here);
    for document in [&suitcase, &desk] {
        let view = view(document);
        assert_eq!(view.differences.len(), 1);
        assert_eq!(view.differences[0].values.len(), 2);
        assert_eq!(RequestRow::from(&view).open_questions, 1);
        let writers: Vec<ChainId> = view.differences[0].values.iter().map(|written| written.by).collect();
        assert!(writers.contains(&SUITCASE) && writers.contains(&DESK));
    }
    for chosen in ["Дем'янченко", "Демченко"] {
        let (mut here, mut there) = (suitcase.clone(), desk.clone());
        let resolve = RequestCommand::Resolve {
            key: "a.last".into(),
            value: Value::from(chosen),
            reason: "звірено з оригіналом".into(),
        };
        let choice = run(&mut there, DESK, 5, resolve.clone());
        take(&mut here, DESK, &choice);
        for document in [&here, &there] {
            let view = view(document);
            assert_eq!(view.applicant.last.text(), chosen);
            assert!(view.differences.is_empty());
            let kept = view.log.events.iter().find(|event| event.event.code == "resolved").unwrap();
            assert_eq!((kept.event.about.as_str(), kept.event.by.as_str()), ("a.last", "n.bondar"));
        }
        assert!(refused(&mut here, SUITCASE, resolve).contains("a.last"), "there is nothing to resolve any more");
    }
}

#[test]
fn different_fields_merge_by_themselves() {
    let (mut suitcase, mut desk) = both();
    let phone = RequestCommand::Correct { fields: vec![Edit::new("phone", "+380501234567")], reason: String::new() };
    let summary =
        RequestCommand::Correct { fields: vec![Edit::new("summary", "на сина")], reason: String::new() };
    let here = run(&mut suitcase, SUITCASE, 1, phone);
    let there = run(&mut desk, DESK, 1, summary);
    take(&mut suitcase, DESK, &there);
    take(&mut desk, SUITCASE, &here);
    assert_eq!(view(&suitcase), view(&desk));
    assert_eq!((view(&desk).phone.text(), view(&desk).summary.text()), ("+380501234567", "на сина"));
    assert!(view(&desk).differences.is_empty());
}

#[test]
fn an_edit_that_changes_nothing_writes_nothing() {
    let (mut suitcase, _) = recorded();
    let heads = suitcase.heads();
    let same = RequestCommand::Correct {
        fields: vec![Edit::new("a.first", "Ганна"), Edit::new("email", "")],
        reason: "x".into(),
    };
    assert_eq!(edit_request(&mut suitcase, &is_desk, &act(SUITCASE, 1), &same), Ok(None));
    assert_eq!(suitcase.heads(), heads);
}

#[test]
fn late_field_work_on_a_refused_request_is_a_proposal() {
    let (mut suitcase, mut desk) = both();
    let late = RequestCommand::Correct {
        fields: vec![Edit::new("f.reason", "одруження")], reason: "помилка".into()
    };
    let here = run(&mut suitcase, SUITCASE, 9, late);
    let there = run(&mut desk, DESK, 3, RequestCommand::Refuse { ground: "немає права на послугу".into() });
    take(&mut suitcase, DESK, &there);
    take(&mut desk, SUITCASE, &here);
    for document in [&suitcase, &desk] {
        let view = view(document);
        assert_eq!(view.state(), RequestState::Refused);
        assert_eq!(view.registers.text("f.reason"), "народження онука");
        assert!(view.differences[0].is_proposal);
    }
    let accept =
        RequestCommand::Resolve {
            key: "f.reason".into(), value: Value::from("одруження"), reason: String::new()
        };
    assert!(refused(&mut suitcase, SUITCASE, accept.clone()).contains("центр"));
    let choice = run(&mut desk, DESK, 20, accept);
    take(&mut suitcase, DESK, &choice);
    assert_eq!(view(&suitcase).registers.text("f.reason"), "одруження");
    assert!(view(&suitcase).differences.is_empty());
}

#[test]
fn refusals_are_sentences() {
    let (mut document, _) = recorded();
    let ask = |fields: &[Edit]| create_request(RecordId::from_random([2; 16]), &act(SUITCASE, 0), &new_request(fields));
    let without = |key: &str| fields().into_iter().filter(|edit| edit.key != key).collect::<Vec<_>>();
    assert!(ask(&without("c.text")).unwrap_err().to_string().contains("згоди"));
    assert!(ask(&without("a.last")).unwrap_err().to_string().contains("прізвище"));
    let mut wrong = fields();
    wrong.push(Edit::new("pa.index", "3230"));
    assert!(matches!(ask(&wrong), Err(CommandError::Fields(found)) if found[0].key == "pa.index"));
    let mut unknown = fields();
    unknown.push(Edit::new("a.shoe_size", "42"));
    assert!(ask(&unknown).unwrap_err().to_string().contains("a.shoe_size"));
    let mut forged = fields();
    forged.push(Edit::new("official", "1"));
    assert!(ask(&forged).unwrap_err().to_string().contains("official"));

    assert!(refused(&mut document, SUITCASE, RequestCommand::Refuse { ground: "x".into() }).contains("центр"));
    assert!(refused(&mut document, DESK, RequestCommand::Refuse { ground: " ".into() }).contains("підставу"));
    assert!(refused(&mut document, DESK, RequestCommand::Deliver { text: String::new() }).contains("прийнято"));
    assert!(refused(&mut document, SUITCASE, RequestCommand::Note { text: String::new() }).contains("порожня"));
    assert!(refused(&mut document, SUITCASE, RequestCommand::Note { text: "х".repeat(3_000) }).contains("задовга"));
    run(&mut document, SUITCASE, 1, RequestCommand::Printed);
    let silent = RequestCommand::Correct { fields: vec![Edit::new("a.first", "Анна")], reason: String::new() };
    assert!(refused(&mut document, SUITCASE, silent).contains("причину"));
    run(&mut document, SUITCASE, 2, RequestCommand::Withdraw { reason: "передумала".into() });
    let closed = RequestCommand::Correct { fields: vec![Edit::new("a.first", "Анна")], reason: "x".into() };
    assert!(refused(&mut document, SUITCASE, closed).contains("закрито"));
}

#[test]
fn notes_are_added_struck_out_and_never_lost() {
    let (mut suitcase, mut desk) = both();
    let change = run(
        &mut suitcase,
        SUITCASE,
        1,
        RequestCommand::Note { text: "собака у дворі | обережно\nдругий рядок".into() },
    );
    take(&mut desk, SUITCASE, &change);
    let note = view(&desk).notes[0].clone();
    assert_eq!(
        (note.text.as_str(), note.by.as_str(), note.chain),
        ("собака у дворі | обережно\nдругий рядок", "o.koval", SUITCASE)
    );
    run(&mut desk, DESK, 2, RequestCommand::WithdrawNote { note: note.id.parse().unwrap() });
    assert!(view(&desk).notes[0].withdrawn);
}

#[test]
fn a_store_reads_back_what_it_wrote() {
    let (mut document, birth) = recorded();
    let mut changes = vec![birth.into_bytes()];
    changes.push(run(&mut document, SUITCASE, 1, RequestCommand::Note { text: "перша".into() }).into_bytes());
    changes.push(run(&mut document, DESK, 2, RequestCommand::Accept).into_bytes());
    let slices = || changes.iter().map(Vec::as_slice);
    let again = Document::from_own(Kind::Request, document.id(), slices()).unwrap();
    assert_eq!(view(&again), view(&document));
    assert_eq!(again.heads(), document.heads());
    assert!(Document::from_own(Kind::Request, document.id(), slices().skip(1)).is_err());
    let backwards = Document::from_own(Kind::Request, document.id(), slices().rev()).unwrap();
    assert_eq!(view(&backwards), view(&document), "a restored centre reads its own changes first");
    let repeated = Document::from_own(Kind::Request, document.id(), slices().chain(slices())).unwrap();
    assert_eq!(repeated.heads(), document.heads());
    assert_eq!(automerge::Automerge::load(&document.save()).unwrap().get_heads().len(), 1);
}

/// The bytes of a birth are part of what lasts: they change only with the schema's version or automerge's format.
#[test]
fn the_first_change_is_the_golden_one() {
    let golden = include_bytes!("golden/request-birth-1.bin");
    let (_, birth) = recorded();
    assert_eq!(birth.as_bytes(), golden);
    let empty = Document::empty(Kind::Request, RecordId::from_random([1; 16]));
    assert!(Gate::admit(&empty, Kind::Request, SUITCASE, golden).is_ok());
}

#[test]
#[ignore = "writes the golden file"]
fn write_the_golden_file() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/request-birth-1.bin");
    std::fs::write(path, recorded().1.as_bytes()).unwrap();
}

#[test]
fn what_is_too_large_for_one_change_is_refused_before_it_is_written() {
    let mut large = fields();
    large.extend((0..62).map(|place| Edit::new(format!("f.q{place}"), "x".repeat(1_000))));
    let refused = create_request(RecordId::from_random([2; 16]), &act(SUITCASE, 0), &new_request(&large)).unwrap_err();
    assert!(refused.to_string().contains("забагато"), "{refused}");
    large.truncate(50);
    let (document, birth) =
        create_request(RecordId::from_random([2; 16]), &act(SUITCASE, 0), &new_request(&large)).unwrap();
    let empty = Document::empty(Kind::Request, document.id());
    assert!(Gate::admit(&empty, Kind::Request, SUITCASE, birth.as_bytes()).is_ok());
}

#[test]
fn a_clock_gone_wrong_makes_no_change_that_others_refuse() {
    for at in [i64::MIN, -1, 0, 4_070_908_800_000, i64::MAX] {
        let act = Act { at, ..act(SUITCASE, 0) };
        let new = NewRequest { submitted_at: at, ..new_request(&[]) };
        let fields = [Edit::new("a.last", "Коваль"), Edit::new("a.first", "Ганна"), Edit::new("c.text", "consent-1")];
        let new = NewRequest { fields: &fields, ..new };
        let (document, birth) = create_request(RecordId::from_random([2; 16]), &act, &new).unwrap();
        let mut elsewhere = Document::empty(Kind::Request, document.id());
        take(&mut elsewhere, SUITCASE, &birth);
        assert_eq!(view(&elsewhere).submitted_at, at);
    }
}
