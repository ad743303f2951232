//! Undoes a revision after which healthy targets fall.
//!
//! Each revision that has to do with scraping is watched for a while. Prometheus itself remembers
//! what was up just before, so a new leader goes on where the old one was.

use super::{
    HEARD_MS, Safety, Seen,
    ask::Prometheus,
    culprit::OURSELVES,
    fallen::{Baseline, Fallen, Id, is_the_nodes_own},
    now,
    past::{self, Change},
    scope::{self, Scope},
    undo::Undone,
};
use crate::{
    base::error_chain::ErrorChain,
    model::{
        NodeId, Revision, cluster::DeclaredState, observed::ProcessState, spec::SafetySettings,
    },
    render::surely_same,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// Between two looks at targets; longer where there are very many.
const LOOK: Duration = Duration::from_secs(2);
/// What a drop must outlast when another replica does not see it: then it may be a node that lost
/// its network, which its other targets show only after their next scrape.
const DOUBT: Duration = Duration::from_secs(20);
/// Older revisions of the same jobs are left alone after an undo until its effect can be seen.
const RECOVERY: Duration = Duration::from_secs(40);
/// The past begins this much before a revision, in seconds.
const JUST_BEFORE: f64 = 1.0;
/// How far back a new leader looks for revisions it must watch.
const ENTRIES: usize = 2000;

/// Runs for ever; acts only while this node leads.
pub(super) async fn watch(safety: &Safety) {
    let mut changes = safety.store.changes();
    let mut watches = Watches::default();
    loop {
        changes.mark_unchanged();
        let settings = safety.settings();
        if !safety.leads() || !settings.undo {
            watches = Watches::default();
        } else {
            watches.take_in(safety, &settings);
            watches.look(safety, &settings).await;
        }
        tokio::select! {
            moved = changes.changed() => if moved.is_err() { return },
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

#[derive(Default)]
struct Watches {
    /// Newest revision known; `None` right after this node began to lead.
    seen: Option<Revision>,
    /// When that was: what is newer was written after it.
    seen_at: Option<Instant>,
    /// The state as of then.
    seen_state: Option<Arc<DeclaredState>>,
    /// Newest first.
    all: Vec<Watch>,
    /// Targets that revisions took out by name, and since when that is known: none of them fell,
    /// whichever revision is judged.
    taken_out: Vec<(Instant, Id)>,
    next_look: Option<Instant>,
}

/// What all revisions are judged with in one look.
struct Around {
    replicas: Vec<NodeId>,
    /// Addresses of members that are not heard of.
    dead: BTreeSet<IpAddr>,
    /// Taken out by name lately, and not declared again.
    taken_out: BTreeSet<Id>,
}

/// One revision that is watched.
struct Watch {
    change: Change,
    scope: Scope,
    /// When it was written at the earliest, by our own monotonic clock.
    written: Instant,
    until: Instant,
    /// Not judged before: a newer one was undone.
    held: Option<Instant>,
    /// By node of the replica: the moment just before by its clock, and what was up then.
    before: BTreeMap<NodeId, (f64, Baseline)>,
    /// Since when its targets are seen to have fallen.
    fallen_since: Option<Instant>,
}

/// What the replicas say together.
struct Testimony {
    fallen: Fallen,
    unanimous: bool,
}

impl Watches {
    /// Begins to watch what was written since the last time.
    fn take_in(&mut self, safety: &Safety, settings: &SafetySettings) {
        let state = safety.store.state();
        let window = Duration::from_secs(settings.watch_seconds.into());
        let since = self.seen.unwrap_or_else(|| first_to_watch(safety, state.index, window));
        let seen_at = self.seen_at.replace(Instant::now());
        // Most writes touch no target; their history is not read.
        let untouched = self.seen_state.as_ref().is_some_and(|before| surely_same(before, &state));
        if untouched || since.0 >= state.index {
            self.seen = Some(since.max(Revision(state.index)));
            self.seen_state = Some(state);
            return;
        }
        let Ok(mut entries) = safety.store.history_since(since) else { return };
        entries.retain(|entry| entry.revision.0 <= state.index);
        let mut new = Vec::new();
        for change in past::changes(&state, entries) {
            let scope = Scope::of(&change);
            let removed = scope.removed.iter().cloned();
            self.taken_out.extend(removed.map(|target| (Instant::now(), target)));
            if scope.jobs.is_empty() || change.actor == OURSELVES {
                continue;
            }
            // Rather a little too early than too late: it must be before what the change did.
            let age = seen_at
                .map_or(Duration::from_millis(now().since(change.at)), |seen_at| seen_at.elapsed());
            let written = Instant::now().checked_sub(age.min(window)).unwrap_or_else(Instant::now);
            tracing::debug!(revision = %change.revision, jobs = scope.jobs.len(), "watching targets");
            new.push(Watch {
                change,
                scope,
                written,
                until: written + window,
                held: None,
                before: BTreeMap::new(),
                fallen_since: None,
            });
        }
        new.append(&mut self.all);
        self.all = new;
        self.seen = Some(Revision(state.index));
        self.seen_state = Some(state);
    }

    async fn look(&mut self, safety: &Safety, settings: &SafetySettings) {
        let now = Instant::now();
        self.all.retain(|watch| watch.until > now);
        let window = Duration::from_secs(settings.watch_seconds.into()) + RECOVERY;
        self.taken_out.retain(|(since, _)| since.elapsed() < window);
        if self.all.is_empty() || self.next_look.is_some_and(|at| at > now) {
            return;
        }
        let nodes = safety.fleet.nodes();
        let around = Around {
            replicas: replicas(&nodes),
            dead: dead_hosts(safety, &nodes),
            taken_out: self.taken_out(safety),
        };
        let mut n_targets = 0;
        let mut undone = None;
        for (position, watch) in self.all.iter_mut().enumerate() {
            watch.remember(safety, &around.replicas).await;
            n_targets += watch.before.values().map(|(_, it)| it.known.len()).max().unwrap_or(0);
            if watch.held.is_some_and(|until| until > now) {
                continue;
            }
            if let Some(reason) = watch.verdict(safety, settings, &around).await
                && watch.undo(safety, &reason).await
            {
                undone = Some(position);
                break;
            }
        }
        if let Some(position) = undone {
            self.leave_alone(position);
        }
        self.next_look = Some(now + LOOK.max(Duration::from_millis(n_targets as u64)));
    }

    fn taken_out(&self, safety: &Safety) -> BTreeSet<Id> {
        let mut taken_out: BTreeSet<Id> =
            self.taken_out.iter().map(|(_, target)| target.clone()).collect();
        if !taken_out.is_empty() {
            for declared in scope::declared(&safety.store.state()) {
                taken_out.remove(&declared);
            }
        }
        taken_out
    }

    /// One was undone: the older ones on the same jobs are judged again once that can be seen.
    fn leave_alone(&mut self, undone: usize) {
        let undone = self.all.remove(undone);
        let until = Instant::now() + RECOVERY;
        for watch in self.all.iter_mut().filter(|watch| watch.scope.overlaps(&undone.scope)) {
            watch.held = Some(until);
            watch.until += RECOVERY;
            watch.fallen_since = None;
        }
    }
}

impl Watch {
    fn jobs(&self) -> Vec<&str> {
        self.scope.jobs.keys().map(String::as_str).collect()
    }

    /// Reads what was up just before from replicas that were not asked yet.
    async fn remember(&mut self, safety: &Safety, replicas: &[NodeId]) {
        for node in replicas {
            if self.before.contains_key(node) {
                continue;
            }
            let prometheus = Prometheus { fleet: &*safety.fleet, node: *node };
            let asked = Instant::now();
            let Ok(time) = prometheus.time().await else { continue };
            let at = time - asked.duration_since(self.written).as_secs_f64() - JUST_BEFORE;
            match prometheus.baseline(&self.jobs(), at).await {
                Ok(baseline) => {
                    self.before.insert(*node, (at, baseline));
                }
                Err(reason) => tracing::debug!(%node, reason, "its targets are asked for later"),
            }
        }
    }

    /// Why it must be undone, if it must.
    async fn verdict(
        &mut self,
        safety: &Safety,
        settings: &SafetySettings,
        around: &Around,
    ) -> Option<String> {
        let Some(testimony) = self.hear(safety, settings, around).await else {
            self.fallen_since = None;
            return None;
        };
        let first = *self.fallen_since.get_or_insert_with(Instant::now);
        let lasts = first.elapsed();
        // Seen twice at least; longer where the replicas disagree.
        let enough = if testimony.unanimous { LOOK / 2 } else { DOUBT };
        (lasts >= enough).then(|| self.reason(&testimony.fallen))
    }

    /// The worst that a credible replica says, if that is a drop.
    async fn hear(
        &self,
        safety: &Safety,
        settings: &SafetySettings,
        around: &Around,
    ) -> Option<Testimony> {
        let (mut worst, mut n_content) = (None::<Fallen>, 0);
        for node in &around.replicas {
            let Some((at, baseline)) = self.before.get(node) else { continue };
            let prometheus = Prometheus { fleet: &*safety.fleet, node: *node };
            let Ok(now) = prometheus.now(&self.jobs()).await else { continue };
            let fallen = Fallen::of(baseline, &now, &self.scope, &around.taken_out, &around.dead);
            if !fallen.is_a_drop(settings) {
                n_content += 1;
                continue;
            }
            let Ok((n_before, n_lost)) = prometheus.others(&self.jobs(), *at).await else {
                continue;
            };
            if is_the_nodes_own(n_before, n_lost, settings) {
                tracing::info!(%node, n_before, n_lost, "targets fell everywhere: not the change");
                continue;
            }
            if worst.as_ref().is_none_or(|worst| worst.n_lost() < fallen.n_lost()) {
                worst = Some(fallen);
            }
        }
        worst.map(|fallen| Testimony { fallen, unanimous: n_content == 0 })
    }

    fn reason(&self, fallen: &Fallen) -> String {
        let jobs = self.jobs().into_iter().take(3).collect::<Vec<_>>().join(", ");
        let some = fallen.lost.iter().take(5).map(|(_, instance)| instance.as_str());
        let mut some: Vec<&str> = some.collect();
        if fallen.lost.len() > some.len() {
            some.push("…");
        }
        format!(
            "{} of {} healthy targets of {jobs} fell within {} s: {}",
            fallen.n_lost(),
            fallen.n_healthy,
            self.written.elapsed().as_secs(),
            some.join(", ")
        )
    }

    /// Says whether it is done with.
    async fn undo(&self, safety: &Safety, reason: &str) -> bool {
        match safety.undo(&self.change, reason).await {
            Ok(Undone::At(_) | Undone::Nothing | Undone::Cannot) => true,
            Err(error) => {
                let error = ErrorChain(&error);
                tracing::warn!(%error, "a change that lost targets is undone later");
                false
            }
        }
    }
}

/// The revision after which everything is still young enough to be watched.
fn first_to_watch(safety: &Safety, index: u64, window: Duration) -> Revision {
    let newest = safety.store.history(None, None, ENTRIES).unwrap_or_default();
    let young = |at| u128::from(now().since(at)) < window.as_millis();
    let oldest = newest.iter().take_while(|entry| young(entry.at)).last();
    Revision(oldest.map_or(index, |entry| entry.revision.0.saturating_sub(1)))
}

/// Nodes whose Prometheus can be asked.
fn replicas(nodes: &[Seen]) -> Vec<NodeId> {
    let ready = |node: &&Seen| {
        let components = &node.status.components;
        node.age_ms <= HEARD_MS
            && components
                .iter()
                .any(|it| it.name == "prometheus" && it.state == ProcessState::Ready)
    };
    nodes.iter().filter(ready).map(|node| node.status.id).collect()
}

/// Addresses of members that are not heard of.
fn dead_hosts(safety: &Safety, nodes: &[Seen]) -> BTreeSet<IpAddr> {
    let alive: BTreeSet<NodeId> =
        nodes.iter().filter(|it| it.age_ms <= HEARD_MS).map(|it| it.status.id).collect();
    let state = safety.store.state();
    let silent = state.members.values().filter(|member| !alive.contains(&member.id));
    silent.map(|member| member.address).collect()
}
