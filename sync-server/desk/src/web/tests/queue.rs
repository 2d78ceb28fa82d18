//! The queue: groups, filters, order, pages, the file, the quiet line.

use super::*;

/// Where each of the words stands on the page; panics if one is missing.
fn places(got: &Got, words: &[&str]) -> Vec<usize> {
    let place = |word: &&str| got.body.find(word).unwrap_or_else(|| panic!("{word} is missing:\n{}", got.body));
    words.iter().map(place).collect()
}

#[tokio::test]
async fn the_queue_is_filtered_sorted_and_paged_by_its_address() {
    let mut bench = bench().await;
    let (seven, eight) = (bench.town.suitcase(7), bench.town.suitcase(8));
    seven.record("Яременко", "Ганна");
    bench.town.clock.advance(std::time::Duration::from_secs(60));
    eight.record("Авраменко", "Петро");
    bench.town.carry_up(&seven);
    bench.town.carry_up(&eight);
    let clerk = &bench.clerk;

    let got = clerk.get("/queue").await;
    let order = places(&got, &["Яременко Ганна", "Авраменко Петро"]);
    assert!(order[0] < order[1], "the oldest first");
    got.says("За строком передачі").says("23.11 (1 роб. день)").says("Усього 2 рядки").says("валіза 7").says("щойно");
    assert!(got.body.contains("seen=2&#38;version=") || got.body.contains("seen=2&amp;version="), "{}", got.body);

    let by_name = clerk.get("/queue?group=new&sort=applicant").await;
    let order = places(&by_name, &["Авраменко Петро", "Яременко Ганна"]);
    assert!(order[0] < order[1], "by name");
    by_name.says("За прізвищем заявника").says("aria-sort=\"ascending\"");
    let newest = clerk.get("/queue?sort=-taken").await;
    let order = places(&newest, &["Авраменко Петро", "Яременко Ганна"]);
    assert!(order[0] < order[1], "the newest first");

    for (address, shown, hidden) in [
        ("/queue?q=аврам", "Авраменко Петро", "Яременко Ганна"),
        ("/queue?suitcase=7", "Яременко Ганна", "Авраменко Петро"),
        ("/queue?from=21.11.2026&to=21.11.2026&q=яременко", "Яременко Ганна", "Авраменко Петро"),
    ] {
        let address = address.replace("аврам", &encode("аврам")).replace("яременко", &encode("яременко"));
        let got = clerk.get(&address).await;
        got.says(shown);
        assert!(!got.body.contains(hidden), "{address} shows {hidden}");
    }
    for empty in ["/queue?group=closed", "/queue?from=22.11.2026", "/queue?to=20.11.2026", "/queue?service=passport-14"]
    {
        let got = clerk.get(empty).await;
        assert!(!got.body.contains("Яременко"), "{empty}");
        got.says("class=\"empty\"");
    }
    for wrong in ["/queue?from=31.02.2026", "/queue?suitcase=x", "/queue?suitcase=99"] {
        let got = clerk.get(wrong).await;
        assert!(got.status.is_client_error(), "{wrong}: {}", got.status);
        got.says("<title>Помилка:");
    }
    let english = clerk.get("/queue?lang=en").await;
    english.says("<html lang=\"en\"").says("23.11 (1 working day)").says("Hand over by").says("suitcase 7");
}

#[tokio::test]
async fn a_page_holds_fifty_rows_and_says_how_many_there_are() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    for _ in 0..52 {
        suitcase.record("Коваль", "Ганна");
    }
    bench.town.carry_up(&suitcase);
    let first = bench.clerk.get("/queue").await;
    assert_eq!(first.body.matches("class=\"row-link\"").count(), 50);
    first.says("Усього 52 рядки").says("page=2");
    let second = bench.clerk.get("/queue?page=2").await;
    assert_eq!(second.body.matches("class=\"row-link\"").count(), 2);
    let file = bench.clerk.get("/queue.csv").await;
    assert_eq!(file.body.lines().count(), 53, "the file has all pages");
}

#[tokio::test]
async fn the_file_runs_no_formula_and_the_page_no_script() {
    let mut bench = bench().await;
    let formula = "=HYPERLINK(\"http://evil.example\";\"Коваль\")";
    bench.town.desk.add_account("admin", "evil", formula, Rank::Clerk, CLERK_PASSPHRASE).unwrap();
    let mut evil = bench.nobody.clone();
    evil.sign_in("evil", CLERK_PASSPHRASE).await;
    let suitcase = bench.town.suitcase(7);
    let canary = suitcase.record("Коваль", "Ганна");
    suitcase.correct(&canary, "summary", "<script>alert(1)</script>");
    suitcase.note(&canary, "<b onclick=alert(1)>нотатка</b>");
    bench.town.carry_up(&suitcase);
    let path = request_path(&canary);
    evil.post(&format!("{path}/number"), &[("number-text", "<img src=x onerror=alert(1)>")]).await;
    evil.post(&format!("{path}/accept"), &[]).await;
    let file = bench.clerk.get("/queue.csv?group=in_work").await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("queue-in_work-2026-11-21.csv"));
    file.says("\"'=HYPERLINK(\"\"http://evil.example\"\";\"\"Коваль\"\")\"");
    for path in ["/queue?group=in_work".to_owned(), path.clone(), format!("{path}/card"), format!("{path}/opys")] {
        let got = bench.clerk.get(&path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}");
        for live in ["<script>alert", "<img src=x", "<b onclick"] {
            assert!(!got.body.contains(live), "{path} holds {live}");
        }
    }
    for path in [path.clone(), format!("{path}/card")] {
        let got = bench.clerk.get(&path).await;
        got.says("&#60;script&#62;alert(1)").says("&#60;b onclick").says("&#60;img src=x");
    }
    let got = bench.clerk.get("/queue?q=%22%3E%3Cscript%3Ealert(2)%3C/script%3E").await;
    assert!(!got.body.contains("<script>alert(2)"));
}

#[tokio::test]
async fn a_new_request_is_told_by_a_quiet_line_and_taken_from_the_list() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let first = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    assert_eq!(bench.clerk.get("/queue/news?group=new&seen=1").await.body.trim(), "");
    suitcase.record("Гук", "Степан");
    bench.town.carry_up(&suitcase);
    bench.clerk.get("/queue/news?group=new&seen=1").await.says("+1 нове, показати").says("/queue?group=new");
    bench.clerk.get("/queue/news?group=new&seen=1&q=%D0%BA%D0%BE%D0%B2%D0%B0%D0%BB%D1%8C").await;

    let page = bench.clerk.get("/queue").await;
    page.says("data-row-key=\"KeyC\"");
    let got = bench.clerk.post(&format!("{}/accept?back=%2Fqueue%3Fgroup%3Dnew", request_path(&first)), &[]).await;
    assert_eq!((got.status, got.location()), (StatusCode::SEE_OTHER, "/queue?group=new&done=accept"));
    bench.clerk.get("/queue/news?group=new&seen=2").await.says("Список змінився");
    let work = bench.clerk.get("/queue?group=in_work").await;
    work.says("Коваль Ганна").says("Коваль Олена");
    assert!(!work.body.contains("KeyC"), "nobody takes what is taken");
}
