//! Starts one child: launcher, durable record, orders, in this order.
//!
//! ```text
//! sweep ─► spawn launcher ─► record on disk ─► orders ─► exec
//!               │ we die here: it reads an end of file and ends
//!                             │ we die here: adopted, or ended without having run
//! ```

use super::SuperviseError;
use super::identity;
use super::launch::{Launch, MARKER, launcher_command};
use super::logs;
use super::process::Process;
use super::records::{Record, launch_hash};
use super::shared::Shared;
use crate::model::process::ProcessSpec;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ChildStdin;
use std::sync::Arc;

/// Starts what `spec` says. When it returns, the process is recorded and has its orders; whether
/// the program came up is seen by watching it.
pub(super) async fn start(
    shared: &Arc<Shared>,
    spec: &Arc<ProcessSpec>,
) -> Result<Process, SuperviseError> {
    let lost = |source| SuperviseError::Spawn { exe: spec.exe.clone(), source };
    let (on_thread, with) = (Arc::clone(shared), Arc::clone(spec));
    let spawned = tokio::task::spawn_blocking(move || spawn(&on_thread, &with));
    let spawned = spawned.await.map_err(|error| lost(io::Error::other(error)))??;
    let process = hold(spawned.child).map_err(lost)?;
    let record = Record {
        pid: process.pid(),
        start_time: identity::start_time(process.pid()).map_err(lost)?,
        uid: spec.run_as.map_or(rustix::process::geteuid().as_raw(), |run_as| run_as.uid),
        exe: recorded_exe(&spec.exe),
        launch_hash: launch_hash(spec)?,
        order: spec.order,
        stop_grace_ms: u64::try_from(spec.stop_grace.as_millis()).unwrap_or(u64::MAX),
    };
    if let Err(error) = shared.records.put(&spec.name, record).await {
        // Without its orders it ends by itself.
        drop(spawned.stdin);
        process.exited().await;
        return Err(error);
    }
    let (mut stdin, orders) = (spawned.stdin, spawned.orders);
    let written = tokio::task::spawn_blocking(move || stdin.write_all(&orders)).await;
    if let Ok(Err(error)) = written {
        // It ended before it had read all; its exit says more than this does.
        tracing::debug!(process = spec.name, %error, "launcher did not take its orders");
    }
    Ok(process)
}

struct Spawned {
    child: std::process::Child,
    stdin: ChildStdin,
    orders: Vec<u8>,
}

/// The part that blocks.
fn spawn(shared: &Shared, spec: &ProcessSpec) -> Result<Spawned, SuperviseError> {
    let marker = shared.marker(&spec.name);
    let n_killed = identity::sweep(&marker);
    if n_killed > 0 {
        tracing::warn!(process = spec.name, n_killed, "killed what an earlier run had left behind");
    }
    let cgroup = prepare_cgroup(shared, spec);
    let orders = orders(spec, &marker, cgroup);
    let orders =
        orders.map_err(|source| SuperviseError::Spawn { exe: spec.exe.clone(), source })?;
    let log = shared.log_path(&spec.name);
    let files = |source| SuperviseError::Files { path: log.clone(), source };
    let output = logs::open_for_child(&log).map_err(files)?;
    let errors = output.try_clone().map_err(files)?;
    let launcher = &shared.config.launcher;
    let failed = |source| SuperviseError::Spawn { exe: launcher.clone(), source };
    let mut child = launcher_command(launcher, &marker)
        .stdout(output)
        .stderr(errors)
        .spawn()
        .map_err(failed)?;
    let stdin = child.stdin.take().ok_or_else(|| failed(io::Error::other("no stdin")))?;
    Ok(Spawned { child, stdin, orders })
}

fn orders(spec: &ProcessSpec, marker: &str, cgroup: Option<PathBuf>) -> io::Result<Vec<u8>> {
    let mut env = spec.env.clone();
    env.insert(MARKER.to_owned(), marker.to_owned());
    let launch = Launch {
        exe: spec.exe.clone(),
        args: spec.args.clone(),
        env,
        cwd: spec.cwd.clone(),
        run_as: spec.run_as,
        binds: spec.binds.clone(),
        cgroup,
        announce: false,
        stdin_len: 0,
    };
    launch.encode(&[])
}

/// A limit that cannot be set is no reason not to monitor.
fn prepare_cgroup(shared: &Shared, spec: &ProcessSpec) -> Option<PathBuf> {
    let prepared = shared.cgroups.as_ref()?.prepare(&spec.name, spec.memory_limit_bytes);
    prepared
        .inspect_err(|error| {
            tracing::warn!(process = spec.name, %error, "no control group; runs without a limit");
        })
        .ok()
}

/// Takes over from std, which would neither wait for it nor know of pidfds.
fn hold(mut child: std::process::Child) -> io::Result<Process> {
    // Nobody but us can reap it, so the id is still its own.
    Process::open(child.id()).inspect_err(|_| {
        let _ = child.kill();
        let _ = child.wait();
    })
}

/// As `/proc/PID/exe` will have it; `None` for a script, which runs as its interpreter.
fn recorded_exe(exe: &Path) -> Option<PathBuf> {
    let mut magic = [0u8; 2];
    let is_script =
        File::open(exe).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"#!";
    if is_script { None } else { exe.canonicalize().ok() }
}
