//! Work on many threads whose results come in the order of the items. Only a bounded number of both is held.

use crate::cli::interrupt;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, Builder};
use std::time::Duration;

/// Items and results that wait at each worker.
const WAITING: usize = 16;
/// How often it is seen whether the end is asked for.
const BREATH: Duration = Duration::from_millis(50);

/// Gives item `n` to worker `n mod workers`, and its result to `collect` after that of item `n - 1`. The results end
/// early where an interrupt asks for it.
///
/// # Errors
/// A thread that can't be started.
pub fn in_order<T: Send, R: Send, W: FnMut(T) -> R, O>(
    workers: usize,
    stack: usize,
    items: impl Iterator<Item = T> + Send,
    worker: impl Fn() -> W + Sync,
    collect: impl FnOnce(&mut dyn Iterator<Item = R>) -> O,
) -> io::Result<O> {
    thread::scope(|scope| {
        let mut inputs: Vec<SyncSender<T>> = Vec::new();
        let mut outputs: Vec<Receiver<R>> = Vec::new();
        for _ in 0..workers.max(1) {
            let (input, own_input) = sync_channel(WAITING);
            let (own_output, output) = sync_channel(WAITING);
            let worker = &worker;
            Builder::new().stack_size(stack).spawn_scoped(scope, move || {
                let mut work = worker();
                // It ends when there are no more items, or no one takes the results.
                let _ = own_input.iter().try_for_each(|item| own_output.send(work(item)));
            })?;
            inputs.push(input);
            outputs.push(output);
        }
        Builder::new().spawn_scoped(scope, move || {
            let _ = items.zip(inputs.iter().cycle()).try_for_each(|(item, input)| input.send(item));
        })?;
        let mut place = 0;
        let mut next = || {
            let result = received(&outputs[place % outputs.len()]);
            place += 1;
            result
        };
        let collected = collect(&mut std::iter::from_fn(&mut next).fuse());
        drop(outputs);
        Ok(collected)
    })
}

fn received<R>(output: &Receiver<R>) -> Option<R> {
    loop {
        if interrupt::is_requested() {
            return None;
        }
        match output.recv_timeout(BREATH) {
            Ok(result) => return Some(result),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const STACK: usize = 1 << 20;

    fn squares(workers: usize, count: u64) -> Vec<u64> {
        let slow = |n: u64| {
            if n.is_multiple_of(7) {
                thread::sleep(Duration::from_millis(2));
            }
            n * n
        };
        in_order(workers, STACK, 0..count, || slow, |results| results.collect()).unwrap()
    }

    #[test]
    fn results_come_in_order() {
        let expected: Vec<u64> = (0..200).map(|n| n * n).collect();
        for workers in [1, 2, 5, 16] {
            assert_eq!(squares(workers, 200), expected, "{workers}");
        }
        assert!(squares(4, 0).is_empty());
    }

    #[test]
    fn who_stops_early_waits_for_no_one() {
        let made = AtomicUsize::new(0);
        let items = (0..1_000_000).inspect(|_| {
            made.fetch_add(1, Ordering::SeqCst);
        });
        let first: Vec<i32> = in_order(3, STACK, items, || |n| n, |results| results.take(5).collect()).unwrap();
        assert_eq!(first, [0, 1, 2, 3, 4]);
        // No more than what may wait.
        assert!(made.load(Ordering::SeqCst) <= 5 + 3 * (2 * WAITING + 2));
    }
}
