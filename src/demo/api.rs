//! The few calls the demo makes to its own cluster, through the same door as everybody.

use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde_json::{Value, json};
use std::time::Duration;

/// Signed-in client of one node.
#[derive(Debug, Clone)]
pub struct Api {
    client: reqwest::Client,
    base: String,
    token: Option<String>,
    login: Option<HeaderValue>,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// No answer.
    #[error("{url} does not answer")]
    NoAnswer {
        /// What was asked.
        url: String,
        /// Why.
        source: reqwest::Error,
    },
    /// A refusal.
    #[error("{url} answered {status}: {problem}")]
    Refused {
        /// What was asked.
        url: String,
        /// HTTP status.
        status: u16,
        /// Title, detail and errors of the problem document.
        problem: String,
    },
}

impl Api {
    /// Speaks to `base` (`http://127.0.0.1:8420`) without being signed in.
    ///
    /// # Errors
    /// The TLS provider was not installed.
    pub fn new(base: &str) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(20))
            .build()?;
        Ok(Self { client, base: base.to_owned(), token: None, login: None })
    }

    /// The same client with a bearer token.
    #[must_use]
    pub fn with_token(mut self, token: String) -> Self {
        self.token = Some(token);
        self
    }

    /// The same client with the password of a node's programs, for those programs.
    #[must_use]
    pub fn with_login(mut self, login: Option<HeaderValue>) -> Self {
        self.login = login;
        self
    }

    /// Signs in as `user` and makes an API token of role admin named `name`; returns its secret.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn make_token(
        &self,
        user: &str,
        password: &str,
        name: &str,
    ) -> Result<String, ApiError> {
        let url = format!("{}/api/v1/session", self.base);
        let body = json!({"user": user, "password": password});
        let answer = self
            .client
            .post(&url)
            .json(&body)
            .send()
            .await
            .map_err(|source| ApiError::NoAnswer { url: url.clone(), source })?;
        let cookie = answer
            .headers()
            .get(reqwest::header::SET_COOKIE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .unwrap_or_default()
            .to_owned();
        read(url, answer).await?;
        let url = format!("{}/api/v1/tokens", self.base);
        let body = json!({"name": name, "title": "Made by the demo", "role": "admin"});
        let request = self
            .client
            .post(&url)
            .header("Cookie", cookie)
            .header("X-WK-Request", "1")
            .header("Origin", &self.base)
            .json(&body);
        let made = self.send(request, url.clone()).await?;
        made.get("token").and_then(Value::as_str).map(ToOwned::to_owned).ok_or(ApiError::Refused {
            url,
            status: 200,
            problem: "the answer has no `token`".into(),
        })
    }

    /// `GET path` as JSON.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn get(&self, path: &str) -> Result<Value, ApiError> {
        let url = format!("{}{path}", self.base);
        self.send(self.client.get(&url), url).await
    }

    /// Applies a YAML document stream.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn apply(&self, yaml: String) -> Result<Value, ApiError> {
        let url = format!("{}/api/v1/apply", self.base);
        let request = self.client.post(&url).header("Content-Type", "application/yaml").body(yaml);
        self.send(request, url).await
    }

    async fn send(&self, request: reqwest::RequestBuilder, url: String) -> Result<Value, ApiError> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let request = match &self.login {
            Some(login) => request.header(AUTHORIZATION, login),
            None => request,
        };
        let answer = request
            .send()
            .await
            .map_err(|source| ApiError::NoAnswer { url: url.clone(), source })?;
        read(url, answer).await
    }
}

async fn read(url: String, answer: reqwest::Response) -> Result<Value, ApiError> {
    let status = answer.status();
    let text =
        answer.text().await.map_err(|source| ApiError::NoAnswer { url: url.clone(), source })?;
    let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if status.is_success() {
        return Ok(value);
    }
    let text_of = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut problem = format!("{} {}", text_of("title"), text_of("detail"));
    for error in value.get("errors").and_then(Value::as_array).into_iter().flatten() {
        problem.push_str(&format!("\n  {error}"));
    }
    Err(ApiError::Refused { url, status: status.as_u16(), problem })
}
