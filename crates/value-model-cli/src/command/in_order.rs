//! Work shared out to a few threads, whose results come back in the order of the work.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope};

use crate::message::Failure;

/// What waits at each worker, and the most workers: this and nothing else decides what is in memory at a time.
const WAITING: usize = 1;
const WORKERS: usize = 16;

/// The stack of a worker: a build without optimisation needs megabytes for a block of columns. What is not used costs nothing.
const STACK: usize = 32 * 1024 * 1024;

/// As many workers as there are cores.
pub(super) fn workers() -> usize {
    thread::available_parallelism().map_or(1, |count| count.get().min(WORKERS))
}

/// Starts a worker.
///
/// # Errors
/// When the system gives no more threads.
pub(super) fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() + Send + 'scope,
) -> Result<(), Failure> {
    let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
    started.map(|_| ()).map_err(|error| Failure::io(&error, "start", "a thread"))
}

/// Gives every piece of work to one of so many threads, and what it becomes to `take` on this one, in order.
///
/// The first failure ends it: of the work itself, of `make`, or of `take`.
///
/// # Errors
/// That failure.
pub(super) fn in_order<W: Send, D: Send>(
    workers: usize,
    work: impl Iterator<Item = Result<W, Failure>> + Send,
    make: &(dyn Fn(W) -> Result<D, Failure> + Sync),
    take: &mut dyn FnMut(D) -> Result<(), Failure>,
) -> Result<(), Failure> {
    thread::scope(|scope| {
        let (mut to, mut from) = (Vec::new(), Vec::new());
        for _ in 0..workers.max(1) {
            let (work_to, work) = sync_channel(WAITING);
            let (done_to, done) = sync_channel(WAITING);
            start(scope, move || serve(&work, &done_to, make))?;
            to.push(work_to);
            from.push(done);
        }
        start(scope, move || share_out(work, &to))?;
        collect(from, take)
    })
}

/// Gives work to one worker after the other, until there is no more or nobody wants it.
fn share_out<W>(work: impl Iterator<Item = Result<W, Failure>>, to: &[SyncSender<Result<W, Failure>>]) {
    for (work, worker) in work.zip(to.iter().cycle()) {
        let failed = work.is_err();
        if worker.send(work).is_err() || failed {
            return;
        }
    }
}

/// Does work until there is no more, or nobody wants what became of it.
fn serve<W, D>(
    work: &Receiver<Result<W, Failure>>,
    done: &SyncSender<Result<D, Failure>>,
    make: &(dyn Fn(W) -> Result<D, Failure> + Sync),
) {
    for work in work {
        if done.send(work.and_then(make)).is_err() {
            return;
        }
    }
}

/// Takes results from one worker after the other, as work was given.
#[expect(clippy::needless_pass_by_value, reason = "workers stop once nobody waits for what they do")]
fn collect<D>(
    from: Vec<Receiver<Result<D, Failure>>>,
    take: &mut dyn FnMut(D) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for done in from.iter().cycle() {
        let Ok(done) = done.recv() else { break };
        take(done?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use crate::message::Failure;

    fn squares(workers: usize, count: u64, wrong: Option<u64>) -> (Vec<u64>, Result<(), Failure>) {
        let mut taken = Vec::new();
        let work = (0..count).map(|n| if Some(n) == wrong { Err(Failure::new("io", "n")) } else { Ok(n) });
        let done = in_order(workers, work, &|n| Ok(n * n), &mut |square| {
            taken.push(square);
            Ok(())
        });
        (taken, done)
    }

    #[test]
    fn results_come_in_the_order_of_the_work_whatever_the_number_of_threads() {
        for workers in [0, 1, 2, 3, 7] {
            for count in [0, 1, 2, 100] {
                let (taken, done) = squares(workers, count, None);
                done.unwrap();
                assert_eq!(taken, (0..count).map(|n| n * n).collect::<Vec<_>>(), "{workers} for {count}");
            }
        }
    }

    #[test]
    fn a_failure_ends_it_after_everything_before_it() {
        for workers in [1, 2, 5] {
            let (taken, done) = squares(workers, 100, Some(41));
            assert_eq!(done.unwrap_err().code, "io");
            assert_eq!(taken.len(), 41);
        }
        let refused = in_order(2, (0..100).map(Ok), &|n: u32| Ok(n), &mut |n| {
            if n < 7 { Ok(()) } else { Err(Failure::new("limit", n.to_string())) }
        });
        assert_eq!(refused.unwrap_err().message, "7");
    }
}
