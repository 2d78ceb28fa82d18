//! The desk's keys on the page «Захист»: where they stand, new ones with the kit's words, and the end of the old ones,
//! which nobody takes back and a tick confirms.

use super::super::ask::{Answer, Ask};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, protection};
use crate::app::{DeskError, Rotation};
use ::pages::format::date;
use ::pages::{Field, Notice, Texts, Tone};
use clock::Time;

/// Where the keys stand, and how to go on.
pub(super) fn parts(t: Texts, rotation: &Rotation) -> Vec<Part> {
    let mut all = vec![Part::Heading(t.text("rotation-title"))];
    let Some(state) = &rotation.under_way else {
        let said = match &rotation.destroyed {
            Some((by, at)) => t.say("rotation-done", &[("day", date(Time(*at)).into()), ("by", by.clone().into())]),
            None => t.text("rotation-never"),
        };
        all.push(Part::Notice(Notice::new(Tone::Ok, said)));
        all.push(Part::Words(t.text("rotation-words")));
        all.push(Part::Words(t.text("rotation-begin")));
        all.extend(in_backups(t, rotation));
        all.push(Part::Form(Form {
            to: "/protection/keys/begin".into(),
            fields: vec![Field::lines(t, "kit", t.text("drill-24")).hint(t.text("drill-hint"))],
            button: t.text("rotation-begin-button"),
            tone: "",
        }));
        return all;
    };
    let said = [("day", date(Time(state.begun)).into()), ("by", state.by.clone().into())];
    all.push(Part::Notice(Notice::new(Tone::Wait, t.say("rotation-under-way", &said))));
    let left = [("facts", state.facts_left.into()), ("keys", state.keys_left.into()), ("unsent", state.unsent.into())];
    all.push(Part::Words(t.say("rotation-left", &left)));
    let list = |numbers: Vec<u16>| numbers.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let (waits, expired) = (list(rotation.waits_for()), list(rotation.expired()));
    all.push(Part::Words(match waits.is_empty() {
        true => t.text("rotation-all-know"),
        false => t.with("rotation-waits", "numbers", waits.clone()),
    }));
    all.extend((!expired.is_empty()).then(|| Part::Words(t.with("rotation-expired", "numbers", expired))));
    all.extend(in_backups(t, rotation));
    all.push(Part::Words(t.text("rotation-finish")));
    let without = Field::text(t, "without", t.text("rotation-without")).hint(t.text("rotation-without-hint"));
    let mut fields: Vec<Field> = (!waits.is_empty()).then(|| without.wide(20)).into_iter().collect();
    fields.push(Field::check(t, "sure", t.text("rotation-sure"), false).hint(t.text("rotation-sure-hint")));
    let to = "/protection/keys/finish".into();
    all.push(Part::Form(Form { to, fields, button: t.text("rotation-finish-button"), tone: "button-stop" }));
    all
}

fn in_backups(t: Texts, rotation: &Rotation) -> Option<Part> {
    let places = rotation.backups.join(", ");
    (!places.is_empty()).then(|| Part::Words(t.with("rotation-backups", "places", places)))
}

/// New keys. The words are shown nowhere again, whatever comes of it.
pub(crate) async fn begin(ask: Ask, typed: Typed) -> Answer {
    match ask.work(move |desk, by| desk.begin_rotation(by, &typed.secret("kit"))).await {
        Ok(_) => Ok(go_to("/protection?done=begun")),
        Err(error) => protection::shown(&ask, Some(error)).await,
    }
}

/// The old keys are destroyed.
pub(crate) async fn finish(ask: Ask, typed: Typed) -> Answer {
    let done = ask.work(move |desk, by| {
        let without = numbers(&typed.get("without"))?;
        if typed.get("sure") != "yes" {
            return Err(DeskError::refused(
                "поставте позначку, що старі ключі справді знищити: їх не повернути",
                "tick that the old keys are to be destroyed: they do not come back",
            ));
        }
        desk.finish_rotation(by, &without)
    });
    match done.await {
        Ok(_) => Ok(go_to("/protection?done=destroyed")),
        Err(error) => protection::shown(&ask, Some(error)).await,
    }
}

/// Numbers of suitcases as people write them: with commas, spaces or both.
fn numbers(text: &str) -> Result<Vec<u16>, DeskError> {
    let parts = text.split([',', ' ', ';', '\n']).filter(|part| !part.is_empty());
    parts.map(|part| part.parse()).collect::<Result<_, _>>().map_err(|_| {
        DeskError::refused(
            "впишіть номери валіз цифрами через кому, наприклад: 7, 12",
            "write the suitcases' numbers in digits with commas between, such as 7, 12",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(numbers(" 7, 12;13 ").unwrap(), [7, 12, 13]);
        assert_eq!(numbers("").unwrap(), [0_u16; 0]);
        for wrong in ["сім", "7-9", "70000", "-1"] {
            assert!(numbers(wrong).unwrap_err().sentence.uk.contains("через кому"), "{wrong}");
        }
    }
}
