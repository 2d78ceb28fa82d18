//! What clerks do with a request beside deciding it: claims, marks of the routing sheet, notices, taking a step back.

use ids::RecordId;

use super::edits::{event, event_at, required};
use super::{Act, CommandError, RequestCommand};
use crate::Edit;
use crate::fields::is_date;
use crate::state::side;
use crate::view::RequestView;
use crate::{Stamp, StampKind};

/// An act's second event lies under this entry id; the first under 0, notes and prints under the others.
const SECOND: usize = 2;

/// How an applicant is told, as events name it.
pub const WAYS: [&str; 5] = ["phone", "sms", "email", "post", "person"];

fn at_centre(act: &Act<'_>) -> Result<(), CommandError> {
    if act.is_desk {
        return Ok(());
    }
    Err(CommandError::not_now("це робить центр, не валіза", "this is for the centre to do, not for a suitcase"))
}

pub(super) fn claim(view: &RequestView, act: &Act<'_>) -> Result<Option<Vec<Edit>>, CommandError> {
    at_centre(act)?;
    match view.holder() {
        Some(claim) if claim.by == act.officer => Ok(None),
        Some(claim) => Err(CommandError::not_now(
            format!("звернення вже взяв «{}»: домовтеся або візьміть інше", claim.by),
            format!("«{}» has taken the request already: agree with them or take another", claim.by),
        )),
        None if view.state().is_closed() => Err(CommandError::not_now(
            "звернення завершено: брати нічого",
            "the request is closed: there is nothing to take",
        )),
        None => Ok(Some(vec![event(act, view.tip(), side::CLAIMED, "", "")?])),
    }
}

/// The claim that goes with a step of the same act.
pub(super) fn claimed(view: &RequestView, act: &Act<'_>) -> Result<Edit, CommandError> {
    event_at(act, SECOND, view.tip(), side::CLAIMED, "", "")
}

pub(super) fn release(view: &RequestView, act: &Act<'_>, reason: &str) -> Result<Option<Vec<Edit>>, CommandError> {
    at_centre(act)?;
    let Some(claim) = view.holder() else { return Ok(None) };
    if claim.by != act.officer {
        required(
            reason,
            "звернення взяв інший працівник: впишіть, чому його забрано",
            "another clerk has the request: write why it is taken from them",
        )?;
    }
    Ok(Some(vec![event(act, view.tip(), side::RELEASED, &claim.by, reason)?]))
}

/// A mark by itself: where no step says it yet only the provider's consideration, else a completion or, with its
/// reason, a correction.
pub(super) fn stamp(view: &RequestView, act: &Act<'_>, stamp: &Stamp) -> Result<Vec<Edit>, CommandError> {
    if stamp.kind != StampKind::Receipt {
        at_centre(act)?;
    }
    let goes_on = stamp.kind == StampKind::Consideration && view.stamp(StampKind::HandOver).is_some();
    match view.stamp(stamp.kind) {
        None if !goes_on => {
            return Err(CommandError::not_now(
                "цієї позначки ще не може бути: спершу запишіть саму дію",
                "this mark cannot be put yet: record the step itself first",
            ));
        }
        Some(standing) if !standing.from_step && !only_completes(&standing.stamp, stamp) => {
            required(&stamp.why, "впишіть, чому позначку виправлено", "write why the mark is corrected")?;
        }
        _ => {}
    }
    check(view, act, stamp)?;
    Ok(vec![event(act, view.tip(), side::STAMPED, &stamp.kind.number().to_string(), &stamp.encode())?])
}

/// Is it a step that has a mark on the sheet?
pub(super) fn is_stamped(step: &RequestCommand) -> bool {
    use RequestCommand as C;
    matches!(step, C::Register { .. } | C::HandOver { .. } | C::Ready { .. } | C::Deliver { .. })
}

/// The mark of a step of the same act. It names the step, so that both are taken back together.
pub(super) fn stamp_with(
    view: &RequestView,
    act: &Act<'_>,
    step: &[Edit],
    stamp: &Stamp,
) -> Result<Edit, CommandError> {
    check(view, act, stamp)?;
    let own = format!("e/{}", act.entry(0));
    let prev = if step.iter().any(|edit| edit.key == own) { act.entry(0).to_string() } else { view.tip().to_owned() };
    event_at(act, SECOND, &prev, side::STAMPED, &stamp.kind.number().to_string(), &stamp.encode())
}

/// Nothing that was said changes: blanks are filled.
fn only_completes(old: &Stamp, new: &Stamp) -> bool {
    let parts =
        |s: &Stamp| [&s.day, &s.person, &s.term, &s.number, &s.result_day, &s.text].map(|part| part.trim().to_owned());
    parts(old).iter().zip(&parts(new)).all(|(old, new)| old.is_empty() || old == new)
}

fn check(view: &RequestView, act: &Act<'_>, stamp: &Stamp) -> Result<(), CommandError> {
    // A day in Kyiv may have begun before the same day in universal time, and ended later.
    let (first, last) = (Act { at: view.submitted_at, ..*act }.day(-1), act.day(1));
    let past = |text: &str, uk: &str, en: &str| {
        if !is_date(text) {
            let text: String = text.chars().take(30).collect();
            return Err(CommandError::not_now(
                format!("{uk}: «{text}» — не дата; напишіть, наприклад, 21.11.2026"),
                format!("{en}: «{text}» is no date; write it as 21.11.2026"),
            ));
        }
        if text < first.as_str() || text > last.as_str() {
            return Err(CommandError::not_now(
                format!("{uk}: день має бути від подання звернення до сьогодні"),
                format!("{en}: the day has to lie between submission and today"),
            ));
        }
        Ok(())
    };
    past(&stamp.day, "дата позначки", "day of the mark")?;
    if !stamp.result_day.trim().is_empty() {
        past(&stamp.result_day, "дата результату", "day of the result")?;
    }
    if !stamp.term.trim().is_empty() && (!is_date(&stamp.term) || stamp.term < stamp.day) {
        return Err(CommandError::not_now(
            "термін розгляду: дата не раніше дня передачі, наприклад, 21.12.2026",
            "the provider's term: a day not before the hand-over, such as 21.12.2026",
        ));
    }
    if stamp.kind != StampKind::Registration {
        required(&stamp.person, "впишіть прізвище та ініціали особи", "write the person's surname and initials")?;
    }
    if stamp.kind == StampKind::Consideration && (stamp.result_day.is_empty() != stamp.text.is_empty()) {
        return Err(CommandError::not_now(
            "результат і його дата вписують разом",
            "the result and its day are written together",
        ));
    }
    Ok(())
}

pub(super) fn notify(view: &RequestView, act: &Act<'_>, way: &str, text: &str) -> Result<Vec<Edit>, CommandError> {
    at_centre(act)?;
    required(way, "виберіть, як повідомлено заявника", "choose how the applicant was told")?;
    if !WAYS.contains(&way.trim()) {
        let (way, known) = (way.chars().take(40).collect::<String>(), WAYS.join(", "));
        return Err(CommandError::not_now(
            format!("способу повідомлення «{way}» немає; є такі: {known}"),
            format!("there is no way of notice «{way}»; there are: {known}"),
        ));
    }
    Ok(vec![event(act, view.tip(), side::NOTIFIED, way.trim(), text)?])
}

pub(super) fn prolong(view: &RequestView, act: &Act<'_>, until: &str, reason: &str) -> Result<Vec<Edit>, CommandError> {
    at_centre(act)?;
    if view.state().is_decided() {
        return Err(CommandError::not_now(
            "звернення вже вирішено: строк не продовжують",
            "the request is decided: its term is not put off",
        ));
    }
    let present = view.prolonged_to().unwrap_or(view.due.text());
    if !is_date(until) || until <= present || until < act.today().as_str() {
        return Err(CommandError::not_now(
            "нова контрольна дата має бути пізніша за теперішню, наприклад, 21.12.2026",
            "the new control date has to be later than the present one, such as 21.12.2026",
        ));
    }
    required(reason, "впишіть, чому строк продовжено", "write why the term is put off")?;
    Ok(vec![event(act, view.tip(), side::PROLONGED, until, reason)?])
}

pub(super) fn not_duplicate(
    view: &RequestView,
    act: &Act<'_>,
    of: RecordId,
    reason: &str,
) -> Result<Vec<Edit>, CommandError> {
    at_centre(act)?;
    required(reason, "впишіть, за чим видно, що це різні звернення", "write how the requests are told apart")?;
    if of == view.id || view.told_apart().contains(&of) {
        return Err(CommandError::not_now(
            "це вже записано: оновіть сторінку",
            "this is written already: reload the page",
        ));
    }
    Ok(vec![event(act, view.tip(), side::NOT_DUPLICATE, &of.to_string(), reason)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{NewRequest, create_request, edit_request};
    use crate::{Document, Edit};
    use ids::{ChainId, ReceiptNumber};

    /// 2026-11-21, noon in Kyiv.
    const NOON: i64 = 1_795_255_200_000;

    struct Scene {
        document: Document,
        acts: u8,
    }

    impl Scene {
        fn new() -> Self {
            let act = Act { is_desk: false, ..Self::act("olena", 1, 0) };
            let fields =
                [Edit::new("a.last", "Гук"), Edit::new("a.first", "Семен"), Edit::new("c.text", "0123456789abcdef")];
            let new = NewRequest {
                number: ReceiptNumber::new(7, (2026, 11, 21), 1, [1; 2]).unwrap(),
                submitted_at: NOON,
                service: "subsidy",
                service_name: "Субсидія",
                release: "1",
                channel: "visit",
                officer_name: "Олена",
                suitcase: Some(7),
                offline: false,
                fields: &fields,
            };
            let (document, _) = create_request(RecordId::from_bytes([9; 16]), &act, &new).unwrap();
            Self { document, acts: 1 }
        }

        fn act(officer: &'static str, byte: u8, later: i64) -> Act<'static> {
            let actor = ChainId::from_bytes([if officer == "olena" { 1 } else { 2 }; 16]);
            Act {
                actor,
                is_desk: officer != "olena",
                officer,
                at: NOON + later,
                random: std::array::from_fn(|place| byte ^ place as u8),
            }
        }

        fn does(&mut self, who: &'static str, command: &RequestCommand) -> Result<bool, CommandError> {
            self.acts += 1;
            let act = Self::act(who, self.acts, i64::from(self.acts) * 1000);
            let is_desk = |chain| chain == ChainId::from_bytes([2; 16]);
            Ok(edit_request(&mut self.document, &is_desk, &act, command)?.is_some())
        }

        fn view(&self) -> RequestView {
            RequestView::read(&self.document, &|chain| chain == ChainId::from_bytes([2; 16]))
        }
    }

    fn hand_over(person: &str) -> Stamp {
        let (day, text) = ("2026-11-21".to_owned(), "Управління".to_owned());
        Stamp { day, text, person: person.into(), term: "2026-12-05".into(), ..Stamp::new(StampKind::HandOver) }
    }

    #[test]
    fn one_clerk_has_a_request_until_it_is_released() {
        let mut scene = Scene::new();
        assert!(scene.does("olena", &RequestCommand::Claim).is_err(), "a suitcase takes nothing");
        assert!(scene.does("ivan", &RequestCommand::Claim).unwrap());
        assert!(!scene.does("ivan", &RequestCommand::Claim).unwrap(), "once is enough");
        let told = scene.does("petro", &RequestCommand::Claim).unwrap_err();
        assert!(told.sentence().uk.contains("«ivan»"), "{told}");
        assert_eq!(scene.view().holder().unwrap().by, "ivan");
        assert!(scene.does("petro", &RequestCommand::Release { reason: " ".into() }).is_err());
        assert!(scene.does("petro", &RequestCommand::Release { reason: "відпустка".into() }).unwrap());
        assert_eq!(scene.view().holder(), None);
        assert!(scene.does("petro", &RequestCommand::Accept).unwrap());
        assert_eq!(scene.view().holder().unwrap().by, "petro", "who takes it into work has it");
    }

    #[test]
    fn marks_are_put_with_their_steps_completed_and_corrected() {
        let mut scene = Scene::new();
        let considered =
            Stamp { day: "2026-11-21".into(), person: "Бойко Т.".into(), ..Stamp::new(StampKind::Consideration) };
        let consider = RequestCommand::Stamp { stamp: considered.clone() };
        assert!(scene.does("ivan", &consider).is_err(), "nobody has handed it over");
        let step = Box::new(RequestCommand::HandOver { provider: "Управління".into() });
        let bad = Stamp { term: "2026-11-20".into(), ..hand_over("Гук С.") };
        assert!(scene.does("ivan", &RequestCommand::Stamped { step: step.clone(), stamp: bad }).is_err());
        assert!(scene.does("ivan", &RequestCommand::Stamped { step, stamp: hand_over("Гук С.") }).unwrap());
        assert_eq!(scene.view().stamp(StampKind::HandOver).unwrap().stamp, hand_over("Гук С."));
        assert!(scene.does("ivan", &consider).unwrap());
        let result =
            Stamp { result_day: "2026-11-22".into(), text: "надано".into(), number: "17".into(), ..considered };
        assert!(scene.does("ivan", &RequestCommand::Stamp { stamp: result.clone() }).unwrap(), "blanks are filled");
        let other = RequestCommand::Stamp { stamp: hand_over("Коваль П.") };
        assert!(scene.does("ivan", &other).is_err(), "a correction has a reason");
        let other = Stamp { why: "помилка в прізвищі".into(), ..hand_over("Коваль П.") };
        assert!(scene.does("ivan", &RequestCommand::Stamp { stamp: other.clone() }).unwrap());
        let stamps = scene.view().stamps();
        let kinds: Vec<_> = stamps.iter().map(|entry| (entry.stamp.kind.number(), entry.replaced)).collect();
        assert_eq!(kinds, [(2, true), (2, false), (3, true), (3, false)]);
        assert_eq!((&stamps[1].stamp, &stamps[3].stamp), (&other, &result));
    }

    #[test]
    fn a_step_taken_back_takes_its_mark_along() {
        let mut scene = Scene::new();
        let step = Box::new(RequestCommand::HandOver { provider: "Управління".into() });
        scene.does("ivan", &RequestCommand::Stamped { step, stamp: hand_over("Гук С.") }).unwrap();
        let event = scene.view().tip().to_owned();
        scene.does("ivan", &RequestCommand::Undo { event }).unwrap();
        assert_eq!(scene.view().state().text(), "accepted");
        assert!(scene.view().stamps().is_empty());
        // The step alone counts as a mark without a person.
        scene.does("ivan", &RequestCommand::HandOver { provider: "ПФУ".into() }).unwrap();
        let entry = scene.view().stamp(StampKind::HandOver).unwrap();
        assert!(entry.from_step && entry.stamp.text == "ПФУ");
        scene.does("ivan", &RequestCommand::Stamp { stamp: hand_over("Гук С.") }).unwrap();
        assert!(!scene.view().stamp(StampKind::HandOver).unwrap().from_step);
    }

    #[test]
    fn terms_are_put_off_applicants_told_and_look_alikes_told_apart() {
        let mut scene = Scene::new();
        let prolong = |until: &str| RequestCommand::Prolong { until: until.into(), reason: "запит".into() };
        assert!(scene.does("ivan", &prolong("2020-01-01")).is_err());
        assert!(scene.does("ivan", &prolong("завтра")).is_err());
        scene.does("ivan", &prolong("2026-12-30")).unwrap();
        assert!(scene.does("ivan", &prolong("2026-12-30")).is_err(), "later than the present one");
        assert_eq!(scene.view().prolonged_to(), Some("2026-12-30"));
        let notify = RequestCommand::Notify { way: "phone".into(), text: "буде вдома".into() };
        scene.does("ivan", &notify).unwrap();
        assert_eq!(scene.view().told()[0].way, "phone");
        let pigeon = RequestCommand::Notify { way: "pigeon".into(), text: "буде вдома".into() };
        assert!(scene.does("ivan", &pigeon).unwrap_err().sentence().en.contains("phone, sms"));
        let nobody = RequestCommand::HandOver { provider: " ".into() };
        assert!(scene.does("ivan", &nobody).unwrap_err().sentence().uk.contains("кому"));
        assert_eq!(scene.view().state().text(), "accepted");
        let other = RecordId::from_bytes([8; 16]);
        let apart = |reason: &str| RequestCommand::NotDuplicate { of: other, reason: reason.into() };
        assert!(scene.does("ivan", &apart("")).is_err());
        scene.does("ivan", &apart("різні роки")).unwrap();
        assert!(scene.view().told_apart().contains(&other));
        scene.does("ivan", &RequestCommand::Register { number: "0001/2026".into() }).unwrap();
        assert!(scene.view().registered_at().is_some());
        assert_eq!(scene.view().decided_at(), None);
        scene.does("ivan", &RequestCommand::Ready { text: String::new() }).unwrap();
        assert!(scene.view().decided_at().is_some());
    }
}
