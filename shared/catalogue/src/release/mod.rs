//! Releases: the whole set of data files under one number, as it is reviewed, signed, carried and kept.

mod delta;
mod fold;
mod publish;
mod source;

pub use fold::{Refused, Release, Releases, Viewer};
pub use publish::PublishError;
pub use source::{ReleaseError, ReleaseSource};

/// The frame: number, first day, groups, authorities, payees, needs, fee bases, sources.
pub const FRAME: &str = "catalogue.json";
/// Holidays, martial law, suspensions of terms.
pub const HOLIDAYS: &str = "holidays.json";
/// The consent to the processing of personal data.
pub const CONSENT: &str = "consent.json";
/// Territories with hostilities or occupation.
pub const TERRITORIES: &str = "territories.txt";

/// Name of the file with a group's services.
pub fn group_file(group: &str) -> String {
    format!("services/{group}.json")
}
