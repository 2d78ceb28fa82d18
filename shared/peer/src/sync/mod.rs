//! Carrying chains to a hub and bringing the news.

mod contact;
mod driver;
mod flight;
mod http;
mod offer;
mod outlook;
mod pace;
mod parts;
mod progress;
mod reach;
mod run;
mod stranger;
pub mod tls;
mod trouble;

pub use contact::{Allowance, sync, sync_within};
pub use driver::{Asking, Contact, Session, SyncError, comparison, enrol};
pub use http::{Link, Meter, Patience, Traffic};
pub(crate) use offer::{Told, begin_without_token};
pub use outlook::{Outlook, another_way_out, outlook};
pub use pace::{Fit, Pace, forecast};
pub use trouble::LinkError;
