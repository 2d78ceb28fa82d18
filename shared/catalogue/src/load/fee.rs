//! Fees and prices.

use super::condition::condition;
use super::{Place, date, decimal, text, words};
use crate::fees::{Exemption, Fee, FeeRule, FeeVariant, Price};
use crate::source;

pub(super) fn fee(at: Place<'_>, fee: source::Fee) -> Fee {
    let variants = fee_variants(at, fee.variants);
    let surcharges = fee_variants(at, fee.surcharges);
    let plain = variants.is_empty() && surcharges.is_empty();
    let rule = match (fee.kind.as_str(), fee.usual) {
        ("unknown", None) if plain => FeeRule::Unknown,
        ("free", None) if plain => FeeRule::Free,
        ("charged", Some(usual)) => FeeRule::Charged { usual: price(at, usual), variants, surcharges },
        ("unknown" | "free" | "charged", _) => {
            at.wrong(
                ["ціни не відповідають виду плати", "prices do not fit the kind"],
                [
                    "Ціни бувають лише з «charged», і тоді потрібна «usual»",
                    "Prices stand with “charged” only, and then “usual” is needed",
                ],
            );
            FeeRule::Unknown
        }
        (other, _) => {
            at.one_of(other, "unknown, free, charged");
            FeeRule::Unknown
        }
    };
    let exempt = fee.exempt.into_iter().map(|one| {
        let condition = one.when.and_then(|when| condition(at, when));
        Exemption { who: text(at, one.uk, one.en), condition }
    });
    Fee {
        rule,
        exempt: exempt.collect(),
        payee: fee.payee,
        payee_confirmed: fee.payee_confirmed,
        note: fee.note.map(|note| words(at, note)),
    }
}

fn fee_variants(at: Place<'_>, variants: Vec<source::FeeVariant>) -> Vec<FeeVariant> {
    let one = |variant: source::FeeVariant| {
        let condition = variant.when.and_then(|when| condition(at, when));
        FeeVariant { when: text(at, variant.uk, variant.en), condition, price: price(at, variant.price) }
    };
    variants.into_iter().map(one).collect()
}

fn price(at: Place<'_>, given: source::Price) -> Price {
    let source::Price { unknown, nothing, amount, as_of, percent, of, round_to } = given;
    let share = percent.is_some() || of.is_some() || round_to.is_some();
    match (unknown, nothing, amount, percent, of) {
        (Some(true), None, None, None, None) if as_of.is_none() && !share => Price::Unknown,
        (None, Some(true), None, None, None) if as_of.is_none() && !share => Price::Nothing,
        (None, None, Some(amount), None, None) if !share => {
            Price::Fixed { kopiykas: decimal(at, &amount, 2), as_of: as_of.as_deref().map(|day| date(at, day)) }
        }
        (None, None, None, Some(percent), Some(base)) if as_of.is_none() => {
            let round_to = decimal(at, round_to.as_deref().unwrap_or("0.01"), 2);
            if round_to == 0 {
                at.wrong(
                    ["округлення до нуля", "rounding to zero"],
                    ["Дайте round_to від 0.01 або приберіть", "Give round_to from 0.01 on, or none"],
                );
            }
            Price::Share { base, permyriad: decimal(at, &percent, 2), round_to: round_to.max(1) }
        }
        _ => {
            at.wrong(
                ["ціна жодного виду або двох", "a price of no kind, or of two"],
                ["Дайте unknown, nothing, amount або percent і of", "Give unknown, nothing, amount, or percent and of"],
            );
            Price::Unknown
        }
    }
}
