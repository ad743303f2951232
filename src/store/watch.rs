//! The watch: every change once and in order, or an honest `Resync`.
//!
//! Invariant: the ring holds a gapless run of events above its `floor`. A reader at or above the
//! floor loses nothing; one below it is told to read the state again. Nobody is skipped silently.

use super::{Event, command::Space};
use crate::model::resource::Key;
use bytes::Bytes;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{mpsc, watch};

/// Events kept.
const RING_EVENTS: usize = 4096;
/// Bytes of keys kept.
const RING_BYTES: usize = 4 << 20;
/// What a subscriber may lag behind the ring before it is up to the ring again.
const SUBSCRIBER_QUEUE: usize = 64;
/// Events handed over under one lock.
const STEP: usize = 64;

/// What one log entry changed.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) index: u64,
    pub(super) keys: Vec<Key>,
    pub(super) rows: Vec<(Space, Bytes)>,
}

impl Changed {
    fn bytes(&self) -> usize {
        const OVERHEAD: usize = 64;
        let keys: usize = self.keys.iter().map(|key| key.name.as_str().len() + OVERHEAD).sum();
        let rows: usize = self.rows.iter().map(|(_, key)| key.len() + OVERHEAD).sum();
        keys + rows + OVERHEAD
    }

    fn to_event(&self) -> Event {
        Event::Changed { index: self.index, keys: self.keys.clone(), rows: self.rows.clone() }
    }
}

/// The recent events.
pub(super) struct Ring {
    inner: Mutex<Inner>,
    /// Everything up to this index is in the ring, or was.
    head: watch::Sender<u64>,
}

struct Inner {
    events: VecDeque<Arc<Changed>>,
    bytes: usize,
    /// Events up to here, inclusive, may be missing.
    floor: u64,
}

enum Step {
    Events(Vec<Arc<Changed>>),
    Resync(u64),
}

impl Ring {
    /// Empty; nothing is known of events up to `index`.
    pub(super) fn new(index: u64) -> Self {
        let inner = Inner { events: VecDeque::new(), bytes: 0, floor: index };
        Self { inner: Mutex::new(inner), head: watch::Sender::new(index) }
    }

    /// Adds what was applied up to `index`; `events` in order, above everything added before.
    pub(super) fn push(&self, events: Vec<Changed>, index: u64) {
        {
            let mut inner = self.lock();
            for event in events {
                inner.bytes += event.bytes();
                inner.events.push_back(Arc::new(event));
            }
            while inner.events.len() > RING_EVENTS || inner.bytes > RING_BYTES {
                let Some(oldest) = inner.events.pop_front() else { break };
                inner.bytes -= oldest.bytes();
                inner.floor = oldest.index;
            }
        }
        self.head.send_replace(index);
    }

    /// Forgets everything: the state was replaced whole.
    pub(super) fn reset(&self, index: u64) {
        *self.lock() = Inner { events: VecDeque::new(), bytes: 0, floor: index };
        self.head.send_replace(index);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, after: u64) -> Step {
        let inner = self.lock();
        if after < inner.floor {
            let newest = inner.events.back().map_or(inner.floor, |event| event.index);
            return Step::Resync(newest);
        }
        let from = inner.events.partition_point(|event| event.index <= after);
        Step::Events(inner.events.range(from..).take(STEP).cloned().collect())
    }

    /// Feeds a subscriber until it goes away or the store is dropped.
    pub(super) async fn feed(&self, since: u64, to: mpsc::Sender<Event>) {
        let mut head = self.head.subscribe();
        let mut after = since;
        loop {
            head.mark_unchanged();
            match self.step(after) {
                Step::Resync(index) => {
                    after = index;
                    if to.send(Event::Resync { index }).await.is_err() {
                        return;
                    }
                }
                Step::Events(events) if events.is_empty() => {
                    tokio::select! {
                        biased;
                        changed = head.changed() => if changed.is_err() { return },
                        () = to.closed() => return,
                    }
                }
                Step::Events(events) => {
                    for event in events {
                        after = event.index;
                        if to.send(event.to_event()).await.is_err() {
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// The queue between a feed and its subscriber.
pub(super) fn queue() -> (mpsc::Sender<Event>, mpsc::Receiver<Event>) {
    mpsc::channel(SUBSCRIBER_QUEUE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(index: u64) -> Changed {
        Changed { index, keys: vec![], rows: vec![(Space::Lease, Bytes::from_static(b"k"))] }
    }

    fn feed(ring: &Arc<Ring>, since: u64, to: mpsc::Sender<Event>) {
        let ring = ring.clone();
        tokio::spawn(async move { ring.feed(since, to).await });
    }

    async fn next_index(events: &mut mpsc::Receiver<Event>) -> (u64, bool) {
        match events.recv().await.unwrap() {
            Event::Changed { index, .. } => (index, false),
            Event::Resync { index } => (index, true),
        }
    }

    #[tokio::test]
    async fn a_subscriber_within_the_ring_sees_each_event_once_and_in_order() {
        let ring = Arc::new(Ring::new(10));
        ring.push((11..=200).map(changed).collect(), 200);
        let (to, mut events) = queue();
        feed(&ring, 10, to);
        for index in 11..=200 {
            assert_eq!(next_index(&mut events).await, (index, false));
        }
        ring.push(vec![changed(203)], 204);
        assert_eq!(next_index(&mut events).await, (203, false));
    }

    #[tokio::test]
    async fn a_subscriber_from_before_the_ring_is_told_to_read_again() {
        let ring = Arc::new(Ring::new(10));
        ring.push(vec![changed(12)], 12);
        let (to, mut events) = queue();
        feed(&ring, 9, to);
        assert_eq!(next_index(&mut events).await, (12, true));
        ring.push(vec![changed(13)], 13);
        assert_eq!(next_index(&mut events).await, (13, false));
    }

    #[tokio::test]
    async fn a_slow_subscriber_gets_a_resync_instead_of_a_gap() {
        let ring = Arc::new(Ring::new(0));
        let (to, mut events) = queue();
        feed(&ring, 0, to);
        ring.push(vec![changed(1)], 1);
        assert_eq!(next_index(&mut events).await, (1, false));
        let last = 3 * RING_EVENTS as u64;
        for index in 2..=last {
            ring.push(vec![changed(index)], index);
        }
        let mut expected = 2;
        let mut resyncs = 0;
        while expected <= last {
            let (index, resync) = next_index(&mut events).await;
            if resync {
                resyncs += 1;
                assert!(index >= expected);
            } else {
                assert_eq!(index, expected, "a gap that was not announced");
            }
            expected = index + 1;
        }
        assert_eq!(resyncs, 1);
    }
}
