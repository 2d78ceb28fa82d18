//! What hostile people type, wherever something can be typed, and everywhere it is shown again: as text, nothing more.

use super::clerk::{cells, fetched, sign_in};
use super::console::{Console, RESIDENT};
use super::window::{Window, quoted};
use serde_json::Value;
use valiza_tests::programs::{Centre, PASSPHRASE};

/// What is typed, and the part of it that no mending of spaces, quotes or letters changes.
const HOSTILE: [(&str, &str); 5] = [
    ("<script>alert(1)</script>", "alert(1)"),
    ("\"><img src=x onerror=alert(1)>", "alert(1)"),
    ("{{7*7}}", "7*7"),
    ("javascript:alert(1)", "alert(1)"),
    ("=cmd|' /C calc'!A0", "calc"),
];

/// What a field takes that refuses anything odd, besides those of [`RESIDENT`].
const PLAIN: [(&str, &str); 7] = [
    ("pr.kat~place", "Гиряві Ісківці"),
    ("pr.index~digits", "39011"),
    ("f.dwelling_address.katottg~place", "Гиряві Ісківці"),
    ("f.dwelling_address.house", "4"),
    ("f.area~figures", "54,3"),
    ("d.application~sheets", "2"),
    ("d.income-expense-declaration~sheets", "4"),
];

/// The same for the rows of lists, by the end of the name.
const OF_ROWS: [(&str, &str); 4] =
    [(".surname", "Коваленко"), (".given_name", "Ганна"), (".amount~figures", "4310,50"), ("~figures", "1")];

/// What is plain for a field; empty for those that may stay so.
fn plain(name: &str) -> &'static str {
    let exact = RESIDENT.iter().chain(&PLAIN).find(|(field, _)| *field == name);
    exact.or_else(|| OF_ROWS.iter().find(|(end, _)| name.ends_with(end))).map_or("", |(_, plain)| plain)
}

/// Elements that only a text taken for markup can have made.
const MADE: &str = "[...document.querySelectorAll('img, script:not([src]), [onerror], [onload]')].length
    + [...document.querySelectorAll('[href], [action], [formaction], [src]')].filter(e =>
        ['href', 'action', 'formaction', 'src'].some(a => /^\\s*javascript:/i.test(e.getAttribute(a) ?? ''))).length";

/// The page made nothing of what it shows. An alert would have stopped the question already.
async fn harmless(window: &Window) {
    let made = window.ask(MADE).await;
    assert_eq!(made, Value::from(0), "{}", window.path().await);
}

/// Opens a page: it is harmless, and it shows this as text if it is to.
async fn look(window: &Window, address: &str, shown: Option<&str>) {
    window.go(address).await;
    harmless(window).await;
    let text = window.text().await;
    if let Some(shown) = shown {
        assert!(text.contains(shown), "{shown} is not shown on {address}:\n{text}");
    }
}

/// What the browser complained about: scripts that ran and broke, and what the policy of the pages stopped.
async fn complaints(window: &Window) -> Vec<String> {
    let log = window.driver.browser_log().await.expect("a log");
    let told = log.into_iter().map(|entry| entry.message);
    told.filter(|words| ["Security Policy", "Refused to", "Uncaught"].iter().any(|sign| words.contains(sign))).collect()
}

/// Puts texts into many fields at once, as pasting does.
async fn put(window: &Window, texts: &[(&str, &str)]) {
    let script = "for (const [name, text] of arguments[0]) {
        const field = document.getElementsByName(name)[0];
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }";
    window.driver.execute(script, vec![serde_json::json!(texts)]).await.expect("fields take texts");
}

/// Types into a field instead of what is there, wherever it stands.
async fn fill(window: &Window, name: &str, text: &str) {
    window.fill(&format!("[name={}]", quoted(name)), text).await;
}

async fn click(window: &Window, selector: &str) {
    let script = format!("document.querySelector({}).click()", quoted(selector));
    window.driver.execute(script, Vec::<Value>::new()).await.unwrap_or_else(|error| panic!("{selector}: {error}"));
}

/// The names of all fields in which something can be typed.
async fn fields(window: &Window, within: &str) -> Vec<String> {
    let found = format!(
        "[...document.querySelectorAll({})].filter(e => e.offsetParent).map(e => e.name)",
        quoted(&format!("{within} input[type=text], {within} textarea"))
    );
    let unfold = "document.querySelectorAll('details').forEach(e => e.open = true)";
    window.driver.execute(unfold, Vec::<Value>::new()).await.expect("it unfolds");
    let names = window.ask(&found).await;
    names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A request with this in every field that takes it; its number, and how many fields took it.
async fn taken(window: &Window, base: &str, hostile: &str, core: &str) -> (String, usize) {
    window.go(&format!("{base}/services/housing-subsidy")).await;
    window.follow("form[action$='/request'] button").await;
    let all = fields(window, "form[data-autosave-url]").await;
    assert!(all.len() > 50, "{all:?}");
    put(window, &all.iter().filter(|name| *name != "service").map(|name| (&**name, hostile)).collect::<Vec<_>>()).await;
    for selector in [
        "[name='a.sex'][value=f]",
        "[name='a.seen'][value=original]",
        "[name=delivery][value=home]",
        "[name='f.basis'][value=registered]",
        "[name='f.debt'][value=no]",
        "[name='f.payout'][value=post]",
        "[name='d.application~form'][value=original]",
        "[name='d.income-expense-declaration~form'][value=original]",
        "[name='d.identity-document~seen']",
        "[name='d.identity-document~returned']",
        "[name='consent~part~data']",
        "[name='consent~by'][value=applicant]",
    ] {
        click(window, selector).await;
    }
    click(window, "select[name='a.doc'] option[value=passport]").await;
    let document = "document.querySelector('select[name=\"a.doc\"]').value = 'passport'";
    window.driver.execute(document, Vec::<Value>::new()).await.expect("a document");
    window.follow("button[value=review]").await;
    kept(window, &all, core).await;
    for _ in 0..5 {
        if window.path().await.ends_with("/review") {
            break;
        }
        harmless(window).await;
        mend(window, hostile).await;
        window.follow("button[value=review]").await;
    }
    assert!(window.path().await.ends_with("/review"), "{}\n{}", window.path().await, window.text().await);
    harmless(window).await;
    let took = window.text().await.matches(core).count();
    window.follow("form[action$='/finish'] button").await;
    harmless(window).await;
    assert!(window.path().await.ends_with("/saved"), "{}\n{}", window.path().await, window.text().await);
    (window.ask("document.querySelector('.number').innerText").await.as_str().unwrap().to_owned(), took)
}

/// Whatever is refused stands in its field as it was typed.
async fn kept(window: &Window, names: &[String], core: &str) {
    let values = window.ask("Object.fromEntries([...document.querySelectorAll('[name]')].map(e => [e.name, e.value]))");
    let values = values.await;
    let lost = |name: &&String| values[name.as_str()].as_str().is_some_and(|value| !value.contains(core));
    let lost: Vec<&String> = names.iter().filter(|name| *name != "service").filter(lost).collect();
    assert!(lost.is_empty(), "{core} is lost from {lost:?}\n{values}");
}

/// Fields that refuse it get something plain, or nothing; what is only odd is kept, with a reason as odd as itself.
async fn mend(window: &Window, hostile: &str) {
    let all = fields(window, "main").await;
    let names =
        |of: &str| format!("[...document.querySelectorAll('{of}')].filter(e => e.offsetParent).map(e => e.name)");
    let wrong = window.ask(&names(".field-wrong input[type=text], .field-wrong textarea")).await;
    let texts = |found: &Value| -> Vec<String> {
        found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut wrong = texts(&wrong);
    // The number of sheets is complained about at its paper, series and number as one; half a representative is none.
    let with_others = |name: &String| {
        name.ends_with("~sheets") || name.starts_with("r.") || ["a.ser", "a.num"].contains(&name.as_str())
    };
    wrong.extend(all.into_iter().filter(with_others));
    wrong.retain(|name| !name.ends_with("~reason"));
    let codes: Vec<String> =
        wrong.iter().filter(|name| name.ends_with("~place")).map(|name| format!("{name}~code")).collect();
    put(window, &wrong.iter().map(|name| (&**name, plain(name))).collect::<Vec<_>>()).await;
    put(window, &codes.iter().map(|name| (&**name, "UA53060190130055218")).collect::<Vec<_>>()).await;
    let odd = window.ask(&names(".field-odd [name$=\"~reason\"]")).await;
    put(window, &texts(&odd).iter().map(|name| (&**name, hostile)).collect::<Vec<_>>()).await;
}

/// Every page of the suitcase that shows it.
async fn on_the_suitcase(window: &Window, base: &str, number: &str, (hostile, core): (&str, &str)) {
    let request = format!("{base}/requests/{number}");
    look(window, &request, Some(core)).await;
    window.fill("#note-text", hostile).await;
    window.follow("form[action$='/note'] button").await;
    harmless(window).await;
    assert!(window.text().await.contains(hostile), "the note is shown as it was typed");
    for (part, shown) in [("/opys", None), ("/papers/application", Some(core)), ("/papers/consent", None)] {
        look(window, &format!("{request}{part}"), shown).await;
    }
    window.picture(&format!("stored-application-{}", &number[..8])).await;
    look(window, &format!("{request}/correct"), None).await;
    look(window, &format!("{base}/consultations/new"), None).await;
    for name in ["topic", "answer", "who"] {
        fill(window, name, hostile).await;
    }
    window.follow("main form[method=post] button").await;
    harmless(window).await;
    assert!(window.text().await.contains(hostile), "{}", window.text().await);
    let asked = window.ask(&format!("'?q=' + encodeURIComponent({})", quoted(hostile))).await;
    let asked = asked.as_str().unwrap();
    for page in ["/requests", "/residents", "/consultations", "/services"] {
        look(window, &format!("{base}{page}{asked}"), None).await;
        let box_ = window.ask("document.querySelector('[name=q]').value").await;
        assert_eq!(box_, Value::from(hostile), "{page}");
    }
    for page in ["/day", "/requests", "/residents", "/exchange", "/residents/duplicates"] {
        look(window, &format!("{base}{page}"), None).await;
    }
}

/// Every page of the desk that shows it, with more of it typed there.
async fn at_the_desk(window: &Window, desk: &str, at: usize, number: &str, (hostile, core): (&str, &str)) {
    let request = format!("{desk}/requests/{number}");
    look(window, &request, Some(hostile)).await;
    window.follow("form[action$='/accept'] button").await;
    click(window, "details:has(form[action$='/note']) summary").await;
    window.fill("#note-text", hostile).await;
    window.follow("form[action$='/note'] button").await;
    harmless(window).await;
    click(window, "details:has(form[action$='/number']) summary").await;
    window.follow("form[action$='/number'] button").await;
    harmless(window).await;
    click(window, "details:has(form[action$='/hand_over']) summary").await;
    for field in ["#hand-over-text", "#hand-over-person"] {
        window.fill(field, hostile).await;
    }
    window.follow("form[action$='/hand_over'] button").await;
    harmless(window).await;
    window.shows(hostile).await;
    look(window, &format!("{request}/card"), Some(core)).await;
    for part in ["/opys", "/papers/application", "/sheet", "/marks", "/twins"] {
        look(window, &format!("{request}{part}"), None).await;
    }
    window.go(&format!("{desk}/accounts")).await;
    fill(window, "name", hostile).await;
    fill(window, "login", &format!("clerk{at}")).await;
    fill(window, "passphrase", PASSPHRASE).await;
    window.follow("form[action='/accounts'] button").await;
    harmless(window).await;
    assert!(window.text().await.contains(hostile), "the name of an account: {}", window.text().await);
    fill(window, "login", hostile).await;
    fill(window, "name", hostile).await;
    fill(window, "passphrase", PASSPHRASE).await;
    window.follow("form[action='/accounts'] button").await;
    harmless(window).await;
    let typed = window.ask("document.querySelector('[name=login]').value").await;
    assert_eq!(typed, Value::from(hostile), "a login that is refused stands where it was typed");
    let asked = window.ask(&format!("'?q=' + encodeURIComponent({})", quoted(hostile))).await;
    for page in ["/queue", "/journal", "/audit"] {
        look(window, &format!("{desk}{page}{}", asked.as_str().unwrap()), None).await;
    }
}

/// A file for spreadsheets in which no cell is a formula.
async fn no_formula(window: &Window, desk: &str, path: &str, shown: bool) {
    window.go(&format!("{desk}/queue")).await;
    let sheet = fetched(window, &quoted(path)).await;
    let cells: Vec<String> = cells(sheet.trim_start_matches('\u{feff}'));
    assert!(cells.len() > 5, "{path}: {sheet}");
    let formula = cells.iter().find(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
    assert_eq!(formula, None, "{path}");
    if shown {
        assert!(cells.iter().any(|cell| cell.starts_with("'=cmd")), "{path} shows it with its apostrophe: {sheet}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_stays_text_everywhere() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let mut console = Console::start(&suitcase);
    let window = Window::open().await;
    window.go(&console.launch).await;
    window.fill("#passphrase", PASSPHRASE).await;
    window.follow(".sign-in button").await;
    let mut numbers = Vec::new();
    for (hostile, core) in HOSTILE {
        let (number, took) = taken(&window, &console.base, hostile, core).await;
        println!("measured:\n{hostile}: {took} places of the summary show it");
        assert!(took >= 5, "{hostile}: shown in {took} places of the summary");
        on_the_suitcase(&window, &console.base, &number, (hostile, core)).await;
        numbers.push(number);
    }
    assert_eq!(complaints(&window).await, Vec::<String>::new());
    console.cut();
    suitcase.sync().ok();
    centre.queue_of(numbers.len());
    sign_in(&window, &centre).await;
    let desk = centre.desk.trim_end_matches('/');
    for (at, (number, hostile)) in numbers.iter().zip(HOSTILE).enumerate() {
        at_the_desk(&window, desk, at, number, hostile).await;
    }
    for page in ["/queue", "/queue?group=all", "/journal", "/journal/print", "/audit", "/accounts", "/set-aside"] {
        look(&window, &format!("{desk}{page}"), None).await;
    }
    window.picture("stored-journal").await;
    for (path, shown) in [
        ("/queue.csv?group=all", false),
        ("/journal.csv", true),
        ("/journal/open-data.csv", false),
        ("/audit.csv", false),
    ] {
        no_formula(&window, desk, path, shown).await;
    }
    assert_eq!(complaints(&window).await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_not_stay_text_is_seen() {
    let centre = Centre::start();
    let window = Window::open().await;
    window.go(&format!("{}sign-in", centre.desk)).await;
    harmless(&window).await;
    assert_eq!(complaints(&window).await, Vec::<String>::new());
    for (markup, _) in &HOSTILE[..2] {
        let put = format!("document.querySelector('main p').innerHTML = {}", quoted(markup));
        window.driver.execute(put, Vec::<Value>::new()).await.expect("markup");
        assert_ne!(window.ask(MADE).await, Value::from(0), "{markup}");
    }
    let link = "document.querySelector('main p').innerHTML = '<a href=\"javascript:alert(1)\">x</a>'";
    window.driver.execute(link, Vec::<Value>::new()).await.expect("a link");
    assert_ne!(window.ask(MADE).await, Value::from(0));
    let found = complaints(&window).await;
    assert!(found.iter().any(|words| words.contains("Security Policy")), "{found:?}");
    assert_eq!(cells("a;\"b;\"\"c\"\r\n=d"), ["a", "b;c", "=d"]);
    let _ = window.driver.clone().quit().await;
}
