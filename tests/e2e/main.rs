//! The whole way with the real programs: from a kitchen table to the centre's queue and back.

#![allow(clippy::unwrap_used, reason = "a test ends where its helpers fail")]

mod disasters;
mod kitchen;
mod together;
