//! Brings the running set to the wanted one, in order. One task; the only one that starts and
//! ends the tasks of children.

use super::adopt::Leftover;
use super::child::{Child, Goal};
use super::process::Process;
use super::shared::Shared;
use super::stop::stop;
use crate::model::observed::ProcessState;
use crate::model::process::ProcessSpec;
use futures_util::future::{BoxFuture, FutureExt, join_all};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A spec and its launch hash.
pub(super) type Hashed = (Arc<ProcessSpec>, String);

/// What should run.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Counts changes, so that one can wait for its own.
    pub(super) round: u64,
    /// `None` until somebody has said.
    pub(super) specs: Option<BTreeMap<String, Hashed>>,
    /// Nothing will be wanted after this.
    pub(super) is_last: bool,
}

/// The way to ask a child's task for something, by name.
pub(super) type Goals = Arc<Mutex<BTreeMap<String, watch::Sender<Goal>>>>;

pub(super) struct Converge {
    pub(super) shared: Arc<Shared>,
    pub(super) wanted: watch::Receiver<Wanted>,
    pub(super) settled: watch::Sender<u64>,
    pub(super) goals: Goals,
    pub(super) leftovers: BTreeMap<String, Leftover>,
    pub(super) children: BTreeMap<String, Handle>,
}

pub(super) struct Handle {
    spec: watch::Sender<Arc<ProcessSpec>>,
    hash: String,
    goal: watch::Sender<Goal>,
    task: JoinHandle<()>,
}

impl Converge {
    /// Runs until the last wanted set is reached, or released.
    pub(super) async fn run(mut self) {
        let release = self.shared.release.clone();
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            if let Some(specs) = &wanted.specs {
                tokio::select! {
                    () = release.cancelled() => break,
                    () = self.converge(specs, wanted.is_last) => {}
                }
            }
            self.settled.send_replace(wanted.round);
            let changed = async { !wanted.is_last && self.wanted.changed().await.is_ok() };
            tokio::select! {
                () = release.cancelled() => break,
                goes_on = changed => if !goes_on { break },
            }
        }
        // Released ones see it by themselves; after the last set there are none.
        join_all(self.children.into_values().map(|handle| handle.task)).await;
    }

    async fn converge(&mut self, specs: &BTreeMap<String, Hashed>, is_last: bool) {
        // A task only ends by itself when it has panicked: its process is swept and started anew.
        self.children.retain(|_, handle| !handle.task.is_finished());
        self.adopt(specs);
        self.stop_unwanted(specs).await;
        if !is_last {
            self.forget_unwanted(specs);
        }
        self.update(specs);
        self.start_missing(specs).await;
    }

    fn adopt(&mut self, specs: &BTreeMap<String, Hashed>) {
        let is_same = |name: &String, leftover: &mut Leftover| {
            specs.get(name).is_some_and(|(_, hash)| *hash == leftover.record.launch_hash)
        };
        let same: Vec<_> = self.leftovers.extract_if(.., is_same).collect();
        for (name, leftover) in same {
            let (spec, hash) = &specs[&name];
            tracing::info!(process = name, pid = leftover.process.pid(), "running child adopted");
            self.launch(spec, hash, Some(leftover.process));
        }
    }

    /// Higher orders first; those of one order at the same time.
    async fn stop_unwanted(&mut self, specs: &BTreeMap<String, Hashed>) {
        let mut steps: BTreeMap<u16, Vec<BoxFuture<'static, ()>>> = BTreeMap::new();
        for (name, leftover) in std::mem::take(&mut self.leftovers) {
            let shared = Arc::clone(&self.shared);
            let order = leftover.record.order;
            steps.entry(order).or_default().push(end_leftover(shared, name, leftover).boxed());
        }
        let unwanted = |name: &String, handle: &mut Handle| {
            specs.get(name).is_none_or(|(_, hash)| *hash != handle.hash)
        };
        let unwanted: Vec<_> = self.children.extract_if(.., unwanted).collect();
        for (name, handle) in unwanted {
            lock(&self.goals).remove(&name);
            let order = handle.spec.borrow().order;
            steps.entry(order).or_default().push(end(name, handle).boxed());
        }
        for (_, step) in steps.into_iter().rev() {
            join_all(step).await;
        }
    }

    fn forget_unwanted(&self, specs: &BTreeMap<String, Hashed>) {
        let known: Vec<String> = self.shared.statuses.borrow().keys().cloned().collect();
        for name in known.iter().filter(|name| !specs.contains_key(*name)) {
            self.shared.forget(name);
        }
    }

    /// Changes that need no restart.
    fn update(&self, specs: &BTreeMap<String, Hashed>) {
        for (name, handle) in &self.children {
            if let Some((spec, _)) = specs.get(name) {
                handle.spec.send_if_modified(|current| {
                    let changed = **current != **spec;
                    *current = Arc::clone(spec);
                    changed
                });
            }
        }
    }

    /// Lower orders first; the next order when these are up, or have had their time to be.
    async fn start_missing(&mut self, specs: &BTreeMap<String, Hashed>) {
        let mut steps: BTreeMap<u16, Vec<&Hashed>> = BTreeMap::new();
        for hashed in specs.values().filter(|(spec, _)| !self.children.contains_key(&spec.name)) {
            steps.entry(hashed.0.order).or_default().push(hashed);
        }
        let mut steps = steps.into_values().peekable();
        while let Some(step) = steps.next() {
            for (spec, hash) in &step {
                self.launch(spec, hash, None);
            }
            if steps.peek().is_some() {
                self.wait_for_start(&step).await;
            }
        }
    }

    async fn wait_for_start(&mut self, step: &[&Hashed]) {
        let mut statuses = self.shared.statuses.subscribe();
        let all_up = statuses.wait_for(|statuses| {
            step.iter().all(|(spec, _)| {
                let state = statuses.get(&spec.name).map(|status| status.state);
                state.is_some_and(|state| state != ProcessState::Starting)
            })
        });
        let patience: Duration = self.shared.config.timing.order_wait;
        tokio::select! {
            _ = tokio::time::timeout(patience, all_up) => {}
            // What is wanted now may be to stop all of it. Seen again by the caller's own look.
            _ = self.wanted.changed() => self.wanted.mark_changed(),
        }
    }

    fn launch(&mut self, spec: &Arc<ProcessSpec>, hash: &str, adopted: Option<Process>) {
        let (spec_sender, spec_receiver) = watch::channel(Arc::clone(spec));
        let (goal, goal_receiver) = watch::channel(Goal::default());
        let child = Child::new(Arc::clone(&self.shared), spec_receiver, goal_receiver);
        let task = tokio::spawn(child.run(adopted));
        lock(&self.goals).insert(spec.name.clone(), goal.clone());
        let handle = Handle { spec: spec_sender, hash: hash.to_owned(), goal, task };
        self.children.insert(spec.name.clone(), handle);
    }
}

async fn end(name: String, handle: Handle) {
    handle.goal.send_modify(|goal| goal.stop = true);
    if let Err(error) = handle.task.await {
        tracing::error!(process = name, %error, "the task of a child failed");
    }
}

async fn end_leftover(shared: Arc<Shared>, name: String, leftover: Leftover) {
    let grace = Duration::from_millis(leftover.record.stop_grace_ms);
    stop(&shared, &name, &leftover.process, grace).await;
    shared.update(&name, |status| {
        status.state = ProcessState::Stopped;
        status.pid = None;
    });
}

/// A panic while it was held leaves a whole map behind.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
