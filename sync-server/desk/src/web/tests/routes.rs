//! Who may go where, made from the table of routes itself.

use super::super::routes::{Need, ROUTES, Verb};
use super::*;
use std::fs;

/// A path with something in place of each name; what is there and what is not is the handler's to say.
fn filled(path: &str, number: &str) -> String {
    let number = encode(number);
    let values = [
        ("{number}", number.as_str()),
        ("{action}", "note"),
        ("{key}", "a.last"),
        ("{event}", "x"),
        ("{chain}", "00000000-0000-4000-8000-000000000000"),
        ("{seq}", "1"),
        ("{login}", "nobody"),
    ];
    values.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
}

#[tokio::test]
async fn every_route_lets_in_exactly_whom_the_table_names() {
    let mut bench = bench().await;
    let suitcase = bench.town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    bench.town.carry_up(&suitcase);
    for row in ROUTES.iter().filter(|row| row.path != "/sign-out") {
        let path = filled(row.path, &number);
        for (who, browser) in [("nobody", &bench.nobody), ("clerk", &bench.clerk), ("administrator", &bench.admin)] {
            let got = match row.verb {
                Verb::Get => browser.get(&path).await,
                Verb::Post => browser.post(&path, &[]).await,
            };
            let context = format!("{:?} {path} as {who}: {} {}", row.verb, got.status, got.location());
            match (row.need, who) {
                (Need::Account(_), "nobody") => {
                    assert_eq!(got.status, StatusCode::SEE_OTHER, "{context}");
                    assert!(got.location().starts_with("/sign-in"), "{context}");
                }
                (Need::Account(Rank::Administrator), "clerk") => {
                    assert_eq!(got.status, StatusCode::FORBIDDEN, "{context}");
                    got.says("лише для адміністраторів");
                }
                (Need::Account(_), _) => {
                    assert!(!got.location().starts_with("/sign-in"), "{context}");
                    assert!(!got.body.contains("лише для адміністраторів"), "{context}");
                    assert!(!got.status.is_server_error(), "{context}");
                }
                (Need::Nothing, _) => assert!(!got.status.is_server_error(), "{context}"),
            }
        }
    }
}

#[test]
fn the_administrators_routes_are_the_administrators() {
    let administrators = |path: &str| {
        ROUTES.iter().filter(|row| row.path.starts_with(path)).all(|row| row.need == Need::Account(Rank::Administrator))
    };
    assert!(administrators("/suitcases") && administrators("/accounts"));
    let open: Vec<&str> = ROUTES.iter().filter(|row| row.need == Need::Nothing).map(|row| row.path).collect();
    assert_eq!(open, ["/desk.css", "/sign-in", "/sign-in", "/unseal", "/unseal", "/sign-out"]);
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
