//! Every service of the catalogue through the pages: opened, filled by the types of its questions, looked through,
//! saved, read back, corrected.

use super::tests::Browser;
use crate::app::testing::sample_form;
use crate::app::{Agent, Asked, Control, Form};
use axum::http::StatusCode;
use std::collections::BTreeMap;

/// What the page says of an input.
type Names = Vec<String>;

/// The names of all inputs of a page.
pub(super) fn names(page: &str) -> Names {
    page.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// A right answer by the type of the input: as it is typed, and as it is kept.
fn answer(input: &Asked) -> (String, String) {
    let same = |text: &str| (text.to_owned(), text.to_owned());
    let part = input.key.rsplit('.').next().unwrap_or_default();
    match &input.control {
        Control::Date => ("14.05.1990".into(), "1990-05-14".into()),
        Control::Figures => ("1 250,5".into(), "1250,5".into()),
        Control::Phone => ("067 123 45 67".into(), "+380671234567".into()),
        Control::Digits if part == "post_code" => same("39011"),
        Control::Digits => ("140 821 2320".into(), "1408212320".into()),
        Control::Account => ("UA90 3052 9929 9000 4149 1234 5678 9".into(), "UA903052992990004149123456789".into()),
        Control::Parcel => same("5320610100:00:001:0023"),
        Control::Attachment => same("фото будинку, 2 аркуші"),
        Control::YesNo | Control::Tick => same("yes"),
        Control::OneOf(choices) => same(&choices[0].value),
        Control::Settlement => same("UA53060190130055218"),
        Control::Lines => same("перший рядок і ще слова"),
        Control::Line => match part {
            "surname" => same("Коваленко"),
            "given_name" => same("Ганна"),
            "patronymic" => same("Петрівна"),
            _ => same("відповідь словами"),
        },
    }
}

/// Pairs of one input under the name that the page gives it.
fn posted(input: &Asked, typed: &str, names: &Names) -> Vec<(String, String)> {
    let key = format!("f.{}", input.key);
    let helpers = ["code", "pick", "fix", "reason"];
    let is_own = |name: &&String| {
        **name == key
            || name.strip_prefix(&format!("{key}~")).is_some_and(|tail| !helpers.iter().any(|end| tail.ends_with(end)))
    };
    let name = names.iter().find(is_own).unwrap_or_else(|| panic!("the page has no input for {key}")).clone();
    if input.control == Control::Settlement {
        return vec![(name.clone(), "с. Гиряві Ісківці".into()), (format!("{name}~code"), typed.to_owned())];
    }
    vec![(name, typed.to_owned())]
}

/// Fills every question that the page asks, and those that come with the answers; lists get two rows.
async fn fill(
    browser: &mut Browser,
    draft: &str,
    base: &[(String, String)],
) -> (Vec<(String, String)>, BTreeMap<String, String>) {
    let agent = browser.console.agent().unwrap();
    let key = agent.draft_id(draft.rsplit('/').next().unwrap()).unwrap();
    let (mut pairs, mut kept) = (base.to_vec(), BTreeMap::new());
    for _ in 0..8 {
        let page = browser.get(draft).await;
        assert_eq!(page.status, StatusCode::OK);
        let names = names(&page.text);
        let form = agent.draft(key).unwrap().unwrap();
        let questions = agent.questions(&form);
        let open: Vec<&Asked> = questions
            .iter()
            .flat_map(|question| &question.inputs)
            .filter(|input| !kept.contains_key(&input.key) && input.row <= 2)
            .collect();
        if open.is_empty() {
            return (pairs, kept);
        }
        for input in open {
            let (typed, keeps) = answer(input);
            pairs.extend(posted(input, &typed, &names));
            kept.insert(input.key.clone(), keeps);
        }
        let mut all = pairs.clone();
        all.push(("do".into(), "keep".into()));
        browser.post_typed(draft, &all).await.leads_to();
    }
    panic!("{draft}: new questions without end");
}

/// Everything but the answers: the sample applicant, all papers of the service, the consent, and a reason to take in
/// what cannot be finished here.
fn base(agent: &Agent, slug: &str) -> Vec<(String, String)> {
    let mut form = sample_form();
    form.answers.clear();
    form.papers.clear();
    form.service = slug.to_owned();
    let mut pairs = super::tests::typed(&form);
    let card = agent.service_details(slug).unwrap().unwrap();
    for paper in &card.papers {
        pairs.push((format!("d.{}~form", paper.id), "copy".into()));
        pairs.push((format!("d.{}~sheets", paper.id), "2".into()));
    }
    pairs.push(("service~reason".into(), "так домовлено з центром".into()));
    pairs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_is_opened_filled_saved_and_read_back() {
    let mut browser = Browser::at_work().await;
    let agent = browser.console.agent().unwrap();
    let slugs: Vec<String> = agent.catalogue().services().iter().map(|service| service.slug.clone()).collect();
    assert_eq!(slugs.len(), 95);
    let mut inputs = 0;
    for slug in slugs {
        let details = browser.get(&format!("/services/{slug}")).await;
        assert_eq!(details.status, StatusCode::OK, "{slug}");
        let draft = browser.post(&format!("/services/{slug}/request"), &[]).await.leads_to().to_owned();
        let (mut pairs, kept) = fill(&mut browser, &draft, &base(&agent, &slug)).await;
        inputs += kept.len();
        pairs.push(("do".into(), "review".into()));
        let to = browser.post_typed(&draft, &pairs).await.leads_to().to_owned();
        if to != format!("{draft}/review") {
            let page = browser.get(&to).await;
            panic!("{slug}: {}", page.between("class=\"errors\"", "</div>"));
        }
        let review = browser.get(&to).await;
        for text in ["відповідь словами", "14.05.1990", "UA903052992990004149123456789", "5320610100:00:001:0023"]
        {
            let typed = kept.values().any(|value| *value == text || (text == "14.05.1990" && value == "1990-05-14"));
            assert!(!typed || review.text.contains(text), "{slug}: «{text}» is not read aloud");
        }
        let saved = browser.finish(&draft).await.leads_to().to_owned();
        let number = browser.get(&saved).await.between("<p class=\"number\">", "</p>").to_owned();
        let read: Form = agent.form_of_request(&number).unwrap();
        assert_eq!((read.service.as_str(), &read.answers), (slug.as_str(), &kept), "{slug}");
        let here = format!("/requests/{}", pages::address::encode(&number));
        let correct = browser.get(&format!("{here}/correct")).await;
        assert_eq!(correct.status, StatusCode::OK, "{slug}");
        assert!(kept.is_empty() || correct.text.contains("name=\"f."), "{slug}");
        assert_eq!(browser.get(&here).await.status, StatusCode::OK, "{slug}");
        // Everything that was answered stands on the papers, in both sizes.
        for size in ["", "?large=1"] {
            let papers = browser.get(&format!("{here}/papers/all{size}")).await;
            assert_eq!(papers.status, StatusCode::OK, "{slug}");
            assert!(!papers.text.contains('⟦'), "{slug}: a phrase is missing");
            for (typed, printed) in [
                ("відповідь словами", "відповідь словами"),
                ("1990-05-14", "14.05.1990"),
                ("UA903052992990004149123456789", "UA90\u{a0}3052\u{a0}9929"),
                ("5320610100:00:001:0023", "5320610100:00:001:0023"),
            ] {
                let asked = kept.values().any(|value| value == typed);
                assert!(!asked || papers.text.contains(printed), "{slug}: «{printed}» is not on the papers");
            }
        }
    }
    println!("95 services, {inputs} inputs filled and read back");
    assert!(inputs > 800, "{inputs}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_service_is_reached_by_group_and_by_life_situation() {
    let mut browser = Browser::at_work().await;
    let agent = browser.console.agent().unwrap();
    let list = browser.get("/services").await;
    let links = |page: &str, part: &str| -> Vec<String> {
        let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        hrefs.filter(|href| href.contains(part)).map(str::to_owned).collect()
    };
    let groups = links(&list.text, "group=");
    assert_eq!(groups.len(), 13);
    let (mut by_group, mut by_situation) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for href in groups {
        by_group.extend(links(&browser.get(&href).await.text, "/services/"));
    }
    assert_eq!(by_group.len(), 95);
    let situations = links(&list.text, "situation=");
    for href in situations {
        let found = links(&browser.get(&href).await.text, "/services/");
        assert!(!found.is_empty(), "{href}");
        by_situation.extend(found);
    }
    let with_words = agent.catalogue().services().iter().filter(|service| !service.keywords.is_empty()).count();
    assert_eq!(by_situation.len(), with_words);
    let found = browser.get(&format!("/services?q={}", pages::address::encode("субсидія"))).await;
    let found = found.text.to_lowercase();
    for words in ["житлової субсидії", "безоплатно", " днів", "потрібні:", "прийняти заяву"]
    {
        assert!(found.contains(words), "{words}");
    }
    // The other layout finds what was meant; what nobody has is said.
    let layout = browser.get(&format!("/services?q={}", pages::address::encode("gtycsz"))).await;
    assert!(layout.text.contains("/services/pension"), "«пенсія» in the Latin layout");
    assert!(browser.get("/services?q=%E2%80%AE").await.status == StatusCode::OK);
    assert_eq!(browser.get("/services/no-such").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_is_chosen_for_a_draft_from_the_list_and_nothing_is_lost() {
    let mut browser = Browser::at_work().await;
    let draft = browser.get("/requests/new").await.leads_to().to_owned();
    let to = browser.post(&draft, &[("a.last", "Коваленко"), ("do", "services")]).await.leads_to().to_owned();
    assert!(to.starts_with("/services?draft="), "{to}");
    let id = draft.rsplit('/').next().unwrap();
    let list = browser.get(&format!("/services?draft={id}&q={}", pages::address::encode("субсидія"))).await;
    assert!(list.text.contains(&format!("action=\"{draft}/service\"")));
    browser.post(&format!("{draft}/service"), &[("service", "housing-subsidy")]).await.leads_to();
    let page = browser.get(&draft).await;
    assert!(page.text.contains("value=\"Коваленко\"") && page.text.contains("name=\"f.area~figures\""));
    let refused = browser.post(&format!("{draft}/service"), &[("service", "нема")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
