//! Prometheus' `/api/v1/rules` and `/api/v1/alerts` as they come.

use crate::model::{UnixMs, label::Labels};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// `data` of `/api/v1/rules`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Rules {
    #[serde(default)]
    pub(super) groups: Vec<Group>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Group {
    pub(super) name: String,
    /// Seconds.
    #[serde(default)]
    pub(super) interval: f64,
    #[serde(default)]
    pub(super) rules: Vec<Rule>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Seconds of `for`; only alerting rules.
    #[serde(default)]
    pub(super) duration: f64,
    #[serde(default)]
    pub(super) alerts: Vec<ActiveAlert>,
    #[serde(default)]
    pub(super) health: String,
    #[serde(default)]
    pub(super) last_error: String,
    /// Year 1 = never.
    #[serde(default)]
    pub(super) last_evaluation: UnixMs,
    /// Seconds.
    #[serde(default)]
    pub(super) evaluation_time: f64,
}

/// `data` of `/api/v1/alerts`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Alerts {
    #[serde(default)]
    pub(super) alerts: Vec<ActiveAlert>,
}

/// One pending or firing alert.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActiveAlert {
    pub(super) labels: Labels,
    #[serde(default)]
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) state: String,
    pub(super) active_at: UnixMs,
    #[serde(default, deserialize_with = "number")]
    pub(super) value: Option<f64>,
}

/// Prometheus writes values as text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(text.parse().ok().filter(|value: &f64| value.is_finite()))
}
