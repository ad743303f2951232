//! A node from start to stop.
//!
//! ```text
//! data dir ─► ports ─► portal (says what is waited for) ─► formation ─► store ─► first rows
//!                 └► bundles (at the same time)                │
//!            doors 8421 8422 8423 ◄─ certificates ◄────────────┘
//!            supervisor ─► reconciler ─► board (status to the others) ─► notifier ─► open
//! ```
//!
//! Stop goes the other way round: doors close, leadership is handed over, programs stop in
//! order, the store closes. A `kill -9` needs no order: programs go on and are adopted.

use super::{
    boot,
    cluster::{board, board::Board, logs, view::ClusterView},
    components::{self, ComponentsError},
    doors::{self, PublicDoor},
    machine::{self, DataDir},
    metrics, notifier,
    options::NodeOptions,
    ports, ready,
    share::Share,
    status::StatusSource,
};
use crate::{
    admission::Admission,
    base::{error_chain::ErrorChain, shutdown::Shutdown},
    bundle::Library,
    model::{
        NodeId,
        cluster::{Member, Ports},
        rpc::{Service, Transport},
    },
    notify::{Notify, OverStore, Tuning},
    observe::http::LocalHttp,
    peer::{
        blob, cert,
        client::PeerClient,
        data_key::KeyFile,
        formation::{Formation, Formed, Plan},
        forward::Forwarder,
        identity::NodeDir,
        local_door::{self, LocalDoor},
        local_http::LocalTarget,
        resolve::{self, Endpoint, OwnPlace},
        scrape_door::{ScrapeDoor, ScrapeTable},
        server::{Membership, PeerServer},
        token::FormationToken,
    },
    reconcile::{
        checker::Checkers,
        component::{Parts, Specs},
        ledger::Ledger,
        status::Reports,
        worker::Worker,
    },
    render::{Build, NodeFacts},
    store::{self, Store},
    supervise::{self, Supervisor},
    web::{self, Front},
};
use anyhow::Context as _;
use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// For local programs: reloads may take a while.
const LOCAL_TIMEOUT: Duration = Duration::from_secs(30);
/// For handing leadership over before the end.
const HAND_OVER: Duration = Duration::from_secs(2);

/// Runs a node until `shutdown`.
///
/// # Errors
/// What keeps it from starting, in words for an operator.
pub async fn run(options: NodeOptions, shutdown: Shutdown) -> anyhow::Result<()> {
    let data = DataDir::take(&options.data_dir)?;
    let listeners = ports::bind(&options).await?;
    let public = PublicDoor::open(&options)?;
    let own_uid = rustix::process::geteuid().as_raw();
    let (say, formation_text) = watch::channel("starting".to_owned());
    let front = Front::new(
        web::Settings {
            version: env!("CARGO_PKG_VERSION").into(),
            tls: public.swap.is_some(),
            base_path: "/".into(),
            own_uid,
        },
        formation_text,
    );
    let router = web::router::build(&front).router;
    let socket = web::socket::bind(&web::socket::path_for(&data.path, own_uid), own_uid)
        .context("cannot make the socket for the command line")?;
    let mut tasks = JoinSet::new();
    tasks.spawn(web::listener::serve(
        listeners.public,
        public.tls.clone(),
        router.clone(),
        shutdown.clone(),
    ));
    tasks.spawn(web::socket::serve(socket, router, shutdown.clone()));
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        data_dir = %data.path.display(),
        public = %std::net::SocketAddr::new(options.listen, listeners.ports.public),
        "watchkeep starts"
    );

    let peer = PeerServer::start(listeners.peer, shutdown.clone())?;
    let ground = Ground { options: &options, data: &data, ports: listeners.ports };
    let started = tokio::select! {
        started = ground.start(&peer, &say) => started?,
        () = shutdown.cancelled() => {
            while tasks.join_next().await.is_some() {}
            return Ok(());
        }
    };
    say.send_replace("formed".into());
    public.adopt(&started.formed, &data.path, &started.me)?;
    let node = Node { options, data, public, front, started, shutdown };
    node.serve(listeners.scrape, listeners.local, peer, tasks).await
}

/// What formation starts from.
struct Ground<'a> {
    options: &'a NodeOptions,
    data: &'a DataDir,
    ports: Ports,
}

/// A formed node whose store is open.
struct Started {
    me: Member,
    formed: Formed,
    client: PeerClient,
    store: Store,
    /// Bundles are looked at and unpacked meanwhile: a first write does not wait for that.
    unpacking: Unpacking,
}

impl Ground<'_> {
    async fn start(
        &self,
        peer: &PeerServer,
        say: &watch::Sender<String>,
    ) -> anyhow::Result<Started> {
        let (data_dir, bundle) = (self.data.path.clone(), self.options.bundle.clone());
        let unpacking = tokio::task::spawn_blocking(move || {
            let library = components::open(&data_dir, &bundle)?;
            let builds = components::builds(&library);
            Ok((library, builds))
        });
        let (me, formed) = self.form(peer, say).await?;
        let client = PeerClient::new(&formed.identity)?;
        client.set_book(&formed.record.members.iter().map(|m| (m.id, m.clone())).collect());
        let options = store::Options {
            dir: self.data.path.clone(),
            node: me.id,
            profile: self.options.profile,
        };
        let store = Store::open(options, Arc::new(client.clone())).await?;
        Ok(Started { me, formed, client, store, unpacking })
    }

    async fn form(
        &self,
        peer: &PeerServer,
        say: &watch::Sender<String>,
    ) -> anyhow::Result<(Member, Formed)> {
        let options = self.options;
        let dir = NodeDir::open(&self.data.path)?;
        let keys = KeyFile::new(&options.key_file);
        let (entries, own, address) = self.place().await?;
        let me = self.member(dir.node_id(), &entries[own], address);
        let token = match &options.token_file {
            Some(path) if entries.len() > 1 => Some(FormationToken::read(path)?),
            _ => None,
        };
        let plan = Plan {
            me: me.clone(),
            cluster_name: options.cluster_name.clone(),
            entries,
            own,
            token,
        };
        let formation =
            tokio::task::spawn_blocking(move || Formation::open(plan, dir, keys)).await??;
        peer.set_formation(formation.door());
        let mut status = formation.status();
        let speaking = async {
            loop {
                let text = status.borrow_and_update().text.clone();
                if *say.borrow() != text && !text.is_empty() {
                    tracing::info!(status = text, "formation");
                    say.send_replace(text);
                }
                if status.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let formed = tokio::select! {
            formed = formation.run() => formed?,
            () = speaking => unreachable!("it never ends"),
        };
        Ok((me, formed))
    }

    /// The member list, which entry is this node, and its address.
    async fn place(&self) -> anyhow::Result<(Vec<Endpoint>, usize, IpAddr)> {
        let options = self.options;
        let peer_port = self.ports.peer;
        if options.cluster.is_empty() {
            let host = match &options.advertise {
                Some(host) => host.clone(),
                None if options.listen.is_unspecified() => machine::loopback(options).to_string(),
                None => options.listen.to_string(),
            };
            let entry = Endpoint::parse(&host, peer_port)?;
            let address = entry.resolve().await?.first().context("the address of this node")?.ip();
            return Ok((vec![entry], 0, address));
        }
        let default_port = Ports::default().peer;
        let entries = Endpoint::parse_list(&options.cluster.join(","), default_port)?;
        let own = OwnPlace {
            advertise: options.advertise.clone(),
            listen: Some(options.listen).filter(|listen| !listen.is_unspecified()),
            peer_port,
        };
        let (position, address) = resolve::find_self(&entries, &own).await?;
        Ok((entries, position, address))
    }

    fn member(&self, id: NodeId, entry: &Endpoint, address: IpAddr) -> Member {
        let scheme =
            if self.options.public.tls == super::conf::TlsMode::Off { "http" } else { "https" };
        let public = std::net::SocketAddr::new(address, self.ports.public);
        Member {
            id,
            name: entry.host.clone(),
            address,
            loopback: machine::loopback(self.options),
            ports: self.ports,
            url: format!("{scheme}://{public}"),
            gone: false,
        }
    }
}

/// The library, and the builds unpacked from it.
type Unpacking = JoinHandle<Result<(Library, BTreeMap<String, Build>), ComponentsError>>;

struct Node {
    options: NodeOptions,
    data: DataDir,
    public: PublicDoor,
    front: Front,
    started: Started,
    shutdown: Shutdown,
}

impl Node {
    async fn serve(
        self,
        scrape: tokio::net::TcpListener,
        local: tokio::net::TcpListener,
        peer: PeerServer,
        mut tasks: JoinSet<()>,
    ) -> anyhow::Result<()> {
        let Started { me, formed, client, store, unpacking } = self.started;
        let (me, formed, client, store) = (&me, &formed, &client, &store);
        let shutdown = &self.shutdown;
        let transport: Arc<dyn Transport> = Arc::new(client.clone());

        let run_as = machine::component_user(&self.data.path);
        let component_tls = doors::component_certificate(&self.data.path, formed, me, run_as)?;
        let config = supervise::Config::new(format!("node-{}", me.id), &self.data.path);
        let supervisor = Arc::new(Supervisor::open(config).await?);
        for protection in supervisor.protections() {
            tracing::info!(protection, "protection of supervised programs");
        }

        let board = Board::default();
        let over_store = OverStore::new(store.clone(), Arc::clone(&transport), me.id);
        let notify = Notify::start(
            over_store,
            notifier::lookup(),
            &self.data.path,
            Tuning::default(),
            shutdown,
        )
        .await?;
        let notify = Arc::new(notify);
        let forwarder = Forwarder::default();
        forwarder.set_targets(component_targets(me, &["prometheus", "alertmanager"], ""));
        let blobs = self.data.join("blobs");
        let member_store = store.clone();
        let first_members = formed.record.voters();
        peer.set_membership(Membership {
            identity: formed.identity.clone(),
            is_member: Arc::new(move |node| {
                let state = member_store.state();
                if state.members.is_empty() {
                    first_members.contains(&node)
                } else {
                    state.members.contains_key(&node)
                }
            }),
            services: vec![
                ("raft/", store.service()),
                ("store/", store.service()),
                ("status/", Arc::new(board.clone()) as Arc<dyn Service>),
                ("notify/", notify.intake.service()),
            ],
            routes: forwarder
                .router()
                .merge(logs::router(self.data.join("logs")))
                .merge(blob::router(Arc::new(move |sha256| Some(blobs.join(sha256))))),
        })?;
        store.initialize(formed.record.voters()).await?;

        let token_file = self.data.join("components/local.token");
        let token = local_door::ensure_token(&token_file, run_as)?;
        let door = LocalDoor {
            me: me.id,
            token: Arc::new(token),
            forwarder: forwarder.clone(),
            client: client.clone(),
            notify: Arc::new(notifier::Door(Arc::clone(&notify))),
        };
        tasks.spawn(local_door::serve(local, door.router(), shutdown.clone()));
        let facts = NodeFacts {
            components_dir: self.data.join("components"),
            builds: BTreeMap::new(),
            run_as,
            component_tls,
            local_token_file: token_file,
            listen: self.options.listen,
            memory_bytes: machine::memory_bytes(),
            disk_bytes: machine::disk_bytes(&self.data.path),
        };
        let (facts_sender, facts_receiver) = watch::channel(None);
        let share = Sharing {
            me: me.id,
            store: store.clone(),
            client: client.clone(),
            facts: facts_sender,
            incoming: self.data.join("blobs-incoming"),
        };
        let unpacked = tokio::spawn(unpacked(unpacking, facts, share, shutdown.clone()));
        let facts = facts_receiver;
        let reports = Reports::default();
        let checkers = Checkers::new(supervisor.runner(), me.id, facts.clone());
        let parts = Parts {
            supervisor: Arc::clone(&supervisor),
            checkers: checkers.clone(),
            http: LocalHttp::new(LOCAL_TIMEOUT)?,
            reports: reports.clone(),
            specs: Specs::default(),
            ledger: Ledger::open(&self.data.join("run/live.json")),
        };
        let worker = Worker { store: store.clone(), node: me.id, facts, parts };
        let reconciler = tokio::spawn(worker.run(shutdown.clone()));

        let source =
            StatusSource::new(me.id, store.clone(), Arc::clone(&supervisor), reports.clone());
        let metrics = metrics::of(&source, store, &notify.metrics);
        let scrape_door =
            ScrapeDoor::start(scrape, &formed.identity, Arc::clone(&metrics), shutdown.clone())?;
        scrape_door.set_table(ScrapeTable {
            components: component_targets(me, &components::KNOWN, "/metrics"),
            exporters: BTreeMap::new(),
        });
        let wake = vec![reports.watch(), source.processes_changed(shutdown)];
        let own_status = source.clone();
        tasks.spawn(board::tell(
            board.clone(),
            store.clone(),
            transport,
            move || own_status.now(),
            wake,
            shutdown.clone(),
        ));
        tasks.spawn(follow_members(store.clone(), client.clone(), shutdown.clone()));

        let view = ClusterView {
            me: me.id,
            board,
            client: client.clone(),
            forwarder,
            logs_dir: self.data.join("logs"),
        };
        self.front.open(web::deps::Deps {
            node: me.id,
            store: store.clone(),
            admission: Admission::new(store.clone(), Arc::new(checkers)),
            cluster: Arc::new(view),
            notify: Arc::new(notifier::Door(Arc::clone(&notify))),
            metrics,
            ca_hash: ca_hash(formed),
        });
        if boot::first_rows(store, formed, &self.data.path, shutdown).await? {
            announce_password(&self.data, me);
        }
        boot::own_member_row(store, me, shutdown).await;
        tasks.spawn(boot::forget_first_password(
            store.clone(),
            self.data.path.clone(),
            shutdown.clone(),
        ));
        if let Some(path) = &self.options.ready_file {
            ready::write(path, me, &self.data.path)?;
        }
        tracing::info!(node = %me.id, url = me.url, "watchkeep is ready");

        let mut failed = store.failed();
        tokio::select! {
            () = shutdown.cancelled() => {}
            reason = failed.wait_for(Option::is_some) => {
                // What was acknowledged is on disk; going on could only acknowledge what is not.
                // The programs are left running, the next start adopts them.
                let reason = reason.ok().and_then(|reason| reason.clone()).unwrap_or_default();
                anyhow::bail!("storage failed, the node must be started again: {reason}");
            }
        }
        tracing::info!("stopping");
        let _ = reconciler.await;
        notify.stopped().await;
        if let Err(error) = store.hand_over(HAND_OVER).await {
            tracing::debug!(%error, "leadership was not handed over");
        }
        if let Err(error) = supervisor.stop_all().await {
            tracing::warn!(error = %ErrorChain(&error), "programs were not stopped in order");
        }
        while tasks.join_next().await.is_some() {}
        store.close().await?;
        drop(self.public);
        unpacked.await?
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
        Ok((library, builds)) => {
            let Sharing { me, store, client, facts: sender, incoming } = sharing;
            sender.send_replace(Some(Arc::new(NodeFacts { builds, ..facts })));
            Share { me, store, client, library, facts: sender, incoming }.run(shutdown).await;
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

/// As in tokens: base32 of SHA-256 over the CA's public key.
fn ca_hash(formed: &Formed) -> String {
    let hash = cert::public_key_hash(formed.authority.der()).unwrap_or_default();
    data_encoding::BASE32_NOPAD.encode(&hash).to_lowercase()
}
