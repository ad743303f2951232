//! RE2, the regular expressions of Prometheus and Alertmanager, read as Go's `regexp/syntax` reads
//! them and turned into the dialect of the `regex` crate, which is nearly the same: there `\d`,
//! `\w`, `\s` and `\b` are Unicode, classes nest, and other things are errors.
//!
//! Pure; for everybody who must say what Alertmanager or Prometheus would say. Groups become
//! non-capturing: only whether a whole text matches is asked here.

mod class;
mod escape;
mod group;
mod translate;

use std::fmt;
use translate::{Last, Reader, Translator, translate};

/// Why a pattern is none. The words are those of Go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{shown}` is not a regular expression: {reason}")]
pub struct PatternError {
    /// The pattern, cut to 80 characters.
    pub shown: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A pattern that is compared with whole texts, as label matchers do.
#[derive(Debug, Clone)]
pub struct Pattern(regex::bytes::Regex);

impl Pattern {
    /// Whether all of `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }
}

/// Says whether `pattern` is one.
///
/// # Errors
/// What Go would say, or that it is too large to compile here.
pub fn check(pattern: &str) -> Result<(), PatternError> {
    anchored(pattern).map(drop)
}

/// Compiles a pattern, anchored at both ends.
///
/// # Errors
/// As [`check`].
pub fn anchored(pattern: &str) -> Result<Pattern, PatternError> {
    let fail = |reason: String| PatternError { shown: pattern.chars().take(80).collect(), reason };
    let translated = translate(pattern).map_err(|reason| fail(reason.to_string()))?;
    regex::bytes::Regex::new(&format!("^(?:{translated})$")).map(Pattern).map_err(|error| {
        let reason = match &error {
            regex::Error::Syntax(text) => text.lines().last().unwrap_or_default().to_owned(),
            other => other.to_string(),
        };
        fail(reason.trim_start_matches("error: ").to_owned())
    })
}

/// A text that matches exactly `literal`: every special character escaped.
#[must_use]
pub fn quote(literal: &str) -> String {
    let mut quoted = String::with_capacity(literal.len());
    for c in literal.chars() {
        if SPECIAL.contains(c) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

const SPECIAL: &str = r"\.+*?()|[]{}^$";

/// The plain texts of a pattern that is nothing but a list of them (`critical|page`); `None` for
/// any other.
#[must_use]
pub fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let mut found = vec![String::new()];
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '|' => found.push(String::new()),
            '\\' => {
                let escaped = chars.next().filter(char::is_ascii_punctuation)?;
                found.last_mut()?.push(escaped);
            }
            c if SPECIAL.contains(c) => return None,
            c => found.last_mut()?.push(c),
        }
    }
    Some(found)
}

/// What is wrong, in Go's words, with the part that is.
#[derive(Debug, PartialEq, Eq)]
enum Reason {
    UnexpectedParen,
    MissingParen,
    MissingBracket,
    TrailingBackslash,
    NamedGroup(String),
    GroupSyntax(String),
    Escape(String),
    ClassRange(String),
    NestedRepeat(String),
    RepeatCount(String),
    NothingToRepeat(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnexpectedParen => f.write_str("unexpected )"),
            Self::MissingParen => f.write_str("missing closing )"),
            Self::MissingBracket => f.write_str("missing closing ]"),
            Self::TrailingBackslash => f.write_str("trailing backslash at its end"),
            Self::NamedGroup(part) => write!(f, "invalid named capture: `{part}`"),
            Self::GroupSyntax(part) => {
                write!(f, "invalid or unsupported Perl syntax: `{part}` (RE2 has no look-around)")
            }
            Self::Escape(part) => write!(f, "invalid escape sequence: `{part}`"),
            Self::ClassRange(part) => write!(f, "invalid character class range: `{part}`"),
            Self::NestedRepeat(part) => write!(f, "invalid nested repetition operator: `{part}`"),
            Self::RepeatCount(part) => write!(f, "invalid repeat count: `{part}`"),
            Self::NothingToRepeat(part) => {
                write!(f, "missing argument to repetition operator: `{part}`")
            }
        }
    }
}

#[cfg(test)]
mod tests;
