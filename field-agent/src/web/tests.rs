//! The pages as a browser sees them, over a real suitcase in a temporary folder.

#[path = "tests_routes.rs"]
mod routes;

use super::{Console, PHRASES, router};
use crate::app::testing::{Bench, NOON, sample_form, surroundings_at};
use crate::app::{Form, SessionToken};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE,
};
use axum::http::{HeaderMap, Request, StatusCode};
use clock::ManualClock;
use records::commands::RequestCommand;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

pub(super) const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар";
const OWN: &str = "127.0.0.1:4321";

pub(super) struct Browser {
    pub bench: Bench,
    pub console: Arc<Console>,
    router: Router,
    launch: String,
    cookie: String,
}

pub(super) struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[LOCATION].to_str().unwrap()
    }

    /// What stands between two texts.
    pub fn between<'a>(&'a self, before: &str, after: &str) -> &'a str {
        let rest = self.text.split_once(before).unwrap_or_else(|| panic!("no {before} in {}", self.text)).1;
        rest.split_once(after).unwrap().0
    }
}

impl Browser {
    /// A suitcase that nobody has opened yet.
    pub fn new() -> Self {
        Self::over(Bench::closed(PASSPHRASE))
    }

    pub fn over(bench: Bench) -> Self {
        let surroundings = surroundings_at(bench.clock.clone(), 77);
        let launch = SessionToken::fresh(&surroundings_at(Arc::new(ManualClock::at(NOON)), 5));
        let console = Console::new(bench.dir.path().to_owned(), surroundings, 4321, Some(&launch), &[]);
        let console = Arc::new(console);
        let router = router(Arc::clone(&console));
        Self { bench, console, router, launch: launch.text().to_owned(), cookie: String::new() }
    }

    /// Launched and unlocked.
    pub async fn at_work() -> Self {
        let mut browser = Self::new();
        browser.get(&format!("/launch/{}", browser.launch)).await;
        assert_eq!(browser.unlock(PASSPHRASE).await.leads_to(), "/day");
        browser
    }

    pub async fn unlock(&mut self, passphrase: &str) -> Page {
        self.post("/unlock", &[("officer", "olena"), ("passphrase", passphrase)]).await
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path).header(HOST, OWN), Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Page {
        let request = Request::post(path).header(HOST, OWN).header("sec-fetch-site", "same-origin");
        let body: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", pages::address::encode(name), pages::address::encode(value)))
            .collect();
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.join("&"))).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let request = request.header(COOKIE, &self.cookie).body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(cookie) = headers.get_all(SET_COOKIE).iter().find(|c| c.as_bytes().starts_with(b"valiza")) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        // Nothing of a page is kept: after a lock the back button has nothing to show.
        assert_eq!(headers.get(CACHE_CONTROL).map(|kept| kept.as_bytes()), Some(b"no-store".as_slice()));
        let text = String::from_utf8(to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec()).unwrap();
        assert!(!text.contains('⟦'), "a phrase is missing: {text}");
        let mut ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None, "an id stands twice");
        Page { status, headers, text }
    }

    /// Presses «Зберегти і друкувати» on what the review shows now.
    pub async fn finish(&mut self, draft: &str) -> Page {
        let review = self.get(&format!("{draft}/review")).await;
        let read = match review.status {
            StatusCode::OK => review.between("name=\"read\" value=\"", "\"").to_owned(),
            _ => String::new(),
        };
        self.post(&format!("{draft}/finish"), &[("read", &read)]).await
    }

    /// Records the form through the pages and gives the number back.
    pub async fn record(&mut self, form: &Form) -> String {
        let draft = self.get("/requests/new").await.leads_to().to_owned();
        let mut pairs = typed(form);
        pairs.push(("do".into(), "review".into()));
        let to = self.post_typed(&draft, &pairs).await;
        assert_eq!(to.leads_to(), format!("{draft}/review"));
        let review = self.get(&format!("{draft}/review")).await;
        assert_eq!(review.status, StatusCode::OK);
        assert!(review.text.contains("Коваленко Ганна Петрівна") && review.text.contains("22.07.1938"));
        let saved = self.finish(&draft).await.leads_to().to_owned();
        let saved = self.get(&saved).await;
        saved.between("<p class=\"number\">", "</p>").to_owned()
    }

    pub async fn post_typed(&mut self, path: &str, pairs: &[(String, String)]) -> Page {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(path, &pairs).await
    }
}

/// A form as the page posts it.
pub(super) fn typed(form: &Form) -> Vec<(String, String)> {
    let mut pairs = vec![("service~now".to_owned(), form.service.clone())];
    for (key, value) in &form.fields {
        let name = match key.rsplit('.').next().unwrap() {
            "dob" | "issued" => format!("{key}~date"),
            "rnokpp" | "index" => format!("{key}~digits"),
            "phone" => format!("{key}~phone"),
            "kat" => format!("{key}~place~code"),
            _ => key.clone(),
        };
        pairs.push((name, value.clone()));
    }
    for (key, value) in &form.answers {
        let place = key.ends_with("katottg");
        pairs.push((if place { format!("f.{key}~place~code") } else { format!("f.{key}") }, value.clone()));
    }
    for (id, paper) in &form.papers {
        let yes = |on: bool| if on { "yes" } else { "" };
        for (part, value) in [
            ("seen", yes(paper.seen)),
            ("returned", yes(paper.returned)),
            ("form", paper.form.as_str()),
            ("sheets", &paper.sheets.to_string()),
            ("details", paper.details.as_str()),
        ] {
            pairs.push((format!("d.{id}~{part}"), value.to_owned()));
        }
    }
    pairs.extend(form.consent.parts.iter().map(|part| (format!("consent~part~{part}"), part.clone())));
    pairs.push(("consent~by".into(), form.consent.by.clone()));
    pairs
}

#[test]
fn both_languages_say_everything() {
    assert_eq!(PHRASES.faults(), &[] as &[String]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_browser_with_the_address_comes_in_and_only_once() {
    let mut browser = Browser::new();
    for path in ["/", "/day", "/unlock", "/requests", "/status"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!page.text.contains("olena"), "{path}");
    }
    assert_eq!(browser.get("/launch/0000").await.status, StatusCode::FORBIDDEN);
    let launch = format!("/launch/{}", browser.launch);
    assert_eq!(browser.get(&launch).await.leads_to(), "/day");
    let known = browser.cookie.clone();
    assert_eq!(browser.get("/day").await.leads_to(), "/unlock?next=%2Fday");
    assert!(browser.get("/unlock").await.text.contains("olena"));
    browser.cookie.clear();
    assert_eq!(browser.get(&launch).await.status, StatusCode::FORBIDDEN, "the address works once");
    browser.cookie = known;
    assert_eq!(browser.get("/requests").await.leads_to(), "/unlock?next=%2Frequests", "known is not unlocked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_host_and_another_origin_are_turned_away() {
    let mut browser = Browser::at_work().await;
    for host in ["evil.example", "evil.example:4321", "127.0.0.1", "127.0.0.1:80", "[::1]:4321"] {
        let page = browser.send(Request::get("/day").header(HOST, host), Body::empty()).await;
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    let localhost = browser.send(Request::get("/day").header(HOST, "localhost:4321"), Body::empty()).await;
    assert_eq!(localhost.status, StatusCode::OK);
    let foreign =
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), (ORIGIN.as_str(), "https://evil.example")];
    for (name, value) in foreign {
        let request = Request::post("/lock").header(HOST, OWN).header(name, value);
        assert_eq!(browser.send(request, Body::empty()).await.status, StatusCode::FORBIDDEN, "{value}");
    }
    let day = browser.get("/day").await;
    assert_eq!((day.status, &day.headers[CACHE_CONTROL] == "no-store"), (StatusCode::OK, true), "still open");
    assert!(day.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
    let huge = "x".repeat(super::FORM_BYTES + 1);
    assert_eq!(browser.post("/requests/1/note", &[("note-text", &huge)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_passphrase_waits_and_the_right_one_opens() {
    let mut browser = Browser::new();
    browser.get(&format!("/launch/{}", browser.launch)).await;
    let wrong = browser.unlock("не той пароль зовсім").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(wrong.text.contains("class=\"errors\"") && !wrong.text.contains("не той пароль"));
    let soon = browser.unlock(PASSPHRASE).await;
    assert!(soon.text.contains("зачекайте ще 1 с"), "{}", soon.text);
    browser.bench.clock.advance(Duration::from_secs(2));
    let before = browser.cookie.clone();
    assert_eq!(browser.unlock(PASSPHRASE).await.leads_to(), "/day");
    assert_ne!(browser.cookie, before, "a new token for a new right");
    let day = browser.get("/day").await;
    assert!(day.text.contains("Валіза 7") && day.text.contains("Нове звернення"));
    assert!(browser.get("/day?lang=en").await.text.contains("New request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_recorded_from_the_first_key_to_the_paper() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    assert!(number.starts_with("7-211126-001-"), "{number}");
    let here = format!("/requests/{}", pages::address::encode(&number));
    assert_eq!(browser.post(&format!("{here}/printed"), &[]).await.leads_to(), format!("{here}/opys"));
    let opys = browser.get(&format!("{here}/opys")).await;
    for words in [number.as_str(), "Коваленко Ганна Петрівна", "140 821 2320", "безоплатно", "<svg", "large=1"]
    {
        assert!(opys.text.replace('\u{a0}', " ").contains(words), "{words}");
    }
    assert!(browser.get(&format!("{here}/opys?large=1")).await.text.contains("paper large"));
    let page = browser.get(&here).await;
    for words in ["опис друкували 1 раз", "поштове відділення", "вул. Садова", "тут", "Прийнято"]
    {
        assert!(page.text.contains(words), "{words}");
    }
    let list =
        browser.get("/requests?q=коваленко".replace("коваленко", &pages::address::encode("коваленко")).as_str()).await;
    assert!(list.text.contains(&number));
    assert!(!browser.get("/requests?place=centre").await.text.contains(&number));
    for path in [
        "/day",
        "/residents",
        "/exchange",
        "/help",
        "/status",
        "/requests?lang=en",
        "/exchange?lang=en",
        "/help?lang=en",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(browser.get("/requests/9-999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/nowhere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_stand_at_their_fields_and_nothing_typed_is_lost() {
    let mut browser = Browser::at_work().await;
    let draft = browser.get("/requests/new").await.leads_to().to_owned();
    let empty = browser.get(&draft).await;
    assert!(empty.text.contains("data-autosave-url") && !empty.text.contains("class=\"errors\""));
    let mut form = sample_form();
    form.fields.insert("a.last".into(), "<b>Коваленко</b>".into());
    form.fields.insert("a.rnokpp".into(), "1408212321".into());
    form.answers.insert("area".into(), "багато".into());
    form.fields.remove("a.first");
    let mut pairs = typed(&form);
    pairs.push(("do".into(), "review".into()));
    let to = browser.post_typed(&draft, &pairs).await.leads_to().to_owned();
    assert_eq!(to, format!("{draft}?check=1"));
    let page = browser.get(&to).await;
    assert!(page.text.contains("<title>Помилка: "));
    for words in [
        "href=\"#a.last\"",
        "href=\"#f.area~figures\"",
        "href=\"#a.rnokpp~digits~reason\"",
        "value=\"багато\"",
        "Вулиця",
        "Садова",
    ] {
        assert!(page.text.contains(words), "{words}");
    }
    assert!(!page.text.contains("<b>Коваленко"), "what people type is text");
    // Mended, and the odd number kept with a reason.
    form = sample_form();
    form.fields.insert("a.rnokpp".into(), "1408212321".into());
    let mut pairs = typed(&form);
    pairs.push(("a.rnokpp~digits~reason".into(), "так у картці".into()));
    pairs.push(("do".into(), "review".into()));
    assert_eq!(browser.post_typed(&draft, &pairs).await.leads_to(), format!("{draft}/review"));
    assert!(browser.get(&format!("{draft}/review")).await.text.contains("так у картці"));
    assert!(browser.get(&draft).await.text.contains("value=\"так у картці\""), "the reason stays on the form");
    assert!(browser.get("/drafts/nonsense").await.status == StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_survives_the_lock_and_saving_twice_saves_once() {
    let mut browser = Browser::at_work().await;
    let draft = browser.get("/requests/new").await.leads_to().to_owned();
    let saved =
        browser.post(&format!("{draft}/autosave"), &[("a.last", "Дем'яненко"), ("a.dob~date", "3 травня")]).await;
    assert_eq!((saved.status, saved.text.as_str()), (StatusCode::OK, "Збережено 12:00"));
    assert_eq!(browser.post("/lock/vault", &[]).await.leads_to(), "/unlock");
    assert!(browser.console.locked().borrow().is_some(), "whoever serves the pages is told");
    assert_eq!(browser.get(&draft).await.leads_to(), format!("/unlock?next={}", pages::address::encode(&draft)));
    let mut opened = browser.unlock(PASSPHRASE).await;
    // The exchange that was told to end may hold the folder a moment longer.
    for _ in 0..50 {
        if opened.status == StatusCode::SEE_OTHER {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        opened = browser.unlock(PASSPHRASE).await;
    }
    assert!(browser.get("/day").await.text.contains(&draft));
    let page = browser.get(&draft).await;
    assert!(page.text.contains("value=\"Дем&#39;яненко\"") && page.text.contains("value=\"3 травня\""));
    browser.post(&draft, &[("a.last", "Дем'яненко"), ("do", "keep")]).await;
    let mut pairs = typed(&sample_form());
    pairs.push(("do".into(), "review".into()));
    browser.post_typed(&draft, &pairs).await;
    assert!(browser.finish(&draft).await.leads_to().ends_with("/saved"));
    assert_eq!(browser.finish(&draft).await.status, StatusCode::CONFLICT);
    assert_eq!(browser.console.agent().unwrap().status().unwrap().here, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_person_a_chosen_service_and_a_settlement_work_without_javascript() {
    let mut browser = Browser::at_work().await;
    browser.record(&sample_form()).await;
    let draft = browser.get("/requests/new").await.leads_to().to_owned();
    browser.post(&draft, &[("a.last", "Коваленко"), ("phone~phone", "050 111 22 33"), ("do", "find")]).await;
    let page = browser.get(&draft).await;
    let resident = format!("resident:{}", page.between("value=\"resident:", "\""));
    browser.post(&draft, &[("a.last", "Коваленко"), ("phone~phone", "050 111 22 33"), ("do", &resident)]).await;
    let page = browser.get(&draft).await;
    assert!(
        page.text.contains("value=\"Ганна\"") && page.text.contains("+380 50 111 22 33"),
        "typed stays, empty is filled"
    );
    let found = browser.post(&draft, &[("service", "субсидія"), ("do", "service")]).await.leads_to().to_owned();
    let page = browser.get(found.split('#').next().unwrap()).await;
    assert!(page.text.contains("name=\"service~pick\" value=\"housing-subsidy\""));
    browser.post(&draft, &[("service~pick", "housing-subsidy"), ("pr.kat~place", "гиряві"), ("do", "service")]).await;
    let page = browser.get(&draft).await;
    assert!(page.text.contains("name=\"f.area~figures\"") && page.text.contains("d.application~form"));
    let pick = page.between("name=\"pr.kat~place~pick\" value=\"", "\"").to_owned();
    assert!(pick.starts_with("UA") && pick.contains("Гиряві Ісківці"), "{pick}");
    browser.post(&draft, &[("pr.kat~place", "гиряві"), ("pr.kat~place~pick", &pick), ("do", "keep")]).await;
    let code = pick.split(' ').next().unwrap();
    assert!(browser.get(&draft).await.text.contains(&format!("name=\"pr.kat~place~code\" value=\"{code}\"")));
    let suggested = browser.get(&format!("/suggest/places?q={}", pages::address::encode("гиряві іск"))).await;
    assert!(suggested.text.contains("role=\"option\"") && suggested.text.contains("data-code=\"UA"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_saved_request_is_corrected_noted_and_withdrawn_with_reasons() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let here = format!("/requests/{}", pages::address::encode(&number));
    browser.post(&format!("{here}/printed"), &[]).await;
    let form = browser.get(&format!("{here}/correct")).await;
    assert!(form.text.contains("value=\"Садова\"") && !form.text.contains("consent~by"));
    let mut changed = sample_form();
    changed.fields.insert("pr.house".into(), "6".into());
    let mut pairs = typed(&changed);
    pairs.push(("do".into(), "correct".into()));
    let refused = browser.post_typed(&format!("{here}/correct"), &pairs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("причину") && refused.text.contains("value=\"6\""), "what was typed stays");
    pairs.push(("reason".into(), "помилка в номері".into()));
    assert_eq!(browser.post_typed(&format!("{here}/correct"), &pairs).await.leads_to(), here);
    browser.post(&format!("{here}/note"), &[("note-text", "телефонувала донька")]).await;
    let page = browser.get(&here).await;
    assert!(page.text.contains("помилка в номері") && page.text.contains("телефонувала донька"));
    let silent = browser.post(&format!("{here}/withdraw"), &[("withdraw-reason", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post(&format!("{here}/withdraw"), &[("withdraw-reason", "передумала")]).await.leads_to(), here);
    let page = browser.get(&here).await;
    assert!(page.text.contains("передумала") && !page.text.contains("Відкликати звернення"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_difference_is_shown_side_by_side_and_one_choice_ends_it() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let agent = browser.console.agent().unwrap();
    let record = agent.request(&number).unwrap().record;
    browser.bench.written_elsewhere(&agent, &record, "phone", "+380501112233", || {
        let own = [("phone".to_owned(), "+380671112233".to_owned())];
        agent.correct(&number, &own, "").unwrap();
    });
    let here = format!("/requests/{}", pages::address::encode(&number));
    assert!(browser.get(&here).await.text.contains(&format!("{here}/conflicts")));
    assert!(browser.get("/requests?differing=1").await.text.contains(&number));
    let page = browser.get(&format!("{here}/conflicts")).await;
    for words in ["+380 50 111 22 33", "+380 67 111 22 33", "центр", "валіза 7", "Інше значення"]
    {
        assert!(page.text.contains(words), "{words}");
    }
    let to = page.between("class=\"conflict\" method=\"post\" action=\"", "\"").to_owned();
    let marks: Vec<&str> = page.text.split("name=\"take\"").skip(1).filter_map(|rest| rest.split('"').nth(3)).collect();
    let refused = browser.post(&to, &[("take", marks[0])]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is wanted");
    assert_eq!(browser.post(&to, &[("reason", "бо")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A value arrives between the page and the choice: what nobody has seen is not put aside, what is gone not taken.
    let fields = vec![records::Edit::new("phone", "+380931112233")];
    browser.bench.centre.decide(&record, RequestCommand::Correct { fields, reason: "ще раз".into() });
    browser.bench.centre.give_to(agent.peer_for_tests());
    for mark in marks.iter().filter(|mark| **mark != "other") {
        let stale = browser.post(&to, &[("take", mark), ("reason", "за карткою")]).await;
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stale.text.contains("ще одне значення") && stale.text.contains("+380 93 111 22 33"), "{}", stale.text);
        assert!(stale.text.contains("value=\"за карткою\""), "what was typed stays");
        assert_eq!(agent.request(&number).unwrap().conflicts.len(), 1);
    }
    let page = browser.get(&format!("{here}/conflicts")).await;
    let to = page.between("class=\"conflict\" method=\"post\" action=\"", "\"").to_owned();
    let other = [("take", "other"), ("value", "+380631112233"), ("reason", "новий номер")];
    assert_eq!(browser.post(&to, &other).await.leads_to(), format!("{here}/conflicts"));
    assert!(browser.get(&format!("{here}/conflicts")).await.text.contains("Розбіжностей немає"));
    assert_eq!(agent.form_of_request(&number).unwrap().field("phone"), "+380631112233");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_session_has_to_unlock_again() {
    let mut browser = Browser::at_work().await;
    browser.bench.clock.advance(Duration::from_secs(9 * 60));
    assert_eq!(browser.get("/day").await.status, StatusCode::OK);
    browser.bench.clock.advance(Duration::from_secs(9 * 60));
    assert_eq!(browser.get("/status").await.status, StatusCode::OK);
    browser.bench.clock.advance(Duration::from_secs(2 * 60));
    let locked = browser.get("/day").await;
    assert_eq!(locked.leads_to(), "/unlock?next=%2Fday", "the header's fragment is no sign of life");
    assert_eq!(locked.headers["clear-site-data"], "\"cache\"", "pages held for the back button go");
}

/// Not half of a sentence: whoever stands before a suitcase that does not open is told what opens it.
#[tokio::test]
async fn a_suitcase_that_is_damaged_says_what_to_do() {
    let mut browser = Browser::new();
    browser.get(&format!("/launch/{}", browser.launch)).await;
    let database = browser.bench.dir.path().join("valiza.db");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes[2_000] ^= 1;
    std::fs::write(&database, bytes).unwrap();
    let told = browser.unlock(PASSPHRASE).await;
    assert!(told.text.contains("база даних): закрийте програму й виконайте команду repair"), "{}", told.text);
}
