//! «Опис вхідного пакета документів»: the paper that stays with the resident.

use crate::papers::{Block, Code, PaperKind, PaperPage, Sheet, papers};
use crate::{Lang, Texts};
use std::fmt;

/// Everything that stands on the paper, ready to be read: this crate knows nothing of requests or services. Empty
/// texts are printed as «—», except where a line is said to be left out. `to_string()` is a page with the paper alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opys {
    /// Large print: 18 pt, the same order.
    pub large: bool,
    /// «Примірник заявника», «Примірник справи»; may be empty.
    pub copy: String,
    /// The receipt number: «7-211126-014-К4М».
    pub number: String,
    /// The number as it is said on the telephone (see [`crate::format::spoken`]).
    pub spoken: String,
    /// «21 листопада 2026 року».
    pub date: String,
    /// «10:20».
    pub time: String,
    /// Name of the ЦНАП.
    pub centre: String,
    /// Its address, telephone, hours.
    pub contact: String,
    /// Surname, given name, patronymic of the applicant.
    pub applicant: String,
    /// The organisation the applicant acts for; the line is left out if empty.
    pub organisation: String,
    /// Who came for the applicant and by what right; the line is left out if empty.
    pub representative: String,
    /// РНОКПП in groups, or why there is none.
    pub tax_number: String,
    /// Where the applicant lives.
    pub address: String,
    /// Up to two telephones.
    pub phones: Vec<String>,
    /// Who provides the service.
    pub provider: String,
    /// The service's name with its code.
    pub service: String,
    /// Version of the information card under which it was taken.
    pub card: String,
    /// Address of the object (a flat, a plot); the line is left out if empty.
    pub object_address: String,
    /// Where it was taken on a visit; the line is left out if empty.
    pub taken_at: String,
    /// Was it recorded without access to the registers? Then the paper says so.
    pub offline: bool,
    /// The papers handed in.
    pub papers: Vec<OpysPaper>,
    /// All sheets together.
    pub sheets: u32,
    /// The fee and the number of its receipt, or «безоплатно».
    pub fee: String,
    /// By when the answer comes: «до 5 грудня 2026 року (10 робочих днів)».
    pub term: String,
    /// The sentence of consent with its date.
    pub consent: String,
    /// Ways of receiving the result, the chosen ones true.
    pub delivery: Vec<(String, bool)>,
    /// Name of the administrator who signs.
    pub administrator: String,
    /// Name of the person who signs for the applicant.
    pub signer: String,
    /// What stands in the QR code; empty for no code.
    pub code: String,
    /// What is said under the code; may be empty.
    pub code_note: String,
}

/// One paper of the package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpysPaper {
    /// «Довідка про доходи».
    pub name: String,
    /// Series, number, date, who gave it.
    pub details: String,
    /// «оригінал», «копія», «нотаріальна копія».
    pub form: String,
    /// Number of sheets.
    pub sheets: String,
    /// «так, 21.11.2026», «ні».
    pub returned: String,
}

impl Opys {
    /// The paper.
    pub fn sheet(&self) -> Sheet {
        let t = Texts::new(Lang::Uk);
        let mut blocks = vec![Block::Facts(self.facts(t))];
        if self.offline {
            blocks.push(Block::Mark(t.text("opys-offline")));
        }
        blocks.extend(papers(t, &self.papers, self.sheets, "opys-papers", true));
        blocks.push(Block::Heading(t.text("opys-delivery")));
        blocks.push(Block::Boxes(self.delivery.clone()));
        blocks.push(Block::Heading(t.text("opys-consent")));
        blocks.push(Block::Text(vec![crate::format::or_nothing(&self.consent).to_owned()]));
        let persons = vec![
            (t.text("opys-administrator"), self.administrator.clone()),
            (t.text("opys-applicant"), self.signer.clone()),
        ];
        blocks.push(Block::Signatures(persons, t.text("opys-stamp")));
        let spoken = [t.text("opys-spoken"), self.spoken.clone()].join(": ");
        Sheet {
            kind: PaperKind::Opys,
            number: self.number.clone(),
            title: t.with("opys-title", "number", &self.number),
            copy: self.copy.clone(),
            centre: self.centre.clone(),
            addressees: Vec::new(),
            lead: t.say("opys-from", &[("date", self.date.as_str().into()), ("time", self.time.as_str().into())]),
            subtitle: t.text("opys-subtitle"),
            spoken,
            code: Code::of(t, &self.code),
            code_note: self.code_note.clone(),
            blocks,
            contact: format!("{}: {}", t.text("opys-contact"), crate::format::or_nothing(&self.contact)),
        }
        .typeset()
    }

    /// The rows of the head: words and value, those left out skipped.
    fn facts(&self, t: Texts) -> Vec<(String, String)> {
        let phones = self.phones.join(", ");
        let rows: [(&str, &str, bool); 13] = [
            ("opys-applicant", &self.applicant, true),
            ("opys-organisation", &self.organisation, false),
            ("opys-representative", &self.representative, false),
            ("opys-tax-number", &self.tax_number, true),
            ("opys-address", &self.address, true),
            ("opys-phones", &phones, true),
            ("opys-service", &self.service, true),
            ("opys-provider", &self.provider, true),
            ("opys-card", &self.card, true),
            ("opys-object", &self.object_address, false),
            ("opys-taken-at", &self.taken_at, false),
            ("opys-term", &self.term, true),
            ("opys-fee", &self.fee, true),
        ];
        let shown = rows.iter().filter(|(_, value, always)| *always || !value.trim().is_empty());
        shown.map(|(key, value, _)| (t.text(key), (*value).to_owned())).collect()
    }
}

impl fmt::Display for Opys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PaperPage::new(Texts::new(Lang::Uk), self.large, vec![self.sheet()]).fmt(f)
    }
}
