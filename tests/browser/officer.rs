//! An officer's whole way with the keyboard alone.

use super::console::Console;
use super::paper;
use super::window::Window;
use serde_json::Value;
use thirtyfour::prelude::*;
use valiza_tests::programs::{Centre, PASSPHRASE};

async fn unlock(window: &Window, console: &Console) {
    window.go(&console.launch).await;
    window.tab_to("officer").await;
    window.tab_to("passphrase").await;
    window.keys(PASSPHRASE).await;
    window.press_on(Key::Enter).await;
    assert_eq!(window.path().await, "/day");
}

async fn applicant(window: &Window, number: &str) {
    window.type_in("a.last", "Коваленко").await;
    window.type_in("a.first", "Ганна").await;
    window.type_in("a.patr", "Петрівна").await;
    window.type_in("a.dob~date", "22.07.1938").await;
    window.type_in("a.rnokpp~digits", number).await;
    window.choose("a.sex", "f").await;
    window.pick("a.doc", "passport").await;
    window.type_in("a.ser", "СН").await;
    window.type_in("a.num", "123456").await;
    window.type_in("a.issued~date", "14.05.1998").await;
    window.type_in("a.org", "Глобинський РВ УМВС України в Полтавській області").await;
    window.choose("a.seen", "original").await;
}

async fn address_and_service(window: &Window) {
    window.take_suggested("pr.kat~place", "гиряві іск").await;
    window.type_in("pr.stype", "вул.").await;
    window.type_in("pr.street", "Садова").await;
    window.type_in("pr.house", "4").await;
    window.type_in("pr.index~digits", "39011").await;
    window.type_in("phone~phone", "050 111 22 33").await;
    window.choose("delivery", "home").await;
    // A service that is taken asks its questions at once.
    window.tab_to("service").await;
    window.keys("житлової субсидії").await;
    window.until("document.querySelector('[role=listbox]:not([hidden]) [role=option]')").await;
    window.press(Key::Down).await;
    window.press_on(Key::Enter).await;
}

async fn answers_papers_consent(window: &Window) {
    window.take_suggested("f.dwelling_address.katottg~place", "гиряві іск").await;
    window.type_in("f.dwelling_address.street", "Садова").await;
    window.type_in("f.dwelling_address.house", "4").await;
    window.choose("f.basis", "registered").await;
    window.type_in("f.household.1.surname", "Коваленко").await;
    window.type_in("f.household.1.given_name", "Ганна").await;
    window.type_in("f.area~figures", "54,3").await;
    window.type_in("f.providers.1.service", "електроенергія").await;
    window.type_in("f.providers.1.provider", "Полтаваенергозбут").await;
    window.type_in("f.incomes.1.person", "Заявниця").await;
    window.type_in("f.incomes.1.kind", "пенсія").await;
    window.type_in("f.incomes.1.amount~figures", "4310,50").await;
    window.choose("f.debt", "no").await;
    window.choose("f.payout", "post").await;
    for (paper, sheets) in [("application", "2"), ("income-expense-declaration", "4")] {
        window.choose(&format!("d.{paper}~form"), "original").await;
        window.type_in(&format!("d.{paper}~sheets"), sheets).await;
    }
    window.tick("d.identity-document~seen").await;
    window.tick("d.identity-document~returned").await;
    for part in ["data", "contact"] {
        window.tick(&format!("consent~part~{part}")).await;
    }
    window.choose("consent~by", "applicant").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_checked_saved_and_printed_without_a_mouse() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.call(&["settings", "--centre", "ЦНАП Глобинської міської ради", "--owner", "Глобинська міська рада"]).ok();
    let mut console = Console::start(&suitcase);
    let window = Window::open().await;
    unlock(&window, &console).await;
    window.picture("officer-day-empty").await;
    window.mark().await;
    window.keys("n").await;
    window.turned().await;
    let draft = window.path().await;
    assert!(draft.starts_with("/drafts/"), "{draft}");
    window.picture("officer-form-empty").await;

    // One digit is wrong: said at the field and in the summary, which has the focus and leads to the field.
    applicant(&window, "1408212321").await;
    address_and_service(&window).await;
    answers_papers_consent(&window).await;
    window.picture("officer-form-consent").await;
    window.chord_on(Key::Control, Key::Enter.value()).await;
    window.picture("officer-form-errors").await;
    assert!(window.path().await.starts_with(&draft), "{}", window.path().await);
    assert!(window.ask("document.title").await.as_str().unwrap().starts_with("Помилка:"));
    let focused = "document.activeElement.matches('.errors') && document.activeElement.innerText";
    let summary = window.ask(focused).await;
    assert!(summary.as_str().is_some_and(|text| text.contains("РНОКПП") || text.contains("цифр")), "{summary}");
    let odd = window.ask("[...document.querySelectorAll('.field-odd')].map(e => e.querySelector('input').name)").await;
    assert_eq!(odd, serde_json::json!(["a.rnokpp~digits"]));
    window.tab_until("e.matches('.errors a')").await;
    window.press(Key::Enter).await;
    // It can be kept with a reason; this time the typed number is mended.
    assert_eq!(window.focus().await.0, "a.rnokpp~digits~reason");
    window.chord(Key::Shift, Key::Tab.value()).await;
    assert_eq!(window.focus().await, ("a.rnokpp~digits".into(), "1408212321".into()));
    window.picture("officer-form-wrong-field").await;

    // The power fails before it is mended: what was typed is there again.
    console.cut();
    drop(console);
    console = Console::start(&suitcase);
    unlock(&window, &console).await;
    window.shows("Коваленко").await;
    window.picture("officer-day-draft").await;
    window.tab_until("e.matches('main a[href^=\"/drafts/\"]')").await;
    window.press_on(Key::Enter).await;
    assert_eq!(window.path().await, draft);
    window.tab_to("a.rnokpp~digits").await;
    assert_eq!(window.focus().await.1, "1408212321");
    assert_eq!(window.ask("document.getElementsByName('f.providers.1.provider')[0].value").await, "Полтаваенергозбут");
    window.press(Key::End).await;
    window.press(Key::Backspace).await;
    window.keys("0").await;

    window.chord_on(Key::Control, Key::Enter.value()).await;
    assert_eq!(window.path().await, format!("{draft}/review"), "{}", window.text().await);
    for words in ["Коваленко Ганна Петрівна", "22.07.1938", "Полтаваенергозбут", "Садова"]
    {
        window.shows(words).await;
    }
    window.picture("officer-review").await;
    window.chord_on(Key::Control, Key::Enter.value()).await;
    assert!(window.path().await.ends_with("/saved"), "{}", window.path().await);
    window.picture("officer-saved").await;
    let number = window.ask("document.querySelector('.number').innerText").await.as_str().unwrap().to_owned();
    assert!(number.starts_with("7-"), "{number}");
    printed(&window, &number).await;
    let row = suitcase_row(&mut console, &suitcase, &number);
    assert_eq!(row["number"], Value::from(number));
    window.close().await;
}

async fn printed(window: &Window, number: &str) {
    window.tab_until("e.matches('form[action$=\"/printed\"] button')").await;
    window.press_on(Key::Enter).await;
    assert!(window.path().await.ends_with("/opys"), "{}", window.path().await);
    window.picture("officer-opys").await;
    let paper = paper::read(&window.print().await);
    let declaration = "Декларація про доходи";
    for words in [number, "Коваленко", "субсид", "Заява", declaration, "ЦНАП Глобинської міської ради"]
    {
        assert!(paper.text.contains(words), "{words}: {}", paper.text);
    }
    assert!(paper.size.contains("A4"), "{}", paper.size);
    assert!((1..=2).contains(&paper.pages), "{} pages", paper.pages);
    assert!(!paper.text.contains("127.0.0.1"), "no address on paper: {}", paper.text);
}

/// What the command line says of it, after the pages were closed.
fn suitcase_row(console: &mut Console, suitcase: &valiza_tests::programs::Suitcase, number: &str) -> Value {
    console.cut();
    suitcase.row(number)
}
