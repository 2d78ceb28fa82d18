//! Harness and tests that go through the whole product.

pub mod console;
pub mod apart;
pub mod invented;
pub mod programs;
pub mod world;
