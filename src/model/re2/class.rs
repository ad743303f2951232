//! Character classes: `[a-z[:digit:]\d]`. A `[` inside means itself, as do `&&`, `--` and `~~`.

use super::{Reader, Reason, escape};

const NAMES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// Reads a class whose `[` is read already and writes it anew.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<String, Reason> {
    let mut out = String::from("[");
    if reader.take("^") {
        out.push('^');
    }
    let mut first = true;
    loop {
        if !first && reader.take("]") {
            out.push(']');
            return Ok(out);
        }
        first = false;
        item(reader, &mut out)?;
    }
}

fn item(reader: &mut Reader<'_>, out: &mut String) -> Result<(), Reason> {
    let start = reader.rest;
    if let Some((name, rest)) = start.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) {
        if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return Err(Reason::ClassRange(format!("[:{name}:]")));
        }
        reader.rest = rest;
        out.push_str(&format!("[:{name}:]"));
        return Ok(());
    }
    if reader.take("\\") {
        if let Some(class) = escape::class(reader, start)? {
            out.push_str(&class);
            return Ok(());
        }
        reader.rest = start;
    }
    let low = character(reader)?;
    let mut high = low;
    if reader.rest.starts_with('-') && !reader.rest.starts_with("-]") && reader.rest.len() > 1 {
        reader.next();
        high = character(reader)?;
        if high < low {
            return Err(Reason::ClassRange(reader.since(start)));
        }
    }
    escape::write(out, low);
    if high > low {
        out.push('-');
        escape::write(out, high);
    }
    Ok(())
}

fn character(reader: &mut Reader<'_>) -> Result<char, Reason> {
    let start = reader.rest;
    match reader.next() {
        None => Err(Reason::MissingBracket),
        Some('\\') => escape::character(reader, start),
        Some(c) => Ok(c),
    }
}
