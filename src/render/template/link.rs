//! What of the templates a document needs: most of what making one costs is reading templates. Components that nothing
//! calls are left out, and so are the branches and loops over what the data does not hold.

use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Templates as their tags `<% … %>` and what stands between these.
pub struct Cut {
    sources: Vec<(String, Vec<Piece>)>,
    /// On what of the data branches depend.
    facts: Facts,
}

/// What branches ask of data: the names of parts that it may have, and texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facts {
    pub names: BTreeSet<&'static str>,
    pub words: BTreeSet<&'static str>,
}

/// Spaces beside a tag that takes them away are gone already, so that it can be left out.
enum Piece {
    Text(&'static str),
    Tag(&'static str),
    Component(&'static str, &'static str),
    EndComponent,
    /// `if` and `for`.
    Open(&'static str, Condition),
    /// What follows the word `elif`.
    Elif(&'static str, Condition),
    Else,
    Close(&'static str),
}

/// Alternatives, each of them facts that it needs; one without any may always be true.
type Condition = Vec<Vec<Fact>>;

struct Fact {
    /// The name, before any point, of what is asked about.
    root: &'static str,
    needs: Needs,
}

enum Needs {
    /// A part of this name.
    Name(&'static str),
    /// This text.
    Word(&'static str),
}

/// A component, or what stands between two of them.
struct Part {
    component: Option<&'static str>,
    text: String,
}

/// The parts of what filters give.
const OF_FILTERS: [&str; 3] = ["author", "code", "maths"];

impl Cut {
    pub fn new(sources: &[(String, &'static str)]) -> Cut {
        let mut sources: Vec<_> = sources.iter().map(|(name, source)| (name.clone(), pieces(source))).collect();
        let facts = facts(&mut sources);
        Cut { sources, facts }
    }

    /// On what of the data branches depend, but for what a template itself makes.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What is called from `root` (the name of a source), and this, without branches on what is lacking.
    pub fn linked(&self, root: &str, lacking: &Facts) -> Vec<(String, String)> {
        let parts: Vec<(&str, Vec<Part>)> =
            self.sources.iter().map(|(name, pieces)| (name.as_str(), parts(pieces, lacking))).collect();
        let all = || parts.iter().flat_map(|(_, parts)| parts);
        let bodies: BTreeMap<&str, &str> =
            all().filter_map(|part| Some((part.component?, part.text.as_str()))).collect();
        let of_root = parts.iter().filter(|(name, _)| *name == root).flat_map(|(_, parts)| parts);
        let mut open: Vec<&str> =
            of_root.filter(|part| part.component.is_none()).flat_map(|part| calls(&part.text)).collect();
        let mut called = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(body) = bodies.get(name)
                && called.insert(name)
            {
                open.extend(calls(body));
            }
        }
        let text = |(name, parts): &(&str, Vec<Part>)| {
            let kept = |part: &&Part| part.component.map_or(*name == root, |component| called.contains(component));
            (name.to_string(), parts.iter().filter(kept).map(|part| part.text.as_str()).collect())
        };
        parts.iter().map(text).collect()
    }
}

/// A branching around a piece.
struct Around {
    /// Whether its present branch is left out.
    is_out: bool,
    /// Whether a tag of it is kept.
    is_begun: bool,
}

fn parts(pieces: &[Piece], lacking: &Facts) -> Vec<Part> {
    let mut parts = vec![Part { component: None, text: String::new() }];
    let mut around: Vec<Around> = Vec::new();
    for piece in pieces {
        if let Piece::Component(name, _) = piece {
            parts.push(Part { component: Some(name), text: String::new() });
        }
        let is_inner = matches!(piece, Piece::Elif(..) | Piece::Else | Piece::Close(_));
        let own = if is_inner { around.pop() } else { None };
        let is_shown = !around.iter().any(|around| around.is_out);
        let mut show = |pieces: &[&str]| {
            if let (true, Some(part)) = (is_shown, parts.last_mut()) {
                part.text.extend(pieces.iter().copied());
            }
        };
        let begun = own.is_some_and(|own| own.is_begun);
        match piece {
            Piece::Text(text) => show(&[text]),
            Piece::Tag(tag) | Piece::Component(_, tag) => show(&["<% ", tag, " %>"]),
            Piece::EndComponent => {
                show(&["<% endcomponent %>"]);
                parts.push(Part { component: None, text: String::new() });
            }
            Piece::Open(tag, condition) => {
                let is_out = is_never(condition, lacking);
                if !is_out {
                    show(&["<% ", tag, " %>"]);
                }
                around.push(Around { is_out, is_begun: !is_out });
            }
            Piece::Elif(_, condition) if is_never(condition, lacking) => {
                around.push(Around { is_out: true, is_begun: begun });
            }
            Piece::Elif(rest, _) => {
                show(&[if begun { "<% elif " } else { "<% if " }, rest, " %>"]);
                around.push(Around { is_out: false, is_begun: true });
            }
            Piece::Else => {
                if begun {
                    show(&["<% else %>"]);
                }
                around.push(Around { is_out: false, is_begun: begun });
            }
            Piece::Close(tag) if begun => show(&["<% ", tag, " %>"]),
            Piece::Close(_) => {}
        }
    }
    parts
}

fn is_never(condition: &Condition, lacking: &Facts) -> bool {
    let is_lacking = |fact: &Fact| match fact.needs {
        Needs::Name(name) => lacking.names.contains(name),
        Needs::Word(word) => lacking.words.contains(word),
    };
    condition.iter().all(|needs| needs.iter().any(is_lacking))
}

fn pieces(source: &'static str) -> Vec<Piece> {
    // About as many as there are.
    let mut pieces = Vec::with_capacity(source.len() / 24);
    let (mut rest, mut trims) = (source, false);
    while let Some((start, end)) = next_tag(rest) {
        let inner = &rest[start + 2..end - 2];
        push_text(&mut pieces, &rest[..start], trims, inner.starts_with('-'));
        if rest[start..].starts_with("<%") {
            pieces.push(piece(inner.trim_matches('-').trim()));
        }
        trims = inner.ends_with('-');
        rest = &rest[end..];
    }
    push_text(&mut pieces, rest, trims, false);
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, text: &'static str, at_start: bool, at_end: bool) {
    let text = if at_start { text.trim_start() } else { text };
    let text = if at_end { text.trim_end() } else { text };
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// Where the next tag or comment begins and ends.
fn next_tag(text: &str) -> Option<(usize, usize)> {
    text.match_indices('<').find_map(|(start, _)| {
        let kind = text.as_bytes().get(start + 1).filter(|kind| matches!(kind, b'%' | b'#'))?;
        let mut ends = text[start + 2..].match_indices('>').map(|(end, _)| start + 2 + end);
        ends.find(|end| *end > start + 2 && text.as_bytes()[end - 1] == *kind).map(|end| (start, end + 1))
    })
}

fn piece(tag: &'static str) -> Piece {
    let (word, rest) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
    let rest = rest.trim();
    match word {
        "component" => Piece::Component(rest.split('(').next().unwrap_or_default().trim(), tag),
        "endcomponent" => Piece::EndComponent,
        "if" => Piece::Open(tag, condition(rest)),
        "for" => Piece::Open(tag, vec![rest.split_once(" in ").and_then(|(_, path)| part(path)).into_iter().collect()]),
        "elif" => Piece::Elif(rest, condition(rest)),
        "else" => Piece::Else,
        "endif" | "endfor" => Piece::Close(tag),
        _ => Piece::Tag(tag),
    }
}

/// `block.kind == "say"` needs a text, `part.grid` a part of this name; nothing is known of what asks otherwise.
fn condition(text: &'static str) -> Condition {
    let fact = |test: &'static str| match test.find('=').filter(|at| test[*at..].starts_with("==")) {
        Some(at) => {
            let (path, word) = (&test[..at], &test[at + 2..]);
            let word = word.trim().strip_prefix('"')?.strip_suffix('"')?;
            let path = part(path).filter(|_| !word.contains('"'))?;
            Some(Fact { needs: Needs::Word(word), ..path })
        }
        None => part(test),
    };
    match text.contains('(') {
        true => vec![Vec::new()],
        false => parted(text, " or ").map(|all| parted(all, " and ").filter_map(fact).collect()).collect(),
    }
}

/// The parts of a text between words with a space on both sides.
fn parted(text: &'static str, word: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let all = rest?;
        let end = all.match_indices(' ').map(|(at, _)| at).find(|at| all[*at..].starts_with(word));
        rest = end.map(|end| &all[end + word.len()..]);
        Some(end.map_or(all, |end| &all[..end]))
    })
}

/// The part that a path leads to, where it is one.
fn part(path: &'static str) -> Option<Fact> {
    let path = path.trim();
    let is_path = path.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let name = path.rsplit('.').next()?;
    let root = path.split('.').next()?;
    let is_part = is_path && !name.is_empty() && root != "loop" && !OF_FILTERS.contains(&name);
    is_part.then_some(Fact { root, needs: Needs::Name(name) })
}

/// What templates make themselves, of which data say nothing.
#[derive(Default)]
struct Own {
    /// Names of parameters and loops, and those that are set.
    bound: HashSet<&'static str>,
    /// Names that are set to something else than a part of the data.
    computed: HashSet<&'static str>,
    /// Texts that are handed on, or name the parts of what is.
    words: HashSet<&'static str>,
}

impl Own {
    fn take(&mut self, piece: &Piece) {
        match piece {
            Piece::Text(text) => self.words.extend(quoted(text)),
            Piece::Component(_, text) => {
                self.words.extend(quoted(text));
                let parameters = text.split_once('(').map_or("", |(_, rest)| rest);
                self.bound.extend(parameters.split([',', '=', ')']).map(str::trim));
            }
            Piece::Tag(text) => {
                self.words.extend(quoted(text));
                if let Some(rest) = text.strip_prefix("set ") {
                    let (name, value) = rest.split_once('=').unwrap_or((rest, "by a block"));
                    self.bound.insert(name.trim());
                    if part(value).is_none() {
                        self.computed.insert(name.trim());
                    }
                }
            }
            Piece::Open(tag, _) => {
                let names = tag.strip_prefix("for ").and_then(|rest| rest.split_once(" in "));
                self.bound.extend(names.into_iter().flat_map(|(names, _)| names.split(", ")));
            }
            Piece::Elif(..) | Piece::Else | Piece::EndComponent | Piece::Close(_) => {}
        }
    }

    /// Whether data alone decide.
    fn leaves_open(&self, fact: &Fact) -> bool {
        match fact.needs {
            // A name without a point may be one of the template's own.
            Needs::Name(name) => !self.words.contains(name) && (name != fact.root || !self.bound.contains(name)),
            Needs::Word(word) => !self.words.contains(word) && !self.computed.contains(fact.root),
        }
    }
}

/// What the conditions of templates ask of data; of the rest nothing is kept.
fn facts(sources: &mut [(String, Vec<Piece>)]) -> Facts {
    let (mut own, mut facts) = (Own::default(), Facts::default());
    sources.iter().flat_map(|(_, pieces)| pieces).for_each(|piece| own.take(piece));
    for piece in sources.iter_mut().flat_map(|(_, pieces)| pieces) {
        let (Piece::Open(_, condition) | Piece::Elif(_, condition)) = piece else { continue };
        for needs in condition {
            needs.retain(|fact| own.leaves_open(fact));
            for fact in needs {
                match fact.needs {
                    Needs::Name(name) => facts.names.insert(name),
                    Needs::Word(word) => facts.words.insert(word),
                };
            }
        }
    }
    facts
}

/// What stands between quotation marks, but for what is only compared with.
fn quoted(text: &'static str) -> impl Iterator<Item = &'static str> {
    let mut parts = text.split('"');
    let mut before = parts.next().unwrap_or_default();
    parts.filter(move |own| !std::mem::replace(&mut before, own).ends_with("== "))
}

/// The components that a text calls.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(|after| {
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
        (end > 0 && after[end..].starts_with([' ', '/', '\n'])).then(|| &after[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = r#"<% component a() %>A << <b/> >><% endcomponent %>
<% component b() %>B<% endcomponent %><% component c(x) %>C << <d x={1}/> >><% endcomponent %>
<% component d(x) %>D<% endcomponent %>
<% if section.kind == "one" or kind == "two" -%>
<#- what is said -#>
<% if x %><< <c x={1}/> >><% else %>y<% endif %><%- elif x.three -%>
<< <a/> >><% else %>none<% endif %><% for y in x.four %>z<% endfor %>"#;

    fn linked_key(held: &[&str]) -> String {
        let cut = Cut::new(&[("key".to_string(), KEY)]);
        let mut lacking = cut.facts().clone();
        lacking.names.retain(|name| !held.contains(name));
        lacking.words.retain(|word| !held.contains(word));
        cut.linked("key", &lacking).remove(0).1.trim().to_string()
    }

    #[test]
    fn only_what_the_data_can_ask_for_is_left() {
        let all = linked_key(&["one", "two", "three", "four"]);
        assert!(all.ends_with(
            r#"<% if section.kind == "one" or kind == "two" %><% if x %><< <c x={1}/> >><% else %>y<% endif %><% elif x.three %><< <a/> >><% else %>none<% endif %><% for y in x.four %>z<% endfor %>"#
        ));
        assert!(["a", "b", "c", "d"].iter().all(|name| all.contains(&format!("component {name}("))), "{all}");
        let three = linked_key(&["three"]);
        assert!(three.ends_with("<% if x.three %><< <a/> >><% else %>none<% endif %>"), "{three}");
        assert!(three.contains("component b") && !three.contains("component c"), "{three}");
        assert_eq!(linked_key(&[]), "none");
    }

    #[test]
    fn what_a_template_makes_itself_is_not_asked_of_the_data() {
        let source = r#"<< <a kind="one"/> >><% set own = 1 + 1 %><% component a(kind, more = 1) %>
            <% if kind == "one" %>x<% elif kind == "two" and more or own %>y<% elif top %>z<% endif %><% endcomponent %>"#;
        let facts = Facts { names: ["top"].into(), words: ["two"].into() };
        assert_eq!(*Cut::new(&[("key".to_string(), source)]).facts(), facts);
    }
}
