//! One program for all targets: which one is the variable `VALIZA_TARGET`. Forty programs of one library each would
//! take an hour to link and three gigabytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use valiza_tests::decoders::{Target, by_name};

fn target() -> &'static Target {
    static TARGET: OnceLock<&Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let name = std::env::var("VALIZA_TARGET").expect("VALIZA_TARGET names a target of valiza_tests::decoders");
        by_name(&name).unwrap_or_else(|| panic!("no target {name}"))
    })
}

// libFuzzer's hook ends the program at every panic, also at one that is caught and refused, as automerge's are. One that is
// not caught ends it all the same.
fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| (target().run)(bytes));
