//! What follows from the entries of a community (who may read what, in which order; how far each chain goes) is made
//! again from them in a database of its own and compared: SQLite sees that a page is well-formed, not that it is the
//! one that was written.

use super::copy::Checked;
use super::rows::Rows;
use crate::store::ledger::{self, Ledger as _};
use crate::store::{Role, StoreError, Tenant};
use chain::{CaseEnd, EnrolmentRequest, Entry, Place, Register, Verified};
use ids::ChainId;
use rusqlite::{Connection, Row, params};
use signing::Hash;
use signing::canonical::Reader;
use std::collections::{BTreeMap, BTreeSet};

/// Called after each entry: may pause, and ends the work with [`StoreError::Busy`].
pub(super) type Breath<'a> = dyn Fn() -> Result<(), StoreError> + 'a;

/// What is compared, with chains and records by their ids: their numbers may differ. The first column is the one that
/// names what is wrong.
const COMPARED: [(&str, &str); 5] = [
    ("chains", "SELECT hex(id), last, register FROM chains WHERE tenant = ?1 AND last > 0 ORDER BY id"),
    (
        "records",
        "SELECT hex(records.id), hex(author.id), shared FROM records LEFT JOIN chains AS author
         ON author.number = creator WHERE records.tenant = ?1 ORDER BY records.id",
    ),
    (
        "entries",
        "SELECT place, hex(chains.id), seq, hex(records.id) FROM entries JOIN chains ON chains.number = chain
         LEFT JOIN records ON records.number = record WHERE chains.tenant = ?1 ORDER BY place",
    ),
    (
        "grants",
        "SELECT hex(records.id), hex(reader.id), hex(author.id), seq, open FROM grants
         JOIN records ON records.number = record JOIN chains AS reader ON reader.number = peer
         LEFT JOIN chains AS author ON author.number = by WHERE records.tenant = ?1 ORDER BY records.id, reader.id",
    ),
    (
        "inbox",
        "SELECT hex(id), position, nth, place FROM inbox JOIN chains ON number = peer WHERE tenant = ?1
         ORDER BY id, position, nth",
    ),
];

/// Adds what is wrong with the derived rows of one community to what was found. `breathe` is called after each entry.
pub(super) fn compare(
    rows: &Rows<'_>,
    tenant: &Tenant,
    register: &Register,
    checked: &mut Checked,
    breathe: &Breath<'_>,
) -> Result<(), StoreError> {
    // SQLite's own temporary file, gone with the connection.
    let other = Connection::open("")?;
    other.execute_batch(include_str!("schema.sql"))?;
    other.execute_batch("BEGIN")?;
    let root = [tenant.root.signing.0, tenant.root.agreement.0].concat();
    let make = "INSERT INTO tenants (number, id, root) VALUES (?1, ?2, ?3)";
    other.execute(make, params![rows.number, tenant.id.as_bytes(), root])?;
    let mut again = Rows { connection: &other, number: rows.number };
    // What was ordered lies in the register; whether all of it was carried out is looked at below.
    ledger::erase(&mut again, &rows.erased()?)?;
    if let Err(fault) = replay(rows, &mut again, tenant, register, breathe) {
        if fault == StoreError::Busy {
            return Err(fault);
        }
        checked.faults.push(format!("записи громади {} не складаються ({fault}) / entries do not fit", tenant.id));
        return Ok(());
    }
    if rows.position()? != again.position()? {
        checked.faults.push(format!("громада {}: хибна кількість записів / wrong count of entries", tenant.id));
    }
    for (table, question) in COMPARED {
        if let Some(name) = first_difference(rows, &again, question)? {
            checked.faults.push(format!(
                "таблиця {table}, {name}: не те, що випливає із записів / table {table}: not what follows from the entries"
            ));
        }
    }
    obeyed(rows, register, checked)?;
    enrolments(rows, checked)
}

/// Whether every body that an order of the register names is gone. Keys may wait for those that are kept.
fn obeyed(rows: &Rows<'_>, register: &Register, checked: &mut Checked) -> Result<(), StoreError> {
    let ends: BTreeMap<ChainId, u64> = checked.heads.iter().map(|head| (head.chain, head.end.seq)).collect();
    let ordered = register.erased(|case| ends.get(&case).copied().unwrap_or(0));
    let owed = ordered.beyond(&rows.erased()?);
    if !owed.is_empty() {
        checked.faults.push(format!(
            "розпорядження стерти {} записів ще не виконано: запустіть вузол обміну / an order to erase {0} records is not carried out yet: start the hub",
            owed.records.len() + owed.entries.len()
        ));
    }
    Ok(())
}

/// Takes in every entry once more, in the order of positions.
fn replay(
    rows: &Rows<'_>,
    again: &mut Rows<'_>,
    tenant: &Tenant,
    register: &Register,
    breathe: &Breath<'_>,
) -> Result<(), StoreError> {
    let mut find = rows.connection.prepare(
        "SELECT place, chains.id, seq, prev, hash, entry FROM entries JOIN chains ON chains.number = chain
         WHERE place > ?1 AND place < ?2 ORDER BY place",
    )?;
    let mut found = find.query([rows.place(0), (rows.number + 1) << super::rows::POSITION_BITS])?;
    let mut position = 0;
    let mut roles = Roles::of(register);
    while let Some(row) = found.next()? {
        position = rows.position_of(row.get(0)?);
        let chain = ChainId::from_bytes(row.get(1)?);
        let place = Place { tenant: tenant.id, chain, seq: row.get(2)?, prev: Hash(row.get(3)?) };
        let entry = Entry::read(&mut Reader::new(row.get_ref(5)?.as_blob().unwrap_or_default()));
        let entry = entry.map_err(|error| StoreError::Damaged(error.to_string()))?;
        let role = roles.next(chain, place.seq);
        let mut author = again.chain(chain)?;
        author.last = author.last.max(place.seq);
        author.register |= role == Role::Register;
        again.keep_chain(&author)?;
        let entry = Verified { place, entry, hash: Hash(row.get(4)?) };
        ledger::store(again, author.number, role, position, &entry)?;
        breathe()?;
    }
    again.keep_position(position)
}

/// As what entries were stored, told again in the order of their positions.
pub(super) struct Roles<'a> {
    register: &'a Register,
    ends: BTreeMap<ChainId, CaseEnd>,
    stated: BTreeSet<(ChainId, u64)>,
}

impl<'a> Roles<'a> {
    pub fn of(register: &'a Register) -> Self {
        let ends = register.desks().filter_map(|(desk, _, _)| Some((desk.case, register.case_end(desk.case)?)));
        Self { register, ends: ends.collect(), stated: BTreeSet::new() }
    }

    /// Of the entry that was stored next.
    pub fn next(&mut self, chain: ChainId, seq: u64) -> Role {
        let Self { register, ends, stated } = self;
        // What was stored before a case chain's end was known went to its readers.
        let behind = ends.get(&chain).is_some_and(|one| stated.contains(&one.stated) && seq > one.end.seq);
        if register.is_register(chain) {
            stated.insert((chain, seq));
            return Role::Register;
        }
        if register.is_case(chain) && !behind { Role::Case } else { Role::Suitcase }
    }
}

/// The first line of the answers that differs, by its first column.
fn first_difference(rows: &Rows<'_>, again: &Rows<'_>, question: &str) -> Result<Option<String>, StoreError> {
    let (mut held, mut made) = (rows.connection.prepare(question)?, again.connection.prepare(question)?);
    let (mut held, mut made) = (held.query([rows.number])?, made.query([rows.number])?);
    loop {
        let lines = (held.next()?.map(line).transpose()?, made.next()?.map(line).transpose()?);
        match lines {
            (None, None) => return Ok(None),
            (one, other) if one == other => {}
            (one, other) => return Ok(one.or(other).and_then(|line| line.into_iter().next())),
        }
    }
}

fn line(row: &Row<'_>) -> Result<Vec<String>, StoreError> {
    let columns = row.as_ref().column_count();
    (0..columns).map(|column| Ok(format!("{:?}", row.get_ref(column)?))).collect()
}

/// Requests to be enrolled are signed by who asks.
fn enrolments(rows: &Rows<'_>, checked: &mut Checked) -> Result<(), StoreError> {
    let mut find = rows.connection.prepare("SELECT chain, request, invitation FROM enrolments WHERE tenant = ?1")?;
    let mut found = find.query([rows.number])?;
    while let Some(row) = found.next()? {
        let (chain, bytes) = (ChainId::from_bytes(row.get(0)?), row.get_ref(1)?.as_blob().unwrap_or_default());
        let invitation = row.get_ref(2)?.as_blob().unwrap_or_default();
        let whole = EnrolmentRequest::decode(bytes).is_ok_and(|request| {
            request.chain == chain && (invitation.is_empty() || request.invitation.as_slice() == invitation)
        });
        if !whole {
            checked
                .faults
                .push(format!("запит на під’єднання {chain} пошкоджено / the request to be enrolled is damaged"));
        }
    }
    Ok(())
}
