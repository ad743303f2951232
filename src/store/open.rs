//! Opens the files, starts the threads and Raft.

use super::{
    Options, Profile, StoreError,
    applier::Applier,
    batch::Batcher,
    database::File,
    handle::{Inner, RaftRuntime},
    log_store::LogStore,
    log_writer::Writer,
    network::Network,
    state_machine::StateMachine,
    status,
    types::Raft,
    view::View,
    watched,
    work::Work,
};
use crate::{
    base::{atomic_file, disk, shutdown::Shutdown},
    model::{NodeId, rpc::Transport},
};
use openraft::{Config, SnapshotPolicy};
use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::watch;

pub(super) const LOG_CACHE_BYTES: usize = 4 << 20;
pub(super) const STATE_CACHE_BYTES: usize = 8 << 20;

/// What the profiles set, and tests shrink.
#[derive(Debug, Clone)]
pub(super) struct Tuning {
    pub(super) heartbeat_ms: u64,
    pub(super) election_min_ms: u64,
    pub(super) election_max_ms: u64,
    /// A snapshot every so many entries.
    pub(super) snapshot_every: u64,
    /// Entries kept in the log although a snapshot has them.
    pub(super) keep_entries: u64,
}

impl From<Profile> for Tuning {
    fn from(profile: Profile) -> Self {
        let (heartbeat_ms, election_min_ms, election_max_ms) = match profile {
            Profile::Default => (250, 1000, 1500),
            Profile::Fast => (100, 400, 600),
        };
        Self {
            heartbeat_ms,
            election_min_ms,
            election_max_ms,
            snapshot_every: 5000,
            keep_entries: 1000,
        }
    }
}

impl Tuning {
    fn config(&self) -> Config {
        Config {
            cluster_name: "watchkeep".to_owned(),
            heartbeat_interval: self.heartbeat_ms,
            election_timeout_min: self.election_min_ms,
            election_timeout_max: self.election_max_ms,
            // Upstream's 200 ms is for tests in memory; ours carries a file over a network.
            install_snapshot_timeout: 60_000,
            snapshot_policy: SnapshotPolicy::LogsSinceLast(self.snapshot_every),
            max_in_snapshot_log_to_keep: self.keep_entries,
            // More than a snapshot's distance, else a snapshot might not cure the lag.
            replication_lag_threshold: self.snapshot_every + self.keep_entries,
            purge_batch_size: 64,
            enable_pre_vote: Some(true),
            // A leader sends entries before they are on its own disk. One that is killed and
            // resumes its term without them would give their ids to other entries: logs that
            // look alike, and states that come apart without a sign.
            enable_leader_restore: Some(false),
            backoff: format!("{}ms ...1s", self.heartbeat_ms.min(200)),
            ..Config::default()
        }
    }
}

/// The files of one node and who writes them, without Raft.
pub(super) struct Storage {
    pub(super) file: Arc<File>,
    pub(super) view: Arc<View>,
    pub(super) applier: Applier,
    pub(super) log: LogStore,
    pub(super) writer: Writer,
    pub(super) machine: StateMachine,
    pub(super) snapshots: PathBuf,
    pub(super) work: Work,
}

impl Storage {
    /// Opens or creates everything under `options.dir`. Blocking.
    pub(super) fn open(options: &Options) -> Result<Self, StoreError> {
        let (state_path, log_path) =
            (options.dir.join("state.redb"), options.dir.join("raft-log.redb"));
        let snapshots = options.dir.join("snapshots");
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: io::Error| {
                let reason = disk::advised(error).to_string();
                StoreError::Open { path, reason }
            }
        };
        make_dir(&options.dir).map_err(failed(&options.dir))?;
        make_dir(&snapshots).map_err(failed(&snapshots))?;
        let log_existed = fs::exists(&log_path).map_err(failed(&log_path))?;
        if log_existed && !fs::exists(&state_path).map_err(failed(&state_path))? {
            return Err(half(&state_path, &log_path));
        }
        let file = Arc::new(File::open(&state_path, options.node, STATE_CACHE_BYTES)?);
        if !log_existed && file.applied_something().map_err(failed(&state_path))? {
            return Err(half(&log_path, &state_path));
        }
        let log = Arc::new(File::open(&log_path, options.node, LOG_CACHE_BYTES)?);
        atomic_file::sync_dir(&options.dir).map_err(failed(&options.dir))?;
        Self::over(file, log, snapshots, Work::Threads).map_err(failed(&options.dir))
    }

    /// Starts the writers over two open files. Blocking.
    pub(super) fn over(
        file: Arc<File>,
        log: Arc<File>,
        snapshots: PathBuf,
        work: Work,
    ) -> io::Result<Self> {
        let (applier, view, position) = Applier::start(file.clone(), &work)?;
        // The state was made durable as it was loaded.
        let (log, writer) = LogStore::start(log, position.applied, &work)?;
        let (machine_file, dir) = (file.clone(), snapshots.clone());
        let purged = log.purged();
        let machine =
            StateMachine::new(applier.clone(), machine_file, dir, position, purged, work.clone())?;
        Ok(Self { file, view, applier, log, writer, machine, snapshots, work })
    }
}

/// One file without the other: the vote or the applied state is gone, and with it this identity.
fn half(missing: &Path, there: &Path) -> StoreError {
    StoreError::Open {
        path: missing.to_owned(),
        reason: format!(
            "it is missing although {} is there; put it back, or move the whole data directory \
             away and let this machine join again as a new node",
            there.display()
        ),
    }
}

pub(super) fn make_dir(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Opens the store and starts Raft on its own runtime.
pub(super) async fn open(
    options: Options,
    transport: Arc<dyn Transport>,
    tuning: Tuning,
) -> Result<Arc<Inner>, StoreError> {
    let node = options.node;
    let storage = tokio::task::spawn_blocking(move || Storage::open(&options))
        .await
        .map_err(|error| storage_failed(&error))??;
    start(node, storage, transport, tuning).await
}

fn storage_failed(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Storage(error.to_string())
}

/// Starts Raft over what is open.
pub(super) async fn start(
    node: NodeId,
    storage: Storage,
    transport: Arc<dyn Transport>,
    tuning: Tuning,
) -> Result<Arc<Inner>, StoreError> {
    let Storage { file, view, applier, log, writer, machine, snapshots, work } = storage;
    let runtime = RaftRuntime::new(&work).map_err(|error| storage_failed(&error))?;
    let config = tuning.config().validate().map_err(|error| storage_failed(&error))?;
    let network = Network { node, transport: transport.clone() };
    let start = Raft::new(node.0, Arc::new(config), network, log.clone(), machine);
    let raft = runtime
        .spawn(start)
        .await
        .map_err(|error| storage_failed(&error))?
        .map_err(|error| storage_failed(&error))?;
    let patience = Duration::from_millis(tuning.election_max_ms * 2);
    let batcher = Batcher::new(node, raft.clone(), transport.clone(), patience);
    let inner = Arc::new(Inner {
        node,
        raft,
        transport,
        tuning,
        file,
        view,
        applier,
        log,
        batcher,
        commits: writer.commits.clone(),
        snapshots,
        status: watched::Sender::default(),
        leader: watched::Sender::default(),
        failed: watch::Sender::default(),
        closing: Shutdown::new(),
        heard: Mutex::new(None),
        work,
        runtime,
    });
    status::start(&inner, writer.failed).await.map_err(|error| storage_failed(&error))?;
    if inner.status.borrow().voters == [node] {
        // There is nobody to wait for.
        inner.raft.trigger().elect(false).await.map_err(|error| storage_failed(&error))?;
    }
    Ok(inner)
}
