//! Tables of cases, each with the source it was reckoned from: terms, fees, papers, control dates, territories. The
//! expected values were reckoned by hand from the source, not taken from the program.

use catalogue::*;
use jiff::civil::Date;

fn day(text: &str) -> Date {
    text.parse().expect(text)
}

fn answers(pairs: &str) -> Answers {
    let pair = |pair: &str| pair.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned())).expect(pair);
    pairs.split_whitespace().map(pair).collect()
}

fn facts(date: &str, given: &str) -> Facts {
    Facts { answers: answers(given), ..Facts::on(day(date)) }
}

fn evaluate<'a>(slug: &str, facts: &Facts) -> Evaluation<'a> {
    let catalogue = Catalogue::embedded();
    catalogue.evaluate(catalogue.service(slug).expect(slug), facts, catalogue.calendar())
}

/// 10w = ten working days, 30c = calendar, 7d = «days» of no kind, 3m = months, 24h = hours.
fn term(text: &str) -> TermLength {
    let (value, unit) = text.split_at(text.len() - 1);
    let (unit, days) = match unit {
        "w" => (Unit::Day, Days::Working),
        "c" => (Unit::Day, Days::Calendar),
        "d" => (Unit::Day, Days::Unknown),
        "m" => (Unit::Month, Days::Unknown),
        _ => (Unit::Hour, Days::Unknown),
    };
    TermLength { value: value.parse().expect(text), unit, days }
}

/// Begins the day after (art. 253 of the Civil Code); a month ends on the same day of the month or on its last one
/// (art. 254); holidays are worked under martial law (art. 6 of Law 2136-IX), otherwise they are off (art. 73 of the
/// Labour Code), and one on a weekend moves to the next working day (art. 67).
const TERMS: [(&str, &str, &str, &str); 33] = [
    // from, term, last day under martial law, why
    ("2026-11-20", "0w", "2026-11-20", "у день звернення"),
    ("2026-11-22", "0d", "2026-11-22", "у день звернення, і в неділю"),
    ("2026-11-20", "1w", "2026-11-23", "п’ятниця: наступний робочий — понеділок"),
    ("2026-11-21", "1w", "2026-11-23", "звернення в суботу"),
    ("2026-11-22", "5w", "2026-11-27", "звернення в неділю: тиждень цілий"),
    ("2026-11-20", "5w", "2026-11-27", "ст. 253 ЦК: день звернення не рахують"),
    ("2026-11-20", "7w", "2026-12-01", "через кінець листопада (30 днів)"),
    ("2026-11-20", "10w", "2026-12-04", "два тижні"),
    ("2026-11-20", "15w", "2026-12-11", "три тижні"),
    ("2026-11-20", "20w", "2026-12-18", "чотири тижні"),
    ("2027-02-26", "3w", "2027-03-03", "через кінець лютого, рік не високосний"),
    ("2028-02-28", "2w", "2028-03-01", "через 29 лютого"),
    ("2026-06-26", "1w", "2026-06-29", "28.06 — День Конституції в неділю; 29.06 робочий: воєнний стан"),
    ("2026-12-24", "1w", "2026-12-25", "Різдво робоче: ст. 6 Закону 2136-IX"),
    ("2026-12-31", "1w", "2027-01-01", "Новий рік робочий: ст. 6 Закону 2136-IX"),
    ("2026-12-30", "3w", "2027-01-04", "31.12, 01.01 і понеділок 04.01"),
    ("2026-12-14", "10w", "2026-12-28", "25.12 робочий"),
    ("2026-12-14", "20w", "2027-01-11", "25.12 і 01.01 робочі"),
    ("2026-11-20", "10c", "2026-11-30", "календарні: разом із вихідними"),
    ("2026-11-20", "14d", "2026-12-04", "«днів»: рахуємо календарні, щоб не запізнитися"),
    ("2026-11-20", "30c", "2026-12-20", "неділя: строк не довший за закон"),
    ("2026-01-30", "30c", "2026-03-01", "через лютий, 28 днів"),
    ("2028-01-30", "30c", "2028-02-29", "через лютий, 29 днів"),
    ("2026-12-05", "30c", "2027-01-04", "через новий рік"),
    ("2026-11-20", "1m", "2026-12-20", "ст. 254 ЦК: те саме число"),
    ("2026-01-31", "1m", "2026-02-28", "ст. 254 ЦК: останній день місяця"),
    ("2028-01-31", "1m", "2028-02-29", "ст. 254 ЦК: високосний рік"),
    ("2026-03-31", "1m", "2026-04-30", "ст. 254 ЦК: у квітні 30 днів"),
    ("2026-11-30", "3m", "2027-02-28", "ст. 254 ЦК: через новий рік"),
    ("2026-08-31", "6m", "2027-02-28", "ст. 254 ЦК: пів року"),
    ("2026-12-31", "1m", "2027-01-31", "ст. 254 ЦК: те саме число"),
    ("2026-11-20", "2h", "2026-11-20", "дві години: того самого дня, не пізніше за закон"),
    ("2026-11-20", "48h", "2026-11-24", "48 годин — два робочі дні"),
];

#[test]
fn terms_end_on_their_days() {
    for (from, length, expected, why) in TERMS {
        let end = Catalogue::embedded().calendar().end_of_term(day(from), term(length));
        assert_eq!(end, day(expected), "{from} + {length}: {why}");
    }
}

/// The same in a centre that keeps holidays off.
const TERMS_WITH_HOLIDAYS: [(&str, &str, &str, &str); 10] = [
    ("2026-12-24", "1w", "2026-12-28", "25.12 — вихідний: ст. 73 КЗпП"),
    ("2026-12-31", "1w", "2027-01-04", "01.01 — вихідний: ст. 73 КЗпП"),
    ("2026-12-30", "3w", "2027-01-05", "31.12, 04.01, 05.01"),
    ("2026-04-10", "1w", "2026-04-14", "Великдень 12.04 у неділю переходить на понеділок: ст. 67 КЗпП"),
    ("2026-05-29", "1w", "2026-06-02", "Трійця 31.05 у неділю переходить на понеділок: ст. 67 КЗпП"),
    ("2026-06-26", "1w", "2026-06-30", "День Конституції 28.06 у неділю: ст. 67 КЗпП"),
    ("2025-03-07", "1w", "2025-03-11", "08.03 у суботу: вихідний понеділок, ст. 67 КЗпП"),
    ("2025-01-06", "1w", "2025-01-07", "07.01 робочий з 2024 року: Закон 3107-IX"),
    ("2026-08-21", "1w", "2026-08-25", "24.08 — День Незалежності, понеділок"),
    ("2026-12-24", "3c", "2026-12-27", "календарні дні свят не оминають"),
];

#[test]
fn terms_step_over_holidays_where_they_are_off() {
    let local = LocalDays { holidays: Holidays::Off, ..LocalDays::default() };
    let calendar = Catalogue::embedded().calendar().with_local(local);
    for (from, length, expected, why) in TERMS_WITH_HOLIDAYS {
        assert_eq!(calendar.end_of_term(day(from), term(length)), day(expected), "{from} + {length}: {why}");
    }
}

/// What a fee should come to.
enum Paid {
    /// So many kopiykas.
    Is(i64),
    /// So many, with a word of caution: the amount is of another year or of none.
    Check(i64),
    /// Nothing.
    Free,
    /// «Уточнюється».
    Unknown,
    /// It depends, with the amounts of the cases.
    Cases(&'static [Option<i64>]),
}

use Paid::{Cases, Check, Free, Is};

/// Bases: 3 028 in 2024 and 2025, 3 328 in 2026 (sources `ldol_2024`, `perv_2026`, `sud_2026`); 17 is the tax-free minimum.
const FEES: [(&str, &str, &str, Paid, &str); 47] = [
    // service, day, answers, paid, source
    ("residence-registration", "2025-12-31", "late=no", Is(4_542), "perv_2026"), // 1,5 % × 3028
    ("residence-registration", "2026-01-01", "late=no", Is(4_992), "sud_2026"),  // 1,5 % × 3328
    ("residence-registration", "2026-12-31", "late=no", Is(4_992), "sud_2026"),
    ("residence-registration", "2027-01-01", "late=no", Paid::Unknown, "sud_2026"), // the base of 2027 is not there
    ("residence-registration", "2025-12-31", "late=yes", Is(7_570), "perv_2026"),   // 2,5 % × 3028
    ("residence-registration", "2026-01-01", "late=yes", Is(8_320), "sud_2026"),    // 2,5 % × 3328
    ("residence-registration", "2024-12-31", "late=no", Is(4_542), "ldol_2024"),
    ("residence-registration", "2025-01-01", "late=no", Is(4_542), "ldol_2024"), // the base did not change
    ("residence-registration", "2024-01-01", "late=no", Is(4_542), "ldol_2024"),
    ("residence-registration", "2023-12-31", "late=no", Paid::Unknown, "ldol_2024"), // before the first base
    ("residence-registration", "2026-11-20", "", Cases(&[Some(4_992), Some(8_320)]), "sud_2026"),
    ("residence-registration-child", "2025-12-31", "late=no", Is(4_542), "perv_2026"),
    ("residence-registration-child", "2026-01-01", "late=no", Is(4_992), "perv_2026"),
    ("residence-deregistration", "2026-11-20", "ground=own", Is(4_992), "sud_2026"),
    ("residence-deregistration", "2026-11-20", "ground=court", Free, "admincher_dereg"),
    ("residence-deregistration", "2026-11-20", "ground=death", Free, "admincher_dereg"),
    ("cadastre-parcel-extract", "2025-12-31", "with_rights=no", Is(15_140), "protocol_41"), // 5 % × 3028
    ("cadastre-parcel-extract", "2026-01-01", "with_rights=no", Is(16_640), "lmr_2026"),    // 5 % × 3328
    ("cadastre-parcel-extract", "2026-01-01", "with_rights=yes delivery=paper", Is(24_640), "lmr_2026"), // + 83,20 → 80
    ("cadastre-parcel-extract", "2026-01-01", "with_rights=yes delivery=e", Is(20_640), "lmr_2026"), // + 41,60 → 40
    (
        "cadastre-parcel-extract",
        "2026-01-01",
        "with_rights=yes",
        Cases(&[Some(16_640), Some(24_640), Some(20_640)]),
        "lmr_2026",
    ),
    ("cadastre-restrictions-extract", "2025-12-31", "", Is(16_654), "chern_dzk"), // 5,5 % × 3028
    ("cadastre-restrictions-extract", "2026-01-01", "", Is(18_304), "chern_dzk"), // 5,5 % × 3328
    ("cadastre-territory-extract", "2025-12-31", "", Is(18_168), "chern_dzk"),    // 6 % × 3028
    ("cadastre-territory-extract", "2026-01-01", "", Is(19_968), "chern_dzk"),    // 6 % × 3328
    ("cadastre-map-copy", "2025-12-31", "", Is(9_084), "chern_dzk"),              // 3 % × 3028
    ("cadastre-map-copy", "2026-01-01", "", Is(9_984), "chern_dzk"),              // 3 % × 3328
    ("realty-register-info", "2025-12-31", "delivery=paper", Is(8_000), "lmr_2026"), // 75,70 → 80
    ("realty-register-info", "2026-01-01", "delivery=paper", Is(8_000), "lmr_2026"), // 83,20 → 80
    ("realty-register-info", "2025-12-31", "delivery=e", Is(4_000), "lmr_2026"),  // 37,85 → 40
    ("realty-register-info", "2026-01-01", "delivery=e", Is(4_000), "lmr_2026"),  // 41,60 → 40
    ("marriage-registration", "2026-11-20", "", Is(85), "fontanska_31"),          // 5 % × 17
    ("civil-certificate-reissue", "2027-06-01", "", Is(51), "bc_birth"),          // 3 % × 17: no end is set
    ("civil-register-extract", "2026-11-20", "", Check(7_300), "rv_extract"),     // the card has no day
    ("driving-licence-exchange", "2026-11-20", "", Check(23_000), "rv_driver"),
    ("id-card-exchange", "2025-12-31", "urgency=normal", Is(55_800), "starkon"),
    ("id-card-exchange", "2026-01-01", "urgency=normal", Check(55_800), "starkon"), // seen for 2025
    ("id-card-exchange", "2025-12-31", "urgency=urgent", Is(92_800), "starkon"),
    ("travel-passport", "2026-12-31", "urgency=normal", Is(114_700), "f24_2026"),
    ("travel-passport", "2027-01-01", "urgency=normal", Check(114_700), "f24_2026"), // seen for 2026
    ("travel-passport", "2026-11-20", "urgency=urgent", Is(178_700), "f24_2026"),
    ("fop-changes", "2026-11-20", "change=name", Paid::Unknown, "kyinka_108"), // paid for, amount not stated
    ("criminal-record-extract", "2026-11-20", "format=e", Free, "rbc_crim"),
    ("realty-ownership-registration", "2026-11-20", "", Paid::Unknown, "myrh_realty"),
    ("rnokpp-document", "2026-11-20", "", Paid::Unknown, "ck_rnokpp"), // nobody says whether it costs: never free
    ("housing-subsidy", "2026-11-20", "", Free, "velsor_26667"),
    ("birth-registration", "2026-11-20", "", Free, "od_cmr_9768"),
];

#[test]
fn fees_are_right_on_their_days() {
    let amount = |outcome: &FeeOutcome| match outcome {
        FeeOutcome::Known(amount) => Some(amount.kopiykas),
        _ => None,
    };
    for (slug, date, given, paid, source) in FEES {
        assert!(Catalogue::embedded().source(source).is_some(), "{source}");
        let outcome = evaluate(slug, &facts(date, given)).fee.outcome;
        let case = format!("{slug} {date} {given}: {outcome:?}");
        match (&paid, &outcome) {
            (Is(kopiykas), FeeOutcome::Known(known)) => {
                assert_eq!((known.kopiykas, &known.caution), (*kopiykas, &None), "{case}")
            }
            (Check(kopiykas), FeeOutcome::Known(known)) => {
                assert!(known.kopiykas == *kopiykas && known.caution.is_some(), "{case}");
            }
            (Free, FeeOutcome::Free) | (Paid::Unknown, FeeOutcome::Unknown(_)) => {}
            (Cases(expected), FeeOutcome::Conditional(branches)) => {
                let each: Vec<_> = branches.iter().map(|branch| amount(&branch.fee)).collect();
                assert_eq!(each, *expected, "{case}");
            }
            _ => panic!("{case}"),
        }
    }
}

#[test]
fn a_fee_says_its_base_the_day_of_the_base_and_the_rounding() {
    let outcome = |slug: &str, date: &str, given: &str| match evaluate(slug, &facts(date, given)).fee.outcome {
        FeeOutcome::Known(amount) => amount.basis,
        other => panic!("{other:?}"),
    };
    let paper = outcome("realty-register-info", "2026-01-01", "delivery=paper");
    assert_eq!(
        paper.uk,
        "2,5 % від 3\u{a0}328,00 грн (прожитковий мінімум для працездатних осіб на 1 січня, з 01.01.2026), округлено до 10,00 грн"
    );
    assert!(paper.en.contains("from 01.01.2026") && paper.en.ends_with("rounded to UAH 10.00"), "{}", paper.en);
    assert!(outcome("residence-registration", "2025-12-31", "late=no").uk.contains("3\u{a0}028,00 грн"));
    let court = evaluate("residence-deregistration", &facts("2026-11-20", "ground=court"));
    assert!(court.fee.exempt_by.expect("who is exempt").uk.contains("за рішенням суду"));
    assert_eq!(evaluate("residence-deregistration", &facts("2026-11-20", "ground=own")).fee.exempt_by, None);
}

/// Service, day, answers; the control date, how near it is to the law, and whether an act may hold the term up.
const DATES: [(&str, &str, &str, &str, Nearness, bool); 17] = [
    ("housing-subsidy", "2026-11-20", "", "2026-11-30", Nearness::Stated, true),
    ("housing-subsidy", "2022-02-27", "", "2022-03-09", Nearness::Stated, false), // the day before resolution 165
    ("housing-subsidy", "2022-02-28", "", "2022-03-10", Nearness::Stated, true),  // its day
    ("birth-registration", "2026-12-31", "", "2027-01-01", Nearness::Stated, false), // resolution 165 excepts it
    ("fop-registration", "2026-11-20", "", "2026-11-23", Nearness::Stated, false),
    ("realty-ownership-registration", "2026-11-20", "speed=2h", "2026-11-20", Nearness::Stated, false),
    ("realty-ownership-registration", "2026-11-20", "speed=1d", "2026-11-23", Nearness::Stated, false),
    ("realty-ownership-registration", "2026-11-20", "speed=2d", "2026-11-24", Nearness::Stated, false),
    ("id-card-exchange", "2026-12-14", "urgency=normal", "2027-01-11", Nearness::Stated, true),
    ("id-card-exchange", "2026-12-14", "urgency=urgent", "2026-12-28", Nearness::Stated, true),
    ("civil-record-amendment", "2026-11-30", "", "2027-02-28", Nearness::Stated, false),
    ("land-allotment-permit", "2027-01-31", "", "2027-02-28", Nearness::Stated, true),
    ("idp-living-aid", "2026-12-25", "", "2027-01-01", Nearness::DaysUnclear, true),
    ("burial-aid-no-pension", "2026-11-22", "", "2026-11-22", Nearness::Stated, true),
    ("household-composition", "2026-11-20", "", "2026-11-25", Nearness::Usual, true),
    ("pension-file-info", "2026-11-20", "", "2026-12-20", Nearness::Assumed, true), // 30 days, art. 34 of Law 2073-IX
    ("social-services-decision", "2026-11-20", "circumstances.idp=yes", "2026-11-21", Nearness::Stated, true),
];

#[test]
fn control_dates_fall_where_they_should_and_say_why() {
    for (slug, date, given, expected, nearness, suspended) in DATES {
        let control = evaluate(slug, &facts(date, given)).control_date;
        let case = format!("{slug} {date} {given}: {control:?}");
        assert_eq!(
            (control.date, control.nearness, control.may_be_suspended),
            (day(expected), nearness, suspended),
            "{case}"
        );
        assert_eq!(control.suspension.is_some(), suspended, "{case}");
        assert!(control.why.uk.contains(&control.date.strftime("%d.%m.%Y").to_string()), "{case}");
        let weekend = matches!(control.date.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
        assert_eq!(control.next_working.is_some(), weekend, "{case}");
    }
}

/// Service, answers, representative, age, paper; whether it is needed.
type PaperCase = (&'static str, &'static str, Option<bool>, Option<u16>, &'static str, PaperState);
const PAPERS: [PaperCase; 21] = [
    ("housing-subsidy", "", None, None, "application", PaperState::Needed),
    ("housing-subsidy", "", None, None, "lease", PaperState::Ask),
    ("housing-subsidy", "basis=tenant", None, None, "lease", PaperState::Needed),
    ("housing-subsidy", "basis=registered", None, None, "lease", PaperState::NotNeeded),
    ("housing-subsidy", "debt=yes", None, None, "debt-agreement", PaperState::Needed),
    ("housing-subsidy", "debt=no", None, None, "debt-agreement", PaperState::NotNeeded),
    ("housing-subsidy", "payout=bank", None, None, "bank-details", PaperState::Needed),
    ("housing-subsidy", "payout=post", None, None, "bank-details", PaperState::NotNeeded),
    ("housing-subsidy", "payout=bank", None, None, "income-certificates", PaperState::Ask),
    ("residence-registration", "late=no", None, Some(13), "child-birth-certificate", PaperState::Needed),
    ("residence-registration", "late=no", None, Some(14), "child-birth-certificate", PaperState::NotNeeded),
    ("residence-registration", "late=no", None, None, "child-birth-certificate", PaperState::Ask),
    ("residence-registration", "late=no", Some(true), None, "representative-authority", PaperState::Needed),
    ("residence-registration", "late=no", Some(false), None, "representative-authority", PaperState::NotNeeded),
    ("residence-registration", "late=no", None, None, "payment-proof", PaperState::Needed),
    ("residence-deregistration", "ground=court", None, None, "payment-proof", PaperState::NotNeeded),
    ("residence-deregistration", "ground=court", None, None, "death-or-court", PaperState::Needed),
    ("residence-deregistration", "ground=own", None, Some(13), "parents-consent", PaperState::NotNeeded),
    ("residence-deregistration", "ground=own", None, Some(14), "parents-consent", PaperState::Needed),
    ("residence-deregistration", "ground=own", None, Some(17), "parents-consent", PaperState::Needed),
    ("residence-deregistration", "ground=own", None, Some(18), "parents-consent", PaperState::NotNeeded),
];

#[test]
fn papers_follow_their_conditions_and_say_why() {
    for (slug, given, representative, age, paper, expected) in PAPERS {
        let facts = Facts { representative, age, ..facts("2026-11-20", given) };
        let evaluation = evaluate(slug, &facts);
        let need = evaluation.papers.iter().find(|need| need.paper.id == paper).expect(paper);
        assert_eq!(need.state, expected, "{slug} {given} {representative:?} {age:?} {paper}");
        let begins = match expected {
            PaperState::Needed => "потрібен",
            PaperState::NotNeeded => "не потрібен за відповідями",
            PaperState::Ask => "вирішує працівник",
        };
        assert!(need.why.uk.starts_with(begins), "{}", need.why.uk);
    }
}

/// Place, day, what the list of order 376 (edition of 30.04.2025) says of it.
const PLACES: [(&str, &str, &[Hostilities]); 8] = [
    ("UA12080030000022466", "2023-05-22", &[Hostilities::Active]),
    ("UA12080030000022466", "2023-05-23", &[Hostilities::Possible]),
    ("UA12060090000074553", "2024-09-26", &[]),
    ("UA12060090000074553", "2024-09-27", &[Hostilities::Possible]),
    ("UA44120050130017029", "2022-07-03", &[Hostilities::Occupied, Hostilities::Active]),
    ("UA44120050130017029", "2022-07-04", &[Hostilities::Occupied]),
    ("UA80000000000093317", "2026-11-22", &[]),
    ("UA59080110660050428", "2022-03-03", &[Hostilities::Occupied]),
];

#[test]
fn hostilities_are_a_caution_and_never_a_block() {
    for (place, date, expected) in PLACES {
        let at = Facts { place: Some(place.parse().expect(place)), ..facts(date, "") };
        let there = evaluate("owner-consent-residence", &at);
        let found: Vec<_> = there.territories.iter().map(|one| one.status).collect();
        assert_eq!(found, expected, "{place} {date}");
        let elsewhere = evaluate("owner-consent-residence", &facts(date, ""));
        assert_eq!((there.allowed, &there.reasons), (elsewhere.allowed, &elsewhere.reasons), "nothing is blocked");
        assert_eq!(there.cautions.len(), elsewhere.cautions.len() + expected.len());
        let said = there.cautions.iter().all(|one| one.uk.contains("перевірте") && one.en.contains("check"));
        assert!(said, "{:?}", there.cautions);
    }
}
