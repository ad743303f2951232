//! Expressions against the metrics of a small site.

use crate::{
    model::metric::{MetricFacts, MetricKind},
    render::tests::fixture,
};

/// What a small site exposes.
struct Site;

impl MetricFacts for Site {
    fn kind(&self, metric: &str) -> Option<MetricKind> {
        match metric {
            "requests_total" | "errors" => Some(MetricKind::Counter),
            "load1" | "temperature" => Some(MetricKind::Gauge),
            "latency_seconds" => Some(MetricKind::Histogram),
            "untyped" => Some(MetricKind::Unknown),
            _ => None,
        }
    }

    fn ready(&self) -> bool {
        true
    }
}

fn warnings_with(facts: &dyn MetricFacts, expr: &str) -> Vec<String> {
    let mut state = fixture::cluster(1);
    fixture::shop(&mut state);
    let text = serde_json::json!({"alert": "A", "expr": expr});
    let checked = crate::admission::rules::check(&state, facts, Some("web"), &text);
    assert_eq!(checked.errors, [], "{expr}");
    checked.warnings.into_iter().map(|it| format!("{} {}", it.code.as_str(), it.message)).collect()
}

fn warnings(expr: &str) -> Vec<String> {
    warnings_with(&Site, expr)
}

#[test]
fn what_fits_the_types_brings_no_warning() {
    for good in [
        "rate(requests_total[5m]) > 1",
        "sum by (job) (increase(errors_total[1h])) > 0",
        "load1 > 4 and on (instance) up == 1",
        "deriv(temperature[1h]) < 0",
        "histogram_quantile(0.9, sum by (le, job) (rate(latency_seconds_bucket[5m])))",
        "histogram_quantile(0.9, sum without (instance) (rate(latency_seconds_bucket[5m])))",
        "histogram_quantile(0.9, rate(latency_seconds[5m]))",
        "rate(latency_seconds_sum[5m]) / rate(latency_seconds_count[5m])",
        "count(requests_total) > 3",
        "absent(requests_total)",
        "requests_total unless on (job) load1",
        "job:http_requests:rate5m > 2",
        "untyped * 2",
        "{__name__=~\"nothing.*\"} > 1",
    ] {
        assert_eq!(warnings(good), [""; 0], "{good}");
    }
}

#[test]
fn what_does_not_fit_is_said_with_the_metric() {
    for (expr, code, part) in [
        ("rate(load1[5m]) > 1", "WK-1041", "`load1` is a gauge: rate()"),
        ("increase(up[5m]) > 1", "WK-1041", "`up` is a gauge: increase()"),
        ("delta(requests_total[5m])", "WK-1041", "`requests_total` is a counter: delta()"),
        ("requests_total > 100", "WK-1041", "`requests_total` is a counter: `>`"),
        ("sum(requests_total) / 2", "WK-1041", "`requests_total` is a counter: `/`"),
        ("latency_seconds_count > 1", "WK-1041", "`latency_seconds_count` is a counter"),
        ("(round(errors_total)) == 3", "WK-1041", "`errors_total` is a counter: `==`"),
        (
            "histogram_quantile(0.9, sum by (job) (rate(latency_seconds_bucket[5m])))",
            "WK-1041",
            "needs the label `le`",
        ),
        (
            "histogram_quantile(0.9, sum(rate(latency_seconds_bucket[5m])))",
            "WK-1041",
            "needs the label `le`",
        ),
        ("histogram_quantile(0.9, latency_seconds_bucket)", "WK-1041", "over the raw buckets"),
        ("nothing_total > 1", "WK-1040", "no target exposes `nothing_total`"),
    ] {
        let found = warnings(expr);
        assert_eq!(found.len(), 1, "{expr}: {found:?}");
        assert!(found[0].starts_with(code) && found[0].contains(part), "{expr}: {found:?}");
    }
}

#[test]
fn without_facts_no_metric_is_called_unknown() {
    use crate::model::metric::NoFacts;
    assert_eq!(warnings_with(&NoFacts, "nothing_total > 1"), [""; 0]);
    assert_eq!(warnings_with(&NoFacts, "histogram_quantile(0.9, x_bucket)").len(), 1);
}
