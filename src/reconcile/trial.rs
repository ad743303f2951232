//! Runs a check over files that are only there for it.

use super::{
    checker::{Checkers, not_run},
    tree,
};
use crate::{admission::CheckFailure, base::error_chain::ErrorChain, render::Trial};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// Folder of trials beside the components; what a crash left in it goes at the next trial.
const FOLDER: &str = ".trials";

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// The written tree; dropping it removes it.
struct Staged(PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Checkers {
    /// Writes the files of `trial` to a folder of their own, runs its check, gives back what it
    /// said, and removes them. Cancelling removes them, too.
    ///
    /// # Errors
    /// [`CheckFailure`].
    pub async fn try_out(&self, trial: &Trial) -> Result<String, CheckFailure> {
        let check = &trial.check;
        let components = self.components_dir().ok_or_else(|| CheckFailure::NotRun {
            check: check.name.clone(),
            reason: "no component is installed yet".to_owned(),
        })?;
        let files = trial.files.clone();
        let staged = tokio::task::spawn_blocking(move || stage(&components, &files))
            .await
            .map_err(|error| not_run(&check.name, &error))?
            .map_err(|error| not_run(&check.name, &error))?;
        self.run(check, &staged.0).await
    }
}

fn stage(
    components: &Path,
    files: &std::collections::BTreeMap<String, crate::render::File>,
) -> Result<Staged, tree::TreeError> {
    let folder = components.join(FOLDER);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    if number == 0
        && let Err(error) = std::fs::remove_dir_all(folder.join("generations"))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(error = %ErrorChain(&error), "old trials cannot be removed");
    }
    let name = format!("{}-{number}", std::process::id());
    tree::write_trial(&folder.join("generations").join(name), files).map(Staged)
}
