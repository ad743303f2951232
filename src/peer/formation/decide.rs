//! What to do next, from what the other entries answered. Pure.

use super::{
    desk::Phase,
    message::{Hello, HelloPhase, Offer},
    record::Record,
};
use crate::model::{NodeId, cluster::Member};
use std::collections::{BTreeMap, BTreeSet};

/// What one entry answered; an error says in words why nothing usable came.
pub(super) type View = Result<(Hello, Option<Offer>), String>;

pub(super) struct Situation<'a> {
    /// Our own introduction.
    pub(super) own: &'a Hello,
    pub(super) phase: &'a Phase,
    /// All other entries.
    pub(super) views: &'a BTreeMap<String, View>,
}

#[derive(Debug)]
pub(super) enum Decision {
    /// By entry: what is in the way.
    Wait(Vec<(String, String)>),
    /// Nothing this node can do by itself.
    Blocked(String),
    /// This entry is in a cluster that was formed without us: ask to be let in.
    Join { entry: String, cluster: String },
    /// Somebody has committed the record that we hold.
    Commit(String),
    /// Somebody committed hands over the record that lists us.
    Adopt(Box<Offer>),
    /// The record we hold can never be committed.
    Abandon(String),
    /// It is on us: a new record of these members.
    Propose(Vec<Member>),
    /// It is on us: the record we hold, once more.
    ProposeAgain(Box<Record>),
}

pub(super) fn decide(situation: &Situation<'_>) -> Decision {
    if let Some(decision) = follow_committed(situation) {
        return decision;
    }
    if let Phase::Prepared(record) = situation.phase
        && proposer_moved_on(situation, record)
    {
        return Decision::Abandon(record.cluster_id.clone());
    }
    let problems = problems(situation);
    if !problems.is_empty() {
        return Decision::Wait(problems);
    }
    // From here on everybody is there, with the same list, and nobody has committed.
    match situation.phase {
        Phase::Prepared(record) if record.ids() != ids(situation) => {
            Decision::Abandon(record.cluster_id.clone())
        }
        Phase::Prepared(record) if record.proposer == situation.own.member.id => {
            Decision::ProposeAgain(Box::new(record.clone()))
        }
        Phase::Prepared(_) | Phase::Committed(_) => Decision::Wait(Vec::new()),
        Phase::Blank => blank(situation),
    }
}

fn hellos<'a>(situation: &Situation<'a>) -> impl Iterator<Item = (&'a String, &'a Hello)> {
    situation.views.iter().filter_map(|(entry, view)| Some((entry, &view.as_ref().ok()?.0)))
}

fn ids(situation: &Situation<'_>) -> BTreeSet<NodeId> {
    let others = hellos(situation).map(|(_, hello)| hello.member.id);
    others.chain([situation.own.member.id]).collect()
}

fn follow_committed(situation: &Situation<'_>) -> Option<Decision> {
    for (entry, view) in situation.views {
        let Ok((hello, offer)) = view else { continue };
        let HelloPhase::Committed { cluster_id } = &hello.phase else { continue };
        if let Phase::Prepared(own) = situation.phase
            && own.cluster_id == *cluster_id
        {
            return Some(Decision::Commit(cluster_id.clone()));
        }
        if let Some(offer) = offer {
            return Some(Decision::Adopt(Box::new(offer.clone())));
        }
        if let Phase::Prepared(own) = situation.phase {
            return Some(Decision::Blocked(format!(
                "{entry} is in cluster {} ({cluster_id}) already, but this node holds a proposal \
                 for cluster {}: if that one can go, remove formation.json here",
                hello.cluster_name, own.cluster_id
            )));
        }
        let cluster = hello.cluster_name.clone();
        return Some(Decision::Join { entry: entry.clone(), cluster });
    }
    None
}

/// Its proposer lives and holds something else: only it could have committed the record.
fn proposer_moved_on(situation: &Situation<'_>, record: &Record) -> bool {
    hellos(situation).any(|(_, hello)| {
        hello.member.id == record.proposer
            && match &hello.phase {
                HelloPhase::Blank => true,
                HelloPhase::Prepared { cluster_id, .. } => *cluster_id != record.cluster_id,
                HelloPhase::Committed { .. } => false,
            }
    })
}

fn problems(situation: &Situation<'_>) -> Vec<(String, String)> {
    let mut known = BTreeMap::from([(situation.own.member.id, &situation.own.entry)]);
    let mut problems = Vec::new();
    for (entry, view) in situation.views {
        let problem = match view {
            Err(problem) => Some(problem.clone()),
            Ok((hello, _)) if hello.list_hash != situation.own.list_hash => Some(format!(
                "it was started with another --cluster list or name ({}; {}), here it is ({}; {})",
                hello.list.join(","),
                hello.cluster_name,
                situation.own.list.join(","),
                situation.own.cluster_name
            )),
            Ok((hello, _)) if hello.entry != *entry => {
                Some(format!("it answers as {}: two entries lead to one machine", hello.entry))
            }
            Ok((hello, _)) => known.insert(hello.member.id, entry).map(|other| {
                format!("it has the same node id as {other}: was the data directory copied?")
            }),
        };
        problems.extend(problem.map(|problem| (entry.clone(), problem)));
    }
    problems
}

/// Everybody is there and we hold nothing.
fn blank(situation: &Situation<'_>) -> Decision {
    let mut all: BTreeMap<&String, NodeId> =
        hellos(situation).map(|(entry, hello)| (entry, hello.member.id)).collect();
    all.insert(&situation.own.entry, situation.own.member.id);
    let mut waiting = Vec::new();
    for (entry, hello) in hellos(situation) {
        let sees_all = all
            .iter()
            .filter(|(other, _)| **other != entry)
            .all(|(other, id)| hello.sees.get(*other) == Some(id));
        match &hello.phase {
            HelloPhase::Prepared { proposer, .. } => {
                waiting.push((entry.clone(), format!("it holds a proposal of node {proposer}")));
            }
            _ if !sees_all => {
                waiting.push((entry.clone(), "it does not see everybody yet".to_owned()));
            }
            _ => {}
        }
    }
    let lowest = all.values().min() == Some(&situation.own.member.id);
    if !waiting.is_empty() || !lowest {
        return Decision::Wait(waiting);
    }
    let others = hellos(situation).map(|(_, hello)| hello.member.clone());
    Decision::Propose(others.chain([situation.own.member.clone()]).collect())
}
