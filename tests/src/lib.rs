//! Harness and tests that go through the whole product.

pub mod apart;
pub mod console;
pub mod invented;
pub mod programs;
pub mod world;
