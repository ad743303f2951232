//! Objects that were good when they were written and are refused now (another build, a file that
//! went away) are left out of what this node renders, so that everything else stays live and can
//! go on changing.
//!
//! Invariants: an object is left out only when the checker takes the rest without it, and only
//! when no change is to blame that undoes itself; it comes back by itself once the checker takes
//! it, is tried again when it, the machine or the build changes, and every few minutes. Nothing
//! of this is kept: a restart comes to the same.

use super::{checker::Checkers, safety::refused::to_blame, status::ComponentReport};
use crate::{
    admission::{CheckFailure, blame},
    base::clock::now_unix_ms,
    model::{
        Kind, NodeId, Revision, UnixMs,
        cluster::DeclaredState,
        observed::{Fault, RefusedBy},
        resource::Key,
    },
    render::{Component, NodeFacts, render},
    store::Store,
};
use futures_util::future::BoxFuture;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// What is left out is tried again after so long.
const TRY_AGAIN: Duration = Duration::from_secs(300);
/// No more objects than this are left out one after the other by the checker's words.
const BY_WORDS: usize = 20;

/// What is left out on this node.
#[derive(Default)]
pub struct Aside {
    left_out: BTreeMap<Key, LeftOut>,
    facts: Option<Arc<NodeFacts>>,
    next_try: Option<Instant>,
    /// Refusals that leaving something out does not mend: component and hash of what is live,
    /// by the index they began with.
    hopeless: BTreeSet<(String, u64)>,
}

/// One object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct LeftOut {
    /// As it was refused.
    revision: Revision,
    component: String,
    words: String,
    since: UnixMs,
}

/// What a look at it needs.
pub struct Look<'a> {
    /// This node.
    pub node: NodeId,
    /// History.
    pub store: &'a Store,
    /// Intent.
    pub state: &'a Arc<DeclaredState>,
    /// The machine.
    pub facts: &'a Arc<NodeFacts>,
    /// Judges.
    pub checkers: &'a Checkers,
    /// What the components say.
    pub reports: BTreeMap<String, ComponentReport>,
}

impl Aside {
    /// What must be rendered instead of `state`.
    #[must_use]
    pub fn rest(&self, state: &Arc<DeclaredState>) -> Arc<DeclaredState> {
        if self.left_out.is_empty() {
            return Arc::clone(state);
        }
        Arc::new(state.without(self.left_out.keys()))
    }

    /// The faults to show with a component.
    #[must_use]
    pub fn faults(&self, component: &str) -> Vec<Fault> {
        let of_it = self.left_out.iter().filter(|(_, it)| it.component == component);
        let fault = |(key, it): (&Key, &LeftOut)| Fault {
            code: "WK-3017".into(),
            object: key.to_string(),
            message: format!(
                "left out of {component} on this node, everything else is live: {}",
                it.words
            ),
            since: it.since,
        };
        of_it.map(fault).collect()
    }

    /// Takes back what may be good again and leaves out what turned bad. Says whether anything
    /// changed. Runs checkers.
    pub async fn look(&mut self, look: &Look<'_>) -> bool {
        let before: Vec<Key> = self.left_out.keys().cloned().collect();
        self.take_back(look).await;
        for (name, report) in &look.reports {
            let refusal = report.config.refusal.as_ref();
            let Some(refusal) = refusal.filter(|it| it.by == RefusedBy::Checker) else { continue };
            let case = (name.clone(), refusal.since_index);
            if self.hopeless.contains(&case) || is_somebodys(look, report, refusal.since_index) {
                continue;
            }
            // What is left out already may be all that was wrong: the report is from before.
            let rest = look.state.without(self.left_out.keys());
            if refused(look, &rest, name).await.is_none() {
                continue;
            }
            let found = find(look, &self.left_out, name).await;
            if found.is_empty() {
                self.hopeless.insert(case);
            }
            self.left_out.extend(found);
            self.next_try = Some(Instant::now() + TRY_AGAIN);
        }
        before.iter().ne(self.left_out.keys())
    }

    async fn take_back(&mut self, look: &Look<'_>) {
        let other_machine = self.facts.as_ref().is_some_and(|old| !Arc::ptr_eq(old, look.facts));
        self.facts = Some(Arc::clone(look.facts));
        if other_machine {
            self.hopeless.clear();
        }
        // Changed or gone: it deserves a new judgement.
        self.left_out.retain(|key, it| {
            let now = look.state.get(key.kind, key.name.as_str());
            now.is_some_and(|now| now.revision == it.revision)
        });
        if !other_machine && self.next_try.is_none_or(|at| Instant::now() < at) {
            return;
        }
        self.next_try = Some(Instant::now() + TRY_AGAIN);
        for key in self.left_out.keys().cloned().collect::<Vec<_>>() {
            let Some(it) = self.left_out.remove(&key) else { continue };
            let state = look.state.without(self.left_out.keys());
            if refused(look, &state, &it.component).await.is_some() {
                self.left_out.insert(key, it);
            }
        }
    }
}

/// Whether a change is to blame that the leader undoes.
fn is_somebodys(look: &Look<'_>, report: &ComponentReport, since: u64) -> bool {
    let config = &report.config;
    if config.live_index == 0 {
        return false;
    }
    let Ok(mut entries) = look.store.history_since(Revision(config.live_index)) else {
        return true;
    };
    entries.retain(|entry| entry.revision.0 <= look.state.index);
    to_blame(look.state, entries, config, Revision(since), look.node, look.facts).is_some()
}

/// The words with which the checker refuses what `state` gives to the component.
async fn refused(
    look: &Look<'_>,
    state: &DeclaredState,
    component: &str,
) -> Option<(Component, String)> {
    let component = render(state, look.node, look.facts).ok()?.components.remove(component)?;
    match look.checkers.check(&component).await {
        Err(CheckFailure::Refused { check, words }) => {
            Some((component, format!("{check}: {words}")))
        }
        _ => None,
    }
}

/// Objects that a checker's words can be traced to, and the words.
type Complaint = (Vec<Key>, String);
/// What is complained about when these are left out; `None` = nothing.
type Judge<'a> = dyn Fn(BTreeSet<Key>) -> BoxFuture<'a, Option<Complaint>> + Sync + 'a;

/// The objects without which the checker takes the rest; empty when there are none.
async fn find(
    look: &Look<'_>,
    already: &BTreeMap<Key, LeftOut>,
    component: &str,
) -> BTreeMap<Key, LeftOut> {
    let base = look.state.without(already.keys());
    let judge = |out: BTreeSet<Key>| -> BoxFuture<'_, Option<Complaint>> {
        let rest = base.without(&out);
        Box::pin(async move {
            let (component, words) = refused(look, &rest, component).await?;
            Some((blame::blamed(&component, &words), words))
        })
    };
    let bad = search(&candidates(&base, component), &judge).await;
    let left_out = |(key, words): (Key, String)| {
        let revision = look.state.get(key.kind, key.name.as_str())?.revision;
        let since = UnixMs(now_unix_ms());
        Some((key, LeftOut { revision, component: component.to_owned(), words, since }))
    };
    bad.into_iter().filter_map(left_out).collect()
}

/// Objects that end up in the files of a component, each of which can be missed.
fn candidates(state: &DeclaredState, component: &str) -> Vec<Key> {
    let kinds: &[Kind] = match component {
        "prometheus" => &[Kind::RuleGroup, Kind::ScrapeJob],
        "alertmanager" => &[Kind::Route, Kind::Policy, Kind::TimeInterval, Kind::Inhibition],
        _ => &[],
    };
    kinds.iter().flat_map(|kind| state.of(*kind)).map(crate::model::Resource::key).collect()
}

/// The fewest of `candidates` that must be left out so that `judge` has no complaint, each with
/// the words against it; empty when leaving them out does not help. `judge` says which objects a
/// complaint can be traced to, and its words.
async fn search(candidates: &[Key], judge: &Judge<'_>) -> BTreeMap<Key, String> {
    let all: BTreeSet<Key> = candidates.iter().cloned().collect();
    let mut bad = by_words(&all, judge).await;
    if bad.is_empty() {
        if judge(all.clone()).await.is_some() {
            return BTreeMap::new();
        }
        bad = by_halves(candidates, &all, judge).await;
    }
    // What was blamed together with the guilty goes back.
    for key in bad.keys().cloned().collect::<Vec<_>>() {
        let others: BTreeSet<Key> = bad.keys().filter(|other| **other != key).cloned().collect();
        if judge(others).await.is_none() {
            bad.remove(&key);
        }
    }
    let out: BTreeSet<Key> = bad.keys().cloned().collect();
    if judge(out).await.is_some() { BTreeMap::new() } else { bad }
}

/// Leaves out what the words lead to until there is no complaint.
async fn by_words(all: &BTreeSet<Key>, judge: &Judge<'_>) -> BTreeMap<Key, String> {
    let mut bad = BTreeMap::new();
    for _ in 0..BY_WORDS {
        let out: BTreeSet<Key> = bad.keys().cloned().collect();
        let Some((keys, words)) = judge(out).await else { return bad };
        let before = bad.len();
        for key in keys.into_iter().filter(|key| all.contains(key)) {
            bad.entry(key).or_insert_with(|| words.clone());
        }
        if bad.len() == before {
            break;
        }
    }
    BTreeMap::new()
}

/// Judges ever smaller parts, all others left out.
async fn by_halves(
    candidates: &[Key],
    all: &BTreeSet<Key>,
    judge: &Judge<'_>,
) -> BTreeMap<Key, String> {
    let mut bad = BTreeMap::new();
    let mut parts = vec![candidates];
    while let Some(part) = parts.pop() {
        let out: BTreeSet<Key> = all.iter().filter(|key| !part.contains(key)).cloned().collect();
        let Some((_, words)) = judge(out).await else { continue };
        match part {
            [] => {}
            [one] => {
                bad.insert(one.clone(), words);
            }
            more => {
                let (left, right) = more.split_at(more.len() / 2);
                parts.extend([left, right]);
            }
        }
    }
    bad
}

#[cfg(test)]
#[path = "aside_tests.rs"]
mod tests;
