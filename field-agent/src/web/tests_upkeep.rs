//! The officer's pages beside the form: locks, exchange, history, undo, consultations, papers, releases, help.

use super::frame::help_phrase;
use super::tests::{Browser, PASSPHRASE, Page};
use crate::app::testing::sample_form;
use crate::app::{SessionToken, forget_console, keep_console, lock_console};
use axum::http::StatusCode;
use clock::JumpWatch;
use peer::OwnFact;
use records::commands::RequestCommand;
use std::time::Duration;

/// The suitcase opened again by its passphrase, once what was closed has let go of the folder.
fn opened_again(browser: &Browser) -> crate::app::Agent {
    for _ in 0..100 {
        let surroundings = crate::app::testing::surroundings_at(browser.bench.clock.clone(), 31);
        match crate::app::open(browser.bench.dir.path(), None, PASSPHRASE, &surroundings) {
            Ok(agent) => return agent,
            Err(crate::app::AppError::Peer(peer::PeerError::InUse)) => std::thread::sleep(Duration::from_millis(50)),
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the folder stays in use")
}

fn path(number: &str) -> String {
    format!("/requests/{}", pages::address::encode(number))
}

/// Facts that the suitcase told the centre.
fn facts(browser: &Browser, agent: &crate::app::Agent) -> Vec<OwnFact> {
    browser.bench.centre.take_from(agent.peer_for_tests());
    let chain = agent.peer_for_tests().chain();
    let facts = browser.bench.centre.desk.read(|view| view.facts(chain, 0)).unwrap();
    facts.into_iter().map(|(_, fact)| fact).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_screen_does_not_lock_under_somebody_who_types() {
    let mut browser = Browser::at_work().await;
    for _ in 0..4 {
        browser.bench.clock.advance(std::time::Duration::from_secs(5 * 60));
        assert_eq!(browser.get("/status?typing").await.status, StatusCode::OK);
    }
    for _ in 0..2 {
        browser.bench.clock.advance(std::time::Duration::from_secs(5 * 60));
        browser.get("/status").await;
    }
    browser.bench.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(browser.get("/status").await.status, StatusCode::FORBIDDEN, "a page that refreshes itself is nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_screen_lock_hides_all_and_keeps_the_suitcase_open() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    assert_eq!(browser.post("/lock", &[]).await.leads_to(), "/unlock");
    assert!(browser.console.agent().is_some(), "the exchange goes on");
    assert!(browser.console.locked().borrow().is_none(), "nobody starts the program again");
    for page in ["/day", &path(&number), "/exchange", "/consultations", "/verify"] {
        let hidden = browser.get(page).await;
        assert!(hidden.leads_to().starts_with("/unlock?next="), "{page}");
        assert!(!hidden.text.contains("Коваленко"));
    }
    assert_eq!(browser.get("/status").await.status, StatusCode::FORBIDDEN, "the open page reloads itself");
    let page = browser.get("/unlock").await;
    assert!(page.text.contains("Екран замкнено") && page.text.contains("/lock/vault"));
    assert!(!page.text.contains("/recover"), "words from the centre are no way round a running officer's passphrase");
    assert_eq!(browser.get("/recover").await.leads_to(), "/unlock");
    assert_eq!(browser.unlock(PASSPHRASE).await.leads_to(), "/day");
    assert_eq!(browser.get(&path(&number)).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vault_lock_closes_the_suitcase_even_from_a_locked_screen_and_the_centre_learns_of_it() {
    let mut browser = Browser::at_work().await;
    browser.post("/lock", &[]).await;
    assert_eq!(browser.post("/lock/vault", &[]).await.leads_to(), "/unlock");
    assert!(browser.console.agent().is_none());
    assert!(browser.console.locked().borrow().is_some(), "whoever serves the pages wipes the memory");
    let agent = opened_again(&browser);
    assert!(
        facts(&browser, &agent).iter().any(|fact| matches!(fact, OwnFact::Lock { officer, .. } if officer == "olena"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idleness_locks_the_screen_first_and_the_vault_later() {
    let mut browser = Browser::at_work().await;
    let mut jumps = JumpWatch::new(browser.bench.clock.as_ref());
    browser.bench.clock.advance(Duration::from_secs(11 * 60));
    browser.console.look(&mut jumps);
    assert!(browser.console.agent().is_some());
    assert!(browser.get("/day").await.leads_to().starts_with("/unlock"));
    browser.bench.clock.advance(Duration::from_secs(50 * 60));
    browser.console.look(&mut jumps);
    assert!(browser.console.agent().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_laptop_that_slept_locks_its_vault_and_a_clock_that_was_set_is_told() {
    let browser = Browser::at_work().await;
    let mut jumps = JumpWatch::new(browser.bench.clock.as_ref());
    let now = clock::Clock::now(browser.bench.clock.as_ref());
    browser.bench.clock.set_wall(clock::Time(now.0 - 3_600_000));
    browser.console.look(&mut jumps);
    assert!(browser.console.agent().is_some(), "a clock that is set back is no sleep");
    browser.bench.clock.set_wall(clock::Time(now.0 + 7_200_000));
    browser.console.look(&mut jumps);
    assert!(browser.console.agent().is_none());
    let agent = opened_again(&browser);
    let told = facts(&browser, &agent);
    let jumped: Vec<(i64, i64)> = told
        .iter()
        .filter_map(|fact| match fact {
            OwnFact::ClockJump { before, after } => Some((*before, *after)),
            _ => None,
        })
        .collect();
    assert_eq!(jumped, [(now.0, now.0 - 3_600_000), (now.0 - 3_600_000, now.0 + 7_200_000)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_locks_with_the_folder_s_token_and_with_no_other() {
    let mut browser = Browser::at_work().await;
    let surroundings = crate::app::testing::surroundings_at(browser.bench.clock.clone(), 99);
    let token = SessionToken::fresh(&surroundings);
    browser.console.obey(&token);
    for (given, lock, status) in [
        ("", "screen", StatusCode::FORBIDDEN),
        ("00", "vault", StatusCode::FORBIDDEN),
        (token.text(), "door", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let page = browser.post("/lock/by-command", &[("token", given), ("lock", lock)]).await;
        assert_eq!(page.status, status, "{given} {lock}");
    }
    assert_eq!(browser.get("/day").await.status, StatusCode::OK);
    let page = browser.post("/lock/by-command", &[("token", token.text()), ("lock", "screen")]).await;
    assert_eq!(page.status, StatusCode::NO_CONTENT);
    assert!(browser.get("/day").await.leads_to().starts_with("/unlock"));
    // Nobody answers at the address in the file.
    let dir = browser.bench.dir.path();
    keep_console(dir, "127.0.0.1:1".parse().unwrap(), &token).unwrap();
    assert!(lock_console(dir, crate::app::Lock::Vault).is_err());
    forget_console(dir);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_suitcase_does_not_claim_to_have_sent_everything() {
    let mut browser = Browser::at_work().await;
    let day = browser.get("/day").await;
    assert!(!day.text.contains("Усе в центрі") && !day.text.contains("усе надіслано"), "{}", day.text);
    assert!(day.text.contains("Надсилати поки нічого"));
    let exchange = browser.get("/exchange").await;
    assert!(exchange.text.contains("Внесіть перше"), "{}", exchange.text);
}

/// The page once it says these words: a hub that is away is waited for some seconds, and while an attempt is under way the
/// last one's trouble is not shown.
async fn told(browser: &mut Browser, address: &str, words: &str) -> Page {
    let mut page = browser.get(address).await;
    for _ in 0..300 {
        if page.text.contains(words) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        page = browser.get(address).await;
    }
    assert!(page.text.contains(words), "{words}: {}", page.text);
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exchange_page_says_of_each_item_where_how_large_since_when() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    // The attempt fails: nobody listens at the hub's address.
    assert_eq!(browser.post("/exchange/now", &[]).await.leads_to(), "/exchange");
    let page = told(&mut browser, "/exchange", "емає зв").await;
    for part in [number.as_str(), "Картка мешканця", "тут", "емає зв", "Наступна спроба", "21.11.2026 12:00"]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    let english = told(&mut browser, "/exchange?lang=en", "o connection to the centre").await;
    assert!(english.text.contains("Resident"), "{}", english.text);
    for page in ["/exchange?page=999999", "/exchange?page=-1", "/exchange?page=x"] {
        assert_eq!(browser.get(page).await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_taken_back_from_the_page_and_the_history_says_so() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let here = path(&number);
    browser.post(&format!("{here}/withdraw"), &[("withdraw-reason", "натиснуто помилково")]).await;
    let page = browser.get(&here).await;
    assert!(page.text.contains("Можна скасувати до 12:10"), "{}", page.text);
    let undo = page.between(&format!("action=\"{here}/undo/"), "\"").to_owned();
    assert_eq!(browser.post(&format!("{here}/undo/{undo}"), &[]).await.leads_to(), here);
    let page = browser.get(&here).await;
    assert!(
        page.text.contains("скасовано тим, хто записав") && page.text.contains("Валіза 7")
            || page.text.contains("валіза 7")
    );
    assert!(!page.text.contains("Можна скасувати"));
    let again = browser.post(&format!("{here}/undo/{undo}"), &[]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("сталося інше"), "{}", again.text);
    browser.post(&format!("{here}/note"), &[("note-text", "собака у дворі")]).await;
    let page = browser.get(&here).await;
    let note = page.between(&format!("action=\"{here}/notes/"), "/").to_owned();
    browser.post(&format!("{here}/notes/{note}/withdraw"), &[]).await;
    browser.bench.clock.advance(Duration::from_secs(5));
    assert_eq!(browser.post(&format!("{here}/notes/{note}/restore"), &[]).await.leads_to(), here);
    assert!(!browser.get(&here).await.text.contains("<s>собака"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_corrections_and_rival_decisions_are_explained() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let agent = browser.console.agent().unwrap();
    let record = agent.request(&number).unwrap().record;
    let peer = agent.peer_for_tests();
    browser.bench.centre.take_from(peer);
    browser.bench.centre.decide(&record, RequestCommand::Refuse { ground: "немає права".into() });
    agent.correct(&number, &[("phone".to_owned(), "+380501112233".to_owned())], "новий номер").unwrap();
    agent.withdraw(&number, "передумала").unwrap();
    browser.bench.centre.give_to(peer);
    let here = path(&number);
    let page = browser.get(&here).await;
    for part in ["Два рішення", "Обирає центр", "доведено", "центр"] {
        assert!(part == "доведено" || page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("; доведено"), "said once an event");
    let conflicts = browser.get(&format!("{here}/conflicts")).await;
    assert_eq!(conflicts.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consultations_are_recorded_listed_and_answered_on_the_pages() {
    let mut browser = Browser::at_work().await;
    assert!(browser.get("/day").await.text.contains("data-key=\"KeyK\""));
    assert!(browser.get("/consultations").await.text.contains("Консультацій ще немає"));
    let empty = browser.post("/consultations/new", &[("outcome", "answered"), ("who", "Гук")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("про що питали") && empty.text.contains("value=\"Гук\""), "nothing typed is lost");
    let typed =
        [("service", "перерахунок пенсії"), ("service~code", ""), ("outcome", "later"), ("phone", "+380501112233")];
    assert_eq!(browser.post("/consultations/new", &typed).await.leads_to(), "/consultations");
    let list = browser.get("/consultations").await;
    assert!(list.text.contains("перерахунок пенсії") && list.text.contains("1 консультація сьогодні"));
    assert!(browser.get("/day").await.text.contains("1 людині обіцяно відповідь"));
    let record = list.between("action=\"/consultations/", "/answer").to_owned();
    let answer = format!("answer-{record}");
    let refused = browser.post(&format!("/consultations/{record}/answer"), &[(answer.as_str(), " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = "довга відповідь ".repeat(2_000);
    let refused = browser.post(&format!("/consultations/{record}/answer"), &[(answer.as_str(), long.as_str())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(long.trim()), "a long answer comes back to be shortened");
    let both = [("service", "субсидія на тверде паливо"), ("topic", "чи можна вдруге"), ("outcome", "answered")];
    browser.post("/consultations/new", &both).await.leads_to();
    let list = browser.get("/consultations").await;
    assert!(list.text.contains("субсидія на тверде паливо: чи можна вдруге"), "neither is lost");
    let done =
        browser.post(&format!("/consultations/{record}/answer"), &[(answer.as_str(), "прийти з паспортом")]).await;
    assert_eq!(done.leads_to(), "/consultations");
    assert!(browser.get("/consultations?outcome=answered&q=пенсії").await.text.contains("прийти з паспортом"));
    assert!(browser.get("/consultations?outcome=nonsense&lang=en").await.text.contains("explained"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_is_checked_by_code_or_number() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let code = browser.console.agent().unwrap().statement(&number).unwrap();
    let page = browser.post("/verify", &[("code", &code.to_lowercase())]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Код справжній") && page.text.contains("Коваленко Ганна Петрівна"), "{}", page.text);
    let page = browser.post("/verify", &[("code", &number)]).await;
    assert!(page.text.contains("є на цій валізі"));
    let last = if code.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{last}", &code[..code.len() - 1]);
    for (typed, words) in [
        (forged.as_str(), "підпис не збігається"),
        ("http://example.org/", "не код опису"),
        ("", "зчитайте код"),
        ("<script>alert(1)</script>", "не код опису"),
    ] {
        let page = browser.post("/verify", &[("code", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(page.text.to_lowercase().contains(words), "{typed}: {}", page.text);
        assert!(!page.text.contains("<script>alert"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_release_in_force_is_named() {
    let mut browser = Browser::at_work().await;
    let page = browser.get("/releases").await;
    assert!(page.text.contains("Випуск 1") && page.text.contains("діє"), "{}", page.text);
    let unknown = browser.get("/releases?from=1&to=77").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.text.contains("77"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_has_help_of_its_own() {
    let mut browser = Browser::at_work().await;
    let number = browser.record(&sample_form()).await;
    let draft = browser.get("/requests/new").await.leads_to().to_owned();
    let here = path(&number);
    let all = ["/day", "/requests", "/residents", "/consultations", "/consultations/new", "/exchange", "/releases"];
    let more = [&draft, &here, &format!("{here}/conflicts"), &format!("{here}/saved"), &format!("{here}/correct")];
    for page in all.into_iter().chain(["/verify", "/help"]).chain(more.into_iter().map(String::as_str)) {
        assert!(help_phrase(page).is_some(), "{page}");
        for lang in ["", "?lang=en"] {
            let shown = browser.get(&format!("{page}{lang}")).await;
            assert_eq!(shown.status, StatusCode::OK, "{page}");
            let dialog = shown.between("id=\"keys-title\"", "data-keys-list");
            assert!(dialog.contains("<p>"), "{page}{lang}: {dialog}");
        }
    }
    assert_eq!(help_phrase("/requests/new?x=1"), Some("help-of-form"));
    assert_eq!(help_phrase("/requests/7-1/conflicts"), Some("help-of-conflicts"));
    let help = browser.get("/help").await;
    for part in ["Ctrl+Alt+L", "field-agent lock", "help-exchange", "дванадцять слів"] {
        assert!(help.text.contains(part), "{part}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_from_the_centre_open_the_suitcase_once() {
    const NEW: &str = "калина мольфар сопілка ватра джміль";
    let mut browser = Browser::at_work().await;
    let agent = browser.console.agent().unwrap();
    let words = agent.recovery_words_for_tests(&browser.bench.centre);
    drop(agent);
    browser.post("/lock/vault", &[]).await;
    let page = browser.get("/recover").await;
    assert!(page.text.contains("дванадцять слів"));
    let pairs = |words: &str, again: &str| {
        vec![
            ("officer".to_owned(), "olena".to_owned()),
            ("words".to_owned(), words.to_owned()),
            ("new".to_owned(), NEW.to_owned()),
            ("again".to_owned(), again.to_owned()),
        ]
    };
    let differs = browser.post_typed("/recover", &pairs(&words, "інший")).await;
    assert!(differs.text.contains("Паролі різні"));
    let wrong = browser.post_typed("/recover", &pairs("одне два три", NEW)).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(wrong.text.contains("12 слів") && !wrong.text.contains(NEW), "{}", wrong.text);
    let opened = browser.post_typed("/recover", &pairs(&words, NEW)).await;
    assert_eq!(opened.leads_to(), "/day");
    assert_eq!(browser.get("/day").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exchange_page_says_what_will_fit_before_it_starts() {
    let mut browser = Browser::at_work().await;
    browser.record(&sample_form()).await;
    let asked = browser.get("/exchange?megabytes=5").await;
    assert!(asked.text.contains("5,0 МБ: усе, що чекає (звернень 1"), "{}", asked.text);
    assert!(asked.text.contains("name=\"megabytes\" value=\"5\"") && asked.text.contains("Почати в цих межах"));
    let unknown = browser.get("/exchange?minutes=3").await;
    assert!(unknown.text.contains("3 хв: швидкість ще не виміряна"), "{}", unknown.text);
    let english = browser.get("/exchange?minutes=3&lang=en").await;
    assert!(english.text.contains("the speed was never measured"), "{}", english.text);
    for wrong in ["/exchange?minutes=%D1%82%D1%80%D0%B8", "/exchange?megabytes=-5", "/exchange?minutes=0"] {
        let refused = browser.get(wrong).await;
        assert!(refused.status == StatusCode::OK && refused.text.contains("напишіть число"), "{}", refused.text);
        assert!(!refused.text.contains("Почати в цих межах"));
    }
    let posted = browser.post("/exchange/now", &[("minutes", "багато"), ("megabytes", "5")]).await;
    let back = browser.get(posted.leads_to()).await;
    assert!(back.text.contains("Хвилини: напишіть число"), "{}", back.text);
    assert_eq!(browser.post("/exchange/now", &[("minutes", "3"), ("megabytes", "")]).await.leads_to(), "/exchange");
}
