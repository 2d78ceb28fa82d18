//! What a clerk does with a request.

use super::accounts::Rank;
use super::claims::Known;
use super::{Desk, DeskError};
use ids::RecordId;
use peer::{Act, PeerError};
use records::commands::{RequestCommand, edit_request};
use records::view::{Claim, RequestView};
use records::{Stamp, Value};

/// One answer of the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Takes it into work.
    Accept,
    /// Gives it its number in the journal, once; `None` takes the next free one of the year.
    Number(Option<String>),
    /// Passes it to the provider.
    HandOver {
        /// To whom.
        provider: String,
    },
    /// Asks the applicant.
    Ask {
        /// What for.
        text: String,
    },
    /// What was asked for has come.
    Supplement {
        /// What.
        text: String,
    },
    /// Refuses.
    Refuse {
        /// The ground.
        ground: String,
    },
    /// The result is ready.
    Ready {
        /// What it is, where it lies.
        text: String,
    },
    /// The applicant has the result.
    HandedOver {
        /// How, to whom.
        text: String,
    },
    /// The applicant withdraws.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// It repeats another request.
    Duplicate {
        /// The other's number.
        of: String,
    },
    /// A closed request is taken up again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// A note.
    Note {
        /// Its text.
        text: String,
    },
    /// Chooses among the values of a field in which people differ.
    Resolve {
        /// The field.
        key: String,
        /// Which of the values that [`super::PersonChoice`] lists, by its mark.
        choice: String,
        /// Why.
        reason: String,
    },
    /// Writes another value than those in which people differ.
    ResolveOther {
        /// The field.
        key: String,
        /// The value, as it is typed.
        text: String,
        /// Why.
        reason: String,
    },
    /// Chooses among decisions taken without seeing each other.
    Settle {
        /// The event that shall stand.
        event: String,
        /// Why.
        reason: String,
    },
    /// Takes it; refused while another clerk has it.
    Claim,
    /// Gives it back.
    Release {
        /// Why; required of anybody but who has it.
        reason: String,
    },
    /// A mark of the routing sheet by itself: completed or corrected.
    Stamp {
        /// The mark.
        stamp: Stamp,
    },
    /// An answer together with its mark of the routing sheet.
    Stamped {
        /// The answer.
        answer: Box<Answer>,
        /// The mark.
        stamp: Stamp,
    },
    /// The applicant was told.
    Notify {
        /// How: `phone`, `post`, `email`, `person`.
        way: String,
        /// What was said; may be empty.
        text: String,
    },
    /// Puts the control date off.
    Prolong {
        /// To this day, `YYYY-MM-DD`.
        until: String,
        /// Why.
        reason: String,
    },
    /// Settles the fee, which the catalogue does not know or from which somebody is exempt.
    Fee {
        /// Hryvnias as they are typed; `0`, `free` and «безоплатно» for nothing.
        amount: String,
        /// By which decision, rule or document.
        basis: String,
    },
    /// It does not repeat another request.
    NotDuplicate {
        /// The other's number.
        of: String,
        /// How that was established.
        reason: String,
    },
    /// Takes the own last step back, within ten minutes.
    Undo {
        /// The step's event, as the page showed it: nothing else is taken back.
        event: String,
    },
}

impl Answer {
    /// Does it change what who has the request works on? To take it, to take it from somebody (that has its own
    /// reason) and to note something do not.
    const fn is_a_change(&self) -> bool {
        !matches!(self, Self::Claim | Self::Release { .. } | Self::Note { .. })
    }
}

impl Desk {
    /// Answers the request with this number, on the опис or in the journal. `false` if nothing changed by it.
    /// What a colleague has is not changed: [`ErrorKind::Held`](super::ErrorKind::Held) tells who, and
    /// [`Desk::answer_despite`] changes it all the same.
    pub fn answer(&self, by: &str, number: &str, answer: Answer) -> Result<bool, DeskError> {
        self.answer_despite(by, number, answer, "")
    }

    /// As [`Desk::answer`], also if a colleague has the request: the claim with this [`Hold::mark`](super::Hold::mark)
    /// is known to who answers. Another claim than that one is told of again.
    pub fn answer_despite(&self, by: &str, number: &str, answer: Answer, despite: &str) -> Result<bool, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let record = self.request_of(number)?;
        let known = Known::new(by, despite, answer.is_a_change());
        if let Answer::Number(given) = answer {
            return self.give_number(by, record, given, known).map(|_| true);
        }
        let command = self.command_for(record, answer)?;
        let done = self.act_as(by, move |act| match known.unknown_hold(act, record)? {
            Some(claim) => Ok(Err(claim)),
            None => carry_out(act, record, &command).map(Ok),
        })?;
        done.map_err(|claim| self.held(&claim))
    }

    /// The record of a number on the опис or in the journal.
    pub(crate) fn request_of(&self, number: &str) -> Result<RecordId, DeskError> {
        let number = number.trim();
        let upper = number.to_uppercase();
        let found = self.peer.read(|view| {
            let by_id = match number.parse() {
                Ok(id) => view.row(id)?,
                Err(_) => None,
            };
            let row = match by_id {
                Some(row) => Some(row),
                None => view.by_number(number)?,
            };
            let row = match row {
                Some(row) => Some(row),
                None => view.by_number(&upper)?,
            };
            Ok(row.filter(|row| row.kind == records::Kind::Request).map(|row| row.record))
        })?;
        if found.is_none() && self.erased_numbers()?.contains_key(&upper) {
            return Err(DeskError::not_found(
                format!(
                    "звернення «{upper}» було, і номер використано, а його дані стерто за розпорядженням: тут їх більше немає"
                ),
                format!(
                    "there was a request «{upper}» and its number is used; its data were erased by order and are not here any more"
                ),
            ));
        }
        if found.is_none() && self.waits_aside(&upper)? {
            return Err(DeskError::not_found(
                format!(
                    "записи звернення «{upper}» чекають у карантині: вирішіть на сторінці «Карантин» або командою quarantine"
                ),
                format!(
                    "entries of the request «{upper}» wait in quarantine: decide on the page «Карантин» or with quarantine"
                ),
            ));
        }
        found.ok_or_else(|| {
            let number: String = number.chars().take(40).collect();
            DeskError::not_found(
                format!("звернення «{number}» тут немає: перевірте номер; можливо, валіза ще не передала його"),
                format!("no request «{number}» here: check the number; its suitcase may not have sent it yet"),
            )
        })
    }

    fn command_for(&self, record: RecordId, answer: Answer) -> Result<RequestCommand, DeskError> {
        Ok(match answer {
            Answer::Accept => RequestCommand::Accept,
            Answer::Claim => RequestCommand::Claim,
            Answer::Release { reason } => RequestCommand::Release { reason },
            Answer::Stamp { stamp } => RequestCommand::Stamp { stamp },
            Answer::Notify { way, text } => RequestCommand::Notify { way, text },
            Answer::Prolong { until, reason } => RequestCommand::Prolong { until, reason },
            Answer::Fee { amount, basis } => self.fee(record, &amount, basis)?,
            Answer::NotDuplicate { of, reason } => RequestCommand::NotDuplicate { of: self.request_of(&of)?, reason },
            Answer::Undo { event } => RequestCommand::Undo { event },
            Answer::Number(number) => RequestCommand::Register { number: number.unwrap_or_default() },
            Answer::Stamped { answer, stamp } => {
                let step = Box::new(self.command_for(record, *answer)?);
                RequestCommand::Stamped { step, stamp }
            }
            Answer::ResolveOther { key, text, reason } => {
                let value = self.value_typed(record, &key, &text)?;
                RequestCommand::Resolve { key, value, reason }
            }
            Answer::HandOver { provider } => RequestCommand::HandOver { provider },
            Answer::Ask { text } => RequestCommand::Ask { text },
            Answer::Supplement { text } => RequestCommand::Supplement { fields: Vec::new(), text },
            Answer::Refuse { ground } => RequestCommand::Refuse { ground },
            Answer::Ready { text } => RequestCommand::Ready { text },
            Answer::HandedOver { text } => RequestCommand::Deliver { text },
            Answer::Withdraw { reason } => RequestCommand::Withdraw { reason },
            Answer::Duplicate { of } => RequestCommand::Duplicate { of: self.request_of(&of)? },
            Answer::Reopen { reason } => RequestCommand::Reopen { reason },
            Answer::Note { text } => RequestCommand::Note { text },
            Answer::Settle { event, reason } => RequestCommand::Settle { event, reason },
            Answer::Resolve { key, choice, reason } => {
                let value = self.value_of_choice(record, &key, &choice)?;
                RequestCommand::Resolve { key, value, reason }
            }
        })
    }

    /// The fee over the one that stands, if people agree about that one; else it is chosen among theirs.
    fn fee(&self, record: RecordId, amount: &str, basis: String) -> Result<RequestCommand, DeskError> {
        let view = self.view_of(record)?;
        if view.fee.differs() {
            return Err(DeskError::refused(
                "про плату записано різне: оберіть серед записаного або впишіть інше там",
                "people wrote different fees: choose among them, or write another one there",
            ));
        }
        let amount = amount.trim();
        let free = matches!(amount.to_lowercase().as_str(), "free" | "безоплатно");
        let kopiykas = if free { Some(0) } else { kopiykas(amount) };
        let kopiykas = kopiykas.ok_or_else(|| {
            DeskError::refused(
                "впишіть суму в гривнях, наприклад 83,20, або виберіть «безоплатно»",
                "write the sum in hryvnias, as 83,20, or choose «free of charge»",
            )
        })?;
        if basis.trim().is_empty() {
            return Err(DeskError::refused(
                "впишіть підставу плати: рішення, норму або документ про пільгу",
                "write the ground of the fee: a decision, a rule or a document of an exemption",
            ));
        }
        if view.fee.int() == Some(kopiykas) && view.fee_is_settled() {
            return Err(DeskError::refused(
                "саме таку плату вже записано: підставу допишіть нотаткою",
                "this very fee is written already: add its ground as a note",
            ));
        }
        Ok(RequestCommand::Correct { fields: vec![records::Edit::new("fee", kopiykas)], reason: basis })
    }

    fn value_of_choice(&self, record: RecordId, key: &str, choice: &str) -> Result<Value, DeskError> {
        let view = self.view_of(record)?;
        let differences = view.differences.iter().filter(|difference| difference.key == key);
        let mut values = differences.flat_map(|difference| &difference.values);
        let value = values.find(|written| written.value.mark() == choice).map(|written| written.value.clone());
        value.ok_or_else(|| {
            DeskError::refused(
                "такого значення серед розбіжностей уже немає: оновіть сторінку",
                "there is no such value among the differences any more: reload the page",
            )
        })
    }

    /// A value that a person typed in place of those that differ, in the shape that the field has.
    fn value_typed(&self, record: RecordId, key: &str, text: &str) -> Result<Value, DeskError> {
        let view = self.view_of(record)?;
        let text = text.trim();
        let held = view.registers.get(key).and_then(|register| register.value());
        let value = match held {
            Some(Value::Int(_)) if key == "fee" => kopiykas(text).map(Value::Int),
            Some(Value::Int(_)) => text.parse().ok().map(Value::Int),
            Some(Value::Bool(_)) => match text.to_lowercase().as_str() {
                "так" | "yes" => Some(Value::Bool(true)),
                "ні" | "no" => Some(Value::Bool(false)),
                _ => None,
            },
            _ if text.is_empty() => None,
            _ => Some(Value::Text(civil(text).unwrap_or_else(|| text.to_owned()))),
        };
        value
            .filter(|value| records::schema::field(records::Kind::Request, key).is_some_and(|f| f.holds(value)))
            .ok_or_else(|| {
                DeskError::refused(
                    "інше значення порожнє, задовге або не підходить цьому полю: впишіть його так, як показано поруч",
                    "the other value is empty, too long or not what this field holds: write it as those beside it",
                )
            })
    }

    /// A request as it reads now.
    pub(crate) fn view_of(&self, record: RecordId) -> Result<RequestView, DeskError> {
        let register = self.peer.register()?;
        let document = self.peer.read(|view| view.document(record))?;
        Ok(RequestView::read(&document, &|chain| register.is_case(chain)))
    }

    /// Gives the journal number. Another request's number is refused; without one the next free of the year is taken.
    fn give_number(
        &self,
        by: &str,
        record: RecordId,
        given: Option<String>,
        known: Known,
    ) -> Result<String, DeskError> {
        let given = given.map(|number| number.trim().to_owned()).filter(|number| !number.is_empty());
        let year = self.today().get(..4).unwrap_or("2000").to_owned();
        let given_out = self.act_as(by, move |act| {
            if let Some(claim) = known.unknown_hold(act, record)? {
                return Ok(Err(NotGiven::Held(claim)));
            }
            // Within the act: nobody else takes the number between the look and the entry.
            let number = match given {
                Some(number) if is_anothers(act, record, &number)? => return Ok(Err(NotGiven::Taken(number))),
                Some(number) => number,
                None => next_number(act, &year)?,
            };
            carry_out(act, record, &RequestCommand::Register { number: number.clone() })?;
            Ok(Ok(number))
        })?;
        given_out.map_err(|why| match why {
            NotGiven::Held(claim) => self.held(&claim),
            NotGiven::Taken(number) => DeskError::refused(
                format!("номер «{number}» уже має інше звернення: візьміть інший"),
                format!("another request has the number «{number}»: take another"),
            ),
        })
    }
}

/// Why a number of the journal was not given.
enum NotGiven {
    Held(Claim),
    Taken(String),
}

/// 21.11.2026 as records keep it, if it is a day in that form.
fn civil(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let [day, month, year] = parts[..] else { return None };
    let kept = format!("{year}-{month:0>2}-{day:0>2}");
    records::fields::is_date(&kept).then_some(kept)
}

/// «34,50» in kopiykas.
fn kopiykas(text: &str) -> Option<i64> {
    let text: String = text.trim_end_matches("грн").chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, part) = text.split_once([',', '.']).unwrap_or((&text, ""));
    if !whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok().filter(|_| part.len() <= 2)?;
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(100)?.checked_add(part)
}

fn carry_out(act: &mut Act<'_>, record: RecordId, command: &RequestCommand) -> Result<bool, PeerError> {
    act.command(record, |document, is_desk, who| edit_request(document, is_desk, who, command))
}

/// True if a record other than this one has the number, on the опис or in the journal.
fn is_anothers(act: &Act<'_>, record: RecordId, number: &str) -> Result<bool, PeerError> {
    if !act.is_number_taken(number)? {
        return Ok(false);
    }
    let view = RequestView::read(&act.document(record)?, &|chain| act.register().is_case(chain));
    Ok(view.number != number && view.official.text() != number)
}

/// `0001/2026` and so on; a number that a person gave by hand is passed over.
fn next_number(act: &Act<'_>, year: &str) -> Result<String, PeerError> {
    let name = format!("journal {year}");
    let last = act.value(&name)?.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
    let mut next = last + 1;
    loop {
        let number = format!("{next:04}/{year}");
        if !act.is_number_taken(&number)? {
            act.put_value(&name, &next.to_be_bytes())?;
            return Ok(number);
        }
        next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ErrorKind, testing};
    use super::*;

    #[test]
    fn a_request_goes_its_way_and_the_suitcase_reads_it() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let desk = &town.desk;
        let state = || desk.view_of(desk.request_of(&number).unwrap()).unwrap().state().text();
        assert!(desk.answer("admin", &number, Answer::Accept).unwrap());
        assert_eq!(state(), "in_work");
        let again = desk.answer("admin", &number, Answer::Accept).unwrap_err();
        assert!(again.sentence.uk.contains("неможлива"), "{again}");
        let empty = desk.answer("admin", &number, Answer::Refuse { ground: " ".into() }).unwrap_err();
        assert_eq!(empty.kind, ErrorKind::Refused);
        desk.answer("admin", &number, Answer::HandOver { provider: "ПФУ".into() }).unwrap();
        desk.answer("admin", &number, Answer::Ready { text: "довідка".into() }).unwrap();
        assert_eq!(state(), "ready");
        town.carry_down(&suitcase);
        assert_eq!(suitcase.state_of(&number), "ready");
        desk.answer("admin", &number, Answer::HandedOver { text: "особисто".into() }).unwrap();
        assert_eq!(state(), "delivered");
        let unknown = desk.answer("admin", "7-000000-000-XXX", Answer::Accept).unwrap_err();
        assert_eq!(unknown.kind, ErrorKind::NotFound);
        let nobody = desk.answer("nobody", &number, Answer::Accept).unwrap_err();
        assert_eq!(nobody.kind, ErrorKind::NotAllowed);
    }

    #[test]
    fn a_fee_is_settled_with_its_ground_and_stands_in_the_journal() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let fee = |amount: &str, basis: &str| {
            town.desk.answer("admin", &number, Answer::Fee { amount: amount.into(), basis: basis.into() })
        };
        for (amount, basis, why) in [
            ("", "рішення ради", "впишіть суму"),
            ("-5", "рішення ради", "впишіть суму"),
            ("83,20", " ", "впишіть підставу"),
            ("1000000,01", "рішення ради", "такої плати не буває"),
        ] {
            let refused = fee(amount, basis).unwrap_err();
            assert!(refused.sentence.uk.contains(why), "{amount}: {refused}");
        }
        fee("83,20", "рішення ради № 7").unwrap();
        let stands = || town.desk.view_of(town.desk.request_of(&number).unwrap()).unwrap().fee.int();
        assert_eq!(stands(), Some(8_320));
        assert!(fee("83,2", "ще раз").unwrap_err().sentence.uk.contains("вже записано"));
        town.clock.advance(std::time::Duration::from_secs(60));
        fee("безоплатно", "посвідчення УБД").unwrap();
        town.desk.answer("admin", &number, Answer::Number(None)).unwrap();
        let query = super::super::JournalQuery::default();
        let rows = town.desk.journal("admin", &query, super::super::How::Journal).unwrap().rows;
        assert_eq!(rows[0].fee, Some(0));
        let page = town.desk.request("admin", &number).unwrap();
        let settled = page.timeline.iter().filter(|moment| moment.code == "corrected" && moment.about == "fee");
        let said: Vec<&str> = settled.map(|moment| moment.text.as_str()).collect();
        assert_eq!(said, ["рішення ради № 7", "посвідчення УБД"]);
        let traces = town.desk.traces("admin", &super::super::TraceQuery { size: 50, ..Default::default() }).unwrap();
        assert_eq!(traces.rows.iter().filter(|row| row.trace.what == "corrected").count(), 2);
        town.carry_down(&suitcase);
        assert_eq!(suitcase.view(&number).fee.int(), Some(0), "the suitcase has it, too");
    }

    #[test]
    fn a_sum_is_digits_with_one_point() {
        for (text, kept) in [("34", 3400), ("34,5", 3450), ("34.05 грн", 3405), ("1 200,00", 120_000)] {
            assert_eq!(kopiykas(text), Some(kept), "{text}");
        }
        for text in ["34,-5", "-34", "+34", "34,505", "34,5,5", "", ",5", "9223372036854775807"] {
            assert_eq!(kopiykas(text), None, "{text}");
        }
    }

    #[test]
    fn journal_numbers_are_given_once_and_in_order() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let numbers: Vec<String> = ["Ганна", "Петро", "Іван"].map(|name| suitcase.record("Коваль", name)).into();
        town.carry_up(&suitcase);
        let desk = &town.desk;
        desk.answer("admin", &numbers[0], Answer::Number(None)).unwrap();
        desk.answer("admin", &numbers[1], Answer::Number(Some("0002/2026".into()))).unwrap();
        let taken = desk.answer("admin", &numbers[2], Answer::Number(Some("0001/2026".into()))).unwrap_err();
        assert!(taken.sentence.en.contains("another request"), "{taken}");
        desk.answer("admin", &numbers[2], Answer::Number(None)).unwrap();
        let twice = desk.answer("admin", &numbers[0], Answer::Number(None)).unwrap_err();
        assert!(twice.sentence.en.contains("journal number already"), "{twice}");
        let official = |number| desk.view_of(desk.request_of(number).unwrap()).unwrap().official.text().to_owned();
        assert_eq!(official(&numbers[2]), "0003/2026");
        assert_eq!(desk.request_of("0003/2026").unwrap(), desk.request_of(&numbers[2]).unwrap());
    }

    #[test]
    fn of_two_clerks_who_give_one_number_at_once_one_is_refused() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let numbers: Vec<String> = (0..16).map(|_| suitcase.record("Коваль", "Ганна")).collect();
        town.carry_up(&suitcase);
        let (desk, start) = (&town.desk, &std::sync::Barrier::new(2));
        for (at, pair) in numbers.chunks(2).enumerate() {
            let give = |number: &str| {
                start.wait();
                desk.answer("admin", number, Answer::Number(Some(format!("Г-{at}")))).is_ok()
            };
            let given = std::thread::scope(|scope| {
                let both = [scope.spawn(|| give(&pair[0])), scope.spawn(|| give(&pair[1]))];
                both.map(|one| one.join().unwrap())
            });
            assert_eq!(given.iter().filter(|given| **given).count(), 1, "{at}: {given:?}");
        }
    }

    #[test]
    fn the_number_on_a_requests_own_receipt_may_be_its_journal_number() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let (one, other) = (suitcase.record("Коваль", "Ганна"), suitcase.record("Шевчук", "Петро"));
        town.carry_up(&suitcase);
        let anothers = town.desk.answer("admin", &one, Answer::Number(Some(other.clone()))).unwrap_err();
        assert!(anothers.sentence.en.contains("another request"), "{anothers}");
        town.desk.answer("admin", &one, Answer::Number(Some(one.clone()))).unwrap();
    }
}
