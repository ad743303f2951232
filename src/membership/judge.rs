//! Whether a machine that asks may join. Pure.

use super::Patience;
use crate::{
    model::{
        NodeId, UnixMs,
        cluster::{ClusterMeta, Member},
        standing::{JoinToken, NODE_ROLE, Standing},
    },
    peer::join::Ask,
};
use std::{collections::BTreeMap, net::IpAddr, time::Duration};
use subtle::ConstantTimeEq as _;

/// Everything it depends on.
pub(super) struct Facts<'a> {
    pub(super) ask: &'a Ask,
    /// Where the connection comes from.
    pub(super) from: IpAddr,
    /// Id of the token shown, and the hash of the secret.
    pub(super) shown: (&'a str, &'a str),
    pub(super) token: Option<&'a JoinToken>,
    pub(super) meta: &'a ClusterMeta,
    pub(super) members: &'a BTreeMap<NodeId, Member>,
    pub(super) standings: &'a BTreeMap<NodeId, Standing>,
    pub(super) now: UnixMs,
    /// Since when a member has not been heard.
    pub(super) silent: &'a dyn Fn(NodeId) -> Duration,
    pub(super) patience: Patience,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Let in before, perhaps without having heard of it.
    Again,
    /// With the token as it is afterwards, the dead member whose place it takes, and one at its
    /// place that never became a member.
    LetIn {
        token: JoinToken,
        replaces: Option<NodeId>,
        drops: Option<NodeId>,
    },
    Wait(String),
    Refuse(String),
}

const NEW_TOKEN: &str = "make a new one with `watchkeep token new --role node`";

pub(super) fn judge(facts: &Facts<'_>) -> Verdict {
    let (id, hash) = facts.shown;
    let known = facts.token.filter(|t| bool::from(t.hash.as_bytes().ct_eq(hash.as_bytes())));
    let Some(token) = known else {
        return Verdict::Refuse(format!(
            "the token {id} is unknown here, was revoked, or its secret is wrong: {NEW_TOKEN}"
        ));
    };
    if token.role != NODE_ROLE {
        return Verdict::Refuse(format!("the token {id} is for role {}: {NEW_TOKEN}", token.role));
    }
    identity(facts).or_else(|| entitled(facts, token)).unwrap_or_else(|| place(facts, token))
}

/// What its id already is.
fn identity(facts: &Facts<'_>) -> Option<Verdict> {
    let node = facts.ask.member.id;
    let fresh = "move its data directory away, it then joins as a new node";
    match facts.standings.get(&node) {
        Some(Standing::Joining { token, .. }) if token == facts.shown.0 => Some(Verdict::Again),
        Some(Standing::Joining { .. }) => None,
        Some(Standing::Leaving { .. }) => {
            Some(Verdict::Refuse(format!("node {node} is being removed: {fresh}")))
        }
        Some(Standing::Removed { at, by, .. }) => {
            Some(Verdict::Refuse(format!("node {node} was removed by {by} at {at}: {fresh}")))
        }
        None => facts.members.contains_key(&node).then(|| {
            Verdict::Refuse(format!(
                "node {node} is a member, but this machine has lost what it knew of that: {fresh}"
            ))
        }),
    }
}

/// Whether the token lets this machine in now.
fn entitled(facts: &Facts<'_>, token: &JoinToken) -> Option<Verdict> {
    let (id, member) = (facts.shown.0, &facts.ask.member);
    let refuse = |reason: String| Some(Verdict::Refuse(reason));
    if token.expires <= facts.now {
        return refuse(format!("the token {id} has expired at {}: {NEW_TOKEN}", token.expires));
    }
    if token.uses_left == Some(0) {
        return refuse(format!("the token {id} is used up: {NEW_TOKEN}"));
    }
    if !token.addresses.is_empty() && !is_listed(token, member.address.to_canonical()) {
        return refuse(format!(
            "the token {id} is only for {}, not for {}: {NEW_TOKEN}",
            listed(token),
            member.address
        ));
    }
    // What it says of its address is only what it says. Who connects over the loopback interface is
    // on this very machine, whose nodes may all come from one address.
    let from = facts.from.to_canonical();
    if !token.addresses.is_empty() && !from.is_loopback() && !is_listed(token, from) {
        return refuse(format!(
            "the token {id} is only for {}, and this machine connects from {from}: {NEW_TOKEN}",
            listed(token)
        ));
    }
    if facts.ask.level < facts.meta.feature_level {
        return refuse(format!(
            "its binary ({}) is too old for this cluster (feature level {}): install the version \
             that the members run",
            facts.ask.version, facts.meta.feature_level
        ));
    }
    None
}

fn is_listed(token: &JoinToken, address: IpAddr) -> bool {
    token.addresses.iter().any(|listed| listed.to_canonical() == address)
}

fn listed(token: &JoinToken) -> String {
    let listed: Vec<String> = token.addresses.iter().map(ToString::to_string).collect();
    listed.join(", ")
}

/// Whether its address is free, and what becomes of who was there.
fn place(facts: &Facts<'_>, token: &JoinToken) -> Verdict {
    let asking = &facts.ask.member;
    let same_place = |member: &&Member| {
        member.id != asking.id
            && (member.address, member.ports.peer) == (asking.address, asking.ports.peer)
    };
    let mut token = token.clone();
    token.uses_left = token.uses_left.map(|left| left.saturating_sub(1));
    let Some(old) = facts.members.values().find(same_place) else {
        return Verdict::LetIn { token, replaces: None, drops: None };
    };
    let who = format!("{} is the address of node {} ({})", asking.address, old.id, old.name);
    match facts.standings.get(&old.id) {
        Some(Standing::Joining { .. }) => {
            Verdict::LetIn { token, replaces: None, drops: Some(old.id) }
        }
        Some(Standing::Leaving { .. } | Standing::Removed { .. }) => {
            Verdict::Wait(format!("{who}, which is being removed"))
        }
        None => {
            let (silent, dead) = ((facts.silent)(old.id), facts.patience.dead);
            if silent < dead {
                return Verdict::Wait(format!(
                    "{who}, silent for {} s: it is replaced once it counts as dead, after {} s",
                    silent.as_secs(),
                    dead.as_secs()
                ));
            }
            Verdict::LetIn { token, replaces: Some(old.id), drops: None }
        }
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
