//! The public port under strangers: half sent requests, too many connections, silence, both schemes.

use super::*;
use crate::web::tests::{door, site};
use axum::routing::get;
use std::net::Ipv4Addr;
use tokio::io::AsyncReadExt as _;

/// Longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(200);
/// Not reached by any test.
const LONG: Duration = Duration::from_secs(3600);

const NEVER: Patience =
    Patience { head: LONG, open_body: LONG, body: LONG, idle: LONG, answer: LONG };

async fn opened(router: Router, limits: Limits, patience: Patience) -> (SocketAddr, Shutdown) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::new());
    let terms = Terms { limits, patience, proxies: Proxies::default() };
    tokio::spawn(serve(listener, PublicTls::Off, router, terms, shutdown.clone()));
    (address, shutdown)
}

fn limits(loopback: usize) -> Limits {
    Limits { all: 8, spare: 2, source: 4, loopback }
}

/// Sends these bytes and nothing more.
async fn send(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may be closed already.
    let _ = stream.write_all(bytes).await;
    stream
}

/// All that is answered until the other side closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    let read = timeout(LIMIT, stream.read_to_end(&mut text)).await.expect("closed in time");
    // A reset is an end, too.
    let _ = read;
    String::from_utf8_lossy(&text).into_owned()
}

const HEALTHY: &[u8] = b"GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

async fn is_healthy(address: SocketAddr) -> bool {
    rest(send(address, HEALTHY).await).await.starts_with("HTTP/1.1 200")
}

fn half(head: &str) -> String {
    format!("{head}\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{")
}

#[tokio::test]
async fn half_a_body_without_a_sign_in_holds_no_connection() {
    let site = site::site().await;
    let patience = Patience { open_body: SHORT, ..NEVER };
    let (address, _end) = opened(door(&site.front), limits(3), patience).await;
    let half = half("POST /api/v1/session HTTP/1.1");
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(send(address, half.as_bytes()).await);
    }
    for stream in held {
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("WK-2013") && answer.contains("connection: close"), "{answer}");
    }
    let free = async { while !is_healthy(address).await {} };
    timeout(LIMIT, free).await.expect("the connections are free again");
}

#[tokio::test]
async fn a_body_that_stops_is_given_up_also_after_a_sign_in() {
    let site = site::site().await;
    let cookie = site.cookie("admin").await;
    let patience = Patience { body: SHORT, ..NEVER };
    let (address, _end) = opened(door(&site.front), limits(3), patience).await;
    let head = format!("POST /api/v1/apply HTTP/1.1\r\nCookie: {cookie}\r\nX-WK-Request: 1");
    let head = format!("{head}\r\nOrigin: http://a");
    let answer = rest(send(address, half(&head).as_bytes()).await).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn one_source_does_not_take_all_connections() {
    let router = Router::new().route("/-/healthy", get(async || "ok"));
    let (address, _end) = opened(router, limits(2), NEVER).await;
    let held = [send(address, b"G").await, send(address, b"G").await];
    assert_eq!(rest(send(address, HEALTHY).await).await, "", "dropped at once");
    drop(held);
    let free = async { while !is_healthy(address).await {} };
    timeout(LIMIT, free).await.expect("the connections are free again");
}

#[tokio::test]
async fn who_says_nothing_is_let_go() {
    let router = Router::new().route("/-/healthy", get(async || "ok"));
    let patience = Patience { head: SHORT, ..NEVER };
    let (address, _end) = opened(router.clone(), limits(8), patience).await;
    for begun in [&b""[..], b"PRI * HTTP/2", b"GET / HTTP/1.1\r\nHo"] {
        rest(send(address, begun).await).await;
    }
    let patience = Patience { idle: SHORT, ..NEVER };
    let (address, _end) = opened(router, limits(8), patience).await;
    let answer = rest(send(address, b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n").await).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Of HTTP/2 only the greeting: preface, and settings of nothing.
    let greeting = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let patience = Patience { head: SHORT, ..NEVER };
    let router = Router::new().route("/-/healthy", get(async || "ok"));
    let (address, _end) = opened(router, limits(8), patience).await;
    rest(send(address, greeting).await).await;
}

#[tokio::test]
async fn an_answer_that_comes_slowly_is_waited_for_and_one_that_nobody_takes_is_not() {
    let slow = get(async || {
        tokio::time::sleep(SHORT * 2).await;
        "done"
    });
    let large = get(async || vec![b'x'; 64 << 20]);
    let router = Router::new().route("/slow", slow).route("/large", large);
    let patience = Patience { head: LONG, idle: SHORT, answer: SHORT, ..NEVER };
    let (address, _end) = opened(router, limits(1), patience).await;
    let answer = rest(send(address, b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await).await;
    assert!(answer.ends_with("done"), "{answer}");
    let held = send(address, b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let free = async {
        let ask = b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        while !rest(send(address, ask).await).await.ends_with("done") {}
    };
    timeout(LIMIT, free).await.expect("the connection is free again");
    drop(held);
}

#[test]
fn the_redirect_keeps_host_port_and_path_and_takes_nothing_odd() {
    let own: SocketAddr = "10.0.0.1:8420".parse().unwrap();
    let to = |head: &str| location(head, own);
    let head = "GET /targets?a=b HTTP/1.1\r\nHost: mon1:8420\r\n\r\n";
    assert_eq!(to(head).as_deref(), Some("https://mon1:8420/targets?a=b"));
    assert_eq!(to("GET / HTTP/1.0\r\n\r\n").as_deref(), Some("https://10.0.0.1:8420/"));
    assert_eq!(to("GET / HTTP/1.1\r\nHost: a/evil\r\n\r\n"), None);
    assert_eq!(to("GET evil HTTP/1.1\r\nHost: a\r\n\r\n"), None);
    assert_eq!(to("\r\n"), None);
}
