//! The demo: real node processes with the standard ports on 127.0.0.1 and up, sample hosts, an
//! inbox; declares the sample resources through the API, waits until everything really works,
//! says where to look, and cleans up all of it at the end.

use super::{
    error::DemoError,
    footprint::Footprint,
    inbox::Inbox,
    plan::{self, DemoNode},
    processes,
    told::say,
};
use crate::{
    base::{atomic_file, error_chain::ErrorChain, shutdown::Shutdown},
    bundle::{Installed, Library, Trust},
    supervise::{self, Supervisor},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// Where the inbox listens.
pub const INBOX: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);
/// What the command line gives.
#[derive(Debug, Clone)]
pub struct Options {
    /// 1 or 3.
    pub nodes: u8,
    /// Everything goes below; made if missing, and removed at the end if made.
    pub dir: PathBuf,
    /// Written once everything works.
    pub ready_file: Option<PathBuf>,
    /// Bundle with the components, signed or not.
    pub bundle: PathBuf,
    /// Where the inbox listens: [`INBOX`].
    pub inbox: SocketAddr,
    /// A token made by `watchkeep token new --formation`.
    pub formation_token: crate::base::redact::Secret<String>,
    /// This program.
    pub program: PathBuf,
}

pub(super) struct Demo {
    pub(super) options: Options,
    pub(super) nodes: Vec<DemoNode>,
    node_exporter: Installed,
    pub(super) supervisor: Supervisor,
    pub(super) inbox: Inbox,
    pub(super) shutdown: Shutdown,
}

/// Runs the demo until `shutdown`, then stops and removes everything it made.
///
/// # Errors
/// [`DemoError`]; everything is cleaned up then too.
pub async fn run(options: Options, shutdown: Shutdown) -> Result<(), DemoError> {
    // First of all: who holds this port holds the folder too, should another demo be running.
    let inbox = Inbox::start(options.inbox).await.map_err(DemoError::Inbox)?;
    let nodes = plan::nodes(options.nodes, &options.dir);
    let footprint = Footprint::begin(&options.dir, &nodes, options.ready_file.as_deref())?;
    let outcome = live(options, nodes, inbox, shutdown).await;
    footprint.remove();
    outcome
}

async fn live(
    options: Options,
    nodes: Vec<DemoNode>,
    inbox: Inbox,
    shutdown: Shutdown,
) -> Result<(), DemoError> {
    let node_exporter = node_exporter(options.bundle.clone(), options.dir.join("library")).await?;
    let config = supervise::Config::new(demo_owner(&options.dir), &options.dir);
    let supervisor = Supervisor::open(config).await?;
    let demo = Demo { options, nodes, node_exporter, supervisor, inbox, shutdown };
    let outcome = tokio::select! {
        started = demo.start() => match started {
            Ok(()) => { demo.shutdown.cancelled().await; Ok(()) }
            Err(error) => Err(error),
        },
        () = demo.shutdown.cancelled() => Ok(()),
    };
    demo.stop().await;
    outcome
}

/// The exporter of the sample hosts, unpacked into a library of the demo's own.
async fn node_exporter(bundle: PathBuf, library: PathBuf) -> Result<Installed, DemoError> {
    let unpacked = tokio::task::spawn_blocking(move || {
        make_dir(&library)?;
        let library = Library::open(&library, Trust::release_and(Vec::new(), true))?;
        library.import(&bundle, false)?;
        library.install("node_exporter")?.ok_or(DemoError::NoExporter(bundle))
    });
    unpacked.await.unwrap_or_else(|ended| std::panic::resume_unwind(ended.into_panic()))
}

impl Demo {
    async fn start(&self) -> Result<(), DemoError> {
        let token_file = self.options.dir.join("formation.token");
        write(&token_file, self.options.formation_token.expose().as_bytes(), 0o600)?;
        let mut specs = processes::sample_hosts(&self.node_exporter, &self.options.dir)?;
        for node in &self.nodes {
            make_dir(&node.data_dir())?;
            let conf = node.conf(&self.nodes, &token_file, &self.options.bundle);
            write(&node.conf_file(), conf.as_bytes(), 0o644)?;
            specs.push(processes::node(&self.options.program, node));
        }
        self.supervisor.apply(specs)?;
        say("starting the nodes");
        let ready = self.nodes_ready().await?;
        let (password, api) = self.sign_in(&ready).await?;
        say("declaring the sample projects, targets, rules and routes");
        let inbox = self.inbox.addr.to_string();
        api.apply(include_str!("sample.yaml").replace("INBOX", &inbox)).await?;
        self.wait("all components to be ready", || self.components_ready(&api)).await?;
        self.wait("both Prometheus to have scraped the sample hosts", || self.scraped(&api))
            .await?;
        self.announce(&ready, &password, false)?;
        self.print(&ready, &password.user_password);
        tokio::select! {
            () = self.inbox.arrived(1) => self.announce(&ready, &password, true)?,
            () = self.shutdown.cancelled() => {}
        }
        say("the first alert has been delivered to the inbox");
        Ok(())
    }

    /// Stops everything, also the programs of a node that was killed and did not come back.
    async fn stop(self) {
        say("stopping");
        if let Err(error) = self.supervisor.stop_all().await {
            tracing::warn!(error = %ErrorChain(&error), "not everything was stopped");
        }
        for node in &self.nodes {
            let Some(owner) = owner(&node.data_dir()) else { continue };
            let config = supervise::Config::new(owner, &node.data_dir());
            if let Ok(leftovers) = Supervisor::open(config).await {
                let _ = leftovers.stop_all().await;
            }
        }
    }
}

/// Tells the processes of this demo from those of another one.
fn demo_owner(dir: &Path) -> String {
    let hash = Sha256::digest(dir.as_os_str().as_encoded_bytes());
    format!("demo-{}", data_encoding::HEXLOWER.encode(&hash[..8]))
}

/// Under which name a node supervises; see `app::node`.
fn owner(data_dir: &Path) -> Option<String> {
    let node: Value = serde_json::from_slice(&fs::read(data_dir.join("node.json")).ok()?).ok()?;
    Some(format!("node-{}", node.get("node_id")?.as_str()?))
}

pub(super) fn make_dir(path: &Path) -> Result<(), DemoError> {
    fs::create_dir_all(path).map_err(|source| DemoError::File { path: path.to_owned(), source })
}

pub(super) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), DemoError> {
    atomic_file::write(path, bytes, mode)
        .map_err(|source| DemoError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_demo_that_cannot_start_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let bundle = dir.path().join("broken.wkb");
        write(&bundle, b"no bundle", 0o644).unwrap();
        let options = Options {
            nodes: 1,
            dir: dir.path().join("demo"),
            ready_file: None,
            bundle: bundle.clone(),
            inbox: SocketAddr::new(INBOX.ip(), 0),
            formation_token: crate::base::redact::Secret::new("unused".into()),
            program: "/nowhere".into(),
        };
        let error = run(options, Shutdown::new()).await.unwrap_err();
        assert!(error.to_string().contains("broken.wkb"), "{error}");
        let left: Vec<_> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, [bundle]);
    }
}
