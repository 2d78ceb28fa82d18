//! The journal: every registered request in one line, and the open data without people.

use super::accounts::Rank;
use super::routing::{day_of, mark_line, name_of};
use super::traces::How;
use super::unread::Unread;
use super::{Desk, DeskError};
use ids::RecordId;
use peer::{Filter, Order, RecordRow};
use records::state::{Outcome, RequestState};
use records::view::RequestView;
use records::{Stamp, StampKind};
use std::collections::BTreeMap;

/// What is asked of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalQuery {
    /// Registered at or after, ms since 1970.
    pub from: Option<i64>,
    /// Registered before, ms since 1970.
    pub until: Option<i64>,
    /// Only of this service, by its slug; empty for all.
    pub service: String,
    /// Only from this suitcase.
    pub suitcase: Option<u16>,
    /// Words to find.
    pub search: String,
    /// The last registered first.
    pub newest: bool,
    /// Which page, from 1.
    pub page: usize,
    /// Lines of a page, at most 500.
    pub size: usize,
}

impl Default for JournalQuery {
    fn default() -> Self {
        Self {
            from: None,
            until: None,
            service: String::new(),
            suitcase: None,
            search: String::new(),
            newest: true,
            page: 1,
            size: 50,
        }
    }
}

/// One line of the journal. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// Number on the опис; the record's id if there is none.
    pub number: String,
    /// 1. Number in the journal.
    pub official: String,
    /// 2. When it was submitted, ms since 1970.
    pub submitted_at: i64,
    /// 3. When it was registered, and when its suitcase's entry arrived, ms since 1970.
    pub registered_at: Option<i64>,
    /// 3. See above.
    pub arrived_at: Option<i64>,
    /// 4. Who asks: name or organisation.
    pub applicant: String,
    /// 4. `person`, `fop` or `legal`.
    pub form: &'static str,
    /// 4. РНОКПП or ЄДРПОУ.
    pub code: String,
    /// 5. The representative, with the document of authority.
    pub representative: String,
    /// 6. Address in one line.
    pub address: String,
    /// 6. Telephones.
    pub phones: Vec<String>,
    /// 6. E-mail.
    pub email: String,
    /// 7. The service's slug.
    pub service: String,
    /// 7. The service's name, Ukrainian and English.
    pub service_name: (String, String),
    /// 8. Who gives it.
    pub provider: String,
    /// 9. Sheets of the package; 0 if they were not counted.
    pub sheets: i64,
    /// 9. `visit`, `desk` or another way.
    pub channel: String,
    /// 10. Fee in kopiykas.
    pub fee: Option<i64>,
    /// 10. Number of its receipt.
    pub fee_receipt: String,
    /// 11. Who took it.
    pub officer: String,
    /// 11. Number of the suitcase.
    pub suitcase: Option<i64>,
    /// 11. Number of the visit.
    pub visit: String,
    /// 12. Hand-over: day, provider, who took it.
    pub handed_over: Option<Stamp>,
    /// 13. Control date, `YYYY-MM-DD`.
    pub due: String,
    /// 13. To which day it was put off, `YYYY-MM-DD`.
    pub prolonged: String,
    /// 13. When it was decided, `YYYY-MM-DD`.
    pub decided: String,
    /// 14. The provider's result: text, day, number.
    pub considered: Option<Stamp>,
    /// 14. How it ended.
    pub outcome: Option<Outcome>,
    /// 14. The ground of a refusal.
    pub ground: String,
    /// 15. When the result came to the centre, `YYYY-MM-DD`.
    pub returned: String,
    /// 16. When and how the applicant was told, ms since 1970.
    pub told: Option<(i64, String)>,
    /// 17. Who received the result, when and how.
    pub received: Option<Stamp>,
    /// 18. Where it stands.
    pub state: RequestState,
    /// 18. Notes that were not struck out.
    pub notes: Vec<String>,
    /// 18. The applicant's categories.
    pub category: String,
}

/// A page of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalPage {
    /// Its lines.
    pub rows: Vec<JournalRow>,
    /// What belongs on this page and does not read.
    pub unread: Vec<Unread>,
    /// Lines of all pages.
    pub total: u64,
    /// Which page, from 1.
    pub page: usize,
    /// Lines of a page.
    pub size: usize,
}

/// One line of the open data «Дані про надані адміністративні послуги», in the names of its columns. No natural person
/// is named in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDataRow {
    /// `uid`: number in the journal.
    pub uid: String,
    /// `registrationDateTime`, ISO 8601.
    pub registered_at: String,
    /// `code`.
    pub code: String,
    /// `title`.
    pub title: String,
    /// `authorityId`: ЄДРПОУ; empty unless the provider is the body that runs the centre, whose code its details have.
    pub authority_code: String,
    /// `authorityName`.
    pub authority: String,
    /// `applicantType`: a natural person (entrepreneurs, too) or a legal one.
    pub is_legal: bool,
    /// `applicantName`: of a legal person only.
    pub applicant: String,
    /// `applicantId`: of a legal person only.
    pub applicant_code: String,
    /// `status`: one of three.
    pub status: &'static str,
    /// `providDate`, `YYYY-MM-DD`; empty while nothing was given.
    pub provided: String,
    /// `amount` in kopiykas.
    pub amount: Option<i64>,
    /// `issuedDate`, `YYYY-MM-DD`; empty if none.
    pub issued: String,
}

impl Desk {
    /// A page of the journal; `how` it will be seen is noted first.
    pub fn journal(&self, by: &str, query: &JournalQuery, how: How) -> Result<JournalPage, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let (size, page) = (query.size.clamp(1, 500), query.page.max(1));
        let (rows, total) = self.journal_rows(query, page, size)?;
        let seen: Vec<RecordId> = rows.iter().map(|row| row.record).collect();
        self.note_found(by, how, &seen, &query.about(), &query.search)?;
        let (names, visits) = (self.names()?, self.visit_numbers(&[])?);
        let (rows, unread) = self.of_each(&rows, |row| self.journal_row(row, &names, &visits))?;
        Ok(JournalPage { rows, unread, total, page, size })
    }

    /// Refused if the journal has more than `most` lines for it: asked before a file of them is written.
    pub fn journal_fits(&self, by: &str, query: &JournalQuery, most: usize) -> Result<(), DeskError> {
        self.must_be(by, Rank::Clerk)?;
        not_too_many(self.journal_rows(query, 1, 1)?.1, most)
    }

    fn journal_rows(&self, query: &JournalQuery, page: usize, size: usize) -> Result<(Vec<RecordRow>, u64), DeskError> {
        let filter = Filter {
            kind: Some(records::Kind::Request),
            registered: true,
            creators: self.chains_of_suitcase(query.suitcase)?,
            service: Some(query.service.clone()).filter(|service| !service.is_empty()),
            words: records::fold::words(&query.search),
            from: query.from,
            until: query.until,
            ..Filter::default()
        };
        let order = if query.newest { Order::LastRegistered } else { Order::Registered };
        Ok(self.peer.read(|view| {
            Ok((view.list(&filter, order, (page - 1).saturating_mul(size), size)?, view.count(&filter)?))
        })?)
    }

    /// Numbers of visits, by record; filled as they are asked for.
    fn visit_numbers(&self, records: &[RecordId]) -> Result<BTreeMap<RecordId, String>, DeskError> {
        Ok(self.peer.read(|view| {
            let mut found = BTreeMap::new();
            for record in records {
                if let Some(number) = view.row(*record)?.and_then(|row| row.number) {
                    found.insert(*record, number);
                }
            }
            Ok(found)
        })?)
    }

    fn journal_row(
        &self,
        row: &RecordRow,
        names: &BTreeMap<String, String>,
        visits: &BTreeMap<RecordId, String>,
    ) -> Result<JournalRow, DeskError> {
        let view = self.view_of(row.record)?;
        let visit = match view.visit.text().parse::<RecordId>() {
            Ok(visit) => match visits.get(&visit) {
                Some(number) => number.clone(),
                None => self.visit_numbers(&[visit])?.remove(&visit).unwrap_or_default(),
            },
            Err(_) => String::new(),
        };
        let arrived_at = self.peer.read(|store| self.arrived_at(store, row))?;
        Ok(JournalRow { visit, arrived_at, ..self.journal_line(&view, names) })
    }

    /// When the entry that made a record came here.
    fn arrived_at(&self, view: &peer::View<'_>, row: &RecordRow) -> Result<Option<i64>, peer::PeerError> {
        match view.birth(row.record)? {
            Some(proof) => crate::store::arrival_of(view.connection(), proof.chain, proof.seq),
            None => Ok(None),
        }
    }

    fn journal_line(&self, view: &RequestView, names: &BTreeMap<String, String>) -> JournalRow {
        let text = |key: &str| view.registers.text(key).to_owned();
        let lines: Vec<_> = view.stamps().into_iter().map(|entry| mark_line(entry, names)).collect();
        let standing = |kind| lines.iter().rev().find(|l| l.stamp.kind == kind && !l.replaced).map(|l| l.stamp.clone());
        let organisation = text("a.orgname");
        let form = legal_form(view);
        let (applicant, code) = match form {
            "legal" => (organisation, text("a.edrpou")),
            _ => (view.applicant.full_name(), view.applicant.rnokpp.text().to_owned()),
        };
        let address = if view.actual.line().is_empty() { view.registered.line() } else { view.actual.line() };
        let phones = [view.phone.text(), view.phone2.text()].into_iter().filter(|phone| !phone.is_empty());
        let counted: i64 = view.papers().map(|(_, paper)| i64::from(paper.sheets)).sum();
        let refusal = view
            .log
            .events
            .iter()
            .rev()
            .find(|logged| logged.event.code == "refused" && matches!(logged.fate, records::state::Fate::Led(_)));
        JournalRow {
            number: if view.number.is_empty() { view.id.to_string() } else { view.number.clone() },
            official: view.official.text().to_owned(),
            submitted_at: view.submitted_at,
            registered_at: view.registered_at(),
            arrived_at: None,
            applicant,
            form,
            code,
            representative: representative(view),
            address,
            phones: phones.map(str::to_owned).collect(),
            email: view.email.text().to_owned(),
            service: view.service.text().to_owned(),
            service_name: self.service_name(view.service.text(), view.service_name.text()),
            // Who has it in fact goes before who has it by the catalogue.
            provider: standing(StampKind::HandOver)
                .map(|stamp| stamp.text)
                .filter(|provider| !provider.is_empty())
                .unwrap_or_else(|| self.provider_of(view)),
            sheets: view.registers.int("sheets").unwrap_or(counted),
            channel: view.channel.clone(),
            fee: view.fee.int(),
            fee_receipt: view.fee_receipt.text().to_owned(),
            officer: if view.officer_name.is_empty() {
                name_of(names, &view.officer)
            } else {
                view.officer_name.clone()
            },
            suitcase: view.suitcase,
            visit: String::new(),
            handed_over: standing(StampKind::HandOver),
            due: view.due.text().to_owned(),
            prolonged: view.prolonged_to().unwrap_or_default().to_owned(),
            decided: view.decided_at().map(day_of).unwrap_or_default(),
            considered: standing(StampKind::Consideration),
            outcome: view.outcome(),
            ground: refusal.map(|logged| logged.event.reason.clone()).unwrap_or_default(),
            returned: standing(StampKind::Return).map(|stamp| stamp.day).unwrap_or_default(),
            told: view.told().pop().map(|told| (told.at, told.way)),
            received: standing(StampKind::Receipt),
            state: view.state(),
            notes: view.notes.iter().filter(|note| !note.withdrawn).map(|note| note.text.clone()).collect(),
            category: text("a.cat"),
        }
    }

    /// The open data of a period, the first registered first: of what was withdrawn or repeats another request no
    /// service was given, and it has no line. A period of more than `most` lines is refused, never cut.
    pub fn open_data(&self, by: &str, query: &JournalQuery, most: usize) -> Result<Vec<OpenDataRow>, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let names = BTreeMap::new();
        let details = self.centre_details()?;
        let query = JournalQuery { newest: false, ..query.clone() };
        let mut all = Vec::new();
        for page in 1.. {
            let (rows, total) = self.journal_rows(&query, page, 500)?;
            not_too_many(total, most)?;
            let (lines, unread) =
                self.of_each(&rows, |row| Ok(self.journal_line(&self.view_of(row.record)?, &names)))?;
            Unread::none_of(&unread)?;
            all.extend(lines.into_iter().filter_map(|line| open_data_row(line, &details)));
            if rows.len() < 500 {
                break;
            }
        }
        Ok(all)
    }
}

impl JournalQuery {
    /// What is asked, for the list of who saw what.
    fn about(&self) -> String {
        let suitcase = self.suitcase.map(|number| number.to_string()).unwrap_or_default();
        [self.search.as_str(), self.service.as_str(), &suitcase].join(" ").trim().to_owned()
    }
}

/// `person`, `fop` or `legal`, as recorded or as the other fields show.
fn legal_form(view: &RequestView) -> &'static str {
    match view.registers.text("a.form") {
        "fop" => "fop",
        "legal" => "legal",
        "" if view.applicant.is_empty() && !view.registers.text("a.edrpou").is_empty() => "legal",
        _ => "person",
    }
}

fn representative(view: &RequestView) -> String {
    let power = [view.power.text(), view.registers.text("r.power_no"), view.registers.text("r.power_date")];
    let power = power.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    [view.representative.full_name(), power].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A file that were cut would look whole: it is refused.
pub(crate) fn not_too_many(total: u64, most: usize) -> Result<(), DeskError> {
    if total <= most as u64 {
        return Ok(());
    }
    Err(DeskError::refused(
        format!("рядків {total}, а у файл уміщується {most}: звузьте період або відбір"),
        format!("{total} lines, and a file holds {most}: narrow the period or the filter"),
    ))
}

/// ЄДРПОУ of a provider, as far as the centre knows it: its own body's. The code of that body beside another's name
/// would be a false statement of who gave the service.
fn code_of_provider(provider: &str, details: &chain::CentreDetails) -> String {
    let plain = |name: &str| records::fold::words(name);
    let own = [&details.owner, &details.centre].into_iter().any(|name| {
        let name = plain(name);
        !name.is_empty() && name == plain(provider)
    });
    if own { details.owner_code.clone() } else { String::new() }
}

fn open_data_row(row: JournalRow, details: &chain::CentreDetails) -> Option<OpenDataRow> {
    use RequestState as S;
    let is_legal = row.form == "legal";
    let (status, provided) = match row.state {
        S::Withdrawn | S::Duplicate => return None,
        S::Ready | S::Refused | S::Delivered => ("Виконано", row.decided),
        S::Asked => ("Повернуто на доопрацювання", String::new()),
        S::Accepted | S::Registered | S::InWork | S::HandedOver | S::Supplemented => ("На виконанні", String::new()),
    };
    let named = |text: String| if is_legal { text } else { String::new() };
    let registered = row.registered_at.and_then(|at| clock::Time(at).kyiv());
    let issued = row.considered.filter(|stamp| !stamp.result_day.is_empty()).map(|stamp| stamp.result_day);
    Some(OpenDataRow {
        uid: row.official,
        registered_at: registered.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()).unwrap_or_default(),
        code: row.service,
        title: row.service_name.0,
        authority_code: code_of_provider(&row.provider, details),
        authority: row.provider,
        is_legal,
        applicant: named(row.applicant),
        applicant_code: named(row.code),
        status,
        provided,
        amount: row.fee,
        issued: issued.unwrap_or_default(),
    })
}
