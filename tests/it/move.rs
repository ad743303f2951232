//! A cluster moves to three other addresses by backup and restore: real processes, nothing lost
//! but what belonged to the old machines.

use crate::harness::{
    node::{Node, PATIENCE, Plan, admin_token},
    program,
    wait::eventually,
};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

const FAST: &str = "profile = \"fast\"\n";

/// What must be the same afterwards.
const KEPT: [&str; 5] = [
    "/api/v1/departments?limit=100",
    "/api/v1/silences?limit=100",
    "/api/v1/receipts?limit=100",
    "/api/v1/history?limit=100",
    "/api/v1/users?limit=100",
];

struct Story {
    dir: TempDir,
    admin: String,
}

fn private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

impl Story {
    async fn get(&self, node: &Node, path: &str) -> Result<Value, String> {
        match node.call(&self.admin, "GET", path, Value::Null).await? {
            (200, answer) => Ok(answer),
            (status, answer) => Err(format!("{path}: {status} {answer}")),
        }
    }

    async fn change(&self, node: &Node, method: &str, path: &str, body: Value) -> Value {
        eventually(path, PATIENCE, || async {
            match node.call(&self.admin, method, path, body.clone()).await? {
                (200..=299, answer) => Ok(answer),
                (status, answer) => Err(format!("{status} {answer}")),
            }
        })
        .await
    }

    fn run(&self, node: &Path, args: &[&str]) -> Output {
        Command::new(program()).args(args).arg("--data-dir").arg(node).output().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Lets NET.2 and NET.3 join the cluster of `first`.
    async fn grow(&self, first: &Node, net: &str, homes: &str) -> [Node; 2] {
        let made = self.run(&first.plan.data(), &["token", "new", "--role", "node", "--uses", "2"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let token = self.path(&format!("{homes}.token"));
        private(&token, &String::from_utf8(made.stdout).unwrap());
        let nodes = [2, 3].map(|n| {
            let mut plan = Plan::new(&self.path(&format!("{homes}{n}")), &format!("{net}.{n}"));
            plan.conf =
                format!("{FAST}cluster = [\"{net}.1\", \"{net}.{n}\"]\ntoken_file = {token:?}\n");
            plan.start()
        });
        eventually("three settled voters", PATIENCE, || async {
            let members = self.get(first, "/api/v1/members").await?;
            let items = members["items"].as_array().ok_or("no items")?;
            let settled = |m: &&Value| m["voter"] == true && m["state"] == "settled";
            if items.iter().filter(settled).count() == 3 {
                Ok(())
            } else {
                Err(members.to_string())
            }
        })
        .await;
        nodes
    }

    async fn kept(&self, node: &Node) -> Vec<Value> {
        let mut all = Vec::new();
        for path in KEPT {
            all.push(self.get(node, path).await.unwrap());
        }
        all
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_moves_to_other_machines_with_silences_receipts_and_history() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut plan = Plan::new(&dir.path().join("old1"), "127.0.53.1");
    plan.conf = FAST.to_owned();
    let one = plan.start();
    let admin = admin_token(&[&one]).await;
    let story = Story { dir, admin };
    let others = story.grow(&one, "127.0.53", "old").await;
    fill(&story, &others[0]).await;
    let before = story.kept(&one).await;
    assert!(before.iter().all(|list| !list["items"].as_array().unwrap().is_empty()), "{before:?}");

    let (pass, wrong) = (story.path("pass"), story.path("wrong"));
    private(&pass, "correct horse battery\n");
    private(&wrong, "correct horse batteri\n");
    let file = story.path("all.wkbackup");
    let (file_text, pass_text) = (file.to_str().unwrap(), pass.to_str().unwrap());
    let save = ["snapshot", "save", file_text, "--passphrase-file", pass_text];
    let saved = story.run(&one.plan.data(), &save);
    assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let old_cluster = story.get(&one, "/api/v1/status").await.unwrap()["cluster"]["id"].clone();
    drop((one, others));

    let home = story.path("new1");
    let (data, key) = (home.join("data"), home.join("secret.key"));
    let restore = |pass: &Path| {
        Command::new(program())
            .args(["snapshot", "restore", file_text, "--passphrase-file"])
            .arg(pass)
            .arg("--key-file")
            .arg(&key)
            .arg("--data-dir")
            .arg(&data)
            .output()
            .unwrap()
    };
    fs::create_dir_all(&home).unwrap();
    let refused = restore(&wrong);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && words.contains("passphrase is wrong"), "{words}");
    assert!(!data.exists() && !key.exists(), "nothing was made");
    let restored = restore(&pass);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let twice = restore(&pass);
    assert!(String::from_utf8_lossy(&twice.stderr).contains("not empty"));

    let mut plan = Plan::new(&home, "127.0.54.1");
    plan.conf = FAST.to_owned();
    let new = plan.start();
    eventually("the restored node to answer", PATIENCE, || story.get(&new, KEPT[0])).await;
    let others = story.grow(&new, "127.0.54", "new").await;
    let status = story.get(&new, "/api/v1/status").await.unwrap();
    assert_ne!(status["cluster"]["id"], old_cluster, "a cluster of its own");
    for node in [&new, &others[0], &others[1]] {
        eventually("everything to be as before", PATIENCE, || async {
            let now = story.kept(node).await;
            if now == before { Ok(()) } else { Err(format!("{now:?}\ninstead of\n{before:?}")) }
        })
        .await;
    }
    let audit = story.get(&new, "/api/v1/audit?verb=restore").await.unwrap();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "who did it is recorded: {audit}");
    // It lives on: later revisions are later.
    let put = json!({"kind": "department", "name": "after", "spec": {"title": "after"}});
    let after = story.change(&others[1], "PUT", "/api/v1/departments/after", put).await;
    let revision = |value: &Value| value["revision"].as_str().unwrap().parse::<u64>().unwrap();
    let newest = before[0]["items"].as_array().unwrap().iter().map(revision).max().unwrap();
    assert!(revision(&after) > newest + 100_000, "{after}");
    an_old_node_that_wakes_up_is_nobody(&story, &new).await;
}

async fn fill(story: &Story, node: &Node) {
    for name in ["retail", "wholesale"] {
        let spec = json!({"kind": "department", "name": name, "spec": {"title": name}});
        story.change(node, "PUT", &format!("/api/v1/departments/{name}"), spec).await;
    }
    let silence = json!({"kind": "silence", "name": "move", "spec": {
        "matchers": [{"name": "alertname", "value": "Up", "isRegex": false, "isEqual": true}],
        "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z",
        "comment": "while we move"}});
    story.change(node, "PUT", "/api/v1/silences/move", silence).await;
    let channel = json!({"kind": "channel", "name": "hook", "spec": {
        "type": "webhook", "title": "hook", "url": "http://127.0.53.1:9/"}});
    story.change(node, "PUT", "/api/v1/channels/hook", channel).await;
    // Nobody listens there: the receipt says so, and is kept.
    story.change(node, "POST", "/api/v1/channels/hook/test", Value::Null).await;
}

/// Same CA, same disk, but another cluster: it cannot even ask.
async fn an_old_node_that_wakes_up_is_nobody(story: &Story, new: &Node) {
    let mut plan = Plan::new(&story.path("old1"), "127.0.53.1");
    plan.conf = FAST.to_owned();
    let old = plan.start();
    eventually("the old node to be alone", PATIENCE, || async {
        let status = story.get(&old, "/api/v1/status").await?;
        if status["cluster"]["quorum"] == false { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    let members = story.get(new, "/api/v1/members").await.unwrap();
    assert_eq!(members["items"].as_array().unwrap().len(), 3);
}
