//! Carrying chains to a hub and bringing the news.

mod driver;
mod http;
mod offer;
pub mod tls;

pub use driver::{Asking, Contact, Session, SyncError, comparison, enrol, sync};
pub use http::{Link, LinkError, Traffic};
