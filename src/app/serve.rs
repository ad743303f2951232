//! A formed node: doors, reconciler, notifier, and what it says of itself, until the shutdown
//! signal or the failure of its storage.

use super::{
    boot,
    cluster::{board, board::Board, logs, view::ClusterView},
    components::{self, Unpacked},
    doors::{self, PublicDoor},
    machine::{self, DataDir},
    metrics,
    node::{Signals, Started, Unpacking},
    notes::Notes,
    notifier, observer,
    options::NodeOptions,
    ready, removed,
    renewal::Renewal,
    share::Share,
    sources,
    status::StatusSource,
    upstream::Upstream,
};
use crate::{
    admission::Admission,
    base::{error_chain::ErrorChain, shutdown::Shutdown},
    membership::{
        Patience,
        gate::{Gate, Heard},
        keeper::Keeper,
        rows,
    },
    model::{
        NodeId,
        cluster::Member,
        rpc::{CallError, Lane, Service, Transport},
        standing::Standing,
    },
    notify::{Notify, OverStore, Tuning},
    observe::{http::LocalHttp, metadata::Metadata},
    peer::{
        blob, cert,
        client::PeerClient,
        formation::{Formation, Formed},
        forward::Forwarder,
        identity::NodeDir,
        join::{Gatekeeper, JoinDoor},
        local_door::{self, LocalDoor},
        local_http::LocalTarget,
        renewal::Shown,
        scrape_door::{OwnMetrics, ScrapeDoor, ScrapeTable},
        server::{Membership, PeerServer, Peerage},
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
/// For asking the leader how far the log is, while this node joins.
const BEHIND: Duration = Duration::from_millis(500);
/// Harmless to ask.
const ASK: &str = "store/read-index";
/// Between two looks whether this node was let in.
const LOOK: Duration = Duration::from_millis(200);
/// For handing leadership over before the end.
const HAND_OVER: Duration = Duration::from_secs(2);

/// What a formed node is made of.
pub(super) struct Node {
    options: NodeOptions,
    data: DataDir,
    front: Front,
    say: watch::Sender<String>,
    signals: Signals,
    /// Ends all work; the same as in `signals`.
    shutdown: Shutdown,
    me: Member,
    formed: Arc<Formed>,
    formation: Formation,
    client: PeerClient,
    transport: Arc<dyn Transport>,
    store: Store,
    supervisor: Arc<Supervisor>,
    notify: Arc<Notify>,
    forwarder: Forwarder,
    board: Board,
    reports: Reports,
    notes: Notes,
    /// Its certificate is swapped through it.
    public: Arc<PublicDoor>,
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
        (front, say): (Front, watch::Sender<String>),
        started: Started,
        signals: Signals,
    ) -> anyhow::Result<(Self, Unpacking)> {
        let Started { me, formed, formation, client, store, notes, unpacking } = started;
        let shutdown = signals.work.clone();
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
            say,
            signals,
            shutdown,
            me,
            formed: Arc::new(formed),
            formation,
            client,
            transport,
            store,
            supervisor,
            notify: Arc::new(notify),
            forwarder,
            board: Board::default(),
            reports: Reports::default(),
            notes,
            public: Arc::new(public),
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
        let gate = self.serve_members(peer)?;
        match self.formed.record.founders() {
            Some(founders) => self.store.initialize(founders).await?,
            None => {
                if let Some(end) = self.until_let_in().await {
                    return self.end_early(end, tasks).await;
                }
            }
        }
        self.say.send_replace("formed".into());
        let facts = self.open_local_door(local, &mut tasks)?;
        let reconciling = self.reconcile(facts, unpacking)?;
        let (metrics, scrape) = self.show(scrape, &mut tasks)?;
        let shown = Shown { client: self.client.clone(), server: peer.clone(), scrape, gate };
        tasks.spawn(self.renewal(shown).run(self.shutdown.clone()));
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
        let keeper = Keeper::new(self.store.clone(), self.me.id, self.patience());
        tasks.spawn(keeper.run(self.shutdown.clone()));
        let settled = async { self.settle_in(&mut tasks).await };
        let end = tokio::select! {
            settled = settled => settled.map(|()| None)?,
            end = self.end() => Some(end),
        };
        let end = match end {
            Some(end) => end,
            None => self.end().await,
        };
        self.stop(end, reconciling, tasks).await
    }

    /// Nobody calls a node that was taken out before it was let in: one that asks hears of it.
    async fn ask_a_member(&self) {
        let others = self.formed.record.members.iter().map(|member| member.id);
        for node in others.filter(|node| *node != self.me.id) {
            let ask = self.transport.call(node, Lane::Bulk, ASK, bytes::Bytes::new(), BEHIND);
            if matches!(ask.await, Ok(_) | Err(CallError::Removed { .. })) {
                return;
            }
        }
    }

    fn patience(&self) -> Patience {
        Patience::from(self.options.profile)
    }

    /// Waits until the cluster that this node joins has given it its state. `Some` = it ends
    /// before.
    async fn until_let_in(&self) -> Option<End> {
        let (name, me) = (&self.formed.record.cluster_name, self.me.id);
        let known = || self.store.state().members.contains_key(&me);
        let waiting = async {
            while !known() {
                self.ask_a_member().await;
                let raft = self.store.raft().borrow().clone();
                let text = match self.store.behind(BEHIND).await {
                    _ if raft.leader.is_none() => {
                        format!("joining {name}: waiting for its leader to send the log")
                    }
                    Ok(behind) => format!("joining {name}: learner, {behind} entries behind"),
                    Err(error) => format!("joining {name}: learner, {error}"),
                };
                if *self.say.borrow() != text {
                    tracing::info!(status = text, "joining");
                    self.say.send_replace(text);
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = waiting => None,
            end = self.end() => Some(end),
        }
    }

    /// Opens 8421 to members.
    fn serve_members(&self, peer: &PeerServer) -> anyhow::Result<Arc<dyn Gatekeeper>> {
        let store = self.store.clone();
        let first_members: Vec<NodeId> =
            self.formed.record.members.iter().map(|member| member.id).collect();
        let blobs = self.data.join("blobs");
        let gate: Arc<dyn Gatekeeper> = Arc::new(Gate::new(
            self.store.clone(),
            heard(self.board.clone()),
            self.formed.record.clone(),
            self.formed.data_key.clone(),
            self.patience(),
        ));
        self.formation.set_gatekeeper(Arc::clone(&gate));
        let door = JoinDoor::new(&self.formed.identity, Arc::clone(&gate))?;
        peer.set_join(Some(Arc::new(door)));
        peer.set_membership(Membership {
            identity: self.formed.identity.clone(),
            peerage: Arc::new(move |node| peerage(&store, &first_members, node)),
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
        Ok(gate)
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
    ) -> anyhow::Result<(OwnMetrics, ScrapeDoor)> {
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
        Ok((metrics, door))
    }

    fn renewal(&self, shown: Shown) -> Renewal {
        Renewal {
            formed: Arc::clone(&self.formed),
            me: self.me.clone(),
            data_dir: self.data.path.clone(),
            run_as: machine::component_user(&self.data.path),
            public: Arc::clone(&self.public),
            shown,
        }
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
            data_key: self.formed.data_key.to_base64(),
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

    /// Why this node ends, once it must.
    async fn end(&self) -> End {
        let mut failed = self.store.failed();
        let mut removed = self.client.removed();
        tokio::select! {
            () = self.signals.asked.cancelled() => End::Asked,
            () = self.shutdown.cancelled() => End::Asked,
            reason = failed.wait_for(Option::is_some) => {
                End::Failed(reason.ok().and_then(|reason| reason.clone()).unwrap_or_default())
            }
            by = removed.wait_for(Option::is_some) => match by.ok().and_then(|by| *by) {
                Some(by) => End::Removed(by),
                None => End::Asked,
            },
        }
    }

    /// Stops in order, whatever the reason.
    async fn stop(
        self,
        end: End,
        reconciling: Reconciling,
        mut tasks: JoinSet<()>,
    ) -> anyhow::Result<()> {
        self.leave(&end).await?;
        let _ = reconciling.worker.await;
        self.notify.stopped().await;
        if let Err(error) = self.supervisor.stop_all().await {
            tracing::warn!(error = %ErrorChain(&error), "programs were not stopped in order");
        }
        self.store.close().await?;
        if let End::Removed(by) = end {
            return removed::stay(&removed::text(&by.to_string()), &self.say, &self.signals, tasks)
                .await;
        }
        while tasks.join_next().await.is_some() {}
        reconciling.unpacked.await?
    }

    /// As [`Self::stop`], of a node that never came to work.
    async fn end_early(self, end: End, mut tasks: JoinSet<()>) -> anyhow::Result<()> {
        self.leave(&end).await?;
        self.store.close().await?;
        if let End::Removed(by) = end {
            return removed::stay(&removed::text(&by.to_string()), &self.say, &self.signals, tasks)
                .await;
        }
        while tasks.join_next().await.is_some() {}
        Ok(())
    }

    /// The first step of every stop. Leadership goes before any door closes, so that whoever
    /// leads next is there when this node stops answering.
    async fn leave(&self, end: &End) -> anyhow::Result<()> {
        match end {
            End::Asked => {
                tracing::info!("stopping");
                let led = self.store.raft().borrow().is_leader;
                match self.store.hand_over(HAND_OVER).await {
                    Ok(()) if led => tracing::info!("leadership handed over"),
                    Ok(()) => {}
                    Err(error) => tracing::info!(%error, "leadership was not handed over"),
                }
                self.shutdown.cancel();
                self.signals.door.cancel();
            }
            End::Removed(by) => {
                let reason = removed::text(&by.to_string());
                // Written first: whatever happens now, this id never comes back.
                NodeDir::open(&self.data.path)?.mark_removed(&reason)?;
                self.front.close(&reason);
                self.shutdown.cancel();
            }
            End::Failed(reason) => {
                // What was acknowledged is on disk; going on could only acknowledge what is not.
                // The programs are left running, the next start adopts them.
                let dir = self.data.path.display();
                anyhow::bail!("storage in {dir} failed, the node must be started again: {reason}");
            }
        }
        Ok(())
    }
}

/// For how long a node has said nothing.
fn heard(board: Board) -> Heard {
    Arc::new(move |node| {
        let seen = board.all().into_iter().find(|seen| seen.status.id == node)?;
        Some(Duration::from_millis(seen.age_ms))
    })
}

/// Why a node ends.
enum End {
    Asked,
    /// This member says that the cluster has removed us.
    Removed(NodeId),
    /// Storage.
    Failed(String),
}

/// What a node with a certificate of ours is now. Before this node knows any member row, those
/// it was told of at the start count.
fn peerage(store: &Store, first_members: &[NodeId], node: NodeId) -> Peerage {
    let state = store.state();
    let first = state.members.is_empty() && first_members.contains(&node);
    if first || state.members.contains_key(&node) {
        return Peerage::Member;
    }
    match rows::standing(store, node) {
        Ok(Some(Standing::Removed { .. })) => Peerage::Removed,
        _ => Peerage::Stranger,
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
