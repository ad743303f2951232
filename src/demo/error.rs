//! Why the demo did not come up.

use super::{api::ApiError, run::INBOX};
use crate::{bundle::BundleError, supervise::SuperviseError};
use std::{io, path::PathBuf};

/// Why the demo did not come up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// Files.
    #[error("cannot use {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The inbox.
    #[error("the inbox cannot listen on {INBOX}: is another demo running?")]
    Inbox(#[source] io::Error),
    /// The bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The bundle is not for demos.
    #[error(
        "the bundle {0} has no node_exporter for the sample hosts: `scripts/demo` makes one that has"
    )]
    NoExporter(PathBuf),
    /// Processes.
    #[error(transparent)]
    Supervise(#[from] SuperviseError),
    /// The API.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The HTTP client.
    #[error("cannot make an HTTP client")]
    Client(#[from] reqwest::Error),
    /// Something did not happen.
    #[error("waited {seconds} s for {what}; the nodes' logs are in {logs}")]
    Patience {
        /// For what.
        what: String,
        /// How long.
        seconds: u64,
        /// Where to look.
        logs: PathBuf,
    },
    /// A node ended by itself.
    #[error("{node} does not start: {reason}")]
    Node {
        /// Which.
        node: String,
        /// Its last words.
        reason: String,
    },
    /// Asked to stop while starting.
    #[error("stopped")]
    Stopped,
}
