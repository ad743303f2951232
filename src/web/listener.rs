//! The public port: TLS with a certificate that can be swapped while it runs, plain HTTP on the
//! same port answered with a redirect; or plain HTTP alone.

use super::auth::RemoteAddress;
use crate::base::shutdown::Shutdown;
use axum::{Router, body::Body, http::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// How long open requests may go on after shutdown.
pub(crate) const DRAIN: Duration = Duration::from_secs(5);
/// First byte, TLS handshake and header of a request each have so long.
const PATIENCE: Duration = Duration::from_secs(15);
/// Connections at the same time; more wait in the kernel's queue.
const CONNECTIONS: usize = 4096;
/// First byte of a TLS handshake record.
const HANDSHAKE: u8 = 22;

/// How the public port speaks.
#[derive(Clone)]
pub enum PublicTls {
    /// Plain HTTP: behind a proxy, or in a lab.
    Off,
    /// TLS with whatever certificate is current when a connection comes in.
    On(watch::Receiver<Arc<rustls::ServerConfig>>),
}

/// Serves the door on a bound port until shutdown; then open requests have [`DRAIN`] to end.
pub async fn serve(listener: TcpListener, tls: PublicTls, router: Router, shutdown: Shutdown) {
    let tasks = tokio_util::task::TaskTracker::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { break };
        let (stream, from) = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => { after_accept_error(&error).await; continue }
            },
        };
        let (tls, router, shutdown) = (tls.clone(), router.clone(), shutdown.clone());
        tasks.spawn(async move {
            if let Err(error) = connection(stream, from, tls, router, shutdown).await {
                tracing::debug!(%from, %error, "connection ended");
            }
            drop(slot);
        });
    }
    tasks.close();
    let _ = timeout(DRAIN, tasks.wait()).await;
}

/// Out of file descriptors and the like: waits instead of spinning.
pub(crate) async fn after_accept_error(error: &io::Error) {
    tracing::warn!(%error, "connection not accepted");
    tokio::time::sleep(Duration::from_millis(100)).await;
}

async fn connection(
    stream: TcpStream,
    from: SocketAddr,
    tls: PublicTls,
    router: Router,
    shutdown: Shutdown,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let remote = RemoteAddress(from.ip());
    let PublicTls::On(configs) = tls else {
        serve_stream(stream, router, remote, shutdown).await;
        return Ok(());
    };
    let mut first = [0];
    timeout(PATIENCE, stream.peek(&mut first)).await??;
    if first[0] != HANDSHAKE {
        return timeout(PATIENCE, redirect(stream)).await?;
    }
    let config = configs.borrow().clone();
    let stream = timeout(PATIENCE, TlsAcceptor::from(config).accept(stream)).await??;
    serve_stream(stream, router, remote, shutdown).await;
    Ok(())
}

/// Serves HTTP/1 and HTTP/2 on one connection; every request carries `peer` as an extension.
pub(crate) async fn serve_stream<S, P>(stream: S, router: Router, peer: P, shutdown: Shutdown)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    P: Copy + Send + Sync + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .max_concurrent_streams(128);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(error) = ended {
                tracing::debug!(%error, "connection ended");
            }
        }
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(DRAIN, connection).await;
        }
    }
}

/// Answers a plain HTTP request on a TLS port with the same address under `https`.
async fn redirect(mut stream: TcpStream) -> io::Result<()> {
    let own = stream.local_addr()?;
    let mut head = Vec::with_capacity(1024);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < 16 * 1024 {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let text = String::from_utf8_lossy(&head);
    let answer = match location(&text, own) {
        Some(to) => format!(
            "HTTP/1.1 308 Permanent Redirect\r\nLocation: {to}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        ),
        None => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".into(),
    };
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// Where a plain request should have gone. Only a well-formed host and path go into the header.
fn location(head: &str, own: SocketAddr) -> Option<String> {
    let mut lines = head.split("\r\n");
    let mut request = lines.next()?.split(' ');
    let path = request.nth(1)?;
    let host = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim().to_owned())
    });
    let host = host.unwrap_or_else(|| match own.ip() {
        IpAddr::V4(address) => format!("{address}:{}", own.port()),
        IpAddr::V6(address) => format!("[{address}]:{}", own.port()),
    });
    let good_host = !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b));
    let good_path = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic());
    (good_host && good_path).then(|| format!("https://{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
