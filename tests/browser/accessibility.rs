//! Every page in its states, in both languages, by light and by night, under axe-core's rules; and the rules find a
//! fault that is there.

use super::clerk::{differing, sign_in};
use super::console::Console;
use super::window::Window;
use serde_json::Value;
use valiza_tests::programs::{Centre, PASSPHRASE, form};

const AXE: &str = include_str!("assets/axe.min.js");

const RUN: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }).then(
        (found) => done(found.violations.map((one) => one.id + ': ' + one.help + ' | '
            + one.nodes.map((node) => node.html.slice(0, 200) + ' ' + (node.any[0]?.message ?? '')).join(' | '))),
        (error) => done([String(error)]));";

/// What the rules say against the page as it stands.
pub async fn violations(window: &Window) -> Vec<String> {
    window.driver.execute(AXE, Vec::<Value>::new()).await.expect("axe-core");
    let found = window.driver.execute_async(RUN, Vec::<Value>::new()).await.expect("a result");
    found.convert().expect("texts")
}

/// What was found on which page.
#[derive(Default)]
struct Report {
    pages: usize,
    found: Vec<String>,
}

impl Report {
    /// Looks at the page as it stands.
    async fn look(&mut self, window: &Window, name: &str) {
        self.pages += 1;
        window.picture(&format!("look-{name}")).await;
        let text = window.text().await;
        if text.contains('⟦') {
            self.found.push(format!("{name}: a phrase is missing"));
        }
        let too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
        if window.ask(too_wide).await == Value::Bool(true) {
            self.found.push(format!("{name}: wider than the window"));
        }
        self.found.extend(violations(window).await.into_iter().map(|one| format!("{name}: {one}")));
    }

    /// Opens a page in both languages.
    async fn visit(&mut self, window: &Window, base: &str, path: &str, name: &str) {
        for language in ["en", "uk"] {
            let joint = if path.contains('?') { '&' } else { '?' };
            window.go(&format!("{base}{path}{joint}lang={language}")).await;
            self.look(window, &format!("{name}-{language}")).await;
        }
    }

    #[track_caller]
    fn must_be_clean(self, pages_min: usize) {
        assert!(self.pages >= pages_min, "{} pages seen", self.pages);
        assert!(self.found.is_empty(), "{} findings:\n{}", self.found.len(), self.found.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_officers_pages_are_for_everybody() {
    let centre = Centre::start();
    let (first, second) = (centre.suitcase(7), centre.suitcase(8));
    let mut report = Report::default();
    let window = Window::open().await;
    {
        let console = Console::start(&first);
        window.go(&console.launch).await;
        let base = console.base.as_str();
        report.visit(&window, base, "/unlock", "unlock").await;
        window.fill("#passphrase", "не той пароль").await;
        window.follow(".sign-in button").await;
        report.look(&window, "unlock-wrong").await;
        window.fill("#passphrase", PASSPHRASE).await;
        window.follow(".sign-in button").await;
        for path in ["/day", "/requests", "/residents", "/exchange"] {
            report.visit(&window, base, path, &format!("{}-empty", &path[1..])).await;
        }
    }
    let number = differing(&centre, &first, &second);
    first.call(&["sync"]).ok();
    let waiting = first.record(&form("Коваленко"));
    let console = Console::start(&first);
    window.go(&console.launch).await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    let base = console.base.as_str();
    for path in ["/day", "/requests", "/residents", "/exchange", "/help", "/requests?q=ніхто", "/nowhere"] {
        report.visit(&window, base, path, &path[1..].replace(['?', '='], "-")).await;
    }
    for part in ["", "/saved", "/correct", "/opys", "/opys?large=1"] {
        let name = format!("request{}", part.replace(['/', '?', '='], "-"));
        report.visit(&window, base, &format!("/requests/{waiting}{part}"), &name).await;
    }
    report.visit(&window, base, &format!("/requests/{number}/conflicts"), "conflicts").await;
    window.follow(".conflict button").await;
    report.look(&window, "conflicts-wrong").await;
    window.go(&format!("{base}/requests/new")).await;
    let draft = window.path().await;
    report.visit(&window, base, &draft, "form").await;
    window.follow("button[value=review]").await;
    report.look(&window, "form-errors").await;
    window.close().await;
    drop(console);
    let console = Console::start(&first);
    let (window, base) = (Window::open_at_night().await, console.base.as_str());
    window.go(&console.launch).await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    for path in ["/day", "/requests", draft.as_str()] {
        window.go(&format!("{base}{path}")).await;
        report.look(&window, &format!("night-{}", path.split('/').nth(1).unwrap_or_default())).await;
    }
    window.close().await;
    report.must_be_clean(40);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clerks_pages_are_for_everybody() {
    let centre = Centre::start();
    let (first, second) = (centre.suitcase(7), centre.suitcase(8));
    let base = centre.desk.trim_end_matches('/').to_owned();
    let mut report = Report::default();
    let window = Window::open().await;
    report.visit(&window, &base, "/sign-in", "sign-in").await;
    window.fill("#login", "nobody").await;
    window.fill("#passphrase", "не той пароль").await;
    window.follow(".sign-in button").await;
    report.look(&window, "sign-in-wrong").await;
    sign_in(&window, &centre).await;
    report.visit(&window, &base, "/queue", "queue-empty").await;
    let number = differing(&centre, &first, &second);
    for path in ["/queue", "/queue?group=differences", "/queue?q=ніхто", "/set-aside", "/nowhere", "/passphrase"] {
        report.visit(&window, &base, path, &path[1..].replace(['?', '='], "-")).await;
    }
    for path in ["/suitcases", "/suitcases/7", "/accounts", "/accounts/admin"] {
        report.visit(&window, &base, path, &path[1..].replace('/', "-")).await;
    }
    for part in ["", "/card", "/opys", "/differences/phone"] {
        let name = format!("case{}", part.replace('/', "-"));
        report.visit(&window, &base, &format!("/requests/{number}{part}"), &name).await;
    }
    window.follow(".conflict button").await;
    report.look(&window, "case-differences-wrong").await;
    window.go(&format!("{base}/suitcases/invite")).await;
    window.follow("main form button").await;
    report.look(&window, "suitcases-wrong").await;
    window.close().await;
    let window = Window::open_at_night().await;
    sign_in(&window, &centre).await;
    for path in ["/queue", &format!("/requests/{number}")] {
        window.go(&format!("{base}{path}")).await;
        report.look(&window, &format!("night-desk-{}", path.split('/').nth(1).unwrap_or_default())).await;
    }
    window.close().await;
    report.must_be_clean(30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_is_there_is_found() {
    let centre = Centre::start();
    let window = Window::open().await;
    window.go(&format!("{}sign-in", centre.desk)).await;
    assert_eq!(violations(&window).await, Vec::<String>::new());
    let fault = "document.querySelector('label[for=login]').remove()";
    window.driver.execute(fault, Vec::<Value>::new()).await.expect("a script");
    let found = violations(&window).await;
    assert!(found.iter().any(|one| one.starts_with("label:")), "{found:?}");
    let grey = "document.querySelector('main p').style.color = '#bbb'";
    window.driver.execute(grey, Vec::<Value>::new()).await.expect("a script");
    let found = violations(&window).await;
    assert!(found.iter().any(|one| one.starts_with("color-contrast:")), "{found:?}");
    window.close().await;
}
