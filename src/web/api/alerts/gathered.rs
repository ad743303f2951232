//! What all reachable Alertmanagers hold, merged into one alert per fingerprint.

use super::Alert;
use crate::{
    model::{NodeId, label::Labels},
    web::{api::replica, deps::Deps, error::Problem},
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

/// An Alertmanager that takes longer is left out and named in `missing`.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks every Alertmanager at once; none answering is an error, some missing is not.
pub(in crate::web::api) async fn gather(deps: &Deps) -> Result<(Vec<Alert>, Vec<NodeId>), Problem> {
    let nodes = replica::candidates(deps, "alertmanager");
    let asked = nodes.iter().map(|node| async move {
        let request = replica::get("/api/v2/alerts");
        let call = deps.cluster.forward(*node, "alertmanager", request);
        let answer = tokio::time::timeout(PATIENCE, call).await.ok()?.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        serde_json::from_slice::<Vec<Gettable>>(answer.body())
            .inspect_err(|error| tracing::warn!(%node, %error, "alerts could not be read"))
            .ok()
    });
    let answers = futures_util::future::join_all(asked).await;
    let missing: Vec<NodeId> =
        nodes.iter().zip(&answers).filter(|(_, a)| a.is_none()).map(|(node, _)| *node).collect();
    if missing.len() == nodes.len() {
        return Err(Problem::no_replica("no alertmanager answers"));
    }
    Ok((merge(answers.into_iter().flatten().flatten()), missing))
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
