//! Looking a service up.

use catalogue::Catalogue;
use serde::Serialize;

/// A service in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceRow {
    /// Its slug.
    pub slug: String,
    /// Name in Ukrainian.
    pub uk: String,
    /// Name in English.
    pub en: String,
    /// Id of its group.
    pub group: String,
}

/// Services that came with the program and have words beginning with every word of the query, best first; all for an
/// empty one. What the centre published since is in the vault: [`super::Agent::catalogue`].
pub fn services(query: &str) -> Vec<ServiceRow> {
    let row = |service: &&catalogue::Service| ServiceRow {
        slug: service.slug.clone(),
        uk: service.name.uk.clone(),
        en: service.name.en.clone(),
        group: service.group.clone(),
    };
    Catalogue::embedded().search(query).iter().map(row).collect()
}
