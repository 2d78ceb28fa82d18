//! Protection: the own second factor, what is required of whom, and the drill with the recovery kit.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, parts, rotation};
use crate::app::{DeskError, DrillState, FactorState, Settings};
use ::pages::format::{date, date_time};
use ::pages::{ErrorSummary, Field, Notice, Texts, Tone};
use axum::http::StatusCode;
use clock::Time;

/// All of it on one page.
pub(crate) async fn show(ask: Ask) -> Answer {
    shown(&ask, None).await
}

pub(super) async fn shown(ask: &Ask, error: Option<DeskError>) -> Answer {
    let (factor, drill, settings, keep) = ask
        .get(|desk, by| Ok((desk.factor_state(by)?, desk.drill_state()?, desk.settings()?, desk.kept_days()?)))
        .await?;
    let keys = ask.get(|desk, by| desk.rotation(by)).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("protection"), Some(Section::Protection)).await;
    page.path = "/protection".into();
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let done = ask.query("done");
    if ["settings", "begun", "destroyed"].contains(&&*done) {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("protection-done-{done}"))));
    }
    let mut all = vec![Part::Heading(t.text("code-title")), Part::Notice(of_factor(t, factor))];
    all.push(Part::Link("/code".into(), t.text("code-open")));
    all.extend(kit(t, &drill));
    all.extend(rotation::parts(t, &keys));
    all.extend([Part::Heading(t.text("settings-title")), Part::Form(form(t, settings, keep))]);
    all.push(Part::Link("/sessions".into(), t.text("sessions-open")));
    all.push(Part::Link("/erasures".into(), t.text("erasures-open")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn of_factor(t: Texts, factor: FactorState) -> Notice {
    match factor.since {
        Some(at) => {
            let said = [("day", date(Time(at)).into()), ("n", factor.codes.into())];
            Notice::new(if factor.codes < 3 { Tone::Wait } else { Tone::Ok }, t.say("code-on", &said))
        }
        None => Notice::new(Tone::Wait, t.text("code-off")),
    }
}

fn kit(t: Texts, drill: &DrillState) -> Vec<Part> {
    let said = match &drill.last {
        Some((by, at)) => t.say("drill-done", &[("day", date(Time(*at)).into()), ("by", by.clone().into())]),
        None => t.text("drill-never"),
    };
    let notice = if drill.overdue {
        Notice::new(Tone::Wait, format!("{said} {}", t.text("drill-overdue")))
    } else {
        let due = drill.due.map_or_else(String::new, |due| t.with("drill-due", "day", date(Time(due))));
        Notice::new(Tone::Ok, format!("{said} {due}"))
    };
    vec![
        Part::Heading(t.text("drill-title")),
        Part::Notice(notice),
        Part::Words(t.text("drill-words")),
        Part::Form(Form {
            to: "/protection/kit".into(),
            fields: vec![Field::lines(t, "words", t.text("drill-24")).hint(t.text("drill-hint"))],
            button: t.text("drill-button"),
            tone: "",
        }),
    ]
}

fn form(t: Texts, settings: Settings, keep: u16) -> Form {
    Form {
        to: "/protection/settings".into(),
        fields: vec![
            Field::check(t, "code", t.text("setting-code"), settings.code_required).hint(t.text("setting-code-hint")),
            Field::check(t, "compare", t.text("setting-compare"), settings.always_compare)
                .hint(t.text("setting-compare-hint")),
            Field::digits(t, "days", t.text("setting-days")).wide(5).value(settings.drill_days.to_string()),
            Field::digits(t, "keep", t.text("setting-keep"))
                .wide(5)
                .hint(t.text("setting-keep-hint"))
                .value(keep.to_string()),
        ],
        button: t.text("save"),
        tone: "",
    }
}

/// Keeps what was set.
pub(crate) async fn settings(ask: Ask, typed: Typed) -> Answer {
    let done = ask
        .work(move |desk, by| {
            let days = |name: &str| {
                typed.get(name).parse().map_err(|_| {
                    DeskError::refused("впишіть кількість днів цифрами", "write the number of days in digits")
                })
            };
            let drill_days = days("days")?;
            let keep = if typed.get("keep").is_empty() { desk.kept_days()? } else { days("keep")? };
            let code_required = typed.get("code") == "yes";
            if code_required && !desk.needs_code(by)? {
                return Err(DeskError::refused(
                    "спершу ввімкніть код із застосунку для себе: інакше ви не зайдете далі за цю вимогу",
                    "set up a code for yourself first: else you would get no further than this requirement",
                ));
            }
            let always_compare = typed.get("compare") == "yes";
            desk.set_kept_days(by, keep)?;
            desk.set_settings(by, Settings { always_compare, code_required, drill_days })
        })
        .await;
    match done {
        Ok(()) => Ok(go_to("/protection?done=settings")),
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// The drill. The words are shown nowhere again, whatever comes of it.
pub(crate) async fn drill(ask: Ask, typed: Typed) -> Answer {
    match ask.work(move |desk, by| desk.kit_drill(by, &typed.secret("words"))).await {
        Ok(drill) => {
            let t = ask.t;
            let mut page = ask.page(t.text("drill-title"), Some(Section::Protection)).await;
            page.path = "/protection".into();
            let said = [("opened", drill.opened.into()), ("desks", drill.desks.into())];
            page.notices.push(Notice::new(Tone::Ok, t.say("drill-good", &said)));
            let now = date_time(ask.worker.desk.clock().now());
            let all = vec![
                Part::Words(t.with("drill-noted", "time", now)),
                Part::Link("/protection".into(), t.text("to-protection")),
            ];
            Ok(parts(StatusCode::OK, page, all))
        }
        Err(error) => shown(&ask, Some(error)).await,
    }
}
