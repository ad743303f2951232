//! The two external programs that a build from Debian needs.

use crate::{
    bundle::error::{BundleError, Result},
    model::process::{RunOnce, RunOutput},
    supervise,
};
use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// A program of the machine that builds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) package: &'static str,
}

pub(super) const GPGV: Tool = Tool { name: "gpgv", package: "gpgv" };
pub(super) const DPKG_DEB: Tool = Tool { name: "dpkg-deb", package: "dpkg" };

impl Tool {
    /// Runs it in `cwd`; any exit code comes back.
    pub(super) async fn run(self, args: Vec<String>, cwd: &Path) -> Result<RunOutput> {
        let search = std::env::var("PATH").unwrap_or_else(|_| "/usr/bin:/bin".to_owned());
        let exe = self.find(&search)?;
        let env = BTreeMap::from([
            ("PATH".to_owned(), search),
            ("LC_ALL".to_owned(), "C.UTF-8".to_owned()),
            ("HOME".to_owned(), cwd.display().to_string()),
        ]);
        let run = RunOnce {
            exe,
            args,
            env,
            cwd: cwd.to_owned(),
            binds: Vec::new(),
            run_as: None,
            timeout: Duration::from_secs(300),
            stdin: Vec::new(),
        };
        supervise::run_once(run)
            .await
            .map_err(|error| self.failed(&crate::base::error_chain::ErrorChain(&error).to_string()))
    }

    pub(super) fn failed(self, reason: &str) -> BundleError {
        BundleError::Tool { tool: self.name, reason: reason.trim().to_owned() }
    }

    fn find(self, search: &str) -> Result<PathBuf> {
        let executable = |path: &PathBuf| {
            path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
        };
        std::env::split_paths(search)
            .map(|dir| dir.join(self.name))
            .find(executable)
            .ok_or(BundleError::ToolMissing { tool: self.name, package: self.package })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_is_named_with_its_package() {
        let error = GPGV.find("/nonexistent:/proc").unwrap_err();
        assert_eq!(error.to_string(), "gpgv is not installed; it comes with the package gpgv");
    }
}
