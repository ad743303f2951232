//! The file that says that a node serves: for scripts and tests.

use crate::{base::atomic_file, model::cluster::Member};
use anyhow::Context as _;
use serde_json::json;
use std::path::Path;

/// `{node_id, url, pid, data_dir, ports}`
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, me: &Member, data_dir: &Path) -> anyhow::Result<()> {
    let document = json!({
        "node_id": me.id,
        "url": me.url,
        "pid": std::process::id(),
        "data_dir": data_dir,
        "ports": me.ports,
    });
    atomic_file::write(path, document.to_string().as_bytes(), 0o644)
        .with_context(|| format!("cannot write the ready file {}", path.display()))
}
