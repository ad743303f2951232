//! Durations as Prometheus and Alertmanager write them: `1h30m`, units from large to small, each
//! at most once; `0` needs no unit.

use super::{Code, Findings};
use std::time::Duration;

const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Reads a duration.
pub(in crate::admission) fn parse(text: &str) -> Result<Duration, String> {
    read(text).map(Duration::from_millis).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        format!("`{shown}` is not a duration; write it like 30s, 5m or 1h30m")
    })
}

fn read(text: &str) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    let mut rest = text;
    let mut total = 0u64;
    let mut next_unit = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (position, (_, millis)) =
            UNITS.iter().enumerate().find(|(_, (unit, _))| *unit == &after[..end])?;
        if position < next_unit {
            return None;
        }
        next_unit = position + 1;
        total = total.checked_add(number.checked_mul(*millis)?)?;
        rest = &after[end..];
    }
    // Go keeps durations as 63 bits of nanoseconds.
    (!text.is_empty() && total <= 9_223_372_036_854).then_some(total)
}

/// Notes what is wrong with an optional duration at `path`, which must be at least `least`.
pub(super) fn check(
    findings: &mut Findings,
    path: &str,
    text: Option<&str>,
    least: Duration,
) -> Option<Duration> {
    let text = text?;
    match parse(text) {
        Ok(duration) if duration < least => {
            let least = least.as_secs_f64();
            findings.spec(path, Code::Duration, format!("must be at least {least} s, is {text}"));
            None
        }
        Ok(duration) => Some(duration),
        Err(message) => {
            findings.spec(path, Code::Duration, message);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_prometheus() {
        let millis = |text: &str| parse(text).map(|d| d.as_millis()).ok();
        assert_eq!(millis("1h30m"), Some(5_400_000));
        assert_eq!(millis("15d"), Some(1_296_000_000));
        assert_eq!(millis("1y2w3d4h5m6s7ms"), Some(33_019_506_007));
        assert_eq!(millis("0"), Some(0));
        assert_eq!(millis("0s"), Some(0));
        for bad in [
            "",
            "5",
            "1.5h",
            "m",
            "5 m",
            "-1m",
            "30m1h",
            "1h1h",
            "5min",
            "300y",
            "99999999999999999999s",
        ] {
            assert_eq!(millis(bad), None, "{bad}");
        }
    }
}
