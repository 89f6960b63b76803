//! Files that are either the old one or the whole new one, never half of it.
//!
//! The text goes to `.NAME.value-model-tmp` beside the target, which is flushed, synced and renamed. The name is fixed,
//! so a run that was killed leaves one such file at most, and the next run takes it over.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::message::Failure;

/// Temporary files that an interrupt has to remove.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file being written; it appears under its name only when [`commit`](AtomicFile::commit) is called.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    file: File,
    /// `None` for devices and pipes, which are written directly.
    temp: Option<PathBuf>,
    target: PathBuf,
}

impl AtomicFile {
    /// Starts a file. Devices, pipes and sockets are written directly, for nothing can be renamed over them.
    pub(crate) fn create(target: &Path) -> Result<Self, Failure> {
        let shown = target.display().to_string();
        // A link is followed, so that the file it points to is replaced and not the link.
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_path_buf());
        match fs::metadata(&target) {
            Ok(old) if old.is_dir() => {
                Err(Failure::new("io", format!("cannot write `{shown}`: it is a folder")))
            }
            Ok(old) if !old.is_file() => {
                let file = OpenOptions::new().write(true).open(&target);
                let file = file.map_err(|error| Failure::io(&error, "write", &shown))?;
                Ok(Self { file, temp: None, target })
            }
            old => Self::beside(target, old.ok().map(|old| old.permissions()), &shown),
        }
    }

    fn beside(target: PathBuf, old: Option<fs::Permissions>, shown: &str) -> Result<Self, Failure> {
        let cannot = |error: &io::Error| Failure::io(error, "write", shown);
        if old.as_ref().is_some_and(fs::Permissions::readonly) {
            return Err(Failure::new("io", format!("cannot write `{shown}`: it is read-only")));
        }
        let temp = temp_path(&target).ok_or_else(|| {
            Failure::new("io", format!("cannot write `{shown}`: it is not the name of a file"))
        })?;
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&temp);
        let file = file.map_err(|error| cannot(&error))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::new("io", format!("cannot write `{shown}`: another run is writing it")));
            }
            // On a file system without locks, two runs at once are the caller's to avoid.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(temp.clone());
        let new = Self { file, temp: Some(temp), target };
        new.file.set_len(0).map_err(|error| cannot(&error))?;
        if let Some(old) = old {
            new.file.set_permissions(old).map_err(|error| cannot(&error))?;
        }
        Ok(new)
    }

    /// Makes the file appear under its name, whole.
    pub(crate) fn commit(mut self) -> Result<(), Failure> {
        let shown = self.target.display().to_string();
        let cannot = |error: &io::Error| Failure::io(error, "write", &shown);
        self.file.flush().map_err(|error| cannot(&error))?;
        if let Some(temp) = &self.temp {
            self.file.sync_all().map_err(|error| cannot(&error))?;
            fs::rename(temp, &self.target).map_err(|error| cannot(&error))?;
            forget(temp);
            self.temp = None;
        }
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(temp) = self.temp.take() {
            let _ = fs::remove_file(&temp); // Not committed: something failed, which is already being reported.
            forget(&temp);
        }
    }
}

fn temp_path(target: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(target.file_name()?);
    name.push(".value-model-tmp");
    Some(target.with_file_name(name))
}

fn forget(temp: &Path) {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner).retain(|open| open != temp);
}

/// Removes what is being written. For the handler of interrupts, just before the process ends.
pub(crate) fn remove_all() {
    for temp in OPEN.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        let _ = fs::remove_file(temp);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::AtomicFile;

    fn names(folder: &std::path::Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_appears_when_it_is_committed_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn a_file_that_is_not_committed_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        drop(AtomicFile::create(&path).unwrap());
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn two_runs_do_not_write_one_file_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let first = AtomicFile::create(&path).unwrap();
        assert!(AtomicFile::create(&path).unwrap_err().message.contains("another run"));
        first.commit().unwrap();
    }

    #[test]
    fn a_left_over_of_a_killed_run_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(folder.path().join(".out.csv.value-model-tmp"), "torn and longer than the new text")
            .unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }
}
