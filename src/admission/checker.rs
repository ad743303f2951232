//! The seam to those who can run the builds' own checkers (`reconcile`).

use crate::model::NodeId;
use crate::render::{Component, NodeFacts, Trial};
use futures_util::future::BoxFuture;

/// Why a candidate tree was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckFailure {
    /// The checker says no.
    #[error("{check}: {words}")]
    Refused {
        /// `promtool check config`
        check: String,
        /// Its output, with paths relative to the candidate tree.
        words: String,
    },
    /// The check could not be made. The change may go on: every node checks again before it
    /// puts a config in place.
    #[error("{check} could not run: {reason}")]
    NotRun {
        /// `promtool check config`
        check: String,
        /// Why.
        reason: String,
    },
}

/// Runs the checks of rendered components on this machine.
pub trait Checker: Send + Sync + 'static {
    /// This node and its machine; `None` as long as no build is installed: then there is nothing
    /// to check with.
    fn ground(&self) -> Option<(NodeId, NodeFacts)>;

    /// Stages the files of `component` and runs all its checks on them. Touches nothing that is
    /// in use.
    fn check<'a>(&'a self, component: &'a Component) -> BoxFuture<'a, Result<(), CheckFailure>>;

    /// Writes the files of `trial` where nobody else looks, runs its check and gives what it
    /// said when it found them good.
    fn try_out<'a>(&'a self, trial: &'a Trial) -> BoxFuture<'a, Result<String, CheckFailure>> {
        let check = trial.check.name.clone();
        let reason = "this checker has no place to try it".to_owned();
        Box::pin(std::future::ready(Err(CheckFailure::NotRun { check, reason })))
    }
}
