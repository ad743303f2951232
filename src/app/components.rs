//! The programs this machine can run: what bundles brought, unpacked.

use super::{conf::BundleConf, notes::Notes, sources::Sources};
use crate::{
    base::error_chain::ErrorChain,
    bundle::{BundleError, Installed, Library, PublicKey, Trust},
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

/// What bundles brought to this machine.
pub struct Unpacked {
    /// All of it.
    pub library: Library,
    /// Where it came from.
    pub sources: Sources,
    /// The newest of each, unpacked.
    pub builds: BTreeMap<String, Build>,
}

/// Opens the library of a data directory, imports and unpacks what lies on this machine.
/// Blocking.
///
/// # Errors
/// A named bundle that cannot be used; one found beside the binary is only reported.
pub fn open(
    data_dir: &Path,
    conf: &BundleConf,
    notes: &Notes,
) -> Result<Unpacked, ComponentsError> {
    let mut sources = Sources::new(data_dir, conf)?;
    let library = Library::open(data_dir, sources.trust(&[]))?;
    sources.look(&library, &[], notes)?;
    let builds = builds(&library);
    Ok(Unpacked { library, sources, builds })
}

impl Unpacked {
    /// The same where the cluster's keys are trusted as well. Blocking.
    #[must_use]
    pub fn under(mut self, keys: &[PublicKey], notes: &Notes) -> Self {
        if keys.is_empty() {
            return self;
        }
        self.library = self.library.with_trust(self.sources.trust(keys));
        if let Err(error) = self.sources.look(&self.library, keys, notes) {
            tracing::warn!(error = %ErrorChain(&error), "bundles not looked at again");
        }
        self.builds = builds(&self.library);
        self
    }
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
