//! The hub can read nothing, and neither can whoever finds a locked suitcase.
//!
//! Forty planted names and numbers go the whole way with the real programs; then every byte of what the hub has (its
//! folder, its log, its memory, its traffic) and of what a locked suitcase has is searched for them in every spelling
//! that bytes of a text can take. Each search has a control that finds all of them where they must be.

mod canaries;
mod hub;
mod memory;
mod messages;
mod proxy;
mod search;
mod stick;
mod suitcase;
