//! What a node keeps on disk about itself:
//!
//! ```text
//! DATA/node.json        {node_id, cluster_id}     minted with the data directory
//! DATA/formation.json   {record, committed}       see `formation`
//! DATA/tls/*.pem        certificate and key in one file, 0600, replaced as one
//! ```
//!
//! The node id is never reused: a wiped machine comes back as a new node.

use super::{
    ca::{Authority, CaError, Issued, LEAF_LIFE, Role},
    cert,
};
use crate::{
    base::{atomic_file, clock, redact::Secret},
    model::{NodeId, process::RunAs},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Why the node's own files cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Reading or writing failed.
    #[error("cannot use {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is damaged.
    #[error("{path} is damaged: restore it from a backup, or start with an empty data directory")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Where.
        source: serde_json::Error,
    },
    /// node.json is gone although the directory was in use.
    #[error(
        "{dir} holds data but no node.json: restore it, or start with an empty data directory \
         (the node then counts as a new one)"
    )]
    Lost {
        /// The data directory.
        dir: PathBuf,
    },
    /// The directory belongs to another cluster.
    #[error(
        "the data directory {dir} belongs to cluster {found}, not {wanted}: use another directory"
    )]
    Foreign {
        /// The data directory.
        dir: PathBuf,
        /// In node.json.
        found: String,
        /// Of the formation record.
        wanted: String,
    },
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    Random(#[source] getrandom::Error),
    /// A certificate could not be made.
    #[error(transparent)]
    Ca(#[from] CaError),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct NodeFile {
    node_id: NodeId,
    #[serde(default)]
    cluster_id: Option<String>,
    /// Why it is no member any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    removed: Option<String>,
}

/// The files, all blocking. Cheap to clone; only `node_id` is cached.
#[derive(Debug, Clone)]
pub struct NodeDir {
    dir: PathBuf,
    node_id: NodeId,
}

impl NodeDir {
    /// Opens the data directory, or makes it (0700) and mints the node id.
    ///
    /// # Errors
    /// [`IdentityError::Lost`] when node.json alone is missing, and file errors.
    pub fn open(dir: &Path) -> Result<Self, IdentityError> {
        let failed = |source| IdentityError::File { path: dir.to_owned(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
        let path = dir.join("node.json");
        if let Some(file) = read_json::<NodeFile>(&path)? {
            return Ok(Self { dir: dir.to_owned(), node_id: file.node_id });
        }
        let used = ["formation.json", "raft-log.redb", "state.redb"];
        if used.iter().any(|name| dir.join(name).exists()) {
            return Err(IdentityError::Lost { dir: dir.to_owned() });
        }
        let mut bytes = [0u8; 8];
        getrandom::fill(&mut bytes).map_err(IdentityError::Random)?;
        let node_id = NodeId(u64::from_ne_bytes(bytes).max(1));
        write_json(&path, &NodeFile { node_id, cluster_id: None, removed: None })?;
        Ok(Self { dir: dir.to_owned(), node_id })
    }

    /// This node.
    #[must_use]
    pub fn node_id(&self) -> NodeId {
        self.node_id
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The cluster this directory belongs to, once it does.
    ///
    /// # Errors
    /// Reading failed, or node.json is damaged.
    pub fn cluster_id(&self) -> Result<Option<String>, IdentityError> {
        Ok(read_json::<NodeFile>(&self.dir.join("node.json"))?.and_then(|file| file.cluster_id))
    }

    /// Ties the directory to a cluster for good.
    ///
    /// # Errors
    /// [`IdentityError::Foreign`] when it belongs to another one.
    pub fn bind_to_cluster(&self, cluster_id: &str) -> Result<(), IdentityError> {
        match self.cluster_id()? {
            Some(found) if found == cluster_id => Ok(()),
            Some(found) => Err(IdentityError::Foreign {
                dir: self.dir.clone(),
                found,
                wanted: cluster_id.to_owned(),
            }),
            None => {
                let cluster_id = Some(cluster_id.to_owned());
                let file = NodeFile { node_id: self.node_id, cluster_id, removed: None };
                write_json(&self.dir.join("node.json"), &file)
            }
        }
    }

    /// Notes that the cluster has removed this node: it never comes back under this id.
    ///
    /// # Errors
    /// node.json cannot be read or written.
    pub fn mark_removed(&self, reason: &str) -> Result<(), IdentityError> {
        let cluster_id = self.cluster_id()?;
        let file = NodeFile { node_id: self.node_id, cluster_id, removed: Some(reason.to_owned()) };
        write_json(&self.dir.join("node.json"), &file)
    }

    /// Why this node is no member any more, if it was removed.
    ///
    /// # Errors
    /// node.json cannot be read.
    pub fn removed(&self) -> Result<Option<String>, IdentityError> {
        Ok(read_json::<NodeFile>(&self.dir.join("node.json"))?.and_then(|file| file.removed))
    }

    /// Reads `formation.json`.
    pub(super) fn formation<T: DeserializeOwned>(&self) -> Result<Option<T>, IdentityError> {
        read_json(&self.dir.join("formation.json"))
    }

    /// Replaces `formation.json`, or removes it (`None`); durable on return.
    pub(super) fn save_formation<T: Serialize>(
        &self,
        record: Option<&T>,
    ) -> Result<(), IdentityError> {
        let path = self.dir.join("formation.json");
        let Some(record) = record else {
            let removed = match fs::remove_file(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                other => other.and_then(|()| atomic_file::sync_dir(&self.dir)),
            };
            return removed.map_err(|source| IdentityError::File { path, source });
        };
        write_json(&path, record)
    }

    /// The certificate in `tls/NAME.pem`, made or renewed when it is missing, damaged, for other
    /// names or past two thirds of its life.
    ///
    /// # Errors
    /// The certificate cannot be made or written.
    pub fn certificate(
        &self,
        name: &str,
        role: &Role,
        authority: &Authority,
    ) -> Result<Issued, IdentityError> {
        let dir = self.dir.join("tls");
        let failed = |source| IdentityError::File { path: dir.clone(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir).map_err(failed)?;
        ensure_certificate(&dir.join(format!("{name}.pem")), role, authority, None)
    }
}

/// As [`NodeDir::certificate`], at any path. With `reader` the file is readable by that group
/// (0640), for supervised programs that run as another user; that needs the right to give files
/// away.
///
/// # Errors
/// The certificate cannot be made, written or handed over.
pub fn ensure_certificate(
    path: &Path,
    role: &Role,
    authority: &Authority,
    reader: Option<RunAs>,
) -> Result<Issued, IdentityError> {
    let failed = |source| IdentityError::File { path: path.to_owned(), source };
    if let Some(issued) = read_pem(path).map_err(failed)?
        && still_good(&issued, role, authority)
    {
        return Ok(issued);
    }
    let issued = authority.issue(role)?;
    let pem = Secret::new(format!("{}{}", issued.cert_pem, issued.key_pem.expose()));
    write_for(path, pem.expose().as_bytes(), reader).map_err(failed)?;
    Ok(issued)
}

/// Writes a secret file: 0600, or 0640 for the group of `reader`.
pub(super) fn write_for(path: &Path, bytes: &[u8], reader: Option<RunAs>) -> io::Result<()> {
    let Some(reader) = reader else { return atomic_file::write(path, bytes, 0o600) };
    // Its final owner before its final name: a reader never meets a file it may not read.
    let prepared = path.with_extension("new");
    atomic_file::write(&prepared, bytes, 0o600)?;
    rustix::fs::chown(&prepared, None, Some(rustix::fs::Gid::from_raw(reader.gid)))?;
    rustix::fs::chmod(&prepared, rustix::fs::Mode::from_raw_mode(0o640))?;
    fs::rename(&prepared, path)?;
    atomic_file::sync_dir(path.parent().unwrap_or(Path::new(".")))
}

fn read_pem(path: &Path) -> io::Result<Option<Issued>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Secret::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(at) = text.expose().find("-----BEGIN PRIVATE KEY") else { return Ok(None) };
    let (cert_pem, key_pem) = text.expose().split_at(at);
    let key_pem = Secret::new(key_pem.to_owned());
    Ok(Some(Issued { cert_pem: cert_pem.to_owned(), key_pem }))
}

fn still_good(issued: &Issued, role: &Role, authority: &Authority) -> bool {
    let Ok(der) = super::ca::parse_certificate(&issued.cert_pem) else { return false };
    let Some((_, until)) = cert::validity(&der) else { return false };
    let now = i64::try_from(clock::now_unix_ms() / 1000).unwrap_or(i64::MAX);
    let third = i64::try_from(LEAF_LIFE.as_secs() / 3).unwrap_or(0);
    until - now > third
        && authority.names(role) == cert::names(&der)
        && authority.has_issued(&der)
        && super::tls::private_key(issued).is_ok()
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, IdentityError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(IdentityError::File { path: path.to_owned(), source }),
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|source| IdentityError::Damaged { path: path.to_owned(), source })
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), IdentityError> {
    let failed = |source| IdentityError::File { path: path.to_owned(), source };
    let bytes = serde_json::to_vec_pretty(value).map_err(io::Error::other).map_err(failed)?;
    atomic_file::write(path, &bytes, 0o600).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_keeps_its_id_and_a_wiped_one_is_new() {
        let dir = tempfile::tempdir().unwrap();
        let id = NodeDir::open(dir.path()).unwrap().node_id();
        assert_eq!(NodeDir::open(dir.path()).unwrap().node_id(), id);
        let wiped = tempfile::tempdir().unwrap();
        assert_ne!(NodeDir::open(wiped.path()).unwrap().node_id(), id);
    }

    #[test]
    fn a_lost_node_file_beside_data_is_never_minted_again() {
        let dir = tempfile::tempdir().unwrap();
        atomic_file::write(&dir.path().join("state.redb"), b"", 0o600).unwrap();
        assert!(matches!(NodeDir::open(dir.path()), Err(IdentityError::Lost { .. })));
    }

    #[test]
    fn a_directory_belongs_to_one_cluster() {
        let dir = tempfile::tempdir().unwrap();
        let node = NodeDir::open(dir.path()).unwrap();
        node.bind_to_cluster("one").unwrap();
        node.bind_to_cluster("one").unwrap();
        let other = node.bind_to_cluster("two");
        assert!(matches!(other, Err(IdentityError::Foreign { .. })));
    }

    #[test]
    fn a_certificate_is_kept_until_its_names_or_its_ca_change() {
        let dir = tempfile::tempdir().unwrap();
        let node = NodeDir::open(dir.path()).unwrap();
        let authority = Authority::create("ab12").unwrap();
        let role = |last| Role::Component { addresses: vec![[10, 0, 0, last].into()] };
        let first = node.certificate("component", &role(1), &authority).unwrap();
        let again = node.certificate("component", &role(1), &authority).unwrap();
        assert_eq!(first.cert_pem, again.cert_pem);
        assert_eq!(first.key_pem.expose(), again.key_pem.expose());
        let moved = node.certificate("component", &role(2), &authority).unwrap();
        assert_ne!(first.cert_pem, moved.cert_pem);
        let other = Authority::create("ab12").unwrap();
        let reissued = node.certificate("component", &role(2), &other).unwrap();
        assert_ne!(moved.cert_pem, reissued.cert_pem);
    }
}
