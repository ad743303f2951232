//! What a component has on disk: its trees, its folders, its log.

use super::refusal::Refusal;
use crate::{
    model::process::{ProcessSpec, RunAs},
    reconcile::tree::{self, TreeError},
    render::Component,
    supervise::tail,
};
use sha2::{Digest, Sha256};
use std::path::Path;

/// How far back in its log a program's words about a failed reload are looked for.
const LOG_LINES: usize = 20;

/// Makes the generation `hash` the live one.
pub(super) async fn swap(component: &Component, hash: &str) -> Result<(), Refusal> {
    let (config_dir, hash) = (component.config_dir.clone(), hash.to_owned());
    let files = component.files.clone();
    let work = move || {
        if hash == tree::hash(&files) {
            tree::stage(&config_dir, &hash, &files)?;
        }
        tree::swap(&config_dir, &hash)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| Refusal::passing(&error)),
        Err(error) => Err(Refusal::passing(&error)),
    }
}

/// The newest complaints of a program in its log, oldest first.
pub(super) async fn complaints(log: std::path::PathBuf) -> Vec<String> {
    let lines = tokio::task::spawn_blocking(move || tail(&log, LOG_LINES)).await;
    let lines = lines.ok().and_then(Result::ok).unwrap_or_default();
    let errors = lines.iter().filter(|line| line.contains("\"level\":\"ERROR\"")).rev().take(3);
    let mut newest: Vec<String> = errors
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|line| {
            Some(format!("{}: {}", line.get("msg")?.as_str()?, line.get("err")?.as_str()?))
        })
        .collect();
    newest.reverse();
    newest
}

/// Made once, given to the component's user, never touched again.
pub(super) fn make_data_dir(dir: &Path, run_as: Option<RunAs>) -> Result<(), TreeError> {
    if dir.is_dir() {
        return Ok(());
    }
    tree::make_dir(dir)?;
    run_as.map_or(Ok(()), |user| tree::give_to(dir, user.uid, user.gid))
}

pub(super) fn process_hash(spec: &ProcessSpec) -> String {
    let encoded = serde_json::to_vec(spec).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(encoded))
}
