//! Reads a confined expression again, and believes it only when it finds what it looks for.

use crate::model::{matcher, promql::Fault};
use promql_parser::{
    label::{MatchOp, Matcher, Matchers},
    parser::{
        AggregateExpr, BinaryExpr, Call, Expr, MatrixSelector, ParenExpr, SubqueryExpr, UnaryExpr,
        VectorSelector, parse,
    },
};

/// Whether every selector of `text` begins with `scope`, and `text` without it is `tree`.
pub(super) fn verify(text: &str, tree: &Expr, scope: &matcher::Matcher) -> Result<(), Fault> {
    let fault = |reason: &str| {
        Err(Fault { place: None, reason: format!("cannot be confined to a scope: {reason}") })
    };
    let mut printed = match parse(text) {
        Ok(printed) => printed,
        Err(reason) => return fault(&reason),
    };
    if !open(&mut printed, scope) {
        return fault("a selector of it would be free");
    }
    if printed == *tree { Ok(()) } else { fault("it would mean something else; write it simpler") }
}

/// Takes `scope` out of every selector; false when one does not begin with it.
fn open(tree: &mut Expr, scope: &matcher::Matcher) -> bool {
    match tree {
        Expr::Aggregate(AggregateExpr { op: _, expr, param, modifier: _ }) => {
            param.as_mut().is_none_or(|param| open(param, scope)) && open(expr, scope)
        }
        Expr::Binary(BinaryExpr { op: _, lhs, rhs, modifier: _ }) => {
            open(lhs, scope) && open(rhs, scope)
        }
        Expr::Unary(UnaryExpr { expr })
        | Expr::Paren(ParenExpr { expr })
        | Expr::Subquery(SubqueryExpr { expr, offset: _, at: _, range: _, step: _ }) => {
            open(expr, scope)
        }
        Expr::Call(Call { func: _, args }) => args.args.iter_mut().all(|tree| open(tree, scope)),
        Expr::VectorSelector(selector)
        | Expr::MatrixSelector(MatrixSelector { vs: selector, range: _ }) => {
            let VectorSelector { name: _, matchers, offset: _, at: _ } = selector;
            let Matchers { matchers, or_matchers } = matchers;
            if !or_matchers.is_empty() || !matchers.first().is_some_and(|first| is(first, scope)) {
                return false;
            }
            matchers.remove(0);
            true
        }
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => true,
        Expr::Extension(_) => false,
    }
}

fn is(matcher: &Matcher, scope: &matcher::Matcher) -> bool {
    let Matcher { op, name, value } = matcher;
    matches!(op, MatchOp::Re(_))
        && scope.op == matcher::Op::Regex
        && *name == scope.name
        && *value == scope.value
}
