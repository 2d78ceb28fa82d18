//! The officer's pages on the loopback address. They ask [`crate::app`] and nothing else.
//!
//! Who may see them: the browser that was given the program's address with its launch token, and only after an
//! officer's passphrase; requests must name the loopback address as their host, and what changes something must come
//! from these pages themselves. Every form works without JavaScript.

mod console;
mod form_fields;
mod form_sections;
mod frame;
mod guard;
mod held;
mod pages;
pub mod posted;
mod readable;
mod serve;
mod sleep;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_anchors;
#[cfg(test)]
mod tests_correct;
#[cfg(test)]
mod tests_correct_full;
#[cfg(test)]
mod tests_every_service;
#[cfg(test)]
mod tests_form;
#[cfg(test)]
mod tests_held;
#[cfg(test)]
mod tests_residents;
#[cfg(test)]
mod tests_upkeep;

pub use console::Console;
pub use serve::{Ended, Listen, Served, serve};

use ::pages::{Phrases, headers};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use std::sync::{Arc, LazyLock};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

/// The most that one form may bring: a request with all its answers and reasons is far below it.
const FORM_BYTES: usize = 512 * 1024;

/// The Fluent files of one language, one after another.
macro_rules! phrases {
    ($lang:literal) => {
        [
            include_str!(concat!("../../texts/", $lang, ".ftl")),
            include_str!(concat!("../../texts/form.", $lang, ".ftl")),
            include_str!(concat!("../../texts/upkeep.", $lang, ".ftl")),
            include_str!(concat!("../../texts/shift.", $lang, ".ftl")),
        ]
        .concat()
    };
}

/// The words of these pages.
pub static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&phrases!("uk"), &phrases!("en")));

/// All pages, behind all guards.
pub fn router(console: Arc<Console>) -> Router {
    let pages = pages::router()
        .merge(::pages::assets::router())
        .fallback(pages::not_found)
        .with_state(Arc::clone(&console))
        .layer(from_fn_with_state(Arc::clone(&console), held::hold_refused))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(from_fn(::pages::keep_language))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(console, guard::own_host_only))
        .layer(CatchPanicLayer::custom(pages::broken));
    headers::secure(pages, headers::Reach::Loopback)
}
