use super::*;
use crate::{
    base::{atomic_file, clock::now_unix_ms, shutdown::Shutdown},
    model::rpc::{Lane, Transport as _},
    peer::{
        ca, cert,
        check::Peerage,
        join::{Answer, Ask, Credential},
        server::Membership,
        testing::{CLUSTER, Echo, authority, member, node_identity, own_loopback},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use rustls_pki_types::{CertificateDer, ServerName};
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

const DAY: u64 = 24 * 3600;

struct Nobody;

impl Gatekeeper for Nobody {
    fn admit(&self, _: Ask, _: Credential, _: SocketAddr) -> BoxFuture<'_, Answer> {
        Box::pin(async { Answer::Wait { reason: "nobody".into() } })
    }
}

/// The certificate that a door shows on a new connection.
async fn shown_at(address: SocketAddr, node: NodeId, caller: &Identity) -> CertificateDer<'static> {
    let connector = TlsConnector::from(Arc::new(caller.client_config().unwrap()));
    let name = ServerName::try_from(cert::node_name(node, CLUSTER)).unwrap();
    let tcp = TcpStream::connect(address).await.unwrap();
    let stream = connector.connect(name, tcp).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test]
async fn a_certificate_past_two_thirds_of_its_life_is_renewed_while_calls_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let (authority, node) = (authority(), NodeDir::open(dir.path()).unwrap());
    let (id, addresses) = (node.node_id(), vec![own_loopback()]);
    let role = Role::Node { id, addresses: addresses.clone() };
    // As if the clock had moved on by 61 days since it was made: it is good for another 29.
    let then = Duration::from_millis(now_unix_ms()) - Duration::from_secs(61 * DAY);
    let old = authority.issue_at(&role, then).unwrap();
    let pem = format!("{}{}", old.cert_pem, old.key_pem.expose());
    std::fs::create_dir_all(dir.path().join("tls")).unwrap();
    atomic_file::write(&dir.path().join("tls/node.pem"), pem.as_bytes(), 0o600).unwrap();
    let identity = Identity::new(id, CLUSTER, authority.pem(), &old).unwrap();

    let shutdown = Shutdown::new();
    let bind = async || TcpListener::bind((addresses[0], 0)).await.unwrap();
    let (cluster_port, scrape_port) = (bind().await, bind().await);
    let doors = [cluster_port.local_addr().unwrap(), scrape_port.local_addr().unwrap()];
    let server = PeerServer::start(cluster_port, shutdown.clone()).unwrap();
    let echo = Arc::new(Echo { dir: dir.path().to_owned() });
    let membership = Membership {
        identity: identity.clone(),
        peerage: Arc::new(|_| Peerage::Member),
        services: vec![("echo/", echo)],
        routes: axum::Router::new(),
    };
    server.set_membership(membership).unwrap();
    let own = Arc::new(String::new);
    let scrape = ScrapeDoor::start(scrape_port, &identity, own, shutdown.clone()).unwrap();
    let client = PeerClient::new(&identity).unwrap();
    let shown = Shown { client, server, scrape, gate: Arc::new(Nobody) };

    let caller = node_identity(&authority, 2);
    let calling = PeerClient::new(&caller).unwrap();
    let place = member(id.0, doors[0]);
    calling.set_book(&BTreeMap::from([(id, place)]));
    let call = async || {
        let body = Bytes::from_static(b"hi");
        calling.call(id, Lane::Log, "echo/x", body, Duration::from_secs(10)).await.unwrap()
    };
    assert_eq!(call().await, "2 hi");
    let der = |pem: &str| ca::parse_certificate(pem).unwrap();
    for door in doors {
        assert_eq!(shown_at(door, id, &caller).await, der(&old.cert_pem));
    }

    let due = |current: &str| {
        renew(&node, &authority, CLUSTER, addresses.clone(), current, &shown).unwrap()
    };
    let renewed = due(&old.cert_pem).expect("it is due");
    for door in doors {
        assert_eq!(shown_at(door, id, &caller).await, der(&renewed));
    }
    let (_, until) = cert::validity(&der(&renewed)).unwrap();
    let left = u64::try_from(until).unwrap() - now_unix_ms() / 1000;
    assert!((89 * DAY..=90 * DAY).contains(&left), "{left}");
    assert_eq!(call().await, "2 hi", "the connection that stood goes on");
    assert_eq!(due(&renewed), None, "once is enough");
    shutdown.cancel();
}
