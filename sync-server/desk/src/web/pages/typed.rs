//! What was typed into a form.

use super::super::Site;
use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fields of a form by name; of several with one name the last counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed(BTreeMap<String, String>);

impl Typed {
    /// As if these had been typed.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// A text, trimmed and whole; empty if it was not sent. What is too long is refused by what it is for, with a
    /// sentence: a text that were cut here would be kept as if it had been typed so.
    pub fn get(&self, name: &str) -> String {
        let text = self.0.get(name).map(|text| text.trim()).unwrap_or_default();
        text.replace("\r\n", "\n")
    }

    /// All fields as they were sent, to be sent once more.
    pub fn all(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(name, value)| (name.clone(), value.clone()))
    }

    /// What follows `prefix` in the names of the fields that have it: marked rows of a list.
    pub fn names(&self, prefix: &str) -> Vec<String> {
        self.0.keys().filter_map(|name| name.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    /// A passphrase, as it was typed.
    pub fn secret(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

impl FromRequest<Arc<Site>> for Typed {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        let form = Form::<Vec<(String, String)>>::from_request(request, site).await;
        form.map(|Form(pairs)| Self(pairs.into_iter().collect())).map_err(IntoResponse::into_response)
    }
}
