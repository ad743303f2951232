//! Who is told of what, when, and what is held back.

use super::yes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
    /// Names of time intervals: it tells only within them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active_time_intervals: Vec<String>,
    /// Names of time intervals: it does not tell within them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mute_time_intervals: Vec<String>,
}

const fn hundred() -> i32 {
    100
}

/// Spec of a `policy`: who is told of a part of the organisation. One branch below the root of
/// Alertmanager's tree; its lines are the branches below it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Lower goes first, routes and policies together; equal ones by name. Default 100.
    #[serde(default = "hundred")]
    pub order: i32,
    /// Names of projects it is for; none, and no departments either = all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<String>,
    /// Names of departments it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<String>,
    /// Alertmanager matchers, all of which must hold: `severity="critical"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<String>,
    /// Name of the receiver of what no line takes.
    pub receiver: String,
    /// Tried in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<PolicyLine>,
    /// Names of time intervals: it tells only within them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active_time_intervals: Vec<String>,
    /// Names of time intervals: it does not tell within them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mute_time_intervals: Vec<String>,
    /// Goes on to the next route or policy after a match.
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

/// One line of a policy: these alerts, at these times, to this receiver.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyLine {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Values of the label `severity`; none = all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<String>,
    /// Alertmanager matchers, all of which must hold: `severity="critical"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matchers: Vec<String>,
    /// Name of a receiver.
    pub receiver: String,
    /// Names of time intervals: it tells only within them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub active_time_intervals: Vec<String>,
    /// Names of time intervals: it does not tell within them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mute_time_intervals: Vec<String>,
    /// Goes on to the next line after a match.
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

/// Spec of a `time-interval`: Alertmanager's without `name` (it is the object's name).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeInterval {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Name of the project it belongs to: its own people change it, and only its own routes and
    /// policies use it. None = shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Alertmanager's own (`times`, `weekdays`, `days_of_month`, `months`, `years`, `location`);
    /// one of them must hold.
    pub time_intervals: Vec<Map<String, Value>>,
}

/// Spec of an `inhibition`: Alertmanager's inhibition rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inhibition {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Alertmanager matchers of the alert that holds others back.
    pub source_matchers: Vec<String>,
    /// Alertmanager matchers of those held back.
    pub target_matchers: Vec<String>,
    /// Labels that must be equal in both. `project` is one of them in any case, unless
    /// `source_matchers` name projects: no project's alerts hold back those of another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equal: Vec<String>,
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
