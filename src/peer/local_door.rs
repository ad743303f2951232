//! The loopback door, 8423: plain HTTP for the programs of this machine, who show a bearer token
//! from a file that only they can read.
//!
//! | path | leads to |
//! | --- | --- |
//! | `POST /notify/RECEIVER` | the intake of this node |
//! | `/alertmanager/NODE/PATH`, `/prometheus/NODE/PATH` | that component of that node, by [`super::forward`]'s list |

use super::{
    client::PeerClient,
    connection::serve_http,
    forward::{FORWARD_PATH, Forwarder, allowed, local_uri, refuse},
    identity::{self, IdentityError},
};
use crate::{
    base::{redact::Secret, shutdown::Shutdown},
    model::{NodeId, process::RunAs, rpc::CallError},
};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Path as UrlPath, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, post},
};
use data_encoding::BASE32_NOPAD;
use futures_util::future::BoxFuture;
use http::{StatusCode, header};
use std::{fs, io, path::Path, sync::Arc, time::Duration};
use subtle::ConstantTimeEq;
use tokio::{net::TcpListener, time::sleep};
use tracing::warn;

/// For what is forwarded; the intake has a limit of its own.
const MAX_BODY: usize = 16 << 20;

/// A webhook that comes in, its body unread.
pub struct Incoming {
    /// For whom, percent-decoded.
    pub receiver: String,
    /// Who says it sends it.
    pub sender: String,
    /// `Content-Encoding`.
    pub encoding: Option<String>,
    /// Unbounded: the handler reads as much as it takes.
    pub body: Body,
}

/// Takes Alertmanager's webhook.
pub trait NotifyHandler: Send + Sync + 'static {
    /// HTTP status and text.
    fn notify(&self, incoming: Incoming) -> BoxFuture<'static, (u16, String)>;
}

/// What the door needs. Cheap to clone.
#[derive(Clone)]
pub struct LocalDoor {
    /// This node.
    pub me: NodeId,
    /// What callers must show.
    pub token: Arc<Secret<String>>,
    /// The way to components here.
    pub forwarder: Forwarder,
    /// The way to other nodes.
    pub client: PeerClient,
    /// The intake.
    pub notify: Arc<dyn NotifyHandler>,
}

/// The token in the file at `path`, minted when there is none: 0600, or 0640 for the group of
/// `reader`. Blocking.
///
/// # Errors
/// The file cannot be read or written.
pub fn ensure_token(path: &Path, reader: Option<RunAs>) -> Result<Secret<String>, IdentityError> {
    let failed = |source| IdentityError::File { path: path.to_owned(), source };
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 32 => return Ok(Secret::new(text.trim().to_owned())),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let mut bytes = [0u8; 25];
    getrandom::fill(&mut bytes).map_err(IdentityError::Random)?;
    let token = Secret::new(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase());
    identity::write_for(path, token.expose().as_bytes(), reader).map_err(failed)?;
    Ok(token)
}

impl LocalDoor {
    /// The routes, behind the token.
    pub fn router(self) -> Router {
        let token = Arc::clone(&self.token);
        Router::new()
            .route("/notify/{receiver}", post(notify))
            .route("/alertmanager/{node}/{*path}", any(to_component))
            .route("/prometheus/{node}/{*path}", any(to_component))
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(self)
            .layer(middleware::from_fn_with_state(token, check_token))
    }
}

/// Serves `router` on plain HTTP until the shutdown signal.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((tcp, _)) => {
                let (router, shutdown) = (router.clone(), shutdown.clone());
                let _ = tcp.set_nodelay(true);
                tokio::spawn(async move { serve_http(tcp, router, &shutdown).await });
            }
            Err(error) => {
                warn!(%error, "cannot accept on the loopback port");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn check_token(
    State(token): State<Arc<Secret<String>>>,
    request: Request,
    next: Next,
) -> Response {
    let shown = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "))
        .unwrap_or_default();
    if bool::from(shown.ct_eq(token.expose().as_bytes())) {
        return next.run(request).await;
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, challenge, "the bearer token is missing or wrong").into_response()
}

async fn notify(
    State(door): State<LocalDoor>,
    UrlPath(receiver): UrlPath<String>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let text = |name| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
    let program = text(header::USER_AGENT).unwrap_or_else(|| "a program".to_owned());
    let sender = format!("{} on this node", program.chars().take(80).collect::<String>());
    let encoding = text(header::CONTENT_ENCODING);
    let incoming = Incoming { receiver, sender, encoding, body };
    let (status, text) = door.notify.notify(incoming).await;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, text).into_response()
}

async fn to_component(State(door): State<LocalDoor>, request: Request) -> Response {
    // From the raw path, undecoded: see `forward::allowed`.
    let mut parts = request.uri().path().splitn(4, '/').skip(1).map(str::to_owned);
    let (Some(component), Some(node), Some(path)) = (parts.next(), parts.next(), parts.next())
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(node) = node.parse::<NodeId>() else {
        return (StatusCode::NOT_FOUND, format!("`{node}` is no node id")).into_response();
    };
    if !allowed(&component, request.method(), &path) {
        let reason = format!("{component}: {path} is not forwarded");
        return (StatusCode::FORBIDDEN, reason).into_response();
    }
    if node == door.me {
        return door.forwarder.forward(&component, &path, request).await;
    }
    forward_to(&door.client, node, &component, &path, request).await
}

/// Passes a request on to a component of another node.
pub async fn forward_to(
    client: &PeerClient,
    node: NodeId,
    component: &str,
    path: &str,
    mut request: Request,
) -> Response {
    let far = format!("{}{component}/{path}", &FORWARD_PATH[1..]);
    let Ok(uri) = local_uri(&far, request.uri().query()) else {
        return refuse(StatusCode::BAD_REQUEST, "odd path".to_owned());
    };
    *request.uri_mut() = uri;
    // HTTP/2 knows no such headers, and the token is for this door alone.
    for name in [header::HOST, header::CONNECTION, header::TRANSFER_ENCODING, header::AUTHORIZATION]
    {
        request.headers_mut().remove(name);
    }
    *request.version_mut() = http::Version::HTTP_2;
    match client.request(node, request).await {
        Ok(answer) => answer,
        Err(error @ CallError::Timeout { .. }) => {
            refuse(StatusCode::GATEWAY_TIMEOUT, error.to_string())
        }
        Err(error) => refuse(StatusCode::BAD_GATEWAY, error.to_string()),
    }
}
