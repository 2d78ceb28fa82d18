//! What administrators do: suitcases, accounts; and what is set aside.

use super::*;

#[tokio::test]
async fn an_invitation_is_shown_once_with_its_code() {
    let bench = bench().await;
    bench.admin.get("/suitcases").await.says("Валіз іще немає").says("/suitcases/invite");
    bench.admin.get("/suitcases/invite?number=7").await.says("value=\"7\"").says("з рук у руки");
    let wrong = bench.admin.post("/suitcases", &[("number", "сім"), ("hours", "72")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says("цифрами").says("value=\"сім\"");
    let got = bench.admin.post("/suitcases", &[("number", "7"), ("hours", "72")]).await;
    assert_eq!(got.status, StatusCode::OK);
    got.says("<svg").says("Запрошення для валізи 7");
    let line = got.body.split("aria-describedby=\"line-what\">").nth(1).unwrap().split('<').next().unwrap();
    assert!(chain::Invitation::from_text(line).is_ok(), "{line}");
    let list = bench.admin.get("/suitcases").await;
    list.says("чекає на ноутбук");
    assert!(!list.body.contains(line), "the secret is shown once");
}

#[tokio::test]
async fn a_revoked_suitcase_is_quarantined_and_its_work_let_in_or_declined() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    bench.admin.get("/suitcases").await.says("валіза 7").says("Ноутбук 7").says("працює").says("щойно");
    let bare = bench.admin.post("/suitcases/7/revoke", &[("reason", " "), ("confirm", "7")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = bench.admin.post("/suitcases/7/revoke", &[("reason", "викрадено"), ("confirm", "8")]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    other.says("введіть номер валізи ще раз: 7").says("value=\"викрадено\"");
    let done = bench.admin.post("/suitcases/7/revoke", &[("reason", "викрадено"), ("confirm", "7")]).await;
    assert_eq!(done.location(), "/suitcases?done=revoke");
    bench.admin.get("/suitcases/7").await.says("викрадено").says("відкликано").says("замінено для 1 ");
    bench.admin.get("/suitcases/7/lost").await.says("Дочекатися, доки ключі записів").says("замінено для 1 ");
    assert_eq!(bench.admin.get("/suitcases/99").await.status, StatusCode::NOT_FOUND);

    bench.town.clock.advance(std::time::Duration::from_secs(60));
    let late = suitcase.record("Пізній", "Петро");
    suitcase.record("Чужий", "Степан");
    bench.town.carry_up(&suitcase);
    let page = bench.clerk.get("/set-aside").await;
    page.says("Запис надійшов від відкликаної валізи").says(&format!("Звернення {late} · Пізній Петро"));
    let waits = bench.town.desk.request("o.koval", &late).unwrap_err();
    assert!(waits.sentence.uk.contains("«Карантин»") && waits.sentence.en.contains("quarantine"), "{waits}");
    let unknown = bench.town.desk.request("o.koval", "7-221126-999-XXX").unwrap_err();
    assert!(unknown.sentence.uk.contains("тут немає"), "{unknown}");
    assert!(!bench.clerk.get("/queue").await.body.contains("Пізній"));
    let entries = bench.town.desk.set_aside("o.koval").unwrap();
    let open = entries.iter().filter(|entry| entry.acceptable).count();
    assert!(open >= 2, "{entries:?}");
    for entry in entries.iter().filter(|entry| entry.acceptable).take(open - 1) {
        let path = format!("/set-aside/{}/{}", entry.chain, entry.seq);
        assert_eq!(bench.clerk.post(&format!("{path}/accept"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let why = [("reason", "ноутбук знайшовся")];
        assert_eq!(bench.clerk.post(&format!("{path}/accept"), &why).await.location(), "/set-aside?done=accept");
    }
    let last = entries.iter().rfind(|entry| entry.acceptable).unwrap();
    let path = format!("/set-aside/{}/{}/decline", last.chain, last.seq);
    assert_eq!(bench.clerk.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = bench.clerk.post(&path, &[("reason", "не наше")]).await;
    assert_eq!(done.location(), "/set-aside?done=decline");
    bench.clerk.get(done.location()).await.says("Карантин порожній");
    let queue = bench.clerk.get("/queue").await;
    queue.says("Пізній Петро");
    assert!(!queue.body.contains("Чужий"), "declined work is in no list");
    assert_eq!(bench.clerk.post("/set-aside/x/y/accept", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_revoked_suitcase_sent_is_let_in_together() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let revoked = [("reason", "викрадено"), ("confirm", "7")];
    assert_eq!(bench.admin.post("/suitcases/7/revoke", &revoked).await.location(), "/suitcases?done=revoke");
    suitcase.record("Пізній", "Петро");
    suitcase.record("Чужий", "Степан");
    bench.town.carry_up(&suitcase);
    let count = bench.town.desk.set_aside("o.koval").unwrap().len();
    let page = bench.clerk.get("/set-aside").await;
    page.says("валіза 7 · усі записи").says(&format!("Внести всі: {count}")).says(&format!("Відхилити всі: {count}"));
    // The form of the first part of the page, as it is sent.
    let action = page.body.split("action=\"").map(|rest| rest.split('"').next().unwrap_or_default());
    let action = action.into_iter().find(|action| action.ends_with("/accept")).unwrap().to_owned();
    // What comes meanwhile waits for a decision of its own.
    let later = suitcase.record("Згодом", "Іван");
    bench.town.carry_up(&suitcase);
    assert_eq!(bench.clerk.post(&action, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = bench.clerk.post(&action, &[("reason", "ноутбук знайшовся")]).await;
    assert_eq!(done.location(), "/set-aside?done=accept-all");
    bench.clerk.get(done.location()).await.says("Записи внесено").says(&later);
    bench.clerk.get("/queue").await.says("Пізній Петро").says("Чужий Степан");
    assert!(!bench.clerk.get("/queue").await.body.contains("Згодом"));
}

#[tokio::test]
async fn laptops_that_began_anew_are_counted_in_the_menu_until_a_person_decides() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    let marked = "Валізи <span class=\"figure\">1</span>";
    assert!(!bench.admin.get("/queue").await.body.contains(marked));
    suitcase.peer.begin_anew().unwrap();
    bench.town.carry_up(&suitcase);
    bench.admin.get("/queue").await.says(marked);
    assert!(!bench.clerk.get("/queue").await.body.contains(marked), "who has no such page is shown no such number");
    bench.admin.get("/suitcases").await.says("відновлено зі старої копії");
    let health = bench.town.desk.health().unwrap();
    assert_eq!(health.rebirths, (1, 0));
    let row = bench.town.desk.unconfirmed().unwrap().remove(0);
    assert!(!row.number_taken);
    bench.town.desk.confirm_rebirth("admin", row.chain).unwrap();
    assert!(!bench.admin.get("/queue").await.body.contains(marked));
}

#[tokio::test]
async fn accounts_are_added_given_passphrases_and_disabled() {
    let bench = bench().await;
    let fields = |passphrase: &'static str| {
        [("name", "Гук Степан"), ("login", "s.huk"), ("rank", "clerk"), ("passphrase", passphrase)]
    };
    let weak = bench.admin.post("/accounts", &fields("123")).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    weak.says("value=\"s.huk\"");
    assert_eq!(bench.admin.post("/accounts", &fields(CLERK_PASSPHRASE)).await.location(), "/accounts?done=add");
    bench.admin.get("/accounts?done=add").await.says("Гук Степан").says("Обліковий запис додано");
    let mut stepan = bench.nobody.clone();
    stepan.sign_in("s.huk", CLERK_PASSPHRASE).await;
    assert_eq!(stepan.get("/queue").await.status, StatusCode::OK);
    bench.admin.post("/accounts/s.huk/passphrase", &[("passphrase", "джміль над липою дзижчить зранку")]).await;
    assert_eq!(stepan.get("/queue").await.status, StatusCode::SEE_OTHER, "sessions end with the old passphrase");
    stepan.sign_in("s.huk", "джміль над липою дзижчить зранку").await;
    assert_eq!(stepan.get("/queue").await.status, StatusCode::OK);
    assert_eq!(bench.admin.post("/accounts/s.huk/disable", &[]).await.location(), "/accounts?done=disable");
    assert_eq!(stepan.get("/queue").await.status, StatusCode::SEE_OTHER, "out at once");
    let last = bench.admin.post("/accounts/admin/disable", &[]).await;
    last.says("останній адміністратор");
    assert_eq!(bench.admin.get("/accounts/nobody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_own_passphrase_changes_with_the_present_one_only() {
    let bench = bench().await;
    let mut elsewhere = bench.nobody.clone();
    elsewhere.sign_in("o.koval", CLERK_PASSPHRASE).await;
    let new = "джміль над липою дзижчить зранку";
    let set = |now: &'static str, again: &'static str| [("now", now), ("new", new), ("again", again)];
    bench.clerk.post("/passphrase", &set(CLERK_PASSPHRASE, "інший")).await.says("не однакові");
    let wrong = bench.clerk.post("/passphrase", &set("не той пароль зовсім", new)).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    bench.town.clock.advance(std::time::Duration::from_secs(60));
    let done = bench.clerk.post("/passphrase", &set(CLERK_PASSPHRASE, new)).await;
    assert_eq!(done.location(), "/passphrase?done=passphrase");
    bench.clerk.get(done.location()).await.says("Пароль змінено");
    assert_eq!(elsewhere.get("/queue").await.status, StatusCode::SEE_OTHER, "other sessions end");
}

#[tokio::test]
async fn an_administrators_own_passphrase_is_not_changed_without_the_present_one() {
    let bench = bench().await;
    let new = "джміль над липою дзижчить зранку";
    let page = bench.admin.get("/accounts/admin").await;
    assert!(!page.body.contains("/accounts/admin/passphrase") && page.body.contains("\"/passphrase\""));
    let refused = bench.admin.post("/accounts/admin/passphrase", &[("passphrase", new)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("пароль змінюють на сторінці");
    let mut again = bench.nobody.clone();
    assert_eq!(again.sign_in("admin", new).await.status, StatusCode::FORBIDDEN, "nothing was changed");
    bench.town.clock.advance(std::time::Duration::from_secs(60));
    let set = [("now", PASSPHRASE), ("new", new), ("again", new)];
    assert_eq!(bench.admin.post("/passphrase", &set).await.location(), "/passphrase?done=passphrase");
    assert_eq!(again.sign_in("admin", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_clerk_becomes_an_administrator_who_unseals_and_a_clerk_again() {
    let bench = bench().await;
    let new = "джміль над липою дзижчить зранку";
    let to = "/accounts/o.koval/rank";
    bench.admin.get("/accounts/o.koval").await.says("Зробити адміністратором");
    let bare = bench.admin.post(to, &[("rank", "administrator"), ("passphrase", "123")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bench.clerk.get("/queue").await.status, StatusCode::OK, "nothing was changed");
    let raise = [("rank", "administrator"), ("passphrase", new)];
    assert_eq!(bench.admin.post(to, &raise).await.location(), "/accounts?done=changed");
    assert_eq!(bench.clerk.get("/queue").await.status, StatusCode::SEE_OTHER, "sessions of the old rank end");
    let mut olena = bench.nobody.clone();
    olena.sign_in("o.koval", new).await;
    assert_eq!(olena.get("/suitcases").await.status, StatusCode::OK);
    let account = |login: &str| {
        let rows = bench.town.desk.accounts("admin").unwrap();
        rows.into_iter().find(|row| row.login == login).unwrap()
    };
    assert!(account("o.koval").unseals);
    let own = olena.post(to, &[("rank", "clerk")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody lowers their own");
    bench.admin.get("/accounts/o.koval").await.says("Зробити працівником");
    assert_eq!(bench.admin.post(to, &[("rank", "clerk")]).await.location(), "/accounts?done=changed");
    assert!(!account("o.koval").unseals);
    olena.sign_in("o.koval", new).await;
    assert_eq!(olena.get("/suitcases").await.status, StatusCode::FORBIDDEN, "the same passphrase, no administrator");
    let odd = bench.admin.post(to, &[("rank", "king")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}
