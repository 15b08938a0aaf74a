//! Names of output files, rebuilt from a safe alphabet.

use std::collections::BTreeSet;
use std::path::Path;

/// Characters of a name; with an ending and a picture's suffix it stays below what file systems allow.
const LONGEST: usize = 60;
/// Names that mean devices on Windows.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// A plain name for the documents of a spec: its file's stem, in letters, digits, `-`, `_` and `.`.
pub fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let otherwise = if path.as_os_str() == "-" { "stdin" } else { "problem" };
    plain(&stem, otherwise)
}

/// A plain name made of any text, or the other one where nothing is left of it.
pub fn plain(text: &str, otherwise: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = text.chars().map(safe).take(LONGEST).collect();
    match name.trim_matches(['-', '.']) {
        "" => otherwise.to_string(),
        name if is_device(name) => format!("{name}-"),
        name => name.to_string(),
    }
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered = |port: &str| base.strip_prefix(port).is_some_and(|rest| rest.len() == 1 && rest != "0");
    DEVICES.contains(&base.as_str()) || numbered("com") || numbered("lpt")
}

/// The stems of all specs; those that would share a file get a number, in the order of the command line.
pub fn distinct_stems<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<String> {
    let mut taken = Taken::default();
    paths.into_iter().map(|path| taken.free(stem(path))).collect()
}

/// Names that are given away, whatever their case.
#[derive(Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// The name, with a number if it is given away already.
    pub fn free(&mut self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| self.0.insert(name.to_lowercase())).unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_rebuilt() {
        let cases = [
            ("a/q1.spec", "q1"),
            ("../../x", "x"),
            ("my key.spec", "my-key"),
            ("a\u{202e}b\n.spec", "a-b"),
            ("übung.spec", "übung"),
            ("-rf.spec", "rf"),
            (".hidden", "hidden"),
            ("CON.spec", "CON-"),
            ("com1.x.spec", "com1.x-"),
            ("compute.spec", "compute"),
            ("-", "stdin"),
            ("/", "problem"),
            ("$(x).spec", "x"),
        ];
        for (path, name) in cases {
            assert_eq!(stem(Path::new(path)), name, "{path}");
        }
        assert_eq!(stem(Path::new(&"x".repeat(300))).len(), LONGEST);
    }

    #[test]
    fn equal_names_are_numbered() {
        let paths = ["a/q.spec", "b/q.spec", "Q.spec", "q-2.spec"].map(Path::new);
        assert_eq!(distinct_stems(paths), ["q", "q-2", "Q-3", "q-2-2"]);
    }
}
