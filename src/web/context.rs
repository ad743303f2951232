//! The outermost middleware: gives every request an id, keeps reads as fresh as they ask to be,
//! writes problems with that id, and catches panics.

use super::{Front, audit::RequestId, error::Problem, random};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;
use std::{panic::AssertUnwindSafe, time::Duration};

/// Log index as of which an answer is true.
pub(crate) const INDEX: HeaderName = HeaderName::from_static("x-wk-index");
const MIN_INDEX: HeaderName = HeaderName::from_static("x-wk-min-index");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long a read waits for the index it asked for.
const FRESH_DEADLINE: Duration = Duration::from_secs(5);

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
    let wish = if api { Wish::of(&request) } else { Ok(Wish::default()) };
    let fresh = match wish {
        Ok(wish) => wish.wait(&front).await,
        Err(problem) => Err(problem),
    };
    let mut answer = match fresh {
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
    if let Some(problem) = answer.extensions_mut().remove::<Problem>() {
        log(&problem, &method, &path, &request_id);
        let allow = answer.headers_mut().remove(header::ALLOW);
        answer = problem.into_answer(&path, &request_id);
        if let Some(allow) = allow {
            answer.headers_mut().insert(header::ALLOW, allow);
        }
    }
    finish(&front, api, &request_id, &mut answer);
    answer
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

/// How fresh a read wants to be.
#[derive(Default)]
struct Wish {
    min_index: Option<u64>,
    strong: bool,
}

impl Wish {
    fn of(request: &Request) -> Result<Self, Problem> {
        if !super::auth::is_safe(request.method()) {
            return Ok(Self::default());
        }
        let number = |value: &HeaderValue| {
            let number = value.to_str().ok().and_then(|text| text.parse().ok());
            number.ok_or_else(|| Problem::malformed("X-WK-Min-Index must be a number"))
        };
        let mut pairs = request.uri().query().unwrap_or_default().split('&');
        Ok(Self {
            min_index: request.headers().get(MIN_INDEX).map(number).transpose()?,
            strong: pairs.any(|pair| pair == "consistency=strong"),
        })
    }

    async fn wait(self, front: &Front) -> Result<(), Problem> {
        if let Some(wanted) = self.min_index
            && !front.deps()?.store.wait_applied(wanted, FRESH_DEADLINE).await
        {
            return Err(behind(format!("index {wanted} is not applied on this node yet")));
        }
        if self.strong {
            front.deps()?.store.barrier(FRESH_DEADLINE).await?;
        }
        Ok(())
    }
}

fn behind(detail: String) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2032", detail).retry(1)
}

fn finish(front: &Front, api: bool, request_id: &str, answer: &mut Response) {
    let headers = answer.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    if !api {
        return;
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(deps) = front.deps() {
        let applied = deps.store.raft().borrow().applied;
        headers.entry(INDEX).or_insert(HeaderValue::from(applied));
    }
}
