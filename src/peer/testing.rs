//! Peers in one process, for the tests of this module.

use super::{
    ca::{Authority, Role},
    check::Peerage,
    client::PeerClient,
    server::{Membership, PeerServer},
    tls::Identity,
};
use crate::{
    base::shutdown::Shutdown,
    model::{
        NodeId,
        cluster::{Member, Ports},
        rpc::{Refusal, Service},
    },
};
use axum::Router;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};
use tokio::net::TcpListener;

pub(crate) const CLUSTER: &str = "ab12";
pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// A loopback address that nobody else uses, so that a port of it can be bound again later.
pub(crate) fn own_loopback() -> IpAddr {
    let mut bytes = [0u8; 3];
    getrandom::fill(&mut bytes).unwrap();
    IpAddr::from([127, bytes[0] | 1, bytes[1], bytes[2] | 1])
}

/// A served member with its client.
pub(crate) struct Peer {
    pub(crate) id: NodeId,
    pub(crate) server: PeerServer,
    pub(crate) client: PeerClient,
    pub(crate) shutdown: Shutdown,
}

pub(crate) fn authority() -> Authority {
    Authority::create(CLUSTER).unwrap()
}

pub(crate) fn identity_of(authority: &Authority, cluster: &str, role: &Role) -> Identity {
    let node = match role {
        Role::Node { id, .. } => *id,
        _ => NodeId(0),
    };
    Identity::new(node, cluster, authority.pem(), &authority.issue(role).unwrap()).unwrap()
}

pub(crate) fn node_identity(authority: &Authority, id: u64) -> Identity {
    let role = Role::Node { id: NodeId(id), addresses: vec![LOOPBACK] };
    identity_of(authority, CLUSTER, &role)
}

pub(crate) fn member(id: u64, peer: SocketAddr) -> Member {
    Member {
        id: NodeId(id),
        name: format!("n{id}"),
        address: peer.ip(),
        loopback: peer.ip(),
        ports: Ports { peer: peer.port(), ..Ports::default() },
        url: String::new(),
        gone: false,
    }
}

/// Starts node `id` on a free port; serves the services and routes given.
pub(crate) async fn start(
    authority: &Authority,
    id: u64,
    services: Vec<(&'static str, Arc<dyn Service>)>,
    routes: Router,
) -> Peer {
    let shutdown = Shutdown::new();
    let identity = node_identity(authority, id);
    let listener = TcpListener::bind((own_loopback(), 0)).await.unwrap();
    let server = PeerServer::start(listener, shutdown.clone()).unwrap();
    let peerage = Arc::new(|node: NodeId| match node.0 {
        ..100 => Peerage::Member,
        100..200 => Peerage::Removed,
        _ => Peerage::Stranger,
    });
    let membership = Membership { identity: identity.clone(), peerage, services, routes };
    server.set_membership(membership).unwrap();
    let client = PeerClient::new(&identity).unwrap();
    Peer { id: NodeId(id), server, client, shutdown }
}

/// Tells `client` where `peers` are.
pub(crate) fn introduce(client: &PeerClient, peers: &[&Peer]) {
    let book: BTreeMap<_, _> =
        peers.iter().map(|peer| (peer.id, member(peer.id.0, peer.server.address()))).collect();
    client.set_book(&book);
}

/// Answers `echo/…` with what came, refuses `echo/no`, stores files under its directory.
pub(crate) struct Echo {
    pub(crate) dir: PathBuf,
}

impl Service for Echo {
    fn handle(
        &self,
        from: NodeId,
        method: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let method = method.to_owned();
        Box::pin(async move {
            match method.as_str() {
                "echo/no" => Err(Refusal("no, thanks".to_owned())),
                "echo/never" => std::future::pending().await,
                _ => Ok([from.to_string().as_bytes(), b" ", &body].concat().into()),
            }
        })
    }

    fn file_destination(&self, method: &str) -> Option<PathBuf> {
        (method == "echo/file").then(|| self.dir.join("incoming"))
    }

    fn handle_file(
        &self,
        _from: NodeId,
        _method: &str,
        header: Bytes,
        path: PathBuf,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        Box::pin(async move {
            let length = tokio::fs::metadata(path).await.map_err(|e| Refusal(e.to_string()))?.len();
            Ok([&header[..], b" ", length.to_string().as_bytes()].concat().into())
        })
    }
}
