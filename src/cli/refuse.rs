//! What is told of arguments and files that can't be used.

use super::Exit;
use super::args::Cli;
use super::job::Failure;
use super::output::WriteError;
use super::report::{self, Look};
use super::stdio;
use crate::diagnostic::Diagnostic;
use crate::span::Source;
use clap::error::ErrorKind;
use clap::{ColorChoice, Command, CommandFactory};

/// Tells that the arguments make no sense together.
pub fn refuse_usage(message: &str, look: Look) -> Exit {
    refuse(&mut Cli::command(), message, look)
}

/// The same of a command's arguments.
pub fn refuse_usage_of(command: &str, message: &str, look: Look) -> Exit {
    let mut cli = Cli::command();
    cli.build();
    match cli.find_subcommand_mut(command) {
        Some(command) => refuse(command, message, look),
        None => refuse_usage(message, look),
    }
}

fn refuse(command: &mut Command, message: &str, look: Look) -> Exit {
    let error = command.error(ErrorKind::ValueValidation, report::printable(message));
    stdio::show(&error, if look.color { ColorChoice::Always } else { ColorChoice::Never })
}

/// A file that can't be written.
pub fn unwritten(error: WriteError) -> Failure {
    let source = Source { name: error.path.display().to_string(), text: String::new() };
    let diagnostic = Diagnostic::error("E-output", format!("`{}` {}", error.path.display(), error.message));
    let diagnostics = vec![error.help.map_or(diagnostic.clone(), |help| diagnostic.help(help))];
    Failure { exit: Exit::Usage, source, diagnostics }
}
