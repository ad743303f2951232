//! One long-lived HTTP/2 connection to one peer for one lane, dialled when needed.
//!
//! A dial runs to its end even when the call that began it gives up, so that short time-outs
//! cannot keep a slow link from ever coming up; calls that waited for a failed dial share its
//! failure.

use super::tls;
use axum::body::Body;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, runtime::Handle, time::timeout};
use tokio_rustls::TlsConnector;
use tracing::debug;

const DIAL_TIMEOUT: Duration = Duration::from_secs(2);
const PING_EVERY: Duration = Duration::from_secs(1);
const PING_TIMEOUT: Duration = Duration::from_secs(4);

/// Where and as whom to dial.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) address: SocketAddr,
    pub(super) name: String,
    pub(super) tls: Arc<ClientConfig>,
}

/// A place for one connection.
pub(super) struct Slot {
    pub(super) address: SocketAddr,
    open: Mutex<Option<SendRequest<Body>>>,
    dialing: Arc<tokio::sync::Mutex<()>>,
    failed: Mutex<Option<(Instant, String)>>,
}

impl Slot {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address, open: Mutex::new(None), dialing: Arc::default(), failed: Mutex::new(None) }
    }

    /// A usable connection and whether it was there before. `dead` is one that just proved
    /// unusable. Cancel safe.
    pub(super) async fn sender(
        self: &Arc<Self>,
        target: Target,
        runtime: &Handle,
    ) -> Result<(SendRequest<Body>, bool), String> {
        let since = Instant::now();
        if let Some(open) = self.usable() {
            return Ok((open, true));
        }
        let dialing = Arc::clone(&self.dialing).lock_owned().await;
        if let Some(open) = self.usable() {
            return Ok((open, true));
        }
        if let Some((when, reason)) = &*lock(&self.failed)
            && *when >= since
        {
            return Err(reason.clone());
        }
        let slot = Arc::clone(self);
        let dialled = runtime.spawn(async move {
            let outcome = dial(target).await;
            match &outcome {
                Ok(sender) => *lock(&slot.open) = Some(sender.clone()),
                Err(reason) => *lock(&slot.failed) = Some((Instant::now(), reason.clone())),
            }
            drop(dialing);
            outcome
        });
        let sender = dialled.await.map_err(|_| "the runtime ends".to_owned())??;
        Ok((sender, false))
    }

    /// Forgets the connection.
    pub(super) fn close(&self) {
        *lock(&self.open) = None;
    }

    fn usable(&self) -> Option<SendRequest<Body>> {
        lock(&self.open).as_ref().filter(|sender| !sender.is_closed()).cloned()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn dial(target: Target) -> Result<SendRequest<Body>, String> {
    timeout(DIAL_TIMEOUT, connect(target))
        .await
        .unwrap_or_else(|_| Err(format!("no connection within {} s", DIAL_TIMEOUT.as_secs())))
}

async fn connect(target: Target) -> Result<SendRequest<Body>, String> {
    let tcp = TcpStream::connect(target.address)
        .await
        .map_err(|error| format!("{}: {error}", target.address))?;
    tcp.set_nodelay(true).map_err(|error| error.to_string())?;
    let name = ServerName::try_from(target.name).map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(target.tls)
        .connect(name, tcp)
        .await
        .map_err(|error| tls::explain(&error))?;
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_TIMEOUT)
        .keep_alive_while_idle(true)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(address = %target.address, %error, "connection to a peer ended");
        }
    });
    Ok(sender)
}
