//! How a transition and what belongs to it lie in the store.

use super::entry::{Entry, EntryId};
use crate::{
    model::{fingerprint::Fingerprint, label::Labels},
    observe::rules::{
        seen::State,
        track::{Known, Transition},
    },
    store::command::{Change, Space},
};
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Labels that are longer as JSON are cut to the usual ones.
const MAX_LABELS: usize = 32 * 1024;

/// One transition as it lies in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    fingerprint: Fingerprint,
    group: String,
    labels: Labels,
    from: State,
    to: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
}

impl Row {
    pub(super) fn of(transition: &Transition) -> Self {
        Self {
            fingerprint: transition.fingerprint,
            group: transition.group.clone(),
            labels: cut(&transition.labels),
            from: transition.from,
            to: transition.to,
            value: transition.value,
        }
    }
}

pub(super) fn fitting(known: &Known) -> Known {
    Known { labels: cut(&known.labels), ..known.clone() }
}

/// A row has a largest size; who writes novels into labels finds the usual ones here.
fn cut(labels: &Labels) -> Labels {
    let size: usize = labels.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
    if size <= MAX_LABELS {
        return labels.clone();
    }
    let usual = ["alertname", "instance", "job", "project", "severity"];
    let short = |value: &String| value.chars().take(500).collect();
    let kept = labels.iter().filter(|(name, _)| usual.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), short(value))).collect()
}

pub(super) fn entry(key: &[u8], value: &[u8]) -> Option<Entry> {
    let id = EntryId::of_key(key)?;
    let row: Row = decode(value)?;
    let Row { fingerprint, group, labels, from, to, value } = row;
    let transition = Transition { at: id.at, fingerprint, group, labels, from, to, value };
    Some(Entry { id, transition })
}

/// Reads no more of a row than it needs: of one alert's story all others' rows are passed over.
pub(super) fn is_of(value: &[u8], wanted: Fingerprint) -> bool {
    #[derive(Deserialize)]
    struct Whose {
        fingerprint: Fingerprint,
    }
    decode::<Whose>(value).is_some_and(|row| row.fingerprint == wanted)
}

pub(super) fn put(space: Space, key: Bytes, value: &impl Serialize) -> Change {
    Change::PutRow(space, key, serde_json::to_vec(value).unwrap_or_default().into())
}

/// Rows of a newer version may not be readable; they are left out.
pub(super) fn decode<T: DeserializeOwned>(value: &[u8]) -> Option<T> {
    serde_json::from_slice(value)
        .inspect_err(|error| tracing::warn!(%error, "a row of the alert history cannot be read"))
        .ok()
}
