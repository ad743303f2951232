//! Times that are too long. promql-parser 0.11 panics on a number of seconds that is none or too
//! large, and leaves out the parts of a duration that do not fit 32 bits.

/// Seconds in the longest time Prometheus takes (Go's `time.Duration`).
const LONGEST: f64 = 9.2e9;

/// The first time that is too long, with its byte offset.
pub(super) fn too_long<'a>(text: &'a str, tokens: &[(usize, usize)]) -> Option<(usize, &'a str)> {
    let (mut in_brackets, mut after_offset) = (false, false);
    for &(start, end) in tokens {
        let token = &text[start..end];
        let is_time = in_brackets || after_offset;
        // A range and its step are one word.
        let mut at = start;
        for part in token.split(':') {
            let seconds = seconds(part, is_time);
            if seconds.is_some_and(|seconds| seconds.is_nan() || seconds > LONGEST) {
                return Some((at, part));
            }
            at += part.len() + 1;
        }
        match token {
            "[" => in_brackets = true,
            "]" => in_brackets = false,
            "+" | "-" if after_offset => continue,
            _ => {}
        }
        after_offset = token.eq_ignore_ascii_case("offset");
    }
    None
}

/// The seconds of a duration, or of a number where one stands for a time.
fn seconds(token: &str, number_is_time: bool) -> Option<f64> {
    if let Some(parts) = parts(token) {
        return Some(parts.map_or(f64::INFINITY, |parts| {
            parts.iter().map(|&(count, unit)| f64::from(count) * unit).sum()
        }));
    }
    let number = token.replace('_', "");
    let read = || match number.to_ascii_lowercase().strip_prefix("0x") {
        Some(hex) => Some(u32::from_str_radix(hex, 16).map_or(f64::INFINITY, f64::from)),
        None => number.parse().ok(),
    };
    number_is_time.then(read).flatten()
}

/// Counts with the seconds of their unit; `Some(None)` for a duration with a count that does not
/// fit, `None` for what is no duration.
fn parts(token: &str) -> Option<Option<Vec<(u32, f64)>>> {
    let mut found = Some(Vec::new());
    let mut rest = token;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
        let (count, after) = rest.split_at(digits);
        let letters = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(letters);
        let unit = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            "y" => 31_536_000.0,
            _ => return None,
        };
        match (count.parse(), &mut found) {
            (Ok(count), Some(parts)) => parts.push((count, unit)),
            _ => found = None,
        }
        rest = next;
    }
    (!token.is_empty()).then_some(found)
}
