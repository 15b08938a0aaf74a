//! The LaTeX of every problem compiles where there is a TeX. `.ci/run` installs one.

use crate::common;

use solve::answer::Solution;
use solve::render::document::{Edition, Format, Layout};
use solve::render::render;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// What a line may stand out by, in points.
const OVERFULL: f64 = 2.0;
/// The smaller problems are compiled so many in one document: TeX takes longer to start than to set one.
const TOGETHER: usize = 16;

/// The packages that the fragment's own heading names, for a document that reads fragments.
const PREAMBLE: &str = r"\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[margin=21mm]{geometry}
\usepackage{amsmath,amssymb,bm,booktabs,array,xcolor,tikz,pgfplots}
\pgfplotsset{compat=1.16}
\usetikzlibrary{arrows.meta,positioning,calc}
";

struct Job {
    name: String,
    text: String,
    /// Whether a line that stands out is a fault.
    strict: bool,
}

#[test]
fn the_latex_of_every_problem_compiles() {
    if Command::new("pdflatex").arg("--version").stdout(Stdio::null()).status().is_err() {
        writeln!(std::io::stderr(), "there is no pdflatex: the LaTeX was not compiled").ok();
        return;
    }
    let jobs = jobs();
    let workers = thread::available_parallelism().map_or(2, usize::from).min(jobs.len());
    let faults: Vec<String> = thread::scope(|scope| {
        let jobs = &jobs;
        let started: Vec<_> = (0..workers)
            .map(|worker| {
                let own = jobs.iter().skip(worker).step_by(workers);
                scope.spawn(move || own.filter_map(|job| compiled(job).err()).collect::<Vec<_>>())
            })
            .collect();
        started.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{} of {} documents:\n{}", faults.len(), jobs.len(), faults.join("\n"));
}

fn jobs() -> Vec<Job> {
    let (top, others): (Vec<_>, Vec<_>) =
        common::problems().into_iter().partition(|path| path.parent() == Some(Path::new("problems")));
    let mut jobs = Vec::new();
    for path in &top {
        let solution = common::solve_file(path);
        for edition in [Edition::Student, Edition::Instructor] {
            let name = format!("{} {edition:?}", common::stem(path));
            jobs.push(Job { name, text: latex(&solution, edition, false), strict: true });
        }
    }
    for some in others.chunks(TOGETHER) {
        let mut text = format!("{PREAMBLE}\\begin{{document}}\n");
        for path in some {
            let stem = common::stem(path);
            // The log says which problem was being set when it stopped.
            text += &format!(
                "\\typeout{{problem {stem}}}\n{}\\clearpage\n",
                latex(&common::solve_file(path), Edition::Student, true)
            );
        }
        text += "\\end{document}\n";
        let names: Vec<String> = some.iter().map(|path| common::stem(path)).collect();
        jobs.push(Job { name: names.join(", "), text, strict: false });
    }
    jobs
}

fn latex(solution: &Solution, edition: Edition, fragment: bool) -> String {
    let layout = Layout { format: Format::Latex, edition, fragment, picture_stem: None, template: None };
    render(solution, &layout).unwrap().text
}

/// Runs TeX in a folder of its own, without a shell and without files from elsewhere.
fn compiled(job: &Job) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key.tex"), &job.text).unwrap();
    let output = Command::new("pdflatex")
        .args(["-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "key.tex"])
        .current_dir(folder.path())
        .env("openin_any", "p")
        .env("max_print_line", "1000")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let last = log.lines().rfind(|line| line.starts_with("problem ")).unwrap_or("");
        let error: Vec<&str> = log.lines().skip_while(|line| !line.starts_with('!')).take(8).collect();
        return Err(format!("{}: does not compile\n{last}\n{}", job.name, error.join("\n")));
    }
    let wide: Vec<&str> = log.lines().filter(|line| excess(line).is_some_and(|points| points > OVERFULL)).collect();
    if job.strict && !wide.is_empty() {
        return Err(format!("{}: stands out\n{}", job.name, wide.join("\n")));
    }
    Ok(())
}

/// `Overfull \hbox (12.3pt too wide) in paragraph …`
fn excess(line: &str) -> Option<f64> {
    let rest = line.strip_prefix("Overfull \\hbox (").or_else(|| line.strip_prefix("Overfull \\vbox ("))?;
    rest.split_once("pt too")?.0.parse().ok()
}
