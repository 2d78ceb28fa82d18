//! Accounts, for administrators; and everybody's own passphrase.

use super::super::ask::{Answer, Ask, Refusal, Section, sentence, status_of};
use super::super::guard::go_to;
use super::entry::new_passphrase;
use super::typed::Typed;
use super::{Form, Part, parts};
use crate::app::{AccountRow, DeskError, Rank, SuitcaseState};
use ::pages::{
    Cell, Column, ErrorSummary, Field, Input, Notice, Options, Row, SummaryGroup, SummaryList, Table, Tag, Texts, Tone,
    address,
};
use axum::http::StatusCode;
use std::sync::Arc;

/// All accounts, and the form that adds one.
pub(crate) async fn list(ask: Ask) -> Answer {
    listed(&ask, &Typed::default(), None).await
}

async fn listed(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let rows = ask.get(|desk, by| desk.accounts(by)).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("people"), Some(Section::Accounts)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let done = ask.query("done");
    if matches!(done.as_str(), "add" | "disable" | "passphrase" | "enable" | "factor" | "changed") {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("account-{done}"))));
    }
    let rank = typed.get("rank");
    let ranks = Options::new(
        [Rank::Clerk, Rank::Administrator].map(|rank| (rank.text(), rank_words(t, rank))),
        &[if rank.is_empty() { Rank::Clerk.text() } else { rank.as_str() }],
    );
    let form = Form {
        to: "/accounts".into(),
        fields: vec![
            Field::text(t, "name", t.text("account-name")).value(typed.get("name")),
            Field::text(t, "login", t.text("login")).wide(24).hint(t.text("login-hint")).value(typed.get("login")),
            Field::choice(t, "rank", t.text("account-rank"), ranks),
            new_passphrase(t, "passphrase"),
        ],
        button: t.text("account-add-button"),
        tone: "button-primary",
    };
    let status = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    let add = [Part::Heading(t.text("account-add-title")), Part::Form(form)];
    let mut all = vec![Part::Table(table(t, &rows)), Part::Link("/sessions".into(), t.text("sessions-open"))];
    all.extend(add);
    let officers = officers(ask, t).await?;
    all.extend([Part::Heading(t.text("officers-title")), Part::Words(t.text("officers-words")), officers]);
    Ok(parts(status, page, all))
}

/// Who opens each suitcase, by the suitcases' own words.
async fn officers(ask: &Ask, t: Texts) -> Result<Part, Refusal> {
    let suitcases = ask.get(|desk, _| desk.suitcases()).await?;
    let mut rows = Vec::new();
    for suitcase in
        suitcases.iter().filter(|row| !matches!(row.state, SuitcaseState::Revoked { .. } | SuitcaseState::Continued))
    {
        let Some(state) = &suitcase.stated else { continue };
        for (login, name) in &state.officers {
            let now = if *login == suitcase.officer { t.text("officer-last") } else { "—".to_owned() };
            let name = if name.is_empty() { "—".to_owned() } else { name.clone() };
            let place = format!("/suitcases/{}", suitcase.number);
            let cells = vec![
                Cell::Link(place, t.with("suitcase-n", "number", suitcase.number)),
                Cell::Text(name),
                Cell::Text(login.clone()),
                Cell::Text(now),
                Cell::Link(format!("/suitcases/{}/recovery", suitcase.number), t.text("recovery-title")),
            ];
            rows.push(Row { cells, marked: false });
        }
    }
    let columns = ["col-suitcase", "account-name", "login", "col-state", "col-action"];
    Ok(Part::Table(Table {
        t,
        caption: t.text("officers-title"),
        quiet_caption: true,
        columns: columns.map(|key| Column::new(t.text(key))).into(),
        rows,
        empty: t.text("no-officers"),
    }))
}

fn rank_words(t: Texts, rank: Rank) -> String {
    t.text(&format!("rank-{}", rank.text()))
}

fn standing(t: Texts, row: &AccountRow) -> Tag {
    if row.active { Tag::new(t.text("account-active"), Tone::Ok) } else { Tag::new(t.text("account-off"), Tone::Plain) }
}

fn table(t: Texts, rows: &[AccountRow]) -> Table {
    let columns = ["login", "account-name", "account-rank", "col-state", "account-unseals", "account-code"];
    let row = |row: &AccountRow| Row {
        cells: vec![
            Cell::Link(address_of(&row.login), row.login.clone()),
            Cell::Text(row.name.clone()),
            Cell::Text(rank_words(t, row.rank)),
            Cell::State(standing(t, row)),
            Cell::Text(t.text(if row.unseals { "yes" } else { "no" })),
            Cell::Text(t.text(if row.code { "yes" } else { "no" })),
        ],
        marked: false,
    };
    Table {
        t,
        caption: t.text("accounts"),
        quiet_caption: true,
        columns: columns.map(|key| Column::new(t.text(key))).into(),
        rows: rows.iter().map(row).collect(),
        empty: String::new(),
    }
}

fn address_of(login: &str) -> String {
    format!("/accounts/{}", address::encode(login))
}

/// Adds an account.
pub(crate) async fn add(ask: Ask, typed: Typed) -> Answer {
    let given = typed.clone();
    let done = ask
        .work(move |desk, by| {
            let rank = Rank::from_text(&given.get("rank"))
                .ok_or_else(|| DeskError::refused("виберіть, що людині можна", "choose what the person may do"))?;
            if given.get("name").is_empty() {
                return Err(DeskError::refused("впишіть прізвище та ім’я", "write surname and given name"));
            }
            desk.add_account(by, &given.get("login"), &given.get("name"), rank, &given.secret("passphrase"))
        })
        .await;
    match done {
        Ok(()) => Ok(go_to("/accounts?done=add")),
        Err(error) => listed(&ask, &typed, Some(error)).await,
    }
}

/// One account: a new passphrase for somebody who forgot it; disabling.
pub(crate) async fn one(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn shown(ask: &Ask, error: Option<DeskError>) -> Answer {
    let login = ask.param("login");
    let rows = ask.get(|desk, by| desk.accounts(by)).await?;
    let Some(row) = rows.into_iter().find(|row| row.login == login) else {
        let error = DeskError::not_found(
            "такого облікового запису немає: перегляньте список",
            "there is no such account: look at the list",
        );
        return Err(ask.refusal(&error).await);
    };
    let t = ask.t;
    let mut page = ask.page(t.with("account-title", "login", &row.login), Some(Section::Accounts)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let group = SummaryGroup::new(t.text("account-about"), "")
        .row(t.text("account-name"), row.name.clone())
        .row(t.text("account-rank"), rank_words(t, row.rank))
        .row(t.text("col-state"), standing(t, &row).word);
    let mut all = vec![Part::Facts(SummaryList { t, groups: vec![group] })];
    if row.active {
        all.push(Part::Heading(t.text("account-passphrase-title")));
        all.push(if row.login == ask.worker.login {
            Part::Link("/passphrase".into(), t.text("own-passphrase"))
        } else {
            Part::Form(Form {
                to: format!("{}/passphrase", address_of(&row.login)),
                fields: vec![new_passphrase(t, "passphrase")],
                button: t.text("passphrase-set"),
                tone: "",
            })
        });
        if row.login != ask.worker.login {
            all.extend(rank_parts(t, &row));
        }
        all.extend([Part::Heading(t.text("account-disable-title")), Part::Words(t.text("account-disable-words"))]);
        all.push(Part::Form(Form {
            to: format!("{}/disable", address_of(&row.login)),
            fields: Vec::new(),
            button: t.text("account-disable-button"),
            tone: "button-stop",
        }));
    } else {
        all.extend([Part::Heading(t.text("account-enable-title")), Part::Words(t.text("account-enable-words"))]);
        all.push(Part::Form(Form {
            to: format!("{}/enable", address_of(&row.login)),
            fields: vec![new_passphrase(t, "passphrase")],
            button: t.text("account-enable-button"),
            tone: "",
        }));
    }
    if row.code {
        all.extend([Part::Heading(t.text("account-factor-title")), Part::Words(t.text("account-factor-words"))]);
        all.push(Part::Form(Form {
            to: format!("{}/factor", address_of(&row.login)),
            fields: Vec::new(),
            button: t.text("account-factor-button"),
            tone: "button-stop",
        }));
    }
    all.push(Part::Link("/accounts".into(), t.text("to-accounts")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

/// How somebody becomes an administrator, or a clerk again.
fn rank_parts(t: Texts, row: &AccountRow) -> [Part; 3] {
    let (rank, words, button, fields) = match row.rank {
        Rank::Clerk => {
            let fields = vec![new_passphrase(t, "passphrase")];
            (Rank::Administrator, "account-raise-words", "account-raise-button", fields)
        }
        Rank::Administrator => (Rank::Clerk, "account-lower-words", "account-lower-button", Vec::new()),
    };
    let form = Form {
        to: address::with(&format!("{}/rank", address_of(&row.login)), "rank", rank.text()),
        fields,
        button: t.text(button),
        tone: "",
    };
    [Part::Heading(t.text("account-rank-title")), Part::Words(t.text(words)), Part::Form(form)]
}

/// Another rank; their sessions end.
pub(crate) async fn rank(ask: Ask, typed: Typed) -> Answer {
    let login = ask.param("login");
    let theirs = login.clone();
    // The button's form names it in its address.
    let asked = [ask.query("rank"), typed.get("rank")].into_iter().find(|rank| !rank.is_empty()).unwrap_or_default();
    let done = ask.work(move |desk, by| {
        let rank = Rank::from_text(&asked)
            .ok_or_else(|| DeskError::refused("виберіть, що людині можна", "choose what the person may do"))?;
        desk.set_rank(by, &login, rank, &typed.secret("passphrase"))
    });
    match done.await {
        Ok(()) => {
            ask.site.sessions.close_all(&ask.worker.desk, &theirs, None);
            Ok(go_to("/accounts?done=changed"))
        }
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// Nobody signs in with it any more; whoever is, is out at once.
pub(crate) async fn disable(ask: Ask) -> Answer {
    let login = ask.param("login");
    let (site, gone) = (Arc::clone(&ask.site), login.clone());
    match ask.work(move |desk, by| desk.disable_account(by, &login)).await {
        Ok(()) => {
            site.sessions.close_all(&ask.worker.desk, &gone, None);
            Ok(go_to("/accounts?done=disable"))
        }
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// A disabled account works again, with a new passphrase.
pub(crate) async fn enable(ask: Ask, typed: Typed) -> Answer {
    let login = ask.param("login");
    let theirs = login.clone();
    match ask.work(move |desk, by| desk.enable_account(by, &login, &typed.secret("passphrase"))).await {
        Ok(()) => {
            ask.site.sessions.close_all(&ask.worker.desk, &theirs, None);
            Ok(go_to("/accounts?done=enable"))
        }
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// Somebody's telephone is lost: no code is asked for any more, and their sessions end.
pub(crate) async fn factor(ask: Ask) -> Answer {
    let login = ask.param("login");
    let (site, theirs) = (Arc::clone(&ask.site), login.clone());
    match ask.work(move |desk, by| desk.remove_factor(by, &login)).await {
        Ok(()) => {
            let own = (theirs == ask.worker.login).then_some(ask.worker.token.as_str());
            site.sessions.close_all(&ask.worker.desk, &theirs, own);
            Ok(go_to("/accounts?done=factor"))
        }
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// Another passphrase for somebody else; their sessions end.
pub(crate) async fn set(ask: Ask, typed: Typed) -> Answer {
    let login = ask.param("login");
    let theirs = login.clone();
    match ask.work(move |desk, by| desk.set_passphrase(by, &login, &typed.secret("passphrase"))).await {
        Ok(()) => {
            ask.site.sessions.close_all(&ask.worker.desk, &theirs, None);
            Ok(go_to("/accounts?done=passphrase"))
        }
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// The own passphrase.
pub(crate) async fn own(ask: Ask) -> Answer {
    own_form(&ask, None).await
}

async fn own_form(ask: &Ask, error: Option<DeskError>) -> Answer {
    let t = ask.t;
    let mut page = ask.page(t.text("own-passphrase"), Some(Section::Passphrase)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    if ask.query("done") == "passphrase" {
        page.notices.push(Notice::new(Tone::Ok, t.text("own-passphrase-set")));
    }
    let form = Form {
        to: "/passphrase".into(),
        fields: vec![
            Field::new(t, "now", t.text("passphrase-now"), Input::Secret { autocomplete: "current-password" }),
            new_passphrase(t, "new"),
            Field::new(t, "again", t.text("passphrase-again"), Input::Secret { autocomplete: "new-password" }),
        ],
        button: t.text("passphrase-set"),
        tone: "button-primary",
    };
    let all = vec![Part::Form(form), Part::Link("/code".into(), t.text("code-title"))];
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

/// Sets the own passphrase, if the one that holds now was given; other sessions of this person end.
pub(crate) async fn set_own(ask: Ask, typed: Typed) -> Answer {
    let new = typed.secret("new");
    if new != typed.secret("again") {
        let error = DeskError::refused(
            "нові паролі не однакові: введіть той самий двічі",
            "the new passphrases differ: enter the same one twice",
        );
        return own_form(&ask, Some(error)).await;
    }
    match ask.worker.desk.set_own_passphrase(&ask.worker.login, &typed.secret("now"), &new).await {
        Ok(()) => {
            ask.site.sessions.close_all(&ask.worker.desk, &ask.worker.login, Some(&ask.worker.token));
            Ok(go_to("/passphrase?done=passphrase"))
        }
        Err(error) => own_form(&ask, Some(error)).await,
    }
}
