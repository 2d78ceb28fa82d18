//! The form of a request as officers use it: two tabs, bad input, undo, another release, several services in one visit.

use super::tests::{Browser, typed};
use super::tests_every_service::names;
use crate::app::testing::sample_form;
use axum::http::StatusCode;

async fn new_draft(browser: &mut Browser) -> String {
    browser.get("/requests/new").await.leads_to().to_owned()
}

/// The hidden fields by which a page says which text it shows.
fn edition(page: &str) -> [(String, String); 2] {
    ["edition", "tab"].map(|name| {
        let rest = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        (name.to_owned(), rest.split('"').next().unwrap().to_owned())
    })
}

fn with(form: &crate::app::Form, of: &[(String, String); 2], button: &str) -> Vec<(String, String)> {
    let mut pairs = typed(form);
    pairs.extend(of.iter().cloned());
    pairs.push(("do".into(), button.into()));
    pairs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_on_one_draft_lose_nothing() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let first = edition(&browser.get(&draft).await.text);
    let mut form = sample_form();
    browser.post_typed(&draft, &with(&form, &first, "keep")).await.leads_to();
    let second = edition(&browser.get(&draft).await.text);
    assert_ne!(first[1], second[1], "each page has a name of its own");
    // The first tab goes on: it saved last.
    form.fields.insert("phone".into(), "+380501112233".into());
    browser.post_typed(&draft, &with(&form, &first, "keep")).await.leads_to();
    // The second tab still shows the text before.
    let mut older = sample_form();
    older.fields.insert("pr.house".into(), "77".into());
    let saved = browser.post_typed(&format!("{draft}/autosave"), &with(&older, &second, "")).await;
    assert_eq!(saved.status, StatusCode::CONFLICT);
    assert!(saved.text.contains("інша вкладка"), "{}", saved.text);
    assert_eq!(browser.post_typed(&draft, &with(&older, &second, "review")).await.leads_to(), format!("{draft}#clash"));
    let page = browser.get(&draft).await;
    for words in ["id=\"clash\"", "+380501112233", "77", "name=\"take~pr.house\""] {
        assert!(page.text.contains(words), "{words}");
    }
    // Nothing goes on to be saved before a person has looked.
    let now = edition(&page.text);
    browser.post_typed(&draft, &with(&form, &now, "review")).await;
    assert_eq!(browser.get(&format!("{draft}/review")).await.status, StatusCode::SEE_OTHER);
    let at = browser.get(&draft).await.between("name=\"at\" value=\"", "\"").to_owned();
    let stale = [("tab", second[1].1.as_str()), ("at", "1"), ("edition", &now[0].1), ("take~phone", "here")];
    browser.post(&format!("{draft}/clash"), &stale).await.leads_to();
    let page = browser.get(&draft).await;
    assert!(page.text.contains("id=\"clash\""), "a text that was not shown is not dropped");
    let shown = edition(&page.text);
    let choice = [
        ("tab", second[1].1.as_str()),
        ("at", at.as_str()),
        ("edition", shown[0].1.as_str()),
        ("take~pr.house", "there"),
        ("take~phone", "here"),
    ];
    browser.post(&format!("{draft}/clash"), &choice).await.leads_to();
    let page = browser.get(&draft).await;
    assert!(!page.text.contains("id=\"clash\""));
    assert!(page.text.contains("value=\"77\"") && page.text.contains("+380 50 111 22 33"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tab_left_open_after_saving_does_not_record_twice() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let of = edition(&browser.get(&draft).await.text);
    browser.post_typed(&draft, &with(&sample_form(), &of, "review")).await;
    let left_open = edition(&browser.get(&draft).await.text);
    browser.finish(&draft).await.leads_to();
    let late = browser.post_typed(&format!("{draft}/autosave"), &with(&sample_form(), &left_open, "")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(browser.console.agent().unwrap().drafts().unwrap().is_empty(), "no ghost of a saved request");
    let mut more = sample_form();
    more.fields.insert("summary".into(), "дописане після збереження".into());
    let to = browser.post_typed(&draft, &with(&more, &left_open, "keep")).await.leads_to().to_owned();
    assert!(!to.starts_with(&draft), "what was typed lies in a draft of its own: {to}");
    assert!(browser.get(&to).await.text.contains("дописане після збереження"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thrown_away_draft_can_be_brought_back() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    browser.post(&draft, &[("a.last", "Коваленко"), ("do", "keep")]).await;
    let to = browser.post(&format!("{draft}/discard"), &[]).await.leads_to().to_owned();
    let page = browser.get(&to).await;
    assert!(page.text.contains("Повернути можна до 12:10") && page.text.contains(&format!("{draft}/restore")));
    assert!(browser.get("/requests").await.text.contains(&format!("{draft}/restore")), "it is found again");
    assert!(!browser.get("/day").await.text.contains("Коваленко"));
    assert_eq!(browser.post(&format!("{draft}/restore"), &[]).await.leads_to(), draft);
    assert!(browser.get(&draft).await.text.contains("value=\"Коваленко\""));
    browser.post(&format!("{draft}/discard"), &[]).await;
    browser.bench.clock.advance(std::time::Duration::from_secs(601));
    browser.unlock(super::tests::PASSPHRASE).await;
    assert_eq!(browser.post(&format!("{draft}/restore"), &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_of_every_kind_in_every_field_is_kept_shown_and_said() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let mut form = sample_form();
    form.fields.insert("r.last".into(), "Коваленко".into());
    let of = edition(&browser.get(&draft).await.text);
    browser.post_typed(&draft, &with(&form, &of, "keep")).await;
    let page = browser.get(&draft).await.text;
    // Every line and every text of several lines; helpers and what is chosen have values of their own.
    let lines: Vec<String> = page
        .split("<input type=\"text\"")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .chain(page.split("<textarea").skip(1).filter_map(|rest| rest.split('>').next()))
        .flat_map(|tag| names(&format!(" {tag}")))
        .filter(|name| !name.ends_with("~reason") && name != "service")
        .collect();
    assert!(lines.len() > 60, "{}", lines.len());
    let long = "я".repeat(20_000);
    let kinds: [(&str, &str, &str); 9] = [
        ("too long", &long, ""),
        ("control", "Сад\u{7}ова", "U+0007"),
        ("turned", "Сад\u{202e}ова", "U+202E"),
        ("isolate", "\u{2066}12\u{2069}", "U+2066"),
        ("no width", "12\u{200b}34", "U+200B"),
        ("script", "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>", ""),
        ("layout", "ghbdsn", ""),
        ("spaces", "\u{a0} 12\u{a0}34 ", ""),
        ("others", "🙂 ㎞ ﷽ \u{301}", ""),
    ];
    let agent = browser.console.agent().unwrap();
    let key = agent.draft_id(draft.rsplit('/').next().unwrap()).unwrap();
    let mut looked = 0;
    for name in &lines {
        for (kind, text, said) in kinds {
            let pairs = [("service~now", "housing-subsidy"), (name.as_str(), text), ("do", "review")];
            let to = browser.post(&draft, &pairs).await.leads_to().to_owned();
            assert!(to.contains("check=1"), "{name}, {kind}: {to}");
            let page = browser.get(&to).await;
            assert_eq!(page.status, StatusCode::OK, "{name}, {kind}");
            assert!(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"), "{name}, {kind}");
            assert!(said.is_empty() || page.text.contains(said), "{name}, {kind}: the sign is not shown");
            let held = serde_json::to_string(&agent.draft(key).unwrap().unwrap()).unwrap();
            let bare: String = text.split(|c: char| c.is_whitespace() || c == '\u{a0}').collect();
            let kept: String = held.split(|c: char| c.is_whitespace() || c == '\u{a0}').collect();
            let escaped = serde_json::to_string(&bare).unwrap();
            assert!(kept.contains(escaped.trim_matches('"')), "{name}, {kind}: lost");
            looked += 1;
        }
    }
    println!("{looked} bad inputs in {} fields", lines.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_layout_and_look_alikes_are_offered_and_taken() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let mut form = sample_form();
    form.fields.insert("a.last".into(), "Rjdfktyrj".into());
    form.fields.insert("pr.street".into(), "Cfljdf".into());
    form.fields.insert("a.ser".into(), "HC".into());
    let mut pairs = typed(&form);
    pairs.push(("do".into(), "review".into()));
    let to = browser.post_typed(&draft, &pairs).await.leads_to().to_owned();
    let page = browser.get(&to).await;
    for fix in [
        "name=\"a.last~fix\" value=\"Коваленко\"",
        "name=\"pr.street~fix\" value=\"Садова\"",
        "name=\"a.num~fix\" value=\"НС 123456\"",
    ] {
        assert!(page.text.contains(fix), "{fix}");
    }
    for (name, value) in [("a.last~fix", "Коваленко"), ("pr.street~fix", "Садова"), ("a.num~fix", "НС 123456")]
    {
        pairs.push((name.into(), value.into()));
    }
    assert_eq!(browser.post_typed(&draft, &pairs).await.leads_to(), format!("{draft}/review"));
    let review = browser.get(&format!("{draft}/review")).await;
    assert!(review.text.contains("Коваленко Ганна") && review.text.contains("Садова") && review.text.contains("НС"));
    // What was pasted in groups is kept bare, and that is said.
    browser.post(&draft, &[("a.rnokpp~digits", "140 821-2320"), ("do", "keep")]).await;
    let page = browser.get(&draft).await;
    assert!(page.text.contains("Було: «140 821-2320»") && page.text.contains("value=\"1408212320\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_review_is_turned_to_the_resident() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let mut pairs = typed(&sample_form());
    pairs.push(("do".into(), "review".into()));
    browser.post_typed(&draft, &pairs).await;
    let turned = browser.get(&format!("{draft}/review?turned=1")).await;
    assert!(turned.text.contains("Коваленко Ганна Петрівна"));
    for other in ["/residents", "/exchange", "/finish", "#part-"] {
        assert!(!turned.text.contains(other), "{other}");
    }
    let review = browser.get(&format!("{draft}/review")).await;
    assert!(review.text.contains("turned=1") && review.text.contains("Версія тексту згоди"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_whose_text_changed_is_read_out_again() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let mut pairs = typed(&sample_form());
    pairs.push(("consent~text".into(), browser.console.agent().unwrap().consent_text().unwrap()));
    pairs.push(("do".into(), "review".into()));
    assert_eq!(browser.post_typed(&draft, &pairs).await.leads_to(), format!("{draft}/review"));
    // The owner of the data stands in the text: another owner is another text.
    let agent = browser.console.agent().unwrap();
    agent.set_settings(&crate::app::Settings { owner: "Інша рада".into(), ..Default::default() }).unwrap();
    assert_eq!(browser.get(&format!("{draft}/review")).await.leads_to(), format!("{draft}?check=1"));
    let page = browser.get(&format!("{draft}?check=1")).await;
    assert!(page.text.contains("Текст згоди змінився") && page.text.contains("Персональні дані"));
    assert!(!page.text.contains("name=\"consent~part~data\" value=\"data\" checked"));
    pairs.retain(|(name, _)| name != "consent~text");
    pairs.push(("consent~text".into(), agent.consent_text().unwrap()));
    assert_eq!(browser.post_typed(&draft, &pairs).await.leads_to(), format!("{draft}/review"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn categories_proofs_and_the_visit_are_recorded_shown_and_ended() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let mut pairs = typed(&sample_form());
    pairs.extend(
        [
            ("a.cat~part", "disability1"),
            ("visit.proof", "msek"),
            ("visit.proof_no", "12-А №\u{a0}345"),
            ("visit.proof_date~date", "01.02.2020"),
            ("visit.proof_until~date", "01.02.2022"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    pairs.push(("do".into(), "review".into()));
    let to = browser.post_typed(&draft, &pairs).await.leads_to().to_owned();
    let page = browser.get(&to).await;
    assert!(page.text.contains("строк дії підтвердження минув") || page.text.contains("Строк дії підтвердження минув"));
    assert!(page.text.contains("окрема згода"), "health data need a consent of their own");
    pairs.push(("consent~part~health".into(), "health".into()));
    pairs.push(("visit.proof_until~date~reason".into(), "подовжено, витяг у центрі".into()));
    assert_eq!(browser.post_typed(&draft, &pairs).await.leads_to(), format!("{draft}/review"));
    let review = browser.get(&format!("{draft}/review")).await;
    for words in ["інвалідність I групи", "довідка МСЕК", "12-А № 345", "01.02.2022", "подовжено, витяг у центрі"]
    {
        assert!(review.text.contains(words), "{words}");
    }
    let saved = browser.finish(&draft).await.leads_to().to_owned();
    let page = browser.get(&saved).await;
    assert!(page.text.contains("Завершити відвідування") && page.text.contains("Ще одна послуга"));
    let here = saved.trim_end_matches("/saved").to_owned();
    let refused = browser.post(&format!("{here}/visit"), &[("outcome", "partly_done"), ("why", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.post(&format!("{here}/visit"), &[("outcome", "done")]).await.leads_to();
    assert!(browser.get(&saved).await.text.contains("Відвідування завершено: виконано"));
    let request = browser.get(&here).await;
    for words in ["Відвідування", "довідка МСЕК", "12-А № 345", "виконано"] {
        assert!(request.text.contains(words), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_a_person_and_a_settlement_of_an_answer_are_filled_without_javascript() {
    let mut browser = Browser::at_work().await;
    let draft = new_draft(&mut browser).await;
    let mut form = sample_form();
    form.answers.clear();
    let mut pairs = typed(&form);
    pairs.push(("do".into(), "fill:dwelling_address".into()));
    let to = browser.post_typed(&draft, &pairs).await.leads_to().to_owned();
    assert!(to.ends_with("#question-dwelling_address"), "{to}");
    let page = browser.get(&draft).await;
    assert!(page.text.contains("id=\"question-dwelling_address\""));
    assert!(page.text.contains("name=\"f.dwelling_address.street\"") && page.text.contains("вул. Садова"));
    pairs.push(("f.dwelling_address.katottg~place".into(), "гиряві".into()));
    pairs.push(("f.dwelling_address.katottg~place~code".into(), String::new()));
    *pairs.iter_mut().find(|(name, _)| name == "do").unwrap() = ("do".into(), "keep".into());
    browser.post_typed(&draft, &pairs).await;
    let page = browser.get(&draft).await;
    let pick = page.between("name=\"f.dwelling_address.katottg~place~pick\" value=\"", "\"").to_owned();
    assert!(pick.contains("Гиряві Ісківці"), "{pick}");
    pairs.push(("f.dwelling_address.katottg~place~pick".into(), pick.clone()));
    browser.post_typed(&draft, &pairs).await;
    let page = browser.get(&draft).await;
    let code = pick.split(' ').next().unwrap();
    assert!(page.text.contains(&format!("name=\"f.dwelling_address.katottg~place~code\" value=\"{code}\"")));
}

/// Keys that a person presses to fill the inputs of a page in their order: Tab between inputs, the characters, an
/// arrow or a space to choose. Links and buttons between them are stops, too.
fn keys(page: &str, from: &str, wanted: &[(String, String)]) -> usize {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from}"));
    let (mut keys, mut tabs, mut done) = (0, 0, std::collections::BTreeSet::new());
    let mut group = String::new();
    for tag in page[start..].split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let kind = tag.split([' ', '\n']).next().unwrap_or_default();
        let attribute = |name: &str| tag.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split('"').next());
        if attribute("type") == Some("hidden") || attribute("tabindex") == Some("-1") {
            continue;
        }
        let stop = matches!(kind, "input" | "select" | "textarea" | "button" | "summary")
            || (kind == "a" && tag.contains("href"));
        if !stop {
            continue;
        }
        let name = attribute("name").unwrap_or_default().to_owned();
        // The buttons of one choice are one stop.
        if attribute("type") != Some("radio") || group != name {
            tabs += 1;
        }
        group = if attribute("type") == Some("radio") { name.clone() } else { String::new() };
        for (at, (_, value)) in wanted.iter().enumerate().filter(|(_, (key, _))| *key == name) {
            let chosen = matches!(attribute("type"), Some("radio" | "checkbox"));
            if (chosen && attribute("value") != Some(value)) || !done.insert(at) {
                continue;
            }
            let held = attribute("value") == Some(value) && !chosen || tag.contains(" checked");
            if held {
                continue;
            }
            // A settlement: four letters, an arrow, Enter. A choice: one key; else every character.
            let pressed = match name.as_str() {
                name if name.ends_with("~place") => 6,
                _ if chosen || kind == "select" => 1,
                _ => value.chars().count(),
            };
            keys += tabs + pressed;
            tabs = 0;
        }
    }
    keys
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_service_and_a_known_resident_cost_few_keys() {
    let mut browser = Browser::at_work().await;
    let form = sample_form();
    let mut pairs = typed(&form);
    for (name, value) in &mut pairs {
        if let Some(place) = name.strip_suffix("~code") {
            *name = place.to_owned();
            *value = "с. Гиряві Ісківці".into();
        }
        if value.is_empty() || name.ends_with("~sheets") && value == "0" {
            value.clear();
        }
    }
    pairs.retain(|(name, value)| !value.is_empty() && name != "service~now");
    let draft = new_draft(&mut browser).await;
    browser.post(&draft, &[("service~pick", "housing-subsidy"), ("do", "service")]).await;
    let page = browser.get(&draft).await.text;
    // N, the service by six letters with an arrow and Enter, Ctrl+Enter twice.
    let around = 1 + 8 + 2;
    let first = keys(&page, "id=\"part-applicant\"", &pairs) + around;
    let number = browser.record(&form).await;
    let here = format!("/requests/{}", pages::address::encode(&number));
    let to = browser.post(&format!("{here}/another"), &[]).await.leads_to().to_owned();
    let draft = to.split('#').next().unwrap().to_owned();
    browser.post(&format!("{draft}/service"), &[("service", "housing-subsidy")]).await;
    let page = browser.get(&draft).await;
    assert!(page.text.contains("З попереднього звернення цього відвідування"));
    let second = keys(&page.text, "id=\"part-service\"", &pairs) + around;
    browser.bench.clock.advance(std::time::Duration::from_secs(24 * 3600));
    browser.unlock(super::tests::PASSPHRASE).await;
    let draft = new_draft(&mut browser).await;
    let record = browser.console.agent().unwrap().resident_choices("коваленко", 0).unwrap().0.remove(0).record;
    let suggested = browser.get(&format!("/suggest/residents?q={}", pages::address::encode("rjdfk"))).await;
    assert!(suggested.text.contains(&format!("data-press=\"resident:{record}\"")), "{}", suggested.text);
    let resident = format!("resident:{record}");
    browser.post(&draft, &[("a.last", "кова"), ("do", &resident)]).await;
    browser.post(&format!("{draft}/service"), &[("service", "housing-subsidy")]).await;
    let page = browser.get(&draft).await.text;
    // Four letters, an arrow, Enter; then on from the service.
    let known = keys(&page, "id=\"part-service\"", &pairs) + around + 7;
    println!("keys: first request {first}, second service of the visit {second}, known resident another day {known}");
    assert!(second * 3 < first, "{second} against {first}");
    assert!(known < first * 2 / 3, "{known} against {first}");
}
