//! An untouched page of a correction changes nothing, whatever a request may hold: every key that `record` accepts, in
//! every spelling of it.

use super::tests::Browser;
use super::tests_correct::{inputs, set};
use crate::app::testing::sample_form;
use crate::app::{Agent, Form, PaperTaken, Severity};
use records::schema::{self, Key, Kind};
use std::collections::BTreeSet;

/// Keys of a request that the program writes or that stand in parts of their own.
const OURS: [&str; 27] = [
    "v",
    "id",
    "created",
    "officer",
    "officer_name",
    "suitcase",
    "number",
    "submitted",
    "channel",
    "offline",
    "visit",
    "service",
    "service_name",
    "release",
    "official",
    "provider",
    "due",
    "handover_due",
    "info_card",
    "c.text",
    "c.by",
    "c.at",
    "a.resident",
    "r.resident",
    "sheets",
    "fee",
    "a.form",
];

/// What may be written at a key: as people and as files of other programs write it. What is refused is left out.
fn spellings(key: &str) -> Vec<&'static str> {
    match key.rsplit('.').next().unwrap() {
        "last" | "first" | "patr" => vec!["Коваленко", "О’Ніл-Дем'яненко", "Ганна  Марія", "John", "д'Арк"],
        "dob" => vec!["1938-07-22", "1938", "22.07.1938", "1938-07", "1926-03-22"],
        "issued" | "until" | "since" | "fee_date" | "power_date" => {
            vec!["2001-02-03", "03.02.2001", "2001", "2030-12-31"]
        }
        "sex" => vec!["f", "m", "x"],
        "rnokpp" => vec!["1408212320", "140 821 2320"],
        "edrpou" => vec!["00032129", "000 32129"],
        "norn" => vec!["no", "yes", "так", "0"],
        "unzr" => vec!["19380722-01233", "19380722 01233"],
        "doc" => vec!["passport", "id-card", "перепустка"],
        "ser" => vec!["СН", "сн", "\"A&B\""],
        "num" => vec!["123456", "АВ 12/3-4", "12 34 56"],
        "seen" => vec!["original", "chip", "показано у застосунку"],
        "kat" => vec!["UA53060190130055218", "UA99999999999999999", "UA53020110190012894"],
        "place" => vec!["с. Опришки", "с. Опришки, Глобинська громада", "с.\u{a0}Опришки"],
        "index" => vec!["39011", "39 011", "39011-1"],
        "house" | "flat" | "part" => vec!["4", "4-Б", "б/н", "12  а"],
        "phone" | "phone2" => vec!["+380671234567", "0671234567", "+48 123 456 789", "067 123-45-67", "80671234567"],
        "email" => vec!["hanna@example.org", "Hanna@Example.ORG"],
        "delivery" => vec!["home", "person", "кур’єром"],
        "cat" => vec!["age", "carer, age", "age,carer", "давня категорія"],
        "summary" => vec!["перший рядок\nдругий рядок", "\nпісля порожнього", "рядок\r\n\tдалі", "одним  рядком"],
        "citizen" => vec!["UA", "без громадянства"],
        "power" => vec!["донька", "довіреність", "attorney"],
        _ => vec!["слова", "два  пробіли", "\"лапки\" <b>&amp;</b> 'це'", "=1+2", "=нерозривний\u{a0}пробіл"],
    }
}

/// The sample with the so-manieth spelling at every key that accepts it, and a reason for everything odd. Gives the
/// form and the keys that took this spelling.
fn spelled(agent: &Agent, keys: &[String], turn: usize) -> (Form, BTreeSet<String>) {
    let mut form = sample_form();
    let mut taken = BTreeSet::new();
    let refused = |form: &Form| -> BTreeSet<String> {
        let errors = agent.check(form).unwrap().findings.into_iter().filter(|one| one.severity == Severity::Error);
        errors.map(|one| one.key).collect()
    };
    // A representative is one only with a surname and a ground; then every key can be tried by itself.
    form.fields.insert("r.power".into(), "донька".into());
    form.fields.insert("r.last".into(), "Коваленко".into());
    for key in keys {
        let all = spellings(key);
        let mut more = form.clone();
        more.fields.insert(key.clone(), all[turn % all.len()].into());
        if refused(&more).is_empty() {
            form = more;
            taken.insert(key.clone());
        }
    }
    form.papers.insert(
        "application".into(),
        PaperTaken {
            form: "copy".into(),
            sheets: 3,
            details: "два  пробіли й \"лапки\"".into(),
            ..PaperTaken::default()
        },
    );
    for finding in agent.check(&form).unwrap().findings {
        form.accepted.insert(finding.key, "так у документі;\nзвірено двічі".into());
    }
    (form, taken)
}

/// What is another now, a line each.
fn changed(before: &Form, now: &Form) -> String {
    let mut lines = String::new();
    for (was, is) in [(&before.fields, &now.fields), (&before.answers, &now.answers), (&before.accepted, &now.accepted)]
    {
        for key in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
            if was.get(key) != is.get(key) {
                lines.push_str(&format!("{key}: {:?} is {:?}\n", was.get(key), is.get(key)));
            }
        }
    }
    if (&before.papers, &before.consent, &before.service) != (&now.papers, &now.consent, &now.service) {
        lines.push_str(&format!("{:?} is {:?}\n", before.papers, now.papers));
    }
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_that_is_recorded_survives_an_untouched_page() {
    let mut browser = Browser::at_work().await;
    let agent = browser.console.agent().unwrap();
    let keys: Vec<String> = schema::table(Kind::Request)
        .filter(|field| matches!(field.key, Key::One(_)))
        .map(schema::Field::key_pattern)
        .filter(|key| !OURS.contains(&key.as_str()))
        .chain(["a.form".to_owned()])
        .collect();
    let mut ever = BTreeSet::new();
    for turn in 0..5 {
        let (form, taken) = spelled(&agent, &keys, turn);
        ever.extend(taken.iter().cloned());
        let number = agent.save(&form, None).unwrap().number;
        let held = agent.form_of_request(&number).unwrap();
        for key in &taken {
            let no = ["no", "0"].contains(&form.field(key));
            assert_eq!(held.field(key).is_empty(), no, "{key} was kept");
        }
        let here = format!("/requests/{}", pages::address::encode(&number));
        let mut pairs = inputs(&browser.get(&format!("{here}/correct")).await.text);
        pairs.push(("do".into(), "correct".into()));
        set(&mut pairs, "reason", "звірено");
        let before = agent.request(&number).unwrap().happened.len();
        browser.post_typed(&format!("{here}/correct"), &pairs).await.leads_to();
        assert_eq!(changed(&held, &agent.form_of_request(&number).unwrap()), "", "turn {turn}: nothing was touched");
        assert_eq!(agent.request(&number).unwrap().happened.len(), before, "turn {turn}: and no correction is told");
        // A touched page changes only that.
        set(&mut pairs, "pr.street", "Шевченка");
        browser.post_typed(&format!("{here}/correct"), &pairs).await.leads_to();
        let mut meant = held;
        meant.fields.insert("pr.street".into(), "Шевченка".into());
        assert_eq!(changed(&meant, &agent.form_of_request(&number).unwrap()), "", "turn {turn}");
    }
    let never: Vec<&String> = keys.iter().filter(|key| !ever.contains(*key)).collect();
    assert!(never.is_empty(), "these were never recorded: {never:?}");
}
