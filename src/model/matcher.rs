//! Alertmanager's matchers: `name="value"` with `=`, `!=`, `=~` or `!~`, in the form that both of
//! Alertmanager's parsers understand alike, and what they say of a label set.

use super::{
    label::{Labels, is_label_name},
    re2::{self, Pattern, PatternError},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Op {
    /// Is this value.
    #[serde(rename = "=")]
    Equal,
    /// Is another value.
    #[serde(rename = "!=")]
    NotEqual,
    /// Matches the pattern as a whole.
    #[serde(rename = "=~")]
    Regex,
    /// Does not match the pattern.
    #[serde(rename = "!~")]
    NotRegex,
}

impl Op {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Regex => "=~",
            Self::NotRegex => "!~",
        }
    }

    /// `=` and `=~`.
    #[must_use]
    pub const fn is_equal(self) -> bool {
        matches!(self, Self::Equal | Self::Regex)
    }

    /// `=~` and `!~`.
    #[must_use]
    pub const fn is_regex(self) -> bool {
        matches!(self, Self::Regex | Self::NotRegex)
    }

    /// The operator with these properties.
    #[must_use]
    pub const fn of(is_equal: bool, is_regex: bool) -> Self {
        match (is_equal, is_regex) {
            (true, false) => Self::Equal,
            (false, false) => Self::NotEqual,
            (true, true) => Self::Regex,
            (false, true) => Self::NotRegex,
        }
    }
}

/// What a matcher says. Its `Display` is Alertmanager's form with a quoted value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Matcher {
    /// Label name.
    pub name: String,
    /// How it is compared.
    pub op: Op,
    /// Value or anchored RE2 pattern. A label that is not there counts as an empty value.
    pub value: String,
}

/// Why a text is no matcher.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatcherError {
    /// Not in the form of one.
    #[error("`{shown}` is not a matcher: {reason}")]
    Syntax {
        /// The text, cut to 80 characters.
        shown: String,
        /// What would be right.
        reason: &'static str,
    },
    /// Its pattern is none.
    #[error(transparent)]
    Pattern(#[from] PatternError),
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        write!(f, "{}{}\"{value}\"", self.name, self.op.as_str())
    }
}

impl Matcher {
    /// A matcher of these parts, unchecked.
    pub fn new(name: impl Into<String>, op: Op, value: impl Into<String>) -> Self {
        Self { name: name.into(), op, value: value.into() }
    }

    /// `name` is one of `values`: `=` for one, a pattern for more.
    #[must_use]
    pub fn any_of(name: &str, values: &[&str]) -> Self {
        match values {
            [value] => Self::new(name, Op::Equal, *value),
            values => {
                let quoted: Vec<String> = values.iter().map(|value| re2::quote(value)).collect();
                Self::new(name, Op::Regex, quoted.join("|"))
            }
        }
    }

    /// Reads one matcher; a pattern must be a regular expression.
    ///
    /// # Errors
    /// [`MatcherError`].
    pub fn parse(text: &str) -> Result<Self, MatcherError> {
        let fail = |reason: &'static str| MatcherError::Syntax {
            shown: text.trim().chars().take(80).collect(),
            reason,
        };
        let text = text.trim();
        let operator = text.find(['=', '!']).ok_or_else(|| fail("write it like name=\"value\""))?;
        let (name, rest) = (text[..operator].trim_end(), &text[operator..]);
        if !is_label_name(name) {
            return Err(fail("the label name must be [a-zA-Z_][a-zA-Z0-9_]*"));
        }
        let (op, rest) = [Op::Regex, Op::NotRegex, Op::NotEqual, Op::Equal]
            .into_iter()
            .find_map(|op| Some((op, rest.strip_prefix(op.as_str())?.trim_start())))
            .ok_or_else(|| fail("the operator must be =, !=, =~ or !~"))?;
        let value = value(rest).map_err(fail)?;
        if op.is_regex() {
            re2::check(&value)?;
        }
        Ok(Self { name: name.to_owned(), op, value })
    }

    /// Prepares the matcher for comparing many label sets.
    ///
    /// # Errors
    /// Its pattern is none; never for one that was parsed.
    pub fn test(&self) -> Result<Test, PatternError> {
        let how = match self.op.is_regex() {
            true => How::Pattern(re2::anchored(&self.value)?),
            false => How::Value(self.value.clone()),
        };
        Ok(Test { name: self.name.clone(), equal: self.op.is_equal(), how })
    }
}

/// A matcher that is ready to be asked.
#[derive(Debug, Clone)]
pub struct Test {
    name: String,
    equal: bool,
    how: How,
}

#[derive(Debug, Clone)]
enum How {
    Value(String),
    Pattern(Pattern),
}

impl Test {
    /// Whether it holds for `labels`.
    #[must_use]
    pub fn holds(&self, labels: &Labels) -> bool {
        let text = labels.get(&self.name).map_or("", String::as_str);
        let same = match &self.how {
            How::Value(value) => value == text,
            How::Pattern(pattern) => pattern.matches(text),
        };
        same == self.equal
    }
}

/// Tests for all of `matchers`, which hold together when each holds.
///
/// # Errors
/// The first pattern that is none.
pub fn tests(matchers: &[Matcher]) -> Result<Vec<Test>, PatternError> {
    matchers.iter().map(Matcher::test).collect()
}

/// Whether all hold; true where there is none.
#[must_use]
pub fn all_hold(tests: &[Test], labels: &Labels) -> bool {
    tests.iter().all(|test| test.holds(labels))
}

fn value(text: &str) -> Result<String, &'static str> {
    let Some(quoted) = text.strip_prefix('"') else {
        let special = |c: char| c.is_whitespace() || "{}!=~,\\\"'`".contains(c);
        return match text {
            "" => Err("the value is missing"),
            text if text.contains(special) => Err("put the value into double quotes"),
            text => Ok(text.to_owned()),
        };
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if chars.as_str().is_empty() => return Ok(value),
            '"' => return Err("there is something after the closing quote"),
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some(c @ ('"' | '\\')) => value.push(c),
                _ => return Err("inside quotes a backslash is written \\\\ and a quote \\\""),
            },
            c => value.push(c),
        }
    }
    Err("the closing quote is missing")
}

#[cfg(test)]
mod tests_of_matchers {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn matchers_are_read_with_all_operators() {
        let read = |text| Matcher::parse(text).unwrap();
        assert_eq!(read(r#"severity="critical""#), Matcher::new("severity", Op::Equal, "critical"));
        assert_eq!(read(r"team!=db"), Matcher::new("team", Op::NotEqual, "db"));
        assert_eq!(read(r#" a =~ "x|y" "#), Matcher::new("a", Op::Regex, "x|y"));
        assert_eq!(read(r#"a!~"\\d+ \"q\"""#), Matcher::new("a", Op::NotRegex, r#"\d+ "q""#));
        assert_eq!(read(r#"a="""#), Matcher::new("a", Op::Equal, ""));
    }

    #[test]
    fn what_is_no_matcher_is_said_so() {
        for bad in [
            "",
            "a",
            "a>1",
            "1a=b",
            r#"a="b"#,
            r#"a="b"c"#,
            r#"a="\d""#,
            "a=b c",
            "a=",
            "a==b",
            "a=b,c=d",
        ] {
            let error = Matcher::parse(bad).unwrap_err();
            assert!(matches!(error, MatcherError::Syntax { .. }), "{bad}");
        }
        assert!(matches!(Matcher::parse(r#"a=~"(""#), Err(MatcherError::Pattern(_))));
    }

    #[test]
    fn a_label_that_is_not_there_is_an_empty_one() {
        let labels = Labels::from([("a".into(), "x".into()), ("b".into(), String::new())]);
        let holds = |text: &str| Matcher::parse(text).unwrap().test().unwrap().holds(&labels);
        for good in [r#"a="x""#, r#"b="""#, r#"c="""#, "c!=x", r#"c=~".*""#, r#"a!~"y|z""#] {
            assert!(holds(good), "{good}");
        }
        for bad in [r#"a="""#, "c=x", r#"c!="""#, r#"c=~".+""#, r#"a=~"xy?z""#, r#"b!~"""#] {
            assert!(!holds(bad), "{bad}");
        }
    }

    #[test]
    fn several_values_become_a_pattern_of_them() {
        assert_eq!(Matcher::any_of("p", &["a.b"]).to_string(), r#"p="a.b""#);
        assert_eq!(Matcher::any_of("p", &["a.b", "c"]).to_string(), r#"p=~"a\\.b|c""#);
    }

    proptest! {
        #[test]
        fn any_value_comes_back(value in "[^\u{0}]{0,30}") {
            let matcher = Matcher::new("a", Op::Equal, value);
            prop_assert_eq!(Matcher::parse(&matcher.to_string()).unwrap(), matcher);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = Matcher::parse(&text);
        }
    }
}
