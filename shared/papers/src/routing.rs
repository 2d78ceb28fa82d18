//! The routing sheet, from the marks of a case.

use crate::case::{Case, day};
use pages::{ConsideredStamp, DeliveredStamp, HandedOverStamp, RegisteredStamp, ReturnedStamp, RoutingSheet};
use records::{Stamp, StampKind};

/// The five stamps; what nobody has put yet is empty, to be filled by hand.
pub fn of(case: &Case<'_>) -> RoutingSheet {
    let view = case.view;
    let stamp = |kind| view.stamp(kind).map_or_else(|| Stamp::new(kind), |entry| entry.stamp);
    let registered = stamp(StampKind::Registration);
    let handed_over = stamp(StampKind::HandOver);
    let considered = stamp(StampKind::Consideration);
    let returned = stamp(StampKind::Return);
    let delivered = stamp(StampKind::Receipt);
    let number = if considered.number.is_empty() { String::new() } else { format!("№ {}", considered.number) };
    RoutingSheet {
        number: view.number.clone(),
        official: view.official.text().to_owned(),
        centre: case.centre.name.clone(),
        applicant: match view.applicant.full_name() {
            name if name.is_empty() => view.registers.text("a.orgname").to_owned(),
            name => name,
        },
        service: case.service(),
        provider: case.provider(),
        due: day(view.prolonged_to().unwrap_or(view.due.text())),
        code: case.code.to_owned(),
        code_note: case.code_note(),
        registered: RegisteredStamp {
            date: day(&registered.day),
            number: if registered.number.is_empty() { view.official.text().to_owned() } else { registered.number },
            administrator: registered.person,
        },
        handed_over: HandedOverStamp {
            date: day(&handed_over.day),
            term: day(&handed_over.term),
            person: handed_over.person,
        },
        considered: ConsideredStamp {
            received: day(&considered.day),
            executor: considered.person,
            decided: [day(&considered.result_day), number].join(" ").trim().to_owned(),
            result: considered.text,
        },
        returned: ReturnedStamp { date: day(&returned.day), administrator: returned.person },
        delivered: DeliveredStamp { date: day(&delivered.day), person: delivered.person },
    }
}
