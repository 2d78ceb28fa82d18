//! A form sent while the screen is locked: it waits for the passphrase, and for that officer alone; the vault lock throws
//! it away and says so.

use super::tests::{Browser, PASSPHRASE};
use crate::app::testing::sample_form;
use axum::http::StatusCode;
use std::time::Duration;

/// Sends the form of «Продовжити» as a browser does: once to the page, then where it leads with the same names.
async fn resent(browser: &mut Browser, page: &str) -> super::tests::Page {
    let form = page.split_once("action=\"/continue/").expect("something waits").1;
    let (id, rest) = form.split_once('"').unwrap();
    let inputs = rest.split_once("</form>").unwrap().0.to_owned();
    let part = |tag: &str, name: &str| -> String {
        let text = tag.split_once(&format!(" {name}=\"")).unwrap().1.split('"').next().unwrap();
        text.replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#38;", "&")
    };
    let pairs: Vec<(String, String)> =
        inputs.split("<input").skip(1).map(|tag| (part(tag, "name"), part(tag, "value"))).collect();
    let first = browser.post_typed(&format!("/continue/{id}"), &pairs).await;
    assert_eq!(first.status, StatusCode::TEMPORARY_REDIRECT);
    let to = first.headers["location"].to_str().unwrap().to_owned();
    browser.post_typed(&to, &pairs).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_locked_screen_refused_is_offered_after_the_passphrase() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let agent = browser.console.agent().unwrap();
    let here = format!("/requests/{}", pages::address::encode(&number));
    assert_eq!(browser.get("/continue").await.leads_to(), "/day", "nothing waits");
    browser.bench.clock.advance(Duration::from_secs(11 * 60));
    let words = "Донька \"Ольга\" <прийде> & забере\r\nв понеділок";
    let refused = browser.post(&format!("{here}/note"), &[("note-text", words)]).await;
    assert_eq!(refused.leads_to(), "/unlock?next=%2Fcontinue");
    // Pressed twice, it waits once; other forms wait, too.
    browser.post(&format!("{here}/note"), &[("note-text", words)]).await.leads_to();
    let undo = browser.post("/consultations/new", &[("topic", "як оформити пенсію"), ("outcome", "answered")]).await;
    assert_eq!(undo.leads_to(), "/unlock?next=%2Fcontinue");
    assert!(agent.request(&number).unwrap().notes.is_empty());
    let locked = browser.get("/unlock?next=%2Fcontinue").await;
    assert!(
        locked.text.contains("Воно чекає") && !locked.text.contains("Ольга"),
        "the locked screen says nothing of it"
    );
    assert_eq!(browser.get("/continue").await.leads_to(), "/unlock?next=%2Fcontinue");
    let to = browser.post("/unlock?next=%2Fcontinue", &[("officer", "olena"), ("passphrase", PASSPHRASE)]).await;
    assert_eq!(to.leads_to(), "/continue");
    let page = browser.get("/continue").await;
    assert_eq!(page.text.matches("<blockquote>").count(), 2);
    for words in [format!("Нотатка до звернення {number}"), "Консультація".into(), "як оформити пенсію".into()]
    {
        assert!(page.text.contains(&words), "{words}");
    }
    assert!(browser.get("/day").await.text.contains("2 форми не записалися"), "every page says that something waits");
    assert_eq!(resent(&mut browser, &page.text).await.leads_to(), here);
    let notes = agent.request(&number).unwrap().notes;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].text.replace("\r\n", "\n"), words.replace("\r\n", "\n"));
    let page = browser.get("/continue").await;
    assert!(!page.text.contains("Нотатка до звернення") && page.text.contains("як оформити пенсію"));
    let id = page.between("action=\"/continue/", "\"").to_owned();
    assert_eq!(browser.post(&format!("/continue/{id}/drop"), &[]).await.leads_to(), "/continue");
    assert_eq!(browser.get("/continue").await.leads_to(), "/day");
    assert!(
        agent.consultations(&crate::app::ConsultationQuery::default()).unwrap().0.is_empty(),
        "thrown away is not recorded"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vault_lock_keeps_nothing_and_says_that_it_is_lost() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let note = format!("/requests/{}/note", pages::address::encode(&number));
    browser.post("/lock", &[]).await.leads_to();
    browser.post(&note, &[("note-text", "прийде донька")]).await.leads_to();
    assert_eq!(browser.console.held_of("olena").len(), 1);
    assert!(browser.console.held_of("іван").is_empty(), "nobody else's");
    browser.post("/lock/vault", &[]).await.leads_to();
    assert!(browser.console.held_of("olena").is_empty(), "nothing stays in memory");
    let late = browser.post(&note, &[("note-text", "прийде донька")]).await;
    assert_eq!(late.leads_to(), "/unlock?lost=1");
    assert!(browser.console.held_of("olena").is_empty());
    assert!(browser.get("/unlock?lost=1").await.text.contains("Надіслане не записано"));
    // A browser that was never given the address leaves nothing.
    let mut stranger = Browser::new();
    assert_eq!(stranger.post(&note, &[("note-text", "х")]).await.status, StatusCode::FORBIDDEN);
    assert!(stranger.console.held_of("olena").is_empty());
}
