//! `solve operators`: the language's reference, from the operators' own files.

use super::args::{ListFormat, OperatorsArgs};
use super::report::Look;
use super::{Exit, refuse, stdio};
use crate::diagnostic::nearest;
use crate::lower::library_reference;
use crate::ops::{REFERENCES, Reference};
use serde::Serialize;

/// Signatures longer than this stand on a line of their own.
const WIDEST_SIGNATURE: usize = 36;
/// Characters of a line.
const LINE: usize = 100;

pub fn print(args: &OperatorsArgs, look: Look) -> Exit {
    let functions: Vec<[&str; 3]> = library_reference()
        .filter(|[head, ..]| args.names.is_empty() || args.names.iter().any(|name| is_head(head, name)))
        .collect();
    let others: Vec<String> =
        args.names.iter().filter(|name| !functions.iter().any(|[head, ..]| is_head(head, name))).cloned().collect();
    let references = if others.is_empty() && !args.names.is_empty() { Ok(Vec::new()) } else { asked(&others) };
    match references {
        Ok(references) => {
            let own = !args.names.is_empty();
            let text = match args.format {
                ListFormat::Text if own => {
                    let all =
                        functions.iter().map(|[head, summary, body]| format!("{head}\n  {summary}\n\n  = {body}\n"));
                    references.iter().map(|it| entry(it)).chain(all).collect::<Vec<_>>().join("\n")
                }
                ListFormat::Text => {
                    let rows =
                        functions.iter().map(|[head, summary, _]| format!("{head}\n    {}\n", folded(summary, 4)));
                    let title = "\nWritten in the language itself (`solve operators NAME` shows how):\n\n";
                    table(&references) + title + &rows.collect::<String>()
                }
                ListFormat::Md => {
                    let rows =
                        functions.iter().map(|[head, summary, body]| format!("| `{head}` | {summary} | `{body}` |\n"));
                    markdown(&references) + &rows.collect::<String>()
                }
                ListFormat::Json => json(&references, &functions),
            };
            stdio::finish(&text)
        }
        Err(message) => refuse::refuse_usage(&message, look),
    }
}

/// Whether a function is called so: `huber(a, b)`.
fn is_head(head: &str, name: &str) -> bool {
    head.split('(').next() == Some(name)
}

/// The named operators, or all.
fn asked(names: &[String]) -> Result<Vec<&'static Reference>, String> {
    if names.is_empty() {
        return Ok(REFERENCES.iter().collect());
    }
    let mut found = Vec::new();
    for name in names {
        let before = found.len();
        found.extend(REFERENCES.iter().filter(|reference| is_called(reference, name)));
        if found.len() == before {
            return Err(unknown(name));
        }
    }
    Ok(found)
}

fn is_called(reference: &Reference, name: &str) -> bool {
    reference.name == name || reference.aliases.contains(&name)
}

fn unknown(name: &str) -> String {
    let known = REFERENCES.iter().flat_map(|reference| [reference.name].into_iter().chain(reference.aliases.to_vec()));
    let hint = match nearest(name, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`solve operators` lists them".to_string(),
    };
    format!("no operator is called `{name}`; {hint}")
}

/// Two columns: the signature, and what it means with its conventions.
fn table(references: &[&Reference]) -> String {
    let widths = references.iter().map(|reference| reference.signature.chars().count());
    let width = widths.filter(|width| *width <= WIDEST_SIGNATURE).max().unwrap_or(0);
    references.iter().map(|reference| row(reference, width)).collect()
}

fn row(reference: &Reference, width: usize) -> String {
    let signature = reference.signature;
    let indent = width + 2;
    let summary = folded(reference.summary, indent);
    let mut text = match signature.chars().count() <= width {
        true => format!("{signature:<indent$}{summary}\n"),
        false => format!("{signature}\n{:indent$}{summary}\n", ""),
    };
    for convention in reference.conventions {
        text.push_str(&format!("{:indent$}  - {}\n", "", folded(convention, indent + 4)));
    }
    text
}

/// Text in lines of at most [`LINE`] characters, all but the first behind an indent.
fn folded(text: &str, indent: usize) -> String {
    let (mut folded, mut column) = (String::new(), indent);
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > indent && column + width >= LINE {
            folded.push_str(&format!("\n{:indent$}", ""));
            column = indent;
        } else if column > indent {
            folded.push(' ');
            column += 1;
        }
        folded.push_str(word);
        column += width;
    }
    folded
}

fn entry(reference: &Reference) -> String {
    let Reference { signature, summary, definition, aliases, conventions, .. } = reference;
    let mut text = format!("{signature}\n  {summary}\n\n  {}\n", definition.text.replace('\n', "\n  "));
    if !conventions.is_empty() {
        text.push_str("\nConventions:\n");
        conventions.iter().for_each(|convention| text.push_str(&format!("  - {}\n", folded(convention, 4))));
    }
    if !aliases.is_empty() {
        text.push_str(&format!("\nAlso called: {}\n", aliases.join(", ")));
    }
    text
}

fn markdown(references: &[&Reference]) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let rows = references.iter().map(|reference| {
        let conventions = cell(&reference.conventions.join("; "));
        format!("| `{}` | {} | {conventions} |\n", cell(reference.signature), cell(reference.summary))
    });
    format!("| operator | meaning | conventions |\n|:--|:--|:--|\n{}", rows.collect::<String>())
}

#[derive(Serialize)]
struct Listing<'a> {
    schema: u32,
    operators: Vec<Listed<'a>>,
    functions: Vec<Written<'a>>,
}

/// A function that is written in the language itself.
#[derive(Serialize)]
struct Written<'a> {
    signature: &'a str,
    summary: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    aliases: &'a [&'a str],
    signature: &'a str,
    summary: &'a str,
    definition: Definition<'a>,
    conventions: &'a [&'a str],
    /// The least and the greatest number of operands; null where it is not written as a call.
    operands: Option<(usize, usize)>,
}

#[derive(Serialize)]
struct Definition<'a> {
    text: &'a str,
    latex: &'a str,
}

fn json(references: &[&Reference], functions: &[[&str; 3]]) -> String {
    let operators = references.iter().map(|reference| {
        let Reference { name, aliases, signature, summary, definition, conventions, call, .. } = *reference;
        let definition = Definition { text: definition.text, latex: definition.latex };
        Listed { name, aliases, signature, summary, definition, conventions, operands: *call }
    });
    let functions = functions.iter().map(|[signature, summary, body]| Written { signature, summary, body }).collect();
    let listing = Listing { schema: 1, operators: operators.collect(), functions };
    serde_json::to_string_pretty(&listing).expect("strings and numbers have a JSON form") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_its_row_and_can_be_asked_for() {
        let all = asked(&[]).unwrap();
        for reference in REFERENCES {
            assert!(table(&all).contains(reference.signature), "{}", reference.name);
            assert!(asked(&[reference.name.to_string()]).is_ok());
        }
    }

    #[test]
    fn long_texts_are_folded() {
        let lines = folded(&"word ".repeat(60), 10);
        assert!(lines.lines().all(|line| line.len() <= LINE), "{lines}");
        assert_eq!(lines.split_whitespace().count(), 60);
        assert_eq!(folded("one two", 4), "one two");
    }

    #[test]
    fn a_near_name_is_suggested() {
        assert_eq!(unknown("sofmax"), "no operator is called `sofmax`; did you mean `softmax`?");
    }
}
