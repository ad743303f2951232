//! What the types of metrics say about an expression: only ever warnings, since types are what
//! targets claim and a metric may still be to come.

use crate::admission::{code::Code, field_error::Findings};
use crate::model::{
    Kind,
    cluster::DeclaredState,
    metric::{MetricFacts, MetricKind},
    spec::{Rule, RuleGroup},
};
use promql_parser::label::MatchOp;
use promql_parser::parser::{
    AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, VectorSelector, parse,
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
/// Functions that give how fast a counter grows.
const OF_COUNTERS: [&str; 3] = ["rate", "irate", "increase"];
/// Functions whose result still is a counter's raw value, only cut, renamed or sorted.
const PASSING: [&str; 15] = [
    "abs",
    "ceil",
    "floor",
    "round",
    "clamp",
    "clamp_min",
    "clamp_max",
    "label_replace",
    "label_join",
    "sort",
    "sort_desc",
    "sort_by_label",
    "sort_by_label_desc",
    "last_over_time",
    "max_over_time",
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
    fn kind(&self, series: &str) -> Option<MetricKind> {
        if SYNTHETIC.contains(&series) {
            return Some(MetricKind::Gauge);
        }
        if self.recorded.contains(series) {
            return Some(MetricKind::Unknown);
        }
        let declared = self.facts.kind(series).filter(|kind| *kind != MetricKind::Unknown);
        declared.or_else(|| self.implied(series)).or_else(|| self.facts.kind(series))
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

/// Warns of every doubtful use in a rule's expression; one that does not parse has none.
pub(in crate::admission) fn rule(
    path: &str,
    rule: &Rule,
    known: &Known<'_>,
    warnings: &mut Findings,
) {
    let Ok(expr) = parse(&rule.expr) else { return };
    let mut lint = Lint { known, found: Vec::new() };
    lint.expr(&expr);
    let mut seen = BTreeSet::new();
    for (code, message) in lint.found {
        if seen.insert(message.clone()) {
            warnings.spec(format_args!("{path}/expr"), code, message);
        }
    }
}

struct Lint<'a> {
    known: &'a Known<'a>,
    found: Vec<(Code, String)>,
}

impl Lint<'_> {
    fn warn(&mut self, message: String) {
        self.found.push((Code::MetricUse, message));
    }

    /// Walks the expression; the depth is bounded by what validation lets through.
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::VectorSelector(selector) => self.exists(selector),
            Expr::MatrixSelector(matrix) => self.exists(&matrix.vs),
            Expr::Aggregate(AggregateExpr { expr, param, .. }) => {
                self.expr(expr);
                param.iter().for_each(|param| self.expr(param));
            }
            Expr::Unary(unary) => self.expr(&unary.expr),
            Expr::Paren(paren) => self.expr(&paren.expr),
            Expr::Subquery(subquery) => self.expr(&subquery.expr),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Call(call) => self.call(call),
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
        }
    }

    fn exists(&mut self, selector: &VectorSelector) {
        let Some(name) = name(selector) else { return };
        if self.known.facts.ready() && self.known.kind(name).is_none() {
            let message = format!("no target exposes `{name}` and no rule records it");
            self.found.push((Code::UnknownMetric, message));
        }
    }

    fn binary(&mut self, binary: &BinaryExpr) {
        self.expr(&binary.lhs);
        self.expr(&binary.rhs);
        if binary.op.is_set_operator() {
            return;
        }
        for side in [&binary.lhs, &binary.rhs] {
            let mut counters = Vec::new();
            self.raw_counters(side, &mut counters);
            for counter in counters {
                let sign = &binary.op;
                self.warn(format!(
                    "`{counter}` is a counter: `{sign}` on its raw value depends on when the process started; use rate() or increase()"
                ));
            }
        }
    }

    /// Counters whose value as it stands becomes part of the value of `expr`.
    fn raw_counters(&self, expr: &Expr, found: &mut Vec<String>) {
        match expr {
            Expr::VectorSelector(selector) => {
                if let Some(name) = name(selector)
                    && self.known.kind(name) == Some(MetricKind::Counter)
                {
                    found.push(name.to_owned());
                }
            }
            Expr::MatrixSelector(matrix) => {
                self.raw_counters(&Expr::VectorSelector(matrix.vs.clone()), found);
            }
            Expr::Paren(paren) => self.raw_counters(&paren.expr, found),
            Expr::Unary(unary) => self.raw_counters(&unary.expr, found),
            Expr::Subquery(subquery) => self.raw_counters(&subquery.expr, found),
            Expr::Aggregate(aggregate)
                if ["count", "group", "count_values"].contains(&&*aggregate.op.to_string()) => {}
            Expr::Aggregate(aggregate) => self.raw_counters(&aggregate.expr, found),
            // Arithmetic was warned of where it stands.
            Expr::Binary(binary) if binary.op.is_set_operator() => {
                self.raw_counters(&binary.lhs, found);
            }
            Expr::Call(call) if PASSING.contains(&call.func.name) => {
                if let Some(first) = call.args.args.first() {
                    self.raw_counters(first, found);
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &Call) {
        call.args.args.iter().for_each(|argument| self.expr(argument));
        match call.func.name {
            function if OF_COUNTERS.contains(&function) => {
                if let Some(name) = ranged(call, self.known, MetricKind::Gauge) {
                    self.warn(format!(
                        "`{name}` is a gauge: {function}() takes every fall for a restart; use delta() or deriv()"
                    ));
                }
            }
            function @ ("delta" | "idelta") => {
                if let Some(name) = ranged(call, self.known, MetricKind::Counter) {
                    self.warn(format!(
                        "`{name}` is a counter: {function}() goes wrong at every restart; use increase()"
                    ));
                }
            }
            "histogram_quantile" => self.quantile(call),
            _ => {}
        }
    }

    /// Classic histograms only: a native one has no buckets of its own name and no `le`.
    fn quantile(&mut self, call: &Call) {
        let Some(buckets) = call.args.args.get(1) else { return };
        let mut shape = Shape::default();
        shape.of(buckets);
        let Some(bucket) = shape.bucket else { return };
        if shape.loses_le {
            self.warn(format!(
                "histogram_quantile() needs the label `le`, which the aggregation of `{bucket}` takes away; add it to the by-clause"
            ));
        }
        if !shape.over_time {
            self.warn(format!(
                "histogram_quantile() over the raw buckets `{bucket}` covers all time since the process started; use rate()"
            ));
        }
    }
}

/// Metrics of `kind` in the range that a function is called on.
fn ranged(call: &Call, known: &Known<'_>, kind: MetricKind) -> Option<String> {
    let Some(Expr::MatrixSelector(matrix)) = call.args.args.first().map(|first| &**first) else {
        return None;
    };
    let name = name(&matrix.vs)?;
    (known.kind(name) == Some(kind)).then(|| name.to_owned())
}

/// What happens to buckets before a quantile is taken.
#[derive(Default)]
struct Shape {
    bucket: Option<String>,
    loses_le: bool,
    over_time: bool,
}

impl Shape {
    fn of(&mut self, expr: &Expr) {
        match expr {
            Expr::VectorSelector(selector) => self.selector(selector),
            Expr::MatrixSelector(matrix) => {
                self.over_time = true;
                self.selector(&matrix.vs);
            }
            Expr::Paren(paren) => self.of(&paren.expr),
            Expr::Unary(unary) => self.of(&unary.expr),
            Expr::Subquery(subquery) => {
                self.over_time = true;
                self.of(&subquery.expr);
            }
            Expr::Aggregate(aggregate) => {
                let keeps = match &aggregate.modifier {
                    Some(LabelModifier::Include(labels)) => has_le(&labels.labels),
                    Some(LabelModifier::Exclude(labels)) => !has_le(&labels.labels),
                    // These give whole series on.
                    None => ["topk", "bottomk", "limitk"].contains(&&*aggregate.op.to_string()),
                };
                self.loses_le |= !keeps;
                self.of(&aggregate.expr);
            }
            Expr::Binary(binary) => {
                self.of(&binary.lhs);
                self.of(&binary.rhs);
            }
            Expr::Call(call) => call.args.args.iter().for_each(|argument| self.of(argument)),
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
        }
    }

    fn selector(&mut self, selector: &VectorSelector) {
        if let Some(name) = name(selector).filter(|name| name.ends_with("_bucket")) {
            self.bucket = Some(name.to_owned());
            // A recorded one was over time when it was recorded.
            self.over_time |= name.contains(':');
        }
    }
}

fn has_le(labels: &[String]) -> bool {
    labels.iter().any(|label| label == "le")
}

/// The one metric that a selector names, if it names one.
fn name(selector: &VectorSelector) -> Option<&str> {
    selector.name.as_deref().or_else(|| {
        let matchers = &selector.matchers.matchers;
        matchers
            .iter()
            .find(|matcher| matcher.name == "__name__" && matcher.op == MatchOp::Equal)
            .map(|matcher| matcher.value.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::fixture;

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
        let checked = super::super::check(&state, facts, Some("web"), &text);
        assert_eq!(checked.errors, [], "{expr}");
        checked
            .warnings
            .into_iter()
            .map(|it| format!("{} {}", it.code.as_str(), it.message))
            .collect()
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
}
