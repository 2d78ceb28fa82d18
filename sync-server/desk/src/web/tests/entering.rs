//! Signing in and out, sessions, unsealing.

use super::*;
use std::time::Duration;

#[tokio::test]
async fn a_wrong_passphrase_is_said_slowed_down_and_opens_nothing() {
    let mut bench = bench().await;
    let mut guest = bench.nobody.clone();
    let got = guest.sign_in("o.koval", "зовсім не той пароль").await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    got.says("ім’я входу або пароль хибні".replacen('і', "І", 1).as_str()).says("value=\"o.koval\"");
    assert!(!got.body.contains("зовсім не той"), "what was typed as a secret never comes back");
    assert_eq!(guest.cookie, "");
    for _ in 0..5 {
        guest.sign_in("o.koval", "зовсім не той пароль").await;
    }
    let got = guest.sign_in("o.koval", CLERK_PASSPHRASE).await;
    got.says("зачекайте");
    assert_eq!(guest.get("/queue").await.location(), "/sign-in?to=%2Fqueue");
    bench.town.clock.advance(Duration::from_secs(3600));
    bench.clerk = guest.clone();
    assert_eq!(bench.clerk.sign_in("o.koval", CLERK_PASSPHRASE).await.location(), "/queue");
    assert_eq!(bench.clerk.get("/queue").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_bound_to_tls_where_there_is_some() {
    let town = testing::town();
    for (behind_tls, start, end) in
        [(false, "desk=", "Path=/; HttpOnly; SameSite=Lax"), (true, "__Host-desk=", "SameSite=Lax; Secure")]
    {
        let options = Options { behind_tls, ..Options::default() };
        let mut browser = Browser::new(router(Office::around(Arc::clone(&town.desk)), options));
        let got = browser.sign_in("admin", PASSPHRASE).await;
        let cookie = got.set_cookie();
        assert!(cookie.starts_with(start) && cookie.ends_with(end), "{cookie}");
        assert_eq!(cookie.split(['=', ';']).nth(1).unwrap().len(), 64, "256 bits");
        assert_eq!(got.headers.contains_key("strict-transport-security"), behind_tls);
        assert_eq!(browser.get("/queue").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_session_rotates_at_signing_in_and_ends_at_signing_out() {
    let bench = bench().await;
    let mut again = bench.clerk.clone();
    let before = again.cookie.clone();
    let got = again.post("/sign-in", &[("login", "o.koval"), ("passphrase", CLERK_PASSPHRASE)]).await;
    let after = got.set_cookie().split(';').next().unwrap().to_owned();
    assert_ne!(before, after);
    assert_eq!(bench.clerk.get("/queue").await.status, StatusCode::SEE_OTHER, "the token from before is worth nothing");
    again.cookie = after;
    assert_eq!(again.get("/queue").await.status, StatusCode::OK);
    let got = again.post("/sign-out", &[]).await;
    assert_eq!(got.location(), "/sign-in");
    assert!(got.set_cookie().contains("Max-Age=0"));
    assert_eq!(again.get("/queue").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn pages_that_ask_by_themselves_keep_no_session_alive() {
    let bench = bench().await;
    for _ in 0..4 {
        bench.town.clock.advance(Duration::from_secs(10 * 60));
        bench.clerk.get("/queue/news?group=new&seen=0").await;
        bench.clerk.get("/status").await;
        bench.admin.get("/queue").await;
    }
    assert_eq!(bench.clerk.get("/queue").await.status, StatusCode::SEE_OTHER, "idle for 40 minutes");
    assert_eq!(bench.admin.get("/queue").await.status, StatusCode::OK, "somebody works there");
}

#[tokio::test]
async fn after_signing_in_the_page_that_was_asked_for_opens_and_no_foreign_one() {
    let bench = bench().await;
    let fields = [("login", "o.koval"), ("passphrase", CLERK_PASSPHRASE)];
    let got = bench.nobody.post("/sign-in?to=%2Fset-aside", &fields).await;
    assert_eq!(got.location(), "/set-aside");
    for foreign in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let got = bench.nobody.post(&format!("/sign-in?to={}", encode(foreign)), &fields).await;
        assert_eq!(got.location(), "/queue", "{foreign}");
    }
}

#[tokio::test]
async fn a_sealed_desk_asks_for_an_administrators_passphrase() {
    let (dir, clock) = testing::town().close();
    let office = Office::hold(&dir.path().join("desk"), testing::tools(&clock)).unwrap();
    let mut browser = Browser::new(router(Arc::clone(&office), Options::default()));
    assert_eq!(browser.get("/queue").await.location(), "/unseal");
    assert_eq!(browser.get("/sign-in").await.location(), "/unseal");
    browser.get("/unseal").await.says("Центр опечатано");
    let got = browser.post("/unseal", &[("login", "admin"), ("passphrase", "не той")]).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    assert!(office.desk().is_err());
    clock.advance(Duration::from_secs(60));
    let got = browser.post("/unseal", &[("login", "admin"), ("passphrase", PASSPHRASE)]).await;
    assert_eq!(got.location(), "/code?first=1&to=%2Fqueue", "an administrator is asked once to set a code up");
    assert!(office.desk().is_ok());
    browser.cookie = got.set_cookie().split(';').next().unwrap().to_owned();
    browser.get("/queue").await.says("Глобинська громада");
    assert_eq!(browser.get("/unseal").await.location(), "/sign-in");
    browser.get("/audit?what=done").await.says("розпечатано центр");
}
