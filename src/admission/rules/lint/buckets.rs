//! What happens to the buckets of a classic histogram before a quantile is taken.

use super::name;
use promql_parser::parser::{Expr, LabelModifier, VectorSelector};

/// What happens to buckets before a quantile is taken.
#[derive(Default)]
pub(super) struct Shape {
    pub(super) bucket: Option<String>,
    pub(super) loses_le: bool,
    pub(super) over_time: bool,
}

impl Shape {
    /// Notes what `expr` does to the buckets in it.
    pub(super) fn of(&mut self, expr: &Expr) {
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
