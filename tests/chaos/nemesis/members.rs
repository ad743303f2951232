//! Faults of the membership. At most one node is on its way in at any time, and none loses its
//! disk before the last one that did is a voter again: two lost disks of three are lost writes,
//! whatever the program does.

use super::{N_NODES, Nemesis};
use std::time::{Duration, Instant};

/// A removal is asked for so long; what was not heard of is gone through with all the same.
const ASKED_FOR: Duration = Duration::from_secs(8);
/// For the last node that came to be a voter.
const SETTLING: Duration = Duration::from_secs(5);

impl Nemesis {
    /// Takes `n` out and lets its machine come back as a new node.
    pub(super) async fn swap_member(&mut self, n: usize) -> Vec<usize> {
        let Some(id) = self.id_of_settled(n).await else { return Vec::new() };
        let token = match self.rng.chance(50) {
            true => self.cluster.node_token(&id).await,
            false => None,
        };
        self.cluster.begin_swap(&id);
        let until = Instant::now() + ASKED_FOR;
        while let Err(why) = self.cluster.remove_member(&id).await {
            if Instant::now() > until {
                eprintln!("removing node {n}: {why}; it loses its disk all the same");
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.trouble(n).await;
        {
            let mut node = self.cluster.node(n);
            node.kill();
            node.lose_disk(token.as_deref());
        }
        self.pause(0..2000).await;
        self.cluster.node(n).start();
        self.trouble(n).await;
        (0..N_NODES).collect()
    }

    /// Node `n` dies with its disk. It comes back at once, but counts as dead only after a while.
    pub(super) async fn lose_disk(&mut self, n: usize) -> Vec<usize> {
        let Some(id) = self.id_of_settled(n).await else { return Vec::new() };
        self.cluster.begin_swap(&id);
        {
            let mut node = self.cluster.node(n);
            node.kill();
            node.lose_disk(None);
        }
        self.trouble(n).await;
        self.cluster.node(n).start();
        vec![n]
    }

    /// The id of node `n`, once all three are settled voters; `None` if they are not soon.
    async fn id_of_settled(&self, n: usize) -> Option<String> {
        let until = Instant::now() + SETTLING;
        loop {
            match self.cluster.settled().await {
                Ok(ids) => return Some(ids[n].clone()),
                Err(_) if Instant::now() > until => return None,
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// Something else that goes wrong meanwhile; `n` has enough trouble of its own, but is not
    /// spared either.
    async fn trouble(&mut self, n: usize) {
        let other = (n + 1 + self.rng.index(N_NODES - 1)) % N_NODES;
        match self.rng.within(0..6) {
            0 => drop(self.isolate(other, 500..5000).await),
            1 => drop(self.isolate(n, 500..5000).await),
            2 => drop(self.hold(other, 500..4000).await),
            3 => drop(self.kill(vec![other]).await),
            4 => {
                let leader = self.cluster.leader().await.map_or(other, |leader| leader.0);
                // Whose disk is lost is started by who took it.
                let doomed = if self.cluster.node(leader).is_running() { leader } else { other };
                self.pause(0..1500).await;
                self.kill(vec![doomed]).await;
            }
            _ => self.pause(0..3000).await,
        }
    }
}
