//! What this peer remembers of its answerers: dialogue, anchors, verdicts, exceptions.

use super::bytes;
use super::entries::State;
use crate::PeerError;
use chain::{Anchor, Cursor, Dialogue, Exception, ExceptionCode, Kind, Link, Token, Verdict};
use ids::{ChainId, LineageId, RecordId};
use rusqlite::{Connection, OptionalExtension};
use signing::Hash;
use signing::canonical::{DecodeError, Reader, Writer};

/// version = 1, lineage (option), token (option), cursor (option of lineage, position, index), anchored (count, then
/// chain, seq, hash each).
fn encode(dialogue: &Dialogue) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(1).option(dialogue.lineage, |w, lineage| {
        w.fixed(lineage.as_bytes());
    });
    w.option(dialogue.token, |w, token| token.write(w));
    w.option(dialogue.cursor, |w, cursor| {
        w.fixed(cursor.lineage.as_bytes()).count(cursor.position).count(cursor.index);
    });
    w.count(dialogue.anchored.len() as u64);
    for (chain, end) in &dialogue.anchored {
        w.fixed(chain.as_bytes()).count(end.seq).fixed(&end.hash.0);
    }
    w.finish()
}

fn decode(bytes: &[u8]) -> Result<Dialogue, DecodeError> {
    let mut r = Reader::new(bytes);
    match r.u8()? {
        1 => {}
        other => return Err(DecodeError::Unknown(other)),
    }
    let lineage = |r: &mut Reader<'_>| Ok(LineageId::from_bytes(r.fixed()?));
    let mut dialogue = Dialogue {
        lineage: r.option(lineage)?,
        token: r.option(Token::read)?,
        cursor: r.option(|r| Ok(Cursor { lineage: lineage(r)?, position: r.count()?, index: r.count()? }))?,
        ..Dialogue::default()
    };
    for _ in 0..r.count()? {
        let chain = ChainId::from_bytes(r.fixed()?);
        dialogue.anchored.insert(chain, Link { seq: r.count()?, hash: Hash(r.fixed()?) });
    }
    r.end()?;
    Ok(dialogue)
}

/// The dialogue with an answerer; a new one, or a damaged one, starts from the beginning and costs repeats only.
pub fn dialogue(connection: &Connection, answerer: &str) -> Result<Dialogue, PeerError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM dialogue WHERE answerer = ?1")?;
    let bytes: Option<Vec<u8>> = statement.query_row([answerer], |row| row.get(0)).optional()?;
    Ok(bytes.and_then(|bytes| decode(&bytes).ok()).unwrap_or_default())
}

/// The dialogues with all answerers.
pub fn dialogues(connection: &Connection) -> Result<Vec<(String, Dialogue)>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT answerer, bytes FROM dialogue")?;
    let found = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let found = found.collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().map(|(answerer, bytes)| (answerer, decode(&bytes).unwrap_or_default())).collect())
}

/// Keeps a dialogue.
pub fn put_dialogue(connection: &Connection, answerer: &str, dialogue: &Dialogue) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO dialogue (answerer, bytes) VALUES (?1, ?2)")?
        .execute((answerer, encode(dialogue)))?;
    Ok(())
}

/// Keeps an anchor.
pub fn put_anchor(connection: &Connection, anchor: &Anchor) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO anchor (answerer, chain, seq, bytes) VALUES (?1, ?2, ?3, ?4)")?
        .execute((anchor.answerer.0, anchor.chain.as_bytes(), anchor.end.seq as i64, anchor.encode()))?;
    Ok(())
}

/// The first anchor that covers an entry: it existed not after that time.
pub fn anchor_over(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Anchor>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM anchor WHERE chain = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1")?;
    let bytes: Option<Vec<u8>> = statement.query_row((chain.as_bytes(), seq as i64), |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| Anchor::decode(&bytes)).transpose()?)
}

/// The name in `meta` under which the newest anchor of an own chain waits to be named by the next entry.
pub fn unnamed_anchor(chain: ChainId) -> String {
    format!("unnamed anchor {chain}")
}

/// The name in `meta` under which the newest anchor of an own chain is kept. The table keeps the first anchor of each
/// end, which proves the earlier time; one of a later life of the hub's store says that the bytes are there now.
pub fn last_anchor(chain: ChainId) -> String {
    format!("last anchor {chain}")
}

/// Keeps the anchor that an own entry names.
pub fn put_named_anchor(connection: &Connection, chain: ChainId, seq: u64, anchor: &Anchor) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO named_anchor (chain, seq, bytes) VALUES (?1, ?2, ?3)")?
        .execute((chain.as_bytes(), seq as i64, anchor.encode()))?;
    Ok(())
}

/// Anchors that entries after a number name, each with the number of its entry, ascending.
pub fn named_anchors(
    connection: &Connection,
    chain: ChainId,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, Anchor)>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT seq, bytes FROM named_anchor WHERE chain = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3")?;
    let found = statement.query_map((chain.as_bytes(), after as i64, limit as i64), |row| {
        Ok((row.get::<_, u64>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let mut all = Vec::new();
    for one in found {
        let (seq, bytes) = one?;
        all.push((seq, Anchor::decode(&bytes)?));
    }
    Ok(all)
}

/// The newest anchor that is named up to an entry: the entry did not exist before that time.
pub fn anchor_before(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Anchor>, PeerError> {
    let mut statement = connection
        .prepare_cached("SELECT bytes FROM named_anchor WHERE chain = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1")?;
    let bytes: Option<Vec<u8>> = statement.query_row((chain.as_bytes(), seq as i64), |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| Anchor::decode(&bytes)).transpose()?)
}

/// The newest anchor of a chain.
pub fn newest_anchor(connection: &Connection, chain: ChainId) -> Result<Option<Anchor>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM anchor WHERE chain = ?1 ORDER BY seq DESC LIMIT 1")?;
    let bytes: Option<Vec<u8>> = statement.query_row([chain.as_bytes()], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| Anchor::decode(&bytes)).transpose()?)
}

/// The anchor of a chain that reaches furthest, up to a number, among those that are wanted.
pub fn anchor_until(
    connection: &Connection,
    chain: ChainId,
    until: u64,
    wanted: impl Fn(&Anchor) -> bool,
) -> Result<Option<Anchor>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM anchor WHERE chain = ?1 AND seq <= ?2 ORDER BY seq DESC")?;
    let mut rows = statement.query((chain.as_bytes(), until as i64))?;
    while let Some(row) = rows.next()? {
        let anchor = Anchor::decode(&row.get::<_, Vec<u8>>(0)?)?;
        if wanted(&anchor) {
            return Ok(Some(anchor));
        }
    }
    Ok(None)
}

/// Up to where the centre has opened a chain; 0 if it has said nothing.
pub fn verdict_end(connection: &Connection, chain: ChainId) -> Result<u64, PeerError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM verdict WHERE chain = ?1")?;
    Ok(statement.query_row([chain.as_bytes()], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// The highest entry of the register that any verdict named; 0 without a verdict.
pub fn register_told(connection: &Connection) -> Result<u64, PeerError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(register), 0) FROM verdict")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Keeps a verdict and its exceptions. An older one changes nothing.
pub fn put_verdict(connection: &Connection, verdict: &Verdict, at: i64) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "INSERT INTO verdict (chain, seq, register, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (chain) DO UPDATE SET seq = max(seq, ?2), register = max(register, ?3), at = max(at, ?4)",
        )?
        .execute((verdict.chain.as_bytes(), verdict.up_to.seq as i64, verdict.register.1.seq as i64, at))?;
    for exception in &verdict.exceptions {
        match exception.code {
            ExceptionCode::TakenLater => forget_exception(connection, verdict.chain, exception.seq)?,
            _ => put_exception(connection, verdict.chain, exception, true)?,
        }
    }
    Ok(())
}

/// Keeps why an entry is not among the records. What was told of it and is the same is not told again.
pub fn put_exception(
    connection: &Connection,
    chain: ChainId,
    exception: &Exception,
    told: bool,
) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "INSERT INTO exception (chain, seq, code, sentence, told) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (chain, seq) DO UPDATE SET code = ?3, sentence = ?4,
             told = CASE WHEN code = ?3 AND sentence = ?4 THEN max(told, ?5) ELSE ?5 END",
        )?
        .execute((chain.as_bytes(), exception.seq as i64, exception.code.code(), &exception.sentence, told))?;
    Ok(())
}

/// As [`put_exception`] for something that was not told yet; what is known about the entry already stays.
pub fn put_new_exception(connection: &Connection, chain: ChainId, exception: &Exception) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO exception (chain, seq, code, sentence, told) VALUES (?1, ?2, ?3, ?4, 0)",
        )?
        .execute((chain.as_bytes(), exception.seq as i64, exception.code.code(), &exception.sentence))?;
    Ok(())
}

/// An entry is among the records after all. If its author was told otherwise, the next verdict takes that back.
pub fn resolve_exception(connection: &Connection, chain: ChainId, seq: u64) -> Result<(), PeerError> {
    let place = (chain.as_bytes(), seq as i64);
    connection.prepare_cached("DELETE FROM exception WHERE chain = ?1 AND seq = ?2 AND told = 0")?.execute(place)?;
    connection
        .prepare_cached("UPDATE exception SET code = ?3, sentence = '', told = 0 WHERE chain = ?1 AND seq = ?2")?
        .execute((place.0, place.1, ExceptionCode::TakenLater.code()))?;
    Ok(())
}

/// Whether a place holds a fact that was set aside because nothing opened it.
pub fn is_unopened_fact(connection: &Connection, chain: ChainId, seq: u64) -> Result<bool, PeerError> {
    let mut find = connection.prepare_cached(
        "SELECT 1 FROM entry e JOIN chain c ON c.id = e.chain JOIN exception x ON x.chain = c.name AND x.seq = e.seq
         WHERE c.name = ?1 AND e.seq = ?2 AND e.kind = ?3 AND e.state = ?4 AND x.code = ?5",
    )?;
    let (kind, aside, unopened) = (Kind::OWN.code(), State::NotTaken as i64, ExceptionCode::Unopened.code());
    Ok(find.query_row((chain.as_bytes(), seq as i64, kind, aside, unopened), |_| Ok(())).optional()?.is_some())
}

/// Entries of a record that were set aside because nothing opened them are looked at again. Gives back how many.
pub fn wake_unopened(connection: &Connection, record: RecordId) -> Result<usize, PeerError> {
    let mut wake = connection.prepare_cached(
        "UPDATE entry SET state = ?2 WHERE record = ?1 AND state = ?3 AND EXISTS (
             SELECT 1 FROM exception x JOIN chain c ON c.name = x.chain
             WHERE c.id = entry.chain AND x.seq = entry.seq AND x.code = ?4)",
    )?;
    let (waiting, aside) = (State::Waiting as i64, State::NotTaken as i64);
    Ok(wake.execute((record.as_bytes(), waiting, aside, ExceptionCode::Unopened.code()))?)
}

/// What came second under the name of a record is looked at again: what came first is set aside. At most so many as are few:
/// a person sees the others.
pub fn wake_proposals(connection: &Connection, record: RecordId, first: i64) -> Result<usize, PeerError> {
    let mut wake = connection.prepare_cached(
        "UPDATE entry SET state = ?3 WHERE id IN (
             SELECT e.id FROM entry e INDEXED BY entry_record JOIN chain c ON c.id = e.chain
             JOIN exception x ON x.chain = c.name AND x.seq = e.seq AND x.code = ?5
             WHERE e.record = ?1 AND e.id > ?2 AND e.state = ?4 AND e.kind = ?6 ORDER BY e.id LIMIT 16)",
    )?;
    let (waiting, aside) = (State::Waiting as i64, State::NotTaken as i64);
    let (proposal, change) = (ExceptionCode::Proposal.code(), Kind::CHANGE.code());
    Ok(wake.execute((record.as_bytes(), first, waiting, aside, proposal, change))?)
}

/// How many entries are set aside and nobody says why: none, unless the table that says it was lost.
pub fn unexplained(connection: &Connection) -> Result<u64, PeerError> {
    let sql = "SELECT count(*) FROM entry e JOIN chain c ON c.id = e.chain WHERE e.state = ?1
               AND NOT EXISTS (SELECT 1 FROM exception x WHERE x.chain = c.name AND x.seq = e.seq)";
    Ok(connection.query_row(sql, [State::NotTaken as i64], |row| row.get(0))?)
}

fn forget_exception(connection: &Connection, chain: ChainId, seq: u64) -> Result<(), PeerError> {
    connection
        .prepare_cached("DELETE FROM exception WHERE chain = ?1 AND seq = ?2")?
        .execute((chain.as_bytes(), seq as i64))?;
    Ok(())
}

/// Exceptions of a chain, or of all that stand; or, if asked so, all that the author was not told yet, taken-back ones
/// among them.
pub fn exceptions(
    connection: &Connection,
    chain: Option<ChainId>,
    untold_only: bool,
) -> Result<Vec<(ChainId, Exception)>, PeerError> {
    // Of one chain by its key: a desk asks for each chain at every contact.
    let of = if chain.is_some() { "chain = ?1" } else { "?1 IS NULL" };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT chain, seq, code, sentence FROM exception
         WHERE {of} AND CASE WHEN ?2 THEN told = 0 ELSE code <> 8 END ORDER BY chain, seq"
    ))?;
    let found = statement.query_map((chain.map(|c| *c.as_bytes()), untold_only), |row| {
        let code = ExceptionCode::from_code(row.get(2)?).unwrap_or(ExceptionCode::LaterVersion);
        let exception = Exception { seq: row.get(1)?, code, sentence: row.get(3)? };
        Ok((ChainId::from_bytes(bytes(row, 0)?), exception))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
