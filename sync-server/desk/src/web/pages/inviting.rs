//! Inviting a laptop: a QR code, a sheet, a file, or a line that is read aloud; and comparing six words.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, parts};
use crate::app::{DeskError, InvitationState, InvitationSummary, Invited, WaitingLaptop, is_invitation};
use ::pages::format::date_time;
use ::pages::{Cell, Column, ErrorSummary, Field, Notice, Options, Row, Table, Tag, Texts, Tone, address, qr};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use clock::Time;

/// Characters that are read aloud in one breath.
const GROUP: usize = 5;

/// The form that invites.
pub(crate) async fn form(ask: Ask) -> Answer {
    let number = ask.query("number");
    asked(&ask, &Typed::of(&[("number", &number)]), None).await
}

async fn asked(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let t = ask.t;
    let always = ask.get(|desk, _| Ok(desk.settings()?.always_compare)).await?;
    let mut page = ask.page(t.text("invite-title"), Some(Section::Suitcases)).await;
    page.path = "/suitcases/invite".into();
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let hours = typed.get("hours");
    let way = typed.get("way");
    let ways = Options::new(
        ["hand", "voice"].map(|way| (way, t.text(&format!("invite-{way}")))),
        &[if way.is_empty() { "hand" } else { way.as_str() }],
    );
    let mut fields = vec![
        Field::digits(t, "number", t.text("suitcase-number")).wide(6).value(typed.get("number")),
        Field::digits(t, "hours", t.text("invitation-hours"))
            .wide(6)
            .hint(t.text("invitation-hours-hint"))
            .value(if hours.is_empty() { "72".to_owned() } else { hours }),
    ];
    if !always {
        fields.push(Field::choice(t, "way", t.text("invite-way"), ways));
    }
    let form = Form { to: "/suitcases".into(), fields, button: t.text("invite"), tone: "button-primary" };
    let mut all = vec![Part::Words(t.text("invite-words"))];
    if always {
        all.push(Part::Words(t.text("invite-always")));
    }
    all.extend([Part::Form(form), Part::Link("/suitcases".into(), t.text("to-suitcases"))]);
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

/// Invites: the line and its code are shown once, here and now, and are kept nowhere readable.
pub(crate) async fn invite(ask: Ask, typed: Typed) -> Answer {
    let given = typed.clone();
    let invited = ask
        .work(move |desk, by| {
            let (Ok(number), Ok(hours)) = (given.get("number").parse(), given.get("hours").parse()) else {
                return Err(DeskError::refused(
                    "впишіть номер валізи і кількість годин цифрами",
                    "write the suitcase's number and the hours in digits",
                ));
            };
            desk.invite_as(by, number, hours, given.get("way") == "voice")
        })
        .await;
    match invited {
        Ok(invited) => sheet(&ask, invited).await,
        Err(error) => asked(&ask, &typed, Some(error)).await,
    }
}

/// The invitation to be shown to a camera, printed, saved or read aloud.
async fn sheet(ask: &Ask, invited: Invited) -> Answer {
    let t = ask.t;
    let mut page = ask.page(t.with("invitation-for", "number", invited.number), Some(Section::Suitcases)).await;
    page.path = "/suitcases".into();
    page.notices.push(Notice::new(Tone::Wait, t.text("invitation-once")));
    let until = t.with("invitation-until", "time", date_time(Time(invited.expires)));
    let mut steps = vec![t.text("invitation-step-program"), t.text("invitation-step-line")];
    steps.push(t.text(if invited.compare { "invitation-step-words" } else { "invitation-step-wait" }));
    let code = qr::svg(invited.line.as_bytes()).ok();
    let mut all = vec![
        Part::Words(t.text("invitation-words")),
        Part::Steps(steps),
        Part::Code(code, invited.line.clone(), t.text("invitation-line")),
        Part::Words(until),
    ];
    if invited.compare {
        all.extend([Part::Heading(t.text("invitation-aloud")), Part::Words(t.text("invitation-aloud-words"))]);
        all.push(Part::Aloud(aloud(&invited.line), t.text("invitation-aloud")));
    }
    all.push(Part::Print(t.text("invitation-print")));
    all.push(Part::Download("/suitcases/invite/file".into(), invited.line, t.text("invitation-file")));
    all.push(Part::Link("/suitcases".into(), t.text("to-suitcases")));
    Ok(parts(StatusCode::OK, page, all))
}

/// The line in groups for reading aloud; the beginning that all invitations share stands alone.
fn aloud(line: &str) -> Vec<String> {
    let (prefix, rest) = line.split_at(line.find('-').map_or(0, |at| at + 1));
    let characters: Vec<char> = rest.chars().collect();
    let groups = characters.chunks(GROUP).map(|group| group.iter().collect());
    std::iter::once(prefix.to_owned()).chain(groups).collect()
}

/// Gives the line back as a file. What is no invitation is not given back.
pub(crate) async fn file(ask: Ask, typed: Typed) -> Answer {
    let line = typed.get("text");
    if !is_invitation(&line) {
        let error = DeskError::refused(
            "це не запрошення: запросіть ноутбук ще раз",
            "this is no invitation: invite the laptop once more",
        );
        return Err(ask.refusal(&error).await);
    }
    let head = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"valiza-invitation.txt\""),
    ];
    Ok((head, format!("{line}\n")).into_response())
}

/// Laptops that wait, each with its six words and the two answers.
pub(super) fn to_compare(t: Texts, waiting: &[WaitingLaptop]) -> Vec<Part> {
    let mut all = Vec::new();
    for laptop in waiting {
        let answer = |answer: &str, tone| Form {
            to: address::with(
                &format!("/suitcases/compare/{}/{answer}", laptop.chain),
                "words",
                &laptop.words.join(" "),
            ),
            fields: Vec::new(),
            button: t.text(&format!("words-{answer}")),
            tone,
        };
        let said = [("number", laptop.number.into()), ("name", laptop.name.clone().into())];
        all.push(Part::Heading(t.say("compare-title", &said)));
        all.push(Part::Words(t.say("compare-words", &[("by", laptop.by.clone().into())])));
        let words = laptop.words.iter().map(ToString::to_string).collect();
        all.push(Part::Aloud(words, t.text("compare-label")));
        all.push(Part::Buttons(vec![answer("same", "button-primary"), answer("differ", "button-stop")]));
    }
    all
}

/// What a person saw: the same words, or others.
pub(crate) async fn compared(ask: Ask) -> Answer {
    let (chain, answer, words) = (ask.param("chain"), ask.param("answer"), ask.query("words"));
    let same = answer == "same";
    if !same && answer != "differ" {
        return Err(ask.refusal(&super::suitcases::no_such()).await);
    }
    ask.get(move |desk, by| {
        let chain = chain.parse().map_err(|_| super::suitcases::no_such())?;
        if same { desk.words_same(by, chain, &words).map(|_| ()) } else { desk.words_differ(by, chain, &words) }
    })
    .await?;
    Ok(go_to(&format!("/suitcases?done={answer}")))
}

/// Takes an open invitation back.
pub(crate) async fn withdraw(ask: Ask) -> Answer {
    let id = ask.param("id");
    ask.get(move |desk, by| desk.withdraw_invitation(by, &id)).await?;
    Ok(go_to("/suitcases?done=withdraw"))
}

/// The invitations that were given out.
pub(super) fn invitations(t: Texts, invitations: &[InvitationSummary]) -> Vec<Part> {
    if invitations.is_empty() {
        return Vec::new();
    }
    let columns =
        ["col-suitcase", "col-state", "invite-way", "invited-by", "invited-at", "invited-until", "col-action"];
    let row = |row: &InvitationSummary| Row {
        cells: vec![
            Cell::Text(t.with("suitcase-n", "number", row.number)),
            Cell::State(match row.state {
                InvitationState::Open => Tag::new(t.text("invitation-open"), Tone::Wait),
                InvitationState::Used => Tag::new(t.text("invitation-used"), Tone::Ok),
                InvitationState::Expired => Tag::new(t.text("invitation-expired"), Tone::Plain),
                InvitationState::Replaced => Tag::new(t.text("invitation-replaced"), Tone::Plain),
                InvitationState::Closed => Tag::new(t.text("invitation-closed"), Tone::Plain),
            }),
            Cell::Text(t.text(if row.compare { "way-words" } else { "way-at-once" })),
            Cell::Text(row.by.clone()),
            Cell::Text(date_time(Time(row.at))),
            Cell::Text(date_time(Time(row.expires))),
            match row.state {
                InvitationState::Open => Cell::Action {
                    to: format!("/suitcases/invitations/{}/withdraw", row.id),
                    words: t.text("invitation-withdraw"),
                    key: "",
                },
                _ => Cell::Text("—".to_owned()),
            },
        ],
        marked: false,
    };
    let table = Table {
        t,
        caption: t.text("invitations"),
        quiet_caption: true,
        columns: columns.map(|key| Column::new(t.text(key))).into(),
        rows: invitations.iter().map(row).collect(),
        empty: String::new(),
    };
    vec![Part::Heading(t.text("invitations")), Part::Table(table)]
}
