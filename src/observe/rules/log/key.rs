//! Keys of the rows beside the transitions: states by alert, counts by day and rule.

use crate::{
    model::{UnixMs, fingerprint::Fingerprint},
    observe::rules::track::Transition,
};
use bytes::Bytes;

pub(super) const DAY_MS: u64 = 86_400_000;

pub(super) fn state_key(fingerprint: Fingerprint) -> Bytes {
    let mut key = b"s".to_vec();
    key.extend(fingerprint.0.to_be_bytes());
    key.into()
}

pub(super) fn fingerprint_of(key: &[u8]) -> Option<Fingerprint> {
    let hash = key.strip_prefix(b"s")?.try_into().ok()?;
    Some(Fingerprint(u64::from_be_bytes(hash)))
}

pub(super) fn day(at: UnixMs) -> u64 {
    at.0 / DAY_MS
}

pub(super) fn count_prefix(day: u64) -> Vec<u8> {
    let mut key = b"c".to_vec();
    key.extend(day.to_be_bytes());
    key
}

pub(super) fn count_key(transition: &Transition) -> Vec<u8> {
    let mut key = count_prefix(day(transition.at));
    key.extend(transition.group.as_bytes());
    key.push(0);
    // Names beyond this are counted together.
    let name = transition.labels.get("alertname").map_or("", String::as_str);
    key.extend(name.bytes().take(500));
    key
}

pub(super) fn rule_of_count(key: &[u8]) -> Option<(String, String)> {
    let rule = key.strip_prefix(b"c")?.get(8..)?;
    let middle = rule.iter().position(|byte| *byte == 0)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((text(&rule[..middle]), text(&rule[middle + 1..])))
}

/// The day of such a key.
pub(super) fn day_of_count(key: &[u8]) -> Option<u64> {
    let day = key.strip_prefix(b"c")?.get(..8)?.try_into().ok()?;
    Some(u64::from_be_bytes(day))
}

/// The smallest key after `key`.
pub(super) fn after(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_vec();
    next.push(0);
    next
}
