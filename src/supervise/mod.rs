//! The only place that starts or signals processes. It knows no product.
//!
//! Invariants:
//! - a child outlives us: own session, log files instead of pipes, no parent-death signal;
//! - no process runs that is not in `children.json`: the launcher gets its orders only after the
//!   record is durable, so that a `kill -9` at any line leaves nothing unknown behind;
//! - a signal goes to the process that was meant (pidfd), never to a reused process id.
//!
//! `DESIGN.md` beside this file has the flow and what was rejected. Used by reconcile, bundle,
//! admission (checkers) and app; the command line calls [`launcher::intercept`] only.

mod adopt;
mod cgroup;
mod child;
mod config;
mod converge;
mod error;
mod follow;
mod health;
mod identity;
mod keeper;
mod launch;
pub mod launcher;
mod logs;
mod namespace;
mod probe;
mod process;
mod protections;
mod records;
mod rotate;
mod run_lock;
mod run_once;
mod shared;
mod start;
mod stop;
mod supervisor;
mod wanted;

pub use config::{Config, Timing};
pub use error::SuperviseError;
pub use follow::Follower;
pub use logs::{LogLimits, log_path, tail};
pub use run_once::{MAX_OUTPUT_BYTES, Runner, run_once};
pub use supervisor::Supervisor;
