//! What the component tasks publish.

use crate::model::observed::{ConfigStatus, Fault};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
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
}

impl Default for Reports {
    fn default() -> Self {
        Self { by_component: Arc::default(), changed: watch::Sender::new(0) }
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
