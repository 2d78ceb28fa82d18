//! The whole way with the real programs: from a kitchen table to the centre's queue and back.

mod apart;
mod backup;
mod catalogue;
mod disasters;
mod erasure;
mod hub_keys;
mod keys;
mod kitchen;
mod minimum;
mod rebirth;
mod rotation;
mod shift;
mod sticks;
mod taken;
mod together;
