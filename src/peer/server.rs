//! The cluster port, 8421: one listener that serves formation before there is a cluster, and
//! members and those who join afterwards, told apart by ALPN; all can be switched at run time.
//!
//! Every request of a member passes one check: its certificate names the node that the headers
//! name, the headers name this cluster and this node (409), and the node is a member now (410
//! when it was removed, 403 when it was never heard of here). Whoever is not known here may still
//! bring the log: it is how this node comes to know it.

use super::{
    CLUSTER_HEADER, FROM_HEADER, TO_HEADER,
    cert::{self, Holder},
    join::JOIN_ALPN,
    rpc,
    tls::{Identity, TlsError},
};
use crate::{
    base::{
        places::{Place, Places},
        shutdown::Shutdown,
    },
    model::{NodeId, rpc::Service},
};
use axum::{
    Extension, Router,
    body::Body,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use rustls::ServerConfig;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, RwLock},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};
use tower::ServiceExt;
use tracing::{debug, warn};

/// ALPN name of the formation protocol.
pub const FORMATION_ALPN: &[u8] = b"wk-form/1";

/// Open to nodes that are not known here but have a certificate of the cluster: perhaps they joined
/// after what this node has applied, and lead now. Refusing them would keep it behind for ever.
const CATCHING_UP: [&str; 2] = ["/peer/v1/rpc/raft/", "/peer/v1/file/raft/"];

const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);
/// Handshakes at once: of all who are not members' addresses, of one source of them, and of one
/// member's address. A stranger that says nothing keeps neither a member out nor another stranger.
const HANDSHAKES: usize = 256;
const SOURCE_HANDSHAKES: usize = 8;
const MEMBER_HANDSHAKES: usize = 64;
/// Conversations at once with those who join or form, and of one source.
const NEWCOMERS: usize = 64;
const SOURCE_NEWCOMERS: usize = 8;

/// What a node with a certificate of the cluster is to us now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peerage {
    /// A member.
    Member,
    /// Not known here, perhaps not yet.
    Stranger,
    /// Taken out of the cluster for good.
    Removed,
}

/// Says what a node is now.
pub type PeerageOf = Arc<dyn Fn(NodeId) -> Peerage + Send + Sync>;

/// Says whether an address is a member's.
pub type IsMember = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Serves formation or join connections on the cluster port.
pub trait FormationDoor: Send + Sync + 'static {
    /// TLS for these connections.
    fn config(&self) -> Arc<ServerConfig>;
    /// Serves one connection to its end; bounds its own time.
    fn serve(&self, stream: TlsStream<TcpStream>, from: SocketAddr) -> BoxFuture<'static, ()>;
}

/// All that serving members needs.
pub struct Membership {
    /// This node.
    pub identity: Identity,
    /// Asked on every request.
    pub peerage: PeerageOf,
    /// Services by method prefix, for instance `("raft/", …)`; the longest prefix wins.
    pub services: Vec<(&'static str, Arc<dyn Service>)>,
    /// Further routes, with full paths below `/peer/v1/`; handlers find the caller as
    /// `Extension<Caller>`.
    pub routes: Router,
}

/// The authenticated node a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub NodeId);

struct MemberSide {
    tls: Arc<ServerConfig>,
    cluster_id: String,
    router: Router,
}

#[derive(Default)]
struct Doors {
    formation: RwLock<Option<Arc<dyn FormationDoor>>>,
    join: RwLock<Option<Arc<dyn FormationDoor>>>,
    members: RwLock<Option<Arc<MemberSide>>>,
    addresses: RwLock<Option<IsMember>>,
    strangers: Places,
    known: Places,
    newcomers: Places,
}

impl Doors {
    /// A place to shake hands in.
    fn handshake(&self, from: IpAddr) -> Option<Place> {
        if read(&self.addresses).is_some_and(|is_member| is_member(from.to_canonical())) {
            return self.known.take(from, usize::MAX, MEMBER_HANDSHAKES);
        }
        self.strangers.take(from, HANDSHAKES, SOURCE_HANDSHAKES)
    }
}

/// Handle to the running listener. Cheap to clone; ends with the shutdown signal.
#[derive(Clone)]
pub struct PeerServer {
    doors: Arc<Doors>,
    address: SocketAddr,
}

impl PeerServer {
    /// Starts accepting. Until a door is opened every connection is refused after its hello.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start(listener: TcpListener, shutdown: Shutdown) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let doors = Arc::new(Doors::default());
        tokio::spawn(accept_loop(listener, Arc::clone(&doors), shutdown));
        Ok(Self { doors, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Shows a renewed certificate to members on connections made from now on.
    ///
    /// # Errors
    /// The identity is unusable; the old one stays.
    pub fn set_identity(&self, identity: &Identity) -> Result<(), TlsError> {
        let Some(side) = read(&self.doors.members) else { return Ok(()) };
        let tls = Arc::new(identity.server_config(|holder| matches!(holder, Holder::Node(_)))?);
        let (cluster_id, router) = (side.cluster_id.clone(), side.router.clone());
        *write(&self.doors.members) = Some(Arc::new(MemberSide { tls, cluster_id, router }));
        Ok(())
    }

    /// Opens or closes (`None`) the formation door.
    pub fn set_formation(&self, door: Option<Arc<dyn FormationDoor>>) {
        *write(&self.doors.formation) = door;
    }

    /// Opens or closes (`None`) the door for those who join.
    pub fn set_join(&self, door: Option<Arc<dyn FormationDoor>>) {
        *write(&self.doors.join) = door;
    }

    /// Whose handshakes have places of their own from now on.
    pub fn set_addresses(&self, is_member: IsMember) {
        *write(&self.doors.addresses) = Some(is_member);
    }

    /// Serves members from now on; a second call replaces identity, services and routes for new
    /// connections.
    ///
    /// # Errors
    /// The identity is unusable; what was served stays.
    pub fn set_membership(&self, membership: Membership) -> Result<(), TlsError> {
        let Membership { identity, peerage, services, routes } = membership;
        let tls = identity.server_config(|holder| matches!(holder, Holder::Node(_)))?;
        let check = Check { cluster_id: identity.cluster_id.clone(), me: identity.node, peerage };
        let router = rpc::router(services)
            .merge(routes)
            .layer(middleware::from_fn_with_state(Arc::new(check), check_request));
        let side = MemberSide { tls: Arc::new(tls), cluster_id: identity.cluster_id, router };
        *write(&self.doors.members) = Some(Arc::new(side));
        Ok(())
    }
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn read<T: Clone>(lock: &RwLock<T>) -> T {
    lock.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}

async fn accept_loop(listener: TcpListener, doors: Arc<Doors>, shutdown: Shutdown) {
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (tcp, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // For instance out of file descriptors: do not spin.
                warn!(%error, "cannot accept on the cluster port");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(place) = doors.handshake(from.ip()) else {
            debug!(%from, "too many handshakes at once, connection dropped");
            continue;
        };
        let (doors, shutdown) = (Arc::clone(&doors), shutdown.clone());
        tokio::spawn(async move {
            if let Err(error) = connection(tcp, from, &doors, &shutdown, place).await {
                debug!(%from, %error, "connection to the cluster port ended");
            }
        });
    }
}

async fn connection(
    tcp: TcpStream,
    from: SocketAddr,
    doors: &Doors,
    shutdown: &Shutdown,
    place: Place,
) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let acceptor = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), tcp);
    let start = timeout(HANDSHAKE_TIMEOUT, acceptor).await??;
    let asks_for = |protocol: &[u8]| {
        start.client_hello().alpn().is_some_and(|mut names| names.any(|name| name == protocol))
    };
    let before_membership = match (asks_for(FORMATION_ALPN), asks_for(JOIN_ALPN)) {
        (true, _) => Some(read(&doors.formation)),
        (false, true) => Some(read(&doors.join)),
        (false, false) => None,
    };
    if let Some(door) = before_membership {
        let Some(door) = door else {
            return Err(io::Error::other("neither formation nor joining is possible here"));
        };
        let stream = timeout(HANDSHAKE_TIMEOUT, start.into_stream(door.config())).await??;
        drop(place);
        let newcomer = doors.newcomers.take(from.ip(), NEWCOMERS, SOURCE_NEWCOMERS);
        let Some(_newcomer) = newcomer else {
            return Err(io::Error::other("too many others join at once"));
        };
        door.serve(stream, from).await;
        return Ok(());
    }
    let Some(side) = read(&doors.members) else {
        return Err(io::Error::other("not a member of a cluster yet"));
    };
    let stream = timeout(HANDSHAKE_TIMEOUT, start.into_stream(Arc::clone(&side.tls))).await??;
    drop(place);
    let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let holder = shown.and_then(|der| cert::identify(der, &side.cluster_id));
    let Some(Holder::Node(node)) = holder else {
        return Err(io::Error::other("the certificate names no node"));
    };
    serve_http(stream, side.router.clone().layer(Extension(Caller(node))), shutdown).await;
    Ok(())
}

/// Serves HTTP/2 or HTTP/1.1 until the other side or the shutdown signal ends it.
pub(super) async fn serve_http<S>(stream: S, router: Router, shutdown: &Shutdown)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(30));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(10))
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .max_concurrent_streams(1024);
    let service = hyper::service::service_fn(move |request: http::Request<_>| {
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(error) = ended {
                debug!(%error, "HTTP connection ended");
            }
            return;
        }
        () = shutdown.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = timeout(DRAIN_TIMEOUT, connection).await;
}

struct Check {
    cluster_id: String,
    me: NodeId,
    peerage: PeerageOf,
}

async fn check_request(
    axum::extract::State(check): axum::extract::State<Arc<Check>>,
    Extension(Caller(caller)): Extension<Caller>,
    request: Request,
    next: Next,
) -> Response {
    match check.verdict(caller, request.headers(), request.uri().path()) {
        Ok(()) => next.run(request).await,
        Err((status, reason)) => {
            warn!(from = %caller, path = request.uri().path(), reason, "call refused");
            (status, reason).into_response()
        }
    }
}

impl Check {
    fn verdict(
        &self,
        caller: NodeId,
        headers: &HeaderMap,
        path: &str,
    ) -> Result<(), (StatusCode, String)> {
        let said = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let wrong = |reason: String| Err((StatusCode::CONFLICT, reason));
        let (cluster, to, from) = (said(CLUSTER_HEADER), said(TO_HEADER), said(FROM_HEADER));
        if cluster != self.cluster_id {
            return wrong(format!("this is cluster {}, not {cluster}", self.cluster_id));
        }
        if to != self.me.to_string() {
            return wrong(format!("this is node {}, not {to}", self.me));
        }
        if from != caller.to_string() {
            return wrong(format!("your certificate is of node {caller}, not {from}"));
        }
        let cluster = &self.cluster_id;
        match (self.peerage)(caller) {
            Peerage::Member => Ok(()),
            Peerage::Stranger if CATCHING_UP.iter().any(|prefix| path.starts_with(prefix)) => {
                Ok(())
            }
            Peerage::Removed => {
                let reason = format!("node {caller} was removed from cluster {cluster}");
                Err((StatusCode::GONE, reason))
            }
            Peerage::Stranger => {
                let reason = format!("node {caller} is no member of cluster {cluster} here");
                Err((StatusCode::FORBIDDEN, reason))
            }
        }
    }
}
