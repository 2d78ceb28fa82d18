//! «Згода на обробку персональних даних»: the versioned text with the parts that were agreed to.

use super::{Block, Code, PaperKind, Sheet};
use crate::format::or_nothing;
use crate::{Lang, Texts};

/// Everything that stands on a consent, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsentSheet {
    /// The receipt number of the request it belongs to.
    pub number: String,
    /// Name of the ЦНАП.
    pub centre: String,
    /// Whose data: surname, given name, patronymic.
    pub person: String,
    /// Date of birth and document, to tell people of one name apart; the line is left out if empty.
    pub identity: String,
    /// The service for which it is given.
    pub service: String,
    /// Who gave it where that is not the person: name and by what right; the line is left out if empty.
    pub given_by: String,
    /// «21 листопада 2026 року, 10:20».
    pub date: String,
    /// «версія 1 від 01.01.2026, відбиток 3f2a…».
    pub version: String,
    /// The parts: title, text by lines, whether it was agreed to.
    pub parts: Vec<(String, Vec<String>, bool)>,
    /// What is said instead of a text that this program does not have; left out if empty.
    pub missing: String,
    /// Name of the person who signs.
    pub signer: String,
    /// Witnesses sign because the person cannot.
    pub by_witnesses: bool,
    /// Name of the administrator in whose presence it was given.
    pub administrator: String,
    /// What stands in the QR code; empty for no code.
    pub code: String,
    /// What is said under the code; may be empty.
    pub code_note: String,
}

impl ConsentSheet {
    /// The paper.
    pub fn sheet(&self) -> Sheet {
        let t = Texts::new(Lang::Uk);
        let rows: [(&str, &str, bool); 5] = [
            ("consent-person", &self.person, true),
            ("consent-identity", &self.identity, false),
            ("opys-service", &self.service, true),
            ("consent-given-by", &self.given_by, false),
            ("consent-version", &self.version, true),
        ];
        let shown = rows.iter().filter(|(_, value, always)| *always || !value.trim().is_empty());
        let mut blocks = vec![Block::Facts(shown.map(|(key, value, _)| (t.text(key), (*value).to_owned())).collect())];
        for (title, lines, agreed) in &self.parts {
            blocks.push(Block::Heading(title.clone()));
            blocks.push(Block::Text(lines.clone()));
            let answer = |key: &str, chosen: bool| (t.text(key), chosen);
            blocks.push(Block::Boxes(vec![answer("consent-agreed", *agreed), answer("consent-refused", !agreed)]));
        }
        if !self.missing.is_empty() {
            blocks.push(Block::Mark(self.missing.clone()));
        }
        let mut persons = vec![(t.text("consent-signs"), self.signer.clone())];
        if self.by_witnesses {
            persons.extend([1, 2].map(|n| (t.count("consent-witness", n), String::new())));
        }
        persons.push((t.text("consent-in-presence"), self.administrator.clone()));
        blocks.push(Block::Signatures(persons, String::new()));
        Sheet {
            kind: PaperKind::Consent,
            number: self.number.clone(),
            title: t.text("consent-title"),
            copy: String::new(),
            centre: self.centre.clone(),
            addressees: Vec::new(),
            lead: or_nothing(&self.date).to_owned(),
            subtitle: t.with("consent-subtitle", "number", &self.number),
            spoken: String::new(),
            code: Code::of(t, &self.code),
            code_note: self.code_note.clone(),
            blocks,
            contact: String::new(),
        }
        .typeset()
    }
}
