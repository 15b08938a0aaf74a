//! Who is in the class: a table with numbers, names and addresses.

use crate::cli::{Exit, files};
use crate::diagnostic::Diagnostic;
use crate::limits::CLASS_BYTES;
use crate::syntax::records;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Words in the heading of a column, for each kind the surest first.
const NUMBER: [&str; 8] =
    ["id", "sid", "student id", "number", "student number", "id number", "matriculation", "login id"];
const NAME: [&str; 5] = ["name", "full name", "student", "student name", "display name"];
const EMAIL: [&str; 4] = ["email", "e-mail", "email address", "mail"];

const FORM: [&str; 4] = ["form", "variant", "form number", "version"];

/// The students of a class, in the order of its table.
#[derive(Debug, Default)]
pub struct Roster {
    names: Vec<String>,
    /// Their numbers, in the same order.
    ids: Vec<Option<String>>,
    /// The numbers of their variants.
    forms: Vec<Option<String>>,
    /// Numbers, addresses, names in any order of their words.
    known: BTreeMap<String, usize>,
}

impl Roster {
    /// # Errors
    /// A file that can't be read, a table without names, a damaged row.
    pub fn read(path: &Path) -> Result<Roster, files::Faults> {
        let bytes = files::read(path, CLASS_BYTES).map_err(|(exit, fault)| (exit, vec![fault]))?;
        let rows = records(&bytes).map_err(|fault| (Exit::Unusable, vec![*fault]))?;
        let heading: Vec<String> = rows.heading.iter().map(|cell| cell.trim().to_lowercase()).collect();
        let column = |words: &[&str]| words.iter().find_map(|word| heading.iter().position(|cell| cell == word));
        let (number, name, email) = (column(&NUMBER), column(&NAME), column(&EMAIL));
        let form = column(&FORM);
        let parts = column(&["first name", "given name"]).zip(column(&["last name", "surname", "family name"]));
        if name.or(number).or(email).is_none() && parts.is_none() {
            let fault = Diagnostic::error("E-table", "no column of this table says who is in the class");
            return Err((Exit::Unusable, vec![fault.help("the first row names the columns: `id,name,email`")]));
        }
        let mut roster = Roster::default();
        for row in rows {
            if let Some(fault) = row.fault {
                let message = format!("line {}: {}", row.line, fault.message);
                return Err((Exit::Unusable, vec![Diagnostic { message, ..fault }]));
            }
            let cell = |column: Option<usize>| {
                column.and_then(|column| row.cells.get(column)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
            };
            let joined = parts.and_then(|(first, last)| Some(format!("{} {}", cell(Some(first))?, cell(Some(last))?)));
            let keys = [cell(number), cell(email)];
            let Some(shown) = cell(name)
                .map(str::to_string)
                .or(joined)
                .or_else(|| keys.iter().flatten().next().map(|key| (*key).to_string()))
            else {
                continue;
            };
            let place = roster.names.len();
            for key in keys.into_iter().flatten().chain([shown.as_str()]) {
                roster.known.entry(folded(key)).or_insert(place);
            }
            if let Some((user, _)) = cell(email).and_then(|email| email.split_once('@')) {
                roster.known.entry(folded(user)).or_insert(place);
            }
            for key in run_together(&shown) {
                roster.known.entry(key).or_insert(place);
            }
            roster.names.push(shown);
            roster.ids.push(cell(number).map(str::to_string));
            roster.forms.push(cell(form).map(str::to_string));
        }
        Ok(roster)
    }

    /// The students' numbers and names.
    pub fn students(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.ids.iter().map(Option::as_deref).zip(self.names.iter().map(String::as_str))
    }

    /// Who handed something in, and the name in the class list: by the number, the name on the sheet, the file's name.
    pub fn find(&self, numbers: &[Option<&str>], names: &[Option<&str>]) -> Option<(usize, &str)> {
        let place = numbers.iter().chain(names).flatten().find_map(|text| self.known.get(&folded(text)).copied())?;
        Some((place, &self.names[place]))
    }

    /// Who is meant by one of these, and the number of the variant that the list has for them.
    pub fn form(&self, keys: &[Option<&str>]) -> Option<(&str, &str)> {
        let (place, name) = self.find(keys, &[])?;
        Some((name, self.forms[place].as_deref()?))
    }

    /// Whose this number of a variant is, where the list gives it to one.
    pub fn holder(&self, form: &str) -> Option<(usize, &str)> {
        let is_own = |own: &Option<String>| own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(form));
        let mut places = (0..self.forms.len()).filter(|place| is_own(&self.forms[*place]));
        let place = places.next().filter(|_| places.next().is_none())?;
        Some((place, &self.names[place]))
    }

    /// Who is not among these.
    pub fn missing(&self, handed_in: &BTreeSet<usize>) -> Vec<&str> {
        let all = self.names.iter().enumerate();
        all.filter(|(place, _)| !handed_in.contains(place)).map(|(_, name)| name.as_str()).collect()
    }
}

/// A name in small letters, whatever the order of its words: `Lovelace, Ada` is `Ada Lovelace`.
pub fn folded(text: &str) -> String {
    let mut words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort();
    words.join(" ")
}

/// As Canvas calls a file: `lovelaceada`, of `Ada Lovelace` and of `Lovelace, Ada`.
fn run_together(text: &str) -> [String; 2] {
    let letters = |words: &[&str]| words.concat().to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let mut words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == ',').collect();
    let as_written = letters(&words);
    words.rotate_right(1);
    [as_written, letters(&words)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_are_found_by_number_name_and_address() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.csv");
        std::fs::write(
            &path,
            "id,name,email\n17,\"Lovelace, Ada\",ada@x.org\n18,Bob Byron,bob@x.org\n19,Zoe Z,zz@x.org\n",
        )
        .unwrap();
        let roster = Roster::read(&path).unwrap();
        let found = |number: Option<&str>, name: Option<&str>| roster.find(&[number], &[name]);
        let ada = Some((0, "Lovelace, Ada"));
        assert_eq!(found(Some("17"), None), ada);
        for name in ["ada lovelace", "Lovelace, Ada", "ada", "lovelaceada", "adalovelace", "ada@x.org"] {
            assert_eq!(found(None, Some(name)), ada, "{name}");
        }
        assert_eq!(found(Some("18"), Some("Ada Lovelace")), Some((1, "Bob Byron")));
        assert_eq!(found(None, Some("Carl")), None);
        assert_eq!(roster.missing(&BTreeSet::from([0, 1])), ["Zoe Z"]);
        std::fs::write(&path, "a,b\n1,2\n").unwrap();
        assert!(Roster::read(&path).is_err());
    }
}
