//! A formed node: doors, reconciler, notifier, and what it says of itself, until the shutdown
//! signal or the failure of its storage. `node` starts it; the parts of its life are the files of this
//! folder.

mod ending;
mod joining;
mod members;
mod settling;
mod showing;
mod working;

use super::{
    cluster::{board::Board, view::ClusterView},
    doors::PublicDoor,
    login::Login,
    machine::{self, DataDir},
    node::{Signals, Started, Unpacking},
    notes::Notes,
    notifier, observer,
    options::NodeOptions,
    renewal::Renewal,
};
use crate::{
    admission::Admission,
    base::shutdown::Shutdown,
    membership::{Patience, keeper::Keeper, level::Raiser},
    model::{cluster::Member, rpc::Transport},
    notify::{Notify, OverStore, Tuning},
    observe::metadata::Metadata,
    peer::{
        cert,
        client::PeerClient,
        formation::{Formation, Formed},
        forward::Forwarder,
        renewal::Shown,
        server::PeerServer,
    },
    reconcile::{checker::Checkers, safety::Safety, status::Reports},
    scope::{Parts, Projects},
    silence::sync::Syncer,
    store::Store,
    supervise::{self, Supervisor},
    web::{self, Front, deps::Cluster},
};
use showing::component_targets;
use std::sync::Arc;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

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
    login: Login,
    board: Board,
    reports: Reports,
    notes: Notes,
    /// Its certificate is swapped through it.
    public: Arc<PublicDoor>,
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
        let login = Login::ensure(&data.path)?;
        let asked = ["prometheus", "alertmanager"];
        forwarder.set_targets(component_targets(&me, &asked, "", &login));
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
            login,
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
        let (admission, metadata) = self.watch_over(&view, &reconciling.checkers, &mut tasks);
        self.open_front(view, admission, metadata, metrics, &mut tasks);
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

    /// Starts what the leader does for all nodes, and what judges changes.
    fn watch_over(
        &self,
        view: &ClusterView,
        checkers: &Checkers,
        tasks: &mut JoinSet<()>,
    ) -> (Admission, Metadata) {
        let alertmanagers = Arc::new(view.clone());
        let silences = Syncer { store: self.store.clone(), alertmanagers };
        tasks.spawn(silences.run(self.shutdown.clone()));
        let cluster: Arc<dyn Cluster> = Arc::new(view.clone());
        let metadata =
            observer::start(cluster, self.me.id, self.store.clone(), tasks, &self.shutdown);
        let admission = Admission::new(self.store.clone(), Arc::new(checkers.clone()))
            .with_facts(Arc::new(metadata.clone()));
        let safety = Safety {
            store: self.store.clone(),
            admission: admission.clone(),
            checkers: checkers.clone(),
            fleet: Arc::new(view.clone()),
        };
        tasks.spawn(safety.run(self.shutdown.clone()));
        let keeper = Keeper::new(self.store.clone(), self.me.id, self.patience());
        tasks.spawn(keeper.run(self.shutdown.clone()));
        let raiser = Raiser::new(self.store.clone(), members::levels(self.board.clone()));
        tasks.spawn(raiser.run(self.shutdown.clone()));
        (admission, metadata)
    }

    fn patience(&self) -> Patience {
        Patience::from(self.options.profile)
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
            secret_value: self.notify.secrets.source(),
            lookup: notifier::lookup(),
            seen: Projects::All,
            parts: Parts::default(),
        };
        tasks.spawn(web::auth::housekeeping::run(deps.clone(), self.shutdown.clone()));
        let refusals = (self.front.clone(), deps.clone(), self.shutdown.clone());
        tasks.spawn(web::audit::refusals::run(refusals.0, refusals.1, refusals.2));
        self.front.open(deps);
    }
}
