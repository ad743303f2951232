//! One plain HTTP exchange with a program of this machine. No pool: on loopback a connection
//! costs less than finding out that a pooled one is dead.

use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::{fmt, net::SocketAddr, str::FromStr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tracing::debug;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Prometheus itself gives up on a query after 120 s.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(130);

/// Headers that belong to one hop or to the caller's session with us.
const DROPPED: [HeaderName; 9] = [
    header::CONNECTION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::HOST,
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    header::COOKIE,
];

/// `http://ADDRESS:PORT/PREFIX` with a numeric address, and what is shown there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTarget {
    /// Where it listens.
    pub address: SocketAddr,
    /// Empty, or a path that begins with a slash and ends without.
    pub prefix: String,
    /// Sent with each request in the place of the caller's; must be sensitive.
    pub authorization: Option<HeaderValue>,
}

/// Why a local program gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// No connection.
    #[error("{address} does not answer: {reason}")]
    Unreachable {
        /// Where.
        address: SocketAddr,
        /// Why.
        reason: String,
    },
    /// The address is no plain HTTP URL with a numeric address.
    #[error("`{0}` is no http:// URL with a numeric address")]
    Url(String),
}

impl FromStr for LocalTarget {
    type Err = LocalError;

    fn from_str(text: &str) -> Result<Self, LocalError> {
        let bad = || LocalError::Url(text.to_owned());
        let rest = text.strip_prefix("http://").ok_or_else(bad)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let address = authority.parse().map_err(|_| bad())?;
        let prefix = path.trim_end_matches('/').to_owned();
        Ok(Self { address, prefix, authorization: None })
    }
}

impl fmt::Display for LocalTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}{}", self.address, self.prefix)
    }
}

impl LocalTarget {
    /// Sends `request` with its path appended to the prefix; the answer's body is a stream.
    /// Credentials and hop-by-hop headers are dropped both ways.
    ///
    /// # Errors
    /// [`LocalError::Unreachable`], also after 130 s without an answer, and for a 401.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Body>, LocalError> {
        let failed = |reason: String| LocalError::Unreachable { address: self.address, reason };
        let request = self.rewrite(request).map_err(|error| failed(error.to_string()))?;
        let exchange = async {
            let tcp = timeout(CONNECT_TIMEOUT, TcpStream::connect(self.address))
                .await
                .map_err(|_| "no connection within 2 s".to_owned())?
                .map_err(|error| error.to_string())?;
            let (mut sender, connection) =
                http1::handshake(TokioIo::new(tcp)).await.map_err(|error| error.to_string())?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    debug!(%error, "connection to a local program ended");
                }
            });
            sender.send_request(request).await.map_err(|error| error.to_string())
        };
        let answer = timeout(ANSWER_TIMEOUT, exchange)
            .await
            .map_err(|_| failed("no answer within 130 s".to_owned()))?
            .map_err(failed)?;
        let (mut parts, body) = answer.into_parts();
        // Ours, not the caller's: nobody is to be asked for a password here.
        if parts.status == StatusCode::UNAUTHORIZED {
            return Err(failed("it refuses this node's password".to_owned()));
        }
        strip(&mut parts.headers);
        parts.headers.remove(header::SET_COOKIE);
        parts.headers.remove(header::WWW_AUTHENTICATE);
        parts.extensions.clear();
        Ok(Response::from_parts(parts, Body::new(body)))
    }

    fn rewrite(&self, request: Request<Body>) -> Result<Request<Body>, http::Error> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
        // The path of a target may be complete (`/metrics`): only a query is appended then.
        let path = if path.starts_with("/?") || path == "/" { &path[1..] } else { path };
        let path = format!("{}{path}", self.prefix);
        parts.uri =
            Uri::builder().path_and_query(if path.is_empty() { "/" } else { &path }).build()?;
        strip(&mut parts.headers);
        if let Some(authorization) = &self.authorization {
            parts.headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        for ours in [super::CLUSTER_HEADER, super::FROM_HEADER, super::TO_HEADER] {
            parts.headers.remove(ours);
        }
        parts.headers.insert(header::HOST, HeaderValue::from_str(&self.address.to_string())?);
        parts.version = http::Version::HTTP_11;
        parts.extensions.clear();
        Ok(Request::from_parts(parts, body))
    }
}

fn strip(headers: &mut HeaderMap) {
    for name in &DROPPED {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numeric_plain_urls_are_targets() {
        let target: LocalTarget = "http://127.0.0.2:9090/prom/".parse().unwrap();
        assert_eq!(target.to_string(), "http://127.0.0.2:9090/prom");
        for bad in ["https://127.0.0.1:1", "http://localhost:1", "http://127.0.0.1", ""] {
            assert!(bad.parse::<LocalTarget>().is_err(), "{bad}");
        }
    }
}
