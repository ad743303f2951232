//! RE2, the regular expressions of Prometheus and Alertmanager, read as Go's `regexp/syntax` reads
//! them and turned into the dialect of the `regex` crate, which is nearly the same: there `\d`,
//! `\w`, `\s` and `\b` are Unicode, classes nest, and other things are errors.
//!
//! Pure; for everybody who must say what Alertmanager or Prometheus would say. Groups become
//! non-capturing: only whether a whole text matches is asked here.

mod class;
mod escape;
mod group;

use std::fmt;

/// Largest count of a repetition, also multiplied over nested ones.
const MAX_REPEAT: u32 = 1000;

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

/// A text that is read from its front.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, prefix: &str) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What has been read since `start`.
    fn since(&self, start: &'a str) -> String {
        start[..start.len() - self.rest.len()].to_owned()
    }
}

/// What stands before a repetition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing: the begin of the pattern, a group or an alternative.
    Nothing,
    /// Something with this product of nested counts.
    Atom(u32),
    /// A repetition, which cannot be repeated.
    Repeat(u32),
}

impl Last {
    const fn weight(self) -> u32 {
        match self {
            Self::Nothing => 1,
            Self::Atom(weight) | Self::Repeat(weight) => weight,
        }
    }
}

/// Reads a pattern and writes it anew.
struct Translator<'a> {
    reader: Reader<'a>,
    out: String,
    last: Last,
    /// Heaviest part of the group that is being read.
    heaviest: u32,
    /// Heaviest parts of the groups around it.
    open: Vec<u32>,
}

fn translate(pattern: &str) -> Result<String, Reason> {
    let mut translator = Translator {
        reader: Reader { rest: pattern },
        out: String::with_capacity(pattern.len() + 16),
        last: Last::Nothing,
        heaviest: 1,
        open: Vec::new(),
    };
    while !translator.reader.rest.is_empty() {
        translator.step()?;
    }
    if translator.open.is_empty() { Ok(translator.out) } else { Err(Reason::MissingParen) }
}

impl Translator<'_> {
    fn step(&mut self) -> Result<(), Reason> {
        let start = self.reader.rest;
        let Some(c) = self.reader.next() else { return Ok(()) };
        match c {
            '(' => group::open(self, start)?,
            ')' => {
                let outer = self.open.pop().ok_or(Reason::UnexpectedParen)?;
                let weight = self.heaviest;
                self.heaviest = outer;
                self.atom(")", weight);
            }
            '|' => {
                self.out.push('|');
                self.last = Last::Nothing;
            }
            '^' | '$' | '.' => self.atom(c.encode_utf8(&mut [0; 4]), 1),
            '[' => {
                let class = class::read(&mut self.reader)?;
                self.atom(&class, 1);
            }
            '*' | '+' | '?' => self.repeat(start, 1, c.into())?,
            '{' => match group::counts(&mut self.reader) {
                Some((least, most)) => self.counted(start, least, most)?,
                None => self.literal('{'),
            },
            '\\' => self.escaped(start)?,
            c => self.literal(c),
        }
        Ok(())
    }

    fn atom(&mut self, text: &str, weight: u32) {
        self.out.push_str(text);
        self.last = Last::Atom(weight);
        self.heaviest = self.heaviest.max(weight);
    }

    fn literal(&mut self, c: char) {
        escape::write(&mut self.out, c);
        self.last = Last::Atom(1);
    }

    fn counted(&mut self, start: &str, least: u32, most: Option<u32>) -> Result<(), Reason> {
        let part = start[..start.len() - self.reader.rest.len()].to_owned();
        let backwards = most.is_some_and(|most| least > most);
        if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT) || backwards {
            return Err(Reason::RepeatCount(part));
        }
        let times = most.unwrap_or(least).max(1);
        if self.last.weight().saturating_mul(times) > MAX_REPEAT {
            return Err(Reason::RepeatCount(part));
        }
        let most = most.map(|most| most.to_string()).unwrap_or_default();
        self.repeat(start, times, format!("{{{least},{most}}}"))
    }

    fn repeat(&mut self, start: &str, times: u32, written: String) -> Result<(), Reason> {
        let lazy = self.reader.take("?");
        let part = start[..start.len() - self.reader.rest.len()].to_owned();
        match self.last {
            Last::Nothing => return Err(Reason::NothingToRepeat(part)),
            Last::Repeat(_) => return Err(Reason::NestedRepeat(part)),
            Last::Atom(weight) => {
                let weight = weight * times;
                self.last = Last::Repeat(weight);
                self.heaviest = self.heaviest.max(weight);
            }
        }
        self.out.push_str(&written);
        if lazy {
            self.out.push('?');
        }
        Ok(())
    }

    fn escaped(&mut self, start: &str) -> Result<(), Reason> {
        if self.reader.take("Q") {
            let (literal, rest) =
                self.reader.rest.split_once(r"\E").unwrap_or((self.reader.rest, ""));
            self.reader.rest = rest;
            literal.chars().for_each(|c| self.literal(c));
            return Ok(());
        }
        for (name, written) in [("A", r"\A"), ("z", r"\z"), ("b", r"(?-u:\b)"), ("B", r"(?-u:\B)")]
        {
            if self.reader.take(name) {
                self.atom(written, 1);
                return Ok(());
            }
        }
        if let Some(class) = escape::class(&mut self.reader, start)? {
            self.atom(&format!("[{class}]"), 1);
            return Ok(());
        }
        let c = escape::character(&mut self.reader, start)?;
        self.literal(c);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
