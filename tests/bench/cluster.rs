//! Figures of whole nodes, as JSON lines on standard output: `scripts/bench`. Measures, never
//! judges: budgets are looked at by people, not asserted against a busy machine.

#![allow(clippy::unwrap_used, reason = "a measurement that fails should say so loudly")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the lines are the product")]
#![allow(unreachable_pub, missing_docs, reason = "a program, not a library")]
#![allow(clippy::disallowed_methods, reason = "starts the program under test")]
#![allow(dead_code, reason = "the harness is shared with the tests")]

mod etcd;
mod growth;
#[path = "../it/harness/mod.rs"]
mod harness;
mod keys;
mod notify;
mod overview;
mod reads;
mod scale;
mod writes;

use harness::{
    demo::Demo,
    nodes::{self, Nodes},
};

use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    // `cargo bench` and `cargo test --benches` hand over flags of the libtest harness.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let wanted: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    if let Some(unknown) = wanted.iter().find(|name| !STAGES.contains(&name.as_str())) {
        eprintln!("there is no stage {unknown}; there are {}", STAGES.join(", "));
        std::process::exit(2);
    }
    for stage in STAGES {
        let by_itself = wanted.is_empty() && stage != "growth";
        if by_itself || wanted.iter().any(|name| name == stage) {
            run(stage).await;
        }
    }
}

/// `growth` takes half an hour and runs only when named.
const STAGES: [&str; 10] =
    ["start", "nodes", "demo", "reads", "scale", "scale10", "overview", "keys", "etcd", "growth"];

async fn run(stage: &str) {
    match stage {
        "start" => start_to_serving().await,
        "nodes" => three_nodes().await,
        "demo" => demo().await,
        "scale" => scale::scale(1_000).await,
        "scale10" => scale::scale(10_000).await,
        "reads" => reads::reads().await,
        "overview" => overview::overview().await,
        "keys" => keys::keys().await,
        "growth" => growth::growth().await,
        _ => etcd::beside().await,
    }
}

fn print(line: Value) {
    println!("{line}");
}

async fn start_to_serving() {
    let size = std::fs::metadata(harness::program()).unwrap().len();
    print(json!({"figure": "binary_bytes", "value": size}));
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
    let fsync = writes::fsync_latency(nodes.dir());
    let load = writes::Api::new(&nodes, &token);
    for clients in [1, 16, 64] {
        let mut figure = json!({
            "figure": "durable_writes_per_second", "through": "HTTP API, all three nodes",
            "clients": clients, "fsync_ms": {"p50": fsync.0, "p99": fsync.1},
        });
        writes::rate(&load, clients).await.into(&mut figure);
        print(figure);
    }
    notify::measure(&nodes, &token).await;
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
            while !demo.ask_at(&url).send().await.unwrap().text().await.unwrap().contains(&record) {
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
        if demo.ask(n, &url).send().await.is_ok() {
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
