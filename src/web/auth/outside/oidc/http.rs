//! Requests to the provider: TLS, no redirects, no proxy of the environment, no inside addresses
//! but those that `settings.outgoing.allow` lists, short answers.

use super::OidcError;
use crate::notify::outgoing::{Guard, Guarded, Lookup};
use reqwest::{Certificate, Client, RequestBuilder, Url, redirect::Policy};
use serde::de::DeserializeOwned;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_BYTES: usize = 1 << 20;

/// How the provider is spoken to, by the settings as they are now.
pub(super) struct Http {
    ca: Vec<Certificate>,
    guard: Guard,
    lookup: Lookup,
}

impl Http {
    pub(super) fn new(ca: Option<&str>, guard: Guard, lookup: Lookup) -> Result<Self, OidcError> {
        let ca = ca.map(|pem| Certificate::from_pem_bundle(pem.as_bytes())).transpose();
        let ca = ca.map_err(|error| OidcError::Settings(format!("ca: {error}")))?;
        Ok(Self { ca: ca.unwrap_or_default(), guard, lookup })
    }

    /// An address that may be asked: `https`, or `http` to a listed loopback address.
    pub(super) fn url(&self, what: &'static str, text: &str) -> Result<Url, OidcError> {
        let refused = |why: String| OidcError::Answer { what, why };
        let url = Url::parse(text).map_err(|error| refused(error.to_string()))?;
        let host = url.host_str().unwrap_or_default();
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let port = url.port_or_known_default().unwrap_or_default();
        if let Some(ip) = literal {
            let to = SocketAddr::new(ip, port);
            self.guard.check(to).map_err(|error| refused(error.to_string()))?;
        }
        match url.scheme() {
            "https" if !host.is_empty() => Ok(url),
            "http" if literal.is_some_and(|ip| ip.is_loopback()) => Ok(url),
            _ => Err(refused("its address is not https://".into())),
        }
    }

    pub(super) fn client(&self, url: &Url) -> Result<Client, OidcError> {
        // Set once per process; the application has done it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = url.port_or_known_default().unwrap_or_default();
        let (lookup, guard) = (self.lookup.clone(), self.guard.clone());
        let mut builder = Client::builder()
            .user_agent(concat!("Watchkeep/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Guarded { lookup, guard, port }))
            .timeout(TIMEOUT);
        if !self.ca.is_empty() {
            builder = builder.tls_certs_only(self.ca.clone());
        }
        builder.build().map_err(|error| OidcError::Settings(error.without_url().to_string()))
    }

    /// Asks, and reads the JSON answer.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        what: &'static str,
        request: RequestBuilder,
    ) -> Result<T, OidcError> {
        let lost = |error: reqwest::Error| {
            let why = crate::base::error_chain::ErrorChain(&error.without_url()).to_string();
            OidcError::Unreachable { what, why }
        };
        let refused = |why: String| OidcError::Answer { what, why };
        let mut answer = request.header("accept", "application/json").send().await.map_err(lost)?;
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(lost)? {
            if body.len() + part.len() > MAX_BYTES {
                return Err(refused(format!("more than {MAX_BYTES} bytes")));
            }
            body.extend_from_slice(&part);
        }
        if !status.is_success() {
            return Err(refused(format!("status {status}{}", error_of(&body))));
        }
        serde_json::from_slice(&body).map_err(|error| refused(error.to_string()))
    }
}

/// `error` of RFC 6749, 5.2: a word of a small alphabet, never anything of ours.
fn error_of(body: &[u8]) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let word = body["error"].as_str().unwrap_or_default();
    let word: String = word.chars().filter(char::is_ascii_graphic).take(80).collect();
    if word.is_empty() { word } else { format!(" ({word})") }
}
