//! How long records are kept: `settings.audit` says, the leader removes what is past it, in its own
//! command and recorded itself. What is left is still a chain, from the anchor on.

use super::super::deps::Deps;
use crate::{
    model::{
        Kind, UnixMs,
        audit::{Note, Record, Verb},
        cluster::AUDIT_LEVEL,
        spec::{AuditSettings, Settings},
    },
    store::{StoreError, command::Change},
};

const DAY_MS: u64 = 24 * 3_600_000;

fn settings(deps: &Deps) -> AuditSettings {
    let state = deps.whole();
    let settings = state.get(Kind::Settings, "default");
    let settings = settings.and_then(|it| it.spec_as::<Settings>().ok());
    settings.unwrap_or_default().audit
}

/// Removes what is past its time at `at`; returns how many records.
///
/// # Errors
/// Reading failed; what cannot be written is left for the next time.
pub(crate) async fn prune(deps: &Deps, at: UnixMs) -> Result<u64, StoreError> {
    let level = deps.whole().meta.feature_level;
    if (1..AUDIT_LEVEL).contains(&level) {
        return Ok(0);
    }
    let began = deps.store.audit_ends()?.anchor.seq;
    let Some(below) = due(deps, &settings(deps), at)? else { return Ok(0) };
    loop {
        let before = deps.store.audit_ends()?.anchor.seq;
        let note =
            Note::done(at, "system", Verb::AuditPrune).about(format!("records below {below}"));
        let mut changes = vec![Change::PruneAudit(below)];
        if before == began {
            changes.push((&note).into());
        }
        if let Err(error) = deps.write("system", "audit pruned", Vec::new(), changes).await {
            tracing::debug!(%error, "audit not pruned");
        }
        let now = deps.store.audit_ends()?.anchor.seq;
        if now == before || now + 1 >= below {
            return Ok(now - began);
        }
    }
}

/// Below which number records go; none while so few would that it is not worth a record.
fn due(deps: &Deps, keep: &AuditSettings, at: UnixMs) -> Result<Option<u64>, StoreError> {
    let ends = deps.store.audit_ends()?;
    let n_kept = ends.head.seq - ends.anchor.seq;
    let most = u64::from(keep.records);
    let too_many = (n_kept > most + most / 100).then(|| ends.head.seq + 1 - most);
    let limit = |days: u64| UnixMs(at.0.saturating_sub(days * DAY_MS));
    let days = u64::from(keep.days);
    let too_old = if is_older(deps, ends.anchor.seq + 1, limit(days + 1))? {
        Some(first_since(deps, (ends.anchor.seq + 1, ends.head.seq), limit(days))?)
    } else {
        None
    };
    Ok(too_many.max(too_old))
}

/// The first record in the range that is not older than `limit`; the last one if all are.
fn first_since(deps: &Deps, range: (u64, u64), limit: UnixMs) -> Result<u64, StoreError> {
    let (mut low, mut high) = range;
    while low < high {
        let middle = low + (high - low) / 2;
        if is_older(deps, middle, limit)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn is_older(deps: &Deps, seq: u64, limit: UnixMs) -> Result<bool, StoreError> {
    let rows = deps.store.audit_after(seq - 1, 1)?;
    let record = rows.first().and_then(|row| serde_json::from_str::<Record>(&row.text).ok());
    Ok(record.is_some_and(|record| record.note.at < limit))
}
