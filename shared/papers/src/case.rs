//! A request with everything that is needed to print it; its опис and its application.

use crate::{answers, consent, person, routing};
use catalogue::{Catalogue, Evaluation, Facts, FeeOutcome, Nearness, Settlements};
use clock::Time;
use jiff::civil::Date;
use pages::{Application, Lang, Opys, OpysPaper, PaperKind, Sheet, Texts, format};
use records::PaperForm;
use records::view::{Address, RequestView};

/// Ways of receiving the result, as the record names them.
const DELIVERY: [&str; 4] = ["person", "home", "post", "phone"];

/// The centre as it stands on papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Centre {
    /// Name of the ЦНАП.
    pub name: String,
    /// Its address, telephone, hours.
    pub contact: String,
    /// Owner of the personal data, as it stands in the consent; `None` where that is not known here.
    pub owner: Option<catalogue::Owner>,
}

impl Centre {
    /// From the details that the centre has published. Where the owner of the data is not named, it is the centre.
    pub fn of(details: &chain::CentreDetails) -> Self {
        let first = |texts: [&String; 2]| texts.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
        let name = first([&details.centre, &details.community]);
        let code = if details.owner_code.is_empty() { format::NOTHING } else { &details.owner_code };
        let owner = catalogue::Owner {
            name: if details.owner.is_empty() { name.clone() } else { details.owner.clone() },
            code: code.to_owned(),
            address: first([&details.owner_address, &details.contact]),
            contact: first([&details.owner_contact, &details.contact]),
        };
        Self { name, contact: details.contact.clone(), owner: Some(owner) }
    }
}

/// Who signed the statement in the QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signer {
    /// The suitcase that took the request.
    Suitcase,
    /// The centre, which prints it again.
    Centre,
}

/// A request to be printed.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// What was recorded.
    pub view: &'a RequestView,
    /// The catalogue it was taken under, with its calendar and its text of the consent.
    pub catalogue: &'a Catalogue,
    /// Names of settlements.
    pub settlements: &'a Settlements,
    /// Who prints.
    pub centre: &'a Centre,
    /// Who provides the service where the record does not say it; may be empty.
    pub provider: &'a str,
    /// The statement for the QR code; empty for no code.
    pub code: &'a str,
    /// Who signed it.
    pub signer: Signer,
}

impl Case<'_> {
    /// These papers, in their order. Of several, the опис is there twice: for the applicant and for the case.
    pub fn sheets(&self, kinds: &[PaperKind], large: bool) -> Vec<Sheet> {
        let mut sheets = Vec::new();
        for kind in kinds {
            match kind {
                PaperKind::Application => sheets.push(self.application().sheet()),
                PaperKind::Consent => sheets.push(consent::of(self).sheet()),
                PaperKind::Routing => sheets.push(routing::of(self).sheet()),
                // Of a suitcase, not of a case.
                PaperKind::Shift => {}
                PaperKind::Opys if kinds.len() == 1 => sheets.push(self.opys(large).sheet()),
                PaperKind::Opys => {
                    for copy in ["paper-copy-applicant", "paper-copy-case"] {
                        sheets.push(Opys { copy: self.t().text(copy), ..self.opys(large) }.sheet());
                    }
                }
            }
        }
        sheets
    }

    /// The опис.
    pub fn opys(&self, large: bool) -> Opys {
        let view = self.view;
        let submitted = Time(view.submitted_at);
        Opys {
            large,
            copy: String::new(),
            number: view.number.clone(),
            spoken: format::spoken(&view.number),
            date: day_of(view.submitted_at),
            time: format::clock_time(submitted),
            centre: self.centre.name.clone(),
            contact: self.centre.contact.clone(),
            applicant: view.applicant.full_name(),
            organisation: view.registers.text("a.orgname").to_owned(),
            representative: self.representative(),
            tax_number: person::tax_number(self.t(), view, "a"),
            address: self.residence(),
            phones: person::phones(&[view.phone.text(), view.phone2.text()]),
            provider: self.provider(),
            service: self.service(),
            card: view.registers.text("info_card").to_owned(),
            object_address: answers::object(self),
            taken_at: if view.channel == "visit" {
                self.address(&[&view.actual, &view.registered])
            } else {
                String::new()
            },
            offline: view.offline,
            papers: self.papers(),
            sheets: self.sheet_count(),
            fee: self.fee(),
            term: self.term(),
            consent: consent::sentence(self),
            delivery: self.delivery(),
            administrator: self.administrator(),
            signer: self.signing(),
            code: self.code.to_owned(),
            code_note: self.code_note(),
        }
    }

    /// The application.
    pub fn application(&self) -> Application {
        let view = self.view;
        Application {
            number: view.number.clone(),
            centre: self.centre.name.clone(),
            provider: self.provider(),
            applicant: person::applicant(self),
            representative: person::representative(self),
            service: self.service(),
            summary: view.summary.text().to_owned(),
            answers: answers::of(self),
            papers: self.papers(),
            sheets: self.sheet_count(),
            delivery: self.delivery(),
            permission: consent::permission(self),
            date: day_of(view.submitted_at),
            offline: view.offline,
            administrator: self.administrator(),
            signer: self.signing(),
            by_witnesses: view.consent.by.text() == "witnesses",
            code: self.code.to_owned(),
            code_note: self.code_note(),
        }
    }

    pub(crate) fn t(&self) -> Texts {
        Texts::new(Lang::Uk)
    }

    pub(crate) fn code_note(&self) -> String {
        if self.code.is_empty() {
            return String::new();
        }
        let key = match self.signer {
            Signer::Suitcase => "paper-code-by-suitcase",
            Signer::Centre => "paper-code-by-centre",
        };
        self.t().text(key)
    }

    pub(crate) fn provider(&self) -> String {
        let recorded = self.view.provider.text();
        if recorded.is_empty() { self.provider } else { recorded }.to_owned()
    }

    /// The service's name on that day with its official code.
    pub(crate) fn service(&self) -> String {
        let slug = self.view.service.text();
        let service = self.catalogue.service(slug);
        let name = match (self.view.service_name.text(), service) {
            ("", Some(service)) => service.name.uk.as_str(),
            ("", None) => slug,
            (recorded, _) => recorded,
        };
        match service.and_then(|service| service.official_id.as_deref()) {
            Some(code) => format!("{name} ({code})"),
            None => name.to_owned(),
        }
    }

    pub(crate) fn administrator(&self) -> String {
        let view = self.view;
        if view.officer_name.is_empty() { view.officer.clone() } else { view.officer_name.clone() }
    }

    /// Who signs: the representative if there is one.
    pub(crate) fn signing(&self) -> String {
        let view = self.view;
        let party = if view.representative.is_empty() { &view.applicant } else { &view.representative };
        party.full_name()
    }

    /// Where the applicant lives: as registered, else where they stay.
    pub(crate) fn residence(&self) -> String {
        self.address(&[&self.view.registered, &self.view.actual])
    }

    /// The first of these addresses that says anything, in one line.
    pub(crate) fn address(&self, addresses: &[&Address]) -> String {
        let lines = addresses.iter().map(|address| {
            let line = address.line();
            let named = if address.place.text().is_empty() { self.place(address.katottg.text()) } else { None };
            match (named, line.is_empty()) {
                (Some(place), true) => place,
                (Some(place), false) => format!("{place}, {line}"),
                (None, _) => line,
            }
        });
        lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default()
    }

    /// The whole name of a settlement by its code.
    pub(crate) fn place(&self, code: &str) -> Option<String> {
        self.settlements.by_code(code.trim().parse().ok()?).map(|place| place.display())
    }

    fn representative(&self) -> String {
        let view = self.view;
        if view.representative.is_empty() {
            return String::new();
        }
        let power = person::power(view);
        match power.is_empty() {
            true => view.representative.full_name(),
            false => self
                .t()
                .say("paper-power", &[("name", view.representative.full_name().into()), ("power", power.into())]),
        }
    }

    fn papers(&self) -> Vec<OpysPaper> {
        let t = self.t();
        let paper = |(_, paper): (&str, records::Paper)| OpysPaper {
            form: match paper.form {
                PaperForm::Original => t.text("paper-original"),
                PaperForm::Copy => t.text("paper-a-copy"),
                PaperForm::Scan => t.text("paper-scan"),
                PaperForm::Unknown if paper.seen => t.text("paper-original-seen"),
                PaperForm::Unknown => String::new(),
            },
            name: paper.name,
            details: paper.details,
            sheets: if paper.sheets == 0 { String::new() } else { paper.sheets.to_string() },
            returned: t.text(if paper.returned { "paper-yes" } else { "paper-no" }),
        };
        self.view.papers().map(paper).collect()
    }

    fn sheet_count(&self) -> u32 {
        self.view.papers().map(|(_, paper)| u32::from(paper.sheets)).sum()
    }

    fn delivery(&self) -> Vec<(String, bool)> {
        let chosen = self.view.delivery.text();
        DELIVERY.map(|way| (self.t().text(&format!("paper-delivery-{way}")), chosen == way)).to_vec()
    }

    fn fee(&self) -> String {
        let (t, view) = (self.t(), self.view);
        let amount = match view.fee.int() {
            Some(0) => t.text("paper-free"),
            Some(kopiykas) => {
                let amount = format::money(u64::try_from(kopiykas).unwrap_or(0));
                if self.is_unsure(kopiykas) { t.with("paper-fee-check", "fee", amount) } else { amount }
            }
            None => t.text("paper-to-be-confirmed"),
        };
        let receipt = view.fee_receipt.text();
        match (receipt, view.registers.text("fee_date").parse::<Date>()) {
            ("", _) => amount,
            (_, Err(_)) => t.say("paper-fee-paid", &[("fee", amount.into()), ("receipt", receipt.into())]),
            (_, Ok(day)) => t.say(
                "paper-fee-paid-on",
                &[("fee", amount.into()), ("receipt", receipt.into()), ("date", format::civil(day).into())],
            ),
        }
    }

    /// What the catalogue says of this request by its answers, as of the day it was taken.
    fn evaluated(&self) -> Option<Evaluation<'_>> {
        let view = self.view;
        let service = self.catalogue.service(view.service.text())?;
        let taken = Time(view.submitted_at).kyiv()?.date();
        let answers = view.registers.family("f.").map(|(key, register)| {
            let text = register.value().map(ToString::to_string).unwrap_or_default();
            (key.to_owned(), text)
        });
        let facts = Facts {
            representative: Some(!view.representative.is_empty()),
            answers: answers.filter(|(_, text)| !text.trim().is_empty()).collect(),
            ..Facts::on(taken)
        };
        Some(self.catalogue.evaluate(service, &facts, self.catalogue.calendar()))
    }

    /// Whether an amount is the catalogue's, which itself says that it must be checked, or that some do not pay it of
    /// whom the answers say nothing. One that is paid or that a person set is sure.
    fn is_unsure(&self, kopiykas: i64) -> bool {
        let paid = !self.view.fee_receipt.text().is_empty() || self.view.fee_is_settled();
        let Some(fee) = self.evaluated().map(|given| given.fee).filter(|_| !paid) else { return false };
        let catalogues = matches!(&fee.outcome, FeeOutcome::Known(amount) if amount.kopiykas == kopiykas);
        let warned = matches!(&fee.outcome, FeeOutcome::Known(amount) if amount.caution.is_some());
        catalogues && (warned || !fee.exempt_open.is_empty())
    }

    /// «до 5 грудня 2026 року (10 календарних днів)»; where the catalogue states no term, it says so.
    pub(crate) fn term(&self) -> String {
        let (t, view) = (self.t(), self.view);
        let Ok(due) = view.due.text().parse::<Date>() else { return t.text("paper-to-be-confirmed") };
        let date = format::paper_date(due);
        let Some(given) = self.evaluated() else { return t.with("paper-until", "date", date) };
        let counted = given.control_date;
        // A date that people moved is not explained by the catalogue's term.
        if counted.date != due {
            return t.with("paper-until", "date", date);
        }
        let key = if counted.nearness == Nearness::Stated { "paper-term" } else { "paper-term-planned" };
        t.say(key, &[("date", date.into()), ("basis", counted.basis.uk.as_str().into())])
    }
}

/// «21 листопада 2026 року», the day in Kyiv; empty where the clock was beyond any calendar.
pub(crate) fn day_of(ms: i64) -> String {
    Time(ms).kyiv().map(|zoned| format::paper_date(zoned.date())).unwrap_or_default()
}

/// A day as a record writes it, as papers have it; anything else as it stands.
pub(crate) fn day(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), format::paper_date)
}
