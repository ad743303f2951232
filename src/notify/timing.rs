//! Time limits that follow from Alertmanager's timings as declared. Pure.

use super::episode::Limits;
use crate::model::{
    Kind,
    cluster::DeclaredState,
    spec::{Policy, Route, Settings},
};

/// Alertmanager tries one notification until `group_interval` and its peers' turns are over.
const TRY_MARGIN_MS: u64 = 30_000;
/// Used where a declared duration cannot be read; admission refuses those.
const DEFAULT_GROUP_INTERVAL_MS: u64 = 60_000;
const DEFAULT_REPEAT_INTERVAL_MS: u64 = 4 * 3_600_000;
/// Two repeats of one receiver closer than this are one, told by two Alertmanagers.
const REPEAT_WINDOW_MS: u64 = 600_000;

/// How late a webhook may be, and after which silence an episode is over.
#[must_use]
pub fn limits(state: &DeclaredState) -> Limits {
    let settings = settings(state).alertmanager;
    let routes = branches(state);
    let longest = |root: &str, of: fn(&Branch) -> Option<u64>, default| {
        let declared = routes.iter().filter_map(of).chain(duration_ms(root));
        declared.max().unwrap_or(default)
    };
    let group =
        longest(&settings.group_interval, |branch| branch.group_ms, DEFAULT_GROUP_INTERVAL_MS);
    let repeat =
        longest(&settings.repeat_interval, |branch| branch.repeat_ms, DEFAULT_REPEAT_INTERVAL_MS);
    Limits { late_ms: group + TRY_MARGIN_MS, idle_ms: 2 * (repeat + group) + TRY_MARGIN_MS }
}

/// Repeats of `receiver` closer together than this, in milliseconds, are doubles: half of the
/// shortest interval at which it is repeated to, at most ten minutes.
#[must_use]
pub fn repeat_window_ms(state: &DeclaredState, receiver: &str) -> u64 {
    let root = settings(state).alertmanager.repeat_interval;
    let root = duration_ms(&root).unwrap_or(DEFAULT_REPEAT_INTERVAL_MS);
    let shortest = branches(state)
        .iter()
        .filter(|branch| branch.receiver == receiver)
        .filter_map(|branch| branch.repeat_ms)
        .fold(root, u64::min);
    (shortest / 2).min(REPEAT_WINDOW_MS)
}

fn settings(state: &DeclaredState) -> Settings {
    let declared = state.get(Kind::Settings, "default");
    declared.and_then(|resource| resource.spec_as().ok()).unwrap_or_default()
}

/// What a route, a policy or a line of one says of its timing, in milliseconds.
struct Branch {
    receiver: String,
    group_ms: Option<u64>,
    repeat_ms: Option<u64>,
}

impl Branch {
    fn new(receiver: String, group: Option<&String>, repeat: Option<&String>) -> Self {
        let ms = |text: Option<&String>| text.and_then(|text| duration_ms(text));
        Self { receiver, group_ms: ms(group), repeat_ms: ms(repeat) }
    }
}

/// Lines have what they do not say from their policy.
fn branches(state: &DeclaredState) -> Vec<Branch> {
    let mut branches = Vec::new();
    for route in state.of(Kind::Route).filter_map(|it| it.spec_as::<Route>().ok()) {
        let (group, repeat) = (route.group_interval.as_ref(), route.repeat_interval.as_ref());
        branches.push(Branch::new(route.receiver, group, repeat));
    }
    for policy in state.of(Kind::Policy).filter_map(|it| it.spec_as::<Policy>().ok()) {
        let (group, repeat) = (policy.group_interval.as_ref(), policy.repeat_interval.as_ref());
        for line in policy.lines {
            let group = line.group_interval.as_ref().or(group);
            let repeat = line.repeat_interval.as_ref().or(repeat);
            branches.push(Branch::new(line.receiver, group, repeat));
        }
        branches.push(Branch::new(policy.receiver, group, repeat));
    }
    branches
}

/// A Prometheus duration (`1h30m`, `500ms`) in milliseconds; `None` if it is none.
#[must_use]
pub fn duration_ms(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let unit_and_rest = rest.get(digits..)?;
        let letters = unit_and_rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit = match unit_and_rest.get(..letters)? {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            "y" => 365 * 86_400_000,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = unit_and_rest.get(letters..)?;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::testing::Declared;
    use serde_json::json;

    #[test]
    fn reads_prometheus_durations() {
        assert_eq!(duration_ms("1h30m"), Some(5_400_000));
        assert_eq!(duration_ms("500ms"), Some(500));
        for bad in ["", "5", "m", "1x", "-1s", "1h 5m", "99999999999999999y"] {
            assert_eq!(duration_ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn limits_follow_the_longest_intervals_and_the_window_the_shortest() {
        let mut declared = Declared::new();
        let state = declared.state();
        assert_eq!(limits(&state).late_ms, 90_000);
        assert_eq!(repeat_window_ms(&state, "ops"), 600_000);
        declared.put(
            Kind::Route,
            "r",
            json!({"receiver": "ops", "group_interval": "10m", "repeat_interval": "2m"}),
        );
        let state = declared.state();
        assert_eq!(limits(&state).late_ms, 630_000);
        assert_eq!(limits(&state).idle_ms, 2 * (4 * 3_600_000 + 600_000) + 30_000);
        assert_eq!(repeat_window_ms(&state, "ops"), 60_000);
        assert_eq!(repeat_window_ms(&state, "others"), 600_000);
    }

    #[test]
    fn policies_and_their_lines_count_as_routes_do() {
        let mut declared = Declared::new();
        declared.put(
            Kind::Policy,
            "p",
            json!({
                "receiver": "ops", "repeat_interval": "6m", "group_interval": "2m",
                "lines": [
                    {"receiver": "night"},
                    {"receiver": "day", "repeat_interval": "4m", "group_interval": "20m"},
                ],
            }),
        );
        let state = declared.state();
        assert_eq!(limits(&state).late_ms, 20 * 60_000 + 30_000);
        let windows = ["ops", "night", "day", "others"].map(|name| repeat_window_ms(&state, name));
        assert_eq!(windows, [180_000, 180_000, 120_000, 600_000]);
    }
}
