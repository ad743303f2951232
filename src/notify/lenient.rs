//! One alert out of whatever JSON a sender put there. Used by [`super::payload`].

use super::alert::{Alert, Fingerprint, Status, fit};
use crate::model::{UnixMs, label::Labels};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::BTreeMap};

/// Our clock and the sender's may differ by this much before it is noted.
const SKEW_MS: u64 = 60_000;

/// Name given to an alert that is none.
pub(super) const UNREADABLE: &str = "UnreadableAlert";

/// Normalises one element of `alerts`. Never fails: what could not be read is named in `flags`.
#[must_use]
pub(super) fn alert(value: Value, received: UnixMs) -> Alert {
    let mut flags = Flags::default();
    let mut map = match value {
        Value::Object(map) => map,
        other => {
            flags.add("alert");
            let raw = Value::String(other.to_string());
            Map::from_iter([(
                "annotations".to_owned(),
                Value::Object([("raw".into(), raw)].into_iter().collect()),
            )])
        }
    };
    let mut labels = strings(map.remove("labels"), "labels", &mut flags);
    if labels.is_empty() {
        labels.insert("alertname".to_owned(), UNREADABLE.to_owned());
        flags.add("labels");
    }
    let status = match map.get("status").and_then(Value::as_str) {
        Some("firing") => Status::Firing,
        Some("resolved") => Status::Resolved,
        _ => {
            flags.add("status");
            Status::Firing
        }
    };
    let (starts_at, ends_at) = times(&map, status, received, &mut flags);
    let annotations = strings(map.remove("annotations"), "annotations", &mut flags);
    let mut alert = Alert {
        fingerprint: fingerprint(map.get("fingerprint"), &labels, &annotations, &mut flags),
        status,
        labels,
        annotations,
        starts_at,
        ends_at,
        generator_url: map.remove("generatorURL").map(text).unwrap_or_default(),
        truncated: false,
        flags: flags.0,
    };
    fit(&mut alert);
    alert
}

#[derive(Default)]
struct Flags(Vec<String>);

impl Flags {
    fn add(&mut self, flag: &str) {
        if !self.0.iter().any(|have| have == flag) {
            self.0.push(flag.to_owned());
        }
    }
}

fn fingerprint(
    given: Option<&Value>,
    labels: &Labels,
    annotations: &BTreeMap<String, String>,
    flags: &mut Flags,
) -> Fingerprint {
    match given.and_then(Value::as_str).map(str::parse) {
        Some(Ok(given)) => return given,
        Some(Err(_)) => flags.add("fingerprint"),
        None => {}
    }
    if labels.get("alertname").is_some_and(|name| name == UNREADABLE) {
        // Unreadable ones are told apart by what they said.
        let both = labels.iter().chain(annotations).map(|(k, v)| (k.clone(), v.clone()));
        return Fingerprint::of(&both.collect());
    }
    Fingerprint::of(labels)
}

/// Start, and end where it is resolved; neither later than `received`.
fn times(
    map: &Map<String, Value>,
    status: Status,
    received: UnixMs,
    flags: &mut Flags,
) -> (UnixMs, Option<UnixMs>) {
    let mut read = |key: &str| {
        let instant = match map.get(key).and_then(Value::as_str).map(UnixMs::parse) {
            Some(Ok(instant)) => instant,
            Some(Err(_)) | None => {
                flags.add(key);
                return received;
            }
        };
        if instant.since(received) > SKEW_MS {
            flags.add("clock_skew");
        }
        // Go's zero time says "not set".
        if instant == UnixMs(0) { received } else { instant.min(received) }
    };
    let starts_at = read("startsAt");
    let ends_at = (status == Status::Resolved).then(|| read("endsAt").max(starts_at));
    (starts_at, ends_at)
}

/// A map of texts; other values become their JSON text.
fn strings(value: Option<Value>, key: &str, flags: &mut Flags) -> BTreeMap<String, String> {
    match value {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(Value::Object(map)) => map
            .into_iter()
            .map(|(name, value)| {
                if !value.is_string() {
                    flags.add(key);
                }
                (name, text(value))
            })
            .collect(),
        Some(other) => {
            flags.add(key);
            BTreeMap::from([("raw".to_owned(), text(other))])
        }
    }
}

/// A text as it is, anything else as JSON; `null` is empty.
#[must_use]
pub(super) fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// JSON text with each half of a surrogate pair that lacks the other half replaced by U+FFFD,
/// which serde_json would refuse with all alerts beside it.
#[must_use]
pub(super) fn without_lone_surrogates(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'\\') {
        at += step;
        let length = match (escape(bytes, at), escape(bytes, at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push_str(&json[copied..at]);
                out.push_str("\\ufffd");
                copied = at + 6;
                6
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        at = (at + length).min(bytes.len());
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[copied..]);
    Cow::Owned(out)
}

/// The number of a `\uXXXX` at `at`.
fn escape(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
