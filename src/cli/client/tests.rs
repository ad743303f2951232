//! The client against a real door: over the socket, over TLS, and away from nodes that are gone.

use super::*;
use crate::{
    base::shutdown::Shutdown,
    cli::output::Format,
    peer::{
        ca::{self, Authority, Role},
        cert, tls,
    },
    store::testing::PATIENCE,
    web::{
        listener::{self, PublicTls, Terms},
        tests::site::{Site, site},
    },
};
use rustls::ServerConfig;
use serde_json::json;
use std::{net::SocketAddr, path::Path, sync::Arc};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

fn common(server: &[String], data_dir: Option<&Path>, token: Option<&str>) -> Common {
    Common {
        output: Format::Json,
        server: server.to_vec(),
        ca: None,
        data_dir: data_dir.map(Path::to_owned),
        token: token.map(str::to_owned),
    }
}

fn failure<T>(outcome: Result<T, Stop>) -> String {
    match outcome {
        Ok(_) => panic!("it worked"),
        Err(Stop::Usage(text)) => text,
        Err(Stop::Failed(error)) => format!("{error:#}"),
    }
}

/// A TLS door with a certificate of `authority` for 127.0.0.1.
async fn tls_door(site: &Site, authority: &Authority, shutdown: &Shutdown) -> SocketAddr {
    let addresses = vec!["127.0.0.1".parse().unwrap()];
    let issued = authority.issue(&Role::Public { names: Vec::new(), addresses }).unwrap();
    let chain = vec![ca::parse_certificate(&issued.cert_pem).unwrap(), authority.der().clone()];
    let config = ServerConfig::builder_with_provider(tls::provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, tls::private_key(&issued).unwrap())
        .unwrap();
    let (_, configs) = watch::channel(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (router, shutdown) = (site.router.clone(), shutdown.clone());
    tokio::spawn(listener::serve(
        listener,
        PublicTls::On(configs),
        router,
        Terms::default(),
        shutdown,
    ));
    address
}

async fn token(site: &Site, ca_hash: &str) -> String {
    let admin = site.cookie("admin").await;
    let new = json!({"name": "cli", "role": "operator"});
    let made = site.call(&admin, "POST", "/api/v1/tokens", new).await;
    made.json()["token"].as_str().unwrap().replace("cahash", ca_hash)
}

#[test]
fn servers_are_https_unless_said_otherwise() {
    assert_eq!(base("mon1:8420").ok().as_deref(), Some("https://mon1:8420"));
    assert_eq!(base("http://127.0.0.1:8420/").ok().as_deref(), Some("http://127.0.0.1:8420"));
    assert!(base("ftp://a").is_err() && base("a b").is_err());
    assert_eq!(origin("https://mon1:8420/wk"), "https://mon1:8420");
}

#[test]
fn parts_of_paths_cannot_leave_their_place() {
    assert_eq!(part("a/../b"), "a%2F%2E%2E%2Fb");
}

#[tokio::test]
async fn on_a_node_the_socket_is_enough_and_makes_admin() {
    let site = site().await;
    let dir = tempfile::tempdir().unwrap();
    let path = socket::path_for(dir.path(), own_uid());
    let shutdown = Shutdown::new();
    let listening = socket::bind(&path, own_uid()).unwrap();
    let serving = tokio::spawn(socket::serve(listening, site.router.clone(), shutdown.clone()));
    let client = Client::new(&common(&[], Some(dir.path()), None)).ok().unwrap();
    let me = client.get("/api/v1/session", &[]).await.ok().unwrap();
    assert_eq!(me["role"], "admin");
    let refused = failure(client.get("/api/v1/projects/none", &[]).await);
    assert!(refused.contains("WK-2006") && refused.contains("hint:"), "{refused}");
    shutdown.cancel();
    tokio::time::timeout(PATIENCE, serving).await.expect("the socket closes").unwrap();
}

#[tokio::test]
async fn a_token_finds_its_cluster_over_tls_and_passes_over_nodes_that_are_gone() {
    let (site, shutdown) = (site().await, Shutdown::new());
    let authority = Authority::create("aabbcc").unwrap();
    let address = tls_door(&site, &authority, &shutdown).await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let token = token(&site, &cert::ca_hash(authority.der()).unwrap()).await;
    let servers = [format!("https://{gone}"), format!("https://{address}")];
    let client = Client::new(&common(&servers, None, Some(&token))).ok().unwrap();
    let me = client.get("/api/v1/session", &[]).await.map_err(|e| failure::<()>(Err(e))).unwrap();
    assert_eq!(me["user"], "token/cli");
    shutdown.cancel();
}

#[tokio::test]
async fn a_token_is_not_sent_to_a_server_of_another_ca() {
    let (site, shutdown) = (site().await, Shutdown::new());
    let (own, other) = (Authority::create("aa").unwrap(), Authority::create("bb").unwrap());
    let address = tls_door(&site, &other, &shutdown).await;
    let token = token(&site, &cert::ca_hash(own.der()).unwrap()).await;
    let client = Client::new(&common(&[format!("https://{address}")], None, Some(&token)));
    let refused = failure(client.ok().unwrap().get("/api/v1/session", &[]).await);
    assert!(refused.contains("certificate"), "{refused}");
    assert!(!refused.contains(&token), "{refused}");
    shutdown.cancel();
}

#[tokio::test]
async fn plain_http_on_the_tls_port_is_sent_to_https() {
    let (site, shutdown) = (site().await, Shutdown::new());
    let authority = Authority::create("aa").unwrap();
    let address = tls_door(&site, &authority, &shutdown).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /targets?a=b HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
    assert!(answer.contains(&format!("Location: https://{address}/targets?a=b\r\n")), "{answer}");
    shutdown.cancel();
}

#[tokio::test]
async fn login_sees_the_hash_of_the_ca_before_it_sends_anything() {
    let (site, shutdown) = (site().await, Shutdown::new());
    let authority = Authority::create("aa").unwrap();
    let address = tls_door(&site, &authority, &shutdown).await;
    let (pin, seen) = Pin::looking();
    let client = Client::nobody(vec![format!("https://{address}")], &pin).ok().unwrap();
    assert!(client.send(Method::GET, "/-/healthy", |request| request).await.is_ok());
    assert_eq!(seen.lock().unwrap().clone(), cert::ca_hash(authority.der()));
    shutdown.cancel();
}
