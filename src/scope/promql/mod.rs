//! Expressions that see only their scope: the scope's matcher is put into every selector.
//!
//! The text that goes to Prometheus is printed from the tree ([`print`]), never cut from what was
//! sent, and is read again: every selector of it must hold the matcher, and without the matchers
//! it must be the tree that was asked for ([`verify`]; there a short matcher stands for one that
//! may name a thousand projects, and is all the two texts differ in). What promql-parser cannot read, reads
//! otherwise than Prometheus, or loses is refused.
//!
//! A user's own matchers on `project` stay, and hold together with the scope's. `info()` reads
//! series that no selector names; it is experimental like all that `model::promql` refuses.

mod print;
#[cfg(test)]
mod tests;
mod verify;

use super::{Projects, Refusal, projects::LABEL};
use crate::model::{
    matcher::{Matcher, Op},
    promql::{self, Fault},
};
use promql_parser::parser::Expr;

/// The longest expression that is passed on, in bytes.
const LONGEST: usize = 4 << 20;

/// The expression as one that sees only `projects`; as it is, unchecked, where everything is
/// visible.
///
/// # Errors
/// What cannot be confined, with its place where that is known.
pub fn confine(expression: &str, projects: &Projects) -> Result<String, Fault> {
    match projects.matcher() {
        Some(matcher) => confined(&read(expression)?, &matcher),
        None => Ok(expression.to_owned()),
    }
}

/// The selectors of a `match[]` parameter, each confined; where there is none, one that selects
/// all that is in scope.
///
/// # Errors
/// The first that is no selector or cannot be confined.
pub fn confine_selectors(
    parameter: &str,
    selectors: &[String],
    projects: &Projects,
) -> Result<Vec<String>, Refusal> {
    let Some(matcher) = projects.matcher() else { return Ok(selectors.to_vec()) };
    if selectors.is_empty() {
        return Ok(vec![format!("{{{matcher}}}")]);
    }
    let confine = |text: &String| selector(text).and_then(|tree| confined(&tree, &matcher));
    let refused = |fault| Refusal::Expression { parameter: parameter.to_owned(), fault };
    selectors.iter().map(|text| confine(text).map_err(refused)).collect()
}

fn confined(tree: &Expr, matcher: &Matcher) -> Result<String, Fault> {
    let stand_in = Matcher::new(LABEL, Op::Regex, "scope");
    verify::verify(&print::print(tree, &stand_in)?, tree, &stand_in)?;
    let text = print::print_once(tree, matcher)?;
    if text.len() > LONGEST {
        let reason = "the scope has too many projects for an expression of this size".to_owned();
        return Err(Fault { place: None, reason });
    }
    Ok(text)
}

fn read(expression: &str) -> Result<Expr, Fault> {
    let tree = promql::read(expression)?;
    match bytes(expression) {
        None => Ok(tree),
        Some(place) => {
            let reason = "a string with bytes that are no text cannot be confined to a scope";
            Err(Fault { place: Some(place), reason: reason.to_owned() })
        }
    }
}

fn selector(text: &str) -> Result<Expr, Fault> {
    let tree = read(text)?;
    match &tree {
        Expr::VectorSelector(selector) if selector.at.is_none() && selector.offset.is_none() => {
            Ok(tree)
        }
        _ => Err(Fault { place: None, reason: "is not a series selector".to_owned() }),
    }
}

/// The place of the first string with an escape for a byte from 0x80: to Prometheus one byte, to
/// promql-parser a character of two.
fn bytes(text: &str) -> Option<(usize, usize)> {
    let high = |string: &str| {
        let mut rest = string;
        while let Some(at) = rest.find('\\') {
            let escape = &rest.as_bytes()[at + 1..];
            if matches!(escape, [b'x', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..] | [b'2'..=b'7', ..])
            {
                return true;
            }
            rest = rest[at + 1..].get(1..).unwrap_or_default();
        }
        false
    };
    let tokens = promql::tokens(text);
    let found = tokens
        .into_iter()
        .find(|&(start, end)| text[start..].starts_with(['"', '\'']) && high(&text[start..end]))?;
    Some(promql::line_and_column(text, found.0))
}
