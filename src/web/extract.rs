//! Extractors whose refusals are problem documents.

use super::{
    Front, auth::Identity, deps::Deps, error::Problem, guard::Seen, listener::body::TooSlow,
};
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
            } else if TooSlow::is_in(&refused) {
                let detail = "the body did not come in time";
                Problem::new(StatusCode::REQUEST_TIMEOUT, "WK-2013", detail)
            } else {
                Problem::malformed(refused.body_text())
            }
        })
    }
}

/// A JSON object as body: 415 for another type, 400 with line, column and path for malformed text.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Front> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, front: &Front) -> Result<Self, Problem> {
        object(&json_body(request, front).await?).map(Self)
    }
}

/// The body of a request that says it is JSON.
async fn json_body(request: Request, front: &Front) -> Result<Bytes, Problem> {
    let mime = media_type(request.headers());
    if mime != "application/json" {
        return Err(unsupported(&mime, "application/json"));
    }
    Raw::from_request(request, front).await.map(|Raw(body)| body)
}

/// Parses a JSON object: serde would also take a list for a struct, its values by the order of
/// the fields.
pub(crate) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(Problem::malformed("the body must be an object, not a list"));
    }
    json(body)
}

/// A JSON object that holds a secret: its errors say where, and never what was sent.
pub(crate) struct Hushed<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Front> for Hushed<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, front: &Front) -> Result<Self, Problem> {
        hushed(&json_body(request, front).await?).map(Self)
    }
}

/// As [`object`], for what holds a secret: parsers name values and unknown fields in their errors.
pub(crate) fn hushed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    object(body).map_err(|_| {
        let place = serde_json::from_slice::<T>(body).err();
        let place = place.filter(|error| error.line() > 0);
        let place = place.map_or_else(String::new, |error| {
            format!(" (line {}, column {})", error.line(), error.column())
        });
        Problem::malformed(format!("the body is not the object that this path takes{place}"))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Two {
        one: u8,
        two: Option<u8>,
    }

    #[test]
    fn an_object_is_no_list() {
        let read = object::<Two>(b" {\"one\": 1}").unwrap();
        assert_eq!((read.one, read.two), (1, None));
        for bad in ["[1, 2]", " \n[1,null]", "", "null", "1", "{\"one\":1} {}"] {
            assert!(object::<Two>(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_secret_is_said_without_it() {
        for bad in
            ["{\"one\": \"s3cret\"}", "\"s3cret\"", "s3cret", "{\"s3cret\": 1, \"one\": \"x\"}"]
        {
            let problem = hushed::<Two>(bad.as_bytes()).unwrap_err();
            assert!(!problem.detail.contains("s3cret"), "{}", problem.detail);
            assert!(problem.detail.contains("line 1, column"), "{}", problem.detail);
        }
    }
}
