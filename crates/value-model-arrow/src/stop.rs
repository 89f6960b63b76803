//! Being told to stop: the question that long work asks, and what is left of work that was stopped.

use value_model::Error;

/// What long work asks again and again, from every thread: whether to go on.
pub(crate) type KeepOn<'a> = &'a (dyn Fn() -> bool + Sync);

/// What work gives that nobody stops.
pub(crate) fn finished<T>(done: Option<T>) -> Result<T, Error> {
    done.ok_or_else(|| Error::Invalid { field: "".into(), reason: "scoring was stopped".into() })
}

/// Checks that nobody stopped a scorer halfway through a batch, of which it holds a part.
pub(crate) fn not_spent(spent: bool) -> Result<(), Error> {
    if spent {
        let reason = "were stopped halfway; begin again with a new scorer".into();
        return Err(Error::Conflict { field: "rows".into(), reason });
    }
    Ok(())
}
