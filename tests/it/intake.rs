//! Large webhooks at the loopback door of a real node.

use crate::harness::{
    node::{PATIENCE, Plan, admin_token},
    wait::eventually,
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::{fs, io::Write as _, os::unix::fs::PermissionsExt as _, time::Duration};

/// Alertmanager's webhook with so many alerts, about a kilobyte each.
fn webhook(n_alerts: usize) -> Vec<u8> {
    let alerts: Vec<Value> = (0..n_alerts)
        .map(|n| {
            json!({
                "status": "firing",
                "labels": {"alertname": "Flood", "instance": format!("host-{n}")},
                "annotations": {"description": "x".repeat(800)},
                "startsAt": "2026-01-01T00:00:00Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus/graph",
                "fingerprint": format!("{n:016x}"),
            })
        })
        .collect();
    let body = json!({"version": "4", "groupKey": "{}:{}", "status": "firing", "receiver": "ops",
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "",
        "truncatedAlerts": 0, "alerts": alerts});
    serde_json::to_vec(&body).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_megabytes_are_taken_and_what_is_over_the_limit_is_not_lost_in_silence() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let node = Plan::new(&dir.path().join("n1"), "127.0.24.1").start();
    let token = admin_token(&[&node]).await;
    let secret = fs::read_to_string(node.plan.data().join("components/local.token")).unwrap();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60));
    let client = client.build().unwrap();
    let post = |encoding: &'static str, body: Vec<u8>| {
        let request = client
            .post("http://127.0.24.1:8423/notify/ops")
            .bearer_auth(secret.trim())
            .header("User-Agent", "Alertmanager/0.33")
            .header("Content-Encoding", encoding)
            .body(body);
        async { request.send().await.unwrap().status().as_u16() }
    };
    let twenty = webhook(20_000);
    assert!(twenty.len() > 20_000_000, "{}", twenty.len());
    assert_eq!(post("identity", twenty.clone()).await, 200);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&twenty).unwrap();
    assert_eq!(post("gzip", gzip.finish().unwrap()).await, 200);

    let too_large = vec![b' '; (64 << 20) + 1];
    assert_eq!(post("identity", too_large).await, 413);
    let fault = eventually("the loss to be shown", PATIENCE, || async {
        let faults = node.faults(&token, "WK-3019").await?;
        faults.first().cloned().ok_or_else(|| "no fault".to_owned())
    })
    .await;
    assert_eq!(fault["object"], "receiver/ops");
    assert!(fault["message"].as_str().unwrap().contains("Alertmanager/0.33"), "{fault}");
    let (_, metrics) = node.call(&token, "GET", "/metrics", Value::Null).await.unwrap();
    let line = "watchkeep_notify_webhooks_total{answer=\"too_large\"} 1";
    assert!(metrics.as_str().unwrap().contains(line), "{metrics}");
    assert!(node.plan.log().contains("webhook not accepted"));
}
