//! What is known of metrics: what targets say of theirs, and what rules record.

use crate::model::{
    Kind,
    cluster::DeclaredState,
    metric::{MetricFacts, MetricKind},
    spec::RuleGroup,
};
use std::collections::BTreeSet;

/// Made by Prometheus itself.
const SYNTHETIC: [&str; 10] = [
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "scrape_timeout_seconds",
    "scrape_sample_limit",
    "scrape_body_size_bytes",
    "ALERTS",
    "ALERTS_FOR_STATE",
];

/// What is known of metrics: scraped ones and recorded ones.
pub(in crate::admission) struct Known<'a> {
    facts: &'a dyn MetricFacts,
    recorded: BTreeSet<String>,
}

impl<'a> Known<'a> {
    pub(in crate::admission) fn of(state: &DeclaredState, facts: &'a dyn MetricFacts) -> Self {
        let groups = state.of(Kind::RuleGroup);
        let rules = groups.filter_map(|group| group.spec_as::<RuleGroup>().ok());
        let running = rules.flat_map(|group| group.rules).filter(|rule| !rule.disabled);
        let recorded = running.filter_map(|rule| rule.record);
        Self { facts, recorded: recorded.collect() }
    }

    /// Type of a series by its name, also of one that a family's type implies.
    pub(super) fn kind(&self, series: &str) -> Option<MetricKind> {
        if SYNTHETIC.contains(&series) {
            return Some(MetricKind::Gauge);
        }
        if self.recorded.contains(series) {
            return Some(MetricKind::Unknown);
        }
        let declared = self.facts.kind(series).filter(|kind| *kind != MetricKind::Unknown);
        declared.or_else(|| self.implied(series)).or_else(|| self.facts.kind(series))
    }

    /// Whether anything is known at all.
    pub(super) fn ready(&self) -> bool {
        self.facts.ready()
    }

    fn implied(&self, series: &str) -> Option<MetricKind> {
        use MetricKind::{Counter, Gauge, GaugeHistogram, Histogram, Info, Summary};
        let of_family = |suffix: &str| self.facts.kind(series.strip_suffix(suffix)?);
        let counted = |suffix: &str| match of_family(suffix)? {
            Histogram | Summary => Some(Counter),
            GaugeHistogram => Some(Gauge),
            _ => None,
        };
        ["_bucket", "_count", "_sum"]
            .into_iter()
            .find_map(counted)
            .or_else(|| of_family("_total").filter(|kind| *kind == Counter))
            .or_else(|| of_family("_info").filter(|kind| *kind == Info))
            .or_else(|| of_family("_created").map(|_| Gauge))
    }
}
