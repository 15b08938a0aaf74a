//! The folder of variants as it fills: one after the other in their order, whatever order they are finished in.

use super::{Failed, Kept, Outcome, PATIENCE, Plan, Stop};
use crate::cli::Exit;
use crate::cli::args::{KeyFormat, OverviewFormat};
use crate::cli::check::pool::Made;
use crate::cli::job::{Failure, own_fault};
use crate::cli::manifest::{self, Entry, Manifest};
use crate::cli::output::{self, Growing, Present};
use crate::cli::progress::Progress;
use crate::cli::report::{self, Look};
use crate::diagnostic::Diagnostic;
use crate::render::document::{Document, Format};
use crate::render::json;
use crate::render::sheet::{Overview, OverviewRow};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::PoisonError;

pub struct Folder {
    plan: &'static Plan,
    present: Present,
    progress: Progress,
    next: usize,
    /// What waits for variants before it.
    waiting: BTreeMap<usize, Result<Outcome, Failure>>,
    failed: Failed,
    draws: u32,
    /// How many were drawn, and how many of them written.
    drawn: usize,
    written: usize,
    manifest: Growing,
    overview: Option<Overview>,
    /// The table of who has which form.
    forms: String,
}

impl Folder {
    pub fn begin(plan: &'static Plan) -> Result<Folder, Stop> {
        let present = if plan.args.force { Present::Replace } else { Present::Keep };
        let mut manifest = Growing::begin(&plan.args.output.join(manifest::FILE), present, &[])?;
        manifest.push(&Manifest::head(&plan.args.seed, &plan.args.spec, &plan.source.text, &plan.args.output))?;
        Ok(Folder {
            plan,
            present,
            progress: Progress::of("variants drawn", plan.count()),
            next: 0,
            waiting: BTreeMap::new(),
            failed: Failed::default(),
            draws: 0,
            drawn: 0,
            written: 0,
            manifest,
            overview: plan.args.overview.map(|_| Overview::new(&plan.stem)),
            forms: "form,id,name\n".to_string(),
        })
    }

    pub fn take(&mut self, place: usize, made: Made<usize, Result<Outcome, Failure>>) -> Result<(), Stop> {
        let outcome = match made {
            Made::Done(outcome) => outcome,
            Made::GivenUp(place) => {
                let message = format!("{} takes more than {} seconds", self.plan.word(place), PATIENCE.as_secs());
                let fault = Diagnostic::error("E-variants", message).at(self.plan.pattern.span(), "drawn here");
                return Err(self.plan.fault(Exit::Unusable, vec![fault]).into());
            }
        };
        self.waiting.insert(place, outcome);
        while let Some(outcome) = self.waiting.remove(&self.next) {
            self.put(self.next, outcome?)?;
            self.next += 1;
        }
        Ok(())
    }

    /// The variant in its turn; one that is like a finished one is drawn again.
    fn put(&mut self, place: usize, mut outcome: Outcome) -> Result<(), Stop> {
        loop {
            self.failed.add(outcome.failed);
            let Some(kept) = outcome.kept else {
                let draws = self.draws + crate::limits::VARIANT_DRAWS;
                return Err(self.plan.too_narrow(&self.failed, draws, self.drawn).into());
            };
            if self.plan.is_new(&kept.identity) {
                return self.write(place, kept);
            }
            let alike = Failed { alike: 1, ..Failed::default() };
            self.failed.add(alike);
            outcome = self.plan.look(place, kept.attempt + 1)?;
        }
    }

    /// A variant that is struck is drawn as any other, so that the others stay as they are, and not written.
    fn write(&mut self, place: usize, kept: Kept) -> Result<(), Stop> {
        let (plan, id, word) = (self.plan, self.plan.id(place), self.plan.word(place));
        self.draws += kept.attempt + 1;
        self.drawn += 1;
        self.progress.advance();
        plan.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(kept.identity.iter().copied());
        let file = format!("{word}.spec");
        let key_file = format!("{word}-key.{}", plan.args.keys.map_or("md", ending));
        if plan.is_struck(place) {
            // What an earlier run has left of it.
            for name in [&file, &key_file] {
                let _ = fs::remove_file(plan.args.output.join(name));
            }
            return Ok(());
        }
        let hash = manifest::hash(&kept.drawn.text);
        let values: Map<String, Value> =
            kept.drawn.values.iter().map(|(name, value)| (name.clone(), json::tensor(value))).collect();
        self.list(&id, &kept);
        let entry = Entry {
            id,
            file: file.clone(),
            hash,
            draws: kept.attempt + 1,
            fairness: kept.work,
            values: Value::Object(values),
            answers: kept.answers,
        };
        let comma = if self.written > 0 { ",\n" } else { "\n" };
        self.manifest.push(&format!("{comma}{}", entry.line()?))?;
        self.file(&file, Document { text: kept.drawn.text, pictures: Vec::new() })?;
        if let Some(key) = kept.key {
            self.file(&key_file, key)?;
        }
        self.written += 1;
        Ok(())
    }

    /// Its row in the overview, and in the table of who has which.
    fn list(&mut self, id: &str, kept: &Kept) {
        if let Some(overview) = &mut self.overview {
            let values = kept.drawn.values.iter().map(|(name, value)| (name.clone(), json::plain_value(value)));
            overview.rows.push(OverviewRow {
                id: id.to_string(),
                draws: kept.attempt + 1,
                work: kept.work,
                values: values.collect(),
                answers: kept.shown.clone(),
            });
        }
        if let Some(student) = self.plan.class.get(self.written) {
            let cell = |text: &Option<String>| format!("\"{}\"", text.as_deref().unwrap_or("").replace('"', "\"\""));
            self.forms += &format!("{id},{},{}\n", cell(&student.id), cell(&student.name));
        }
    }

    fn file(&self, name: &str, document: Document) -> Result<(), Stop> {
        let inputs = [self.plan.args.spec.clone()];
        Ok(output::write(&self.plan.args.output.join(name), &document, self.present, &inputs)?)
    }

    /// The tables that the variants take from files, and the manifest.
    pub fn finish(self, look: Look) -> Result<Exit, Stop> {
        let (plan, count, folder) = (self.plan, self.written, self.plan.args.output.clone());
        if u64::from(self.draws) > 1000 * self.drawn as u64 {
            return Err(plan.too_narrow(&self.failed, self.draws, self.drawn).into());
        }
        if count < plan.class.len() {
            let fault = Diagnostic::error("E-variants", format!("{count} variants are too few for the class"));
            return Err(plan.fault(Exit::Usage, vec![fault.help("give a larger --count")]).into());
        }
        for (name, text) in &plan.tables {
            let path: PathBuf = folder.join(name);
            if let Some(folder) = path.parent() {
                output::make_folder(folder)?;
            }
            self.file(name, Document { text: text.clone(), pictures: Vec::new() })?;
        }
        if let (Some(overview), Some(format)) = (&self.overview, plan.args.overview) {
            let (format, name) = match format {
                OverviewFormat::Md => (Format::Markdown, "overview.md"),
                OverviewFormat::Html => (Format::Html, "overview.html"),
            };
            let text = overview.write(format).map_err(|error| {
                let (exit, faults) = own_fault(&error.message);
                plan.fault(exit, faults)
            })?;
            self.file(name, Document { text, pictures: Vec::new() })?;
        }
        if !plan.class.is_empty() {
            self.file("forms.csv", Document { text: self.forms.clone(), pictures: Vec::new() })?;
        }
        let mut manifest = self.manifest;
        manifest.push(&Manifest::end(count, self.draws, &plan.args.without))?;
        manifest.finish()?;
        let rate = 100.0 * self.drawn as f64 / f64::from(self.draws);
        let told = format!("{count} variants to {}: {rate:.3}% of {} draws", folder.display(), self.draws);
        report::tell_written(&told, look);
        Ok(Exit::Done)
    }
}

fn ending(format: KeyFormat) -> &'static str {
    match format {
        KeyFormat::Md => "md",
        KeyFormat::Latex => "tex",
        KeyFormat::Html => "html",
        KeyFormat::Text => "txt",
        KeyFormat::Python => "py",
    }
}
