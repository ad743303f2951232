//! Where this machine's components come from: the bundle inside the binary, the one named with
//! `--bundle`, and `*.wkb` beside the binary or in the data directory. Looked at when the node
//! starts, and again when the cluster's trusted keys or those files change.

use super::{components::ComponentsError, conf::BundleConf, notes::Notes};
use crate::{
    bundle::{BundleError, Library, PublicKey, Trust, lookup},
    model::{Kind, cluster::DeclaredState, spec::Settings},
};
use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The code of a bundle that is not taken.
const REFUSED: &str = "WK-3020";

/// The places, and what was there when we last looked.
#[derive(Debug, Clone)]
pub struct Sources {
    places: lookup::Places,
    /// Keys of flags and conf file, and the release keys.
    own: Trust,
    seen: Option<Seen>,
}

/// Something other than this is worth another look.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    keys: Vec<PublicKey>,
    files: Vec<(PathBuf, u64, SystemTime)>,
}

impl Sources {
    /// The places of a node with this data directory and conf.
    ///
    /// # Errors
    /// A key that is none.
    pub fn new(data_dir: &Path, conf: &BundleConf) -> Result<Self, ComponentsError> {
        let beside_binary =
            std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
        let places = lookup::Places {
            binary: None,
            named: conf.file.clone().into_iter().collect(),
            folders: beside_binary.into_iter().chain([data_dir.to_owned()]).collect(),
        };
        Ok(Self { places, own: super::components::trust(conf)?, seen: None })
    }

    /// Whom this node believes when the cluster believes `cluster` besides.
    #[must_use]
    pub fn trust(&self, cluster: &[PublicKey]) -> Trust {
        let mut trust = self.own.clone();
        trust.keys.extend(cluster.iter().filter(|key| !self.own.keys.contains(key)).cloned());
        trust
    }

    /// Imports what is there, unless nothing changed since the last look. Says whether there is
    /// more than before. A bundle signed by a key that is not trusted is noted and waits for
    /// that; so it is no error even where it was named. Blocking.
    ///
    /// # Errors
    /// Those of a bundle that was named, or is inside the binary, and is not usable at all.
    pub fn look(
        &mut self,
        library: &Library,
        cluster: &[PublicKey],
        notes: &Notes,
    ) -> Result<bool, BundleError> {
        let now = Seen { keys: cluster.to_vec(), files: lookup::files(&self.places) };
        if self.seen.as_ref() == Some(&now) {
            return Ok(false);
        }
        let found = lookup::import_all(library, &self.places, &self.trust(cluster))?;
        let mut refused = Vec::new();
        for found in &found {
            if found.outcome.is_ok() {
                tracing::info!(bundle = found.summary(), "bundle");
            } else {
                tracing::warn!(bundle = found.summary(), "bundle");
                let object = format!("bundle/{}", found.name());
                notes.set(&object, Some((REFUSED, found.summary())));
                refused.push(object);
            }
        }
        notes.keep("bundle/", &refused);
        self.seen = Some(now);
        Ok(found.iter().any(|f| f.outcome.as_ref().is_ok_and(|report| !report.added.is_empty())))
    }
}

/// The keys that the cluster trusts besides those of each node: `settings.bundles.trusted_keys`.
#[must_use]
pub fn cluster_keys(state: &DeclaredState) -> Vec<PublicKey> {
    let settings = state.get(Kind::Settings, "default");
    let settings = settings.and_then(|settings| settings.spec_as::<Settings>().ok());
    let keys = settings.map(|settings| settings.bundles.trusted_keys).unwrap_or_default();
    // Checked when it was written; what a newer version wrote otherwise is not believed.
    keys.iter().filter_map(|text| text.parse().ok()).collect()
}
