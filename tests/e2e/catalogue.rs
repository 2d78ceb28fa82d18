//! A change of one fee from the files to the papers of a request, and back, with the real programs.

use clock::{Clock, SystemClock};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::path::Path;
use valiza_tests::programs::{Centre, Suitcase, form, wait_for};

const SERVICE: &str = "residence-registration";
const FILE: &str = "services/residence.json";
/// The first of the file is that of the service.
const FEE: &str = r#""usual": {"percent": "1.5", "of": "PM_WORKING"}"#;
const NEW_FEE: &str = r#""usual": {"amount": "61.50"}"#;

fn today() -> Date {
    SystemClock::new().now().kyiv().expect("a day of the calendar").date()
}

/// A registration of residence of an invented resident.
fn registration(last: &str) -> Value {
    let mut form = form(last);
    form["service"] = json!(SERVICE);
    form["summary"] = json!("Просить зареєструвати місце проживання");
    form["answers"] = json!({
        "new_address.katottg": "UA53060190130055218", "new_address.street": "Садова", "new_address.house": "4",
        "dereg_same_time": false, "housing_right": "owner", "late": false
    });
    form["papers"] = json!({
        "application": { "form": "original", "sheets": 2 },
        "identity-document": { "seen": true, "returned": true, "details": "СН 123456 від 14.05.1998" },
        "housing-right": { "seen": true, "returned": true, "details": "свідоцтво від 03.02.1999" },
        "payment-proof": { "form": "original", "sheets": 1 }
    });
    form
}

/// What a request recorded now would cost, as the suitcase shows it, with plain spaces; and its number.
fn recorded(suitcase: &Suitcase, last: &str) -> (String, String) {
    let number = suitcase.record(&registration(last));
    let page = suitcase.call(&["show", &number, "--json"]).json();
    let fields = page["fields"].as_array().unwrap();
    let fee = fields.iter().find(|row| row["key"] == "fee").unwrap_or_else(|| panic!("no fee: {page:#}"));
    (fee["value"].as_str().unwrap().replace('\u{a0}', " "), number)
}

/// Numbers of a suitcase's releases, the newest first, with «in force», «planned» and «on trial».
fn releases(suitcase: &Suitcase) -> Vec<(u64, bool, bool, bool)> {
    let told = suitcase.call(&["catalogue", "list", "--json"]).json();
    assert_eq!(told["refused"], json!([]), "{told}");
    let is = |row: &Value, key: &str| row[key].as_bool().unwrap();
    let rows = told["releases"].as_array().unwrap().iter();
    rows.map(|row| (row["number"].as_u64().unwrap(), is(row, "in_force"), is(row, "planned"), is(row, "trial")))
        .collect()
}

/// The desk's news are at the hub, and these suitcases have them; the centre has heard what they say of them.
fn everybody_hears(centre: &Centre, suitcases: &[&Suitcase]) {
    let at_rest = || {
        let told = centre.call(&["status", "--json"]).json();
        (told["waiting_entries"] == 0).then_some(())
    };
    wait_for(at_rest);
    for suitcase in suitcases {
        suitcase.sync().ok();
    }
}

/// What the centre says of a suitcase, once it has heard that it has this release.
fn holder(centre: &Centre, suitcase: u64, has: u64) -> Value {
    wait_for(|| {
        let told = centre.call(&["catalogue", "who", "--json"]).json();
        let rows = told["holders"].as_array().unwrap();
        rows.iter().find(|row| row["suitcase"] == suitcase && row["has"] == has).cloned()
    })
}

fn replace(folder: &Path, good: &str, bad: &str) {
    let path = folder.join(FILE);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(good), "{FILE} has {good}");
    std::fs::write(path, text.replacen(good, bad, 1)).unwrap();
}

/// The files of the first release with the new fee; on the way there, each kind of mistake is found at its place.
fn edited(centre: &Centre) -> String {
    let folder = centre.root().join("release");
    let named = folder.to_str().unwrap();
    centre.call(&["catalogue", "export", "1", named]).ok();
    assert!(folder.join("catalogue.json").is_file() && folder.join("territories.txt").is_file());
    let again = centre.call(&["catalogue", "export", "1", named]);
    assert!(again.code == Some(1) && again.err.contains("тут уже є файл"), "{again:?}");
    let same = centre.call(&["catalogue", "check", named, "--json"]).json();
    assert_eq!((&same["faults"], &same["changes"]), (&json!([]), &json!([])));

    replace(&folder, FEE, r#""usual": {"amount": "шістдесят"}"#);
    let word = centre.call(&["catalogue", "check", named]);
    assert_eq!(word.code, Some(1), "{word:?}");
    assert!(word.out.contains(FILE) && word.out.contains(SERVICE) && word.out.contains("шістдесят"), "{word:?}");
    let refused = centre.call(&["catalogue", "publish", named, "--from", &today().to_string()]);
    assert!(refused.code == Some(1) && refused.err.contains(FILE), "{refused:?}");
    replace(&folder, "шістдесят\"}", "61.50\"");
    let brace = centre.call(&["catalogue", "check", named]);
    assert!(brace.code == Some(1) && brace.out.contains(&format!("{FILE}:")), "no line: {brace:?}");
    replace(&folder, NEW_FEE.trim_end_matches('}'), NEW_FEE);

    let good = centre.call(&["catalogue", "check", named]).ok();
    assert!(good.out.replace('\u{a0}', " ").contains("61,50 грн"), "{good:?}");
    named.to_owned()
}

#[test]
fn one_fee_is_tried_published_charged_and_taken_back() {
    let centre = Centre::start();
    let (three, seven) = (centre.suitcase(3), centre.suitcase(7));
    let folder = edited(&centre);
    let (day, next_day) = (today().to_string(), (today() + 1.day()).to_string());
    let (old_fee, _) = recorded(&seven, "Коваленко");
    assert_ne!(old_fee, "61,50");

    // On trial with one suitcase.
    let tried = centre.call(&["catalogue", "try", &folder, "--suitcase", "7", "--from", &day, "--json"]).json();
    assert_eq!(tried["number"], 2, "{tried}");
    everybody_hears(&centre, &[&three, &seven]);
    assert_eq!(releases(&three), [(1, true, false, false)]);
    assert_eq!(releases(&seven), [(2, true, false, true), (1, false, false, false)]);
    assert_eq!((recorded(&three, "Гук").0, recorded(&seven, "Їжак").0), (old_fee.clone(), "61,50".to_owned()));
    seven.sync().ok();
    assert_eq!(holder(&centre, 7, 2)["trial"], 2);

    // The trial ends: the suitcase has what all have, and nothing there is said to be on trial.
    centre.call(&["catalogue", "end-trial", "--suitcase", "7"]).ok();
    everybody_hears(&centre, &[&three, &seven]);
    assert_eq!(releases(&seven), [(2, false, false, false), (1, true, false, false)]);
    assert_eq!(recorded(&seven, "Мороз").0, old_fee);
    seven.sync().ok();
    assert_eq!(holder(&centre, 7, 3)["trial"], Value::Null);

    // For everybody, from today: only the difference travels.
    three.sync().ok();
    let quiet = three.call(&["sync", "--json"]).json()["bytes"].as_u64().unwrap();
    let published = centre.call(&["catalogue", "publish", &folder, "--from", &day, "--json"]).json();
    assert_eq!(published["number"], 4, "{published}");
    everybody_hears(&centre, &[&seven]);
    let news = three.call(&["sync", "--json"]).json();
    let more = news["bytes"].as_u64().unwrap() - quiet;
    println!(
        "one fee: {} bytes written into the register; the exchange that brought it to a suitcase took {} bytes, {more} \
         more than one without news, TLS and all",
        published["bytes"], news["bytes"]
    );
    assert!(published["bytes"].as_u64().unwrap() < 600 && more < 6_000, "{published} {news}");
    for suitcase in [&three, &seven] {
        assert_eq!(releases(suitcase)[0], (4, true, false, false));
    }
    let told = three.call(&["catalogue", "diff", "1", "4"]).ok().out.replace('\u{a0}', " ");
    assert!(told.contains("Реєстрація місця проживання") && told.contains("61,50 грн"), "{told}");
    let (fee, number) = recorded(&three, "Бондар");
    assert_eq!(fee, "61,50");
    three.sync().ok();
    seven.sync().ok();
    holder(&centre, 7, 4);
    wait_for(|| {
        let said = centre.call(&["show", &number, "--json"]);
        (said.code == Some(0) && said.json()["fee"] == 6150).then_some(())
    });

    // Back: planned for tomorrow it is seen and not used; from today it is used.
    let back = centre.call(&["catalogue", "roll-back", "1", "--from", &next_day, "--json"]).json();
    assert_eq!(back["number"], 5, "{back}");
    everybody_hears(&centre, &[&three]);
    assert_eq!(releases(&three)[..2], [(5, false, true, false), (4, true, false, false)]);
    assert_eq!(recorded(&three, "Шевчук").0, "61,50");
    // What is planned comes sooner: that needs a reason.
    let sooner = ["catalogue", "roll-back", "1", "--from", &day];
    let refused = centre.call(&sooner);
    assert!(refused.code == Some(1) && refused.err.contains("впишіть, чому"), "{refused:?}");
    centre.call(&[&sooner[..], &["--reason", "помилкова плата"]].concat()).ok();
    everybody_hears(&centre, &[&three]);
    assert_eq!(releases(&three)[0], (6, true, false, false));
    assert_eq!(recorded(&three, "Ткач").0, old_fee);
    three.sync().ok();
    assert_eq!(holder(&centre, 3, 6)["state"], "has");
    // Whoever was not in contact is said not to have it yet.
    assert_eq!(holder(&centre, 7, 4)["state"], "not-yet");
}
