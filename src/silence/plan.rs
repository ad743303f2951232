//! What to do about the silences of Alertmanager, given what each one holds. Pure.
//!
//! An Alertmanager is *covered* when it holds a copy that says what is declared. Normally one
//! post covers all of them by gossip, so a second one is made only to an Alertmanager that stays
//! uncovered for longer than gossip takes. Of two good copies in one Alertmanager the smaller id
//! stays: all of them see both and choose alike. A good copy is never ended for one that another
//! Alertmanager alone holds, so nothing flaps while they are cut off from each other.

use super::{
    Wanted,
    held::{Held, Posted},
};
use crate::model::{NodeId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// Longer than Alertmanagers take to exchange all they have (once a minute).
pub const GOSSIP_MS: u64 = 75_000;

/// What one Alertmanager answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Of which node.
    pub node: NodeId,
    /// All its silences, ended ones too.
    pub held: Vec<Held>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Post it to this node's Alertmanager.
    Post(NodeId, String, Posted),
    /// End the one with this id there.
    Expire(NodeId, String),
}

/// Since when (ms since 1970) an Alertmanager has lacked a silence, by name and node.
pub type Lacking = BTreeMap<(String, NodeId), UnixMs>;

/// What to do. `instances` are those that answered, the one to post to first; `lacking` is the
/// memory between two rounds and is brought up to date.
#[must_use]
pub fn plan(
    wanted: &[Wanted],
    instances: &[Instance],
    lacking: &mut Lacking,
    now: UnixMs,
) -> Vec<Step> {
    let alive: Vec<&Wanted> = wanted.iter().filter(|wanted| wanted.ends > now).collect();
    let mut steps = Vec::new();
    let mut ended = BTreeSet::new();
    let mut still = Lacking::new();
    for wanted in &alive {
        one(wanted, instances, (lacking, &mut still), now, &mut ended, &mut steps);
    }
    *lacking = still;
    let names: BTreeSet<&str> = alive.iter().map(|wanted| wanted.name.as_str()).collect();
    for instance in instances {
        let dead = |held: &&Held| {
            held.is_alive() && held.object().is_some_and(|name| !names.contains(name))
        };
        for held in instance.held.iter().filter(dead) {
            expire(instance, held, &mut ended, &mut steps);
        }
    }
    steps
}

fn one(
    wanted: &Wanted,
    instances: &[Instance],
    (lacking, still): (&Lacking, &mut Lacking),
    now: UnixMs,
    ended: &mut BTreeSet<String>,
    steps: &mut Vec<Step>,
) {
    let copies = |instance: &'_ Instance| -> (Vec<Held>, Vec<Held>) {
        let ours = |held: &&Held| held.is_alive() && held.object() == Some(wanted.name.as_str());
        let mut ours: Vec<Held> = instance.held.iter().filter(ours).cloned().collect();
        ours.sort_by(|a, b| a.id.cmp(&b.id));
        ours.into_iter().partition(|held| held.says(wanted, now))
    };
    let covered_somewhere = instances.iter().any(|instance| !copies(instance).0.is_empty());
    let mut posted = false;
    for instance in instances {
        let (good, bad) = copies(instance);
        if !good.is_empty() {
            for held in bad.iter().chain(good.iter().skip(1)) {
                expire(instance, held, ended, steps);
            }
            continue;
        }
        let key = (wanted.name.clone(), instance.node);
        let since = lacking.get(&key).copied().unwrap_or(now);
        let alone = covered_somewhere || posted;
        if alone && now.since(since) < GOSSIP_MS {
            still.insert(key, since);
            continue;
        }
        // Once more after the same time, should it not help.
        still.insert(key, now);
        posted = true;
        let post = Posted::of(wanted, bad.first(), now);
        steps.push(Step::Post(instance.node, wanted.name.clone(), post));
    }
}

fn expire(instance: &Instance, held: &Held, ended: &mut BTreeSet<String>, steps: &mut Vec<Step>) {
    if ended.insert(held.id.clone()) {
        steps.push(Step::Expire(instance.node, held.id.clone()));
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
