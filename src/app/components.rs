//! The programs this machine can run: what bundles brought, unpacked.

use super::conf::BundleConf;
use crate::{
    base::error_chain::ErrorChain,
    bundle::{BundleError, Installed, Library, PublicKey, Trust, lookup},
    render::Build,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Components that rendering knows, in the order in which they are worth having.
pub const KNOWN: [&str; 4] = ["prometheus", "alertmanager", "node_exporter", "blackbox_exporter"];

/// Why a node's components cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentsError {
    /// `--trust`
    #[error("`{text}` is no public key (`watchkeep bundle keygen` makes a pair)")]
    Key {
        /// As given.
        text: String,
        /// Why.
        source: BundleError,
    },
    /// A bundle or the library.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// Which bundles to believe.
///
/// # Errors
/// A key that is none.
pub fn trust(conf: &BundleConf) -> Result<Trust, ComponentsError> {
    let keys = conf
        .trust
        .iter()
        .map(|text| {
            text.parse::<PublicKey>()
                .map_err(|source| ComponentsError::Key { text: text.clone(), source })
        })
        .collect::<Result<_, _>>()?;
    Ok(Trust::release_and(keys, conf.allow_unsigned))
}

/// Opens the library of a data directory and imports what lies on this machine. Blocking.
///
/// # Errors
/// A named bundle that cannot be used; one found beside the binary is only reported.
pub fn open(data_dir: &Path, conf: &BundleConf) -> Result<Library, ComponentsError> {
    let trust = trust(conf)?;
    let library = Library::open(data_dir, trust.clone())?;
    let beside_binary =
        std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let places = lookup::Places {
        binary: None,
        named: conf.file.clone().into_iter().collect(),
        folders: beside_binary.into_iter().chain([data_dir.to_owned()]).collect(),
    };
    for found in lookup::import_all(&library, &places, &trust)? {
        tracing::info!(bundle = found.summary(), "bundle");
    }
    Ok(library)
}

/// Unpacks the newest build of every known component. One that cannot be unpacked is reported
/// and left out. Blocking.
#[must_use]
pub fn builds(library: &Library) -> BTreeMap<String, Build> {
    KNOWN
        .iter()
        .filter_map(|name| match library.install(name) {
            Ok(installed) => Some(((*name).to_owned(), build(installed?))),
            Err(error) => {
                tracing::error!(component = name, error = %ErrorChain(&error), "cannot be unpacked");
                None
            }
        })
        .collect()
}

fn build(installed: Installed) -> Build {
    let programs: BTreeMap<String, PathBuf> = installed.programs;
    Build { version: installed.version, programs, binds: installed.binds, traits: installed.traits }
}
