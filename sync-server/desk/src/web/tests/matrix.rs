//! Every form of the desk with real objects behind its address: who is kept away and writes nothing, and what is
//! answered to who may, about what is one's own, a colleague's, another community's, closed, revoked.

use super::super::routes::{Need, ROUTES, Verb};
use super::*;
use crate::app::{Answer, Contents};
use ids::ChainId;
use std::collections::BTreeSet;
use std::time::Duration;

/// One use of a route by somebody who may use it.
struct Cell {
    /// The row of the table.
    row: &'static str,
    /// Whose or what the object is: `own`, `other`, `foreign` (another community's), `closed`, `revoked`, `wrong`.
    about: &'static str,
    path: String,
    form: Vec<(String, String)>,
    status: u16,
}

/// What there is: by name, as it stands in an address.
struct Stage {
    bench: Bench,
    other: Browser,
    gone: Browser,
    own: String,
    colleagues: String,
    closed: String,
    foreign: String,
    differing: String,
    mark: String,
    late: Vec<(ChainId, u64)>,
    invitation: String,
    line: String,
    differ: String,
    session: String,
    draft: String,
    discarded: String,
    thrown: String,
    tried: String,
    /// Chains that wait to be confirmed.
    reborn: [ChainId; 2],
    /// A proposal to erase, and the tick of a record that none names.
    erasure: String,
    tick: String,
}

/// A number that another community gave.
fn foreign_number() -> String {
    let mut town = testing::town_at(
        "https://127.0.0.1:9443",
        signing::SigningKey::from_seed(&signing::Secret::new([3; 32])).public(),
    );
    town.clock.advance(Duration::from_secs(86_400 * 40));
    let suitcase = town.suitcase(31);
    suitcase.record("Інша", "Громада")
}

async fn stage() -> Stage {
    let mut bench = bench().await;
    for login in ["p.other", "s.gone", "t.target", "f.off", "r.factor"] {
        bench.town.desk.add_account("admin", login, "", Rank::Clerk, CLERK_PASSPHRASE).unwrap();
    }
    let mut browsers = ["p.other", "s.gone", "t.target"].map(|login| (login, bench.nobody.clone()));
    for (login, browser) in &mut browsers {
        browser.sign_in(login, CLERK_PASSPHRASE).await;
    }
    let [other, gone, _] = browsers.map(|(_, browser)| browser);
    let list = bench.admin.get("/sessions").await;
    let row = list.body.split("t.target").nth(1).unwrap();
    let session = row.split("/sessions/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    bench.town.desk.disable_account("admin", "s.gone").unwrap();
    bench.town.desk.disable_account("admin", "f.off").unwrap();

    let (seven, eight) = (bench.town.suitcase(7), bench.town.suitcase(8));
    let numbers = ["Ганна", "Степан", "Іван", "Ганна"].map(|first| {
        bench.town.clock.advance(Duration::from_secs(60));
        seven.record("Коваль", first)
    });
    bench.town.carry_up(&seven);
    let [own, colleagues, closed, twin] = numbers;
    seven.correct(&own, "phone", "+380671112233");
    bench.town.desk.correct_for_test(&own, "phone", "+380501112233");
    bench.town.carry_up(&seven);
    let desk = &bench.town.desk;
    desk.answer("o.koval", &own, Answer::HandOver { provider: "ПФУ".into() }).unwrap();
    desk.answer("p.other", &colleagues, Answer::Accept).unwrap();
    desk.answer("o.koval", &closed, Answer::Withdraw { reason: "помилка".into() }).unwrap();
    let mark = desk.request("o.koval", &own).unwrap().choices[0].values[0].mark.clone();
    desk.revoke("admin", 8, "викрадено").unwrap();
    bench.town.clock.advance(Duration::from_secs(60));
    eight.record("Пізній", "Петро");
    eight.record("Пізня", "Оксана");
    bench.town.carry_up(&eight);
    let desk = &bench.town.desk;
    let late = desk.set_aside("o.koval").unwrap().into_iter().filter(|one| one.acceptable);
    let late = late.map(|one| (one.chain, one.seq)).collect();
    let line = desk.invite("admin", 21, 72).unwrap().line;
    let invitation = desk.invitations("admin").unwrap().into_iter().find(|one| one.number == 21).unwrap().id;
    let compared = chain::Invitation::from_text(&desk.invite_as("admin", 22, 72, true).unwrap().line).unwrap();
    let request = bench.town.request(&compared);
    desk.certify(std::slice::from_ref(&request)).unwrap();
    let words = desk.waiting_laptops("admin").unwrap()[0].words.join(" ");
    let reborn = [31, 32].map(|number| {
        let suitcase = bench.town.suitcase(number);
        suitcase.peer.begin_anew().unwrap();
        bench.town.carry_up(&suitcase);
        suitcase.peer.chain()
    });
    let desk = &bench.town.desk;
    let erasure = desk.propose_erasure("admin", &closed, &[], "заява", "").unwrap().to_string();
    let plan = desk.erasure_plan("admin", &own).unwrap();
    let tick = plan.records.iter().find(|one| one.row.number.as_deref() == Some(&own)).unwrap();
    let tick = format!("record-{}", tick.row.record);
    let day = Some(jiff::civil::date(2027, 1, 1));
    let draft = || desk.begin_draft("admin", "плата", day, Contents::Newest).unwrap();
    let (one, discarded, thrown, tried) = (draft(), draft(), draft(), draft());
    desk.discard_draft("admin", discarded, 1).unwrap();
    let draft = |id: i64| format!("/catalogue/drafts/{id}");
    Stage {
        foreign: foreign_number(),
        differ: ::pages::address::with(&format!("/suitcases/compare/{}/differ", request.chain), "words", &words),
        draft: draft(one),
        discarded: draft(discarded),
        thrown: draft(thrown),
        tried: draft(tried),
        reborn,
        erasure,
        tick,
        differing: twin,
        bench,
        other,
        gone,
        own,
        colleagues,
        closed,
        mark,
        late,
        invitation,
        line,
        session,
    }
}

fn cell(row: &'static str, about: &'static str, path: impl Into<String>, form: &[(&str, &str)], status: u16) -> Cell {
    let form = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Cell { row, about, path: path.into(), form, status }
}

/// What clerks do.
fn clerks(s: &Stage) -> Vec<Cell> {
    let to = |number: &str, rest: &str| format!("{}/{rest}", request_path(number));
    let mut all = vec![
        cell("/queue/next", "own", "/queue/next", &[("back", "/queue?group=at_provider")], 303),
        cell("/filters", "own", "/filters", &[("name", "Ковалі"), ("address", "/queue?group=all")], 303),
        cell("/filters", "wrong", "/filters", &[("name", "Ковалі"), ("address", "https://evil.example/")], 422),
        cell("/filters/drop", "own", "/filters/drop", &[("name", "Ковалі")], 303),
        cell("/passphrase", "wrong", "/passphrase", &[("now", "x"), ("new", "a b"), ("again", "a b")], 403),
        cell("/code", "wrong", "/code", &[("code", "000000")], 403),
        cell("/code/remove", "wrong", "/code/remove", &[("now", "x"), ("code", "000000")], 403),
        cell("/check-shift", "wrong", "/check-shift", &[("code", "VALIZA-E-00")], 422),
        cell("/queue/bulk", "wrong", "/queue/bulk", &[("do", "burn"), (&format!("pick:{}", s.own), "1")], 422),
        cell("/sticks/in", "wrong", "/sticks/in", &[("folder", "/no/such/stick")], 422),
        cell("/sticks/out", "wrong", "/sticks/out", &[("folder", "")], 422),
    ];
    for (about, number) in [("own", &s.own), ("other", &s.colleagues), ("closed", &s.closed), ("foreign", &s.foreign)] {
        // Each row of many is told of by itself.
        let pick = format!("pick:{number}");
        all.push(cell("/queue/bulk", about, "/queue/bulk", &[("do", "claim"), (&pick, "1")], 303));
    }
    let mark = [("mark-day", "21.11.2026"), ("mark-person", "Бойко Т. В."), ("mark-text", "ПФУ")];
    let take = [("take", s.mark.as_str()), ("reason", "перепитали")];
    let (action, marks) = ("/requests/{number}/{action}", "/requests/{number}/marks/{kind}");
    let (differences, decisions) = ("/requests/{number}/differences/{key}", "/requests/{number}/decisions/{event}");
    let twins = "/requests/{number}/twins/{other}/{verdict}";
    let evidence = "/requests/{number}/evidence";
    let note = [("note-text", "дзвонила донька")];
    let ask = [("ask-text", "паспорт")];
    let reason = format!("reason-{}", s.differing);
    let apart = [(reason.as_str(), "різні люди")];
    let twin = format!("twins/{}/apart", encode(&s.differing));
    all.extend([
        cell(action, "own", to(&s.own, "note"), &note, 303),
        cell(action, "other", to(&s.colleagues, "note"), &note, 303),
        cell(action, "closed", to(&s.closed, "note"), &note, 303),
        cell(action, "foreign", to(&s.foreign, "note"), &note, 404),
        cell(action, "wrong", to(&s.own, "burn"), &[], 404),
        cell(action, "other", to(&s.colleagues, "ask"), &ask, 409),
        cell(action, "closed", to(&s.closed, "ask"), &ask, 422),
        cell(action, "foreign", to(&s.foreign, "ask"), &ask, 404),
        cell(action, "revoked", to(&s.own, "grant"), &[("grant-text", "8")], 404),
        cell(marks, "own", to(&s.own, "marks/2"), &mark, 303),
        cell(marks, "other", to(&s.colleagues, "marks/2"), &mark, 409),
        cell(marks, "closed", to(&s.closed, "marks/2"), &mark, 422),
        cell(marks, "foreign", to(&s.foreign, "marks/2"), &mark, 404),
        cell(marks, "wrong", to(&s.own, "marks/9"), &mark, 303),
        cell(evidence, "own", to(&s.own, "evidence"), &[], 200),
        cell(evidence, "other", to(&s.colleagues, "evidence"), &[], 200),
        cell(evidence, "closed", to(&s.closed, "evidence"), &[], 200),
        cell(evidence, "foreign", to(&s.foreign, "evidence"), &[], 404),
        cell(differences, "foreign", to(&s.foreign, "differences/phone"), &take, 404),
        cell(differences, "wrong", to(&s.own, "differences/phone"), &[("take", "x"), ("reason", "так")], 422),
        cell(differences, "own", to(&s.own, "differences/phone"), &take, 303),
        cell(decisions, "own", to(&s.own, "decisions/x"), &[("take", "x"), ("reason", "так")], 303),
        cell(decisions, "foreign", to(&s.foreign, "decisions/x"), &[("take", "x"), ("reason", "так")], 404),
        cell(twins, "own", to(&s.own, &twin), &apart, 303),
        cell(twins, "other", to(&s.colleagues, &twin), &apart, 409),
        cell(twins, "foreign", to(&s.foreign, &twin), &apart, 404),
    ]);
    let aside = |(chain, seq): &(ChainId, u64), verdict: &str| format!("/set-aside/{chain}/{seq}/{verdict}");
    let nobodys = (ChainId::from_bytes([0xee; 16]), 1);
    let why = [("reason", "ноутбук знайшовся")];
    let (accept, decline) = ("/set-aside/{chain}/{seq}/accept", "/set-aside/{chain}/{seq}/decline");
    all.extend([
        cell(accept, "foreign", aside(&nobodys, "accept"), &why, 404),
        cell(decline, "foreign", aside(&nobodys, "decline"), &why, 404),
        cell(accept, "wrong", aside(&s.late[0], "accept"), &[], 422),
        cell(decline, "revoked", aside(&s.late[0], "decline"), &why, 303),
        cell(accept, "revoked", aside(&s.late[1], "accept"), &why, 303),
        cell(accept, "closed", aside(&s.late[0], "accept"), &why, 404),
    ]);
    all
}

/// What administrators do with suitcases and people.
fn administrators(s: &Stage) -> Vec<Cell> {
    let compare = "/suitcases/compare/{chain}/{answer}";
    let (withdraw, revoke) = ("/suitcases/invitations/{id}/withdraw", "/suitcases/{number}/revoke");
    let drawn = |id: &str| format!("/suitcases/invitations/{id}/withdraw");
    let (confirm, decline) = ("/suitcases/continue/{chain}/confirm", "/suitcases/continue/{chain}/decline");
    let strange = [("reason", "чужий ноутбук")];
    let nobodys = ChainId::from_bytes([0xee; 16]);
    let why = [("reason", "викрадено"), ("confirm", "7")];
    let mut all = vec![
        cell("/suitcases", "own", "/suitcases", &[("number", "9"), ("hours", "72"), ("way", "hand")], 200),
        cell("/suitcases", "wrong", "/suitcases", &[("number", "сім"), ("hours", "72")], 422),
        cell("/suitcases/invite/file", "own", "/suitcases/invite/file", &[("text", &s.line)], 200),
        cell("/suitcases/invite/file", "wrong", "/suitcases/invite/file", &[("text", "x")], 422),
        cell(withdraw, "foreign", drawn("00000000000000000000000000000000"), &[], 404),
        cell(withdraw, "own", drawn(&s.invitation), &[], 303),
        cell(compare, "foreign", format!("/suitcases/compare/{nobodys}/differ"), &[], 404),
        cell(compare, "own", s.differ.clone(), &[], 303),
        cell(compare, "closed", s.differ.clone(), &[], 404),
        cell(confirm, "foreign", format!("/suitcases/continue/{nobodys}/confirm"), &[], 404),
        cell(confirm, "own", format!("/suitcases/continue/{}/confirm", s.reborn[0]), &[], 303),
        cell(confirm, "closed", format!("/suitcases/continue/{}/confirm", s.reborn[0]), &[], 404),
        cell(decline, "foreign", format!("/suitcases/continue/{nobodys}/decline"), &strange, 404),
        cell(decline, "wrong", format!("/suitcases/continue/{}/decline", s.reborn[1]), &[("reason", " ")], 422),
        cell(decline, "own", format!("/suitcases/continue/{}/decline", s.reborn[1]), &strange, 303),
        cell("/suitcases/{number}/place", "own", "/suitcases/7/place", &[("place", "Глобине")], 303),
        cell("/suitcases/{number}/place", "foreign", "/suitcases/99/place", &[("place", "Глобине")], 404),
        cell("/suitcases/{number}/recovery", "own", "/suitcases/7/recovery", &[("to", "Шевчук")], 422),
        cell("/suitcases/{number}/recovery", "foreign", "/suitcases/99/recovery", &[("to", "Шевчук")], 404),
        cell("/suitcases/{number}/recovery", "revoked", "/suitcases/8/recovery", &[("to", "Шевчук")], 404),
        cell("/suitcases/{number}/lost", "own", "/suitcases/7/lost", &[("what", "забуто в автобусі")], 303),
        cell("/suitcases/{number}/lost", "revoked", "/suitcases/8/lost", &[("what", "викрадено")], 303),
        cell("/suitcases/{number}/lost", "foreign", "/suitcases/99/lost", &[("what", "викрадено")], 404),
        cell(revoke, "foreign", "/suitcases/99/revoke", &[("reason", "викрадено"), ("confirm", "99")], 404),
        cell(revoke, "own", "/suitcases/7/revoke", &why, 303),
        cell(revoke, "revoked", "/suitcases/7/revoke", &why, 404),
    ];
    let fresh = [("passphrase", CLERK_PASSPHRASE)];
    let rise = [("rank", "administrator"), fresh[0]];
    let new = [("login", "n.new"), ("name", "Нова"), ("rank", "clerk"), ("passphrase", CLERK_PASSPHRASE)];
    all.extend([
        cell("/accounts", "own", "/accounts", &new, 303),
        cell("/accounts", "wrong", "/accounts", &[("login", "!"), ("passphrase", "x")], 422),
        cell("/accounts/{login}/passphrase", "own", "/accounts/t.target/passphrase", &fresh, 303),
        cell("/accounts/{login}/passphrase", "foreign", "/accounts/x.alien/passphrase", &fresh, 404),
        cell("/accounts/{login}/factor", "own", "/accounts/r.factor/factor", &[], 422),
        cell("/accounts/{login}/factor", "foreign", "/accounts/x.alien/factor", &[], 404),
        cell("/accounts/{login}/rank", "own", "/accounts/r.factor/rank", &rise, 303),
        cell("/accounts/{login}/rank", "wrong", "/accounts/admin/rank", &rise, 422),
        cell("/accounts/{login}/rank", "foreign", "/accounts/x.alien/rank", &rise, 404),
        cell("/accounts/{login}/disable", "own", "/accounts/t.target/disable", &[], 303),
        cell("/accounts/{login}/disable", "foreign", "/accounts/x.alien/disable", &[], 404),
        cell("/accounts/{login}/enable", "closed", "/accounts/f.off/enable", &fresh, 303),
        cell("/accounts/{login}/enable", "foreign", "/accounts/x.alien/enable", &fresh, 404),
        cell("/sessions/{id}/end", "own", format!("/sessions/{}/end", s.session), &[], 303),
        cell("/sessions/{id}/end", "foreign", "/sessions/00000000/end", &[], 303),
        cell("/erasures/find", "own", "/erasures/find", &[("what", &s.own)], 303),
        cell("/erasures/find", "foreign", "/erasures/find", &[("what", &s.foreign)], 404),
        cell(
            "/erasures",
            "own",
            "/erasures",
            &[("what", &s.own), ("reason", "заява"), ("open", "суд"), (&s.tick, "yes")],
            303,
        ),
        cell("/erasures", "wrong", "/erasures", &[("what", &s.own), ("reason", "заява")], 422),
        cell("/erasures/days", "own", "/erasures/days", &[("days", "7")], 303),
        cell("/erasures/days", "wrong", "/erasures/days", &[("days", "сім")], 422),
        cell("/erasures/{id}/confirm", "own", format!("/erasures/{}/confirm", s.erasure), &[], 422),
        cell("/erasures/{id}/confirm", "foreign", format!("/erasures/{nobodys}/confirm"), &[], 404),
        cell("/erasures/{id}/decline", "wrong", format!("/erasures/{}/decline", s.erasure), &[], 422),
        cell("/erasures/{id}/decline", "own", format!("/erasures/{}/decline", s.erasure), &[("reason", "ні")], 303),
        cell("/erasures/{id}/decline", "foreign", format!("/erasures/{nobodys}/decline"), &strange, 404),
        cell("/protection/settings", "own", "/protection/settings", &[("days", "90")], 303),
        cell("/protection/settings", "wrong", "/protection/settings", &[("days", "сто")], 422),
        cell("/protection/kit", "wrong", "/protection/kit", &[("words", "не ті слова")], 422),
        cell("/protection/keys/begin", "wrong", "/protection/keys/begin", &[("kit", "не ті слова")], 422),
        cell("/protection/keys/finish", "wrong", "/protection/keys/finish", &[("sure", "yes")], 422),
        cell("/backups", "own", "/backups", &[], 303),
        cell("/backups/check", "foreign", "/backups/check", &[("name", "../../etc")], 404),
    ]);
    all
}

/// What administrators do with the catalogue.
fn catalogue(s: &Stage) -> Vec<Cell> {
    let first = [("revision", "1")];
    let mut all = vec![
        cell("/catalogue/drafts/back", "own", "/catalogue/drafts/back", &[("release", "1")], 303),
        cell("/catalogue/drafts/back", "foreign", "/catalogue/drafts/back", &[("release", "77")], 404),
        cell("/catalogue/trials/end", "own", "/catalogue/trials/end", &[("suitcase", "7")], 422),
        cell("/catalogue/trials/end", "foreign", "/catalogue/trials/end", &[("suitcase", "99")], 422),
        // A form that is none of files.
        cell("/catalogue/drafts", "wrong", "/catalogue/drafts", &[("title", "x")], 400),
    ];
    let holiday = [("what", "law"), ("law-to", "завтра"), ("revision", "1")];
    let set = [("title", "інша назва"), ("from", "1.2.2027"), ("revision", "1")];
    let drop = [("name", "services/idp.json"), ("revision", "1")];
    let (service, publish) = ("services/id-and-travel-passport", [("revision", "1"), ("number", "2")]);
    type Use<'a> = (&'static str, &'a str, &'a [(&'a str, &'a str)], u16, u16);
    let uses: [Use<'_>; 8] = [
        ("/catalogue/drafts/{draft}/files", "files", &first, 400, 400),
        ("/catalogue/drafts/{draft}/shared", "shared", &holiday, 422, 404),
        ("/catalogue/drafts/{draft}/services/{service}", service, &first, 422, 404),
        ("/catalogue/drafts/{draft}/try", "try", &[("revision", "1"), ("suitcase", "8")], 404, 404),
        ("/catalogue/drafts/{draft}/publish", "publish", &publish, 422, 404),
        ("/catalogue/drafts/{draft}/drop", "drop", &drop, 303, 404),
        ("/catalogue/drafts/{draft}/set", "set", &set, 303, 404),
        ("/catalogue/drafts/{draft}/discard", "discard", &first, 303, 404),
    ];
    for (row, rest, form, here, nowhere) in uses {
        let own = match rest {
            "discard" => &s.thrown,
            "drop" => &s.tried,
            _ => &s.draft,
        };
        all.push(cell(row, "own", format!("{own}/{rest}"), form, here));
        all.push(cell(row, "foreign", format!("/catalogue/drafts/999/{rest}"), form, nowhere));
        all.push(cell(row, "closed", format!("{}/{rest}", s.discarded), form, nowhere));
    }
    all
}

/// Where the desk's chains and lists end: nothing was written while it says the same.
fn ends(bench: &Bench) -> ((u64, u64), usize) {
    let desk = &bench.town.desk;
    (desk.ends_for_test(), desk.drafts("admin").unwrap().len())
}

async fn posted(browser: &Browser, cell: &Cell) -> Got {
    let form: Vec<(&str, &str)> = cell.form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&cell.path, &form).await
}

#[tokio::test]
async fn every_form_answers_each_role_as_the_matrix_says() {
    let stage = stage().await;
    let (clerks, mut admins) = (clerks(&stage), administrators(&stage));
    admins.extend(catalogue(&stage));
    let posts = || ROUTES.iter().filter(|row| row.verb == Verb::Post && row.need != Need::Nothing);
    for (cells, rank) in [(&clerks, Rank::Clerk), (&admins, Rank::Administrator)] {
        let rows: BTreeSet<&str> = cells.iter().map(|cell| cell.row).collect();
        let asked: BTreeSet<&str> = posts().filter(|row| row.need == Need::Account(rank)).map(|row| row.path).collect();
        assert_eq!(rows, asked, "each row of {rank:?} has its cells, and no other");
        // Where an address names something, also something that this centre does not have.
        for row in rows.iter().filter(|row| row.contains('{')) {
            assert!(cells.iter().any(|cell| cell.row == *row && cell.about == "foreign"), "{row}: another community's");
        }
    }
    let before = ends(&stage.bench);
    for cell in clerks.iter().chain(&admins) {
        for (who, browser) in [("nobody", &stage.bench.nobody), ("disabled", &stage.gone)] {
            let got = posted(browser, cell).await;
            assert_eq!((got.status.as_u16(), got.location()), (303, "/sign-in"), "{} as {who}", cell.path);
        }
    }
    for cell in &admins {
        let got = posted(&stage.bench.clerk, cell).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{} as a clerk", cell.path);
    }
    assert_eq!(ends(&stage.bench), before, "who may not, writes nothing");
    let mut wrong = Vec::new();
    for (cells, browser) in [(&clerks, &stage.bench.clerk), (&admins, &stage.bench.admin)] {
        for cell in cells {
            let got = posted(browser, cell).await;
            if got.status.as_u16() != cell.status {
                let told = got.body.split("role=\"alert\"").nth(1).unwrap_or_default().chars().take(300);
                let told: String = told.collect();
                wrong.push(format!(
                    "{} {} {}: {} {} {told}",
                    cell.row,
                    cell.about,
                    cell.path,
                    got.status,
                    got.location()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let state = |number: &str| stage.bench.town.desk.request("o.koval", number).unwrap().view.state().text();
    assert_eq!((state(&stage.colleagues), state(&stage.closed)), ("in_work", "withdrawn"));
    // A session that nobody ended goes on.
    let ended = posted(&stage.other, &cell("", "own", "/queue/next", &[], 303)).await;
    assert_ne!(ended.location(), "/sign-in", "that one was not ended");
}
