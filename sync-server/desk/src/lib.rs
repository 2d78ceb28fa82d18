//! The centre's half with keys: opens, decides, certifies.
//!
//! [`app`] holds what a centre can do, one file a use case, over one open [`app::Desk`]; [`app::Office`] is the desk's
//! folder, sealed or open. [`control`] lets the command line talk to a running desk. Pages and command line call `app`
//! and nothing below it.

pub mod app;
pub mod control;
mod store;
mod store_drafts;
pub mod web;
