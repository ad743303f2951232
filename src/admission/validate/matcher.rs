//! Alertmanager's matchers: `name="value"` with `=`, `!=`, `=~` or `!~`. Read in the form that
//! both of Alertmanager's parsers understand alike.

use super::{Code, regexp};
use crate::model::label::is_label_name;

/// What a matcher says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matcher {
    pub(super) name: String,
    pub(super) regex: bool,
    pub(super) equal: bool,
    pub(super) value: String,
}

/// Reads one matcher; a pattern must be a regular expression.
pub(super) fn parse(text: &str) -> Result<Matcher, (Code, String)> {
    let fail = |reason: &str| {
        let shown: String = text.chars().take(80).collect();
        (Code::Matcher, format!("`{shown}` is not a matcher: {reason}"))
    };
    let text = text.trim();
    let operator = text.find(['=', '!']).ok_or_else(|| fail("write it like name=\"value\""))?;
    let (name, rest) = (text[..operator].trim_end(), &text[operator..]);
    if !is_label_name(name) {
        return Err(fail("the label name must be [a-zA-Z_][a-zA-Z0-9_]*"));
    }
    let (equal, regex, rest) = ["=~", "!~", "!=", "="]
        .into_iter()
        .find_map(|sign| rest.strip_prefix(sign).map(|rest| (sign, rest)))
        .map(|(sign, rest)| (sign.starts_with('='), sign.ends_with('~'), rest.trim_start()))
        .ok_or_else(|| fail("the operator must be =, !=, =~ or !~"))?;
    let value = value(rest).map_err(fail)?;
    if regex {
        regexp::check(&value).map_err(|message| (Code::Regex, message))?;
    }
    Ok(Matcher { name: name.to_owned(), regex, equal, value })
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn matchers_are_read_with_all_operators() {
        let read = |text| parse(text).map(|m| (m.name, m.equal, m.regex, m.value)).unwrap();
        assert_eq!(
            read(r#"severity="critical""#),
            ("severity".into(), true, false, "critical".into())
        );
        assert_eq!(read(r"team!=db"), ("team".into(), false, false, "db".into()));
        assert_eq!(read(r#" a =~ "x|y" "#), ("a".into(), true, true, "x|y".into()));
        assert_eq!(read(r#"a!~"\\d+ \"q\"""#), ("a".into(), false, true, r#"\d+ "q""#.into()));
        assert_eq!(read(r#"a="""#), ("a".into(), true, false, String::new()));
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
            assert_eq!(parse(bad).unwrap_err().0, Code::Matcher, "{bad}");
        }
        assert_eq!(parse(r#"a=~"(""#).unwrap_err().0, Code::Regex);
    }

    proptest! {
        #[test]
        fn any_quoted_value_comes_back(value in "[^\u{0}]{0,30}") {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            prop_assert_eq!(parse(&format!("a=\"{quoted}\"")).unwrap().value, value);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
