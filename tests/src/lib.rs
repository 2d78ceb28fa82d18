//! Harness and tests that go through the whole product.

pub mod apart;
pub mod chaos;
pub mod console;
pub mod decoders;
pub mod invented;
pub mod ports;
pub mod programs;
pub mod served;
pub mod store_pages;
pub mod world;
