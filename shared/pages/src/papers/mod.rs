//! Papers that are printed.

mod routing;

pub use routing::{ConsideredStamp, DeliveredStamp, HandedOverStamp, RegisteredStamp, ReturnedStamp, RoutingSheet};
