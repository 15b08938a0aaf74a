//! Completions for shells and manual pages, from the definitions of the arguments.

use super::args::Cli;
use super::output::{self, Present};
use super::report::{self, Look};
use super::{Exit, refuse, stdio};
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use std::path::Path;

pub fn completions(shell: Shell) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "solve", &mut text);
    stdio::finish(&String::from_utf8_lossy(&text))
}

/// `solve.1`, and in a folder also `solve-check.1` and the others.
pub fn pages(folder: Option<&Path>, look: Look) -> Exit {
    let mut whole = Cli::command();
    whole.build();
    let Some(folder) = folder else { return stdio::finish(&page(whole)) };
    let names = whole.get_subcommands().map(|command| (format!("solve-{}.1", command.get_name()), command.clone()));
    let pages: Vec<(String, clap::Command)> = names.collect();
    let all = std::iter::once(("solve.1".to_string(), whole)).chain(pages);
    let written = output::make_folder(folder).and_then(|()| {
        all.into_iter().try_for_each(|(name, command)| {
            let path = folder.join(name);
            output::write_bytes(&path, page(command).as_bytes(), Present::Replace, &[])?;
            report::tell_written(&path.display().to_string(), look);
            Ok(())
        })
    });
    match written {
        Ok(()) => Exit::Done,
        Err(error) => {
            let failure = refuse::unwritten(error);
            stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
            failure.exit
        }
    }
}

fn page(command: clap::Command) -> String {
    let mut text = Vec::new();
    // Writing into memory does not fail.
    let _ = Man::new(command).render(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}
