//! Which node runs what. A function of the member list alone, so that every node comes to the
//! same answer without asking.
//!
//! Each replica has a *home*: the member with the highest hash of (replica, node id) over all
//! members, gone ones too. Only while its home is gone is a replica placed elsewhere, by the
//! same hash over those who are left; so the loss of one node never moves or renames the other
//! replica, and the return of a node brings back exactly what it had.

use crate::model::{NodeId, cluster::DeclaredState};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One of the two identical Prometheus of a pair; the `replica` external label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replica {
    /// `a`; the only one on a single node.
    A,
    /// `b`
    B,
}

impl Replica {
    /// Value of the `replica` label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }
}

/// Who runs which component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Prometheus: at most one replica a node, two where two nodes are there.
    pub prometheus: BTreeMap<Replica, NodeId>,
}

impl Placement {
    /// Where everything runs in this state.
    #[must_use]
    pub fn of(state: &DeclaredState) -> Self {
        let all: Vec<NodeId> = state.members.keys().copied().collect();
        let live: Vec<NodeId> =
            state.members.values().filter(|member| !member.gone).map(|member| member.id).collect();
        let home = pair(&all, &BTreeMap::new());
        let at_home = home.into_iter().filter(|(_, node)| live.contains(node)).collect();
        Self { prometheus: pair(&live, &at_home) }
    }

    /// The Prometheus replica of `node`, if it runs one.
    #[must_use]
    pub fn replica_on(&self, node: NodeId) -> Option<Replica> {
        self.prometheus.iter().find(|(_, at)| **at == node).map(|(replica, _)| *replica)
    }
}

/// Keeps what is `taken` and places the other replicas on the remaining `nodes`.
fn pair(nodes: &[NodeId], taken: &BTreeMap<Replica, NodeId>) -> BTreeMap<Replica, NodeId> {
    let mut placed = taken.clone();
    for replica in [Replica::A, Replica::B] {
        if placed.contains_key(&replica) {
            continue;
        }
        let free = nodes.iter().filter(|node| !placed.values().any(|used| used == *node));
        if let Some(best) = free.max_by_key(|node| (weight(replica, **node), **node)) {
            placed.insert(replica, *best);
        }
    }
    placed
}

fn weight(replica: Replica, node: NodeId) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(replica.label());
    hasher.update(node.0.to_be_bytes());
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::fixture;
    use proptest::prelude::*;

    fn state(ids: &[u64], gone: &[u64]) -> DeclaredState {
        let mut state = fixture::empty();
        state.members = ids
            .iter()
            .map(|id| {
                let mut member = fixture::member(*id, "node", [10, 0, 0, 1].into());
                member.gone = gone.contains(id);
                (member.id, member)
            })
            .collect();
        state
    }

    #[test]
    fn a_single_node_runs_replica_a_alone() {
        let placement = Placement::of(&state(&[7], &[]));
        assert_eq!(placement.prometheus, BTreeMap::from([(Replica::A, NodeId(7))]));
    }

    #[test]
    fn no_live_member_places_nothing() {
        assert!(Placement::of(&state(&[7], &[7])).prometheus.is_empty());
    }

    proptest! {
        #[test]
        fn loss_of_one_node_never_moves_the_other_replica(
            ids in proptest::collection::btree_set(any::<u64>(), 3..8),
            pick in any::<proptest::sample::Index>(),
        ) {
            let ids: Vec<u64> = ids.into_iter().collect();
            let lost = ids[pick.index(ids.len())];
            let before = Placement::of(&state(&ids, &[])).prometheus;
            let after = Placement::of(&state(&ids, &[lost])).prometheus;
            prop_assert_eq!(after.len(), 2);
            prop_assert_ne!(after[&Replica::A], after[&Replica::B]);
            for (replica, node) in before {
                if node != NodeId(lost) {
                    prop_assert_eq!(after[&replica], node);
                }
            }
            prop_assert!(!after.values().any(|node| *node == NodeId(lost)));
        }
    }
}
