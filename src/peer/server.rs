//! The cluster port, 8421: one listener that serves formation before there is a cluster, and
//! members and those who join afterwards, told apart by ALPN; all can be switched at run time.
//! Every request of a member passes one check (`check`).

use super::{
    cert::Holder,
    check::{Check, PeerageOf, check_request},
    connection::accept_loop,
    rpc,
    tls::{Identity, TlsError},
};
use crate::{
    base::{
        places::{Place, Places},
        shutdown::Shutdown,
    },
    model::rpc::Service,
};
use axum::{Router, middleware};
use futures_util::future::BoxFuture;
use rustls::ServerConfig;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, RwLock},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;

/// ALPN name of the formation protocol.
pub const FORMATION_ALPN: &[u8] = b"wk-form/1";

/// Handshakes at once: of all who are not members' addresses, of one source of them, and of one
/// member's address. A stranger that says nothing keeps neither a member out nor another stranger.
const HANDSHAKES: usize = 256;
const SOURCE_HANDSHAKES: usize = 8;
const MEMBER_HANDSHAKES: usize = 64;
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

pub(super) struct MemberSide {
    pub(super) tls: Arc<ServerConfig>,
    pub(super) cluster_id: String,
    pub(super) router: Router,
}

#[derive(Default)]
pub(super) struct Doors {
    pub(super) formation: RwLock<Option<Arc<dyn FormationDoor>>>,
    pub(super) join: RwLock<Option<Arc<dyn FormationDoor>>>,
    pub(super) members: RwLock<Option<Arc<MemberSide>>>,
    addresses: RwLock<Option<IsMember>>,
    strangers: Places,
    known: Places,
    pub(super) newcomers: Places,
}

impl Doors {
    /// A place to shake hands in.
    pub(super) fn handshake(&self, from: IpAddr) -> Option<Place> {
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

pub(super) fn read<T: Clone>(lock: &RwLock<T>) -> T {
    lock.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}
