//! What this node says of itself.

use super::notes::Notes;
use crate::{
    base::{clock::now_unix_ms, shutdown::Shutdown},
    model::{
        NodeId, UnixMs,
        cluster::FEATURE_LEVEL,
        observed::{ComponentStatus, Fault, NodeStatus, ProcessState},
    },
    notify::{self, metrics::LostInput},
    reconcile::status::Reports,
    store::Store,
    supervise::Supervisor,
};
use std::sync::Arc;
use tokio::sync::watch;

/// How long lost input is shown after the last time.
const LOST_SHOWN_MS: u64 = 60 * 60 * 1000;

/// Collects it from where it is known. Cheap to clone.
#[derive(Clone)]
pub struct StatusSource {
    node: NodeId,
    store: Store,
    supervisor: Arc<Supervisor>,
    reports: Reports,
    notify: Arc<notify::Metrics>,
    notes: Notes,
    started: UnixMs,
}

impl StatusSource {
    /// For this life of the process.
    #[must_use]
    pub fn new(
        node: NodeId,
        store: Store,
        supervisor: Arc<Supervisor>,
        reports: Reports,
        notify: Arc<notify::Metrics>,
        notes: Notes,
    ) -> Self {
        Self { node, store, supervisor, reports, notify, notes, started: UnixMs(now_unix_ms()) }
    }

    /// As of now.
    #[must_use]
    pub fn now(&self) -> NodeStatus {
        let reports = self.reports.all();
        let processes = self.supervisor.statuses().borrow().clone();
        let components: Vec<ComponentStatus> = processes
            .values()
            .map(|process| {
                let name = process.name.replace('-', "_");
                let version = reports.get(&name).map(|r| r.version.clone()).unwrap_or_default();
                ComponentStatus {
                    node: self.node,
                    name,
                    version,
                    state: process.state,
                    pid: process.pid,
                    restarts: process.restarts,
                    since: process.since,
                    error: process.error.clone().filter(|_| process.state != ProcessState::Ready),
                }
            })
            .collect();
        let mut faults: Vec<Fault> = reports.values().flat_map(|r| r.faults.clone()).collect();
        faults.extend(components.iter().filter_map(down));
        faults.extend(self.notes.all());
        let lost = self.notify.lost_inputs();
        faults.extend(lost.into_iter().filter_map(|lost| lost_input(lost, now_unix_ms())));
        NodeStatus {
            id: self.node,
            version: env!("CARGO_PKG_VERSION").into(),
            level: FEATURE_LEVEL,
            pid: std::process::id(),
            started: self.started,
            at: UnixMs(now_unix_ms()),
            applied_index: self.store.raft().borrow().applied,
            state_hashes: self.store.state_hashes(),
            components,
            configs: reports.into_values().map(|report| report.config).collect(),
            faults,
        }
    }

    /// What the metrics are made of.
    #[must_use]
    pub fn parts(&self) -> (Arc<Supervisor>, Reports) {
        (Arc::clone(&self.supervisor), self.reports.clone())
    }

    /// Moves whenever a process changes.
    #[must_use]
    pub fn processes_changed(&self, shutdown: &Shutdown) -> watch::Receiver<u64> {
        let (sender, receiver) = watch::channel(0);
        let mut statuses = self.supervisor.statuses();
        let shutdown = shutdown.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    changed = statuses.changed() => if changed.is_err() { return },
                    () = shutdown.cancelled() => return,
                }
                sender.send_modify(|count| *count += 1);
            }
        });
        receiver
    }
}

/// A component that ends by itself again and again, or does not answer.
fn down(component: &ComponentStatus) -> Option<Fault> {
    let what = match component.state {
        ProcessState::BackOff => "ended by itself and is started again after a pause",
        ProcessState::Unhealthy => "does not answer",
        _ => return None,
    };
    let reason = component.error.as_deref().unwrap_or("its log says more");
    Some(Fault {
        code: "WK-3016".into(),
        object: format!("component/{}", component.name),
        message: format!("{} {what}: {reason}", component.name),
        since: component.since,
    })
}

/// Alerts that were refused for good, which only this node knows of.
fn lost_input(lost: LostInput, now_ms: u64) -> Option<Fault> {
    let LostInput { receiver, sender, at } = lost;
    let message = format!(
        "a webhook of more than 64 MiB for receiver {receiver} from {sender} was refused, the \
         alerts in it are lost: make the groups of its route smaller with `group_by`"
    );
    let shown = now_ms.saturating_sub(at.0) < LOST_SHOWN_MS;
    shown.then(|| Fault {
        code: "WK-3019".into(),
        object: format!("receiver/{receiver}"),
        message,
        since: at,
    })
}
