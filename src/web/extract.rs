//! Extractors whose refusals are problem documents.

use super::{Front, auth::Identity, deps::Deps, error::Problem, guard::Seen};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;

/// The formed node's handles, confined to what the request may see; 503 before.
pub(crate) struct Opened(pub(crate) Deps);

impl FromRequestParts<Front> for Opened {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Problem> {
        let deps = front.deps()?.clone();
        Ok(Self(match parts.extensions.get::<Seen>() {
            Some(Seen(projects)) => deps.confined(projects.clone()),
            None => deps,
        }))
    }
}

impl FromRequestParts<Front> for Identity {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(|| Problem::sign_in("sign in first"))
    }
}

/// Query parameters; unknown ones are refused where the type says so.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Front> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|refused| Problem::bad_query(refused.body_text()))
    }
}

/// Path parameters, percent-decoded.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Front> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Problem> {
        axum::extract::Path::from_request_parts(parts, front)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|refused| Problem::malformed(refused.body_text()))
    }
}

/// The whole body, up to the limit of the route.
pub(crate) struct Raw(pub(crate) Bytes);

impl FromRequest<Front> for Raw {
    type Rejection = Problem;
    async fn from_request(request: Request, front: &Front) -> Result<Self, Problem> {
        Bytes::from_request(request, front).await.map(Self).map_err(|refused| {
            if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(refused.status(), "WK-2004", "the body is larger than this path takes")
            } else {
                Problem::malformed(refused.body_text())
            }
        })
    }
}

/// A JSON body: 415 for another type, 400 with line, column and path for malformed text.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Front> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, front: &Front) -> Result<Self, Problem> {
        let mime = media_type(request.headers());
        if mime != "application/json" {
            return Err(unsupported(&mime, "application/json"));
        }
        let Raw(body) = Raw::from_request(request, front).await?;
        json(&body).map(Self)
    }
}

/// Parses JSON with the place in the error.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path: String = error.path().to_string().chars().take(200).collect();
        let inner = error.into_inner();
        let at = if path == "." { String::new() } else { format!("{path}: ") };
        Problem::malformed(format!("{at}{inner}"))
    })?;
    reader.end().map_err(|error| Problem::malformed(error.to_string()))?;
    Ok(value)
}

/// Media type without parameters, in lower case; empty where there is none.
pub(crate) fn media_type(headers: &axum::http::HeaderMap) -> String {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    text.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// 415.
pub(crate) fn unsupported(got: &str, wanted: &str) -> Problem {
    let got = if got.is_empty() { "no Content-Type" } else { got };
    let detail =
        format!("this path takes {wanted}, not {}", got.chars().take(80).collect::<String>());
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "WK-2003", detail)
}
