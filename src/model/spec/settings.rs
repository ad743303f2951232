//! The settings of the cluster.

use super::SignInSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Spec of the one `settings` object, `default`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Name of the site, shown in the portal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// Prometheus.
    pub prometheus: PrometheusSettings,
    /// Alertmanager.
    pub alertmanager: AlertmanagerSettings,
    /// Where the notifier may go besides the open network.
    pub outgoing: OutgoingSettings,
    /// Which bundles of components are taken.
    pub bundles: BundleSettings,
    /// When a change undoes itself.
    pub safety: SafetySettings,
    /// How long the audit is kept.
    pub audit: AuditSettings,
    /// Who may sign in besides the accounts of this site. Only an admin can change it.
    pub sign_in: SignInSettings,
}

/// Part of [`Settings`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PrometheusSettings {
    /// Prometheus duration.
    pub scrape_interval: String,
    /// Prometheus duration, at most `scrape_interval`.
    pub scrape_timeout: String,
    /// Prometheus duration.
    pub evaluation_interval: String,
    /// Prometheus duration.
    pub retention_time: String,
}

impl Default for PrometheusSettings {
    fn default() -> Self {
        Self {
            scrape_interval: "15s".into(),
            scrape_timeout: "10s".into(),
            evaluation_interval: "15s".into(),
            retention_time: "15d".into(),
        }
    }
}

/// Part of [`Settings`]: timings of the root route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlertmanagerSettings {
    /// Receiver of alerts that no route takes; none = they are shown, nobody is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_receiver: Option<String>,
    /// Labels that make a group.
    pub group_by: Vec<String>,
    /// Alertmanager duration.
    pub group_wait: String,
    /// Alertmanager duration, at least 7 s.
    pub group_interval: String,
    /// Alertmanager duration.
    pub repeat_interval: String,
}

impl Default for AlertmanagerSettings {
    fn default() -> Self {
        Self {
            default_receiver: None,
            group_by: vec!["alertname".into(), "project".into()],
            group_wait: "10s".into(),
            group_interval: "1m".into(),
            repeat_interval: "4h".into(),
        }
    }
}

/// Part of [`Settings`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutgoingSettings {
    /// `address:port` of loopback, link-local or cluster addresses that channels may reach all
    /// the same. Only an admin can change it.
    pub allow: Vec<String>,
}

/// Part of [`Settings`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BundleSettings {
    /// Public keys (`wkpub1.…`) whose bundles every node takes, besides the release keys and those
    /// of the node's own `--trust`.
    pub trusted_keys: Vec<String>,
}

/// Part of [`Settings`]: a change that a program refuses, or after which targets fall, is undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SafetySettings {
    /// Whether changes undo themselves.
    pub undo: bool,
    /// Share of a change's own targets that must have fallen, in percent: 1 to 100.
    pub drop_percent: u32,
    /// How many of them must have fallen, at least 1.
    pub drop_targets: u32,
    /// How long after a change its targets are watched, in seconds: 10 to 600.
    pub watch_seconds: u32,
}

impl Default for SafetySettings {
    fn default() -> Self {
        Self { undo: true, drop_percent: 20, drop_targets: 3, watch_seconds: 60 }
    }
}

/// Part of [`Settings`]. Whichever is reached first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuditSettings {
    /// Days: 1 to 3650.
    pub days: u32,
    /// Records: 1000 to 2000000, some 400 bytes each.
    pub records: u32,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self { days: 400, records: 200_000 }
    }
}
