//! An officer's whole way with the keyboard alone.

use super::clerk::differing;
use super::console::Console;
use super::keyboard::Measured;
use super::paper;
use super::window::Window;
use serde_json::Value;
use thirtyfour::prelude::*;
use valiza_tests::programs::{Centre, PASSPHRASE};

pub async fn unlock(window: &Window, console: &Console) {
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

/// Answers, papers and consent of an extract from the hromada's register, from the service's line on to the receipt.
async fn extract_taken(window: &Window) -> String {
    window.take("service", "витягу з реєстру", "hromada-register-extract").await;
    window.choose("f.about", "self").await;
    window.choose("d.application~form", "original").await;
    window.type_in("d.application~sheets", "1").await;
    window.tick("d.identity-document~seen").await;
    window.tick("d.identity-document~returned").await;
    window.tick("consent~part~data").await;
    window.choose("consent~by", "applicant").await;
    window.chord_on(Key::Control, Key::Enter.value()).await;
    assert!(window.path().await.ends_with("/review"), "{}\n{}", window.path().await, window.text().await);
    window.chord_on(Key::Control, Key::Enter.value()).await;
    assert!(window.path().await.ends_with("/saved"), "{}\n{}", window.path().await, window.text().await);
    window.ask("document.querySelector('.number').innerText").await.as_str().unwrap().to_owned()
}

/// The same person is found as one types, has two more services, and nothing is typed twice.
async fn known_and_twice(window: &Window) -> (String, String) {
    let known = Measured::start("a request of a known resident");
    window.keys_on("n").await;
    window.take("a.last", "гук", "").await;
    let held = "['a.first', 'a.rnokpp~digits', 'a.num', 'pr.street', 'phone~phone']
        .every(name => document.getElementsByName(name)[0].value !== '')";
    assert_eq!(window.ask(held).await, Value::Bool(true), "what is known is filled in");
    window.picture("officer-known").await;
    let first = extract_taken(window).await;
    known.end(80);

    let again = Measured::start("a second service in the same visit");
    window.keys_on("a").await;
    window.take("service", "квартирному", "housing-queue-certificate").await;
    window.type_in("f.queue_year~figures", "1994").await;
    window.choose("d.application~form", "original").await;
    window.type_in("d.application~sheets", "1").await;
    let shown = "document.getElementsByName('d.identity-document~seen')[0].checked";
    assert_eq!(
        window.ask(shown).await,
        Value::Bool(true),
        "a paper that was shown a minute ago is not asked for again"
    );
    window.tick("consent~part~data").await;
    window.choose("consent~by", "applicant").await;
    window.chord_on(Key::Control, Key::Enter.value()).await;
    assert!(window.path().await.ends_with("/review"), "{}\n{}", window.path().await, window.text().await);
    window.shows("Гук Ганна Петрівна").await;
    window.chord_on(Key::Control, Key::Enter.value()).await;
    assert!(window.path().await.ends_with("/saved"), "{}\n{}", window.path().await, window.text().await);
    again.end(60);
    let second = window.ask("document.querySelector('.number').innerText").await.as_str().unwrap().to_owned();
    (first, second)
}

/// Two values of one phone: one is chosen, and why.
async fn conflict_resolved(window: &Window, number: &str) {
    window.chord_on(Key::Alt, '2').await;
    window.enter(&format!("e.matches('a[href=\"/requests/{number}\"]') || e.textContent.trim() === '{number}'")).await;
    window.enter("e.matches('main a[href$=\"/conflicts\"]')").await;
    window.picture("officer-conflict").await;
    window.tab_to("take").await;
    window.press(Key::Space).await;
    window.type_in("reason", "перевірено дзвінком").await;
    window.press_on(Key::Enter).await;
    window.shows("Розбіжностей немає.").await;
}

/// A step too much, and back.
async fn withdrawn_and_undone(window: &Window, number: &str) {
    window.chord_on(Key::Alt, '2').await;
    window.enter_words(number).await;
    window.unfold("Заявник відкликає звернення").await;
    window.type_in("withdraw-reason", "помилково відкрите вікно").await;
    window.press_on(Key::Enter).await;
    window.shows("відкликано").await;
    window.enter_words("Скасувати дію").await;
    window.shows("скасовано").await;
    let can_withdraw = window.ask("!!document.querySelector('form[action$=\"/withdraw\"]')").await;
    assert_eq!(can_withdraw, Value::Bool(true), "it stands as before");
    window.picture("officer-undone").await;
}

/// Away from the laptop for a moment, and on with what was on the screen.
async fn locked_and_back(window: &Window) {
    let before = window.path().await;
    window.chord_on(Key::Alt, 'l').await;
    assert!(window.path().await.starts_with("/unlock"), "{}", window.path().await);
    assert!(!window.text().await.contains("Гук"), "nobody is named on a locked screen");
    window.picture("officer-locked").await;
    window.driver.back().await.expect("back");
    let seen = window.ask("document.body.hidden ? '' : document.body.innerText").await;
    assert!(!seen.as_str().unwrap().contains("Гук"), "nor is the page before shown by going back: {seen}");
    window.until("location.pathname === '/unlock'").await;
    window.driver.forward().await.ok();
    window.go(&format!("{}/unlock?next={before}", window.ask("location.origin").await.as_str().unwrap())).await;
    window.tab_to("passphrase").await;
    window.keys(PASSPHRASE).await;
    window.press_on(Key::Enter).await;
    assert_eq!(window.path().await, before, "where one was");
}

async fn exchanged(window: &Window, numbers: [&str; 2]) {
    window.chord_on(Key::Alt, '4').await;
    window.picture("officer-exchange").await;
    window.chord_on(Key::Control, Key::Enter.value()).await;
    for _ in 0..100 {
        let text = window.text().await;
        if numbers.iter().all(|number| !text.contains(number)) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        window.chord_on(Key::Alt, '4').await;
    }
    window.shows("вдала").await;
    for number in numbers {
        assert!(!window.text().await.contains(number), "{number} waits still: {}", window.text().await);
    }
}

async fn consulted(window: &Window) {
    window.chord_on(Key::Alt, '1').await;
    window.keys_on("k").await;
    window.type_in("topic", "як поновити посвідчення").await;
    window.type_in("answer", "розказано, які папери принести").await;
    window.type_in("who", "сусідка Олена").await;
    window.press_on(Key::Enter).await;
    assert!(window.path().await.starts_with("/consultations"), "{}", window.path().await);
    window.shows("як поновити посвідчення").await;
    window.shows("сусідка Олена").await;
    window.picture("officer-consultations").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officers_morning_with_the_keyboard() {
    let centre = Centre::start();
    let (first, second) = (centre.suitcase(7), centre.suitcase(8));
    let differing = differing(&centre, &first, &second);
    let mut console = Console::start(&first);
    let window = Window::open().await;
    unlock(&window, &console).await;
    let (extract, queue) = known_and_twice(&window).await;
    assert_ne!(extract, queue);
    conflict_resolved(&window, &differing).await;
    withdrawn_and_undone(&window, &queue).await;
    locked_and_back(&window).await;
    exchanged(&window, [&extract, &queue]).await;
    consulted(&window).await;
    window.close().await;
    console.cut();
    for number in [&extract, &queue] {
        let shown = centre.call(&["show", number, "--json"]).json();
        assert_eq!(shown["state"], "accepted", "{shown}");
    }
    let shown = centre.call(&["show", &queue, "--json"]).json().to_string();
    assert!(shown.contains("Гук") && shown.contains("1994"), "{shown}");
}
