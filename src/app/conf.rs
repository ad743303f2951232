//! The conf file: who am I, where are my peers, where is my data. Everything else lives in the
//! store. Precedence: flag > environment `WATCHKEEP_…` > file > default; unknown keys are errors
//! that name line and key.

use crate::{model::cluster::Ports, web::proxies::Proxies};
use serde::Deserialize;
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

/// The file as written, every key optional.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct ConfFile {
    /// Data directory.
    pub data_dir: Option<PathBuf>,
    /// Key file that seals secrets; outside the data directory.
    pub key_file: Option<PathBuf>,
    /// Address of all of the node's ports.
    pub listen: Option<IpAddr>,
    /// Address under which the others reach this node; `listen` if not given.
    pub advertise: Option<String>,
    /// All members, `host[:port]`.
    pub cluster: Vec<String>,
    /// File with the formation or join token.
    pub token_file: Option<PathBuf>,
    /// Raft timers.
    pub profile: ProfileName,
    /// Value of the `cluster` label of all series.
    pub cluster_name: Option<String>,
    /// Public port.
    pub public: PublicConf,
    /// Moves any port; 0 = any free one.
    pub ports: Ports,
    /// Logs.
    pub log: LogConf,
    /// Where components come from.
    pub bundle: BundleConf,
}

/// Raft timers by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileName {
    /// Rides out pauses of a second.
    #[default]
    Default,
    /// Fails over in about a second.
    Fast,
}

/// `[public]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublicConf {
    /// Whether the public port speaks TLS.
    pub tls: TlsMode,
    /// PEM file with an own certificate chain; with `key`.
    pub cert: Option<PathBuf>,
    /// PEM file with its key.
    pub key: Option<PathBuf>,
    /// Proxies that say whom a request is from: networks or addresses.
    pub trusted_proxies: Proxies,
}

/// TLS of the public port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// A certificate of the cluster CA, or the one given.
    #[default]
    On,
    /// Plain HTTP: behind a proxy, or in a lab.
    Off,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConf {
    /// `error`, `warn`, `info`, `debug`, or a filter such as `info,watchkeep::store=debug`.
    pub level: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

impl Default for LogConf {
    fn default() -> Self {
        Self { level: "info".into(), format: LogFormat::Text }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// `[bundle]`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BundleConf {
    /// Bundle to take components from.
    pub file: Option<PathBuf>,
    /// Accept bundles without a signature. For labs and tests only.
    pub allow_unsigned: bool,
    /// Public keys (`wkpub1.…`) whose bundles are accepted.
    pub trust: Vec<String>,
    /// May download components from upstream.
    pub online: bool,
}

/// Why a conf file was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfError {
    /// It cannot be read.
    #[error("cannot read the conf file {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not valid; the text names line, column and key.
    #[error("{path}: {reason}")]
    Invalid {
        /// Which.
        path: PathBuf,
        /// The parser's words.
        reason: String,
    },
}

impl ConfFile {
    /// Reads `path`; `None` and a missing default file give the defaults.
    ///
    /// # Errors
    /// An unreadable or invalid file.
    pub fn read(path: &Path, must_exist: bool) -> Result<Self, ConfError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text)
                .map_err(|reason| ConfError::Invalid { path: path.to_owned(), reason }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => {
                Ok(Self::default())
            }
            Err(source) => Err(ConfError::Read { path: path.to_owned(), source }),
        }
    }

    /// Parses TOML.
    ///
    /// # Errors
    /// The parser's message with line, column and key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let conf: Self =
            toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
        if conf.public.cert.is_some() != conf.public.key.is_some() {
            return Err("[public]: `cert` and `key` go together".into());
        }
        Ok(conf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_the_defaults() {
        let shipped = ConfFile::parse(include_str!("../../conf/watchkeep.toml")).unwrap();
        assert_eq!(shipped, ConfFile::default());
    }

    #[test]
    fn unknown_keys_are_errors_that_name_line_and_key() {
        let error = ConfFile::parse("listen = \"127.0.0.1\"\n[ports]\npublik = 1\n").unwrap_err();
        assert!(error.contains("line 3") && error.contains("publik"), "{error}");
    }

    #[test]
    fn wrong_types_are_errors_that_name_the_line() {
        let error = ConfFile::parse("[ports]\npublic = \"x\"\n").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
        let proxies = "[public]\ntrusted_proxies = [\n  \"10.0.0.0/8\",\n  \"10.0.0.0/40\",\n]\n";
        let error = ConfFile::parse(proxies).unwrap_err();
        assert!(error.contains("line 2") && error.contains("`10.0.0.0/40`"), "{error}");
        assert!(ConfFile::parse("[public]\ncert = \"a\"\n").unwrap_err().contains("`key`"));
    }
}
