//! A formed node: doors, reconciler, notifier, and what it says of itself, until the shutdown
//! signal or the failure of its storage.

use super::{
    boot,
    cluster::{board, board::Board, logs, view::ClusterView},
    components::{self, Unpacked},
    doors::{self, PublicDoor},
    machine::{self, DataDir},
    metrics,
    node::{Started, Unpacking},
    notes::Notes,
    notifier, observer,
    options::NodeOptions,
    ready,
    share::Share,
    sources,
    status::StatusSource,
    upstream::Upstream,
};
use crate::{
    admission::Admission,
    base::{error_chain::ErrorChain, shutdown::Shutdown},
    model::{
        NodeId,
        cluster::Member,
        rpc::{Service, Transport},
    },
    notify::{Notify, OverStore, Tuning},
    observe::{http::LocalHttp, metadata::Metadata},
    peer::{
        blob, cert,
        client::PeerClient,
        formation::Formed,
        forward::Forwarder,
        local_door::{self, LocalDoor},
        local_http::LocalTarget,
        scrape_door::{ScrapeDoor, ScrapeTable},
        server::{Membership, PeerServer},
    },
    reconcile::{
        checker::Checkers,
        component::{Parts, Specs},
        ledger::Ledger,
        safety::Safety,
        status::Reports,
        turn::Turns,
        worker::Worker,
    },
    render::NodeFacts,
    silence::sync::Syncer,
    store::Store,
    supervise::{self, Supervisor},
    web::{self, Front, deps::Cluster},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// For local programs: reloads may take a while.
const LOCAL_TIMEOUT: Duration = Duration::from_secs(30);
/// For handing leadership over before the end.
const HAND_OVER: Duration = Duration::from_secs(2);

/// What a formed node is made of.
pub(super) struct Node {
    options: NodeOptions,
    data: DataDir,
    front: Front,
    shutdown: Shutdown,
    me: Member,
    formed: Formed,
    client: PeerClient,
    transport: Arc<dyn Transport>,
    store: Store,
    supervisor: Arc<Supervisor>,
    notify: Arc<Notify>,
    forwarder: Forwarder,
    board: Board,
    reports: Reports,
    notes: Notes,
    /// Ends with the process; its certificate is swapped through it.
    _public: PublicDoor,
}

/// The tasks that make the machine match, and what judges candidates.
struct Reconciling {
    checkers: Checkers,
    worker: JoinHandle<()>,
    unpacked: JoinHandle<anyhow::Result<()>>,
}

impl Node {
    /// Builds the parts; nothing is served yet.
    pub(super) async fn assemble(
        options: NodeOptions,
        data: DataDir,
        public: PublicDoor,
        front: Front,
        started: Started,
        shutdown: Shutdown,
    ) -> anyhow::Result<(Self, Unpacking)> {
        let Started { me, formed, client, store, notes, unpacking } = started;
        let transport: Arc<dyn Transport> = Arc::new(client.clone());
        let config = supervise::Config::new(format!("node-{}", me.id), &data.path);
        let supervisor = Arc::new(Supervisor::open(config).await?);
        for protection in supervisor.protections() {
            tracing::info!(protection, "protection of supervised programs");
        }
        let over_store = OverStore::new(store.clone(), Arc::clone(&transport), me.id);
        let (lookup, seal) = (notifier::lookup(), notifier::seal(&formed));
        let tuning = Tuning::default();
        let notify = Notify::start(over_store, lookup, seal, &data.path, tuning, &shutdown).await?;
        let forwarder = Forwarder::default();
        forwarder.set_targets(component_targets(&me, &["prometheus", "alertmanager"], ""));
        let node = Self {
            options,
            data,
            front,
            shutdown,
            me,
            formed,
            client,
            transport,
            store,
            supervisor,
            notify: Arc::new(notify),
            forwarder,
            board: Board::default(),
            reports: Reports::default(),
            notes,
            _public: public,
        };
        Ok((node, unpacking))
    }

    /// Serves until the end, then stops in order.
    pub(super) async fn serve(
        self,
        scrape: TcpListener,
        local: TcpListener,
        peer: &PeerServer,
        unpacking: Unpacking,
        mut tasks: JoinSet<()>,
    ) -> anyhow::Result<()> {
        self.serve_members(peer)?;
        self.store.initialize(self.formed.record.voters()).await?;
        let facts = self.open_local_door(local, &mut tasks)?;
        let reconciling = self.reconcile(facts, unpacking)?;
        let metrics = self.show(scrape, &mut tasks)?;
        let view = self.view();
        let alertmanagers = Arc::new(view.clone());
        let silences = Syncer { store: self.store.clone(), alertmanagers };
        tasks.spawn(silences.run(self.shutdown.clone()));
        let cluster: Arc<dyn Cluster> = Arc::new(view.clone());
        let metadata =
            observer::start(cluster, self.me.id, self.store.clone(), &mut tasks, &self.shutdown);
        let admission = Admission::new(self.store.clone(), Arc::new(reconciling.checkers.clone()))
            .with_facts(Arc::new(metadata.clone()));
        let safety = Safety {
            store: self.store.clone(),
            admission: admission.clone(),
            checkers: reconciling.checkers.clone(),
            fleet: Arc::new(view.clone()),
        };
        tasks.spawn(safety.run(self.shutdown.clone()));
        self.open_front(view, admission, metadata, metrics, &mut tasks);
        self.settle_in(&mut tasks).await?;
        self.until_the_end().await?;
        self.stop(reconciling, tasks).await
    }

    /// Opens 8421 to members.
    fn serve_members(&self, peer: &PeerServer) -> anyhow::Result<()> {
        let store = self.store.clone();
        let first_members = self.formed.record.voters();
        let blobs = self.data.join("blobs");
        peer.set_membership(Membership {
            identity: self.formed.identity.clone(),
            is_member: Arc::new(move |node| {
                let state = store.state();
                if state.members.is_empty() {
                    first_members.contains(&node)
                } else {
                    state.members.contains_key(&node)
                }
            }),
            services: vec![
                ("raft/", self.store.service()),
                ("store/", self.store.service()),
                ("status/", Arc::new(self.board.clone()) as Arc<dyn Service>),
                ("notify/", self.notify.service()),
            ],
            routes: self
                .forwarder
                .router()
                .merge(logs::router(self.data.join("logs")))
                .merge(blob::router(Arc::new(move |sha256| Some(blobs.join(sha256))))),
        })?;
        Ok(())
    }

    /// Opens 8423, and gathers what rendering must know of this machine but its builds.
    fn open_local_door(
        &self,
        local: TcpListener,
        tasks: &mut JoinSet<()>,
    ) -> anyhow::Result<NodeFacts> {
        let run_as = machine::component_user(&self.data.path);
        let component_tls =
            doors::component_certificate(&self.data.path, &self.formed, &self.me, run_as)?;
        let token_file = self.data.join("components/local.token");
        let door = LocalDoor {
            me: self.me.id,
            token: Arc::new(local_door::ensure_token(&token_file, run_as)?),
            forwarder: self.forwarder.clone(),
            client: self.client.clone(),
            notify: Arc::new(notifier::Door(Arc::clone(&self.notify))),
        };
        tasks.spawn(local_door::serve(local, door.router(), self.shutdown.clone()));
        Ok(NodeFacts {
            components_dir: self.data.join("components"),
            builds: BTreeMap::new(),
            run_as,
            component_tls,
            local_token_file: token_file,
            listen: self.options.listen,
            memory_bytes: machine::memory_bytes(),
            disk_bytes: machine::disk_bytes(&self.data.path),
        })
    }

    fn reconcile(&self, facts: NodeFacts, unpacking: Unpacking) -> anyhow::Result<Reconciling> {
        let (sender, receiver) = watch::channel(None);
        let sharing = Sharing {
            me: self.me.id,
            store: self.store.clone(),
            client: self.client.clone(),
            facts: sender,
            incoming: self.data.join("blobs-incoming"),
            notes: self.notes.clone(),
            online: self.options.bundle.online,
        };
        let unpacked = tokio::spawn(unpacked(unpacking, facts, sharing, self.shutdown.clone()));
        let checkers = Checkers::new(self.supervisor.runner(), self.me.id, receiver.clone());
        let parts = Parts {
            supervisor: Arc::clone(&self.supervisor),
            checkers: checkers.clone(),
            http: LocalHttp::new(LOCAL_TIMEOUT)?,
            reports: self.reports.clone(),
            specs: Specs::default(),
            ledger: Ledger::open(&self.data.join("run/live.json")),
            turns: Turns::new(self.store.clone(), self.me.id),
        };
        let store = self.store.clone();
        let worker = Worker { store, node: self.me.id, facts: receiver, parts };
        let worker = tokio::spawn(worker.run(self.shutdown.clone()));
        Ok(Reconciling { checkers, worker, unpacked })
    }

    /// Tells the other nodes and whoever scrapes 8422 how this one is; returns its own metrics.
    fn show(
        &self,
        scrape: TcpListener,
        tasks: &mut JoinSet<()>,
    ) -> anyhow::Result<Arc<dyn Fn() -> String + Send + Sync>> {
        let shutdown = &self.shutdown;
        let supervisor = Arc::clone(&self.supervisor);
        let source = StatusSource::new(
            self.me.id,
            self.store.clone(),
            supervisor,
            self.reports.clone(),
            Arc::clone(&self.notify.metrics),
            self.notes.clone(),
        );
        let metrics = metrics::of(&source, &self.store, &self.notify.metrics);
        let identity = &self.formed.identity;
        let door = ScrapeDoor::start(scrape, identity, Arc::clone(&metrics), shutdown.clone())?;
        door.set_table(ScrapeTable {
            components: component_targets(&self.me, &components::KNOWN, "/metrics"),
            exporters: BTreeMap::new(),
        });
        let wake =
            vec![self.reports.watch(), self.notes.watch(), source.processes_changed(shutdown)];
        tasks.spawn(board::tell(
            self.board.clone(),
            self.store.clone(),
            Arc::clone(&self.transport),
            move || source.now(),
            wake,
            shutdown.clone(),
        ));
        let following = follow_members(self.store.clone(), self.client.clone(), shutdown.clone());
        tasks.spawn(following);
        Ok(metrics)
    }

    /// The other nodes as this one sees them.
    fn view(&self) -> ClusterView {
        ClusterView {
            me: self.me.id,
            board: self.board.clone(),
            client: self.client.clone(),
            forwarder: self.forwarder.clone(),
            logs_dir: self.data.join("logs"),
        }
    }

    fn open_front(
        &self,
        view: ClusterView,
        admission: Admission,
        metadata: Metadata,
        metrics: Arc<dyn Fn() -> String + Send + Sync>,
        tasks: &mut JoinSet<()>,
    ) {
        let deps = web::deps::Deps {
            node: self.me.id,
            store: self.store.clone(),
            admission,
            cluster: Arc::new(view),
            notify: Arc::new(notifier::Door(Arc::clone(&self.notify))),
            metadata,
            metrics,
            ca_hash: cert::ca_hash(self.formed.authority.der()).unwrap_or_default(),
        };
        tasks.spawn(web::auth::housekeeping::run(deps.clone(), self.shutdown.clone()));
        self.front.open(deps);
    }

    /// First rows of a new cluster, this node's own row, and the ready file.
    async fn settle_in(&self, tasks: &mut JoinSet<()>) -> anyhow::Result<()> {
        let (store, data_dir, shutdown) = (&self.store, &self.data.path, &self.shutdown);
        if boot::first_rows(store, &self.formed, data_dir, shutdown).await? {
            announce_password(&self.data, &self.me);
        }
        boot::own_member_row(store, &self.me, shutdown).await;
        let forgetting =
            boot::forget_first_password(store.clone(), data_dir.clone(), shutdown.clone());
        tasks.spawn(forgetting);
        if let Some(path) = &self.options.ready_file {
            ready::write(path, &self.me, data_dir)?;
        }
        tracing::info!(node = %self.me.id, url = self.me.url, "watchkeep is ready");
        Ok(())
    }

    /// Returns at the shutdown signal.
    async fn until_the_end(&self) -> anyhow::Result<()> {
        let mut failed = self.store.failed();
        tokio::select! {
            () = self.shutdown.cancelled() => Ok(()),
            reason = failed.wait_for(Option::is_some) => {
                // What was acknowledged is on disk; going on could only acknowledge what is not.
                // The programs are left running, the next start adopts them.
                let reason = reason.ok().and_then(|reason| reason.clone()).unwrap_or_default();
                let dir = self.data.path.display();
                anyhow::bail!("storage in {dir} failed, the node must be started again: {reason}");
            }
        }
    }

    async fn stop(self, reconciling: Reconciling, mut tasks: JoinSet<()>) -> anyhow::Result<()> {
        tracing::info!("stopping");
        let _ = reconciling.worker.await;
        self.notify.stopped().await;
        if let Err(error) = self.store.hand_over(HAND_OVER).await {
            tracing::debug!(%error, "leadership was not handed over");
        }
        if let Err(error) = self.supervisor.stop_all().await {
            tracing::warn!(error = %ErrorChain(&error), "programs were not stopped in order");
        }
        while tasks.join_next().await.is_some() {}
        self.store.close().await?;
        reconciling.unpacked.await?
    }
}

/// Gives the reconciler its facts once the bundles are unpacked. A bundle that was named and
/// cannot be used ends the node.
async fn unpacked(
    unpacking: Unpacking,
    facts: NodeFacts,
    sharing: Sharing,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    match unpacking.await? {
        Ok(found) => {
            let Sharing { me, store, client, facts: sender, incoming, notes, online } = sharing;
            // Before anything is rendered: what runs under such a key must not count as missing.
            let keys = sources::cluster_keys(&store.state());
            let said = notes.clone();
            let with_keys = tokio::task::spawn_blocking(move || found.under(&keys, &said)).await?;
            let Unpacked { library, sources, builds } = with_keys;
            sender.send_replace(Some(Arc::new(NodeFacts { builds, ..facts })));
            let upstream = match online {
                true => Some(Upstream::of_catalogue(&incoming, notes.clone())?),
                false => None,
            };
            let facts = sender;
            let share =
                Share { me, store, client, library, sources, notes, upstream, facts, incoming };
            share.run(shutdown).await;
            Ok(())
        }
        Err(error) => {
            shutdown.cancel();
            Err(error.into())
        }
    }
}

/// What sharing components needs besides the library.
struct Sharing {
    me: NodeId,
    store: Store,
    client: PeerClient,
    facts: watch::Sender<Option<Arc<NodeFacts>>>,
    incoming: std::path::PathBuf,
    notes: Notes,
    online: bool,
}

#[expect(clippy::print_stderr, reason = "shown once to whoever started the cluster")]
fn announce_password(data: &DataDir, me: &Member) {
    let path = data.join(boot::PASSWORD_FILE);
    let Ok(password) = std::fs::read_to_string(&path) else { return };
    eprintln!(
        "\nThe cluster is formed.\n  portal   {}\n  user     admin\n  password {}\n(also in {}, \
         removed at the first change)\n",
        me.url,
        password.trim(),
        path.display(),
    );
}

/// Keeps the address book equal to the member rows.
async fn follow_members(store: Store, client: PeerClient, shutdown: Shutdown) {
    let mut changes = store.changes();
    loop {
        changes.mark_unchanged();
        let state = store.state();
        if !state.members.is_empty() {
            client.set_book(&state.members);
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = shutdown.cancelled() => return,
        }
    }
}

/// Where this node's components listen, those that run here or not.
fn component_targets(me: &Member, names: &[&str], prefix: &str) -> BTreeMap<String, LocalTarget> {
    let port = |name: &str| match name {
        "prometheus" => Some(me.ports.prometheus),
        "alertmanager" => Some(me.ports.alertmanager),
        "node_exporter" => Some(me.ports.node_exporter),
        "blackbox_exporter" => Some(me.ports.blackbox_exporter),
        _ => None,
    };
    names
        .iter()
        .filter_map(|name| {
            let address = std::net::SocketAddr::new(me.loopback, port(name)?);
            Some(((*name).to_owned(), LocalTarget { address, prefix: prefix.to_owned() }))
        })
        .collect()
}
