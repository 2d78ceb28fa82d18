//! Who may go where, made from the router's own source: a route without a row here fails.

use super::*;

/// For any browser, strangers included: what they bring lets them in, a token of the launch or of the command line.
const ANYBODY: &str = "
GET /launch/{token}
POST /lock/by-command
";
/// For a browser that was given the program's address, before a passphrase.
const KNOWN: &str = "
GET /
GET /unlock
POST /unlock
GET /recover
POST /recover
POST /lock
POST /lock/vault
";
/// For an officer at the open suitcase.
const UNLOCKED: &str = "
GET /continue
POST /continue/{id}
POST /continue/{id}/drop
GET /status
GET /day
GET /requests
GET /requests/new
GET /drafts/{id}
POST /drafts/{id}
POST /drafts/{id}/autosave
POST /drafts/{id}/discard
POST /drafts/{id}/restore
POST /drafts/{id}/clash
POST /drafts/{id}/release
POST /drafts/{id}/service
GET /drafts/{id}/review
POST /drafts/{id}/finish
GET /requests/{number}
GET /requests/{number}/saved
POST /requests/{number}/another
POST /requests/{number}/visit
GET /requests/{number}/opys
GET /requests/{number}/papers/{name}
GET /requests/{number}/evidence
POST /requests/{number}/evidence
POST /requests/{number}/printed
GET /requests/{number}/correct
POST /requests/{number}/correct
POST /requests/{number}/withdraw
POST /requests/{number}/supplement
POST /requests/{number}/deliver
POST /requests/{number}/note
POST /requests/{number}/notes/{note}/withdraw
POST /requests/{number}/notes/{note}/restore
POST /requests/{number}/undo/{event}
GET /requests/{number}/conflicts
POST /requests/{number}/conflicts/{key}
GET /residents
GET /residents/duplicates
GET /residents/{record}
GET /residents/{record}/conflicts
POST /residents/{record}/conflicts/{key}
POST /residents/{record}/same
POST /residents/{record}/request
GET /services
GET /services/{slug}
POST /services/{slug}/request
GET /exchange
POST /exchange/now
GET /carrier
POST /carrier/through
POST /carrier/start
POST /carrier/stop
GET /stick
POST /stick/out
POST /stick/in
GET /shift
POST /shift/exchange
GET /shift/paper
GET /shift/file
GET /numbers
POST /numbers
GET /room
POST /room
GET /help
GET /releases
GET /verify
POST /verify
GET /consultations
GET /consultations/new
POST /consultations/new
POST /consultations/{record}/answer
GET /suggest/places
GET /suggest/residents
GET /suggest/services
";

/// Verb and path of every route, as the router's source names them.
fn routes() -> Vec<(&'static str, String)> {
    let source = include_str!("pages/mod.rs");
    let mut found = Vec::new();
    for line in source.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
        let (path, handlers) = line.split_once('"').unwrap();
        for (verb, call) in [("GET", "get("), ("POST", "post(")] {
            let calls = |before: &str| handlers.contains(&format!("{before}{call}"));
            if calls(" ") || calls(".") {
                found.push((verb, path.to_owned()));
            }
        }
    }
    assert!(found.len() > 40, "{found:?}");
    found
}

fn has(list: &str, verb: &str, path: &str) -> bool {
    list.lines().any(|line| line == format!("{verb} {path}"))
}

fn filled(path: &str) -> String {
    let mut path = path.replace("{number}", "7-211126-014-К4Х").replace("{id}", &"0".repeat(32));
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        path.replace_range(from..=to, "x");
    }
    path.split('/').map(pages::address::encode).collect::<Vec<_>>().join("/")
}

async fn used(browser: &mut Browser, verb: &str, path: &str) -> Page {
    match verb {
        "GET" => browser.get(path).await,
        _ => browser.post(path, &[]).await,
    }
}

fn sent_away(page: &Page) -> bool {
    let to = page.headers.get(LOCATION).map_or("", |to| to.to_str().unwrap());
    page.status == StatusCode::FORBIDDEN || to.starts_with("/unlock")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_named_and_closed_until_the_passphrase_is_given() {
    for (verb, path) in routes() {
        let named = [ANYBODY, KNOWN, UNLOCKED].iter().filter(|list| has(list, verb, &path)).count();
        assert_eq!(named, 1, "{verb} {path}: say in one row who may use it");
    }
    let mut stranger = Browser::new();
    let mut known = Browser::new();
    known.get(&format!("/launch/{}", known.launch)).await;
    let mut locked = Browser::at_work().await;
    let number = locked.record(&sample_form()).await;
    locked.post("/lock", &[]).await;
    for (verb, path) in routes().into_iter().filter(|(verb, path)| !has(ANYBODY, verb, path)) {
        let filled = filled(&path);
        let page = used(&mut stranger, verb, &filled).await;
        let refused = page.status == StatusCode::FORBIDDEN || page.status == StatusCode::UNPROCESSABLE_ENTITY;
        assert!(refused && !page.headers.contains_key(SET_COOKIE), "a stranger: {verb} {filled}: {}", page.status);
        if !has(UNLOCKED, verb, &path) {
            continue;
        }
        let page = used(&mut known, verb, &filled).await;
        assert!(sent_away(&page), "before the passphrase: {verb} {filled}: {}", page.status);
        let real = path.replace("{number}", &pages::address::encode(&number));
        let page = used(&mut locked, verb, &self::filled(&real)).await;
        assert!(sent_away(&page), "locked: {verb} {real}: {}", page.status);
        assert!(!page.text.contains("Коваленко"), "a locked screen shows nobody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_gets_through_and_no_address_breaks_the_program() {
    let mut browser = Browser::at_work().await;
    for (verb, path) in routes().into_iter().filter(|(verb, path)| has(UNLOCKED, verb, path)) {
        let page = used(&mut browser, verb, &filled(&path)).await;
        assert!(!sent_away(&page), "{verb} {path}: {}", page.status);
        assert!(!page.status.is_server_error(), "{verb} {path}: {}", page.status);
    }
}
