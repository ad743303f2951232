//! What goes wrong, when and for how long, drawn from the seed.

use super::{cluster::Cluster, net::N_NODES, rng::Rng};
use serde::Serialize;
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// A way to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    KillOne,
    KillLeader,
    KillTwo,
    KillAll,
    RestartLeader,
    PauseOne,
    PauseLeader,
    IsolateLeader,
    IsolateFollower,
    CutLink,
    Flap,
    DiskFull,
    /// The old leader comes back from isolation to a follower that was just killed, while the new
    /// leader is cut off: a vote that was forgotten would let it go on leading.
    Usurp,
}

pub const ALL: [Kind; 13] = [
    Kind::KillOne,
    Kind::KillLeader,
    Kind::KillTwo,
    Kind::KillAll,
    Kind::RestartLeader,
    Kind::PauseOne,
    Kind::PauseLeader,
    Kind::IsolateLeader,
    Kind::IsolateFollower,
    Kind::CutLink,
    Kind::Flap,
    Kind::DiskFull,
    Kind::Usurp,
];

impl Kind {
    pub fn name(self) -> String {
        serde_json::to_value(self).unwrap().as_str().unwrap_or_default().to_owned()
    }

    pub fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A fault that happened, in microseconds since the start of the run.
#[derive(Debug, Clone, Serialize)]
pub struct Span {
    pub kind: Kind,
    pub nodes: Vec<usize>,
    pub from_us: u64,
    pub to_us: u64,
}

pub struct Nemesis {
    pub cluster: Arc<Cluster>,
    pub rng: Rng,
    pub kinds: Vec<Kind>,
    pub spans: Vec<Span>,
}

impl Nemesis {
    /// Faults and pauses in turn until `end`; heals each of its own.
    pub async fn run(mut self, end: Instant) -> Vec<Span> {
        self.calm(3000..4000, end).await;
        while Instant::now() < end {
            let kind = *self.rng.pick(&self.kinds);
            let from_us = self.cluster.now_us();
            let nodes = self.strike(kind).await;
            let to_us = self.cluster.now_us();
            self.spans.push(Span { kind, nodes, from_us, to_us });
            // Long enough for an election and some work, or not at all.
            let calm = if self.rng.chance(35) { 7000..9000 } else { 200..2500 };
            self.calm(calm, end).await;
        }
        self.spans
    }

    async fn calm(&mut self, millis: std::ops::Range<u64>, end: Instant) {
        let until = (Instant::now() + self.rng.millis(millis)).min(end);
        tokio::time::sleep_until(until.into()).await;
    }

    async fn pause(&mut self, millis: std::ops::Range<u64>) {
        tokio::time::sleep(self.rng.millis(millis)).await;
    }

    async fn strike(&mut self, kind: Kind) -> Vec<usize> {
        let any = self.rng.index(N_NODES);
        let leader = self.cluster.leader().await.map_or(any, |leader| leader.0);
        let follower = (leader + 1 + self.rng.index(N_NODES - 1)) % N_NODES;
        match kind {
            Kind::KillOne => self.kill(vec![any]).await,
            Kind::KillLeader => self.kill(vec![leader]).await,
            Kind::KillTwo => self.kill(vec![leader, follower]).await,
            Kind::KillAll => self.kill((0..N_NODES).collect()).await,
            Kind::RestartLeader => self.restart(leader).await,
            Kind::PauseOne => self.hold(any).await,
            Kind::PauseLeader => self.hold(leader).await,
            Kind::IsolateLeader => self.isolate(leader).await,
            Kind::IsolateFollower => self.isolate(follower).await,
            Kind::CutLink => self.cut(any, (any + 1) % N_NODES).await,
            Kind::Flap => self.flap(any).await,
            Kind::DiskFull => self.fill_disk().await,
            Kind::Usurp => self.usurp(leader, follower).await,
        }
    }

    /// One after the other within milliseconds, and up again in any order.
    async fn kill(&mut self, nodes: Vec<usize>) -> Vec<usize> {
        for &n in &nodes {
            self.cluster.node(n).kill();
        }
        let mut order = nodes.clone();
        if self.rng.chance(50) {
            order.reverse();
        }
        for n in order {
            self.pause(0..3000).await;
            self.cluster.node(n).start();
        }
        nodes
    }

    async fn restart(&mut self, n: usize) -> Vec<usize> {
        self.cluster.node(n).terminate();
        let until = Instant::now() + Duration::from_secs(20);
        while self.cluster.node(n).ended().is_none() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if self.cluster.node(n).is_running() {
            let told = format!("node {n} did not stop within 20 s of being asked to");
            self.cluster.ended.lock().unwrap().push(told);
            self.cluster.node(n).kill();
        }
        self.cluster.node(n).start();
        vec![n]
    }

    async fn hold(&mut self, n: usize) -> Vec<usize> {
        self.cluster.node(n).hold(true);
        self.pause(500..10_000).await;
        self.cluster.node(n).hold(false);
        vec![n]
    }

    async fn isolate(&mut self, n: usize) -> Vec<usize> {
        self.cluster.net.plug(n, false);
        self.pause(300..10_000).await;
        self.cluster.net.plug(n, true);
        vec![n]
    }

    async fn cut(&mut self, i: usize, j: usize) -> Vec<usize> {
        self.cluster.net.cut(i, j, true);
        self.pause(300..10_000).await;
        self.cluster.net.cut(i, j, false);
        vec![i, j]
    }

    async fn flap(&mut self, n: usize) -> Vec<usize> {
        for _ in 0..self.rng.within(3..9) {
            self.cluster.net.plug(n, false);
            self.pause(50..1200).await;
            self.cluster.net.plug(n, true);
            self.pause(50..1200).await;
        }
        vec![n]
    }

    async fn fill_disk(&mut self) -> Vec<usize> {
        let n = N_NODES - 1;
        self.cluster.disk_full.store(true, Ordering::SeqCst);
        if let Some(disk) = self.cluster.node(n).disk() {
            disk.fill();
        }
        self.pause(2000..8000).await;
        if let Some(disk) = self.cluster.node(n).disk() {
            disk.free();
        }
        // Room again: from here on it has to stay up, once it has noticed.
        self.pause(2000..2500).await;
        self.cluster.disk_full.store(false, Ordering::SeqCst);
        vec![n]
    }

    async fn usurp(&mut self, old: usize, voter: usize) -> Vec<usize> {
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
