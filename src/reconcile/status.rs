//! What the component tasks publish.

use crate::model::observed::{ConfigStatus, Fault};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// State of one component's configuration on this node.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentReport {
    /// What is rendered, what is live, why not.
    pub config: ConfigStatus,
    /// What an operator should look at.
    pub faults: Vec<Fault>,
    /// Version of the build.
    pub version: String,
}

/// All reports of this node, by component. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reports {
    by_component: Arc<Mutex<BTreeMap<String, ComponentReport>>>,
    changed: watch::Sender<u64>,
    /// How long rendering took.
    pub timing: Arc<Timing>,
}

/// Durations of rendering since start.
#[derive(Debug, Default)]
pub struct Timing {
    count: AtomicU64,
    total_us: AtomicU64,
    last_us: AtomicU64,
}

impl Timing {
    /// One more.
    pub(super) fn took(&self, time: Duration) {
        let us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.total_us.fetch_add(us, Ordering::Relaxed);
        self.last_us.store(us, Ordering::Relaxed);
    }

    /// How many there were, what they took together and the last of them, in microseconds.
    #[must_use]
    pub fn read(&self) -> (u64, u64, u64) {
        let load = |value: &AtomicU64| value.load(Ordering::Relaxed);
        (load(&self.count), load(&self.total_us), load(&self.last_us))
    }
}

impl Default for Reports {
    fn default() -> Self {
        Self {
            by_component: Arc::default(),
            changed: watch::Sender::new(0),
            timing: Arc::default(),
        }
    }
}

impl Reports {
    /// Replaces the report of one component; wakes readers only when it differs.
    pub fn publish(&self, component: &str, report: ComponentReport) {
        let mut all = self.by_component.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(component) == Some(&report) {
            return;
        }
        all.insert(component.to_owned(), report);
        drop(all);
        self.changed.send_modify(|count| *count += 1);
    }

    /// Forgets a component that no longer belongs here.
    pub fn forget(&self, component: &str) {
        let gone = self
            .by_component
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(component)
            .is_some();
        if gone {
            self.changed.send_modify(|count| *count += 1);
        }
    }

    /// All reports as of now.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, ComponentReport> {
        self.by_component.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes whenever a report does.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}
