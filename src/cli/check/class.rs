//! A run over all submissions: many are marked at once, and what is finished goes out in their order.

use super::delivery::{Delivery, Undelivered};
use super::in_order::in_order;
use super::marking::{Done, Worker};
use super::submissions::submissions;
use super::{Plan, Ready};
use crate::check::Summary;
use crate::cli::progress::Progress;
use crate::cli::report::{self, Look};
use crate::cli::{Exit, STACK_BYTES, interrupt, run, stdio};
use std::path::PathBuf;
use std::thread;

pub fn mark(plan: &Plan, ready: &Ready, look: Look) -> Exit {
    let inputs: Vec<PathBuf> = plan.args.submissions.iter().chain([&plan.args.spec]).cloned().collect();
    let mut delivery = match Delivery::begin(plan, &ready.sheet, inputs) {
        Ok(delivery) => delivery,
        Err(fault) => return undelivered(fault, look),
    };
    interrupt::end_orderly();
    let left_out = std::iter::once(plan.args.spec.clone()).chain(plan.args.output.clone()).collect();
    let items = submissions(&plan.args.submissions, left_out, &ready.vocabulary);
    let worker = || {
        let mut worker = Worker::new(plan, ready, look);
        move |submission| worker.mark(submission)
    };
    let collect = |results: &mut dyn Iterator<Item = Done>| {
        let mut summary = Summary::new(&ready.sheet);
        let worst = collect(results, &mut delivery, &mut summary)?;
        delivery.finish(&summary)?;
        Ok(worst)
    };
    match in_order(jobs(plan), STACK_BYTES, items, worker, collect) {
        Ok(Ok(worst)) if interrupt::is_requested() => worst.max(Exit::Interrupted),
        Ok(Ok(worst)) => worst,
        Ok(Err(fault)) => undelivered(fault, look),
        Err(error) => {
            stdio::tell(&format!("solve: no thread can be started: {error}\n"));
            Exit::Usage
        }
    }
}

fn collect(
    results: &mut dyn Iterator<Item = Done>,
    delivery: &mut Delivery,
    summary: &mut Summary,
) -> Result<Exit, Undelivered> {
    let mut progress = Progress::new("marked");
    let mut worst = Exit::Done;
    for Done { results, exit, told } in results {
        progress.tell(&told);
        worst = worst.max(exit);
        for one in results {
            summary.add(&one.outcome);
            delivery.take(&one.stem, one.parts)?;
            progress.advance();
        }
    }
    Ok(worst)
}

fn jobs(plan: &Plan) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    plan.args.jobs.map_or_else(cores, usize::from)
}

fn undelivered(fault: Undelivered, look: Look) -> Exit {
    match fault {
        Undelivered::Usage(message) => run::refuse_usage_of("check", &message, look),
        Undelivered::Stopped(stop) => stop.exit(),
        Undelivered::Unwritten(error) => {
            let failure = run::unwritten(error);
            stdio::tell(&report::text(&failure.source, &failure.diagnostics, look));
            failure.exit
        }
        Undelivered::Unmade(error) => {
            stdio::tell(&format!("solve: a fault of solve itself: {}\n", report::printable(&error.message)));
            Exit::Unusable
        }
    }
}
