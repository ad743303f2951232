//! The only place where errors become HTTP: problem documents (`application/problem+json`) with a
//! stable code, each with a help page.
//!
//! A handler returns a [`Problem`]; the outermost middleware (`super::context`) adds `instance`
//! and `request_id` and writes the body, so that no error leaves without them.

use super::codes;
use crate::{
    model::Revision,
    store::{StoreError, WriteError},
};
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// One thing wrong in what was declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProblemItem {
    /// Where: `rule-group/web/spec/rules/0/expr`.
    pub path: String,
    /// Stable code, `WK-1234`.
    pub code: String,
    /// What is wrong there.
    pub message: String,
    /// Line in the text that was sent, from 1, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in that line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl ProblemItem {
    /// An item without a place in a text.
    #[must_use]
    pub fn new(path: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        let (path, message) = (path.into(), message.into());
        Self { path, code: code.into(), message, line: None, column: None }
    }
}

/// What a client sees of a problem (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `/help/WK-1234`
    #[serde(rename = "type")]
    pub kind: String,
    /// One line, the same for all problems of this code.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// Path of the request.
    pub instance: String,
    /// Stable code, `WK-1234`.
    pub code: String,
    /// What to do about it.
    pub hint: String,
    /// The single faults, where there are several.
    #[serde(default)]
    pub errors: Vec<ProblemItem>,
    /// The log lines of this request carry it.
    pub request_id: String,
}

/// Why a request was not done.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// One of [`codes::PAGES`].
    pub code: &'static str,
    /// What happened this time, for the client.
    pub detail: String,
    /// The single faults.
    pub errors: Vec<ProblemItem>,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u64>,
    /// More, for the log only.
    pub log: Option<String>,
}

impl Problem {
    /// A problem with the code's standard status.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { status, code, detail, errors: Vec::new(), retry_after: None, log: None }
    }

    /// 400: the request cannot be read.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "WK-2001", detail)
    }

    /// 400: a query parameter is not valid.
    #[must_use]
    pub fn bad_query(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "WK-2002", detail)
    }

    /// 404: no such object, node, component or revision.
    #[must_use]
    pub fn missing(what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, "WK-2006", format!("there is no {what}"))
    }

    /// 401: who are you?
    #[must_use]
    pub fn sign_in(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "WK-2020", detail)
    }

    /// 403: the role does not allow it.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "WK-2022", detail)
    }

    /// 422 with the single faults.
    #[must_use]
    pub fn invalid(errors: Vec<ProblemItem>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.path, one.message),
            many => format!("{} problems; nothing was written", many.len()),
        };
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "WK-2010", detail) }
    }

    /// 503: no running instance could answer.
    #[must_use]
    pub fn no_replica(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2033", detail).retry(2)
    }

    /// 500: a bug. `log` goes to the log, never to the client.
    #[must_use]
    pub fn internal(log: impl Into<String>) -> Self {
        let detail = "Watchkeep failed to do this; the node's log says more under the request id";
        Self {
            log: Some(log.into()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "WK-2050", detail)
        }
    }

    /// Adds `Retry-After`.
    #[must_use]
    pub fn retry(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// 412 with both revisions, or 404 where the object is gone.
    #[must_use]
    pub fn changed(object: &str, wanted: &str, found: Option<Revision>) -> Self {
        let found = found.map_or_else(|| "it is gone".into(), |now| format!("it is at {now}"));
        let detail = format!("{object}: revision {wanted} was expected, {found}");
        Self::new(StatusCode::PRECONDITION_FAILED, "WK-2009", detail)
    }

    /// The document, as the client sees it.
    #[must_use]
    pub fn body(&self, instance: &str, request_id: &str) -> ProblemBody {
        let page = codes::page(self.code);
        ProblemBody {
            kind: format!("/help/{}", self.code),
            title: page.map_or("Problem", |page| page.title).into(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: instance.into(),
            code: self.code.into(),
            hint: page.map_or("", |page| page.advice).into(),
            errors: self.errors.clone(),
            request_id: request_id.into(),
        }
    }

    /// Writes the whole answer.
    #[must_use]
    pub fn into_answer(self, instance: &str, request_id: &str) -> Response<Body> {
        let body = serde_json::to_vec(&self.body(instance, request_id)).unwrap_or_default();
        let mut answer = Response::new(Body::from(body));
        *answer.status_mut() = self.status;
        let headers = answer.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json; charset=utf-8"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

/// Carries the problem outwards as an extension; `super::context` writes it.
impl IntoResponse for Problem {
    fn into_response(self) -> axum::response::Response {
        let mut answer = self.status.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(format!("reading the store: {error}"))
    }
}

impl From<WriteError> for Problem {
    /// Preconditions are mapped by those who know what they stand for; here they are a conflict.
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Precondition(failed) => {
                Self::new(StatusCode::PRECONDITION_FAILED, "WK-2009", failed.to_string())
            }
            WriteError::NoQuorum(why) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2030", why).retry(2)
            }
            too_new @ WriteError::TooNew { .. } => {
                Self::new(StatusCode::CONFLICT, "WK-2012", too_new.to_string())
            }
            WriteError::Refused(why) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "WK-2004", why),
            WriteError::Closed => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2030", "this node is stopping")
                    .retry(2)
            }
        }
    }
}
