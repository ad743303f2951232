//! Faults of a whole node: what its operator reads, and that the others go on.

use crate::harness::{
    bundle,
    disk::SmallDisk,
    node::{Node, PATIENCE, Plan, admin_token, formation_token},
    program,
    wait::{always, eventually},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration,
};

fn home() -> tempfile::TempDir {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

/// What `/-/ready` says of a node that is not ready.
async fn waits_for(node: &Node) -> Result<String, String> {
    let (status, text) = node.call("", "GET", "/-/ready", Value::Null).await?;
    let text = text.as_str().unwrap_or_default().to_owned();
    if status == 503 { Ok(text) } else { Err(format!("{status} {text}")) }
}

async fn is_ready(node: &Node) -> Result<(), String> {
    match waits_for(node).await {
        Ok(text) => Err(text),
        Err(text) if text.starts_with("200 ") => Ok(()),
        Err(text) => Err(text),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_one_node_with_a_clear_word_and_it_catches_up_once_there_is_room() {
    let dir = home();
    let [one, two, mut three] = Plan::three(dir.path(), "127.0.20");
    let Some(disk) = SmallDisk::mount(&three.data(), 24) else {
        eprintln!("SKIP a_full_disk_…: no mount namespace of its own is permitted here");
        return;
    };
    three.command = disk.command(program());
    let first_password = disk.seen("initial-admin-password");
    let (one, two, three) = (one.start(), two.start(), three.start());
    let token = {
        let at_three = three.plan.data().join("initial-admin-password");
        eventually("the cluster to be formed", PATIENCE, || is_ready(&one)).await;
        if first_password.exists() {
            // For the others to see: this process is outside of the small disk's namespace.
            fs::copy(&first_password, at_three).unwrap();
        }
        admin_token(&[&one, &two, &three]).await
    };
    let mut written = BTreeSet::new();
    write(&one, &token, &mut written, 5).await;

    disk.fill();
    let mut three = three;
    let ended = {
        let writing = async {
            loop {
                write(&one, &token, &mut written, 20).await;
            }
        };
        tokio::select! {
            () = writing => unreachable!(),
            ended = three.ended() => ended,
        }
    };
    assert!(!ended.success());
    let said = three.plan.log();
    let data = three.plan.data().display().to_string();
    for part in ["disk is full", &data, "make room", "nothing acknowledged is lost"] {
        assert!(said.contains(part), "`{part}` is not said:\n{said}");
    }
    // The others go on, and show it.
    write(&two, &token, &mut written, 20).await;
    eventually("the missing node to be shown", PATIENCE, || async {
        let faults = one.faults(&token, "WK-3001").await?;
        if faults.len() == 1 { Ok(()) } else { Err(format!("{faults:?}")) }
    })
    .await;

    // Started again while there is still no room: the same word, nothing made worse.
    let begin = three.plan.log().len();
    let mut three = three.stop().start();
    assert!(!three.ended().await.success());
    let said = three.plan.log_since(begin);
    assert!(said.contains("disk is full") && said.contains("make room"), "{said}");

    disk.free();
    let three = three.stop().start();
    eventually("the node to catch up", PATIENCE, || holds(&three, &token, &written)).await;
    for node in [&one, &two] {
        holds(node, &token, &written).await.unwrap();
    }
}

/// Writes departments of some size; only what was acknowledged goes into `written`.
async fn write(node: &Node, token: &str, written: &mut BTreeSet<String>, n: usize) {
    for _ in 0..n {
        let name = format!("d{}", written.len());
        let body = json!({"kind": "department", "name": name, "spec": {"title": "x".repeat(900)}});
        let path = format!("/api/v1/departments/{name}");
        if let Ok((200..=299, _)) = node.call(token, "PUT", &path, body).await {
            written.insert(name);
        }
    }
}

async fn holds(node: &Node, token: &str, written: &BTreeSet<String>) -> Result<(), String> {
    let mut there = BTreeSet::new();
    loop {
        let path = format!("/api/v1/departments?limit=500&offset={}", there.len());
        let (_, page) = node.call(token, "GET", &path, Value::Null).await?;
        let items = page["items"].as_array().ok_or_else(|| page.to_string())?;
        there.extend(items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)));
        if items.is_empty() || Some(there.len() as u64) >= page["total"].as_u64() {
            break;
        }
    }
    let lost: Vec<_> = written.difference(&there).collect();
    if lost.is_empty() { Ok(()) } else { Err(format!("{} lacks {lost:?}", node.plan.address)) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_wrong_token_on_one_machine_nothing_smaller_forms_and_everybody_is_told() {
    let dir = home();
    let [one, two, mut three] = Plan::three(dir.path(), "127.0.21");
    let right = three.conf.clone();
    let wrong = formation_token(dir.path(), "wrong");
    three.conf = right.replace(dir.path().join("token").to_str().unwrap(), wrong.to_str().unwrap());
    let (one, two, three) = (one.start(), two.start(), three.start());
    for node in [&one, &two] {
        let text = eventually("the wrong token to be named", PATIENCE, || async {
            let text = waits_for(node).await?;
            if text.contains("wrong token") { Ok(text) } else { Err(text) }
        })
        .await;
        assert!(text.contains("127.0.21.3") && !text.contains("127.0.21.1:8421: wrong"), "{text}");
    }
    let text = eventually("the one who has it to be told", PATIENCE, || async {
        let text = waits_for(&three).await?;
        if text.matches("wrong token").count() == 2 { Ok(text) } else { Err(text) }
    })
    .await;
    assert!(text.contains("127.0.21.1") && text.contains("127.0.21.2"), "{text}");
    always("no smaller cluster", Duration::from_secs(3), || async {
        for node in [&one, &two, &three] {
            waits_for(node).await?;
        }
        Ok(())
    })
    .await;
    let mut plan = three.stop();
    plan.conf = right;
    let three = plan.start();
    for node in [&one, &two, &three] {
        eventually("the cluster with the right token", PATIENCE, || is_ready(node)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_directory_of_another_cluster_is_named_and_never_mixed_in() {
    let dir = home();
    let [one, two, three] = Plan::three(dir.path(), "127.0.22");
    let mut alone = three.clone();
    alone.conf = "cluster_name = \"elsewhere\"\n".into();
    let alone = alone.start();
    eventually("the other cluster", PATIENCE, || is_ready(&alone)).await;
    alone.stop();

    let (one, two, three) = (one.start(), two.start(), three.start());
    for node in [&one, &two] {
        let text = eventually("the other cluster to be named", PATIENCE, || async {
            let text = waits_for(node).await?;
            if text.contains("elsewhere") && text.contains("move") { Ok(text) } else { Err(text) }
        })
        .await;
        for part in ["127.0.22.3", "move", "data directory"] {
            assert!(text.contains(part), "`{part}` is not said: {text}");
        }
    }
    eventually("the node to go on in its own cluster", PATIENCE, || is_ready(&three)).await;
    let said = three.plan.log();
    assert!(said.contains("member of cluster elsewhere") && said.contains("ignored"), "{said}");
    let plan = three.stop();
    fs::rename(plan.data(), dir.path().join("old-data")).unwrap();
    let three = plan.start();
    for node in [&one, &two, &three] {
        eventually("the cluster", PATIENCE, || is_ready(node)).await;
    }
}

/// A bundle with a build of an exporter, newer than any, that ends at its start.
fn broken_exporter(dir: &Path) -> std::path::PathBuf {
    let programs = dir.join("programs");
    fs::create_dir_all(&programs).unwrap();
    // Its configuration it finds good, as an exporter does that a new flag keeps from starting.
    let script = "#!/bin/sh\ncase \"$*\" in *config.check*) exit 0;; esac\n\
        echo starting up\necho 'no such flag: --web.listen-address' >&2\nexit 1\n";
    let program_file = programs.join("blackbox_exporter");
    fs::write(&program_file, script).unwrap();
    fs::set_permissions(&program_file, fs::Permissions::from_mode(0o755)).unwrap();
    let out = dir.join("broken.wkb");
    let built = std::process::Command::new(program())
        .args(["bundle", "build", "--from", "path", "--only", "blackbox_exporter"])
        .args(["--component-version", "blackbox_exporter=99.0.0", "--dir"])
        .arg(&programs)
        .arg("--out")
        .arg(&out)
        .arg("--cache")
        .arg(dir.join("cache"))
        .output()
        .unwrap();
    assert!(built.status.success(), "{built:?}");
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_that_ends_at_its_start_is_shown_with_its_last_words_and_the_rest_runs() {
    let dir = home();
    let mut plan = Plan::new(&dir.path().join("n1"), "127.0.23.1");
    fs::create_dir_all(plan.data()).unwrap();
    fs::rename(broken_exporter(dir.path()), plan.data().join("newer.wkb")).unwrap();
    plan.args = vec!["--bundle".into(), bundle().into(), "--allow-unsigned".into()];
    let node = plan.start();
    let token = admin_token(&[&node]).await;
    let fault = eventually("the fault with its reason", PATIENCE, || async {
        let faults = node.faults(&token, "WK-3016").await?;
        let again = |fault: &&Value| fault["message"].to_string().contains("times in a row");
        faults.iter().find(again).cloned().ok_or_else(|| format!("{faults:?}"))
    })
    .await;
    assert_eq!(fault["object"], "component/blackbox_exporter");
    let message = fault["message"].as_str().unwrap();
    for part in ["exited with code 1", "no such flag: --web.listen-address", "next try in"] {
        assert!(message.contains(part), "`{part}` is not said: {message}");
    }
    let components = eventually("the rest to run", PATIENCE, || async {
        let (_, status) = node.call(&token, "GET", "/api/v1/status", Value::Null).await?;
        let components = status["components"].as_array().ok_or("no components")?.clone();
        let ready =
            |name: &str| components.iter().any(|c| c["name"] == name && c["state"] == "ready");
        let all = ["prometheus", "alertmanager", "node_exporter"].into_iter().all(ready);
        if all { Ok(components) } else { Err(format!("{components:?}")) }
    })
    .await;
    let broken = components.iter().find(|c| c["name"] == "blackbox_exporter").unwrap();
    assert_eq!((&broken["version"], broken["pid"].as_u64()), (&json!("99.0.0"), None));
    eventually("the pauses to grow", PATIENCE, || async {
        let faults = node.faults(&token, "WK-3016").await?;
        let messages = faults.iter().filter_map(|fault| fault["message"].as_str());
        let pause = messages.filter_map(pause_seconds).fold(0.0, f64::max);
        if pause >= 4.0 { Ok(()) } else { Err(format!("{faults:?}")) }
    })
    .await;
}

/// Of `… next try in 4.2s: …`; `None` below a second.
fn pause_seconds(message: &str) -> Option<f64> {
    let (_, rest) = message.split_once("next try in ")?;
    rest.split_once("s:")?.0.parse().ok()
}
