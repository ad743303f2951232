//! What a supervisor needs to be told.

use super::logs::LogLimits;
use std::path::PathBuf;
use std::time::Duration;

/// Where things are. The folders are made when missing.
#[derive(Debug, Clone)]
pub struct Config {
    /// Identifies this data directory: children of another owner are never touched.
    /// Not empty, without `/`.
    pub owner: String,
    /// Folder of `children.json`.
    pub run_dir: PathBuf,
    /// Folder of the children's logs.
    pub logs_dir: PathBuf,
    /// A watchkeep binary; `/proc/self/exe` is this very one, also after its file was replaced.
    pub launcher: PathBuf,
    /// When logs are rotated.
    pub log_limits: LogLimits,
    /// How patient to be.
    pub timing: Timing,
}

impl Config {
    /// The usual settings: this binary as launcher, `run` and `logs` below `data_dir`.
    #[must_use]
    pub fn new(owner: impl Into<String>, data_dir: &std::path::Path) -> Self {
        Self {
            owner: owner.into(),
            run_dir: data_dir.join("run"),
            logs_dir: data_dir.join("logs"),
            launcher: PathBuf::from("/proc/self/exe"),
            log_limits: LogLimits::default(),
            timing: Timing::default(),
        }
    }
}

/// Waits and intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// First wait before a program that ended is started again.
    pub back_off_floor: Duration,
    /// Longest such wait.
    pub back_off_ceiling: Duration,
    /// Ready for this long, and the next wait is the first one again.
    pub healthy_after: Duration,
    /// Between two questions while a program is not ready.
    pub probe_starting: Duration,
    /// Between two questions while it is.
    pub probe_ready: Duration,
    /// For one answer.
    pub probe_timeout: Duration,
    /// How long a start waits for the programs that start before it to become ready.
    pub order_wait: Duration,
    /// Between two looks at the length of a log.
    pub rotate_every: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            back_off_floor: Duration::from_millis(250),
            back_off_ceiling: Duration::from_secs(15),
            healthy_after: Duration::from_secs(60),
            probe_starting: Duration::from_millis(100),
            probe_ready: Duration::from_secs(2),
            probe_timeout: Duration::from_secs(2),
            order_wait: Duration::from_secs(10),
            rotate_every: Duration::from_secs(10),
        }
    }
}
