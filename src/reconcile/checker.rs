//! Runs the build's own checkers over a candidate tree. What passed once on this node is not
//! run again: admission checks before a write is accepted, and the same bytes come back here a
//! moment later.

use super::{
    passed_alone::{Only, PassedAlone},
    tree,
};
use crate::{
    admission::{CheckFailure, Checker},
    model::NodeId,
    render::{Component, NodeFacts, Trial},
    supervise::Runner,
};
use futures_util::future::BoxFuture;
use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;

/// How many passed trees are remembered.
const REMEMBERED: usize = 64;

/// Shared by admission and the component tasks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Checkers {
    runner: Runner,
    node: NodeId,
    facts: watch::Receiver<Option<Arc<NodeFacts>>>,
    passed: Arc<Mutex<VecDeque<String>>>,
    alone: Arc<PassedAlone>,
}

impl Checker for Checkers {
    fn ground(&self) -> Option<(NodeId, NodeFacts)> {
        let facts = self.facts.borrow().as_deref().cloned()?;
        (!facts.builds.is_empty()).then_some((self.node, facts))
    }

    fn check<'a>(&'a self, component: &'a Component) -> BoxFuture<'a, Result<(), CheckFailure>> {
        Box::pin(Self::check(self, component))
    }

    fn try_out<'a>(&'a self, trial: &'a Trial) -> BoxFuture<'a, Result<String, CheckFailure>> {
        Box::pin(Self::try_out(self, trial))
    }
}

impl Checkers {
    /// Starts programs through `runner`, on this node and machine.
    #[must_use]
    pub fn new(
        runner: Runner,
        node: NodeId,
        facts: watch::Receiver<Option<Arc<NodeFacts>>>,
    ) -> Self {
        Self { runner, node, facts, passed: Arc::default(), alone: Arc::default() }
    }

    /// Runs all checks of `component` on a copy of its files. Nothing that is in use is touched.
    ///
    /// # Errors
    /// [`CheckFailure`].
    pub async fn check(&self, component: &Component) -> Result<(), CheckFailure> {
        let hash = tree::hash(&component.files);
        let key = format!("{} {} {hash}", component.name, component.version);
        if self.passed.lock().unwrap_or_else(PoisonError::into_inner).contains(&key) {
            return Ok(());
        }
        for check in &component.checks {
            let (files, fresh) = match self.alone.only(check, &component.files) {
                Only::Known => continue,
                Only::Fresh(file, hash) => (file, vec![hash]),
                Only::All => self.alone.stand_in(check, &component.files),
            };
            self.try_out(&Trial { files, check: check.clone() }).await?;
            self.alone.passed(fresh);
        }
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        passed.push_back(key);
        if passed.len() > REMEMBERED {
            passed.pop_front();
        }
        Ok(())
    }

    /// Folder of the components; `None` as long as nothing is known of the machine.
    pub(super) fn components_dir(&self) -> Option<PathBuf> {
        self.facts.borrow().as_deref().map(|facts| facts.components_dir.clone())
    }

    /// Runs one check over a written tree and gives what it said.
    pub(super) async fn run(
        &self,
        check: &crate::render::Check,
        staged: &Path,
    ) -> Result<String, CheckFailure> {
        let output = self
            .runner
            .run(check.run_once(staged))
            .await
            .map_err(|error| not_run(&check.name, &error))?;
        let words = format!("{}\n{}", output.stdout, output.stderr);
        let words = words.replace(&format!("{}/", staged.display()), "");
        if output.code == Some(0) {
            return Ok(words.trim().to_owned());
        }
        Err(CheckFailure::Refused { check: check.name.clone(), words: complaint(&words) })
    }
}

pub(super) fn not_run(check: &str, error: &dyn std::error::Error) -> CheckFailure {
    let reason = crate::base::error_chain::ErrorChain(error).to_string();
    CheckFailure::NotRun { check: check.to_owned(), reason }
}

/// The lines of a checker's output that say what is wrong, at most 4 KiB.
fn complaint(output: &str) -> String {
    let telling = output
        .lines()
        .map(str::trim)
        .filter(|line| {
            !line.is_empty() && !line.starts_with("SUCCESS") && !line.starts_with("Checking")
        })
        .collect::<Vec<_>>()
        .join("\n");
    telling.chars().take(4096).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_what_is_left_without_the_good_news() {
        let output = "Checking prometheus.yml\n SUCCESS: 1 rule files found\n\n  FAILED:\nrules/a.yml: 3:5: bad\n";
        assert_eq!(complaint(output), "FAILED:\nrules/a.yml: 3:5: bad");
    }
}
