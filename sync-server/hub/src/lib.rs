//! The blind half of the centre: takes in, keeps and hands out chains. It can read no sealed content; it knows who
//! may write (the register) and who may have what (grants, in clear).
//!
//! [`Hub`] answers the messages of `chain` over a [`store::Store`]; [`http`] puts it on the network; [`tls`] makes
//! the certificate by which peers recognise it. Time, randomness and keys are arguments.

mod answer;
mod carry;
mod enrol;
mod erase;
pub mod http;
mod hub;
mod keys;
mod learn;
mod marker;
mod parts;
mod rejected;
mod restore;
mod senders;
pub mod store;
pub mod tls;

pub use hub::{Hub, Scrubbed};
pub use keys::HubKeys;
pub use marker::{Marker, MarkerError};
pub use rejected::Rejected;
