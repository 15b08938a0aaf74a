//! The program built a second time with something more in it, to measure what that takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct House {
    folder: PathBuf,
}

impl House {
    /// A copy of the crate.
    pub fn new(name: &str) -> House {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        for part in ["src", "grammar", "templates", "benches"] {
            copy(Path::new(part), &folder.join(part));
        }
        for file in ["Cargo.lock", "README.md"] {
            fs::copy(file, folder.join(file)).unwrap();
        }
        // Without the tests that the manifest names, and with a version of its own, so that no other house's build is its.
        let version = format!("\"0.1.0-{}\"", name.replace('_', "-"));
        let manifest = fs::read_to_string("Cargo.toml").unwrap().replacen("\"0.1.0\"", &version, 1);
        let parts = manifest.split("\n\n").filter(|part| !part.contains("[[test]]"));
        fs::write(folder.join("Cargo.toml"), parts.collect::<Vec<_>>().join("\n\n")).unwrap();
        House { folder }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// A file more.
    pub fn add(&self, from: &str, to: &str) {
        fs::copy(from, self.path(to)).unwrap();
    }

    /// A line more in a list.
    pub fn list(&self, file: &str, line: &str, lines: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(line), "{file} has no line {line}");
        fs::write(self.path(file), text.replacen(line, lines, 1)).unwrap();
    }

    /// What the program of this house prints.
    pub fn solve(&self, arguments: &[&str]) -> String {
        let mut cargo = Command::new(env!("CARGO"));
        // The libraries are built already.
        let libraries = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        cargo.args(["run", "--quiet", "--offline", "--"]).args(arguments).current_dir(&self.folder);
        let ran = cargo.env("CARGO_TARGET_DIR", libraries).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}
