//! Files that are either wholly the old ones or wholly the new ones, also after power loss.
//!
//! Write to a temporary name in the same directory, fsync, rename, fsync the directory.
//! Every file of ours that is read back goes through here (`std::fs::write` is banned by clippy).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Replaces `path` with `bytes` under `mode` (for instance `0o600`). Blocking; syncs to disk.
///
/// # Errors
/// Any I/O error; the old file is then untouched and the temporary one is gone.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file_name = path.file_name().ok_or_else(|| io::Error::other("path has no file name"))?;
    let mut suffix = [0u8; 8];
    getrandom::fill(&mut suffix).map_err(io::Error::other)?;
    let temporary = dir.join(format!(
        ".{}.{:016x}.tmp",
        file_name.to_string_lossy(),
        u64::from_ne_bytes(suffix)
    ));
    let written = (|| {
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(mode).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        sync_dir(dir)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Like [`write`], but leaves the file alone when it already holds exactly `bytes`.
/// Says whether anything was written.
///
/// # Errors
/// As [`write`].
pub fn write_if_changed(path: &Path, bytes: &[u8], mode: u32) -> io::Result<bool> {
    match fs::read(path) {
        Ok(old) if old == bytes => Ok(false),
        _ => write(path, bytes, mode).map(|()| true),
    }
}

/// Lets `make` fill a file under another name (`.new`) and gives it its own then, so that a crash
/// leaves it whole or missing. One that is there and not empty is left alone. Blocking.
///
/// # Errors
/// Any I/O error, and those of `make`; there is no file then.
pub fn make_whole(
    path: &Path,
    mode: u32,
    make: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|there| there.len() > 0) {
        return Ok(());
    }
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(mode).open(&new)?;
    make(&new)?;
    File::open(&new)?.sync_all()?;
    fs::rename(&new, path)?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

/// Makes renames and removals inside `dir` durable. Blocking.
///
/// # Errors
/// Any I/O error of open or fsync.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_that_was_half_made_by_a_killed_process_is_made_anew_and_a_whole_one_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.redb");
        let put = |to: &Path, text: &str| File::create(to)?.write_all(text.as_bytes());
        let fill = |text: &'static str| move |new: &Path| put(new, text);
        put(&dir.path().join("a.new"), "hal").unwrap();
        put(&path, "").unwrap();
        let died = make_whole(&path, 0o600, |_| Err(io::Error::other("killed")));
        assert!(died.is_err() && fs::read(&path).unwrap().is_empty());
        make_whole(&path, 0o600, fill("whole")).unwrap();
        make_whole(&path, 0o600, fill("other")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!dir.path().join("a.new").exists());
    }

    #[test]
    fn replaces_whole_file_with_mode_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        write(&path, b"one", 0o600).unwrap();
        write(&path, b"two", 0o600).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn unchanged_content_is_not_written_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        assert!(write_if_changed(&path, b"x", 0o644).unwrap());
        assert!(!write_if_changed(&path, b"x", 0o644).unwrap());
        assert!(write_if_changed(&path, b"y", 0o644).unwrap());
    }
}
