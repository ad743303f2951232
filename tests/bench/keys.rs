//! A store with 100,000 objects: what they cost in memory and on disk, how long a start and a
//! backup take, and how long a new machine needs until it has them.

use super::{
    harness::{
        node::{Node, PATIENCE, Plan, admin_token},
        nodes, program,
        wait::eventually,
    },
    ms, print,
    writes::VALUE,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const BATCH: usize = 1_000;
const IDLE: Duration = Duration::from_secs(45);
const NET: &str = "127.0.3";
/// `WATCHKEEP_BENCH_KEYS` says another number.
const KEYS: usize = 100_000;

struct Store {
    dir: TempDir,
    nodes: Vec<Node>,
    token: String,
    n_keys: usize,
}

pub async fn keys() {
    let n_keys = std::env::var("WATCHKEEP_BENCH_KEYS").ok().and_then(|n| n.parse().ok());
    let dir = tempfile::tempdir().unwrap();
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(dir.path(), open).unwrap();
    let nodes: Vec<Node> = Plan::three(dir.path(), NET).into_iter().map(Plan::start).collect();
    let token = admin_token(&nodes.iter().collect::<Vec<_>>()).await;
    let mut store = Store { dir, nodes, token, n_keys: n_keys.unwrap_or(KEYS) };
    store.fill().await;
    store.sizes("after writing").await;
    store.back_up().await;
    store.restart().await;
    store.catch_up().await;
    store.sizes("at the end").await;
}

impl Store {
    fn say(&self, figure: &str, more: Value) {
        let mut line = json!({"figure": figure, "keys": self.n_keys, "value_bytes": VALUE});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        print(line);
    }

    async fn fill(&self) {
        let began = Instant::now();
        for start in (0..self.n_keys).step_by(BATCH) {
            let object = |number: usize| json!({"kind": "department", "name": format!("k{number}"), "spec": {"title": "x".repeat(VALUE)}});
            let batch: Vec<Value> = (start..self.n_keys.min(start + BATCH)).map(object).collect();
            let answer =
                self.nodes[0].call(&self.token, "POST", "/api/v1/apply", json!(batch)).await;
            let (status, answer) = answer.unwrap();
            assert!(status < 300, "{status} {answer}");
        }
        self.say("fill_ms", json!({"batch": BATCH, "value": ms(began.elapsed())}));
        for node in &self.nodes {
            self.has_all(node).await;
        }
    }

    /// Waits until `node` itself shows the last key.
    async fn has_all(&self, node: &Node) {
        let path = format!("/api/v1/departments/k{}", self.n_keys - 1);
        eventually("a node to have everything", PATIENCE, || async {
            match node.call(&self.token, "GET", &path, Value::Null).await? {
                (200, _) => Ok(()),
                (status, answer) => Err(format!("{status} {answer}")),
            }
        })
        .await;
    }

    async fn sizes(&self, when: &str) {
        tokio::time::sleep(IDLE).await;
        for (n, node) in self.nodes.iter().enumerate() {
            let pid = u32::try_from(node.pid().as_raw_nonzero().get()).unwrap();
            let files: Value = files(&node.plan.data())
                .map(|(name, bytes)| (name, json!(bytes)))
                .collect::<serde_json::Map<_, _>>()
                .into();
            self.say(
                "store_bytes",
                json!({"when": when, "node": n, "resident": nodes::resident(pid), "files": files}),
            );
        }
    }

    async fn back_up(&self) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/api/v1/snapshot", self.nodes[1].plan.url());
        let began = Instant::now();
        let request = client.get(url).bearer_auth(&self.token);
        let request = request.header("x-wk-passphrase", STANDARD.encode("correct horse battery"));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let bytes = answer.bytes().await.unwrap().len();
        self.say("backup_ms", json!({"value": ms(began.elapsed()), "bytes": bytes}));
    }

    async fn restart(&mut self) {
        let plan = self.nodes.remove(2).stop();
        let began = Instant::now();
        let node = plan.start();
        self.has_all(&node).await;
        self.say("start_ms", json!({"value": ms(began.elapsed())}));
        self.nodes.push(node);
    }

    /// From the start of an empty machine with a token until it shows everything and votes.
    async fn catch_up(&mut self) {
        let token = self.node_token();
        let address = format!("{NET}.4");
        let mut plan = Plan::new(&self.dir.path().join("n4"), &address);
        plan.conf = format!("cluster = [\"{NET}.1\", \"{address}\"]\ntoken_file = {token:?}\n");
        let began = Instant::now();
        let node = plan.start();
        self.has_all(&node).await;
        let caught_up = began.elapsed();
        eventually("the new machine to vote", PATIENCE, || async {
            let (_, list) = node.call(&self.token, "GET", "/api/v1/members", Value::Null).await?;
            let voters = list["items"].as_array().into_iter().flatten();
            match voters.filter(|member| member["voter"] == true).count() {
                4 => Ok(()),
                _ => Err(list.to_string()),
            }
        })
        .await;
        self.say(
            "catch_up_of_an_empty_node_ms",
            json!({"value": ms(caught_up), "voter_after": ms(began.elapsed())}),
        );
        self.nodes.push(node);
    }

    fn node_token(&self) -> PathBuf {
        let made = Command::new(program())
            .args(["token", "new", "--role", "node", "--data-dir"])
            .arg(self.nodes[0].plan.data())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = self.dir.path().join("node-token");
        fs::write(&file, made.stdout).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file
    }
}

/// The store's files, by name; all snapshots together.
pub fn files(data: &Path) -> impl Iterator<Item = (String, u64)> {
    let mut sizes = std::collections::BTreeMap::new();
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if path.is_dir() && !name.starts_with("components") {
                folders.push(path);
            } else if path.to_string_lossy().contains("snapshot") {
                *sizes.entry("snapshots".to_owned()).or_default() +=
                    entry.metadata().map_or(0, |it| it.len());
            } else if name.ends_with(".redb") {
                sizes.insert(name, entry.metadata().map_or(0, |it| it.len()));
            }
        }
    }
    sizes.into_iter()
}
