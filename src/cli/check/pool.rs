//! Work on many threads. Results come as they are made, each with its place in the order; what takes too long is given
//! up together with its thread, and another thread goes on.

use crate::cli::interrupt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

/// Results that wait at each worker.
const WAITING: usize = 4;
/// How often it is seen whether the end is asked for, or something takes too long.
const BREATH: Duration = Duration::from_millis(50);

/// How a pool works.
pub struct Plan {
    pub workers: usize,
    /// Bytes of each thread's stack.
    pub stack: usize,
    /// How long one item may take.
    pub patience: Duration,
}

/// What becomes of an item.
pub enum Made<L, R> {
    Done(R),
    /// It took too long; what it is called.
    GivenUp(L),
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Complete,
    /// The end was asked for before all was done.
    Interrupted,
}

type Items<T> = Box<dyn Iterator<Item = T> + Send>;
type Work<T, R> = Box<dyn FnMut(T) -> R>;

/// What the threads have in common.
struct Shared<T, L, R> {
    /// The items and the place of the next one.
    items: Mutex<(usize, Items<T>)>,
    label: fn(&T) -> L,
    worker: Box<dyn Fn() -> Work<T, R> + Send + Sync>,
}

/// What a thread is at, since when.
struct At<L> {
    place: usize,
    label: L,
    since: Instant,
}

/// A thread as it is watched.
struct Watched<L> {
    at: Mutex<Option<At<L>>>,
    given_up: AtomicBool,
}

/// Of a thread: a result, or that it has no more to do.
enum Message<R> {
    Result(usize, R),
    Ended,
}

/// Gives each item to a worker, and what became of it to `take`, with its place. Ends at once where an interrupt asks
/// for it, or `take` fails: what threads are at then is left to the end of the program.
///
/// # Errors
/// A thread that can't be started; what `take` says.
pub fn run<T: Send + 'static, L: Send + 'static, R: Send + 'static, E: From<io::Error>>(
    plan: &Plan,
    items: impl Iterator<Item = T> + Send + 'static,
    label: fn(&T) -> L,
    worker: impl Fn() -> Work<T, R> + Send + Sync + 'static,
    mut take: impl FnMut(usize, Made<L, R>) -> Result<(), E>,
) -> Result<End, E> {
    let shared = Arc::new(Shared { items: Mutex::new((0, Box::new(items))), label, worker: Box::new(worker) });
    let (sender, results) = sync_channel(plan.workers.max(1) * WAITING);
    let begin = || start(plan.stack, &shared, &sender);
    let mut threads = (0..plan.workers.max(1)).map(|_| begin()).collect::<io::Result<Vec<_>>>()?;
    let mut running = threads.len();
    while running > 0 {
        match results.recv_timeout(BREATH).ok() {
            _ if interrupt::is_requested() => return Ok(End::Interrupted),
            Some(Message::Result(place, result)) => take(place, Made::Done(result))?,
            Some(Message::Ended) => running -= 1,
            None => {}
        }
        for thread in &mut threads {
            let is_late = |at: &mut At<L>| at.since.elapsed() > plan.patience;
            let late = locked(&thread.at).take_if(is_late);
            if let Some(at) = late {
                thread.given_up.store(true, Ordering::SeqCst);
                take(at.place, Made::GivenUp(at.label))?;
                *thread = begin()?;
            }
        }
    }
    Ok(End::Complete)
}

fn start<T: Send + 'static, L: Send + 'static, R: Send + 'static>(
    stack: usize,
    shared: &Arc<Shared<T, L, R>>,
    sender: &SyncSender<Message<R>>,
) -> io::Result<Arc<Watched<L>>> {
    let watched = Arc::new(Watched { at: Mutex::new(None), given_up: AtomicBool::new(false) });
    let (own, shared, sender) = (Arc::clone(&watched), Arc::clone(shared), sender.clone());
    Builder::new().stack_size(stack).spawn(move || {
        work(&shared, &own, &sender);
        // Another one counts in its place.
        if !own.given_up.load(Ordering::SeqCst) {
            let _ = sender.send(Message::Ended);
        }
    })?;
    Ok(watched)
}

/// Works on one item after the other, until there is none, no one takes the results, or it is given up.
fn work<T, L, R>(shared: &Shared<T, L, R>, own: &Watched<L>, sender: &SyncSender<Message<R>>) {
    let mut work = (shared.worker)();
    loop {
        let (place, item) = {
            let mut items = locked(&shared.items);
            let Some(item) = items.1.next() else { return };
            items.0 += 1;
            (items.0 - 1, item)
        };
        *locked(&own.at) = Some(At { place, label: (shared.label)(&item), since: Instant::now() });
        let result = work(item);
        if locked(&own.at).take().is_none() || sender.send(Message::Result(place, result)).is_err() {
            return;
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn plan(workers: usize) -> Plan {
        Plan { workers, stack: 1 << 20, patience: Duration::from_millis(200) }
    }

    fn results(workers: usize, items: Vec<u64>, work: fn(u64) -> u64) -> Vec<(usize, Option<u64>)> {
        let mut found = Vec::new();
        let worker = move || -> Work<u64, u64> { Box::new(work) };
        let end = run::<_, _, _, io::Error>(
            &plan(workers),
            items.into_iter(),
            |n| *n,
            worker,
            |place, made| {
                found.push((
                    place,
                    match made {
                        Made::Done(result) => Some(result),
                        Made::GivenUp(_) => None,
                    },
                ));
                Ok(())
            },
        );
        assert_eq!(end.unwrap(), End::Complete);
        found.sort_unstable();
        found
    }

    #[test]
    fn each_item_has_its_result() {
        let expected: Vec<_> = (0..200).map(|n| (n as usize, Some(n * n))).collect();
        for workers in [1, 2, 5] {
            assert_eq!(results(workers, (0..200).collect(), |n| n * n), expected, "{workers}");
        }
        assert!(results(3, Vec::new(), |n| n).is_empty());
    }

    #[test]
    fn what_takes_too_long_holds_no_one_up() {
        let slow = |n: u64| {
            if n % 4 == 1 {
                thread::sleep(Duration::from_secs(5));
            }
            n
        };
        let began = Instant::now();
        let found = results(2, (0..8).collect(), slow);
        let expected: Vec<_> = (0..8u64).map(|n| (n as usize, (n % 4 != 1).then_some(n))).collect();
        assert_eq!(found, expected);
        assert!(began.elapsed() < Duration::from_secs(4));
    }

    #[test]
    fn who_fails_waits_for_no_one() {
        let worker = || -> Work<u64, u64> { Box::new(|n| n) };
        let failed = run(&plan(3), 0..1_000_000, |n| *n, worker, |_, _| Err(io::Error::other("full")));
        assert!(failed.is_err());
    }
}
