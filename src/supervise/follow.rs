//! Reads a log as it grows, across rotations: `logs -f`.

use super::logs::older_part;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The most that one [`Follower::read_new`] returns.
const MAX_STEP_BYTES: u64 = 1 << 20;

/// Inode and time of last change: an inode number alone is reused at once.
type Part = (u64, i64, i64);

/// A place in a log that moves with the log's beginning.
#[derive(Debug)]
pub struct Follower {
    log: PathBuf,
    /// Bytes of the current file already read.
    offset: u64,
    /// The newest older part: another one means that there was a rotation.
    newest_part: Option<Part>,
}

impl Follower {
    /// Starts at the end of `log` as it is now; the file need not exist yet. Blocking.
    #[must_use]
    pub fn from_end(log: &Path) -> Self {
        let newest_part = part_of(&older_part(log, 1));
        Self { log: log.to_owned(), offset: super::logs::length(log), newest_part }
    }

    /// What was written since the last call, at most 1 MiB; empty when there is nothing new.
    /// Call again at once while it returns something, else after a moment. Blocking.
    ///
    /// Exact across one rotation; lines of a log that was rotated twice between two calls are
    /// skipped.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn read_new(&mut self) -> io::Result<Vec<u8>> {
        // Held to the end of this call: rotation takes it too, so that we see it done or not begun.
        let _lock = shared_lock(&self.log)?;
        let part = older_part(&self.log, 1);
        let newest = part_of(&part);
        if newest != self.newest_part {
            let length = super::logs::length(&part);
            if self.offset < length {
                let bytes = read_from(&part, self.offset)?;
                self.offset += bytes.len() as u64;
                return Ok(bytes);
            }
            // The rotation took `length` bytes off the beginning.
            self.offset -= length;
            self.newest_part = newest;
        }
        if self.offset > super::logs::length(&self.log) {
            self.offset = 0;
        }
        let bytes = read_from(&self.log, self.offset)?;
        self.offset += bytes.len() as u64;
        Ok(bytes)
    }
}

fn read_from(path: &Path, offset: u64) -> io::Result<Vec<u8>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(MAX_STEP_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn shared_lock(log: &Path) -> io::Result<Option<File>> {
    let file = match File::open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockShared)?;
    Ok(Some(file))
}

fn part_of(path: &Path) -> Option<Part> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.ino(), metadata.mtime(), metadata.mtime_nsec()))
}

#[cfg(test)]
mod tests {
    use super::super::logs::{LogLimits, open_for_child};
    use super::super::rotate::rotate_if_long;
    use super::*;
    use std::io::Write;

    #[test]
    fn every_line_is_seen_once_across_rotations() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.log");
        let mut follower = Follower::from_end(&log);
        let mut writer = open_for_child(&log).unwrap();
        let mut seen = Vec::new();
        for n in 0..3000 {
            writeln!(writer, "line {n}").unwrap();
            if n % 7 == 0 {
                seen.extend(follower.read_new().unwrap());
            }
            if n % 500 == 0 {
                rotate_if_long(&log, LogLimits { max_bytes: 5000, n_kept: 2 }).unwrap();
            }
        }
        while let bytes @ [_, ..] = follower.read_new().unwrap().as_slice() {
            seen.extend_from_slice(bytes);
        }
        let expected: String = (0..3000).map(|n| format!("line {n}\n")).collect();
        assert_eq!(String::from_utf8(seen).unwrap(), expected);
    }

    #[test]
    fn starts_at_the_end_of_what_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("a.log");
        let mut writer = open_for_child(&log).unwrap();
        writer.write_all(b"old\n").unwrap();
        let mut follower = Follower::from_end(&log);
        writer.write_all(b"new\n").unwrap();
        assert_eq!(follower.read_new().unwrap(), b"new\n");
        assert_eq!(follower.read_new().unwrap(), b"");
    }
}
