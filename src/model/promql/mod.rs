//! `PromQL`: does it parse, and if not, where and why?
//!
//! promql-parser gives a reason but no position, and for a wrong word no reason either. Both are
//! found by trying beginnings of the text: a beginning is *viable* when something can follow that
//! makes it parse, and the first word after the longest viable beginning is the wrong one. The
//! checker of the build that will run has the last word.

mod durations;
mod experimental;
mod spelling;
#[cfg(test)]
mod tests;

use promql_parser::parser::{Expr, lexer, parse};
use std::fmt;

/// Longest expression taken, in bytes. The parser's tree is as deep as a text is nested or
/// chained, and is walked recursively.
const LONGEST: usize = 16 * 1024;
/// Most words taken, for the same reason.
const MOST_TOKENS: usize = 2_000;
/// What promql-parser says of a text that does not fit the grammar.
const NO_REASON: &str = "invalid promql query";

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line and column in the expression, in characters from 1; `None` = all of it.
    pub place: Option<(usize, usize)>,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "line {line}, column {column}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// Checks an expression.
///
/// # Errors
/// Line, column (in characters, from 1) and reason.
pub fn check(expression: &str) -> Result<(), String> {
    find(expression).map_err(|fault| fault.to_string())
}

/// Checks an expression.
///
/// # Errors
/// The first fault.
pub fn find(expression: &str) -> Result<(), Fault> {
    read(expression).map(drop)
}

/// The tree of an expression of bounded size without experimental parts. Walking it recursively
/// is safe.
///
/// # Errors
/// The first fault.
pub fn read(expression: &str) -> Result<Expr, Fault> {
    let whole = |reason: String| Err(Fault { place: None, reason });
    if expression.trim().is_empty() {
        return whole("an expression is needed".to_owned());
    }
    if expression.len() > LONGEST {
        return whole(format!("is longer than {LONGEST} bytes; split it with recording rules"));
    }
    let tokens = tokens(expression);
    if tokens.len() > MOST_TOKENS {
        return whole(format!("has more than {MOST_TOKENS} words; split it with recording rules"));
    }
    let fault = |offset: usize, reason: String| Fault {
        place: Some(line_and_column(expression, offset)),
        reason,
    };
    if let Some((offset, number)) = spelling::too_large(expression, &tokens) {
        return Err(fault(offset, format!("`{number}` is too large")));
    }
    if let Some((offset, word)) = durations::too_long(expression, &tokens) {
        return Err(fault(offset, format!("`{word}` is too long a time")));
    }
    let common = spelling::common(expression, &tokens);
    match parse(&common) {
        Ok(parsed) => match experimental::first(&parsed) {
            None => Ok(parsed),
            Some(name) => {
                let place = tokens.iter().find(|token| expression[token.0..token.1] == *name);
                let reason = format!("`{name}` is experimental and not switched on");
                Err(fault(place.map_or(0, |token| token.0), reason))
            }
        },
        Err(reason) => {
            let spelled = self::tokens(&common);
            let (offset, reason) = explain(&common, &spelled, reason);
            // Both spellings have the same words.
            let word = spelled.iter().position(|token| token.0 == offset);
            let original = word.and_then(|word| tokens.get(word)).map(|token| token.0);
            Err(fault(original.unwrap_or_else(|| expression.trim_end().len()), reason))
        }
    }
}

/// Byte offset and reason of what is wrong with a text that does not parse.
fn explain(text: &str, tokens: &[(usize, usize)], reason: String) -> (usize, String) {
    let is_grammar = reason == NO_REASON;
    if !is_grammar && lexer(text).is_ok() {
        return (meaning(text, tokens, &reason), reason);
    }
    // Viability never comes back once it is lost, so the first bad word is found by halving.
    let n_viable = (1..=tokens.len())
        .collect::<Vec<_>>()
        .partition_point(|count| viable(text, &tokens[..*count]));
    match tokens.get(n_viable) {
        Some(&(start, end)) if is_grammar => (start, format!("unexpected `{}`", &text[start..end])),
        Some(&(start, _)) => (start, reason),
        None if is_grammar => (text.trim_end().len(), "the expression is not complete".to_owned()),
        None => (text.trim_end().len(), reason),
    }
}

/// Where the error of a text that fits the grammar (a wrong type, a missing argument) appears
/// first as the text grows.
fn meaning(text: &str, tokens: &[(usize, usize)], reason: &str) -> usize {
    let shows = |count: usize| {
        let (beginning, closers) = beginning(text, &tokens[..count]);
        parse(&format!("{beginning}{closers}")).is_err_and(|error| error == reason)
    };
    let first = (1..=tokens.len()).find(|count| shows(*count));
    first.map_or(0, |count| tokens[count - 1].0)
}

/// Whether something can follow these words of `text` that makes it fit the grammar.
fn viable(text: &str, tokens: &[(usize, usize)]) -> bool {
    const INSIDE: [&str; 12] = [
        "", " x", "(x)", "(x) (x)", " (x) x", " 5m", "5m", "=\"x\"", "\"x\"", " x=\"x\"", " 5m:",
        " 1",
    ];
    const AFTER: [&str; 3] = ["", " (x)", " x"];
    let (beginning, closers) = beginning(text, tokens);
    let inner = closers.chars().next().map_or(0, char::len_utf8);
    let (inner, outer) = closers.split_at(inner);
    INSIDE.iter().any(|inside| {
        AFTER.iter().any(|after| {
            let whole = format!("{beginning}{inside}{inner}{after}{outer}");
            lexer(&whole).is_ok() && parse(&whole).err().as_deref() != Some(NO_REASON)
        })
    })
}

/// The text up to the last of these words, and what closes the brackets open by then.
fn beginning<'a>(text: &'a str, tokens: &[(usize, usize)]) -> (&'a str, String) {
    let mut open = Vec::new();
    for &(start, end) in tokens {
        match &text[start..end] {
            "(" => open.push(')'),
            "[" => open.push(']'),
            "{" => open.push('}'),
            ")" | "]" | "}" => drop(open.pop()),
            _ => {}
        }
    }
    let end = tokens.last().map_or(0, |token| token.1);
    (&text[..end], open.into_iter().rev().collect())
}

/// Byte ranges of the words, strings and signs of a text, without spaces and comments.
#[must_use]
pub fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            c if c.is_whitespace() => c.len_utf8(),
            '"' | '\'' | '`' => string(rest, first),
            c if is_word(c) => word(rest),
            c if ["==", "!=", "=~", "!~", ">=", "<="].contains(&rest.get(..2).unwrap_or("")) => {
                c.len_utf8() + 1
            }
            c => c.len_utf8(),
        };
        if first != '#' && !first.is_whitespace() {
            tokens.push((at, at + length));
        }
        at += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '.')
}

/// Length of the word at the beginning of `text`; `1e+5` is one.
fn word(text: &str) -> usize {
    let length = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
    let first = length(text);
    let number = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let hex = text.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    let rest = &text[first..];
    let exponent = text[..first].ends_with(['e', 'E'])
        && rest.starts_with(['+', '-'])
        && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if number && !hex && exponent { first + 1 + length(&rest[1..]) } else { first }
}

/// Length of the string at the beginning of `text`, or of all of it if it is not closed.
fn string(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return at + 1;
        }
        if c == '\\' && quote != '`' {
            chars.next();
        }
    }
    text.len()
}

/// Line and column of a byte offset, in characters from 1.
#[must_use]
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
