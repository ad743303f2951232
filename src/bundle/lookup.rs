//! Where `up` looks for components, in order: the bundle inside the binary; the files named with
//! `--bundle` and `*.wkb` beside the binary or in the data directory. Blobs of peers follow once
//! there is a cluster ([`Library::missing`]), upstream only with `--online`.

use super::{
    embed,
    error::{BundleError, Result},
    library::{ImportReport, Library},
    sign::Trust,
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The binary that may carry a bundle; `None` = the one that runs now.
    pub binary: Option<PathBuf>,
    /// `--bundle`: one that cannot be used is an error.
    pub named: Vec<PathBuf>,
    /// Folders whose `*.wkb` are taken; one that cannot be used is reported and passed over.
    pub folders: Vec<PathBuf>,
}

/// What one bundle brought, or why it was passed over.
#[derive(Debug)]
pub struct Found {
    /// Path, for people.
    pub bundle: String,
    /// What came of it.
    pub outcome: Result<ImportReport>,
}

/// Imports what is found and believed under `trust`, in order; an empty list means that there is
/// no bundle on this machine. Blocking.
///
/// # Errors
/// Those of a bundle that was named, or that is inside the binary; but one signed by nobody who
/// is trusted is only reported, since that key may become trusted.
pub fn import_all(library: &Library, places: &Places, trust: &Trust) -> Result<Vec<Found>> {
    let library = library.with_trust(trust.clone());
    let mut found = Vec::new();
    let binary = places.binary.clone().unwrap_or_else(|| PathBuf::from("/proc/self/exe"));
    let embedded = embed::of(&binary, trust)
        .and_then(|bundle| bundle.map(|mut b| library.import_bundle(&mut b, false)).transpose());
    if let Some(outcome) = embedded.transpose() {
        let outcome = trusted_or_error(outcome)?;
        found.push(Found { bundle: "inside the binary".to_owned(), outcome });
    }
    for path in &places.named {
        let outcome = trusted_or_error(library.import(path, false))?;
        found.push(Found { bundle: path.display().to_string(), outcome });
    }
    for path in places.folders.iter().flat_map(|folder| bundles_in(folder)) {
        let outcome = library.import(&path, false);
        found.push(Found { bundle: path.display().to_string(), outcome });
    }
    Ok(found)
}

fn trusted_or_error(outcome: Result<ImportReport>) -> Result<Result<ImportReport>> {
    match outcome {
        Err(error) if !matches!(error, BundleError::Untrusted { .. }) => Err(error),
        other => Ok(other),
    }
}

/// The files that [`import_all`] would read besides the binary, with size and time: equal ones
/// need no second look.
#[must_use]
pub fn files(places: &Places) -> Vec<(PathBuf, u64, SystemTime)> {
    let named = places.named.iter().cloned();
    let paths = named.chain(places.folders.iter().flat_map(|folder| bundles_in(folder)));
    paths
        .filter_map(|path| {
            let meta = fs::metadata(&path).ok()?;
            Some((path, meta.len(), meta.modified().ok()?))
        })
        .collect()
}

/// The `*.wkb` of a folder, sorted by name; none when it cannot be read.
fn bundles_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_bundle = |path: &PathBuf| path.extension().is_some_and(|ext| ext == "wkb");
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).filter(is_bundle).collect();
    paths.sort();
    paths
}

impl Found {
    /// The file's name, or where else it was.
    #[must_use]
    pub fn name(&self) -> &str {
        self.bundle.rsplit('/').next().unwrap_or_default()
    }

    /// One line for the log or the terminal.
    #[must_use]
    pub fn summary(&self) -> String {
        match &self.outcome {
            Ok(report) => format!(
                "{}: {} added, {} present, {} older",
                self.bundle,
                report.added.len(),
                report.present.len(),
                report.older.len()
            ),
            Err(error) => describe(&self.bundle, error),
        }
    }
}

fn describe(bundle: &str, error: &BundleError) -> String {
    format!("{bundle} passed over: {}", crate::base::error_chain::ErrorChain(error))
}
