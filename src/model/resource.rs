//! The envelope that every declared object shares.

use super::{Kind, Name, UnixMs, label::Labels};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr, sync::Arc};

/// When an object last changed: the Raft log index of that write. Opaque to clients (a string
/// in JSON), ordered only by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Revision {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl Serialize for Revision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Revision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Which object: unique over the cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Its name within that kind.
    pub name: Name,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

/// One declared object with what the server knows of it. The same shape in JSON and YAML.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// Unique in its kind.
    pub name: Name,
    /// Free labels of the object itself, for selection (`--prune --label k=v`).
    #[serde(default)]
    pub labels: Labels,
    /// The declared content; its type is the kind's (see [`super::spec`]). Shared, not copied.
    pub spec: Arc<serde_json::Value>,
    /// Log index of the last change.
    pub revision: Revision,
    /// When it was first written.
    pub created: UnixMs,
    /// When it last changed.
    pub updated: UnixMs,
    /// Who made the last change.
    pub by: String,
}

impl Resource {
    /// Kind and name.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { kind: self.kind, name: self.name.clone() }
    }

    /// The spec as its type.
    ///
    /// # Errors
    /// A spec that does not have that shape: stored objects always have, since admission checks.
    pub fn spec_as<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&*self.spec)
    }
}

/// What a client declares: the envelope without the server's fields (accepted and ignored on
/// input, so that an export can be applied again).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Declared {
    /// What it is.
    pub kind: Kind,
    /// Unique in its kind.
    pub name: Name,
    /// Free labels of the object itself.
    #[serde(default)]
    pub labels: Labels,
    /// The declared content.
    pub spec: serde_json::Value,
}
