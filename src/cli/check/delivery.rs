//! Where reports go: one stream for all, or a folder with a file for each.

use super::Plan;
use super::colors::colored;
use super::done::Parts;
use crate::check::{Sheet, Summary};
use crate::cli::marks_format::MarksFormat;
use crate::cli::names::{self, Taken};
use crate::cli::output::{self, Destination, Growing, Present, WriteError};
use crate::cli::stdio::{self, Stop};
use crate::render::document::{Document, Format, RenderError};
use crate::render::marks;
use std::io;
use std::path::{Path, PathBuf};

/// The table in a folder of reports.
pub const TABLE: &str = "marks.csv";
/// The summary in a folder of reports.
const SUMMARY: &str = "summary";

/// Why the reports do not reach their place.
pub enum Undelivered {
    Usage(String),
    Stopped(Stop),
    Unwritten(WriteError),
    /// A fault of ours in a template.
    Unmade(RenderError),
    /// No thread can be started, or the file beside the output can't be written.
    System(io::Error),
}

impl From<io::Error> for Undelivered {
    fn from(error: io::Error) -> Undelivered {
        Undelivered::System(error)
    }
}

impl From<Stop> for Undelivered {
    fn from(stop: Stop) -> Undelivered {
        Undelivered::Stopped(stop)
    }
}

impl From<WriteError> for Undelivered {
    fn from(error: WriteError) -> Undelivered {
        Undelivered::Unwritten(error)
    }
}

impl From<RenderError> for Undelivered {
    fn from(error: RenderError) -> Undelivered {
        Undelivered::Unmade(error)
    }
}

/// The output of one run while it grows.
pub struct Delivery<'a> {
    plan: &'a Plan<'a>,
    sheet: &'a Sheet,
    place: Place,
    present: Present,
    /// A complete output stands where this one will.
    is_over_an_older: bool,
    /// Reports that were taken.
    count: usize,
    /// Gradescope's object goes out when it is known to be the only one.
    held: String,
}

enum Place {
    Stdout,
    File(Growing),
    Folder(Folder),
}

struct Folder {
    path: PathBuf,
    table: Growing,
    taken: Taken,
    inputs: Vec<PathBuf>,
}

impl<'a> Delivery<'a> {
    /// Opens the output, and writes what stands before the first report.
    pub fn begin(
        plan: &'a Plan<'a>,
        sheet: &'a Sheet,
        inputs: Vec<PathBuf>,
        present: Present,
    ) -> Result<Delivery<'a>, Undelivered> {
        let (older, place) = match &plan.destination {
            Destination::Stdout => (None, Place::Stdout),
            Destination::File(path) => (Some(path.clone()), Place::File(Growing::begin(path, present, &inputs)?)),
            Destination::Folder(path) => {
                (Some(path.join(TABLE)), Place::Folder(Folder::begin(path, present, sheet, inputs)?))
            }
        };
        let is_over_an_older = older.is_some_and(|path| path.is_file() && !says_that_it_is_a_part(&path));
        let mut delivery = Delivery { plan, sheet, place, present, is_over_an_older, count: 0, held: String::new() };
        let head = match (plan.format, plan.format.document()) {
            (_, Some(format)) => marks::frame(sheet, format)?.0,
            (MarksFormat::Json, None) => marks::json_begin(sheet)?,
            (MarksFormat::Csv, None) => marks::table_head(sheet)?,
            (_, None) => String::new(),
        };
        delivery.push(&head)?;
        Ok(delivery)
    }

    /// Takes the parts of the next submission; the name of the report's file, where it has one of its own.
    pub fn take(&mut self, stem: &str, parts: Parts) -> Result<Option<String>, Undelivered> {
        self.count += 1;
        if self.plan.format == MarksFormat::Gradescope && self.count > 1 && !matches!(self.place, Place::Folder(_)) {
            let message = "results.json is for one submission: use --output FOLDER/ for several";
            return Err(Undelivered::Usage(message.to_string()));
        }
        if let Place::Folder(folder) = &mut self.place {
            return folder.take(stem, &parts, self.plan, self.present);
        }
        if self.plan.format == MarksFormat::Gradescope {
            self.held = parts.report;
            return Ok(None);
        }
        let before = match (self.plan.format, self.count) {
            (MarksFormat::Json, 2..) => ",",
            (MarksFormat::Text | MarksFormat::Md, _) => "\n",
            (_, _) => "",
        };
        self.push(before)?;
        self.push(&parts.report)?;
        Ok(None)
    }

    /// Whether a complete output stands there: an interrupted run leaves it.
    pub fn is_over_an_older(&self) -> bool {
        self.is_over_an_older
    }

    /// Ends an output that is a part: `last` says so in it.
    pub fn interrupt(mut self, summary: &Summary, last: Parts) -> Result<(), Undelivered> {
        match (&mut self.place, self.plan.format) {
            (Place::Folder(folder), _) => folder.table.push(&last.row)?,
            // The object has a word of its own for it.
            (_, MarksFormat::Json) => {}
            (_, _) => drop(self.take("", last)?),
        }
        self.finish(summary)
    }

    /// Writes what stands after the last report, and gives the files their names.
    pub fn finish(mut self, summary: &Summary) -> Result<(), Undelivered> {
        let asked = Some(summary).filter(|_| self.plan.args.summary);
        match (self.plan.format, self.plan.format.document()) {
            (_, Some(format)) => self.finish_document(format, asked)?,
            (MarksFormat::Json, None) => self.push(&marks::json_end(asked, summary.is_part)?)?,
            (_, None) => {
                let held = std::mem::take(&mut self.held);
                self.push(&held)?;
            }
        }
        let told_apart = self.plan.format.document().is_none() && self.plan.format != MarksFormat::Json;
        let text = match asked.filter(|_| told_apart) {
            Some(summary) => marks::summary(self.sheet, summary, Format::Text, true, None)?.0,
            None => String::new(),
        };
        match self.place {
            Place::Stdout => stdio::tell(&text),
            Place::File(file) => {
                file.finish()?;
                stdio::print(&text)?;
            }
            Place::Folder(folder) => folder.finish(self.sheet, summary, self.plan, self.present)?,
        }
        Ok(())
    }

    fn finish_document(&mut self, format: Format, summary: Option<&Summary>) -> Result<(), Undelivered> {
        if let Some(summary) = summary {
            let link = self.picture(format);
            let name = link.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
            let (text, picture) = marks::summary(self.sheet, summary, format, false, name.as_deref())?;
            self.push(&format!("\n{text}"))?;
            if let (Some(path), Some(picture)) = (link, picture) {
                let mut file = Growing::begin(&path, self.present, &[])?;
                file.push(&picture.content)?;
                file.finish()?;
            }
        }
        self.push(&marks::frame(self.sheet, format)?.1)
    }

    /// The file of the summary's picture, where a document can link one: beside it.
    fn picture(&self, format: Format) -> Option<PathBuf> {
        let path = self.plan.destination.file().filter(|_| format == Format::Markdown)?;
        Some(path.with_file_name(format!("{}-points.svg", names::stem(path))))
    }

    /// Adds to the one stream; in a folder there is none.
    fn push(&mut self, text: &str) -> Result<(), Undelivered> {
        match &mut self.place {
            Place::Stdout if self.plan.colored => stdio::print(&colored(text))?,
            Place::Stdout => stdio::print(text)?,
            Place::File(file) => file.push(text)?,
            Place::Folder(_) => {}
        }
        Ok(())
    }
}

impl Folder {
    fn begin(path: &Path, present: Present, sheet: &Sheet, inputs: Vec<PathBuf>) -> Result<Folder, Undelivered> {
        output::make_folder(path)?;
        // Only what lies in the folder can be written over.
        let home = path.canonicalize()?;
        let lies_there = |input: &PathBuf| input.canonicalize().is_ok_and(|input| input.parent() == Some(&home));
        let inputs: Vec<PathBuf> = inputs.into_iter().filter(lies_there).collect();
        let mut table = Growing::begin(&path.join(TABLE), present, &inputs)?;
        table.push(&marks::table_head(sheet)?)?;
        let mut taken = Taken::default();
        // No student's report is called like these.
        for own in [SUMMARY, TABLE.trim_end_matches(".csv")] {
            taken.free(own.to_string());
        }
        Ok(Folder { path: path.to_path_buf(), table, taken, inputs })
    }

    fn take(
        &mut self,
        stem: &str,
        parts: &Parts,
        plan: &Plan,
        present: Present,
    ) -> Result<Option<String>, Undelivered> {
        self.table.push(&parts.row)?;
        if plan.format == MarksFormat::Csv {
            return Ok(None);
        }
        let name = self.taken.free(names::plain(stem, "submission"));
        let file = format!("{name}.{}", plan.format.ending());
        let document = Document { text: parts.report.clone(), pictures: Vec::new() };
        output::write(&self.path.join(&file), &document, present, &self.inputs)?;
        Ok(Some(file))
    }

    fn finish(self, sheet: &Sheet, summary: &Summary, plan: &Plan, present: Present) -> Result<(), Undelivered> {
        self.table.finish()?;
        let format = plan.format.document().unwrap_or(Format::Text);
        let ending = plan.format.document().map_or("txt", |_| plan.format.ending());
        let picture = (format == Format::Markdown).then_some("summary-points.svg");
        let (text, picture) = marks::summary(sheet, summary, format, true, picture)?;
        let document = Document { text, pictures: picture.into_iter().collect() };
        let path = self.path.join(format!("{SUMMARY}.{ending}"));
        Ok(output::write(&path, &document, present, &self.inputs)?)
    }
}

/// Whether an output is one that was interrupted.
fn says_that_it_is_a_part(path: &Path) -> bool {
    let text = std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    text.contains("this is a part: the run was interrupted") || text.contains("\n  \"part\": true")
}
