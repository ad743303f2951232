//! Numbers as Go writes them in templates.

/// Checks the text of a number, sign included.
pub(super) fn check(text: &str) -> Result<(), String> {
    let plain = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Two numbers and an i: 1+2i.
    let valid = match text.strip_suffix('i') {
        Some(complex) => {
            let split = complex.char_indices().skip(1).filter(|(_, c)| matches!(c, '+' | '-'));
            let at = split.map(|(at, _)| at).last();
            let (real, imaginary) = at.map_or(("", complex), |at| complex.split_at(at));
            (real.is_empty() || real_number(real)) && real_number(imaginary)
        }
        None => real_number(text),
    };
    if valid && !plain.is_empty() { Ok(()) } else { Err(format!("`{text}` is not a number")) }
}

fn real_number(text: &str) -> bool {
    let (negative, plain) = match text.strip_prefix('-') {
        Some(plain) => (true, plain),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let Some(plain) = without_underscores(plain) else { return false };
    let lower = plain.to_ascii_lowercase();
    let radix = |prefixes: &[&str]| prefixes.iter().find_map(|it| lower.strip_prefix(it));
    if let Some(digits) = radix(&["0x"]) {
        return whole(digits, 16, negative) || hexadecimal_float(digits);
    }
    if let Some(digits) = radix(&["0b"]) {
        return whole(digits, 2, negative);
    }
    if let Some(digits) = radix(&["0o"]) {
        return whole(digits, 8, negative);
    }
    if lower.contains(['.', 'e']) {
        let telling = lower.bytes().all(|b| b.is_ascii_digit() || b".e+-".contains(&b));
        return telling && lower.parse::<f64>().is_ok_and(f64::is_finite);
    }
    match lower.strip_prefix('0').filter(|digits| !digits.is_empty()) {
        Some(octal) => whole(octal, 8, negative),
        None => whole(&lower, 10, negative),
    }
}

/// Digits that fit into 64 bits.
fn whole(digits: &str, radix: u32, negative: bool) -> bool {
    let limit = if negative { 1 << 63 } else { u64::MAX };
    digits.bytes().all(|b| b.is_ascii_alphanumeric())
        && u64::from_str_radix(digits, radix).is_ok_and(|value| value <= limit)
}

fn hexadecimal_float(digits: &str) -> bool {
    let Some((mantissa, exponent)) = digits.split_once('p') else { return false };
    let digits = mantissa.replacen('.', "", 1);
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && exponent.parse::<u16>().is_ok_and(|exponent| exponent < 1000)
}

/// Underscores may stand between digits, and after a prefix such as 0x.
fn without_underscores(text: &str) -> Option<String> {
    let wrong = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    let beside = text.as_bytes().windows(2).any(|pair| {
        let other = match pair {
            [b'_', other] | [other, b'_'] => *other,
            _ => return false,
        };
        matches!(other, b'.' | b'+' | b'-')
    });
    (!wrong && !beside).then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_go() {
        for good in [
            "0", "-1", "+7", "0x1f", "017", "0o17", "0b11", "1_000", "1.", ".5", "1e3", "1.5e-3",
            "0x1p-2", "1i", "1+2i",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "-", "08", "1__0", "1_", "0x", "1e", "99999999999999999999", "1e999", "."] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
