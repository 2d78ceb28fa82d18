//! A request that a colleague has: who opens it is told, who changes it presses once more.

use super::*;
use std::time::Duration;

const OTHER_PASSPHRASE: &str = "лелека яворина гопак шишка борщ";

/// A second clerk, signed in, and a request that Коваль Олена has.
async fn scene() -> (Bench, Browser, String) {
    let mut bench = bench().await;
    bench.town.desk.add_account("admin", "p.hai", "Гай Петро", Rank::Clerk, OTHER_PASSPHRASE).unwrap();
    let mut other = bench.nobody.clone();
    other.sign_in("p.hai", OTHER_PASSPHRASE).await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    let claimed = bench.clerk.post(&format!("{}/claim", request_path(&number)), &[]).await;
    assert_eq!(claimed.status, StatusCode::SEE_OTHER);
    (bench, other, number)
}

/// The value of a hidden field of a page.
fn hidden(page: &Got, name: &str) -> String {
    let field = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}"));
    field.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_changes_what_a_colleague_has_is_told_and_presses_once_more() {
    let (bench, other, number) = scene().await;
    let path = request_path(&number);
    let state = || bench.town.desk.request("o.koval", &number).unwrap().view.state().text();
    other.get(&path).await.says("Звернення взято: Коваль Олена, ");
    assert!(!bench.clerk.get(&path).await.body.contains("Звернення взято:"), "one's own is no news");
    let typed = [("refuse-text", "бракує <довідки>")];
    let refuse = format!("{path}/refuse?back={}", encode("/queue?group=new"));
    let told = other.post(&refuse, &typed).await;
    assert_eq!((told.status, state()), (StatusCode::CONFLICT, "accepted"));
    told.says("Звернення взяв інший працівник")
        .says("Звернення взято: Коваль Олена, 21.11.2026")
        .says("Усе одно зробити");
    told.says("name=\"refuse-text\" value=\"бракує &#60;довідки&#62;\"");
    let despite = hidden(&told, "despite");
    let done = other.post(&refuse, &[typed[0], ("despite", &despite)]).await;
    assert_eq!(done.location(), "/queue?group=new&done=refuse");
    let view = bench.town.desk.request("o.koval", &number).unwrap().view;
    assert_eq!(view.state().text(), "refused");
    assert_eq!(view.holder().map(|claim| claim.by), Some("o.koval".into()), "the claim stands");
}

#[tokio::test]
async fn a_note_takes_nothing_away_and_another_claim_is_told_of_again() {
    let (bench, other, number) = scene().await;
    let path = request_path(&number);
    let note = other.post(&format!("{path}/note"), &[("note-text", "дзвонила донька")]).await;
    assert_eq!(note.status, StatusCode::SEE_OTHER);
    let accept = format!("{path}/accept");
    let despite = hidden(&other.post(&accept, &[]).await, "despite");
    // Meanwhile it went to a third; acts of one moment would have no order among them.
    bench.town.clock.advance(Duration::from_secs(60));
    bench.clerk.post(&format!("{path}/release"), &[]).await;
    bench.town.clock.advance(Duration::from_secs(60));
    bench.admin.post(&format!("{path}/claim"), &[]).await;
    let told = other.post(&accept, &[("despite", &despite)]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    told.says("Адміністратор");
    // Given back, it is anybody's.
    bench.town.clock.advance(Duration::from_secs(60));
    bench.admin.post(&format!("{path}/release"), &[]).await;
    assert_eq!(other.post(&accept, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(other.post(&format!("{path}/number"), &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_way_to_change_a_request_asks() {
    let (bench, other, number) = scene().await;
    let path = request_path(&number);
    bench.clerk.post(&format!("{path}/number"), &[]).await;
    bench.clerk.post(&format!("{path}/hand_over"), &[("hand-over-text", "ПФУ")]).await;
    bench.town.desk.correct_for_test(&number, "phone", "+380501112233");
    let before = bench.town.desk.request("o.koval", &number).unwrap().timeline.len();
    let ways: [(&str, &[(&str, &str)]); 9] = [
        ("ready", &[]),
        ("ask", &[("ask-text", "паспорт")]),
        ("grant", &[("grant-text", "7")]),
        ("notify", &[("notify-way", "phone")]),
        ("prolong", &[("prolong-day", "21.12.2026"), ("prolong-text", "запит")]),
        ("withdraw", &[("withdraw-text", "передумала")]),
        ("consider", &[("consider-day", "21.11.2026"), ("consider-person", "Бойко Т. В.")]),
        ("marks/3", &[("mark-day", "21.11.2026"), ("mark-person", "Бойко Т. В.")]),
        (&format!("twins/{}/duplicate", encode(&number)), &[]),
    ];
    for (way, fields) in ways {
        let told = other.post(&format!("{path}/{way}"), fields).await;
        assert_eq!(told.status, StatusCode::CONFLICT, "{way}: {}", told.body);
    }
    assert_eq!(bench.town.desk.request("o.koval", &number).unwrap().timeline.len(), before);
    let undo = bench.town.desk.request("o.koval", &number).unwrap().undo.unwrap().event;
    assert_eq!(bench.clerk.post(&format!("{path}/undo"), &[("undo-event", &undo)]).await.status, StatusCode::SEE_OTHER);
}
