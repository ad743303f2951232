//! Asks a program whether it is there: one GET, plain HTTP, a numeric address.

use crate::{
    base::{basic_auth, redact::Secret},
    model::process::{LOGIN_USER, Probe},
};
use http::{
    Request, StatusCode, Uri,
    header::{AUTHORIZATION, HOST},
};
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use std::time::Duration;
use std::{net::SocketAddr, path::Path};
use tokio::net::TcpStream;

/// Why a program does not count as ready.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProbeError {
    #[error("{0} is no plain http URL with a numeric address and a port")]
    Url(String),
    #[error("{url} does not answer: {reason}")]
    NoAnswer { url: String, reason: String },
    #[error("{url} answered {status}")]
    Status { url: String, status: StatusCode },
}

/// One try. Cancel safe.
pub(super) async fn ask(probe: &Probe, timeout: Duration) -> Result<(), ProbeError> {
    let Probe::Http { url, login } = probe else { return Ok(()) };
    let (uri, address) = parse(url)?;
    let no_answer = |reason: String| ProbeError::NoAnswer { url: url.clone(), reason };
    let status = tokio::time::timeout(timeout, get(&uri, address, login.as_deref()))
        .await
        .map_err(|_| no_answer(format!("nothing within {timeout:?}")))?
        .map_err(|error| no_answer(error.to_string()))?;
    if status.is_success() { Ok(()) } else { Err(ProbeError::Status { url: url.clone(), status }) }
}

/// Whether `probe` could ever be asked.
pub(super) fn check(probe: &Probe) -> Result<(), ProbeError> {
    match probe {
        Probe::None => Ok(()),
        Probe::Http { url, .. } => parse(url).map(drop),
    }
}

fn parse(url: &str) -> Result<(Uri, SocketAddr), ProbeError> {
    let error = || ProbeError::Url(url.to_owned());
    let uri: Uri = url.parse().map_err(|_| error())?;
    let address = uri.authority().and_then(|authority| authority.as_str().parse().ok());
    match (uri.scheme_str(), address) {
        (Some("http"), Some(address)) => Ok((uri, address)),
        _ => Err(error()),
    }
}

async fn get(
    uri: &Uri,
    address: SocketAddr,
    login: Option<&Path>,
) -> Result<StatusCode, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request =
        Request::get(path).header(HOST, address.to_string()).body(Empty::<bytes::Bytes>::new())?;
    if let Some(file) = login {
        let password = Secret::new(tokio::fs::read_to_string(file).await?.trim().to_owned());
        let header = basic_auth::header(LOGIN_USER, &password).ok_or("the password is no text")?;
        request.headers_mut().insert(AUTHORIZATION, header);
    }
    let mut answer = std::pin::pin!(sender.send_request(request));
    // The connection lives exactly as long as this call. One that was closed may have brought
    // the answer before.
    tokio::select! {
        biased;
        answer = &mut answer => Ok(answer?.status()),
        _ = connection => Ok(answer.await?.status()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const TIMEOUT: Duration = Duration::from_secs(10);

    /// A server that gives one answer to the first connection.
    async fn answering(answer: &'static str) -> Probe {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/ready?x=1", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0u8; 512];
            let n = stream.read(&mut request).await.unwrap();
            assert!(request[..n].starts_with(b"GET /ready?x=1 HTTP/1.1\r\n"));
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        Probe::Http { url, login: None }
    }

    #[tokio::test]
    async fn any_2xx_is_ready_and_anything_else_is_not() {
        let yes = answering("HTTP/1.1 204 No Content\r\n\r\n").await;
        ask(&yes, TIMEOUT).await.unwrap();
        let no = answering("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await;
        let error = ask(&no, TIMEOUT).await.unwrap_err();
        assert!(error.to_string().contains("503"), "{error}");
    }

    #[tokio::test]
    async fn a_listener_that_never_answers_is_not_waited_for() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let error =
            ask(&Probe::Http { url, login: None }, Duration::from_millis(50)).await.unwrap_err();
        assert!(matches!(error, ProbeError::NoAnswer { .. }), "{error}");
    }

    #[test]
    fn names_and_other_schemes_are_refused() {
        for url in ["http://localhost:1/", "https://127.0.0.1:1/", "http://127.0.0.1/", "x"] {
            assert!(check(&Probe::Http { url: url.into(), login: None }).is_err(), "{url}");
        }
        check(&Probe::Http { url: "http://[::1]:9/-/ready".into(), login: None }).unwrap();
    }
}
