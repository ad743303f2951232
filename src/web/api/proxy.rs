//! `/prometheus/` and `/alertmanager/`: queries to a healthy replica with fail-over.
//!
//! The path must equal an entry of the list below as it is written, before any decoding, so that
//! `..`, `%2e`, `//` and the like never match. Only the headers named here pass in either
//! direction; cookies and Authorization never do.

use super::{by_hand, replica};
use crate::{
    model::spec::RoleName,
    web::{
        error::Problem,
        extract::{Opened, Raw},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    extract::OriginalUri,
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, on},
};
use bytes::Bytes;
use utoipa::openapi::{HttpMethod, path::Operation};

/// Paths of Prometheus below `/prometheus`, and whether they take a form by POST as well.
const PROMETHEUS: &[(&str, bool)] = &[
    ("/api/v1/query", true),
    ("/api/v1/query_range", true),
    ("/api/v1/query_exemplars", true),
    ("/api/v1/series", true),
    ("/api/v1/labels", true),
    ("/api/v1/metadata", false),
    ("/api/v1/rules", false),
    ("/api/v1/alerts", false),
    ("/api/v1/targets", false),
    ("/api/v1/targets/metadata", false),
    ("/api/v1/status/buildinfo", false),
    ("/federate", false),
];

/// Paths of Alertmanager below `/alertmanager`.
const ALERTMANAGER: &[(&str, bool)] = &[
    ("/api/v2/alerts", false),
    ("/api/v2/alerts/groups", false),
    ("/api/v2/silences", false),
    ("/api/v2/receivers", false),
    ("/api/v2/status", false),
];

const PASS_IN: [HeaderName; 2] = [header::ACCEPT, header::CONTENT_TYPE];
const PASS_OUT: [HeaderName; 2] = [header::CONTENT_TYPE, header::RETRY_AFTER];

pub(crate) fn routes(mut doors: Doors) -> Doors {
    for component in ["prometheus", "alertmanager"] {
        let path = format!("/{component}/{{*path}}");
        for (method, filter) in
            [(HttpMethod::Get, MethodFilter::GET), (HttpMethod::Post, MethodFilter::POST)]
        {
            if component == "alertmanager" && method == HttpMethod::Post {
                continue;
            }
            let operation = operation(component, &method);
            let handler = move |opened: Opened, uri: OriginalUri, method: Method, headers, body| {
                pass(component, opened, uri, method, headers, body)
            };
            let routes = by_hand(method, &path, operation, on(filter, handler));
            doors = doors.open(Policy::Role(RoleName::Viewer), routes);
        }
    }
    doors
}

/// Reading one of Alertmanager's paths that is changed under the same path as well.
pub(super) async fn read_alertmanager(
    opened: Opened,
    uri: OriginalUri,
    method: Method,
    headers: HeaderMap,
    body: Raw,
) -> Result<Response, Problem> {
    pass("alertmanager", opened, uri, method, headers, body).await
}

fn operation(component: &str, method: &HttpMethod) -> Operation {
    let verb = if *method == HttpMethod::Get { "get" } else { "post" };
    let mut operation = Operation::new();
    operation.operation_id = Some(format!("{component}_{verb}"));
    operation.summary = Some(format!("Query API of a healthy {component}, read-only."));
    operation.tags = Some(vec!["proxy".into()]);
    operation
}

/// Whether a path below the component's prefix may pass with this method.
#[must_use]
pub fn allowed(component: &str, path: &str, method: &Method) -> bool {
    let list = match component {
        "prometheus" => PROMETHEUS,
        "alertmanager" => ALERTMANAGER,
        _ => return false,
    };
    let safe = matches!(*method, Method::GET | Method::HEAD);
    if safe && component == "alertmanager" && is_one_silence(path) {
        return true;
    }
    if let Some((_, post)) = list.iter().find(|(entry, _)| *entry == path) {
        return safe || (*post && method == Method::POST);
    }
    safe && component == "prometheus" && is_label_values(path)
}

/// `/api/v2/silence/ID`
fn is_one_silence(path: &str) -> bool {
    path.strip_prefix("/api/v2/silence/")
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'))
}

/// `/api/v1/label/NAME/values`
fn is_label_values(path: &str) -> bool {
    path.strip_prefix("/api/v1/label/")
        .and_then(|rest| rest.strip_suffix("/values"))
        .is_some_and(crate::model::label::is_label_name)
}

async fn pass(
    component: &'static str,
    Opened(deps): Opened,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Response, Problem> {
    let marker = format!("/{component}");
    let at = uri.path().find(&marker).map_or(0, |at| at + marker.len());
    let path = &uri.path()[at..];
    if !allowed(component, path, &method) {
        let detail = format!("{method} {path} is no query");
        return Err(Problem::new(StatusCode::FORBIDDEN, "WK-2034", detail));
    }
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut request = replica::get(&target);
    *request.method_mut() = if method == Method::HEAD { Method::GET } else { method };
    *request.body_mut() = body;
    copy_headers(&PASS_IN, &headers, request.headers_mut());
    let (node, answer) = replica::ask(&deps, component, &request).await?;
    Ok(outward(node, answer))
}

fn outward(node: crate::model::NodeId, answer: http::Response<Bytes>) -> Response {
    let (parts, body) = answer.into_parts();
    let mut out = (parts.status, body).into_response();
    out.headers_mut().remove(header::CONTENT_TYPE);
    copy_headers(&PASS_OUT, &parts.headers, out.headers_mut());
    if let Ok(node) = node.to_string().parse() {
        out.headers_mut().insert("x-wk-replica", node);
    }
    // The component's pages must never run as ours.
    let sandbox = axum::http::HeaderValue::from_static("sandbox; default-src 'none'");
    out.headers_mut().insert(header::CONTENT_SECURITY_POLICY, sandbox);
    out
}

fn copy_headers(names: &[HeaderName], from: &HeaderMap, into: &mut HeaderMap) {
    for name in names {
        if let Some(value) = from.get(name) {
            into.insert(name.clone(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_pass_and_nothing_else() {
        let get = |path: &str| allowed("prometheus", path, &Method::GET);
        for good in ["/api/v1/query", "/federate", "/api/v1/label/job/values", "/api/v1/targets"] {
            assert!(get(good), "{good}");
        }
        for bad in [
            "/-/reload",
            "/-/quit",
            "/api/v1/admin/tsdb/delete_series",
            "/api/v1/write",
            "/api/v1/query/../admin/tsdb/snapshot",
            "/api/v1//query",
            "/api/v1/query/",
            "/api/v1/query;x",
            "/api/v1/%71uery",
            "/API/v1/query",
            "/api/v1/label/../values",
            "/api/v1/label/a%2fb/values",
            "/api/v1/query.",
            "",
            "/",
        ] {
            assert!(!get(bad), "{bad}");
        }
    }

    #[test]
    fn methods_that_change_something_never_pass() {
        assert!(allowed("prometheus", "/api/v1/query", &Method::POST));
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            assert!(!allowed("prometheus", "/api/v1/query", &method), "{method}");
        }
        assert!(!allowed("prometheus", "/api/v1/targets", &Method::POST));
        assert!(!allowed("alertmanager", "/api/v2/silences", &Method::POST));
        assert!(allowed("alertmanager", "/api/v2/silence/0a-1b", &Method::GET));
        assert!(!allowed("alertmanager", "/api/v2/silence/0a-1b", &Method::DELETE));
        assert!(!allowed("alertmanager", "/api/v2/silence/..", &Method::GET));
        assert!(!allowed("grafana", "/api/v1/query", &Method::GET));
    }
}
