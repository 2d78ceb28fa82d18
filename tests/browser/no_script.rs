//! The main forms in a browser that runs no script: all fields are there, all ways lead on by buttons.

use super::console::{Console, RESIDENT};
use super::window::Window;
use serde_json::{Value, json};
use valiza_tests::programs::{Centre, PASSPHRASE, form};

/// A browser that runs no script of any page.
async fn window() -> Window {
    let window = Window::open().await;
    let asked = json!({ "value": true });
    window.driver.cdp().send_raw("Emulation.setScriptExecutionDisabled", asked).await.expect("no scripts");
    window
}

/// Whether a page's scripts have run: they make lines with suggestions comboboxes, and mark what they watch.
async fn no_script_ran(window: &Window) {
    assert_eq!(window.ask("document.querySelectorAll('[role=combobox]').length").await, json!(0));
}

async fn fill(window: &Window, name: &str, text: &str) {
    window.fill(&format!("[name=\"{name}\"]"), text).await;
}

async fn click(window: &Window, selector: &str) {
    window.element(selector).await.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
}

async fn choose(window: &Window, name: &str, value: &str) {
    click(window, &format!("[name=\"{name}\"][value=\"{value}\"]")).await;
}

async fn pick(window: &Window, name: &str, value: &str) {
    click(window, &format!("select[name=\"{name}\"] option[value=\"{value}\"]")).await;
}

/// Presses the form's button and waits for the page.
async fn press(window: &Window, value: &str) {
    window.follow(&format!("button[name=do][value=\"{value}\"]")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_to_its_receipt() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let mut console = Console::start(&suitcase);
    let window = window().await;
    window.go(&console.launch).await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    window.follow("a[href^='/requests/new']").await;
    let typed = [
        ("pr.kat~place", "гиряві іск"),
        ("pr.stype", "вул."),
        ("pr.street", "Садова"),
        ("service", "витягу з реєстру"),
    ];
    for (name, text) in RESIDENT.into_iter().chain(typed) {
        fill(&window, name, text).await;
    }
    choose(&window, "a.sex", "f").await;
    pick(&window, "a.doc", "passport").await;
    choose(&window, "a.seen", "original").await;
    choose(&window, "delivery", "home").await;
    no_script_ran(&window).await;

    // The services that fit the words, and the settlements that fit the name, are lists to choose from.
    press(&window, "service").await;
    choose(&window, "service~pick", "hromada-register-extract").await;
    click(&window, "[name=\"pr.kat~place~pick\"]").await;
    window.picture("no-script-lists").await;
    press(&window, "service").await;
    choose(&window, "f.about", "self").await;
    choose(&window, "d.application~form", "original").await;
    fill(&window, "d.application~sheets", "1").await;
    click(&window, "[name=\"d.identity-document~seen\"]").await;
    click(&window, "[name=\"d.identity-document~returned\"]").await;
    choose(&window, "consent~part~data", "data").await;
    press(&window, "review").await;
    assert!(window.ask("document.title").await.as_str().unwrap().starts_with("Помилка:"), "who consented?");
    choose(&window, "consent~by", "applicant").await;
    press(&window, "review").await;
    assert!(window.path().await.ends_with("/review"), "{}\n{}", window.path().await, window.text().await);
    window.follow("form[action$='/finish'] button").await;
    assert!(window.path().await.ends_with("/saved"), "{}\n{}", window.path().await, window.text().await);
    let number = window.ask("document.querySelector('.number').innerText").await.as_str().unwrap().to_owned();
    window.follow("form[action$='/printed'] button").await;
    window.shows(&number).await;
    window.shows("Коваленко").await;
    window.shows("Гиряві Іск").await;
    no_script_ran(&window).await;
    window.picture("no-script-opys").await;
    window.close().await;
    console.cut();
    assert_eq!(suitcase.row(&number)["number"], Value::from(number));
}

async fn signed_in(window: &Window, centre: &Centre) {
    window.go(&format!("{}sign-in", centre.desk)).await;
    window.fill("#login", "admin").await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    window.go(&format!("{}queue", centre.desk)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_decides() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let number = suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    centre.queue_of(1);
    let window = window().await;
    signed_in(&window, &centre).await;
    window.open_request(&number).await;
    window.follow("form[action$='/accept'] button").await;
    window.shows("Прийнято в роботу.").await;
    click(&window, "details:has(form[action$='/hand_over']) summary").await;
    window.follow("form[action$='/hand_over'] button").await;
    window.until("document.title.startsWith('Помилка:')").await;
    window.fill("#hand-over-person", "Ткач О. П.").await;
    window.follow("form[action$='/hand_over'] button").await;
    window.shows("Передано надавачу.").await;
    click(&window, "details:has(form[action$='/refuse']) summary").await;
    window.fill("#refuse-text", "подано не всі папери").await;
    window.follow("form[action$='/refuse'] button").await;
    window.shows("Відмову записано.").await;
    no_script_ran(&window).await;
    window.picture("no-script-decided").await;
    let shown = centre.call(&["show", &number, "--json"]).json();
    assert_eq!(shown["state"], "refused", "{shown}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_published() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let window = window().await;
    signed_in(&window, &centre).await;
    window.follow("nav a[href='/catalogue']").await;
    fill(&window, "title", "плата з нового року").await;
    fill(&window, "from", "01.01.2027").await;
    window.follow("form[action='/catalogue/drafts'] button").await;
    click(&window, "details:has(a[href$='/services/id-and-travel-passport']) summary").await;
    window.follow("a[href$='/services/id-and-travel-passport']").await;
    pick(&window, "price-0-kind", "amount").await;
    fill(&window, "price-0-value", "сто гривень").await;
    window.follow("form[action$='/services/id-and-travel-passport'] button").await;
    window.shows("не є числом").await;
    fill(&window, "price-0-value", "1 200,50").await;
    window.follow("form[action$='/services/id-and-travel-passport'] button").await;
    window.shows("200,50").await;
    fill(&window, "number", "2").await;
    window.follow("form[action$='/publish'] button").await;
    window.shows("Випуск опубліковано.").await;
    window.picture("no-script-published").await;
    window.close().await;
    suitcase.sync().ok();
    let releases = suitcase.call(&["catalogue", "list", "--json"]).json();
    assert!(releases.to_string().contains("2027-01-01"), "{releases}");
}
