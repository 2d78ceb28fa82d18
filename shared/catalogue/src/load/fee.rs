//! Fees and prices.

use super::condition::condition;
use super::{LoadError, Place, date, decimal, text, words};
use crate::fees::{Exemption, Fee, FeeRule, FeeVariant, Price};
use crate::source;

pub(super) fn fee(at: Place<'_>, fee: source::Fee) -> Result<Fee, LoadError> {
    let variants = fee_variants(at, fee.variants)?;
    let surcharges = fee_variants(at, fee.surcharges)?;
    let plain = variants.is_empty() && surcharges.is_empty();
    let rule = match (fee.kind.as_str(), fee.usual) {
        ("unknown", None) if plain => FeeRule::Unknown,
        ("free", None) if plain => FeeRule::Free,
        ("charged", Some(usual)) => FeeRule::Charged { usual: price(at, usual)?, variants, surcharges },
        ("unknown" | "free" | "charged", _) => {
            return Err(
                at.wrong("prices do not fit the kind", "Prices stand with «charged» only, and then «usual» is needed")
            );
        }
        (other, _) => return Err(at.one_of(other, "unknown, free, charged")),
    };
    let exempt = fee.exempt.into_iter().map(|one| {
        let condition = one.when.map(|when| condition(at, when)).transpose()?;
        Ok(Exemption { who: text(at, one.uk, one.en)?, condition })
    });
    Ok(Fee {
        rule,
        exempt: exempt.collect::<Result<_, LoadError>>()?,
        payee: fee.payee,
        payee_confirmed: fee.payee_confirmed,
        note: fee.note.map(|note| words(at, note)).transpose()?,
    })
}

fn fee_variants(at: Place<'_>, variants: Vec<source::FeeVariant>) -> Result<Vec<FeeVariant>, LoadError> {
    let one = |variant: source::FeeVariant| {
        let condition = variant.when.map(|when| condition(at, when)).transpose()?;
        Ok(FeeVariant { when: text(at, variant.uk, variant.en)?, condition, price: price(at, variant.price)? })
    };
    variants.into_iter().map(one).collect()
}

fn price(at: Place<'_>, given: source::Price) -> Result<Price, LoadError> {
    let wrong = || at.wrong("a price of no kind, or of two", "Give unknown, nothing, amount, or percent and of");
    match given {
        source::Price { unknown: Some(true), nothing: None, amount: None, percent: None, .. } => Ok(Price::Unknown),
        source::Price { unknown: None, nothing: Some(true), amount: None, percent: None, .. } => Ok(Price::Nothing),
        source::Price { unknown: None, nothing: None, amount: Some(amount), as_of, percent: None, .. } => {
            Ok(Price::Fixed {
                kopiykas: decimal(at, &amount, 2)?,
                as_of: as_of.as_deref().map(|day| date(at, day)).transpose()?,
            })
        }
        source::Price {
            unknown: None,
            nothing: None,
            amount: None,
            percent: Some(percent),
            of: Some(base),
            round_to,
            ..
        } => {
            let round_to = decimal(at, round_to.as_deref().unwrap_or("0.01"), 2)?;
            Ok(Price::Share { base, permyriad: decimal(at, &percent, 2)?, round_to: round_to.max(1) })
        }
        _ => Err(wrong()),
    }
}
