//! Fees: shares of dated bases with their rounding, never constants.

use jiff::civil::Date;

use crate::condition::{Circumstances, Condition};
use crate::text::Text;

/// What a service costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// The rule.
    pub rule: FeeRule,
    /// Who does not pay.
    pub exempt: Vec<Exemption>,
    /// Id of the [`crate::Payee`].
    pub payee: Option<String>,
    /// Whether a source confirms the payee.
    pub payee_confirmed: bool,
    /// A remark.
    pub note: Option<Text>,
}

/// The rule of a fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeeRule {
    /// No source states whether it costs anything.
    Unknown,
    /// Free by its sources.
    Free,
    /// It is paid for.
    Charged {
        /// The usual price.
        usual: Price,
        /// Prices in other cases: the first that holds is taken instead of the usual one.
        variants: Vec<FeeVariant>,
        /// What is added in some cases.
        surcharges: Vec<FeeVariant>,
    },
}

/// A price in one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeVariant {
    /// The case in words.
    pub when: Text,
    /// The case as far as the form can tell.
    pub condition: Option<Condition>,
    /// The price.
    pub price: Price,
}

/// Who does not pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Who, in words.
    pub who: Text,
    /// The same as far as the form can tell.
    pub condition: Option<Condition>,
}

/// How a price is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Price {
    /// Something is to be paid, but no source states how much.
    Unknown,
    /// Nothing is to be paid.
    Nothing,
    /// An amount.
    Fixed {
        /// In kopiykas.
        kopiykas: i64,
        /// The day for which the source states it.
        as_of: Option<Date>,
    },
    /// A share of a dated base.
    Share {
        /// Id of the [`FeeBase`].
        base: String,
        /// The share in ten-thousandths: 1.5 % is 150.
        permyriad: i64,
        /// The amount is rounded, half up, to whole multiples of so many kopiykas (at least 1).
        round_to: i64,
    },
}

/// An official amount that fees are shares of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeBase {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Values in order of their days.
    pub values: Vec<BaseValue>,
    /// Ids of the [sources](crate::Source).
    pub sources: Vec<String>,
}

/// A base's value over some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseValue {
    /// First day.
    pub from: Date,
    /// Last day; `None` where it has no set end.
    pub to: Option<Date>,
    /// In kopiykas.
    pub kopiykas: i64,
}

impl FeeBase {
    /// The value on a day, if the catalogue holds one.
    pub fn on(&self, day: Date) -> Option<&BaseValue> {
        self.values.iter().find(|value| value.from <= day && value.to.is_none_or(|to| day <= to))
    }
}

/// What is to be paid, as far as the facts tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeeOutcome {
    /// Nothing.
    Free,
    /// This much.
    Known(Amount),
    /// «Уточнюється», and why. Never to be shown as free.
    Unknown(Text),
    /// It depends on what is not known yet, or on what only a person can judge.
    Conditional(Vec<FeeBranch>),
}

/// An amount to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// In kopiykas.
    pub kopiykas: i64,
    /// How it comes about: «1,5 % від 3 328,00 грн (прожитковий мінімум …)».
    pub basis: Text,
    /// A reason to check it before taking money.
    pub caution: Option<Text>,
}

/// One case of a conditional fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeBranch {
    /// The case in words.
    pub when: Text,
    /// What is to be paid in it; never [`FeeOutcome::Conditional`].
    pub fee: FeeOutcome,
}

impl FeeOutcome {
    /// Whether something is to be paid; `None` while that is unknown.
    pub fn due(&self) -> Option<bool> {
        match self {
            FeeOutcome::Free => Some(false),
            FeeOutcome::Known(amount) => Some(amount.kopiykas > 0),
            FeeOutcome::Unknown(_) => None,
            FeeOutcome::Conditional(branches) => {
                let mut all = branches.iter().map(|branch| branch.fee.due());
                let first = all.next().flatten()?;
                all.all(|due| due == Some(first)).then_some(first)
            }
        }
    }

    /// In words: «безоплатно», «49,92 грн», «уточнюється», or every case.
    pub fn words(&self) -> Text {
        match self {
            FeeOutcome::Free => Text::new("безоплатно", "free"),
            FeeOutcome::Known(amount) => Text::new(
                format!("{} грн", hryvnias(amount.kopiykas)),
                format!("UAH {}", hryvnias(amount.kopiykas).replace(',', ".")),
            ),
            FeeOutcome::Unknown(_) => Text::new("уточнюється", "to be confirmed"),
            FeeOutcome::Conditional(branches) => {
                let each: Vec<_> = branches.iter().map(|b| (b.fee.words(), &b.when)).collect();
                let uk: Vec<_> = each.iter().map(|(fee, when)| format!("{}: {}", when.uk, fee.uk)).collect();
                let en: Vec<_> = each.iter().map(|(fee, when)| format!("{}: {}", when.en, fee.en)).collect();
                Text::new(uk.join("; "), en.join("; "))
            }
        }
    }
}

impl Fee {
    /// The first exemption that the circumstances meet for sure; none where nothing would be paid anyway.
    pub fn exempt_by(&self, given: &Circumstances<'_>) -> Option<&Text> {
        let charged = matches!(self.rule, FeeRule::Charged { .. });
        let met = self.exempt.iter().find(|one| judged(&one.condition, given) == Some(true));
        met.filter(|_| charged).map(|one| &one.who)
    }

    /// Who does not pay and cannot be told by the circumstances.
    pub fn exempt_open(&self, given: &Circumstances<'_>) -> Vec<&Text> {
        let open = self.exempt.iter().filter(|one| judged(&one.condition, given).is_none());
        open.map(|one| &one.who).collect()
    }

    /// What is to be paid on a day under the given circumstances.
    pub fn on(&self, day: Date, bases: &[FeeBase], given: &Circumstances<'_>) -> FeeOutcome {
        let (usual, variants, surcharges) = match &self.rule {
            FeeRule::Unknown => {
                return FeeOutcome::Unknown(Text::new(
                    "розмір плати не підтверджено джерелами; уточніть у надавача",
                    "no source confirms the fee; ask the provider",
                ));
            }
            FeeRule::Free => return FeeOutcome::Free,
            FeeRule::Charged { usual, variants, surcharges } => (usual, variants, surcharges),
        };
        if self.exempt.iter().any(|one| judged(&one.condition, given) == Some(true)) {
            return FeeOutcome::Free;
        }
        let price = |base: &Price| priced(base, day, bases);
        if let Some(variant) = variants.iter().find(|v| judged(&v.condition, given) == Some(true)) {
            return with_surcharges(price(&variant.price), surcharges, &price, given);
        }
        let open: Vec<_> = variants.iter().filter(|v| judged(&v.condition, given).is_none()).collect();
        if open.is_empty() {
            return with_surcharges(price(usual), surcharges, &price, given);
        }
        let usually = FeeBranch { when: usually(), fee: price(usual) };
        let others = open.into_iter().map(|v| FeeBranch { when: v.when.clone(), fee: price(&v.price) });
        let cases = FeeOutcome::Conditional(std::iter::once(usually).chain(others).collect());
        with_surcharges(cases, surcharges, &price, given)
    }
}

/// A case without a condition can be judged by a person only.
fn judged(condition: &Option<Condition>, given: &Circumstances<'_>) -> Option<bool> {
    condition.as_ref().and_then(|condition| condition.holds(given))
}

fn usually() -> Text {
    Text::new("звичайно", "usually")
}

/// Adds the surcharges that hold; those that are not decided yet become cases.
fn with_surcharges(
    fee: FeeOutcome,
    surcharges: &[FeeVariant],
    price: &dyn Fn(&Price) -> FeeOutcome,
    given: &Circumstances<'_>,
) -> FeeOutcome {
    let mut total = fee;
    for surcharge in surcharges.iter().filter(|s| judged(&s.condition, given) == Some(true)) {
        total = sum(total, price(&surcharge.price));
    }
    let open: Vec<_> = surcharges.iter().filter(|s| judged(&s.condition, given).is_none()).collect();
    if open.is_empty() {
        return total;
    }
    let mut branches = cases(total.clone());
    for surcharge in open {
        for case in cases(total.clone()) {
            let when = both(case.when, surcharge.when.clone());
            branches.push(FeeBranch { when, fee: sum(case.fee, price(&surcharge.price)) });
        }
    }
    FeeOutcome::Conditional(branches)
}

/// The cases of a fee; of one that does not depend on anything, the usual one.
fn cases(fee: FeeOutcome) -> Vec<FeeBranch> {
    match fee {
        FeeOutcome::Conditional(branches) => branches,
        plain => vec![FeeBranch { when: usually(), fee: plain }],
    }
}

/// Two cases at once: what is usual need not be said.
fn both(one: Text, other: Text) -> Text {
    if one == usually() {
        other
    } else if other == usually() {
        one
    } else {
        Text::new(format!("{}, {}", one.uk, other.uk), format!("{}, {}", one.en, other.en))
    }
}

fn sum(one: FeeOutcome, other: FeeOutcome) -> FeeOutcome {
    match (one, other) {
        (FeeOutcome::Known(a), FeeOutcome::Known(b)) => FeeOutcome::Known(Amount {
            kopiykas: a.kopiykas.saturating_add(b.kopiykas),
            basis: Text::new(format!("{} + {}", a.basis.uk, b.basis.uk), format!("{} + {}", a.basis.en, b.basis.en)),
            caution: a.caution.or(b.caution),
        }),
        (FeeOutcome::Free, fee) | (fee, FeeOutcome::Free) => fee,
        (FeeOutcome::Unknown(why), _) | (_, FeeOutcome::Unknown(why)) => FeeOutcome::Unknown(why),
        // Something depends on a case: each case of one with each of the other.
        (one, other) => {
            let mut branches = Vec::new();
            for first in cases(one) {
                for second in cases(other.clone()) {
                    let when = both(first.when.clone(), second.when);
                    branches.push(FeeBranch { when, fee: sum(first.fee.clone(), second.fee) });
                }
            }
            FeeOutcome::Conditional(branches)
        }
    }
}

fn priced(price: &Price, day: Date, bases: &[FeeBase]) -> FeeOutcome {
    match price {
        Price::Nothing => FeeOutcome::Free,
        Price::Unknown => FeeOutcome::Unknown(Text::new(
            "послуга платна, розмір плати не підтверджено джерелами; уточніть у надавача",
            "the service is paid for, no source confirms how much; ask the provider",
        )),
        Price::Fixed { kopiykas, as_of } => fixed(*kopiykas, *as_of, day),
        Price::Share { base, permyriad, round_to } => share(base, *permyriad, *round_to, day, bases),
    }
}

/// Fixed prices change at a new year: one that was seen for another year is shown with a caution.
fn fixed(kopiykas: i64, as_of: Option<Date>, day: Date) -> FeeOutcome {
    let (basis, caution) = match as_of {
        Some(seen) => {
            let when = seen.strftime("%d.%m.%Y").to_string();
            let old = (seen.year() != day.year()).then(|| {
                Text::new(
                    format!("розмір станом на {when}; перевірте перед оплатою"),
                    format!("amount as of {when}; check it before payment"),
                )
            });
            (Text::new(format!("станом на {when}"), format!("as of {when}")), old)
        }
        None => (
            Text::new("за карткою послуги без дати", "by an undated card of the service"),
            Some(Text::new(
                "невідомо, на який день діє цей розмір; перевірте перед оплатою",
                "the day of this amount is unknown; check it before payment",
            )),
        ),
    };
    FeeOutcome::Known(Amount { kopiykas, basis, caution })
}

fn share(base: &str, permyriad: i64, round_to: i64, day: Date, bases: &[FeeBase]) -> FeeOutcome {
    let Some((base, value)) = bases.iter().find(|b| b.id == base).and_then(|b| b.on(day).map(|value| (b, value)))
    else {
        return FeeOutcome::Unknown(Text::new(
            format!("каталог не має базової величини на {}; оновіть каталог або уточніть у надавача", day.year()),
            format!("the catalogue has no base amount for {}; update it or ask the provider", day.year()),
        ));
    };
    let percent = percent_words(permyriad);
    let amount = hryvnias(value.kopiykas);
    let from = value.from.strftime("%d.%m.%Y");
    let unit = hryvnias(round_to);
    let rounded = |uk: bool| match (round_to > 1, uk) {
        (false, _) => String::new(),
        (true, true) => format!(", округлено до {unit} грн"),
        (true, false) => format!(", rounded to UAH {}", unit.replace(',', ".")),
    };
    FeeOutcome::Known(Amount {
        kopiykas: rounded_share(value.kopiykas, permyriad, round_to),
        basis: Text::new(
            format!("{percent} % від {amount} грн ({}, з {from}){}", base.name.uk, rounded(true)),
            format!(
                "{} % of UAH {} ({}, from {from}){}",
                percent.replace(',', "."),
                amount.replace(',', "."),
                base.name.en,
                rounded(false)
            ),
        ),
        caution: None,
    })
}

/// `permyriad` ten-thousandths of an amount, rounded half up to multiples of `round_to` kopiykas.
fn rounded_share(kopiykas: i64, permyriad: i64, round_to: i64) -> i64 {
    let unit = 10_000 * i128::from(round_to.max(1));
    let exact = i128::from(kopiykas) * i128::from(permyriad);
    let units = (exact + unit / 2).div_euclid(unit);
    i64::try_from(units * i128::from(round_to.max(1))).unwrap_or(i64::MAX)
}

/// 150 → «1,5»; 125 → «1,25»; 500 → «5».
pub(crate) fn percent_words(permyriad: i64) -> String {
    let text = format!("{},{:02}", permyriad / 100, permyriad % 100);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

/// Kopiykas as hryvnias the Ukrainian way: 332800 → «3 328,00» with a no-break space.
pub fn hryvnias(kopiykas: i64) -> String {
    let whole = (kopiykas.unsigned_abs() / 100).to_string();
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    let sign = if kopiykas < 0 { "−" } else { "" };
    format!("{sign}{grouped},{:02}", kopiykas.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Answers;

    #[test]
    fn shares_round_half_up_to_their_unit() {
        assert_eq!(rounded_share(332_800, 150, 1), 4_992);
        assert_eq!(rounded_share(332_800, 250, 1), 8_320);
        assert_eq!(rounded_share(302_800, 150, 1), 4_542);
        assert_eq!(rounded_share(332_800, 250, 1_000), 8_000);
        assert_eq!(rounded_share(332_800, 125, 1_000), 4_000);
        assert_eq!(rounded_share(1_700, 500, 1), 85);
        assert_eq!(rounded_share(50, 100, 1), 1, "half a kopiyka goes up");
        assert_eq!(rounded_share(49, 100, 1), 0);
        assert_eq!(rounded_share(i64::MAX, i64::MAX, 1), i64::MAX, "no overflow on absurd data");
    }

    #[test]
    fn amounts_are_written_the_ukrainian_way() {
        assert_eq!(hryvnias(332_800), "3\u{a0}328,00");
        assert_eq!(hryvnias(4_992), "49,92");
        assert_eq!(hryvnias(5), "0,05");
        assert_eq!(hryvnias(123_456_789), "1\u{a0}234\u{a0}567,89");
        assert_eq!(percent_words(150), "1,5");
        assert_eq!(percent_words(125), "1,25");
        assert_eq!(percent_words(1000), "10");
    }

    #[test]
    fn an_amount_of_another_year_carries_a_caution() {
        let day = jiff::civil::date(2026, 11, 21);
        let FeeOutcome::Known(amount) = fixed(55_800, Some(jiff::civil::date(2025, 1, 1)), day) else { panic!() };
        assert!(amount.caution.unwrap().uk.contains("01.01.2025"));
        let FeeOutcome::Known(amount) = fixed(114_700, Some(jiff::civil::date(2026, 3, 1)), day) else { panic!() };
        assert_eq!(amount.caution, None);
    }

    fn variant(when: &str, field: Option<&str>, kopiykas: i64) -> FeeVariant {
        let condition =
            field.map(|field| Condition::Answer { field: field.to_owned(), values: vec!["yes".to_owned()] });
        let price = Price::Fixed { kopiykas, as_of: Some(jiff::civil::date(2026, 1, 1)) };
        FeeVariant { when: Text::new(when, when), condition, price }
    }

    /// Answers; case and amount of each branch.
    const CASES: [(&str, &[(&str, i64)]); 5] = [
        ("", &[("звичайно", 100), ("терміново", 300), ("додому", 110), ("терміново, додому", 310)]),
        ("home=yes", &[("звичайно", 110), ("терміново", 310)]),
        ("home=no", &[("звичайно", 100), ("терміново", 300)]),
        ("urgent=yes", &[("звичайно", 300), ("додому", 310)]),
        ("urgent=no", &[("звичайно", 100), ("додому", 110)]),
    ];

    #[test]
    fn each_open_case_carries_what_is_added_to_it() {
        let usual = Price::Fixed { kopiykas: 100, as_of: Some(jiff::civil::date(2026, 1, 1)) };
        let variants = vec![variant("терміново", Some("urgent"), 300)];
        let surcharges = vec![variant("додому", Some("home"), 10)];
        let rule = FeeRule::Charged { usual, variants, surcharges };
        let fee = Fee { rule, exempt: Vec::new(), payee: None, payee_confirmed: false, note: None };
        for (given, expected) in CASES {
            let answers: Answers =
                given.split_once('=').into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            let outcome = fee.on(jiff::civil::date(2026, 11, 22), &[], &Circumstances::of_answers(&answers));
            let FeeOutcome::Conditional(branches) = outcome else { panic!("{given}: {outcome:?}") };
            let told: Vec<(&str, i64)> = branches
                .iter()
                .map(|branch| match &branch.fee {
                    FeeOutcome::Known(amount) => (branch.when.uk.as_str(), amount.kopiykas),
                    other => panic!("{given}: {other:?}"),
                })
                .collect();
            assert_eq!(told, expected, "{given}");
        }
    }
}
