//! Who may go where, made from the table of routes itself.

use super::super::routes::{Need, ROUTES, Row, Verb};
use super::*;
use std::fs;

/// Who may use each route: the second list beside [`ROUTES`]. A route without a row here fails, and so does a row that
/// says another thing than the table of routes.
const MATRIX: [(Who, &str); 3] = [
    (
        Who::Anybody,
        "GET /desk.css
         GET /sign-in
         POST /sign-in
         GET /sign-in/code
         POST /sign-in/code
         GET /unseal
         POST /unseal
         POST /sign-out",
    ),
    (
        Who::Clerk,
        "GET /
         GET /status
         GET /queue
         GET /queue/news
         GET /queue.csv
         POST /queue/next
         POST /queue/bulk
         GET /queue/outcome/{id}
         POST /filters
         POST /filters/drop
         GET /journal
         GET /journal.csv
         GET /journal/open-data.csv
         GET /journal/print
         GET /numbers
         GET /numbers.csv
         GET /check-shift
         POST /check-shift
         GET /consultations
         GET /consultations.csv
         GET /consultations/{record}
         GET /requests/{number}
         GET /requests/{number}/card
         GET /requests/{number}/opys
         GET /requests/{number}/papers/{name}
         GET /requests/{number}/sheet
         GET /requests/{number}/marks
         GET /requests/{number}/marks/{kind}
         POST /requests/{number}/marks/{kind}
         GET /requests/{number}/evidence
         POST /requests/{number}/evidence
         GET /requests/{number}/twins
         POST /requests/{number}/twins/{other}/{verdict}
         POST /requests/{number}/{action}
         GET /requests/{number}/differences/{key}
         POST /requests/{number}/differences/{key}
         GET /requests/{number}/decisions/{event}
         POST /requests/{number}/decisions/{event}
         GET /catalogue
         GET /catalogue/who
         GET /catalogue/releases/{release}
         GET /catalogue/releases/{release}/file
         GET /catalogue/releases/{release}/services/{service}
         GET /set-aside
         POST /set-aside/{chain}/{seq}/accept
         POST /set-aside/{chain}/{seq}/decline
         GET /sticks
         POST /sticks/in
         POST /sticks/out
         GET /passphrase
         POST /passphrase
         GET /code
         POST /code
         POST /code/remove",
    ),
    (
        Who::Administrator,
        "GET /audit
         GET /audit.csv
         GET /suitcases
         POST /suitcases
         GET /suitcases/invite
         POST /suitcases/invite/file
         POST /suitcases/invitations/{id}/withdraw
         POST /suitcases/compare/{chain}/{answer}
         POST /suitcases/continue/{chain}/confirm
         POST /suitcases/continue/{chain}/decline
         GET /suitcases/{number}
         POST /suitcases/{number}/place
         POST /suitcases/{number}/revoke
         GET /suitcases/{number}/recovery
         POST /suitcases/{number}/recovery
         GET /suitcases/{number}/lost
         POST /suitcases/{number}/lost
         POST /catalogue/drafts
         POST /catalogue/drafts/back
         POST /catalogue/trials/end
         GET /catalogue/drafts/{draft}
         POST /catalogue/drafts/{draft}/files
         POST /catalogue/drafts/{draft}/drop
         POST /catalogue/drafts/{draft}/set
         POST /catalogue/drafts/{draft}/try
         POST /catalogue/drafts/{draft}/publish
         POST /catalogue/drafts/{draft}/discard
         GET /catalogue/drafts/{draft}/services/{service}
         POST /catalogue/drafts/{draft}/services/{service}
         GET /catalogue/drafts/{draft}/shared
         POST /catalogue/drafts/{draft}/shared
         GET /backups
         POST /backups
         POST /backups/check
         GET /accounts
         POST /accounts
         GET /accounts/{login}
         POST /accounts/{login}/disable
         POST /accounts/{login}/enable
         POST /accounts/{login}/passphrase
         POST /accounts/{login}/rank
         POST /accounts/{login}/factor
         GET /sessions
         POST /sessions/{id}/end
         GET /erasures
         POST /erasures
         POST /erasures/find
         POST /erasures/days
         GET /erasures/new
         GET /erasures/{id}
         POST /erasures/{id}/confirm
         POST /erasures/{id}/decline
         GET /protection
         POST /protection/settings
         POST /protection/kit
         POST /protection/keys/begin
         POST /protection/keys/finish",
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Anybody,
    Clerk,
    Administrator,
}

fn expected(row: &Row) -> Who {
    let verb = if row.verb == Verb::Get { "GET" } else { "POST" };
    let line = format!("{verb} {}", row.path);
    let found = MATRIX.iter().find(|(_, lines)| lines.lines().any(|known| known.trim() == line));
    found.unwrap_or_else(|| panic!("no row in the matrix for {line}: say who may use it")).0
}

/// Names in paths of which this town has none: there the answer is that there is no such thing.
const UNMADE: [&str; 8] =
    ["{record}", "{draft}", "{id}", "{name}", "{kind}", "{key}", "{event}", "/catalogue/releases/"];

/// A path with something in place of each name; what is there and what is not is the handler's to say.
fn filled(path: &str, number: &str) -> String {
    let number = if path.starts_with("/suitcases") { "7".to_owned() } else { encode(number) };
    let values = [
        ("{number}", number.as_str()),
        ("{other}", number.as_str()),
        ("{action}", "note"),
        ("{key}", "a.last"),
        ("{chain}", "00000000-0000-4000-8000-000000000000"),
        ("{seq}", "1"),
        ("{login}", "t.target"),
        ("{release}", "1"),
        ("{service}", "housing-subsidy"),
        ("{draft}", "1"),
    ];
    let mut path = values.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        path.replace_range(from..=to, "x");
    }
    path
}

async fn used(browser: &Browser, row: &Row, path: &str) -> Got {
    match row.verb {
        Verb::Get => browser.get(path).await,
        Verb::Post => browser.post(path, &[]).await,
    }
}

/// Was the handler reached, or who sent the browser away?
fn outcome(got: &Got) -> &'static str {
    match got.location() {
        to if to.starts_with("/sign-in") => "to sign in",
        to if to.starts_with("/unseal") => "to unseal",
        _ if got.body.contains("лише для адміністраторів") => "forbidden",
        _ => "in",
    }
}

/// Three requests: one that this clerk works on, one that another does, one that is closed.
async fn requests(bench: &mut Bench) -> Vec<String> {
    let suitcase = bench.town.suitcase(7);
    let numbers: Vec<String> =
        [("Коваль", "Ганна"), ("Гук", "Степан"), ("Мороз", "Іван")].map(|(a, b)| suitcase.record(a, b)).into();
    bench.town.carry_up(&suitcase);
    let desk = &bench.town.desk;
    desk.answer("o.koval", &numbers[0], crate::app::Answer::Accept).unwrap();
    desk.answer("p.other", &numbers[1], crate::app::Answer::Accept).unwrap();
    desk.answer("o.koval", &numbers[2], crate::app::Answer::Withdraw { reason: "помилка".into() }).unwrap();
    numbers
}

#[tokio::test]
async fn every_route_lets_in_exactly_whom_the_matrix_names() {
    let mut bench = bench().await;
    for login in ["p.other", "s.gone", "t.target"] {
        bench.town.desk.add_account("admin", login, "", Rank::Clerk, CLERK_PASSPHRASE).unwrap();
    }
    let (mut other, mut gone) = (bench.nobody.clone(), bench.nobody.clone());
    other.sign_in("p.other", CLERK_PASSPHRASE).await;
    gone.sign_in("s.gone", CLERK_PASSPHRASE).await;
    bench.town.desk.disable_account("admin", "s.gone").unwrap();
    let numbers = requests(&mut bench).await;
    for row in ROUTES.iter().filter(|row| row.path != "/sign-out") {
        let expected = expected(row);
        let numbers = if row.path.contains("/requests/") { &numbers[..] } else { &numbers[..1] };
        for number in numbers {
            let path = filled(row.path, number);
            let browsers = [
                ("nobody", &bench.nobody, false, false),
                ("disabled", &gone, false, false),
                ("clerk", &bench.clerk, true, false),
                ("another clerk", &other, true, false),
                ("administrator", &bench.admin, true, true),
            ];
            for (who, browser, signed_in, administrates) in browsers {
                let got = used(browser, row, &path).await;
                let must = match expected {
                    Who::Anybody => outcome(&got),
                    _ if !signed_in => "to sign in",
                    Who::Administrator if !administrates => "forbidden",
                    _ => "in",
                };
                let context = format!("{:?} {path} as {who}: {} {}", row.verb, got.status, got.location());
                assert_eq!(outcome(&got), must, "{context}");
                assert_eq!(
                    got.status == StatusCode::FORBIDDEN && must == "forbidden",
                    must == "forbidden",
                    "{context}"
                );
                assert!(!got.status.is_server_error(), "{context}");
                if must == "in" && row.verb == Verb::Get && !UNMADE.iter().any(|part| row.path.contains(part)) {
                    assert!([StatusCode::OK, StatusCode::SEE_OTHER].contains(&got.status), "{context}");
                }
            }
        }
    }
    let view = bench.town.desk.request("o.koval", &numbers[2]).unwrap().view;
    assert_eq!(view.state().text(), "withdrawn", "nothing of all that opened what is closed");
}

#[tokio::test]
async fn who_owes_a_code_is_nobody_and_who_owes_a_second_factor_only_sets_it_up() {
    let mut bench = bench().await;
    let numbers = {
        bench.town.desk.add_account("admin", "p.other", "", Rank::Clerk, CLERK_PASSPHRASE).unwrap();
        requests(&mut bench).await
    };
    let desk = &bench.town.desk;
    desk.add_account("admin", "second", "", Rank::Administrator, CLERK_PASSPHRASE).unwrap();
    let factor = desk.draw_factor("second", "here").unwrap();
    desk.confirm_factor("second", "here", &super::administration::shown(&bench, &factor.text)).unwrap();
    let mut owing = bench.nobody.clone();
    assert_eq!(owing.sign_in("second", CLERK_PASSPHRASE).await.location(), "/sign-in/code");
    let settings = crate::app::Settings { code_required: true, ..desk.settings().unwrap() };
    desk.set_settings("admin", settings).unwrap();
    for row in ROUTES.iter().filter(|row| row.need != Need::Nothing) {
        let path = filled(row.path, &numbers[0]);
        let got = used(&owing, row, &path).await;
        assert_eq!(outcome(&got), "to sign in", "{path} before the code: {}", got.status);
        let got = used(&bench.admin, row, &path).await;
        if ["/code", "/status"].contains(&row.path) {
            assert_eq!(outcome(&got), "in", "{path}");
        } else {
            assert_eq!((got.status, got.location()), (StatusCode::SEE_OTHER, "/code"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_sealed_desk_shows_nothing_but_its_door() {
    let (dir, clock) = testing::town().close();
    let office = Office::hold(&dir.path().join("desk"), testing::tools(&clock)).unwrap();
    let browser = Browser::new(router(office, Options::default()));
    for row in ROUTES {
        let path = filled(row.path, "7-211126-014-К4Х");
        let got = used(&browser, row, &path).await;
        let door = ["/desk.css", "/unseal", "/sign-out", "/sign-in/code"].contains(&row.path);
        let context = format!("{:?} {path}: {} {}", row.verb, got.status, got.location());
        assert_eq!(outcome(&got) == "to unseal", !door, "{context}");
        assert!(!got.status.is_server_error(), "{context}");
    }
}

#[test]
fn the_administrators_routes_are_the_administrators() {
    let administrators = |path: &str| {
        ROUTES.iter().filter(|row| row.path.starts_with(path)).all(|row| row.need == Need::Account(Rank::Administrator))
    };
    assert!(administrators("/suitcases") && administrators("/accounts"));
    assert!(administrators("/sessions") && administrators("/protection"));
    let open = |row: &&Row| row.need == Need::Nothing;
    assert!(ROUTES.iter().filter(open).all(|row| expected(row) == Who::Anybody));
    assert_eq!(ROUTES.iter().filter(open).count(), MATRIX[0].1.lines().count());
}

#[tokio::test]
async fn a_form_of_another_site_does_nothing() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    let path = format!("{}/accept", request_path(&number));
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
    {
        let request = bench.clerk.request(Method::POST, &path).header(name, value).body(Body::empty()).unwrap();
        let got = bench.clerk.send(request).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{name}: {value}");
        got.says("з чужого сайту".replace("з чужого", "із чужого").as_str());
    }
    assert_eq!(bench.town.desk.request("o.koval", &number).unwrap().view.state().text(), "accepted");
    assert_eq!(bench.clerk.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(bench.town.desk.request("o.koval", &number).unwrap().view.state().text(), "in_work");
}

#[tokio::test]
async fn foreign_hosts_large_forms_and_unknown_pages_are_refused_in_words() {
    let bench = bench().await;
    let foreign = Request::builder().uri("/sign-in").header(HOST, "evil.example:8080").body(Body::empty()).unwrap();
    assert_eq!(bench.nobody.send(foreign).await.status, StatusCode::MISDIRECTED_REQUEST);
    let large = "я".repeat(40 * 1024);
    let got = bench.clerk.post("/passphrase", &[("now", &large)]).await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
    got.says("Надіслано забагато");
    let got = bench.clerk.get("/no/such/page").await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    got.says("Такої сторінки немає").says("/queue");
    let got = bench.clerk.get("/requests/7-000000-000-XXX?lang=en").await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    got.says("No request «7-000000-000-XXX» here");
    let got = bench.clerk.get("/sign-out").await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
    got.says("так не відкривають");
    let policy = got.headers.get("content-security-policy").unwrap().to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert_eq!(got.headers["cache-control"], "no-store");
}

#[test]
fn the_phrases_say_the_same_in_both_languages() {
    assert_eq!(super::super::PHRASES.faults(), Vec::<String>::new());
}

/// Every key that templates and pages name is there; those put together at run time are met by the pages' own tests.
#[test]
fn no_page_names_a_phrase_that_is_missing() {
    let texts = ::pages::Texts::with_own(::pages::Lang::Uk, &super::super::PHRASES);
    let root = env!("CARGO_MANIFEST_DIR");
    let folders =
        ["templates", "src/web", "src/web/pages"].map(|folder| fs::read_dir(format!("{root}/{folder}")).unwrap());
    let mut keys = 0;
    for file in folders.into_iter().flatten().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        let source = fs::read_to_string(&file).unwrap();
        for call in ["t.text(\"", "t.count(\"", "t.with(\"", "t.say(\""] {
            for key in source.split(call).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                keys += 1;
                assert!(!texts.text(key).contains('⟦'), "{}: {key}", file.display());
            }
        }
    }
    assert!(keys > 100, "{keys}");
}
