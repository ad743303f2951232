//! Log files of the children: `LOGS/NAME.log`, older parts in `NAME.log.1`, `.2`, …
//!
//! A child writes to the file itself, through a descriptor opened for appending: no pipe that
//! breaks with us, no thread of ours that copies. It never reopens the file, so rotation has to
//! leave that descriptor good. `rotate.rs` has how.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// How much of a log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLimits {
    /// A log that is longer is rotated.
    pub max_bytes: u64,
    /// How many older parts stay, each about `max_bytes`.
    pub n_kept: u32,
}

impl Default for LogLimits {
    fn default() -> Self {
        Self { max_bytes: 16 << 20, n_kept: 3 }
    }
}

/// The most that [`tail`] looks at.
const MAX_TAIL_BYTES: u64 = 4 << 20;

/// Where the log of process `name` is.
#[must_use]
pub fn log_path(logs_dir: &Path, name: &str) -> PathBuf {
    logs_dir.join(format!("{name}.log"))
}

/// The `n`-th older part of `log`, 1 = the newest of them.
pub(super) fn older_part(log: &Path, n: u32) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(format!(".{n}"));
    name.into()
}

/// The file for a child to append to.
pub(super) fn open_for_child(log: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o640).open(log)
}

/// The last `n_lines` of `log`, oldest first, reaching back into the newest older part; from at
/// most 4 MiB. Empty when there is no log yet. Blocking.
///
/// # Errors
/// The file is there and cannot be read.
pub fn tail(log: &Path, n_lines: usize) -> io::Result<Vec<String>> {
    let mut text = last_bytes(log, 0, MAX_TAIL_BYTES)?;
    if text.iter().filter(|byte| **byte == b'\n').count() < n_lines {
        let mut older = last_bytes(&older_part(log, 1), 0, MAX_TAIL_BYTES)?;
        older.append(&mut text);
        text = older;
    }
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(n_lines)..].iter().map(|&line| line.to_owned()).collect())
}

/// The end of `log`, from `since` on (or all of it where it has been rotated since), at most
/// `max_bytes`. Empty when there is no such file.
pub(super) fn last_bytes(log: &Path, since: u64, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut file = match File::open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let length = file.metadata()?.len();
    let since = if since <= length { since } else { 0 };
    file.seek(SeekFrom::Start(since.max(length.saturating_sub(max_bytes))))?;
    let mut bytes = Vec::new();
    file.take(max_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Length in bytes; 0 when there is no such file.
pub(super) fn length(log: &Path) -> u64 {
    fs::metadata(log).map_or(0, |metadata| metadata.len())
}
