//! Letters: what went out by hand and waits for its answer, which files of sticks are ours, what is kept for others.

use super::bytes;
use crate::PeerError;
use ids::ChainId;
use rusqlite::{Connection, OptionalExtension, Row};
use signing::Hash;

/// Tables that databases of earlier programs lack.
pub fn prepare(connection: &Connection) -> Result<(), PeerError> {
    Ok(connection.execute_batch(include_str!("letters.sql"))?)
}

/// A letter of this peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Of the request's bytes.
    pub hash: Hash,
    /// Device time, ms since 1970.
    pub made: i64,
    /// Whose entries it brings.
    pub chain: ChainId,
    /// The first of them; 0 if it brings none.
    pub first: u64,
    /// The last of them; 0 if it brings none.
    pub last: u64,
    /// It asks for news, too.
    pub asks: bool,
    /// Where the dialogue stood when it was made: its token and cursor.
    pub stood: Vec<u8>,
    /// Which answer was taken: hash of its bytes.
    pub taken: Option<Hash>,
}

/// Remembers a letter before it goes out.
pub fn put_sent(connection: &Connection, sent: &Sent) -> Result<(), PeerError> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO letter (hash, made, chain, first, last, asks, stood) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            sent.hash.0,
            sent.made,
            sent.chain.as_bytes(),
            sent.first as i64,
            sent.last as i64,
            sent.asks,
            &sent.stood,
        ))?;
    Ok(())
}

const SENT: &str = "SELECT hash, made, chain, first, last, asks, stood, taken FROM letter";

fn sent_of(row: &Row<'_>) -> rusqlite::Result<Sent> {
    let taken: Option<[u8; 32]> = row.get(7)?;
    Ok(Sent {
        hash: Hash(bytes(row, 0)?),
        made: row.get(1)?,
        chain: ChainId::from_bytes(bytes(row, 2)?),
        first: row.get(3)?,
        last: row.get(4)?,
        asks: row.get(5)?,
        stood: row.get(6)?,
        taken: taken.map(Hash),
    })
}

/// One letter of this peer.
pub fn sent(connection: &Connection, hash: Hash) -> Result<Option<Sent>, PeerError> {
    let mut statement = connection.prepare_cached(&format!("{SENT} WHERE hash = ?1"))?;
    Ok(statement.query_row([hash.0], sent_of).optional()?)
}

/// All letters of this peer, the oldest first.
pub fn all_sent(connection: &Connection) -> Result<Vec<Sent>, PeerError> {
    let mut statement = connection.prepare_cached(&format!("{SENT} ORDER BY made, first"))?;
    Ok(statement.query_map([], sent_of)?.collect::<Result<_, _>>()?)
}

/// Remembers which answer was taken.
pub fn set_taken(connection: &Connection, hash: Hash, answer: Hash) -> Result<(), PeerError> {
    connection.prepare_cached("UPDATE letter SET taken = ?2 WHERE hash = ?1")?.execute((hash.0, answer.0))?;
    Ok(())
}

/// Forgets letters made before a time, with their files.
pub fn forget_before(connection: &Connection, time: i64) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM letter WHERE made < ?1")?.execute([time])?;
    connection.prepare_cached("DELETE FROM stick_file WHERE made < ?1")?.execute([time])?;
    Ok(())
}

/// Lets go of kept letters that came before a time.
pub fn let_go_before(connection: &Connection, time: i64) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM kept_letter WHERE came < ?1")?.execute([time])?;
    Ok(())
}

/// A file that this peer wrote onto some stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Its name.
    pub name: String,
    /// Of which letter it is a piece; of an answer, to which letter.
    pub letter: Hash,
    /// Whose letter that is.
    pub party: ChainId,
    /// The files that were written together hold one whole message.
    pub copy: [u8; 8],
    /// Of all its bytes.
    pub digest: Hash,
}

/// Remembers a file before it is written.
pub fn put_file(connection: &Connection, file: &OwnFile, made: i64) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO stick_file (name, letter, party, copy, digest, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((&file.name, file.letter.0, file.party.as_bytes(), file.copy, file.digest.0, made))?;
    Ok(())
}

/// Every file this peer remembers.
pub fn files(connection: &Connection) -> Result<Vec<OwnFile>, PeerError> {
    let mut statement =
        connection.prepare_cached("SELECT name, letter, copy, digest, party FROM stick_file ORDER BY name")?;
    let found = statement.query_map([], |row| {
        let (letter, digest) = (Hash(bytes(row, 1)?), Hash(bytes(row, 3)?));
        let party = ChainId::from_bytes(bytes(row, 4)?);
        Ok(OwnFile { name: row.get(0)?, letter, party, copy: bytes(row, 2)?, digest })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Nobody opens the own files any more: they count as broken, and what they hold is written again.
pub fn spoil_files(connection: &Connection) -> Result<(), PeerError> {
    connection.execute("UPDATE stick_file SET digest = zeroblob(32)", [])?;
    Ok(())
}

/// A file is gone from its stick.
pub fn forget_file(connection: &Connection, name: &str) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM stick_file WHERE name = ?1")?.execute([name])?;
    Ok(())
}

/// A letter of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Of its bytes.
    pub hash: Hash,
    /// Whose it is.
    pub sender: ChainId,
    /// The request.
    pub bytes: Vec<u8>,
}

/// Keeps somebody's letter. Again, it changes nothing.
pub fn keep(connection: &Connection, kept: &Kept, came: i64) -> Result<(), PeerError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO kept_letter (hash, sender, came, bytes) VALUES (?1, ?2, ?3, ?4)")?
        .execute((kept.hash.0, kept.sender.as_bytes(), came, &kept.bytes))?;
    Ok(())
}

/// Keeps the answer to a kept letter.
pub fn keep_answer(connection: &Connection, hash: Hash, answer: &[u8]) -> Result<(), PeerError> {
    connection.prepare_cached("UPDATE kept_letter SET answer = ?2 WHERE hash = ?1")?.execute((hash.0, answer))?;
    Ok(())
}

/// A kept letter is not kept any more.
pub fn let_go(connection: &Connection, hash: Hash) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM kept_letter WHERE hash = ?1")?.execute([hash.0])?;
    Ok(())
}

/// Of a kept letter only the answer is kept on.
pub fn empty(connection: &Connection, hash: Hash) -> Result<(), PeerError> {
    connection.prepare_cached("UPDATE kept_letter SET bytes = x'' WHERE hash = ?1")?.execute([hash.0])?;
    Ok(())
}

/// All kept letters, and whether each is answered.
pub fn kept_hashes(connection: &Connection) -> Result<Vec<(Hash, bool)>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT hash, answer IS NOT NULL FROM kept_letter")?;
    let found = statement.query_map([], |row| Ok((Hash(bytes(row, 0)?), row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The bytes of a kept letter.
pub fn kept_bytes(connection: &Connection, hash: Hash) -> Result<Vec<u8>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM kept_letter WHERE hash = ?1")?;
    Ok(statement.query_row([hash.0], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Whose a kept letter is.
pub fn sender_of(connection: &Connection, hash: Hash) -> Result<Option<ChainId>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT sender FROM kept_letter WHERE hash = ?1")?;
    Ok(statement.query_row([hash.0], |row| Ok(ChainId::from_bytes(bytes(row, 0)?))).optional()?)
}

/// Nothing of a sender is kept any more.
pub fn let_go_of(connection: &Connection, sender: ChainId) -> Result<(), PeerError> {
    connection.prepare_cached("DELETE FROM kept_letter WHERE sender = ?1")?.execute([sender.as_bytes()])?;
    Ok(())
}

/// `None`: not kept. `Some(None)`: kept, no answer yet.
pub fn answer_to(connection: &Connection, hash: Hash) -> Result<Option<Option<Vec<u8>>>, PeerError> {
    let mut statement = connection.prepare_cached("SELECT answer FROM kept_letter WHERE hash = ?1")?;
    Ok(statement.query_row([hash.0], |row| row.get(0)).optional()?)
}

/// Kept letters, the oldest first: those without an answer, or all; of a sender, or of all.
pub fn kept(connection: &Connection, unanswered_only: bool, most: usize) -> Result<Vec<Kept>, PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT hash, sender, bytes FROM kept_letter WHERE ?1 = 0 OR answer IS NULL ORDER BY came, hash LIMIT ?2",
    )?;
    let found = statement.query_map((unanswered_only, most as i64), |row| {
        Ok(Kept { hash: Hash(bytes(row, 0)?), sender: ChainId::from_bytes(bytes(row, 1)?), bytes: row.get(2)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many kept letters have no answer, and how many have one.
pub fn kept_counts(connection: &Connection) -> Result<(usize, usize), PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(answer IS NULL), 0), coalesce(sum(answer IS NOT NULL), 0) FROM kept_letter",
    )?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// How many letters and bytes, answers included, are kept: of one sender, or of all.
pub fn weight(connection: &Connection, sender: Option<ChainId>) -> Result<(usize, usize), PeerError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*), coalesce(sum(length(bytes) + coalesce(length(answer), 0)), 0) FROM kept_letter
         WHERE ?1 IS NULL OR sender = ?1",
    )?;
    Ok(statement.query_row([sender.map(|chain| *chain.as_bytes())], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
