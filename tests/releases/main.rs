//! Releases of the catalogue through a community: published by the desk, carried by the ordinary exchange, in force on
//! their day wherever a suitcase is, refused with a sentence where something is wrong.

mod community;
mod month;
mod refusals;
mod wire;
