//! Figures of whole nodes, as JSON lines on standard output: `scripts/bench`. Measures, never
//! judges: budgets are looked at by people, not asserted against a busy machine.

#![allow(clippy::unwrap_used, reason = "a measurement that fails should say so loudly")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the lines are the product")]
#![allow(unreachable_pub, missing_docs, reason = "a program, not a library")]
#![allow(clippy::disallowed_methods, reason = "starts the program under test")]
#![allow(dead_code, reason = "the harness is shared with the tests")]

#[path = "../it/harness/mod.rs"]
mod harness;
mod notify;
mod scale;

use harness::{
    demo::Demo,
    nodes::{self, Nodes},
};

use serde_json::{Value, json};
use std::{
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    // `cargo bench` and `cargo test --benches` hand over flags of the libtest harness.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let size = std::fs::metadata(harness::program()).unwrap().len();
    print(json!({"figure": "binary_bytes", "value": size}));
    start_to_serving().await;
    three_nodes().await;
    demo().await;
    scale::scale().await;
}

fn print(line: Value) {
    println!("{line}");
}

async fn start_to_serving() {
    let mut times = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        let nodes = Nodes::start(1, "127.0.1");
        nodes.healthy(0).await;
        times.push(started.elapsed());
    }
    print(
        json!({"figure": "start_to_serving_ms", "runs": 5, "p50": ms(percentile(&mut times, 50)), "max": ms(percentile(&mut times, 100))}),
    );
}

async fn three_nodes() {
    let mut times = Vec::new();
    for _ in 0..3 {
        let started = Instant::now();
        let nodes = Nodes::start(3, "127.0.1");
        nodes.first_write().await;
        times.push(started.elapsed());
    }
    print(
        json!({"figure": "first_start_to_first_write_ms", "nodes": 3, "runs": 3, "p50": ms(percentile(&mut times, 50)), "max": ms(percentile(&mut times, 100))}),
    );

    let nodes = Nodes::start(3, "127.0.1");
    let token = nodes.first_write().await;
    for n in 0..3 {
        print(
            json!({"figure": "resident_bytes", "node": n, "what": "control plane, idle, no targets", "value": nodes.resident_bytes(n)}),
        );
    }
    let fsync = fsync_latency(nodes.dir());
    for clients in [1, 16, 64] {
        writes(&nodes, &token, clients, fsync).await;
    }
    notify::measure(&nodes, &token).await;
}

/// p50 and p99 of 200 appends of 4 KiB with fdatasync, on the disk the nodes use.
fn fsync_latency(dir: &Path) -> (f64, f64) {
    let mut file = std::fs::File::create(dir.join("fsync")).unwrap();
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[7; 4096]).unwrap();
            let started = Instant::now();
            file.sync_data().unwrap();
            started.elapsed()
        })
        .collect();
    (ms(percentile(&mut times, 50)), ms(percentile(&mut times, 99)))
}

async fn writes(nodes: &Nodes, token: &str, clients: u64, fsync: (f64, f64)) {
    let span = Duration::from_secs(8);
    let number = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let (http, number) = (nodes.http.clone(), Arc::clone(&number));
            let (url, token) = (nodes.url(usize::try_from(client % 3).unwrap()), token.to_owned());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while started.elapsed() < span {
                    let name = format!("w{}-{}", clients, number.fetch_add(1, Ordering::Relaxed));
                    let body = json!({"kind": "department", "name": name, "spec": {"title": "x".repeat(200)}});
                    let begun = Instant::now();
                    let answer = http
                        .put(format!("{url}/api/v1/departments/{name}"))
                        .bearer_auth(&token)
                        .json(&body)
                        .send()
                        .await
                        .unwrap();
                    assert!(answer.status().is_success(), "{}", answer.status());
                    times.push(begun.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    print(json!({
        "figure": "durable_writes_per_second", "through": "HTTP API, all three nodes", "clients": clients, "value": rate.round(),
        "latency_ms": {"p50": ms(percentile(&mut times, 50)), "p99": ms(percentile(&mut times, 99))},
        "fsync_ms": {"p50": fsync.0, "p99": fsync.1},
    }));
}

/// A changed rule: from the request to being evaluated by both Prometheus.
async fn demo() {
    let demo = Demo::start().await;
    let mut accepted = Vec::new();
    let mut live = Vec::new();
    for number in 0..50 {
        let record = format!("bench:change:{number}");
        let spec = json!({"project": "base", "rules": [{"record": record, "expr": "vector(1)"}]});
        let started = Instant::now();
        let (status, answer) =
            demo.put(number % 3, "rule-groups", "bench", "rule-group", spec).await.unwrap();
        assert!(status < 300, "{status} {answer}");
        accepted.push(started.elapsed());
        for url in demo_replicas(&demo).await {
            while !demo.http.get(&url).send().await.unwrap().text().await.unwrap().contains(&record)
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        live.push(started.elapsed());
    }
    print(
        json!({"figure": "rule_change_accepted_ms", "runs": 50, "p50": ms(percentile(&mut accepted, 50)), "p99": ms(percentile(&mut accepted, 99))}),
    );
    print(
        json!({"figure": "rule_change_live_in_both_prometheus_ms", "runs": 50, "p50": ms(percentile(&mut live, 50)), "p99": ms(percentile(&mut live, 99))}),
    );
    for n in 0..3 {
        let pid = demo.node_pid(n).unwrap();
        print(
            json!({"figure": "resident_bytes", "node": n, "what": "control plane, demo running", "value": nodes::resident(pid)}),
        );
    }
}

/// Rules endpoints of the Prometheus that run.
async fn demo_replicas(demo: &Demo) -> Vec<String> {
    let mut urls = Vec::new();
    for n in 1..=3 {
        let url = format!("http://127.0.0.{n}:9090/api/v1/rules?exclude_alerts=true");
        if demo.http.get(&url).send().await.is_ok() {
            urls.push(url);
        }
    }
    assert_eq!(urls.len(), 2);
    urls
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 100_000.0).round() / 100.0
}
