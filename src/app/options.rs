//! What a node was told at its start: flag > environment > conf file > default.

use super::conf::{BundleConf, ConfError, ConfFile, LogConf, LogFormat, ProfileName, PublicConf};
use crate::{cli::up::UpArgs, model::cluster::Ports, store::Profile};
use std::{
    env,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

/// Everything settled.
#[derive(Debug, Clone)]
pub struct NodeOptions {
    /// Data directory, absolute.
    pub data_dir: PathBuf,
    /// Key file, absolute, outside the data directory.
    pub key_file: PathBuf,
    /// Address of all ports.
    pub listen: IpAddr,
    /// As given; else derived from `listen` and the member list.
    pub advertise: Option<String>,
    /// `host[:port]` of all members; empty = alone.
    pub cluster: Vec<String>,
    /// Formation or join token.
    pub token_file: Option<PathBuf>,
    /// Raft timers.
    pub profile: Profile,
    /// The `cluster` external label.
    pub cluster_name: String,
    /// Public port.
    pub public: PublicConf,
    /// Ports; 0 = any free one.
    pub ports: Ports,
    /// Logs.
    pub log: LogConf,
    /// Where components come from.
    pub bundle: BundleConf,
    /// Written once the node serves.
    pub ready_file: Option<PathBuf>,
}

/// Why the options do not fit together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The conf file.
    #[error(transparent)]
    Conf(#[from] ConfError),
    /// Paths must not move with the working directory.
    #[error("cannot make {path} absolute")]
    Path {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The key must not lie with what it seals.
    #[error(
        "the key file {key} lies inside the data directory {data}: move it out, so that a copy of the data is no copy of the key"
    )]
    KeyInData {
        /// Key file.
        key: PathBuf,
        /// Data directory.
        data: PathBuf,
    },
    /// A member list needs the secret.
    #[error(
        "`--cluster` needs `--token-file`: make one with\n\n    (umask 077; watchkeep token new --formation > formation.token)\n\ncopy that file to every machine, and start the same line on each"
    )]
    NoToken,
    /// No place for the data.
    #[error("HOME is not set: give --data-dir and --key-file")]
    NoHome,
}

impl NodeOptions {
    /// Merges flags (and environment, as the command line has merged them), conf file and
    /// defaults.
    ///
    /// # Errors
    /// [`OptionsError`], before anything was touched.
    pub fn settle(flags: UpArgs) -> Result<Self, OptionsError> {
        let folders = Folders::of_this_user();
        let conf = match (&flags.conf, &folders) {
            (Some(path), _) => ConfFile::read(path, true)?,
            (None, Some(folders)) => ConfFile::read(&folders.conf.join("watchkeep.toml"), false)?,
            (None, None) => ConfFile::default(),
        };
        let or_folder = |given: Option<PathBuf>, default: Option<PathBuf>| {
            absolute(given.or(default).ok_or(OptionsError::NoHome)?)
        };
        let data_dir = or_folder(
            flags.data_dir.or(conf.data_dir),
            folders.as_ref().map(|folders| folders.data.clone()),
        )?;
        let key_file = or_folder(
            flags.key_file.or(conf.key_file),
            folders.as_ref().map(|folders| folders.conf.join("secret.key")),
        )?;
        if key_file.starts_with(&data_dir) {
            return Err(OptionsError::KeyInData { key: key_file, data: data_dir });
        }
        let cluster = if flags.cluster.is_empty() { conf.cluster } else { flags.cluster };
        let token_file = flags.token_file.or(conf.token_file);
        if !cluster.is_empty() && token_file.is_none() {
            return Err(OptionsError::NoToken);
        }
        let bundle = BundleConf {
            file: flags.bundle.or(conf.bundle.file).map(absolute).transpose()?,
            trust: conf.bundle.trust.into_iter().chain(flags.trust).collect(),
            allow_unsigned: conf.bundle.allow_unsigned | flags.allow_unsigned,
            online: conf.bundle.online | flags.online,
        };
        let log = LogConf { level: flags.log.unwrap_or(conf.log.level), ..conf.log };
        Ok(Self {
            data_dir,
            key_file,
            listen: flags.listen.or(conf.listen).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            advertise: flags.advertise.or(conf.advertise),
            cluster,
            token_file,
            profile: match conf.profile {
                ProfileName::Default => Profile::Default,
                ProfileName::Fast => Profile::Fast,
            },
            cluster_name: conf.cluster_name.unwrap_or_else(|| "watchkeep".into()),
            public: conf.public,
            ports: conf.ports,
            log,
            bundle,
            ready_file: flags.ready_file.map(absolute).transpose()?,
        })
    }

    /// Whether logs are JSON.
    #[must_use]
    pub fn json_logs(&self) -> bool {
        self.log.format == LogFormat::Json
    }
}

/// Default folders: the system's for root, the XDG ones for a plain user.
struct Folders {
    conf: PathBuf,
    data: PathBuf,
}

impl Folders {
    fn of_this_user() -> Option<Self> {
        if rustix::process::geteuid().is_root() {
            return Some(Self { conf: "/etc/watchkeep".into(), data: "/var/lib/watchkeep".into() });
        }
        let home = env::var_os("HOME").map(PathBuf::from);
        let xdg = |variable: &str, below_home: &str| {
            env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
                .or_else(|| home.as_ref().map(|home| home.join(below_home)))
                .map(|path| path.join("watchkeep"))
        };
        Some(Self {
            conf: xdg("XDG_CONFIG_HOME", ".config")?,
            data: xdg("XDG_DATA_HOME", ".local/share")?,
        })
    }
}

fn absolute(path: impl AsRef<Path>) -> Result<PathBuf, OptionsError> {
    let path = path.as_ref();
    std::path::absolute(path).map_err(|source| OptionsError::Path { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(dir: &Path) -> UpArgs {
        UpArgs {
            data_dir: Some(dir.join("data")),
            key_file: Some(dir.join("secret.key")),
            ..UpArgs::default()
        }
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let conf = dir.path().join("w.toml");
        let text = b"listen = \"127.0.0.2\"\n[log]\nlevel = \"debug\"\n";
        crate::base::atomic_file::write(&conf, text, 0o600).unwrap();
        let mut given = flags(dir.path());
        given.conf = Some(conf);
        given.log = Some("warn".into());
        let settled = NodeOptions::settle(given).unwrap();
        assert_eq!(settled.listen.to_string(), "127.0.0.2");
        assert_eq!(settled.log.level, "warn");
        assert_eq!(settled.ports.public, 8420);
    }

    #[test]
    fn a_named_conf_file_must_exist() {
        let dir = tempfile::tempdir().unwrap();
        let mut given = flags(dir.path());
        given.conf = Some(dir.path().join("nowhere.toml"));
        assert!(NodeOptions::settle(given).unwrap_err().to_string().contains("nowhere.toml"));
    }

    #[test]
    fn the_key_must_lie_outside_the_data() {
        let dir = tempfile::tempdir().unwrap();
        let mut given = flags(dir.path());
        given.key_file = Some(dir.path().join("data/secret.key"));
        assert!(matches!(NodeOptions::settle(given), Err(OptionsError::KeyInData { .. })));
    }

    #[test]
    fn a_member_list_needs_a_token() {
        let dir = tempfile::tempdir().unwrap();
        let mut given = flags(dir.path());
        given.cluster = vec!["a".into(), "b".into(), "c".into()];
        let error = NodeOptions::settle(given).unwrap_err().to_string();
        assert!(error.contains("token new --formation"), "{error}");
    }
}
