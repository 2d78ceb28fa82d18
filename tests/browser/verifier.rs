//! The page that checks papers without a network, opened from a disk in a real browser: with the browser's own Ed25519
//! and with the library that stands in for it.

#[path = "../../shared/papers/examples/verifier/scene.rs"]
mod scene;

use super::window::{Window, quoted};
use scene::scene;
use std::path::Path;

async fn open(window: &Window, path: &Path) {
    window.go(&format!("file://{}", path.display())).await;
}

/// Types a text, checks it, and gives back the answer's code.
async fn checked(window: &Window, text: &str) -> String {
    window.driver.execute("document.getElementById('answer').hidden = true;", Vec::new()).await.expect("a script");
    window
        .driver
        .execute(format!("document.getElementById('text').value = {};", quoted(text)), Vec::new())
        .await
        .expect("a script");
    window.element("#check button").await.click().await.expect("a button");
    window.until("!document.getElementById('answer').hidden").await;
    window.ask("document.getElementById('answer').dataset.code").await.as_str().unwrap_or_default().to_owned()
}

async fn every_text(window: &Window) {
    let scene = scene();
    assert_eq!(checked(window, &scene.genuine).await, "genuine");
    for words in ["7-211126-014-К4М", "21 листопада 2026", "12:00", "валізою 7", "субсиді", "</script> «Зразкове»"]
    {
        assert!(window.text().await.contains(words), "{words} is not in the answer");
    }
    // As a scanner or a person may give it: small letters, in several lines.
    let typed = format!(" {}\n{} ", scene.genuine[..50].to_lowercase(), &scene.genuine[50..]);
    assert_eq!(checked(window, &typed).await, "genuine");
    assert_eq!(checked(window, &scene.by_centre).await, "genuine");
    assert!(window.text().await.contains("центром"));
    assert_eq!(checked(window, &scene.altered).await, "forged");
    assert_eq!(checked(window, &scene.stranger).await, "unknown");
    assert_eq!(checked(window, &scene.expired).await, "expired");
    assert_eq!(checked(window, &scene.revoked).await, "revoked");
    for nonsense in ["", "https://example.org", "VALIZA-S-", "VALIZA-S-01", "VALIZA-S-0Z", &scene.genuine[..100]] {
        assert_eq!(checked(window, nonsense).await, "form", "{nonsense}");
    }
    let last = scene.genuine.len() - 1;
    assert_eq!(checked(window, &scene.genuine[..last]).await, "form");
}

#[tokio::test]
async fn papers_are_checked_from_a_disk_without_a_network() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (page, foreign, old) =
        (folder.path().join("verify.html"), folder.path().join("foreign.html"), folder.path().join("old.html"));
    let made = scene();
    std::fs::write(&page, &made.page).expect("a file");
    std::fs::write(&foreign, &made.foreign).expect("a file");
    // A browser that has no Ed25519 of its own.
    let without = "<script>SubtleCrypto.prototype.importKey = () => Promise.reject(new Error('none'));</script></head>";
    std::fs::write(&old, made.page.replace("</head>", without)).expect("a file");
    let window = Window::open().await;
    for (file, kind) in [(&page, "native"), (&old, "noble")] {
        open(&window, file).await;
        window.until(&format!("document.documentElement.dataset.ready === '{kind}'")).await;
        every_text(&window).await;
        let asked = window.ask("performance.getEntriesByType('resource').length").await;
        assert_eq!(asked.as_i64(), Some(0), "it asks nobody anything");
    }
    window.picture("verifier").await;
    open(&window, &foreign).await;
    window.until("document.documentElement.dataset.ready").await;
    assert_eq!(checked(&window, &made.genuine).await, "unknown", "certificates that the pinned root did not sign");
    window.close().await;
}
