//! What the tasks of one supervisor have in common.

use super::cgroup::Cgroups;
use super::config::Config;
use super::logs;
use super::records::Records;
use crate::base::clock;
use crate::base::shutdown::Shutdown;
use crate::model::UnixMs;
use crate::model::observed::{ProcessState, ProcessStatus};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use tokio::sync::watch;

/// By name.
pub(super) type Statuses = BTreeMap<String, ProcessStatus>;

/// Longest `ProcessStatus::error`.
const MAX_ERROR_BYTES: usize = 2 << 10;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) records: Records,
    pub(super) cgroups: Option<Cgroups>,
    pub(super) statuses: watch::Sender<Statuses>,
    /// Tasks end and leave their processes running.
    pub(super) release: Shutdown,
    /// Held as long as any task lives.
    pub(super) _run_lock: File,
}

impl Shared {
    /// Value of the marker variable of child `name`.
    pub(super) fn marker(&self, name: &str) -> String {
        format!("{}/{name}", self.config.owner)
    }

    pub(super) fn log_path(&self, name: &str) -> PathBuf {
        logs::log_path(&self.config.logs_dir, name)
    }

    /// Changes the status of `name`; a new state gets a new `since`.
    pub(super) fn update(&self, name: &str, change: impl FnOnce(&mut ProcessStatus)) {
        self.statuses.send_if_modified(|statuses| {
            let before = statuses.get(name).cloned();
            let mut status = before.clone().unwrap_or_else(|| blank(name));
            change(&mut status);
            if before.as_ref().is_none_or(|before| before.state != status.state) {
                status.since = now();
            }
            if let Some(error) = &mut status.error {
                truncate(error);
            }
            let changed = before.as_ref() != Some(&status);
            statuses.insert(name.to_owned(), status);
            changed
        });
    }

    pub(super) fn forget(&self, name: &str) {
        self.statuses.send_if_modified(|statuses| statuses.remove(name).is_some());
    }

    pub(super) fn state(&self, name: &str) -> Option<ProcessState> {
        self.statuses.borrow().get(name).map(|status| status.state)
    }
}

fn blank(name: &str) -> ProcessStatus {
    ProcessStatus {
        name: name.to_owned(),
        state: ProcessState::Starting,
        pid: None,
        restarts: 0,
        since: now(),
        adopted: false,
        error: None,
    }
}

fn now() -> UnixMs {
    UnixMs(clock::now_unix_ms())
}

/// Keeps the beginning (what happened) and drops the rest.
fn truncate(text: &mut String) {
    let end = (0..=MAX_ERROR_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
}
