//! The alert path: how many notifications are taken durably, and how long one is on its way from
//! webhook to channel while nothing else happens.

use super::{harness::nodes::Nodes, ms, percentile, print};
use axum::{Json, Router, extract::State, routing::post};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};
use tokio::sync::mpsc;

/// Webhooks while nothing else happens.
const IDLE: u64 = 200;

pub async fn measure(nodes: &Nodes, token: &str) {
    let (address, mut arrived) = sink().await;
    declare(nodes, token, address).await;
    idle(nodes, token, &mut arrived).await;
    // What the load leaves behind is of no interest.
    tokio::spawn(async move { while arrived.recv().await.is_some() {} });
    for clients in [16, 64] {
        accepted(nodes, token, clients).await;
    }
}

/// A channel's other side; tells the names of alerts as they come.
pub async fn sink() -> (std::net::SocketAddr, mpsc::UnboundedReceiver<String>) {
    async fn take(State(names): State<mpsc::UnboundedSender<String>>, Json(message): Json<Value>) {
        for alert in message["data"]["alerts"].as_array().into_iter().flatten() {
            let _ = names.send(alert["labels"]["alertname"].as_str().unwrap().to_owned());
        }
    }
    let (names, arrived) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", post(take)).with_state(names);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, arrived)
}

pub async fn declare(nodes: &Nodes, token: &str, address: std::net::SocketAddr) {
    let allow = json!({"outgoing": {"allow": [address.to_string()]}});
    let channel = json!({"type": "webhook", "url": format!("http://{address}/")});
    for (path, spec) in [
        ("settings/default", allow),
        ("channels/bench", channel),
        ("receivers/bench", json!({"channels": ["bench"]})),
    ] {
        let request = nodes.http.put(format!("{}/api/v1/{path}", nodes.url(0)));
        let answer =
            request.bearer_auth(token).json(&json!({ "spec": spec })).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }
}

/// Takes one new alert; returns once it is durable.
async fn notify(nodes: &Nodes, token: &str, n: usize, name: &str) {
    tell(nodes, token, n, name, "firing").await;
}

/// Takes an alert that is `firing` or `resolved`; returns once it is durable.
pub async fn tell(nodes: &Nodes, token: &str, n: usize, name: &str, status: &str) {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let now = jiff::Timestamp::from_second(i64::try_from(now.as_secs()).unwrap()).unwrap();
    let alert = json!({
        "status": status, "labels": {"alertname": name, "severity": "critical"},
        "annotations": {"summary": "x".repeat(200)}, "startsAt": now.to_string(),
        "endsAt": if status == "firing" { "0001-01-01T00:00:00Z".to_owned() } else { now.to_string() },
        "generatorURL": "",
    });
    let body = json!({"version": "4", "groupKey": name, "receiver": "bench", "status": status,
                      "groupLabels": {}, "truncatedAlerts": 0, "alerts": [alert]});
    let url = format!("{}/api/v1/notify/bench", nodes.url(n));
    let answer = nodes.http.post(url).bearer_auth(token).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

async fn idle(nodes: &Nodes, token: &str, arrived: &mut mpsc::UnboundedReceiver<String>) {
    let mut times = Vec::new();
    for number in 0..IDLE {
        let name = format!("Idle{number}");
        let started = Instant::now();
        notify(nodes, token, usize::try_from(number % 3).unwrap(), &name).await;
        while arrived.recv().await.unwrap() != name {}
        times.push(started.elapsed());
    }
    print(
        json!({"figure": "webhook_to_channel_idle_ms", "nodes": 3, "runs": IDLE, "p50": ms(percentile(&mut times, 50)), "p99": ms(percentile(&mut times, 99))}),
    );
}

async fn accepted(nodes: &Nodes, token: &str, clients: u64) {
    let span = Duration::from_secs(8);
    let number = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let one = async |client: u64| {
        let mut times = Vec::new();
        while started.elapsed() < span {
            let name = format!("Load{clients}x{}", number.fetch_add(1, Ordering::Relaxed));
            let begun = Instant::now();
            notify(nodes, token, usize::try_from(client % 3).unwrap(), &name).await;
            times.push(begun.elapsed());
        }
        times
    };
    let all = futures_util::future::join_all((0..clients).map(one)).await;
    let mut times: Vec<Duration> = all.into_iter().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    print(json!({
        "figure": "notifications_accepted_per_second", "nodes": 3, "clients": clients, "value": rate.round(),
        "latency_ms": {"p50": ms(percentile(&mut times, 50)), "p99": ms(percentile(&mut times, 99))},
    }));
}
