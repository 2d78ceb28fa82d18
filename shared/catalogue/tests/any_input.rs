//! Whatever is typed, nothing panics, and what is said stays consistent.

use catalogue::*;
use jiff::civil::Date;
use proptest::prelude::*;

/// Keys and values that are near to real ones, and some that are not.
fn any_answers() -> impl Strategy<Value = Answers> {
    let services = Catalogue::embedded().services();
    let known: Vec<String> = services.iter().flat_map(|s| s.inputs(&Answers::new())).map(|input| input.key).collect();
    let key = prop_oneof![
        8 => proptest::sample::select(known),
        1 => "[a-z_]{1,8}\\.[0-9]{1,21}\\.[a-z_]{1,8}",
        1 => any::<String>(),
    ];
    let values = ["yes", "no", "bank", "2026-11-21", "54,3", "UA80000000000093317", "1", "paper", "e"];
    let value = prop_oneof![proptest::sample::select(values.to_vec()).prop_map(str::to_owned), any::<String>()];
    proptest::collection::btree_map(key, value, 0..12)
}

proptest! {
    #[test]
    fn any_answers_are_judged(answers in any_answers(), service in 0_usize..95, day in 0_i32..60_000, network: bool) {
        let catalogue = Catalogue::embedded();
        let service = &catalogue.services()[service];
        let date = Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(day));
        let facts = Facts { answers, network, ..Facts::on(date) };
        let evaluation = catalogue.evaluate(service, &facts, WorkCalendar::embedded());
        prop_assert!(evaluation.handover_due > date);
        prop_assert!(evaluation.control_date.date >= date);
        // Every answer that is there is either asked for or complained about.
        let issues = service.check(&facts.answers);
        let asked: Vec<_> = service.inputs(&facts.answers).into_iter().map(|input| input.key).collect();
        for (key, value) in facts.answers.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let complained = issues.iter().any(|issue| issue.key == *key && issue.kind == IssueKind::NotAsked);
            prop_assert!(asked.contains(key) != complained, "{key} = {value}");
        }
    }

    #[test]
    fn any_text_folds_once(text: String) {
        let folded = fold(&text);
        prop_assert_eq!(&fold(&folded), &folded);
        prop_assert!(!folded.starts_with(' ') && !folded.ends_with(' ') && !folded.contains("  "));
    }

    #[test]
    fn any_query_is_searched(text: String) {
        let found = Settlements::embedded().search(Search { text: &text, places_only: false, near: None, limit: 3 });
        prop_assert!(found.len() <= 3);
        Catalogue::embedded().search(&text);
        let _ = text.parse::<Katottg>();
    }

    #[test]
    fn working_days_are_counted_in_order(day in 0_i32..40_000, days in 0_u16..60) {
        let calendar = WorkCalendar::embedded();
        let date = Date::constant(1990, 1, 1).saturating_add(jiff::Span::new().days(day));
        let end = calendar.add_working_days(date, days);
        let between = std::iter::successors(Some(date), |day| day.tomorrow().ok()).skip(1).take_while(|day| *day <= end);
        prop_assert_eq!(between.filter(|day| calendar.is_working(*day)).count(), usize::from(days));
        prop_assert!(days == 0 || calendar.is_working(end));
    }
}
