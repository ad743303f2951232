//! Our own metrics in Prometheus' text format, encoded by `prometheus-client`.
//!
//! What is measured lives where it happens (supervisor, store, notifier); a family here is a
//! view of it, made when `/metrics` is asked. So nothing can be forgotten or counted twice.

use crate::model::observed::{ConfigStatus, ProcessState, ProcessStatus};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, text},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
    registry::Registry,
};
use std::fmt;

/// One family as of now: name without `_total`, help, kind, and samples as label pairs and value.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// `watchkeep_<subsystem>_<thing>_<unit>`; `_total` is added for counters.
    pub name: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// Only grows.
    pub counter: bool,
    /// Labels and values.
    pub samples: Vec<(Vec<(&'static str, String)>, f64)>,
}

impl Family {
    /// A gauge or counter without labels.
    #[must_use]
    pub fn single(name: &'static str, help: &'static str, counter: bool, value: f64) -> Self {
        Self { name, help, counter, samples: vec![(Vec::new(), value)] }
    }
}

/// Families read when asked.
struct View<F>(F);

impl<F> fmt::Debug for View<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("View")
    }
}

impl<F: Fn() -> Vec<Family> + Send + Sync + 'static> Collector for View<F> {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        for family in (self.0)() {
            let kind = if family.counter { MetricType::Counter } else { MetricType::Gauge };
            let mut metric = encoder.encode_descriptor(family.name, family.help, None, kind)?;
            for (labels, value) in &family.samples {
                let labels: Vec<(&str, &str)> =
                    labels.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let sample = metric.encode_family(&labels)?;
                if family.counter {
                    ConstCounter::new(*value).encode(sample)?;
                } else {
                    ConstGauge::new(*value).encode(sample)?;
                }
            }
        }
        Ok(())
    }
}

/// The metrics of one node.
#[derive(Debug, Default)]
pub struct Metrics {
    registry: Registry,
}

impl Metrics {
    /// Adds families that are read each time.
    pub fn view(&mut self, families: impl Fn() -> Vec<Family> + Send + Sync + 'static) {
        self.registry.register_collector(Box::new(View(families)));
    }

    /// The text of `/metrics`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail; a view that fails leaves out its own families.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

/// `watchkeep_process_*` from the supervisor.
#[must_use]
pub fn processes<'a>(statuses: impl Iterator<Item = &'a ProcessStatus> + Clone) -> Vec<Family> {
    let by_process =
        |status: &ProcessStatus, value| (vec![("process", status.name.clone())], value);
    let up = |status: &&ProcessStatus| f64::from(u8::from(status.state == ProcessState::Ready));
    vec![
        Family {
            name: "watchkeep_process_up",
            help: "1 while the supervised process is ready",
            counter: false,
            samples: statuses.clone().map(|s| by_process(s, up(&s))).collect(),
        },
        Family {
            name: "watchkeep_process_restarts",
            help: "Starts of the supervised process after its first one",
            counter: true,
            samples: statuses.map(|s| by_process(s, to_f64(s.restarts))).collect(),
        },
    ]
}

/// `watchkeep_config_*` from the reconciler.
#[must_use]
pub fn configs<'a>(configs: impl Iterator<Item = &'a ConfigStatus> + Clone) -> Vec<Family> {
    let by = |config: &ConfigStatus, value| (vec![("component", config.component.clone())], value);
    vec![
        Family {
            name: "watchkeep_config_last_apply_successful",
            help: "1 while the newest declared state is live in the component, 0 when it was refused",
            counter: false,
            samples: configs
                .clone()
                .map(|c| by(c, f64::from(u8::from(c.refused.is_none()))))
                .collect(),
        },
        Family {
            name: "watchkeep_config_live_index",
            help: "Store index whose files are verified to be live in the component",
            counter: false,
            samples: configs.map(|c| by(c, to_f64(c.live_index))).collect(),
        },
    ]
}

/// Samples are doubles in Prometheus; above 2^53 they lose their last digits.
#[expect(clippy::cast_precision_loss, reason = "samples are doubles by definition")]
#[must_use]
pub const fn to_f64(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_read_each_time_and_labels_are_escaped() {
        let mut metrics = Metrics::default();
        metrics.view(|| {
            vec![
                Family::single("a", "A", true, 3.0),
                Family {
                    name: "b",
                    help: "B",
                    counter: false,
                    samples: vec![(vec![("x", "1\"".into())], 0.5)],
                },
            ]
        });
        let text = metrics.text();
        assert!(text.contains("a_total{} 3") && text.contains("b{x=\"1\\\"\"} 0.5"), "{text}");
    }
}
