//! Records as documents and rows: opening their stored changes, making their rows.

use crate::order::sort_key;
use crate::store::entries::{self, Stored};
use crate::store::rows::{self, RecordRow};
use crate::store::{erased, keys};
use crate::{PeerError, seals};
use chain::{Kind, Register};
use ids::{ChainId, RecordId, TenantId};
use records::Document;
use records::body::Body as ChangeBody;
use records::projection::{ConsultationRow, RequestRow, ResidentRow, VisitRow};
use records::view::{ConsultationView, RequestView, ResidentView, VisitView};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Opens a change's body with the stored keys.
pub(crate) fn open_change(connection: &Connection, stored: &Stored) -> Result<ChangeBody, PeerError> {
    let (place, header) = (&stored.entry.place, &stored.entry.entry.header);
    let record = header.record.ok_or(PeerError::NoSuchRecord)?;
    let body = stored.entry.entry.body.bytes().ok_or(PeerError::NoKey)?;
    let generation = sealing::generation_of(body)?;
    let context = seals::body_context(place, Kind::CHANGE, Some(record));
    let mut plain = Err(PeerError::NoKey);
    for key in keys::keys_of_generation(connection, record, generation)? {
        match sealing::open_body(|_| Some(key), &context, body) {
            Ok(opened) => {
                plain = Ok(opened);
                break;
            }
            Err(error) => plain = Err(error.into()),
        }
    }
    ChangeBody::decode(&plain?).map_err(|error| PeerError::Damaged(error.to_string()))
}

/// A record's raw changes, each under the number of its entry's arrival: in this order a document is made of them.
pub(crate) type Changes = BTreeMap<i64, Vec<u8>>;

/// The changes of a record that are taken, and its kind.
pub(crate) fn changes(
    connection: &Connection,
    tenant: TenantId,
    record: RecordId,
) -> Result<(Option<records::Kind>, Changes), PeerError> {
    let mut kind = None;
    let mut changes = Changes::new();
    for stored in entries::of_record(connection, tenant, record)? {
        let body = open_change(connection, &stored)?;
        kind = kind.or(Some(body.kind));
        changes.insert(stored.id, body.change);
    }
    Ok((kind, changes))
}

/// A record, from its changes.
pub(crate) fn document(connection: &Connection, tenant: TenantId, record: RecordId) -> Result<Document, PeerError> {
    let (kind, changes) = changes(connection, tenant, record)?;
    let Some(kind) = kind else {
        return Err(if erased::is_erased(connection, record)? { PeerError::Erased } else { PeerError::NoSuchRecord });
    };
    Ok(Document::from_own(kind, record, changes.values().map(Vec::as_slice))?)
}

/// Makes the record's row from the document and keeps it.
pub(crate) fn put_row(
    connection: &Connection,
    register: &Register,
    own: ChainId,
    document: &Document,
) -> Result<(), PeerError> {
    let (row, search, sort) = row(register, own, document);
    let id = rows::put(connection, &row, &sort)?;
    rows::index(connection, id, &search)
}

/// The record's row, the folded words it is found by, and its title in Ukrainian order.
pub(crate) fn row(register: &Register, own: ChainId, document: &Document) -> (RecordRow, String, Vec<u8>) {
    let is_desk = |chain: ChainId| register.is_case(chain);
    let creator = document.author().map_or(own, |(chain, _)| chain);
    let changed = document.last_change_at().unwrap_or_default();
    let blank = RecordRow { record: document.id(), kind: document.kind(), creator, changed, ..RecordRow::default() };
    let (row, search) = match document.kind() {
        records::Kind::Request => request_row(blank, &RequestView::read(document, &is_desk)),
        records::Kind::Resident => resident_row(blank, document, &ResidentView::read(document, &is_desk)),
        records::Kind::Visit => visit_row(blank, &VisitView::read(document, &is_desk)),
        records::Kind::Consultation => consultation_row(blank, &ConsultationView::read(document, &is_desk)),
    };
    let sort = sort_key(&row.title);
    (row, search, sort)
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn request_row(blank: RecordRow, view: &RequestView) -> (RecordRow, String) {
    let row = RequestRow::from(view);
    let contested = view.log.open_contests().next().is_some();
    let made = RecordRow {
        number: filled(&row.number),
        state: row.state.text().to_owned(),
        title: row.applicant,
        service: row.service,
        official: filled(&row.official),
        created: row.submitted_at,
        conflicts: view.differences.iter().filter(|d| !d.is_proposal).count() as u32,
        flags: flags(view.differences.iter().any(|d| d.is_proposal), contested, row.submitted_at),
        registered: view.registered_at(),
        officer: row.officer,
        holder: row.holder,
        person: row.person,
        apart: row.apart,
        ..blank
    };
    let numbers = records::fold::fold(&format!("{} {}", row.number, row.official));
    (made, format!("{} {numbers}", row.search))
}

fn resident_row(blank: RecordRow, document: &Document, view: &ResidentView) -> (RecordRow, String) {
    let row = ResidentRow::from(view);
    let created = document.author().map_or(0, |(_, at)| at);
    let marks = [("n", &row.rnokpp), ("u", &row.unzr), ("b", &row.born)];
    let marks = marks.iter().filter(|(_, text)| !text.is_empty() && !text.contains(' '));
    let person: Vec<String> = marks.map(|(mark, text)| format!("{mark}{text}")).collect();
    let made = RecordRow {
        state: "known".to_owned(),
        title: row.name,
        person: person.join(" "),
        apart: decided(view, &row.joined_with),
        created,
        conflicts: row.open_questions as u32,
        flags: flags(false, false, created),
        ..blank
    };
    (made, row.search)
}

/// The other records about which a person has decided whether they are the same person; `=` stands before those that are.
fn decided(view: &ResidentView, joined: &[RecordId]) -> String {
    let others: BTreeSet<RecordId> = view.same_as.iter().map(|event| event.other).collect();
    let one = |other: RecordId| if joined.contains(&other) { format!("={other}") } else { other.to_string() };
    others.into_iter().map(one).collect::<Vec<_>>().join(" ")
}

fn visit_row(blank: RecordRow, view: &VisitView) -> (RecordRow, String) {
    let row = VisitRow::from(view);
    let contested = view.log.open_contests().next().is_some();
    let made = RecordRow {
        number: filled(&row.number),
        state: row.state.text().to_owned(),
        title: row.name,
        created: row.received_at,
        conflicts: view.differences.len() as u32,
        flags: flags(false, contested, row.received_at),
        ..blank
    };
    (made, row.search)
}

/// Its state is what came of it; its title is who asked, which may be nobody.
fn consultation_row(blank: RecordRow, view: &ConsultationView) -> (RecordRow, String) {
    let row = ConsultationRow::from(view);
    let made = RecordRow {
        state: row.outcome,
        title: row.who,
        service: row.service,
        created: row.created_at,
        conflicts: row.open_questions as u32,
        flags: flags(false, false, row.created_at),
        officer: view.officer.clone(),
        ..blank
    };
    (made, row.search)
}

fn flags(proposals: bool, contested: bool, created: i64) -> u32 {
    let flag = |set: bool, bit: u32| if set { bit } else { 0 };
    flag(proposals, RecordRow::PROPOSALS)
        | flag(contested, RecordRow::CONTESTED)
        | flag(!clock::Time(created).is_plausible(), RecordRow::CLOCK)
}
