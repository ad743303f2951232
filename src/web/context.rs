//! The outermost middleware: gives every request an id, finds out whom it is from where a trusted
//! proxy passed it on, writes problems with that id, and catches panics.

use super::{
    Front, audit::RequestId, auth::RemoteAddress, error::Problem, guard::Recognised,
    proxies::Scheme, random,
};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;

/// Log index as of which an answer is true.
pub(crate) const INDEX: HeaderName = HeaderName::from_static("x-wk-index");
/// Half a year.
const HSTS: &str = "max-age=15552000";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn context(
    State(front): State<Front>,
    mut request: Request,
    next: Next,
) -> Response {
    let request_id = random::text::<12>();
    request.extensions_mut().insert(RequestId(request_id.as_str().into()));
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let api = path.starts_with("/api/") || path.starts_with("/v1/");
    look_behind_proxies(&front, &mut request);
    let mut answer = match one_host(&request) {
        Err(problem) => problem.into_answer(&path, &request_id),
        Ok(()) => match AssertUnwindSafe(next.run(request)).catch_unwind().await {
            Ok(answer) => answer,
            Err(_) => {
                let mut empty = Response::new(axum::body::Body::empty());
                empty.extensions_mut().insert(Problem::internal("a handler panicked"));
                empty
            }
        },
    };
    let recognised = answer.extensions_mut().remove::<Recognised>().is_some();
    if let Some(problem) = answer.extensions_mut().remove::<Problem>() {
        log(&problem, &method, &path, &request_id);
        let allow = answer.headers_mut().remove(header::ALLOW);
        answer = problem.into_answer(&path, &request_id);
        if let Some(allow) = allow {
            answer.headers_mut().insert(header::ALLOW, allow);
        }
    }
    finish(&front, api, recognised, &request_id, &mut answer);
    answer
}

/// From here on the request is from whom a trusted proxy has it from.
fn look_behind_proxies(front: &Front, request: &mut Request) {
    let Some(RemoteAddress(peer)) = request.extensions().get().copied() else { return };
    let proxies = &front.settings().proxies;
    let source = proxies.source(peer, request.headers());
    let scheme = proxies.scheme(peer, request.headers());
    request.extensions_mut().insert(RemoteAddress(source));
    // What our own TLS ended is https, whatever anybody says.
    if let (Some(scheme), Some(Scheme::Http)) = (scheme, request.extensions().get()) {
        request.extensions_mut().insert(scheme);
    }
}

/// Of two hosts somebody in between may have checked the other.
fn one_host(request: &Request) -> Result<(), Problem> {
    match request.headers().get_all(header::HOST).iter().count() {
        0 | 1 => Ok(()),
        _ => Err(Problem::malformed("the request has more than one Host header")),
    }
}

fn log(problem: &Problem, method: &axum::http::Method, path: &str, request_id: &str) {
    let (code, status) = (problem.code, problem.status.as_u16());
    if problem.status == StatusCode::INTERNAL_SERVER_ERROR {
        let cause = problem.log.as_deref().unwrap_or_default();
        tracing::error!(code, %method, path, request_id, cause, "request failed");
    } else {
        let detail = problem.detail.as_str();
        tracing::debug!(code, status, %method, path, request_id, detail, "request refused");
    }
}

fn finish(front: &Front, api: bool, recognised: bool, request_id: &str, answer: &mut Response) {
    let headers = answer.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    if front.settings().hsts {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    if !api {
        return;
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    // How much is written here is nothing for strangers.
    if recognised && let Ok(deps) = front.deps() {
        let applied = deps.store.raft().borrow().applied;
        headers.entry(INDEX).or_insert(HeaderValue::from(applied));
    }
}
