//! Where components come from: the binary itself, and bundles signed by keys that the cluster
//! comes to trust.

use crate::harness::{
    bundle,
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

fn home() -> tempfile::TempDir {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output
}

/// A signed copy of the bundle, and the public key's text.
fn signed(dir: &Path) -> (PathBuf, String) {
    let (key, out) = (dir.join("release.key"), dir.join("signed.wkb"));
    let public = run(Command::new(program()).args(["bundle", "keygen", "--out"]).arg(&key)).stdout;
    let sign = ["bundle", "sign"];
    run(Command::new(program())
        .args(sign)
        .arg(bundle())
        .arg("--key")
        .arg(&key)
        .arg("--out")
        .arg(&out));
    (out, String::from_utf8(public).unwrap().trim().to_owned())
}

async fn all_components_run(node: &Node, token: &str) {
    eventually("all components to run", PATIENCE, || async {
        let (_, status) = node.call(token, "GET", "/api/v1/status", Value::Null).await?;
        let components = status["components"].as_array().ok_or("no components")?;
        let ready =
            |name: &&str| components.iter().any(|c| c["name"] == **name && c["state"] == "ready");
        let names = ["prometheus", "alertmanager", "node_exporter", "blackbox_exporter"];
        if names.iter().all(ready) { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_file_with_everything_needs_no_other_bundle() {
    let dir = home();
    let (signed, key) = signed(dir.path());
    let mut plan = Plan::new(&dir.path().join("n1"), "127.0.25.1");
    let full = plan.home.join("watchkeep-full");
    run(Command::new(program()).args(["bundle", "embed"]).arg(&signed).arg("--out").arg(&full));
    fs::remove_file(signed).unwrap();
    plan.command = vec![full.into()];
    plan.args = vec!["--trust".into(), key.into()];
    let node = plan.start();
    let token = admin_token(&[&node]).await;
    all_components_run(&node, &token).await;
    assert!(node.plan.log().contains("inside the binary"), "{}", node.plan.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_waits_for_its_key_and_is_taken_at_once_when_the_cluster_trusts_it() {
    let dir = home();
    let (signed, key) = signed(dir.path());
    let mut plan = Plan::new(&dir.path().join("n1"), "127.0.26.1");
    plan.args = vec!["--bundle".into(), signed.into()];
    let node = plan.start();
    let token = admin_token(&[&node]).await;
    let fault = eventually("the bundle to be named", PATIENCE, || async {
        let faults = node.faults(&token, "WK-3020").await?;
        faults.first().cloned().ok_or_else(|| "no fault".to_owned())
    })
    .await;
    let message = fault["message"].as_str().unwrap();
    assert_eq!(fault["object"], "bundle/signed.wkb");
    for part in ["not trusted", "watchkeep bundle trust"] {
        assert!(message.contains(part), "`{part}` is not said: {message}");
    }

    let data = node.plan.data();
    let trust = |key: &str| {
        let mut command = Command::new(program());
        command.args(["bundle", "trust", key, "--data-dir"]).arg(&data).output().unwrap()
    };
    let no_key = json!({"kind": "settings", "name": "default",
        "spec": {"bundles": {"trusted_keys": ["wkpub1.no-key"]}}});
    let (status, problem) =
        node.call(&token, "PUT", "/api/v1/settings/default", no_key).await.unwrap();
    assert_eq!(
        (status, &problem["errors"][0]["path"]),
        (422, &json!("settings/default/spec/bundles/trusted_keys/0"))
    );
    let trusted = trust(&key);
    assert!(trusted.status.success(), "{trusted:?}");
    all_components_run(&node, &token).await;
    assert!(node.faults(&token, "WK-3020").await.unwrap().is_empty());
    let again = trust(&key);
    assert!(String::from_utf8_lossy(&again.stderr).contains("already"), "{again:?}");
    let history = "/api/v1/history?kind=settings&name=default";
    let (_, history) = node.call(&token, "GET", history, Value::Null).await.unwrap();
    let why = history["items"][0]["why"].as_str().unwrap_or_default();
    assert!(why.contains("bundle key") && why.contains("trusted"), "{history}");
    assert_eq!(history["items"].as_array().unwrap().len(), 1, "{history}");

    // The next start believes it from the beginning: what runs is adopted, nothing is missing.
    let plan = node.stop();
    let begin = plan.log().len();
    let node = plan.start();
    all_components_run(&node, &token).await;
    assert!(!node.plan.log_since(begin).contains("no bundle brought"), "{}", node.plan.log());
}
