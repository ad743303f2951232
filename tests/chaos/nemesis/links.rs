//! Faults of the network between the nodes.

use super::{super::link::Quality, N_NODES, Nemesis, Struck};
use std::{
    ops::Range,
    time::{Duration, Instant},
};

impl Nemesis {
    pub(super) async fn isolate(&mut self, n: usize, millis: Range<u64>) -> Vec<usize> {
        self.cluster.net.plug(n, false);
        self.pause(millis).await;
        self.cluster.net.plug(n, true);
        vec![n]
    }

    pub(super) async fn cut(&mut self, i: usize, j: usize) -> Vec<usize> {
        self.cluster.net.cut(i, j, true);
        self.pause(300..10_000).await;
        self.cluster.net.cut(i, j, false);
        vec![i, j]
    }

    /// One node is deaf or dumb, towards one other or both.
    pub(super) async fn one_way(&mut self, n: usize) -> Vec<usize> {
        let mut others: Vec<usize> = (0..N_NODES).filter(|other| *other != n).collect();
        if self.rng.chance(50) {
            others.remove(self.rng.index(2));
        }
        let is_dumb = self.rng.chance(50);
        let cluster = self.cluster.clone();
        let cut = |other: usize, cut: bool| {
            let (from, to) = if is_dumb { (n, other) } else { (other, n) };
            cluster.net.cut_one_way(from, to, cut);
        };
        others.iter().for_each(|other| cut(*other, true));
        self.pause(300..10_000).await;
        others.iter().for_each(|other| cut(*other, false));
        [vec![n], others].concat()
    }

    pub(super) async fn flap(&mut self, n: usize) -> Vec<usize> {
        for _ in 0..self.rng.within(3..9) {
            self.cluster.net.plug(n, false);
            self.pause(50..1200).await;
            self.cluster.net.plug(n, true);
            self.pause(50..1200).await;
        }
        vec![n]
    }

    /// The links of one node, or all, are bad for a while; counts the elections of that time.
    pub(super) async fn degrade(&mut self, quality: &Quality, any: usize) -> Struck {
        let nodes = if self.rng.chance(50) { (0..N_NODES).collect() } else { vec![any] };
        let before = self.cluster.leader().await;
        self.set_links_of(&nodes, quality);
        self.pause(4000..12_000).await;
        let after = self.cluster.leader().await;
        self.set_links_of(&nodes, &Quality::GOOD);
        let elections = before.zip(after).map(|(before, after)| after.1.saturating_sub(before.1));
        Struck { nodes, elections }
    }

    /// Both directions of every link that ends at one of `nodes`.
    pub(super) fn set_links_of(&self, nodes: &[usize], quality: &Quality) {
        for from in 0..N_NODES {
            for to in 0..N_NODES {
                if from != to && (nodes.contains(&from) || nodes.contains(&to)) {
                    self.cluster.net.set(from, to, quality);
                }
            }
        }
    }

    pub(super) async fn usurp(&mut self, old: usize, voter: usize) -> Vec<usize> {
        let cluster = self.cluster.clone();
        cluster.net.plug(old, false);
        let until = Instant::now() + Duration::from_secs(8);
        let new = loop {
            match cluster.leader().await {
                Some((new, _)) if new != old => break Some(new),
                _ if Instant::now() > until => break None,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        };
        if let Some(new) = new {
            let voter = if new == voter { N_NODES - old - new } else { voter };
            self.pause(0..300).await;
            cluster.node(voter).kill();
            cluster.net.plug(new, false);
            cluster.net.plug(old, true);
            cluster.node(voter).start();
            self.pause(1000..4000).await;
            cluster.net.plug(new, true);
            return vec![old, voter, new];
        }
        cluster.net.plug(old, true);
        vec![old]
    }
}
