//! The page of a correction as a browser posts it: what it does not show stays, and nothing newer is taken back.

use super::tests::Browser;
use crate::app::testing::sample_form;
use axum::http::StatusCode;
use std::collections::BTreeSet;

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    let text = rest.split('"').next().unwrap_or_default();
    Some(signs(text))
}

/// The text that was written with these signs.
fn signs(text: &str) -> String {
    let signs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    signs.iter().fold(text.to_owned(), |text, (code, sign)| text.replace(code, sign))
}

/// What a browser would send of the correction's form: a line has no line ends, and lines end with two signs.
pub(super) fn inputs(page: &str) -> Vec<(String, String)> {
    let form = page.split_once("name=\"shown\"").expect("a correction").0.rfind("<form").expect("its form");
    let form = page[form..].split_once("</form>").unwrap().0;
    let mut pairs = Vec::new();
    let mut select = String::new();
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = attribute(tag, "name").unwrap_or_default();
        let value = attribute(tag, "value");
        if tag.starts_with("input") {
            let ticks = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
            if !ticks || tag.contains(" checked") {
                let line = value.unwrap_or_else(|| if ticks { "on".to_owned() } else { String::new() });
                pairs.push((name, line.replace(['\r', '\n'], "")));
            }
        } else if tag.starts_with("textarea") {
            let text = signs(text);
            let text = text.strip_prefix('\n').unwrap_or(&text);
            pairs.push((name, text.replace("\r\n", "\n").replace('\n', "\r\n")));
        } else if tag.starts_with("select") {
            select = name;
        } else if tag.starts_with("option") && tag.contains(" selected") {
            pairs.push((select.clone(), value.unwrap_or_default()));
        }
    }
    pairs
}

pub(super) fn set(pairs: &mut [(String, String)], name: &str, text: &str) {
    text.clone_into(&mut pairs.iter_mut().find(|(key, _)| key == name).unwrap_or_else(|| panic!("{name}")).1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_left_open_takes_nothing_newer_back() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let agent = browser.console.agent().unwrap();
    let here = format!("/requests/{}/correct", pages::address::encode(&number));
    let mut pairs = inputs(&browser.get(&here).await.text);
    pairs.push(("do".into(), "correct".into()));
    set(&mut pairs, "reason", "звірено");
    agent.correct(&number, &[("phone".to_owned(), "+380501112233".to_owned())], "новий номер").unwrap();
    set(&mut pairs, "pr.house", "77");
    browser.post_typed(&here, &pairs).await.leads_to();
    let now = agent.form_of_request(&number).unwrap();
    assert_eq!((now.field("phone"), now.field("pr.house")), ("+380501112233", "77"));
    // Now both have changed the house: a person looks first.
    set(&mut pairs, "pr.house", "78");
    let clash = browser.post_typed(&here, &pairs).await;
    assert_eq!(clash.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(clash.text.contains("тепер тут «77»") && clash.text.contains("value=\"78\""), "{}", clash.text);
    let mut again = inputs(&clash.text);
    again.push(("do".into(), "correct".into()));
    assert_eq!(again.iter().filter(|(name, _)| name == "shown").count(), 1);
    browser.post_typed(&here, &again).await.leads_to();
    assert_eq!(agent.form_of_request(&number).unwrap().field("pr.house"), "78");
    let names: BTreeSet<&String> = again.iter().map(|(name, _)| name).collect();
    assert!(names.len() > 60, "{}", names.len());
}
