//! Names of output files, rebuilt from a safe alphabet.

use std::path::Path;

/// Characters of a name; with an ending and a picture's suffix it stays below what file systems allow.
const LONGEST: usize = 60;
/// Names that mean devices on Windows.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// A plain name for the documents of a spec: its file's stem, in letters, digits, `-`, `_` and `.`.
pub fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = stem.chars().map(safe).take(LONGEST).collect();
    let name = name.trim_matches(['-', '.']);
    match name {
        "" if path.as_os_str() == "-" => "stdin".to_string(),
        "" => "problem".to_string(),
        _ if is_device(name) => format!("{name}-"),
        _ => name.to_string(),
    }
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered = |port: &str| base.strip_prefix(port).is_some_and(|rest| rest.len() == 1 && rest != "0");
    DEVICES.contains(&base.as_str()) || numbered("com") || numbered("lpt")
}

/// The stems of all specs; those that would share a file get a number, in the order of the command line.
pub fn distinct_stems<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    let mut names = Vec::new();
    for path in paths {
        let stem = stem(path);
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let free = std::iter::once(stem.clone()).chain(numbered).find(|name| !taken.contains(&name.to_lowercase()));
        let name = free.unwrap_or(stem);
        taken.push(name.to_lowercase());
        names.push(name);
    }
    names
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
