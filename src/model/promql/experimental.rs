//! Functions and words that Prometheus reads only when a feature flag allows it. We set none.

use promql_parser::parser::{AggregateExpr, BinaryExpr, Call, Expr};
use promql_parser::util::{ExprVisitor, walk_expr};

/// The name of the first one in an expression.
pub(super) fn first(expr: &Expr) -> Option<String> {
    walk_expr(&mut Search, expr).err()
}

struct Search;

impl ExprVisitor for Search {
    type Error = String;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, String> {
        let name = match expr {
            Expr::Call(Call { func, .. }) if func.experimental => Some(func.name.to_owned()),
            Expr::Aggregate(AggregateExpr { op, .. }) => {
                Some(op.to_string()).filter(|name| name.starts_with("limit"))
            }
            Expr::Binary(BinaryExpr { modifier: Some(modifier), .. }) => {
                let fills = &modifier.fill_values;
                (fills.lhs.is_some() || fills.rhs.is_some()).then(|| "fill".to_owned())
            }
            _ => None,
        };
        name.map_or(Ok(true), Err)
    }
}
