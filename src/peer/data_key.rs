//! The cluster's data key and the file that holds it: `secret.key`, 0600, outside the data
//! directory, so that a copy of the data directory alone opens nothing.
//!
//! The file has one line a cluster, `CLUSTER_ID BASE64`. Lines are only ever added: forming a new
//! cluster can never destroy the key of an old one.

use crate::base::{atomic_file, redact::Secret};
use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit, Payload},
};
use data_encoding::BASE64;
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

const NONCE: usize = 24;

/// 256 random bits that seal what the cluster keeps secret.
#[derive(Debug, Clone)]
pub struct DataKey(Secret<Vec<u8>>);

/// Why a key or a sealed value cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key file cannot be read or written.
    #[error("cannot use the key file {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the key file.
    #[error("the key file {path} is readable by others: chmod 600 it")]
    Open {
        /// Which file.
        path: PathBuf,
    },
    /// A line is damaged.
    #[error("line {line} of the key file {path} is no `CLUSTER_ID BASE64` pair")]
    Line {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// The file holds another key for this cluster.
    #[error(
        "the key file {path} holds another key for cluster {cluster_id}: restore the right one"
    )]
    Conflict {
        /// Which file.
        path: PathBuf,
        /// Which cluster.
        cluster_id: String,
    },
    /// No key for this cluster.
    #[error(
        "the key file {path} holds no key for cluster {cluster_id}: copy the file of another node"
    )]
    Missing {
        /// Which file.
        path: PathBuf,
        /// Which cluster.
        cluster_id: String,
    },
    /// Not sealed with this key for this purpose, or damaged.
    #[error("a sealed value ({purpose}) does not open: wrong key file, or damaged")]
    Sealed {
        /// What it was for.
        purpose: String,
    },
    /// The system gave no randomness.
    #[error("the system gave no randomness")]
    Random(#[source] getrandom::Error),
}

impl DataKey {
    /// Mints a key.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn mint() -> Result<Self, KeyError> {
        let mut bytes = vec![0u8; 32];
        getrandom::fill(&mut bytes).map_err(KeyError::Random)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// From base64 of 32 bytes.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self(Secret::new(bytes)))
    }

    /// As base64, for the key file and for a peer that has proven itself.
    #[must_use]
    pub fn to_base64(&self) -> Secret<String> {
        Secret::new(BASE64.encode(self.0.expose()))
    }

    /// Seals `plain` for `purpose`; base64 text that only [`Self::unseal`] with the same purpose
    /// opens.
    ///
    /// # Errors
    /// [`KeyError::Random`], or [`KeyError::Sealed`] for more than 256 GiB.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String, KeyError> {
        let mut nonce = [0u8; NONCE];
        getrandom::fill(&mut nonce).map_err(KeyError::Random)?;
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = self
            .cipher()
            .encrypt(&nonce.into(), payload)
            .map_err(|_| KeyError::Sealed { purpose: purpose.to_owned() })?;
        Ok(BASE64.encode(&[&nonce[..], &sealed].concat()))
    }

    /// Opens what [`Self::seal`] made.
    ///
    /// # Errors
    /// [`KeyError::Sealed`].
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Result<Secret<Vec<u8>>, KeyError> {
        let refused = || KeyError::Sealed { purpose: purpose.to_owned() };
        let bytes = BASE64.decode(sealed.trim().as_bytes()).map_err(|_| refused())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or_else(refused)?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        let plain = self.cipher().decrypt(&(*nonce).into(), payload).map_err(|_| refused())?;
        Ok(Secret::new(plain))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new_from_slice(self.0.expose()).expect("a data key has 32 bytes")
    }
}

/// The key file. Cheap to clone; nothing is cached.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The file at `path`; need not exist yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key of a cluster. Blocking.
    ///
    /// # Errors
    /// [`KeyError::Missing`] and all that reading can bring.
    pub fn get(&self, cluster_id: &str) -> Result<DataKey, KeyError> {
        let text = self.read()?;
        for (position, line) in text.expose().lines().enumerate() {
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next()) {
                (None, ..) => {}
                (Some(comment), ..) if comment.starts_with('#') => {}
                (Some(id), Some(key), None) => {
                    let key = DataKey::from_base64(key)
                        .ok_or(KeyError::Line { path: self.path.clone(), line: position + 1 })?;
                    if id == cluster_id {
                        return Ok(key);
                    }
                }
                _ => {
                    return Err(KeyError::Line { path: self.path.clone(), line: position + 1 });
                }
            }
        }
        Err(KeyError::Missing { path: self.path.clone(), cluster_id: cluster_id.to_owned() })
    }

    /// Adds the key of a cluster; the same key once more is fine. Blocking; synced to disk.
    ///
    /// # Errors
    /// [`KeyError::Conflict`] and all that reading and writing can bring.
    pub fn add(&self, cluster_id: &str, key: &DataKey) -> Result<(), KeyError> {
        match self.get(cluster_id) {
            Ok(there) if there.0.expose() == key.0.expose() => return Ok(()),
            Ok(_) => {
                let cluster_id = cluster_id.to_owned();
                return Err(KeyError::Conflict { path: self.path.clone(), cluster_id });
            }
            Err(KeyError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        let failed = |source| KeyError::File { path: self.path.clone(), source };
        if let Some(dir) = self.path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
        }
        let old = self.read()?;
        let mut text = old.expose().clone();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("{cluster_id} {}\n", key.to_base64().expose()));
        let text = Secret::new(text);
        atomic_file::write(&self.path, text.expose().as_bytes(), 0o600).map_err(failed)
    }

    /// The text; empty when there is no file.
    fn read(&self) -> Result<Secret<String>, KeyError> {
        let failed = |source| KeyError::File { path: self.path.clone(), source };
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Secret::default()),
            Err(error) => return Err(failed(error)),
            Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
                return Err(KeyError::Open { path: self.path.clone() });
            }
            Ok(_) => {}
        }
        fs::read_to_string(&self.path).map(Secret::new).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_with_its_key_and_purpose() {
        let (key, other) = (DataKey::mint().unwrap(), DataKey::mint().unwrap());
        let sealed = key.seal("ca key", b"hello").unwrap();
        assert_eq!(key.unseal("ca key", &sealed).unwrap().expose(), b"hello");
        assert!(key.unseal("mail password", &sealed).is_err());
        assert!(other.unseal("ca key", &sealed).is_err());
        let mut bent = sealed.into_bytes();
        bent[40] = if bent[40] == b'A' { b'B' } else { b'A' };
        assert!(key.unseal("ca key", std::str::from_utf8(&bent).unwrap()).is_err());
    }

    #[test]
    fn adding_a_key_never_destroys_another() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::new(dir.path().join("etc/secret.key"));
        let (one, two) = (DataKey::mint().unwrap(), DataKey::mint().unwrap());
        assert!(matches!(file.get("one"), Err(KeyError::Missing { .. })));
        file.add("one", &one).unwrap();
        file.add("two", &two).unwrap();
        file.add("one", &one).unwrap();
        assert!(matches!(file.add("one", &two), Err(KeyError::Conflict { .. })));
        assert_eq!(file.get("one").unwrap().0.expose(), one.0.expose());
        assert_eq!(file.get("two").unwrap().0.expose(), two.0.expose());
        let mode = fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret.key");
        atomic_file::write(&path, b"", 0o644).unwrap();
        assert!(matches!(KeyFile::new(path).get("one"), Err(KeyError::Open { .. })));
    }
}
