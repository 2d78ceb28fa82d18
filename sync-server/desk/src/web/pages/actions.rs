//! What a clerk does with a request: each action asks for its ground before it is done.

use super::super::ask::{Answer, Ask, own_address, said};
use super::super::guard::go_to;
use super::filters::kept_day;
use super::marks::{mark_fields, stamp_of};
use super::request::{self, Tried};
use super::typed::Typed;
use super::{facts, held};
use crate::app::{Answer as Decision, CasePage, DeskError, ErrorKind};
use crate::app::{Stamp, StampKind};
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
const ACTIONS: [(&str, Wants); 20] = [
    ("claim", Wants::Nothing),
    ("accept", Wants::Nothing),
    ("number", Wants::Number),
    ("hand_over", Wants::Provider),
    ("consider", Wants::Mark(StampKind::Consideration)),
    ("ask", Wants::Text),
    ("supplement", Wants::Text),
    ("ready", Wants::TextAndMark(StampKind::Return)),
    ("notify", Wants::Way),
    ("handed_over", Wants::TextAndMark(StampKind::Receipt)),
    ("refuse", Wants::Ground),
    ("fee", Wants::Fee),
    ("note", Wants::Text),
    ("prolong", Wants::DayAndText),
    ("release", Wants::Reason),
    ("grant", Wants::Suitcase),
    ("take_back", Wants::Holder),
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
    /// A suitcase that has it, and why it is taken back.
    Holder,
    Request,
    /// A mark of the routing sheet.
    Mark(StampKind),
    /// Words and the mark that goes with the step.
    TextAndMark(StampKind),
    /// How the applicant was told.
    Way,
    /// A sum, or that there is none, and why.
    Fee,
    /// A day and why.
    DayAndText,
    /// Why; one's own claim ends without.
    Reason,
}

/// Is there such an action?
pub(crate) fn is_known(action: &str) -> bool {
    action == "undo" || ACTIONS.iter().any(|(name, _)| *name == action)
}

fn words(t: Texts, action: &str) -> String {
    t.text(&format!("do-{}", action.replace('_', "-")))
}

fn is_possible(case: &CasePage, action: &str) -> bool {
    match action {
        "grant" => !case.grantable.is_empty(),
        "take_back" => !case.page.shared_with.is_empty(),
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
    if let Some(first) = forms.iter_mut().find(|form| {
        !matches!(
            form.name.as_str(),
            "number" | "fee" | "note" | "grant" | "take_back" | "notify" | "claim" | "release" | "prolong"
        )
    }) {
        first.first = true;
    }
    forms
}

fn fields(t: Texts, case: &CasePage, action: &str, wants: Wants, typed: Option<&Typed>) -> Vec<Field> {
    let dashed = action.replace('_', "-");
    let name = |part: &str| format!("{dashed}-{part}");
    let tried = typed;
    let typed = |part: &str| tried.map(|typed| typed.get(&name(part)));
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
            let provider = typed("text").unwrap_or_else(|| case.provider.clone());
            let mut fields = vec![Field::text(t, name("text"), label).value(provider)];
            fields.extend(mark(t, case, StampKind::HandOver, &dashed, tried));
            fields
        }
        Wants::Mark(kind) => mark(t, case, kind, &dashed, tried),
        Wants::TextAndMark(kind) => {
            let words = Field::lines(t, name("text"), label).value(typed("text").unwrap_or_default());
            let mut fields = mark(t, case, kind, &dashed, tried);
            fields.push(words.optional());
            fields
        }
        Wants::Way => {
            let ways = ["phone", "sms", "email", "post", "person"];
            let ways = ways.map(|way| (way.to_owned(), t.text(&format!("way-{way}"))));
            let chosen = typed("way").unwrap_or_default();
            let options = Options::new(ways, &[chosen.as_str()]);
            vec![
                Field::select(t, name("way"), t.text("label-notify-way"), options),
                Field::lines(t, name("text"), label).optional().value(typed("text").unwrap_or_default()),
            ]
        }
        Wants::Fee => {
            let kinds = ["amount", "free"].map(|kind| (kind.to_owned(), t.text(&format!("fee-{kind}"))));
            let chosen = typed("kind").unwrap_or_default();
            let amount = Field::text(t, name("amount"), t.text("label-fee-amount")).wide(12).optional();
            vec![
                Field::choice(t, name("kind"), t.text("label-fee-kind"), Options::new(kinds, &[chosen.as_str()])),
                amount.hint(t.text("hint-fee-amount")).value(typed("amount").unwrap_or_default()),
                Field::text(t, name("text"), label).hint(t.text("hint-fee")).value(typed("text").unwrap_or_default()),
            ]
        }
        Wants::DayAndText => vec![
            Field::date(t, name("day"), t.text("label-prolong-day")).value(typed("day").unwrap_or_default()),
            Field::lines(t, name("text"), label).value(typed("text").unwrap_or_default()),
        ],
        Wants::Reason => {
            let own = case.page.holder.as_ref().is_some_and(|(login, _)| *login == case.by);
            let field = Field::text(t, name("text"), label).value(typed("text").unwrap_or_default());
            if own { Vec::new() } else { vec![field] }
        }
        Wants::Request => vec![Field::text(t, name("text"), label).wide(24).value(typed("text").unwrap_or_default())],
        Wants::Text => {
            vec![Field::lines(t, name("text"), label).value(typed("text").unwrap_or_default())]
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
        Wants::Holder => {
            let numbers = case.page.shared_with.iter().map(|n| (n.to_string(), t.with("suitcase-n", "number", n)));
            let chosen = typed("suitcase").unwrap_or_default();
            vec![
                Field::select(
                    t,
                    name("suitcase"),
                    t.text("label-take-back-suitcase"),
                    Options::new(numbers, &[chosen.as_str()]),
                )
                .hint(t.text("hint-take-back")),
                Field::lines(t, name("text"), label).value(typed("text").unwrap_or_default()),
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

/// The fields of a mark, as typed or as they most probably are.
fn mark(t: Texts, case: &CasePage, kind: StampKind, prefix: &str, tried: Option<&Typed>) -> Vec<Field> {
    let standing = || case.page.view.stamp(kind).filter(|entry| !entry.from_step).map(|entry| entry.stamp);
    let stamp = match (tried, kind) {
        (Some(typed), _) => stamp_of(typed, kind, prefix),
        (None, StampKind::Consideration) => standing().unwrap_or_else(|| Stamp::new(kind)),
        // By when the provider answers is what the law leaves of the term.
        (None, StampKind::HandOver) => Stamp { term: case.due.clone(), ..Stamp::new(kind) },
        (None, StampKind::Receipt) => Stamp { person: case.page.view.applicant.full_name(), ..Stamp::new(kind) },
        (None, StampKind::Return) => Stamp { person: case.own_name(), ..Stamp::new(kind) },
        (None, StampKind::Registration) => Stamp::new(kind),
    };
    mark_fields(t, kind, prefix, &stamp, &case.today)
}

/// A step with its mark, where something of the mark was written.
fn with_mark(answer: Decision, kind: StampKind, prefix: &str, text: String, typed: &Typed) -> Decision {
    let stamp = Stamp { text, ..stamp_of(typed, kind, prefix) };
    let parts = [&stamp.day, &stamp.person, &stamp.term, &stamp.number, &stamp.result_day];
    if parts.into_iter().all(String::is_empty) {
        return answer;
    }
    Decision::Stamped { answer: Box::new(answer), stamp }
}

fn decision(action: &str, typed: &Typed) -> Option<Decision> {
    let dashed = action.replace('_', "-");
    let text = typed.get(&format!("{dashed}-text"));
    let step = |answer, kind| with_mark(answer, kind, &dashed, text.clone(), typed);
    Some(match action {
        "claim" => Decision::Claim,
        "release" => Decision::Release { reason: text },
        "undo" => Decision::Undo { event: typed.get("undo-event") },
        "consider" => Decision::Stamp { stamp: stamp_of(typed, StampKind::Consideration, "consider") },
        "notify" => Decision::Notify { way: typed.get("notify-way"), text },
        "prolong" => Decision::Prolong { until: kept_day(&typed.get("prolong-day")), reason: text },
        "accept" => Decision::Accept,
        "number" => Decision::Number(Some(text).filter(|text| !text.is_empty())),
        "hand_over" => step(Decision::HandOver { provider: text.clone() }, StampKind::HandOver),
        "ask" => Decision::Ask { text },
        "supplement" => Decision::Supplement { text },
        "ready" => step(Decision::Ready { text: text.clone() }, StampKind::Return),
        "handed_over" => step(Decision::HandedOver { text: text.clone() }, StampKind::Receipt),
        "refuse" => {
            let parts = [typed.get("refuse-ground"), text];
            let ground = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ");
            Decision::Refuse { ground }
        }
        // A sum beside «free of charge» is left to be refused: which of the two was meant is not for us to say.
        "fee" => match (typed.get("fee-kind").as_str(), typed.get("fee-amount")) {
            ("free", amount) if amount.is_empty() => Decision::Fee { amount: "free".into(), basis: text },
            ("free", amount) => Decision::Fee { amount: format!("free {amount}"), basis: text },
            (_, amount) => Decision::Fee { amount, basis: text },
        },
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
    let (to, given, despite) = (number.clone(), typed.clone(), typed.get(held::DESPITE));
    let done = match (action.as_str(), decision(&action, &typed)) {
        ("grant", _) => {
            ask.work(move |desk, by| {
                let suitcase = given.get("grant-text").parse().map_err(|_| no_suitcase())?;
                desk.grant(by, &to, suitcase, &despite).map(|_| ())
            })
            .await
        }
        ("take_back", _) => {
            ask.work(move |desk, by| {
                let suitcase = given.get("take-back-suitcase").parse().map_err(|_| no_holder())?;
                desk.take_back(by, &to, suitcase, &given.get("take-back-text"), &despite).map(|_| ())
            })
            .await
        }
        (_, Some(decision)) => {
            ask.work(move |desk, by| desk.answer_despite(by, &to, decision, &despite).map(|_| ())).await
        }
        (_, None) => Err(no_action()),
    };
    match done {
        Ok(()) => {
            let back = ask.query("back");
            let here = address::with(&facts::request_address(&number), "done", &action);
            let back = address::with(own_address(&back), "done", &action);
            Ok(go_to(if ask.query("back").is_empty() { &here } else { &back }))
        }
        Err(error) if error.kind == ErrorKind::Held => held::asked(&ask, &number, &typed).await,
        Err(error) => request::page(&ask, &number, Some(Tried { action, typed, error })).await,
    }
}

fn no_suitcase() -> DeskError {
    DeskError::refused("виберіть валізу, якій доручаєте звернення", "choose the suitcase that is to have the request")
}

fn no_holder() -> DeskError {
    DeskError::refused("виберіть валізу, у якої забираєте звернення", "choose the suitcase that is to lose the request")
}

fn no_action() -> DeskError {
    DeskError::not_found(
        "такої дії немає: скористайтеся кнопками на сторінці",
        "there is no such action: use the buttons of the page",
    )
}
