//! Content-addressed files: `DATA/blobs/<sha256>`.
//!
//! A file under its final name is complete: it was written beside it, synced, compared and then
//! renamed. What a crash leaves behind begins with a dot and is swept at the next start. Bytes
//! are compared once more whenever a blob is used, since disks forget.

use super::{
    error::{BundleError, Result, io_error},
    sum,
};
use crate::base::atomic_file;
use rustix::fs::{FlockOperation, flock};
use std::{
    fs::{self, File},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

const INCOMING: &str = ".incoming-";

/// The folder of blobs. Several processes may use it: writers hold [`Blobs::lock`].
#[derive(Debug, Clone)]
pub struct Blobs {
    dir: PathBuf,
}

/// Held while the folder or its index changes; other processes wait.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "dropping it unlocks")] File);

/// A complete blob that is not visible yet; dropped without [`Staged::publish`] it is removed.
#[derive(Debug)]
pub struct Staged {
    temporary: PathBuf,
    published: PathBuf,
}

impl Blobs {
    /// Opens the folder, makes it if need be, and sweeps what a crash left. Blocking.
    ///
    /// # Errors
    /// `Io`.
    pub fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir).map_err(io_error("create", dir))?;
        let blobs = Self { dir: dir.to_owned() };
        let _lock = blobs.lock()?;
        for entry in fs::read_dir(dir).map_err(io_error("read", dir))? {
            let entry = entry.map_err(io_error("read", dir))?;
            if entry.file_name().to_string_lossy().starts_with(INCOMING) {
                fs::remove_file(entry.path()).map_err(io_error("remove", &entry.path()))?;
            }
        }
        Ok(blobs)
    }

    /// Waits until nobody else changes the folder. Blocking.
    ///
    /// # Errors
    /// `Io`.
    pub fn lock(&self) -> Result<Lock> {
        let path = self.dir.join(".lock");
        let file = File::create(&path).map_err(io_error("create", &path))?;
        flock(&file, FlockOperation::LockExclusive)
            .map_err(|e| io_error("lock", &path)(e.into()))?;
        Ok(Lock(file))
    }

    /// Where the blob is, whether or not it is there.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.dir.join(sha256)
    }

    /// Is it there with this length?
    #[must_use]
    pub fn has(&self, sha256: &str, size: u64) -> bool {
        fs::metadata(self.path(sha256)).is_ok_and(|meta| meta.is_file() && meta.len() == size)
    }

    /// Takes what `write` writes, if its sum is `sha256`. The caller holds the lock. Blocking;
    /// syncs the content.
    ///
    /// # Errors
    /// `WrongSum`, `Io`, and those of `write`; nothing is left behind.
    pub fn stage(
        &self,
        sha256: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<Staged> {
        let temporary = self.dir.join(format!("{INCOMING}{sha256}"));
        let staged = Staged { published: self.path(sha256), temporary };
        let path = &staged.temporary;
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
            .map_err(io_error("create", path))?;
        write(&mut file)?;
        file.rewind().map_err(io_error("read", path))?;
        let (found, _) = sum::of_reader(&mut file).map_err(io_error("read", path))?;
        if found != sha256 {
            let (what, expected) = (format!("blob {sha256}"), sha256.to_owned());
            return Err(BundleError::WrongSum { what, expected, found });
        }
        file.sync_all().map_err(io_error("sync", path))?;
        Ok(staged)
    }

    /// Opens a blob after comparing its sum; the returned file is the one that was compared,
    /// at its beginning. A blob that was damaged on disk is removed, so that it can be fetched
    /// again. Blocking.
    ///
    /// # Errors
    /// `NotFound`, `WrongSum`, `Io`.
    pub fn open_checked(&self, sha256: &str) -> Result<File> {
        let path = self.path(sha256);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(BundleError::NotFound { name: format!("blob {sha256}") });
            }
            Err(error) => return Err(io_error("open", &path)(error)),
        };
        let (found, _) = sum::of_reader(&mut file).map_err(io_error("read", &path))?;
        if found != sha256 {
            fs::remove_file(&path).map_err(io_error("remove", &path))?;
            let what = format!("damaged blob {} (removed now)", path.display());
            return Err(BundleError::WrongSum { what, expected: sha256.to_owned(), found });
        }
        file.rewind().map_err(io_error("read", &path))?;
        Ok(file)
    }

    /// Removes every blob whose sum `keep` does not want; says which. The caller holds the lock.
    ///
    /// # Errors
    /// `Io`.
    pub fn retain(&self, keep: impl Fn(&str) -> bool) -> Result<Vec<String>> {
        let mut removed = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(io_error("read", &self.dir))? {
            let entry = entry.map_err(io_error("read", &self.dir))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if sum::is_sum(&name) && !keep(&name) {
                fs::remove_file(entry.path()).map_err(io_error("remove", &entry.path()))?;
                removed.push(name);
            }
        }
        Ok(removed)
    }
}

impl Staged {
    /// Makes the blob visible, durably. Blocking.
    ///
    /// # Errors
    /// `Io`.
    pub fn publish(self) -> Result<()> {
        fs::rename(&self.temporary, &self.published)
            .and_then(|()| atomic_file::sync_dir(self.published.parent().unwrap_or(Path::new("/"))))
            .map_err(io_error("publish", &self.published))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // After `publish` the name is gone already; before it, a leftover is swept at open.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Copies all of `reader` to `writer`. Blocking.
pub(crate) fn copy_all(reader: &mut dyn Read, writer: &mut dyn Write, path: &Path) -> Result<()> {
    std::io::copy(reader, writer).map(|_| ()).map_err(io_error("copy", path))
}
