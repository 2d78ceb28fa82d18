//! Every service all the way: recorded on a suitcase, synced, read back at the centre, laid out for paper there.

use super::clerk::sign_in;
use super::paper;
use super::window::Window;
use serde_json::Value;
use std::collections::BTreeMap;
use valiza_tests::invented::{UNSEEN, forms_for_every_service};
use valiza_tests::programs::{Centre, Suitcase};

/// Records each form; numbers with the forms they were given for.
fn record(suitcase: &Suitcase, forms: Vec<Value>) -> BTreeMap<String, Value> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    serde_json::to_writer(&file, &forms).expect("a file");
    let said = suitcase.call(&["record", file.path().to_str().expect("a path in UTF-8")]).ok();
    let numbers: Vec<String> = said.out.lines().map(|line| line.trim().to_owned()).collect();
    assert_eq!(numbers.len(), forms.len(), "{}", said.out);
    numbers.into_iter().zip(forms).collect()
}

/// The answers of a form and of a request as the centre tells it, by key.
fn told(form: &Value, request: &Value) -> [BTreeMap<String, String>; 2] {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        other => other.to_string(),
    };
    let sent = form["answers"].as_object().into_iter().flatten();
    let sent = sent.map(|(key, value)| (key.clone(), text(value))).filter(|(_, value)| !value.is_empty());
    let read = request["fields"].as_object().into_iter().flatten();
    let read = read.filter_map(|(key, value)| Some((key.strip_prefix("f.")?.to_owned(), text(value))));
    [sent.collect(), read.filter(|(_, value)| !value.is_empty()).collect()]
}

/// Elements wider than the paper, by their classes.
const TOO_WIDE: &str = "[...document.querySelectorAll('main *')].filter(e => e.checkVisibility()
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(e => e.tagName + '.' + e.className + ': ' + e.textContent.trim().slice(0, 60)).slice(0, 3).join('; ')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_service_is_synced_read_back_and_fits_the_paper() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let today = jiff::Zoned::now().date();
    let forms = forms_for_every_service(&UNSEEN, "Глобинська", 11, today).expect("a hromada of the codifier");
    let recorded = record(&suitcase, forms);
    assert_eq!(recorded.len(), 95);
    suitcase.sync().ok();
    assert_eq!(centre.queue_of(95).len(), 95);
    let window = Window::open().await;
    sign_in(&window, &centre).await;
    window.as_on_paper().await;
    for (number, form) in &recorded {
        let request = centre.call(&["show", number, "--json"]).json();
        assert_eq!(request["service"], form["service"], "{number}");
        let [sent, read] = told(form, &request);
        assert_eq!(sent, read, "{number} {}", form["service"]);
        for size in ["", "?large=1"] {
            window.go(&format!("{}requests/{number}/papers/all{size}", centre.desk)).await;
            let wide = window.ask(TOO_WIDE).await;
            assert_eq!(wide, "", "{} {size}", form["service"]);
        }
    }
    let printed = paper::read(&window.print().await);
    assert!(printed.size.contains("A4"), "{}", printed.size);
    // Faces of a variable font would be drawn shape by shape, which some printers do badly.
    assert!(
        !printed.fonts.is_empty() && printed.fonts.iter().all(|font| !font.contains("Type 3")),
        "{:?}",
        printed.fonts
    );
}
