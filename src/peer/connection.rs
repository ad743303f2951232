//! Connections to the cluster port: which door each is for, and HTTP for members.

use super::{
    cert::{self, Holder},
    check::Caller,
    join::JOIN_ALPN,
    server::{Doors, FORMATION_ALPN, read},
};
use crate::base::{places::Place, shutdown::Shutdown};
use axum::{Extension, Router, body::Body};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::LazyConfigAcceptor;
use tower::ServiceExt;
use tracing::{debug, warn};

const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);
/// Conversations at once with those who join or form, and of one source.
const NEWCOMERS: usize = 64;
const SOURCE_NEWCOMERS: usize = 8;

pub(super) async fn accept_loop(listener: TcpListener, doors: Arc<Doors>, shutdown: Shutdown) {
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
