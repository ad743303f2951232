//! Matchers in every form that Alertmanager takes: its classic one with its leniency first, then
//! the one with names of any letters.

use crate::model::{
    label::is_label_name,
    matcher::{Matcher, Op},
    re2,
};

/// What one entry of `matchers` says; it may hold several, or none.
///
/// # Errors
/// Why Alertmanager refuses it.
pub(super) fn parse(text: &str) -> Result<Vec<Matcher>, String> {
    let matchers = classic(text).or_else(|error| any_letters(text).ok_or(error))?;
    for matcher in matchers.iter().filter(|matcher| matcher.op.is_regex()) {
        re2::check(&matcher.value).map_err(|error| error.to_string())?;
    }
    Ok(matchers)
}

/// Whether our matchers can say it: they take classic names only.
pub(super) fn expressible(matcher: &Matcher) -> bool {
    is_label_name(&matcher.name)
}

fn classic(text: &str) -> Result<Vec<Matcher>, String> {
    let text = text.strip_prefix('{').unwrap_or(text);
    let text = text.strip_suffix('}').unwrap_or(text);
    let parts = split(text);
    let last = parts.len().saturating_sub(1);
    let filled = parts.iter().enumerate().filter(|(n, part)| *n < last || !part.is_empty());
    filled.map(|(_, part)| one(part)).collect()
}

/// At commas outside of quotes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in text.chars() {
        match c {
            ',' if !quoted => {
                parts.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

fn one(text: &str) -> Result<Matcher, String> {
    let bad = || format!("bad matcher format: {}", text.chars().take(80).collect::<String>());
    let trimmed = text.trim();
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let end = trimmed.find(|c| !letters(c)).ok_or_else(bad)?;
    let (name, rest) = (&trimmed[..end], trimmed[end..].trim_start());
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(bad());
    }
    let (op, rest) = operator(rest).ok_or_else(bad)?;
    let value = unescaped(rest.trim_start())
        .ok_or_else(|| format!("matcher value contains unescaped double quote: {rest}"))?;
    Ok(Matcher::new(name, op, value))
}

fn operator(text: &str) -> Option<(Op, &str)> {
    [Op::Regex, Op::NotRegex, Op::NotEqual, Op::Equal]
        .into_iter()
        .find_map(|op| Some((op, text.strip_prefix(op.as_str())?)))
}

/// Quotes are taken off, `\"`, `\\` and `\n` are read; another backslash means itself.
fn unescaped(raw: &str) -> Option<String> {
    let quoted = raw.strip_prefix('"');
    let mut open = quoted.is_some();
    let mut value = String::new();
    let mut chars = quoted.unwrap_or(raw).chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                None => value.push('\\'),
                Some('n') => value.push('\n'),
                Some(c @ ('"' | '\\')) => value.push(c),
                Some(c) => value.extend(['\\', c]),
            },
            '"' if open && chars.peek().is_none() => open = false,
            '"' => return None,
            c => value.push(c),
        }
    }
    (!open).then_some(value)
}

/// `{"a.b"="c", ü=~"d"}`: names and values of any letters, quoted where they need it.
fn any_letters(text: &str) -> Option<Vec<Matcher>> {
    let mut rest = text.trim();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside.strip_suffix('}')?.trim();
    }
    let mut matchers = Vec::new();
    while !rest.is_empty() {
        let (name, after) = token(rest)?;
        let (op, after) = operator(after.trim_start())?;
        let (value, after) = token(after.trim_start())?;
        matchers.push(Matcher::new(name, op, value));
        rest = after.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?.trim_start();
        }
    }
    Some(matchers)
}

fn token(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let reserved = |c: char| c.is_whitespace() || "{}!=~,\\\"'`".contains(c);
        let end = text.find(reserved).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let (mut value, mut chars) = (String::new(), quoted.chars());
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            '\n' => return None,
            c => value.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each as amtool 0.33 reads it.
    #[test]
    fn every_form_is_read() {
        let said = |text: &str| {
            let said: Vec<String> = parse(text)?.iter().map(ToString::to_string).collect();
            Ok::<String, String>(said.join(" "))
        };
        for (text, expected) in [
            ("a=b", r#"a="b""#),
            (r#"a = "b" "#, r#"a="b""#),
            ("a=b,c!=d", r#"a="b" c!="d""#),
            (r#"{a="b,c", d=~"e"}"#, r#"a="b,c" d=~"e""#),
            ("a=b,", r#"a="b""#),
            ("", ""),
            ("{}", ""),
            ("a=b c", r#"a="b c""#),
            ("a==b", r#"a="=b""#),
            (r#"a="\d""#, r#"a="\\d""#),
            (r#"a="x\"y\n""#, r#"a="x\"y\n""#),
            (r#""a.b"="c""#, r#"a.b="c""#),
            (r#"a.b="c""#, r#"a.b="c""#),
            ("ü=b", r#"ü="b""#),
            ("a=é", r#"a="é""#),
            ("a:b=c", r#"a:b="c""#),
        ] {
            assert_eq!(said(text).as_deref(), Ok(expected), "{text}");
        }
        for bad in ["a", "a>1", r#"a="b"#, r#"a=b""#, "a=b,c", "5", r#"a=~"(""#, ",a=b"] {
            assert!(said(bad).is_err(), "{bad}");
        }
        assert!(!expressible(&parse("a.b=c").unwrap()[0]));
    }
}
