//! What rendering must know of the machine. Gathered by the caller; plain data here.

use crate::model::process::{Bind, RunAs};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;

/// The machine of one node. Everything in it should be the same after a restart: a difference
/// restarts programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeFacts {
    /// Absolute; each component has `NAME/{config,data}` in it, Prometheus also `NAME/targets`.
    pub components_dir: PathBuf,
    /// Installed builds by component name (`prometheus`, `alertmanager`, `node_exporter`,
    /// `blackbox_exporter`).
    pub builds: BTreeMap<String, Build>,
    /// User of the components; `None` = ours.
    pub run_as: Option<RunAs>,
    /// Certificate of role `component`, readable by the components' user.
    pub component_tls: CertificatePaths,
    /// Bearer token of the loopback door, readable by the components' user.
    pub local_token_file: PathBuf,
    /// What the programs of this node ask of whoever speaks to them.
    pub login: Login,
    /// Address that cluster-facing ports of components bind to (`--listen`).
    pub listen: IpAddr,
    /// Memory of the machine, or the share of it that this node may use.
    pub memory_bytes: u64,
    /// Size (not free space) of the file system with the data directory, or this node's share.
    pub disk_bytes: u64,
}

/// One installed build of a component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Build {
    /// As upstream or the package names it: `3.5.3+ds1-6`.
    pub version: String,
    /// Logical program name (`prometheus`, `promtool`, …) → absolute path.
    pub programs: BTreeMap<String, PathBuf>,
    /// Directories the build expects at fixed places.
    pub binds: Vec<Bind>,
    /// What is special about it: `no_ui`, `no_consul_sd`.
    pub traits: BTreeSet<String>,
}

/// The node's own password for its programs, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Absolute; readable by the components' user.
    pub password_file: PathBuf,
    /// bcrypt of it.
    pub hash: String,
}

/// Absolute paths of PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePaths {
    /// Certificate chain.
    pub cert: PathBuf,
    /// Private key.
    pub key: PathBuf,
    /// The cluster's CA.
    pub ca: PathBuf,
}

impl Build {
    /// Major and minor version; whatever follows is a matter of packaging. (0, 0) when it
    /// cannot be read, which switches every version-dependent option off.
    #[must_use]
    pub fn minor_version(&self) -> (u32, u32) {
        let text = self.version.strip_prefix('v').unwrap_or(&self.version);
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor),
            _ => (0, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_packages_and_releases_are_read_leniently() {
        let minor =
            |version: &str| Build { version: version.into(), ..Build::default() }.minor_version();
        assert_eq!(minor("3.5.3+ds1-6"), (3, 5));
        assert_eq!(minor("v0.33.1"), (0, 33));
        assert_eq!(minor("3.11"), (3, 11));
        assert_eq!(minor("nightly"), (0, 0));
    }
}
