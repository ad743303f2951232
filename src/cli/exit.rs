//! How the program ends. The numbers are a contract.

use std::process::ExitCode;

/// Exit codes of every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The thing was done.
    Done = 0,
    /// It was not; standard error says why.
    Failed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The command worked; what it checked has problems.
    Problems = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub enum Stop {
    /// Bad usage: exit code 2.
    Usage(String),
    /// Everything else: exit code 1.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What every command returns.
pub type Outcome = Result<Exit, Stop>;
