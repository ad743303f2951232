//! Orders version texts of many origins: `3.5.3+ds1-6`, `0.42.4`, `13.0.1+security-01`.

use std::cmp::Ordering;

/// Runs of digits compare as numbers, everything else as text; a `~` sorts before nothing, so
/// that `1.0~rc1` is older than `1.0`, and so does `-rc`, the same in upstream's spelling.
#[must_use]
pub fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.replace("-rc", "~rc"), right.replace("-rc", "~rc"));
    let (mut a, mut b) = (left.as_str(), right.as_str());
    loop {
        let (text_a, rest_a) = split(a, |byte| !byte.is_ascii_digit());
        let (text_b, rest_b) = split(b, |byte| !byte.is_ascii_digit());
        let (digits_a, next_a) = split(rest_a, |byte| byte.is_ascii_digit());
        let (digits_b, next_b) = split(rest_b, |byte| byte.is_ascii_digit());
        let order = compare_text(text_a, text_b).then_with(|| compare_digits(digits_a, digits_b));
        if order != Ordering::Equal || (next_a.is_empty() && next_b.is_empty()) {
            return order;
        }
        (a, b) = (next_a, next_b);
    }
}

fn split(text: &str, belongs: impl Fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(|byte| !belongs(byte)).unwrap_or(text.len()))
}

fn compare_text(a: &str, b: &str) -> Ordering {
    let rank = |text: &str| if text.starts_with('~') { 0 } else { 1 + u8::from(!text.is_empty()) };
    rank(a).cmp(&rank(b)).then_with(|| a.cmp(b))
}

fn compare_digits(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_is_greater_whatever_the_spelling() {
        for (older, newer) in [
            ("3.5.3", "3.14.0"),
            ("3.5.3", "3.5.3+ds1-6"),
            ("3.5.3+ds1-6", "3.5.3+ds1-10"),
            ("3.5.3+ds1-6", "3.5.4"),
            ("1.0~rc1", "1.0"),
            ("1.0-rc.1", "1.0"),
            ("0.28.0-2", "0.28.1"),
            ("13.0.1", "13.0.1+security-01"),
            ("9", "10"),
        ] {
            assert_eq!(compare(older, newer), Ordering::Less, "{older} {newer}");
            assert_eq!(compare(newer, older), Ordering::Greater, "{older} {newer}");
        }
        assert_eq!(compare("1.2.3", "1.2.3"), Ordering::Equal);
    }
}
