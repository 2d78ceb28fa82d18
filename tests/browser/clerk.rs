//! A clerk's day: the queue, a request's way, a choice between two values, paper.

use super::keyboard::Measured;
use super::paper;
use super::window::Window;
use serde_json::Value;
use thirtyfour::prelude::*;
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase, form, wait_for};

/// Signs in as the administrator, who is a clerk as well.
pub async fn sign_in(window: &Window, centre: &Centre) {
    window.go(&format!("{}sign-in", centre.desk)).await;
    window.fill("#login", "admin").await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    // An administrator is led once to the page that sets a second factor up.
    if window.path().await.starts_with("/code") {
        window.go(&format!("{}queue", centre.desk)).await;
    }
    assert_eq!(window.path().await, "/queue");
}

/// The same with the keyboard alone.
pub async fn sign_in_by_keys(window: &Window, centre: &Centre) {
    window.go(&format!("{}sign-in", centre.desk)).await;
    window.type_in("login", "admin").await;
    window.tab_to("passphrase").await;
    window.keys(PASSPHRASE).await;
    window.press_on(Key::Enter).await;
    if window.path().await.starts_with("/code") {
        window.enter_words("Не зараз").await;
    }
    assert_eq!(window.path().await, "/queue");
}

/// A request about whose applicant's phone two suitcases differ, and its number.
pub fn differing(centre: &Centre, first: &Suitcase, second: &Suitcase) -> String {
    let number = first.record(&form("Гук"));
    first.sync().ok();
    wait_for(|| centre.queue().iter().any(|row| row["number"] == number.as_str()).then_some(()));
    centre.call(&["grant", &number, "--to", "8"]).ok();
    wait_for(|| {
        second.sync().ok();
        (second.row(&number) != Value::Null).then_some(())
    });
    first.call(&["correct", &number, "--set", "phone=+380501112233", "--reason", "змінила номер"]).ok();
    second.call(&["correct", &number, "--set", "phone=+380934445566", "--reason", "сказала донька"]).ok();
    wait_for(|| {
        first.sync().ok();
        second.sync().ok();
        let shown = centre.call(&["show", &number, "--json"]).json();
        (shown["differences"].as_array().map(Vec::len) == Some(1)).then_some(())
    });
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_found_accepted_numbered_and_asked_about() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let number = suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    centre.queue_of(1);
    let window = Window::open().await;
    sign_in(&window, &centre).await;
    window.shows(&number).await;
    window.shows("Коваленко").await;
    window.picture("clerk-queue").await;

    // A row arrives: the open page says so by itself, and nothing moves before somebody asks for it.
    window.mark().await;
    let later = suitcase.record(&form("Пізній"));
    suitcase.sync().ok();
    window.until("document.querySelector('.news a')").await;
    assert_eq!(window.ask("window.seenBefore").await, Value::Bool(true), "not loaded again");
    assert!(!window.text().await.contains(&later));
    window.picture("clerk-queue-news").await;
    window.follow(".news a").await;
    window.shows(&later).await;

    window.open_request(&number).await;
    window.picture("clerk-request").await;
    window.follow("form[action$='/accept'] button").await;
    window.shows("Прийнято в роботу.").await;
    open_action(&window, "number").await;
    window.follow("form[action$='/number'] button").await;
    window.shows("0001/2026").await;
    open_action(&window, "ask").await;
    window.follow("form[action$='/ask'] button").await;
    window.until("document.title.startsWith('Помилка:') && document.activeElement.matches('.errors')").await;
    window.picture("clerk-request-error").await;
    window.fill("#ask-text", "копію договору оренди").await;
    window.follow("form[action$='/ask'] button").await;
    window.shows("Запит на доповнення записано").await;
    window.shows("копію договору оренди").await;
    window.picture("clerk-request-asked").await;
    let shown = centre.call(&["show", &number, "--json"]).json();
    assert_eq!(shown["state"], "asked", "{shown}");

    window.go(&format!("{}requests/{number}/card", centre.desk)).await;
    window.picture("clerk-card").await;
    let paper = paper::read(&window.print().await);
    for words in [number.as_str(), "Коваленко", "0001/2026", "копію договору оренди"] {
        assert!(paper.text.contains(words), "{words}: {}", paper.text);
    }
    assert!(paper.size.contains("A4") && paper.pages <= 4, "{}, {} pages", paper.size, paper.pages);
    window.close().await;
}

/// Unfolds the form of an action if it is folded.
async fn open_action(window: &Window, action: &str) {
    let folded = format!("document.querySelector(\"details:not([open]) form[action$='/{action}']\") !== null");
    if window.ask(&folded).await == Value::Bool(true) {
        let selector = format!("details:has(form[action$='/{action}']) summary");
        window.element(&selector).await.click().await.expect("it unfolds");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_is_ended_by_choosing() {
    let centre = Centre::start();
    let (first, second) = (centre.suitcase(7), centre.suitcase(8));
    let number = differing(&centre, &first, &second);
    let window = Window::open().await;
    sign_in(&window, &centre).await;
    window.go(&format!("{}queue?group=differences", centre.desk)).await;
    window.picture("clerk-queue-differences").await;
    window.open_request(&number).await;
    window.follow("a[href$='/differences/phone']").await;
    window.picture("clerk-difference").await;
    window.follow(".conflict button").await;
    window.until("document.title.startsWith('Помилка:')").await;
    window.element("#take-1").await.click().await.expect("it can be taken");
    let taken = window.ask("document.querySelector('.side-value').innerText").await.as_str().unwrap().to_owned();
    window.fill("#conflict-reason", "перевірено дзвінком").await;
    window.follow(".conflict button").await;
    window.shows("розбіжності більше немає").await;
    window.shows(&taken.replace('\u{a0}', " ")).await;
    window.picture("clerk-difference-ended").await;
    let shown = centre.call(&["show", &number, "--json"]).json();
    assert_eq!(shown["differences"].as_array().map(Vec::len), Some(0));
    window.close().await;
}

/// The focus on the link of a request's row.
async fn on_row(window: &Window, number: &str) {
    window.tab_until(&format!("e.matches('a.row-link') && e.textContent.trim() === '{number}'")).await;
}

async fn handed_over(window: &Window, number: &str) {
    let act = Measured::start("a clerk's hand-over");
    on_row(window, number).await;
    window.press_on(Key::Enter).await;
    window.unfold("Передати надавачу").await;
    window.type_in("hand-over-person", "Ткач О. П.").await;
    window.press_on(Key::Enter).await;
    window.shows("Передано надавачу.").await;
    act.end(90);
    window.picture("clerk-handed-over").await;
}

/// Considered at the authority; then all marks on paper.
async fn marked(window: &Window, number: &str) {
    window.keys_on("m").await;
    window.enter("e.matches('main a[href$=\"/marks/3\"]')").await;
    window.type_in("mark-person", "Бондар І. С.").await;
    window.press_on(Key::Enter).await;
    window.shows("Позначку поставлено.").await;
    window.shows("Бондар І. С.").await;
    window.picture("clerk-marks").await;
    window.enter("e.matches('main a[href$=\"/sheet\"]')").await;
    let paper = paper::read(&window.print().await);
    for words in [number, "Ткач О. П.", "Бондар І. С."] {
        assert!(paper.text.contains(words), "{words}: {}", paper.text);
    }
    assert!(paper.size.contains("A4") && paper.pages == 1, "{}, {} pages", paper.size, paper.pages);
    window.driver.back().await.expect("back");
}

/// One that looks like two others: it is another one than the first, and repeats the second.
async fn told_apart(window: &Window, centre: &Centre, number: &str) {
    window.chord_on(Key::Alt, '1').await;
    window.enter("e.matches('nav a[href=\"/queue?group=duplicates\"]')").await;
    on_row(window, number).await;
    window.press_on(Key::Enter).await;
    window.enter_words("Порівняти").await;
    window.picture("clerk-twins").await;
    let first = "document.querySelectorAll('form[action$=\"/apart\"]').length";
    assert_eq!(window.ask(first).await, Value::from(2), "two others look like it");
    window.tab_until("e.name?.startsWith('reason-')").await;
    window.keys("друга заява на іншу квартиру").await;
    window.press_on(Key::Enter).await;
    window.shows("Записано: це різні звернення.").await;
    window.enter("e.matches('form[action$=\"/duplicate\"] button')").await;
    window.shows("Позначено як повтор.").await;
    let shown = centre.call(&["show", number, "--json"]).json();
    assert_eq!(shown["state"], "duplicate", "{shown}");
    window.keys_on("z").await;
    window.shows("Останню дію скасовано.").await;
    let shown = centre.call(&["show", number, "--json"]).json();
    assert_eq!(shown["state"], "accepted", "{shown}");
}

async fn two_at_once(window: &Window, numbers: [&str; 2]) {
    window.chord_on(Key::Alt, '1').await;
    window.pick("do", "accept").await;
    for number in numbers {
        window.tick(&format!("pick:{number}")).await;
    }
    window.press_on(Key::Enter).await;
    window.shows("Зроблено 2 з 2; не вдалося 0.").await;
    window.picture("clerk-bulk").await;
}

/// The journal as it is seen, and its file for spreadsheets.
async fn journal(window: &Window, number: &str) {
    window.chord_on(Key::Alt, '2').await;
    window.shows("0001/2026").await;
    window.shows(number).await;
    window.picture("clerk-journal").await;
    window.tab_until("e.matches('main a') && e.textContent === 'CSV'").await;
    let sheet = fetched(window, "document.activeElement.href").await;
    assert!(sheet.starts_with('\u{feff}') && sheet.contains(number) && sheet.contains("0001/2026"), "{sheet}");
    let columns = window.ask("document.querySelectorAll('thead th').length").await;
    assert_eq!(Value::from(cells(sheet.lines().next().unwrap()).len()), columns, "{sheet}");
}

/// A file behind a link, as the browser's own session gets it.
pub async fn fetched(window: &Window, address: &str) -> String {
    let script = format!(
        "const done = arguments[arguments.length - 1];
        fetch({address}).then(answer => answer.arrayBuffer()).then(
            bytes => done(new TextDecoder('utf-8', {{ ignoreBOM: true }}).decode(bytes)), error => done(String(error)));"
    );
    let answer = window.driver.execute_async(script, Vec::<Value>::new()).await.expect("a file");
    answer.json().as_str().unwrap_or_default().to_owned()
}

/// The cells of a sheet as a spreadsheet reads them: RFC 4180 with semicolons.
pub fn cells(sheet: &str) -> Vec<String> {
    let (mut cells, mut cell, mut within) = (Vec::new(), String::new(), false);
    for character in sheet.chars() {
        match character {
            '"' => within = !within,
            ';' | '\n' if !within => cells.push(std::mem::take(&mut cell)),
            '\r' if !within => {}
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerks_morning_with_the_keyboard() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let numbers = ["Гук", "Гук", "Гук"].map(|last| suitcase.record(&form(last)));
    suitcase.sync().ok();
    centre.queue_of(3);
    let window = Window::open().await;
    sign_in_by_keys(&window, &centre).await;
    on_row(&window, &numbers[0]).await;
    window.keys_on("c").await;
    window.shows("Звернення взято.").await;
    let row = centre.queue().into_iter().find(|row| row["number"] == numbers[0].as_str()).unwrap();
    assert!(row.to_string().contains("admin"), "{row}");
    on_row(&window, &numbers[0]).await;
    window.press_on(Key::Enter).await;
    window.keys_on("a").await;
    window.shows("Прийнято в роботу.").await;
    window.unfold("Дати номер у журналі").await;
    window.tab_to("number-text").await;
    window.press_on(Key::Enter).await;
    window.shows("0001/2026").await;

    told_apart(&window, &centre, &numbers[1]).await;
    two_at_once(&window, [&numbers[1], &numbers[2]]).await;
    window.chord_on(Key::Alt, '1').await;
    window.enter("e.matches('nav a[href=\"/queue?group=all\"], nav a[href*=\"group=handover\"]')").await;
    handed_over(&window, &numbers[0]).await;
    marked(&window, &numbers[0]).await;
    journal(&window, &numbers[0]).await;
    let shown = centre.call(&["show", &numbers[0], "--json"]).json();
    assert_eq!(shown["state"], "handed_over", "{shown}");
    window.close().await;
}
