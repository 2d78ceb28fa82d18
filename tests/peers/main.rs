//! Suitcases, a desk and a hub in one process: what one records the others read, and nothing is lost on the way.

#![allow(clippy::unwrap_used, reason = "a test ends where its helpers fail")]

mod disasters;
mod exchange;
mod store;
