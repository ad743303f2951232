//! Reads Alertmanager's webhook, payload version 4, leniently: what is odd about one alert is
//! noted on it and the others go on; unknown keys are nothing. Refused is only what is not JSON
//! or not this payload, since Alertmanager takes a refusal as final and forgets the alert.
//!
//! Alerts are normalised and cut while the body is read, one at a time, so that a body of many
//! megabytes costs little more than its text.

use super::{
    alert::{Alert, cut},
    lenient,
};
use crate::model::{UnixMs, label::Labels};
use serde::{
    Deserialize, Serialize,
    de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use std::fmt;

/// One webhook, normalised.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Webhook {
    /// Receiver named in the body, freed of Alertmanager's escapes.
    pub receiver: String,
    /// Alertmanager's key of the group, at most 4 KiB.
    pub group_key: String,
    /// Labels that make the group.
    pub group_labels: Labels,
    /// Alerts that Alertmanager left out.
    pub truncated_alerts: u64,
    /// Why Alertmanager notifies; empty before its version 0.32.
    pub reason: String,
    /// In Alertmanager's order.
    pub alerts: Vec<Alert>,
}

/// Alertmanager's words for a notification that says nothing new.
pub const REPEAT: &str = "repeat interval elapsed";

impl Webhook {
    /// A repeat of what was told before.
    #[must_use]
    pub fn is_repeat(&self) -> bool {
        self.reason == REPEAT
    }
}

/// Why a body is refused with 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadError {
    /// Not JSON, or nested too deeply.
    #[error("the body is not a JSON object of a webhook: {reason}")]
    NotJson {
        /// The parser's words, with line and column.
        reason: String,
    },
    /// JSON of another shape.
    #[error(
        "the body is not Alertmanager's webhook version 4: {reason}; a custom `payload` must be \
         removed from the receiver"
    )]
    NotVersion4 {
        /// Which key is missing or wrong.
        reason: String,
    },
}

/// Parses a body received at `received`.
///
/// # Errors
/// Bytes that are not JSON or not version 4; the texts are short and hold none of the body.
pub fn parse(body: &[u8], received: UnixMs) -> Result<Webhook, PayloadError> {
    let text = String::from_utf8_lossy(body);
    let text = lenient::without_lone_surrogates(&text);
    let mut parser = serde_json::Deserializer::from_str(&text);
    let read = BodySeed { received }
        .deserialize(&mut parser)
        .and_then(|read| parser.end().map(|()| read))
        .map_err(|error| PayloadError::NotJson { reason: short(&error) })?;
    let not_v4 = |reason: &str| PayloadError::NotVersion4 { reason: reason.to_owned() };
    match read.version.as_ref() {
        None => return Err(not_v4("`version` is missing")),
        Some(Value::String(version)) if version == "4" => {}
        Some(Value::Number(version)) if version.as_u64() == Some(4) => {}
        Some(_) => return Err(not_v4("`version` is not \"4\"")),
    }
    match read.alerts {
        None => Err(not_v4("`alerts` is missing")),
        Some(alerts) => Ok(Webhook { alerts, ..read.head }),
    }
}

/// The parser's message without the value it stumbled over, which may be anybody's.
fn short(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Eof => "it ends too early",
        Category::Data => "a value has the wrong type",
        _ if error.to_string().starts_with("recursion") => "it is nested too deeply",
        _ => "bad syntax",
    };
    format!("{what} at line {} column {}", error.line(), error.column())
}

#[derive(Default)]
struct Read {
    version: Option<Value>,
    alerts: Option<Vec<Alert>>,
    head: Webhook,
}

struct BodySeed {
    received: UnixMs,
}

impl<'de> DeserializeSeed<'de> for BodySeed {
    type Value = Read;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BodySeed {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        let mut read = Read::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "alerts" => {
                    read.alerts = Some(map.next_value_seed(Alerts { received: self.received })?);
                }
                "version" => read.version = Some(map.next_value()?),
                "receiver" => read.head.receiver = unescape(&bounded(map.next_value()?)),
                "groupKey" => read.head.group_key = bounded(map.next_value()?),
                "groupLabels" => read.head.group_labels = group_labels(map.next_value()?),
                "truncatedAlerts" => {
                    read.head.truncated_alerts = map.next_value::<Value>()?.as_u64().unwrap_or(0);
                }
                "notification_reason" => read.head.reason = bounded(map.next_value()?),
                _ => {
                    map.next_value::<de::IgnoredAny>()?;
                }
            }
        }
        Ok(read)
    }
}

/// The list of alerts; `null` is an empty one.
struct Alerts {
    received: UnixMs,
}

impl<'de> DeserializeSeed<'de> for Alerts {
    type Value = Vec<Alert>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Alert>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Alerts {
    type Value = Vec<Alert>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of alerts")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Vec<Alert>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Alert>, A::Error> {
        let mut alerts = Vec::new();
        while let Some(value) = list.next_element::<Value>()? {
            alerts.push(lenient::alert(value, self.received));
        }
        Ok(alerts)
    }
}

fn bounded(value: Value) -> String {
    let mut text = lenient::text(value);
    cut(&mut text, 4096);
    text
}

fn group_labels(value: Value) -> Labels {
    let Value::Object(map) = value else { return Labels::new() };
    map.into_iter().take(64).map(|(name, value)| (name, bounded(value))).collect()
}

/// Undoes Go's `regexp.QuoteMeta`: `web\.hook` → `web.hook`.
#[must_use]
pub fn unescape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(next)) if r"\.+*?()|[]{}^$".contains(*next) => {
                out.extend(chars.next());
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
