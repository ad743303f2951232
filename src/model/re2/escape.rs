//! What follows a backslash.

use super::{Reader, Reason};
use std::fmt::Write as _;

/// Writes one character so that it means itself, in and outside of classes.
pub(super) fn write(out: &mut String, c: char) {
    if c.is_ascii_alphanumeric() || !c.is_ascii() {
        out.push(c);
    } else {
        let _ = write!(out, "\\x{{{:x}}}", u32::from(c));
    }
}

/// `\d`, `\pL` and the like as the inside of a class; `None` if it is no class. The backslash is
/// read already, `start` stands at it.
pub(super) fn class(reader: &mut Reader<'_>, start: &str) -> Result<Option<String>, Reason> {
    let written = match reader.peek() {
        Some('d') => r"0-9",
        Some('D') => r"[^0-9]",
        Some('s') => r"\t\n\f\r\x20",
        Some('S') => r"[^\t\n\f\r\x20]",
        Some('w') => r"0-9A-Za-z_",
        Some('W') => r"[^0-9A-Za-z_]",
        Some('p' | 'P') => return unicode(reader, start).map(Some),
        _ => return Ok(None),
    };
    reader.next();
    Ok(Some(written.to_owned()))
}

/// `\pL`, `\p{Greek}`, `\p{^Greek}`, `\P…`.
fn unicode(reader: &mut Reader<'_>, start: &str) -> Result<String, Reason> {
    let mut negated = reader.next() == Some('P');
    let name = if reader.take("{") {
        let (name, rest) = reader.rest.split_once('}').ok_or_else(|| range(start, reader))?;
        reader.rest = rest;
        let positive = name.strip_prefix('^');
        negated ^= positive.is_some();
        positive.unwrap_or(name)
    } else {
        let from = reader.rest;
        let length = reader.next().map_or(0, char::len_utf8);
        &from[..length]
    };
    let named = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    if !named {
        return Err(range(start, reader));
    }
    let property = match name {
        "Any" => "Any".to_owned(),
        name if name.len() <= 2 => format!("gc={name}"),
        name => format!("sc={name}"),
    };
    let letter = if negated { 'P' } else { 'p' };
    let written = format!("\\{letter}{{{property}}}");
    // The names are those of the regex crate's tables, which are Unicode's, as Go's are.
    let known = regex::Regex::new(&written).is_ok();
    if known { Ok(written) } else { Err(range(start, reader)) }
}

fn range(start: &str, reader: &Reader<'_>) -> Reason {
    Reason::ClassRange(start[..start.len() - reader.rest.len()].to_owned())
}

/// One escaped character. The backslash is read already, `start` stands at it.
pub(super) fn character(reader: &mut Reader<'_>, start: &str) -> Result<char, Reason> {
    let c = reader.next().ok_or(Reason::TrailingBackslash)?;
    let number = match c {
        'a' => Some(7),
        'f' => Some(12),
        'n' => Some(10),
        'r' => Some(13),
        't' => Some(9),
        'v' => Some(11),
        'x' => hexadecimal(reader),
        '0' => Some(octal(reader, 0)),
        // A single digit would be a back reference.
        '1'..='7' if reader.peek().is_some_and(|c| c.is_digit(8)) => {
            Some(octal(reader, u32::from(c) - u32::from('0')))
        }
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(c.into()),
        _ => None,
    };
    let part = || start[..start.len() - reader.rest.len()].to_owned();
    let number = number.ok_or_else(|| Reason::Escape(part()))?;
    // No text holds a surrogate: it may as well be the character that stands for what is none.
    Ok(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn octal(reader: &mut Reader<'_>, first: u32) -> u32 {
    let mut number = first;
    for _ in 0..2 {
        let Some(digit) = reader.peek().and_then(|c| c.to_digit(8)) else { break };
        reader.next();
        number = number * 8 + digit;
    }
    number
}

fn hexadecimal(reader: &mut Reader<'_>) -> Option<u32> {
    if !reader.take("{") {
        let high = reader.next()?.to_digit(16)?;
        return Some(high * 16 + reader.next()?.to_digit(16)?);
    }
    let mut number = reader.next()?.to_digit(16)?;
    loop {
        match reader.next()? {
            '}' => return Some(number),
            c => number = number * 16 + c.to_digit(16)?,
        }
        if number > u32::from(char::MAX) {
            return None;
        }
    }
}
