//! One component of this node: a task that brings it to the wanted version and keeps it there.

mod carry_out;
mod files;
mod refusal;
mod specs;

pub use specs::Specs;

use super::{
    checker::Checkers,
    ledger::Ledger,
    plan::{Present, Version},
    status::{ComponentReport, Reports},
    tree,
};
use crate::{
    base::shutdown::Shutdown,
    model::{
        observed::{ConfigStatus, Fault},
        process::ProcessSpec,
    },
    observe::http::LocalHttp,
    render::Component,
    supervise::Supervisor,
};
use files::process_hash;
use refusal::Refusal;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::Instant};

/// How often a task looks again although nothing woke it: repairs, retries.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// What one render wants of a component.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Store index that was rendered.
    pub index: u64,
    /// The component.
    pub component: Arc<Component>,
    /// Objects that were left out of it, each with the reason.
    pub aside: Vec<Fault>,
}

/// What the tasks share.
#[derive(Clone)]
pub struct Parts {
    /// Runs the processes.
    pub supervisor: Arc<Supervisor>,
    /// Runs the checkers.
    pub checkers: Checkers,
    /// Talks to the programs.
    pub http: LocalHttp,
    /// Where results are published.
    pub reports: Reports,
    /// All process specs of the node: the supervisor takes the whole set.
    pub specs: Specs,
    /// What was last good.
    pub ledger: Ledger,
}

/// The task's own state.
pub struct ComponentTask {
    parts: Parts,
    wanted: watch::Receiver<Wanted>,
    present: Present,
    /// Spec of `present.live`, for going back.
    live_spec: Option<ProcessSpec>,
    live_index: u64,
    refusal: Option<Refusal>,
    /// Index with which an unbroken row of refusals began.
    refused_since: Option<u64>,
}

impl ComponentTask {
    /// A task for the component in `wanted`.
    #[must_use]
    pub fn new(parts: Parts, wanted: watch::Receiver<Wanted>) -> Self {
        let component = Arc::clone(&wanted.borrow().component);
        let known = parts.ledger.get(&component.name);
        // A crash between putting files in place and noting it: take them over once more.
        let in_place = tree::live_hash(&component.config_dir);
        let live = known.as_ref().map(|entry| entry.version.clone()).filter(|version| {
            component.files.is_empty() || in_place.as_ref() == Some(&version.files)
        });
        Self {
            parts,
            wanted,
            present: Present { live, ..Present::default() },
            live_index: known.as_ref().map_or(0, |entry| entry.index),
            refused_since: known.as_ref().and_then(|entry| entry.refused_since),
            live_spec: known.map(|entry| entry.spec),
            refusal: None,
        }
    }

    /// Runs until shutdown or until the component no longer belongs here (its sender is gone).
    /// The process itself is left running; [`Specs::remove`] stops it.
    pub async fn run(mut self, shutdown: Shutdown) {
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            tokio::select! {
                () = self.pass(&wanted) => {}
                () = shutdown.cancelled() => return,
            }
            tokio::select! {
                changed = self.wanted.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    async fn pass(&mut self, wanted: &Wanted) {
        let component = &*wanted.component;
        let version = Version {
            files: tree::hash(&component.files),
            process: process_hash(&component.process),
        };
        if self.refusal.as_ref().and_then(|r| r.retry).is_some_and(|at| Instant::now() >= at) {
            self.present.refused = None;
        }
        let outcome = match self.prepare(component).await {
            Ok(()) => self.carry_out(component, &version, wanted.index).await,
            Err(error) => Err(Refusal::passing(&error)),
        };
        match outcome {
            Ok(true) => {
                self.present.refused = None;
                self.refusal = None;
                self.live_index = wanted.index;
                self.note_refused(&component.name, None).await;
            }
            Ok(false) => {}
            Err(refusal) => {
                tracing::warn!(
                    component = component.name,
                    reason = refusal.words,
                    "not taken over"
                );
                self.present.refused = Some(version.clone());
                if refusal.is_said() {
                    let since = self.refused_since.unwrap_or(wanted.index);
                    self.note_refused(&component.name, Some(since)).await;
                }
                self.refusal = Some(refusal);
            }
        }
        self.publish(wanted, &version);
    }

    /// Kept over a restart: a refusal that was there before is no newer change's fault.
    async fn note_refused(&mut self, name: &str, since: Option<u64>) {
        if self.refused_since == since {
            return;
        }
        self.refused_since = since;
        let (ledger, component) = (self.parts.ledger.clone(), name.to_owned());
        let noted = tokio::task::spawn_blocking(move || ledger.set_refused(&component, since));
        if let Ok(Err(error)) = noted.await {
            tracing::warn!(component = name, %error, "cannot note since when it is refused");
        }
    }

    fn publish(&self, wanted: &Wanted, version: &Version) {
        let component = &*wanted.component;
        let refusal = self.refusal.as_ref();
        let live_hash = self.present.live.as_ref().unwrap_or(version).files.clone();
        let config = ConfigStatus {
            component: component.name.clone(),
            rendered_index: wanted.index,
            live_index: self.live_index,
            live_hash,
            refused: refusal.map(|refusal| refusal.words.clone()),
            refusal: refusal.and_then(|it| it.told(self.refused_since.unwrap_or(wanted.index))),
        };
        let own = refusal.map(|refusal| refusal.fault(component));
        let faults = own.into_iter().chain(wanted.aside.iter().cloned()).collect();
        let version = component.version.clone();
        self.parts.reports.publish(&component.name, ComponentReport { config, faults, version });
    }
}
