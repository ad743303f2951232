//! A week of the demo's writes within half an hour: how large the store's files become.
//! `WATCHKEEP_BENCH_MINUTES` says another time.

use super::{
    harness::{demo::Demo, nodes::Nodes},
    keys::files,
    notify, print,
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

const MINUTES: u32 = 30;
const A_WEEK: u32 = 7 * 24 * 60;
/// A demo that nobody touches writes next to nothing: a week is at least as busy as this, which is
/// an alert that fires or ends, and is told, every ten seconds or so.
const AT_LEAST_A_MINUTE: f64 = 20.0;
/// How long the demo is watched for its rate, once it has settled.
const WATCHED: Duration = Duration::from_secs(120);
const SETTLE: Duration = Duration::from_secs(60);

pub async fn growth() {
    let minutes = std::env::var("WATCHKEEP_BENCH_MINUTES").ok().and_then(|n| n.parse().ok());
    let minutes: u32 = minutes.unwrap_or(MINUTES);
    let a_minute = demo_rate().await;
    let nodes = Nodes::start(3, "127.0.1");
    let token = nodes.first_write().await;
    let (address, mut arrived) = notify::sink().await;
    notify::declare(&nodes, &token, address).await;
    tokio::spawn(async move { while arrived.recv().await.is_some() {} });
    let wanted = a_minute.max(AT_LEAST_A_MINUTE) * f64::from(A_WEEK);
    let span = Duration::from_secs(60) * minutes;
    let (began, first) = (Instant::now(), last_log_index(&nodes, &token).await);
    let mut largest = BTreeMap::new();
    let mut number = 0_usize;
    while began.elapsed() < span {
        let due = first + wanted * began.elapsed().as_secs_f64() / span.as_secs_f64();
        while last_log_index(&nodes, &token).await < due {
            for status in ["firing", "resolved"] {
                notify::tell(&nodes, &token, number % 3, &format!("Week{number}"), status).await;
            }
            number += 1;
        }
        note_sizes(&nodes, &mut largest);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    print(json!({
        "figure": "a_week_of_the_demo", "minutes": minutes, "entries_a_minute_in_the_demo": a_minute,
        "entries": last_log_index(&nodes, &token).await - first, "alerts": number, "largest_bytes": largest,
    }));
}

/// Log entries a minute of a demo that nobody touches.
async fn demo_rate() -> f64 {
    let demo = Demo::start().await;
    tokio::time::sleep(SETTLE).await;
    let index = async || {
        let (_, text) = demo.call(0, "GET", "/metrics", None).await.unwrap();
        read(text.as_str().unwrap())
    };
    let (began, first) = (Instant::now(), index().await);
    tokio::time::sleep(WATCHED).await;
    (index().await - first) / began.elapsed().as_secs_f64() * 60.0
}

async fn last_log_index(nodes: &Nodes, token: &str) -> f64 {
    let url = format!("{}/metrics", nodes.url(0));
    let asked = nodes.http.get(url).bearer_auth(token);
    read(&asked.send().await.unwrap().text().await.unwrap())
}

fn read(metrics: &str) -> f64 {
    let sample =
        |line: &str| line.strip_prefix("watchkeep_raft_last_log_index{} ")?.parse::<f64>().ok();
    metrics.lines().find_map(sample).unwrap_or_else(|| panic!("no log index in {metrics}"))
}

fn note_sizes(nodes: &Nodes, largest: &mut BTreeMap<String, u64>) {
    for n in 1..=3 {
        for (name, bytes) in files(&nodes.dir().join(format!("n{n}/data"))) {
            let largest = largest.entry(name).or_default();
            *largest = bytes.max(*largest);
        }
    }
}
