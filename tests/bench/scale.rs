//! A site of 1,000 and of 10,000 targets with 2,000 rules: what a change costs there.

use super::{demo_replicas as replicas, ms, percentile, print};
use crate::harness::{demo::Demo, nodes, wait::eventually};
use serde_json::{Value, json};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

const GROUPS: usize = 100;
const RULES_A_GROUP: usize = 20;
const CHANGES: usize = 100;
const BATCH: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(120);
/// Longer than it takes until a node gives freed memory back.
const IDLE: Duration = Duration::from_secs(45);

pub async fn scale(n_targets: usize) {
    let demo = Demo::start().await;
    declare(&demo, n_targets).await;
    validate(&demo, n_targets).await;
    rule_changes(&demo, n_targets).await;
    target_changes(&demo, n_targets).await;
    renders(&demo, n_targets).await;
    resident(&demo, n_targets, GROUPS * RULES_A_GROUP).await;
}

async fn resident(demo: &Demo, n_targets: usize, n_rules: usize) {
    tokio::time::sleep(IDLE).await;
    for n in 0..3 {
        let value = nodes::resident(demo.node_pid(n).unwrap());
        print(
            json!({"figure": "resident_bytes", "what": "idle", "node": n, "targets": n_targets, "rules": n_rules, "value": value}),
        );
    }
}

fn group(number: usize, threshold: usize) -> Value {
    let rule = |rule: usize| {
        json!({
            "alert": format!("Bench{number}x{rule}"),
            "expr": format!("node_load1{{job=\"bench\", instance=~\"127.1.{rule}.*\"}} > {threshold}"),
            "for": "5m",
            "labels": {"severity": "warning"},
            "annotations": {"summary": "{{ $labels.instance }} is busy"},
        })
    };
    let rules: Vec<Value> = (0..RULES_A_GROUP).map(rule).collect();
    json!({"kind": "rule-group", "name": format!("bench-{number}"), "spec": {
        "project": "base", "interval": "1m", "rules": rules,
    }})
}

fn target(number: usize, port: u16) -> Value {
    let address = format!("127.1.{}.{}:{port}", number / 250, number % 250 + 1);
    json!({"kind": "target", "name": format!("bench-{number}"), "spec": {
        "job": "bench", "project": "web-shop", "targets": [address],
    }})
}

/// In batches. Nothing listens there: a refused scrape every five minutes is all they cost.
async fn declare(demo: &Demo, n_targets: usize) {
    let job = json!({"kind": "scrape-job", "name": "bench", "spec": {"scrape_interval": "5m", "scrape_timeout": "2s"}});
    apply(demo, &[job], "").await;
    let targets: Vec<Value> = (0..n_targets).map(|number| target(number, 9)).collect();
    let groups: Vec<Value> = (0..GROUPS).map(|number| group(number, 50)).collect();
    let begun = Instant::now();
    for batch in targets.chunks(BATCH) {
        apply(demo, batch, "").await;
    }
    let took = begun.elapsed();
    print(
        json!({"figure": "declare_targets_ms", "targets": n_targets, "batch": BATCH, "value": ms(took)}),
    );
    resident(demo, n_targets, 0).await;
    apply(demo, &groups, "").await;
    for url in replicas(demo).await {
        let url = format!("{url}&rule_group[]=bench-{}", GROUPS - 1);
        eventually("the rules to be live", PATIENCE, || {
            shows(demo, url.clone(), "Bench99x19".into())
        })
        .await;
    }
}

async fn shows(demo: &Demo, url: String, text: String) -> Result<(), String> {
    let answer = demo.ask_at(&url).send().await.map_err(|error| error.to_string())?;
    let body = answer.text().await.map_err(|error| error.to_string())?;
    if body.contains(&text) { Ok(()) } else { Err(body.chars().take(300).collect()) }
}

async fn apply(demo: &Demo, documents: &[Value], query: &str) -> Value {
    let path = format!("/api/v1/apply{query}");
    let (status, answer) = demo.call(0, "POST", &path, Some(json!(documents))).await.unwrap();
    assert!(status < 300, "{status} {answer}");
    answer
}

/// A dry run of one changed group: plan, render for every node, promtool.
async fn validate(demo: &Demo, n_targets: usize) {
    let mut times = Vec::new();
    for number in 0..CHANGES {
        let begun = Instant::now();
        apply(demo, &[group(number % GROUPS, 60)], "?dry_run=true").await;
        times.push(begun.elapsed());
    }
    line("validate_ms", n_targets, &mut times);
}

async fn rule_changes(demo: &Demo, n_targets: usize) {
    let (mut accepted, mut live) = (Vec::new(), Vec::new());
    let urls = replicas(demo).await;
    for number in 0..CHANGES {
        let (at, threshold) = (number % GROUPS, 1_000 + number);
        let begun = Instant::now();
        let document = group(at, threshold);
        let name = format!("bench-{at}");
        let (status, answer) = demo
            .put(number % 3, "rule-groups", &name, "rule-group", document["spec"].clone())
            .await
            .unwrap();
        assert!(status < 300, "{status} {answer}");
        accepted.push(begun.elapsed());
        for url in &urls {
            let url = format!("{url}&rule_group[]={name}");
            let deadline = Instant::now() + PATIENCE;
            while shows(demo, url.clone(), format!(" {threshold}")).await.is_err() {
                assert!(Instant::now() < deadline, "change {number} is not live");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        live.push(begun.elapsed());
    }
    line("rule_change_accepted_ms", n_targets, &mut accepted);
    line("rule_change_live_in_both_prometheus_ms", n_targets, &mut live);
}

async fn target_changes(demo: &Demo, n_targets: usize) {
    let mut times = Vec::new();
    let files: Vec<PathBuf> = (0..3)
        .map(|n| demo.ready.nodes[n].data_dir.join("components/prometheus/targets/bench.json"))
        .filter(|file| file.exists())
        .collect();
    assert_eq!(files.len(), 2, "one list of targets for each Prometheus");
    for number in 0..CHANGES {
        let port = 10_000 + u16::try_from(number).unwrap();
        let document = target(number, port);
        let begun = Instant::now();
        let name = format!("bench-{number}");
        let (status, answer) = demo
            .put(number % 3, "targets", &name, "target", document["spec"].clone())
            .await
            .unwrap();
        assert!(status < 300, "{status} {answer}");
        for file in &files {
            let deadline = Instant::now() + PATIENCE;
            let there = || {
                std::fs::read_to_string(file).is_ok_and(|text| text.contains(&format!(":{port}\"")))
            };
            while !there() {
                assert!(Instant::now() < deadline, "change {number} is not in {}", file.display());
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        times.push(begun.elapsed());
    }
    line("target_change_in_file_ms", n_targets, &mut times);
}

/// From the nodes' own metrics, over everything above.
async fn renders(demo: &Demo, n_targets: usize) {
    for n in 0..3 {
        let (_, text) = demo.call(n, "GET", "/metrics", None).await.unwrap();
        let text = text.as_str().unwrap_or_default().to_owned();
        let read = |name: &str| -> f64 {
            let sample = |line: &str| line.strip_prefix(name)?.strip_prefix("{} ")?.parse().ok();
            text.lines().find_map(sample).unwrap_or_else(|| panic!("no {name} in {text}"))
        };
        let count = read("watchkeep_renders_total");
        let mean = read("watchkeep_render_seconds_total") / count * 1e3;
        let last = read("watchkeep_render_last_seconds") * 1e3;
        print(
            json!({"figure": "render_ms", "node": n, "targets": n_targets, "runs": count, "mean": mean, "last": last}),
        );
    }
}

fn line(figure: &str, n_targets: usize, times: &mut [Duration]) {
    print(json!({
        "figure": figure, "targets": n_targets, "rules": GROUPS * RULES_A_GROUP, "runs": times.len(),
        "p50": ms(percentile(times, 50)), "p99": ms(percentile(times, 99)),
    }));
}
