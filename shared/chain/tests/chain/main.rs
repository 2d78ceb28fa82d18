//! Properties of entries, segments, the exchange and the register that hold for whatever arrives, in whatever order.

mod codec;
mod dialogue;
mod flips;
mod intake;
mod memory;
mod register;
mod samples;
mod shift;
