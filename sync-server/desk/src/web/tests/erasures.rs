//! «Стерти дані особи» as two administrators do it: one proposes, the other confirms, and it takes effect later.

use super::*;
use crate::app::Answer;
use std::time::Duration;

const SECOND: &str = "лелека над ставом кружляє вранці";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A second administrator's browser.
async fn second(bench: &Bench) -> Browser {
    bench.town.desk.add_account("admin", "v.druha", "Друга Віра", Rank::Administrator, SECOND).unwrap();
    let mut browser = bench.nobody.clone();
    assert_eq!(browser.sign_in("v.druha", SECOND).await.status, StatusCode::SEE_OTHER);
    browser
}

/// Names of the ticks on the page of what would go, with whether they are set.
fn ticks(page: &Got) -> Vec<(String, bool)> {
    let tags = page.body.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
    let ticks = tags.filter_map(|tag| {
        let name = tag.split("name=\"record-").nth(1)?.split('"').next()?;
        Some((format!("record-{name}"), tag.contains(" checked")))
    });
    ticks.collect()
}

/// Days pass, and everybody signs in again.
async fn days_pass(bench: &mut Bench, days: u32) {
    bench.town.clock.advance(days * DAY);
    bench.admin.sign_in("admin", PASSPHRASE).await;
    bench.clerk.sign_in("o.koval", CLERK_PASSPHRASE).await;
}

/// Where the list says that the proposal is.
async fn address(browser: &Browser) -> String {
    let list = browser.get("/erasures").await;
    let rest = list.body.split("href=\"/erasures/").nth(1).expect("a proposal on the list").to_owned();
    format!("/erasures/{}", rest.split('"').next().unwrap_or_default())
}

#[tokio::test]
async fn two_people_erase_a_person_and_nobody_does_it_alone() {
    let mut bench = bench().await;
    let other = second(&bench).await;
    let suitcase = bench.town.suitcase(7);
    let numbers = ["Ганна", "Ганна", "Степан"].map(|first| {
        bench.town.clock.advance(Duration::from_secs(60));
        suitcase.record("Коваль", first)
    });
    bench.town.carry_up(&suitcase);
    let [closed, open, neighbour] = numbers;
    bench.town.desk.correct_for_test(&closed, "a.rnokpp", "1408212320");
    bench.town.desk.correct_for_test(&open, "a.rnokpp", "1408212320");
    bench.town.desk.answer("o.koval", &closed, Answer::Withdraw { reason: "передумала".into() }).unwrap();
    bench.town.carry_down(&suitcase);

    bench.admin.get("/protection").await.says("/erasures");
    bench.admin.post("/erasures/find", &[("what", "7-000000-000-000")]).await.says("немає");
    let found = bench.admin.post("/erasures/find", &[("what", &closed)]).await;
    let page = bench.admin.get(found.location()).await;
    page.says(&closed).says(&open).says("ще не закрито");
    assert!(!page.body.contains(&neighbour), "somebody else's request is not on the list");
    let ticks = ticks(&page);
    let set: Vec<bool> = ticks.iter().map(|(_, on)| *on).collect();
    assert_eq!(set.iter().filter(|on| **on).count(), 1, "an open request is not ticked by itself: {ticks:?}");

    let form = |reason: &'static str, why: &'static str| {
        let mut all = vec![("what".to_owned(), closed.clone())];
        all.extend(ticks.iter().map(|(name, _)| (name.clone(), "yes".to_owned())));
        all.extend([("reason".to_owned(), reason.to_owned()), ("open".to_owned(), why.to_owned())]);
        all
    };
    async fn post(browser: &Browser, form: &[(String, String)]) -> Got {
        let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/erasures", &pairs).await
    }
    post(&bench.admin, &form("заява", "")).await.says(&open).says("впишіть чому");
    post(&bench.admin, &form(" ", "суд")).await.says("підставу");
    bench.admin.post("/erasures", &[("what", &closed), ("reason", "заява")]).await.says("Позначте");
    let proposed = post(&bench.admin, &form("заява від 20.11.2026", "рішення суду")).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.body);
    post(&bench.admin, &form("ще раз", "суд")).await.says("уже запропоновано");

    // Nobody confirms an own proposal, and no clerk any.
    let one = address(&bench.admin).await;
    bench.admin.get(&one).await.says("Пропозиція — ваша").says("заява від 20.11.2026").says("рішення суду");
    let alone = bench.admin.post(&format!("{one}/confirm"), &[]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    alone.says("інший адміністратор");
    assert_eq!(bench.clerk.post(&format!("{one}/confirm"), &[]).await.status, StatusCode::FORBIDDEN);

    // The other declines the first one; a second proposal is confirmed.
    other.post(&format!("{one}/decline"), &[("reason", "")]).await.says("чому відхиляєте");
    assert_eq!(
        other.post(&format!("{one}/decline"), &[("reason", "не та особа")]).await.location(),
        "/erasures?done=decline"
    );
    bench.admin.get(&one).await.says("не та особа").says("відхилено");
    let late = bench.admin.post(&format!("{one}/decline"), &[("reason", "ще раз")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    bench.town.clock.advance(Duration::from_secs(60));
    post(&bench.admin, &form("заява", "рішення суду")).await;
    let one = address(&bench.admin).await;
    assert_eq!(other.post(&format!("{one}/confirm"), &[]).await.location(), "/erasures?done=confirm");
    bench.admin.get("/erasures").await.says("набуде чинності 28.11.2026");
    let desk = Arc::clone(&bench.town.desk);
    days_pass(&mut bench, 6).await;
    assert_eq!(desk.erase_what_is_due().unwrap(), 0, "its time has not come");
    bench.clerk.get(&request_path(&open)).await.says("Коваль");
    days_pass(&mut bench, 2).await;
    assert_eq!(desk.erase_what_is_due().unwrap(), 1);
    assert_eq!(desk.erase_what_is_due().unwrap(), 0, "once");
    for number in [&closed, &open] {
        let gone = bench.clerk.get(&request_path(number)).await;
        gone.says("дані стерто за розпорядженням").says("номер використано");
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
    }
    bench.clerk.get(&request_path(&neighbour)).await.says("Коваль");
    bench.admin.get(&one).await.says("стерто");
    // The epoch is not over; the suitcase obeys, begins another, and the desk drops the key.
    bench.admin.get(&one).await.says("Чекає на валізи");
    bench.town.carry_down(&suitcase);
    suitcase.record("Шевчук", "Петро");
    bench.town.carry_up(&suitcase);
    days_pass(&mut bench, 2).await;
    assert_eq!(desk.erase_what_is_due().unwrap(), 1);
    assert!(!bench.admin.get(&one).await.body.contains("Чекає на валізи"));
    bench.clerk.get(&request_path(&neighbour)).await.says("Коваль");
    assert_eq!(desk.verify("admin").unwrap().faults, Vec::<String>::new());

    // The register of numbers accounts for what was erased; the audit says who, and names nobody.
    let numbers = desk.numbers("admin", &crate::app::NumberQuery::default()).unwrap();
    let used = numbers.rows.iter().filter(|row| [&closed, &open].contains(&&row.number));
    assert!(used.clone().count() == 2 && used.clone().all(|row| row.doubts.is_empty()), "{:?}", numbers.rows);
    let rows = bench.clerk.get("/numbers").await;
    assert_eq!(rows.body.matches("звернення було, його дані стерто за розпорядженням").count(), 2, "{}", rows.body);
    assert!(!rows.body.contains("№ 0") && !rows.body.contains(&request_path(&open)), "nothing leads to what is gone");
    rows.says("Використано").says(&request_path(&neighbour));
    bench.clerk.get("/numbers.csv").await.says("його дані стерто за розпорядженням");
    let audit = bench.admin.get("/audit?what=done").await;
    for words in ["запропоновано стерти", "підтверджено стирання", "відхилено стирання", "видано розпорядження"]
    {
        audit.says(words);
    }
    bench.admin.get("/suitcases/7/lost").await.says("Степан");
}

#[tokio::test]
async fn the_days_are_set_and_hold_for_what_is_confirmed_later() {
    let mut bench = bench().await;
    let other = second(&bench).await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    bench.town.desk.answer("o.koval", &number, Answer::Withdraw { reason: "передумала".into() }).unwrap();
    for wrong in ["сім", "91", "-1"] {
        assert_eq!(
            bench.admin.post("/erasures/days", &[("days", wrong)]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(bench.admin.post("/erasures/days", &[("days", "0")]).await.location(), "/erasures?done=days");
    let page = bench.admin.get(&format!("/erasures/new?what={}", encode(&number))).await;
    let mut form = vec![("what".to_owned(), number.clone()), ("reason".to_owned(), "рішення суду".to_owned())];
    form.extend(ticks(&page).into_iter().map(|(name, _)| (name, "yes".to_owned())));
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(bench.admin.post("/erasures", &pairs).await.status, StatusCode::SEE_OTHER);
    let one = address(&bench.admin).await;
    assert_eq!(other.post(&format!("{one}/confirm"), &[]).await.location(), "/erasures?done=confirm");
    assert_eq!(bench.clerk.get(&request_path(&number)).await.status, StatusCode::NOT_FOUND, "at once");
    assert_eq!(
        other.post(&format!("{one}/decline"), &[("reason", "запізно")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn people_of_one_name_are_told_apart_by_birth_and_settlement() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let numbers = ["Ганна", "Ганна", "Степан"].map(|first| {
        bench.town.clock.advance(Duration::from_secs(60));
        suitcase.record("Коваль", first)
    });
    bench.town.carry_up(&suitcase);
    let [first, namesake, neighbour] = numbers;
    for (number, key, value) in [
        (&first, "pr.place", "с. Калинівка"),
        (&namesake, "a.dob", "1951-03-09"),
        (&namesake, "pr.place", "с. Іванівка"),
        (&namesake, "pa.place", "м. Глобине"),
        (&namesake, "pr.street", "Садова"),
        (&neighbour, "a.dob", "1970-01-02"),
    ] {
        bench.town.desk.correct_for_test(number, key, value);
    }
    let found = bench.admin.post("/erasures/find", &[("what", &first)]).await;
    let page = bench.admin.get(found.location()).await;
    page.says("дати народження не вказано · <span lang=\"uk\">Коваль Ганна, с. Калинівка</span>");
    page.says("нар. 09.03.1951 · <span lang=\"uk\">Коваль Ганна, м. Глобине</span>");
    page.says("ні датою народження не доведено");
    for more in ["с. Іванівка", "Садова", "+380501234567", "02.01.1970"] {
        assert!(!page.body.contains(more), "{more}: no more than tells them apart");
    }
    let english = bench.admin.get(&format!("{}&lang=en", found.location())).await;
    english.says("born 09.03.1951").says("no date of birth given");
}
