//! The far end of the forwarder: `/peer/v1/forward/COMPONENT/PATH` on 8421 reaches the query API
//! of this node's Prometheus and the API of its Alertmanager. Nothing else: never `/-/`, admin or
//! write, except that alerts may be posted, and silences by nodes. What is not on the list is
//! refused here, whoever asks.

use super::local_http::LocalTarget;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

/// Where the forwarder is mounted on the cluster port.
pub const FORWARD_PATH: &str = "/peer/v1/forward/";

/// On an answer that is the forwarder's own and not the component's.
pub const OWN_ANSWER: HeaderName = HeaderName::from_static("x-wk-forwarder");

/// `GET` and `POST`: queries may be long.
const PROMETHEUS_QUERY: &[&str] = &[
    "api/v1/query",
    "api/v1/query_range",
    "api/v1/query_exemplars",
    "api/v1/series",
    "api/v1/labels",
];
const PROMETHEUS_GET: &[&str] = &[
    "api/v1/metadata",
    "api/v1/rules",
    "api/v1/alerts",
    "api/v1/targets",
    "api/v1/targets/metadata",
    "api/v1/status/buildinfo",
    "federate",
];
const ALERTMANAGER_GET: &[&str] = &[
    "api/v2/alerts",
    "api/v2/alerts/groups",
    "api/v2/silences",
    "api/v2/receivers",
    "api/v2/status",
];

/// Knows where this node's components listen. Cheap to clone.
#[derive(Clone, Default)]
pub struct Forwarder {
    targets: Arc<RwLock<BTreeMap<String, LocalTarget>>>,
}

impl Forwarder {
    /// Replaces the table: component (`prometheus`, `alertmanager`) → where it listens here.
    pub fn set_targets(&self, targets: BTreeMap<String, LocalTarget>) {
        *self.targets.write().unwrap_or_else(PoisonError::into_inner) = targets;
    }

    /// The route for the cluster port.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/peer/v1/forward/{component}/{*path}", any(from_peer))
            .with_state(self.clone())
    }

    /// Hands a request to a component of this node; `path` is the component's own, without a
    /// leading slash, as it came (percent-encoding kept). The request's query is kept. Answers
    /// 403 for what is not allowed, 404 for a component that does not run here, 502 when it does
    /// not answer.
    /// For nodes: programs of this machine are asked [`allowed`] first.
    pub async fn forward(&self, component: &str, path: &str, mut request: Request) -> Response {
        let method = request.method();
        if !allowed(component, method, path) && !silences(component, method, path) {
            return refuse(StatusCode::FORBIDDEN, format!("{component}: {path} is not forwarded"));
        }
        let target = {
            let targets = self.targets.read().unwrap_or_else(PoisonError::into_inner);
            targets.get(component).cloned()
        };
        let Some(target) = target else {
            return refuse(StatusCode::NOT_FOUND, format!("{component} does not run on this node"));
        };
        let Ok(uri) = local_uri(path, request.uri().query()) else {
            return refuse(StatusCode::BAD_REQUEST, "odd path".to_owned());
        };
        *request.uri_mut() = uri;
        match target.send(request).await {
            Ok(mut answer) => {
                answer.headers_mut().remove(OWN_ANSWER);
                answer
            }
            Err(error) => refuse(StatusCode::BAD_GATEWAY, format!("{component}: {error}")),
        }
    }
}

/// `/path?query`.
pub(super) fn local_uri(path: &str, query: Option<&str>) -> Result<Uri, http::Error> {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Uri::builder().path_and_query(format!("/{path}{query}")).build()
}

/// An answer of the forwarder itself.
pub(super) fn refuse(status: StatusCode, reason: String) -> Response {
    let mut answer = (status, reason).into_response();
    answer.headers_mut().insert(OWN_ANSWER, HeaderValue::from_static("refused"));
    answer
}

async fn from_peer(State(forwarder): State<Forwarder>, request: Request<Body>) -> Response {
    // From the raw path: an extractor would decode it, and `%2e%2e` with it.
    let rest = request.uri().path().strip_prefix(FORWARD_PATH).unwrap_or_default();
    let Some((component, path)) = rest.split_once('/') else {
        return refuse(StatusCode::NOT_FOUND, "no component named".to_owned());
    };
    let (component, path) = (component.to_owned(), path.to_owned());
    forwarder.forward(&component, &path, request).await
}

/// Whether a path of a component may be reached from other nodes. Exact matches only, on the
/// undecoded path: nothing with `..`, `%` or `//` is on the list.
#[must_use]
pub fn allowed(component: &str, method: &Method, path: &str) -> bool {
    match component {
        "prometheus" if method == Method::GET => {
            PROMETHEUS_QUERY.contains(&path) || PROMETHEUS_GET.contains(&path) || label_values(path)
        }
        "prometheus" if method == Method::POST => PROMETHEUS_QUERY.contains(&path),
        "alertmanager" if method == Method::GET => {
            ALERTMANAGER_GET.contains(&path) || one_silence(path)
        }
        "alertmanager" if method == Method::POST => path == "api/v2/alerts",
        _ => false,
    }
}

/// Whether it posts or ends a silence: nodes alone may, and only for what is declared.
fn silences(component: &str, method: &Method, path: &str) -> bool {
    component == "alertmanager"
        && ((method == Method::POST && path == "api/v2/silences")
            || (method == Method::DELETE && one_silence(path)))
}

fn label_values(path: &str) -> bool {
    path.strip_prefix("api/v1/label/").and_then(|rest| rest.strip_suffix("/values")).is_some_and(
        |name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'),
    )
}

fn one_silence(path: &str) -> bool {
    path.strip_prefix("api/v2/silence/")
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_api_and_alerts_pass_and_nothing_else() {
        let get = |path| allowed("prometheus", &Method::GET, path);
        for path in [
            "api/v1/query",
            "api/v1/label/job/values",
            "api/v1/targets",
            "federate",
            "api/v1/rules",
        ] {
            assert!(get(path), "{path}");
        }
        assert!(allowed("prometheus", &Method::POST, "api/v1/query_range"));
        assert!(allowed("alertmanager", &Method::POST, "api/v2/alerts"));
        assert!(allowed("alertmanager", &Method::GET, "api/v2/silence/0a-1b"));
        for path in [
            "",
            "-/reload",
            "-/quit",
            "api/v1/admin/tsdb/snapshot",
            "api/v1/write",
            "api/v1/query/",
            "/api/v1/query",
            "api/v1//query",
            "api/v1/query/../admin/tsdb/snapshot",
            "api/v1/label/../../../-/reload/values",
            "api/v1/label/%2e%2e%2f%2e%2e/values",
            "api/v1/%71uery",
            "%2d/reload",
            "api/v1/label/a/b/values",
            "debug/pprof/heap",
            "api/v1/status/config",
        ] {
            assert!(!get(path), "{path}");
        }
        assert!(!allowed("prometheus", &Method::POST, "api/v1/targets"));
        assert!(!allowed("prometheus", &Method::DELETE, "api/v1/series"));
        assert!(!allowed("alertmanager", &Method::POST, "api/v2/silences"));
        assert!(!allowed("alertmanager", &Method::DELETE, "api/v2/silence/0a-1b"));
        assert!(silences("alertmanager", &Method::POST, "api/v2/silences"));
        assert!(silences("alertmanager", &Method::DELETE, "api/v2/silence/0a-1b"));
        assert!(!silences("alertmanager", &Method::DELETE, "api/v2/silence/../status"));
        assert!(!silences("prometheus", &Method::POST, "api/v2/silences"));
        assert!(!allowed("alertmanager", &Method::GET, "api/v2/silence/../status"));
        assert!(!allowed("grafana", &Method::GET, "api/v1/query"));
    }
}
