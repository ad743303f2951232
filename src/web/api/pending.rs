//! Alerts whose condition holds, not for long enough yet: only Prometheus knows of them.

use super::{alerts::Alert, prometheus::Replicas};
use crate::{
    observe::rules::{
        State,
        seen::{self, ExternalLabels},
    },
    web::deps::{Deps, now},
};
use std::{collections::HashSet, time::Duration};

/// A Prometheus that takes longer is left out.
const PATIENCE: Duration = Duration::from_secs(2);

/// All pending alerts; none when no Prometheus answers.
pub(super) async fn pending(deps: &Deps) -> Vec<Alert> {
    let external = ExternalLabels::of(&deps.whole());
    let (seen, _) = seen::alerts(&Replicas::of(deps), &external, PATIENCE).await;
    let pending = seen.into_iter().filter(|(_, alert)| alert.state == State::Pending);
    let as_of = now().to_string();
    pending
        .map(|(fingerprint, alert)| {
            let label = |name: &str| alert.labels.get(name).cloned().unwrap_or_default();
            Alert {
                fingerprint: fingerprint.to_string(),
                name: label("alertname"),
                state: State::Pending.as_str().into(),
                severity: label("severity"),
                project: label("project"),
                labels: alert.labels.clone(),
                annotations: alert.annotations,
                starts_at: alert.active_at.to_string(),
                updated_at: as_of.clone(),
                generator_url: String::new(),
                receivers: Vec::new(),
                silenced_by: Vec::new(),
                inhibited_by: Vec::new(),
                receipts: Vec::new(),
                timeline: Vec::new(),
            }
        })
        .collect()
}

/// Adds those that Alertmanager does not know: one it still holds as firing is not yet resolved.
pub(super) fn add(alerts: &mut Vec<Alert>, pending: Vec<Alert>) {
    let known: HashSet<String> = alerts.iter().map(|alert| alert.fingerprint.clone()).collect();
    alerts.extend(pending.into_iter().filter(|alert| !known.contains(&alert.fingerprint)));
}
