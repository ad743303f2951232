//! What the notifier counts; the telemetry reads it when `/metrics` is asked.

use super::delivery::{Class, DeliveryId};
use crate::model::UnixMs;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Counters since the start of this process, on this node.
#[derive(Debug, Default)]
pub struct Metrics {
    webhooks: [AtomicU64; 5],
    flagged: AtomicU64,
    enqueued: AtomicU64,
    attempts: Mutex<BTreeMap<(&'static str, Class), u64>>,
    failed: AtomicU64,
    oldest_pending_ms: AtomicU64,
    pending: AtomicU64,
    lost_input: Mutex<BTreeMap<String, LostInput>>,
}

/// How a webhook was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answered {
    /// 200 after commit.
    Committed = 0,
    /// 200 after the local spool was synced.
    Spooled = 1,
    /// 400 or 415.
    Refused = 2,
    /// 503.
    Unavailable = 3,
    /// 413.
    TooLarge = 4,
}

/// Alerts that did not come in because their body was over the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostInput {
    /// For this receiver.
    pub receiver: String,
    /// From whom.
    pub sender: String,
    /// The last time.
    pub at: UnixMs,
}

/// The values now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// Webhooks by answer: `committed`, `spooled`, `refused`, `unavailable`, `too_large`.
    pub webhooks: BTreeMap<&'static str, u64>,
    /// Alerts in which something could not be read.
    pub flagged_alerts: u64,
    /// Deliveries queued by this node.
    pub enqueued: u64,
    /// Attempts by kind of channel and class of outcome.
    pub attempts: BTreeMap<(&'static str, &'static str), u64>,
    /// Deliveries that ended as failed.
    pub failed: u64,
    /// Deliveries waiting, while this node leads.
    pub pending: u64,
    /// When the oldest waiting delivery came in, ms since 1970; 0 = none waits.
    pub oldest_pending_ms: u64,
}

const ANSWERS: [&str; 5] = ["committed", "spooled", "refused", "unavailable", "too_large"];
/// Receivers whose lost input is remembered.
const MAX_LOST: usize = 20;
const KINDS: [&str; 2] = ["mail", "webhook"];

impl Metrics {
    pub(super) fn answered(&self, answered: Answered) {
        self.webhooks[answered as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn flagged(&self, alerts: usize) {
        self.flagged.fetch_add(alerts as u64, Ordering::Relaxed);
    }

    pub(super) fn enqueued(&self, deliveries: usize) {
        self.enqueued.fetch_add(deliveries as u64, Ordering::Relaxed);
    }

    pub(super) fn attempted(&self, kind: &'static str, class: Class) {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        *attempts.entry((kind, class)).or_default() += 1;
    }

    pub(super) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn queue(&self, pending: usize, oldest: Option<DeliveryId>) {
        self.pending.store(pending as u64, Ordering::Relaxed);
        let oldest = oldest.map_or(0, |id| u64::try_from(id.0 >> 80).unwrap_or(0));
        self.oldest_pending_ms.store(oldest, Ordering::Relaxed);
    }

    pub(super) fn lost_input(&self, receiver: String, sender: String, at: UnixMs) {
        let mut lost = self.lost_input.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.len() >= MAX_LOST
            && !lost.contains_key(&receiver)
            && let Some(oldest) = lost.values().min_by_key(|one| one.at).cloned()
        {
            lost.remove(&oldest.receiver);
        }
        lost.insert(receiver.clone(), LostInput { receiver, sender, at });
    }

    /// What was refused for its size since the start of this process: the last one of each
    /// receiver, at most twenty.
    #[must_use]
    pub fn lost_inputs(&self) -> Vec<LostInput> {
        let lost = self.lost_input.lock().unwrap_or_else(PoisonError::into_inner);
        lost.values().cloned().collect()
    }

    /// The values now; every series is there from the start.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let classes = KINDS.iter().flat_map(|kind| Class::ALL.map(|class| (*kind, class)));
        Snapshot {
            webhooks: ANSWERS.into_iter().zip(self.webhooks.iter().map(load)).collect(),
            flagged_alerts: load(&self.flagged),
            enqueued: load(&self.enqueued),
            attempts: classes
                .map(|(kind, class)| {
                    let count = attempts.get(&(kind, class)).copied().unwrap_or(0);
                    ((kind, class.as_str()), count)
                })
                .collect(),
            failed: load(&self.failed),
            pending: load(&self.pending),
            oldest_pending_ms: load(&self.oldest_pending_ms),
        }
    }
}
