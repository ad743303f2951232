//! Calls other members over three long-lived HTTP/2 connections each, one a [`Lane`].

use super::{
    CLUSTER_HEADER, FROM_HEADER, TO_HEADER, cert,
    lane::{Slot, Target},
    rpc::{CALL_PATH, FILE_PATH, MAX_BODY, MAX_FILE_HEADER},
    tls::{Identity, TlsError},
};
use crate::model::{
    NodeId,
    cluster::Member,
    rpc::{CallError, Lane, Transport},
};
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use futures_util::{StreamExt, future::BoxFuture, stream};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use rustls::ClientConfig;
use std::{
    collections::{BTreeMap, HashMap},
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use tokio::{io::AsyncReadExt, runtime::Handle, sync::watch, time::timeout};
use tokio_util::io::ReaderStream;

/// The calling side of the cluster port. Cheap to clone.
#[derive(Clone)]
pub struct PeerClient {
    inner: Arc<Inner>,
}

struct Inner {
    me: NodeId,
    cluster_id: String,
    tls: RwLock<Arc<ClientConfig>>,
    book: RwLock<BTreeMap<NodeId, SocketAddr>>,
    slots: Mutex<HashMap<(NodeId, Lane), Arc<Slot>>>,
    runtime: Handle,
    removed: watch::Sender<Option<NodeId>>,
}

impl PeerClient {
    /// A client with an empty address book. Must be called on the runtime that is to carry the
    /// bulk connections; the others live on the runtime that first uses them.
    ///
    /// # Errors
    /// The identity is unusable.
    pub fn new(identity: &Identity) -> Result<Self, TlsError> {
        Ok(Self {
            inner: Arc::new(Inner {
                me: identity.node,
                cluster_id: identity.cluster_id.clone(),
                tls: RwLock::new(Arc::new(identity.client_config()?)),
                book: RwLock::default(),
                slots: Mutex::default(),
                runtime: Handle::current(),
                removed: watch::Sender::new(None),
            }),
        })
    }

    /// Replaces the address book; connections to nodes that left it or moved are dropped.
    pub fn set_book(&self, members: &BTreeMap<NodeId, Member>) {
        let book: BTreeMap<_, _> = members
            .values()
            .map(|member| (member.id, SocketAddr::new(member.address, member.ports.peer)))
            .collect();
        self.slots().retain(|(node, _), slot| book.get(node) == Some(&slot.address));
        *self.inner.book.write().unwrap_or_else(PoisonError::into_inner) = book;
    }

    /// Shows a renewed certificate on connections made from now on.
    ///
    /// # Errors
    /// The identity is unusable; the old one stays.
    pub fn set_identity(&self, identity: &Identity) -> Result<(), TlsError> {
        let config = Arc::new(identity.client_config()?);
        *self.inner.tls.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// Who said first that this node was removed from the cluster, once a member has.
    #[must_use]
    pub fn removed(&self) -> watch::Receiver<Option<NodeId>> {
        self.inner.removed.subscribe()
    }

    /// The error for a 410, remembered for [`Self::removed`].
    fn note_removed(&self, to: NodeId) -> CallError {
        self.inner.removed.send_if_modified(|by| by.replace(to).is_none());
        CallError::Removed { to }
    }

    /// Sends any request whose path begins with `/peer/v1/` over [`Lane::Bulk`]; the answer is a
    /// stream with whatever status the other side gave, 409 and 410 excepted. No time-out.
    ///
    /// # Errors
    /// [`CallError::Unreachable`], [`CallError::Removed`], [`CallError::Refused`].
    pub async fn request(
        &self,
        to: NodeId,
        request: Request<Body>,
    ) -> Result<Response<Body>, CallError> {
        let method = request.uri().path().to_owned();
        let answer = self.send(to, Lane::Bulk, request).await?;
        match answer.status() {
            StatusCode::GONE => Err(self.note_removed(to)),
            StatusCode::CONFLICT => Err(refused(to, &method, answer).await),
            _ => Ok(answer.map(Body::new)),
        }
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<(NodeId, Lane), Arc<Slot>>> {
        self.inner.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, to: NodeId, lane: Lane) -> Option<Arc<Slot>> {
        let address = *self.inner.book.read().unwrap_or_else(PoisonError::into_inner).get(&to)?;
        let mut slots = self.slots();
        let slot = slots.entry((to, lane)).or_insert_with(|| Arc::new(Slot::new(address)));
        if slot.address != address {
            *slot = Arc::new(Slot::new(address));
        }
        Some(Arc::clone(slot))
    }

    /// Sends `request`; on a pooled connection that turns out dead before the request left, once
    /// more on a fresh one.
    async fn send(
        &self,
        to: NodeId,
        lane: Lane,
        request: Request<Body>,
    ) -> Result<Response<Incoming>, CallError> {
        let unreachable = |reason: String, sent| CallError::Unreachable { to, reason, sent };
        let Some(slot) = self.slot(to, lane) else {
            return Err(unreachable("it is not in the address book".to_owned(), false));
        };
        let name = cert::node_name(to, &self.inner.cluster_id);
        let mut request = self.address(to, &name, request)?;
        let tls = self.inner.tls.read().unwrap_or_else(PoisonError::into_inner).clone();
        let target = Target { address: slot.address, name, tls };
        let runtime = match lane {
            Lane::Bulk => self.inner.runtime.clone(),
            Lane::Heartbeat | Lane::Log => Handle::current(),
        };
        loop {
            let (mut sender, pooled) = slot
                .sender(target.clone(), &runtime)
                .await
                .map_err(|reason| unreachable(reason, false))?;
            match sender.try_send_request(request).await {
                Ok(answer) => return Ok(answer),
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) if pooled => {
                        slot.close();
                        request = unsent;
                    }
                    unsent => {
                        return Err(unreachable(failed.error().to_string(), unsent.is_none()));
                    }
                },
            }
        }
    }

    fn address(
        &self,
        to: NodeId,
        name: &str,
        request: Request<Body>,
    ) -> Result<Request<Body>, CallError> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let invalid = |reason: String| CallError::Unreachable { to, reason, sent: false };
        parts.uri = Uri::builder()
            .scheme("https")
            .authority(name)
            .path_and_query(path)
            .build()
            .map_err(|error| invalid(error.to_string()))?;
        let cluster = HeaderValue::from_str(&self.inner.cluster_id)
            .map_err(|error| invalid(error.to_string()))?;
        parts.headers.insert(CLUSTER_HEADER, cluster);
        parts.headers.insert(FROM_HEADER, self.inner.me.0.into());
        parts.headers.insert(TO_HEADER, to.0.into());
        Ok(Request::from_parts(parts, body))
    }

    async fn post(
        &self,
        to: NodeId,
        lane: Lane,
        path: String,
        method: &'static str,
        body: Body,
    ) -> Result<Bytes, CallError> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.parse().map_err(|_| CallError::Refused {
            to,
            method: method.to_owned(),
            message: "the method's name is no path".to_owned(),
        })?;
        let answer = self.send(to, lane, request).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::GONE => return Err(self.note_removed(to)),
            _ => return Err(refused(to, method, answer).await),
        }
        to_bytes(Body::new(answer.into_body()), MAX_BODY).await.map_err(|error| {
            CallError::Unreachable {
                to,
                reason: format!("the answer broke off: {error}"),
                sent: true,
            }
        })
    }
}

async fn refused(to: NodeId, method: &str, answer: Response<Incoming>) -> CallError {
    let status = answer.status();
    let message = match to_bytes(Body::new(answer.into_body()), 64 << 10).await {
        Ok(bytes) if !bytes.is_empty() => String::from_utf8_lossy(&bytes).into_owned(),
        _ => status.to_string(),
    };
    CallError::Refused { to, method: method.to_owned(), message }
}

async fn limited(
    to: NodeId,
    method: &'static str,
    limit: Duration,
    call: impl Future<Output = Result<Bytes, CallError>>,
) -> Result<Bytes, CallError> {
    timeout(limit, call).await.unwrap_or_else(|_| {
        Err(CallError::Timeout { to, method: method.to_owned(), millis: limit.as_millis() })
    })
}

impl Transport for PeerClient {
    fn call(
        &self,
        to: NodeId,
        lane: Lane,
        method: &'static str,
        body: Bytes,
        limit: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        let path = format!("{CALL_PATH}{method}");
        Box::pin(limited(to, method, limit, self.post(to, lane, path, method, body.into())))
    }

    fn send_file(
        &self,
        to: NodeId,
        method: &'static str,
        header: Bytes,
        file: PathBuf,
        limit: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        let path = format!("{FILE_PATH}{method}");
        Box::pin(limited(to, method, limit, async move {
            let body = file_body(header, &file).await.map_err(|error| CallError::Refused {
                to,
                method: method.to_owned(),
                message: format!("cannot send {}: {error}", file.display()),
            })?;
            self.post(to, Lane::Bulk, path, method, body).await
        }))
    }
}

/// Header and file in the framing of [`super::rpc`].
async fn file_body(header: Bytes, path: &Path) -> io::Result<Body> {
    let header_len = u32::try_from(header.len())
        .ok()
        .filter(|length| *length <= MAX_FILE_HEADER)
        .ok_or_else(|| io::Error::other("header longer than 64 KiB"))?;
    let file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    let mut head = header_len.to_be_bytes().to_vec();
    head.extend_from_slice(&header);
    head.extend_from_slice(&length.to_be_bytes());
    let head = stream::once(async move { Ok::<_, io::Error>(Bytes::from(head)) });
    Ok(Body::from_stream(head.chain(ReaderStream::with_capacity(file.take(length), 64 << 10))))
}
