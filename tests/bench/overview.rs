//! The overview of a site of 1,000 projects with 10,000 targets and 2,000 rules: what a look at it
//! costs, as people look (again and again) and right after something was declared.

use super::{demo_replicas as replicas, ms, percentile, print};
use crate::harness::{demo::Demo, wait::eventually};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PROJECTS: usize = 1_000;
const TARGETS_A_PROJECT: usize = 10;
const LOOKS: usize = 200;
const CHANGES: usize = 30;
const BATCH: usize = 500;
const PATIENCE: Duration = Duration::from_secs(300);

pub async fn overview() {
    let demo = Demo::start().await;
    declare(&demo).await;
    for url in replicas(&demo).await {
        let url = url.replace("/api/v1/rules?", "/api/v1/targets?state=active&");
        eventually("all targets to be known", PATIENCE, || knows_all(&demo, url.clone())).await;
    }
    for (what, limit) in [("overview_page_ms", 50), ("overview_all_ms", PROJECTS)] {
        let mut times = Vec::new();
        for _ in 0..LOOKS {
            times.push(look(&demo, limit).await);
        }
        line(what, &mut times);
    }
    let mut times = Vec::new();
    for number in 0..CHANGES {
        let spec = json!({"title": format!("Changed {number}")});
        let name = format!("bench-{number}");
        let (status, answer) = demo.put(0, "projects", &name, "project", spec).await.unwrap();
        assert!(status < 300, "{status} {answer}");
        times.push(look(&demo, 50).await);
    }
    line("overview_after_a_change_ms", &mut times);
}

/// Nothing listens there: a refused scrape every five minutes is all they cost.
async fn declare(demo: &Demo) {
    let job = json!({"kind": "scrape-job", "name": "bench", "spec": {"scrape_interval": "5m", "scrape_timeout": "2s"}});
    let projects = (0..PROJECTS).map(|number| {
        json!({"kind": "project", "name": format!("bench-{number}"), "spec": {
            "title": format!("Project {number}"), "environment": "production",
        }})
    });
    let targets = (0..PROJECTS * TARGETS_A_PROJECT).map(|number| {
        let address = format!("127.1.{}.{}:9", number / 250, number % 250 + 1);
        json!({"kind": "target", "name": format!("bench-{number}"), "spec": {
            "job": "bench", "project": format!("bench-{}", number % PROJECTS), "targets": [address],
        }})
    });
    let groups = (0..PROJECTS).map(|number| {
        let rule = |name: &str| {
            json!({"alert": format!("{name}{number}"), "expr": "up < 0", "labels": {"severity": "warning"}})
        };
        json!({"kind": "rule-group", "name": format!("bench-{number}"), "spec": {
            "project": format!("bench-{number}"), "interval": "1m", "rules": [rule("One"), rule("Two")],
        }})
    });
    let all: Vec<Value> =
        std::iter::once(job).chain(projects).chain(targets).chain(groups).collect();
    for batch in all.chunks(BATCH) {
        let (status, answer) =
            demo.call(0, "POST", "/api/v1/apply", Some(json!(batch))).await.unwrap();
        assert!(status < 300, "{status} {answer}");
    }
}

async fn knows_all(demo: &Demo, url: String) -> Result<(), String> {
    let answer = demo.ask_at(&url).send().await.map_err(|error| error.to_string())?;
    let body = answer.text().await.map_err(|error| error.to_string())?;
    let known = body.matches(r#""scrapePool":"bench""#).count();
    if known == PROJECTS * TARGETS_A_PROJECT { Ok(()) } else { Err(format!("{known} targets")) }
}

async fn look(demo: &Demo, limit: usize) -> Duration {
    let path = format!("/api/v1/overview?limit={limit}");
    let begun = Instant::now();
    let (status, answer) = demo.call(0, "GET", &path, None).await.unwrap();
    let took = begun.elapsed();
    assert_eq!(status, 200, "{answer}");
    assert!(answer["total"].as_u64().unwrap() >= PROJECTS as u64, "{answer}");
    took
}

fn line(figure: &str, times: &mut [Duration]) {
    print(json!({
        "figure": figure, "projects": PROJECTS, "targets": PROJECTS * TARGETS_A_PROJECT,
        "rules": PROJECTS * 2, "runs": times.len(),
        "p50": ms(percentile(times, 50)), "p99": ms(percentile(times, 99)),
    }));
}
