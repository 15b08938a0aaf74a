//! The command line: the only place that prints, reads and writes files, or knows clap.
//!
//! Results go to standard output, all else to standard error. Exit codes: [`Exit`].

mod archive;
mod args;
mod check;
mod exam;
mod export;
mod files;
mod fmt;
mod format;
mod interrupt;
mod job;
mod manifest;
mod manual;
mod marks_format;
mod names;
mod new;
mod operators;
mod output;
mod panics;
mod pdf;
mod problems;
mod progress;
mod refuse;
mod report;
mod run;
mod stdio;
mod tables;
mod tasks;
mod templates;
mod together;
mod vary;
mod watch;

use args::{Cli, Command};
use clap::{ColorChoice, CommandFactory, FromArgMatches};
use report::Look;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::process::ExitCode;
use std::thread;
use stdio::Color;

/// Stack of the thread that does the work. Nesting is bounded, so that this much is never used up.
const STACK_BYTES: usize = 64 << 20;

/// How a run ended, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Exit {
    Done,
    /// A spec can't be used, or a check of its answers failed.
    Unusable,
    /// Usage, configuration or files.
    Usage,
    Interrupted,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Unusable => 1,
            Exit::Usage => 2,
            Exit::Interrupted => 130,
        }
    }
}

/// Runs the program on the process's own arguments.
pub fn main() -> ExitCode {
    let cli = match parsed(std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(exit) => return ExitCode::from(exit.code()),
    };
    interrupt::install();
    panics::keep_panics_quiet();
    let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn(|| dispatch(cli));
    let exit = match worker.map(thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit,
        Ok(Err(_)) => {
            stdio::tell(&format!("solve: a fault of solve itself: {}\n", panics::last_panic()));
            Exit::Unusable
        }
        Err(error) => {
            stdio::tell(&format!("solve: no thread can be started: {error}\n"));
            Exit::Usage
        }
    };
    ExitCode::from(exit.code())
}

/// What the arguments ask for; where that is only help, or makes no sense, it is said, and how the run ended.
fn parsed(arguments: Vec<OsString>) -> Result<Cli, Exit> {
    let mut command = Cli::command().color(early_color(&arguments));
    let is_command = |word: &OsString| command.find_subcommand(word).is_some();
    let arguments = command_first(arguments, is_command);
    let parsed =
        command.try_get_matches_from_mut(arguments).and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    parsed.map_err(|message| stdio::show(&message, command.get_color()))
}

fn dispatch(cli: Cli) -> Exit {
    let look = Look { color: stdio::has_color(cli.color), printed: stdio::prints_color(cli.color), quiet: cli.quiet };
    match cli.command {
        None => run::answer_all(&cli.answer, look),
        Some(Command::Exam(args)) => exam::exam(&args, look),
        Some(Command::Export(args)) => export::export(&args, look),
        Some(Command::Vary(args)) => vary::vary(&args, look),
        Some(Command::Check(args)) => check::check(&args, look),
        Some(Command::Watch(args)) => watch::watch(&args, look),
        Some(Command::New { kind }) => new::print(&kind, look),
        Some(Command::Fmt(args)) => fmt::fmt(&args, look),
        Some(Command::Operators(args)) => operators::print(&args, look),
        Some(Command::Tasks) => tasks::print(),
        Some(Command::Problems(args)) => problems::print(&args, look),
        Some(Command::Completions { shell }) => manual::completions(shell),
        Some(Command::Man { output }) => manual::pages(output.as_deref(), look),
        Some(Command::Templates(args)) => templates::print(&args, look),
    }
}

/// `solve -q check …` as `solve check -q …`: behind an argument clap looks for no command.
fn command_first(mut arguments: Vec<OsString>, is_command: impl Fn(&OsString) -> bool) -> Vec<OsString> {
    let mut at = 1;
    while let Some(word) = arguments.get(at).and_then(|word| word.to_str()) {
        at += match word {
            "-q" | "--quiet" => 1,
            "--color" => 2,
            _ if word.starts_with("--color=") => 1,
            _ => break,
        };
    }
    if at > 1 && arguments.get(at).is_some_and(is_command) {
        let command = arguments.remove(at);
        arguments.insert(1, command);
    }
    arguments
}

/// The choice of colour before the arguments are understood, so that an error about them obeys it too.
fn early_color(arguments: &[OsString]) -> ColorChoice {
    let texts = arguments.iter().map(|argument| argument.to_string_lossy());
    let mut choice = Color::Auto;
    let mut is_value = false;
    for text in texts {
        let value = if is_value { Some(text.as_ref()) } else { text.strip_prefix("--color=") };
        choice = match value {
            Some("always") => Color::Always,
            Some("never") => Color::Never,
            Some(_) | None => choice,
        };
        is_value = text == "--color";
    }
    if stdio::has_color(choice) { ColorChoice::Always } else { ColorChoice::Never }
}
