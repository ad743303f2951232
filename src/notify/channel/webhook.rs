//! A generic webhook: `POST` of [`Message`] as JSON, with the headers of Standard Webhooks.
//! `webhook-id` is the same on every attempt, so that the other side can drop doubles.
//! Redirects are not followed and no proxy is taken from the environment: both would lead past
//! the check of the address.

use super::{
    Channel,
    reply::{judge, judge_error, outcome},
};
use crate::{
    base::{clock::now_unix_ms, redact::Secret},
    notify::{
        delivery::{Class, Outcome},
        message::Message,
        outgoing::{Guard, Guarded, Lookup, Refused},
    },
};
use futures_util::future::BoxFuture;
use reqwest::{
    Client, Response, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest silence of the other side.
const READ_TIMEOUT: Duration = Duration::from_secs(15);
/// Read of an answer; the rest is left.
const MAX_REPLY_BYTES: usize = 256 << 10;

/// Why a channel's settings cannot be used. Does not repeat the address, which may hold a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// Not an `http` or `https` address with a host.
    #[error("the url is not an http:// or https:// address")]
    Url,
    /// A header that HTTP does not allow.
    #[error("header `{0}` is not allowed")]
    Header(String),
    /// The HTTP client could not be made.
    #[error("the client cannot be made")]
    Client(#[source] reqwest::Error),
}

/// A generic webhook.
pub struct Webhook {
    url: Secret<String>,
    /// The address when the URL names one: those are not resolved, so the resolver's guard
    /// does not see them.
    refused: Option<Refused>,
    client: Client,
    headers: HeaderMap,
}

impl Webhook {
    /// `timeout_seconds` is for a whole exchange; held between 1 and 120.
    ///
    /// # Errors
    /// The URL or a header cannot be used.
    pub fn new(
        url: &str,
        headers: &BTreeMap<String, String>,
        timeout_seconds: u32,
        guard: &Guard,
        lookup: &Lookup,
    ) -> Result<Self, WebhookError> {
        // Set once per process; the application has done it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = Url::parse(url).map_err(|_| WebhookError::Url)?;
        let port = url.port_or_known_default().ok_or(WebhookError::Url)?;
        let host = url.host_str().ok_or(WebhookError::Url)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(WebhookError::Url);
        }
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let refused = literal.ok().and_then(|ip| guard.check(SocketAddr::new(ip, port)).err());
        let resolver = Guarded { lookup: lookup.clone(), guard: guard.clone(), port };
        let client = Client::builder()
            .user_agent(concat!("Watchkeep/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(resolver))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(Duration::from_secs(u64::from(timeout_seconds.clamp(1, 120))))
            .pool_idle_timeout(Duration::from_secs(60))
            .pool_max_idle_per_host(4)
            .build()
            .map_err(|error| WebhookError::Client(error.without_url()))?;
        Ok(Self { url: Secret::new(url.into()), refused, client, headers: read_headers(headers)? })
    }

    async fn exchange(&self, message: &Message) -> Outcome {
        if let Some(refused) = self.refused {
            return outcome(Class::Rejected, refused.to_string());
        }
        let Ok(body) = serde_json::to_vec(message) else {
            return outcome(Class::Rejected, "the message cannot be written as JSON");
        };
        let request = self
            .client
            .post(self.url.expose())
            .headers(self.headers.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.data.id.as_str())
            .header("webhook-timestamp", now_unix_ms() / 1000)
            .body(body);
        match request.send().await {
            Err(error) => judge_error(error),
            Ok(mut reply) => match read(&mut reply).await {
                Ok(body) => judge(reply.status(), reply.headers(), &body),
                // The status line is there: an error stays one, a success is not certain.
                Err(_) if !reply.status().is_success() => {
                    judge(reply.status(), reply.headers(), b"")
                }
                Err(error) => judge_error(error),
            },
        }
    }
}

impl Channel for Webhook {
    fn kind(&self) -> &'static str {
        "webhook"
    }

    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let began = Instant::now();
            let outcome = self.exchange(message).await;
            let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            Outcome { took_ms, ..outcome }
        })
    }
}

/// The beginning of the answer.
async fn read(reply: &mut Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = reply.chunk().await? {
        let room = MAX_REPLY_BYTES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() >= MAX_REPLY_BYTES {
            break;
        }
    }
    Ok(body)
}

/// Declared headers; those that frame the request or are ours are not theirs to set.
fn read_headers(declared: &BTreeMap<String, String>) -> Result<HeaderMap, WebhookError> {
    const OURS: [&str; 8] = [
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in declared {
        let bad = || WebhookError::Header(name.chars().take(80).collect());
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        if OURS.contains(&key.as_str()) {
            return Err(bad());
        }
        let mut value = HeaderValue::from_str(value).map_err(|_| bad())?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
