//! Everything that one run consists of, and those who look on.

use super::{
    check::watch::{Heard, Watched},
    facts::Facts,
    history::Op,
    net::Net,
    node::{Life, Node},
    trace::{Trace, short},
};
use crate::{
    model::NodeId,
    store::{Event, wire::raft::encode_entry},
};
use openraft::{RaftLogReader, storage::RaftLogStorage as _};
use std::sync::{Arc, Mutex};

/// One run.
pub(super) struct World {
    pub(super) trace: Trace,
    pub(super) facts: Facts,
    pub(super) net: Net,
    pub(super) nodes: Vec<Node>,
    pub(super) history: Mutex<Vec<Op>>,
    /// What a watcher of each life has heard.
    pub(super) watched: Mutex<Vec<Arc<Mutex<Watched>>>>,
}

impl World {
    pub(super) fn ids(&self) -> Vec<NodeId> {
        self.nodes.iter().map(|node| node.id).collect()
    }

    /// The life that leads, as far as it knows itself.
    pub(super) fn leader(&self) -> Option<(&Node, Arc<Life>)> {
        let mut living = self.nodes.iter().filter_map(|node| Some((node, node.life()?)));
        living.find(|(_, life)| life.store.raft().borrow().is_leader)
    }

    /// Looks at a life as long as it lasts.
    pub(super) fn attend(&self, node: NodeId, life: Arc<Life>) {
        let watched = Arc::new(Mutex::new(Watched {
            watcher: usize::try_from(node.0).unwrap(),
            ..Watched::default()
        }));
        self.watched.lock().unwrap().push(watched.clone());
        tokio::spawn(watch_applied(self.facts.clone(), self.trace.clone(), node, life.clone()));
        tokio::spawn(watch_failure(self.facts.clone(), node, life.clone()));
        tokio::spawn(listen(life, watched));
    }
}

/// Every applied entry, and the hash of the state after each batch.
async fn watch_applied(facts: Facts, trace: Trace, node: NodeId, life: Arc<Life>) {
    let store = &life.store;
    let mut applied = store.inner().view.applied.subscribe();
    let mut log = store.inner().log.clone();
    let mut seen = *applied.borrow_and_update();
    loop {
        if let Some(last) = store.state_hashes().last() {
            facts.hashed(node, last.index, &last.hash);
        }
        tokio::select! {
            biased;
            () = life.power.gone() => return,
            changed = applied.changed() => if changed.is_err() { return },
        }
        let now = *applied.borrow_and_update();
        trace.note(format_args!("{node} has applied {now}"));
        // A log that ends before the state was passed by a snapshot: what is left in it was never
        // applied, and goes next.
        let Ok(state) = log.get_log_state().await else { return };
        if state.last_log_id.is_none_or(|last| last.index < now) {
            seen = now;
            continue;
        }
        let Ok(entries) = log.try_get_log_entries(seen + 1..=now).await else { return };
        for entry in entries {
            facts.applied(node, entry.log_id, short(&encode_entry(&entry)));
        }
        seen = now;
    }
}

/// A store fails when its disk does, and not otherwise.
async fn watch_failure(facts: Facts, node: NodeId, life: Arc<Life>) {
    let mut failed = life.store.failed();
    tokio::select! {
        biased;
        () = life.power.gone() => {}
        failed = failed.wait_for(Option::is_some) => {
            if let Ok(why) = failed && !life.power.was_full() {
                facts.violated(format!("node {node} fails by itself: {why:?}"));
            }
        }
    }
}

/// Subscribes to everything that this life applies.
async fn listen(life: Arc<Life>, watched: Arc<Mutex<Watched>>) {
    let since = *life.store.inner().view.applied.borrow();
    let mut events = life.store.subscribe(since);
    let mut after = since;
    watched.lock().unwrap().heard.push(Heard { after, upto: after, keys: [].into(), all: true });
    loop {
        let event = tokio::select! {
            biased;
            () = life.power.gone() => return,
            event = events.recv() => event,
        };
        let heard = match event {
            None => return,
            Some(Event::Changed { index, keys, .. }) => {
                let keys = keys.iter().map(|key| key.name.as_str().to_owned()).collect();
                Heard { after, upto: index, keys, all: false }
            }
            Some(Event::Resync { index }) => {
                Heard { after, upto: index, keys: [].into(), all: true }
            }
        };
        let mut watched = watched.lock().unwrap();
        if heard.upto <= after {
            watched.went_back.push(format!("{heard:?}"));
        }
        after = heard.upto;
        watched.heard.push(heard);
    }
}
