//! One answer as it is typed at a prompt, plain or in LaTeX, and a whole file of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use solve::lower::operators;
use solve::syntax::ast::{AnswerTarget, Name};
use solve::syntax::{Vocabulary, read_answer, read_submission};

fuzz_target!(|text: &str| {
    let vocabulary = Vocabulary::new(["X", "Y", "Z", "C", "Cgt", "L", "W1", "W2", "b1", "N", "a", "x"], operators());
    let target = AnswerTarget::plain(Name { text: "dW2".to_owned(), index: None, span: Default::default() });
    let _ = read_answer(text, target, &vocabulary);
    for file in ["a.ans", "a.tex", "a.md"] {
        let _ = read_submission(file, text.as_bytes(), &vocabulary);
    }
});
