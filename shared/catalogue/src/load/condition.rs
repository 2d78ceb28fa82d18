//! Conditions, and whether they ask about what the form has.

use super::Place;
use crate::condition::Condition;
use crate::fees::FeeRule;
use crate::field::{Field, FieldType};
use crate::service::Service;
use crate::source;

/// Conditions inside each other.
const DEPTH: usize = 4;

pub(super) fn condition(at: Place<'_>, given: source::Condition) -> Option<Condition> {
    let read = nested(&given, DEPTH);
    if read.is_none() {
        at.wrong(
            ["умова жодного виду або двох", "a condition of no kind, or of two"],
            [
                "Дайте field і in, representative, age_from, age_below, fee_due або all",
                "Give field and in, representative, age_from, age_below, fee_due or all",
            ],
        );
    }
    read
}

fn nested(given: &source::Condition, depth: usize) -> Option<Condition> {
    let source::Condition { field, values, representative, age_from, age_below, fee_due, all } = given;
    let kinds = [
        field.is_some() || values.is_some(),
        representative.is_some(),
        age_from.is_some(),
        age_below.is_some(),
        fee_due.is_some(),
        all.is_some(),
    ];
    if kinds.iter().filter(|given| **given).count() != 1 || depth == 0 {
        return None;
    }
    match (field, values, representative, age_from, age_below, fee_due, all) {
        (Some(field), Some(values), ..) if !values.is_empty() => {
            Some(Condition::Answer { field: field.clone(), values: values.clone() })
        }
        (_, _, Some(true), ..) => Some(Condition::Representative),
        (_, _, _, Some(years), ..) => Some(Condition::AgeFrom(*years)),
        (_, _, _, _, Some(years), ..) => Some(Condition::AgeBelow(*years)),
        (_, _, _, _, _, Some(true), _) => Some(Condition::FeeDue),
        (.., Some(all)) if !all.is_empty() => {
            Some(Condition::All(all.iter().map(|one| nested(one, depth - 1)).collect::<Option<_>>()?))
        }
        _ => None,
    }
}

/// Every condition asks about a field of the form and values it can have; a field only about fields before it.
pub(super) fn conditions_fit(at: Place<'_>, service: &Service) {
    for (position, field) in service.fields.iter().enumerate() {
        condition_fits(at.field(&field.id), field.show_if.as_ref(), &service.fields[..position]);
    }
    for paper in &service.papers {
        condition_fits(at.field(&paper.id), paper.when.as_ref(), &service.fields);
    }
    let fee_at = at.field("fee");
    for one in &service.fee.exempt {
        condition_fits(fee_at, one.condition.as_ref(), &service.fields);
    }
    if let FeeRule::Charged { variants, surcharges, .. } = &service.fee.rule {
        for one in variants.iter().chain(surcharges) {
            condition_fits(fee_at, one.condition.as_ref(), &service.fields);
        }
    }
    for one in &service.term.variants {
        condition_fits(at.field("term"), one.condition.as_ref(), &service.fields);
    }
}

fn condition_fits(at: Place<'_>, condition: Option<&Condition>, fields: &[Field]) {
    for (field, value) in condition.map(Condition::answers_named).unwrap_or_default() {
        let Some(asked) = fields.iter().find(|one| one.id == field) else {
            at.wrong(
                [
                    format!("умова на «{field}», про яке до цього не питають"),
                    format!("a condition on “{field}”, which is not asked before"),
                ],
                ["Назвіть поле цієї форми, що стоїть раніше", "Name a field of this form that stands before"],
            );
            continue;
        };
        let possible = match &asked.kind {
            FieldType::YesNo => matches!(value, "yes" | "no"),
            kind => kind.options().iter().any(|option| option.value == value),
        };
        if !possible {
            at.wrong(
                [format!("«{field}» не може бути «{value}»"), format!("“{field}” cannot be “{value}”")],
                ["Назвіть один із варіантів цього поля", "Name one of its options"],
            );
        }
    }
}
