//! A run: rounds of load under faults, each healed and judged before the next begins.

use super::{
    check::{self, Verdict, finals::Shown, watch::Watched},
    client::{Client, seen},
    cluster::Cluster,
    history::{End, Op},
    nemesis::{Kind, Nemesis, Span},
    net::N_NODES,
    options::Options,
    rng::Rng,
    watcher::Watcher,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Faults of a round last so long.
const ROUND: Duration = Duration::from_secs(45);
/// Watchers have so long to hear of the last write once all is well.
const HEAR: Duration = Duration::from_secs(30);
/// So long after a fault operations may still fail because of it: an election, twice.
const AFTERMATH_US: u64 = 5_000_000;

/// What a round was like.
pub struct Round {
    pub history: Vec<Op>,
    pub spans: Vec<Span>,
    pub verdict: Verdict,
    /// Operations called in fault-free windows, and those of them that succeeded.
    pub calm: (usize, usize),
    /// Raft term after it.
    pub term: u64,
}

/// Load and faults for at most `left`, then healing and judgement.
pub async fn round(
    cluster: &Arc<Cluster>,
    options: &Options,
    number: u32,
    kinds: &[Kind],
    left: Duration,
) -> Round {
    let began_us = cluster.now_us();
    let stop = Arc::new(AtomicBool::new(false));
    let part = |who: u64| Rng::part(options.seed, (u64::from(number) << 32) | who);
    let clients: Vec<_> = (0..options.clients)
        .map(|id| {
            let rng = part(u64::from(id) + 1);
            tokio::spawn(Client::new(cluster.clone(), id, number, rng, stop.clone()).run())
        })
        .collect();
    let watchers = Watchers::start(cluster, options.watchers, &part).await;
    let nemesis = Nemesis {
        cluster: cluster.clone(),
        rng: part(1 << 20),
        kinds: kinds.to_vec(),
        spans: Vec::new(),
    };
    let dropping = drop_one(cluster, options.drop_one, number);
    let (end, run_end) = (Instant::now() + ROUND.min(left), Instant::now() + left);
    let (spans, ()) = tokio::join!(nemesis.run(end, run_end), dropping);

    let mut verdict = Verdict::default();
    let healed = cluster.heal().await;
    // The healed cluster must serve everybody: some more load before the end.
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.store(true, Ordering::SeqCst);
    let mut history = Vec::new();
    for client in clients {
        let (operations, complaints) = client.await.unwrap();
        history.extend(operations);
        verdict.violations.extend(complaints);
    }
    let term = healed.as_ref().ok().copied().unwrap_or(0);
    match healed {
        Err(why) => verdict.violations.push(why),
        Ok(_) => judge_what_is_left(cluster, number, &history, &mut verdict).await,
    }
    for watched in watchers.end(&history).await {
        verdict.add(check::watch::check(&history, &watched));
    }
    let judged = history.clone();
    verdict.add(tokio::task::spawn_blocking(move || check::operations(&judged)).await.unwrap());
    verdict.violations.append(&mut cluster.ended.lock().unwrap());
    let calm = in_calm(&history, &spans, began_us);
    Round { history, spans, verdict, calm, term }
}

/// All nodes must show the same, and everything acknowledged.
async fn judge_what_is_left(cluster: &Cluster, number: u32, history: &[Op], verdict: &mut Verdict) {
    let mut nodes = Vec::new();
    for n in 0..N_NODES {
        match shown(cluster, n, number).await {
            Ok(shown) => nodes.push(shown),
            Err(why) => verdict.violations.push(format!("node {n} after healing: {why}")),
        }
    }
    verdict.add(check::finals::check(history, &nodes));
    verdict.violations.extend(hashes(cluster).await);
}

/// Waits until all nodes are at one index; what is wrong with their hashes of the state.
async fn hashes(cluster: &Cluster) -> Option<String> {
    let until = Instant::now() + HEAR;
    loop {
        let mut lines = Vec::new();
        for n in 0..N_NODES {
            let Ok(status) = cluster.get(n, "/api/v1/status").await else { continue };
            let apart = |fault: &&serde_json::Value| fault["code"] == "WK-3025";
            if let Some(fault) = status["faults"].as_array().and_then(|f| f.iter().find(apart)) {
                return Some(format!("node {n} has raised an alarm: {fault}"));
            }
            let own = |line: &&serde_json::Value| line["address"] == cluster.net.peer_address(n);
            let line = status["nodes"].as_array().and_then(|nodes| nodes.iter().find(own));
            lines.extend(line.map(|line| (line["index"].as_u64(), line["state_hash"].clone())));
        }
        let at_one = lines.len() == N_NODES && lines.iter().all(|line| line.0 == lines[0].0);
        if at_one && lines.iter().all(|line| line.1.is_string() && *line == lines[0]) {
            return None;
        }
        if at_one || Instant::now() > until {
            return Some(format!("the nodes' states do not agree: {lines:?}"));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// All objects of a round as node `n` shows them.
async fn shown(cluster: &Cluster, n: usize, round: u32) -> Result<Shown, String> {
    let mut shown = Shown::new();
    loop {
        let path = format!(
            "/api/v1/departments?consistency=strong&label=round%3D{round}&limit=500&offset={}",
            shown.len()
        );
        let page = cluster.get(n, &path).await?;
        let items = page["items"].as_array().ok_or("no items")?;
        for item in items {
            let name = item["name"].as_str().ok_or("no name")?;
            let seen = seen(item).ok_or_else(|| format!("{item} is no object"))?;
            shown.insert(format!("department/{name}"), seen);
        }
        if items.is_empty() || shown.len() as u64 >= page["total"].as_u64().unwrap_or(0) {
            return Ok(shown);
        }
    }
}

/// To show that the judges see it: lets the cluster forget an acknowledged value, unrecorded.
async fn drop_one(cluster: &Cluster, wanted: bool, round: u32) {
    if !wanted {
        return;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    loop {
        for n in 0..N_NODES {
            let Ok(shown) = shown(cluster, n, round).await else { continue };
            let own = format!("department/u{round}-");
            let Some(name) = shown.keys().find_map(|key| key.strip_prefix(&own)) else { continue };
            let url = format!("{}/api/v1/departments/u{round}-{name}", cluster.url(n));
            let dropped = cluster.http.delete(url).bearer_auth(cluster.token()).send().await;
            if dropped.is_ok_and(|answer| answer.status().is_success()) {
                eprintln!("dropped u{round}-{name} on purpose");
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

struct Watchers {
    tasks: Vec<tokio::task::JoinHandle<Watched>>,
    positions: Vec<Arc<AtomicU64>>,
    goal: Arc<AtomicU64>,
}

impl Watchers {
    async fn start(cluster: &Arc<Cluster>, n_watchers: u32, part: &impl Fn(u64) -> Rng) -> Self {
        let goal = Arc::new(AtomicU64::new(u64::MAX));
        let status = cluster.get(0, "/api/v1/status").await.unwrap_or_default();
        let since = status["cluster"]["index"].as_u64().unwrap_or(0);
        let (mut tasks, mut positions) = (Vec::new(), Vec::new());
        for watcher in 0..n_watchers {
            let position = Arc::new(AtomicU64::new(since));
            let watched =
                Watched { watcher: usize::try_from(watcher).unwrap(), ..Watched::default() };
            let task = Watcher {
                cluster: cluster.clone(),
                rng: part((1 << 21) + u64::from(watcher)),
                position: position.clone(),
                goal: goal.clone(),
                watched,
            };
            tasks.push(tokio::spawn(task.run()));
            positions.push(position);
        }
        Self { tasks, positions, goal }
    }

    /// Waits until all have heard of the last acknowledged write.
    async fn end(self, history: &[Op]) -> Vec<Watched> {
        let last = history.iter().filter_map(|op| Some(op.acknowledged()?.1)).max().unwrap_or(0);
        let until = Instant::now() + HEAR;
        let all = || self.positions.iter().all(|at| at.load(Ordering::SeqCst) >= last);
        while !all() && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.goal.store(0, Ordering::SeqCst);
        let mut watched = Vec::new();
        for task in self.tasks {
            watched.push(task.await.unwrap());
        }
        watched
    }
}

/// Operations called while nothing was wrong, nor just had been, and how many were answered.
fn in_calm(history: &[Op], spans: &[Span], began_us: u64) -> (usize, usize) {
    let calm = |op: &&Op| {
        let at = op.call_us;
        at > began_us
            && spans
                .iter()
                .all(|span| at + 500_000 < span.from_us || at > span.to_us + AFTERMATH_US)
    };
    let operations: Vec<&Op> = history.iter().filter(calm).collect();
    let n_answered = operations.iter().filter(|op| op.end == End::Ok).count();
    (operations.len(), n_answered)
}
