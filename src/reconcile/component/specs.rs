//! The processes this node wants, as one set: the supervisor takes nothing less.

use crate::{base::error_chain::ErrorChain, model::process::ProcessSpec, supervise::Supervisor};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The node's wanted processes. Cheap to clone.
#[derive(Clone, Default)]
pub struct Specs(Arc<Mutex<BTreeMap<String, ProcessSpec>>>);

impl Specs {
    fn change(
        &self,
        supervisor: &Supervisor,
        change: impl FnOnce(&mut BTreeMap<String, ProcessSpec>),
    ) {
        // The lock also orders the calls, so that an older set never overtakes a newer one.
        let mut specs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut specs);
        if let Err(error) = supervisor.apply(specs.values().cloned().collect()) {
            tracing::error!(error = %ErrorChain(&error), "the supervisor refused the set of processes");
        }
    }

    /// What ran when we last looked, all of it at once: the supervisor's first set decides what
    /// becomes of the processes of an earlier life.
    pub fn seed(&self, supervisor: &Supervisor, running: impl IntoIterator<Item = ProcessSpec>) {
        self.change(supervisor, |specs| {
            specs.extend(running.into_iter().map(|spec| (spec.name.clone(), spec)));
        });
    }

    /// Adds or replaces one.
    pub fn put(&self, supervisor: &Supervisor, spec: ProcessSpec) {
        self.change(supervisor, |specs| {
            specs.insert(spec.name.clone(), spec);
        });
    }

    /// Stops one.
    pub fn remove(&self, supervisor: &Supervisor, name: &str) {
        self.change(supervisor, |specs| {
            specs.remove(name);
        });
    }
}
