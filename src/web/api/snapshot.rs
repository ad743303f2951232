//! `GET /api/v1/snapshot`: a backup of everything the cluster keeps, sealed with a passphrase.
//!
//! The plain text is `WKB1`, the cluster's data key (length u16, base64), then a snapshot file of
//! the store. It never exists outside this process' memory and the store's own folder.

use crate::web::routes::routes;
use crate::{
    base::{
        redact::Secret,
        sealed::{Cost, Sealer},
    },
    model::{audit::Verb, spec::RoleName},
    web::{
        auth::Identity,
        deps::WRITE_DEADLINE,
        error::{Problem, ProblemItem},
        extract::Opened,
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::io::{self, Read, Write};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// First bytes of the plain text.
pub const MAGIC: &[u8; 4] = b"WKB1";
/// Carries the passphrase, base64 of its UTF-8.
pub const PASSPHRASE_HEADER: &str = "x-wk-passphrase";
/// Shorter ones can be guessed.
const SHORTEST: usize = 12;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Role(RoleName::Admin), routes!(save))
}

/// Everything the cluster keeps, as of now, sealed with the passphrase in the header
/// `X-WK-Passphrase` (base64, at least 12 characters). `watchkeep snapshot restore` opens it.
#[utoipa::path(get, path = "/api/v1/snapshot", tag = "cluster",
    params(("x-wk-passphrase" = String, Header, description = "Passphrase, base64")),
    responses((status = 200, description = "The sealed backup", content_type = "application/octet-stream")))]
async fn save(
    Opened(deps): Opened,
    identity: Identity,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let passphrase = passphrase(&headers)?;
    let index = deps.store.barrier(WRITE_DEADLINE).await?;
    // First, so that nobody gets one without a record.
    let note = identity.note(Verb::SnapshotSave).about(format!("index {index}"));
    deps.write(&identity.actor, "backup made", Vec::new(), vec![(&note).into()]).await?;
    let file = deps.store.backup().await?;
    tracing::info!(actor = identity.actor, index, "backup made");
    let key = deps.data_key.clone();
    let (sender, chunks) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let sealed = seal(file, &key, &passphrase, Chunks(&sender));
        if let Err(error) = sealed {
            // The answer breaks off, so that nobody takes it for whole.
            tracing::warn!(%error, "backup broke off");
            let _ = sender.blocking_send(Err(error));
        }
    });
    let name = format!("attachment; filename=\"watchkeep-{index}.wkbackup\"");
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, Body::from_stream(ReceiverStream::new(chunks))).into_response())
}

fn passphrase(headers: &HeaderMap) -> Result<Secret<String>, Problem> {
    let wrong =
        |what: String| Problem::invalid(vec![ProblemItem::new(PASSPHRASE_HEADER, "WK-1005", what)]);
    let text = headers.get(PASSPHRASE_HEADER).and_then(|value| STANDARD.decode(value).ok());
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok()).map(Secret::new);
    let text = text.ok_or_else(|| wrong("must be there, as base64 of UTF-8".into()))?;
    if text.expose().chars().count() < SHORTEST {
        return Err(wrong(format!("must have at least {SHORTEST} characters")));
    }
    Ok(text)
}

fn seal(
    mut file: impl Read,
    key: &Secret<String>,
    passphrase: &Secret<String>,
    to: impl Write,
) -> io::Result<()> {
    let mut sealer = Sealer::new(to, passphrase, Cost::default())?;
    let length = u16::try_from(key.expose().len()).map_err(io::Error::other)?;
    sealer.write_all(MAGIC)?;
    sealer.write_all(&length.to_be_bytes())?;
    sealer.write_all(key.expose().as_bytes())?;
    io::copy(&mut file, &mut sealer)?;
    sealer.finish().map(drop)
}

/// Writes into the body of the answer; ends when nobody reads it any more.
struct Chunks<'a>(&'a mpsc::Sender<io::Result<Bytes>>);

impl Write for Chunks<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
