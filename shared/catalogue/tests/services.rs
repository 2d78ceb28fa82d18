//! The embedded services: whole, consistent, and evaluated as their sources say.

use std::collections::BTreeSet;

use catalogue::*;
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 20);

fn answers(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn evaluate<'a>(slug: &str, facts: &Facts) -> Evaluation<'a> {
    let catalogue = Catalogue::embedded();
    catalogue.evaluate(catalogue.service(slug).expect(slug), facts, WorkCalendar::embedded())
}

fn with_answers(pairs: &[(&str, &str)]) -> Facts {
    Facts { answers: answers(pairs), ..Facts::on(TODAY) }
}

fn fee(slug: &str, day: Date, pairs: &[(&str, &str)]) -> FeeOutcome {
    evaluate(slug, &Facts { answers: answers(pairs), ..Facts::on(day) }).fee.outcome
}

fn kopiykas(outcome: &FeeOutcome) -> Option<i64> {
    match outcome {
        FeeOutcome::Known(amount) => Some(amount.kopiykas),
        _ => None,
    }
}

fn paper(slug: &str, facts: &Facts, id: &str) -> PaperState {
    evaluate(slug, facts).papers.iter().find(|need| need.paper.id == id).expect(id).state
}

#[test]
fn the_whole_catalogue_loads() {
    let catalogue = Catalogue::embedded();
    assert_eq!(catalogue.services().len(), 95);
    assert_eq!(catalogue.groups().len(), 13);
    for group in catalogue.groups() {
        assert!(catalogue.services_of(&group.id).count() > 0, "{} is empty", group.id);
    }
    assert_eq!(catalogue.release().number, 1);
}

#[test]
fn every_service_can_be_shown_and_evaluated() {
    let catalogue = Catalogue::embedded();
    for service in catalogue.services() {
        let evaluation = catalogue.evaluate(service, &Facts::on(TODAY), WorkCalendar::embedded());
        assert!(
            evaluation.allowed == Allowed::Complete || !evaluation.reasons.is_empty(),
            "{}: no reason",
            service.slug
        );
        assert!(evaluation.control_date.date >= TODAY, "{}", service.slug);
        assert_eq!(evaluation.papers.len(), service.papers.len());
        assert!(!service.papers.is_empty(), "{}: no papers", service.slug);
        assert!(!service.authorities.is_empty() && !service.sources.is_empty(), "{}", service.slug);
        let inputs = service.inputs(&Answers::new());
        let keys: BTreeSet<_> = inputs.iter().map(|input| &input.key).collect();
        assert_eq!(keys.len(), inputs.len(), "{}: an input is there twice", service.slug);
    }
}

#[test]
fn every_condition_can_come_true() {
    // The loader checks that fields and options exist; here each hidden field is really brought out by an answer.
    for service in Catalogue::embedded().services() {
        for field in service.fields.iter().filter(|field| field.show_if.is_some()) {
            let mut given = Answers::new();
            let mut wanted = Some(field);
            while let Some(condition) = wanted.and_then(|field| field.show_if.as_ref()) {
                let (on, value) = condition.answers_named()[0];
                given.insert(on.to_owned(), value.to_owned());
                wanted = service.field(on);
            }
            let hidden = service.visible_fields(&Answers::new());
            assert!(!hidden.iter().any(|one| one.id == field.id), "{} {}", service.slug, field.id);
            let shown = service.visible_fields(&given);
            assert!(shown.iter().any(|one| one.id == field.id), "{} {}", service.slug, field.id);
        }
    }
}

#[test]
fn a_fee_no_source_confirms_is_never_free() {
    let catalogue = Catalogue::embedded();
    let mut unknown = 0;
    for service in catalogue.services() {
        let outcome = catalogue.evaluate(service, &Facts::on(TODAY), WorkCalendar::embedded()).fee.outcome;
        let confirmed = service.confirmed.iter().any(|field| field == "fee");
        if outcome == FeeOutcome::Free {
            assert!(confirmed, "{}: free without a source", service.slug);
        }
        if service.fee.rule == FeeRule::Unknown {
            unknown += 1;
            assert_eq!(outcome.words().uk, "уточнюється");
            assert_eq!(outcome.due(), None);
        }
    }
    assert_eq!(unknown, 36);
}

#[test]
fn residence_costs_what_the_year_says() {
    let slug = "residence-registration";
    let in_time = [("late", "no")];
    let late = [("late", "yes")];
    assert_eq!(kopiykas(&fee(slug, TODAY, &in_time)), Some(4_992));
    assert_eq!(kopiykas(&fee(slug, TODAY, &late)), Some(8_320));
    assert_eq!(kopiykas(&fee(slug, date(2025, 12, 31), &in_time)), Some(4_542));
    assert_eq!(kopiykas(&fee(slug, date(2025, 12, 31), &late)), Some(7_570));
    assert_eq!(fee(slug, TODAY, &in_time).words().uk, "49,92 грн");
    let FeeOutcome::Known(amount) = fee(slug, TODAY, &in_time) else { panic!() };
    assert!(amount.basis.uk.starts_with("1,5 % від 3\u{a0}328,00 грн"), "{}", amount.basis.uk);
}

#[test]
fn a_fee_waits_for_its_answer_and_for_its_year() {
    let FeeOutcome::Conditional(branches) = fee("residence-registration", TODAY, &[]) else { panic!() };
    let amounts: Vec<_> = branches.iter().map(|branch| kopiykas(&branch.fee)).collect();
    assert_eq!(amounts, [Some(4_992), Some(8_320)]);
    // The base of a year that the release does not hold is unknown, not last year's.
    let next_year = fee("residence-registration", date(2027, 1, 1), &[("late", "no")]);
    assert!(matches!(&next_year, FeeOutcome::Unknown(why) if why.uk.contains("2027")), "{next_year:?}");
}

#[test]
fn exemptions_and_surcharges_follow_the_answers() {
    let dereg = |ground| fee("residence-deregistration", TODAY, &[("ground", ground)]);
    assert_eq!(kopiykas(&dereg("own")), Some(4_992));
    assert_eq!(dereg("court"), FeeOutcome::Free);
    let extract = |pairs: &[(&str, &str)]| fee("cadastre-parcel-extract", TODAY, pairs);
    assert_eq!(kopiykas(&extract(&[("with_rights", "no")])), Some(16_640));
    assert_eq!(kopiykas(&extract(&[("with_rights", "yes"), ("delivery", "paper")])), Some(16_640 + 8_000));
    assert_eq!(kopiykas(&extract(&[("with_rights", "yes"), ("delivery", "e")])), Some(16_640 + 4_000));
    assert_eq!(kopiykas(&fee("realty-register-info", TODAY, &[("delivery", "e")])), Some(4_000));
    assert_eq!(kopiykas(&fee("marriage-registration", TODAY, &[])), Some(85));
    assert_eq!(fee("housing-subsidy", TODAY, &[]), FeeOutcome::Free);
}

#[test]
fn papers_follow_the_answers() {
    let bank = with_answers(&[("payout", "bank"), ("basis", "tenant")]);
    let post = with_answers(&[("payout", "post"), ("basis", "registered")]);
    assert_eq!(paper("housing-subsidy", &bank, "bank-details"), PaperState::Needed);
    assert_eq!(paper("housing-subsidy", &post, "bank-details"), PaperState::NotNeeded);
    assert_eq!(paper("housing-subsidy", &bank, "lease"), PaperState::Needed);
    assert_eq!(paper("housing-subsidy", &post, "lease"), PaperState::NotNeeded);
    assert_eq!(paper("housing-subsidy", &Facts::on(TODAY), "lease"), PaperState::Ask);
    assert_eq!(paper("housing-subsidy", &bank, "income-certificates"), PaperState::Ask, "only the officer can tell");
    assert_eq!(paper("housing-subsidy", &bank, "application"), PaperState::Needed);
}

#[test]
fn papers_follow_the_person_and_the_fee() {
    let slug = "residence-registration";
    let facts = |representative, age| Facts { representative, age, ..with_answers(&[("late", "no")]) };
    assert_eq!(paper(slug, &facts(Some(true), None), "representative-authority"), PaperState::Needed);
    assert_eq!(paper(slug, &facts(Some(false), None), "representative-authority"), PaperState::NotNeeded);
    assert_eq!(paper(slug, &facts(None, Some(9)), "child-birth-certificate"), PaperState::Needed);
    assert_eq!(paper(slug, &facts(None, Some(81)), "child-birth-certificate"), PaperState::NotNeeded);
    assert_eq!(paper(slug, &facts(None, None), "payment-proof"), PaperState::Needed);
    let court = with_answers(&[("ground", "court")]);
    assert_eq!(paper("residence-deregistration", &court, "payment-proof"), PaperState::NotNeeded);
    assert_eq!(paper("residence-deregistration", &court, "death-or-court"), PaperState::Needed);
    let aged = |age| Facts { age: Some(age), ..court.clone() };
    assert_eq!(paper("residence-deregistration", &aged(15), "parents-consent"), PaperState::Needed);
    assert_eq!(paper("residence-deregistration", &aged(18), "parents-consent"), PaperState::NotNeeded);
}

#[test]
fn what_is_allowed_follows_network_and_equipment() {
    let mut facts = Facts::on(TODAY);
    assert_eq!(evaluate("residence-registration", &facts).allowed, Allowed::Intake);
    let offline = evaluate("residence-registration", &facts);
    assert!(offline.missing_needs.iter().any(|one| one.need.id == "online:hromada-register"));
    assert!(offline.reasons[0].uk.contains("немає мережі"), "{:?}", offline.reasons);
    facts.network = true;
    assert_eq!(evaluate("residence-registration", &facts).allowed, Allowed::Intake, "a network is no access");
    facts.at_hand.insert("online:hromada-register".to_owned());
    assert_eq!(evaluate("residence-registration", &facts).allowed, Allowed::Complete);
    assert_eq!(evaluate("owner-consent-residence", &Facts::on(TODAY)).allowed, Allowed::Complete);
    assert_eq!(evaluate("birth-registration", &facts).allowed, Allowed::Intake);
    assert_eq!(evaluate("social-services-decision", &facts).allowed, Allowed::Intake, "the authority decides");
}

#[test]
fn what_cannot_be_done_is_consulted_on() {
    let offline = Facts::on(TODAY);
    let online = Facts { network: true, ..Facts::on(TODAY) };
    assert_eq!(evaluate("driving-licence-exchange", &online).allowed, Allowed::ConsultOnly);
    assert_eq!(evaluate("id-card-exchange", &online).allowed, Allowed::ConsultOnly, "no biometric station");
    assert_eq!(evaluate("residence-declaration", &offline).allowed, Allowed::ConsultOnly);
    assert_eq!(evaluate("residence-declaration", &online).allowed, Allowed::OnlineAssist);
    let equipped = ["biometric-workstation", "online:demographic-register"].map(str::to_owned);
    let station = Facts { at_hand: BTreeSet::from(equipped), ..online };
    assert_eq!(evaluate("id-card-exchange", &station).allowed, Allowed::Intake);
}

#[test]
fn dates_follow_the_term() {
    // Friday 20.11.2026.
    let subsidy = evaluate("housing-subsidy", &Facts::on(TODAY));
    assert_eq!(subsidy.handover_due, date(2026, 11, 23));
    assert_eq!(subsidy.control_date.date, date(2026, 11, 30));
    assert_eq!(subsidy.control_date.nearness, Nearness::Stated);
    assert!(subsidy.control_date.may_be_suspended);
    let pension = evaluate("old-age-pension", &Facts::on(TODAY)).control_date;
    assert_eq!(pension.date, date(2026, 12, 4), "ten working days");
    let assumed = evaluate("pension-file-info", &Facts::on(TODAY)).control_date;
    assert_eq!((assumed.date, assumed.nearness), (date(2026, 12, 20), Nearness::Assumed));
    assert!(assumed.basis.uk.contains("не встановлено"));
    let unclear = evaluate("idp-living-aid", &Facts::on(TODAY)).control_date;
    assert_eq!((unclear.date, unclear.nearness), (date(2026, 11, 27), Nearness::DaysUnclear));
    assert!(!evaluate("birth-registration", &Facts::on(TODAY)).control_date.may_be_suspended);
    let urgent = evaluate("id-card-exchange", &with_answers(&[("urgency", "urgent")])).control_date;
    assert_eq!(urgent.date, date(2026, 12, 4));
}

#[test]
fn a_clock_before_the_catalogue_is_named() {
    let reasons = evaluate("housing-subsidy", &Facts::on(date(1970, 1, 1))).cautions;
    assert!(reasons.iter().any(|reason| reason.uk.contains("перевірте годинник")));
    evaluate("housing-subsidy", &Facts::on(date(2099, 12, 31)));
}

#[test]
fn services_are_found_by_any_word() {
    let catalogue = Catalogue::embedded();
    let first = |query: &str| catalogue.search(query).first().map(|service| service.slug.as_str());
    assert_eq!(first("субсид"), Some("housing-subsidy"));
    assert_eq!(first("СУБСИДІЙ"), Some("housing-subsidy"));
    assert_eq!(first("00034"), Some("residence-registration"));
    assert_eq!(first("витяг реєстру громади"), Some("hromada-register-extract"));
    assert_eq!(first("cadastre parcel extract"), Some("cadastre-parcel-extract"));
    // An apostrophe of any kind or none, and a Latin «i».
    for query in ["сім'ї", "сім’ї", "сiм’ї", "сімї"] {
        assert!(!catalogue.search(query).is_empty(), "{query}");
    }
    // Other cases of the word, and what people say instead.
    assert_eq!(first("субсидія"), Some("housing-subsidy"));
    assert_eq!(first("пенсія за віком"), Some("old-age-pension"));
    assert_eq!(first("прописка"), Some("residence-registration"));
    assert_eq!(first("витяг РТГ"), Some("hromada-register-extract"));
    assert_eq!(first("довідка переселенця"), Some("idp-registration"));
    assert!(catalogue.search("переселенець").iter().all(|service| service.group == "idp"));
    assert_eq!(catalogue.search("").len(), 95);
    assert_eq!(catalogue.search(&"пенсія ".repeat(10_000)), catalogue.search("пенсія"));
    assert!(catalogue.search("немаєтакогослова").is_empty());
    let by_group = catalogue.search("пенсійні");
    assert!(by_group.iter().any(|service| service.group == "pension"));
}
