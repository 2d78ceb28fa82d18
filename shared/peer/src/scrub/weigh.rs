//! What of a slice is told: the damaged place, and not what does not read because of it.

use super::look::Slice;
use super::state::At;
use crate::PeerError;
use crate::error::halves;

const UNREAD: &str = "база даних не читається (";

/// Whether something in a slice is not as it should be.
pub(super) fn meets_damage(looked: &Result<Slice, PeerError>) -> bool {
    match looked {
        Ok(slice) => !slice.faults.is_empty() || !slice.unread.is_empty(),
        Err(error) => error.is_damage(),
    }
}

/// What is to be told of a slice. `is_known`: a damaged place is known, so what does not read is its doing.
pub(super) fn weighed(at: &At, looked: Result<Slice, PeerError>, is_known: bool) -> Result<Slice, PeerError> {
    let mut slice = match looked {
        Ok(slice) => slice,
        // No way leads on among these.
        Err(error) if error.is_damage() => {
            tracing::warn!(%error, ?at, "the rest of these is passed over");
            Slice { unread: vec![does_not_read(&error)], ..Slice::default() }
        }
        Err(error) => return Err(error),
    };
    if is_known && matches!(at, At::Tables(_)) {
        slice.unread.append(&mut slice.faults);
    }
    if is_known {
        slice.unread.drain(..).for_each(|fault| tracing::warn!(%fault, "because of what is damaged"));
    }
    slice.faults.append(&mut slice.unread);
    Ok(slice)
}

fn does_not_read(error: &PeerError) -> String {
    let what = if let PeerError::Damaged(what) = error { what } else { "диск / disk" };
    let (uk, en) = halves(what);
    format!("{UNREAD}{uk}) / the database does not read ({en})")
}

/// Whether a sentence says no more than that something does not read.
pub(super) fn names_nothing(sentence: &str) -> bool {
    sentence.starts_with(UNREAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(at: &At, looked: Result<Slice, PeerError>, is_known: bool) -> Vec<String> {
        weighed(at, looked, is_known).unwrap().faults
    }

    #[test]
    fn what_does_not_read_is_told_where_nothing_explains_it_and_what_is_wrong_in_itself_always() {
        let (stale, unread) = ("рядок / row".to_owned(), "запис / record".to_owned());
        let slice = || Ok(Slice { faults: vec![stale.clone()], unread: vec![unread.clone()], ..Slice::default() });
        let (records, tables) = (At::Records(None), At::Tables(String::new()));
        assert_eq!(sentences(&records, slice(), false), [stale.clone(), unread.clone()]);
        assert_eq!(sentences(&records, slice(), true), std::slice::from_ref(&stale));
        assert_eq!(sentences(&tables, slice(), true), Vec::<String>::new());
        for error in [PeerError::DiskFails, PeerError::Damaged("база / database".into())] {
            let told = sentences(&records, Err(error), false);
            assert!(told.len() == 1 && names_nothing(&told[0]) && told[0].split(" / ").count() == 2, "{told:?}");
        }
        assert_eq!(sentences(&records, Err(PeerError::DiskFails), true), Vec::<String>::new());
        assert!(weighed(&records, Err(PeerError::Busy), true).is_err());
        assert!(meets_damage(&slice()) && meets_damage(&Err(PeerError::DiskFails)));
        assert!(!meets_damage(&Ok(Slice::default())) && !meets_damage(&Err(PeerError::Busy)));
    }
}
