//! Values of secrets: sealed under the cluster's data key in private rows, opened only where a
//! channel signs in. There is no way to read one back through the API.
//!
//! A value belongs to one life of its object: a secret that is deleted and made again under its
//! name has no value until one is set. Rows without an object are swept by [`super::housekeeping`].

use super::{
    book::{decode, encode},
    channel::SecretValue,
    cluster::Cluster,
};
use crate::{
    base::redact::Secret,
    model::{Kind, Name, UnixMs, cluster::DeclaredState, resource::Key},
    store::command::{Change, Precondition, Space},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest value, in bytes.
pub const MAX_BYTES: usize = 16 << 10;

/// Seals and opens bytes for a purpose; supplied by whoever holds the data key. Errors are for
/// people and never hold the value.
pub trait Seal: Send + Sync + 'static {
    /// Text that only [`Self::open`] with the same purpose opens.
    ///
    /// # Errors
    /// In words.
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String, String>;

    /// What [`Self::seal`] was given.
    ///
    /// # Errors
    /// In words.
    fn open(&self, purpose: &str, sealed: &str) -> Result<Secret<Vec<u8>>, String>;
}

/// Why a value was not sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// There is no such object.
    #[error("there is no secret `{0}`: make it first")]
    Missing(String),
    /// Empty, or longer than [`MAX_BYTES`].
    #[error("the value must have 1 to {MAX_BYTES} bytes")]
    Length,
    /// Sealing failed.
    #[error("the value cannot be sealed: {0}")]
    Seal(String),
}

/// Row of [`Space::Secret`].
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    v: u8,
    /// When the object was made that this is the value of.
    created: UnixMs,
    sealed: String,
    /// Who set it, and of which project it was then.
    #[serde(flatten)]
    giver: Giver,
}

/// Who knows a value, and may therefore decide where it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Giver {
    /// Who set it; empty where that was not written down yet.
    #[serde(default)]
    pub actor: String,
    /// The project that the secret was of.
    #[serde(default)]
    pub project: Option<String>,
}

impl Giver {
    /// Of a row of [`Space::Secret`]; nobody's if it cannot be read.
    #[must_use]
    pub fn of(row: &[u8]) -> Self {
        decode::<Row>(row, "secret").map(|row| row.giver).unwrap_or_default()
    }
}

/// Bytes of a row of [`Space::Secret`].
pub(crate) fn row(created: UnixMs, sealed: String, giver: Giver) -> Bytes {
    encode(&Row { v: 1, created, sealed, giver })
}

/// Seals and opens values. Cheap to clone.
#[derive(Clone)]
pub struct Secrets {
    cluster: Arc<dyn Cluster>,
    seal: Arc<dyn Seal>,
}

impl Secrets {
    pub(super) fn new(cluster: Arc<dyn Cluster>, seal: Arc<dyn Seal>) -> Self {
        Self { cluster, seal }
    }

    /// The write that sets a value in the name of `by`.
    ///
    /// # Errors
    /// There is no such secret, or the value cannot be kept.
    pub fn put(
        &self,
        name: &str,
        value: &Secret<String>,
        by: &str,
    ) -> Result<(Precondition, Change), SecretError> {
        if value.expose().is_empty() || value.expose().len() > MAX_BYTES {
            return Err(SecretError::Length);
        }
        let missing = || SecretError::Missing(name.to_owned());
        let name: Name = name.parse().map_err(|_| missing())?;
        let state = self.cluster.state();
        let object = state.get(Kind::Secret, name.as_str()).ok_or_else(missing)?;
        let sealed = self
            .seal
            .seal(&purpose(name.as_str()), value.expose().as_bytes())
            .map_err(SecretError::Seal)?;
        let project = object.spec.get("project").and_then(|project| project.as_str());
        let giver = Giver { actor: by.to_owned(), project: project.map(str::to_owned) };
        let row = row(object.created, sealed, giver);
        let change = Change::PutRow(Space::Secret, name.to_string().into(), row);
        Ok((Precondition::Exists(Key { kind: Kind::Secret, name }), change))
    }

    /// Opens values as they are when asked.
    #[must_use]
    pub fn source(&self) -> SecretValue {
        let own = self.clone();
        Arc::new(move |name| own.value(name))
    }

    fn value(&self, name: &str) -> Result<Secret<String>, String> {
        let state = self.cluster.state();
        let object = state.get(Kind::Secret, name);
        let object = object.ok_or_else(|| format!("there is no secret `{name}`"))?;
        let row = self.cluster.row(Space::Secret, name.as_bytes()).map_err(|e| e.to_string())?;
        let row = row
            .and_then(|(_, bytes)| decode::<Row>(&bytes, "secret"))
            .filter(|row| row.created == object.created)
            .ok_or_else(|| format!("secret `{name}` has no value yet"))?;
        let plain = self.seal.open(&purpose(name), &row.sealed)?;
        let text = String::from_utf8(plain.expose().clone());
        text.map(Secret::new).map_err(|_| format!("the value of secret `{name}` is no text"))
    }
}

fn purpose(name: &str) -> String {
    format!("secret/{name}")
}

/// Whether the row `key` belongs to no declared secret.
pub(super) fn is_orphan(state: &DeclaredState, key: &Bytes, row: &[u8]) -> bool {
    let object = std::str::from_utf8(key).ok().and_then(|name| state.get(Kind::Secret, name));
    let row = decode::<Row>(row, "secret");
    match (object, row) {
        (Some(object), Some(row)) => object.created != row.created,
        _ => true,
    }
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
