//! Laptops that go on under a new chain: an alarm that says what to do, and the two answers.

use super::super::ask::{Answer, Ask};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part};
use crate::app::{Desk, DeskError, UnconfirmedRow};
use ::pages::format::date_time;
use ::pages::{Field, Texts};
use clock::Time;
use ids::ChainId;

/// Those that wait for a person, each with what is known and with the two answers.
pub(super) fn waiting(t: Texts, rows: &[UnconfirmedRow]) -> Vec<Part> {
    let mut all = Vec::new();
    for row in rows {
        let said = [("number", row.number.into()), ("name", row.name.clone().into())];
        let late = row.reason.is_none();
        all.push(Part::Heading(t.say(if late { "continue-late-title" } else { "continue-title" }, &said)));
        all.push(Part::Words(t.text(match () {
            () if late => "continue-late",
            () if row.is_doubled() => "continue-doubled",
            () if row.number_taken => "continue-taken",
            () => "continue-restored",
        })));
        if row.is_doubled() && row.number_taken {
            all.push(Part::Words(t.text("continue-taken")));
        }
        let heard = row.heard_at.map_or_else(|| t.text("never-heard"), |at| date_time(Time(at)));
        let facts = [("at", date_time(Time(row.at)).into()), ("heard", heard.into()), ("n", row.entries.into())];
        all.push(Part::Words(t.say("continue-facts", &facts)));
        let ask = if late { "ask-late" } else { "ask" };
        all.push(Part::Steps([ask, "same", "other"].map(|step| t.text(&format!("continue-step-{step}"))).into()));
        all.push(Part::Buttons(vec![Form {
            to: format!("/suitcases/continue/{}/confirm", row.chain),
            fields: Vec::new(),
            button: t.with("continue-confirm", "number", row.number),
            tone: "button-primary",
        }]));
        all.push(Part::Form(Form {
            to: format!("/suitcases/continue/{}/decline", row.chain),
            fields: vec![Field::text(t, "reason", t.text("continue-reason"))],
            button: t.text("continue-decline"),
            tone: "button-stop",
        }));
    }
    all
}

fn chain(ask: &Ask) -> Result<ChainId, DeskError> {
    ask.param("chain").parse().map_err(|_| super::suitcases::no_such())
}

/// It is the same laptop.
pub(crate) async fn confirm(ask: Ask) -> Answer {
    let chain = chain(&ask);
    ask.get(move |desk: &Desk, by: &str| desk.confirm_rebirth(by, chain?)).await?;
    Ok(go_to("/suitcases?done=confirm"))
}

/// It is not.
pub(crate) async fn decline(ask: Ask, typed: Typed) -> Answer {
    let (chain, reason) = (chain(&ask), typed.get("reason"));
    ask.get(move |desk: &Desk, by: &str| desk.decline_rebirth(by, chain?, &reason)).await?;
    Ok(go_to("/suitcases?done=decline"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::PHRASES;
    use ::pages::Lang;
    use chain::Reason;

    #[test]
    fn of_a_number_that_another_laptop_has_it_is_said_so() {
        let t = Texts::with_own(Lang::Uk, &PHRASES);
        let row = |number_taken, before_heard_at| UnconfirmedRow {
            chain: ChainId::from_random([7; 16]),
            number: 7,
            name: "Ноутбук 7".into(),
            reason: Some(Reason::Continued),
            at: 1,
            heard_at: None,
            entries: 3,
            begun_at: Some(5),
            before_heard_at,
            number_taken,
        };
        let said = |row| {
            let parts = waiting(t, &[row]);
            let words = parts.iter().filter_map(|part| match part {
                Part::Words(words) => Some(words.as_str()),
                _ => None,
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let (restored, taken) = ("відновлено зі старої копії", "вже підтверджено за іншим ноутбуком");
        assert!(said(row(false, None)).contains(restored) && !said(row(false, None)).contains(taken));
        assert!(said(row(true, None)).contains(taken) && !said(row(true, None)).contains(restored));
        let both = said(row(true, Some(9)));
        assert!(both.contains("Тривога") && both.contains(taken), "{both}");
    }
}
