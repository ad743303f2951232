//! Who a process is, read from `/proc`: what makes a process id more than a number.
//!
//! An id alone is reused; id, start time and boot together are not. The marker in its
//! environment says whose child it is, and survives a lost record.

use super::launch::MARKER;
use super::process;
use procfs::process::{Process as Entry, all_processes};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What `/proc` says about one process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) pid: u32,
    /// Clock ticks after boot: field 22 of `/proc/PID/stat`.
    pub(super) start_time: u64,
    pub(super) uid: u32,
    /// As the kernel has it: canonical, without the mark of a file that is gone.
    pub(super) exe: PathBuf,
    /// Value of the marker variable.
    pub(super) marker: Option<String>,
    /// First of its session: what the launcher makes of itself.
    pub(super) leads_session: bool,
}

/// `None` when there is none, when it is a zombie, or when we may not look.
pub(super) fn of(pid: u32) -> Option<Identity> {
    identity(&Entry::new(i32::try_from(pid).ok()?).ok()?)
}

/// Start time alone; works for any process, also one that is just being started.
pub(super) fn start_time(pid: u32) -> io::Result<u64> {
    let pid = i32::try_from(pid).map_err(io::Error::other)?;
    Ok(Entry::new(pid).and_then(|entry| entry.stat()).map_err(io::Error::other)?.starttime)
}

/// All processes whose marker starts with `owner/`. Blocking; reads the whole of `/proc`.
pub(super) fn all_of(owner: &str) -> Vec<Identity> {
    let prefix = format!("{owner}/");
    marked(|marker| marker.starts_with(&prefix))
}

/// Kills every process that carries exactly `marker`: descendants that a program left behind,
/// wherever they hid. Says how many. Blocking.
pub(super) fn sweep(marker: &str) -> usize {
    let kill = |found: &Identity| {
        process::kill_if(found.pid, || of(found.pid).as_ref() == Some(found)).unwrap_or(false)
    };
    // Again until none is left: one may have forked while we looked. Bounded, because a process
    // that cannot be killed must not hold us.
    let mut killed = 0;
    for _ in 0..5 {
        let n = marked(|other| other == marker).iter().filter(|found| kill(found)).count();
        killed += n;
        if n == 0 {
            break;
        }
    }
    killed
}

/// Identifies this boot of the machine.
pub(super) fn boot_id() -> io::Result<String> {
    Ok(std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned())
}

fn marked(is_meant: impl Fn(&str) -> bool) -> Vec<Identity> {
    let own = std::process::id();
    all_processes()
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        // The cheap look first: this goes through the whole machine.
        .filter(|entry| marker_of(entry).flatten().as_deref().is_some_and(&is_meant))
        .filter_map(|entry| identity(&entry))
        .filter(|found| found.pid != own)
        .collect()
}

fn identity(entry: &Entry) -> Option<Identity> {
    let stat = entry.stat().ok()?;
    if matches!(stat.state, 'Z' | 'X') {
        return None;
    }
    Some(Identity {
        pid: u32::try_from(stat.pid).ok()?,
        start_time: stat.starttime,
        uid: entry.status().ok()?.ruid,
        exe: without_deleted(&entry.exe().ok()?),
        marker: marker_of(entry)?,
        leads_session: stat.session == stat.pid,
    })
}

/// `None` when we may not look.
fn marker_of(entry: &Entry) -> Option<Option<String>> {
    let value = entry.environ().ok()?.remove(OsStr::new(MARKER));
    Some(value.and_then(|value| value.into_string().ok()))
}

/// The kernel appends this to the name of a file that was removed or replaced.
fn without_deleted(exe: &Path) -> PathBuf {
    let bytes = exe.as_os_str().as_bytes();
    OsStr::from_bytes(bytes.strip_suffix(b" (deleted)").unwrap_or(bytes)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_identity_is_stable_and_has_our_executable() {
        let me = of(std::process::id()).unwrap();
        assert_eq!(of(std::process::id()).unwrap(), me);
        assert_eq!(me.exe, std::env::current_exe().unwrap().canonicalize().unwrap());
        assert_eq!(me.start_time, start_time(std::process::id()).unwrap());
    }

    #[test]
    fn a_replaced_executable_keeps_its_name() {
        assert_eq!(without_deleted("/a/b (deleted)".as_ref()), Path::new("/a/b"));
        assert_eq!(without_deleted("/a/b".as_ref()), Path::new("/a/b"));
    }
}
