//! How the command line talks to a running desk: lines of JSON over the loopback address.
//!
//! While it runs, a desk keeps a file `control` in its folder, readable by the folder's owner only: address and token,
//! one line each. Whoever can read the folder speaks for the administrator who is named in the question, or for the one
//! who unsealed the desk. One connection, one question, one answer:
//!
//! `{"token": "…", "login": "admin", "command": {"do": "queue", …}}` → `{"ok": …}` or
//! `{"error": {"kind": "refused", "uk": "…", "en": "…"}}`

mod administration;
mod backups;
mod catalogue;
mod clerks;
mod client;
mod command;
mod erasures;
mod execute;
mod hub_keys;
mod numbers;
mod rotation;
mod server;
mod sticks;
mod words;

pub use ::pages::format::harmless;
pub use administration::Administration;
pub use backups::backup;
pub use catalogue::{CatalogueQuestion, Files};
pub use client::{ask, is_running};
pub use command::{ANSWERS, Command, MarkText};
pub use execute::execute;
pub use server::{Control, serve};
pub use words::{when, word};

/// The file with address and token.
const FILE: &str = "control";
/// The longest question, bytes: all files of a release of the catalogue.
const LONGEST: u64 = 8 << 20;
