//! Carrying chains to a hub and bringing the news.

mod driver;
mod http;
pub mod tls;

pub use driver::{Contact, SyncError, enrol, exchange_once, sync};
pub use http::{Link, LinkError, Traffic};
