//! Setting up, and taking away, the own second factor.

use super::super::ask::{Answer, Ask, Section, own_address, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, parts};
use crate::app::{DeskError, Rank};
use ::pages::{ErrorSummary, Field, Input, Notice, Tone, qr};
use axum::http::StatusCode;

/// The state of the own second factor, or the way to one.
pub(crate) async fn show(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn shown(ask: &Ask, error: Option<DeskError>) -> Answer {
    let state = ask.get(|desk, by| desk.factor_state(by)).await?;
    let t = ask.t;
    let section = if ask.worker.rank >= Rank::Administrator { Section::Protection } else { Section::Passphrase };
    let mut page = ask.page(t.text("code-title"), Some(section)).await;
    page.path = "/code".into();
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let mut all = Vec::new();
    if let Some(at) = state.since {
        let day = ::pages::format::date(clock::Time(at));
        let said = t.say("code-on", &[("day", day.into()), ("n", state.codes.into())]);
        all.push(Part::Notice(Notice::new(Tone::Ok, said)));
        all.push(Part::Words(t.text("code-off-words")));
        let passphrase = Input::Secret { autocomplete: "current-password" };
        all.push(Part::Form(Form {
            to: "/code/remove".into(),
            fields: vec![Field::new(t, "now", t.text("passphrase-now"), passphrase), code_field(t, "code-remove-code")],
            button: t.text("code-remove"),
            tone: "button-stop",
        }));
    } else {
        if state.required {
            page.notices.push(Notice::new(Tone::Wait, t.text("code-required")));
        } else if ask.query("first") == "1" {
            page.notices.push(Notice::new(Tone::Wait, t.text("code-first")));
        }
        let (token, again) = (ask.worker.token.clone(), error.is_some());
        let new = ask
            .get(move |desk, by| if again { desk.drawn_factor(by, &token) } else { desk.draw_factor(by, &token) })
            .await?;
        all.push(Part::Words(t.text("code-words")));
        all.push(Part::Code(qr::svg(new.url.as_bytes()).ok(), new.text, t.text("code-secret")));
        all.push(Part::Form(Form {
            to: "/code".into(),
            fields: vec![code_field(t, "code")],
            button: t.text("code-confirm"),
            tone: "button-primary",
        }));
        if !state.required {
            let to = ask.query("to");
            let back = if to.is_empty() { "/queue" } else { own_address(&to) };
            all.push(Part::Link(back.to_owned(), t.text("code-later")));
        }
    }
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

/// A field for a code of six digits.
pub(super) fn code_field(t: ::pages::Texts, label: &str) -> Field {
    let input = Input::Text { value: String::new(), mode: "numeric", autocomplete: "one-time-code", width: 12 };
    Field::new(t, "code", t.text(label), input).hint(t.text(&format!("{label}-hint")))
}

/// The first code: from now on it is asked for. The recovery codes are shown once.
pub(crate) async fn confirm(ask: Ask, typed: Typed) -> Answer {
    let token = ask.worker.token.clone();
    let codes = match ask.work(move |desk, by| desk.confirm_factor(by, &token, &typed.get("code"))).await {
        Ok(codes) => codes,
        Err(error) => return shown(&ask, Some(error)).await,
    };
    // Sessions that were opened with the passphrase alone end.
    ask.site.sessions.close_all(&ask.worker.desk, &ask.worker.login, Some(&ask.worker.token));
    let t = ask.t;
    let mut page = ask.page(t.text("code-recovery-title"), Some(Section::Protection)).await;
    page.path = "/code".into();
    page.notices.push(Notice::new(Tone::Ok, t.text("code-is-on")));
    let all = vec![
        Part::Words(t.text("code-recovery-words")),
        Part::Codes(codes, t.text("code-recovery-title"), t.text("code-used-on")),
        Part::Print(t.text("print")),
        Part::Link("/queue".into(), t.text("to-queue")),
    ];
    Ok(parts(StatusCode::OK, page, all))
}

/// Takes the own second factor away, if the passphrase is right and so is a code.
pub(crate) async fn remove(ask: Ask, typed: Typed) -> Answer {
    if let Err(error) = ask.worker.desk.check_again(&ask.worker.login, &typed.secret("now")).await {
        return shown(&ask, Some(error)).await;
    }
    match ask.work(move |desk, by| desk.remove_own_factor(by, &typed.get("code"))).await {
        Ok(()) => {
            ask.site.sessions.close_all(&ask.worker.desk, &ask.worker.login, Some(&ask.worker.token));
            Ok(go_to("/code"))
        }
        Err(error) => shown(&ask, Some(error)).await,
    }
}
