//! Bugs on purpose, for the fault harness to find: which one, `WATCHKEEP_CHAOS_BUG` says. Only
//! behind a feature that no release has, and that no release build takes.

#[cfg(not(debug_assertions))]
compile_error!("the feature chaos-bugs is for debug builds only: it loses data on purpose");

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// One that is known to have happened to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bug {
    /// Appends are answered before they are on disk.
    AnswerBeforeFsync,
    /// Votes are answered, but are gone after a crash.
    VoteNotSynced,
    /// What is remembered of a request is written in a transaction of its own, later.
    DedupOutside,
}

/// `kill -9` keeps what the kernel already has, so what was not synced is held back this long.
pub(super) const UNSYNCED: Duration = Duration::from_millis(100);

static PLANTED: LazyLock<Option<Bug>> =
    LazyLock::new(|| match std::env::var("WATCHKEEP_CHAOS_BUG").ok()?.as_str() {
        "answer-before-fsync" => Some(Bug::AnswerBeforeFsync),
        "vote-not-synced" => Some(Bug::VoteNotSynced),
        "dedup-outside" => Some(Bug::DedupOutside),
        other => panic!("there is no bug {other}"),
    });

static UNWRITTEN: Mutex<BTreeMap<Vec<u8>, (u64, Vec<u8>)>> = Mutex::new(BTreeMap::new());

pub(super) fn is_planted(bug: Bug) -> bool {
    *PLANTED == Some(bug)
}

/// Request → index and outcome that are not in any transaction yet.
pub(super) fn unwritten() -> MutexGuard<'static, BTreeMap<Vec<u8>, (u64, Vec<u8>)>> {
    UNWRITTEN.lock().unwrap_or_else(PoisonError::into_inner)
}
