//! Members talking over real sockets and real TLS.

use super::{
    CLUSTER_HEADER, FROM_HEADER, TO_HEADER,
    ca::{Authority, Role},
    client::PeerClient,
    testing::*,
    tls::Identity,
};
use crate::model::{
    NodeId,
    rpc::{CallError, Lane, Transport},
};
use axum::{Router, body::Body};
use bytes::Bytes;
use http::{Request, StatusCode};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls_pki_types::ServerName;
use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

const LIMIT: Duration = Duration::from_secs(10);

async fn pair(dir: &Path) -> (Authority, Peer, Peer) {
    let authority = authority();
    let echo = || vec![("echo/", Arc::new(Echo { dir: dir.to_owned() }) as _)];
    let one = start(&authority, 1, echo(), Router::new()).await;
    let two = start(&authority, 2, echo(), Router::new()).await;
    introduce(&one.client, &[&two]);
    introduce(&two.client, &[&one]);
    (authority, one, two)
}

async fn echo(client: &PeerClient, to: u64, lane: Lane) -> Result<Bytes, CallError> {
    client.call(NodeId(to), lane, "echo/x", Bytes::from_static(b"hi"), LIMIT).await
}

#[tokio::test]
async fn a_call_arrives_on_every_lane_with_its_authenticated_sender() {
    let dir = tempfile::tempdir().unwrap();
    let (_authority, one, two) = pair(dir.path()).await;
    for lane in [Lane::Heartbeat, Lane::Log, Lane::Bulk] {
        assert_eq!(echo(&one.client, 2, lane).await.unwrap(), "1 hi");
    }
    assert_eq!(echo(&two.client, 1, Lane::Log).await.unwrap(), "2 hi");
}

#[tokio::test]
async fn a_refusal_a_timeout_and_an_unknown_method_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let (_authority, one, _two) = pair(dir.path()).await;
    let call = |method, limit| one.client.call(NodeId(2), Lane::Bulk, method, Bytes::new(), limit);
    let refused = call("echo/no", LIMIT).await.unwrap_err();
    assert!(matches!(refused, CallError::Refused { message, .. } if message == "no, thanks"));
    let late = call("echo/never", Duration::from_millis(50)).await.unwrap_err();
    assert!(matches!(late, CallError::Timeout { .. }));
    let unknown = call("else/x", LIMIT).await.unwrap_err();
    assert!(matches!(unknown, CallError::Refused { message, .. } if message.contains("else/x")));
    let stranger = one.client.call(NodeId(3), Lane::Log, "echo/x", Bytes::new(), LIMIT).await;
    assert!(matches!(stranger, Err(CallError::Unreachable { sent: false, .. })));
}

#[tokio::test]
async fn a_file_arrives_whole_behind_its_header() {
    let dir = tempfile::tempdir().unwrap();
    let (_authority, one, _two) = pair(dir.path()).await;
    let source = dir.path().join("source");
    let content: Vec<u8> = (0..5_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    crate::base::atomic_file::write(&source, &content, 0o600).unwrap();
    let header = Bytes::from_static(b"meta");
    let to = NodeId(2);
    let answer = one.client.send_file(to, "echo/file", header, source, LIMIT).await.unwrap();
    assert_eq!(answer, "meta 5000000");
    assert_eq!(std::fs::read(dir.path().join("incoming")).unwrap(), content);
}

#[tokio::test]
async fn a_restarted_peer_is_dialled_afresh_by_the_next_call() {
    let dir = tempfile::tempdir().unwrap();
    let (authority, one, two) = pair(dir.path()).await;
    echo(&one.client, 2, Lane::Log).await.unwrap();
    let address = two.server.address();
    two.shutdown.cancel();
    drop(two);
    let listener = rebind(address).await;
    let shutdown = crate::base::shutdown::Shutdown::new();
    let server = super::server::PeerServer::start(listener, shutdown).unwrap();
    let services = vec![("echo/", Arc::new(Echo { dir: dir.path().to_owned() }) as _)];
    server
        .set_membership(super::server::Membership {
            identity: node_identity(&authority, 2),
            peerage: Arc::new(|_| super::check::Peerage::Member),
            services,
            routes: Router::new(),
        })
        .unwrap();
    assert_eq!(echo(&one.client, 2, Lane::Log).await.unwrap(), "1 hi");
}

#[tokio::test]
async fn strangers_that_say_nothing_keep_no_member_and_no_other_stranger_out() {
    let dir = tempfile::tempdir().unwrap();
    let (authority, one, two) = pair(dir.path()).await;
    let (member, silent, other) = (own_loopback(), own_loopback(), own_loopback());
    two.server.set_addresses(Arc::new(move |address| address == member));
    let to = two.server.address();
    let mut held = Vec::new();
    for _ in 0..300 {
        held.push(connect_from(silent, to).await);
    }
    // Dropped at once are all but a few of them.
    let closed = |stream: &mut TcpStream| -> bool {
        !matches!(stream.try_read(&mut [0]), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    };
    let most = async {
        while held.iter_mut().filter_map(|it| closed(it).then_some(())).count() < 290 {
            tokio::task::yield_now().await;
        }
    };
    // Sooner than the handshakes of the others end by themselves.
    let sooner = Duration::from_secs(4);
    tokio::time::timeout(sooner, most).await.expect("the silent ones are dropped");
    for from in [member, other] {
        let stream = connect_from(from, to).await;
        let config = Arc::new(node_identity(&authority, 1).client_config().unwrap());
        let name = ServerName::try_from(super::cert::node_name(NodeId(2), CLUSTER)).unwrap();
        let hands = TlsConnector::from(config).connect(name, stream);
        let shaken = tokio::time::timeout(LIMIT, hands).await.unwrap();
        assert!(shaken.is_ok(), "{from}: {:?}", shaken.err());
    }
    drop((held, one));
}

async fn connect_from(from: std::net::IpAddr, to: SocketAddr) -> TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

async fn rebind(address: SocketAddr) -> TcpListener {
    tokio::time::timeout(LIMIT, async {
        loop {
            match TcpListener::bind(address).await {
                Ok(listener) => return listener,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_removed_node_is_told_so() {
    let authority = authority();
    let one = start(&authority, 1, vec![], Router::new()).await;
    let removed = start(&authority, 100, vec![], Router::new()).await;
    introduce(&removed.client, &[&one]);
    let answer = echo(&removed.client, 1, Lane::Log).await;
    assert!(matches!(answer, Err(CallError::Removed { to: NodeId(1) })));
}

#[tokio::test]
async fn only_nodes_of_this_cluster_pass_the_cluster_port() {
    let dir = tempfile::tempdir().unwrap();
    let (authority, one, _two) = pair(dir.path()).await;
    let addresses = vec![LOOPBACK];
    let component =
        identity_of(&authority, CLUSTER, &Role::Component { addresses: addresses.clone() });
    let public = Role::Public { names: vec![], addresses: addresses.clone() };
    let public = identity_of(&authority, CLUSTER, &public);
    // Another CA, same names; the trust is set to ours, so only our side's check can refuse.
    let foreign = Authority::create(CLUSTER).unwrap();
    let foreign = foreign.issue(&Role::Node { id: NodeId(2), addresses }).unwrap();
    let foreign = Identity::new(NodeId(2), CLUSTER, authority.pem(), &foreign).unwrap();
    let good = node_identity(&authority, 2);
    let ask = |identity| raw_call(identity, one.server.address(), [CLUSTER, "2", "1"]);
    assert_eq!(ask(good).await.unwrap(), StatusCode::OK);
    for (who, identity) in [("component", component), ("public", public), ("foreign", foreign)] {
        assert!(ask(identity).await.is_err(), "{who} passed");
    }
}

#[tokio::test]
async fn without_a_client_certificate_there_is_no_answer() {
    let authority = authority();
    let one = start(&authority, 1, vec![], Router::new()).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let mut config = rustls::ClientConfig::builder_with_provider(super::tls::provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let answer = raw_request(config, one.server.address(), [CLUSTER, "2", "1"]).await;
    assert!(answer.is_err());
}

#[tokio::test]
async fn wrong_cluster_wrong_target_and_wrong_sender_are_conflicts() {
    let dir = tempfile::tempdir().unwrap();
    let (authority, one, _two) = pair(dir.path()).await;
    for headers in [["ffff", "2", "1"], [CLUSTER, "2", "7"], [CLUSTER, "3", "1"]] {
        let identity = node_identity(&authority, 2);
        let status = raw_call(identity, one.server.address(), headers).await.unwrap();
        assert_eq!(status, StatusCode::CONFLICT, "{headers:?}");
    }
}

async fn raw_call(
    identity: Identity,
    address: SocketAddr,
    headers: [&str; 3],
) -> anyhow::Result<StatusCode> {
    raw_request(identity.client_config()?, address, headers).await
}

/// One request of our own making, past `PeerClient`; headers: cluster, from, to.
async fn raw_request(
    config: rustls::ClientConfig,
    address: SocketAddr,
    [cluster, from, to]: [&str; 3],
) -> anyhow::Result<StatusCode> {
    let tcp = TcpStream::connect(address).await?;
    let name = ServerName::try_from(super::cert::node_name(NodeId(1), CLUSTER))?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await?;
    let (mut sender, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::post("https://x/peer/v1/rpc/echo/x")
        .header(CLUSTER_HEADER, cluster)
        .header(FROM_HEADER, from)
        .header(TO_HEADER, to)
        .body(Body::empty())?;
    let answer = tokio::time::timeout(LIMIT, sender.send_request(request)).await??;
    Ok(answer.status())
}

#[tokio::test]
async fn a_node_that_is_not_known_yet_may_bring_the_log_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let authority = authority();
    let echo = || Arc::new(Echo { dir: dir.path().to_owned() }) as _;
    let one = start(&authority, 1, vec![("echo/", echo()), ("raft/", echo())], Router::new()).await;
    for (id, brings_the_log) in [(250, true), (150, false)] {
        let other = start(&authority, id, Vec::new(), Router::new()).await;
        introduce(&other.client, &[&one]);
        let call = |method| other.client.call(NodeId(1), Lane::Log, method, Bytes::new(), LIMIT);
        assert_eq!(call("raft/append").await.is_ok(), brings_the_log, "{id}");
        let refused = call("echo/x").await.unwrap_err();
        assert_eq!(matches!(refused, CallError::Refused { .. }), brings_the_log, "{refused}");
        assert_eq!(other.client.removed().borrow().is_some(), !brings_the_log, "only 410 counts");
    }
}
