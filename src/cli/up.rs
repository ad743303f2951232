//! `watchkeep up`: runs a node.

use clap::Args;
use std::{net::IpAddr, path::PathBuf};

/// Flags of `watchkeep up`. Each wins over its environment variable, that over the conf file,
/// that over the default; so everything here is optional.
#[derive(Debug, Clone, Default, Args)]
#[command(after_help = "Examples:
  watchkeep up
      one machine
  watchkeep up --cluster mon1,mon2,mon3 --token-file formation.token
      the same line on each of the three machines forms the cluster")]
pub struct UpArgs {
    /// Conf file [default: /etc/watchkeep/watchkeep.toml]
    #[arg(long, env = "WATCHKEEP_CONF", value_name = "FILE")]
    pub conf: Option<PathBuf>,
    /// Data directory [default: /var/lib/watchkeep]
    #[arg(long, env = "WATCHKEEP_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Key file that seals secrets, outside the data directory
    #[arg(long, env = "WATCHKEEP_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Address of all ports of this node
    #[arg(long, env = "WATCHKEEP_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<IpAddr>,
    /// Address under which the other nodes reach this one
    #[arg(long, env = "WATCHKEEP_ADVERTISE", value_name = "ADDRESS")]
    pub advertise: Option<String>,
    /// All members: host[:port], the same list on every machine
    #[arg(long, env = "WATCHKEEP_CLUSTER", value_name = "HOSTS", value_delimiter = ',')]
    pub cluster: Vec<String>,
    /// File with the formation token or a node token
    #[arg(long, env = "WATCHKEEP_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Bundle to take components from
    #[arg(long, env = "WATCHKEEP_BUNDLE", value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Public key whose bundles are accepted besides the release keys
    #[arg(long, env = "WATCHKEEP_TRUST", value_name = "KEY", value_delimiter = ',')]
    pub trust: Vec<String>,
    /// Accept a bundle without signature (labs and tests only)
    #[arg(long, env = "WATCHKEEP_ALLOW_UNSIGNED")]
    pub allow_unsigned: bool,
    /// May download components from upstream
    #[arg(long, env = "WATCHKEEP_ONLINE")]
    pub online: bool,
    /// Written as JSON once the node serves
    #[arg(long, env = "WATCHKEEP_READY_FILE", value_name = "FILE")]
    pub ready_file: Option<PathBuf>,
    /// Level or filter of our own log: error, warn, info, debug
    #[arg(long, env = "WATCHKEEP_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}
