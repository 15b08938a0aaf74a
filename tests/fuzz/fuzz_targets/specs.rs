//! A problem's file, read and lowered to a model.
#![no_main]

use libfuzzer_sys::fuzz_target;
use solve::lower::lower;
use solve::syntax::read_spec;

fuzz_target!(|text: &str| {
    if let Ok(spec) = read_spec(text) {
        let _ = lower(&spec.value);
    }
});
