//! Rules and alerts as both replicas show them, merged.
//!
//! The replicas evaluate at different moments and may differ by an evaluation: the same alert on
//! both is one, in the more severe of its states, active since the earlier of the two.

use super::answer::{ActiveAlert, Alerts, Group, Rule, Rules};
use crate::{
    model::{NodeId, UnixMs, cluster::DeclaredState, fingerprint::Fingerprint, label::Labels},
    observe::prometheus::{Prometheus, Question, each},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};

/// Of a rule or of one of its alerts; the later the more severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The condition does not hold.
    Inactive,
    /// It held until just now and the alert fired; only in the history.
    Resolved,
    /// It holds, not for long enough.
    Pending,
    /// It fires.
    Firing,
}

impl State {
    /// As in Prometheus.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Resolved => "resolved",
            Self::Pending => "pending",
            Self::Firing => "firing",
        }
    }
}

/// One pending or firing alert.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenAlert {
    /// With `alertname`, and with the external labels Alertmanager will see.
    pub labels: Labels,
    /// Texts, filled in.
    pub annotations: BTreeMap<String, String>,
    /// Pending or firing.
    pub state: State,
    /// Since when the condition holds.
    pub active_at: UnixMs,
    /// Of the expression; `None` for one that is not finite.
    pub value: Option<f64>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenRule {
    /// Name of the alert or of the recorded series.
    pub name: String,
    /// An alerting rule.
    pub alerting: bool,
    /// Its `for`, in milliseconds.
    pub for_ms: u64,
    /// `ok`, `err` or `unknown`.
    pub health: String,
    /// Why its last evaluation failed; may be empty.
    pub last_error: String,
    /// `None` = never.
    pub last_evaluation: Option<UnixMs>,
    /// How long that took.
    pub evaluation_seconds: f64,
    /// By fingerprint.
    pub active: BTreeMap<Fingerprint, SeenAlert>,
}

impl SeenRule {
    /// The state of its worst alert.
    #[must_use]
    pub fn state(&self) -> State {
        self.active.values().map(|alert| alert.state).max().unwrap_or(State::Inactive)
    }
}

/// One group.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenGroup {
    /// Evaluation interval, in milliseconds.
    pub interval_ms: u64,
    /// In the order in which they are evaluated.
    pub rules: Vec<SeenRule>,
}

/// All groups that the replicas run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeenRules {
    /// By name.
    pub groups: BTreeMap<String, SeenGroup>,
    /// Nodes whose Prometheus answered.
    pub answered: Vec<NodeId>,
}

/// Labels that Prometheus adds when it sends an alert: they belong to its identity there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExternalLabels(pub Labels);

impl ExternalLabels {
    /// Those of every Prometheus of the cluster; the label `replica` is dropped again.
    #[must_use]
    pub fn of(state: &DeclaredState) -> Self {
        Self([("cluster".to_owned(), state.meta.name.clone())].into())
    }

    pub(super) fn add(&self, mut labels: Labels) -> Labels {
        for (name, value) in &self.0 {
            if !value.is_empty() && !labels.contains_key(name) {
                labels.insert(name.clone(), value.clone());
            }
        }
        labels
    }
}

/// Reads the rules of all replicas. `query` narrows: empty, or `?type=alert&…`.
pub async fn rules(
    prometheus: &dyn Prometheus,
    query: &str,
    external: &ExternalLabels,
    patience: Duration,
) -> SeenRules {
    let question = Question::get(format!("/api/v1/rules{query}"));
    let mut seen = SeenRules::default();
    for (replica, answer) in each::<Rules>(prometheus, &question, patience).await {
        match answer {
            Ok(rules) => {
                seen.answered.push(replica.node);
                for group in rules.groups {
                    seen.add(group, external);
                }
            }
            Err(error) => {
                tracing::debug!(node = %replica.node, %error, "rules could not be read");
            }
        }
    }
    seen
}

/// Reads the pending and firing alerts of all replicas, and who answered.
pub async fn alerts(
    prometheus: &dyn Prometheus,
    external: &ExternalLabels,
    patience: Duration,
) -> (BTreeMap<Fingerprint, SeenAlert>, Vec<NodeId>) {
    let question = Question::get("/api/v1/alerts");
    let (mut seen, mut answered) = (BTreeMap::new(), Vec::new());
    for (replica, answer) in each::<Alerts>(prometheus, &question, patience).await {
        match answer {
            Ok(alerts) => {
                answered.push(replica.node);
                alerts.alerts.into_iter().for_each(|alert| merge_alert(&mut seen, alert, external));
            }
            Err(error) => {
                tracing::debug!(node = %replica.node, %error, "alerts could not be read");
            }
        }
    }
    (seen, answered)
}

impl SeenRules {
    fn add(&mut self, group: Group, external: &ExternalLabels) {
        let interval_ms = milliseconds(group.interval);
        let known = self
            .groups
            .entry(group.name)
            .or_insert_with(|| SeenGroup { interval_ms, rules: Vec::new() });
        for (index, rule) in group.rules.into_iter().enumerate() {
            // While a change goes live one replica may have a rule the other has not.
            match known.rules.get_mut(index) {
                Some(same) if same.name == rule.name => merge_rule(same, rule, external),
                Some(_) => {}
                None => {
                    let mut seen = blank(&rule);
                    merge_rule(&mut seen, rule, external);
                    known.rules.push(seen);
                }
            }
        }
    }

    /// The rule at `index` of a group, if it is the one called `name`.
    #[must_use]
    pub fn rule(&self, group: &str, index: usize, name: &str) -> Option<&SeenRule> {
        self.groups.get(group)?.rules.get(index).filter(|rule| rule.name == name)
    }
}

fn blank(rule: &Rule) -> SeenRule {
    SeenRule {
        name: rule.name.clone(),
        alerting: rule.kind == "alerting",
        for_ms: milliseconds(rule.duration),
        health: "unknown".into(),
        last_error: String::new(),
        last_evaluation: None,
        evaluation_seconds: 0.0,
        active: BTreeMap::new(),
    }
}

fn merge_rule(seen: &mut SeenRule, rule: Rule, external: &ExternalLabels) {
    if (rule.health == "err" || seen.health == "unknown") && !rule.health.is_empty() {
        seen.health = rule.health;
        seen.last_error = rule.last_error;
    }
    let at = Some(rule.last_evaluation).filter(|at| at.0 > 0);
    if at > seen.last_evaluation {
        seen.last_evaluation = at;
        seen.evaluation_seconds = rule.evaluation_time;
    }
    rule.alerts.into_iter().for_each(|alert| merge_alert(&mut seen.active, alert, external));
}

fn merge_alert(
    seen: &mut BTreeMap<Fingerprint, SeenAlert>,
    alert: ActiveAlert,
    external: &ExternalLabels,
) {
    let state = match alert.state.as_str() {
        "firing" => State::Firing,
        "pending" => State::Pending,
        _ => return,
    };
    let labels = external.add(alert.labels);
    let fingerprint = Fingerprint::of(&labels);
    let alert = SeenAlert {
        labels,
        annotations: alert.annotations,
        state,
        active_at: alert.active_at,
        value: alert.value,
    };
    match seen.get_mut(&fingerprint) {
        None => {
            seen.insert(fingerprint, alert);
        }
        Some(known) => {
            let earliest = known.active_at.min(alert.active_at);
            if alert.state > known.state {
                *known = alert;
            }
            known.active_at = earliest;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "durations of years fit; floats saturate"
)]
fn milliseconds(seconds: f64) -> u64 {
    (seconds * 1000.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::prometheus::testing::Scripted;
    use serde_json::{Value, json};

    const SOON: Duration = Duration::from_secs(1);

    fn alert(state: &str, active_at: &str) -> Value {
        json!({"labels": {"alertname": "A", "instance": "i"}, "annotations": {"summary": state},
               "state": state, "activeAt": active_at, "value": "1e+00"})
    }

    fn group(health: &str, evaluated: &str, alerts: &[Value]) -> Value {
        json!({"name": "g", "file": "g.yml", "interval": 10, "rules": [
            {"name": "r", "type": "recording", "health": "ok", "query": "x",
             "lastEvaluation": "0001-01-01T00:00:00Z", "evaluationTime": 0},
            {"name": "A", "type": "alerting", "duration": 10, "keepFiringFor": 0, "query": "x",
             "state": "firing", "health": health, "lastError": "boom", "alerts": alerts,
             "lastEvaluation": evaluated, "evaluationTime": 0.001}]})
    }

    async fn seen(answers: [Option<Value>; 2]) -> SeenRules {
        let prometheus = Scripted::new(&[1, 2], move |node, _| {
            let answer = answers[usize::try_from(node).unwrap() - 1].as_ref().ok_or("down")?;
            Ok((200, json!({"status": "success", "data": {"groups": [answer]}}).to_string()))
        });
        let external = ExternalLabels([("cluster".to_owned(), "demo".to_owned())].into());
        rules(&prometheus, "", &external, SOON).await
    }

    #[tokio::test]
    async fn two_replicas_that_differ_by_an_evaluation_are_one_alert_in_its_worse_state() {
        let one = group("ok", "2026-01-01T00:00:20Z", &[alert("pending", "2026-01-01T00:00:10Z")]);
        let two = group("err", "2026-01-01T00:00:15Z", &[alert("firing", "2026-01-01T00:00:11Z")]);
        for answers in [[Some(one.clone()), Some(two.clone())], [Some(two), Some(one)]] {
            let seen = seen(answers).await;
            let rule = seen.rule("g", 1, "A").unwrap();
            let (fingerprint, alert) = rule.active.first_key_value().unwrap();
            assert_eq!(
                (rule.active.len(), alert.state, alert.value),
                (1, State::Firing, Some(1.0))
            );
            assert_eq!(alert.annotations["summary"], "firing");
            assert_eq!(alert.active_at.to_string(), "2026-01-01T00:00:10.000Z");
            assert_eq!(alert.labels["cluster"], "demo");
            assert_eq!(*fingerprint, Fingerprint::of(&alert.labels));
            assert_eq!((rule.health.as_str(), rule.last_error.as_str()), ("err", "boom"));
            assert_eq!(rule.last_evaluation.unwrap().to_string(), "2026-01-01T00:00:20.000Z");
            assert_eq!((rule.for_ms, rule.state()), (10_000, State::Firing));
        }
    }

    #[tokio::test]
    async fn one_answering_replica_is_enough_and_none_is_no_word_at_all() {
        let one = group("ok", "2026-01-01T00:00:20Z", &[]);
        let half = seen([None, Some(one)]).await;
        assert_eq!(half.answered, [NodeId(2)]);
        assert_eq!(half.rule("g", 1, "A").unwrap().state(), State::Inactive);
        assert_eq!(half.rule("g", 0, "r").unwrap().last_evaluation, None);
        assert_eq!(seen([None, None]).await, SeenRules::default());
    }
}
