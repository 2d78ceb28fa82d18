//! Every page that a link leads to, wherever it stands: the routes are read from the routers, and a page that nobody
//! could look at is a failure. Each is looked at in both languages, in a narrow window and in forced colours.

use super::accessibility::violations;
use super::clerk::{differing, sign_in};
use super::console::Console;
use super::window::Window;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use valiza_tests::programs::{Centre, PASSPHRASE, Suitcase, form};

/// How often pages of one route are looked at: with other records they look otherwise.
const LOOKS: usize = 2;

/// Words in which an English page may show Ukrainian: what people typed, and official names.
const NAMES: &str =
    "[...document.querySelectorAll('label, legend, button, th, nav a, h2, h3, summary, dt, .hint, .actions a')]
    .filter(e => !e.closest('[lang=uk], [data-own]') && e.offsetParent !== null)
    .map(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent.trim()).join(' '))
    .map(t => t.replaceAll(/\\d+-\\d{6}-\\d{3}-\\S{3}/g, ''))
    .filter(t => /[а-яіїєґ]/i.test(t))";

const LINKS: &str = "[...document.querySelectorAll('a[href]:not([download])')].map(a => a.getAttribute('href'))";

/// What leads from one page to the next.
pub struct Walk<'a> {
    window: &'a Window,
    base: String,
    /// Patterns of the addresses that answer with a page.
    routes: BTreeSet<String>,
    looks: BTreeMap<String, usize>,
    queue: VecDeque<String>,
    known: BTreeSet<String>,
    found: Vec<String>,
}

impl<'a> Walk<'a> {
    /// Over the pages of these routes, `/requests/{number}`, from these addresses on.
    pub fn new(window: &'a Window, base: &str, routes: impl IntoIterator<Item = String>, from: &[String]) -> Self {
        Self {
            window,
            base: base.trim_end_matches('/').to_owned(),
            routes: routes.into_iter().collect(),
            looks: BTreeMap::new(),
            queue: from.iter().cloned().collect(),
            known: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Looks at everything that can be reached.
    pub async fn everywhere(mut self) -> Self {
        while let Some(path) = self.queue.pop_front() {
            let Some(route) = self.route_of(&path) else { continue };
            let looks = self.looks.entry(route.clone()).or_default();
            if *looks >= LOOKS || !self.known.insert(path.clone()) {
                continue;
            }
            *looks += 1;
            self.look(&path, &route).await;
        }
        self
    }

    /// Nothing was found, and every route was seen but those that are named here.
    #[track_caller]
    pub fn must_be_clean(self, not_by_links: &[&str]) {
        let seen: BTreeSet<&String> = self.looks.keys().collect();
        let missed: Vec<&String> = self
            .routes
            .iter()
            .filter(|route| !seen.contains(route) && !not_by_links.contains(&route.as_str()))
            .collect();
        let mut found = self.found;
        found.extend(missed.into_iter().map(|route| format!("no link led to {route}")));
        assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
    }

    /// The most exact route of an address: one without placeholders before one with them.
    fn route_of(&self, path: &str) -> Option<String> {
        let bare = path.split(['?', '#']).next().unwrap_or_default();
        let fits = |route: &&String| {
            let (a, b): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), bare.split('/').collect());
            a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || a.starts_with('{') && !b.is_empty())
        };
        self.routes.iter().filter(fits).min_by_key(|route| route.matches('{').count()).cloned()
    }

    async fn look(&mut self, path: &str, route: &str) {
        let window = self.window;
        let joint = if path.contains('?') { '&' } else { '?' };
        window.go(&format!("{}{path}{joint}lang=en", self.base)).await;
        let cyrillic = window.ask(NAMES).await;
        if cyrillic.as_array().is_some_and(|all| !all.is_empty()) {
            self.found.push(format!("{path}: Ukrainian words on the English page: {cyrillic}"));
        }
        self.faults(path, "en").await;
        window.go(&format!("{}{path}{joint}lang=uk", self.base)).await;
        self.faults(path, "uk").await;
        let name = route.trim_matches('/').replace(['/', '{', '}'], "-");
        if !is_paper(route) {
            self.narrow(path, &name).await;
        }
        window.forced_colours(true).await;
        window.picture(&format!("forced-{name}")).await;
        window.forced_colours(false).await;
        // Some addresses lead on to another one.
        let there = window.path().await;
        self.queue.push_back(there.split(['?', '#']).next().unwrap_or_default().to_owned());
        let links = window.ask(LINKS).await;
        for link in links.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let link = link.split('#').next().unwrap_or_default();
            if link.starts_with('/') && !link.contains("lang=") {
                self.queue.push_back(link.to_owned());
            }
        }
    }

    /// As wide as 320 px, which is 400 % of 1280.
    async fn narrow(&mut self, path: &str, name: &str) {
        let window = self.window;
        window.narrow(true).await;
        let wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let over = window.ask(wide).await.as_i64().unwrap_or_default();
        if over > 0 {
            let widest = window.ask("[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, [data-scroll], .table-scroll')).slice(0, 4).map(e => e.outerHTML.slice(0, 90))").await;
            self.found.push(format!("{path}: {over} px too wide at 320 px: {widest}"));
        }
        window.picture(&format!("narrow-{name}")).await;
        window.narrow(false).await;
    }

    async fn faults(&mut self, path: &str, language: &str) {
        let text = self.window.text().await;
        if text.contains('⟦') {
            let at = text.find('⟦').unwrap_or_default();
            self.found.push(format!(
                "{path} ({language}): a phrase is missing: {}",
                text[at..].chars().take(60).collect::<String>()
            ));
        }
        if self.window.ask("document.documentElement.scrollWidth > document.documentElement.clientWidth").await
            == Value::Bool(true)
        {
            self.found.push(format!("{path} ({language}): wider than the window"));
        }
        if self.window.ask("document.querySelectorAll('h1').length").await != json!(1) {
            self.found.push(format!("{path} ({language}): not one heading"));
        }
        let violations = violations(self.window).await;
        self.found.extend(violations.into_iter().map(|one| format!("{path} ({language}): {one}")));
    }
}

/// A sheet of A4 keeps its size on the screen: two directions are needed to read it (WCAG 1.4.10 excepts it).
fn is_paper(route: &str) -> bool {
    ["/opys", "/papers/", "/sheet", "/card", "/print"].iter().any(|part| route.contains(part))
}

/// The addresses of pages in the desk's table of routes.
pub fn desk_routes() -> Vec<String> {
    let source = include_str!("../../sync-server/desk/src/web/routes.rs");
    let pages = source.split("Verb::Get,").skip(1).chain(source.split("live(").skip(1)).filter_map(quoted);
    pages.filter(|path| !path.contains('.') && !path.ends_with("/file")).collect()
}

/// The addresses of pages in the suitcase's router.
pub fn suitcase_routes() -> Vec<String> {
    let source = include_str!("../../field-agent/src/web/pages/mod.rs");
    let routes =
        source.split(".route(").skip(1).filter(|route| route.split(".route(").next().unwrap_or("").contains("get("));
    routes.filter_map(quoted).collect()
}

/// The first quoted text.
fn quoted(source: &str) -> Option<String> {
    source.split('"').nth(1).filter(|path| path.starts_with('/')).map(str::to_owned)
}

/// Routes that no link leads to: the page that sends one on, what only a script asks for, and pages that a form opens.
const SUITCASE_WITHOUT_LINKS: &[&str] = &[
    "/",
    "/drafts/{id}/review",
    "/launch/{token}",
    // There is a paper of a shift once nothing is left: `shift.rs` goes there.
    "/shift/file",
    "/shift/paper",
    "/unlock",
    "/status",
    "/recover",
    "/suggest/places",
    "/suggest/residents",
    "/suggest/services",
];
const DESK_WITHOUT_LINKS: &[&str] = &[
    "/",
    "/catalogue/drafts/{draft}",
    "/catalogue/drafts/{draft}/services/{service}",
    "/catalogue/drafts/{draft}/shared",
    "/status",
    "/queue/news",
    "/queue/outcome/{id}",
    "/requests/{number}/decisions/{event}",
    "/sign-in",
    "/sign-in/code",
    "/unseal",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_suitcase_is_for_everybody() {
    let (centre, first, number) = busy();
    let own = first.record(&form("Коваленко"));
    let people = first.call(&["residents", "--json"]).json();
    let person = people[0]["record"].as_str().expect("somebody is known");
    let (window, console) = (Window::open().await, Console::start(&first));
    window.go(&console.launch).await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    let mut from = vec!["/day".to_owned(), "/requests/new".to_owned(), "/services".to_owned()];
    for part in ["", "/saved", "/opys", "/papers/application"] {
        from.push(format!("/requests/{own}{part}"));
    }
    from.push(format!("/requests/{number}"));
    from.push(format!("/residents/{person}/conflicts"));
    refuse_by_lock(&window, &console).await;
    from.push("/continue".to_owned());
    let walk = Walk::new(&window, &console.base, suitcase_routes(), &from).everywhere().await;
    walk.must_be_clean(SUITCASE_WITHOUT_LINKS);
    window.close().await;
    drop(centre);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_desk_is_for_everybody() {
    let (centre, _first, number) = busy();
    let window = Window::open().await;
    sign_in(&window, &centre).await;
    let own = centre.passphrase();
    let words = ["--reason", "заява особи", "--open-too", "рішення суду", "--own-passphrase-file"];
    centre.call(&[&["erasures", "propose", number.as_str()], &words[..], &[own.to_str().unwrap()]].concat()).ok();
    let mark = format!("/requests/{number}/marks/registered");
    // A form leads to what would be erased.
    let erased = format!("/erasures/new?what={number}");
    let from = ["/queue".to_owned(), format!("/requests/{number}"), mark, erased];
    let walk = Walk::new(&window, &centre.desk, desk_routes(), &from).everywhere().await;
    walk.must_be_clean(DESK_WITHOUT_LINKS);
    window.close().await;
}

/// Sends a form while the screen is locked, and comes back to what waits.
async fn refuse_by_lock(window: &Window, console: &Console) {
    window.go(&format!("{}/consultations/new", console.base)).await;
    window.fill("[name=topic]", "Пенсія за віком").await;
    let send = "fetch('/lock', { method: 'POST' }).then(() => document.querySelector('main form').submit())";
    window.driver.execute(send, Vec::<Value>::new()).await.expect("a form is sent");
    window.until("location.pathname === '/unlock'").await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    assert_eq!(window.path().await, "/continue");
}

/// A centre with two suitcases in the middle of their work.
fn busy() -> (Centre, Suitcase, String) {
    let centre = Centre::start();
    let (first, second) = (centre.suitcase(7), centre.suitcase(8));
    let number = differing(&centre, &first, &second);
    // The same person with the same service again: a duplicate.
    second.record(&form("Гук"));
    let asked = ["--topic", "Пенсія за віком", "--answer", "Пояснено", "--who", "Гук Ганна"];
    second.call(&[&["consultation", "add"][..], &asked].concat()).ok();
    second.sync().ok();
    first.sync().ok();
    (centre, first, number)
}
