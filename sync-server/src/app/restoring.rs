//! `restore`: a lost desk again, from the kit and the hub.

use super::{desk_folder, error};
use desk::app::{DeskError, ErrorKind, FromHub, Restored, Tools, restore};
use signing::Root;
use std::path::Path;

/// What a restore starts from.
pub struct Kit<'a> {
    /// The new desk's folder; must hold no desk.
    pub dir: &'a Path,
    /// The 24 words.
    pub words: &'a str,
    /// The hub's address.
    pub hub: &'a str,
    /// The administrator who restores.
    pub login: &'a str,
    /// The administrator's name; empty: the one that the login had.
    pub name: &'a str,
    /// The administrator's passphrase from now on.
    pub passphrase: &'a str,
}

/// Restores the desk into its folder.
pub async fn restore_desk(kit: &Kit<'_>, tools: Tools) -> Result<Restored, DeskError> {
    let root = Root::from_words(&numberless(kit.words)).map_err(|fault| error(ErrorKind::Refused, &fault))?;
    let folder = desk_folder(kit.dir);
    let Kit { hub, login, name, passphrase, .. } = *kit;
    let from = FromHub { folder: &folder, root: &root, hub, login, name, passphrase };
    restore(&from, tools).await
}

/// A kit as it was printed has numbers and a warning around the words: only lines of words count.
fn numberless(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
}
