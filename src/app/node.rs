//! A node from start to stop.
//!
//! ```text
//! data dir ─► ports ─► portal (says what is waited for) ─► formation ─► store ─► first rows
//!                 └► bundles (at the same time)                │
//!            doors 8421 8422 8423 ◄─ certificates ◄────────────┘
//!            supervisor ─► reconciler ─► board (status to the others) ─► notifier ─► open
//! ```
//!
//! Stop goes the other way round: leadership is handed over, doors close, programs stop in
//! order, the store closes. A `kill -9` needs no order: programs go on and are adopted. A node
//! that the cluster has removed stops the same way, but its public door stays and says so.

use super::{
    components::{self, ComponentsError, Unpacked},
    doors::PublicDoor,
    machine::{self, DataDir},
    notes::Notes,
    options::NodeOptions,
    ports, removed,
    serve::Node,
    swap,
};
use crate::{
    base::shutdown::Shutdown,
    model::{
        NodeId,
        cluster::{FEATURE_LEVEL, Member, Ports},
    },
    peer::{
        client::PeerClient,
        data_key::KeyFile,
        formation::{Formation, Formed, Plan},
        identity::NodeDir,
        resolve::{self, Endpoint, OwnPlace},
        server::PeerServer,
        token::Token,
    },
    store::{self, Store},
    web::{self, Front},
};
use anyhow::Context as _;
use std::{net::IpAddr, sync::Arc};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// The signals that end a node, in the order of its stop.
#[derive(Clone)]
pub(super) struct Signals {
    /// Somebody wants it to stop.
    pub(super) asked: Shutdown,
    /// Everything but the public door ends.
    pub(super) work: Shutdown,
    /// The public door closes.
    pub(super) door: Shutdown,
}

/// Runs a node until `asked` to stop.
///
/// # Errors
/// What keeps it from starting, in words for an operator.
pub async fn run(options: NodeOptions, asked: Shutdown) -> anyhow::Result<()> {
    let signals = Signals { asked, work: Shutdown::new(), door: Shutdown::new() };
    let data = DataDir::take(&options.data_dir)?;
    if let Some(before) = swap::finish(&data.path)? {
        tracing::warn!(before = %before.display(), "a recovery that broke off was finished");
    }
    let listeners = ports::bind(&options).await?;
    let public = PublicDoor::open(&options)?;
    let own_uid = rustix::process::geteuid().as_raw();
    let proxies = options.public.trusted_proxies.clone();
    let (say, formation_text) = watch::channel("starting".to_owned());
    let front = Front::new(
        web::Settings {
            version: env!("CARGO_PKG_VERSION").into(),
            tls: public.swap.is_some(),
            base_path: "/".into(),
            own_uid,
            hsts: public.own,
            proxies: proxies.clone(),
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
        web::listener::Terms { proxies, ..Default::default() },
        signals.door.clone(),
    ));
    tasks.spawn(web::socket::serve(socket, router, signals.door.clone()));
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        data_dir = %data.path.display(),
        public = %std::net::SocketAddr::new(options.listen, listeners.ports.public),
        "watchkeep starts"
    );

    if let Some(reason) = NodeDir::open(&data.path)?.removed()? {
        return removed::stay(&reason, &say, &signals, tasks).await;
    }
    let peer = PeerServer::start(listeners.peer, signals.work.clone())?;
    let ground = Ground { options: &options, data: &data, ports: listeners.ports };
    let started = tokio::select! {
        started = ground.start(&peer, &say) => started?,
        () = signals.asked.cancelled() => {
            signals.work.cancel();
            signals.door.cancel();
            while tasks.join_next().await.is_some() {}
            return Ok(());
        }
    };
    public.adopt(&started.formed, &data.path, &started.me)?;
    let (node, unpacking) =
        Node::assemble(options, data, public, (front, say), started, signals).await?;
    node.serve(listeners.scrape, listeners.local, &peer, unpacking, tasks).await
}

/// What formation starts from.
struct Ground<'a> {
    options: &'a NodeOptions,
    data: &'a DataDir,
    ports: Ports,
}

/// A formed node whose store is open.
pub(super) struct Started {
    pub(super) me: Member,
    pub(super) formed: Formed,
    /// Lets machines in that show the formation token.
    pub(super) formation: Formation,
    pub(super) client: PeerClient,
    pub(super) store: Store,
    pub(super) notes: Notes,
    /// Bundles are looked at and unpacked meanwhile: a first write does not wait for that.
    pub(super) unpacking: Unpacking,
}

impl Ground<'_> {
    async fn start(
        &self,
        peer: &PeerServer,
        say: &watch::Sender<String>,
    ) -> anyhow::Result<Started> {
        let (data_dir, bundle) = (self.data.path.clone(), self.options.bundle.clone());
        let notes = Notes::default();
        let said = notes.clone();
        let unpacking =
            tokio::task::spawn_blocking(move || components::open(&data_dir, &bundle, &said));
        let (me, formed, formation) = self.form(peer, say).await?;
        let client = PeerClient::new(&formed.identity)?;
        client.set_book(&formed.record.members.iter().map(|m| (m.id, m.clone())).collect());
        let options = store::Options {
            dir: self.data.path.clone(),
            node: me.id,
            profile: self.options.profile,
        };
        let store = Store::open(options, Arc::new(client.clone())).await?;
        let known = store.state();
        if known.meta.feature_level > FEATURE_LEVEL {
            anyhow::bail!(
                "the cluster is at feature level {}, this binary ({}) knows {FEATURE_LEVEL} at most; \
                 start the newer binary that ran here before",
                known.meta.feature_level,
                env!("CARGO_PKG_VERSION")
            );
        }
        if !known.members.is_empty() {
            client.set_book(&known.members);
        }
        Ok(Started { me, formed, formation, client, store, notes, unpacking })
    }

    async fn form(
        &self,
        peer: &PeerServer,
        say: &watch::Sender<String>,
    ) -> anyhow::Result<(Member, Formed, Formation)> {
        let options = self.options;
        let dir = NodeDir::open(&self.data.path)?;
        let keys = KeyFile::new(&options.key_file);
        let (entries, own, address) = self.place().await?;
        let me = self.member(dir.node_id(), &entries[own], address);
        let token = match &options.token_file {
            Some(path) if entries.len() > 1 => Some(Token::read(path)?),
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
        let was_formed = formation.is_formed();
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
        let note = match was_formed && !options.cluster.is_empty() {
            true => ", since an earlier start: --cluster and --token-file are ignored",
            false => "",
        };
        let (name, id) = (&formed.record.cluster_name, &formed.record.cluster_id);
        tracing::info!("member of cluster {name} ({id}){note}");
        Ok((me, formed, formation))
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

/// Known once all bundles are looked at.
pub(super) type Unpacking = JoinHandle<Result<Unpacked, ComponentsError>>;
