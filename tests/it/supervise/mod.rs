//! Real processes under the supervisor, started by the real launcher.

mod adoption;
mod binds;
mod life;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use watchkeep::model::observed::{ProcessState, ProcessStatus};
use watchkeep::model::process::{Probe, ProcessSpec, RunOnce};
use watchkeep::supervise::{Config, Runner, Supervisor, Timing};

/// Longest wait for anything that should happen.
const DEADLINE: Duration = Duration::from_secs(30);
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

fn launcher() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_watchkeep"))
}

/// Starts children through the built binary, as the product does.
fn runner() -> Runner {
    Runner::new(launcher())
}

/// One run of a shell script.
fn shell(script: &str) -> RunOnce {
    RunOnce {
        exe: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        env: BTreeMap::from([("PATH".into(), PATH.into())]),
        cwd: "/".into(),
        binds: vec![],
        run_as: None,
        timeout: DEADLINE,
        stdin: vec![],
    }
}

/// A shell script to keep running.
fn script(name: &str, script: &str) -> ProcessSpec {
    ProcessSpec {
        name: name.into(),
        exe: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        env: BTreeMap::from([("PATH".into(), PATH.into())]),
        cwd: "/".into(),
        run_as: None,
        binds: vec![],
        memory_limit_bytes: None,
        ready: Probe::None,
        start_timeout: DEADLINE,
        stop_grace: DEADLINE,
        order: 0,
        generation: String::new(),
    }
}

/// Runs until it is told to end.
fn idle(name: &str) -> ProcessSpec {
    ProcessSpec { exe: "/bin/sleep".into(), args: vec!["1000".into()], ..script(name, "") }
}

/// The folders of one node. Whatever still runs from them when a test ends is killed.
struct Place {
    dir: tempfile::TempDir,
    owner: String,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let owner = dir.path().file_name().unwrap().to_str().unwrap().to_owned();
        Self { dir, owner }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The record of running children.
    fn children(&self) -> PathBuf {
        self.path().join("run/children.json")
    }

    fn config(&self) -> Config {
        let timing = Timing {
            back_off_floor: Duration::from_millis(20),
            back_off_ceiling: Duration::from_millis(200),
            probe_starting: Duration::from_millis(20),
            probe_ready: Duration::from_millis(20),
            ..Timing::default()
        };
        Config { launcher: launcher(), timing, ..Config::new(&self.owner, self.path()) }
    }

    async fn open(&self) -> Supervisor {
        Supervisor::open(self.config()).await.unwrap()
    }

    /// Waits until `pid` is the one process of this owner. (In the middle of an exec a process
    /// shows no environment.)
    async fn runs_only(&self, pid: u32) {
        eventually("one instance", || self.running() == [pid]).await;
    }

    /// Process ids of this owner.
    fn running(&self) -> Vec<u32> {
        let prefix = format!("WATCHKEEP_CHILD={}/", self.owner);
        std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
            .filter(|pid: &u32| {
                let environ = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
                environ.split(|byte| *byte == 0).any(|line| line.starts_with(prefix.as_bytes()))
            })
            .collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for pid in self.running() {
            kill(pid);
        }
    }
}

fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
}

/// Waits until the status of `name` is as wanted, and returns it.
async fn status(
    supervisor: &Supervisor,
    name: &str,
    is_wanted: impl Fn(&ProcessStatus) -> bool,
) -> ProcessStatus {
    let mut statuses = supervisor.statuses();
    let wanted = statuses.wait_for(|statuses| statuses.get(name).is_some_and(&is_wanted));
    let found =
        tokio::time::timeout(DEADLINE, wanted).await.map(|found| found.unwrap()[name].clone());
    found.unwrap_or_else(|_| {
        panic!("{name} never was as wanted: {:?}", supervisor.statuses().borrow())
    })
}

/// Waits until `name` is ready, and returns its process id.
async fn ready(supervisor: &Supervisor, name: &str) -> u32 {
    status(supervisor, name, |status| status.state == ProcessState::Ready).await.pid.unwrap()
}

/// Waits for something outside of the supervisor.
async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let so = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(DEADLINE, so).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// Text of a file; empty when there is none.
fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}
