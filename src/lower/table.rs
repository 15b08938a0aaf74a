//! The names of a file: each declared once, none taken for the gradient of another.

use super::faults::Faults;
use super::names::Resolved;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What a name is declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Dim,
    Leaf,
    /// A gradient that is given, by the name that it has anyway.
    Gradient,
    Line,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub spelling: String,
    pub span: Span,
    pub role: Role,
    /// For another name of a leaf: the leaf's key.
    pub stands_for: Option<String>,
}

/// All names by key, and which of them something uses.
#[derive(Debug, Default)]
pub struct Table {
    pub entries: BTreeMap<String, Entry>,
    used: BTreeSet<String>,
    /// Declared more than once, so that no one knows what is meant.
    twice: BTreeSet<String>,
}

impl Table {
    /// Whether the name is new; if not, both places are told.
    pub fn declare(&mut self, name: &Resolved, role: Role, stands_for: Option<&str>, faults: &mut Faults) -> bool {
        if let Some(known) = self.entries.get(&name.key) {
            faults.push(twice(name, known));
            self.twice.insert(name.key.clone());
            return false;
        }
        let entry =
            Entry { spelling: name.text.clone(), span: name.span, role, stands_for: stands_for.map(str::to_string) };
        self.entries.insert(name.key.clone(), entry);
        true
    }

    pub fn is_declared_twice(&self, key: &str) -> bool {
        self.twice.contains(key)
    }

    pub fn mark_used(&mut self, key: &str) {
        let key = self.entries.get(key).and_then(|entry| entry.stands_for.clone()).unwrap_or_else(|| key.to_string());
        self.used.insert(key);
    }

    pub fn is_used(&self, key: &str) -> bool {
        self.used.contains(key)
    }

    /// A name that is also the name of a gradient.
    pub fn tell_collisions(&self, faults: &mut Faults) {
        for (key, entry) in &self.entries {
            let Some(of) = key.strip_prefix('d').and_then(|rest| self.entries.get(rest)) else { continue };
            if of.role == Role::Dim || entry.role == Role::Gradient {
                continue;
            }
            let (name, other) = (&entry.spelling, &of.spelling);
            let message = format!("`{name}` is also the name of the gradient of `{other}`");
            faults.push(
                Diagnostic::error("E-collision", message)
                    .at(entry.span, "this name")
                    .at(of.span, format!("its gradient is called `d{other}`"))
                    .help(format!("give `{name}` another name")),
            );
        }
    }

    /// Names that nothing uses, in no particular order.
    pub fn tell_unused(&self, faults: &mut Faults) {
        for (key, entry) in &self.entries {
            if self.is_used(key) || entry.stands_for.is_some() {
                continue;
            }
            let (message, label) = match entry.role {
                Role::Dim => (format!("no shape uses dimension `{}`", entry.spelling), "not used"),
                Role::Leaf | Role::Gradient => (format!("nothing uses `{}`", entry.spelling), "not used"),
                Role::Line => (format!("no line and no task uses `{}`", entry.spelling), "not used"),
            };
            faults.push(Diagnostic::warning("W-unused", message).at(entry.span, label));
        }
    }
}

fn twice(name: &Resolved, known: &Entry) -> Diagnostic {
    let (first, second) = match known.span <= name.span {
        true => ((&known.spelling, known.span), (&name.text, name.span)),
        false => ((&name.text, name.span), (&known.spelling, known.span)),
    };
    let message = match first.0 == second.0 {
        true => format!("`{}` is defined twice", second.0),
        false => format!("`{}` and `{}` are the same name", first.0, second.0),
    };
    let error = Diagnostic::error("E-duplicate", message).at(second.1, "again").at(first.1, "first here");
    match first.0 == second.0 {
        true => error,
        false => error.help("underscores and braces do not tell names apart"),
    }
}
