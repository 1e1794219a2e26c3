#![no_main]

use dateline_fuzz::TARGETS;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some((_, target)) = TARGETS.iter().find(|(name, _)| *name == "read") {
        target(bytes);
    }
});
