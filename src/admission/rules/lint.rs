//! What the types of metrics say about an expression: only ever warnings, since types are what
//! targets claim and a metric may still be to come.

use crate::admission::{code::Code, field_error::Findings};
use crate::model::{metric::MetricKind, spec::Rule};
use promql_parser::label::MatchOp;
use promql_parser::parser::{AggregateExpr, BinaryExpr, Call, Expr, VectorSelector, parse};
use std::collections::BTreeSet;

mod buckets;
mod known;

use buckets::Shape;
pub(in crate::admission) use known::Known;

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
        if self.known.ready() && self.known.kind(name).is_none() {
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
mod tests;
