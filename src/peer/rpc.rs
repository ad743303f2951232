//! `POST /peer/v1/rpc/METHOD` and `POST /peer/v1/file/METHOD`: hands calls of members to the
//! services that registered for a method prefix.
//!
//! A file call's body is `u32 header length, header, u64 file length, file` (big endian). A call
//! that has begun runs to its end even when the caller goes away.

use super::check::Caller;
use crate::model::{
    NodeId,
    rpc::{Refusal, Service},
};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::StatusCode;
use std::{io, path::PathBuf, sync::Arc};
use tokio::{
    fs,
    io::{AsyncRead, AsyncReadExt},
};
use tokio_util::io::StreamReader;

pub(super) const CALL_PATH: &str = "/peer/v1/rpc/";
pub(super) const FILE_PATH: &str = "/peer/v1/file/";
/// Longest body of a call and of its answer, bytes.
pub(super) const MAX_BODY: usize = 16 << 20;
/// Longest header of a file call, bytes.
pub(super) const MAX_FILE_HEADER: u32 = 64 << 10;

type Services = Arc<Vec<(&'static str, Arc<dyn Service>)>>;

/// The two routes.
pub(super) fn router(services: Vec<(&'static str, Arc<dyn Service>)>) -> Router {
    Router::new()
        .route("/peer/v1/rpc/{*method}", post(call))
        .route("/peer/v1/file/{*method}", post(file))
        .with_state(Arc::new(services))
}

fn method_of(request: &Request, base: &str) -> String {
    request.uri().path().strip_prefix(base).unwrap_or_default().to_owned()
}

fn find(services: &Services, method: &str) -> Option<Arc<dyn Service>> {
    services
        .iter()
        .filter(|(prefix, _)| method.starts_with(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, service)| Arc::clone(service))
}

async fn call(
    State(services): State<Services>,
    Extension(Caller(from)): Extension<Caller>,
    request: Request,
) -> Response {
    let method = method_of(&request, CALL_PATH);
    let Some(service) = find(&services, &method) else { return unknown(&method) };
    let Ok(body) = to_bytes(request.into_body(), MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "body too large or broken").into_response();
    };
    answer(tokio::spawn(async move { service.handle(from, &method, body).await }).await)
}

async fn file(
    State(services): State<Services>,
    Extension(Caller(from)): Extension<Caller>,
    request: Request,
) -> Response {
    let method = method_of(&request, FILE_PATH);
    let Some(service) = find(&services, &method) else { return unknown(&method) };
    let Some(destination) = service.file_destination(&method) else { return unknown(&method) };
    let received = receive(request.into_body(), &destination).await;
    let header = match received {
        Ok(header) => header,
        Err(error) => {
            let _ = fs::remove_file(&destination).await;
            return (StatusCode::BAD_REQUEST, format!("file not received: {error}"))
                .into_response();
        }
    };
    answer(handle_file(service, from, method, header, destination).await)
}

async fn handle_file(
    service: Arc<dyn Service>,
    from: NodeId,
    method: String,
    header: Bytes,
    path: PathBuf,
) -> Result<Result<Bytes, Refusal>, tokio::task::JoinError> {
    tokio::spawn(async move { service.handle_file(from, &method, header, path).await }).await
}

async fn receive(body: Body, destination: &PathBuf) -> io::Result<Bytes> {
    let mut reader = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let header_len = reader.read_u32().await?;
    if header_len > MAX_FILE_HEADER {
        return Err(io::Error::other("header too long"));
    }
    let mut header = vec![0; header_len as usize];
    reader.read_exact(&mut header).await?;
    let length = reader.read_u64().await?;
    write_file(&mut reader, length, destination).await?;
    Ok(header.into())
}

async fn write_file<R>(reader: &mut R, length: u64, destination: &PathBuf) -> io::Result<()>
where
    R: AsyncRead + Unpin,
{
    let mut file = fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(destination)
        .await?;
    let copied = tokio::io::copy(&mut reader.take(length), &mut file).await?;
    tokio::io::AsyncWriteExt::flush(&mut file).await?;
    if copied != length {
        return Err(io::Error::other(format!("{copied} of {length} bytes came")));
    }
    Ok(())
}

fn unknown(method: &str) -> Response {
    (StatusCode::NOT_FOUND, format!("nobody serves {method}")).into_response()
}

fn answer(outcome: Result<Result<Bytes, Refusal>, tokio::task::JoinError>) -> Response {
    match outcome {
        Ok(Ok(bytes)) => bytes.into_response(),
        Ok(Err(Refusal(reason))) => (StatusCode::UNPROCESSABLE_ENTITY, reason).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the handler panicked").into_response(),
    }
}
