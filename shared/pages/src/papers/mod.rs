//! Papers that are printed, by the browser and as PDF: what stands on each, put into a [`Sheet`], and the page that
//! shows sheets.

mod application;
mod consent;
mod page;
mod routing;
mod sheet;
mod shift;
mod typography;

pub(crate) use application::papers;
pub use application::{Answered, Application, ApplicationPerson};
pub use consent::ConsentSheet;
pub use page::PaperPage;
pub use routing::{ConsideredStamp, DeliveredStamp, HandedOverStamp, RegisteredStamp, ReturnedStamp, RoutingSheet};
pub use sheet::{Block, Code, PaperKind, Sheet};
pub use shift::ShiftSheet;
pub use typography::typeset;
