//! A tree as text, in the words that promql-parser and Prometheus read alike.
//!
//! The crate's own `Display` loses some things: times before 1970 after `@`, an empty `by ()`, an
//! empty `ignoring ()` before `group_left`, and labels it sorts, to which `absent()` is not blind.
//! Every field of a node is named here, so that one that a later version adds cannot be forgotten.

use crate::model::{matcher, promql::Fault};
use promql_parser::{
    label::{Labels, MatchOp, Matcher, Matchers},
    parser::{
        AggregateExpr, AtModifier, BinModifier, BinaryExpr, Call, Expr, LabelModifier,
        MatrixSelector, NumberLiteral, Offset, ParenExpr, StringLiteral, SubqueryExpr, UnaryExpr,
        VectorMatchCardinality, VectorMatchFillValues, VectorSelector,
    },
    util::{display_duration, escape_string},
};
use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

/// The text of `tree` with `scope` as the first matcher of every selector.
pub(super) fn print(tree: &Expr, scope: &matcher::Matcher) -> Result<String, Fault> {
    let mut printer = Printer { out: String::new(), scope: scope.to_string(), once: false };
    printer.expression(tree)?;
    Ok(printer.out)
}

/// The same, but where a selector has that very matcher already, it has it once: what was confined
/// before stays as it is.
pub(super) fn print_once(tree: &Expr, scope: &matcher::Matcher) -> Result<String, Fault> {
    let mut printer = Printer { out: String::new(), scope: scope.to_string(), once: true };
    printer.expression(tree)?;
    Ok(printer.out)
}

struct Printer {
    out: String,
    scope: String,
    once: bool,
}

type Printed = Result<(), Fault>;

fn refused(reason: &str) -> Fault {
    Fault { place: None, reason: format!("{reason} cannot be confined to a scope") }
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn expression(&mut self, tree: &Expr) -> Printed {
        match tree {
            Expr::Aggregate(tree) => self.aggregate(tree),
            Expr::Unary(UnaryExpr { expr }) => {
                self.put("-");
                self.expression(expr)
            }
            Expr::Binary(tree) => self.binary(tree),
            Expr::Paren(ParenExpr { expr }) => {
                self.put("(");
                self.expression(expr)?;
                self.put(")");
                Ok(())
            }
            Expr::Subquery(tree) => self.subquery(tree),
            Expr::NumberLiteral(NumberLiteral { val }) => {
                self.put(&number(*val));
                Ok(())
            }
            Expr::StringLiteral(StringLiteral { val }) => {
                self.put(&quoted(val));
                Ok(())
            }
            Expr::VectorSelector(selector) => self.selector(selector, None),
            Expr::MatrixSelector(MatrixSelector { vs, range }) => self.selector(vs, Some(range)),
            Expr::Call(Call { func, args }) => {
                if func.experimental {
                    return Err(refused(&format!("`{}`", func.name)));
                }
                self.put(func.name);
                self.put("(");
                self.list(&args.args)?;
                self.put(")");
                Ok(())
            }
            Expr::Extension(_) => Err(refused("this")),
        }
    }

    fn list(&mut self, trees: &[Box<Expr>]) -> Printed {
        for (position, tree) in trees.iter().enumerate() {
            if position > 0 {
                self.put(", ");
            }
            self.expression(tree)?;
        }
        Ok(())
    }

    fn aggregate(&mut self, tree: &AggregateExpr) -> Printed {
        let AggregateExpr { op, expr, param, modifier } = tree;
        self.put(&op.to_string());
        match modifier {
            Some(LabelModifier::Include(names)) => self.put(&format!(" by ({}) ", labels(names))),
            Some(LabelModifier::Exclude(names)) => {
                self.put(&format!(" without ({}) ", labels(names)));
            }
            None => {}
        }
        self.put("(");
        if let Some(param) = param {
            self.expression(param)?;
            self.put(", ");
        }
        self.expression(expr)?;
        self.put(")");
        Ok(())
    }

    fn binary(&mut self, tree: &BinaryExpr) -> Printed {
        let BinaryExpr { op, lhs, rhs, modifier } = tree;
        self.expression(lhs)?;
        self.put(&format!(" {op} "));
        if let Some(modifier) = modifier {
            self.put(&matching(modifier)?);
        }
        self.expression(rhs)
    }

    fn subquery(&mut self, tree: &SubqueryExpr) -> Printed {
        let SubqueryExpr { expr, offset, at, range, step } = tree;
        self.expression(expr)?;
        let step = step.as_ref().map(display_duration).unwrap_or_default();
        self.put(&format!("[{}:{step}]", display_duration(range)));
        self.times(at.as_ref(), offset.as_ref());
        Ok(())
    }

    fn selector(&mut self, selector: &VectorSelector, range: Option<&Duration>) -> Printed {
        let VectorSelector { name, matchers: Matchers { matchers, or_matchers }, offset, at } =
            selector;
        if !or_matchers.is_empty() {
            return Err(refused("`or` between matchers"));
        }
        self.put(name.as_deref().unwrap_or_default());
        let scope = self.scope.clone();
        let asked = matchers.iter().map(matcher);
        let other = asked.filter(|matcher| !self.once || *matcher != scope);
        let own: Vec<String> = [scope.clone()].into_iter().chain(other).collect();
        self.put(&format!("{{{}}}", own.join(",")));
        if let Some(range) = range {
            self.put(&format!("[{}]", display_duration(range)));
        }
        self.times(at.as_ref(), offset.as_ref());
        Ok(())
    }

    fn times(&mut self, at: Option<&AtModifier>, offset: Option<&Offset>) {
        match at {
            Some(AtModifier::Start) => self.put(" @ start()"),
            Some(AtModifier::End) => self.put(" @ end()"),
            Some(AtModifier::At(time)) => self.put(&format!(" @ {}", instant(*time))),
            None => {}
        }
        match offset {
            Some(Offset::Pos(time)) => self.put(&format!(" offset {}", display_duration(time))),
            Some(Offset::Neg(time)) => self.put(&format!(" offset -{}", display_duration(time))),
            None => {}
        }
    }
}

fn matching(modifier: &BinModifier) -> Result<String, Fault> {
    let BinModifier { card, matching, return_bool, fill_values } = modifier;
    let VectorMatchFillValues { rhs: None, lhs: None } = fill_values else {
        return Err(refused("`fill`"));
    };
    let mut text = String::new();
    if *return_bool {
        text.push_str("bool ");
    }
    let _ = match matching {
        Some(LabelModifier::Include(names)) => write!(text, "on ({}) ", labels(names)),
        Some(LabelModifier::Exclude(names)) => write!(text, "ignoring ({}) ", labels(names)),
        None => Ok(()),
    };
    let _ = match card {
        VectorMatchCardinality::ManyToOne(names) => write!(text, "group_left ({}) ", labels(names)),
        VectorMatchCardinality::OneToMany(names) => {
            write!(text, "group_right ({}) ", labels(names))
        }
        VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => Ok(()),
    };
    Ok(text)
}

fn matcher(matcher: &Matcher) -> String {
    let Matcher { op, name, value } = matcher;
    let op = match op {
        MatchOp::Equal => "=",
        MatchOp::NotEqual => "!=",
        MatchOp::Re(_) => "=~",
        MatchOp::NotRe(_) => "!~",
    };
    format!("{}{op}{}", label(name), quoted(value))
}

fn labels(names: &Labels) -> String {
    names.labels.iter().map(|name| label(name)).collect::<Vec<_>>().join(", ")
}

fn label(name: &str) -> String {
    if crate::model::label::is_label_name(name) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escape_string(text))
}

fn number(value: f64) -> String {
    match value {
        f64::INFINITY => "Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        value if value.is_nan() => "NaN".to_owned(),
        value => value.to_string(),
    }
}

/// Seconds since 1970 with three places; negative before.
fn instant(time: SystemTime) -> String {
    let (sign, since) = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => ("", since),
        Err(before) => ("-", before.duration()),
    };
    format!("{sign}{}.{:03}", since.as_secs(), since.subsec_millis())
}
