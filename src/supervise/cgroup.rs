//! One control group per child, where a part of the cgroup v2 tree was handed to us.
//!
//! ```text
//! watchkeep.service/            Delegate=yes: ours to divide
//! ├── supervisor/               DelegateSubgroup=supervisor: we
//! ├── prometheus/               memory.max, cgroup.kill
//! └── alertmanager/
//! ```
//!
//! Only this arrangement is used: a group with processes of its own cannot hand controllers on,
//! and moving ourselves is systemd's business. Elsewhere there are no memory limits by us;
//! `protections` says so.

use super::launcher::write_kernel_file;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Name of our own leaf; the service unit has the same.
const OWN_LEAF: &str = "supervisor";

/// The group that is divided among the children.
#[derive(Debug, Clone)]
pub(super) struct Cgroups {
    parent: PathBuf,
}

impl Cgroups {
    /// Finds the delegated group of this process, or says why there is none.
    pub(super) fn find() -> Result<Self, String> {
        let memberships = fs::read_to_string("/proc/self/cgroup").map_err(|e| e.to_string())?;
        let path = memberships
            .lines()
            .find_map(|line| line.strip_prefix("0::/"))
            .ok_or("this machine has no cgroup v2")?;
        Self::at(&Path::new("/sys/fs/cgroup").join(path))
    }

    /// `own`: folder of the group this process is in.
    fn at(own: &Path) -> Result<Self, String> {
        if own.file_name().is_none_or(|name| name != OWN_LEAF) {
            return Err(
                "no cgroup v2 delegated (needs Delegate=yes, DelegateSubgroup=supervisor)".into()
            );
        }
        let parent = own.parent().ok_or("no parent group")?.to_owned();
        let controllers = fs::read_to_string(parent.join("cgroup.controllers"))
            .map_err(|error| format!("cannot read the delegated group: {error}"))?;
        if !controllers.split_whitespace().any(|controller| controller == "memory") {
            return Err("the delegated cgroup has no memory controller".into());
        }
        write_kernel_file(&parent.join("cgroup.subtree_control"), "+memory")
            .map_err(|error| format!("the delegated cgroup is not ours to divide: {error}"))?;
        Ok(Self { parent })
    }

    /// The group for child `name`, made where it is missing, with its limit set. Blocking.
    pub(super) fn prepare(&self, name: &str, limit_bytes: Option<u64>) -> io::Result<PathBuf> {
        let group = self.parent.join(name);
        match fs::create_dir(&group) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let limit = limit_bytes.map_or("max".to_owned(), |bytes| bytes.to_string());
        write_kernel_file(&group.join("memory.max"), &limit)?;
        Ok(group)
    }

    /// Kills everything in the group of `name`, where the kernel can (5.14). Blocking.
    pub(super) fn kill(&self, name: &str) {
        let _ = write_kernel_file(&self.parent.join(name).join("cgroup.kill"), "1");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that looks like a delegated group; the files take what is written.
    fn tree(controllers: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let file = |path: &str, text: &str| {
            crate::base::atomic_file::write(&dir.path().join(path), text.as_bytes(), 0o600)
                .unwrap();
        };
        fs::create_dir(dir.path().join(OWN_LEAF)).unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        file("cgroup.controllers", controllers);
        file("cgroup.subtree_control", "");
        file("a/memory.max", "");
        dir
    }

    #[test]
    fn a_delegated_group_is_divided_with_a_limit_for_each() {
        let dir = tree("cpu memory pids");
        let cgroups = Cgroups::at(&dir.path().join(OWN_LEAF)).unwrap();
        let group = cgroups.prepare("a", Some(1000)).unwrap();
        assert_eq!(fs::read_to_string(group.join("memory.max")).unwrap(), "1000");
        let control = fs::read_to_string(dir.path().join("cgroup.subtree_control")).unwrap();
        assert_eq!(control, "+memory");
    }

    #[test]
    fn anything_else_is_left_alone_and_named() {
        let dir = tree("cpu pids");
        assert!(Cgroups::at(&dir.path().join(OWN_LEAF)).unwrap_err().contains("memory"));
        assert!(Cgroups::at(dir.path()).unwrap_err().contains("Delegate"));
        assert_eq!(fs::read_to_string(dir.path().join("cgroup.subtree_control")).unwrap(), "");
    }
}
