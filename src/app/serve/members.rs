//! What other nodes reach on 8421, and who of them. Invariant: a node that was removed is told so,
//! one that is not known yet is not.

use super::Node;
use crate::{
    app::cluster::{board::Board, logs},
    membership::{
        gate::{Gate, Heard, Refused},
        level::Levels,
        rows,
    },
    model::{NodeId, rpc::Service, standing::Standing},
    peer::{
        blob,
        check::Peerage,
        join::{Gatekeeper, JoinDoor},
        server::{Membership, PeerServer},
    },
    store::Store,
    web::Front,
};
use std::{sync::Arc, time::Duration};

impl Node {
    /// Opens 8421 to members.
    pub(super) fn serve_members(&self, peer: &PeerServer) -> anyhow::Result<Arc<dyn Gatekeeper>> {
        let store = self.store.clone();
        let first_members: Vec<NodeId> =
            self.formed.record.members.iter().map(|member| member.id).collect();
        let blobs = self.data.join("blobs");
        let gate: Arc<dyn Gatekeeper> = Arc::new(Gate::new(
            self.store.clone(),
            heard(self.board.clone()),
            self.formed.record.clone(),
            self.formed.data_key.clone(),
            self.patience(),
            refused(self.front.clone()),
        ));
        self.formation.set_gatekeeper(Arc::clone(&gate));
        let door = JoinDoor::new(&self.formed.identity, Arc::clone(&gate))?;
        peer.set_join(Some(Arc::new(door)));
        let (known, formed) = (self.store.clone(), self.formed.record.clone());
        peer.set_addresses(Arc::new(move |address| {
            let now = known.state();
            let mut members = now.members.values().chain(&formed.members);
            members.any(|member| member.address.to_canonical() == address)
        }));
        peer.set_membership(Membership {
            identity: self.formed.identity.clone(),
            peerage: Arc::new(move |node| peerage(&store, &first_members, node)),
            services: vec![
                ("raft/", self.store.service()),
                ("store/", self.store.service()),
                ("status/", Arc::new(self.board.clone()) as Arc<dyn Service>),
                ("notify/", self.notify.service()),
            ],
            routes: self
                .forwarder
                .router()
                .merge(logs::router(self.data.join("logs")))
                .merge(blob::router(Arc::new(move |sha256| Some(blobs.join(sha256))))),
        })?;
        Ok(gate)
    }
}

/// For how long a node has said nothing.
fn heard(board: Board) -> Heard {
    Arc::new(move |node| {
        let seen = board.all().into_iter().find(|seen| seen.status.id == node)?;
        Some(Duration::from_millis(seen.age_ms))
    })
}

/// Into the audit, merged as everything that is refused.
fn refused(front: Front) -> Refused {
    Arc::new(move |note| front.refusals().add(note, "WK-3030", "join"))
}

/// What the nodes that were heard of just now can apply.
pub(super) fn levels(board: Board) -> Levels {
    const FRESH_MS: u64 = 10_000;
    Arc::new(move || {
        let fresh = board.all().into_iter().filter(|seen| seen.age_ms < FRESH_MS);
        fresh.map(|seen| (seen.status.id, seen.status.level)).collect()
    })
}

/// What a node with a certificate of ours is now. Before this node knows any member row, those
/// it was told of at the start count.
fn peerage(store: &Store, first_members: &[NodeId], node: NodeId) -> Peerage {
    let state = store.state();
    let first = state.members.is_empty() && first_members.contains(&node);
    if first || state.members.contains_key(&node) {
        return Peerage::Member;
    }
    match rows::standing(store, node) {
        Ok(Some(Standing::Removed { .. })) => Peerage::Removed,
        _ => Peerage::Stranger,
    }
}
