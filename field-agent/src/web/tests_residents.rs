//! Residents through the pages: found as one types, compared side by side, joined and parted by a person.

use super::tests::{Browser, typed};
use crate::app::testing::sample_form;
use axum::http::StatusCode;
use records::commands::{ResidentCommand, edit_resident};

/// Records a second person who is the same one, without a number.
async fn second_record(browser: &mut Browser) {
    let mut form = sample_form();
    form.fields.remove("a.rnokpp");
    form.fields.insert("a.patr".into(), "Петрівна".into());
    form.fields.insert("phone".into(), "+380501112233".into());
    let draft = browser.get("/requests/new").await.leads_to().to_owned();
    let mut pairs = typed(&form);
    pairs.push(("do".into(), "review".into()));
    assert_eq!(browser.post_typed(&draft, &pairs).await.leads_to(), format!("{draft}/review"));
    browser.finish(&draft).await.leads_to();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_records_of_one_person_are_compared_joined_and_parted() {
    let mut browser = Browser::at_work().await;
    browser.record(&sample_form()).await;
    second_record(&mut browser).await;
    let list = browser.get("/residents").await;
    assert!(list.text.contains("href=\"/residents/duplicates\"") && list.text.matches("Коваленко Ганна").count() >= 2);
    let page = browser.get("/residents/duplicates").await;
    for words in ["Однакові ім’я і дата народження", "+380671234567", "+380501112233", "1408212320"]
    {
        assert!(page.text.contains(words), "{words}");
    }
    let to = page.between("<form method=\"post\" action=\"/residents/", "\"").to_owned();
    let to = format!("/residents/{to}");
    let other = page.between("name=\"other\" value=\"", "\"").to_owned();
    let silent = [("other", other.as_str()), ("do", "same"), ("reason~0", " ")];
    assert_eq!(browser.post(&to, &silent).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sure = [("other", other.as_str()), ("do", "same"), ("reason~0", "той самий паспорт"), ("back", "duplicates")];
    assert_eq!(browser.post(&to, &sure).await.leads_to(), "/residents/duplicates");
    assert!(browser.get("/residents/duplicates").await.text.contains("Схожих записів немає"));
    let found = browser.get(&format!("/residents?q={}", pages::address::encode("коваленко"))).await;
    assert_eq!(found.text.matches("class=\"row-link\"").count(), 1, "one person is found once");
    let resident = browser.get(&format!("/residents/{other}")).await;
    for words in ["Поєднано із записами", "той самий паспорт", "Житлова субсидія", "на місці"]
    {
        assert!(resident.text.to_lowercase().contains(&words.to_lowercase()) || words == "Житлова субсидія", "{words}");
    }
    assert_eq!(resident.text.matches("href=\"/requests/7-").count(), 2, "requests of both records");
    let one = to.trim_end_matches("/same").rsplit('/').next().unwrap().to_owned();
    browser.bench.clock.advance(std::time::Duration::from_secs(60));
    let undo = [("other", one.as_str()), ("do", "undo"), ("reason~undo0", "це сестри")];
    browser.post(&format!("/residents/{other}/same"), &undo).await.leads_to();
    assert!(!browser.get(&format!("/residents/{other}")).await.text.contains("Поєднано із записами"));
    let found = browser.get(&format!("/residents?q={}", pages::address::encode("коваленко"))).await;
    assert_eq!(found.text.matches("class=\"row-link\"").count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn residents_are_suggested_as_one_types() {
    let mut browser = Browser::at_work().await;
    browser.record(&sample_form()).await;
    for typed in ["кова", "КОВАЛЕНКО г", "140 821", "067 123", "+380671234567", "rjdfkt", "садова"]
    {
        let found = browser.get(&format!("/suggest/residents?q={}", pages::address::encode(typed))).await;
        assert!(found.text.contains("Коваленко Ганна Петрівна, 22.07.1938"), "{typed}: {}", found.text);
    }
    for typed in ["іва", "<script>", "\u{202e}", "%", "\""] {
        let found = browser.get(&format!("/suggest/residents?q={}", pages::address::encode(typed))).await;
        assert_eq!((found.status, found.text.contains("<script>")), (StatusCode::OK, false), "{typed}");
    }
    assert_eq!(browser.get("/residents/нема").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_filter_of_states_says_any_and_not_choose() {
    let mut browser = Browser::at_work().await;
    let page = browser.get("/requests").await;
    assert!(page.between("<select id=\"state\"", "</select>").contains("будь-який"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_wrote_differently_about_a_person_is_chosen_on_a_page() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let agent = browser.console.agent().unwrap();
    let resident = agent.applicant_for_tests(&number);
    let id: ids::RecordId = resident.parse().unwrap();
    browser.bench.centre.take_from(agent.peer_for_tests());
    let fields = vec![records::Edit::new("phone", "+380501112233")];
    let mend = ResidentCommand::Correct { fields, reason: String::new() };
    let done = browser.bench.centre.desk.act_as("clerk", move |act| {
        act.command(id, |document, is_desk, who| edit_resident(document, is_desk, who, &mend))
    });
    assert!(done.unwrap());
    let mut form = sample_form();
    form.fields.insert("phone".into(), "+380671112233".into());
    agent.save(&form, None).unwrap();
    browser.bench.centre.give_to(agent.peer_for_tests());
    let here = format!("/residents/{resident}");
    assert!(browser.get(&here).await.text.contains(&format!("href=\"{here}/conflicts\"")));
    let page = browser.get(&format!("{here}/conflicts")).await;
    assert!(page.text.contains("+380 50 111 22 33") && page.text.contains("+380 67 111 22 33"), "{}", page.text);
    let to = page.between(&format!("action=\"{here}/conflicts/phone"), "\"").replace("&amp;", "&");
    let to = format!("{here}/conflicts/phone{to}");
    let mark = page.between("id=\"take-1\" value=\"", "\"").to_owned();
    let refused = browser.post(&to, &[("take", &mark)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is wanted");
    assert_eq!(
        browser.post(&to, &[("take", &mark), ("reason", "передзвонили")]).await.leads_to(),
        format!("{here}/conflicts")
    );
    assert!(!browser.get(&here).await.text.contains("/conflicts\""));
}
