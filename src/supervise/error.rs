//! What can go wrong at the seam of this folder.

use std::{io, path::PathBuf, time::Duration};

/// Why a process could not be started, watched or recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuperviseError {
    /// A spec that could never be started; nothing of the set it came with was taken.
    #[error("process {name}: {reason}")]
    InvalidSpec {
        /// The spec's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The program could not be started at all.
    #[error("cannot start {}", exe.display())]
    Spawn {
        /// What was to be started.
        exe: PathBuf,
        /// The operating system's word.
        source: io::Error,
    },
    /// The launcher gave up before the program ran.
    #[error("cannot start {}: {reason}", exe.display())]
    Launch {
        /// What was to be started.
        exe: PathBuf,
        /// The launcher's own words, or what it left behind.
        reason: String,
    },
    /// Killed, with all that it had started, because it took too long.
    #[error("{} was killed: not done after {timeout:?}", exe.display())]
    TimedOut {
        /// What ran.
        exe: PathBuf,
        /// How long it was given.
        timeout: Duration,
    },
    /// Talking to the program or waiting for it failed.
    #[error("lost touch with {}", exe.display())]
    Lost {
        /// What ran.
        exe: PathBuf,
        /// The operating system's word.
        source: io::Error,
    },
    /// A folder or file of the supervisor itself; full disk and wrong owner come out here.
    #[error("cannot use {}", path.display())]
    Files {
        /// Which one.
        path: PathBuf,
        /// The operating system's word.
        source: io::Error,
    },
    /// No process of this name is wanted.
    #[error("no process named {name} is supervised here")]
    UnknownProcess {
        /// The name that was asked for.
        name: String,
    },
    /// The supervisor has been told to stop or to let go.
    #[error("the supervisor has ended")]
    Ended,
}
