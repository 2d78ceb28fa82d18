//! Invented requests in the shape that `field-agent record` reads.

use std::collections::BTreeSet;

use catalogue::{Allowed, Catalogue, Facts, WorkCalendar};
use jiff::civil::Date;
use records::PaperForm;
use serde_json::{Map, Value, json};

use super::answers::Scene;
use super::as_records::{address_fields, person_fields, phone_fields};
use super::dice::Dice;
use super::household::{Families, Household};
use super::hromada::Hromada;
use super::pool::Pool;
use super::request::Request;

/// Requests of so many residents of a hromada, as on `today`: an array of forms, one or two for each resident, those
/// of one household together. `None` if the codifier has no such hromada.
pub fn forms(pool: &'static Pool, hromada: &str, residents: usize, seed: u64, today: Date) -> Option<Value> {
    let hromada = Hromada::named(hromada)?;
    let mut dice = Dice::new(seed);
    let mut families = Families::new(pool, &hromada, today);
    let (mut forms, mut done) = (Vec::new(), 0);
    while done < residents {
        let household = families.next(&mut dice);
        let adults = household.members.iter().map(|member| &member.person).filter(|one| one.age(today) >= 18);
        // Whoever is at home asks, too: at most two of a household.
        for applicant in adults.take(2.min(residents - done)) {
            let scene = Scene { pool, hromada: &hromada, household: &household, applicant, today };
            for _ in 0..dice.between(1, 2) {
                let request =
                    std::iter::repeat_with(|| scene.request(&mut dice)).find(|one| is_taken_at_home(one, today));
                forms.push(form(&request?, &scene, &household));
            }
            done += 1;
        }
    }
    Some(Value::Array(forms))
}

/// A request for every service of the catalogue, each of another household of a hromada, as on `today`; those that an
/// officer cannot take in are explained. `None` if the codifier has no such hromada.
pub fn forms_for_every_service(pool: &'static Pool, hromada: &str, seed: u64, today: Date) -> Option<Vec<Value>> {
    let hromada = Hromada::named(hromada)?;
    let mut dice = Dice::new(seed);
    let mut families = Families::new(pool, &hromada, today);
    let every = Catalogue::embedded().services().iter().map(|service| {
        let household = families.next(&mut dice);
        let mut adults = household.members.iter().map(|member| &member.person).filter(|one| one.age(today) >= 18);
        let applicant = adults.next()?;
        let scene = Scene { pool, hromada: &hromada, household: &household, applicant, today };
        let mut form = form(&scene.request_for(service, &mut dice), &scene, &household);
        form["accepted"] = json!({ "service": "так домовлено з центром" });
        Some(form)
    });
    every.collect()
}

/// Whether an officer with a bare laptop may take it in at all.
fn is_taken_at_home(request: &Request, today: Date) -> bool {
    let given = Catalogue::embedded().evaluate(request.service, &Facts::on(today), WorkCalendar::embedded());
    given.allowed != Allowed::ConsultOnly
}

fn form(request: &Request, scene: &Scene<'_>, household: &Household) -> Value {
    let mut fields = Map::new();
    let person = scene.applicant;
    for edit in [person_fields(person), address_fields("pr", &household.address), phone_fields(person)].concat() {
        let text = match edit.value.as_bool() {
            Some(yes) => (if yes { "yes" } else { "no" }).to_owned(),
            None => edit.value.to_string(),
        };
        fields.insert(edit.key, Value::String(text));
    }
    fields.insert("a.citizen".into(), json!("Україна"));
    let grounds: BTreeSet<&str> = person.categories.iter().filter_map(|one| ground(one)).collect();
    if !grounds.is_empty() {
        fields.insert("a.cat".into(), json!(grounds.into_iter().collect::<Vec<_>>().join(", ")));
    }
    fields.insert("delivery".into(), json!(request.delivery));
    let answers: Map<String, Value> = request.answers.iter().map(|(key, text)| (key.clone(), json!(text))).collect();
    json!({
        "service": request.service.slug,
        "fields": fields,
        "answers": answers,
        "papers": papers(request),
        "consent": { "by": "applicant", "parts": ["data", "contact"] },
    })
}

/// The ground for coming to the person, as the officer's list names it. Not everything that is true of somebody is one.
fn ground(category: &str) -> Option<&'static str> {
    Some(match category {
        "age_80plus" => "age",
        "disability_1" => "disability1",
        "disability_2" => "disability2",
        "bedridden" | "wheelchair" => "illness",
        "child_with_disability" => "care",
        "idp" => "displaced",
        "veteran" => "veteran",
        _ => return None,
    })
}

fn papers(request: &Request) -> Map<String, Value> {
    let form = |form: PaperForm| match form {
        PaperForm::Unknown => "",
        PaperForm::Original => "original",
        PaperForm::Copy => "copy",
        PaperForm::Scan => "scan",
    };
    let all = request.papers.iter().map(|(id, paper)| {
        let taken = json!({
            "seen": paper.seen,
            "form": form(paper.form),
            "sheets": paper.sheets,
            "returned": paper.returned,
            "details": paper.details,
        });
        (id.clone(), taken)
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented::{TODAY, TRAINING};
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_gives_the_same_forms_and_another_gives_others() {
        let made = |seed| forms(&TRAINING, "Глобинська", 10, seed, TODAY).unwrap();
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
        assert_eq!(forms(&TRAINING, "Вигадана", 10, 7, TODAY), None);
    }

    #[test]
    fn forty_residents_have_numbers_that_check_and_many_services() {
        let all = forms(&TRAINING, "Глобинська", 40, 7, TODAY).unwrap();
        let all = all.as_array().unwrap();
        let (mut people, mut services) = (BTreeSet::new(), BTreeSet::new());
        for form in all {
            let text = |key: &str| form["fields"][key].as_str().unwrap_or_default().to_owned();
            let yes = |key: &str| text(key) == "yes";
            let found = records::fields::check(records::Kind::Request, &text, &yes, &TODAY.to_string());
            assert!(found.is_empty(), "{found:?}");
            people.insert(format!("{} {} {}", text("a.last"), text("a.first"), text("a.dob")));
            services.insert(form["service"].as_str().unwrap().to_owned());
        }
        assert_eq!(people.len(), 40);
        assert!(services.len() >= 12, "{services:?}");
        let old = people.iter().filter(|person| person.rsplit(' ').next().unwrap() < "1956-11-21").count();
        assert!(old >= 20, "{old} of 40 are over seventy");
    }
}
