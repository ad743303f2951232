//! `/prometheus/` and `/alertmanager/`: queries to a healthy replica with fail-over.
//!
//! The path must equal an entry of the list in [`paths`] as it is written, before any decoding, so that
//! `..`, `%2e`, `//` and the like never match. Only the headers named here pass in either
//! direction; cookies and Authorization never do. A call of somebody with a scope is written anew
//! from what `scope` makes of it, and the answer cut down.

#[cfg(test)]
pub(super) mod document;
mod scoped;

use super::replica;
use crate::web::routes::by_hand;
use crate::{
    model::spec::RoleName,
    scope::{
        paths::{self, Answer, Path, Program},
        request::{Call, Form},
    },
    web::{
        error::Problem,
        extract::{Opened, Raw},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    extract::OriginalUri,
    http::{HeaderMap, HeaderName, Method, Request, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, on},
};
use bytes::Bytes;
use utoipa::openapi::{HttpMethod, path::Operation};

const PASS_IN: [HeaderName; 2] = [header::ACCEPT, header::CONTENT_TYPE];
const PASS_OUT: [HeaderName; 2] = [header::CONTENT_TYPE, header::RETRY_AFTER];

pub(crate) fn routes(mut doors: Doors) -> Doors {
    for program in [Program::Prometheus, Program::Alertmanager] {
        let component = component(program);
        let path = format!("/{component}/{{*path}}");
        for (method, filter) in
            [(HttpMethod::Get, MethodFilter::GET), (HttpMethod::Post, MethodFilter::POST)]
        {
            if program == Program::Alertmanager && method == HttpMethod::Post {
                continue;
            }
            let verb = if method == HttpMethod::Get { "get" } else { "post" };
            let operation = || operation(component, verb);
            let handler = move |opened: Opened, uri: OriginalUri, method: Method, headers, body| {
                pass(program, opened, uri, method, headers, body)
            };
            let routes = by_hand(method, &path, operation, on(filter, handler));
            doors = doors.open(Policy::Within(RoleName::Viewer), routes);
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
    pass(Program::Alertmanager, opened, uri, method, headers, body).await
}

const fn component(program: Program) -> &'static str {
    match program {
        Program::Prometheus => "prometheus",
        Program::Alertmanager => "alertmanager",
    }
}

fn operation(component: &str, verb: &str) -> Operation {
    let mut operation = Operation::new();
    operation.operation_id = Some(format!("{component}_{verb}"));
    operation.summary = Some(format!("Query API of a healthy {component}, read-only."));
    operation.tags = Some(vec!["proxy".into()]);
    operation
}

/// The entry of the list that a path below the component's prefix is, where it may pass with
/// this method.
fn entry(program: Program, path: &str, method: &Method) -> Option<&'static Path> {
    let safe = matches!(*method, Method::GET | Method::HEAD);
    paths::find(program, path).filter(|entry| safe || (entry.form && method == Method::POST))
}

async fn pass(
    program: Program,
    Opened(deps): Opened,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Response, Problem> {
    let component = component(program);
    let marker = format!("/{component}");
    let at = uri.path().find(&marker).map_or(0, |at| at + marker.len());
    let path = &uri.path()[at..];
    let Some(entry) = entry(program, path, &method) else {
        let detail = format!("{method} {path} is no query");
        return Err(Problem::new(StatusCode::FORBIDDEN, "WK-2034", detail));
    };
    let method = if method == Method::HEAD { Method::GET } else { method };
    let projects = deps.seen.clone();
    if projects.is_all() {
        let request = as_it_came(path, &uri, method, &headers, body);
        let (node, answer) = replica::ask(&deps, component, &request).await?;
        // Alertmanager says it without a word.
        if entry.answer == Some(Answer::Silence) && answer.status() == StatusCode::NOT_FOUND {
            return Err(Problem::missing("such silence"));
        }
        return Ok(outward(node, answer));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let form = (method == Method::POST)
        .then_some(Form { content_type: content_type.unwrap_or_default(), body: &body });
    let call = Call { program, entry, path, query: uri.query(), form };
    let (node, answer) = scoped::ask(&deps, component, &call, &projects).await?;
    Ok(outward(node, answer))
}

fn as_it_came(
    path: &str,
    uri: &Uri,
    method: Method,
    headers: &HeaderMap,
    body: Bytes,
) -> Request<Bytes> {
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut request = replica::get(&target);
    *request.method_mut() = method;
    *request.body_mut() = body;
    copy_headers(&PASS_IN, headers, request.headers_mut());
    request
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

    fn allowed(program: Program, path: &str, method: &Method) -> bool {
        entry(program, path, method).is_some()
    }

    #[test]
    fn queries_pass_and_nothing_else() {
        let get = |path: &str| allowed(Program::Prometheus, path, &Method::GET);
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
    fn what_passes_here_passes_the_forwarder() {
        for program in [Program::Prometheus, Program::Alertmanager] {
            for entry in paths::all(program) {
                let path = entry.path.trim_start_matches('/').replace("{name}", "job");
                let path = path.replace("{id}", "0a-1b");
                let passes =
                    |method| crate::peer::forward::allowed(component(program), method, &path);
                assert!(passes(&Method::GET), "{path}");
                assert!(!entry.form || passes(&Method::POST), "{path}");
            }
        }
    }

    #[test]
    fn methods_that_change_something_never_pass() {
        assert!(allowed(Program::Prometheus, "/api/v1/query", &Method::POST));
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            assert!(!allowed(Program::Prometheus, "/api/v1/query", &method), "{method}");
        }
        assert!(!allowed(Program::Prometheus, "/api/v1/targets", &Method::POST));
        assert!(!allowed(Program::Alertmanager, "/api/v2/silences", &Method::POST));
        assert!(allowed(Program::Alertmanager, "/api/v2/silence/0a-1b", &Method::GET));
        assert!(!allowed(Program::Alertmanager, "/api/v2/silence/0a-1b", &Method::DELETE));
        assert!(!allowed(Program::Alertmanager, "/api/v2/silence/..", &Method::GET));
        assert!(!allowed(Program::Alertmanager, "/api/v1/query", &Method::GET));
    }
}
