//! Strings and characters as Go writes them.

use std::str::Chars;

/// Checks a string in double quotes, quotes included.
pub(super) fn check_quoted(literal: &str) -> Result<(), String> {
    let inner = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut chars = inner.unwrap_or_default().chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            escape(&mut chars, '"')
                .ok_or_else(|| format!("`{literal}` is not a string: unknown escape"))?;
        }
    }
    Ok(())
}

/// Checks a character in single quotes, quotes included.
pub(super) fn check_character(literal: &str) -> Result<(), String> {
    let inner = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let mut chars = inner.unwrap_or_default().chars();
    let read = match chars.next() {
        None | Some('\'') => None,
        Some('\\') => escape(&mut chars, '\''),
        Some(_) => Some(()),
    };
    match (read, chars.next()) {
        (Some(()), None) => Ok(()),
        _ => Err(format!("`{literal}` is not a character")),
    }
}

/// What follows a backslash.
fn escape(chars: &mut Chars<'_>, quote: char) -> Option<()> {
    match chars.next()? {
        'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' => Some(()),
        c if c == quote => Some(()),
        'x' => digits(chars, 2, 16).map(drop),
        'u' => char::from_u32(digits(chars, 4, 16)?).map(drop),
        'U' => char::from_u32(digits(chars, 8, 16)?).map(drop),
        c @ '0'..='7' => {
            let high = c.to_digit(8)? * 64;
            (high + digits(chars, 2, 8)? <= 255).then_some(())
        }
        _ => None,
    }
}

fn digits(chars: &mut Chars<'_>, count: u32, radix: u32) -> Option<u32> {
    let mut value = 0u32;
    for _ in 0..count {
        value = value.checked_mul(radix)?.checked_add(chars.next()?.to_digit(radix)?)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_go() {
        for good in [r#""""#, r#""\n\t\\\"""#, r#""\x41\101\u00e4\U0001F600""#] {
            assert_eq!(check_quoted(good), Ok(()), "{good}");
        }
        for bad in [r#""\d""#, r#""\'""#, r#""\x4""#, r#""\400""#, r#""\ud800""#, r#""\U00110000""#]
        {
            assert!(check_quoted(bad).is_err(), "{bad}");
        }
        for good in ["'a'", r"'\''", r"'\n'", "'ä'"] {
            assert_eq!(check_character(good), Ok(()), "{good}");
        }
        for bad in ["''", "'ab'", r"'\q'", "'"] {
            assert!(check_character(bad).is_err(), "{bad}");
        }
    }
}
