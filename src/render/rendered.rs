//! What rendering gives: plain data, comparable, in a stable order.

use crate::model::{
    process::{Bind, ProcessSpec, RunAs, RunOnce},
    resource::Key,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Everything one node should run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// By name; sorted.
    pub components: BTreeMap<String, Component>,
    /// Components that belong here but cannot run.
    pub missing: Vec<Missing>,
}

/// A component that is placed here but has no usable build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which component.
    pub name: String,
    /// Why, for people.
    pub reason: String,
}

/// One program with its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// `prometheus`, `alertmanager`, …
    pub name: String,
    /// Version of the build.
    pub version: String,
    /// Absolute; holds exactly [`Self::files`]. They refer to each other by relative paths, so
    /// the whole tree can be checked elsewhere and then be put in place.
    pub config_dir: PathBuf,
    /// Absolute; holds exactly [`Self::live_files`]. Never replaced as a folder: the program
    /// watches it. `None` = there are none.
    pub live_dir: Option<PathBuf>,
    /// Absolute; belongs to the program, is made where missing and never touched again.
    pub data_dir: PathBuf,
    /// Relative path → content. A change needs [`Self::checks`], then a reload.
    pub files: BTreeMap<String, File>,
    /// Relative path → content. Replaced by rename, seen by the program itself, no reload.
    pub live_files: BTreeMap<String, File>,
    /// How it runs. Its generation carries what only a restart brings into force.
    pub process: ProcessSpec,
    /// All must pass on the candidate tree before it is put in place.
    pub checks: Vec<Check>,
    /// How changed files are taken up; `None` = it has none or must be restarted.
    pub reload: Option<Reload>,
}

/// Content of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Whole content.
    pub bytes: Vec<u8>,
    /// Permission bits.
    pub mode: u32,
    /// The one object it was made from, when there is one: whose author a complaint about this
    /// file concerns.
    pub declared_by: Option<Key>,
}

/// One run of the build's own checker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// For messages: `promtool check config`.
    pub name: String,
    /// Absolute path of the checker.
    pub exe: PathBuf,
    /// Its arguments.
    pub arguments: Vec<CheckArgument>,
    /// As in the component's process.
    pub binds: Vec<Bind>,
    /// As in the component's process.
    pub run_as: Option<RunAs>,
    /// The one file of the tree that it looks at; `None` = it may look at all.
    pub only: Option<&'static str>,
    /// Files whose verdict hangs on nothing but themselves; `None` = there are none.
    pub alone: Option<Alone>,
}

/// Files of a candidate tree that a checker judges one by one: what it once took it takes again,
/// so that a change of one need not pay for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alone {
    /// The folder of the tree that holds exactly these.
    pub folder: &'static str,
    /// The least that the checker takes in the place of one.
    pub stand_in: &'static str,
}

/// One argument of a [`Check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckArgument {
    /// As it is.
    Text(String),
    /// Prefix, then the path of this file of the candidate tree.
    File {
        /// For instance `--config.file=`; may be empty.
        prefix: String,
        /// Relative path.
        path: String,
    },
}

/// How a running program takes up changed files, and how to know that it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reload {
    /// `POST` without a body; 200 is accepted, anything else carries the reason as text. Not
    /// proof of success by itself.
    pub url: String,
    /// `GET`, Prometheus text format.
    pub metrics_url: String,
    /// Must be 1 afterwards.
    pub success_metric: String,
    /// Must have moved.
    pub timestamp_metric: String,
}

impl File {
    /// A file everybody on the machine may read; secrets are referred to by path, never inside.
    #[must_use]
    pub fn new(text: impl Into<Vec<u8>>, declared_by: Option<Key>) -> Self {
        Self { bytes: text.into(), mode: 0o644, declared_by }
    }
}

impl Component {
    /// SHA-256 (hex) over paths, modes and contents of all files, live ones too.
    #[must_use]
    pub fn files_hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (scope, files) in [(b"c", &self.files), (b"l", &self.live_files)] {
            for (path, file) in files {
                hasher.update(scope);
                for part in [path.as_bytes(), &file.mode.to_be_bytes(), &file.bytes] {
                    hasher.update((part.len() as u64).to_be_bytes());
                    hasher.update(part);
                }
            }
        }
        data_encoding::HEXLOWER.encode(&hasher.finalize())
    }
}

impl Reload {
    /// Of a program that listens on `address:port` and prefixes its metrics with `prefix_`.
    pub(super) fn at(listen: &str, prefix: &str) -> Self {
        let timestamp = "config_last_reload_success_timestamp_seconds";
        Self {
            url: format!("http://{listen}/-/reload"),
            metrics_url: format!("http://{listen}/metrics"),
            success_metric: format!("{prefix}_config_last_reload_successful"),
            timestamp_metric: format!("{prefix}_{timestamp}"),
        }
    }
}

impl Check {
    /// The check of the candidate tree in `config_dir`, an absolute path that the components'
    /// user can read.
    #[must_use]
    pub fn run_once(&self, config_dir: &Path) -> RunOnce {
        let args = self.arguments.iter().map(|argument| match argument {
            CheckArgument::Text(text) => text.clone(),
            CheckArgument::File { prefix, path } => {
                format!("{prefix}{}", config_dir.join(path).display())
            }
        });
        RunOnce {
            exe: self.exe.clone(),
            args: args.collect(),
            env: BTreeMap::new(),
            cwd: config_dir.to_owned(),
            binds: self.binds.clone(),
            run_as: self.run_as,
            timeout: Duration::from_secs(30),
            stdin: Vec::new(),
        }
    }
}
