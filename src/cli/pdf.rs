//! A PDF from a document: by the TeX that is installed, else by a browser. Each runs in a folder of its own, which is
//! gone afterwards, with a limit on its time; TeX runs no other program and reads nothing outside.

use crate::render::document::Format;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tex,
    Tectonic,
    Browser,
}

/// What makes PDFs, in the order in which it is looked for.
const MAKERS: &[(&str, Kind)] = &[
    ("pdflatex", Kind::Tex),
    ("lualatex", Kind::Tex),
    ("xelatex", Kind::Tex),
    ("tectonic", Kind::Tectonic),
    ("chromium", Kind::Browser),
    ("chromium-browser", Kind::Browser),
    ("google-chrome", Kind::Browser),
    ("google-chrome-stable", Kind::Browser),
    ("chrome", Kind::Browser),
    ("microsoft-edge", Kind::Browser),
    ("msedge", Kind::Browser),
];

/// Browsers that are not in PATH where they usually are.
const APPLICATIONS: &[(&str, &str)] = &[
    ("google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium"),
    ("microsoft-edge", "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ("google-chrome", r"C:\Program Files\Google\Chrome\Application\chrome.exe"),
    ("microsoft-edge", r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"),
];

/// Seconds for a short document, and bytes of source for each second more.
const SECONDS: u64 = 90;
const BYTES_A_SECOND: u64 = 10_000;
/// Between two looks whether a run has ended.
const TICK: Duration = Duration::from_millis(10);

/// A program that makes PDFs.
#[derive(Clone, Debug)]
pub struct Maker {
    pub name: &'static str,
    program: PathBuf,
    kind: Kind,
}

impl Maker {
    /// The one that was asked for, or the first that is installed.
    ///
    /// # Errors
    /// What to install.
    pub fn find(wanted: Option<&str>) -> Result<Maker, String> {
        let names: Vec<&str> = MAKERS.iter().map(|(name, _)| *name).collect();
        if let Some(wanted) = wanted.filter(|wanted| !names.contains(wanted)) {
            let meant = crate::diagnostic::nearest(wanted, names.iter().copied());
            let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            return Err(format!("--pdf-with {wanted}: known are {}{meant}", names.join(", ")));
        }
        let asked = MAKERS.iter().filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
        asked.filter_map(|(name, kind)| Maker::installed(name, *kind)).next().ok_or_else(|| match wanted {
            Some(wanted) => format!("`{wanted}` is not installed, or not in PATH"),
            None => "for a PDF, install LaTeX (TeX Live with its recommended and pictures collections) or Chrome, \
                     Chromium or Edge; or write FILE.html and print it from a browser"
                .to_string(),
        })
    }

    /// Those for a document whose names have letters that the usual fonts of pdflatex lack, the best first: an engine
    /// for Unicode may be installed without its fonts.
    pub fn for_letters(self, wanted: Option<&str>) -> Vec<Maker> {
        if wanted.is_some() || self.name != "pdflatex" {
            return vec![self];
        }
        let others = MAKERS.iter().filter(|(name, _)| *name != "pdflatex");
        others.filter_map(|(name, kind)| Maker::installed(name, *kind)).chain([self]).collect()
    }

    fn installed(name: &'static str, kind: Kind) -> Option<Maker> {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        let folders = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
        let in_path = folders.into_iter().filter(|folder| folder.is_absolute()).map(|folder| folder.join(&file));
        let usual = APPLICATIONS.iter().filter(|(known, _)| *known == name).map(|(_, path)| PathBuf::from(path));
        let program = in_path.chain(usual).find(|path| path.is_file())?;
        Some(Maker { name, program, kind })
    }

    /// The document that it reads.
    pub fn format(&self) -> Format {
        match self.kind {
            Kind::Tex | Kind::Tectonic => Format::Latex,
            Kind::Browser => Format::Html,
        }
    }

    /// The PDF of a document in [`Maker::format`].
    ///
    /// # Errors
    /// Why there is none, with what the program said.
    pub fn make(&self, text: &str) -> Result<Vec<u8>, String> {
        let fault = |error: io::Error| format!("{} can't be run: {error}", self.name);
        let folder = tempfile::Builder::new().prefix("solve-pdf-").tempdir().map_err(fault)?;
        let source = match self.kind {
            Kind::Tex | Kind::Tectonic => "document.tex",
            Kind::Browser => "document.html",
        };
        fs::write(folder.path().join(source), text).map_err(fault)?;
        let mut command = self.command(&folder);
        command.current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let limit = Duration::from_secs(SECONDS + text.len() as u64 / BYTES_A_SECOND);
        let ended = run(&mut command, limit).map_err(fault)?;
        match (ended, fs::read(folder.path().join("document.pdf"))) {
            (Ended::Late, _) => Err(format!("{} was stopped after {} seconds", self.name, limit.as_secs())),
            (Ended::Well, Ok(pdf)) if pdf.starts_with(b"%PDF") => Ok(pdf),
            (Ended::Well | Ended::Badly, _) => Err(format!("{} made no PDF{}", self.name, complaint(folder.path()))),
        }
    }

    fn command(&self, folder: &TempDir) -> Command {
        let mut command = Command::new(&self.program);
        match self.kind {
            Kind::Tex => {
                command.args(["-interaction=batchmode", "-halt-on-error", "-no-shell-escape", "document.tex"]);
                // Nothing outside is read or written, and the same document is the same file.
                // LuaLaTeX opens its own fonts by their whole paths.
                let readable = if self.name == "lualatex" { "r" } else { "p" };
                command
                    .env("openin_any", readable)
                    .env("openout_any", "p")
                    .env("TEXINPUTS", ":")
                    .env_remove("TEXMFOUTPUT");
                let date = env::var_os("SOURCE_DATE_EPOCH").unwrap_or_else(|| OsString::from("0"));
                command.env("SOURCE_DATE_EPOCH", date).env("FORCE_SOURCE_DATE", "1");
            }
            Kind::Tectonic => {
                command.args(["-X", "compile", "--untrusted", "document.tex"]);
            }
            Kind::Browser => {
                let mut profile = OsString::from("--user-data-dir=");
                profile.push(folder.path().join("profile"));
                let quiet = ["--headless", "--disable-gpu", "--disable-extensions", "--no-first-run"];
                command.args(quiet).args(["--no-default-browser-check", "--disable-background-networking"]);
                command.args(["--no-pdf-header-footer", "--print-to-pdf=document.pdf"]).arg(profile);
                if is_root(folder.path()) {
                    // Chromium has no sandbox for root and refuses to start.
                    command.arg("--no-sandbox");
                }
                command.arg(folder.path().join("document.html"));
            }
        }
        command
    }
}

enum Ended {
    Well,
    Badly,
    Late,
}

fn run(command: &mut Command, limit: Duration) -> io::Result<Ended> {
    let mut child = command.spawn()?;
    let start = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(Ended::Well),
            Some(_) => return Ok(Ended::Badly),
            None if start.elapsed() > limit => {
                let _ = child.kill();
                child.wait()?;
                return Ok(Ended::Late);
            }
            None => thread::sleep(TICK),
        }
    }
}

/// The first error in TeX's log.
fn complaint(folder: &Path) -> String {
    let log = fs::read(folder.join("document.log")).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    log.lines().find(|line| line.starts_with('!')).map_or(String::new(), |line| format!(": {}", line[1..].trim()))
}

/// Whether what we write belongs to root.
#[cfg(unix)]
fn is_root(own: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(own).is_ok_and(|metadata| metadata.uid() == 0)
}

#[cfg(not(unix))]
fn is_root(_: &Path) -> bool {
    false
}
