//! What all reachable Alertmanagers hold, merged into one alert per fingerprint.

use super::Alert;
use crate::{
    model::{NodeId, label::Labels},
    web::{api::replica, deps::Deps, error::Problem},
};
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// So long the first answer may take: ten thousand alerts are megabytes.
const PATIENCE: Duration = Duration::from_secs(15);
/// So long the others may take from the start, and at least a little from the first answer on:
/// an Alertmanager that takes longer is left out and named in `missing`.
const OTHERS: Duration = Duration::from_secs(3);
const A_LITTLE: Duration = Duration::from_millis(500);

/// Asks every Alertmanager at once; none answering is an error, some missing is not.
pub(in crate::web::api) async fn gather(deps: &Deps) -> Result<(Vec<Alert>, Vec<NodeId>), Problem> {
    let nodes = replica::candidates(deps, "alertmanager");
    let began = Instant::now();
    let mut asked: FuturesUnordered<_> = nodes.iter().map(|node| ask(deps, *node)).collect();
    let mut deadline = began + PATIENCE;
    let (mut missing, mut answers) = (nodes.clone(), Vec::new());
    while let Ok(Some((node, answer))) = timeout_at(deadline, asked.next()).await {
        let Some(answer) = answer else { continue };
        missing.retain(|other| *other != node);
        answers.push(answer);
        deadline = (began + OTHERS).max(Instant::now() + A_LITTLE).min(deadline);
    }
    if answers.is_empty() {
        return Err(Problem::no_replica("no alertmanager answers"));
    }
    Ok((merge(answers.into_iter().flatten()), missing))
}

async fn ask(deps: &Deps, node: NodeId) -> (NodeId, Option<Vec<Gettable>>) {
    let request = replica::get("/api/v2/alerts");
    let answer = match deps.cluster.forward(node, "alertmanager", request).await {
        Ok(answer) if answer.status().is_success() => {
            serde_json::from_slice::<Vec<Gettable>>(answer.body())
                .inspect_err(|error| tracing::warn!(%node, %error, "alerts could not be read"))
                .ok()
        }
        _ => None,
    };
    (node, answer)
}

/// One alert per fingerprint: the newest word on it, with the earliest start.
pub(super) fn merge(gettables: impl Iterator<Item = Gettable>) -> Vec<Alert> {
    let mut merged: HashMap<String, Alert> = HashMap::new();
    for alert in gettables.map(Alert::from) {
        match merged.get_mut(&alert.fingerprint) {
            None => {
                merged.insert(alert.fingerprint.clone(), alert);
            }
            Some(known) => {
                let starts_at = known.starts_at.clone().min(alert.starts_at.clone());
                if alert.updated_at > known.updated_at {
                    *known = alert;
                }
                known.starts_at = starts_at;
            }
        }
    }
    merged.into_values().collect()
}

/// An alert as Alertmanager's API gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Gettable {
    fingerprint: String,
    labels: Labels,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    starts_at: String,
    #[serde(default)]
    updated_at: String,
    #[serde(default, rename = "generatorURL")]
    generator_url: String,
    #[serde(default)]
    receivers: Vec<GettableReceiver>,
    status: GettableStatus,
}

#[derive(Debug, Clone, Deserialize)]
struct GettableReceiver {
    name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct GettableStatus {
    state: String,
    #[serde(default)]
    silenced_by: Vec<String>,
    #[serde(default)]
    inhibited_by: Vec<String>,
}

impl From<Gettable> for Alert {
    fn from(alert: Gettable) -> Self {
        let label = |name: &str| alert.labels.get(name).cloned().unwrap_or_default();
        let state = match (alert.status.state.as_str(), alert.status.silenced_by.is_empty()) {
            ("suppressed", false) => "silenced",
            ("suppressed", true) => "inhibited",
            _ => "firing",
        };
        Self {
            name: label("alertname"),
            severity: label("severity"),
            project: label("project"),
            state: state.into(),
            fingerprint: alert.fingerprint,
            labels: alert.labels,
            annotations: alert.annotations,
            starts_at: alert.starts_at,
            updated_at: alert.updated_at,
            generator_url: alert.generator_url,
            receivers: alert.receivers.into_iter().map(|receiver| receiver.name).collect(),
            silenced_by: alert.status.silenced_by,
            inhibited_by: alert.status.inhibited_by,
            receipts: Vec::new(),
            timeline: Vec::new(),
        }
    }
}
