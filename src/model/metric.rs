//! What is known of the metrics that targets expose. Gathered by `observe`, read by `admission`
//! when it checks rules.

use serde::{Deserialize, Serialize};

/// Type of a metric, as targets declare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    /// Only goes up, but for restarts.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Buckets, sum and count, each a counter; or a native histogram.
    Histogram,
    /// A histogram whose buckets go up and down.
    GaugeHistogram,
    /// Quantiles, sum and count.
    Summary,
    /// Labels with the value 1.
    Info,
    /// One series a state, 0 or 1.
    StateSet,
    /// It exists; nobody says what it is.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Types of the metrics that are scraped now.
pub trait MetricFacts: Send + Sync + 'static {
    /// Type of the metric family or series `metric`, by exactly this name; `None` = no such
    /// metric. A histogram's `x_bucket` need not be known when `x` is.
    fn kind(&self, metric: &str) -> Option<MetricKind>;

    /// Whether anything is known at all. As long as it is `false`, nobody is told that a metric
    /// does not exist.
    fn ready(&self) -> bool;
}

/// Knows nothing: before the first scrape, and without a cluster.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFacts;

impl MetricFacts for NoFacts {
    fn kind(&self, _: &str) -> Option<MetricKind> {
        None
    }

    fn ready(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_prometheus_writes_them() {
        let read = |text: &str| serde_json::from_value::<MetricKind>(text.into()).unwrap();
        assert_eq!(read("counter"), MetricKind::Counter);
        assert_eq!(read("gaugehistogram"), MetricKind::GaugeHistogram);
        assert_eq!(read("stateset"), MetricKind::StateSet);
        assert_eq!(read("unknown"), MetricKind::Unknown);
        assert_eq!(read("something-new"), MetricKind::Unknown);
    }
}
