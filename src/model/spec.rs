//! The content of each kind, as types. Unknown fields are errors. Where Prometheus or
//! Alertmanager has a format its own field names are used and its deeper parts stay open JSON,
//! which the program's own checker judges; our own fields are snake_case.

use super::label::Labels;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Spec of a `department`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Department {
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Name of a contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// Spec of a `contact`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Contact {
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Telephone number, E.164.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Spec of a `project`. The dimension fields become labels of all its series.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Project {
    /// For people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Name of a department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Name of a contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Free dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Free dimension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Free dimension, for instance `production`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

/// Spec of a `target`: one `file_sd` entry plus its job and project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Name of a scrape job.
    pub job: String,
    /// Name of a project.
    pub project: String,
    /// `host:port`, at least one.
    pub targets: Vec<String>,
    /// Labels put on their series; none of the dimensions a project sets.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// Spec of a `scrape-job`: Prometheus' `scrape_config` without `job_name` (it is the object's
/// name) and without service discovery (targets are objects of their own).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ScrapeJob(pub Map<String, Value>);

/// Spec of a `rule-group`: Prometheus' rule group without `name`, plus the project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleGroup {
    /// Name of the project that owns it; its dimension labels are put on every alert.
    pub project: String,
    /// Prometheus duration; default is the global evaluation interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// Highest number of alerts or series a rule may produce; 0 = no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Prometheus duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_offset: Option<String>,
    /// Labels for all rules of the group.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Run in this order.
    pub rules: Vec<Rule>,
}

/// One rule: exactly one of `alert` and `record`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name of the alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// Name of the recorded series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// `PromQL`.
    pub expr: String,
    /// Prometheus duration: pending this long before firing.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_: Option<String>,
    /// Prometheus duration: stays firing this long after the condition cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_firing_for: Option<String>,
    /// Labels of the alert or series.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Text of the alert.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// Spec of a `channel`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Channel {
    /// A generic webhook.
    Webhook {
        /// For people.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        title: String,
        /// `http://` or `https://`.
        url: String,
        /// Sent with every request. Not for secrets.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        /// Whether resolved alerts are sent too.
        #[serde(default = "yes")]
        send_resolved: bool,
        /// Whole exchange, in seconds: 1 to 120.
        #[serde(default = "thirty")]
        timeout_seconds: u32,
    },
}

const fn yes() -> bool {
    true
}

const fn thirty() -> u32 {
    30
}

/// Spec of a `receiver`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Names of channels, at least one; each gets every notification.
    pub channels: Vec<String>,
}

/// Spec of a `route`: one branch below the root of Alertmanager's tree.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Shorthand for the matcher `project="…"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Alertmanager matchers, all of which must hold: `severity="critical"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<String>,
    /// Name of a receiver.
    pub receiver: String,
    /// Lower goes first; equal ones by name. Default 100.
    #[serde(default = "hundred")]
    pub order: i32,
    /// Goes on to the next route after a match.
    #[serde(default, rename = "continue", skip_serializing_if = "std::ops::Not::not")]
    pub continue_: bool,
    /// Labels that make a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<Vec<String>>,
    /// Alertmanager duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_wait: Option<String>,
    /// Alertmanager duration, at least 7 s (three times the peer timeout).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_interval: Option<String>,
    /// Alertmanager duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_interval: Option<String>,
}

const fn hundred() -> i32 {
    100
}

/// Spec of a `silence`, in Alertmanager's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// All must hold.
    pub matchers: Vec<SilenceMatcher>,
    /// RFC 3339.
    #[serde(rename = "startsAt")]
    pub starts_at: String,
    /// RFC 3339.
    #[serde(rename = "endsAt")]
    pub ends_at: String,
    /// Why.
    pub comment: String,
}

/// One matcher of a silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SilenceMatcher {
    /// Label name.
    pub name: String,
    /// Value or anchored RE2 pattern.
    pub value: String,
    /// `value` is a pattern.
    #[serde(rename = "isRegex", default)]
    pub is_regex: bool,
    /// `=`/`=~` rather than `!=`/`!~`.
    #[serde(rename = "isEqual", default = "yes")]
    pub is_equal: bool,
}

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

/// What an account may do. Bound to scopes later; one role each for now.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RoleName {
    /// Reads.
    Viewer,
    /// Reads, and changes rules.
    Developer,
    /// Changes everything but accounts and settings.
    Operator,
    /// Everything.
    Admin,
}

/// Spec of a `user`. The password's hash is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it may do.
    pub role: RoleName,
    /// Cannot sign in.
    #[serde(default)]
    pub disabled: bool,
}

/// Spec of a `token`. The secret's hash is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What it may do.
    pub role: RoleName,
    /// RFC 3339; none = never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}
