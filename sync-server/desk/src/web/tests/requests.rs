//! A request's page: actions, their refusals, differences, paper.

use super::*;

async fn state(bench: &Bench, number: &str) -> &'static str {
    bench.town.desk.request("o.koval", number).unwrap().view.state().text()
}

#[tokio::test]
async fn a_request_goes_its_way_by_the_buttons_of_its_page() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    let (clerk, path) = (bench.clerk.clone(), request_path(&number));
    let page = clerk.get(&path).await;
    page.says("Коваль Ганна").says("+380 50 123 45 67").says("Прийняти в роботу").says("передати до 23.11.2026");
    page.says("Чому інших дій зараз немає").says("валіза 7").says("не пізніше 21.11.2026");

    let done = clerk.post(&format!("{path}/accept"), &[]).await;
    assert_eq!(done.location(), format!("{path}?done=accept"));
    clerk.get(done.location()).await.says("Прийнято в роботу.").says("Взято в роботу").says("Коваль Олена");
    assert_eq!(state(&bench, &number).await, "in_work");

    clerk.post(&format!("{path}/number"), &[]).await;
    clerk.get(&path).await.says("у журналі № 0001/2026").says("номер у журналі вже є");

    let empty = clerk.post(&format!("{path}/ask"), &[("ask-text", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.says("<title>Помилка:").says("<details class=\"action\" open>");
    clerk.post(&format!("{path}/ask"), &[("ask-text", "копію договору")]).await;
    assert_eq!(state(&bench, &number).await, "asked");
    clerk.post(&format!("{path}/supplement"), &[("supplement-text", "договір")]).await;
    clerk.post(&format!("{path}/hand_over"), &[("hand-over-text", "Управління земельних ресурсів")]).await;
    assert_eq!(state(&bench, &number).await, "handed_over");
    clerk.post(&format!("{path}/ready"), &[("ready-text", "рішення № 5")]).await;
    assert_eq!(state(&bench, &number).await, "ready");
    let late = clerk.post(&format!("{path}/accept"), &[]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    clerk.post(&format!("{path}/handed_over"), &[("handed-over-text", "заявниці вдома")]).await;
    assert_eq!(state(&bench, &number).await, "delivered");
    let page = clerk.get(&path).await;
    page.says("рішення № 5").says("копію договору").says("Управління земельних ресурсів").says("Видано");
    assert_eq!(clerk.post(&format!("{path}/explode"), &[]).await.status, StatusCode::NOT_FOUND);
    clerk.get(&format!("{path}?lang=en")).await.says("Delivered").says("What happened").says("not after 21.11.2026");
}

#[tokio::test]
async fn a_refusal_needs_its_ground_and_a_note_is_shown() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    let path = request_path(&number);
    bench.clerk.post(&format!("{path}/accept"), &[]).await;
    let bare = bench.clerk.post(&format!("{path}/refuse"), &[]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(state(&bench, &number).await, "in_work");
    let fields = [("refuse-ground", "Подано не всі документи"), ("refuse-text", "бракує договору")];
    bench.clerk.post(&format!("{path}/refuse"), &fields).await;
    assert_eq!(state(&bench, &number).await, "refused");
    bench.clerk.post(&format!("{path}/note"), &[("note-text", "телефонували")]).await;
    bench.clerk.get(&path).await.says("Подано не всі документи. бракує договору").says("телефонували");
}

#[tokio::test]
async fn a_clerk_writes_the_fee_with_its_ground_and_the_journal_has_it() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    let path = request_path(&number);
    bench.clerk.get(&path).await.says("Записати плату").says("Підстава");
    let fee = format!("{path}/fee");
    for (kind, amount, ground) in
        [("", "", "рішення"), ("amount", "сто", "рішення"), ("amount", "83,20", ""), ("free", "83,20", "рішення")]
    {
        let fields = [("fee-kind", kind), ("fee-amount", amount), ("fee-text", ground)];
        let refused = bench.clerk.post(&fee, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {amount} {ground}");
        if !amount.is_empty() {
            refused.says(&format!("value=\"{amount}\""));
        }
    }
    let fields = [("fee-kind", "amount"), ("fee-amount", "83,20"), ("fee-text", "рішення ради № 7")];
    let done = bench.clerk.post(&fee, &fields).await;
    assert_eq!(done.location(), format!("{path}?done=fee"));
    let page = bench.clerk.get(done.location()).await;
    page.says("Плату записано.").says("83,20 грн").says("рішення ради № 7");
    let fields = [("fee-kind", "free"), ("fee-amount", ""), ("fee-text", "посвідчення УБД")];
    assert_eq!(bench.clerk.post(&fee, &fields).await.location(), format!("{path}?done=fee"));
    bench.clerk.get(&path).await.says("0,00 грн").says("посвідчення УБД");
    bench.clerk.post(&format!("{path}/number"), &[]).await;
    bench.clerk.get("/journal").await.says("0,00 грн");
    bench.admin.get("/audit?what=done").await.says("виправлено поля");
}

#[tokio::test]
async fn where_people_differ_both_values_stand_until_a_person_chooses() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    suitcase.correct(&number, "phone", "+380671112233");
    bench.town.desk.correct_for_test(&number, "phone", "+380934445566");
    bench.town.carry_up(&suitcase);
    let path = request_path(&number);
    let page = bench.clerk.get(&path).await;
    page.says("Розбіжність: Телефон.").says("+380 67 111 22 33").says("+380 93 444 55 66").says("записи розходяться");
    bench.clerk.get("/queue?group=differences").await.says("Коваль Ганна").says("1 розбіжність");

    let choice = format!("{path}/differences/phone");
    let sides = bench.clerk.get(&choice).await;
    sides.says("+380 67 111 22 33").says("+380 93 444 55 66").says("валіза 7").says("центр");
    let mark = records::Value::Text("+380671112233".into()).mark();
    sides.says(&format!("value=\"{mark}\""));
    let take = mark.as_str();
    let unsaid = bench.clerk.post(&choice, &[("take", take)]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    unsaid.says("чому саме так");
    // A place in a list that may have changed names nothing.
    for gone in ["0", "1", "9"] {
        let wrong = bench.clerk.post(&choice, &[("take", gone), ("reason", "так")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let other = [("take", "other"), ("value", "12"), ("reason", "так")];
    assert_eq!(bench.clerk.post(&choice, &other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = bench.clerk.post(&choice, &[("take", take), ("reason", "перевірено дзвінком")]).await;
    assert_eq!(done.location(), format!("{path}?done=resolve"));
    let page = bench.clerk.get(done.location()).await;
    page.says("розбіжності більше немає")
        .says("Розбіжність розв’язано")
        .says("перевірено дзвінком")
        .says("+380 67 111 22 33");
    assert!(!page.body.contains("Розбіжність: Телефон."));
    assert_eq!(bench.clerk.get(&choice).await.location(), path, "a choice that was made leads back");
}

#[tokio::test]
async fn a_request_is_entrusted_to_another_suitcase_and_printed() {
    let mut bench = bench().await;
    let (seven, _eight) = (bench.town.suitcase(7), bench.town.suitcase(8));
    let number = seven.record("Коваль", "Ганна");
    bench.town.carry_up(&seven);
    let path = request_path(&number);
    bench.clerk.get(&path).await.says("Доручити валізі").says("<option value=\"8\"");
    let wrong = bench.clerk.post(&format!("{path}/grant"), &[("grant-text", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = bench.clerk.post(&format!("{path}/grant"), &[("grant-text", "8")]).await;
    assert_eq!(done.location(), format!("{path}?done=grant"));
    let (from, why) = (("take-back-suitcase", "8"), ("take-back-text", "доручено помилково"));
    let bare = bench.clerk.post(&format!("{path}/take_back"), &[from]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    bare.says("впишіть, чому звернення забирають у валізи".replacen('в', "В", 1).as_str());
    let nobody = bench.clerk.post(&format!("{path}/take_back"), &[why]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = bench.clerk.post(&format!("{path}/take_back"), &[from, why]).await;
    assert_eq!(done.location(), format!("{path}?done=take_back"));
    bench.clerk.get(done.location()).await.says("Звернення забрано у валізи");
    assert_eq!(
        bench.clerk.post(&format!("{path}/grant"), &[("grant-text", "8")]).await.location(),
        format!("{path}?done=grant")
    );
    bench.clerk.get(&path).await.says("Читають і пишуть валізи: 7, 8.");
    bench.clerk.get(&format!("{path}/card")).await.says("Картка звернення №").says(&number).says("Коваль Ганна");
    let opys = bench.clerk.get(&format!("{path}/opys?lang=en")).await;
    opys.says("Опис №").says("Глобинська громада").says("<html lang=\"uk\"");
}
