//! A bundle on one machine is enough for the cluster.

use crate::harness::{ask, nodes::Nodes, wait::eventually};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_on_one_node_serves_all() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let nodes = Nodes::start_with_bundle_on_the_first(3, "127.0.9");
    nodes.first_write().await;
    for n in 1..=3 {
        let url = format!("http://127.0.9.{n}:9093/-/ready");
        let data = nodes.dir().join(format!("n{n}/data"));
        eventually("Alertmanager on every node", Duration::from_secs(120), || async {
            let answer =
                ask(&nodes.http, &data, &url).send().await.map_err(|error| error.to_string())?;
            if answer.status().is_success() { Ok(()) } else { Err(answer.status().to_string()) }
        })
        .await;
    }
}
