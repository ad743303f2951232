//! The episodes an intake works on: read from the store, changed in memory, written back with
//! the condition that nobody else changed them meanwhile.

use super::{
    alert::{Alert, Fingerprint},
    cluster::Rows,
    delivery::Item,
    episode::Span,
};
use crate::{
    model::{Revision, UnixMs},
    store::{
        StoreError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one receiver was told of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When it was last told that it fires.
    pub firing: UnixMs,
    /// When it was told that it does no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<UnixMs>,
}

/// Row of [`Space::Episode`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Format of this row.
    pub v: u8,
    /// From when to when.
    pub span: Span,
    /// Labels and text as last notified.
    pub alert: Alert,
    /// By receiver.
    #[serde(default)]
    pub told: BTreeMap<String, Told>,
}

impl Episode {
    /// Which one it is.
    #[must_use]
    pub const fn item(&self) -> Item {
        Item { fingerprint: self.alert.fingerprint, episode: self.span.number }
    }
}

/// Key of an episode's row: by fingerprint, the latest first.
#[must_use]
pub fn episode_key(item: Item) -> Bytes {
    let mut key = item.fingerprint.0.to_be_bytes().to_vec();
    key.extend((u32::MAX - item.episode).to_be_bytes());
    key.into()
}

/// Reads a row; a damaged one counts as none and is logged, so that its alert is told anew.
pub(super) fn decode<T: serde::de::DeserializeOwned>(
    bytes: &[u8],
    what: &'static str,
) -> Option<T> {
    serde_json::from_slice(bytes)
        .inspect_err(|error| tracing::error!(what, %error, "row cannot be read"))
        .ok()
}

/// A row's bytes. Our row types have text keys only, so they always encode.
pub(super) fn encode<T: Serialize>(row: &T) -> Bytes {
    serde_json::to_vec(row).expect("rows are plain data").into()
}

/// One episode by its number, as last applied on this node.
///
/// # Errors
/// The store cannot be read.
pub fn read_episode(rows: &dyn Rows, item: Item) -> Result<Option<Episode>, StoreError> {
    let row = rows.row(Space::Episode, &episode_key(item))?;
    Ok(row.and_then(|(_, bytes)| decode(&bytes, "episode")))
}

#[derive(Debug, Clone)]
struct Entry {
    episode: Episode,
    /// As read; `None` = not in the store yet.
    revision: Option<Revision>,
    dirty: bool,
}

/// The latest episode of each fingerprint in hand.
#[derive(Debug, Default)]
pub struct Book {
    latest: BTreeMap<Fingerprint, Entry>,
    /// Episodes that a later one of the same intake has followed.
    before: Vec<Entry>,
}

impl Book {
    /// Reads the latest episode of `fingerprint`, if it is not in hand.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn load(&mut self, rows: &dyn Rows, fingerprint: Fingerprint) -> Result<(), StoreError> {
        if self.latest.contains_key(&fingerprint) {
            return Ok(());
        }
        let start = fingerprint.0.to_be_bytes();
        let rows = rows.rows(Space::Episode, &start, 1)?;
        let row = rows.into_iter().find(|(key, ..)| key.starts_with(&start));
        if let Some((key, revision, bytes)) = row {
            match decode::<Episode>(&bytes, "episode") {
                Some(episode) => {
                    let entry = Entry { episode, revision: Some(revision), dirty: false };
                    self.latest.insert(fingerprint, entry);
                }
                None => tracing::error!(?key, "episode starts anew"),
            }
        }
        Ok(())
    }

    /// The latest episode in hand.
    #[must_use]
    pub fn latest(&self, fingerprint: Fingerprint) -> Option<&Episode> {
        self.latest.get(&fingerprint).map(|entry| &entry.episode)
    }

    /// Puts the span a merge has given: of the same episode, or of a new one that begins with
    /// `alert`. `expired` is what became of the one before.
    pub fn put_span(&mut self, span: Span, expired: Option<Span>, alert: &Alert) {
        let fingerprint = alert.fingerprint;
        if let Some(entry) = self.latest.get_mut(&fingerprint) {
            if entry.episode.span.number == span.number {
                entry.dirty |= entry.episode.span != span;
                entry.episode.span = span;
                return;
            }
            if let Some(expired) = expired {
                entry.episode.span = expired;
                entry.dirty = true;
            }
        }
        let episode = Episode { v: 1, span, alert: alert.clone(), told: BTreeMap::new() };
        let new = Entry { episode, revision: None, dirty: true };
        self.before.extend(self.latest.insert(fingerprint, new));
    }

    /// Notes what a receiver is told now, with the text it is told.
    pub fn put_told(&mut self, alert: &Alert, receiver: &str, told: Told) {
        if let Some(entry) = self.latest.get_mut(&alert.fingerprint) {
            entry.episode.alert = alert.clone();
            entry.episode.told.insert(receiver.to_owned(), told);
            entry.dirty = true;
        }
    }

    /// What has to be written, and under which conditions. Both empty when nothing changed.
    #[must_use]
    pub fn changes(&self) -> (Vec<Precondition>, Vec<Change>) {
        let all = self.before.iter().chain(self.latest.values()).filter(|entry| entry.dirty);
        all.map(|entry| {
            let key = episode_key(entry.episode.item());
            let condition = Precondition::Row(Space::Episode, key.clone(), entry.revision);
            (condition, Change::PutRow(Space::Episode, key, encode(&entry.episode)))
        })
        .unzip()
    }
}
