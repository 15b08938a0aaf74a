//! What of the templates a document needs: most of what making one costs is reading templates. Components that nothing
//! calls are left out, and so are the branches for what the data does not hold.

use std::collections::{BTreeMap, BTreeSet};

/// Templates as their tags `<% … %>` and what stands between these.
pub struct Cut {
    sources: Vec<(String, Vec<Piece>)>,
}

struct Piece {
    text: &'static str,
    tag: Tag,
}

enum Tag {
    None,
    Component(&'static str),
    EndComponent,
    /// `if` and `elif`, with the words of which the data must hold one for it to be true; none if it asks for more.
    If(Option<Vec<&'static str>>),
    Elif(Option<Vec<&'static str>>),
    Else,
    EndIf,
}

/// A component, or what stands between two of them.
struct Part {
    component: Option<&'static str>,
    text: String,
}

impl Cut {
    pub fn new(sources: &[(String, &'static str)]) -> Cut {
        Cut { sources: sources.iter().map(|(name, source)| (name.clone(), pieces(source))).collect() }
    }

    /// The words on which branches depend (the `kind` of something, a part that it may have), but for those that a
    /// template itself hands on.
    pub fn words(&self) -> BTreeSet<&'static str> {
        let (mut asked, mut given) = (BTreeSet::new(), BTreeSet::new());
        for piece in self.sources.iter().flat_map(|(_, pieces)| pieces) {
            match &piece.tag {
                Tag::If(Some(words)) | Tag::Elif(Some(words)) => asked.extend(words),
                _ => given.extend(piece.text.split('"').skip(1).step_by(2)),
            }
        }
        asked.difference(&given).copied().collect()
    }

    /// What is called from `roots` (names of sources), and these, without branches on the words of `lacking`.
    pub fn linked(&self, roots: &[&str], lacking: &BTreeSet<&str>) -> Vec<(String, String)> {
        let parts: Vec<(&str, Vec<Part>)> =
            self.sources.iter().map(|(name, pieces)| (name.as_str(), parts(pieces, lacking))).collect();
        let all = || parts.iter().flat_map(|(_, parts)| parts);
        let bodies: BTreeMap<&str, &str> =
            all().filter_map(|part| Some((part.component?, part.text.as_str()))).collect();
        let of_roots = parts.iter().filter(|(name, _)| roots.contains(name)).flat_map(|(_, parts)| parts);
        let mut open: Vec<&str> =
            of_roots.filter(|part| part.component.is_none()).flat_map(|part| calls(&part.text)).collect();
        let mut called = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(body) = bodies.get(name)
                && called.insert(name)
            {
                open.extend(calls(body));
            }
        }
        let text = |(name, parts): &(&str, Vec<Part>)| {
            let kept =
                |part: &&Part| part.component.map_or(roots.contains(name), |component| called.contains(component));
            (name.to_string(), parts.iter().filter(kept).map(|part| part.text.as_str()).collect())
        };
        parts.iter().map(text).collect()
    }
}

fn parts(pieces: &[Piece], lacking: &BTreeSet<&str>) -> Vec<Part> {
    let mut parts = vec![Part { component: None, text: String::new() }];
    // Of each branching around: whether what follows is left out.
    let mut left_out: Vec<bool> = Vec::new();
    let never =
        |words: &Option<Vec<&str>>| words.as_ref().is_some_and(|words| words.iter().all(|word| lacking.contains(word)));
    for Piece { text, tag } in pieces {
        if let Tag::Component(name) = tag {
            parts.push(Part { component: Some(name), text: String::new() });
        }
        // The tags of a branching stay where it stands itself, so that what is left is still whole.
        let around = match tag {
            Tag::Elif(_) | Tag::Else | Tag::EndIf => left_out.len().saturating_sub(1),
            Tag::None | Tag::Component(_) | Tag::EndComponent | Tag::If(_) => left_out.len(),
        };
        if let (false, Some(part)) = (left_out[..around].contains(&true), parts.last_mut()) {
            part.text.push_str(text);
        }
        match (tag, left_out.last_mut()) {
            (Tag::If(words), _) => left_out.push(never(words)),
            (Tag::Elif(words), Some(last)) => *last = never(words),
            (Tag::Else, Some(last)) => *last = false,
            (Tag::EndIf, _) => drop(left_out.pop()),
            (Tag::EndComponent, _) => parts.push(Part { component: None, text: String::new() }),
            (Tag::None | Tag::Component(_) | Tag::Elif(_) | Tag::Else, _) => {}
        }
    }
    parts
}

fn pieces(source: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = source[at..].find('<') {
        let start = at + found;
        at = start + 1;
        if source[at..].starts_with('%') {
            at = source[at..].find('>').map_or(source.len(), |end| at + end + 1);
            while !source[..at].ends_with("%>") && at < source.len() {
                at = source[at..].find('>').map_or(source.len(), |end| at + end + 1);
            }
            let text = &source[start..at];
            pieces.push(Piece { text: &source[from..start], tag: Tag::None });
            pieces.push(Piece { text, tag: tag(text) });
            from = at;
        }
    }
    pieces.push(Piece { text: &source[from..], tag: Tag::None });
    pieces
}

fn tag(text: &'static str) -> Tag {
    let inner = text.trim_start_matches("<%").trim_end_matches("%>").trim_matches('-').trim();
    let (word, rest) = inner.split_once([' ', '\n']).unwrap_or((inner, ""));
    match word {
        "component" => Tag::Component(rest.split('(').next().unwrap_or_default().trim()),
        "endcomponent" => Tag::EndComponent,
        "if" => Tag::If(wanted(rest)),
        "elif" => Tag::Elif(wanted(rest)),
        "else" => Tag::Else,
        "endif" => Tag::EndIf,
        _ => Tag::None,
    }
}

/// The words of which the data must hold one: `block.kind == "say"` wants a word, `part.grid` a part of this name.
fn wanted(condition: &'static str) -> Option<Vec<&'static str>> {
    let is_path = |path: &str| path.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let word = |test: &'static str| match test.split_once("==") {
        Some((path, word)) => {
            let (path, word) = (path.trim(), word.trim().strip_prefix('"')?.strip_suffix('"')?);
            let is_kind = path == "kind" || path.ends_with(".kind");
            (is_kind && is_path(path) && !word.contains('"')).then_some(word)
        }
        // A name without a point may be one of the template's own.
        None => {
            let (path, name) = test.trim().rsplit_once('.')?;
            (is_path(path) && is_path(name) && path != "loop").then_some(name)
        }
    };
    condition.split(" or ").map(word).collect()
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
<% if section.kind == "one" or kind == "two" %><% if x %><< <c x={1}/> >><% else %>y<% endif %><% elif x.three -%>
<< <a/> >><% else %>none<% endif %>"#;

    fn linked_key(held: &[&str]) -> String {
        let cut = Cut::new(&[("key".to_string(), KEY)]);
        let lacking = cut.words().into_iter().filter(|word| !held.contains(word)).collect();
        cut.linked(&["key"], &lacking).remove(0).1
    }

    #[test]
    fn only_what_the_data_can_ask_for_is_left() {
        let all = linked_key(&["one", "two", "three"]);
        assert_eq!(all, KEY);
        let three = linked_key(&["three"]);
        assert!(three.contains("component a") && three.contains("component b"), "{three}");
        assert!(!three.contains("component c") && !three.contains("component d") && !three.contains(">y<"), "{three}");
        assert!(three.contains(r#"<% if section.kind == "one" or kind == "two" %><% elif x.three -%>"#), "{three}");
        let none = linked_key(&[]);
        assert!(!none.contains("component") && none.contains("none"), "{none}");
    }

    #[test]
    fn a_word_that_a_template_hands_on_is_held_by_every_document() {
        let source = r#"<< <a kind="one"/> >><% if kind == "one" %>x<% elif kind == "two" %>y<% endif %>"#;
        assert_eq!(Cut::new(&[("key".to_string(), source)]).words(), ["two"].into());
    }
}
