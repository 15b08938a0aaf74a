//! What can be said on the command line.

use super::format::{FormatName, Only};
use super::marks_format::MarksFormat;
use super::stdio::Color;
use crate::answer::ExplainedEntry;
use crate::limits::VARIANTS;
use crate::model::Steps;
use crate::render::document::Edition;
use crate::render::sheet::Sheet;
use crate::syntax::names;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  solve q3.spec                         the worked answer: text on a terminal, Markdown elsewhere
  solve q3.spec -o q3.pdf               a PDF; .tex, .html, .txt and .json likewise
  solve q3.spec --sheet exam -o e.pdf   the exam sheet, with room to answer
  solve *.spec -o keys/ --format html   one document for each problem
  cat q3.spec | solve - --format json   for programs
  solve q3.spec --explain 'J[1,2]'      one more entry written out
  solve q1.spec --only graph -o q1.svg  the computation graph alone
  solve check q1.spec class/ -o marks.csv   the marks of a class
  solve check q1.spec                   practise: answers are asked for one at a time
  solve vary q.spec --count 200 --seed 2026w -o v/   a variant for each student
  solve watch q3.spec -o q3.md          again at each save
  solve operators conv2d                what an operator means here

Exit codes: 0 done, 1 a problem can't be used or its key fails a check, 2 usage or files,
130 interrupted. A file with the name of a command is given as ./NAME.";

/// Answers machine-learning exam problems, step by step.
#[derive(Debug, Parser)]
#[command(
    name = "solve",
    version,
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub answer: AnswerArgs,
    /// Colour in messages; `auto` obeys NO_COLOR, TERM=dumb and whether anyone is watching
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub color: Color,
    /// Tell only what is wrong: no notes, no word of what was written
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Mark students' answers to a problem; without any, practise it
    Check(CheckArgs),
    /// Write an exam: the paper, its key and its marking sheet, in versions, and a sheet for each student
    Exam(ExamArgs),
    /// Write what a course system takes: Gradescope, Moodle, PrairieLearn, QTI 2.1, Canvas
    Export(ExportArgs),
    /// Draw variants of a problem with `random` numbers: plain problems, and a manifest of them
    Vary(VaryArgs),
    /// Answer a problem again at each save; the last good answer stays
    Watch(WatchArgs),
    /// Print a problem to begin with: regression, logistic, mlp, cnn, attention or rnn; or a draft from a question's text
    New {
        /// A kind, or a file .tex or .md with the question
        kind: String,
    },
    /// Lay problems out, in their files
    Fmt(FmtArgs),
    /// List the operators of the language, or tell all about some
    Operators(OperatorsArgs),
    /// List the kinds of tasks: how each is written, and how it is answered
    Tasks,
    /// Find problems by topic and words
    Problems(ProblemsArgs),
    /// Print a shell's completions
    Completions { shell: clap_complete::Shell },
    /// Print the manual page, or write those of all commands into a folder
    Man {
        #[arg(short, long, value_name = "FOLDER")]
        output: Option<PathBuf>,
    },
    /// Show the data that templates get, or the built-in templates
    Templates(TemplatesArgs),
}

#[derive(Args, Debug)]
pub struct AnswerArgs {
    /// Problems to answer; `-` is standard input
    #[arg(required = true, value_name = "SPEC")]
    pub specs: Vec<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub layout: LayoutArgs,
}

#[derive(Args, Clone, Debug)]
#[command(after_help = CHECK_HELP)]
pub struct CheckArgs {
    /// The problem; with --variants a submission
    #[arg(value_name = "SPEC")]
    pub spec: PathBuf,
    /// Answers: files, folders, patterns such as '*.tex', a CSV with a row a student; `-` is standard input. Without
    /// any, they are asked for one at a time
    #[arg(value_name = "SUBMISSION")]
    pub submissions: Vec<PathBuf>,
    /// Write here instead of to standard output; a FOLDER/ gets a report for each student, a summary and marks.csv
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    /// Go on with a run of the same command that was interrupted or killed
    #[arg(long)]
    pub resume: bool,
    /// Which part of each submission answers the problem, as it is called there: 2, 2b. Without it the part is found by
    /// the names that it speaks of
    #[arg(long, value_name = "PART")]
    pub problem: Option<String>,
    /// Who is in the class: a CSV with id, name and e-mail. Names are taken from it, and who handed in nothing is listed
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// Mark each student's own variant, of this manifest.json; SPEC is left out. It is found by the number on the sheet
    /// and by a column `form` of --roster; where two disagree nothing is marked
    #[arg(long, value_name = "MANIFEST")]
    pub variants: Option<PathBuf>,
    /// Who handed in: Gradescope's submission_metadata.json
    #[arg(long, value_name = "FILE")]
    pub metadata: Option<PathBuf>,
    /// Points that a person decided: a CSV with student, question, points and remark
    #[arg(long, value_name = "FILE")]
    pub by_hand: Option<PathBuf>,
    /// text, md, html, json, csv or gradescope. Without it the ending of --output decides, and else it is text
    /// (md in a folder)
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<MarksFormat>,
    /// Add hints that do not give the answers away
    #[arg(long)]
    pub hints: bool,
    /// Add the right answers
    #[arg(long)]
    pub solutions: bool,
    /// Add the evidence: data at which an answer and the right one differ, and both numbers. It shows the key
    #[arg(long)]
    pub explain: bool,
    /// Add the summary of the class
    #[arg(long)]
    pub summary: bool,
    /// When Gradescope shows the results; without it, as the assignment says
    #[arg(long, value_name = "WHEN")]
    pub visibility: Option<Visibility>,
    /// End with 1 if anyone has less than full marks
    #[arg(long)]
    pub strict: bool,
    /// Threads; without it, one for each core. The output is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Read tables of the problem that lie outside of its folder
    #[arg(long)]
    pub allow_outside: bool,
}

const CHECK_HELP: &str = "\
Examples:
  solve check q1.spec ada.ans                  a report on the terminal
  solve check q1.spec ada.tex --hints          with hints
  solve check q1.spec class/ -o marks.csv      a row a student
  solve check q1.spec class/ -o reports/ --format html   a report for each student
  solve check q1.spec class/ -o marks.csv --resume       go on with a run that was interrupted
  solve check q1.spec class/ -o marks.csv --roster ids.csv   names of the class, and who is missing
  solve check --variants v/manifest.json class/ -o marks.csv   each student's own numbers
  solve check q1.spec class.csv --summary      a table with a row a student: student, dW1, dW2, …
  solve check q1.spec hw.ipynb --format gradescope -o results.json
  solve check q1.spec                          practise

An answer is called as the task asks for it: `dW2 = Z^T (Y - X)`, `L at a = 8 = 402.57`, `shape of J = 2 x 4`, plain or
in LaTeX. Read are .ans, .txt, .tex, .md, .ipynb, .json and .csv or .tsv (a row a student). Any form of equal value is
right; a number is right to the third decimal place or significant digit, a whole one exactly, if the problem does not
say otherwise.

A wrong answer is a result: the exit code is 0 (1 under --strict). It is 1 if a submission can't
be used, 2 if a file can't be read; all others are marked all the same.";

#[derive(Args, Debug)]
#[command(after_help = EXAM_HELP)]
pub struct ExamArgs {
    /// The exam file
    #[arg(value_name = "EXAM")]
    pub exam: PathBuf,
    /// The folder that gets the paper, the key, the marking sheet, and the students' sheets
    #[arg(short, long, value_name = "FOLDER")]
    pub output: PathBuf,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    /// What makes the PDFs; without it the first that is installed
    #[arg(long, value_name = "NAME")]
    pub pdf_with: Option<String>,
    /// Read problems and tables that lie outside of the exam's folder
    #[arg(long)]
    pub allow_outside: bool,
}

const EXAM_HELP: &str = "\
An exam file:
  exam \"ML-F26\" \"Machine Learning\" \"final examination\"
  date 2026-12-14, minutes 90, paper a4, space 6cm
  note \"Allowed: one handwritten sheet.\"
  use \"q1.spec\" as 1 [30 points]
  use \"q3.spec\" as 2 [6 points] space 3cm
  versions 2              # A and B: the questions in another order
  class \"class.csv\"       # id, name: a sheet for each student

`space` is the room for the working of each task; without it the points decide.";

#[derive(Args, Debug)]
#[command(after_help = EXPORT_HELP)]
pub struct ExportArgs {
    /// Which system: gradescope, moodle, prairielearn, qti or canvas
    #[arg(value_name = "SYSTEM", hide_possible_values = true)]
    pub system: System,
    /// The problems
    #[arg(required_unless_present = "variants", value_name = "SPEC")]
    pub specs: Vec<PathBuf>,
    /// Gradescope: mark each student's own variant, of this manifest.json
    #[arg(long, value_name = "MANIFEST", conflicts_with = "specs")]
    pub variants: Option<PathBuf>,
    /// Gradescope: who is in the class, and with --variants who has which (forms.csv)
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// The file to upload; a FOLDER/ gets the files of a package one by one
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    /// Gradescope: tell students hints that do not give the answers away
    #[arg(long)]
    pub hints: bool,
    /// Read tables of the problems that lie outside of their folders
    #[arg(long)]
    pub allow_outside: bool,
}

/// A course system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum System {
    Gradescope,
    Moodle,
    Prairielearn,
    Qti,
    Canvas,
}

const EXPORT_HELP: &str = "\
Examples:
  solve export gradescope q1.spec -o q1.zip    an autograder: this program and the problem
  solve export gradescope --variants v/manifest.json --roster v/forms.csv -o q3.zip
  solve export moodle q1.spec q3.spec -o quiz.xml   questions for the question bank
  solve export moodle v/*.spec -o quiz.xml     variants: a category to draw questions from
  solve export prairielearn v/*.spec -o course/     a question that picks one of the variants
  solve export qti q1.spec q3.spec -o items.zip     QTI 2.1; canvas likewise, in Canvas's dialect";

#[derive(Args, Clone, Debug)]
#[command(after_help = VARY_HELP)]
pub struct VaryArgs {
    /// The problem
    #[arg(value_name = "SPEC")]
    pub spec: PathBuf,
    /// How many variants; without it, one for each student of --class
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(VARIANTS)))]
    #[arg(required_unless_present = "class")]
    pub count: Option<u32>,
    /// Who gets a variant, in this order: a CSV with id and name. forms.csv in the folder says who has which
    #[arg(long, value_name = "FILE")]
    pub class: Option<PathBuf>,
    /// Variants that are struck, by their numbers; the others stay as they are
    #[arg(long, value_name = "N,N…", value_delimiter = ',')]
    pub without: Vec<u32>,
    /// Write a table of all variants with their answers: md or html
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "md")]
    pub overview: Option<OverviewFormat>,
    /// What the numbers are drawn by: any word; the same one gives the same variants, everywhere
    #[arg(long, value_name = "WORD")]
    pub seed: String,
    /// The folder that gets the variants and manifest.json
    #[arg(short, long, value_name = "FOLDER")]
    pub output: PathBuf,
    /// Write a key beside each variant: md, latex, html or text
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "md")]
    pub keys: Option<KeyFormat>,
    /// Write into a folder that has files already
    #[arg(long)]
    pub force: bool,
    /// Threads; without it, one for each core. The output is the same for any number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Read tables of the problem that lie outside of its folder
    #[arg(long)]
    pub allow_outside: bool,
}

const VARY_HELP: &str = "\
In a problem:
  given
    input I = random 4 x 6 from 0 to 9           # whole numbers
    param a = random from {-2, -1, 1, 2}
    input X = random 3 x 2 from 0 to 1 step 0.1 distinct
    target T = random 4 x 3 one-hot
    const P = random 4 x 4 permutation
    const A = random 3 x 3 from -3 to 3 invertible   # or: rank 2
  variants
    require max(abs(J)) <= 20, integer(K)        # of values of the model, and of answers; exact
    require distinct(I), dW[1, 2] != 0           # or: no ties in K, answers terminate, kinks = 0
    differ in J                                  # no two variants have the same
    alike in relu(Z), kinks                      # as many zeros, numbers as long: a fair exam

solve vary q3.spec --count 200 --seed 2026w -o v/ writes v/q3-001.spec and so on: plain problems with
numbers put in, with which all other commands work.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyFormat {
    Md,
    Latex,
    Html,
    Text,
    Python,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OverviewFormat {
    Md,
    Html,
}

#[derive(Args, Debug)]
pub struct FmtArgs {
    /// The problems; `-` reads one and prints it
    #[arg(value_name = "SPEC", required = true)]
    pub files: Vec<PathBuf>,
    /// Change nothing, and fail where a file is not laid out
    #[arg(long)]
    pub check: bool,
}

#[derive(Args, Debug)]
pub struct WatchArgs {
    /// The problem to answer
    #[arg(value_name = "SPEC")]
    pub spec: PathBuf,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub layout: LayoutArgs,
}

#[derive(Args, Debug)]
pub struct OutputArgs {
    /// Write here instead of to standard output; a FOLDER/ gets one document for each problem
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub struct LayoutArgs {
    /// md, latex, text, json, html, pdf, python (the key as a program that checks itself) or ipynb (a notebook); svg, tikz, mermaid or dot for the graph alone. Without it the ending of
    /// --output decides, and else it is md
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<FormatName>,
    /// What is written: the exam sheet with room to answer, the key, the marking sheet, or hints
    #[arg(long, value_name = "SHEET", default_value = "key")]
    pub sheet: SheetName,
    /// What makes a PDF: pdflatex, lualatex, xelatex, tectonic, chromium, google-chrome or microsoft-edge. Without it
    /// the first that is installed
    #[arg(long, value_name = "NAME")]
    pub pdf_with: Option<String>,
    /// In a program, PyTorch's autograd as another check
    #[arg(long)]
    pub torch: bool,
    /// Print one part alone: the computation graph as svg, tikz, mermaid, dot or md
    #[arg(long, value_name = "PART")]
    pub only: Option<Only>,
    /// LaTeX without preamble, to be read by \input
    #[arg(long)]
    pub fragment: bool,
    /// Who reads it; the instructor's has the marking table
    #[arg(long, value_name = "EDITION", default_value = "student")]
    pub edition: EditionName,
    /// How many steps a derivation shows; without it, what the problem says
    #[arg(long, value_name = "STEPS")]
    pub steps: Option<StepsName>,
    /// Significant digits of rounded values; without it, what the problem says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=17))]
    pub digits: Option<u8>,
    /// Write out one more entry, such as 'J[1,2]'; can be repeated
    #[arg(long, value_name = "ENTRY", value_parser = entry)]
    pub explain: Vec<ExplainedEntry>,
    /// Read tables (`data … from`) also from outside of the problem's own folder
    #[arg(long)]
    pub allow_outside: bool,
    /// Lay the answer out by this template (see `solve templates`)
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct OperatorsArgs {
    /// Operators to tell all about; without any, all are listed
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

#[derive(Args, Debug)]
pub struct ProblemsArgs {
    /// Words that a problem has to hold, in its title, its wording, its model or its tasks
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// The folder with the problems
    #[arg(long = "in", value_name = "FOLDER", default_value = "problems")]
    pub folder: PathBuf,
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

#[derive(Args, Debug)]
pub struct TemplatesArgs {
    /// The problem whose data are shown; without it, a small sample
    #[arg(value_name = "SPEC")]
    pub spec: Option<PathBuf>,
    /// List the built-in templates
    #[arg(long, conflicts_with_all = ["spec", "show"])]
    pub list: bool,
    /// Print a built-in template
    #[arg(long, value_name = "FORMAT", conflicts_with = "spec", hide_possible_values = true)]
    pub show: Option<FormatName>,
    #[command(flatten)]
    pub layout: LayoutArgs,
}

/// Gradescope's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Visibility {
    Hidden,
    AfterDueDate,
    AfterPublished,
    Visible,
}

impl Visibility {
    pub fn name(self) -> &'static str {
        match self {
            Visibility::Hidden => "hidden",
            Visibility::AfterDueDate => "after_due_date",
            Visibility::AfterPublished => "after_published",
            Visibility::Visible => "visible",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Text,
    Md,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EditionName {
    Student,
    Instructor,
}

impl EditionName {
    pub fn edition(self) -> Edition {
        match self {
            EditionName::Student => Edition::Student,
            EditionName::Instructor => Edition::Instructor,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SheetName {
    Exam,
    Key,
    Marking,
    Hints,
}

impl SheetName {
    pub fn sheet(self) -> Sheet {
        match self {
            SheetName::Exam => Sheet::Exam,
            SheetName::Key => Sheet::Key,
            SheetName::Marking => Sheet::Marking,
            SheetName::Hints => Sheet::Hints,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StepsName {
    Short,
    Full,
}

impl StepsName {
    pub fn steps(self) -> Steps {
        match self {
            StepsName::Short => Steps::Short,
            StepsName::Full => Steps::Full,
        }
    }
}

/// Reads `J[1,2]`.
fn entry(text: &str) -> Result<ExplainedEntry, String> {
    let expected = || "expected a name and an index from 1, such as J[1,2]".to_string();
    let (name, index) = text.strip_suffix(']').and_then(|text| text.split_once('[')).ok_or_else(expected)?;
    let place = |text: &str| text.trim().parse::<usize>().ok().filter(|place| *place > 0);
    let index: Vec<usize> = index.split(',').map(place).collect::<Option<_>>().ok_or_else(expected)?;
    let name = names::key(name.trim());
    if name.is_empty() { Err(expected()) } else { Ok(ExplainedEntry { name, index }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn entries_are_a_name_and_an_index_from_one() {
        assert_eq!(entry("J[1,2]"), Ok(ExplainedEntry { name: "J".into(), index: vec![1, 2] }));
        assert_eq!(entry("W_1[ 3 ]"), Ok(ExplainedEntry { name: "W1".into(), index: vec![3] }));
        for broken in ["J", "J[]", "J[0]", "J[1", "[1]", "J[1,]", "J[-1]", "J[a]", "J[99999999999999999999]"] {
            assert!(entry(broken).is_err(), "{broken}");
        }
    }
}
