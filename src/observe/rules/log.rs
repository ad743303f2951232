//! The history of alerts in the store: rows of its own, bounded by age and number.
//!
//! | space | key | value |
//! | --- | --- | --- |
//! | `AlertLog` | instant and sequence number, both inverted: newest first | one transition |
//! | `AlertState` | `s` + fingerprint | what is pending or firing ([`Known`]) |
//! | `AlertState` | `c` + day + group + 0 + alert | how often it fired on that day ([`Fired`]) |
//! | `AlertState` | `h` | [`Head`] |
//!
//! A batch is one command: the head is its precondition, so that of two nodes that believe to
//! lead one wins and the other reads again. Nothing is half written, lost or written twice.

use super::{
    seen::State,
    track::{Active, Known, Transition, apply},
};
use crate::{
    model::{Revision, UnixMs, fingerprint::Fingerprint, label::Labels},
    store::{
        Store, StoreError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// Transitions are kept this long.
pub const KEEP_MS: u64 = 30 * DAY_MS;
/// No more than so many are kept.
pub const KEEP_ENTRIES: u64 = 50_000;
const DAY_MS: u64 = 86_400_000;
const HEAD: &[u8] = b"h";
/// Rows read at once.
const STRIDE: usize = 500;
/// Labels that are longer as JSON are cut to the usual ones.
const MAX_LABELS: usize = 32 * 1024;

/// Where the history stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Transitions ever written.
    pub sequence: u64,
    /// Transitions there are.
    pub entries: u64,
    /// When the replicas were last looked at.
    pub watched: UnixMs,
}

/// How often a rule fired, and how long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// Firings that began.
    pub times: u64,
    /// Firings that ended.
    pub ended: u64,
    /// How long those lasted together.
    pub lasted_ms: u64,
}

impl Fired {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            times: self.times + other.times,
            ended: self.ended + other.ended,
            lasted_ms: self.lasted_ms + other.lasted_ms,
        }
    }

    /// What a transition adds, given when the alert entered the state it leaves.
    const fn of(transition: &Transition, since: UnixMs) -> Self {
        match (transition.from, transition.to) {
            (_, State::Firing) => Self { times: 1, ended: 0, lasted_ms: 0 },
            (State::Firing, _) => {
                let lasted_ms = transition.at.0.saturating_sub(since.0);
                Self { times: 0, ended: 1, lasted_ms }
            }
            _ => Self { times: 0, ended: 0, lasted_ms: 0 },
        }
    }
}

/// By group and name of the rule.
pub type FiredByRule = BTreeMap<(String, String), Fired>;

/// One transition as it lies in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Row {
    fingerprint: Fingerprint,
    group: String,
    labels: Labels,
    from: State,
    to: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
}

/// Id of a transition; ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryId {
    at: UnixMs,
    sequence: u64,
}

impl EntryId {
    fn key(self) -> Bytes {
        let mut key = (!self.at.0).to_be_bytes().to_vec();
        key.extend((!self.sequence).to_be_bytes());
        key.into()
    }

    fn of_key(key: &[u8]) -> Option<Self> {
        let (at, sequence) = (key.get(..8)?.try_into().ok()?, key.get(8..)?.try_into().ok()?);
        Some(Self { at: UnixMs(!u64::from_be_bytes(at)), sequence: !u64::from_be_bytes(sequence) })
    }
}

impl std::fmt::Display for EntryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}-{:x}", self.at.0, self.sequence)
    }
}

impl std::str::FromStr for EntryId {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = |hex: &str| u64::from_str_radix(hex, 16).ok();
        text.split_once('-')
            .and_then(|(at, sequence)| {
                Some(Self { at: UnixMs(parse(at)?), sequence: parse(sequence)? })
            })
            .ok_or("no id of the history")
    }
}

/// One transition with its id.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place in the history.
    pub id: EntryId,
    /// What happened.
    pub transition: Transition,
}

/// What to read; all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// No earlier.
    pub from: Option<UnixMs>,
    /// Earlier than this.
    pub to: Option<UnixMs>,
    /// Of this alert.
    pub fingerprint: Option<Fingerprint>,
    /// Of rules of this group.
    pub group: Option<String>,
    /// Of rules with this name.
    pub alert: Option<String>,
    /// Of this project.
    pub project: Option<String>,
    /// Into one of these states; empty = any.
    pub states: Vec<State>,
    /// Words that must all occur in group or labels, in lower case.
    pub words: Vec<String>,
}

impl Filter {
    fn takes(&self, transition: &Transition) -> bool {
        let equal = |wanted: &Option<String>, value: Option<&String>| {
            wanted.is_none() || wanted.as_ref() == value
        };
        self.fingerprint.is_none_or(|wanted| wanted == transition.fingerprint)
            && equal(&self.group, Some(&transition.group))
            && equal(&self.alert, transition.labels.get("alertname"))
            && equal(&self.project, transition.labels.get("project"))
            && (self.states.is_empty() || self.states.contains(&transition.to))
            && self.has_words(transition)
    }

    fn has_words(&self, transition: &Transition) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let mut hay = transition.group.to_lowercase();
        for value in transition.labels.values() {
            hay.push('\n');
            hay.push_str(&value.to_lowercase());
        }
        self.words.iter().all(|word| hay.contains(word))
    }
}

/// The history as one node has it. Cheap to clone.
#[derive(Clone)]
pub struct AlertLog {
    store: Store,
}

impl AlertLog {
    /// Over the store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Transitions newest first, those after `before` in that order, at most `limit`; and
    /// whether there are more. Blocking: it may read the whole history.
    ///
    /// # Errors
    /// The storage failed.
    pub fn page(
        &self,
        filter: &Filter,
        before: Option<EntryId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), StoreError> {
        let mut start = match (before, filter.to) {
            (Some(id), _) => after(&id.key()),
            (None, Some(to)) => after(&EntryId { at: to, sequence: 0 }.key()),
            (None, None) => Vec::new(),
        };
        let mut found = Vec::new();
        loop {
            let rows = self.store.rows(Space::AlertLog, &start, STRIDE)?;
            let Some((last, ..)) = rows.last() else { return Ok((found, false)) };
            start = after(last);
            for (key, _, value) in rows {
                if filter.fingerprint.is_some_and(|wanted| !is_of(&value, wanted)) {
                    continue;
                }
                let Some(entry) = entry(&key, &value) else { continue };
                if filter.from.is_some_and(|from| entry.transition.at < from) {
                    return Ok((found, false));
                }
                if filter.to.is_some_and(|to| entry.transition.at >= to)
                    || !filter.takes(&entry.transition)
                {
                    continue;
                }
                if found.len() == limit {
                    return Ok((found, true));
                }
                found.push(entry);
            }
        }
    }

    /// How often each rule (group, alert) has fired since the beginning of the day (UTC) `days`
    /// days before that of `now`.
    ///
    /// # Errors
    /// The storage failed.
    pub fn fired(&self, now: UnixMs, days: u64) -> Result<FiredByRule, StoreError> {
        let mut start = count_prefix(day(now).saturating_sub(days));
        let mut counts = FiredByRule::new();
        loop {
            let rows = self.store.rows(Space::AlertState, &start, STRIDE)?;
            let Some((last, ..)) = rows.last() else { return Ok(counts) };
            start = after(last);
            for (key, _, value) in &rows {
                let Some(rule) = rule_of_count(key) else { return Ok(counts) };
                let count = counts.entry(rule).or_default();
                *count = count.and(decode(value).unwrap_or_default());
            }
        }
    }

    /// What is pending or firing, and where the history stands.
    pub(super) fn load(&self) -> Result<Book, StoreError> {
        let head = self.store.row(Space::AlertState, HEAD)?;
        let mut book = Book { revision: head.as_ref().map(|(at, _)| *at), ..Book::default() };
        book.head = head.and_then(|(_, value)| decode(&value)).unwrap_or_default();
        let mut start = b"s".to_vec();
        loop {
            let rows = self.store.rows(Space::AlertState, &start, STRIDE)?;
            let Some((last, ..)) = rows.last() else { return Ok(book) };
            start = after(last);
            for (key, _, value) in &rows {
                let known = fingerprint_of(key).zip(decode::<Known>(value));
                book.active.extend(known);
            }
        }
    }

    /// The changes that write `transitions` and move the head, and the book afterwards.
    pub(super) fn draft(
        &self,
        book: &Book,
        transitions: &[Transition],
        watched: UnixMs,
    ) -> Result<(Book, Draft), StoreError> {
        let mut next = book.clone();
        next.head.watched = watched;
        let mut changes = Vec::new();
        let mut counts: BTreeMap<Vec<u8>, Fired> = BTreeMap::new();
        for transition in transitions {
            next.head.sequence += 1;
            next.head.entries += 1;
            let id = EntryId { at: transition.at, sequence: next.head.sequence };
            changes.push(put(Space::AlertLog, id.key(), &Row::of(transition)));
            let since = next.active.get(&transition.fingerprint).map_or(id.at, |was| was.since);
            let fired = Fired::of(transition, since);
            if fired != Fired::default() {
                let count = counts.entry(count_key(transition)).or_default();
                *count = count.and(fired);
            }
            apply(&mut next.active, transition);
        }
        for fingerprint in transitions.iter().map(|transition| transition.fingerprint) {
            let key = state_key(fingerprint);
            changes.push(match next.active.get(&fingerprint) {
                Some(known) => put(Space::AlertState, key, &fitting(known)),
                None => Change::DeleteRow(Space::AlertState, key),
            });
        }
        for (key, more) in counts {
            let before = self.store.row(Space::AlertState, &key)?;
            let before: Fired = before.and_then(|(_, value)| decode(&value)).unwrap_or_default();
            changes.push(put(Space::AlertState, key.into(), &before.and(more)));
        }
        changes.push(put(Space::AlertState, Bytes::from_static(HEAD), &next.head));
        Ok((next, Draft { condition: book.condition(), changes }))
    }

    /// The changes that remove what is too old or too much; none when there is nothing.
    pub(super) fn sweep(
        &self,
        book: &Book,
        now: UnixMs,
    ) -> Result<Option<(Book, Draft)>, StoreError> {
        let oldest = EntryId { at: UnixMs(now.0.saturating_sub(KEEP_MS)), sequence: 0 };
        let mut start = oldest.key().to_vec();
        if book.head.entries > KEEP_ENTRIES
            && let Some(last_kept) = self.nth(KEEP_ENTRIES)?
        {
            start = start.min(last_kept);
        }
        let old = self.store.rows(Space::AlertLog, &start, STRIDE)?;
        let mut changes: Vec<Change> =
            old.iter().map(|(key, ..)| Change::DeleteRow(Space::AlertLog, key.clone())).collect();
        let mut next = book.clone();
        next.head.entries = next.head.entries.saturating_sub(changes.len() as u64);
        let counts = self.store.rows(Space::AlertState, b"c", STRIDE)?;
        let too_old = count_prefix(day(now).saturating_sub(KEEP_MS / DAY_MS));
        let counts = counts.into_iter().filter(|(key, ..)| key[..] < too_old[..]);
        changes.extend(counts.map(|(key, ..)| Change::DeleteRow(Space::AlertState, key)));
        if changes.is_empty() {
            return Ok(None);
        }
        changes.push(put(Space::AlertState, Bytes::from_static(HEAD), &next.head));
        Ok(Some((next, Draft { condition: book.condition(), changes })))
    }

    /// Key of the row after the `n` newest.
    fn nth(&self, n: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let (mut start, mut left) = (Vec::new(), usize::try_from(n).unwrap_or(usize::MAX));
        while left > 0 {
            let rows = self.store.rows(Space::AlertLog, &start, STRIDE.min(left))?;
            let Some((last, ..)) = rows.last() else { return Ok(None) };
            start = after(last);
            left -= rows.len();
        }
        Ok(Some(start))
    }
}

/// What the leader remembers between looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Book {
    pub(super) active: Active,
    pub(super) head: Head,
    /// Of the head's row.
    pub(super) revision: Option<Revision>,
}

impl Book {
    fn condition(&self) -> Precondition {
        Precondition::Row(Space::AlertState, Bytes::from_static(HEAD), self.revision)
    }
}

/// One command.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) condition: Precondition,
    pub(super) changes: Vec<Change>,
}

impl Row {
    fn of(transition: &Transition) -> Self {
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

fn fitting(known: &Known) -> Known {
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

fn entry(key: &[u8], value: &[u8]) -> Option<Entry> {
    let id = EntryId::of_key(key)?;
    let row: Row = decode(value)?;
    let Row { fingerprint, group, labels, from, to, value } = row;
    let transition = Transition { at: id.at, fingerprint, group, labels, from, to, value };
    Some(Entry { id, transition })
}

/// Reads no more of a row than it needs: of one alert's story all others' rows are passed over.
fn is_of(value: &[u8], wanted: Fingerprint) -> bool {
    #[derive(Deserialize)]
    struct Whose {
        fingerprint: Fingerprint,
    }
    decode::<Whose>(value).is_some_and(|row| row.fingerprint == wanted)
}

fn put(space: Space, key: Bytes, value: &impl Serialize) -> Change {
    Change::PutRow(space, key, serde_json::to_vec(value).unwrap_or_default().into())
}

/// Rows of a newer version may not be readable; they are left out.
fn decode<T: DeserializeOwned>(value: &[u8]) -> Option<T> {
    serde_json::from_slice(value)
        .inspect_err(|error| tracing::warn!(%error, "a row of the alert history cannot be read"))
        .ok()
}

fn state_key(fingerprint: Fingerprint) -> Bytes {
    let mut key = b"s".to_vec();
    key.extend(fingerprint.0.to_be_bytes());
    key.into()
}

fn fingerprint_of(key: &[u8]) -> Option<Fingerprint> {
    let hash = key.strip_prefix(b"s")?.try_into().ok()?;
    Some(Fingerprint(u64::from_be_bytes(hash)))
}

fn day(at: UnixMs) -> u64 {
    at.0 / DAY_MS
}

fn count_prefix(day: u64) -> Vec<u8> {
    let mut key = b"c".to_vec();
    key.extend(day.to_be_bytes());
    key
}

fn count_key(transition: &Transition) -> Vec<u8> {
    let mut key = count_prefix(day(transition.at));
    key.extend(transition.group.as_bytes());
    key.push(0);
    // Names beyond this are counted together.
    let name = transition.labels.get("alertname").map_or("", String::as_str);
    key.extend(name.bytes().take(500));
    key
}

fn rule_of_count(key: &[u8]) -> Option<(String, String)> {
    let rule = key.strip_prefix(b"c")?.get(8..)?;
    let middle = rule.iter().position(|byte| *byte == 0)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((text(&rule[..middle]), text(&rule[middle + 1..])))
}

/// The smallest key after `key`.
fn after(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_vec();
    next.push(0);
    next
}

#[cfg(test)]
mod tests;
