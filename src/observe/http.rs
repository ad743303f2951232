//! A small client for the programs on our own loopback addresses: plain HTTP, no proxy, no
//! redirects, short time-outs.

use http::{HeaderValue, header::AUTHORIZATION};
use std::time::Duration;

/// Client shared by probes and reloads.
#[derive(Debug, Clone)]
pub struct LocalHttp {
    client: reqwest::Client,
}

/// Why a local program gave no usable answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// No answer.
    #[error("{url} does not answer")]
    NoAnswer {
        /// What was asked.
        url: String,
        /// Why.
        source: reqwest::Error,
    },
    /// An answer that says no.
    #[error("{url} answered {status}: {body}")]
    Status {
        /// What was asked.
        url: String,
        /// HTTP status.
        status: u16,
        /// Its words, cut to 2 KiB.
        body: String,
    },
}

impl LocalHttp {
    /// A client whose requests take at most `timeout` and show `authorization`.
    ///
    /// # Errors
    /// The TLS provider was not installed.
    pub fn new(
        timeout: Duration,
        authorization: Option<HeaderValue>,
    ) -> Result<Self, reqwest::Error> {
        let shown = authorization.map(|value| (AUTHORIZATION, value));
        let client = reqwest::Client::builder()
            .default_headers(shown.into_iter().collect())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(2))
            .timeout(timeout)
            .pool_max_idle_per_host(2)
            .build()?;
        Ok(Self { client })
    }

    /// `GET url` → body of a 2xx answer.
    ///
    /// # Errors
    /// No answer, or another status.
    pub async fn get(&self, url: &str) -> Result<String, LocalError> {
        self.send(self.client.get(url), url).await
    }

    /// `POST url` without a body → body of a 2xx answer.
    ///
    /// # Errors
    /// No answer, or another status.
    pub async fn post(&self, url: &str) -> Result<String, LocalError> {
        self.send(self.client.post(url), url).await
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
        url: &str,
    ) -> Result<String, LocalError> {
        let no_answer = |source| LocalError::NoAnswer { url: url.to_owned(), source };
        let answer = request.send().await.map_err(no_answer)?;
        let status = answer.status();
        let body = answer.text().await.map_err(no_answer)?;
        if status.is_success() {
            return Ok(body);
        }
        let body = body.chars().take(2048).collect();
        Err(LocalError::Status { url: url.to_owned(), status: status.as_u16(), body })
    }
}
