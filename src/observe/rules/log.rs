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

mod entry;
mod fired;
mod key;
mod row;

pub use entry::{Entry, EntryId, Filter};
pub use fired::{Fired, FiredByRule};

use super::track::{Active, Known, Transition, apply};
use crate::{
    model::{Revision, UnixMs},
    store::{
        Store, StoreError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use key::{
    DAY_MS, after, count_key, count_prefix, day, day_of_count, fingerprint_of, rule_of_count,
    state_key,
};
use row::{Row, decode, entry, fitting, is_of, put};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Transitions are kept this long.
pub const KEEP_MS: u64 = 30 * DAY_MS;
/// No more than so many are kept.
pub const KEEP_ENTRIES: u64 = 50_000;
const HEAD: &[u8] = b"h";
/// Rows read at once.
const STRIDE: usize = 500;

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

    /// How often the rules of each group began to fire on each of the last `days` days (UTC), that
    /// of `now` last.
    ///
    /// # Errors
    /// The storage failed.
    pub fn fired_daily(
        &self,
        now: UnixMs,
        days: usize,
    ) -> Result<BTreeMap<String, Vec<u64>>, StoreError> {
        let first = (day(now) + 1).saturating_sub(days as u64);
        let mut start = count_prefix(first);
        let mut daily: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        loop {
            let rows = self.store.rows(Space::AlertState, &start, STRIDE)?;
            let Some((last, ..)) = rows.last() else { return Ok(daily) };
            start = after(last);
            for (key, _, value) in &rows {
                let Some(((group, _), day)) = rule_of_count(key).zip(day_of_count(key)) else {
                    return Ok(daily);
                };
                let at = usize::try_from(day - first).unwrap_or(usize::MAX);
                let days = daily.entry(group).or_insert_with(|| vec![0; days]);
                if let Some(times) = days.get_mut(at) {
                    *times += decode::<Fired>(value).unwrap_or_default().times;
                }
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

#[cfg(test)]
mod tests;
