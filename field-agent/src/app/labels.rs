//! Labels of fields and values as people read them.

use super::Agent;
use catalogue::Catalogue;
use records::Value;
use records::schema::{self, Kind};
use records::view::RequestView;

impl Agent {
    /// The label of a field of a request for this service, in a catalogue.
    pub(super) fn label(&self, catalogue: &Catalogue, service: &str, key: &str) -> (String, String) {
        if let Some(about) = key.strip_prefix("w.") {
            let (uk, en) = self.label(catalogue, service, about);
            return (format!("{uk}: причина"), format!("{en}: reason"));
        }
        let service = catalogue.service(service);
        if let (Some(question), Some(service)) = (key.strip_prefix("f."), service) {
            return self.question(service, question);
        }
        if let (Some(id), Some(service)) = (key.strip_prefix("d."), service)
            && let Some(paper) = service.papers.iter().find(|paper| paper.id == id)
        {
            return (paper.name.uk.clone(), paper.name.en.clone());
        }
        match schema::field(Kind::Request, key) {
            Some(field) => (field.uk.to_owned(), field.en.to_owned()),
            None => (key.to_owned(), key.to_owned()),
        }
    }

    fn question(&self, service: &catalogue::Service, question: &str) -> (String, String) {
        let answers = [(question.to_owned(), "x".to_owned())].into();
        let field = service.field(question.split('.').next().unwrap_or_default());
        let input = field.and_then(|field| field.inputs(&answers).into_iter().find(|input| input.key == question));
        match (field, input) {
            (Some(field), Some(input)) if input.key != field.id => {
                let row = input.row.map(|row| format!(" {row}")).unwrap_or_default();
                let joined = |of: &str, part: &str| format!("{of}{row}: {part}");
                (joined(&field.label.uk, &input.label.uk), joined(&field.label.en, &input.label.en))
            }
            (Some(field), _) => (field.label.uk.clone(), field.label.en.clone()),
            (None, _) => (question.to_owned(), question.to_owned()),
        }
    }

    /// A value as people read it: choices by their label, settlements by name.
    pub(super) fn shown(&self, view: &RequestView, key: &str, value: &Value) -> String {
        let text = value.to_string();
        let service = self.catalogue_kept(view).service(view.service.text());
        if let (Some(question), Some(service)) = (key.strip_prefix("f."), service) {
            let field = service.field(question.split('.').next().unwrap_or_default());
            let chosen = field.and_then(|field| field.kind.options().iter().find(|option| option.value == text));
            return match (chosen, text.as_str()) {
                (Some(option), _) => option.label.uk.clone(),
                (None, "yes") => "так".to_owned(),
                (None, "no") => "ні".to_owned(),
                _ => self.place_name(&text).unwrap_or(text),
            };
        }
        match (key, value.as_int()) {
            ("submitted" | "c.at", Some(at)) => pages::format::date_time(clock::Time(at)),
            ("a.cat", _) => {
                let words = super::categories::codes(&text).map(|code| self.category_words(code).uk);
                words.collect::<Vec<_>>().join("; ")
            }
            ("fee", Some(kopiykas)) => catalogue::hryvnias(kopiykas),
            _ if key.ends_with(".kat") => self.place_name(&text).unwrap_or(text),
            _ => coded(key, &text).map_or(text, str::to_owned),
        }
    }

    fn place_name(&self, code: &str) -> Option<String> {
        self.settlements.by_code(code.parse().ok()?).map(|place| place.display())
    }
}

/// The words of a value that is one of a few codes.
fn coded(key: &str, code: &str) -> Option<&'static str> {
    let name = key.rsplit('.').next().unwrap_or_default();
    Some(match (name, code) {
        ("sex", "m") => "чоловіча",
        ("sex", "f") => "жіноча",
        ("seen", "original") => "за оригіналом документа",
        ("seen", "chip") => "за чипом документа",
        ("seen", "diia") => "у Дії",
        ("seen", "none") => "не встановлено",
        ("delivery", "person") => "особисто",
        ("delivery", "post") => "поштою",
        ("delivery", "phone") => "телефоном",
        ("delivery", "home") => "удома",
        ("by", "applicant") => "заявник",
        ("by", "representative") => "представник",
        ("by", "witnesses") => "заявник при свідках",
        ("channel", "visit") => "на виїзді",
        ("channel", "desk") => "у центрі",
        ("form", "person") => "фізична особа",
        ("form", "fop") => "фізична особа — підприємець",
        ("form", "legal") => "юридична особа",
        ("doc", _) => records::fields::DocumentKind::from_text(code)?.label().0,
        _ => return None,
    })
}
