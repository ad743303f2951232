//! The public port: TLS with a certificate that can be swapped while it runs, plain HTTP on the
//! same port answered with a redirect; or plain HTTP alone.
//!
//! Nobody holds a connection by doing nothing with it: handshake, header, body, the next request
//! and the taking of an answer each have their time, and no source has all connections.

pub(crate) mod body;
mod quiet;
mod slots;
#[cfg(test)]
mod tests;

pub use slots::Limits;

use super::{
    auth::RemoteAddress,
    proxies::{Proxies, Scheme},
};
use crate::base::shutdown::Shutdown;
use axum::{
    Router,
    body::Body,
    http::{Extensions, HeaderValue, Request, StatusCode, Version, header},
    response::Response,
};
use body::{OpenBody, kept_coming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use quiet::{Answer, Taken, Underway, Work};
use slots::Slots;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// How long open requests may go on after shutdown.
pub(crate) const DRAIN: Duration = Duration::from_secs(5);
/// That the port is full is said at most so often.
const SAY_FULL: Duration = Duration::from_secs(60);
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

/// How long the door waits for those who say nothing.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// First byte, TLS handshake and header of a request each have so long.
    pub head: Duration,
    /// The whole body of somebody who is not signed in.
    pub open_body: Duration,
    /// From one part of a body to the next.
    pub body: Duration,
    /// From one request to the next of a connection.
    pub idle: Duration,
    /// For something of an answer to be taken.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            head: seconds(15),
            open_body: seconds(10),
            body: seconds(30),
            idle: seconds(60),
            answer: seconds(60),
        }
    }
}

/// What the public port takes from whom.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Connections.
    pub limits: Limits,
    /// Time.
    pub patience: Patience,
    /// Whose connections are those of many people.
    pub proxies: Proxies,
}

/// Serves the door on a bound port until shutdown; then open requests have [`DRAIN`] to end.
pub async fn serve(
    listener: TcpListener,
    tls: PublicTls,
    router: Router,
    terms: Terms,
    shutdown: Shutdown,
) {
    let tasks = tokio_util::task::TaskTracker::new();
    let slots = Slots::new(terms.limits, terms.proxies);
    let mut said: Option<Instant> = None;
    loop {
        let (stream, from) = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => { after_accept_error(&error).await; continue }
            },
        };
        let Some(slot) = slots.take(from.ip()) else {
            if said.is_none_or(|said| said.elapsed() > SAY_FULL) {
                said = Some(Instant::now());
                tracing::warn!(%from, "too many connections to the public port, some are dropped");
            }
            continue;
        };
        let (tls, router, shutdown) = (tls.clone(), router.clone(), shutdown.clone());
        tasks.spawn(async move {
            if let Err(error) =
                connection(stream, from, tls, router, terms.patience, shutdown).await
            {
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
    patience: Patience,
    shutdown: Shutdown,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let remote = RemoteAddress(from.ip());
    let PublicTls::On(configs) = tls else {
        let stream = Taken::new(stream, patience.answer);
        serve_stream(stream, router, marks(remote, Scheme::Http), patience, shutdown).await;
        return Ok(());
    };
    let mut first = [0];
    timeout(patience.head, stream.peek(&mut first)).await??;
    if first[0] != HANDSHAKE {
        return timeout(patience.head, redirect(stream)).await?;
    }
    let config = configs.borrow().clone();
    let stream = Taken::new(stream, patience.answer);
    let stream = timeout(patience.head, TlsAcceptor::from(config).accept(stream)).await??;
    serve_stream(stream, router, marks(remote, Scheme::Https), patience, shutdown).await;
    Ok(())
}

fn marks(remote: RemoteAddress, scheme: Scheme) -> impl Fn(&mut Extensions) + Send + 'static {
    move |extensions| {
        extensions.insert(remote);
        extensions.insert(scheme);
    }
}

/// Serves HTTP/1 and HTTP/2 on one connection; every request carries what `mark` says of it.
pub(crate) async fn serve_stream<S, M>(
    stream: S,
    router: Router,
    mark: M,
    patience: Patience,
    shutdown: Shutdown,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    M: Fn(&mut Extensions) + Send + 'static,
{
    let work = Work::new();
    let (begun, quiet) = (work.clone(), work.quiet(patience));
    let service = hyper::service::service_fn(move |request: Request<hyper::body::Incoming>| {
        let underway = begun.begin();
        let mut request = request.map(|body| kept_coming(Body::new(body), patience.body));
        mark(request.extensions_mut());
        request.extensions_mut().insert(OpenBody(patience.open_body));
        let version = request.version();
        let answer = router.clone().oneshot(request);
        async move { answer.await.map(|answer| ended_with(answer, version, underway)) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(15))
        .max_concurrent_streams(128);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(error) = ended {
                tracing::debug!(%error, "connection ended");
            }
            return;
        }
        () = quiet => {}
        () = shutdown.cancelled() => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(DRAIN, connection).await;
}

/// An answer whose request is under way until its body has ended.
fn ended_with(mut answer: Response, version: Version, underway: Underway) -> Response<Answer> {
    // What is left of the request is not waited for.
    if answer.status() == StatusCode::REQUEST_TIMEOUT && version < Version::HTTP_2 {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer.map(|body| Answer { body, _underway: underway })
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
