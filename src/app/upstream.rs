//! `up --online`: components that neither this machine nor the cluster has are downloaded from
//! the projects' own sites, in the versions and by the sums of the catalogue in this binary. The
//! last place that is looked at. The leader goes first; what it announces the others fetch from
//! it, and download themselves only when nothing was announced for a while.

use super::{components, notes::Notes};
use crate::{
    base::{backoff::Backoff, error_chain::ErrorChain},
    bundle::{
        BundleError, Library,
        build::fetch_upstream,
        catalog::{self, Entry},
    },
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{runtime::Handle, time::Instant};

/// What notes are about, and their code.
const OBJECT: &str = "upstream";
const CODE: &str = "WK-3021";
/// How long a node that does not lead leaves it to the leader.
const LEAVE_IT: Duration = Duration::from_secs(60);

/// Downloads what is missing.
pub struct Upstream {
    entries: Vec<Entry>,
    cache: PathBuf,
    notes: Notes,
    /// Not before.
    next: Instant,
    backoff: Backoff,
    leave_it_until: Instant,
}

impl Upstream {
    /// Of this binary's catalogue; downloads lie in `cache` until they are taken.
    ///
    /// # Errors
    /// The catalogue is damaged: a bug.
    pub fn of_catalogue(cache: &Path, notes: Notes) -> Result<Self, BundleError> {
        let mut entries = catalog::entries()?;
        entries.retain(|entry| components::KNOWN.contains(&entry.name.as_str()));
        Ok(Self::new(entries, cache, notes))
    }

    fn new(entries: Vec<Entry>, cache: &Path, notes: Notes) -> Self {
        let now = Instant::now();
        let backoff = Backoff::new(Duration::from_secs(30), Duration::from_secs(600));
        let cache = cache.to_owned();
        Self { entries, cache, notes, next: now, backoff, leave_it_until: now + LEAVE_IT }
    }

    /// Tries to download what is not in `library` and not `announced` by anybody. Says whether
    /// something was added. What fails is noted, and tried again later.
    pub async fn round(
        &mut self,
        library: &Library,
        announced: &[String],
        leads: bool,
    ) -> Result<bool, BundleError> {
        let missing = self.missing(library, announced)?;
        if missing.is_empty() {
            self.notes.set(OBJECT, None);
            return Ok(false);
        }
        let now = Instant::now();
        if now < self.next || (!leads && now < self.leave_it_until) {
            return Ok(false);
        }
        let (mut n_added, mut failed) = (0, Vec::new());
        for entry in missing {
            let name = entry.name.clone();
            match self.fetch(library.clone(), entry).await {
                Ok(added) => n_added += added.len(),
                Err(error) => failed.push(format!("{name}: {}", ErrorChain(&error))),
            }
        }
        if failed.is_empty() {
            self.backoff.reset();
            self.notes.set(OBJECT, None);
        } else {
            let wait = self.backoff.next_wait();
            self.next = Instant::now() + wait;
            let message = format!(
                "not everything could be downloaded, next try in {wait:.0?}: {}; a bundle made \
                 elsewhere does as well",
                failed.join("; ")
            );
            tracing::warn!("{message}");
            self.notes.set(OBJECT, Some((CODE, message)));
        }
        Ok(n_added > 0)
    }

    fn missing(&self, library: &Library, announced: &[String]) -> Result<Vec<Entry>, BundleError> {
        let mut missing = Vec::new();
        for entry in &self.entries {
            let name = entry.name.as_str();
            if !announced.iter().any(|known| known == name) && !library.has(name)? {
                missing.push(entry.clone());
            }
        }
        Ok(missing)
    }

    /// On a thread of its own: comparing and unpacking block.
    async fn fetch(&self, library: Library, entry: Entry) -> Result<Vec<String>, BundleError> {
        let (cache, notes, runtime) = (self.cache.clone(), self.notes.clone(), Handle::current());
        let work = move || {
            let say = |text: &str| {
                tracing::info!(progress = text, "downloading from upstream");
                notes.set(OBJECT, Some((CODE, format!("downloading from upstream: {text}"))));
            };
            runtime.block_on(fetch_upstream(&library, &[entry], &cache, &say))
        };
        let fetched = tokio::task::spawn_blocking(work).await;
        fetched.unwrap_or_else(|ended| Err(BundleError::Build(ended.to_string())))
    }
}

/// Names of what somebody in the cluster has, for [`Upstream::round`].
#[must_use]
pub fn names(announced: &[crate::bundle::Accepted]) -> Vec<String> {
    let here = announced.iter().filter(|row| row.item.arch.runs_here());
    here.map(|row| row.item.name.to_string()).collect()
}

#[cfg(test)]
#[path = "upstream_tests.rs"]
mod tests;
