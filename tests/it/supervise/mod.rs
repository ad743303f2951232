//! Real processes under the supervisor, started by the real launcher.

mod binds;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use watchkeep::model::process::RunOnce;
use watchkeep::supervise::Runner;

/// Starts children through the built binary, as the product does.
fn runner() -> Runner {
    Runner::new(PathBuf::from(env!("CARGO_BIN_EXE_watchkeep")))
}

/// One run of a shell script.
fn shell(script: &str) -> RunOnce {
    RunOnce {
        exe: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        env: BTreeMap::from([("PATH".into(), "/usr/sbin:/usr/bin:/sbin:/bin".into())]),
        cwd: "/".into(),
        binds: vec![],
        run_as: None,
        timeout: Duration::from_secs(30),
        stdin: vec![],
    }
}
