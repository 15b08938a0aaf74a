//! `solve operators`: the language's reference, from the operators' own files.

use super::args::{ListFormat, OperatorsArgs};
use super::report::Look;
use super::{Exit, run, stdio};
use crate::diagnostic::nearest;
use crate::ops::{REFERENCES, Reference};
use serde_json::{Value, json};

/// Signatures longer than this stand on a line of their own.
const WIDEST_SIGNATURE: usize = 36;

pub fn print(args: &OperatorsArgs, look: Look) -> Exit {
    match asked(&args.names) {
        Ok(references) => stdio::finish(&listing(&references, !args.names.is_empty(), args.format)),
        Err(message) => run::refuse_usage(&message, look),
    }
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

fn listing(references: &[&Reference], in_full: bool, format: ListFormat) -> String {
    match format {
        ListFormat::Text if in_full => references.iter().map(|it| entry(it)).collect::<Vec<_>>().join("\n"),
        ListFormat::Text => table(references),
        ListFormat::Md => markdown(references),
        ListFormat::Json => {
            let operators: Vec<Value> = references.iter().map(|reference| object(reference)).collect();
            format!("{:#}\n", json!({ "schema": 1, "operators": operators }))
        }
    }
}

/// Two columns: the signature, and what it means with its conventions.
fn table(references: &[&Reference]) -> String {
    let widths = references.iter().map(|reference| reference.signature.chars().count());
    let width = widths.filter(|width| *width <= WIDEST_SIGNATURE).max().unwrap_or(0);
    references.iter().map(|reference| row(reference, width)).collect()
}

fn row(reference: &Reference, width: usize) -> String {
    let signature = reference.signature;
    let mut text = match signature.chars().count() <= width {
        true => format!("{signature:<width$}  {}\n", reference.summary),
        false => format!("{signature}\n{:width$}  {}\n", "", reference.summary),
    };
    for convention in reference.conventions {
        text.push_str(&format!("{:width$}    - {convention}\n", ""));
    }
    text
}

fn entry(reference: &Reference) -> String {
    let Reference { signature, summary, definition, aliases, conventions, .. } = reference;
    let mut text = format!("{signature}\n  {summary}\n\n  {}\n", definition.text.replace('\n', "\n  "));
    if !conventions.is_empty() {
        text.push_str("\nConventions:\n");
        conventions.iter().for_each(|convention| text.push_str(&format!("  - {convention}\n")));
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

fn object(reference: &Reference) -> Value {
    json!({
        "name": reference.name,
        "aliases": reference.aliases,
        "signature": reference.signature,
        "summary": reference.summary,
        "definition": { "latex": reference.definition.latex, "text": reference.definition.text },
        "conventions": reference.conventions,
        "operands": reference.call.map(|(least, most)| json!({ "least": least, "most": most })),
    })
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
    fn a_near_name_is_suggested() {
        assert_eq!(unknown("sofmax"), "no operator is called `sofmax`; did you mean `softmax`?");
    }
}
