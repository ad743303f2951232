//! What the process specs of all components share.

use super::{Check, CheckArgument, Component, Context, Missing, facts::Build};
use crate::model::process::{Probe, ProcessSpec};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

pub(super) const MIB: u64 = 1 << 20;

/// A component's build and folders; everything that differs between components is given to
/// [`Frame::process`].
pub(super) struct Frame<'a> {
    pub(super) build: &'a Build,
    pub(super) home: PathBuf,
    name: &'static str,
    context: &'a Context<'a>,
}

/// What differs between the processes of two components.
pub(super) struct Process {
    pub(super) program: &'static str,
    pub(super) args: Vec<String>,
    pub(super) memory_limit_bytes: u64,
    pub(super) ready_url: String,
    pub(super) start_timeout: Duration,
    pub(super) stop_grace: Duration,
    pub(super) order: u16,
}

impl<'a> Frame<'a> {
    /// `Err` = the component cannot run here.
    pub(super) fn of(
        context: &'a Context<'a>,
        name: &'static str,
        programs: &[&str],
    ) -> Result<Self, Missing> {
        let missing = |reason| Missing { name: name.to_owned(), reason };
        let build = context.facts.builds.get(name).ok_or_else(|| {
            missing(format!("no build of {name} is installed; import a bundle with it"))
        })?;
        if let Some(program) = programs.iter().find(|name| !build.programs.contains_key(**name)) {
            let version = &build.version;
            return Err(missing(format!(
                "{name} {version} comes without the program `{program}`; import a bundle with it"
            )));
        }
        Ok(Self { build, home: context.facts.components_dir.join(name), name, context })
    }

    /// The component without any file, check or reload.
    pub(super) fn component(&self, process: Process) -> Component {
        Component {
            name: self.name.to_owned(),
            version: self.build.version.clone(),
            config_dir: self.home.join("config"),
            live_dir: None,
            data_dir: self.data_dir(),
            files: BTreeMap::new(),
            live_files: BTreeMap::new(),
            process: self.process(process),
            checks: Vec::new(),
            reload: None,
        }
    }

    /// A flag with the absolute path of a file of the live config tree.
    pub(super) fn config_flag(&self, flag: &str, file: &str) -> String {
        format!("{flag}={}", self.home.join("config").join(file).display())
    }

    /// A flag with the absolute path of the data directory.
    pub(super) fn data_flag(&self, flag: &str) -> String {
        format!("{flag}={}", self.data_dir().display())
    }

    fn data_dir(&self) -> PathBuf {
        self.home.join("data")
    }

    /// The Go runtime starts to collect harder a tenth below the limit.
    fn process(&self, process: Process) -> ProcessSpec {
        let soft_limit = process.memory_limit_bytes / 10 * 9;
        ProcessSpec {
            name: self.name.replace('_', "-"),
            exe: self.program(process.program),
            args: process.args,
            env: BTreeMap::from([("GOMEMLIMIT".to_owned(), soft_limit.to_string())]),
            cwd: self.data_dir(),
            run_as: self.context.facts.run_as,
            binds: self.build.binds.clone(),
            memory_limit_bytes: Some(process.memory_limit_bytes),
            ready: Probe::Http { url: process.ready_url, login: None },
            start_timeout: process.start_timeout,
            stop_grace: process.stop_grace,
            order: process.order,
            generation: self.build.version.clone(),
        }
    }

    pub(super) fn check(&self, name: &str, program: &str, arguments: Vec<CheckArgument>) -> Check {
        Check {
            name: name.to_owned(),
            exe: self.program(program),
            arguments,
            binds: self.build.binds.clone(),
            run_as: self.context.facts.run_as,
            only: None,
            alone: None,
        }
    }

    /// `programs` of [`Self::of`] named it, so it is there.
    fn program(&self, program: &str) -> PathBuf {
        self.build.programs.get(program).cloned().unwrap_or_default()
    }
}

/// `address:port`, with brackets where IPv6 needs them.
pub(super) fn socket(address: IpAddr, port: u16) -> String {
    SocketAddr::new(address, port).to_string()
}
