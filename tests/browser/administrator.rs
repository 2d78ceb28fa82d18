//! An administrator's morning with the keyboard alone: an invitation, a fee, a backup, the kit, a new clerk.

use super::clerk::sign_in_by_keys;
use super::window::Window;
use serde_json::Value;
use thirtyfour::prelude::*;
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase};

/// The section of the menu that leads to this address.
async fn section(window: &Window, address: &str) {
    window.enter(&format!("e.matches('nav a[href=\"{address}\"]')")).await;
}

async fn invited(window: &Window) {
    section(window, "/suitcases").await;
    window.enter("e.matches('main a[href^=\"/suitcases/invite\"]')").await;
    window.rewrite("number", "9").await;
    window.press_on(Key::Enter).await;
    window.shows("Запрошення показано лише тепер.").await;
    let code = window.ask("!!document.querySelector('.invitation svg')").await;
    assert_eq!(code, Value::Bool(true), "a code for the camera");
    window.picture("administrator-invitation").await;
    let paper = super::paper::read(&window.print().await);
    assert!(paper.size.contains("A4") && paper.pages == 1, "{}, {} pages", paper.size, paper.pages);
}

/// One fee, in its place in the catalogue; what that changes; for everybody; who has it.
async fn fee_changed(window: &Window, suitcase: &Suitcase) {
    section(window, "/catalogue").await;
    window.type_in("title", "плата з нового року").await;
    window.type_in("from", "01.01.2027").await;
    window.press_on(Key::Enter).await;
    assert!(window.path().await.starts_with("/catalogue/drafts/"), "{}", window.path().await);
    window.shows("публікувати нема чого").await;
    open_group_of(window, "id-and-travel-passport").await;
    window.enter("e.matches('a[href$=\"/services/id-and-travel-passport\"]')").await;
    window.pick("price-0-kind", "amount").await;
    window.rewrite("price-0-value", "1 200,50").await;
    window.press_on(Key::Enter).await;
    window.shows("Зміну збережено в чернетці.").await;
    window.shows("200,50").await;
    window.picture("administrator-differences").await;
    window.type_in("number", "7").await;
    window.press_on(Key::Enter).await;
    window.shows("Це буде випуск 2").await;
    window.rewrite("number", "2").await;
    window.press_on(Key::Enter).await;
    window.shows("Випуск опубліковано.").await;
    window.enter_words("Які валізи мають випуск").await;
    window.shows("ще не має").await;
    suitcase.sync().ok();
    suitcase.sync().ok();
    section(window, "/catalogue").await;
    window.enter_words("Які валізи мають випуск").await;
    let row = "[...document.querySelectorAll('tbody tr')].map(e => e.innerText).join()";
    let told = window.ask(row).await;
    assert!(told.as_str().unwrap().contains("має") && !told.as_str().unwrap().contains("ще не має"), "{told}");
    window.picture("administrator-who").await;
    let releases = suitcase.call(&["catalogue", "list", "--json"]).json();
    assert!(releases.to_string().contains("2027-01-01"), "{releases}");
}

/// Opens the folded group of the catalogue in which a service stands.
async fn open_group_of(window: &Window, service: &str) {
    let within = format!("e.matches('summary') && e.parentElement.querySelector('a[href$=\"/services/{service}\"]')");
    window.tab_until(&within).await;
    window.press(Key::Enter).await;
}

async fn backed_up(window: &Window) {
    section(window, "/backups").await;
    window.shows("копії ще не було").await;
    window.enter_words("Зробити копію зараз").await;
    for _ in 0..100 {
        section(window, "/backups").await;
        if window.text().await.contains("усе гаразд") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    window.shows("усе гаразд").await;
    window.picture("administrator-backup").await;
}

async fn kit_tried(window: &Window, centre: &Centre) {
    let words = std::fs::read_to_string(centre.words()).expect("the kit's words");
    let words: Vec<&str> = words.lines().filter(|line| !line.starts_with('#')).collect();
    let words = words.join(" ");
    section(window, "/protection").await;
    window.tab_to("words").await;
    window.keys("абрикос абрикос").await;
    window.press(Key::Tab).await;
    window.press_on(Key::Enter).await;
    window.until("document.title.startsWith('Помилка:')").await;
    assert!(!window.text().await.contains("абрикос"), "words of a kit are not shown again");
    window.tab_to("words").await;
    window.keys(&words).await;
    window.press(Key::Tab).await;
    window.press_on(Key::Enter).await;
    window.shows("Комплект правильний").await;
    window.picture("administrator-kit").await;
}

/// A new clerk, who signs in at once.
async fn clerk_added(window: &Window, centre: &Centre) {
    section(window, "/accounts").await;
    window.type_in("name", "Олійник Світлана Іванівна").await;
    window.type_in("login", "svitlana").await;
    window.tab_to("passphrase").await;
    window.keys(PASSPHRASE).await;
    window.press_on(Key::Enter).await;
    window.shows("Обліковий запис додано.").await;
    window.picture("administrator-account").await;
    let other = Window::open().await;
    other.go(&format!("{}sign-in", centre.desk)).await;
    other.type_in("login", "svitlana").await;
    other.tab_to("passphrase").await;
    other.keys(PASSPHRASE).await;
    other.press_on(Key::Enter).await;
    assert!(other.path().await.starts_with("/queue"), "{}", other.path().await);
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrators_morning_with_the_keyboard() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let window = Window::open().await;
    sign_in_by_keys(&window, &centre).await;
    invited(&window).await;
    fee_changed(&window, &suitcase).await;
    backed_up(&window).await;
    kit_tried(&window, &centre).await;
    clerk_added(&window, &centre).await;
    window.close().await;
}
