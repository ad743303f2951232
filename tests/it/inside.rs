//! What a target can make Prometheus ask for, on a real node with the real programs: nothing of the
//! programs of the cluster itself, whoever declares it, and a project's people do not even get so
//! far.

use crate::harness::{
    ask, bundle,
    node::{Node, PATIENCE, Plan, admin_token},
    wait::eventually,
};
use axum::{Router, response::Redirect, routing::get};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use tempfile::TempDir;
use tokio::net::TcpListener;

const ADDRESS: &str = "127.0.27.1";
/// Prometheus, Alertmanager, and the exporters of the node.
const PORTS: [u16; 4] = [9090, 9093, 9100, 9115];
const CANARY: &str = "bank:canary";

struct Story {
    /// Removed last.
    _dir: TempDir,
    node: Node,
    admin: String,
    /// Of an operator of the project `shop`.
    operator: String,
    /// Of somebody who may look there and write targets.
    targeter: String,
    http: reqwest::Client,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_target_leads_into_the_clusters_own_programs() {
    let story = Story::begin().await;
    story.the_programs_ask_for_the_password_and_work_with_it().await;
    story.a_project_cannot_declare_what_leads_inside().await;
    story.what_an_admin_declares_is_not_let_in().await;
    story.a_job_that_probes_through_the_nodes_own_exporter_works().await;
}

impl Story {
    async fn begin() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut plan = Plan::new(&dir.path().join("n1"), ADDRESS);
        plan.args = vec!["--bundle".into(), bundle().into(), "--allow-unsigned".into()];
        let node = plan.start();
        let admin = admin_token(&[&node]).await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let unset = String::new;
        let mut story = Self { _dir: dir, node, admin, operator: unset(), targeter: unset(), http };
        let rules = json!([{"record": CANARY, "expr": "vector(42)"}]);
        for (path, spec) in [
            (
                "settings/default",
                json!({"prometheus": {"scrape_interval": "1s", "scrape_timeout": "1s"}}),
            ),
            ("departments/retail", json!({})),
            ("projects/shop", json!({"department": "retail"})),
            ("projects/bank", json!({"department": "retail"})),
            ("scrape-jobs/node", json!({})),
            ("roles/targeter", json!({"base": "viewer", "write": ["target"]})),
            ("rule-groups/bank", json!({"project": "bank", "interval": "1s", "rules": rules})),
            // People of a project know the jobs that it has targets in.
            (
                "targets/till",
                json!({"job": "node", "project": "shop", "targets": ["till.invalid:9100"]}),
            ),
            (
                "targets/bank",
                json!({"job": "node", "project": "bank", "targets": ["vault.invalid:9100"]}),
            ),
        ] {
            let answer = story.put(&story.admin, path, spec).await;
            assert!(answer.0 < 300, "{path}: {answer:?}");
        }
        story.operator = story.token("op", "operator").await;
        story.targeter = story.token("tg", "targeter").await;
        story.is_recorded().await;
        story
    }

    async fn token(&self, name: &str, role: &str) -> String {
        let body = json!({"name": name, "role": role, "scope": ["project=\"shop\""]});
        let made = self.node.call(&self.admin, "POST", "/api/v1/tokens", body).await.unwrap();
        assert_eq!(made.0, 201, "{made:?}");
        made.1["token"].as_str().unwrap().to_owned()
    }

    async fn put(&self, token: &str, path: &str, spec: Value) -> (u16, Value) {
        let path = format!("/api/v1/{path}");
        self.node.call(token, "PUT", &path, json!({ "spec": spec })).await.unwrap()
    }

    /// What everybody's Prometheus says.
    async fn query(&self, query: &str) -> Result<Vec<Value>, String> {
        let url = format!("http://{ADDRESS}:9090/api/v1/query");
        let asked = ask(&self.http, &self.node.plan.data(), &url).query(&[("query", query)]);
        let answer = asked.send().await.map_err(|error| error.to_string())?;
        let answer: Value = answer.json().await.map_err(|error| error.to_string())?;
        answer["data"]["result"].as_array().cloned().ok_or_else(|| answer.to_string())
    }

    async fn is_recorded(&self) {
        eventually("the bank's secret to be in Prometheus", PATIENCE, || async {
            let found = self.query(CANARY).await?;
            if found.len() == 1 { Ok(()) } else { Err(format!("{found:?}")) }
        })
        .await;
    }

    async fn the_programs_ask_for_the_password_and_work_with_it(&self) {
        eventually("all of them to be up, seen through the node's door", PATIENCE, || async {
            let up = self.query(r#"up{job="watchkeep"} == 1"#).await?;
            if up.len() == PORTS.len() + 1 { Ok(()) } else { Err(format!("{up:?}")) }
        })
        .await;
        for port in PORTS {
            for path in ["/metrics", "/", "/-/healthy"] {
                let url = format!("http://{ADDRESS}:{port}{path}");
                let refused = self.http.get(&url).send().await.unwrap().status();
                assert_eq!(refused, 401, "{url}");
                let wrong = self.http.get(&url).basic_auth("watchkeep", Some("guess"));
                assert_eq!(wrong.send().await.unwrap().status(), 401, "{url}");
            }
            let url = format!("http://{ADDRESS}:{port}/metrics");
            let good = ask(&self.http, &self.node.plan.data(), &url).send().await.unwrap();
            assert_eq!(good.status(), 200, "{url}");
        }
        let url = format!("http://{ADDRESS}:9090/api/v1/status/config");
        let shown = ask(&self.http, &self.node.plan.data(), &url).send().await.unwrap();
        let shown = shown.text().await.unwrap();
        let file = self.node.plan.data().join(watchkeep::model::process::LOGIN_FILE);
        let password = std::fs::read_to_string(&file).unwrap();
        assert!(password.trim().len() >= 32 && !shown.contains(password.trim()));
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o007, 0, "everybody can read it: {mode:o}");
    }

    async fn a_project_cannot_declare_what_leads_inside(&self) {
        let guess = format!("http://127.0.0.1:9090/api/v1/query?query={CANARY}==42");
        let probe = json!({"__metrics_path__": "/probe", "__param_module": "http_2xx",
                           "__param_target": guess});
        let target = |address: &str, labels: &Value| json!({"job": "node", "project": "shop", "targets": [address], "labels": labels});
        let (none, door) = (json!({}), format!("{ADDRESS}:9115"));
        for token in [&self.operator, &self.targeter] {
            for (spec, code, at) in [
                (target(&door, &probe), "WK-1028", "labels/__metrics_path__"),
                (target("web-1:9100", &probe), "WK-1028", "labels/__metrics_path__"),
                (target(&format!("{ADDRESS}:9090"), &none), "WK-1028", "targets/0"),
                (target("127.0.0.1:9090", &none), "WK-1028", "targets/0"),
                (target("localhost:9090", &none), "WK-1028", "targets/0"),
                (target("[::ffff:127.0.0.1]:9090", &none), "WK-1028", "targets/0"),
                (target("web-1:9100", &json!({"instance": "x"})), "WK-1028", "labels/instance"),
                (target("VAULT.invalid.:9100", &none), "WK-1029", "targets/0"),
            ] {
                let document = json!([{"kind": "target", "name": "x", "spec": spec}]);
                for (method, path, body) in [
                    ("PUT", "targets/x", json!({ "spec": spec })),
                    ("POST", "apply", document.clone()),
                    ("POST", "apply?dry_run=true", document.clone()),
                    ("POST", "apply?partial=true", document.clone()),
                ] {
                    let path = format!("/api/v1/{path}");
                    let (status, said) = self.node.call(token, method, &path, body).await.unwrap();
                    assert_eq!(status, 422, "{path} {spec}: {said}");
                    let first = &said["errors"][0];
                    let wanted = format!("target/x/spec/{at}");
                    assert_eq!((&first["path"], &first["code"]), (&json!(wanted), &json!(code)));
                    assert!(!said.to_string().contains("bank"), "{said}");
                }
            }
            let good = self.put(token, "targets/good", target("web-1.invalid:9100", &none)).await;
            assert!(good.0 < 300, "{good:?}");
        }
    }

    /// Also by way of a host that sends Prometheus on.
    async fn what_an_admin_declares_is_not_let_in(&self) {
        let federate = format!("http://{ADDRESS}:9090/federate?match[]={{__name__!=\"\"}}");
        let router =
            Router::new().route("/metrics", get(move || async move { Redirect::to(&federate) }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sends_on = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let own = PORTS.map(|port| format!("{ADDRESS}:{port}"));
        let probe = json!({"__metrics_path__": "/probe", "__param_module": "http_2xx",
                           "__param_target": format!("http://{ADDRESS}:9090/federate")});
        let answer = self.put(&self.admin, "scrape-jobs/asks", json!({})).await;
        assert!(answer.0 < 300, "{answer:?}");
        for (name, job, addresses, labels) in [
            ("own", "node", own.to_vec(), json!({})),
            ("redirect", "node", vec![sends_on], json!({})),
            ("probe", "asks", vec![format!("{ADDRESS}:9115")], probe),
        ] {
            let spec = json!({"job": job, "project": "shop", "targets": addresses,
                              "labels": labels});
            let answer = self.put(&self.admin, &format!("targets/{name}"), spec).await;
            assert!(answer.0 < 300, "{answer:?}");
        }
        let wanted = PORTS.len() + 2;
        eventually("all of them to be refused", PATIENCE, || async {
            let path = "/api/v1/observed/targets?project=shop&limit=100";
            let (_, page) = self.node.call(&self.operator, "GET", path, Value::Null).await?;
            let refused = |it: &&Value| {
                it["state"] == "down" && it["error"].as_str().is_some_and(|e| e.contains("401"))
            };
            let items = page["items"].as_array().ok_or_else(|| page.to_string())?;
            let n_refused = items.iter().filter(refused).count();
            if n_refused == wanted { Ok(()) } else { Err(page.to_string()) }
        })
        .await;
        let came = self.query(r#"{project="shop",__name__!~"up|scrape_.*"}"#).await.unwrap();
        assert!(came.is_empty(), "{came:?}");
    }

    async fn a_job_that_probes_through_the_nodes_own_exporter_works(&self) {
        let router = Router::new().route("/", get(|| async { "here" }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let relabel = json!([
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": format!("{ADDRESS}:9115")},
        ]);
        let job = json!({"metrics_path": "/probe", "params": {"module": ["http_2xx"]},
                         "relabel_configs": relabel});
        for (path, spec) in [
            ("scrape-jobs/sites", job),
            ("targets/site", json!({"job": "sites", "project": "shop", "targets": [site]})),
        ] {
            let answer = self.put(&self.admin, path, spec).await;
            assert!(answer.0 < 300, "{answer:?}");
        }
        eventually("the site to be probed", PATIENCE, || async {
            let found = self.query(r#"probe_success{job="sites",project="shop"} == 1"#).await?;
            if found.len() == 1 { Ok(()) } else { Err(format!("{found:?}")) }
        })
        .await;
    }
}
