//! What came and went while no control plane lived: told afterwards, from what Prometheus kept.

use super::{Api, LATER, NET, seconds};
use crate::harness::{
    ask,
    nodes::Nodes,
    wait::{always, eventually},
};
use axum::{Router, routing::get};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpListener;

/// A metric source that says whether somebody is there.
struct Porch {
    address: SocketAddr,
    visitor: Arc<AtomicBool>,
}

impl Porch {
    async fn build() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let visitor = Arc::new(AtomicBool::new(false));
        let there = Arc::clone(&visitor);
        let metrics = move || {
            let there = u8::from(there.load(Ordering::Relaxed));
            async move { format!("visitor_is_there {there}\n") }
        };
        let router = Router::new().route("/metrics", get(metrics));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, visitor }
    }
}

impl Api {
    /// While every control plane is dead an alert is pending, fires and is over: only the two
    /// Prometheus know.
    pub(super) async fn what_came_and_went_unseen_is_read_from_prometheus(
        &self,
        nodes: &mut Nodes,
    ) {
        let porch = Porch::build().await;
        let job = json!({"scrape_interval": "1s", "scrape_timeout": "1s"});
        self.put("scrape-jobs", "scrape-job", "porch", job).await;
        let target =
            json!({"job": "porch", "project": "shop", "targets": [porch.address.to_string()]});
        self.put("targets", "target", "porch", target).await;
        let rules = json!([{"alert": "Visitor", "expr": "visitor_is_there == 1", "for": "4s"}]);
        let group = json!({"project": "shop", "interval": "2s", "rules": rules});
        self.put("rule-groups", "rule-group", "porch", group).await;
        let replicas = eventually("both Prometheus to watch the porch", LATER, || async {
            let replicas = self.replicas(nodes, "visitor_is_there").await;
            if replicas.len() == 2 { Ok(replicas) } else { Err(format!("{replicas:?}")) }
        })
        .await;

        (0..3).for_each(|n| nodes.kill(n));
        porch.visitor.store(true, Ordering::Relaxed);
        self.all_say(nodes, &replicas, r#"ALERTS{alertname="Visitor",alertstate="firing"}"#).await;
        porch.visitor.store(false, Ordering::Relaxed);
        // Over for certain: no evaluation was but late.
        self.all_say(nodes, &replicas, r#"absent_over_time(ALERTS{alertname="Visitor"}[7s])"#)
            .await;
        let back = jiff::Timestamp::now().as_duration().as_secs_f64();
        (0..3).for_each(|n| nodes.start_again(n));

        self.the_history_tells_of("porch", "Visitor", &["pending", "firing", "resolved"]).await;
        let told = self.history("Visitor").await.unwrap();
        assert!(told.iter().all(|item| seconds(&item["at"]) < back), "{told:?}");
        let at = |n: usize| seconds(&told[n]["at"]);
        assert!((3.5..=8.5).contains(&(at(1) - at(0))), "`for` of 4 s: {told:?}");
        always("it to be told once", Duration::from_secs(5), || async {
            let told = self.history("Visitor").await?;
            if told.len() == 3 { Ok(()) } else { Err(format!("{told:?}")) }
        })
        .await;
    }

    /// Addresses of the Prometheus for which `query` has a result.
    async fn replicas(&self, nodes: &Nodes, query: &str) -> Vec<String> {
        let mut found = Vec::new();
        for n in 1..=3 {
            let url = format!("http://{NET}.{n}:9090/api/v1/query");
            let data = nodes.dir().join(format!("n{n}/data"));
            let asked = ask(&self.http, &data, &url);
            let Ok(answer) = asked.query(&[("query", query)]).send().await else {
                continue;
            };
            let answer: Value = answer.json().await.unwrap_or_default();
            if answer["data"]["result"].as_array().is_some_and(|result| !result.is_empty()) {
                found.push(url);
            }
        }
        found
    }

    async fn all_say(&self, nodes: &Nodes, replicas: &[String], query: &str) {
        eventually("every Prometheus to say so", LATER, || async {
            let found = self.replicas(nodes, query).await;
            if found == replicas { Ok(()) } else { Err(format!("{query}: {found:?}")) }
        })
        .await;
    }
}
