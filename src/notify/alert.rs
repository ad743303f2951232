//! One alert as the notifier keeps it: normalised, bounded, with what was odd about it noted.

use crate::model::{UnixMs, label::Labels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::model::fingerprint::{Fingerprint, NoFingerprint};

/// Alertmanager's two states of a notified alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The condition holds.
    Firing,
    /// It held, and does no more.
    Resolved,
}

/// One alert of a webhook. At most [`MAX_ALERT_BYTES`] as JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Of the whole label set, also where labels were cut.
    pub fingerprint: Fingerprint,
    /// What the sender asserts.
    pub status: Status,
    /// Identity.
    pub labels: Labels,
    /// Text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Never later than it was received.
    pub starts_at: UnixMs,
    /// `None` while firing; never later than it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<UnixMs>,
    /// Link to the expression; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub generator_url: String,
    /// Something was cut to fit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// What was odd about it: `labels`, `starts_at`, `clock_skew`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
}

impl Alert {
    /// A label's value, or the empty text.
    #[must_use]
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }
}

/// Largest size of labels, annotations and generator URL together, as JSON text.
pub const MAX_ALERT_BYTES: usize = 64 * 1024;

/// Below this a single value is not cut any further; whole ones are dropped instead.
const MIN_VALUE_BYTES: usize = 256;

/// Marks a cut text.
const MARK: &str = "…";

/// Cuts the longest annotations, then the longest labels, until the alert fits; says in
/// `truncated` that it did.
pub fn fit(alert: &mut Alert) {
    if json_len(&alert.generator_url) > MAX_ALERT_BYTES / 16 {
        cut(&mut alert.generator_url, MAX_ALERT_BYTES / 16);
        alert.truncated = true;
    }
    let spent = |map: &BTreeMap<String, String>| {
        map.iter().map(|(name, value)| json_len(name) + json_len(value) + 6).sum::<usize>()
    };
    let total = |alert: &Alert| {
        spent(&alert.labels) + spent(&alert.annotations) + json_len(&alert.generator_url)
    };
    let mut over = total(alert).saturating_sub(MAX_ALERT_BYTES);
    while over > 0 {
        alert.truncated = true;
        if !(shrink(&mut alert.annotations, over) || shrink(&mut alert.labels, over)) {
            break;
        }
        over = total(alert).saturating_sub(MAX_ALERT_BYTES);
    }
}

/// Makes `map` smaller by up to `over` bytes; false when there is nothing left to take.
fn shrink(map: &mut BTreeMap<String, String>, over: usize) -> bool {
    let longest = map.iter().map(|(name, value)| (json_len(value), name.clone())).max();
    let Some((length, name)) = longest else { return false };
    if let Some(value) = map.get_mut(&name)
        && length > MIN_VALUE_BYTES
    {
        cut(value, length.saturating_sub(over).max(MIN_VALUE_BYTES));
        return true;
    }
    let mut freed = 0;
    while freed < over
        && let Some((name, value)) = map.pop_last()
    {
        freed += json_len(&name) + json_len(&value) + 6;
    }
    true
}

/// Cuts `text` to at most `limit` bytes of JSON text, marker included, between characters.
pub fn cut(text: &mut String, limit: usize) {
    if json_len(text) <= limit {
        return;
    }
    let room = limit.saturating_sub(MARK.len());
    let mut used = 0;
    let end = text
        .char_indices()
        .find(|(_, c)| {
            used += json_len_of(*c);
            used > room
        })
        .map_or(text.len(), |(at, _)| at);
    text.truncate(end);
    text.push_str(MARK);
}

fn json_len(text: &str) -> usize {
    text.chars().map(json_len_of).sum()
}

fn json_len_of(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(annotation: String) -> Alert {
        Alert {
            fingerprint: Fingerprint(1),
            status: Status::Firing,
            labels: Labels::from([("alertname".into(), "A".into())]),
            annotations: BTreeMap::from([
                ("description".into(), annotation),
                ("summary".into(), "short".into()),
            ]),
            starts_at: UnixMs(1),
            ends_at: None,
            generator_url: String::new(),
            truncated: false,
            flags: Vec::new(),
        }
    }

    #[test]
    fn long_annotation_is_cut_and_marked_and_the_short_one_stays() {
        let mut long = alert("警".repeat(60_000));
        fit(&mut long);
        assert!(long.truncated);
        assert!(long.annotations["description"].ends_with(MARK));
        assert_eq!(long.annotations["summary"], "short");
        assert!(serde_json::to_vec(&long).unwrap().len() < MAX_ALERT_BYTES + 512);
        let mut control = alert("\0".repeat(60_000));
        fit(&mut control);
        assert!(serde_json::to_vec(&control).unwrap().len() < MAX_ALERT_BYTES + 512);
    }

    #[test]
    fn thousands_of_small_labels_and_one_huge_label_fit_as_well() {
        let mut many = alert(String::new());
        many.labels = (0..5_000).map(|n| (format!("l{n:05}"), "v".repeat(40))).collect();
        fit(&mut many);
        assert!(many.truncated && serde_json::to_vec(&many).unwrap().len() < 66_000);
        let mut huge = alert(String::new());
        huge.labels.insert("x".into(), "y".repeat(100_000));
        fit(&mut huge);
        assert!(huge.truncated && huge.labels["x"].ends_with(MARK));
        assert_eq!(huge.labels["alertname"], "A");
    }

    #[test]
    fn cutting_keeps_characters_whole() {
        for (text, limit, wanted) in
            [("aaaaa😀😀😀", 12, "aaaaa😀…"), ("告警中", 8, "告…"), ("short", 5, "short")]
        {
            let mut text = text.to_owned();
            cut(&mut text, limit);
            assert_eq!(text, wanted);
        }
    }
}
