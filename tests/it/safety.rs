//! Changes that undo themselves, on three real nodes with real Prometheus.

use crate::harness::{
    demo::Demo,
    wait::{always, eventually},
};
use axum::{Router, routing::get};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

/// The promise: undone on all nodes so long after it is noticed.
const UNDONE_WITHIN: Duration = Duration::from_secs(30);
const SOON: Duration = Duration::from_secs(30);
const LATER: Duration = Duration::from_secs(90);
/// Scrape interval of the demo.
const INTERVAL: f64 = 5.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_that_break_something_undo_themselves() {
    let safety = Site { demo: Demo::start().await };
    safety.twelve_targets_of_one_job_and_four_of_another().await;
    safety.losing_half_of_the_targets_is_undone_on_all_nodes().await;
    safety.the_fault_stays_until_it_is_dismissed().await;
    safety.what_prometheus_refuses_on_one_node_is_undone_on_all().await;
    safety.the_fault_goes_when_the_object_is_changed_again().await;
    safety.targets_taken_out_by_name_stay_out().await;
    safety.no_scrape_of_the_other_job_was_missed().await;
}

struct Site {
    demo: Demo,
}

/// Something to scrape; lives as long as the test.
async fn exporter() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let app = Router::new().route("/metrics", get(|| async { "it_is_there 1\n" }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

impl Site {
    async fn declare(&self, kind: &str, plural: &str, name: &str, spec: Value) {
        let (status, answer) = self.demo.put(0, plural, name, kind, spec).await.unwrap();
        assert!(status < 300, "{kind}/{name}: {status} {answer}");
    }

    async fn twelve_targets_of_one_job_and_four_of_another(&self) {
        for job in ["fleet", "steady"] {
            self.declare("scrape-job", "scrape-jobs", job, json!({})).await;
        }
        for (name, job, half, n) in [
            ("fleet-a", "fleet", "a", 6),
            ("fleet-b", "fleet", "b", 6),
            ("steady", "steady", "a", 4),
        ] {
            let mut targets = Vec::new();
            for _ in 0..n {
                targets.push(exporter().await);
            }
            let spec = json!({
                "job": job, "project": "base", "targets": targets, "labels": {"half": half}
            });
            self.declare("target", "targets", name, spec).await;
        }
        self.up("fleet", 12, LATER).await;
        self.up("steady", 4, LATER).await;
        self.have_a_past("fleet", "12").await;
    }

    /// What was up "just before" a change begins a few seconds before it.
    async fn have_a_past(&self, job: &str, wanted: &str) {
        let query = format!("api/v1/query?query=count(up%7Bjob%3D%22{job}%22%7D%20offset%206s)");
        eventually("targets that have been up for a while", LATER, || async {
            for n in 1..=3 {
                let Some(answer) = self.prometheus(n, &query).await else { continue };
                if answer["data"]["result"][0]["value"][1] != wanted {
                    return Err(answer.to_string());
                }
            }
            Ok(())
        })
        .await;
    }

    /// Both Prometheus have so many healthy targets of a job.
    async fn up(&self, job: &str, wanted: usize, limit: Duration) {
        eventually("healthy targets on both Prometheus", limit, || async {
            let found = self.healthy(job).await;
            let all = found.len() == 2 && found.values().all(|n| *n == wanted);
            if all { Ok(()) } else { Err(format!("{job}: {found:?}, not {wanted}")) }
        })
        .await;
    }

    /// Healthy targets in the target list of each Prometheus, by node.
    async fn healthy(&self, job: &str) -> BTreeMap<usize, usize> {
        let mut found = BTreeMap::new();
        for n in 1..=3 {
            let path = format!("api/v1/targets?state=active&scrapePool={job}");
            let Some(answer) = self.prometheus(n, &path).await else { continue };
            let targets = answer["data"]["activeTargets"].as_array().unwrap().clone();
            found.insert(n, targets.iter().filter(|target| target["health"] == "up").count());
        }
        found
    }

    /// What the Prometheus on node `n` (from 1) answers; `None` = it has none.
    async fn prometheus(&self, n: usize, path: &str) -> Option<Value> {
        let url = format!("http://127.0.0.{n}:9090/{path}");
        self.demo.ask(n, &url).send().await.ok()?.json().await.ok()
    }

    /// Waits until a job is declared as before on every node and in every Prometheus.
    async fn undone(&self, job: &str, trace: &str) {
        let begun = Instant::now();
        eventually("the change to be undone on all nodes", UNDONE_WITHIN, || async {
            for n in 0..3 {
                let path = format!("/api/v1/scrape-jobs/{job}");
                let spec = self.demo.get(n, &path).await?["spec"].clone();
                if spec != json!({}) {
                    return Err(format!("node {n} has {spec}"));
                }
                let Some(config) = self.prometheus(n + 1, "api/v1/status/config").await else {
                    continue;
                };
                if config.to_string().contains(trace) {
                    return Err(format!("the Prometheus of node {n} has it"));
                }
            }
            Ok(())
        })
        .await;
        println!("undone on all nodes within {:?} of being noticed", begun.elapsed());
        let history =
            self.demo.get(1, &format!("/api/v1/history?kind=scrape-job&name={job}")).await.unwrap();
        assert_eq!(history["items"][0]["actor"], "watchkeep", "{history}");
        assert_eq!(history["items"][1]["actor"], "token/demo", "undone once: {history}");
    }

    async fn why(&self, job: &str) -> String {
        let path = format!("/api/v1/history?kind=scrape-job&name={job}&by=watchkeep&limit=1");
        let history = self.demo.get(2, &path).await.unwrap();
        history["items"][0]["why"].as_str().unwrap_or_default().to_owned()
    }

    async fn losing_half_of_the_targets_is_undone_on_all_nodes(&self) {
        let drop_half = json!({"relabel_configs":
            [{"source_labels": ["half"], "regex": "b", "action": "drop"}]});
        self.declare("scrape-job", "scrape-jobs", "fleet", drop_half).await;
        eventually("half of the targets to vanish", SOON, || async {
            let found = self.healthy("fleet").await;
            if found.values().any(|n| *n <= 6) { Ok(()) } else { Err(format!("{found:?}")) }
        })
        .await;
        self.undone("fleet", "action: drop").await;
        self.up("fleet", 12, SOON).await;
        let why = self.why("fleet").await;
        assert!(why.contains("6 of 12 healthy targets of fleet fell"), "{why}");
    }

    async fn faults(&self, n: usize) -> Result<Vec<Value>, String> {
        let status = self.demo.get(n, "/api/v1/status").await?;
        let faults = status["faults"].as_array().ok_or("no faults")?.clone();
        Ok(faults.into_iter().filter(|fault| fault["code"] == "WK-3018").collect())
    }

    async fn the_fault_stays_until_it_is_dismissed(&self) {
        for n in 0..3 {
            let faults = self.faults(n).await.unwrap();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert_eq!(faults[0]["object"], "scrape-job/fleet");
            assert!(faults[0]["message"].as_str().unwrap().contains("undone on all nodes"));
        }
        let object = json!({"object": "scrape-job/fleet"});
        let path = "/api/v1/faults/WK-3018/dismiss";
        let (status, _) = self.demo.call(1, "POST", path, Some(object.clone())).await.unwrap();
        assert_eq!(status, 204);
        assert_eq!(self.faults(1).await.unwrap(), Vec::<Value>::new());
        let (status, _) = self.demo.call(1, "POST", path, Some(object)).await.unwrap();
        assert_eq!(status, 404);
    }

    /// A CA file that exists on one of the two nodes only. promtool does not look at it.
    async fn what_prometheus_refuses_on_one_node_is_undone_on_all(&self) {
        let mut homes = Vec::new();
        for n in 1..=3 {
            if self.prometheus(n, "api/v1/status/config").await.is_some() {
                homes.push(self.demo.ready.nodes[n - 1].data_dir.join("components/prometheus"));
            }
        }
        assert_eq!(homes.len(), 2);
        // Beside the folder `config`, which the path is relative to.
        fs::copy(
            self.demo.ready.nodes[0].data_dir.join("components/tls/ca.pem"),
            homes[0].join("shop-ca.pem"),
        )
        .unwrap();
        let spec = json!({"tls_config": {"ca_file": "../shop-ca.pem"}});
        self.declare("scrape-job", "scrape-jobs", "fleet", spec).await;
        self.undone("fleet", "shop-ca.pem").await;
        let why = self.why("fleet").await;
        assert!(why.contains("prometheus on 127.0.0.") && why.contains("shop-ca.pem"), "{why}");
        self.up("fleet", 12, SOON).await;
        eventually("the refusal to be over", SOON, || async {
            let status = self.demo.get(0, "/api/v1/status").await?;
            let faults = status["faults"].as_array().ok_or("no faults")?;
            let refused = faults.iter().find(|fault| fault["code"] == "WK-3012");
            refused.map_or(Ok(()), |fault| Err(fault.to_string()))
        })
        .await;
    }

    async fn the_fault_goes_when_the_object_is_changed_again(&self) {
        assert_eq!(self.faults(0).await.unwrap().len(), 1);
        let fine = json!({"scrape_timeout": "3s"});
        self.declare("scrape-job", "scrape-jobs", "fleet", fine).await;
        eventually("the fault to go", SOON, || async {
            let faults = self.faults(0).await?;
            if faults.is_empty() { Ok(()) } else { Err(format!("{faults:?}")) }
        })
        .await;
    }

    async fn targets_taken_out_by_name_stay_out(&self) {
        let (status, answer) =
            self.demo.call(0, "DELETE", "/api/v1/targets/fleet-b", None).await.unwrap();
        assert!(status < 300, "{status} {answer}");
        // A revision of the same job while the first is still watched: six targets are gone since
        // before it, and none of them is its doing.
        let other = json!({"scrape_timeout": "4s"});
        self.declare("scrape-job", "scrape-jobs", "fleet", other.clone()).await;
        self.up("fleet", 6, SOON).await;
        always("nothing is undone", Duration::from_secs(8), || async {
            let (status, _) = self.demo.call(0, "GET", "/api/v1/targets/fleet-b", None).await?;
            let job = self.demo.get(0, "/api/v1/scrape-jobs/fleet").await?;
            match (status, job["spec"] == other) {
                (404, true) => Ok(()),
                (404, false) => Err(format!("the job was undone: {job}")),
                _ => Err("the target is back".into()),
            }
        })
        .await;
    }

    /// Samples of the other job stand close together on both Prometheus all the time.
    async fn no_scrape_of_the_other_job_was_missed(&self) {
        let mut n_series = 0;
        for n in 1..=3 {
            let query = "api/v1/query?query=up%7Bjob%3D%22steady%22%7D%5B10m%5D";
            let Some(answer) = self.prometheus(n, query).await else { continue };
            for series in answer["data"]["result"].as_array().unwrap() {
                let values = series["values"].as_array().unwrap();
                assert!(values.iter().all(|value| value[1] == "1"), "{series}");
                let times: Vec<f64> = values.iter().map(|it| it[0].as_f64().unwrap()).collect();
                assert!(times.len() > 5, "{series}");
                let widest = times.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
                assert!(widest < INTERVAL * 1.5, "a gap of {widest} s: {series}");
                n_series += 1;
            }
        }
        assert_eq!(n_series, 8);
    }
}
