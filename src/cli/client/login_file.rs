//! What `watchkeep login` remembers: servers, CA hash, session. A file of mode 0600 in the
//! user's configuration folder.

use super::super::exit::Stop;
use crate::base::atomic_file;
use anyhow::{Context as _, anyhow};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::PathBuf,
};

/// One sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Login {
    /// Any node of the cluster.
    pub(crate) servers: Vec<String>,
    /// The CA that was shown and accepted; none for plain HTTP or a public certificate.
    pub(crate) ca_hash: Option<String>,
    /// For people.
    pub(crate) user: String,
    /// `NAME=VALUE` of the session.
    pub(crate) cookie: String,
}

/// All sign-ins, the newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LoginFile {
    logins: Vec<Login>,
}

fn path() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = from("XDG_CONFIG_HOME").or_else(|| Some(from("HOME")?.join(".config")))?;
    Some(base.join("watchkeep/login.json"))
}

impl LoginFile {
    /// Reads it; a missing one is empty, one that others can read is refused.
    ///
    /// # Errors
    /// Unreadable, readable by others, or not what we wrote.
    pub(crate) fn read() -> Result<Self, Stop> {
        let Some(path) = path() else { return Ok(Self::default()) };
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(anyhow!(error).context(path.display().to_string()).into()),
        };
        let mode = fs::metadata(&path)?.permissions().mode();
        if mode & 0o077 != 0 {
            let text = format!("{}: others can read it; run `chmod 600` on it", path.display());
            return Err(Stop::Failed(anyhow!(text)));
        }
        let read = serde_json::from_slice(&text);
        Ok(read.with_context(|| format!("{}: not a login file; remove it", path.display()))?)
    }

    /// The newest one.
    pub(crate) fn last(&self) -> Option<&Login> {
        self.logins.last()
    }

    /// The newest one that knows one of `servers`.
    pub(crate) fn of(&self, servers: &[String]) -> Option<&Login> {
        self.logins.iter().rev().find(|l| l.servers.iter().any(|s| servers.contains(s)))
    }

    /// Adds a sign-in in place of an older one for the same servers, and writes.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn remember(mut self, login: Login) -> Result<(), Stop> {
        self.logins.retain(|old| !old.servers.iter().any(|s| login.servers.contains(s)));
        self.logins.push(login);
        self.write()
    }

    /// Forgets the newest, or those that know one of `servers`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn forget(mut self, servers: &[String]) -> Result<(), Stop> {
        if servers.is_empty() {
            self.logins.pop();
        }
        self.logins.retain(|old| !old.servers.iter().any(|s| servers.contains(s)));
        self.write()
    }

    fn write(&self) -> Result<(), Stop> {
        let path = path().context("neither XDG_CONFIG_HOME nor HOME is set")?;
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let text = serde_json::to_vec_pretty(self)?;
        let written = atomic_file::write(&path, &text, 0o600);
        Ok(written.with_context(|| path.display().to_string())?)
    }
}
