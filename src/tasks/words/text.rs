use crate::syntax::Means::{Line, Told};
use crate::syntax::Wording;

pub const WORDS: &[Wording] = &[
    Wording {
        said: &["(explain|discuss|why|describe|justify|comment|question|ask|essay|open|free text|short answer|interpret)[:| :] {text}[,| :] (answer|solution|key|expected|because)[:| :] {text}", "text {text}[,|:] (solution|key|answer|expected)[:| :] {text}", "text {text} {text}"],
        means: Line("text {0} answer {1}"),
    },
    Wording {
        said: &["(text|explain|discuss|why|describe|justify|comment|question|ask|essay|open|free text|short answer|interpret)[:| :] {text}"],
        means: Told("a question in words has its author's answer", &["text {0} answer \"…\""]),
    },
    Wording {
        said: &["(multiple choice|mc|mcq|choose|select|tick|pick|which)[ of][:| :] {text}[:| from| of] {texts}"],
        means: Told("the right ones of a choice are marked", &["choose {0} from {right1}"]),
    },
    Wording {
        said: &["{open} {expression}"],
        means: Told("a question in words stands in quotes, with its author's answer", &["text {whole} answer \"…\""]),
    },
];
