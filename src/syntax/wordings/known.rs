//! What a problem's own names are, as far as a text tells that has no shapes yet: what the words of a task may mean.

use super::super::ast::{Expr, ExprKind, Given, LeafKind, ModelLine, Name, Table};
use super::super::names::key;
use std::collections::{BTreeMap, BTreeSet};

/// What losses are called, where several lines could be one.
const LOSSES: [&str; 6] = ["L", "loss", "Loss", "J", "E", "cost"];

/// The names of a problem by key, with what each line is made of.
#[derive(Debug, Default)]
pub struct Known {
    spellings: BTreeMap<String, String>,
    /// Names with an index: `W` of `W_{l}`.
    stems: BTreeSet<String>,
    params: Vec<String>,
    leaves: Vec<String>,
    sizes: BTreeSet<String>,
    valued: BTreeSet<String>,
    /// The lines of the model, in order, and the names that each uses.
    lines: Vec<String>,
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Known {
    fn name(&mut self, name: &Name) -> String {
        let own = key(&name.text);
        match name.index {
            Some(_) => {
                self.stems.insert(own.clone());
            }
            None => {
                self.spellings.insert(own.clone(), name.text.clone());
            }
        }
        own
    }

    pub fn givens(&mut self, givens: &[Given]) {
        for given in givens {
            match given {
                Given::Dims(dims) => {
                    for dim in dims {
                        let own = self.name(&dim.name);
                        self.sizes.insert(own);
                    }
                }
                Given::Leaves(leaves) => {
                    for leaf in leaves {
                        let own = self.name(&leaf.name);
                        leaf.aliases.iter().for_each(|alias| {
                            self.name(alias);
                        });
                        if leaf.value.is_some() || leaf.random.is_some() {
                            self.valued.insert(own.clone());
                        }
                        if leaf.kind == LeafKind::Param {
                            self.params.push(own.clone());
                        }
                        self.leaves.push(own);
                    }
                }
                Given::Data { columns, table: Table::Literal(_) | Table::File(_), .. } => {
                    for column in columns {
                        let own = self.name(column);
                        self.valued.insert(own.clone());
                        self.leaves.push(own);
                    }
                }
                Given::Incoming { leaf, .. } => {
                    self.name(&leaf.name);
                }
                Given::Repeat(repeat) => self.givens(&repeat.body),
                Given::Layout(_) => {}
            }
        }
    }

    pub fn model(&mut self, lines: &[ModelLine]) {
        for line in lines {
            match line {
                ModelLine::Definition { name, value, .. } => {
                    let own = self.name(name);
                    self.uses.entry(own.clone()).or_default().extend(used(value));
                    self.lines.push(own);
                }
                ModelLine::Repeat(repeat) => self.model(&repeat.body),
            }
        }
    }

    /// Whether something has the name.
    pub fn has(&self, name: &str) -> bool {
        let own = key(name);
        self.spellings.contains_key(&own)
            || self.stems.contains(own.trim_end_matches(|c: char| c.is_ascii_digit()))
                && own.ends_with(|c: char| c.is_ascii_digit())
    }

    pub fn is_line(&self, name: &str) -> bool {
        self.uses.contains_key(&key(name))
    }

    pub fn is_size(&self, name: &str) -> bool {
        self.sizes.contains(&key(name))
    }

    fn spelled(&self, keys: impl IntoIterator<Item = String>) -> Vec<String> {
        keys.into_iter().filter_map(|own| self.spellings.get(&own).cloned()).collect()
    }

    pub fn lines(&self) -> Vec<String> {
        self.spelled(self.lines.clone())
    }

    pub fn params(&self) -> Vec<String> {
        self.spelled(self.params.clone())
    }

    /// What a line is made of, down to what is given.
    fn below(&self, name: &str) -> BTreeSet<String> {
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![key(name)]);
        while let Some(next) = waiting.pop() {
            if seen.insert(next.clone()) {
                waiting.extend(self.uses.get(&next).into_iter().flatten().cloned());
            }
        }
        seen
    }

    /// The given names in a line but sizes.
    pub fn leaves_of(&self, name: &str) -> Vec<String> {
        let below = self.below(name);
        self.spelled(self.leaves.iter().filter(|own| below.contains(*own)).cloned())
    }

    /// The parameters in a line; where it has none, what it is made of.
    pub fn params_of(&self, name: &str) -> Vec<String> {
        let below = self.below(name);
        let params: Vec<String> = self.params.iter().filter(|own| below.contains(*own)).cloned().collect();
        if params.is_empty() { self.leaves_of(name) } else { self.spelled(params) }
    }

    /// The given names in a line that have no value.
    pub fn missing_of(&self, name: &str) -> Vec<String> {
        self.leaves_of(name).into_iter().filter(|leaf| !self.valued.contains(&key(leaf))).collect()
    }

    /// The lines that may be the loss, that a name stands in: those that no other line uses, and of several the one that is
    /// called as losses are.
    pub fn losses(&self, with: Option<&str>) -> Vec<String> {
        let used: BTreeSet<&String> = self.uses.values().flatten().collect();
        let within = |own: &str| with.is_none_or(|name| self.below(own).contains(&key(name)));
        let ends: Vec<String> = self.lines.iter().filter(|own| !used.contains(own) && within(own)).cloned().collect();
        let called: Vec<String> = ends.iter().filter(|own| LOSSES.contains(&own.as_str())).cloned().collect();
        self.spelled(if called.len() == 1 { called } else { ends })
    }
}

fn used(value: &Expr) -> BTreeSet<String> {
    let name = |kind: &ExprKind| match kind {
        ExprKind::Name(name) | ExprKind::Call { callee: name, .. } => Some(key(&name.text)),
        _ => None,
    };
    value.nodes.iter().filter_map(|node| name(&node.kind)).collect()
}
