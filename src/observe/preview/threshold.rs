//! Takes the threshold out of an expression: `memory > 0.9` is drawn as `memory` with a line.

use promql_parser::parser::{
    Expr, parse,
    token::{T_ADD, T_DIV, T_EQLC, T_GTE, T_GTR, T_LSS, T_LTE, T_MUL, T_NEQ, T_SUB, TokenId},
    value::ValueType,
};

/// A comparison with a number, seen from the series' side: `series OP value`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// How a value is compared.
    pub op: Op,
    /// With what.
    pub value: f64,
}

/// Comparison of a sample with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
}

impl Op {
    /// As in `PromQL`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Less => "<",
            Self::LessEqual => "<=",
        }
    }

    fn of(token: TokenId) -> Option<Self> {
        Some(match token {
            T_EQLC => Self::Equal,
            T_NEQ => Self::NotEqual,
            T_GTR => Self::Greater,
            T_GTE => Self::GreaterEqual,
            T_LSS => Self::Less,
            T_LTE => Self::LessEqual,
            _ => return None,
        })
    }

    /// `5 < x` is `x > 5`.
    const fn turned(self) -> Self {
        match self {
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            same => same,
        }
    }
}

impl Threshold {
    /// Whether a sample keeps its place in the result.
    #[must_use]
    #[expect(clippy::float_cmp, reason = "PromQL compares exactly")]
    pub fn holds(self, value: f64) -> bool {
        match self.op {
            Op::Equal => value == self.value,
            Op::NotEqual => value != self.value,
            Op::Greater => value > self.value,
            Op::GreaterEqual => value >= self.value,
            Op::Less => value < self.value,
            Op::LessEqual => value <= self.value,
        }
    }
}

/// An expression as it is drawn and judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// What is drawn.
    pub series: String,
    /// What it is compared with; `None` = wherever the expression has a value, the condition
    /// holds.
    pub threshold: Option<Threshold>,
    /// The result is one number rather than a set of series.
    pub scalar: bool,
    /// What its author should know.
    pub warnings: Vec<&'static str>,
}

/// Splits an expression. One that does not parse is left whole: Prometheus says what is wrong.
///
/// The caller has bounded length and number of words: the parser's tree is walked recursively.
#[must_use]
pub fn split(expression: &str) -> Split {
    let whole = || Split {
        series: expression.to_owned(),
        threshold: None,
        scalar: false,
        warnings: vec![],
    };
    let Ok(parsed) = parse(expression) else { return whole() };
    let scalar = parsed.value_type() == ValueType::Scalar;
    let Expr::Binary(binary) = inner(&parsed) else { return Split { scalar, ..whole() } };
    let Some(op) = Op::of(binary.op.id()) else { return Split { scalar, ..whole() } };
    if binary.return_bool() {
        let warnings = vec![
            "with `bool` the comparison gives 0 or 1 for every series, and a rule fires for each \
             series that has a value: leave `bool` out",
        ];
        return Split { scalar, warnings, ..whole() };
    }
    let (series, op, value) = match (number(&binary.lhs), number(&binary.rhs)) {
        (None, Some(value)) => (&binary.lhs, op, value),
        (Some(value), None) => (&binary.rhs, op.turned(), value),
        _ => return Split { scalar, ..whole() },
    };
    let text = series.to_string();
    // The parser's own writing must mean the same; else the text is not taken apart.
    if parse(&text).as_ref() != Ok(series) {
        return Split { scalar, ..whole() };
    }
    let threshold = Some(Threshold { op, value });
    Split { series: text, threshold, scalar, warnings: Vec::new() }
}

fn inner(mut expression: &Expr) -> &Expr {
    while let Expr::Paren(paren) = expression {
        expression = &paren.expr;
    }
    expression
}

/// The value of an expression made of numbers alone.
fn number(expression: &Expr) -> Option<f64> {
    match inner(expression) {
        Expr::NumberLiteral(literal) => Some(literal.val),
        Expr::Unary(unary) => number(&unary.expr).map(|value| -value),
        Expr::Binary(binary) => {
            let (a, b) = (number(&binary.lhs)?, number(&binary.rhs)?);
            match binary.op.id() {
                T_ADD => Some(a + b),
                T_SUB => Some(a - b),
                T_MUL => Some(a * b),
                T_DIV => Some(a / b),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(expression: &str) -> String {
        let split = split(expression);
        match split.threshold {
            Some(threshold) => {
                format!("{} | {} {}", split.series, threshold.op.as_str(), threshold.value)
            }
            None => split.series,
        }
    }

    #[test]
    fn a_top_level_comparison_with_a_number_is_taken_apart_from_either_side() {
        let cases = [
            ("mysql_uptime < 30", "mysql_uptime | < 30"),
            ("30 > mysql_uptime", "mysql_uptime | < 30"),
            ("((a) >= -1.5)", "(a) | >= -1.5"),
            ("a == 2 * 1024", "a | == 2048"),
            (
                "sum by (job) (rate(x{code=~\"5..\"}[5m])) / 2 > (0.05)",
                "sum by (job) (rate(x{code=~\"5..\"}[5m])) / 2 | > 0.05",
            ),
            ("up{path=\"C:\\\\x\"} != 1", "up{path=\"C:\\\\x\"} | != 1"),
        ];
        for (expression, wanted) in cases {
            assert_eq!(said(expression), wanted, "{expression}");
        }
    }

    #[test]
    fn anything_else_is_drawn_whole() {
        for expression in [
            "a > b",
            "a > 1 and b > 2",
            "a > 1 or vector(0)",
            "absent(up)",
            "sum(a > 1)",
            "1",
            "no such expression",
        ] {
            assert_eq!(said(expression), expression);
        }
        assert!(split("1 + 1").scalar && !split("vector(1)").scalar);
    }

    #[test]
    fn bool_is_warned_of_since_it_fires_everywhere() {
        let split = split("up == bool 0");
        assert_eq!((split.threshold, split.warnings.len()), (None, 1));
    }

    #[test]
    fn samples_are_compared_as_promql_does() {
        let of = |op| Threshold { op, value: 1.0 };
        assert!(of(Op::NotEqual).holds(f64::NAN) && !of(Op::Equal).holds(f64::NAN));
        assert!(of(Op::GreaterEqual).holds(1.0) && !of(Op::Greater).holds(1.0));
        assert!(of(Op::LessEqual).holds(1.0) && !of(Op::Less).holds(1.0));
    }
}
