//! Ends one child: SIGTERM, its grace, SIGKILL; then whatever it left behind.

use super::identity;
use super::process::{Exit, Process};
use super::shared::Shared;
use crate::model::observed::ProcessState;
use rustix::process::Signal;
use std::sync::Arc;
use std::time::Duration;

/// How long SIGKILL may take before it is said that it does not help.
const KILL_PATIENCE: Duration = Duration::from_secs(10);

/// Returns once `process` has ended, also when that takes for ever: a second instance beside one
/// that cannot be killed would be worse than none.
pub(super) async fn stop(shared: &Arc<Shared>, name: &str, process: &Process, grace: Duration) {
    shared.update(name, |status| status.state = ProcessState::Stopping);
    send(name, process, Signal::TERM);
    // A process that was paused would never see the first signal.
    send(name, process, Signal::CONT);
    let exit = match tokio::time::timeout(grace, process.exited()).await {
        Ok(exit) => exit,
        Err(_) => kill(shared, name, process).await,
    };
    tracing::info!(process = name, pid = process.pid(), %exit, "process stopped");
    clean_up(shared, name).await;
}

async fn kill(shared: &Shared, name: &str, process: &Process) -> Exit {
    tracing::warn!(
        process = name,
        pid = process.pid(),
        "did not end in its grace time; killing it"
    );
    if let Some(cgroups) = &shared.cgroups {
        cgroups.kill(name);
    }
    send(name, process, Signal::KILL);
    if let Ok(exit) = tokio::time::timeout(KILL_PATIENCE, process.exited()).await {
        return exit;
    }
    shared.update(name, |status| {
        status.error = Some("does not end although killed: stuck in the kernel, on a dead disk or network file system?".into());
    });
    process.exited().await
}

fn send(name: &str, process: &Process, signal: Signal) {
    if let Err(error) = process.signal(signal) {
        tracing::error!(process = name, pid = process.pid(), %error, "cannot be signalled");
    }
}

/// After the end of child `name`: ends its descendants and forgets it.
pub(super) async fn clean_up(shared: &Arc<Shared>, name: &str) {
    let marker = shared.marker(name);
    let cgroups = shared.cgroups.clone();
    let in_group = name.to_owned();
    let swept = tokio::task::spawn_blocking(move || {
        if let Some(cgroups) = cgroups {
            cgroups.kill(&in_group);
        }
        identity::sweep(&marker)
    });
    if let Ok(n_killed @ 1..) = swept.await {
        tracing::info!(process = name, n_killed, "ended what it had left behind");
    }
    // A record that stays is recognised as stale by its start time.
    if let Err(error) = shared.records.remove(name).await {
        tracing::warn!(process = name, %error, "cannot forget an ended process");
    }
}
