//! How long things take, as JSON lines.

use super::{
    cluster::Cluster,
    harness::wait::eventually,
    net::{Middle, N_NODES},
    options::Options,
    rng::Rng,
};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Writers that keep the cluster busy and notice when it accepts again.
const WRITERS: usize = 12;
const SETTLE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures `name`; an error is one for people.
pub async fn measure(name: &str, options: &Options) -> Result<(), String> {
    match name {
        "failover" => gaps(options, "failover_ms", Ending::Killed).await,
        "handover" => gaps(options, "handover_ms", Ending::Asked).await,
        "formation" => formation(options).await,
        other => Err(format!("no figure {other}; there are failover, handover, formation")),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Killed,
    Asked,
}

/// From the end of the leader under load to the next write that is accepted.
async fn gaps(options: &Options, figure: &str, ending: Ending) -> Result<(), String> {
    let cluster = Cluster::new(&options.profile, false, Middle::Bridge)?;
    for n in 0..N_NODES {
        cluster.node(n).start();
    }
    cluster.first_write().await;
    let load = Load::start(&cluster);
    let mut rng = Rng::part(options.seed, 1);
    let mut times = Vec::new();
    for _ in 0..options.runs {
        cluster.heal().await?;
        tokio::time::sleep(SETTLE + rng.millis(0..1500)).await;
        let leader = cluster.leader().await.ok_or("no leader")?.0;
        load.begin();
        let ended = Instant::now();
        match ending {
            Ending::Killed => cluster.node(leader).kill(),
            Ending::Asked => cluster.node(leader).terminate(),
        }
        let accepted = eventually("a write to be accepted", PATIENCE, || async {
            load.longest_gap_after(ended).ok_or_else(|| "none yet".to_owned())
        });
        times.push(accepted.await);
        wait_for_end(&cluster, leader).await;
        cluster.node(leader).start();
    }
    load.stop.store(true, Ordering::SeqCst);
    let n_unexpected = load.n_refused.load(Ordering::SeqCst);
    print_times(figure, &options.profile, &mut times, json!({"answers_of_5xx": n_unexpected}));
    Ok(())
}

async fn wait_for_end(cluster: &Cluster, n: usize) {
    eventually("the old leader to have ended", PATIENCE, || async {
        let mut node = cluster.node(n);
        match node.ended().is_some() || !node.is_running() {
            true => Ok(()),
            false => Err("it still runs".to_owned()),
        }
    })
    .await;
}

/// Writers on all nodes, and when their writes were accepted.
struct Load {
    stop: Arc<AtomicBool>,
    accepted: Arc<Mutex<Vec<(Instant, Instant)>>>,
    n_refused: Arc<AtomicU64>,
}

impl Load {
    fn start(cluster: &Arc<Cluster>) -> Self {
        let load =
            Self { stop: Arc::default(), accepted: Arc::default(), n_refused: Arc::default() };
        for writer in 0..WRITERS {
            let (cluster, stop) = (cluster.clone(), load.stop.clone());
            let (accepted, refused) = (load.accepted.clone(), load.n_refused.clone());
            tokio::spawn(async move {
                let mut number = 0_u64;
                while !stop.load(Ordering::SeqCst) {
                    number += 1;
                    let node = (writer + usize::try_from(number).unwrap()) % N_NODES;
                    let name = format!("w{writer}");
                    let url = format!("{}/api/v1/departments/{name}", cluster.url(node));
                    let body = json!({"spec": {"title": number.to_string()}});
                    let called = Instant::now();
                    let request = cluster.http.put(url).bearer_auth(cluster.token()).json(&body);
                    match request.send().await {
                        Ok(answer) if answer.status().is_success() => {
                            accepted.lock().unwrap().push((called, Instant::now()));
                        }
                        Ok(_) => drop(refused.fetch_add(1, Ordering::SeqCst)),
                        Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
                    }
                }
            });
        }
        load
    }

    fn begin(&self) {
        self.accepted.lock().unwrap().clear();
    }

    /// The longest time without an accepted write since `ended`, once one that was called after
    /// it is accepted and a second has gone by: with a hand-over, acceptance goes on for a while.
    fn longest_gap_after(&self, ended: Instant) -> Option<Duration> {
        let accepted = self.accepted.lock().unwrap();
        let last = accepted.iter().map(|times| times.1).max()?;
        let enough = last > ended + Duration::from_millis(1500);
        let mut at: Vec<Instant> = accepted.iter().map(|times| times.1).collect();
        at.retain(|at| *at > ended);
        at.sort_unstable();
        let gaps = std::iter::once(&ended).chain(&at).zip(&at).map(|(from, to)| *to - *from);
        enough.then(|| gaps.max()).flatten()
    }
}

/// Three fresh nodes started in any order and with pauses: one cluster, each time.
async fn formation(options: &Options) -> Result<(), String> {
    let mut rng = Rng::part(options.seed, 2);
    let mut times = Vec::new();
    let mut n_split = 0;
    for run in 0..options.runs {
        let cluster = Cluster::new(&options.profile, false, Middle::Bridge)?;
        let longest = if run % 10 == 9 { 30_000 } else { 3_000 };
        let mut order: Vec<(Duration, usize)> =
            (0..N_NODES).map(|n| (rng.millis(0..longest), n)).collect();
        order.sort_unstable();
        let began = Instant::now();
        for (pause, n) in order {
            tokio::time::sleep_until((began + pause).into()).await;
            cluster.node(n).start();
        }
        let all_started = Instant::now();
        cluster.first_write().await;
        times.push(all_started.elapsed());
        cluster.heal().await?;
        n_split += usize::from(!is_one_cluster(&cluster).await?);
    }
    print_times(
        "formation_after_last_start_ms",
        &options.profile,
        &mut times,
        json!({"formed": usize::try_from(options.runs).unwrap() - n_split, "split": n_split}),
    );
    Ok(())
}

async fn is_one_cluster(cluster: &Cluster) -> Result<bool, String> {
    let mut ids = Vec::new();
    for n in 0..N_NODES {
        let status = cluster.get(n, "/api/v1/status?consistency=strong").await?;
        let nodes = status["nodes"].as_array().map_or(0, Vec::len);
        ids.push((status["cluster"]["id"].clone(), nodes));
    }
    Ok(ids.iter().all(|id| *id == ids[0] && id.1 == N_NODES))
}

fn print_times(figure: &str, profile: &str, times: &mut [Duration], more: Value) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_millis();
    let mut line = json!({
        "figure": figure, "profile": profile, "runs": times.len(),
        "p50": at(50), "p99": at(99), "max": at(100),
    });
    if let (Some(line), Some(more)) = (line.as_object_mut(), more.as_object()) {
        line.extend(more.clone());
    }
    println!("{line}");
}
