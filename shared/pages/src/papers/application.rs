//! «Заява»: what the applicant asks for, with the content that art. 40 of the Law on administrative procedure wants:
//! to whom, who and how to reach them, what is asked, when.

use super::{Block, Code, PaperKind, Sheet};
use crate::format::or_nothing;
use crate::{Lang, OpysPaper, Texts};

/// Everything that stands on an application, ready to be read. Empty texts are printed as «—», except where a line
/// is said to be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Application {
    /// The receipt number.
    pub number: String,
    /// Name of the ЦНАП through which it is submitted.
    pub centre: String,
    /// The body that provides the service.
    pub provider: String,
    /// The applicant.
    pub applicant: ApplicationPerson,
    /// Who acts for the applicant: the same data; nothing if the applicant acts alone.
    pub representative: Option<ApplicationPerson>,
    /// The service's name with its code.
    pub service: String,
    /// What is asked for in the applicant's words; left out if empty.
    pub summary: String,
    /// Answers to the form's questions.
    pub answers: Vec<Answered>,
    /// The papers with it.
    pub papers: Vec<OpysPaper>,
    /// All sheets together.
    pub sheets: u32,
    /// Ways of receiving the result, the chosen ones true.
    pub delivery: Vec<(String, bool)>,
    /// The sentence on the permission to process personal data; left out if empty.
    pub permission: String,
    /// «21 листопада 2026 року».
    pub date: String,
    /// Recorded without access to the registers.
    pub offline: bool,
    /// Name of the administrator who took it.
    pub administrator: String,
    /// Name of the person who signs.
    pub signer: String,
    /// Witnesses sign because the applicant cannot.
    pub by_witnesses: bool,
    /// What stands in the QR code; empty for no code.
    pub code: String,
    /// What is said under the code; may be empty.
    pub code_note: String,
}

/// A person on an application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApplicationPerson {
    /// Surname, given name, patronymic.
    pub name: String,
    /// The organisation with its code; the line is left out if empty.
    pub organisation: String,
    /// «12 березня 1938 року»; the line is left out if empty.
    pub born: String,
    /// РНОКПП in groups, or why there is none.
    pub tax_number: String,
    /// Identity document: kind, series, number, by whom and when; the line is left out if empty.
    pub document: String,
    /// Place of residence.
    pub address: String,
    /// Telephones.
    pub phones: Vec<String>,
    /// E-mail and other contacts.
    pub contacts: Vec<String>,
    /// By what right a representative acts; the line is left out if empty.
    pub power: String,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Question and answer.
    Line(String, String),
    /// Question, names of the columns, rows.
    Rows(String, Vec<String>, Vec<Vec<String>>),
}

impl Application {
    /// The paper.
    pub fn sheet(&self) -> Sheet {
        let t = Texts::new(Lang::Uk);
        let mut blocks = vec![Block::Heading(t.text("application-who")), Block::Facts(self.applicant.facts(t))];
        if let Some(representative) = &self.representative {
            blocks.push(Block::Heading(t.text("application-representative")));
            blocks.push(Block::Facts(representative.facts(t)));
        }
        blocks.push(Block::Heading(t.text("application-asks")));
        blocks.push(Block::Text(vec![t.with("application-please", "service", or_nothing(&self.service))]));
        if !self.summary.trim().is_empty() {
            blocks.push(Block::Text(self.summary.lines().map(str::to_owned).collect()));
        }
        blocks.extend(self.answers());
        blocks.extend(papers(t, &self.papers, self.sheets, "application-papers", false));
        blocks.push(Block::Heading(t.text("opys-delivery")));
        blocks.push(Block::Boxes(self.delivery.clone()));
        if !self.permission.is_empty() {
            blocks.push(Block::Heading(t.text("application-permission")));
            blocks.push(Block::Text(vec![self.permission.clone()]));
        }
        if self.offline {
            blocks.push(Block::Mark(t.text("opys-offline")));
        }
        blocks.push(Block::Signatures(self.signatures(t), t.text("application-registered")));
        Sheet {
            kind: PaperKind::Application,
            number: self.number.clone(),
            title: t.with("application-title", "number", &self.number),
            copy: String::new(),
            centre: String::new(),
            addressees: vec![
                (t.text("application-to"), self.centre.clone()),
                (t.text("application-provider"), self.provider.clone()),
            ],
            lead: t.with("application-of", "date", or_nothing(&self.date)),
            subtitle: t.text("application-subtitle"),
            spoken: String::new(),
            code: Code::of(t, &self.code),
            code_note: self.code_note.clone(),
            blocks,
            contact: String::new(),
        }
        .typeset()
    }

    fn signatures(&self, t: Texts) -> Vec<(String, String)> {
        let role = if self.representative.is_some() { "application-signs-representative" } else { "application-signs" };
        let mut persons = vec![(t.text(role), self.signer.clone())];
        if self.by_witnesses {
            persons.extend([1, 2].map(|n| (t.count("consent-witness", n), String::new())));
        }
        persons.push((t.text("application-taken"), self.administrator.clone()));
        persons
    }

    /// Lines that follow each other are one list.
    fn answers(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for answer in &self.answers {
            match (answer, blocks.last_mut()) {
                (Answered::Line(label, value), Some(Block::Facts(facts))) => facts.push((label.clone(), value.clone())),
                (Answered::Line(label, value), _) => blocks.push(Block::Facts(vec![(label.clone(), value.clone())])),
                (Answered::Rows(label, columns, rows), _) => {
                    let numbered = std::iter::once("№".to_owned()).chain(columns.iter().cloned()).collect();
                    blocks.push(Block::Heading(label.clone()));
                    blocks.push(Block::Table(numbered, number(rows.clone()), String::new()));
                }
            }
        }
        blocks
    }
}

impl ApplicationPerson {
    fn facts(&self, t: Texts) -> Vec<(String, String)> {
        let (phones, contacts) = (self.phones.join(", "), self.contacts.join(", "));
        let rows: [(&str, &str, bool); 9] = [
            ("application-name", &self.name, true),
            ("application-organisation", &self.organisation, false),
            ("application-power", &self.power, false),
            ("application-born", &self.born, false),
            ("opys-tax-number", &self.tax_number, true),
            ("application-document", &self.document, false),
            ("application-address", &self.address, true),
            ("opys-phones", &phones, true),
            ("application-contacts", &contacts, true),
        ];
        let shown = rows.iter().filter(|(_, value, always)| *always || !value.trim().is_empty());
        shown.map(|(key, value, _)| (t.text(key), (*value).to_owned())).collect()
    }
}

/// Rows with their numbers before them.
pub(crate) fn number(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let numbered = |(at, row): (usize, Vec<String>)| std::iter::once((at + 1).to_string()).chain(row).collect();
    rows.into_iter().enumerate().map(numbered).collect()
}

/// The papers of a package under their heading. `returned`: with the column that says which went back.
pub(crate) fn papers(t: Texts, papers: &[OpysPaper], sheets: u32, heading: &str, returned: bool) -> Vec<Block> {
    let heading = Block::Heading(t.text(heading));
    if papers.is_empty() {
        return vec![heading, Block::Text(vec![t.text("opys-no-papers")])];
    }
    let keys = ["number", "name", "details", "form", "sheets", "returned"];
    let shown = if returned { &keys[..] } else { &keys[..5] };
    let labels = shown.iter().map(|key| t.text(&format!("opys-paper-{key}"))).collect();
    let row = |paper: &OpysPaper| {
        let mut row = vec![paper.name.clone(), paper.details.clone(), paper.form.clone(), paper.sheets.clone()];
        row.extend(returned.then(|| paper.returned.clone()));
        row
    };
    let rows = number(papers.iter().map(row).collect());
    vec![heading, Block::Table(labels, rows, t.count("opys-sheets-total", sheets))]
}
