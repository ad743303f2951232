//! Logs of this node's components, for its own door and for other nodes.

use crate::supervise::{Follower, log_path, tail};
use axum::{
    Router,
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream, stream::BoxStream};
use http::StatusCode;
use serde::Deserialize;
use std::{io, path::PathBuf, time::Duration};

/// Between two looks for new lines.
const LOOK: Duration = Duration::from_millis(300);
/// Most lines from the end.
const MAX_TAIL: usize = 10_000;

/// The last `lines` of a component's log, then what is appended while `follow`.
///
/// # Errors
/// There is no such log, or it cannot be read.
pub async fn read(
    logs_dir: &std::path::Path,
    component: &str,
    lines: usize,
    follow: bool,
) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let process = component.replace('_', "-");
    if process.is_empty() || !process.chars().all(is_name) {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("log of {component}")));
    }
    let log = log_path(logs_dir, &process);
    let reading = log.clone();
    let (follower, last) = tokio::task::spawn_blocking(move || {
        let follower = Follower::from_end(&reading);
        tail(&reading, lines.min(MAX_TAIL)).map(|last| (follower, last))
    })
    .await
    .map_err(io::Error::other)??;
    let mut text = last.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    let first = stream::once(async move { Ok(Bytes::from(text)) });
    if !follow {
        return Ok(first.boxed());
    }
    let more = stream::unfold(follower, |mut follower| async move {
        loop {
            let step = tokio::task::spawn_blocking(move || {
                let new = follower.read_new();
                (follower, new)
            });
            let (back, new) = step.await.ok()?;
            follower = back;
            match new {
                Ok(bytes) if bytes.is_empty() => tokio::time::sleep(LOOK).await,
                Ok(bytes) => return Some((Ok(Bytes::from(bytes)), follower)),
                Err(error) => return Some((Err(error), follower)),
            }
        }
    });
    Ok(first.chain(more).boxed())
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    tail: usize,
    #[serde(default)]
    follow: bool,
}

/// The route for the cluster port.
pub fn router(logs_dir: PathBuf) -> Router {
    Router::new().route("/peer/v1/logs/{component}", get(serve)).with_state(logs_dir)
}

async fn serve(
    State(logs_dir): State<PathBuf>,
    Path(component): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    match read(&logs_dir, &component, wanted.tail, wanted.follow).await {
        Ok(stream) => Body::from_stream(stream).into_response(),
        Err(error) => (StatusCode::NOT_FOUND, error.to_string()).into_response(),
    }
}
