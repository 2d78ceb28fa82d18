//! The exchange by hand: on a stick, or through another suitcase.
//!
//! A *letter* is a signed request, as it would go over the network. It waits on a [`Stick`] in sealed files of one
//! length ([`piece`]), or at a carrier. Whoever reaches the hub brings it there inside a carriage ([`bring`]); the
//! answer comes back the same way, sealed to the suitcase. Nothing counts as sent by being written down: only an anchor
//! does.

mod beside;
mod bring;
mod centre;
mod introduced;
mod letters;
mod mail;
mod own;
pub mod piece;
mod shelf;
mod stick;
mod through;
mod writing;

pub use beside::{carry_for_others, deliver};
pub use bring::{Errand, bring};
pub use centre::{Letter, OnStick};
pub use mail::{Found, Mail, Partial};
pub use own::{CarriedIn, CarriedOut, OwnLetter};
pub use shelf::Shelved;
pub use stick::{Listing, Stick, StickError, free_bytes, mounted};
pub use through::{HandedOver, sync_through};
