//! Reads as fresh as they ask to be. Only for those who are signed in: waiting costs a connection.

use super::{Front, error::Problem};
use axum::http::{HeaderName, HeaderValue, StatusCode, request::Parts};
use std::time::Duration;

const MIN_INDEX: HeaderName = HeaderName::from_static("x-wk-min-index");
/// How long a read waits for the index it asked for.
const FRESH_DEADLINE: Duration = Duration::from_secs(5);

/// How fresh a read wants to be.
#[derive(Default)]
pub(crate) struct Wish {
    min_index: Option<u64>,
    strong: bool,
}

impl Wish {
    /// What a read below `/api/` or `/v1/` asks for.
    ///
    /// # Errors
    /// 400.
    pub(crate) fn of(parts: &Parts) -> Result<Self, Problem> {
        let path = parts.uri.path();
        let api = path.starts_with("/api/") || path.starts_with("/v1/");
        if !api || !super::auth::is_safe(&parts.method) {
            return Ok(Self::default());
        }
        let number = |value: &HeaderValue| {
            let number = value.to_str().ok().and_then(|text| text.parse().ok());
            number.ok_or_else(|| Problem::malformed("X-WK-Min-Index must be a number"))
        };
        let mut pairs = parts.uri.query().unwrap_or_default().split('&');
        Ok(Self {
            min_index: parts.headers.get(MIN_INDEX).map(number).transpose()?,
            strong: pairs.any(|pair| pair == "consistency=strong"),
        })
    }

    /// Waits until this node is as fresh.
    ///
    /// # Errors
    /// 503 when it is not in time, or there is no quorum to ask.
    pub(crate) async fn wait(self, front: &Front) -> Result<(), Problem> {
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
