//! A file of any kind that a student hands in, read and marked; the first byte says which, and to which problem.
#![no_main]

use libfuzzer_sys::fuzz_target;
use solve::check::{Key, Marker};
use solve::lower::lower;
use solve::span::Source;
use solve::syntax::{read_spec, read_submission};
use std::sync::LazyLock;

const FILES: [&str; 7] = ["a.ans", "a.tex", "a.md", "a.json", "a.ipynb", "a.csv", "a.tsv"];

const SPECS: [&str; 4] = [
    include_str!("../../../problems/q1.spec"),
    include_str!("../../../problems/q3.spec"),
    include_str!("../../../problems/fit_line.spec"),
    include_str!("../../../problems/second_order/quartic.spec"),
];

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let key = |text| {
        let spec = read_spec(text).expect("a shipped problem is read").value;
        Key::new(&lower(&spec).expect("it has shapes").model).expect("it is solved")
    };
    SPECS.into_iter().map(key).collect()
});

fuzz_target!(|data: &[u8]| {
    let Some((kind, bytes)) = data.split_first() else { return };
    let file = FILES[usize::from(*kind) % FILES.len()];
    let key = &KEYS[usize::from(*kind) / FILES.len() % SPECS.len()];
    let Ok(sheets) = read_submission(file, bytes, &key.vocabulary()) else { return };
    let source = Source { name: file.to_owned(), text: String::from_utf8_lossy(bytes).into_owned() };
    let mut marker = Marker::new(key);
    for sheet in sheets.iter().take(4) {
        let _ = marker.mark(sheet, &source);
    }
});
