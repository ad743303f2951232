//! What follows an opening parenthesis or brace.

use super::{Last, Reader, Reason, Translator};

/// Opens a group, named or not, or switches flags. `start` stands at the parenthesis.
pub(super) fn open(translator: &mut Translator<'_>, start: &str) -> Result<(), Reason> {
    let reader = &mut translator.reader;
    if !reader.take("?") {
        begin(translator, "(?:");
        return Ok(());
    }
    if reader.take("P<") || reader.take("<") {
        let part = || Reason::NamedGroup(start.chars().take(40).collect());
        let (name, rest) = reader.rest.split_once('>').ok_or_else(part)?;
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(word) {
            return Err(part());
        }
        reader.rest = rest;
        begin(translator, "(?:");
        return Ok(());
    }
    let (flags, opens) = flags(reader)
        .ok_or_else(|| Reason::GroupSyntax(start[..start.len() - reader.rest.len()].to_owned()))?;
    if opens {
        begin(translator, &format!("(?{flags}:"));
    } else if !flags.is_empty() {
        translator.out.push_str(&format!("(?{flags})"));
        // Go would repeat what stands before the flags; nobody means that.
        translator.last = Last::Nothing;
    }
    Ok(())
}

fn begin(translator: &mut Translator<'_>, written: &str) {
    translator.out.push_str(written);
    translator.open.push(translator.heaviest);
    translator.heaviest = 1;
    translator.last = Last::Nothing;
}

/// Flags as the regex crate writes them, each at most once, and whether they open a group.
fn flags(reader: &mut Reader<'_>) -> Option<(String, bool)> {
    let (mut on, mut off) = (String::new(), String::new());
    let (mut negative, mut seen) = (false, false);
    loop {
        match reader.next()? {
            flag @ ('i' | 'm' | 's' | 'U') => {
                seen = true;
                on.retain(|c| c != flag);
                off.retain(|c| c != flag);
                if negative { off.push(flag) } else { on.push(flag) }
            }
            '-' if !negative => (negative, seen) = (true, false),
            end @ (':' | ')') if seen || !negative => {
                let dash = if off.is_empty() { "" } else { "-" };
                return Some((format!("{on}{dash}{off}"), end == ':'));
            }
            _ => return None,
        }
    }
}

/// `{2}`, `{2,}` or `{2,5}` whose `{` is read already; `None`, and nothing is read, where the
/// brace means itself.
pub(super) fn counts(reader: &mut Reader<'_>) -> Option<(u32, Option<u32>)> {
    let (inside, rest) = reader.rest.split_once('}')?;
    let counts = match inside.split_once(',') {
        None => {
            let exactly = number(inside)?;
            (exactly, Some(exactly))
        }
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    reader.rest = rest;
    Some(counts)
}

/// Too large a number is one all the same: it is refused as a count.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    (digits && !leading_zero).then(|| text.parse().unwrap_or(u32::MAX))
}
