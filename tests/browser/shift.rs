//! The end of a shift, numbers and evidence, as officer and administrator see them.

use super::clerk::sign_in;
use super::console::Console;
use super::officer::unlock;
use super::paper;
use super::window::Window;
use valiza_tests::programs::{Centre, form, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_is_ended_on_the_pages_and_the_paper_is_checked_at_the_centre() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let number = suitcase.record(&form("Коваленко"));
    let console = Console::start(&suitcase);
    let window = Window::open().await;
    unlock(&window, &console).await;
    window.go(&format!("{}/shift", console.base)).await;
    window.picture("shift-left").await;
    // The suitcase exchanges by itself; the centre's word takes its time.
    for _ in 0..60 {
        if window.text().await.contains("На валізі нічого не залишилося") {
            break;
        }
        window.follow("form[action^='/shift/exchange'] button").await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    window.shows("На валізі нічого не залишилося").await;
    window.picture("shift-over").await;
    let code = window.ask("document.querySelector('textarea.code').value").await;
    let code = code.as_str().unwrap_or_default().to_owned();
    assert!(code.starts_with("VALIZA-E-"), "{code}");
    window.follow("a[href^='/shift/paper']").await;
    window.picture("shift-paper").await;
    let printed = paper::read(&window.print().await);
    assert_eq!(printed.pages, 1, "{}", printed.text);
    assert!(printed.size.starts_with("594.") || printed.size.contains("A4"), "{}", printed.size);
    for words in ["Акт кінця зміни", "нічого не залишилося", "Мельник Олена Іванівна"]
    {
        assert!(printed.text.contains(words), "{words}: {}", printed.text);
    }
    window.go(&format!("{}/numbers", console.base)).await;
    window.picture("suitcase-numbers").await;
    window.go(&format!("{}/requests/{number}/evidence", console.base)).await;
    window.shows("такий самий таємний").await;
    window.picture("suitcase-evidence").await;

    wait_for(|| (centre.queue().len() == 1).then_some(()));
    sign_in(&window, &centre).await;
    window.go(&format!("{}check-shift", centre.desk)).await;
    window.fill("[name=code]", &code).await;
    window.follow("main form button").await;
    window.shows("центр має все, про що він каже").await;
    window.picture("desk-check-shift").await;
    window.go(&format!("{}numbers", centre.desk)).await;
    window.shows(&number).await;
    window.picture("desk-numbers").await;
    window.go(&format!("{}requests/{number}/evidence", centre.desk)).await;
    window.shows("такий самий таємний").await;
    window.picture("desk-evidence").await;
    window.close().await;
}
