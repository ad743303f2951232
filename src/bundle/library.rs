//! What this node has: accepted items, their blobs, and the components unpacked from them.
//!
//! The folders are the truth and nothing is cached, so that `watchkeep bundle import` works
//! beside a running node. `DATA/blobs/items.json` lists what was accepted and under which key; a
//! row whose key is no longer trusted is not offered. All functions block: call them from
//! `spawn_blocking`.
//!
//! ```text
//! import: every blob staged and compared ─► published ─► items.json ─► install on first use
//! ```
//! A crash before `items.json` leaves blobs nobody refers to, which the next import adopts.

use super::{
    blobs::{self, Blobs},
    error::{BundleError, Result, io_error},
    install::{Installed, Store},
    manifest::{Item, Manifest},
    sign::Trust,
    version,
    wkb::{self, Bundle},
};
use crate::base::atomic_file;
use serde::{Deserialize, Serialize};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

/// An item that was accepted, as announced to the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The manifest row.
    #[serde(flatten)]
    pub item: Item,
    /// Id of the key whose signature it came under; absent = unsigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
}

/// What an import did; each list holds `name version arch`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Id of the key that signed the bundle; absent = unsigned.
    pub signer: Option<String>,
    /// New here.
    pub added: Vec<String>,
    /// Was here already.
    pub present: Vec<String>,
    /// Older than what is here, and left out.
    pub older: Vec<String>,
}

/// The node's bundles. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Library {
    index: PathBuf,
    blobs: Blobs,
    store: Store,
    trust: Trust,
}

#[derive(Serialize, Deserialize)]
struct Index {
    format: u32,
    items: Vec<Accepted>,
}

impl Library {
    /// Opens the library in a data directory, makes it if need be, sweeps what a crash left.
    ///
    /// # Errors
    /// `Io`.
    pub fn open(data_dir: &Path, trust: Trust) -> Result<Self> {
        let blobs = Blobs::open(&data_dir.join("blobs"))?;
        let lock = blobs.lock()?;
        let store = Store::open(&data_dir.join("components-store"))?;
        drop(lock);
        Ok(Self { index: data_dir.join("blobs/items.json"), blobs, store, trust })
    }

    /// The same library under other keys.
    #[must_use]
    pub fn with_trust(&self, trust: Trust) -> Self {
        Self { trust, ..self.clone() }
    }

    /// Takes the items of a bundle file. Items older than what is here are left out unless
    /// `allow_older`: an old signed bundle must not bring an old hole back.
    ///
    /// # Errors
    /// Those of [`Bundle::open`], and of its blobs; then nothing was taken.
    pub fn import(&self, path: &Path, allow_older: bool) -> Result<ImportReport> {
        self.import_bundle(&mut Bundle::open(path, &self.trust)?, allow_older)
    }

    /// As [`Library::import`], for a bundle that is open already.
    ///
    /// # Errors
    /// As [`Library::import`].
    pub fn import_bundle(&self, bundle: &mut Bundle, allow_older: bool) -> Result<ImportReport> {
        let _lock = self.blobs.lock()?;
        let mut rows = self.read_index()?;
        let mut report =
            ImportReport { signer: bundle.signer().map(str::to_owned), ..Default::default() };
        let mut wanted = Vec::new();
        for item in bundle.manifest().items.clone() {
            let row = Accepted { item, signer: report.signer.clone() };
            if rows.contains(&row) && self.blobs.has(&row.item.sha256, row.item.size) {
                report.present.push(row.item.to_string());
            } else if !allow_older && self.has_newer(&rows, &row.item) {
                report.older.push(row.item.to_string());
            } else {
                wanted.push(row);
            }
        }
        let mut staged = BTreeMap::new();
        for Accepted { item, .. } in &wanted {
            if !self.blobs.has(&item.sha256, item.size) && !staged.contains_key(&item.sha256) {
                let blob = self.blobs.stage(&item.sha256, |w| bundle.copy_blob(&item.sha256, w))?;
                staged.insert(item.sha256.clone(), blob);
            }
        }
        for blob in staged.into_values() {
            blob.publish()?;
        }
        report.added = wanted.iter().map(|row| row.item.to_string()).collect();
        add_rows(&mut rows, wanted);
        self.write_index(rows)?;
        Ok(report)
    }

    /// What may be used here and told to the cluster, sorted by name and version: rows under
    /// trusted keys whose blobs are here.
    ///
    /// # Errors
    /// `Io`; `Malformed` for a damaged `items.json`.
    pub fn items(&self) -> Result<Vec<Accepted>> {
        let mut rows = self.read_index()?;
        rows.retain(|row| {
            self.trust.accepts(row.signer.as_deref())
                && self.blobs.has(&row.item.sha256, row.item.size)
        });
        Ok(rows)
    }

    /// Of the cluster's items those that this machine could use and does not have.
    ///
    /// # Errors
    /// As [`Library::items`].
    pub fn missing(&self, cluster: &[Accepted]) -> Result<Vec<Accepted>> {
        let here = self.items()?;
        let wanted = |row: &&Accepted| {
            row.item.arch.runs_here()
                && self.trust.accepts(row.signer.as_deref())
                && !here.iter().any(|have| have.item.sha256 == row.item.sha256)
        };
        Ok(cluster.iter().filter(wanted).cloned().collect())
    }

    /// Takes one blob of an item the cluster vouches for, as a peer sends it.
    ///
    /// # Errors
    /// `WrongSum`, `Io`; then nothing was taken.
    pub fn add_blob(&self, row: Accepted, content: &mut dyn Read) -> Result<()> {
        let _lock = self.blobs.lock()?;
        let path = self.blobs.path(&row.item.sha256);
        self.blobs
            .stage(&row.item.sha256, |writer| blobs::copy_all(content, writer, &path))?
            .publish()?;
        let mut rows = self.read_index()?;
        add_rows(&mut rows, vec![row]);
        self.write_index(rows)
    }

    /// A blob to send to a peer, compared just now, from its beginning.
    ///
    /// # Errors
    /// Those of [`Blobs::open_checked`].
    pub fn open_blob(&self, sha256: &str) -> Result<fs::File> {
        self.blobs.open_checked(sha256)
    }

    /// Is there any version of a component for this machine?
    ///
    /// # Errors
    /// As [`Library::items`].
    pub fn has(&self, name: &str) -> Result<bool> {
        Ok(self.newest(name)?.is_some())
    }

    /// The newest version of a component for this machine, if it is unpacked already.
    ///
    /// # Errors
    /// As [`Library::items`].
    pub fn installed(&self, name: &str) -> Result<Option<Installed>> {
        Ok(self.newest(name)?.and_then(|item| self.store.get(&item)))
    }

    /// The newest version of a component for this machine, unpacked now if it was not; `None`
    /// when no bundle brought one.
    ///
    /// # Errors
    /// As [`Store::install`] and [`Library::items`].
    pub fn install(&self, name: &str) -> Result<Option<Installed>> {
        let Some(item) = self.newest(name)? else { return Ok(None) };
        if let Some(installed) = self.store.get(&item) {
            return Ok(Some(installed));
        }
        let _lock = self.blobs.lock()?;
        self.store.install(&self.blobs, &item).map(Some)
    }

    /// Writes everything that [`Library::items`] offers into an unsigned bundle.
    ///
    /// # Errors
    /// As [`wkb::write`].
    pub fn export(&self, to: &Path) -> Result<Manifest> {
        let items: Vec<Item> = self.items()?.into_iter().map(|row| row.item).collect();
        let files =
            items.iter().map(|item| (item.sha256.clone(), self.blobs.path(&item.sha256))).collect();
        let manifest = Manifest::new(items)?;
        wkb::write(to, &manifest, &files)?;
        Ok(manifest)
    }

    /// Removes all but the `keep` newest versions of each name and architecture, and blobs that
    /// nothing refers to; returns what went. Programs that run on are not disturbed: the system
    /// keeps their file until they end.
    ///
    /// # Errors
    /// `Io`.
    pub fn prune(&self, keep: usize) -> Result<Vec<String>> {
        let _lock = self.blobs.lock()?;
        let mut rows = self.read_index()?;
        rows.sort_by(|a, b| order(&b.item, &a.item));
        let mut counts = BTreeMap::new();
        let mut removed = Vec::new();
        rows.retain(|row| {
            let count = counts.entry((row.item.name.clone(), row.item.arch)).or_insert(0usize);
            *count += 1;
            if *count > keep {
                removed.push(row.item.to_string());
            }
            *count <= keep
        });
        let kept: BTreeSet<String> = rows.iter().map(|row| row.item.sha256.clone()).collect();
        self.write_index(rows)?;
        self.store.retain(|sha256| kept.contains(sha256))?;
        self.blobs.retain(|sha256| kept.contains(sha256))?;
        Ok(removed)
    }

    fn newest(&self, name: &str) -> Result<Option<Item>> {
        let rows = self.items()?.into_iter().map(|row| row.item);
        Ok(rows.filter(|i| i.name.as_str() == name && i.arch.runs_here()).max_by(order))
    }

    fn has_newer(&self, rows: &[Accepted], item: &Item) -> bool {
        rows.iter().any(|row| {
            row.item.name == item.name
                && row.item.arch == item.arch
                && self.trust.accepts(row.signer.as_deref())
                && version::compare(&row.item.version, &item.version) == Ordering::Greater
        })
    }

    fn read_index(&self) -> Result<Vec<Accepted>> {
        let bytes = match fs::read(&self.index) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io_error("read", &self.index)(error)),
        };
        let index: Index = serde_json::from_slice(&bytes).map_err(|error| {
            let reason = format!("{error}; remove the file and import the bundles again");
            BundleError::Malformed { bundle: self.index.display().to_string(), reason }
        })?;
        Ok(index.items)
    }

    fn write_index(&self, mut items: Vec<Accepted>) -> Result<()> {
        items.sort_by(|a, b| order(&a.item, &b.item));
        let bytes = serde_json::to_vec_pretty(&Index { format: 1, items })
            .map_err(|error| BundleError::Build(error.to_string()))?;
        atomic_file::write_if_changed(&self.index, &bytes, 0o644)
            .map(|_| ())
            .map_err(io_error("write", &self.index))
    }
}

/// By name, version, architecture; the sum decides between two builds of one version, the same
/// way on every node.
fn order(a: &Item, b: &Item) -> Ordering {
    let by_version = || version::compare(&a.version, &b.version);
    a.name
        .cmp(&b.name)
        .then_with(by_version)
        .then_with(|| (a.arch, &a.sha256).cmp(&(b.arch, &b.sha256)))
}

fn add_rows(rows: &mut Vec<Accepted>, new: Vec<Accepted>) {
    rows.retain(|row| !new.iter().any(|n| key(n) == key(row)));
    rows.extend(new);
}

fn key(row: &Accepted) -> (&str, &str, super::manifest::Arch, &str) {
    (row.item.name.as_str(), &row.item.version, row.item.arch, &row.item.sha256)
}

#[cfg(test)]
mod tests;
