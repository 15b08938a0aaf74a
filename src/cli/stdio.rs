//! The standard streams, through locked handles: a closed pipe and a full disk are results, no panics.

use super::Exit;
use clap::{ColorChoice, ValueEnum};
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Whether what is told has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// Why nothing more can be printed.
#[derive(Debug)]
pub enum Stop {
    /// The reader has gone: `solve … | head -1`.
    Closed,
    Unwritable(io::Error),
}

impl Stop {
    /// Tells what has to be told, and how the run ends.
    pub fn exit(self) -> Exit {
        match self {
            Stop::Closed => Exit::Done,
            Stop::Unwritable(error) => {
                tell(&format!("solve: standard output: {}\n", words(&error)));
                Exit::Usage
            }
        }
    }
}

/// Prints a result.
pub fn print(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Stop::Closed,
        _ => Stop::Unwritable(error),
    })
}

/// Prints a result, and how the run ends with it.
pub fn finish(text: &str) -> Exit {
    print(text).map_or_else(Stop::exit, |()| Exit::Done)
}

/// Prints what is no result. If not even that can be written, there is no one to tell.
pub fn tell(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Prints clap's own message: help and version are results, a wrong usage is not.
pub fn show(message: &clap::Error, color: ColorChoice) -> Exit {
    let rendered = message.render();
    let text = match color {
        ColorChoice::Always => rendered.ansi().to_string(),
        ColorChoice::Auto | ColorChoice::Never => rendered.to_string(),
    };
    if message.use_stderr() {
        tell(&text);
        return Exit::Usage;
    }
    finish(&text)
}

/// Whether a person watches standard error on a terminal that can redraw a line.
pub fn is_watched() -> bool {
    io::stderr().is_terminal() && !is_dumb()
}

/// Whether standard output is a terminal.
pub fn is_shown() -> bool {
    io::stdout().is_terminal()
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Whether messages have colour.
pub fn has_color(choice: Color) -> bool {
    is_colored(choice, io::stderr().is_terminal())
}

/// Whether what is printed has colour.
pub fn prints_color(choice: Color) -> bool {
    is_colored(choice, io::stdout().is_terminal())
}

fn is_colored(choice: Color, is_terminal: bool) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !is_set("NO_COLOR") && !is_dumb(),
    }
}

/// What an error of the operating system means, the same on every machine where we know it.
pub fn words(error: &io::Error) -> String {
    let text = match error.kind() {
        ErrorKind::NotFound => "no such file",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::IsADirectory => "is a folder",
        ErrorKind::NotADirectory => "a part of the path is no folder",
        ErrorKind::AlreadyExists => "exists already",
        ErrorKind::StorageFull => "no space left",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        _ => return error.to_string(),
    };
    text.to_string()
}
