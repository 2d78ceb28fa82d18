//! The exchange over networks that misbehave: cut at any byte, silent, altered, in somebody else's hands, slow.

mod ahead;
mod away;
mod budget;
mod cuts;
mod foreign;
mod programs;
mod rolling;
mod scene;
mod schedule;
