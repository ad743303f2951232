//! Cuts the beginning off a log that its writer keeps open.
//!
//! The beginning is copied to `NAME.log.1`, then taken out of the file with
//! `FALLOC_FL_COLLAPSE_RANGE` (ext4, xfs): the kernel does that between two writes, so that no
//! line is lost. Other file systems get the usual copy-and-truncate, with the usual gap of the
//! microseconds between the two. A crash after the copy repeats lines, it loses none.
//! Rejected: renaming (the writer would follow the old file for ever), pausing the writer (it
//! would stay paused if we died).

use super::logs::{LogLimits, older_part};
use rustix::fs::{FallocateFlags, FlockOperation, fallocate};
use rustix::io::Errno;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Rotates `log` when it is longer than `limits` allow. Says whether it was. Blocking.
///
/// # Errors
/// As I/O has them; the log itself is then untouched. On a full disk the oldest parts go first.
pub(super) fn rotate_if_long(log: &Path, limits: LogLimits) -> io::Result<bool> {
    let mut file = match OpenOptions::new().read(true).write(true).open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        other => other?,
    };
    let metadata = file.metadata()?;
    if metadata.len() <= limits.max_bytes {
        return Ok(false);
    }
    // Readers that follow the log wait for this. Released when the file is closed.
    rustix::fs::flock(&file, FlockOperation::LockExclusive)?;
    // The part that can be taken out: whole blocks, and never up to the end.
    let block = metadata.blksize().max(512);
    let cut = (metadata.len() - 1) / block * block;
    shift(log, limits.n_kept)?;
    let mut copy = copy_beginning(&mut file, log, cut, limits.n_kept)?;
    match collapse(&file, cut) {
        Ok(()) => {}
        Err(Errno::OPNOTSUPP | Errno::INVAL | Errno::NOSYS) => {
            io::copy(&mut file, &mut copy)?;
            file.set_len(0)?;
        }
        Err(error) => return Err(error.into()),
    }
    if limits.n_kept == 0 {
        fs::remove_file(older_part(log, 1))?;
    }
    Ok(true)
}

fn collapse(file: &File, cut: u64) -> Result<(), Errno> {
    if cut == 0 {
        return Err(Errno::INVAL);
    }
    fallocate(file, FallocateFlags::COLLAPSE_RANGE, 0, cut)
}

/// Makes room for a new part 1; the oldest goes.
fn shift(log: &Path, n_kept: u32) -> io::Result<()> {
    for n in (1..=n_kept).rev() {
        let from = older_part(log, n);
        let moved = if n == n_kept {
            fs::remove_file(from)
        } else {
            fs::rename(from, older_part(log, n + 1))
        };
        ignore_missing(moved)?;
    }
    Ok(())
}

/// Copies the first `cut` bytes of `file` to part 1 and leaves `file` positioned behind them.
fn copy_beginning(file: &mut File, log: &Path, cut: u64, n_kept: u32) -> io::Result<File> {
    let mut oldest = n_kept;
    loop {
        match try_copy(file, log, cut) {
            Err(error) if error.kind() == io::ErrorKind::StorageFull && oldest > 1 => {
                ignore_missing(fs::remove_file(older_part(log, oldest)))?;
                oldest -= 1;
            }
            other => return other,
        }
    }
}

fn try_copy(file: &mut File, log: &Path, cut: u64) -> io::Result<File> {
    let temporary = Temporary(older_part(log, 0));
    let mut copy = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o640)
        .open(&temporary.0)?;
    file.seek(SeekFrom::Start(0))?;
    let copied = io::copy(&mut file.take(cut), &mut copy)?;
    if copied != cut {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
    }
    fs::rename(&temporary.0, older_part(log, 1))?;
    Ok(copy)
}

/// Removed when dropped, if it is still there.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::logs::{length, open_for_child};
    use super::*;
    use std::io::Write;

    const LIMITS: LogLimits = LogLimits { max_bytes: 20_000, n_kept: 3 };

    #[test]
    fn no_line_is_lost_or_repeated_while_the_writer_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.log");
        let mut writer = open_for_child(&log).unwrap();
        let mut n_rotations = 0;
        for n in 0..6000 {
            writeln!(writer, "line {n}").unwrap();
            n_rotations += u32::from(n % 100 == 0 && rotate_if_long(&log, LIMITS).unwrap());
        }
        assert!((2..=3).contains(&n_rotations), "{n_rotations}");
        let parts = (1..=n_rotations).rev().map(|n| older_part(&log, n)).chain([log.clone()]);
        let all: String = parts.map(|part| fs::read_to_string(part).unwrap()).collect();
        let expected: String = (0..6000).map(|n| format!("line {n}\n")).collect();
        assert_eq!(all, expected);
        assert!(length(&log) <= LIMITS.max_bytes + 1200);
    }

    #[test]
    fn only_so_many_parts_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.log");
        let mut writer = open_for_child(&log).unwrap();
        for _ in 0..6 {
            writer.write_all(&[b'x'; 30_000]).unwrap();
            assert!(rotate_if_long(&log, LIMITS).unwrap());
        }
        let mut names: Vec<_> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a.log", "a.log.1", "a.log.2", "a.log.3"]);
    }

    #[test]
    fn where_nothing_can_be_cut_out_the_log_is_copied_and_truncated() {
        // A file shorter than a block: the kernel refuses.
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.log");
        let mut writer = open_for_child(&log).unwrap();
        writer.write_all(b"one\n").unwrap();
        assert!(rotate_if_long(&log, LogLimits { max_bytes: 2, n_kept: 1 }).unwrap());
        writer.write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(older_part(&log, 1)).unwrap(), "one\n");
        assert_eq!(fs::read_to_string(&log).unwrap(), "two\n");
    }
}
