//! What was last verified to be live, kept over our own restart: which files, which process spec.
//!
//! It is memory of an outcome, not intent: without it the same state is reached, but a first
//! look after a restart could not tell an unchanged program from one that must be taken over, and
//! a refused change would have nothing to go back to.

use super::plan::Version;
use crate::{base::atomic_file, model::process::ProcessSpec};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// One component as it last was good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What was live.
    pub version: Version,
    /// Its process.
    pub spec: ProcessSpec,
    /// Store index with which it became live.
    #[serde(default)]
    pub index: u64,
    /// Store index since which every newer version was refused; `None` = the newest is live.
    #[serde(default)]
    pub refused_since: Option<u64>,
}

/// The file `run/live.json`. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ledger {
    path: PathBuf,
    entries: Arc<Mutex<BTreeMap<String, Entry>>>,
}

impl Ledger {
    /// Reads the ledger; a missing or unreadable one is an empty one. Blocking.
    #[must_use]
    pub fn open(path: &Path) -> Self {
        let entries = std::fs::read(path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self { path: path.to_owned(), entries: Arc::new(Mutex::new(entries)) }
    }

    /// What was last good for a component.
    #[must_use]
    pub fn get(&self, component: &str) -> Option<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(component).cloned()
    }

    /// Notes since which index newer versions of a component are refused, if it ever was good.
    /// Blocking.
    ///
    /// # Errors
    /// The file cannot be written; the old one is whole.
    pub fn set_refused(&self, component: &str, since: Option<u64>) -> io::Result<()> {
        let Some(entry) = self.get(component) else { return Ok(()) };
        if entry.refused_since == since {
            return Ok(());
        }
        self.set(component, Some(Entry { refused_since: since, ..entry }))
    }

    /// Notes a new one, or with `None` that the component is gone. Blocking.
    ///
    /// # Errors
    /// The file cannot be written; the old one is whole.
    pub fn set(&self, component: &str, entry: Option<Entry>) -> io::Result<()> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        match entry {
            Some(entry) => entries.insert(component.to_owned(), entry),
            None => entries.remove(component),
        };
        let bytes = serde_json::to_vec_pretty(&*entries).map_err(io::Error::other)?;
        atomic_file::write(&self.path, &bytes, 0o600)
    }
}
