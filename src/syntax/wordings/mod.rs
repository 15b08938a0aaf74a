//! Lines as people write them, and what they mean here. A wording is a row of a table: what is said, and the line of the
//! language that it is. A line that can be read as it stands is never looked at here.
//!
//! What means one thing is read; what could mean several things, or lacks something, is told with the lines to write, in
//! the problem's own names.

mod known;
mod loops;
mod loose;
mod matching;
mod put;
mod section;
mod spelling;
mod task;

pub use known::Known;
pub use loops::{Families, with_ends};
pub use loose::loosely;
pub use matching::parted;
pub use put::{Put, open_characters};
use section::SHAPED;
pub use section::{GIVEN, HEAD, MODEL};
pub use task::{asked, tasks, unknown};

use super::characters::judge;
use super::lines::lines as lexed;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use matching::matched;

/// What some wordings mean.
pub struct Wording {
    /// Patterns (`matching`).
    pub said: &'static [&'static str],
    pub means: Means,
}

pub enum Means {
    /// The line that it is, with holes (`filled`).
    Line(&'static str),
    /// Why it is not read, and lines to choose from.
    Told(&'static str, &'static [&'static str]),
}

/// A line as one wording has it.
pub enum Meant {
    Line(Put),
    Told { why: String, lines: Vec<String> },
}

/// How long a line is looked at, in bytes: no one says more in a line of words.
pub const LONGEST: usize = 500;

/// Words that say nothing.
const FILLERS: [&str; 7] = ["the", "its", "their", "please", "following", "resulting", "corresponding"];

/// Words that stand for each other, by the name that patterns have for them.
const SYNONYMS: &[(&str, &str)] = &[
    ("wrt", "wrt|w.r.t.|w.r.t|wrt.|with respect to|with regard to|regarding|relative to"),
    ("over", "<wrt>|over|in|for|as a function of|on|against"),
    ("compute", "compute|calculate|evaluate|find|determine|work out|give|what is|what are|eval|calc|get|obtain|state"),
    (
        "derive",
        "derive|compute|calculate|find|determine|differentiate|work out|give|what is|what are|write down|obtain|get|compute and simplify",
    ),
    (
        "gradient",
        "gradient|derivative|partial derivative|partial|grad|gradient vector|derivatives|gradients|partial derivatives|partials",
    ),
    ("show", "prove|verify|check|demonstrate|confirm|show|argue|convince yourself"),
    ("minimum", "minimum|minimizer|minimiser|optimum|least value|argmin|arg min"),
    ("rate", "rate|lr|learning rate|step size|stepsize|step|learning_rate|learningrate|alpha|eta"),
    ("params", "params|parameters|weights|trainable parameters|learnable parameters|trainable params|parameter"),
    (
        "descend",
        "descend|[run |do |perform |use |apply ]gradient descent (on|for|over|in)|[run |do ](gd|sgd) on|descent on",
    ),
    (
        "start",
        "from|[,] starting (at|from|with|in)|[,] start at|[,] beginning at|[,] initialized at|[,] initialised at",
    ),
    ("steps", "steps|step|iterations|iteration|epochs|updates"),
    (
        "plot",
        "plot|sketch|graph|draw|show|plot curve of|plot graph of|draw graph of|sketch graph of|visualize|visualise",
    ),
    ("along", "over|against|versus|vs|vs.|for|as a function of|as function of|in|with|along|by"),
    (
        "param",
        "parameter|parameters|params|weight|weights|bias|biases|weights and biases|trainable|learnable|trainable parameter|trainable parameters|learnable parameter|learnable parameters|variable|variables|unknown|unknowns|coefficient|coefficients|weight matrix|weight matrices|weight vector|bias vector",
    ),
    (
        "input",
        "inputs|feature|features|batch|data matrix|input matrix|input vector|design matrix|image|images|example|examples|input data|observations|observation|vector|matrix|scalar|in",
    ),
    ("target", "targets|label|labels|ground truth|outputs|output|truth|class labels|response|responses|out"),
    (
        "const",
        "constant|constants|hyperparameter|hyperparameters|hyper-parameter|scalar constant|fixed|learning rate|regularization|regularisation|step size",
    ),
    ("loss", "loss|loss function|cost|cost function|objective|objective function"),
    ("graph", "graph|computation graph|computational graph|compute graph|computation tree|diagram|dag|network graph"),
];

/// What a line means by the rows of a table, one after the other.
pub fn meanings<'m>(line: &'m Put, rows: &'m [Wording], known: &'m Known) -> impl Iterator<Item = Meant> + 'm {
    let of = move |row: &'m Wording| {
        let found = row.said.iter().find_map(|pattern| matched(pattern, line, known))?;
        meant(&row.means, &found, known)
    };
    rows.iter().filter_map(of)
}

fn meant(means: &Means, found: &[Put], known: &Known) -> Option<Meant> {
    let (why, templates) = match means {
        Means::Line(template) => ("", std::slice::from_ref(template)),
        Means::Told(why, templates) => (*why, *templates),
    };
    let mut lines: Vec<Put> = templates.iter().flat_map(|template| filled(template, found, known)).collect();
    let why = found
        .iter()
        .enumerate()
        .fold(why.to_owned(), |why, (place, own)| why.replace(&format!("{{{place}}}"), &own.text));
    match (means, lines.len()) {
        (Means::Line(_), 0) => None,
        (Means::Line(_), 1) => lines.pop().map(Meant::Line),
        (Means::Line(_), _) => Some(choice("this could be each of these", &lines)),
        (Means::Told(..), _) => Some(choice(&why, &lines)),
    }
}

fn choice(why: &str, lines: &[Put]) -> Meant {
    Meant::Told { why: why.to_owned(), lines: lines.iter().map(|line| line.text.clone()).collect() }
}

/// The error of a line that is told what to write.
pub fn told(code: &'static str, span: Span, why: &str, lines: &[String]) -> Diagnostic {
    let error = Diagnostic::error(code, why).at(span, "here");
    lines.iter().fold(error, |error, line| match line.split_once(": ").filter(|(section, _)| *section == "given") {
        Some((section, line)) => error.help(format!("write `{line}` under `{section}`")),
        None => error.help(format!("write `{line}`")),
    })
}

/// Whether a line has words that only look like names of the problem's own: `derive all`, `show that a = b`.
pub fn speaks(line: &Put, known: &Known) -> bool {
    const WORDS: [&str; 9] =
        ["all", "everything", "that", "loss", "value", "gradient", "gradients", "derivative", "newton"];
    if line.text.len() > LONGEST {
        return false;
    }
    let gradient = |name: &Put| name.text.strip_prefix('d').is_some_and(|rest| known.has(rest));
    let bare = matched("derive {names}", line, known).is_some_and(|found| !found.iter().any(gradient));
    bare || WORDS
        .iter()
        .any(|word| !known.has(word) && line.text.split(|c: char| !c.is_alphanumeric()).any(|own| own == *word))
}

/// A line that was given up for a sign of other languages or a bracket of its number, without that.
pub fn mended(text: &str, base: usize) -> Option<Put> {
    if text.len() > LONGEST {
        return None;
    }
    let line = Put::of(text, base);
    let bare = task::without_number(&spelling::spelled(&line));
    let again = lexed(&bare.text, judge);
    let sound = again.iter().all(|own| own.fault.is_none()) && again.len() <= 1;
    (bare.text != text.trim() && sound).then_some(bare)
}

/// Quotients `dL/dw` in an expression as gradients, where `L` is the problem's loss.
pub fn gradients(line: &Put, known: &Known) -> Put {
    let mut line = line.clone();
    if line.text.len() > LONGEST || !line.text.contains("/d") {
        return line;
    }
    let [loss] = known.losses(None).try_into().unwrap_or_else(|_: Vec<String>| [String::new()]);
    let sign = format!("d{loss}/d");
    if loss.is_empty() || known.has(&format!("d{loss}")) || !line.text.contains(['=', '<', '>']) {
        return line;
    }
    while let Some(at) =
        line.text.find(&sign).filter(|at| !line.text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    {
        line = line.with(at, at + sign.len() - 1, "");
    }
    line
}

/// Beside Python's `@` a `*` may be either product.
fn products(line: &Put) -> Option<Meant> {
    let bare = line.text.replace("**", "^");
    let both = bare.contains('@') && bare.contains('*') && bare.contains('=');
    let matrix = |text: &str| text.replace(" @ ", "*").replace('@', "*");
    let apart: String = bare.split('*').map(str::trim).collect::<Vec<_>>().join(" .* ");
    let together: String = bare.split('*').map(str::trim).collect::<Vec<_>>().join("*");
    both.then(|| Meant::Told {
        why: "`*` is the matrix product here, and in Python, which has `@` for it, the product of each two entries"
            .to_owned(),
        lines: vec![matrix(&apart), matrix(&together)],
    })
}

/// What a line outside of the tasks may mean.
pub fn lines(rows: &'static [Wording], line: &Put, known: &Known) -> Vec<Meant> {
    if line.text.len() > LONGEST {
        return Vec::new();
    }
    let bare = spelling::spelled(line);
    if let Some(told) = products(&bare) {
        return vec![told];
    }
    let changed = (bare.text != line.text).then(|| Meant::Line(bare.clone()));
    changed.into_iter().chain(meanings(&bare, rows, known)).collect()
}

/// `"Q1" "A title"` of words without quotes: a first word with a number in it is the name.
fn title(words: &Put) -> Put {
    let bare = words.text.replace('"', "");
    let bare = bare.trim();
    let (first, rest) = bare.split_once([' ', ':']).unwrap_or((bare, ""));
    let rest = rest.trim_start_matches([':', '-', '—', '.', ' ']);
    let named = !rest.is_empty() && first.contains(|c: char| c.is_ascii_digit());
    let mut line = Put::default();
    line.say(&if named { format!("\"{first}\" \"{rest}\"") } else { format!("\"{bare}\"") });
    line
}

/// The lines that a template stands for: several where a hole can hold several things, none where nothing can fill it.
///
/// Holes: `{0}` what was found; `{d0}` the gradients with respect to its names; `{each0}` one of them;
/// `{quoted0}`; `{loss}`,
/// `{lines}`, `{params}`, `{dparams}`; `{loss0}` the loss that 0 stands in; `{params0}`, `{dparams0}` and `{leaves0}` all that a
/// line is made of, `{param0}` one of them; `{point0}` what it lacks, each 1.
fn filled(template: &str, found: &[Put], known: &Known) -> Vec<Put> {
    let mut lines = vec![Put::default()];
    let mut pieces = template.split(['{', '}']);
    while let Some(words) = pieces.next() {
        lines.iter_mut().for_each(|line| line.say(words));
        let Some(hole) = pieces.next() else { break };
        let choices = choices(hole, found, known);
        let with = |line: &Put| {
            let line = line.clone();
            choices
                .iter()
                .map(move |choice| {
                    let mut line = line.clone();
                    line.take(choice);
                    line
                })
                .collect::<Vec<_>>()
        };
        lines = lines.iter().flat_map(with).collect();
    }
    lines
}

fn choices(hole: &str, found: &[Put], known: &Known) -> Vec<Put> {
    let word = hole.trim_end_matches(|c: char| c.is_ascii_digit());
    let own = hole[word.len()..].parse::<usize>().ok().and_then(|place| found.get(place));
    let name = own.and_then(|own| own.text.split(',').next());
    let said = |words: String| {
        let mut put = Put::default();
        put.say(&words);
        put
    };
    let list = |names: Vec<String>, sign: &str| {
        let all: Vec<String> = names.into_iter().map(|name| format!("{sign}{name}")).collect();
        if all.is_empty() { Vec::new() } else { vec![said(all.join(", "))] }
    };
    let each = |names: Vec<String>| names.into_iter().map(said).collect();
    match (word, own, name) {
        ("", Some(own), _) => vec![own.clone()],
        ("d", Some(own), _) => {
            let mut all = Put::default();
            for (place, name) in own.split(',').iter().enumerate() {
                all.say(if place == 0 { "d" } else { ", d" });
                all.take(name);
            }
            vec![all]
        }
        ("quoted", Some(own), _) => {
            let mut all = Put::default();
            all.say("\"");
            all.take(own);
            all.say("\"");
            vec![all]
        }
        // The first of some choices is marked.
        ("right", Some(own), _) => {
            let text = own.text.replace("\", \"", "\"; \"").replace(" or ", "; ");
            vec![said(if text.contains(" right") { text } else { text.replacen("\";", "\" right;", 1) })]
        }
        ("whole", ..) => {
            found.first().map(|line| said(format!("\"{}\"", line.text.replace('"', "'")))).into_iter().collect()
        }
        ("loss", _, with) => each(known.losses(with)),
        ("lines", ..) => list(known.lines(), ""),
        // Each loss over what it is made of, and its gradients.
        ("least", ..) => {
            let over = |loss: String| format!("{loss} over {}", known.params_of(&loss).join(", "));
            each(known.losses(None).into_iter().map(over).collect())
        }
        ("backward", ..) => {
            let losses = known.losses(None);
            let of = |loss: &String| if losses.len() > 1 { format!(" of {loss}") } else { String::new() };
            let gradients = |loss: &String| {
                let all: Vec<String> = known.params_of(loss).into_iter().map(|name| format!("d{name}")).collect();
                format!("{}{}", all.join(", "), of(loss))
            };
            each(losses.iter().map(gradients).collect())
        }
        ("params", _, Some(line)) => list(known.params_of(line), ""),
        ("dparams", _, Some(line)) => list(known.params_of(line), "d"),
        ("params", ..) => list(known.params(), ""),
        ("dparams", ..) => list(known.params(), "d"),
        ("title", Some(own), _) => vec![title(own)],
        ("stripped", Some(own), _) => {
            let bare = own.text.trim_matches('"').trim();
            vec![said(format!("\"{}\"", bare.replace('"', "'")))]
        }
        ("before", Some(own), _) => match own.text.parse::<u64>() {
            Ok(number) => vec![said(number.saturating_sub(1).to_string())],
            Err(_) => {
                let mut before = own.clone();
                before.say(" - 1");
                vec![before]
            }
        },
        // What was left out of the wording.
        ("", None, _) if !hole.is_empty() => vec![Put::default()],
        // A name that a later line uses.
        ("inner", _, Some(own)) => {
            if known.losses(None).iter().any(|loss| loss == own) {
                Vec::new()
            } else {
                vec![said(own.to_owned())]
            }
        }
        ("each", Some(own), _) => own.split(','),
        ("param", _, Some(line)) => each(known.params_of(line)),
        ("param", ..) => each(known.params()),
        ("leaves", _, Some(line)) => list(known.leaves_of(line), ""),
        ("point", _, Some(line)) => {
            let point: Vec<String> = known.missing_of(line).into_iter().map(|name| format!("{name} = 1")).collect();
            vec![said(point.join(" and "))]
        }
        _ => Vec::new(),
    }
}
