//! A private folder of one build, gone at its end.

use crate::bundle::error::{Result, io_error};
use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Removed when dropped. After a kill it stays in the cache, where nothing reads it.
#[derive(Debug)]
pub(super) struct WorkDir(PathBuf);

impl WorkDir {
    pub(super) fn new(cache: &Path) -> Result<Self> {
        fs::create_dir_all(cache).map_err(io_error("create", cache))?;
        let path = cache.join(format!(
            "work-{}-{}",
            std::process::id(),
            crate::base::clock::now_unix_ms()
        ));
        // The work of another user or build is never ours: this fails where it exists.
        DirBuilder::new().mode(0o700).create(&path).map_err(io_error("create", &path))?;
        Ok(Self(path))
    }

    /// A path inside.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
