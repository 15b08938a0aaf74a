//! Each student's own variant: by the number on the sheet, by the class list, by what the course system says of who
//! handed in. It is never guessed by the answers.

use super::reading::{self, Piece};
use super::submissions::Tag;
use super::{Ready, Shared, problem};
use crate::cli::args::CheckArgs;
use crate::cli::job::Failure;
use crate::cli::manifest::{self, Listed, Manifest};
use crate::cli::{Exit, files};
use crate::diagnostic::Diagnostic;
use crate::limits::{CLASS_BYTES, SPEC_BYTES};
use crate::render::sheet::family;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The variants of a manifest.
#[derive(Debug)]
pub struct Variants {
    /// The manifest's own text: what a run belongs to.
    pub text: String,
    folder: PathBuf,
    listed: Vec<Listed>,
    /// By their numbers, as [`plain`] has them.
    places: BTreeMap<String, usize>,
    /// `q3` of `q3-001-K`
    family: String,
}

impl Variants {
    /// # Errors
    /// What is no manifest, and variants that are not what they were when they were drawn.
    pub fn read(path: &Path) -> Result<Variants, Box<Failure>> {
        let failure = |exit, fault| Box::new(Failure::of_file(path, exit, fault));
        let text = |path: &Path, most| {
            let bytes = files::read(path, most)?;
            String::from_utf8(bytes).map_err(|_| (Exit::Unusable, Diagnostic::error("E-encoding", "this is no text")))
        };
        let own = text(path, CLASS_BYTES).map_err(|(exit, fault)| failure(exit, fault))?;
        let manifest = Manifest::read(&own)
            .map_err(|message| failure(Exit::Unusable, Diagnostic::error("E-manifest", message)))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        if let Some(spec) = manifest.changed_spec(&folder) {
            return Err(failure(Exit::Unusable, manifest::changed(&spec)));
        }
        let listed = manifest.variants;
        for Listed { file, hash, .. } in &listed {
            let variant = folder.join(file);
            let spec = text(&variant, SPEC_BYTES).map_err(|(exit, fault)| Failure::of_file(&variant, exit, fault))?;
            if manifest::hash(&spec) != *hash {
                let fault = Diagnostic::error("E-manifest", format!("`{file}` was changed since it was drawn"));
                let help = "what was handed out is what is marked: put it back, or draw the variants again";
                return Err(failure(Exit::Unusable, fault.help(help)));
            }
        }
        let places = listed.iter().enumerate().map(|(place, variant)| (plain(&variant.id), place)).collect();
        let family = listed.first().map_or(String::new(), |variant| family(&variant.id).to_string());
        Ok(Variants { text: own, folder, listed, places, family })
    }

    /// The problem that the head of a table of all marks is made of.
    pub fn first(&self, args: &CheckArgs, shared: &Shared) -> Result<Ready, Failure> {
        let mut ready = self.ready(0, args, shared)?;
        ready.sheet.id.clone_from(&self.family);
        ready.text.clone_from(&self.text);
        Ok(ready)
    }

    fn ready(&self, place: usize, args: &CheckArgs, shared: &Shared) -> Result<Ready, Failure> {
        problem(args, &self.folder.join(&self.listed[place].file), shared).map(|answered| answered.result)
    }

    /// The problem that a submission answers; the error says in words why that is not known.
    pub fn own(&self, ready: &Ready, args: &CheckArgs, tag: &Tag, pieces: &[Piece]) -> Result<Ready, String> {
        let on_sheet = self.on_sheet(pieces)?;
        let listed = self.listed_for(ready, tag, pieces)?;
        let place = match (on_sheet, listed) {
            (Some(sheet), Some((list, _))) if sheet != list => {
                let [sheet, list] = [sheet, list].map(|place| &self.listed[place].id);
                return Err(format!("the sheet is {sheet}, and the class list says {list}"));
            }
            (Some(place), _) | (None, Some((place, _))) => place,
            (None, None) => {
                return Err("no number of a variant stands on it, and the class list gives none for it".to_string());
            }
        };
        self.ready(place, args, &ready.shared).map_err(|failure| {
            let first = failure.diagnostics.first().map_or(String::new(), |fault| fault.message.clone());
            format!("{}: {first}", self.listed[place].id)
        })
    }

    /// The variant whose number stands in the text of a submission, in whatever it is kept.
    fn on_sheet(&self, pieces: &[Piece]) -> Result<Option<usize>, String> {
        let mut found = BTreeSet::new();
        let begin = format!("{}-", plain(&self.family));
        for piece in pieces {
            let Ok(bytes) = &piece.bytes else { continue };
            let text = plain(&String::from_utf8_lossy(bytes));
            for word in text.split(|c: char| !(c.is_alphanumeric() || c == '-')) {
                let word = word.trim_matches('-');
                match self.places.get(word) {
                    Some(place) => found.extend([*place]),
                    // A number that is nobody's: a character is wrong, or it is one of another class.
                    None if is_number(word, &begin) => return Err(format!("{word} is no number of a variant")),
                    None => {}
                }
            }
        }
        let mut places = found.into_iter();
        match (places.next(), places.next()) {
            (Some(one), Some(other)) => {
                let [one, other] = [one, other].map(|place| &self.listed[place].id);
                Err(format!("two variants stand on it: {one} and {other}"))
            }
            (place, _) => Ok(place),
        }
    }

    /// What the class list has for those who handed in, and for whom.
    fn listed_for(&self, ready: &Ready, tag: &Tag, pieces: &[Piece]) -> Result<Option<(usize, String)>, String> {
        let Some(roster) = &ready.shared.roster else { return Ok(None) };
        let file = Path::new(&tag.file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let (name, number) = head(ready, pieces);
        let own: Vec<Option<&str>> = vec![
            tag.who.number.as_deref(),
            number.as_deref(),
            name.as_deref(),
            tag.who.name.as_deref(),
            file.as_deref(),
        ];
        let mut all = vec![own];
        all.extend(ready.shared.handed_in_by.iter().map(|who| who.iter().map(|key| Some(key.as_str())).collect()));
        let mut found: Option<(usize, String)> = None;
        for (student, form) in all.iter().filter_map(|keys| roster.form(keys)) {
            let Some(place) = self.places.get(&plain(form)).copied() else {
                return Err(format!("the class list gives {student} {form}, which is no number of a variant"));
            };
            match &found {
                Some((other, who)) if *other != place => {
                    let [one, two] = [*other, place].map(|place| &self.listed[place].id);
                    return Err(format!("the class list gives {who} {one}, and {student} {two}"));
                }
                _ => found = Some((place, student.to_string())),
            }
        }
        Ok(found)
    }
}

/// The name and the number that stand on a submission.
pub fn head(ready: &Ready, pieces: &[Piece]) -> (Option<String>, Option<String>) {
    let head = |piece: &Piece| reading::head(&piece.name, piece.bytes.as_ref().ok()?, &ready.vocabulary);
    pieces.iter().find_map(head).unwrap_or_default()
}

/// A number in capitals, without signs that formats put into names.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '\\' | '.')).flat_map(char::to_uppercase).collect()
}

/// Whether a word looks like the number of a variant: `Q3-001-K`.
fn is_number(word: &str, begin: &str) -> bool {
    let mut parts = word.strip_prefix(begin).unwrap_or_default().split('-');
    let number = parts.next().unwrap_or_default();
    number.len() >= 3
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && parts.next().is_some_and(|check| check.len() == 1)
        && parts.next().is_none()
}

/// Who handed in, as Gradescope's `submission_metadata.json` has it: the names, addresses and numbers of each.
pub fn handed_in_by(path: &Path) -> Result<Vec<Vec<String>>, files::Faults> {
    let bytes = files::read(path, CLASS_BYTES).map_err(|(exit, fault)| (exit, vec![fault]))?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| {
        (Exit::Unusable, vec![Diagnostic::error("E-metadata", format!("`{}` is no JSON", path.display()))])
    })?;
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let keys = |user: &serde_json::Value| ["sid", "email", "name"].iter().filter_map(|key| text(&user[key])).collect();
    Ok(value["users"].as_array().into_iter().flatten().map(keys).collect())
}
