//! States of alerting rules and their history on real Prometheus: the MySQL that restarts.

mod unseen;

use crate::harness::{
    nodes::Nodes,
    wait::{always, eventually},
};
use axum::{Router, routing::get};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, task::JoinHandle};

const NET: &str = "127.0.7";
const SOON: Duration = Duration::from_secs(30);
const LATER: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mysql_that_restarts_is_pending_then_firing_then_resolved() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut mysql = Mysql::start(Duration::from_secs(1_000)).await;
    let mut nodes = Nodes::start_with_bundle_on_the_first(3, NET);
    let token = nodes.first_write().await;
    let api = Api { token, first: 0, http: nodes.http.clone() };
    api.declare(mysql.address).await;
    api.eventually_observed("both rules to be evaluated with the target up", |rules| {
        rules.iter().all(|rule| rule["health"] == "ok" && rule["state"] == "inactive")
    })
    .await;
    eventually("Prometheus to see MySQL up for long", LATER, || async {
        let query = "/prometheus/api/v1/query?query=mysql_uptime%20%3E%20900";
        let answer = api.get(query).await?;
        let seen = answer["data"]["result"].as_array().is_some_and(|all| all.len() == 1);
        if seen { Ok(()) } else { Err(answer.to_string()) }
    })
    .await;

    mysql.restart().await;
    let walk = api.walk().await;
    assert_eq!(walk.with_for, ["inactive", "pending", "firing", "inactive"]);
    assert_eq!(walk.without_for, ["inactive", "firing", "inactive"]);
    assert!(walk.listed_as_pending, "/alerts never listed it as pending");

    api.the_history_tells("MysqlRestarted", &["pending", "firing", "resolved"]).await;
    api.the_history_tells("MysqlRestartedAtOnce", &["firing", "resolved"]).await;
    let history = api.history("MysqlRestarted").await.unwrap();
    let at = |n: usize| seconds(&history[n]["at"]);
    assert!((9.0..=11.0).contains(&(at(1) - at(0))), "`for` of 10 s: {history:?}");
    let found =
        api.get("/api/v1/alert-history?q=mysql+restartedatonce&state=firing").await.unwrap();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    api.the_fired_counts_and_helpers_know_it().await;
    api.what_came_and_went_unseen_is_read_from_prometheus(&mut nodes).await;
    api.a_killed_leader_loses_and_invents_nothing(&mut nodes).await;
}

/// A metric source that says how long it has been up.
struct Mysql {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Mysql {
    async fn start(age: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, server: serve(listener, age) }
    }

    /// Ends and comes back as a new one on the same port.
    async fn restart(&mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
        let listener = eventually("the port to be free again", SOON, || async {
            TcpListener::bind(self.address).await.map_err(|error| error.to_string())
        })
        .await;
        self.server = serve(listener, Duration::ZERO);
    }
}

fn serve(listener: TcpListener, age: Duration) -> JoinHandle<()> {
    let began = Instant::now();
    let metrics = move || async move {
        let uptime = (age + began.elapsed()).as_secs_f64();
        format!(
            "# HELP mysql_uptime Seconds since start.\n# TYPE mysql_uptime gauge\nmysql_uptime {uptime:.1}\n"
        )
    };
    let router = Router::new().route("/metrics", get(metrics));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
}

/// Everything that was seen from the restart until all is quiet again.
struct Walk {
    with_for: Vec<String>,
    without_for: Vec<String>,
    listed_as_pending: bool,
}

struct Api {
    token: String,
    /// The node that is asked.
    first: usize,
    http: reqwest::Client,
}

impl Api {
    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, String> {
        let url = format!("http://{NET}.{}:8420{path}", self.first + 1);
        let mut request = self.http.request(method.parse().unwrap(), &url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        if !status.is_success() {
            return Err(format!("{method} {path}: {status} {text}"));
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    async fn get(&self, path: &str) -> Result<Value, String> {
        self.call("GET", path, None).await
    }

    async fn put(&self, plural: &str, kind: &str, name: &str, spec: Value) {
        let path = format!("/api/v1/{plural}/{name}");
        let body = json!({"kind": kind, "name": name, "spec": spec});
        eventually("an object to be taken", LATER, || async {
            self.call("PUT", &path, Some(body.clone())).await.map(drop)
        })
        .await;
    }

    async fn declare(&self, mysql: SocketAddr) {
        self.put("projects", "project", "shop", json!({"title": "Shop"})).await;
        let job = json!({"scrape_interval": "5s", "scrape_timeout": "3s"});
        self.put("scrape-jobs", "scrape-job", "mysql", job).await;
        let target = json!({"job": "mysql", "project": "shop", "targets": [mysql.to_string()]});
        self.put("targets", "target", "mysql", target).await;
        let rule = |alert: &str| {
            json!({"alert": alert, "expr": "mysql_uptime < 30",
                   "labels": {"severity": "warning"}, "annotations": {"summary": "restarted"}})
        };
        let mut with_for = rule("MysqlRestarted");
        with_for["for"] = json!("10s");
        let rules = json!([with_for, rule("MysqlRestartedAtOnce")]);
        let group = json!({"project": "shop", "interval": "10s", "rules": rules});
        self.put("rule-groups", "rule-group", "mysql", group).await;
    }

    async fn observed(&self) -> Result<Vec<Value>, String> {
        let page = self.get("/api/v1/observed/rules?group=mysql&sort=name").await?;
        page["items"].as_array().cloned().ok_or_else(|| page.to_string())
    }

    async fn eventually_observed(&self, what: &str, holds: impl Fn(&[Value]) -> bool) {
        eventually(what, LATER, || async {
            let rules = self.observed().await?;
            if rules.len() == 2 && holds(&rules) { Ok(()) } else { Err(format!("{rules:?}")) }
        })
        .await;
    }

    /// Watches from inactive over firing back to inactive.
    async fn walk(&self) -> Walk {
        let (with_for, without_for, listed) = (
            std::cell::RefCell::default(),
            std::cell::RefCell::default(),
            std::cell::Cell::new(false),
        );
        let note = |seen: &std::cell::RefCell<Vec<String>>, rule: &Value| {
            let state = rule["state"].as_str().unwrap_or_default().to_owned();
            // A replica that is asked while it reloads is not what this is about.
            if state != "unknown" && seen.borrow().last() != Some(&state) {
                seen.borrow_mut().push(state);
            }
        };
        eventually("all to be quiet again after the firing", LATER, || async {
            let rules = self.observed().await?;
            note(&with_for, &rules[0]);
            note(&without_for, &rules[1]);
            if with_for.borrow().last().is_some_and(|state| state == "pending") {
                let page = self.get("/api/v1/alerts?state=pending").await?;
                listed.set(listed.get() || page["items"][0]["name"] == "MysqlRestarted");
            }
            let quiet = |seen: &std::cell::RefCell<Vec<String>>| {
                let seen = seen.borrow();
                seen.iter().any(|s| s == "firing") && seen.last().is_some_and(|s| s == "inactive")
            };
            if quiet(&with_for) && quiet(&without_for) { Ok(()) } else { Err(format!("{rules:?}")) }
        })
        .await;
        Walk {
            with_for: with_for.take(),
            without_for: without_for.take(),
            listed_as_pending: listed.get(),
        }
    }

    /// Oldest first.
    async fn history(&self, alert: &str) -> Result<Vec<Value>, String> {
        let page = self.get(&format!("/api/v1/alert-history?alert={alert}")).await?;
        let mut items = page["items"].as_array().cloned().ok_or_else(|| page.to_string())?;
        items.reverse();
        Ok(items)
    }

    async fn the_history_tells(&self, alert: &str, wanted: &[&str]) {
        self.the_history_tells_of("mysql", alert, wanted).await;
    }

    async fn the_history_tells_of(&self, group: &str, alert: &str, wanted: &[&str]) {
        let told = eventually("the history", LATER, || async {
            let told = self.history(alert).await?;
            if told.len() >= wanted.len() { Ok(told) } else { Err(format!("{told:?}")) }
        })
        .await;
        let states: Vec<&str> = told.iter().map(|item| item["state"].as_str().unwrap()).collect();
        assert_eq!(states, wanted, "{told:?}");
        assert!(told.iter().all(|item| item["project"] == "shop" && item["group"] == group));
        assert!(told.windows(2).all(|pair| seconds(&pair[0]["at"]) <= seconds(&pair[1]["at"])));
    }

    async fn the_fired_counts_and_helpers_know_it(&self) {
        let rules = self.observed().await.unwrap();
        assert_eq!((&rules[0]["fired_7d"], &rules[1]["fired_30d"]), (&json!(1), &json!(1)));
        let rule = json!({"project": "shop", "expr": "600 > mysql_uptime", "range": "6h"});
        let preview = self.call("POST", "/api/v1/rules/preview", Some(rule)).await.unwrap();
        assert_eq!(preview["threshold"], json!({"op": "<", "value": 600.0}), "{preview}");
        assert_eq!((&preview["n_series"], &preview["firing_now"]), (&json!(1), &json!(1)));
        assert_eq!(preview["warnings"], json!([]));
        let bad = json!({"expr": "mysql_uptime > on (x) mysql_uptime > 1 and", "range": "6h"});
        let refused = self.call("POST", "/api/v1/rules/preview", Some(bad)).await.unwrap_err();
        assert!(refused.contains("422") && refused.contains("\"expr\""), "{refused}");
        eventually("the metric's type", LATER, || async {
            let page = self.get("/api/v1/rules/metrics?q=mysql_uptime").await?;
            let kind = &page["items"][0]["type"];
            if kind == "gauge" { Ok(()) } else { Err(page.to_string()) }
        })
        .await;
    }

    /// An alert fires all the time while the leader is killed.
    async fn a_killed_leader_loses_and_invents_nothing(&self, nodes: &mut Nodes) {
        let rules = json!([{"alert": "AlwaysOn", "expr": "vector(1)"}]);
        let group = json!({"project": "shop", "interval": "5s", "rules": rules});
        self.put("rule-groups", "rule-group", "always", group).await;
        let told = |alert: &'static str| async move {
            let told = self.history(alert).await?;
            if told.is_empty() { Err("nothing".to_owned()) } else { Ok(()) }
        };
        eventually("it to be in the history", LATER, || told("AlwaysOn")).await;
        let status = self.get("/api/v1/status").await.unwrap();
        let leader = status["cluster"]["leader"].as_str().unwrap();
        let line = status["nodes"].as_array().unwrap().iter().find(|node| node["id"] == leader);
        let address = line.unwrap()["address"].as_str().unwrap().to_owned();
        let killed = (0..3).find(|n| address.contains(&format!("{NET}.{}", n + 1))).unwrap();
        nodes.kill(killed);
        let other =
            Self { token: self.token.clone(), first: (killed + 1) % 3, http: self.http.clone() };
        let rules = json!([{"alert": "AfterTheKill", "expr": "vector(1)"}]);
        let group = json!({"project": "shop", "interval": "5s", "rules": rules});
        other.put("rule-groups", "rule-group", "after", group).await;
        eventually("the new leader to write the history", LATER, || async {
            let told = other.history("AfterTheKill").await?;
            if told.is_empty() { Err("nothing".to_owned()) } else { Ok(()) }
        })
        .await;
        always("exactly one firing of what fired all the time", Duration::from_secs(8), || async {
            let told = other.history("AlwaysOn").await?;
            if told.len() == 1 { Ok(()) } else { Err(format!("{told:?}")) }
        })
        .await;
    }
}

fn seconds(at: &Value) -> f64 {
    let at: jiff::Timestamp = at.as_str().unwrap().parse().unwrap();
    at.as_duration().as_secs_f64()
}
