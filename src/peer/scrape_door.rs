//! The scrape door, 8422: mTLS, for certificates of nodes and components.
//! `/components/NAME/metrics` and `/exporters/NAME/metrics` lead to the programs of this machine;
//! the component `watchkeep` is this process itself.

use super::{
    connection::serve_http,
    local_http::LocalTarget,
    tls::{Identity, TlsError},
};
use crate::base::shutdown::Shutdown;
use axum::{
    Router,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{StatusCode, Uri, header};
use rustls::ServerConfig;
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_HANDSHAKES: usize = 256;
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Gives this process's own metrics, text format.
pub type OwnMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What can be scraped here: name → whole URL of its metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScrapeTable {
    /// Below `/components/`.
    pub components: BTreeMap<String, LocalTarget>,
    /// Below `/exporters/`.
    pub exporters: BTreeMap<String, LocalTarget>,
}

/// Handle to the running door. Cheap to clone; ends with the shutdown signal.
#[derive(Clone)]
pub struct ScrapeDoor {
    shared: Arc<Shared>,
}

struct Shared {
    tls: RwLock<Arc<ServerConfig>>,
    table: RwLock<ScrapeTable>,
    own: OwnMetrics,
}

impl ScrapeDoor {
    /// Starts serving with an empty table; `own` is called on every scrape of `watchkeep`.
    ///
    /// # Errors
    /// The identity is unusable.
    pub fn start(
        listener: TcpListener,
        identity: &Identity,
        own: OwnMetrics,
        shutdown: Shutdown,
    ) -> Result<Self, TlsError> {
        let tls = RwLock::new(Arc::new(config(identity)?));
        let shared = Arc::new(Shared { tls, table: RwLock::default(), own });
        let router = Router::new()
            .route("/components/{name}/metrics", get(component))
            .route("/exporters/{name}/metrics", get(exporter))
            .with_state(Arc::clone(&shared));
        tokio::spawn(accept_loop(listener, Arc::clone(&shared), router, shutdown));
        Ok(Self { shared })
    }

    /// Replaces what can be scraped.
    pub fn set_table(&self, table: ScrapeTable) {
        *self.shared.table.write().unwrap_or_else(PoisonError::into_inner) = table;
    }

    /// Shows a renewed certificate on connections made from now on.
    ///
    /// # Errors
    /// The identity is unusable; the old one stays.
    pub fn set_identity(&self, identity: &Identity) -> Result<(), TlsError> {
        let config = Arc::new(config(identity)?);
        *self.shared.tls.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }
}

fn config(identity: &Identity) -> Result<ServerConfig, TlsError> {
    identity.server_config(|_| true)
}

async fn accept_loop(
    listener: TcpListener,
    shared: Arc<Shared>,
    router: Router,
    shutdown: Shutdown,
) {
    let handshakes = Arc::new(Semaphore::new(MAX_HANDSHAKES));
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let tcp = match accepted {
            Ok((tcp, _)) => tcp,
            Err(error) => {
                warn!(%error, "cannot accept on the scrape port");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(permit) = Arc::clone(&handshakes).try_acquire_owned() else { continue };
        let tls = Arc::clone(&shared.tls.read().unwrap_or_else(PoisonError::into_inner));
        let (router, shutdown) = (router.clone(), shutdown.clone());
        tokio::spawn(async move {
            let _ = tcp.set_nodelay(true);
            match handshake(tls, tcp).await {
                Ok(stream) => {
                    drop(permit);
                    serve_http(stream, router, &shutdown).await;
                }
                Err(reason) => debug!(reason, "no handshake on the scrape port"),
            }
        });
    }
}

async fn handshake(
    tls: Arc<ServerConfig>,
    tcp: TcpStream,
) -> Result<tokio_rustls::server::TlsStream<TcpStream>, String> {
    timeout(HANDSHAKE_TIMEOUT, TlsAcceptor::from(tls).accept(tcp))
        .await
        .map_err(|_| "too slow".to_owned())?
        .map_err(|error| super::tls::explain(&error))
}

async fn component(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    if name == "watchkeep" {
        return ([(header::CONTENT_TYPE, METRICS_TYPE)], (shared.own)()).into_response();
    }
    let target = {
        let table = shared.table.read().unwrap_or_else(PoisonError::into_inner);
        table.components.get(&name).cloned()
    };
    scrape(target, &name, request).await
}

async fn exporter(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let target = {
        let table = shared.table.read().unwrap_or_else(PoisonError::into_inner);
        table.exporters.get(&name).cloned()
    };
    scrape(target, &name, request).await
}

/// The query goes along: exporters choose collectors by it.
async fn scrape(target: Option<LocalTarget>, name: &str, mut request: Request) -> Response {
    let Some(target) = target else {
        return (StatusCode::NOT_FOUND, format!("nothing called {name} is scraped here"))
            .into_response();
    };
    let query = request.uri().query().map(|query| format!("/?{query}"));
    let Ok(uri) = query.as_deref().unwrap_or("/").parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = uri;
    match target.send(request).await {
        Ok(answer) => answer,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{name}: {error}")).into_response(),
    }
}
