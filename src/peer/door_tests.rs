//! The doors and the forwarder, between real sockets and a stand-in component.

use super::{
    blob::{self, BlobError, fetch_blob},
    ca::{Authority, Role},
    forward::Forwarder,
    local_door::{self, Incoming, LocalDoor, NotifyHandler},
    local_http::LocalTarget,
    scrape_door::{ScrapeDoor, ScrapeTable},
    testing::*,
    tls::Identity,
};
use crate::{base::shutdown::Shutdown, model::NodeId};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    response::IntoResponse,
};
use futures_util::future::BoxFuture;
use http::{StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsConnector;

type Answer = anyhow::Result<(StatusCode, String)>;

/// A component that answers with what it was asked.
async fn component() -> LocalTarget {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(async |request: Request| {
        let seen = format!("{} {}", request.method(), request.uri());
        let secret = request.headers().contains_key(header::AUTHORIZATION);
        let body = to_bytes(request.into_body(), 1 << 20).await.unwrap();
        format!("{seen} secret={secret} {}", String::from_utf8_lossy(&body)).into_response()
    });
    tokio::spawn(local_door::serve(listener, router, Shutdown::new()));
    LocalTarget { address, prefix: String::new(), authorization: None }
}

struct Intake;

impl NotifyHandler for Intake {
    fn notify(&self, incoming: Incoming) -> BoxFuture<'static, (u16, String)> {
        Box::pin(async move {
            let body = to_bytes(incoming.body, usize::MAX).await.unwrap();
            let Incoming { receiver, sender, .. } = incoming;
            (202, format!("{receiver} from {sender}: {} bytes", body.len()))
        })
    }
}

/// Nodes 1 and 2; node 1 has a loopback door, both have a Prometheus, node 2 an Alertmanager.
struct House {
    one: Peer,
    _two: Peer,
    door: SocketAddr,
    token: String,
}

async fn house() -> House {
    let authority = authority();
    let forwarders = [Forwarder::default(), Forwarder::default()];
    let one = start(&authority, 1, vec![], forwarders[0].router()).await;
    let two = start(&authority, 2, vec![], forwarders[1].router()).await;
    let prometheus = || async { ("prometheus".to_owned(), component().await) };
    forwarders[0].set_targets(BTreeMap::from([prometheus().await]));
    let alertmanager = ("alertmanager".to_owned(), component().await);
    forwarders[1].set_targets(BTreeMap::from([prometheus().await, alertmanager]));
    introduce(&one.client, &[&two]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("local.token");
    let token = local_door::ensure_token(&path, None).unwrap();
    let again = local_door::ensure_token(&path, None).unwrap();
    assert_eq!(token.expose(), again.expose());
    let door = LocalDoor {
        me: NodeId(1),
        token: Arc::new(again),
        forwarder: forwarders[0].clone(),
        client: one.client.clone(),
        notify: Arc::new(Intake),
    };
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(local_door::serve(listener, door.router(), Shutdown::new()));
    House { one, _two: two, door: address, token: token.expose().clone() }
}

impl House {
    async fn ask(&self, method: &str, path: &str, body: &'static str) -> (StatusCode, String) {
        let token = self.token.clone();
        ask(TcpStream::connect(self.door).await.unwrap(), method, path, &token, body).await.unwrap()
    }
}

async fn ask<S>(stream: S, method: &str, path: &str, token: &str, body: &'static str) -> Answer
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "x")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(body))?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let bytes = to_bytes(Body::new(answer.into_body()), 1 << 20).await?;
    Ok((status, String::from_utf8(bytes.to_vec())?))
}

#[tokio::test]
async fn the_loopback_door_leads_to_components_here_and_on_other_nodes() {
    let house = house().await;
    for node in [1, 2] {
        let path = format!("/prometheus/{node}/api/v1/query?query=up%7Ba%3D%22b%22%7D");
        let (status, text) = house.ask("GET", &path, "").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(text, "GET /api/v1/query?query=up%7Ba%3D%22b%22%7D secret=false ");
    }
    let (status, text) = house.ask("POST", "/alertmanager/2/api/v2/alerts", "[{}]").await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "POST /api/v2/alerts secret=false [{}]"));
}

#[tokio::test]
async fn no_trick_reaches_a_path_that_is_not_on_the_list() {
    let house = house().await;
    for node in [1, 2] {
        for path in [
            "-/reload",
            "api/v1/admin/tsdb/snapshot",
            "api/v1/query/../../../-/reload",
            "api/v1/query/%2e%2e/%2e%2e/%2e%2e/-/reload",
            "api/v1/query%2f..%2f..%2f..%2f-%2freload",
            "%2e%2e/-/reload",
            "/api/v1/query",
        ] {
            let (status, text) = house.ask("POST", &format!("/prometheus/{node}/{path}"), "").await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{node} {path}: {text}");
        }
    }
    // The far end checks for itself, past our own door.
    for path in ["-/reload", "api/v1/query/%2e%2e/admin", "api/v1/query/../../../-/reload"] {
        let mut request = http::Request::new(Body::empty());
        *request.uri_mut() = format!("/peer/v1/forward/prometheus/{path}").parse().unwrap();
        let answer = house.one.client.request(NodeId(2), request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_or_missing_token_opens_nothing() {
    let mut house = house().await;
    house.token.replace_range(0..1, "!");
    for path in ["/notify/ops", "/prometheus/1/api/v1/query", "/nothing"] {
        assert_eq!(house.ask("POST", path, "").await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
    house.token.clear();
    assert_eq!(house.ask("POST", "/notify/ops", "").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_notification_reaches_the_intake_with_its_receiver() {
    let house = house().await;
    let (status, text) = house.ask("POST", "/notify/ops%20team", "{}").await;
    assert_eq!(
        (status, text.as_str()),
        (StatusCode::ACCEPTED, "ops team from a program on this node: 2 bytes")
    );
}

#[tokio::test]
async fn missing_components_and_nodes_are_told_apart() {
    let house = house().await;
    let (status, _) = house.ask("GET", "/alertmanager/1/api/v2/alerts", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, text) = house.ask("GET", "/alertmanager/9/api/v2/alerts", "").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(text.contains("node 9 is unreachable"), "{text}");
    assert_eq!(house.ask("GET", "/prometheus/x/api/v1/query", "").await.0, StatusCode::NOT_FOUND);
}

async fn scrape_door(authority: &Authority) -> SocketAddr {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let own = Arc::new(|| "watchkeep_up 1\n".to_owned());
    let identity = node_identity(authority, 1);
    let door = ScrapeDoor::start(listener, &identity, own, Shutdown::new()).unwrap();
    let target = LocalTarget { prefix: "/metrics".to_owned(), ..component().await };
    let entry = || BTreeMap::from([("node_exporter".to_owned(), target.clone())]);
    door.set_table(ScrapeTable { components: entry(), exporters: entry() });
    address
}

/// Scrapes as Prometheus does: by address, HTTP/1.1, with a client certificate.
async fn scrape(identity: &Identity, address: SocketAddr, path: &str) -> Answer {
    let mut config = identity.client_config()?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let name = ServerName::IpAddress(address.ip().into());
    let tcp = TcpStream::connect(address).await?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await?;
    ask(stream, "GET", path, "", "").await
}

#[tokio::test]
async fn components_scrape_through_the_scrape_door() {
    let authority = authority();
    let address = scrape_door(&authority).await;
    let role = Role::Component { addresses: vec![LOOPBACK] };
    let component = identity_of(&authority, CLUSTER, &role);
    let node = node_identity(&authority, 2);
    for identity in [&component, &node] {
        let own = scrape(identity, address, "/components/watchkeep/metrics").await.unwrap();
        assert_eq!(own, (StatusCode::OK, "watchkeep_up 1\n".to_owned()));
    }
    for door in ["components", "exporters"] {
        let path = format!("/{door}/node_exporter/metrics?collect%5B%5D=cpu");
        let (status, text) = scrape(&component, address, &path).await.unwrap();
        assert_eq!(status, StatusCode::OK);
        assert_eq!(text, "GET /metrics?collect%5B%5D=cpu secret=false ");
    }
    let (status, _) = scrape(&component, address, "/exporters/none/metrics").await.unwrap();
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = scrape(&component, address, "/components/node_exporter/").await.unwrap();
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn strangers_do_not_pass_the_scrape_door() {
    let authority = authority();
    let address = scrape_door(&authority).await;
    let path = "/components/watchkeep/metrics";
    let public = Role::Public { names: vec![], addresses: vec![LOOPBACK] };
    assert!(scrape(&identity_of(&authority, CLUSTER, &public), address, path).await.is_err());
    let foreign = Authority::create(CLUSTER).unwrap();
    let issued = foreign.issue(&Role::Component { addresses: vec![LOOPBACK] }).unwrap();
    let foreign = Identity::new(NodeId(0), CLUSTER, authority.pem(), &issued).unwrap();
    assert!(scrape(&foreign, address, path).await.is_err());
}

#[tokio::test]
async fn a_blob_arrives_whole_and_checked_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..1_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let name = data_encoding::HEXLOWER.encode(&Sha256::digest(&content));
    let damaged = "00".repeat(32);
    for file in [&name, &damaged] {
        crate::base::atomic_file::write(&dir.path().join(file), &content, 0o600).unwrap();
    }
    let source = dir.path().to_owned();
    let find: blob::FindBlob =
        Arc::new(move |sha256| Some(source.join(sha256)).filter(|path| path.exists()));
    let authority = authority();
    let one = start(&authority, 1, vec![], Router::new()).await;
    let two = start(&authority, 2, vec![], blob::router(find)).await;
    introduce(&one.client, &[&two]);
    let target = tempfile::tempdir().unwrap();
    let place = target.path().join("blob");
    let fetch = |name, max_bytes| fetch_blob(&one.client, NodeId(2), name, max_bytes, &place);
    assert!(matches!(fetch(&damaged, 1 << 20).await, Err(BlobError::Damaged { .. })));
    assert!(matches!(fetch(&name, 999_999).await, Err(BlobError::TooLong { .. })));
    assert!(matches!(fetch("../../etc/passwd", 1).await, Err(BlobError::Name(_))));
    let missing = "11".repeat(32);
    let refused = fetch(&missing, 1).await;
    assert!(matches!(refused, Err(BlobError::Refused { status: StatusCode::NOT_FOUND, .. })));
    assert_eq!(std::fs::read_dir(target.path()).unwrap().count(), 0, "something was left behind");
    fetch(&name, 1_000_000).await.unwrap();
    assert_eq!(std::fs::read(&place).unwrap(), content);
    assert_eq!(std::fs::read_dir(target.path()).unwrap().count(), 1);
}
