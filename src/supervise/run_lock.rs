//! One supervisor per run folder: two would each stop what the other starts.

use super::SuperviseError;
use super::config::Config;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

/// A process of ours that is between fork and exec holds the old lock for a moment.
const PATIENCE: Duration = Duration::from_secs(2);

/// Makes the folders and takes the lock; it goes with the file and with us. Blocking.
pub(super) fn take(config: &Config) -> Result<File, SuperviseError> {
    make_dir(&config.run_dir, 0o700)?;
    make_dir(&config.logs_dir, 0o750)?;
    let path = config.run_dir.join("supervisor.lock");
    let error = |source| SuperviseError::Files { path: path.clone(), source };
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(error)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(file),
            Err(Errno::WOULDBLOCK) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(Errno::WOULDBLOCK) => {
                let words = "another watchkeep runs from this data directory; stop it first";
                return Err(error(io::Error::new(io::ErrorKind::WouldBlock, words)));
            }
            Err(other) => return Err(error(other.into())),
        }
    }
}

fn make_dir(path: &Path, mode: u32) -> Result<(), SuperviseError> {
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(path)
        .map_err(|source| SuperviseError::Files { path: path.to_owned(), source })
}
