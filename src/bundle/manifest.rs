//! What a bundle says about itself: `manifest.json`, format 1.
//!
//! The manifest is what is signed, and it names every blob by sha256, so nothing in a bundle is
//! believed that does not follow from it. It holds no time: the same input gives the same bytes.

use super::{
    error::{BundleError, Result},
    sum,
};
use crate::model::Name;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// The list of what is in a bundle. Items are sorted by (name, version, arch) and unique in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// 1. A higher one is refused, a higher field of the same format is ignored.
    pub format: u32,
    /// May be empty.
    pub items: Vec<Item>,
}

/// One blob and what to do with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Catalogue name: `prometheus`, `node_exporter`.
    pub name: Name,
    /// As its origin spells it: `3.5.3+ds1-6`.
    pub version: String,
    /// For which machines.
    pub arch: Arch,
    /// What it is.
    pub kind: ItemKind,
    /// Length of the blob in bytes.
    pub size: u64,
    /// Sum of the blob, lower-case hex.
    pub sha256: String,
    /// SPDX expression.
    pub licence: String,
    /// Where it was taken from, and by which sum.
    pub source: Source,
    /// Member of the bundle: `blobs/<sha256>`.
    pub path: String,
    /// How to unpack and use it.
    pub install: Install,
}

/// Machine architectures, in the words of Go and Debian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arch {
    /// x86-64.
    Amd64,
    /// 64-bit ARM.
    Arm64,
    /// Runs everywhere, or does not run.
    Any,
}

/// Kinds of bundle items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// A supervised program.
    Component,
    /// Something that exports metrics.
    Exporter,
    /// Everything to monitor one kind of thing.
    Pack,
    /// Watchkeep itself.
    Binary,
}

/// Origin of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "lowercase")]
pub enum Source {
    /// Packages of a Debian suite, repacked; sums from the signed index.
    Debian {
        /// `forky`
        suite: String,
        /// Base URL.
        mirror: String,
        /// In catalogue order.
        packages: Vec<DebianPackage>,
    },
    /// The project's own release archive, as it is.
    Upstream {
        /// Whole URL.
        url: String,
    },
    /// A file or directory that somebody had on disk.
    Path {
        /// Its last component.
        file: String,
    },
}

/// One package that went into an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebianPackage {
    /// `prometheus-alertmanager`
    pub name: String,
    /// `0.33.1-5`
    pub version: String,
    /// Of the `.deb`.
    pub sha256: String,
}

/// From blob to programs. All paths are relative to the unpacked tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Install {
    /// Leading path components to drop while unpacking.
    #[serde(default)]
    pub strip: u32,
    /// Our name of a program → its path.
    pub programs: BTreeMap<String, String>,
    /// Directories the programs expect at a fixed place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binds: Vec<TreeBind>,
    /// What this build lacks or needs: `no_ui`, `no_consul_sd`, `needs_glibc_2.34`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub traits: BTreeSet<String>,
}

/// A directory of the tree that programs expect at a fixed place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeBind {
    /// In the tree.
    pub source: String,
    /// Absolute.
    pub target: String,
}

impl Arch {
    /// This machine's; `Any` on one that no component is built for.
    #[must_use]
    pub fn current() -> Self {
        match std::env::consts::ARCH {
            "x86_64" => Self::Amd64,
            "aarch64" => Self::Arm64,
            _ => Self::Any,
        }
    }

    /// Can this machine use an item for `self`?
    #[must_use]
    pub fn runs_here(self) -> bool {
        self == Self::Any || self == Self::current()
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
            Self::Any => "any",
        })
    }
}

impl std::str::FromStr for Arch {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "amd64" => Ok(Self::Amd64),
            "arm64" => Ok(Self::Arm64),
            _ => Err(format!("`{text}` is no architecture: amd64 or arm64")),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Debian { suite, packages, .. } => {
                write!(f, "debian {suite}:")?;
                packages.iter().try_for_each(|p| write!(f, " {}_{}", p.name, p.version))
            }
            Self::Upstream { url } => f.write_str(url),
            Self::Path { file } => write!(f, "file {file}"),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.name, self.version, self.arch)
    }
}

impl Manifest {
    /// A manifest of these items, sorted.
    ///
    /// # Errors
    /// As [`Manifest::parse`].
    pub fn new(mut items: Vec<Item>) -> Result<Self> {
        items.sort_by(|a, b| key(a).cmp(&key(b)));
        let manifest = Self { format: 1, items };
        manifest.check().map_err(BundleError::Build)?;
        Ok(manifest)
    }

    /// Reads and checks `manifest.json` of the bundle called `bundle`.
    ///
    /// # Errors
    /// `Malformed`: no JSON of this format, or an item that breaks a rule of its type.
    pub fn parse(bundle: &str, bytes: &[u8]) -> Result<Self> {
        let malformed = |reason| BundleError::Malformed { bundle: bundle.to_owned(), reason };
        let manifest: Self = serde_json::from_slice(bytes)
            .map_err(|error| malformed(format!("its manifest cannot be read: {error}")))?;
        manifest.check().map_err(malformed)?;
        Ok(manifest)
    }

    /// The bytes that are signed and stored.
    ///
    /// # Errors
    /// Never in practice: the types serialise.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| BundleError::Build(format!("manifest: {error}")))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Distinct blobs with their sizes in bytes, sorted by sum.
    #[must_use]
    pub fn blobs(&self) -> BTreeMap<&str, u64> {
        self.items.iter().map(|item| (item.sha256.as_str(), item.size)).collect()
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.format != 1 {
            return Err(format!("it has format {}, this program reads format 1", self.format));
        }
        let mut sizes = BTreeMap::new();
        for item in &self.items {
            item.check().map_err(|reason| format!("item {item}: {reason}"))?;
            if *sizes.entry(&item.sha256).or_insert(item.size) != item.size {
                return Err(format!("item {item}: blob {} has two sizes", item.sha256));
            }
        }
        match self.items.windows(2).find(|pair| key(&pair[0]) >= key(&pair[1])) {
            Some(pair) => Err(format!("item {} is out of order or there twice", pair[1])),
            None => Ok(()),
        }
    }
}

fn key(item: &Item) -> (&str, &str, Arch) {
    (item.name.as_str(), &item.version, item.arch)
}

impl Item {
    fn check(&self) -> std::result::Result<(), String> {
        let version_char = |c: char| c.is_ascii_alphanumeric() || "+-.~:_".contains(c);
        if self.version.is_empty()
            || self.version.len() > 64
            || !self.version.chars().all(version_char)
        {
            return Err("its version is not 1 to 64 of A-Z a-z 0-9 + - . ~ : _".to_owned());
        }
        if !sum::is_sum(&self.sha256) || self.path != format!("blobs/{}", self.sha256) {
            return Err("its path is not blobs/<sha256>".to_owned());
        }
        let tree_paths =
            self.install.programs.values().chain(self.install.binds.iter().map(|b| &b.source));
        for path in tree_paths {
            super::unpack::tree_path(path.as_bytes(), 0)?
                .ok_or_else(|| format!("`{path}` is not a path inside the tree"))?;
        }
        match self.install.binds.iter().find(|bind| !is_absolute(&bind.target)) {
            Some(bind) => {
                Err(format!("bind target `{}` is not a plain absolute path", bind.target))
            }
            None => Ok(()),
        }
    }
}

fn is_absolute(path: &str) -> bool {
    path.strip_prefix('/')
        .is_some_and(|rest| matches!(super::unpack::tree_path(rest.as_bytes(), 0), Ok(Some(_))))
}
