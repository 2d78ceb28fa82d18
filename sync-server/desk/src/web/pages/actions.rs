//! What a clerk does with a request: each action asks for its ground before it is done.

use super::super::ask::{Answer, Ask, own_address, said};
use super::super::guard::go_to;
use super::facts;
use super::request::{self, Tried};
use super::typed::Typed;
use crate::app::{Answer as Decision, CasePage, DeskError};
use ::pages::{Field, Options, Texts, address};

/// One action that is possible now.
pub(crate) struct ActionForm {
    pub to: String,
    pub name: String,
    /// What it does, on the button.
    pub words: String,
    pub fields: Vec<Field>,
    /// The one that is probably next.
    pub first: bool,
    /// It was tried and did not work: it stands open with what was typed.
    pub opened: bool,
}

/// All actions in the order of a request's way through the centre, and whether they need words.
const ACTIONS: [(&str, Wants); 13] = [
    ("accept", Wants::Nothing),
    ("number", Wants::Number),
    ("hand_over", Wants::Provider),
    ("ask", Wants::Text),
    ("supplement", Wants::Text),
    ("ready", Wants::Text),
    ("handed_over", Wants::Text),
    ("refuse", Wants::Ground),
    ("note", Wants::Text),
    ("grant", Wants::Suitcase),
    ("withdraw", Wants::Text),
    ("duplicate", Wants::Request),
    ("reopen", Wants::Text),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    Nothing,
    Number,
    Provider,
    Text,
    Ground,
    Suitcase,
    Request,
}

/// Is there such an action?
pub(crate) fn is_known(action: &str) -> bool {
    ACTIONS.iter().any(|(name, _)| *name == action)
}

fn words(t: Texts, action: &str) -> String {
    t.text(&format!("do-{}", action.replace('_', "-")))
}

fn is_possible(case: &CasePage, action: &str) -> bool {
    match action {
        "grant" => !case.grantable.is_empty(),
        name => case.page.actions.iter().any(|action| action.name == name && action.hindrance.is_none()),
    }
}

/// A form for each action that is possible now; the first is probably next.
pub(crate) fn forms(t: Texts, case: &CasePage, tried: Option<&Tried>) -> Vec<ActionForm> {
    let possible = ACTIONS.into_iter().filter(|(name, _)| is_possible(case, name));
    let mut forms: Vec<ActionForm> = possible
        .map(|(name, wants)| {
            let tried = tried.filter(|tried| tried.action == name);
            ActionForm {
                to: format!("{}/{name}", facts::request_address(&case.number)),
                name: name.to_owned(),
                words: words(t, name),
                fields: fields(t, case, name, wants, tried.map(|tried| &tried.typed)),
                first: false,
                opened: tried.is_some(),
            }
        })
        .collect();
    if let Some(first) = forms.iter_mut().find(|form| !matches!(form.name.as_str(), "number" | "note" | "grant")) {
        first.first = true;
    }
    forms
}

fn fields(t: Texts, case: &CasePage, action: &str, wants: Wants, typed: Option<&Typed>) -> Vec<Field> {
    let dashed = action.replace('_', "-");
    let name = |part: &str| format!("{dashed}-{part}");
    let typed = |part: &str| typed.map(|typed| typed.get(&name(part)));
    let label = t.text(&format!("label-{dashed}"));
    match wants {
        Wants::Nothing => Vec::new(),
        Wants::Number => vec![
            Field::text(t, name("text"), label)
                .wide(16)
                .optional()
                .hint(t.text("hint-number"))
                .value(typed("text").unwrap_or_default()),
        ],
        Wants::Provider => {
            vec![Field::text(t, name("text"), label).value(typed("text").unwrap_or_else(|| case.provider.clone()))]
        }
        Wants::Request => vec![Field::text(t, name("text"), label).wide(24).value(typed("text").unwrap_or_default())],
        Wants::Text => {
            let mut field = Field::lines(t, name("text"), label).value(typed("text").unwrap_or_default());
            if matches!(action, "ready" | "handed_over") {
                field = field.optional();
            }
            vec![field]
        }
        Wants::Ground => {
            let chosen = typed("ground").unwrap_or_default();
            let grounds = case.grounds.iter().map(|(uk, en)| (uk.clone(), said(t, uk, en)));
            let mut fields = Vec::new();
            if !case.grounds.is_empty() {
                let options = Options::new(grounds, &[chosen.as_str()]);
                fields.push(Field::select(t, name("ground"), t.text("label-refuse-known"), options).optional());
            }
            fields.push(Field::lines(t, name("text"), label).value(typed("text").unwrap_or_default()));
            fields
        }
        Wants::Suitcase => {
            let numbers = case.grantable.iter().map(|n| (n.to_string(), t.with("suitcase-n", "number", n)));
            let chosen = typed("text").unwrap_or_default();
            vec![
                Field::select(t, name("text"), label, Options::new(numbers, &[chosen.as_str()]))
                    .hint(t.text("hint-grant")),
            ]
        }
    }
}

/// Actions that are not possible now: words and why not.
pub(crate) fn hindered(t: Texts, case: &CasePage) -> Vec<(String, String)> {
    let why = case.page.actions.iter().filter_map(|action| Some((action.name, action.hindrance.as_ref()?)));
    let mut all: Vec<_> = why.map(|(name, why)| (words(t, name), said(t, &why.uk, &why.en))).collect();
    if case.grantable.is_empty() {
        all.push((words(t, "grant"), t.text("nobody-to-grant")));
    }
    all
}

fn decision(action: &str, typed: &Typed) -> Option<Decision> {
    let dashed = action.replace('_', "-");
    let text = typed.get(&format!("{dashed}-text"));
    Some(match action {
        "accept" => Decision::Accept,
        "number" => Decision::Number(Some(text).filter(|text| !text.is_empty())),
        "hand_over" => Decision::HandOver { provider: text },
        "ask" => Decision::Ask { text },
        "supplement" => Decision::Supplement { text },
        "ready" => Decision::Ready { text },
        "handed_over" => Decision::HandedOver { text },
        "refuse" => {
            let parts = [typed.get("refuse-ground"), text];
            let ground = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ");
            Decision::Refuse { ground }
        }
        "note" => Decision::Note { text },
        "withdraw" => Decision::Withdraw { reason: text },
        "duplicate" => Decision::Duplicate { of: text },
        "reopen" => Decision::Reopen { reason: text },
        _ => return None,
    })
}

/// Does it; then back to where it was done from.
pub(crate) async fn act(ask: Ask, typed: Typed) -> Answer {
    let (number, action) = (ask.param("number"), ask.param("action"));
    let (to, given) = (number.clone(), typed.clone());
    let done = match (action.as_str(), decision(&action, &typed)) {
        ("grant", _) => {
            ask.work(move |desk, by| {
                let suitcase = given.get("grant-text").parse().map_err(|_| no_suitcase())?;
                desk.grant(by, &to, suitcase).map(|_| ())
            })
            .await
        }
        (_, Some(decision)) => ask.work(move |desk, by| desk.answer(by, &to, decision).map(|_| ())).await,
        (_, None) => Err(no_action()),
    };
    match done {
        Ok(()) => {
            let back = ask.query("back");
            let here = address::with(&facts::request_address(&number), "done", &action);
            Ok(go_to(if back.is_empty() { &here } else { own_address(&back) }))
        }
        Err(error) => request::page(&ask, &number, Some(Tried { action, typed, error })).await,
    }
}

fn no_suitcase() -> DeskError {
    DeskError::refused("виберіть валізу, якій доручаєте звернення", "choose the suitcase that is to have the request")
}

fn no_action() -> DeskError {
    DeskError::not_found(
        "такої дії немає: скористайтеся кнопками на сторінці",
        "there is no such action: use the buttons of the page",
    )
}
