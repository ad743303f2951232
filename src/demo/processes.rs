//! What the demo runs besides its inbox.

use super::{
    error::DemoError,
    plan::{self, DemoNode},
    run,
};
use crate::{
    bundle::Installed,
    model::process::{Probe, ProcessSpec},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// The sample hosts: an exporter each, on an address of its own.
pub(super) fn sample_hosts(build: &Installed, dir: &Path) -> Result<Vec<ProcessSpec>, DemoError> {
    let exe = build.programs.get("node_exporter").cloned().unwrap_or_default();
    plan::hosts()
        .enumerate()
        .map(|(number, address)| {
            let name = format!("sample-host-{}", number + 1);
            let cwd = dir.join("hosts").join(&name);
            run::make_dir(&cwd)?;
            let listen = SocketAddr::new(address, 9100);
            Ok(ProcessSpec {
                name,
                exe: exe.clone(),
                args: vec![format!("--web.listen-address={listen}")],
                env: BTreeMap::new(),
                cwd,
                run_as: None,
                binds: build.binds.clone(),
                memory_limit_bytes: None,
                ready: Probe::Http { url: format!("http://{listen}/"), login: None },
                start_timeout: Duration::from_secs(30),
                stop_grace: Duration::from_secs(5),
                order: 0,
                generation: build.version.clone(),
            })
        })
        .collect()
}

/// A node of the cluster: `program`, started as its user would.
pub(super) fn node(program: &Path, node: &DemoNode) -> ProcessSpec {
    let text = |path: PathBuf| path.display().to_string();
    ProcessSpec {
        name: node.name.clone(),
        exe: program.to_owned(),
        args: ["up", "--conf", &text(node.conf_file()), "--ready-file", &text(node.ready_file())]
            .map(ToOwned::to_owned)
            .into(),
        env: BTreeMap::new(),
        cwd: node.dir.clone(),
        run_as: None,
        binds: Vec::new(),
        memory_limit_bytes: None,
        ready: Probe::Http { url: format!("http://{}:8420/-/healthy", node.address), login: None },
        start_timeout: Duration::from_secs(60),
        stop_grace: Duration::from_secs(60),
        order: 1,
        generation: String::new(),
    }
}
