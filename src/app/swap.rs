//! Puts another state in the place of a node's own, whole or not at all.
//!
//! ```text
//! begin:  NEW           → recovery-T.next     the step that counts
//! finish: own files     → before-recovery-T
//!         recovery-T.next → recovery-T.ready
//!         its files     → data directory
//! ```
//! Each step is a rename, and is repeated harmlessly: a node that finds either folder finishes
//! before it opens anything.

use crate::base::atomic_file::sync_dir;
use anyhow::Context as _;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What makes a node this node of this cluster.
const OWN: [&str; 5] = ["node.json", "formation.json", "raft-log.redb", "state.redb", "snapshots"];
const PREFIX: &str = "recovery-";
/// The new files are complete, the old ones still there.
const NEXT: &str = ".next";
/// The old files are out of the way.
const READY: &str = ".ready";

/// Decides for the files in `new`, which must be complete and on the same file system. Returns
/// where the old ones will be.
///
/// # Errors
/// Nothing is decided then.
pub(super) fn begin(data_dir: &Path, new: &Path, number: u64) -> anyhow::Result<PathBuf> {
    sync_dir(new)?;
    let next = data_dir.join(format!("{PREFIX}{number}{NEXT}"));
    fs::rename(new, &next).with_context(|| format!("cannot make {}", next.display()))?;
    sync_dir(data_dir)?;
    Ok(before(data_dir, &number.to_string()))
}

/// Whether somebody has decided, and did not get to the end.
///
/// # Errors
/// The directory cannot be read.
pub(super) fn is_under_way(data_dir: &Path) -> io::Result<bool> {
    Ok(find(data_dir, NEXT)?.is_some() || find(data_dir, READY)?.is_some())
}

/// Does what [`begin`] has decided, if anything. Returns where the old files are.
///
/// # Errors
/// Repeat it once the cause is gone.
pub(super) fn finish(data_dir: &Path) -> anyhow::Result<Option<PathBuf>> {
    let finished = steps(data_dir);
    finished.with_context(|| format!("cannot finish the recovery of {}", data_dir.display()))
}

fn steps(data_dir: &Path) -> io::Result<Option<PathBuf>> {
    let mut found = None;
    if let Some(number) = find(data_dir, NEXT)? {
        let before = before(data_dir, &number);
        fs::create_dir_all(&before)?;
        move_own(data_dir, &before)?;
        let ready = data_dir.join(format!("{PREFIX}{number}{READY}"));
        fs::rename(data_dir.join(format!("{PREFIX}{number}{NEXT}")), ready)?;
        sync_dir(data_dir)?;
    }
    if let Some(number) = find(data_dir, READY)? {
        let ready = data_dir.join(format!("{PREFIX}{number}{READY}"));
        move_own(&ready, data_dir)?;
        fs::remove_dir_all(&ready)?;
        sync_dir(data_dir)?;
        found = Some(before(data_dir, &number));
    }
    Ok(found)
}

fn move_own(from: &Path, to: &Path) -> io::Result<()> {
    for name in OWN {
        match fs::rename(from.join(name), to.join(name)) {
            // Moved before a crash, or never there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    sync_dir(to)?;
    sync_dir(from)
}

fn before(data_dir: &Path, number: &str) -> PathBuf {
    data_dir.join(format!("before-{PREFIX}{number}"))
}

/// The number of a folder in this stage.
fn find(data_dir: &Path, stage: &str) -> io::Result<Option<String>> {
    let entries = match fs::read_dir(data_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(stage));
        if let Some(number) = number {
            return Ok(Some(number.to_owned()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::atomic_file;

    fn write(dir: &Path, text: &str) {
        fs::create_dir_all(dir.join("snapshots")).unwrap();
        for name in ["node.json", "state.redb", "snapshots/1.wks"] {
            atomic_file::write(&dir.join(name), text.as_bytes(), 0o600).unwrap();
        }
    }

    fn texts(dir: &Path) -> Vec<String> {
        let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap_or_default();
        ["node.json", "formation.json", "state.redb", "snapshots/1.wks"].map(read).to_vec()
    }

    /// A data directory with old files, and the decision for new ones.
    fn decided() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "old");
        atomic_file::write(&dir.path().join("formation.json"), b"old", 0o600).unwrap();
        atomic_file::write(&dir.path().join("spool.redb"), b"stays", 0o600).unwrap();
        write(&dir.path().join("recovery.tmp/new"), "new");
        let before = begin(dir.path(), &dir.path().join("recovery.tmp/new"), 7).unwrap();
        (dir, before)
    }

    fn is_swapped(dir: &Path, before: &Path) {
        assert_eq!(texts(dir), ["new", "", "new", "new"]);
        assert_eq!(texts(before), ["old", "old", "old", "old"]);
        assert_eq!(fs::read_to_string(dir.join("spool.redb")).unwrap(), "stays");
        assert!(!is_under_way(dir).unwrap());
    }

    #[test]
    fn the_new_files_take_the_place_of_the_old_ones_which_are_kept() {
        let (dir, before) = decided();
        assert_eq!(finish(dir.path()).unwrap().as_ref(), Some(&before));
        is_swapped(dir.path(), &before);
        assert_eq!(finish(dir.path()).unwrap(), None);
    }

    #[test]
    fn a_crash_after_any_step_is_finished_by_the_next_start() {
        // Every prefix of the renames, done by hand.
        let away = |dir: &Path, before: &Path, n: usize| {
            fs::create_dir_all(before).unwrap();
            for name in &OWN[..n] {
                let _ = fs::rename(dir.join(name), before.join(name));
            }
        };
        for n in 0..=OWN.len() {
            let (dir, before) = decided();
            away(dir.path(), &before, n);
            finish(dir.path()).unwrap();
            is_swapped(dir.path(), &before);
        }
        for n in 0..=OWN.len() {
            let (dir, before) = decided();
            away(dir.path(), &before, OWN.len());
            let ready = dir.path().join("recovery-7.ready");
            fs::rename(dir.path().join("recovery-7.next"), &ready).unwrap();
            for name in &OWN[..n] {
                let _ = fs::rename(ready.join(name), dir.path().join(name));
            }
            finish(dir.path()).unwrap();
            is_swapped(dir.path(), &before);
        }
    }
}
