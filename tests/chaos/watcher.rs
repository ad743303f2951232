//! Follows the stream of changes, from node to node, never forgetting where it was.

use super::{
    check::watch::{Heard, Watched},
    cluster::Cluster,
    net::N_NODES,
    rng::Rng,
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A stream that says nothing for so long, not even that it lives, is left.
const SILENCE: Duration = Duration::from_secs(5);

pub struct Watcher {
    pub cluster: Arc<Cluster>,
    pub rng: Rng,
    /// It has heard everything up to here.
    pub position: Arc<AtomicU64>,
    /// Ends once it has heard this.
    pub goal: Arc<AtomicU64>,
    pub watched: Watched,
}

impl Watcher {
    /// Listens until the goal is reached.
    pub async fn run(mut self) -> Watched {
        let mut node = self.rng.index(N_NODES);
        while self.position.load(Ordering::SeqCst) < self.goal.load(Ordering::SeqCst) {
            self.listen(node).await;
            node = (node + 1) % N_NODES;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.watched
    }

    /// One stream until it breaks.
    async fn listen(&mut self, node: usize) {
        let http = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_secs(1));
        let request =
            http.build().unwrap().get(format!("{}/api/v1/events", self.cluster.url(node)));
        let request = request
            .bearer_auth(self.cluster.token())
            .header("last-event-id", self.position.load(Ordering::SeqCst));
        let Ok(Ok(mut answer)) = tokio::time::timeout(SILENCE, request.send()).await else {
            return;
        };
        if !answer.status().is_success() {
            return;
        }
        let (mut text, mut resynced) = (String::new(), false);
        while self.position.load(Ordering::SeqCst) < self.goal.load(Ordering::SeqCst) {
            let Ok(Ok(Some(chunk))) = tokio::time::timeout(SILENCE, answer.chunk()).await else {
                return;
            };
            text.push_str(&String::from_utf8_lossy(&chunk));
            while let Some((event, rest)) = text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.hear(node, &event, &mut resynced);
                text = rest;
            }
        }
    }

    fn hear(&mut self, node: usize, event: &str, resynced: &mut bool) {
        let Some(data) = event.lines().find_map(|line| line.strip_prefix("data:")) else { return };
        let Ok(value) = serde_json::from_str::<Value>(data.trim()) else { return };
        let all = value["topics"].as_array().is_some_and(|topics| topics.iter().any(|t| t == "*"));
        let Some(upto) = value["index"].as_str().and_then(|index| index.parse::<u64>().ok()) else {
            // What follows begins where this node is, which may be before where we are.
            *resynced |= all;
            return;
        };
        let after = self.position.load(Ordering::SeqCst);
        if upto <= after {
            if !*resynced {
                let told = format!("{upto} after {after} from node {node}");
                self.watched.went_back.push(told);
            }
            return;
        }
        let names = value["keys"].as_array().into_iter().flatten();
        let keys: BTreeSet<String> =
            names.filter_map(|key| Some(key.as_str()?.to_owned())).collect();
        self.watched.heard.push(Heard { after, upto, keys, all });
        self.position.store(upto, Ordering::SeqCst);
    }
}
