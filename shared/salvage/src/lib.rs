//! Reads what can be read of a damaged SQLite file, and copies it into a new one that the caller has made.
//!
//! It knows no formats and no keys: the caller opens the damaged file, with its key if it has one, and says which tables
//! there are. Each table is walked from both ends; what lies between two unreadable places is looked for by halving the
//! range of keys, with a bound on the work. So a damaged page costs the rows on it, and no others that a way leads to. Of
//! tables that the caller names, pages are then looked at one by one ([`scattered`]), so that a page above others costs
//! nothing below it; the pages of the schema cost everything.

mod bounds;
mod store;
mod told;

pub use bounds::{Gap, Part};
pub use store::copy::{Copied, copy};
pub use store::scattered::{Wanted, scattered};
pub use store::tables::{Table, missing, tables};
pub use told::{asked, damaged_first_page, damaged_page, explains, told};

/// Why nothing can be copied.
#[derive(Debug, thiserror::Error)]
pub enum SalvageError {
    /// The damaged file does not open, or its schema cannot be read: no way leads to any row.
    #[error("жодної таблиці не прочитати: {0} / no table can be read: {0}")]
    Nothing(rusqlite::Error),
    /// The new file cannot be written or asked.
    #[error("новий файл: {0} / the new file: {0}")]
    New(rusqlite::Error),
}
