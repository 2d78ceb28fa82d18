//! A clerk's day: the queue, a request's way, a choice between two values, paper.

use super::paper;
use super::window::Window;
use serde_json::Value;
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
