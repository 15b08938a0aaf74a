//! Templates: the one place that knows tera.
//!
//! All formats write their tags as `<% %>`, `<< >>` and `<# #>`, so that LaTeX keeps its braces and the phrases can be
//! read by every format. The phrases call components (`m` for a formula, `code`, `strong`) that each format's own file
//! defines.

mod link;
mod pieces;

pub use pieces::{Piece, marked_piece, piece};

use super::document::{Format, Layout, RenderError, UserTemplate};
use super::escape::{self, Part};
use super::{mathml, plain, wording};
use crate::ops::mistake;
use link::{Cut, Facts};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tera::{Context, Delimiters, EscapeFn, Kwargs, State, StringInput, Tera, Value};

const PHRASES: &str = concat!(
    include_str!("../../templates/phrases.tera"),
    include_str!("../../templates/descent.tera"),
    include_str!("../../templates/fit.tera")
);

/// What a template is read for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Serves {
    Key,
    Piece,
    /// As a piece, with formulas between marks.
    Marked,
}

/// What a format's documents are made with.
struct Kind {
    format: Format,
    name: &'static str,
    source: &'static str,
    escape: EscapeFn,
    /// Whether it has the sentences of the keys.
    speaks: bool,
    /// The templates of keys, and of these and all else.
    cuts: [OnceLock<Cut>; 2],
}

impl Kind {
    fn sources(&self) -> Vec<(String, &'static str)> {
        let phrases = self.speaks.then(|| (in_house("phrases.tera"), PHRASES));
        phrases.into_iter().chain([(in_house(self.name), self.source)]).collect()
    }

    fn cut(&self, serves: Serves) -> &Cut {
        let is_key = serves == Serves::Key;
        self.cuts[usize::from(!is_key)].get_or_init(|| {
            let mut sources = self.sources();
            if !is_key {
                sources.extend(pieces::sources(self.format).map(|(name, source)| (in_house(name), source)));
            }
            Cut::new(&sources)
        })
    }
}

static MARKDOWN: Kind = Kind {
    format: Format::Markdown,
    name: "key.md",
    source: include_str!("../../templates/key.md"),
    escape: escape::markdown,
    speaks: true,
    cuts: [const { OnceLock::new() }; 2],
};
static LATEX: Kind = Kind {
    format: Format::Latex,
    name: "key.tex",
    source: include_str!("../../templates/key.tex"),
    escape: escape::latex,
    speaks: true,
    cuts: [const { OnceLock::new() }; 2],
};
static HTML: Kind = Kind {
    format: Format::Html,
    name: "key.html",
    source: include_str!("../../templates/key.html"),
    escape: escape::html,
    speaks: true,
    cuts: [const { OnceLock::new() }; 2],
};
static PYTHON: Kind = Kind {
    format: Format::Python,
    name: "key.py",
    source: include_str!("../../templates/key.py"),
    escape: escape::text,
    speaks: false,
    cuts: [const { OnceLock::new() }; 2],
};
static TEXT: Kind = Kind {
    format: Format::Text,
    name: "key.txt",
    source: include_str!("../../templates/key.txt"),
    escape: escape::text,
    speaks: true,
    cuts: [const { OnceLock::new() }; 2],
};

fn kind(format: Format) -> Option<&'static Kind> {
    match format {
        Format::Markdown => Some(&MARKDOWN),
        Format::Latex => Some(&LATEX),
        Format::Html => Some(&HTML),
        Format::Text => Some(&TEXT),
        Format::Python | Format::Torch => Some(&PYTHON),
        Format::Notebook | Format::Json | Format::Svg | Format::Tikz | Format::Mermaid | Format::Dot => None,
    }
}

/// The template of a format, to begin one's own with; formats that are data have none.
pub fn template_source(format: Format) -> Option<&'static str> {
    kind(format).map(|kind| kind.source)
}

/// Lays data out by the format's template, or by the user's.
pub fn document(data: &impl Serialize, layout: &Layout) -> Result<String, RenderError> {
    let kind = kind(layout.format).ok_or_else(|| fault("this format is not made by a template"))?;
    let Some(UserTemplate { name, text }) = &layout.template else {
        return Ok(finished(layout.format, laid_out(kind, Serves::Key, kind.name, data)?));
    };
    let context = context(value(data)?);
    // Of two components with one name the user's counts.
    let mut tera = with_sources(kind, Serves::Key, kind.sources()).map_err(|message| fault(&message))?;
    let text = tera.add_raw_template(name, text).and_then(|()| tera.render(name, &context));
    Ok(finished(layout.format, tidy(&text.map_err(|error| fault(&error.to_string()))?)))
}

fn finished(format: Format, text: String) -> String {
    if format == Format::Markdown { joined_displays(&text) } else { text }
}

/// Markdown in which formulas that follow one another stand in one display: some renderers take the end of one and the
/// beginning of the next for an empty one.
fn joined_displays(markdown: &str) -> String {
    let parts: Vec<&str> = markdown.split("\n$$\n").collect();
    let mut out = String::with_capacity(markdown.len());
    let mut displays: Vec<&str> = Vec::new();
    // Every second part is a display.
    for (place, part) in parts.iter().enumerate() {
        let (is_display, is_last) = (place % 2 == 1, place + 1 == parts.len());
        if is_display {
            displays.push(part);
        }
        let goes_on = part.is_empty() && !is_last;
        if is_display || goes_on && !displays.is_empty() {
            continue;
        }
        put_displays(&mut out, &displays);
        displays.clear();
        out.push_str(part);
    }
    put_displays(&mut out, &displays);
    out
}

fn put_displays(out: &mut String, displays: &[&str]) {
    match displays {
        [] => {}
        [only] => out.push_str(&format!("\n$$\n{only}\n$$\n")),
        all => {
            let rows = all.join("\\cr\n");
            out.push_str(&format!("\n$$\n\\begin{{gathered}}\n{rows}\n\\end{{gathered}}\n$$\n"));
        }
    }
}

/// Lays data out by a template of our own.
fn laid_out(
    kind: &'static Kind,
    serves: Serves,
    name: &'static str,
    data: &impl Serialize,
) -> Result<String, RenderError> {
    let data = value(data)?;
    let tera = fitting(kind, serves, name, &data)?;
    let text = tera.render(&in_house(name), &context(data));
    Ok(tidy(&text.map_err(|error| fault(&error.to_string()))?))
}

fn value(data: &impl Serialize) -> Result<Value, RenderError> {
    Value::try_from_serializable(data).map_err(|error| fault(&error.to_string()))
}

fn in_house(name: &str) -> String {
    format!("{OURS}{name}")
}

/// Before the names of our own templates: what has it gives way to the user's.
const OURS: &str = "solve/";

fn context(data: Value) -> Context {
    let mut context = Context::new();
    let parts = data.into_map().unwrap_or_default();
    parts.into_iter().for_each(|(name, part)| context.insert_value(name.to_string(), part));
    context
}

/// How often a template is read anew for data of another kind, before it is read whole.
const KINDS: usize = 8;

/// The templates that data of these kinds need: as a rule one for all documents of a run.
fn fitting(kind: &'static Kind, serves: Serves, name: &'static str, data: &Value) -> Result<Arc<Tera>, RenderError> {
    /// By the name of a template: what data lacked, and what is left.
    type Made = BTreeMap<(&'static str, Serves), Vec<(Facts, Arc<Tera>)>>;
    static MADE: Mutex<Made> = Mutex::new(BTreeMap::new());
    if !kind.speaks {
        return with_sources(kind, serves, kind.sources()).map(Arc::new).map_err(|message| fault(&message));
    }
    let cut = kind.cut(serves);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let made = made.entry((name, serves)).or_default();
    let mut lacking = Facts::default();
    if made.len() < KINDS {
        lacking.clone_from(cut.facts());
        strike(data, &mut lacking);
    }
    if let Some((_, tera)) = made.iter().find(|(known, _)| *known == lacking) {
        return Ok(Arc::clone(tera));
    }
    let needed = cut.linked(&in_house(name), &lacking);
    let tera = Arc::new(with_sources(kind, serves, needed).map_err(|message| fault(&message))?);
    made.push((lacking, Arc::clone(&tera)));
    Ok(tera)
}

/// Strikes the texts that the data holds, and the names of the parts that something in it has.
fn strike(data: &Value, lacking: &mut Facts) {
    // No template compares with what is longer.
    const LONGEST: usize = 32;
    if let Some(word) = data.as_str().filter(|word| word.len() <= LONGEST) {
        lacking.words.remove(word);
    }
    for part in data.as_array().unwrap_or_default() {
        strike(part, lacking);
    }
    for (name, part) in data.as_map().into_iter().flatten() {
        if let (true, Some(name)) = (part.is_truthy(), name.as_str()) {
            lacking.names.remove(name);
        }
        strike(part, lacking);
    }
}

/// Templates of a format, with the filters that they call.
fn with_sources<T: AsRef<str>>(kind: &Kind, serves: Serves, sources: Vec<(String, T)>) -> Result<Tera, String> {
    let mut tera = Tera::new();
    tera.set_delimiters(Delimiters {
        block_start: "<%".into(),
        block_end: "%>".into(),
        variable_start: "<<".into(),
        variable_end: ">>".into(),
        comment_start: "<#".into(),
        comment_end: "#>".into(),
    })
    .and_then(|()| tera.set_fallback_prefixes([OURS]))
    .map_err(|error| error.to_string())?;
    // Everything is escaped, whatever a user's file is called.
    tera.autoescape_on([""]);
    tera.set_escape_fn(kind.escape);
    tera.register_filter("dollars", dollars);
    tera.register_filter("mathml", mathml);
    tera.register_filter("parts", parts);
    tera.register_filter("worded", worded);
    tera.register_filter("ticked", ticked);
    tera.register_filter("in_unicode", in_unicode);
    tera.register_filter("breaks", breaks);
    tera.register_filter("quoted", quoted);
    tera.register_filter("aligned", aligned);
    tera.register_filter("beside", beside);
    tera.register_filter("wrapped", wrapped);
    tera.register_filter("joined", joined);
    tera.register_filter("underlined", underlined);
    tera.register_filter("happened", |name: &str, _: Kwargs, _: &State| {
        mistake::known(name).map_or_else(|| name.replace('-', " "), |known| known.happened.to_string())
    });
    tera.register_filter("cost", |name: &str, _: Kwargs, _: &State| {
        mistake::known(name).map_or("", |known| known.cost)
    });
    tera.register_filter("hint", |name: &str, _: Kwargs, _: &State| {
        mistake::known(name).map_or(mistake::BEGIN, |known| known.hint)
    });
    pieces::register(&mut tera, serves);
    tera.add_raw_templates(sources).map_err(|error| error.to_string())?;
    Ok(tera)
}

fn fault(message: &str) -> RenderError {
    RenderError { message: message.to_string() }
}

/// LaTeX, as Markdown has it between dollars.
fn dollars(latex: &str, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&escape::dollars(latex))
}

/// LaTeX as MathML; `display = true` gives it a line of its own.
fn mathml(latex: &str, kwargs: Kwargs, _: &State) -> tera::TeraResult<Value> {
    let display = kwargs.get::<bool>("display")?.unwrap_or(false);
    Ok(Value::safe_string(&mathml::mathml(latex, display)))
}

/// The formulas and words of a line that mixes them.
fn parts(latex: &str, _: Kwargs, _: &State) -> Vec<Value> {
    views(escape::parts(latex))
}

/// The words and the names of a message, in which names stand between backticks.
fn ticked(message: &str, _: Kwargs, _: &State) -> Vec<Value> {
    #[derive(Serialize)]
    struct Part<'a> {
        code: bool,
        text: &'a str,
    }
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let pieces: Vec<&str> = line.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return vec![Value::from_serializable(&Part { code: false, text: &line })];
    }
    let parts = pieces.iter().enumerate().map(|(place, text)| Part { code: place % 2 == 1, text });
    parts.filter(|part| !part.text.is_empty()).map(|part| Value::from_serializable(&part)).collect()
}

/// The words of an author, with the formulas between dollars in them.
fn worded(text: StringInput, _: Kwargs, _: &State) -> Vec<Value> {
    views(wording::parts(text.as_str()))
}

/// The same for a terminal.
fn in_unicode(text: StringInput, _: Kwargs, _: &State) -> String {
    wording::plain(text.as_str())
}

fn views(parts: Vec<Part>) -> Vec<Value> {
    #[derive(Serialize)]
    struct View {
        maths: bool,
        text: String,
    }
    let views = parts.into_iter().map(|part| match part {
        Part::Maths(text) => View { maths: true, text },
        Part::Words(text) => View { maths: false, text },
    });
    views.map(|view| Value::from_serializable(&view)).collect()
}

/// The pieces of a long formula between which a line may break.
fn breaks(latex: &str, _: Kwargs, _: &State) -> Vec<Value> {
    escape::breaks(latex).into_iter().map(Value::safe_string).collect()
}

/// Every line as a Markdown quotation.
fn quoted(text: &str, _: Kwargs, _: &State) -> Value {
    let lines: Vec<String> = text.trim().lines().map(|line| format!("> {line}").trim_end().to_string()).collect();
    Value::safe_string(&lines.join("\n"))
}

/// Lines as text with aligned columns: the cells of a line are parted by `¦`, or rows of cells.
fn aligned(rows: &Value, kwargs: Kwargs, _: &State) -> tera::TeraResult<Value> {
    let of_line = |line: &str| line.split('¦').map(|cell| cell.trim().to_string()).collect();
    let rows: Vec<Vec<String>> = match (rows.as_str(), rows.as_array()) {
        (Some(text), _) => text.lines().filter(|line| !line.trim().is_empty()).map(of_line).collect(),
        (None, Some(rows)) => rows.iter().map(cells).collect(),
        (None, None) => Vec::new(),
    };
    Ok(Value::safe_string(&plain::aligned(&rows, indent(&kwargs)?)))
}

/// Named matrices beside each other: `[name, value]` each, or `[name, value, sign]` where the sign is not `=`.
fn beside(equations: &[Value], kwargs: Kwargs, _: &State) -> tera::TeraResult<Value> {
    let equations: Vec<Vec<String>> = equations.iter().map(cells).collect();
    Ok(Value::safe_string(&plain::beside(&equations, indent(&kwargs)?)))
}

/// Text in lines that are not too long.
fn wrapped(text: &str, kwargs: Kwargs, _: &State) -> tera::TeraResult<Value> {
    Ok(Value::safe_string(&plain::wrapped(text, indent(&kwargs)?)))
}

/// An author's paragraph on one line, escaped.
fn joined(text: StringInput, _: Kwargs, state: &State) -> tera::TeraResult<Value> {
    let words: Vec<&str> = text.as_str().split_whitespace().collect();
    Ok(Value::safe_string(&state.escape(&words.join(" "))?))
}

/// As many dashes as a line is wide; `with` takes another sign.
fn underlined(line: &str, kwargs: Kwargs, _: &State) -> tera::TeraResult<Value> {
    Ok(Value::safe_string(&kwargs.get::<&str>("with")?.unwrap_or("-").repeat(plain::width(line))))
}

fn indent(kwargs: &Kwargs) -> tera::TeraResult<usize> {
    Ok(kwargs.get::<usize>("indent")?.unwrap_or(0))
}

fn cells(row: &Value) -> Vec<String> {
    row.as_array().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// Without spaces at the ends of lines, and with one empty line where the tags left several.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
