//! Two clerks at once: claims, many requests, marks of the routing sheet, look-alikes, the journal, who saw what.

use super::*;
use crate::app::testing::Suitcase;
use std::time::Duration;

const OTHER_PASSPHRASE: &str = "лелека яворина гопак шишка борщ";

/// A second clerk, signed in.
async fn other_clerk(bench: &Bench) -> Browser {
    bench.town.desk.add_account("admin", "p.hai", "Гай Петро", Rank::Clerk, OTHER_PASSPHRASE).unwrap();
    let mut other = bench.nobody.clone();
    assert_eq!(other.sign_in("p.hai", OTHER_PASSPHRASE).await.status, StatusCode::SEE_OTHER);
    other
}

/// A bench with a second clerk and one suitcase's requests for these people.
async fn scene(people: &[(&str, &str)]) -> (Bench, Browser, Suitcase, Vec<String>) {
    let mut bench = bench().await;
    let other = other_clerk(&bench).await;
    let suitcase = bench.town.suitcase(7);
    let numbers = people.iter().map(|(last, first)| {
        bench.town.clock.advance(Duration::from_secs(60));
        suitcase.record(last, first)
    });
    let numbers = numbers.collect();
    bench.town.carry_up(&suitcase);
    (bench, other, suitcase, numbers)
}

#[tokio::test]
async fn of_two_clerks_who_take_one_request_one_has_it_and_the_other_is_told() {
    let (bench, other, _suitcase, numbers) = scene(&[("Коваль", "Ганна"), ("Гук", "Семен")]).await;
    let claim = format!("{}/claim", request_path(&numbers[0]));
    let (first, second) = tokio::join!(bench.clerk.post(&claim, &[]), other.post(&claim, &[]));
    let both = [first.status, second.status];
    assert!(both.contains(&StatusCode::SEE_OTHER) && both.contains(&StatusCode::UNPROCESSABLE_ENTITY), "{both:?}");
    let told = if first.status == StatusCode::SEE_OTHER { &second } else { &first };
    told.says("Звернення вже взяв");

    let (winner, loser) =
        if first.status == StatusCode::SEE_OTHER { (&bench.clerk, &other) } else { (&other, &bench.clerk) };
    winner.get("/queue?group=mine").await.says("Коваль Ганна").says("Віддати");
    loser.get("/queue?group=mine").await.says("Тут порожньо");
    // Who takes the next one gets the other request.
    let next = loser.post("/queue/next", &[("back", "/queue?group=new")]).await;
    assert_eq!(next.location(), format!("{}?done=claim", request_path(&numbers[1])));
    let none = loser.post("/queue/next", &[("back", "/queue?group=new")]).await;
    assert!(none.location().contains("nothing-to-take"), "{}", none.location());
    loser.get(none.location()).await.says("Вільних звернень у цьому списку немає.");

    // To take it from somebody a reason is needed; to give one's own back none is.
    // Acts of one moment have no order among them.
    bench.town.clock.advance(Duration::from_secs(60));
    let release = format!("{}/release", request_path(&numbers[0]));
    assert_eq!(loser.post(&release, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(winner.post(&release, &[]).await.status, StatusCode::SEE_OTHER);
    winner.get("/queue?group=mine").await.says("Тут порожньо");
}

#[tokio::test]
async fn many_requests_are_answered_at_once_and_each_outcome_is_told() {
    let (bench, other, _suitcase, numbers) = scene(&[("Коваль", "Ганна"), ("Гук", "Семен"), ("Їжак", "Олег")]).await;
    other.post(&format!("{}/claim", request_path(&numbers[1])), &[]).await;
    let picks: Vec<String> = numbers.iter().map(|number| format!("pick:{number}")).collect();
    let mut fields: Vec<(&str, &str)> = picks.iter().map(|pick| (pick.as_str(), "1")).collect();
    fields.push(("back", "/queue?group=new"));
    let with = |more: &[(&'static str, &'static str)]| [fields.clone(), more.to_vec()].concat();
    let done = bench.clerk.post("/queue/bulk", &with(&[("do", "claim")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let told = bench.clerk.get(done.location()).await;
    told.says("Зроблено 2 з 3; не вдалося 1.").says("звернення вже взяв «p.hai»");
    assert_eq!(other.get(done.location()).await.status, StatusCode::SEE_OTHER, "outcomes are one's own");

    // Handing over asks for its data before anything is done.
    let form = bench.clerk.post("/queue/bulk", &with(&[("do", "hand_over")])).await;
    assert_eq!(form.status, StatusCode::OK);
    form.says("Вибрано 3 звернення.").says("Відповідальна особа в надавача").says("value=\"21.11.2026\"");
    assert_eq!(bench.town.desk.request("o.koval", &numbers[0]).unwrap().view.state().text(), "accepted");
    let given =
        [("do", "hand_over"), ("bulk-day", "21.11.2026"), ("bulk-person", "Гук С. І."), ("bulk-provider", "ПФУ")];
    let done = bench.clerk.post("/queue/bulk", &with(&given)).await;
    // What another clerk has is left to them.
    let told = bench.clerk.get(done.location()).await;
    told.says("Зроблено 2 з 3; не вдалося 1.").says("домовтеся або відкрийте його саме");
    let handed = bench.clerk.get("/queue?group=at_provider").await;
    handed.says("Коваль Ганна").says("Їжак Олег");
    assert!(!handed.body.contains("Гук Семен"));
    let nothing = bench.clerk.post("/queue/bulk", &[("do", "claim")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    nothing.says("Нічого не вибрано");
}

#[tokio::test]
async fn a_step_is_taken_back_for_ten_minutes_by_who_made_it() {
    let (bench, other, _suitcase, numbers) = scene(&[("Коваль", "Ганна")]).await;
    let path = request_path(&numbers[0]);
    bench.clerk.post(&format!("{path}/refuse"), &[("refuse-text", "помилково")]).await;
    bench.clerk.get(&path).await.says("Скасувати останню дію");
    assert!(!other.get(&path).await.body.contains("Скасувати останню дію"));
    let last = || bench.town.desk.request("o.koval", &numbers[0]).unwrap().undo.unwrap().event;
    let event = last();
    bench.clerk.get(&path).await.says(&format!("name=\"undo-event\" value=\"{event}\""));
    let to = format!("{path}/undo");
    assert_eq!(other.post(&to, &[("undo-event", &event)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bench.clerk.post(&to, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = bench.clerk.post(&to, &[("undo-event", &event)]).await;
    bench.clerk.get(done.location()).await.says("Останню дію скасовано.").says("Дію скасовано");
    assert_eq!(bench.town.desk.request("o.koval", &numbers[0]).unwrap().view.state().text(), "accepted");
    bench.clerk.post(&format!("{path}/accept"), &[]).await;
    // A page that was left open takes back what it showed, not what came after.
    let shown = last();
    bench.clerk.post(&format!("{path}/hand_over"), &[("hand-over-text", "ПФУ")]).await;
    let stale = bench.clerk.post(&to, &[("undo-event", &shown)]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let state = || bench.town.desk.request("o.koval", &numbers[0]).unwrap().view.state().text();
    assert_eq!(state(), "handed_over");
    // Step by step, the newest first.
    for then in ["in_work", "accepted"] {
        assert_eq!(bench.clerk.post(&to, &[("undo-event", &last())]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(state(), then);
    }
    assert_eq!(bench.town.desk.request("o.koval", &numbers[0]).unwrap().undo, None);
    bench.clerk.post(&format!("{path}/accept"), &[]).await;
    let event = last();
    bench.town.clock.advance(Duration::from_secs(11 * 60));
    assert!(!bench.clerk.get(&path).await.body.contains("Скасувати останню дію"));
    let late = bench.clerk.post(&to, &[("undo-event", &event)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn five_marks_are_put_with_their_steps_corrected_and_printed() {
    let (bench, _, _suitcase, numbers) = scene(&[("Коваль", "Ганна")]).await;
    let (clerk, path) = (&bench.clerk, request_path(&numbers[0]));
    clerk.post(&format!("{path}/number"), &[]).await;
    let nobody = [("hand-over-text", "ПФУ"), ("hand-over-day", "21.11.2026"), ("hand-over-person", "")];
    let refused = clerk.post(&format!("{path}/hand_over"), &nobody).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Впишіть прізвище та ініціали").says("value=\"ПФУ\"");
    let given = [
        ("hand-over-text", "ПФУ"),
        ("hand-over-day", "21.11.2026"),
        ("hand-over-person", "Гук С. І."),
        ("hand-over-term", "21.12.2026"),
    ];
    assert_eq!(clerk.post(&format!("{path}/hand_over"), &given).await.status, StatusCode::SEE_OTHER);
    let considered = [
        ("consider-day", "21.11.2026"),
        ("consider-person", "Бойко Т. В."),
        ("consider-result-day", "21.11.2026"),
        ("consider-number", "17"),
        ("consider-text", "субсидію призначено"),
    ];
    assert_eq!(clerk.post(&format!("{path}/consider"), &considered).await.status, StatusCode::SEE_OTHER);
    let ready = [("ready-day", "21.11.2026"), ("ready-person", "Коваль Олена"), ("ready-text", "рішення")];
    clerk.post(&format!("{path}/ready"), &ready).await;
    clerk.post(&format!("{path}/notify"), &[("notify-way", "phone"), ("notify-text", "прийде завтра")]).await;
    let handed = [("handed-over-day", "21.11.2026"), ("handed-over-person", "Коваль Г. П.")];
    clerk.post(&format!("{path}/handed_over"), &handed).await;

    let marks = clerk.get(&format!("{path}/marks")).await;
    marks.says("Гук С. І.").says("термін до 21.12.2026").says("Бойко Т. В.").says("субсидію призначено").says("№ 17");
    marks.says("Коваль Г. П.").says("чинна").says("із перебігу, без особи");
    let two = format!("{path}/marks/2");
    clerk.get(&two).await.says("value=\"Гук С. І.\"").says("Чому виправлено");
    let other = [("mark-day", "21.11.2026"), ("mark-person", "Гай П. О."), ("mark-text", "ПФУ")];
    let unexplained = clerk.post(&two, &other).await;
    assert_eq!(unexplained.status, StatusCode::UNPROCESSABLE_ENTITY);
    unexplained.says("Впишіть, чому позначку виправлено").says("value=\"Гай П. О.\"");
    let explained = [&other[..], &[("mark-why", "помилка в прізвищі")]].concat();
    clerk.post(&two, &explained).await;
    clerk.get(&format!("{path}/marks")).await.says("замінено").says("виправлено: помилка в прізвищі").says("Гай П. О.");
    let paper = clerk.get(&format!("{path}/sheet")).await;
    // Papers keep initials and surnames on one line.
    let body = paper.body.replace('\u{a0}', " ");
    for words in ["0001/2026", "Гай П. О.", "Бойко Т. В.", "субсидію призначено", "Коваль Г. П."]
    {
        assert!(body.contains(words), "{words}: {body}");
    }
    assert!(!body.contains("Гук С. І."), "the paper says what stands");
    clerk.get(&path).await.says("Позначка 2: передача справи").says("помилка в прізвищі").says("Повідомлено заявника");

    let journal = clerk.get("/journal").await;
    journal.says("0001/2026").says("Гай П. О.").says("субсидію призначено").says("телефоном").says("Коваль Г. П.");
    journal.says("1 запис").says("знято з контролю 21.11.2026").says("надано");
    assert_eq!(journal.body.matches("<th scope=\"col\">").count(), 18);
}

#[tokio::test]
async fn the_journal_is_filtered_printed_and_taken_as_files_without_formulas_or_people() {
    let (bench, _, _suitcase, numbers) = scene(&[("Коваль", "Ганна"), ("Гук", "Семен")]).await;
    let clerk = &bench.clerk;
    clerk.get("/journal").await.says("У журналі ще немає записів");
    clerk.post(&format!("{}/note", request_path(&numbers[0])), &[("note-text", "звичайна нотатка")]).await;
    let formula = [("hand-over-text", "=СУМА(А1)"), ("hand-over-day", ""), ("hand-over-person", "")];
    clerk.post(&format!("{}/hand_over", request_path(&numbers[0])), &formula).await;
    for number in &numbers {
        clerk.post(&format!("{}/number", request_path(number)), &[]).await;
        bench.town.clock.advance(Duration::from_secs(60));
    }
    let newest = clerk.get("/journal").await;
    assert!(newest.body.find("0002/2026") < newest.body.find("0001/2026"), "the last first");
    let oldest = clerk.get("/journal?sort=oldest").await;
    assert!(oldest.body.find("0001/2026") < oldest.body.find("0002/2026"));
    assert!(!clerk.get("/journal?q=гук").await.body.contains("0001/2026"));
    clerk.get("/journal?from=22.11.2026").await.says("За цим добором нічого немає");
    assert_eq!(clerk.get("/journal?from=завтра").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let file = clerk.get("/journal.csv").await;
    assert!(file.body.starts_with('\u{feff}') && file.body.contains(";"), "{}", file.body);
    file.says("'=СУМА(А1)").says("+380 50 123 45 67").says("звичайна нотатка");
    assert!(!file.body.lines().any(|line| line.split(';').any(|cell| cell.starts_with('='))));
    clerk.get("/journal/print").await.says("Журнал реєстрації звернень").says("Глобинська громада").says("Гук Семен");
    let open = clerk.get("/journal/open-data.csv").await;
    open.says("uid;registrationDateTime;code;title")
        .says("0001/2026;2026-11-21T")
        .says("фізична;null;null;На виконанні");
    for personal in ["Гук", "Ганна", "380"] {
        assert!(!open.body.contains(personal), "{personal}: {}", open.body);
    }
}

#[tokio::test]
async fn look_alikes_are_found_and_told_apart_by_a_person() {
    let (bench, _, suitcase, numbers) = scene(&[("Коваль", "Ганна"), ("Гук", "Семен"), ("КОВАЛЬ", "ганна")]).await;
    let clerk = &bench.clerk;
    let list = clerk.get("/queue?group=duplicates").await;
    list.says(&numbers[0]).says(&numbers[2]);
    assert!(!list.body.contains(&numbers[1]));
    let path = request_path(&numbers[0]);
    clerk.get(&path).await.says("Схоже на 1 інше звернення.");
    let twins = clerk.get(&format!("{path}/twins")).await;
    twins.says(&numbers[2]).says("Це різні звернення").says("+380 50 123 45 67");
    let apart = format!("{path}/twins/{}/apart", encode(&numbers[2]));
    assert_eq!(clerk.post(&apart, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = format!("reason-{}", numbers[2]);
    let done = clerk.post(&apart, &[(reason.as_str(), "різні роки народження")]).await;
    clerk.get(done.location()).await.says("Записано: це різні звернення.").says("більше немає");
    clerk.get("/queue?group=duplicates").await.says("Тут порожньо");
    // A third one looks like both.
    let third = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    let list = clerk.get("/queue?group=duplicates").await;
    list.says(&numbers[0]).says(&numbers[2]).says(&third);
    let repeat = format!("{}/twins/{}/duplicate", request_path(&third), encode(&numbers[0]));
    let done = clerk.post(&repeat, &[]).await;
    assert_eq!(done.location(), format!("{}?done=duplicate", request_path(&third)));
    clerk.get("/queue?group=duplicates").await.says("Тут порожньо");
}

#[tokio::test]
async fn a_filter_gets_a_name_in_the_menu_of_its_account() {
    let (bench, other, _suitcase, _) = scene(&[("Коваль", "Ганна")]).await;
    let address = "/queue?group=all&q=коваль&suitcase=7".replace("коваль", &encode("коваль"));
    let kept = bench.clerk.post("/filters", &[("name", "Ковалі сьомої"), ("address", &address)]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let page = bench.clerk.get(kept.location()).await;
    page.says("Добір збережено в меню.").says("Ковалі сьомої").says("Коваль Ганна");
    assert!(!other.get("/queue").await.body.contains("Ковалі сьомої"), "it is the account's own");
    for (name, address) in [("", address.as_str()), ("Чужий", "https://evil.example/queue"), ("Інше", "/accounts")]
    {
        let refused = bench.clerk.post("/filters", &[("name", name), ("address", address)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {address}");
    }
    bench.clerk.post("/filters/drop", &[("name", "Ковалі сьомої")]).await;
    assert!(!bench.clerk.get("/queue").await.body.contains("Ковалі сьомої"));
}

#[tokio::test]
async fn who_saw_and_did_what_is_told_to_administrators() {
    let (bench, other, _suitcase, numbers) = scene(&[("Коваль", "Ганна")]).await;
    let path = request_path(&numbers[0]);
    for _ in 0..3 {
        bench.clerk.get(&path).await;
    }
    other.get(&format!("{path}/card")).await;
    other.get("/queue.csv?group=all").await;
    bench.clerk.post(&format!("{path}/note"), &[("note-text", "подзвонити")]).await;
    let audit = bench.admin.get("/audit").await;
    audit
        .says("Коваль Олена")
        .says("відкрито сторінку звернення")
        .says("надруковано картку")
        .says("чергу взято файлом");
    audit.says("нотатка");
    let cells = |got: &Got, words: &str| got.body.matches(&format!(">{words}<")).count();
    assert_eq!(cells(&audit, "відкрито сторінку звернення"), 1, "a page that is opened again is one look");
    let seen = bench.admin.get("/audit?what=seen&by=p.hai").await;
    assert!(!seen.body.contains(">нотатка<") && cells(&seen, "надруковано картку") == 1);
    bench.admin.get(&format!("/audit?number={}", encode(&numbers[0]))).await.says("нотатка");
    let file = bench.admin.get("/audit.csv").await;
    file.says("o.koval;").says("Подробиці");
    assert_eq!(bench.clerk.get("/audit").await.status, StatusCode::FORBIDDEN);
    // Later the same look is another one.
    bench.town.clock.advance(Duration::from_secs(16 * 60));
    bench.town.desk.look("o.koval", &numbers[0], crate::app::How::Page).unwrap();
    let looks = || {
        let all = crate::app::TraceQuery { size: 100, ..crate::app::TraceQuery::default() };
        let audit = bench.town.desk.traces("admin", &all).unwrap();
        audit.rows.iter().filter(|row| row.trace.what == "saw_page").count()
    };
    assert_eq!(looks(), 2);
    // Told in the chain, they are read from there.
    bench.town.desk.tell_looks().unwrap();
    assert_eq!(looks(), 2);
}

#[tokio::test]
async fn the_list_says_what_changed_row_by_row_without_moving() {
    let (bench, other, suitcase, numbers) = scene(&[("Коваль", "Ганна"), ("Гук", "Семен")]).await;
    let page = bench.clerk.get("/queue?group=new").await;
    let news = page.body.split("data-refresh=\"").find(|part| part.starts_with("/queue/news")).unwrap();
    let news = news.split('|').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(bench.clerk.get(&news).await.body.trim(), "", "nothing changed");
    other.post(&format!("{}/claim", request_path(&numbers[0])), &[]).await;
    let changed = bench.clerk.get(&news).await;
    changed.says("data-for=\"holder-1\">Гай Петро<");
    assert!(!changed.body.contains("показати"), "{}", changed.body);
    other.post(&format!("{}/accept", request_path(&numbers[1])), &[]).await;
    suitcase.record("Їжак", "Олег");
    bench.town.carry_up(&suitcase);
    let changed = bench.clerk.get(&news).await;
    changed.says("+1 нове, показати").says("data-for=\"state-2\">у роботі · у цьому списку його вже немає<");
}
