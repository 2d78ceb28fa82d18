//! What people do with a request.

use ids::RecordId;

use super::desk_work;
use super::edits::{corrections, event, note, required, resolution, restore_note, step, undo, withdraw_note};
use super::{Act, CommandError};
use crate::event::escape;
use crate::schema::Kind;
use crate::state::{RequestCode, RequestState, side};
use crate::view::{IsDesk, RequestView};
use crate::{ChangeBytes, Document, Edit, EntryId, Stamp, Value};

/// Kopiykas: a sum above is a slip of the keyboard.
const MOST_FEE: i64 = 100_000_000;

/// What can be done with a request. Commands marked *centre* are refused from a suitcase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestCommand {
    /// Correct fields.
    Correct {
        /// New values by key.
        fields: Vec<Edit>,
        /// Why; required once the request is printed or decided.
        reason: String,
    },
    /// The applicant withdraws.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// What was asked for has come.
    Supplement {
        /// New values by key (papers, answers).
        fields: Vec<Edit>,
        /// What came.
        text: String,
    },
    /// A note.
    Note {
        /// Its text.
        text: String,
    },
    /// Strike a note out.
    WithdrawNote {
        /// Which.
        note: EntryId,
    },
    /// Bring a note back that was struck out.
    RestoreNote {
        /// Which.
        note: EntryId,
    },
    /// Take one's own last step back, for ten minutes and before anybody went on from it.
    Undo {
        /// The event.
        event: String,
    },
    /// The опис was printed.
    Printed,
    /// A file was attached.
    Attach {
        /// Hash of the sealed file in hexadecimal.
        hash: String,
        /// Bytes.
        size: u64,
        /// Media type.
        media: String,
        /// Name.
        name: String,
    },
    /// Choose among differing values.
    Resolve {
        /// The field.
        key: String,
        /// The value that shall stand.
        value: Value,
        /// Why.
        reason: String,
    },
    /// *Centre*: choose among contested decisions.
    Settle {
        /// The event that shall stand.
        event: String,
        /// Why.
        reason: String,
    },
    /// *Centre*: give the journal number.
    Register {
        /// The number.
        number: String,
    },
    /// *Centre*: take into work.
    Accept,
    /// *Centre*: pass to the provider.
    HandOver {
        /// To whom.
        provider: String,
    },
    /// *Centre*: ask the applicant.
    Ask {
        /// What for.
        text: String,
    },
    /// *Centre*: refuse.
    Refuse {
        /// The ground.
        ground: String,
    },
    /// *Centre*: the result is ready.
    Ready {
        /// What it is, where it lies.
        text: String,
    },
    /// The result was handed over to the applicant.
    Deliver {
        /// How, to whom.
        text: String,
    },
    /// *Centre*: it is a repeat of another request.
    Duplicate {
        /// The other.
        of: RecordId,
    },
    /// *Centre*: take a closed request up again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// *Centre*: the clerk has it from now on. Refused while another clerk has it.
    Claim,
    /// *Centre*: nobody has it any more.
    Release {
        /// Why; required of anybody but who has it.
        reason: String,
    },
    /// A mark of the routing sheet, or its correction: an earlier mark of the kind stays and is shown. Suitcases put
    /// the last one only.
    Stamp {
        /// The mark.
        stamp: Stamp,
    },
    /// A step and the mark that goes with it, as one change.
    Stamped {
        /// The step.
        step: Box<RequestCommand>,
        /// The mark.
        stamp: Stamp,
    },
    /// *Centre*: the applicant was told.
    Notify {
        /// How: one of [`super::WAYS`].
        way: String,
        /// What was said; may be empty.
        text: String,
    },
    /// *Centre*: the control date is put off.
    Prolong {
        /// To this day, `YYYY-MM-DD`.
        until: String,
        /// Why.
        reason: String,
    },
    /// *Centre*: a person looked, and it does not repeat another request.
    NotDuplicate {
        /// The other.
        of: RecordId,
        /// How that was established.
        reason: String,
    },
}

/// Carry out a command. `None` if it changes nothing.
pub fn edit_request(
    document: &mut Document,
    is_desk: IsDesk<'_>,
    act: &Act<'_>,
    command: &RequestCommand,
) -> Result<Option<ChangeBytes>, CommandError> {
    if document.is_empty() || document.kind() != Kind::Request {
        return Err(crate::document::DocumentError::NoBirth.into());
    }
    let view = RequestView::read(document, is_desk);
    match edits(&view, act, command)? {
        Some(edits) => Ok(document.edit(act.actor, act.at, &edits)?),
        None => Ok(None),
    }
}

fn edits(view: &RequestView, act: &Act<'_>, command: &RequestCommand) -> Result<Option<Vec<Edit>>, CommandError> {
    use RequestCode as C;
    use RequestCommand as Do;
    let go = |code: C, about: &str, reason: &str| {
        step::<RequestState>(act, &view.log, code, about, reason).map(|edit| Some(vec![edit]))
    };
    match command {
        Do::Correct { fields, reason } => correct(view, act, fields, reason),
        Do::Withdraw { reason } => go(C::Withdrawn, "", reason),
        Do::Supplement { fields, text } => supplement(view, act, fields, text),
        Do::Note { text } => Ok(Some(vec![note(act, text)?])),
        Do::WithdrawNote { note } => Ok(Some(vec![withdraw_note(&view.registers, act, note)?])),
        Do::RestoreNote { note } => Ok(Some(vec![restore_note(&view.registers, act, note)?])),
        Do::Undo { event } => Ok(Some(vec![undo(act, &view.log, event)?])),
        Do::Printed => {
            Ok(Some(vec![Edit::new(format!("p/{}", act.entry(3)), format!("{}|{}", act.at, escape(act.officer)))]))
        }
        Do::Attach { hash, size, media, name } => {
            let text = format!("{}|{size}|{}|{}", escape(hash), escape(media), escape(name));
            Ok(Some(vec![Edit::new(format!("t/{}", act.entry(3)), text)]))
        }
        Do::Resolve { key, value, reason } => {
            amount(&[Edit::new(key.clone(), value.clone())])?;
            Ok(Some(resolution(Kind::Request, &view.registers, act, view.tip(), key, value, reason)?))
        }
        Do::Settle { event, reason } => settle(view, act, event, reason).map(Some),
        Do::Register { number } => register(view, act, number).map(Some),
        Do::Accept => {
            let step = step::<RequestState>(act, &view.log, C::InWork, "", "")?;
            // Who takes it into work has it, unless somebody has it already.
            let claim = view.holder().is_none().then(|| desk_work::claimed(view, act)).transpose()?;
            Ok(Some(std::iter::once(step).chain(claim).collect()))
        }
        Do::HandOver { provider } => {
            required(provider, "впишіть, кому передано", "write to whom it was handed over")?;
            go(C::HandedOver, provider.trim(), "")
        }
        Do::Ask { text } => {
            required(text, "впишіть, чого саме бракує", "write what is missing")?;
            go(C::Asked, "", text)
        }
        Do::Refuse { ground } => {
            required(ground, "впишіть підставу відмови", "write the ground of the refusal")?;
            go(C::Refused, "", ground)
        }
        Do::Ready { text } => go(C::Ready, "", text),
        Do::Deliver { text } => go(C::Delivered, "", text),
        Do::Duplicate { of } if *of == view.id => {
            Err(CommandError::not_now("звернення не може бути повтором самого себе", "a request cannot repeat itself"))
        }
        Do::Duplicate { of } => go(C::Duplicate, &of.to_string(), ""),
        Do::Reopen { reason } => {
            required(reason, "впишіть, чому звернення відкривають знову", "write why the request is taken up again")?;
            go(C::Reopened, "", reason)
        }
        Do::Claim => desk_work::claim(view, act),
        Do::Release { reason } => desk_work::release(view, act, reason),
        Do::Stamp { stamp } => desk_work::stamp(view, act, stamp).map(Some),
        Do::Stamped { step, .. } if !desk_work::is_stamped(step) => Err(CommandError::not_now(
            "з цією дією позначки листа про проходження не ставлять",
            "no mark of the routing sheet goes with this step",
        )),
        Do::Stamped { step, stamp } => {
            let Some(mut all) = edits(view, act, step)? else { return Ok(None) };
            let stamp = desk_work::stamp_with(view, act, &all, stamp)?;
            all.push(stamp);
            Ok(Some(all))
        }
        Do::Notify { way, text } => desk_work::notify(view, act, way, text).map(Some),
        Do::Prolong { until, reason } => desk_work::prolong(view, act, until, reason).map(Some),
        Do::NotDuplicate { of, reason } => desk_work::not_duplicate(view, act, *of, reason).map(Some),
    }
}

fn correct(
    view: &RequestView,
    act: &Act<'_>,
    fields: &[Edit],
    reason: &str,
) -> Result<Option<Vec<Edit>>, CommandError> {
    if view.state().is_closed() {
        let (uk, en) = view.state().label();
        return Err(CommandError::not_now(
            format!("звернення закрито («{uk}»): напишіть нотатку або попросіть центр відкрити його знову"),
            format!("the request is closed («{en}»): write a note or ask the centre to take it up again"),
        ));
    }
    amount(fields)?;
    ground(fields, reason)?;
    let edits = match corrections(Kind::Request, &view.registers, act, view.tip(), fields, reason)? {
        None if confirms_fee(view, fields) => Some(vec![event(act, view.tip(), side::CORRECTED, "fee", reason)?]),
        edits => edits,
    };
    if edits.is_some() && (view.is_printed() || view.state().is_decided()) {
        required(
            reason,
            "опис уже надруковано або звернення вирішено: впишіть причину виправлення і надрукуйте опис знову",
            "the опис is printed or the request decided: write why it is corrected and print the опис again",
        )?;
    }
    Ok(edits)
}

/// The very fee that stands, set by a person for the first time: from now on it follows from no answer.
fn confirms_fee(view: &RequestView, fields: &[Edit]) -> bool {
    let stands = view.fee.value().filter(|value| !value.is_empty());
    let confirmed = matches!(fields, [edit] if edit.key == "fee" && Some(&edit.value) == stands);
    confirmed && !view.fee_is_settled()
}

/// A fee is no less than nothing and no more than [`MOST_FEE`].
fn amount(fields: &[Edit]) -> Result<(), CommandError> {
    let mut sums = fields.iter().filter(|edit| edit.key == "fee").filter_map(|edit| edit.value.as_int());
    if sums.any(|kopiykas| !(0..=MOST_FEE).contains(&kopiykas)) {
        return Err(CommandError::not_now(
            "такої плати не буває: впишіть суму від 0 до 1 000 000 грн",
            "there is no such fee: write a sum from 0 to 1 000 000 UAH",
        ));
    }
    Ok(())
}

/// A fee set by itself, as it follows from nothing else that is corrected, needs its ground.
fn ground(fields: &[Edit], reason: &str) -> Result<(), CommandError> {
    if matches!(fields, [edit] if edit.key == "fee") {
        required(
            reason,
            "впишіть підставу плати: рішення, норму або документ про пільгу",
            "write the ground of the fee: a decision, a rule or a document of an exemption",
        )?;
    }
    Ok(())
}

fn supplement(
    view: &RequestView,
    act: &Act<'_>,
    fields: &[Edit],
    text: &str,
) -> Result<Option<Vec<Edit>>, CommandError> {
    required(text, "впишіть, що доповнено", "write what was supplemented")?;
    amount(fields)?;
    let mut edits = vec![step::<RequestState>(act, &view.log, RequestCode::Supplemented, "", text)?];
    if let Some(corrected) = corrections(Kind::Request, &view.registers, act, view.tip(), fields, text)? {
        // The step's own event names the reason; one event an act is enough.
        edits.extend(corrected.into_iter().filter(|edit| !edit.key.starts_with("e/")));
    }
    Ok(Some(edits))
}

fn settle(view: &RequestView, act: &Act<'_>, chosen: &str, reason: &str) -> Result<Vec<Edit>, CommandError> {
    if !act.is_desk {
        return Err(CommandError::not_now("між рішеннями обирає центр", "the centre chooses among decisions"));
    }
    let known = view
        .log
        .contests
        .iter()
        .any(|contest| contest.standing == chosen || contest.others.iter().any(|other| other == chosen));
    if !known {
        return Err(CommandError::not_now(
            "такого спірного рішення немає: оновіть сторінку",
            "there is no such contested decision: reload the page",
        ));
    }
    Ok(vec![event(act, view.tip(), side::SETTLED, chosen, reason)?])
}

fn register(view: &RequestView, act: &Act<'_>, number: &str) -> Result<Vec<Edit>, CommandError> {
    let number = number.trim();
    required(number, "впишіть номер у журналі", "write the journal number")?;
    if !view.official.text().is_empty() {
        return Err(CommandError::not_now(
            format!("звернення вже має номер у журналі: {}", view.official.text()),
            format!("the request has a journal number already: {}", view.official.text()),
        ));
    }
    let step = step::<RequestState>(act, &view.log, RequestCode::Registered, number, "")?;
    Ok(vec![Edit::new("official", number), step])
}
