//! Three real nodes with real Prometheus, Alertmanager and exporters: what the product promises,
//! shown on one running demo, in order.

use crate::harness::{
    demo::{Demo, kill},
    wait::{always, eventually},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

const SOON: Duration = Duration::from_secs(30);
const LATER: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_keep_the_promises() {
    let demo = Demo::start().await;
    let promises = Promises { demo };
    promises.both_prometheus_scrape_both_hosts_with_project_labels().await;
    promises.one_alert_reaches_the_inbox_exactly_once().await;
    promises.who_would_be_told_is_who_was_told().await;
    promises.any_node_answers_the_query_entry().await;
    promises.a_rule_with_a_syntax_error_is_refused_with_its_position().await;
    promises.changes_undo_themselves(false).await;
    promises.what_only_prometheus_refuses_is_rolled_back_and_shown().await;
    promises.changes_undo_themselves(true).await;
    promises.a_killed_control_plane_leaves_its_programs_and_finds_them_again().await;
    promises.no_acknowledged_write_is_lost_while_nodes_are_killed().await;
    promises.demo.stop_and_leave_nothing_behind();
}

struct Promises {
    demo: Demo,
}

impl Promises {
    async fn both_prometheus_scrape_both_hosts_with_project_labels(&self) {
        let replicas = self.demo.components(0, "prometheus").await.unwrap();
        assert_eq!(replicas.len(), 2, "{replicas:?}");
        let mut n_answering = 0;
        for n in 1..=3 {
            let url =
                format!("http://127.0.0.{n}:9090/api/v1/query?query=up%7Bjob%3D%22node%22%7D");
            let Ok(answer) = self.demo.ask(n, &url).send().await else { continue };
            let answer: Value = answer.json().await.unwrap();
            let series = answer["data"]["result"].as_array().unwrap();
            let seen: BTreeSet<(&str, &str, &str)> = series
                .iter()
                .map(|series| {
                    assert_eq!(series["value"][1], "1", "{series}");
                    let metric = &series["metric"];
                    let text = |label: &str| metric[label].as_str().unwrap_or("-");
                    (text("project"), text("department"), text("owner"))
                })
                .collect();
            let wanted = [("payments", "retail", "sam-ortiz"), ("web-shop", "retail", "li-na")];
            assert_eq!(seen, BTreeSet::from(wanted));
            n_answering += 1;
        }
        assert_eq!(n_answering, 2);
    }

    async fn one_alert_reaches_the_inbox_exactly_once(&self) {
        eventually("the ready file to say that the inbox is ready", LATER, || async {
            if self.demo.ready_now().inbox_ready { Ok(()) } else { Err("not yet".into()) }
        })
        .await;
        eventually("all three Alertmanagers to know the alert", LATER, || async {
            for n in 1..=3 {
                let url = format!(
                    "http://127.0.0.{n}:9093/api/v2/alerts?filter=alertname%3D%22DemoHostIsUp%22"
                );
                let alerts: Value = self
                    .demo
                    .ask(n, &url)
                    .send()
                    .await
                    .map_err(|e| e.to_string())?
                    .json()
                    .await
                    .map_err(|e| e.to_string())?;
                if alerts.as_array().is_none_or(|alerts| alerts.len() != 1) {
                    return Err(format!("Alertmanager {n}: {alerts}"));
                }
            }
            Ok(())
        })
        .await;
        // Longer than two group intervals of the demo and all turns of the three Alertmanagers.
        always("exactly one notification of the firing alert", Duration::from_secs(35), || async {
            let about: Vec<Value> = self.notifications("DemoHostIsUp").await;
            if about.len() == 1 {
                Ok(())
            } else {
                Err(format!("{} messages: {about:?}", about.len()))
            }
        })
        .await;
        let receipts = self.demo.get(1, "/api/v1/receipts").await.unwrap();
        let receipts = receipts["items"].as_array().unwrap();
        assert!(
            receipts.iter().any(|receipt| receipt.to_string().contains("delivered")),
            "{receipts:?}"
        );
    }

    async fn who_would_be_told_is_who_was_told(&self) {
        let labels =
            json!({"alertname": "DemoHostIsUp", "project": "web-shop", "severity": "info"});
        let question = json!({ "labels": labels });
        let explain = "/api/v1/routes/explain";
        let (status, answer) = self.demo.call(2, "POST", explain, Some(question)).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["words"], "policy Retail → receiver team-retail");
        let receipts = self.demo.get(0, "/api/v1/receipts").await.unwrap();
        let receivers: BTreeSet<&str> = receipts["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|receipt| receipt.to_string().contains("DemoHostIsUp"))
            .filter_map(|receipt| receipt["receiver"].as_str())
            .collect();
        assert_eq!(receivers, BTreeSet::from(["team-retail"]), "{receipts}");
    }

    async fn notifications(&self, alertname: &str) -> Vec<Value> {
        let all = self.demo.inbox().await;
        all.into_iter().filter(|message| message["body"].to_string().contains(alertname)).collect()
    }

    async fn any_node_answers_the_query_entry(&self) {
        for n in 0..3 {
            let answer =
                self.demo.get(n, "/prometheus/api/v1/query?query=count(up)").await.unwrap();
            assert_eq!(answer["status"], "success", "{answer}");
        }
    }

    async fn a_rule_with_a_syntax_error_is_refused_with_its_position(&self) {
        let spec = json!({"project": "web-shop", "rules": [{"alert": "Broken", "expr": "sum by (x (up)"}]});
        let (status, problem) =
            self.demo.put(1, "rule-groups", "broken", "rule-group", spec).await.unwrap();
        assert_eq!(status, 422, "{problem}");
        let error = &problem["errors"][0];
        assert!(error["path"].as_str().unwrap().contains("rules/0/expr"), "{problem}");
        assert!(error["message"].as_str().unwrap().contains(':'), "{problem}");
        assert_eq!(problem["code"].as_str().unwrap().split('-').next(), Some("WK"), "{problem}");
        let (status, _) =
            self.demo.call(1, "GET", "/api/v1/rule-groups/broken", None).await.unwrap();
        assert_eq!(status, 404);
    }

    /// How changes that undo themselves come out is shown in `safety.rs`.
    async fn changes_undo_themselves(&self, undo: bool) {
        let mut settings = self.demo.get(0, "/api/v1/settings/default").await.unwrap();
        settings["spec"]["safety"]["undo"] = json!(undo);
        let spec = settings["spec"].clone();
        let (status, answer) =
            self.demo.put(0, "settings", "default", "settings", spec).await.unwrap();
        assert!(status < 300, "{status} {answer}");
    }

    /// promtool only looks whether a CA file exists; Prometheus reads it when it applies it to a
    /// scrape pool that it has.
    async fn what_only_prometheus_refuses_is_rolled_back_and_shown(&self) {
        let bad_ca = self.demo.ready.nodes[0].data_dir.parent().unwrap().join("watchkeep.toml");
        let spec = json!({"tls_config": {"ca_file": bad_ca}});
        let (status, answer) =
            self.demo.put(0, "scrape-jobs", "node", "scrape-job", spec).await.unwrap();
        assert!(status < 300, "{status} {answer}");
        let faults = eventually("the refusal to be shown as a fault", SOON, || async {
            let status = self.demo.get(2, "/api/v1/status").await?;
            let faults: Vec<Value> = status["faults"].as_array().ok_or("no faults")?.clone();
            let refused = |fault: &&Value| fault["code"] == "WK-3012";
            if faults.iter().filter(refused).count() >= 2 {
                Ok(faults)
            } else {
                Err(format!("{faults:?}"))
            }
        })
        .await;
        let message = faults[0]["message"].as_str().unwrap();
        assert!(message.contains("last good") && message.contains("CA cert"), "{message}");
        for n in 1..=3 {
            let url = format!("http://127.0.0.{n}:9090/api/v1/status/config");
            let Ok(answer) = self.demo.ask(n, &url).send().await else { continue };
            let config: Value = answer.json().await.unwrap();
            let config = config.to_string();
            assert!(!config.contains("watchkeep.toml"), "the refused config is still active");
        }
        let metrics = eventually("the metric to say so", SOON, || async {
            for n in 0..3 {
                let (_, text) = self.demo.call(n, "GET", "/metrics", None).await?;
                let text = text.as_str().unwrap_or_default().to_owned();
                if text
                    .contains("watchkeep_config_last_apply_successful{component=\"prometheus\"} 0")
                {
                    return Ok(text);
                }
            }
            Err("1 everywhere".into())
        })
        .await;
        assert!(metrics.contains("watchkeep_process_up{process=\"prometheus\"} 1"), "{metrics}");
        let (status, answer) =
            self.demo.put(1, "scrape-jobs", "node", "scrape-job", json!({})).await.unwrap();
        assert!(status < 300, "{status} {answer}");
        eventually("the fault to go with its cause", SOON, || async {
            let status = self.demo.get(2, "/api/v1/status").await?;
            let faults = status["faults"].as_array().ok_or("no faults")?.clone();
            if faults.iter().any(|fault| fault["code"] == "WK-3012") {
                Err(format!("{faults:?}"))
            } else {
                Ok(())
            }
        })
        .await;
    }

    async fn a_killed_control_plane_leaves_its_programs_and_finds_them_again(&self) {
        let n = self.prometheus_node().await;
        let before = self.demo.processes(n, "prometheus");
        let alertmanagers = self.demo.processes(n, "alertmanager");
        assert!(!before.is_empty() && !alertmanagers.is_empty());
        self.kill_and_await_return(n).await;
        eventually("the same processes to be supervised again", LATER, || async {
            let other = (n + 1) % 3;
            let status = self.demo.get(other, "/api/v1/status").await?;
            let components = status["components"].as_array().ok_or("no components")?;
            let pids: BTreeSet<u64> = components.iter().filter_map(|c| c["pid"].as_u64()).collect();
            let all_there =
                before.iter().chain(&alertmanagers).all(|pid| pids.contains(&u64::from(*pid)));
            if all_there { Ok(()) } else { Err(format!("{components:?}")) }
        })
        .await;
        assert_eq!(self.demo.processes(n, "prometheus"), before);
        assert_eq!(self.demo.processes(n, "alertmanager"), alertmanagers);
    }

    async fn prometheus_node(&self) -> usize {
        (0..3).find(|n| !self.demo.processes(*n, "prometheus").is_empty()).unwrap()
    }

    async fn kill_and_await_return(&self, n: usize) {
        let pid = eventually("a process id", SOON, || async {
            self.demo.node_pid(n).ok_or_else(|| "none".into())
        })
        .await;
        kill(pid);
        eventually("the node to be back", LATER, || async {
            match self.demo.node_pid(n) {
                Some(now) if now != pid => self.demo.get(n, "/api/v1/status").await.map(|_| ()),
                _ => Err("still the old one or none".into()),
            }
        })
        .await;
    }

    async fn no_acknowledged_write_is_lost_while_nodes_are_killed(&self) {
        let acknowledged: Arc<Mutex<Vec<String>>> = Arc::default();
        let stop = AtomicBool::new(false);
        let n_refused = AtomicU64::new(0);
        let writing = async {
            let mut number = 0;
            while !stop.load(Ordering::SeqCst) {
                number += 1;
                let name = format!("written-{number}");
                let spec = json!({"title": name});
                // Whatever node answers; what is not acknowledged may or may not be there.
                match self.demo.put(number % 3, "departments", &name, "department", spec).await {
                    Ok((200..=299, _)) => acknowledged.lock().unwrap().push(name),
                    _ => {
                        n_refused.fetch_add(1, Ordering::SeqCst);
                    }
                }
            }
        };
        let killing = async {
            for n in 0..3 {
                self.kill_and_await_return(n).await;
                self.an_alert_arrives(n).await;
            }
            // Once more with all its children.
            let pid = self.demo.node_pid(0).unwrap();
            let children = ["prometheus", "alertmanager", "exporter"]
                .map(|p| self.demo.processes(0, p))
                .concat();
            kill(pid);
            children.into_iter().for_each(kill);
            self.an_alert_arrives(3).await;
            eventually("the node to be back with its programs", LATER, || async {
                self.demo.get(0, "/api/v1/status").await?;
                if self.demo.processes(0, "alertmanager").len() == 1 {
                    Ok(())
                } else {
                    Err("no".into())
                }
            })
            .await;
            stop.store(true, Ordering::SeqCst);
        };
        tokio::join!(writing, killing);
        let acknowledged = acknowledged.lock().unwrap().clone();
        let n_refused = n_refused.load(Ordering::SeqCst);
        println!("{} writes acknowledged, {n_refused} not, four kills", acknowledged.len());
        assert!(acknowledged.len() > 50, "only {} writes were acknowledged", acknowledged.len());
        for n in 0..3 {
            eventually("every acknowledged write on every node", LATER, || async {
                let there = self.departments(n).await?;
                let lost: Vec<_> =
                    acknowledged.iter().filter(|name| !there.contains(*name)).collect();
                if lost.is_empty() { Ok(()) } else { Err(format!("node {n} lacks {lost:?}")) }
            })
            .await;
        }
    }

    async fn departments(&self, n: usize) -> Result<BTreeSet<String>, String> {
        let mut names = BTreeSet::new();
        let mut offset = 0;
        loop {
            let page =
                self.demo.get(n, &format!("/api/v1/departments?limit=500&offset={offset}")).await?;
            let items = page["items"].as_array().ok_or("no items")?;
            names.extend(
                items.iter().filter_map(|item| item["name"].as_str().map(ToOwned::to_owned)),
            );
            offset += items.len();
            if items.is_empty() || offset as u64 >= page["total"].as_u64().unwrap_or(0) {
                return Ok(names);
            }
        }
    }

    /// A new rule fires and its notification arrives.
    async fn an_alert_arrives(&self, number: usize) {
        let alert = format!("Arrives{number}");
        let spec = json!({"project": "web-shop", "rules": [{"alert": alert, "expr": "vector(1)"}]});
        eventually("the rule to be accepted", LATER, || async {
            let answer = self
                .demo
                .put(
                    (number + 1) % 3,
                    "rule-groups",
                    &alert.to_lowercase(),
                    "rule-group",
                    spec.clone(),
                )
                .await?;
            if answer.0 < 300 { Ok(()) } else { Err(answer.1.to_string()) }
        })
        .await;
        eventually("its notification", LATER, || async {
            if self.notifications(&alert).await.is_empty() { Err(alert.clone()) } else { Ok(()) }
        })
        .await;
    }
}
