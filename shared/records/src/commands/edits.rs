//! Edits that several commands are made of.

use super::{Act, CommandError};
use crate::document::DocumentError;
use crate::event::{Event, escape};
use crate::fields::{FieldFinding, Severity, check};
use crate::schema::{self, Key, Kind, Rule};
use crate::state::{StateLog, Steps, UNDO_WITHIN, side};
use crate::view::Registers;
use crate::{Edit, EntryId, Value};

/// An event under the act's first entry id.
pub(super) fn event(act: &Act<'_>, prev: &str, code: &str, about: &str, reason: &str) -> Result<Edit, CommandError> {
    event_at(act, 0, prev, code, about, reason)
}

/// An event under one of the act's entry ids.
pub(super) fn event_at(
    act: &Act<'_>,
    place: usize,
    prev: &str,
    code: &str,
    about: &str,
    reason: &str,
) -> Result<Edit, CommandError> {
    let event = Event {
        at: act.at,
        code: code.into(),
        prev: prev.into(),
        by: act.officer.into(),
        about: about.into(),
        reason: reason.trim().into(),
    };
    let text = event.encode();
    if text.len() > 4096 {
        return Err(CommandError::not_now(
            "пояснення задовге: скоротіть його до 2000 знаків",
            "the reason is too long: shorten it to 2000 characters",
        ));
    }
    Ok(Edit::new(format!("e/{}", act.entry(place)), text))
}

/// A step from the present state.
pub(super) fn step<S: Steps>(
    act: &Act<'_>,
    log: &StateLog<S>,
    code: S::Code,
    about: &str,
    reason: &str,
) -> Result<Edit, CommandError> {
    if !act.is_desk && !S::suitcase_may(code) {
        return Err(CommandError::not_now(
            "це рішення приймає центр, не валіза",
            "this is for the centre to decide, not for a suitcase",
        ));
    }
    let next = match log.state {
        None => S::first(code),
        Some(state) => state.step(code),
    };
    if next.is_none() {
        let (uk, en) = log.state.map_or(("запис порожній", "empty"), Steps::words);
        return Err(CommandError::not_now(
            format!("зараз стан «{uk}», і ця дія з нього неможлива: оновіть сторінку і перевірте стан"),
            format!("the state is «{en}» and this cannot follow it: reload the page and look at the state"),
        ));
    }
    event(act, log.tip.as_deref().unwrap_or_default(), S::code_text(code), about, reason)
}

/// A reason that must be given.
pub(super) fn required(reason: &str, uk: &'static str, en: &'static str) -> Result<(), CommandError> {
    if reason.trim().is_empty() { Err(CommandError::not_now(uk, en)) } else { Ok(()) }
}

/// Corrections of fields: only those that change something, with an event that names them. `None` if none does.
pub(super) fn corrections(
    kind: Kind,
    registers: &Registers,
    act: &Act<'_>,
    tip: &str,
    fields: &[Edit],
    reason: &str,
) -> Result<Option<Vec<Edit>>, CommandError> {
    let mut edits = Vec::new();
    for edit in fields {
        may_correct(kind, &edit.key)?;
        let held = registers.get(&edit.key);
        let same = match held {
            Some(held) => !held.differs() && held.proposals.is_empty() && held.value() == Some(&edit.value),
            None => edit.value.is_empty(),
        };
        if !same {
            edits.push(edit.clone());
        }
    }
    if edits.is_empty() {
        return Ok(None);
    }
    refuse_errors(kind, registers, &edits, act)?;
    let keys = edits.iter().map(|edit| edit.key.as_str()).collect::<Vec<_>>().join(",");
    let about: String = keys.chars().take(2000).collect();
    edits.push(event(act, tip, side::CORRECTED, &about, reason)?);
    Ok(Some(edits))
}

fn may_correct(kind: Kind, key: &str) -> Result<(), CommandError> {
    let field = schema::field(kind, key).ok_or_else(|| DocumentError::UnknownKey(key.to_owned()))?;
    let correctable =
        matches!(field.rule, Rule::KeepBothAndAsk | Rule::DecisionBeatsEdit) && !matches!(field.key, Key::Entries(_));
    if correctable { Ok(()) } else { Err(DocumentError::Forbidden(key.to_owned()).into()) }
}

/// Refuse fields with errors among those about to be written, judged together with those that stay.
pub(super) fn refuse_errors(
    kind: Kind,
    registers: &Registers,
    edits: &[Edit],
    act: &Act<'_>,
) -> Result<(), CommandError> {
    let new = |key: &str| edits.iter().rev().find(|edit| edit.key == key).map(|edit| &edit.value);
    let value = |key: &str| new(key).cloned().or_else(|| registers.get(key)?.value().cloned());
    let text = |key: &str| value(key).and_then(|value| value.as_text().map(str::to_owned)).unwrap_or_default();
    let yes = |key: &str| value(key).and_then(|value| value.as_bool()).unwrap_or(false);
    let touched = |finding: &FieldFinding| {
        // An old error in a field nobody touches must not stop the correction of another.
        let group = finding.key.split('.').next().unwrap_or_default();
        edits.iter().any(|edit| edit.key.split('.').next() == Some(group))
    };
    let errors: Vec<FieldFinding> = check(kind, &text, &yes, &act.today())
        .into_iter()
        .filter(|found| found.finding.severity == Severity::Error && touched(found))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(CommandError::Fields(errors)) }
}

/// Refuse fields with errors in a new record.
pub(super) fn refuse_errors_in(kind: Kind, edits: &[Edit], act: &Act<'_>) -> Result<(), CommandError> {
    let value = |key: &str| edits.iter().rev().find(|edit| edit.key == key).map(|edit| &edit.value);
    let text = |key: &str| value(key).and_then(Value::as_text).unwrap_or_default().to_owned();
    let yes = |key: &str| value(key).and_then(Value::as_bool).unwrap_or(false);
    let errors: Vec<FieldFinding> = check(kind, &text, &yes, &act.today())
        .into_iter()
        .filter(|found| found.finding.severity == Severity::Error)
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(CommandError::Fields(errors)) }
}

/// A person's choice among differing values: the value over all of them, and an event that keeps who, when, why.
pub(super) fn resolution(
    kind: Kind,
    registers: &Registers,
    act: &Act<'_>,
    tip: &str,
    key: &str,
    value: &Value,
    reason: &str,
) -> Result<Vec<Edit>, CommandError> {
    let differences = registers.differences();
    let Some(difference) = differences.iter().find(|difference| difference.key == key) else {
        return Err(CommandError::not_now(
            format!("у полі «{key}» уже немає розбіжності: оновіть сторінку"),
            format!("field «{key}» does not differ any more: reload the page"),
        ));
    };
    if difference.is_proposal && !act.is_desk {
        return Err(CommandError::not_now(
            "пропозиції до вирішеного звернення розглядає центр",
            "proposals to a decided request are for the centre to look at",
        ));
    }
    let mut edits = vec![Edit::new(key, value.clone())];
    // What people wrote was looked at when it was written; a value of one's own is looked at now.
    if difference.values.iter().all(|written| written.value != *value) {
        refuse_errors(kind, registers, &edits, act)?;
    }
    edits.push(event(act, tip, side::RESOLVED, key, reason)?);
    Ok(edits)
}

/// A note.
pub(super) fn note(act: &Act<'_>, text: &str) -> Result<Edit, CommandError> {
    required(text, "нотатка порожня: впишіть текст", "the note is empty: write something")?;
    let text = format!("{}|{}|{}", act.at, escape(act.officer), escape(text.trim()));
    if text.len() > 4096 {
        return Err(CommandError::not_now(
            "нотатка задовга: скоротіть її до 2000 знаків або додайте файлом",
            "the note is too long: shorten it to 2000 characters or attach a file",
        ));
    }
    Ok(Edit::new(format!("n/{}", act.entry(1)), text))
}

/// A note's withdrawal.
pub(super) fn withdraw_note(registers: &Registers, act: &Act<'_>, note: &EntryId) -> Result<Edit, CommandError> {
    if registers.get(&format!("n/{note}")).is_none() {
        return Err(CommandError::not_now(
            "такої нотатки немає: оновіть сторінку",
            "there is no such note: reload the page",
        ));
    }
    Ok(Edit::new(format!("x/{}", act.entry(2)), format!("{}|{}|{note}", act.at, escape(act.officer))))
}

/// A struck-out note stands again.
pub(super) fn restore_note(registers: &Registers, act: &Act<'_>, note: &EntryId) -> Result<Edit, CommandError> {
    let Edit { key, value } = withdraw_note(registers, act, note)?;
    Ok(Edit::new(key, format!("{value}|back")))
}

/// The author's own last step, taken back.
pub(super) fn undo<S: Steps>(act: &Act<'_>, log: &StateLog<S>, event: &str) -> Result<Edit, CommandError> {
    let Some(step) = log.last_step().filter(|step| step.id == event) else {
        return Err(CommandError::not_now(
            "цю дію вже не можна скасувати: після неї сталося інше. Оновіть сторінку",
            "this cannot be taken back any more: something happened after it. Reload the page",
        ));
    };
    if step.by_desk != act.is_desk || step.event.by != act.officer {
        return Err(CommandError::not_now(
            "скасувати може лише той, хто це зробив",
            "only who did it can take it back",
        ));
    }
    if !(0..=UNDO_WITHIN).contains(&act.at.saturating_sub(step.event.at)) {
        return Err(CommandError::not_now(
            "минуло понад десять хвилин: дію вже не можна скасувати, виправте її новою",
            "more than ten minutes have passed: it cannot be taken back, mend it by a new step",
        ));
    }
    self::event(act, event, side::UNDONE, event, "")
}

/// What every kind writes at birth beside `v`, `id`, `created`.
pub(super) fn birth(act: &Act<'_>, officer_name: &str, suitcase: Option<i64>) -> Vec<Edit> {
    let mut edits = vec![Edit::new("officer", act.officer)];
    if !officer_name.is_empty() {
        edits.push(Edit::new("officer_name", officer_name));
    }
    edits.extend(suitcase.map(|number| Edit::new("suitcase", number)));
    edits
}

/// Fields given at birth: correctable ones only, emptied ones left out.
pub(super) fn given(kind: Kind, fields: &[Edit]) -> Result<Vec<Edit>, CommandError> {
    fields.iter().try_for_each(|edit| may_correct(kind, &edit.key))?;
    Ok(fields.iter().filter(|edit| !edit.value.is_empty()).cloned().collect())
}
