//! «Опис вхідного пакета документів»: the paper that stays with the resident.

use crate::format::or_nothing;
use crate::qr::Svg;
use crate::{Texts, assets};
use askama::Template;

/// Everything that stands on the paper, ready to be read: this crate knows nothing of requests or services. Empty
/// texts are printed as «—», except where a line is said to be left out. The page is a document of its own with
/// `paper.css`; `to_string()` gives the whole of it.
#[derive(Clone, Template)]
#[template(path = "pages/opys.html")]
pub struct Opys {
    /// Words; papers for the file are in Ukrainian.
    pub t: Texts,
    /// Large print: 18 pt, the same order.
    pub large: bool,
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
    /// The QR code from [`crate::qr::svg`].
    pub qr: Option<Svg>,
    /// This page's address in the other size, for the screen only; empty for none.
    pub other_size: String,
    /// Where «До звернення» leads on the screen; empty for none.
    pub back: String,
}

/// One paper of the package.
#[derive(Debug, Clone, Default)]
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
    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    fn from(&self) -> String {
        self.t.say("opys-from", &[("date", self.date.as_str().into()), ("time", self.time.as_str().into())])
    }

    fn signatures(&self) -> [(String, &str); 2] {
        [(self.t.text("opys-administrator"), &self.administrator), (self.t.text("opys-applicant"), &self.signer)]
    }

    /// The names of the columns after the paper's own name.
    fn labels(&self) -> [String; 4] {
        ["opys-paper-details", "opys-paper-form", "opys-paper-sheets", "opys-paper-returned"]
            .map(|key| self.t.text(key))
    }

    fn columns<'a>(&self, paper: &'a OpysPaper) -> impl Iterator<Item = (String, &'a str)> {
        let values = [&paper.details, &paper.form, &paper.sheets, &paper.returned].map(|value| or_nothing(value));
        self.labels().into_iter().zip(values)
    }

    /// The rows of the head: words and value, those left out skipped.
    fn facts(&self) -> Vec<(String, String)> {
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
        shown.map(|(key, value, _)| (self.t.text(key), or_nothing(value).to_owned())).collect()
    }
}
