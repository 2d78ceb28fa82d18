//! The опис: what is printed for the applicant.

use super::export::write_new;
use super::settings::Settings;
use super::statement::{Statement, StatementError};
use super::{Agent, AppError, Changed};
use catalogue::{Lang, Nearness};
use clock::Time;
use pages::{Opys, OpysPaper, Texts, format, qr};
use records::PaperForm;
use records::view::RequestView;
use signing::Label;
use std::path::Path;

/// How a result may reach the applicant: key in the record, label.
const DELIVERY: [(&str, &str); 4] =
    [("person", "особисто"), ("post", "пошта"), ("phone", "телефон"), ("home", "удома")];

impl Agent {
    /// The опис of a request, ready to be printed. `large`: 18 pt. That it was printed is for [`Agent::printed`].
    pub fn receipt(&self, number: &str, large: bool) -> Result<Opys, AppError> {
        let (row, _, view) = self.find_view(number)?;
        let (settings, code) = (self.settings()?, self.statement(number)?);
        let submitted = Time(view.submitted_at);
        let papers: Vec<OpysPaper> = view.papers().map(|(_, paper)| printed_paper(&paper)).collect();
        let sheets = view.papers().map(|(_, paper)| u32::from(paper.sheets)).sum();
        let represented = !view.representative.is_empty();
        let signer = if represented { &view.representative } else { &view.applicant }.full_name();
        Ok(Opys {
            t: Texts::new(pages::Lang::Uk),
            large,
            number: view.number.clone(),
            spoken: format::spoken(&view.number),
            date: submitted.kyiv().map(|zoned| format::paper_date(zoned.date())).unwrap_or_default(),
            time: format::clock_time(submitted),
            centre: settings.centre.clone(),
            contact: settings.contact.clone(),
            applicant: view.applicant.full_name(),
            organisation: view.registers.text("a.orgname").to_owned(),
            representative: representative(&view),
            tax_number: tax_number(&view),
            address: self.address(&view, &["pr", "pa"]),
            phones: [view.phone.text(), view.phone2.text()]
                .into_iter()
                .filter(|phone| !phone.is_empty())
                .map(format::phone)
                .collect(),
            provider: view.provider.text().to_owned(),
            service: self.service_line(&view),
            card: view.registers.text("info_card").to_owned(),
            object_address: String::new(),
            taken_at: if view.channel == "visit" { self.address(&view, &["pa", "pr"]) } else { String::new() },
            offline: view.offline,
            papers,
            sheets,
            fee: self.fee(&view),
            term: self.term(&view),
            consent: self.consent_sentence(&view, &settings),
            delivery: DELIVERY.map(|(key, label)| (label.to_owned(), view.delivery.text() == key)).to_vec(),
            administrator: if view.officer_name.is_empty() { view.officer.clone() } else { view.officer_name.clone() },
            signer: if signer.is_empty() { row.title } else { signer },
            qr: qr::svg(code.as_bytes()).ok(),
            other_size: String::new(),
            back: String::new(),
        })
    }

    /// Writes the опис into a new file, the stylesheet inside it, and remembers that it was printed.
    pub fn receipt_to(&self, number: &str, large: bool, path: &Path) -> Result<Changed, AppError> {
        let page = standing_alone(&self.receipt(number, large)?);
        write_new(path, page.as_bytes())?;
        self.printed(number)
    }

    /// The text in the QR code: see [`Statement`].
    pub fn statement(&self, number: &str) -> Result<String, AppError> {
        let (row, _, view) = self.find_view(number)?;
        let provenance = self.peer.read(|reader| reader.provenance(row.record))?;
        let mut entry = [0; 8];
        if let Some(first) = provenance.iter().min_by_key(|entry| entry.at) {
            entry.copy_from_slice(&first.hash.0[..8]);
        }
        let statement = Statement {
            number: view.number.clone(),
            service: view.service.text().to_owned(),
            at: view.submitted_at,
            papers: u16::try_from(view.papers().count()).unwrap_or(u16::MAX),
            entry,
            chain: self.peer.chain(),
        };
        let signature = self.peer.sign(Label::Statement, statement.fields())?;
        Ok(statement.to_text(&signature))
    }

    /// Checks the text of a QR code against the centre's register.
    pub fn check_statement(&self, text: &str) -> Result<Result<Statement, StatementError>, AppError> {
        Ok(Statement::from_text(text, &self.peer.register()?))
    }

    fn address(&self, view: &RequestView, order: &[&str; 2]) -> String {
        let of = |prefix: &str| if prefix == "pa" { &view.actual } else { &view.registered };
        let filled = order.iter().map(|prefix| of(prefix)).find(|address| {
            !address.katottg.text().is_empty() || !address.place.text().is_empty() || !address.street.text().is_empty()
        });
        let Some(address) = filled else { return String::new() };
        let place = address.katottg.text().parse().ok().and_then(|code| self.settlements.by_code(code));
        match place {
            Some(place) if address.place.text().is_empty() => {
                let line = address.line();
                if line.is_empty() { place.display() } else { format!("{}, {line}", place.display()) }
            }
            _ => address.line(),
        }
    }

    fn service_line(&self, view: &RequestView) -> String {
        let code = self.catalogue().service(view.service.text()).and_then(|service| service.official_id.as_deref());
        match code {
            Some(code) => format!("{} ({code})", view.service_name.text()),
            None => view.service_name.text().to_owned(),
        }
    }

    fn fee(&self, view: &RequestView) -> String {
        let paid = view.fee_receipt.text();
        let amount = match view.fee.int() {
            Some(0) => "безоплатно".to_owned(),
            Some(kopiykas) => format::money(u64::try_from(kopiykas).unwrap_or(0)),
            None => "уточнюється".to_owned(),
        };
        if paid.is_empty() { amount } else { format!("{amount}, квитанція № {paid}") }
    }

    /// «до 5 грудня 2026 року (10 календарних днів)»; where the catalogue states no term, it says so.
    fn term(&self, view: &RequestView) -> String {
        let Ok(due) = view.due.text().parse::<jiff::civil::Date>() else { return "уточнюється".to_owned() };
        let until = format!("до {}", format::paper_date(due));
        let service = self.catalogue().service(view.service.text());
        let day = Time(view.submitted_at).kyiv().map(|zoned| zoned.date());
        let (Some(service), Some(day)) = (service, day) else { return until };
        let facts = catalogue::Facts::on(day);
        let counted = self.catalogue().evaluate(service, &facts, self.catalogue().calendar()).control_date;
        let caution = if counted.nearness == Nearness::Stated { "" } else { ", орієнтовно" };
        format!("{until} ({}{caution})", counted.basis.uk)
    }

    fn consent_sentence(&self, view: &RequestView, settings: &Settings) -> String {
        let given = view.consent.text.text().rsplit(':').next().unwrap_or_default();
        let titles = given.split(',').filter_map(|id| self.consent().part(id)).map(|part| part.title.get(Lang::Uk));
        let titles = titles.collect::<Vec<_>>().join("; ");
        let by = match view.consent.by.text() {
            "representative" => "представником",
            "witnesses" => "заявником при свідках",
            _ => "заявником",
        };
        let at = format::date(Time(view.consent.at.int().unwrap_or(view.submitted_at)));
        let owner = settings.data_owner().name;
        let owner =
            if owner.is_empty() { String::new() } else { format!(" Володілець даних: {owner}.") };
        format!("Згоду на обробку персональних даних надано {by} {at}: {titles}.{owner}")
    }
}

/// The page with its stylesheet as a `data:` address. The fonts stay behind: any that has Ukrainian letters will do.
fn standing_alone(opys: &Opys) -> String {
    let style = pages::assets::find("paper.css").map_or(&[][..], |asset| asset.bytes);
    let mut address = String::from("data:text/css;charset=utf-8,");
    for byte in style {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => address.push(char::from(*byte)),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    opys.to_string().replace(&pages::assets::url("paper.css"), &address)
}

fn printed_paper(paper: &records::Paper) -> OpysPaper {
    let form = match paper.form {
        PaperForm::Original => "оригінал",
        PaperForm::Copy => "копія",
        PaperForm::Scan => "скан-копія",
        PaperForm::Unknown if paper.seen => "оглянуто оригінал",
        PaperForm::Unknown => "",
    };
    OpysPaper {
        name: paper.name.clone(),
        details: paper.details.clone(),
        form: form.to_owned(),
        sheets: if paper.sheets == 0 { String::new() } else { paper.sheets.to_string() },
        returned: if paper.returned { "так" } else { "ні" }.to_owned(),
    }
}

fn representative(view: &RequestView) -> String {
    if view.representative.is_empty() {
        return String::new();
    }
    let [power, number, date] = ["r.power", "r.power_no", "r.power_date"].map(|key| view.registers.text(key));
    let mut line = view.representative.full_name();
    if !power.is_empty() {
        line = format!("{line}, {power}");
    }
    if !number.is_empty() {
        line = format!("{line} № {number}");
    }
    match date.parse::<jiff::civil::Date>() {
        Ok(date) => format!("{line} від {}", format::civil(date)),
        Err(_) => line,
    }
}

fn tax_number(view: &RequestView) -> String {
    let (number, code) = (view.applicant.rnokpp.text(), view.registers.text("a.edrpou"));
    match (number.is_empty(), view.applicant.rnokpp_refused.yes(), code.is_empty()) {
        (false, ..) => format::tax_number(number),
        (true, true, _) => "відмова від РНОКПП".to_owned(),
        (true, false, false) => format!("ЄДРПОУ {code}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn the_paper_says_what_was_recorded() {
        let (_bench, agent) = agent();
        let settings = Settings {
            centre: "ЦНАП Глобинської міської ради".into(),
            contact: "м. Глобине, вул. Центральна, 285".into(),
            ..Settings::default()
        };
        agent.set_settings(&settings).unwrap();
        agent.set_officer_name("olena", "Шевчук Олена Іванівна").unwrap();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let opys = agent.receipt(&number, false).unwrap();
        assert_eq!((opys.papers.len(), opys.sheets), (3, 6));
        assert_eq!((opys.date.as_str(), opys.time.as_str()), ("21 листопада 2026 року", "12:00"));
        let html = opys.to_string();
        for text in [
            number.as_str(),
            "Коваленко Ганна Петрівна",
            "140 821 2320",
            "безоплатно",
            "Шевчук Олена Іванівна",
            "до 1 грудня 2026 року",
            "Глобинської",
            "<svg",
            "Декларація про доходи",
        ] {
            assert!(html.contains(text), "{text}");
        }
    }

    #[test]
    fn a_file_of_it_needs_nothing_beside_it_and_counts_as_printed() {
        let (bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let path = bench.dir.path().join("опис.html");
        agent.receipt_to(&number, true, &path).unwrap();
        let html = std::fs::read_to_string(&path).unwrap();
        assert!(html.contains("href=\"data:text/css;charset=utf-8,"));
        assert!(!html.contains(&pages::assets::url("paper.css")));
        assert_eq!(agent.request(&number).unwrap().prints, 1);
        assert!(matches!(agent.receipt_to(&number, true, &path), Err(AppError::File { .. })), "it is not written over");
    }

    #[test]
    fn the_code_is_checked_against_the_register() {
        let (bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let text = agent.statement(&number).unwrap();
        let register = bench.centre.desk.register().unwrap();
        let statement = Statement::from_text(&text.to_lowercase(), &register).unwrap();
        assert_eq!((statement.number.as_str(), statement.papers), (number.as_str(), 3));
        assert!(agent.check_statement(&text).unwrap().is_ok());
        let digit = text.len() - 70 * 2;
        let other = if text.as_bytes()[digit] == b'0' { "1" } else { "0" };
        let changed = format!("{}{other}{}", &text[..digit], &text[digit + 1..]);
        assert!(Statement::from_text(&changed, &register).is_err());
        for cut in [0, 5, 40, text.len() - 1] {
            assert!(Statement::from_text(&text[..cut], &register).is_err());
        }
        let stranger = chain::Register::new(register.tenant(), *register.root());
        assert_eq!(Statement::from_text(&text, &stranger), Err(StatementError::UnknownSuitcase));
    }
}
