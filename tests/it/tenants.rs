//! Two projects on a real cluster: whoever is confined to one sees nothing of the other, through
//! the interface and through the programs behind it.

mod hidden;
mod http;
mod tables;
mod wire;

use crate::harness::{demo::Demo, wait::eventually};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

const SOON: Duration = Duration::from_secs(60);
const OWN: &str = "web-shop";
/// What marks the other one: its name, and the address and host of its target.
const OTHERS: [&str; 3] = ["payments", "127.0.0.12", "sample-2"];

struct Developer {
    demo: Demo,
    token: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_developer_of_one_project_sees_that_project_and_nothing_of_another() {
    let demo = Demo::start().await;
    let new = json!({
        "name": "shop-dev", "role": "developer", "scope": [format!("project=\"{OWN}\"")]
    });
    let (status, made) = demo.call(0, "POST", "/api/v1/tokens", Some(new)).await.unwrap();
    assert_eq!(status, 201, "{made}");
    let developer = Developer { demo, token: made["token"].as_str().unwrap().to_owned() };
    developer.asks_every_program_and_finds_only_its_own().await;
    developer.gets_no_further_by_other_ways().await;
    developer.plays_tricks_with_http().await;
    developer.reads_the_interface_and_finds_only_its_own().await;
    developer.has_its_rules_confined().await;
}

impl Developer {
    async fn ask(&self, n: usize, method: &str, path: &str, form: Option<&str>) -> (u16, String) {
        let url = format!("{}{path}", self.demo.ready.nodes[n].url);
        let mut request = self.demo.http.request(method.parse().unwrap(), url);
        if let Some(form) = form {
            let kind = "application/x-www-form-urlencoded";
            request = request.header("content-type", kind).body(form.to_owned());
        }
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    fn is_clean(path: &str, text: &str) {
        for other in OTHERS {
            assert!(!text.contains(other), "{path} shows {other}: {text}");
        }
    }

    /// Until it has something: a replica may not have scraped yet.
    async fn finds_its_own(&self, n: usize, path: &str) -> String {
        let found = eventually("something of its own", SOON, || async {
            let (status, text) = self.ask(n, "GET", path, None).await;
            if status == 200 && text.contains(OWN) {
                Ok(text)
            } else {
                Err(format!("{path}: {status} {text}"))
            }
        });
        let text = found.await;
        Self::is_clean(path, &text);
        text
    }

    async fn asks_every_program_and_finds_only_its_own(&self) {
        for n in 0..3 {
            for path in [
                "/prometheus/api/v1/query?query=up",
                "/prometheus/api/v1/query?query=count+by+(project)+(%7B__name__%3D~%22.%2B%22%7D)",
                "/prometheus/api/v1/series?match%5B%5D=up",
                "/prometheus/api/v1/series?match%5B%5D=%7Bproject%3D~%22.%2B%22%7D",
                "/prometheus/api/v1/label/project/values",
                "/prometheus/api/v1/targets",
                "/prometheus/api/v1/rules",
                "/prometheus/api/v1/alerts",
                "/prometheus/federate?match%5B%5D=up",
                "/alertmanager/api/v2/alerts",
                "/alertmanager/api/v2/alerts/groups",
            ] {
                self.finds_its_own(n, path).await;
            }
        }
        let names = self.finds_its_own(0, "/prometheus/api/v1/label/project/values").await;
        let names: Value = serde_json::from_str(&names).unwrap();
        assert_eq!(names["data"], json!([OWN]));
        let form = "query=count+by+(project)+(up)&query=up";
        let (status, text) = self.ask(0, "POST", "/prometheus/api/v1/query", Some(form)).await;
        assert_eq!(status, 400, "a parameter twice: {text}");
        let form = "query=count+by+(project)+(up)";
        let (status, text) = self.ask(0, "POST", "/prometheus/api/v1/query", Some(form)).await;
        assert!(status == 200 && text.contains(OWN), "{status} {text}");
        Self::is_clean("POST", &text);
    }

    async fn gets_no_further_by_other_ways(&self) {
        for path in [
            "/prometheus/api/v1/query?query=up%7Bproject%3D%22payments%22%7D",
            "/prometheus/api/v1/query?query=up+or+up%7Bproject%3D~%22pay.*%22%7D",
            "/prometheus/api/v1/query?query=label_replace(up%2C%22project%22%2C%22x%22%2C%22%22%2C%22%22)",
            "/prometheus/api/v1/query?query=up+%40+end()+unless+up%7Bproject%3D%22web-shop%22%7D",
            "/prometheus/api/v1/query?query=up&query=up%7Bproject%3D%22payments%22%7D",
            "/prometheus/api/v1/query?query=up%7B",
            "/prometheus/api/v1/../v1/targets",
            "/prometheus/api/v1/%71uery?query=up",
            "/prometheus//api/v1/query?query=up",
            "/prometheus/api/v1/status/config",
            "/alertmanager/api/v2/status",
            "/alertmanager/api/v2/receivers",
        ] {
            let (status, text) = self.ask(1, "GET", path, None).await;
            assert!(status < 500, "{path}: {status} {text}");
            // What was asked comes back in a refusal.
            let told = text.replace("payments", "").replace("pay.*", "");
            let refused = (400..500).contains(&status);
            Self::is_clean(path, if refused { &told } else { &text });
        }
        for (path, wanted) in [
            // Alertmanager's own "not found" is an answer, not the lack of one.
            ("/alertmanager/api/v2/silence/01a2051f-34df-3260-d1f1-fd37e2982ba1", 404),
            ("/prometheus/api/v1/status/buildinfo", 200),
        ] {
            let (status, text) = self.ask(1, "GET", path, None).await;
            assert_eq!(status, wanted, "{path}: {text}");
            let (status, answer) = self.demo.call(1, "GET", path, None).await.unwrap();
            assert_eq!(status, wanted, "{path} without a scope: {answer}");
            assert!(status == 200 || answer["code"] == "WK-2006", "{path}: {answer}");
        }
    }

    async fn reads_the_interface_and_finds_only_its_own(&self) {
        for path in [
            "/api/v1/projects",
            "/api/v1/targets",
            "/api/v1/observed/targets",
            "/api/v1/observed/rules",
            "/api/v1/alerts",
            "/api/v1/export",
            "/api/v1/history?limit=1000",
            "/api/v1/session",
        ] {
            self.finds_its_own(2, path).await;
        }
        for path in ["/api/v1/status", "/api/v1/receipts?limit=100", "/api/v1/silences"] {
            let (status, text) = self.ask(2, "GET", path, None).await;
            assert_eq!(status, 200, "{path}: {text}");
            Self::is_clean(path, &text);
        }
        for path in ["/api/v1/users", "/api/v1/snapshot", "/api/v1/routes/tree", "/metrics"] {
            let (status, text) = self.ask(2, "GET", path, None).await;
            assert_eq!(status, 403, "{path}: {text}");
        }
    }

    async fn has_its_rules_confined(&self) {
        let url = format!("{}/api/v1/rule-groups/shop-sum", self.demo.ready.nodes[0].url);
        let spec = json!({"project": OWN, "rules": [{"record": "tenants:up:count", "expr": "count by (host) (up)"}]});
        let put = self.demo.http.put(url).bearer_auth(&self.token).json(&json!({ "spec": spec }));
        let answer = put.send().await.unwrap();
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
        let hosts = eventually("the rule to run", SOON, || async {
            let path = "/api/v1/label/host/values?match%5B%5D=tenants:up:count";
            let mut hosts = BTreeSet::new();
            for n in 1..=3 {
                let url = format!("http://127.0.0.{n}:9090{path}");
                let Ok(answer) = self.demo.ask(n, &url).send().await else { continue };
                let answer: Value = answer.json().await.map_err(|error| error.to_string())?;
                let names = answer["data"].as_array().into_iter().flatten();
                hosts.extend(names.filter_map(|name| name.as_str().map(ToOwned::to_owned)));
            }
            if hosts.is_empty() { Err("no series".to_owned()) } else { Ok(hosts) }
        });
        assert_eq!(hosts.await, BTreeSet::from(["sample-1".to_owned()]));
    }
}
