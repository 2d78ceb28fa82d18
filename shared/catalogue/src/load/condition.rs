//! Conditions, and whether they ask about what the form has.

use super::{LoadError, Place};
use crate::condition::Condition;
use crate::fees::FeeRule;
use crate::field::{Field, FieldType};
use crate::service::Service;
use crate::source;

pub(super) fn condition(at: Place<'_>, given: source::Condition) -> Result<Condition, LoadError> {
    let wrong = || {
        at.wrong(
            "a condition of no kind, or of two",
            "Give field and in, representative, age_from, age_below, fee_due or all",
        )
    };
    Ok(match given {
        source::Condition {
            field: Some(field),
            values: Some(values),
            representative: None,
            age_from: None,
            age_below: None,
            fee_due: None,
            all: None,
        } if !values.is_empty() => Condition::Answer { field, values },
        source::Condition { field: None, values: None, representative, age_from, age_below, fee_due, all } => {
            match (representative, age_from, age_below, fee_due, all) {
                (Some(true), None, None, None, None) => Condition::Representative,
                (None, Some(years), None, None, None) => Condition::AgeFrom(years),
                (None, None, Some(years), None, None) => Condition::AgeBelow(years),
                (None, None, None, Some(true), None) => Condition::FeeDue,
                (None, None, None, None, Some(all)) => {
                    Condition::All(all.into_iter().map(|one| condition(at, one)).collect::<Result<_, _>>()?)
                }
                _ => return Err(wrong()),
            }
        }
        _ => return Err(wrong()),
    })
}

/// Every condition asks about a field of the form and values it can have; a field only about fields before it.
pub(super) fn conditions_fit(at: Place<'_>, service: &Service) -> Result<(), LoadError> {
    for (position, field) in service.fields.iter().enumerate() {
        condition_fits(at.field(&field.id), field.show_if.as_ref(), &service.fields[..position])?;
    }
    for paper in &service.papers {
        condition_fits(at.field(&paper.id), paper.when.as_ref(), &service.fields)?;
    }
    let fee_at = at.field("fee");
    for one in &service.fee.exempt {
        condition_fits(fee_at, one.condition.as_ref(), &service.fields)?;
    }
    if let FeeRule::Charged { variants, surcharges, .. } = &service.fee.rule {
        for one in variants.iter().chain(surcharges) {
            condition_fits(fee_at, one.condition.as_ref(), &service.fields)?;
        }
    }
    for one in &service.term.variants {
        condition_fits(at.field("term"), one.condition.as_ref(), &service.fields)?;
    }
    Ok(())
}

fn condition_fits(at: Place<'_>, condition: Option<&Condition>, fields: &[Field]) -> Result<(), LoadError> {
    for (field, value) in condition.map(Condition::answers_named).unwrap_or_default() {
        let Some(asked) = fields.iter().find(|one| one.id == field) else {
            return Err(at.wrong(
                format!("a condition on «{field}», which is not asked before"),
                "Name a field of this form that stands before",
            ));
        };
        let possible = match &asked.kind {
            FieldType::YesNo => matches!(value, "yes" | "no"),
            kind => kind.options().iter().any(|option| option.value == value),
        };
        if !possible {
            return Err(at.wrong(format!("«{field}» cannot be «{value}»"), "Name one of its options"));
        }
    }
    Ok(())
}
