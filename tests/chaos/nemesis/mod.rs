//! What goes wrong, when and for how long, drawn from the seed. Here what happens to processes;
//! `links` has the network and `members` the membership.

mod kinds;
mod links;
mod members;

pub use kinds::{ALL, Kind};

use super::{cluster::Cluster, link::Quality, net::N_NODES, rng::Rng};
use serde::Serialize;
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// Of 100 faults so many happen while all links are bad, too.
const BAD_WEATHER_PERCENT: u64 = 20;

/// A fault that happened, in microseconds since the start of the run.
#[derive(Debug, Clone, Serialize)]
pub struct Span {
    pub kind: Kind,
    /// How the links between all nodes were meanwhile, if not good.
    pub weather: Option<Kind>,
    pub nodes: Vec<usize>,
    pub from_us: u64,
    pub to_us: u64,
    /// Terms that began meanwhile, where that was looked at.
    pub elections: Option<u64>,
}

pub struct Nemesis {
    pub cluster: Arc<Cluster>,
    pub rng: Rng,
    pub kinds: Vec<Kind>,
    pub spans: Vec<Span>,
}

/// Who had to do with a fault, and the terms that began meanwhile, where that was looked at.
struct Struck {
    nodes: Vec<usize>,
    elections: Option<u64>,
}

impl From<Vec<usize>> for Struck {
    fn from(nodes: Vec<usize>) -> Self {
        Self { nodes, elections: None }
    }
}

impl Nemesis {
    /// Faults and pauses in turn until `end`; heals each of its own, but who joins the cluster
    /// goes on with it meanwhile. The whole run ends at `run_end`.
    pub async fn run(mut self, end: Instant, run_end: Instant) -> Vec<Span> {
        self.calm(3000..4000, end).await;
        while Instant::now() < end {
            let kind = self.next_kind(run_end);
            let weather = self.weather(kind);
            self.set_everywhere(weather.and_then(Kind::quality));
            let from_us = self.cluster.now_us();
            let Struck { nodes, elections } = self.strike(kind).await;
            let to_us = self.cluster.now_us();
            self.set_everywhere(None);
            // Nobody: it was not the time for it.
            if !nodes.is_empty() {
                self.spans.push(Span { kind, weather, nodes, from_us, to_us, elections });
            }
            // Long enough for an election and some work, or not at all.
            let calm = if self.rng.chance(35) { 7000..9000 } else { 200..2500 };
            self.calm(calm, end).await;
        }
        self.spans
    }

    /// The next of a shuffled deck, so that all have their turn; what cannot be over before the
    /// run is stays for later, if there is anything else.
    fn next_kind(&mut self, run_end: Instant) -> Kind {
        let left = run_end.saturating_duration_since(Instant::now());
        let cluster = self.cluster.clone();
        let fits = |kind: &Kind| kind.takes(&cluster.patience) < left;
        let mut deck = cluster.deck.lock().unwrap();
        if !deck.iter().any(fits) {
            let kinds = self.kinds.iter();
            deck.extend(kinds.flat_map(|kind| std::iter::repeat_n(*kind, kind.weight())));
            for n in (1..deck.len()).rev() {
                deck.swap(n, self.rng.index(n + 1));
            }
        }
        let place = deck.iter().position(fits).unwrap_or(0);
        deck.remove(place)
    }

    /// Whether links are bad, too, while something else goes wrong.
    fn weather(&mut self, kind: Kind) -> Option<Kind> {
        let is_weather = |kind: &&Kind| kind.quality().is_some();
        let known: Vec<Kind> = self.kinds.iter().filter(is_weather).copied().collect();
        let bad = self.rng.chance(BAD_WEATHER_PERCENT) && kind.quality().is_none();
        (bad && !known.is_empty()).then(|| *self.rng.pick(&known))
    }

    fn set_everywhere(&self, quality: Option<Quality>) {
        self.set_links_of(&(0..N_NODES).collect::<Vec<_>>(), &quality.unwrap_or(Quality::GOOD));
    }

    async fn calm(&mut self, millis: std::ops::Range<u64>, end: Instant) {
        let until = (Instant::now() + self.rng.millis(millis)).min(end);
        tokio::time::sleep_until(until.into()).await;
    }

    async fn pause(&mut self, millis: std::ops::Range<u64>) {
        tokio::time::sleep(self.rng.millis(millis)).await;
    }

    async fn strike(&mut self, kind: Kind) -> Struck {
        let any = self.rng.index(N_NODES);
        let leader = self.cluster.leader().await.map_or(any, |leader| leader.0);
        let follower = (leader + 1 + self.rng.index(N_NODES - 1)) % N_NODES;
        if let Some(quality) = kind.quality() {
            return self.degrade(&quality, any).await;
        }
        let nodes = match kind {
            Kind::KillOne => self.kill(vec![any]).await,
            Kind::KillLeader => self.kill(vec![leader]).await,
            Kind::KillTwo => self.kill(vec![leader, follower]).await,
            Kind::KillAll => self.kill((0..N_NODES).collect()).await,
            Kind::RestartLeader => self.restart(leader).await,
            Kind::PauseOne => self.hold(any, 500..10_000).await,
            Kind::PauseLeader => self.hold(leader, 500..10_000).await,
            Kind::IsolateLeader => self.isolate(leader, 300..10_000).await,
            Kind::IsolateFollower => self.isolate(follower, 300..10_000).await,
            Kind::CutLink => self.cut(any, (any + 1) % N_NODES).await,
            Kind::OneWay => self.one_way(any).await,
            Kind::Flap => self.flap(any).await,
            Kind::DiskFull => self.fill_disk().await,
            Kind::Usurp => self.usurp(leader, follower).await,
            Kind::SwapMember => self.swap_member(any).await,
            Kind::LoseDisk => self.lose_disk(any).await,
            Kind::Lossy | Kind::Slow | Kind::Reorder | Kind::Narrow => Vec::new(),
        };
        nodes.into()
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

    async fn hold(&mut self, n: usize, millis: std::ops::Range<u64>) -> Vec<usize> {
        self.cluster.node(n).hold(true);
        self.pause(millis).await;
        self.cluster.node(n).hold(false);
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
}
