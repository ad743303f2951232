//! Which metrics there are, and what their exporters say of them: type, help, unit.
//!
//! The union over both replicas; refreshed by one task a node, read by everybody.

use super::prometheus::{Prometheus, Question, each};
use crate::{
    base::shutdown::Shutdown,
    model::metric::{MetricFacts, MetricKind},
};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

/// How often it is read once nothing new comes.
pub const EVERY: Duration = Duration::from_secs(60);
/// While no Prometheus has answered yet, and after new metrics: the next are not far then.
const SOON: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(15);
/// More names are left out: an installation with so many has other troubles.
const MAX_METRICS: usize = 50_000;
/// Longer help texts are cut.
const MAX_HELP: usize = 500;

/// What is known of one metric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metric {
    /// `counter`, `gauge`, `histogram`, `summary`, …; empty where nobody says.
    pub kind: String,
    /// One sentence; may be empty.
    pub help: String,
    /// May be empty.
    pub unit: String,
}

/// All metrics by name. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    metrics: Arc<RwLock<Arc<BTreeMap<String, Metric>>>>,
}

impl Metadata {
    /// As of the last refresh; empty until Prometheus answered.
    #[must_use]
    pub fn all(&self) -> Arc<BTreeMap<String, Metric>> {
        self.metrics.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces what is known; what only the other replica knew stays only if it says so again.
    fn put(&self, metrics: BTreeMap<String, Metric>) {
        *self.metrics.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(metrics);
    }

    /// Asks both replicas; nothing changes when none answers.
    pub async fn refresh(&self, prometheus: &dyn Prometheus) -> Refreshed {
        let described = Question::get("/api/v1/metadata?limit_per_metric=1");
        let named = Question::get("/api/v1/label/__name__/values");
        let (described, named) = tokio::join!(
            each::<BTreeMap<String, Vec<Described>>>(prometheus, &described, PATIENCE),
            each::<Vec<String>>(prometheus, &named, PATIENCE),
        );
        let mut metrics: BTreeMap<String, Metric> = BTreeMap::new();
        let mut answered = false;
        for (name, mut entries) in described.into_iter().filter_map(|(_, a)| a.ok()).flatten() {
            answered = true;
            if metrics.len() < MAX_METRICS && !entries.is_empty() {
                metrics.entry(name).or_insert_with(|| entries.swap_remove(0).into());
            }
        }
        for (_, names) in named {
            answered |= names.is_ok();
            for name in names.unwrap_or_default() {
                if metrics.len() < MAX_METRICS {
                    metrics.entry(name).or_default();
                }
            }
        }
        if !answered {
            return Refreshed::Unanswered;
        }
        let known = self.all();
        let grew = metrics.keys().any(|name| !known.contains_key(name));
        self.put(metrics);
        if grew { Refreshed::Grew } else { Refreshed::Same }
    }

    /// Refreshes until the end: every minute, and sooner while metrics are still appearing.
    pub async fn follow(self, prometheus: Arc<dyn Prometheus>, shutdown: Shutdown) {
        let mut wait = SOON;
        loop {
            wait = match self.refresh(&*prometheus).await {
                Refreshed::Same => EVERY.min(wait * 2),
                Refreshed::Grew | Refreshed::Unanswered => SOON,
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }
}

/// What a refresh brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// No Prometheus answered.
    Unanswered,
    /// No metric that was not known before.
    Same,
    /// New ones.
    Grew,
}

/// For checks of rules: by exactly this name.
impl MetricFacts for Metadata {
    fn kind(&self, metric: &str) -> Option<MetricKind> {
        let all = self.all();
        let kind = &all.get(metric)?.kind;
        Some(serde_json::from_value(kind.as_str().into()).unwrap_or_default())
    }

    fn ready(&self) -> bool {
        !self.all().is_empty()
    }
}

#[derive(Deserialize)]
struct Described {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    help: String,
    #[serde(default)]
    unit: String,
}

impl From<Described> for Metric {
    fn from(it: Described) -> Self {
        let kind = if it.kind == "unknown" { String::new() } else { it.kind };
        let help = it.help.chars().take(MAX_HELP).collect();
        Self { kind, help, unit: it.unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::prometheus::testing::Scripted;

    #[tokio::test]
    async fn the_union_of_both_replicas_is_kept_until_one_answers_again() {
        let down = std::sync::atomic::AtomicBool::new(false);
        let prometheus = Scripted::new(&[1, 2], |node, question| {
            if down.load(std::sync::atomic::Ordering::SeqCst) {
                return Err("down".into());
            }
            let data = match (node, question.path.contains("metadata")) {
                (1, true) => r#"{"up_s":[{"type":"gauge","help":"A","unit":"seconds"}]}"#,
                (_, true) => {
                    r#"{"h":[{"type":"histogram","help":"H","unit":""}],"up_s":[{"type":"counter"}],
                        "c":[{"type":"counter","help":"C"}]}"#
                }
                (_, false) => r#"["h_bucket","c_total","recorded:x"]"#,
            };
            Ok((200, format!(r#"{{"status":"success","data":{data}}}"#)))
        });
        let metadata = Metadata::default();
        assert_eq!(metadata.refresh(&prometheus).await, Refreshed::Grew);
        assert_eq!(metadata.refresh(&prometheus).await, Refreshed::Same);
        assert!(metadata.ready() && !Metadata::default().ready());
        assert_eq!(metadata.kind("up_s"), Some(MetricKind::Gauge));
        assert_eq!(metadata.kind("h"), Some(MetricKind::Histogram));
        assert_eq!(metadata.kind("h_bucket"), Some(MetricKind::Unknown));
        assert_eq!(metadata.kind("recorded:x"), Some(MetricKind::Unknown));
        assert_eq!(metadata.kind("nothing"), None);
        down.store(true, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(metadata.refresh(&prometheus).await, Refreshed::Unanswered);
        assert_eq!(metadata.kind("up_s"), Some(MetricKind::Gauge));
    }
}
