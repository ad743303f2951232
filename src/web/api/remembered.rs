//! An alert that neither an Alertmanager nor a Prometheus holds any more, from what was kept of
//! it: by the notifier where somebody was told, else by the history of alert states.

use super::alerts::Alert;
use crate::{
    model::fingerprint::Fingerprint,
    notify::book::Episode,
    observe::rules::{AlertLog, Filter, State, Transition},
    web::{deps::Deps, error::Problem},
};

/// Changes of state of a single alert.
const STATES: usize = 100;

/// The newest changes of an alert's state, oldest first.
pub(super) async fn states(
    deps: &Deps,
    fingerprint: Fingerprint,
) -> Result<Vec<Transition>, Problem> {
    let log = AlertLog::new(deps.store.clone());
    let filter = Filter { fingerprint: Some(fingerprint), ..Filter::default() };
    let read = tokio::task::spawn_blocking(move || log.page(&filter, None, STATES)).await;
    let (entries, _) = read.map_err(|error| Problem::internal(error.to_string()))??;
    Ok(entries.into_iter().rev().map(|entry| entry.transition).collect())
}

/// The alert as last heard of; `states` is oldest first.
pub(super) fn alert(episodes: &[Episode], states: &[Transition]) -> Option<Alert> {
    let Some(episode) = episodes.first() else { return states.last().map(of_transition) };
    let (told, heard) =
        (of_episode(episode), episode.span.ends_at.unwrap_or(episode.span.starts_at));
    Some(match states.last().filter(|last| last.at >= heard) {
        None => told,
        Some(last) => Alert { state: state(last), updated_at: last.at.to_string(), ..told },
    })
}

fn state(last: &Transition) -> String {
    last.to.as_str().to_owned()
}

fn of_episode(episode: &Episode) -> Alert {
    let alert = &episode.alert;
    let label = |name: &str| alert.label(name).to_owned();
    let over = episode.span.ends_at.is_some();
    Alert {
        fingerprint: alert.fingerprint.to_string(),
        name: label("alertname"),
        state: if over { State::Resolved } else { State::Firing }.as_str().to_owned(),
        severity: label("severity"),
        project: label("project"),
        labels: alert.labels.clone(),
        annotations: alert.annotations.clone(),
        starts_at: episode.span.starts_at.to_string(),
        updated_at: episode.span.ends_at.unwrap_or(episode.span.seen_at).to_string(),
        generator_url: alert.generator_url.clone(),
        receivers: episode.told.keys().cloned().collect(),
        silenced_by: Vec::new(),
        inhibited_by: Vec::new(),
        receipts: Vec::new(),
        timeline: Vec::new(),
    }
}

fn of_transition(last: &Transition) -> Alert {
    let label = |name: &str| last.labels.get(name).cloned().unwrap_or_default();
    Alert {
        fingerprint: last.fingerprint.to_string(),
        name: label("alertname"),
        state: state(last),
        severity: label("severity"),
        project: label("project"),
        labels: last.labels.clone(),
        annotations: std::collections::BTreeMap::new(),
        starts_at: last.at.to_string(),
        updated_at: last.at.to_string(),
        generator_url: String::new(),
        receivers: Vec::new(),
        silenced_by: Vec::new(),
        inhibited_by: Vec::new(),
        receipts: Vec::new(),
        timeline: Vec::new(),
    }
}
