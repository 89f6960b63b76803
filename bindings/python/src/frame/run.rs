//! Long work: on threads of our own, without the interpreter, until it is done or somebody presses Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use value_model::Error;

use crate::convert::raise;

/// How often Python is asked whether somebody wants to stop.
const TICK: Duration = Duration::from_millis(20);

/// Rows below which work is done before anybody could press a key.
pub(super) const SMALL: usize = 32 * 1024;

/// The stack of a thread: a build without optimisation needs megabytes for a block. What is not used costs nothing.
const STACK: usize = 32 * 1024 * 1024;

/// Whether to stop.
#[derive(Default)]
pub(super) struct Stop(AtomicBool);

impl Stop {
    pub(super) fn wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs work on as many threads as there are cores; the calling thread listens to signals.
///
/// Work that finds [`Stop::wanted`] ends as soon as it can, with whatever it likes: the signal's exception is raised.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method itself is not general enough")]
pub(super) fn run<T: Send>(
    py: Python<'_>,
    rows: usize,
    work: impl FnOnce(&Stop) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let stop = Stop::default();
    if rows <= SMALL {
        return py.detach(|| installed(|| work(&stop))).map_err(raise);
    }
    let pool = pool().map_err(raise)?;
    let (done_to, done) = sync_channel(1);
    let (result, signal) = py.detach(move || {
        std::thread::scope(|scope| {
            let (stop, pool) = (&stop, &pool);
            let worker = scope.spawn(move || {
                let result = pool.install(|| work(stop));
                // Nobody waits any more when the signal came first.
                let _ = done_to.send(());
                result
            });
            let mut signal = None;
            while let Err(RecvTimeoutError::Timeout) = done.recv_timeout(TICK) {
                if let Err(error) = Python::attach(|py| py.check_signals()) {
                    stop.0.store(true, Ordering::Relaxed);
                    signal = Some(error);
                    break;
                }
            }
            (worker.join(), signal)
        })
    });
    match (signal, result) {
        (Some(signal), _) => Err(signal),
        (None, Ok(result)) => result.map_err(raise),
        (None, Err(panic)) => std::panic::resume_unwind(panic),
    }
}

/// What stopped work ends with; nobody sees it, because the signal's exception is raised.
pub(super) fn stopped() -> Error {
    Error::Invalid { field: "".into(), reason: "scoring was stopped".into() }
}

/// Runs work on threads of our own and waits: the caller's thread may have next to no stack.
pub(super) fn installed<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    pool()?.install(work)
}

/// Threads of this process: after a fork there are none but the one that forked, so they belong to a process id.
fn pool() -> Result<Arc<ThreadPool>, Error> {
    static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);
    let process = std::process::id();
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((owner, pool)) = pool.as_ref()
        && *owner == process
    {
        return Ok(Arc::clone(pool));
    }
    let name = |index| format!("value-model-{index}");
    let made = ThreadPoolBuilder::new().thread_name(name).stack_size(STACK).build().map_err(|error| {
        Error::Invalid { field: "".into(), reason: format!("no threads can be started: {error}") }
    })?;
    let made = Arc::new(made);
    if let Some((_, old)) = pool.replace((process, Arc::clone(&made))) {
        // Its threads ended with the process that started them: waiting for them would take for ever.
        std::mem::forget(old);
    }
    Ok(made)
}
