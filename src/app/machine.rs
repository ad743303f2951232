//! Facts about this machine and the folders of the node on it.

use super::options::NodeOptions;
use crate::{base::atomic_file, model::process::RunAs};
use rustix::fs::{FlockOperation, flock};
use std::{
    fs::{self, File},
    io,
    net::{IpAddr, Ipv4Addr},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// User and group of the components when we run as root: a number that no distribution hands
/// out, so that nothing else on the machine belongs to it.
const COMPONENT_USER: RunAs = RunAs { uid: 64_220, gid: 64_220 };

/// The data directory, held by this process.
#[derive(Debug)]
pub struct DataDir {
    /// Absolute.
    pub path: PathBuf,
    _lock: File,
}

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MachineError {
    /// Missing rights, a full disk.
    #[error("cannot use {path}")]
    Path {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody else has it.
    #[error("{path} is in use by another watchkeep{holder}")]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// ` (process 123)` where known.
        holder: String,
    },
}

impl DataDir {
    /// Makes the folders and takes the lock.
    ///
    /// # Errors
    /// [`MachineError`].
    pub fn take(path: &Path) -> Result<Self, MachineError> {
        // Others may pass through, since the components' user must reach its own folder; what
        // is secret has its own mode.
        for (name, mode) in
            [("", 0o711), ("components", 0o755), ("logs", 0o755), ("run", 0o700), ("tls", 0o711)]
        {
            make_dir(&path.join(name), mode)?;
        }
        let lock_path = path.join("lock");
        let lock = File::options()
            .create(true)
            .append(true)
            .read(true)
            .open(&lock_path)
            .map_err(|source| MachineError::Path { path: lock_path.clone(), source })?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            let holder = fs::read_to_string(path.join("run/pid")).unwrap_or_default();
            let holder = match holder.trim() {
                "" => String::new(),
                pid => format!(" (process {pid})"),
            };
            return Err(MachineError::InUse { path: path.to_owned(), holder });
        }
        let pid_file = path.join("run/pid");
        atomic_file::write(&pid_file, std::process::id().to_string().as_bytes(), 0o644)
            .map_err(|source| MachineError::Path { path: pid_file, source })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// A path below it.
    #[must_use]
    pub fn join(&self, below: &str) -> PathBuf {
        self.path.join(below)
    }
}

fn make_dir(path: &Path, mode: u32) -> Result<(), MachineError> {
    let at = |source| MachineError::Path { path: path.to_owned(), source };
    fs::create_dir_all(path).map_err(at)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(at)
}

/// The user for components: one of its own when we are root and it can reach the data directory,
/// else ours (and the status says so).
#[must_use]
pub fn component_user(data_dir: &Path) -> Option<RunAs> {
    let root = rustix::process::geteuid().is_root();
    (root && everybody_passes(data_dir)).then_some(COMPONENT_USER)
}

/// Whether any user can get to `path`: every folder above it grants search to others.
fn everybody_passes(path: &Path) -> bool {
    path.ancestors().all(|folder| {
        fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    })
}

/// The node's own loopback address: of its own when it listens on one (several nodes on one
/// machine), else 127.0.0.1.
#[must_use]
pub fn loopback(options: &NodeOptions) -> IpAddr {
    if options.listen.is_loopback() { options.listen } else { IpAddr::V4(Ipv4Addr::LOCALHOST) }
}

/// Memory of the machine in bytes.
#[must_use]
pub fn memory_bytes() -> u64 {
    use procfs::Current as _;
    procfs::Meminfo::current().map_or(2 << 30, |info| info.mem_total)
}

/// Size of the file system that holds `path`, in bytes.
#[must_use]
pub fn disk_bytes(path: &Path) -> u64 {
    rustix::fs::statvfs(path).map_or(10 << 30, |fs| fs.f_blocks.saturating_mul(fs.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_is_held_by_one_process() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data");
        let held = DataDir::take(&path).unwrap();
        // flock is per open file, so a second open in this process stands for another process.
        let error = DataDir::take(&path).unwrap_err().to_string();
        assert!(error.contains("in use") && error.contains(&std::process::id().to_string()));
        drop(held);
        DataDir::take(&path).unwrap();
    }

    #[test]
    fn a_closed_folder_on_the_way_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a");
        fs::create_dir(&inner).unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!everybody_passes(&inner));
        assert!(everybody_passes(Path::new("/")));
    }
}
