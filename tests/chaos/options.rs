//! The flags.

use super::nemesis::{self, Kind};
use clap::Parser;

/// Three real nodes, each in its own network namespace, under load and random faults; everything
/// that clients were told is judged. Needs root. Ends with 0 when nothing was lost and every
/// answer can be explained, 1 when not, 2 for wrong flags; says `skipped` and ends with 0 where
/// there can be no network namespaces.
#[derive(Debug, Clone, Parser)]
#[command(name = "chaos", after_help = "Example: scripts/chaos --minutes 30 --seed 7")]
pub struct Options {
    /// Minutes of load under faults.
    #[arg(long, default_value_t = 1.0)]
    pub minutes: f64,
    /// Plan of the run; random if not given, printed always.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Kinds of faults, separated by commas; all if not given.
    #[arg(long, value_delimiter = ',')]
    pub nemesis: Vec<String>,
    /// Raft timers: `default` or `fast`.
    #[arg(long, default_value = "default")]
    pub profile: String,
    /// Clients that read and write.
    #[arg(long, default_value_t = 32)]
    pub clients: u32,
    /// Clients that watch.
    #[arg(long, default_value_t = 6)]
    pub watchers: u32,
    /// Drops an acknowledged value on purpose: the run must fail.
    #[arg(long)]
    pub drop_one: bool,
    /// Folder for history, logs and data directories of a failed run.
    #[arg(long, default_value = "chaos-failed")]
    pub keep: std::path::PathBuf,
    /// Measures instead: `failover`, `formation` or `handover`.
    #[arg(long)]
    pub figure: Option<String>,
    /// Runs of a figure.
    #[arg(long, default_value_t = 20)]
    pub runs: u32,
}

impl Options {
    /// The faults wanted.
    ///
    /// # Errors
    /// A name that is none, with all that are.
    pub fn kinds(&self) -> Result<Vec<Kind>, String> {
        if self.nemesis.is_empty() {
            return Ok(nemesis::ALL.to_vec());
        }
        let known = || nemesis::ALL.map(Kind::name).join(", ");
        self.nemesis
            .iter()
            .map(|name| {
                Kind::parse(name).ok_or_else(|| format!("no fault {name}; there are {}", known()))
            })
            .collect()
    }
}
