//! Drafts a problem from a question's text in LaTeX or Markdown: its wording, the lines of its model, what it asks.
//! What the text does not say has a `?` in a comment, for the author.

use super::formula;
use super::names::key;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Words that ask, what they ask for, and whether that is of the names in formulas that follow.
const ASKED: [(&[&str], Asked); 8] = [
    (&["why", "explain", "discuss", "describe", "briefly"], Asked::Words),
    (&["computational graph", "computation graph", "draw the graph", "draw a graph"], Asked::Alone("draw graph")),
    (&["how many parameters", "number of parameters", "count the parameters"], Asked::Alone("count params")),
    (&["gradient", "derivative", "partial", "backprop", "differentiate"], Asked::Gradients),
    (&["shape", "dimensions of", "dimension of", "what size"], Asked::Names("shapes of")),
    (&["show that", "prove that"], Asked::Claim),
    (&["minimise", "minimize", "optimal", "minimum"], Asked::Optimum),
    (
        &["compute", "calculate", "evaluate", "what is the value", "forward pass", "find the value"],
        Asked::Names("compute"),
    ),
];

/// Words with which a question begins.
const VERBS: [&str; 24] = [
    "compute",
    "calculate",
    "derive",
    "find",
    "show",
    "prove",
    "draw",
    "give",
    "what",
    "how",
    "why",
    "explain",
    "discuss",
    "describe",
    "minimise",
    "minimize",
    "determine",
    "state",
    "evaluate",
    "write",
    "differentiate",
    "count",
    "sketch",
    "which",
];

/// The first word of a question behind its number.
fn first_word(small: &str) -> &str {
    let bare = small.trim_start_matches(|c: char| !c.is_alphabetic());
    // `a)` and `(b)` number a question too.
    let bare = match bare.char_indices().nth(1) {
        Some((at, ')' | '.')) => bare[at + 1..].trim_start(),
        _ => bare,
    };
    bare.split(|c: char| !c.is_alphabetic()).next().unwrap_or("")
}

#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Alone(&'static str),
    Gradients,
    Names(&'static str),
    Claim,
    Optimum,
    Words,
}

/// A name that a text gives, and the sides of its shape where it says them.
struct Given {
    name: String,
    sides: Vec<String>,
}

#[derive(Default)]
struct Draft {
    given: Vec<Given>,
    /// Names with the lines that define them.
    model: Vec<(String, String)>,
    tasks: Vec<String>,
}

/// The draft; `name` is what the problem is called.
pub fn draft(text: &str, name: &str) -> String {
    let text = without_comments(text);
    let title = title(&text);
    let (prose, formulas) = parts(&text);
    let mut draft = Draft::default();
    formulas.iter().for_each(|formula| draft.formula(formula));
    for sentence in sentences(&text) {
        draft.asked(&sentence);
    }
    draft.written(name, title.as_deref(), &prose)
}

impl Draft {
    /// `X \in \mathbb{R}^{N \times D}` gives a shape, `Z = …` a line of the model.
    fn formula(&mut self, formula: &str) {
        for row in formula.split("\\\\") {
            let row = row.replace('&', "").replace("\\quad", " ");
            let row = row.trim().trim_end_matches([',', '.', ';']).trim();
            if let Some((names, set)) = row.split_once("\\in") {
                if set.contains("mathbb") || set.trim_start().starts_with("\\R") {
                    let sides = sides(set);
                    let given = names.split(',').map(|name| Given { name: plain(name), sides: sides.clone() });
                    let new: Vec<Given> = given.filter(|given| !self.knows(&given.name)).collect();
                    self.given.extend(new);
                }
                continue;
            }
            let Some((head, value)) = row.split_once('=') else { continue };
            let name = plain(head);
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !is_name || value.trim().is_empty() || head.contains("partial") {
                continue;
            }
            // A chain says its first value.
            let value = value.split('=').next().unwrap_or(value).trim();
            match value.parse::<f64>().is_ok() || value.contains("matrix}") {
                true => self.given.push(Given { name: format!("{name} = {}", numbers(value)), sides: Vec::new() }),
                false if self.model.iter().all(|(own, _)| *own != name) => {
                    self.model.push((name, format!("{} = {value}", head.trim())))
                }
                false => {}
            }
        }
    }

    fn knows(&self, name: &str) -> bool {
        self.given.iter().any(|given| key(&given.name) == key(name))
    }

    fn asked(&mut self, sentence: &str) {
        let small = sentence.to_lowercase();
        let Some((_, asked)) = ASKED.iter().find(|(words, _)| words.iter().any(|word| small.contains(word))) else {
            return;
        };
        let asks = small.contains('?') || VERBS.contains(&first_word(&small));
        if !asks {
            return;
        }
        let points = points(sentence).map_or(String::new(), |points| format!("   [{points} points]"));
        let inside = parts(sentence).1;
        let known = |name: &String| {
            self.given.iter().any(|given| key(given.name.split(' ').next().unwrap_or("")) == key(name))
                || self.model.iter().any(|(own, _)| key(own) == key(name))
        };
        let names: Vec<String> =
            inside.iter().flat_map(|formula| formula.split([',', '='])).map(plain).filter(known).collect();
        let task = match asked {
            Asked::Alone(task) => (*task).to_string(),
            Asked::Gradients => {
                let mut of: Vec<String> = inside
                    .iter()
                    .filter_map(|formula| formula.split("\\partial").nth(2))
                    .map(|rest| plain(rest.trim_end_matches('}')))
                    .collect();
                if of.is_empty() {
                    of = names
                        .iter()
                        .filter(|name| self.given.iter().any(|given| given.name == **name))
                        .cloned()
                        .collect();
                }
                match of.is_empty() {
                    true => "derive d?                # ? which gradients".to_string(),
                    false => {
                        format!("derive {}", of.iter().map(|name| format!("d{name}")).collect::<Vec<_>>().join(", "))
                    }
                }
            }
            Asked::Names(task) => match names.is_empty() {
                true => format!("{task} ?                # ? of which values"),
                false => format!("{task} {}", names.join(", ")),
            },
            Asked::Claim => match inside.iter().find_map(|formula| formula.split_once('=')) {
                Some((left, right)) => format!("show {} = {}", plain(left), plain(right)),
                None => "show ? = ?               # ? the equation".to_string(),
            },
            Asked::Optimum => "minimize ? over ?        # ? which value, over which names".to_string(),
            Asked::Words => {
                format!("text \"{}\"", sentence.split_whitespace().collect::<Vec<_>>().join(" ").replace('"', "'"))
            }
        };
        let task = match task.contains('?') && !task.starts_with("text") {
            true => format!("# {task}{points}"),
            false => format!("{task}{points}"),
        };
        if !self.tasks.contains(&task) {
            self.tasks.push(task);
        }
    }

    fn written(&self, name: &str, title: Option<&str>, prose: &str) -> String {
        let mut out = format!("problem \"{name}\" \"{}\"\n", title.unwrap_or("?"));
        if title.is_none() {
            out += "# ? a title\n";
        }
        let _ = write!(out, "\n\"\"\"\n{}\n\"\"\"\n\ngiven\n", prose.replace("\"\"\"", "'''"));
        let dims: BTreeSet<&str> = self
            .given
            .iter()
            .flat_map(|given| &given.sides)
            .map(String::as_str)
            .filter(|side| side.parse::<u32>().is_err())
            .collect();
        if !dims.is_empty() {
            let _ = writeln!(out, "  dim {}", dims.into_iter().collect::<Vec<_>>().join(", "));
        }
        for Given { name, sides } in &self.given {
            let shape = if sides.is_empty() { String::new() } else { format!(": {}", sides.join(" x ")) };
            let (kind, sure) = if name.contains('=') { ("", true) } else { kind(name) };
            let doubt = if sure { "" } else { "    # ? input, target, param or const" };
            let kind = if kind.is_empty() { String::new() } else { format!("{kind} ") };
            let _ = writeln!(out, "  {kind}{name}{shape}{doubt}");
        }
        for name in self.used() {
            let (kind, _) = kind(&name);
            let _ =
                writeln!(out, "  {kind} {name}    # ? its shape, if it is no number; input, target, param or const");
        }
        if self.given.is_empty() && self.used().is_empty() {
            out += "  # ? what is given: `input X: N x D`, `param w`\n";
        }
        out += "\nmodel\n";
        if self.model.is_empty() {
            out += "  # ? the lines of the model: `Z = relu(X*W + b)`\n";
        }
        for (_, line) in &self.model {
            let _ = writeln!(out, "  ${line}$");
        }
        out += "\ntasks\n";
        if self.tasks.iter().all(|task| task.starts_with('#')) {
            out += "  # ? what is asked: `compute y`, `derive dW`, `draw graph`, `count params`\n";
        }
        for task in &self.tasks {
            let _ = writeln!(out, "  {task}");
        }
        out
    }

    /// The names that the model's lines use and nothing gives.
    fn used(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let names: Vec<String> = self
            .given
            .iter()
            .map(|given| given.name.split(' ').next().unwrap_or("").to_string())
            .chain(self.model.iter().map(|(name, _)| name.clone()))
            .collect();
        for (_, line) in &self.model {
            for name in formula::letters(line, &names) {
                if names.iter().chain(&found).all(|known| key(known) != key(&name)) {
                    found.push(name);
                }
            }
        }
        found
    }
}

/// What a name is by custom, and whether that is sure enough.
fn kind(name: &str) -> (&'static str, bool) {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    match bare {
        "W" | "b" | "w" | "theta" | "U" | "V" | "beta" | "B" | "Theta" | "gamma" => ("param", true),
        "X" | "x" => ("input", true),
        "T" | "t" | "y" | "Y" => ("target", false),
        "lambda" | "alpha" | "eta" | "c" => ("const", false),
        _ => ("input", false),
    }
}

/// A name as the language writes it: `W_1` of `\mathbf{W}_{1}`, `yhat` of `\hat{y}`.
fn plain(formula: &str) -> String {
    let mut text = formula.trim().to_string();
    for accent in ["hat", "tilde", "bar"] {
        for (open, close) in [(format!("\\{accent}{{"), "}"), (format!("\\{accent} "), "")] {
            while let Some(at) = text.find(&open) {
                let inside = at + open.len();
                let end = if close.is_empty() {
                    inside + text[inside..].chars().next().map_or(0, char::len_utf8)
                } else {
                    inside + text[inside..].find(close).unwrap_or(text.len() - inside)
                };
                let name = text[inside..end].to_string();
                text.replace_range(at..(end + close.len()).min(text.len()), &format!("{name}{accent}"));
            }
        }
    }
    for command in ["mathbf", "mathrm", "mathcal", "boldsymbol", "bm", "text", "vec", "left", "right", "top", "mathsf"]
    {
        text = text.replace(&format!("\\{command}"), if command == "top" { "T" } else { "" });
    }
    text.replace(['{', '}', '\\', '$', ' '], "")
}

/// `N` and `D` of `\mathbb{R}^{N \times D}`.
fn sides(set: &str) -> Vec<String> {
    let Some((_, power)) = set.split_once('^') else { return Vec::new() };
    let inside = power.trim().trim_start_matches('{').split('}').next().unwrap_or("");
    inside
        .split("\\times")
        .map(|side| side.replace(['{', '}', ' '], "").trim().to_string())
        .filter(|side| !side.is_empty())
        .collect()
}

/// A number or a matrix as the language writes it.
fn numbers(value: &str) -> String {
    let Some((_, rest)) = value.split_once("matrix}") else { return value.to_string() };
    let inside = rest.split("\\end").next().unwrap_or("");
    let rows = inside.split("\\\\").map(|row| row.split('&').map(str::trim).collect::<Vec<_>>().join(" "));
    format!("[{}]", rows.filter(|row| !row.trim().is_empty()).collect::<Vec<_>>().join("; "))
}

fn without_comments(text: &str) -> String {
    let line = |line: &str| match line.match_indices('%').find(|(at, _)| !line[..*at].ends_with('\\')) {
        Some((at, _)) => line[..at].to_string(),
        None => line.to_string(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What a heading says.
fn title(text: &str) -> Option<String> {
    let command = ["\\title{", "\\section*{", "\\section{", "\\subsection*{", "\\subsection{", "\\question{"]
        .iter()
        .find_map(|open| Some(text.split_once(open)?.1.split('}').next()?.trim().to_string()));
    let heading =
        text.lines().find_map(|line| Some(line.strip_prefix('#')?.trim_start_matches('#').trim().to_string()));
    command.or(heading).filter(|title| !title.is_empty()).map(|title| title.replace(['"', '$', '\\'], ""))
}

/// The points that a sentence says: `(10 points)`, `[5 pts]`.
fn points(sentence: &str) -> Option<u32> {
    let words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(2).find_map(|pair| {
        let counts = ["points", "point", "pts", "marks", "mark", "p", "Punkte"].contains(&pair[1]);
        pair[0].parse().ok().filter(|_| counts)
    })
}

/// The prose with its formulas between single dollars, without what lays it out; and the formulas.
fn parts(text: &str) -> (String, Vec<String>) {
    const ENVIRONMENTS: [&str; 6] = ["equation", "equation*", "align", "align*", "gather", "gather*"];
    let mut marked = text.replace("\\[", "$$").replace("\\]", "$$").replace("\\(", "$").replace("\\)", "$");
    for name in ENVIRONMENTS {
        marked = marked.replace(&format!("\\begin{{{name}}}"), "$$").replace(&format!("\\end{{{name}}}"), "$$");
    }
    let marked = marked.replace("$$", "$");
    let mut formulas = Vec::new();
    let mut prose = String::new();
    for (place, piece) in marked.split('$').enumerate() {
        match place % 2 {
            0 => prose += &without_commands(piece),
            _ => {
                formulas.push(piece.trim().to_string());
                let rows = piece.split("\\\\").map(|row| row.replace('&', "")).filter(|row| !row.trim().is_empty());
                let rows: Vec<String> = rows.map(|row| format!("${}$", row.trim())).collect();
                prose += &rows.join("\n");
            }
        }
    }
    let heading = |line: &&str| !line.starts_with('#');
    let lines = prose.lines().map(str::trim).filter(heading).collect::<Vec<_>>().join("\n");
    let mut kept = String::new();
    for line in lines.lines() {
        if !(line.is_empty() && (kept.is_empty() || kept.ends_with("\n\n"))) {
            kept += line;
            kept.push('\n');
        }
    }
    (kept.trim().to_string(), formulas)
}

/// Prose without LaTeX's commands; what stands in their braces stays.
fn without_commands(piece: &str) -> String {
    const DROPPED: [&str; 9] =
        ["begin", "end", "documentclass", "usepackage", "label", "vspace", "title", "section*", "section"];
    let mut kept = String::new();
    let mut rest = piece;
    while let Some(at) = rest.find('\\') {
        kept += &rest[..at];
        let after = &rest[at + 1..];
        let length = after.find(|c: char| !c.is_ascii_alphabetic() && c != '*').unwrap_or(after.len());
        let word = &after[..length];
        rest = &after[length.max(after.chars().next().filter(|_| length == 0).map_or(0, char::len_utf8))..];
        if DROPPED.contains(&word) {
            if let Some(group) = rest.strip_prefix('{') {
                rest = group.split_once('}').map_or("", |(_, rest)| rest);
            }
        } else if word == "item" {
            kept += "\n- ";
        }
    }
    kept += rest;
    kept.replace(['{', '}'], "")
}

/// Sentences and items, which ask one thing each.
fn sentences(text: &str) -> Vec<String> {
    let marked = text
        .replace("\\item", "\u{1}")
        .replace("\n- ", "\u{1}")
        .replace("\n\n", "\u{1}")
        .replace(". ", ".\u{1}")
        .replace(".\n", ".\u{1}")
        .replace("?\n", "?\u{1}")
        .replace("? ", "?\u{1}");
    let marked: String = marked
        .lines()
        .map(|line| if line.trim_start().starts_with('(') { format!("\u{1}{line}") } else { line.to_string() })
        .collect::<Vec<_>>()
        .join("\n");
    let mut found: Vec<String> = Vec::new();
    for sentence in marked.split('\u{1}').map(str::trim).filter(|sentence| !sentence.is_empty()) {
        match found.last_mut() {
            // Points behind the question's last word.
            Some(last) if sentence.starts_with(['(', '[']) && sentence.len() < 20 && points(sentence).is_some() => {
                *last = format!("{last} {sentence}");
            }
            _ => found.push(sentence.to_string()),
        }
    }
    found
}
