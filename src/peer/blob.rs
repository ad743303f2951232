//! Blobs between nodes: `GET /peer/v1/blobs/SHA256`, and fetching one. What arrives under a
//! name has that name's content: the hash is checked before the file gets its place.

use super::client::PeerClient;
use crate::{
    base::atomic_file,
    model::{NodeId, rpc::CallError},
};
use axum::{
    Router,
    body::Body,
    extract::{Path as UrlPath, State},
    response::{IntoResponse, Response},
    routing::get,
};
use data_encoding::HEXLOWER;
use futures_util::TryStreamExt;
use http::{Request, StatusCode, header};
use sha2::{Digest, Sha256};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    fs,
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use tokio_util::io::{ReaderStream, StreamReader};

/// No byte for this long ends a transfer.
const STALL: Duration = Duration::from_secs(30);

/// Where a blob lies, by its SHA-256 in lower-case hex; `None` = not here.
pub type FindBlob = Arc<dyn Fn(&str) -> Option<PathBuf> + Send + Sync>;

/// Why a blob was not fetched; nothing is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// The name is no SHA-256.
    #[error("`{0}` is no SHA-256 in lower-case hex")]
    Name(String),
    /// The peer did not answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The peer does not have it, or refuses.
    #[error("node {from} does not give blob {sha256}: {status}")]
    Refused {
        /// Whom we asked.
        from: NodeId,
        /// What for.
        sha256: String,
        /// Its answer.
        status: StatusCode,
    },
    /// What came is something else.
    #[error("node {from} sent something else than blob {sha256}: its copy is damaged")]
    Damaged {
        /// Whom we asked.
        from: NodeId,
        /// What for.
        sha256: String,
    },
    /// More came than was announced.
    #[error("blob {sha256} is longer than the {max_bytes} bytes announced")]
    TooLong {
        /// What for.
        sha256: String,
        /// The limit.
        max_bytes: u64,
    },
    /// Reading or writing failed.
    #[error("cannot store blob {sha256}")]
    Io {
        /// What for.
        sha256: String,
        /// Why.
        source: io::Error,
    },
}

/// The route for the cluster port.
pub fn router(find: FindBlob) -> Router {
    Router::new().route("/peer/v1/blobs/{sha256}", get(serve)).with_state(find)
}

/// 64 lower-case hex digits: nothing that could lead out of a directory.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

async fn serve(State(find): State<FindBlob>, UrlPath(sha256): UrlPath<String>) -> Response {
    if !is_name(&sha256) {
        return (StatusCode::BAD_REQUEST, "no SHA-256").into_response();
    }
    let Some(path) = find(&sha256) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(file) = fs::File::open(&path).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(meta) = file.metadata().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let body = Body::from_stream(ReaderStream::with_capacity(file, 64 << 10));
    ([(header::CONTENT_LENGTH, meta.len())], body).into_response()
}

/// Fetches a blob of at most `max_bytes` from a node to `destination`, which appears whole and
/// checked, or not at all. Cancel safe.
///
/// # Errors
/// [`BlobError`].
pub async fn fetch_blob(
    client: &PeerClient,
    from: NodeId,
    sha256: &str,
    max_bytes: u64,
    destination: &Path,
) -> Result<(), BlobError> {
    if !is_name(sha256) {
        return Err(BlobError::Name(sha256.to_owned()));
    }
    let failed = |source| BlobError::Io { sha256: sha256.to_owned(), source };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = format!("/peer/v1/blobs/{sha256}")
        .parse()
        .map_err(|_| BlobError::Name(sha256.to_owned()))?;
    let answer = client.request(from, request).await?;
    if answer.status() != StatusCode::OK {
        let (sha256, status) = (sha256.to_owned(), answer.status());
        return Err(BlobError::Refused { from, sha256, status });
    }
    let partial = Partial::beside(destination).map_err(failed)?;
    let (hash, length) =
        receive(answer.into_body(), &partial.0, max_bytes).await.map_err(failed)?;
    if length > max_bytes {
        return Err(BlobError::TooLong { sha256: sha256.to_owned(), max_bytes });
    }
    if hash != sha256 {
        return Err(BlobError::Damaged { from, sha256: sha256.to_owned() });
    }
    let (temporary, place) = (partial.0.clone(), destination.to_owned());
    tokio::task::spawn_blocking(move || {
        std::fs::rename(temporary, &place)?;
        atomic_file::sync_dir(place.parent().unwrap_or(Path::new(".")))
    })
    .await
    .map_err(|error| failed(io::Error::other(error)))?
    .map_err(failed)
}

/// Writes and hashes the body, at most one byte more than allowed; synced to disk.
async fn receive(body: Body, path: &Path, max_bytes: u64) -> io::Result<(String, u64)> {
    let stream = body.into_data_stream().map_err(io::Error::other);
    let mut reader = StreamReader::new(stream).take(max_bytes.saturating_add(1));
    let mut options = fs::OpenOptions::new();
    let mut file = options.create_new(true).write(true).mode(0o600).open(path).await?;
    let (mut hash, mut length, mut buffer) = (Sha256::new(), 0u64, vec![0u8; 64 << 10]);
    loop {
        let n = timeout(STALL, reader.read(&mut buffer))
            .await
            .map_err(|_| io::Error::other("nothing came for 30 s"))??;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        file.write_all(&buffer[..n]).await?;
        length += n as u64;
    }
    file.sync_all().await?;
    Ok((HEXLOWER.encode(&hash.finalize()), length))
}

/// A temporary file that goes when it is not renamed.
struct Partial(PathBuf);

impl Partial {
    fn beside(destination: &Path) -> io::Result<Self> {
        let mut suffix = [0u8; 8];
        getrandom::fill(&mut suffix).map_err(io::Error::other)?;
        let name = destination.file_name().unwrap_or_default().to_string_lossy();
        let name = format!(".{name}.{}.tmp", HEXLOWER.encode(&suffix));
        Ok(Self(destination.with_file_name(name)))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
