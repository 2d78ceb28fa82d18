//! Every link of the error summary leads to an input: the forms of all services, posted with bad values everywhere.

use super::tests::{Browser, Page, typed};
use super::tests_every_service::names;
use crate::app::testing::sample_form;
use axum::http::StatusCode;
use std::collections::BTreeSet;

/// What no input takes: signs that nobody sees, and far too much of it.
fn bad(name: &str) -> String {
    match name.split('~').nth(1) {
        Some("sheets" | "digits" | "figures" | "date" | "phone" | "account" | "parcel") => "сто \u{202e}сім".into(),
        _ => format!("\u{200b}{}", "дуже довго ".repeat(40)),
    }
}

/// Each item of the summary is a link, and its id is on the page. Gives how many there are.
fn looked_through(page: &Page, what: &str) -> usize {
    let ids: BTreeSet<&str> = page.text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let summary = page.between("class=\"errors\"", "</section>");
    let items: Vec<&str> = summary.split("<li>").skip(1).collect();
    for item in &items {
        let to = item.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next());
        let to = to.unwrap_or_else(|| panic!("{what}: leads nowhere: {item}"));
        assert!(ids.contains(to), "{what}: nothing has the id {to}: {item}");
    }
    items.len()
}

/// The names of the inputs of the page's form, without helpers.
fn own_names(page: &Page) -> Vec<String> {
    let helpers = ["edition", "tab", "resident", "do", "service~now", "base", "shown"];
    let ends = ["code", "pick", "fix", "reason"];
    let own =
        |name: &String| !helpers.contains(&name.as_str()) && !ends.iter().any(|end| name.ends_with(&format!("~{end}")));
    names(&page.text).into_iter().filter(own).collect::<BTreeSet<_>>().into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_of_every_form_leads_to_its_input() {
    let mut browser = Browser::at_work().await;
    let agent = browser.console.agent().unwrap();
    let slugs: Vec<String> = agent.catalogue().services().iter().map(|service| service.slug.clone()).collect();
    let mut items = 0;
    for slug in slugs {
        let draft = browser.post(&format!("/services/{slug}/request"), &[]).await.leads_to().to_owned();
        // Nothing filled in, then everything filled in wrongly.
        let empty = vec![("service~now".to_owned(), slug.clone()), ("do".to_owned(), "review".to_owned())];
        let to = browser.post_typed(&draft, &empty).await.leads_to().to_owned();
        let page = browser.get(to.split('#').next().unwrap()).await;
        items += looked_through(&page, &slug);
        let mut pairs: Vec<(String, String)> =
            own_names(&page).into_iter().map(|name| (name.clone(), bad(&name))).collect();
        pairs.extend(empty);
        let to = browser.post_typed(&draft, &pairs).await.leads_to().to_owned();
        items += looked_through(&browser.get(to.split('#').next().unwrap()).await, &slug);
    }
    assert!(items > 2_000, "{items}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_of_a_correction_leads_to_its_input_and_a_paper_to_the_one_that_is_wrong() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let here = format!("/requests/{}/correct", pages::address::encode(&number));
    let page = browser.get(&here).await;
    let mut pairs: Vec<(String, String)> =
        own_names(&page).into_iter().map(|name| (name.clone(), bad(&name))).collect();
    pairs.push(("do".into(), "correct".into()));
    let wrong = browser.post_typed(&here, &pairs).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(looked_through(&wrong, "correction") > 20);
    let draft = browser.get("/requests/new").await.leads_to().to_owned();
    let mut pairs = typed(&sample_form());
    pairs.retain(|(name, _)| name != "d.application~sheets");
    pairs.extend([("d.application~sheets", "два"), ("do", "review")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    let to = browser.post_typed(&draft, &pairs).await.leads_to().to_owned();
    let page = browser.get(to.split('#').next().unwrap()).await;
    assert_eq!(looked_through(&page, "sheets"), 1);
    assert!(page.between("class=\"errors\"", "</section>").contains("href=\"#d.application~sheets\""));
    assert!(page.text.contains("value=\"два\""), "what was typed stays");
}
