//! Moodle's XML: numbers as boxes in a table (its type `cloze`), all else as essays with what markers meet. A category a
//! problem, so that variants of one problem lie together.
//! The format: <https://docs.moodle.org/en/Moodle_XML_format>, <https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type>

use super::html::between_brackets;
use super::{Item, Part, Reply};
use crate::render::document::{Format, RenderError};
use crate::render::escape::base64;
use crate::render::template::{Piece, piece};
use serde::Serialize;

#[derive(Serialize)]
struct Quiz {
    categories: Vec<Category>,
}

#[derive(Serialize)]
struct Category {
    name: String,
    items: Vec<View>,
}

#[derive(Serialize)]
struct View {
    item: Item,
    /// The tasks that are answered in boxes, and those that a person marks.
    typed: Vec<Part>,
    essays: Vec<Part>,
}

/// One file for all items.
///
/// # Errors
/// A problem whose text would be taken for boxes: the importer adds and drops some and does not say so.
pub fn moodle(items: &[Item]) -> Result<String, RenderError> {
    let mut categories: Vec<Category> = Vec::new();
    for item in items {
        let mut item = item.with(between_brackets);
        item.pictures().for_each(|picture| picture.content = base64(&picture.content));
        if let Some(text) = item.texts().into_iter().find(|text| boxes(text.as_str()) > 0) {
            let message = format!("Moodle would take a part of the text of {} for a box: {}", item.name, text.as_str());
            return Err(RenderError { message });
        }
        let is_essay = |part: &Part| matches!(part.reply, Reply::Essay { .. });
        let (essays, typed) = item.parts.clone().into_iter().partition(is_essay);
        let view = View { typed, essays, item };
        match categories.iter_mut().find(|category| category.name == view.item.problem) {
            Some(category) => category.items.push(view),
            None => categories.push(Category { name: view.item.problem.clone(), items: vec![view] }),
        }
    }
    let written = piece(&Quiz { categories }, Format::Html, Piece::Moodle)?;
    let (found, meant) = (boxes(&written), items.iter().map(Item::boxes).sum::<usize>());
    if found != meant {
        return Err(RenderError { message: format!("{found} of {meant} boxes can be read by Moodle") });
    }
    Ok(written)
}

/// What the importer takes for boxes: `{2:NUMERICAL:=3:0.001}`, with any of its words.
fn boxes(text: &str) -> usize {
    let is_box = |rest: &str| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let word = rest.strip_prefix(':').and_then(|rest| rest.split_once(':')).map(|(word, _)| word);
        word.is_some_and(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    text.split('{').skip(1).filter(|rest| is_box(rest)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_counted_as_the_importer_finds_them() {
        assert_eq!(boxes("{1:NUMERICAL:=3:0.01} {:SA:=x} \\frac{1}{2} {2: a} {x:NUMERICAL:=1}"), 2);
    }
}
