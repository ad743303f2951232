//! Follows the states of alerts on the leader and writes their changes down.
//!
//! Each look asks both replicas for their active alerts, which costs next to nothing while there
//! are few, however many rules there are; only rules whose alerts changed are then read. A look
//! never takes more than a twentieth of the time: with very many active alerts they become rarer.
//! The first look of a leader also reads what nobody watched ([`missed`]).

use super::{
    AlertLog,
    log::{Book, Draft},
    missed::{self, Gap},
    seen::{self, ExternalLabels, SeenRules},
    track::{Look, moved, transitions},
};
use crate::{
    base::{clock::now_unix_ms, shutdown::Shutdown},
    model::{Kind, NodeId, UnixMs, cluster::DeclaredState},
    observe::prometheus::{Prometheus, form},
    store::{
        Store, StoreError, WriteError,
        command::{Command, Written},
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// From one look to the next.
const EVERY: Duration = Duration::from_secs(2);
/// At the most.
const RAREST: Duration = Duration::from_secs(20);
/// A look takes at most this part of the time.
const SHARE: u32 = 20;
const PATIENCE: Duration = Duration::from_secs(5);
const WRITE_DEADLINE: Duration = Duration::from_secs(5);
/// Transitions in one command.
const BATCH: usize = 300;
/// More changed rules than these are not named one by one.
const MAX_NAMED: usize = 30;
/// While alerts are active the head says at least so often until when they were watched.
const MARK_MS: u64 = 60_000;
/// Old transitions are looked for so often.
const SWEEP: Duration = Duration::from_secs(600);

/// Writes the history; runs on every node and works on the leader.
pub struct Watcher {
    /// This node.
    pub node: NodeId,
    /// Where the history is kept.
    pub store: Store,
    /// The replicas.
    pub prometheus: Arc<dyn Prometheus>,
}

/// Why a look brought nothing.
#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error("reading the history")]
    Read(#[from] StoreError),
    #[error("writing the history")]
    Write(#[from] WriteError),
    #[error("no random bytes for a request id: {0}")]
    Random(getrandom::Error),
}

impl Watcher {
    /// Until the shutdown signal.
    pub async fn run(self, shutdown: Shutdown) {
        tokio::select! {
            () = self.follow() => {}
            () = shutdown.cancelled() => {}
        }
    }

    async fn follow(&self) {
        let mut raft = self.store.raft();
        loop {
            if raft.wait_for(|status| status.is_leader).await.is_err() {
                return;
            }
            let mut term = raft.clone();
            tokio::select! {
                lost = term.wait_for(|status| !status.is_leader) => if lost.is_err() { return },
                () = self.lead() => {}
            }
        }
    }

    /// While this node leads.
    async fn lead(&self) {
        let mut book = None;
        let mut swept: Option<Instant> = None;
        let mut changes = self.store.changes();
        loop {
            changes.mark_unchanged();
            let begin = Instant::now();
            let idle = match self.look(&mut book).await {
                Ok(watched) => !watched,
                Err(error) => {
                    // What was written is not known: it is read again before the next look.
                    book = None;
                    let error = crate::base::error_chain::ErrorChain(&error).to_string();
                    tracing::debug!(error, "alert states were not looked at");
                    false
                }
            };
            if swept.is_none_or(|at| at.elapsed() >= SWEEP) && book.is_some() {
                swept = Some(Instant::now());
                if let Err(error) = self.sweep(&mut book).await {
                    book = None;
                    tracing::warn!(%error, "old alert states were not removed");
                }
            }
            let wait = (begin.elapsed() * SHARE).clamp(EVERY, RAREST);
            if idle {
                let slept = tokio::time::timeout(SWEEP, changes.changed()).await;
                if matches!(slept, Ok(Err(_))) {
                    return;
                }
                // Writes come in crowds.
                tokio::time::sleep(EVERY).await;
            } else {
                tokio::time::sleep(wait).await;
            }
        }
    }

    /// One look; false when there is nothing to watch.
    async fn look(&self, kept: &mut Option<Book>) -> Result<bool, LookError> {
        let begins = kept.is_none();
        let mut book = match kept.take() {
            Some(book) => book,
            None => {
                // A new leader may not have applied yet what the old one wrote.
                self.store.barrier(WRITE_DEADLINE).await?;
                self.log().load()?
            }
        };
        let state = self.store.state();
        if book.active.is_empty() && !has_alerting_rules(&state) {
            *kept = Some(book);
            return Ok(false);
        }
        let external = ExternalLabels::of(&state);
        let asked = UnixMs(now_unix_ms());
        let (seen, answered) = seen::alerts(&*self.prometheus, &external, PATIENCE).await;
        if !answered.is_empty() {
            let now = UnixMs(now_unix_ms());
            let replicas = self.prometheus.replicas();
            let oldest_replica = replicas
                .iter()
                .filter(|replica| answered.contains(&replica.node))
                .filter_map(|replica| replica.ready_since)
                .min();
            let watched = book.head.watched;
            if begins {
                let seen = missed::Seen { alerts: &seen, asked, oldest_replica };
                book = self.catch_up(book, now, &external, &seen).await?;
            }
            let look = Look { seen: &seen, watched, now, oldest_replica };
            book = self.write_down(book, &look, &external).await?;
        }
        *kept = Some(book);
        Ok(true)
    }

    async fn write_down(
        &self,
        mut book: Book,
        look: &Look<'_>,
        external: &ExternalLabels,
    ) -> Result<Book, LookError> {
        let names = moved(&book.active, look);
        let found = if names.is_empty() {
            Vec::new()
        } else {
            let rules = self.rules(&names, external).await;
            // Without an answer nothing is known of their rules: the next look sees them again.
            let known = !rules.answered.is_empty();
            if known { transitions(&book.active, look, &rules) } else { Vec::new() }
        };
        for batch in found.chunks(BATCH) {
            let (next, draft) = self.log().draft(&book, batch, look.now)?;
            book = self.commit(next, draft).await?;
        }
        let unmarked = look.now.since(book.head.watched) >= MARK_MS;
        if found.is_empty() && unmarked && !book.active.is_empty() {
            let (next, draft) = self.log().draft(&book, &[], look.now)?;
            book = self.commit(next, draft).await?;
        }
        // In memory it is always up to date; a new leader knows it to within a minute.
        book.head.watched = look.now;
        Ok(book)
    }

    /// Writes down what began and ended since the last look, when another node led or none. It is
    /// tried once: that alerts are watched from now on matters more.
    async fn catch_up(
        &self,
        mut book: Book,
        now: UnixMs,
        external: &ExternalLabels,
        seen: &missed::Seen<'_>,
    ) -> Result<Book, LookError> {
        let Some(gap) = Gap::since(book.head.watched, now) else { return Ok(book) };
        let evaluations = match gap.read(&*self.prometheus, external, PATIENCE).await {
            Ok(evaluations) => evaluations,
            Err(error) => {
                tracing::warn!(%error, "the history lacks alerts that nobody watched");
                return Ok(book);
            }
        };
        let names = missed::names(&evaluations);
        if names.is_empty() {
            return Ok(book);
        }
        let rules = self.rules(&names, external).await;
        let state = self.store.state();
        let found = gap.transitions(&evaluations, &book.active, &rules, &state, seen);
        for batch in found.chunks(BATCH) {
            let (next, draft) = self.log().draft(&book, batch, now)?;
            book = self.commit(next, draft).await?;
        }
        Ok(book)
    }

    async fn rules(&self, names: &[&str], external: &ExternalLabels) -> SeenRules {
        let mut query = "?type=alert".to_owned();
        if names.len() <= MAX_NAMED {
            let named: Vec<(&str, &str)> =
                names.iter().map(|name| ("rule_name[]", *name)).collect();
            query = format!("{query}&{}", form(&named));
        }
        seen::rules(&*self.prometheus, &query, external, PATIENCE).await
    }

    async fn sweep(&self, kept: &mut Option<Book>) -> Result<(), LookError> {
        while let Some(book) = kept.take() {
            let Some((next, draft)) = self.log().sweep(&book, UnixMs(now_unix_ms()))? else {
                *kept = Some(book);
                return Ok(());
            };
            *kept = Some(self.commit(next, draft).await?);
        }
        Ok(())
    }

    async fn commit(&self, mut next: Book, draft: Draft) -> Result<Book, LookError> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(LookError::Random)?;
        let command = Command {
            request: u128::from_ne_bytes(random),
            actor: format!("node/{}", self.node),
            why: "alert states".to_owned(),
            at: UnixMs(now_unix_ms()),
            preconditions: vec![draft.condition],
            changes: draft.changes,
        };
        let Written { index, .. } = self.store.write(command, WRITE_DEADLINE).await?;
        next.revision = Some(crate::model::Revision(index));
        Ok(next)
    }

    fn log(&self) -> AlertLog {
        AlertLog::new(self.store.clone())
    }
}

fn has_alerting_rules(state: &DeclaredState) -> bool {
    state.of(Kind::RuleGroup).any(|group| {
        let rules = group.spec.get("rules").and_then(|rules| rules.as_array());
        rules.is_some_and(|rules| rules.iter().any(runs_and_alerts))
    })
}

fn runs_and_alerts(rule: &serde_json::Value) -> bool {
    let disabled = rule.get("disabled").and_then(serde_json::Value::as_bool);
    rule.get("alert").is_some() && disabled != Some(true)
}

#[cfg(test)]
mod tests;
