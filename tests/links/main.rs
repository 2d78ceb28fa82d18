//! The exchange over networks that misbehave: cut at any byte, silent, altered, in somebody else's hands, slow.

mod cuts;
mod foreign;
mod scene;
mod schedule;
