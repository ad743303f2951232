//! The reconciler of a node: renders whenever the store changes (or every 30 s, or when the
//! machine's facts change) and hands each component to its task. Takes no hints: every wake-up
//! reads all intent.

use super::{
    aside::{Aside, Look},
    component::{ComponentTask, Parts, Wanted},
    status::ComponentReport,
};
use crate::{
    base::{clock::now_unix_ms, error_chain::ErrorChain, shutdown::Shutdown},
    model::{
        NodeId, UnixMs,
        cluster::DeclaredState,
        observed::{ConfigStatus, Fault},
    },
    render::{self, NodeFacts, Rendered},
    store::Store,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinSet};

const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// The reconciler of one node.
pub struct Worker {
    /// Where intent comes from.
    pub store: Store,
    /// This node.
    pub node: NodeId,
    /// The machine; `None` while bundles are still being unpacked: nothing is touched then.
    pub facts: watch::Receiver<Option<Arc<NodeFacts>>>,
    /// What the component tasks share.
    pub parts: Parts,
}

/// What was rendered.
type From = (Arc<DeclaredState>, Arc<NodeFacts>);

/// What came of it.
struct Rendering<'a> {
    rendered: Rendered,
    index: u64,
    aside: &'a Aside,
}

struct Running {
    wanted: watch::Sender<Wanted>,
    process: String,
}

impl Worker {
    /// Runs until shutdown. The processes are left as they are.
    pub async fn run(mut self, shutdown: Shutdown) {
        let mut changes = self.store.changes();
        let mut running: BTreeMap<String, Running> = BTreeMap::new();
        let mut seeded = false;
        let mut missing = BTreeSet::new();
        let mut tasks = JoinSet::new();
        let mut rendered_from = None;
        let mut aside = Aside::default();
        let mut reports = self.parts.reports.watch();
        loop {
            changes.mark_unchanged();
            reports.mark_unchanged();
            self.facts.mark_unchanged();
            if self.look_aside(&mut aside).await {
                rendered_from = None;
            }
            if let Some(index) = self.still_true(rendered_from.as_ref()) {
                for task in running.values_mut() {
                    task.wanted.send_modify(|wanted| wanted.index = index);
                }
                if !self.awaken(&mut changes, &mut reports, &shutdown).await {
                    break;
                }
                continue;
            }
            match self.rendered(&aside).await {
                Ok(None) => {}
                Ok(Some((from, rendered))) => {
                    let index = from.0.index;
                    rendered_from = Some(from);
                    self.parts.reports.forget("render");
                    if !seeded {
                        self.seed(&rendered);
                        seeded = true;
                    }
                    self.report_missing(&rendered, index, &mut missing);
                    let rendering = Rendering { rendered, index, aside: &aside };
                    self.distribute(rendering, &mut running, &mut tasks, &shutdown);
                }
                Err(message) => self.report_broken(message),
            }
            if !self.awaken(&mut changes, &mut reports, &shutdown).await {
                break;
            }
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Waits for a reason to look again; `false` = the end.
    async fn awaken(
        &mut self,
        changes: &mut watch::Receiver<u64>,
        reports: &mut watch::Receiver<u64>,
        shutdown: &Shutdown,
    ) -> bool {
        tokio::select! {
            changed = changes.changed() => changed.is_ok(),
            _ = reports.changed() => true,
            _ = self.facts.changed() => true,
            () = tokio::time::sleep(LOOK_AGAIN) => true,
            () = shutdown.cancelled() => false,
        }
    }

    /// Leaves out what turned bad, takes back what is good again. Says whether there is something
    /// new to render.
    async fn look_aside(&self, aside: &mut Aside) -> bool {
        let state = self.store.state();
        let Some(facts) = self.facts.borrow().clone().filter(|_| !state.members.is_empty()) else {
            return false;
        };
        let look = Look {
            node: self.node,
            store: &self.store,
            state: &state,
            facts: &facts,
            checkers: &self.parts.checkers,
            reports: self.parts.reports.all(),
        };
        aside.look(&look).await
    }

    /// The index up to which what was rendered last surely holds, although the state moved on.
    fn still_true(&self, from: Option<&From>) -> Option<u64> {
        let (state, facts) = from?;
        let now = self.store.state();
        let same_machine = self.facts.borrow().as_ref().is_some_and(|now| Arc::ptr_eq(now, facts));
        (same_machine && render::surely_same(state, &now)).then_some(now.index)
    }

    fn seed(&self, rendered: &Rendered) {
        let known = rendered.components.keys().filter_map(|name| self.parts.ledger.get(name));
        self.parts.specs.seed(&self.parts.supervisor, known.map(|entry| entry.spec));
    }

    /// `None`: it is too early, the cluster or the machine is not known yet.
    async fn rendered(&self, aside: &Aside) -> Result<Option<(From, Rendered)>, String> {
        let state = self.store.state();
        let Some(facts) = self.facts.borrow().clone().filter(|_| !state.members.is_empty()) else {
            return Ok(None);
        };
        let node = self.node;
        let from = (Arc::clone(&state), Arc::clone(&facts));
        let state = aside.rest(&state);
        let reports = self.parts.reports.clone();
        let rendering = move || {
            let begun = Instant::now();
            let rendered = render::render(&state, node, &facts);
            reports.timing.took(begun.elapsed());
            rendered
        };
        tokio::task::spawn_blocking(rendering)
            .await
            .map_err(|error| error.to_string())?
            .map(|rendered| Some((from, rendered)))
            .map_err(|error| ErrorChain(&error).to_string())
    }

    fn distribute(
        &self,
        Rendering { rendered, index, aside }: Rendering<'_>,
        running: &mut BTreeMap<String, Running>,
        tasks: &mut JoinSet<()>,
        shutdown: &Shutdown,
    ) {
        let gone: Vec<String> = running
            .keys()
            .filter(|name| !rendered.components.contains_key(*name))
            .cloned()
            .collect();
        for name in gone {
            if let Some(task) = running.remove(&name) {
                tracing::info!(component = name, "no longer placed here, stopping it");
                self.parts.specs.remove(&self.parts.supervisor, &task.process);
                self.parts.reports.forget(&name);
                if let Err(error) = self.parts.ledger.set(&name, None) {
                    tracing::warn!(component = name, %error, "cannot note that it is gone");
                }
            }
        }
        for (name, component) in rendered.components {
            let process = component.process.name.clone();
            let aside = aside.faults(&name);
            let wanted = Wanted { index, component: Arc::new(component), aside };
            if let Some(task) = running.get(&name) {
                task.wanted.send_replace(wanted);
                continue;
            }
            let (sender, receiver) = watch::channel(wanted);
            tasks.spawn(ComponentTask::new(self.parts.clone(), receiver).run(shutdown.clone()));
            running.insert(name, Running { wanted: sender, process });
        }
    }

    fn report_missing(&self, rendered: &Rendered, index: u64, reported: &mut BTreeSet<String>) {
        let now: BTreeSet<String> = rendered.missing.iter().map(|m| m.name.clone()).collect();
        for name in reported.difference(&now) {
            if !rendered.components.contains_key(name) {
                self.parts.reports.forget(name);
            }
        }
        for missing in &rendered.missing {
            if !reported.contains(&missing.name) {
                self.parts.reports.publish(
                    &missing.name,
                    fault_report(&missing.name, index, "WK-3014", missing.reason.clone()),
                );
            }
        }
        *reported = now;
    }

    fn report_broken(&self, message: String) {
        tracing::error!(
            reason = message,
            "the stored state cannot be rendered; everything is left as it runs"
        );
        self.parts.reports.publish(
            "render",
            fault_report("render", self.store.state().index, "WK-3015", message),
        );
    }
}

fn fault_report(name: &str, index: u64, code: &str, message: String) -> ComponentReport {
    ComponentReport {
        config: ConfigStatus {
            component: name.to_owned(),
            rendered_index: index,
            live_index: 0,
            live_hash: String::new(),
            refused: Some(message.clone()),
            refusal: None,
        },
        faults: vec![Fault {
            code: code.to_owned(),
            object: format!("component/{name}"),
            message,
            since: UnixMs(now_unix_ms()),
        }],
        version: String::new(),
    }
}
