//! The whole audit as JSON lines, with the hashes: `watchkeep audit verify FILE` follows the chain
//! in it without a cluster.

use super::STRIDE;
use crate::{
    model::audit::{self, AuditFileHead, Verb},
    store::Store,
    web::{auth::Identity, deps::WRITE_DEADLINE, error::Problem, extract::Opened},
};
use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse as _, Response},
};
use std::io;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Everything, oldest first, one JSON object a line: first where the chain begins, then the records
/// as they were written down, each with its hash: SHA-256 over the bytes of the hash before and
/// the text of `record` exactly as it stands there.
#[utoipa::path(get, path = "/api/v1/audit/export", tag = "audit",
    responses((status = 200, description = "JSON lines", content_type = "application/x-ndjson")))]
pub(super) async fn export_audit(
    Opened(deps): Opened,
    identity: Identity,
) -> Result<Response, Problem> {
    // First, so that nobody takes it away without a record.
    let note = identity.note(Verb::AuditExport);
    deps.write(&identity.actor, "audit exported", Vec::new(), vec![(&note).into()]).await?;
    deps.store.barrier(WRITE_DEADLINE).await?;
    let cluster = deps.whole().meta.cluster_id.clone();
    let store = deps.store.clone();
    let (sender, chunks) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(&store, &cluster, &sender) {
            // The answer breaks off, so that nobody takes it for whole.
            tracing::warn!(%error, "export of the audit broke off");
            let _ = sender.blocking_send(Err(error));
        }
    });
    let head = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"watchkeep-audit.jsonl\""),
    ];
    Ok((head, Body::from_stream(ReceiverStream::new(chunks))).into_response())
}

fn write(store: &Store, cluster: &str, to: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
    let ends = store.audit_ends().map_err(io::Error::other)?;
    let head = AuditFileHead::new(cluster, ends.anchor);
    to.blocking_send(Ok(format!("{}\n", serde_json::to_string(&head)?).into())).map_err(gone)?;
    let mut last = ends.anchor.seq;
    while last < ends.head.seq {
        let rows = store.audit_after(last, STRIDE).map_err(io::Error::other)?;
        let Some(newest) = rows.last() else {
            return Err(io::Error::other("records were removed meanwhile"));
        };
        last = newest.seq;
        let lines: String = rows.iter().map(|row| audit::line(&row.hash, &row.text)).collect();
        to.blocking_send(Ok(lines.into())).map_err(gone)?;
    }
    Ok(())
}
