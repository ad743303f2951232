//! What a supervised program is, without saying which: the supervisor knows no product.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf, time::Duration};

/// One program to keep running. Two equal specs mean: nothing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessSpec {
    /// Unique on the node; also the log file's name. `[a-z0-9-]+`
    pub name: String,
    /// Absolute path of the executable.
    pub exe: PathBuf,
    /// Arguments without the program name. Never a secret: arguments are public on a machine.
    pub args: Vec<String>,
    /// The whole environment; nothing is inherited.
    pub env: BTreeMap<String, String>,
    /// Working directory; exists and belongs to the child's user.
    pub cwd: PathBuf,
    /// User and group to run as; `None` = ours.
    pub run_as: Option<RunAs>,
    /// Paths shown to the child at other places, in a mount namespace of its own.
    pub binds: Vec<Bind>,
    /// Upper bound for its memory, where the machine lets us set one.
    pub memory_limit_bytes: Option<u64>,
    /// Answers once the program can do its work.
    pub ready: Probe,
    /// How long it may take until `ready` first answers before it counts as stuck.
    pub start_timeout: Duration,
    /// SIGTERM, then this long, then SIGKILL.
    pub stop_grace: Duration,
    /// Higher stops first and starts last.
    pub order: u16,
    /// Changes when the program must be restarted although nothing above changed.
    pub generation: String,
}

/// Whom the programs of a node know, by the node's own password for them.
pub const LOGIN_USER: &str = "watchkeep";

/// Where that password is, below the node's data directory.
pub const LOGIN_FILE: &str = "components/web.password";

/// Numeric ids: names are never looked up through libc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunAs {
    /// User id.
    pub uid: u32,
    /// Group id; supplementary groups are emptied.
    pub gid: u32,
}

/// `source` appears at `target`; both absolute, both directories, read-only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    /// Existing directory.
    pub source: PathBuf,
    /// Where the child sees it; made in the child's namespace where it does not exist.
    pub target: PathBuf,
}

/// How to ask a program whether it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probe {
    /// Running is enough.
    None,
    /// `GET url` answers 2xx. Only loopback or node-own addresses, plain HTTP.
    Http {
        /// Whole URL, with a numeric address.
        url: String,
        /// File with the password of [`LOGIN_USER`] that the program asks for; read each time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<PathBuf>,
    },
}

/// One run of a program to its end: a checker such as promtool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOnce {
    /// Absolute path of the executable.
    pub exe: PathBuf,
    /// Arguments without the program name.
    pub args: Vec<String>,
    /// The whole environment; nothing is inherited.
    pub env: BTreeMap<String, String>,
    /// Working directory.
    pub cwd: PathBuf,
    /// As in [`ProcessSpec`].
    pub binds: Vec<Bind>,
    /// As in [`ProcessSpec`].
    pub run_as: Option<RunAs>,
    /// Killed when it takes longer.
    pub timeout: Duration,
    /// What the program reads on standard input.
    pub stdin: Vec<u8>,
}

/// How a [`RunOnce`] ended. Output is cut at 256 KiB each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOutput {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}
