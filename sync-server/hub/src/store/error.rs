//! What can go wrong below a store.

/// A store that cannot do what it was asked. Nothing of the act remains.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No place for this community.
    #[error("громади немає на цьому сервері / the community is not on this server")]
    UnknownTenant,
    /// The community is there already with another root.
    #[error(
        "громаду вже створено з іншим коренем довіри; видаліть базу вузла або візьміть інший код громади / the community exists with another root of trust"
    )]
    OtherRoot,
    /// No room left on the disk.
    #[error("на диску сервера немає місця; звільніть його / the server's disk is full; free some space")]
    Full,
    /// Locked by another program for too long, or the store is shutting down.
    #[error("база даних зайнята іншою програмою / the database is busy")]
    Busy,
    /// The file cannot be opened or written.
    #[error(
        "файл бази вузла не відкривається або не записується: перевірте права доступу до папки / the hub's database cannot be opened or written: check the folder's permissions"
    )]
    Denied,
    /// The database cannot be read as what it should be.
    #[error("{}", damaged(.0))]
    Damaged(String),
    /// Written by a later version of the program.
    #[error(
        "базу даних створено новішою версією програми ({found}); оновіть програму / the database is of a later version ({found}); update the program"
    )]
    LaterVersion {
        /// The version of its tables.
        found: i64,
    },
    /// The SQLite below is too old to be trusted with two connections (WAL-reset race, fixed in 3.51.3).
    #[error("бібліотека SQLite застара ({0}): потрібна 3.51.3 або новіша / SQLite {0} is too old: 3.51.3 is needed")]
    OldSqlite(&'static str),
    /// Anything else, in the engine's words.
    #[error("база даних не працює: {0} / the database fails: {0}")]
    Engine(String),
}

/// What is damaged is often said in both languages itself: each half of the sentence takes its own.
fn damaged(what: &str) -> String {
    let (uk, en) = what.split_once(" / ").unwrap_or((what, what));
    format!(
        "базу даних пошкоджено ({uk}); зупиніть вузол і виконайте hub-repair: бракуюче надішлють валізи й центр / the database is damaged ({en}); stop the hub and run hub-repair: suitcases and desk bring what is missing"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_two_halves_whatever_it_names() {
        for named in ["signature", "файл не читається / the file does not read"] {
            let said = StoreError::Damaged(named.into()).to_string();
            let halves: Vec<&str> = said.split(" / ").collect();
            assert!(halves.len() == 2 && halves.iter().all(|half| half.contains("hub-repair")), "{said}");
        }
    }
}
