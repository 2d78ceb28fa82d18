//! Pages of a peer's database: whose they are, and how they are damaged.

use rusqlite::Connection;
use signing::Secret;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Bytes of a page.
pub const PAGE: usize = 4096;

/// A page that is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// The table or index whose it is.
    pub name: String,
    /// `leaf`, `internal`, `overflow`.
    pub kind: String,
}

/// All pages of a database that nobody has open.
pub fn pages(database: &Path, key: &Secret<32>) -> Vec<Page> {
    let mut pragma = String::from("PRAGMA key = \"x'");
    key.expose().iter().for_each(|byte| write!(pragma, "{byte:02x}").expect("a text"));
    let connection = Connection::open(database).expect("it opens");
    connection.execute_batch(&format!("{pragma}'\"")).expect("a key");
    let mut statement = connection.prepare("SELECT pageno, name, pagetype FROM dbstat ORDER BY pageno").expect("pages");
    let page = |row: &rusqlite::Row<'_>| Ok(Page { number: row.get(0)?, name: row.get(1)?, kind: row.get(2)? });
    statement.query_map([], page).expect("pages").map(|page| page.expect("a page")).collect()
}

/// One bit of a page flips.
pub fn damage(database: &Path, page: u32) {
    let mut bytes = fs::read(database).expect("a file");
    bytes[(page as usize - 1) * PAGE + 2000] ^= 1;
    fs::write(database, bytes).expect("a file");
}
