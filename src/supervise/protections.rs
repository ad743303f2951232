//! Says which protections work on this machine, by trying.

use super::SuperviseError;
use super::run_once::Runner;
use crate::model::process::{Bind, RunOnce};
use std::collections::BTreeMap;
use std::time::Duration;

/// One sentence each, `…: on` or `…: off (why)`.
pub(super) async fn list(runner: &Runner, no_cgroups: Option<&String>) -> Vec<String> {
    let memory = no_cgroups.map(|why| format!("{why}; programs limit themselves"));
    let user = (!rustix::process::geteuid().is_root())
        .then(|| "running as a plain user: all programs run as that user".to_owned());
    let namespace = try_namespace(runner).await;
    [
        ("no new privileges", None),
        ("memory limits of programs", memory),
        ("a user of its own for each program", user),
        ("private mount namespaces", namespace),
    ]
    .into_iter()
    .map(|(what, off)| off.map_or(format!("{what}: on"), |why| format!("{what}: off ({why})")))
    .collect()
}

/// `Some(why)` when the launcher cannot show a folder at another place here. What it runs does
/// not matter: the launcher fails before, or has shown that it can.
async fn try_namespace(runner: &Runner) -> Option<String> {
    let run = RunOnce {
        exe: "/proc/self/exe".into(),
        args: vec!["--version".into()],
        env: BTreeMap::new(),
        cwd: "/".into(),
        binds: vec![Bind { source: "/etc".into(), target: "/etc".into() }],
        run_as: None,
        timeout: Duration::from_secs(5),
        stdin: vec![],
    };
    match runner.run(run).await {
        Err(SuperviseError::Launch { reason, .. }) => Some(reason),
        Err(error @ SuperviseError::Spawn { .. }) => Some(error.to_string()),
        _ => None,
    }
}
