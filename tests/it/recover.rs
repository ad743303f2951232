//! Two machines of three are lost for good: what is left goes on as a cluster of its own.

use crate::harness::{
    node::{Node, PATIENCE, Plan, admin_token},
    program,
    wait::eventually,
};
use rustix::process::{Signal, kill_process};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
    time::Instant,
};

const FAST: &str = "profile = \"fast\"\n";

fn recover(plan: &Plan, more: &[&str]) -> Output {
    Command::new(program())
        .args(["recover", "--conf"])
        .arg(plan.home.join("watchkeep.toml"))
        .args(more)
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn put(node: &Node, admin: &str, name: &str) -> Result<(), String> {
    let path = format!("/api/v1/departments/{name}");
    match node.call(admin, "PUT", &path, json!({"spec": {"title": name}})).await? {
        (200..=299, _) => Ok(()),
        (status, answer) => Err(format!("{status} {answer}")),
    }
}

async fn names(node: &Node, admin: &str) -> Result<Vec<String>, String> {
    let (_, list) = node.call(admin, "GET", "/api/v1/departments?limit=1000", Value::Null).await?;
    let items = list["items"].as_array().ok_or_else(|| list.to_string())?;
    Ok(items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)).collect())
}

async fn voters(node: &Node, admin: &str) -> Result<usize, String> {
    let (_, members) = node.call(admin, "GET", "/api/v1/members", Value::Null).await?;
    let items = members["items"].as_array().ok_or_else(|| members.to_string())?;
    Ok(items.iter().filter(|member| member["voter"] == true).count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_of_a_cluster_goes_on_as_a_new_one_with_all_that_was_acknowledged() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let plans = Plan::three(dir.path(), "127.0.57").map(|mut plan| {
        plan.conf.push_str(FAST);
        plan
    });
    let [one, two, three] = plans.map(Plan::start);
    let admin = admin_token(&[&one, &two, &three]).await;
    for n in 0..20 {
        let name = format!("d{n}");
        eventually(&name, PATIENCE, || put(&three, &admin, &name)).await;
    }
    eventually("the last one to have it all", PATIENCE, || async {
        let n = names(&three, &admin).await?.len();
        if n == 20 { Ok(()) } else { Err(format!("{n}")) }
    })
    .await;
    // The power goes. Only the third machine starts again.
    let plans = [one, two, three].map(|mut node| {
        kill_process(node.pid(), Signal::KILL).unwrap();
        async move {
            node.ended().await;
            node.plan.clone()
        }
    });
    let [one, two, three] = plans;
    let (_lost, two, three) = (one.await, two.await, three.await);

    let alone = three.start();
    eventually("it to serve what it has", PATIENCE, || names(&alone, &admin)).await;
    let refused = recover(&alone.plan, &[]);
    assert!(!refused.status.success() && words(&refused).contains("in use"), "{}", words(&refused));
    let three = alone.stop();
    let looked = recover(&three, &[]);
    assert!(looked.status.success(), "{}", words(&looked));
    assert!(words(&looked).contains("nothing was changed"), "{}", words(&looked));
    let began = Instant::now();
    let done = recover(&three, &["--from-this-node"]);
    assert!(done.status.success(), "{}", words(&done));
    assert!(words(&done).contains("new cluster"), "{}", words(&done));
    let again = three.start();
    eventually("the first write", PATIENCE, || put(&again, &admin, "after")).await;
    println!("from `recover` to the first write: {} ms", began.elapsed().as_millis());
    assert_eq!(names(&again, &admin).await.unwrap().len(), 21);
    assert_eq!(voters(&again, &admin).await, Ok(1));
    let (_, audit) =
        again.call(&admin, "GET", "/api/v1/audit?verb=recover", Value::Null).await.unwrap();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "who did it is recorded: {audit}");

    // One of the lost wakes up: it is of another cluster.
    let woken = two.start();
    eventually("it to serve what it has", PATIENCE, || names(&woken, &admin)).await;
    assert!(put(&woken, &admin, "never").await.is_err());
    assert_eq!(voters(&again, &admin).await, Ok(1));
    let two = woken.stop();

    // Emptied, it joins.
    fs::remove_dir_all(two.data()).unwrap();
    let token = dir.path().join("node.token");
    let made = Command::new(program())
        .args(["token", "new", "--role", "node", "--data-dir"])
        .arg(again.plan.data())
        .output()
        .unwrap();
    fs::write(&token, made.stdout).unwrap();
    fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
    let mut joiner = Plan::new(&two.home, &two.address);
    joiner.conf = format!(
        "{FAST}cluster = [\"{}\", \"{}\"]\ntoken_file = {token:?}\n",
        again.plan.address, two.address
    );
    let joined = joiner.start();
    eventually("two voters", PATIENCE, || async {
        match voters(&again, &admin).await? {
            2 => Ok(()),
            n => Err(format!("{n}")),
        }
    })
    .await;
    eventually("it to have everything", PATIENCE, || async {
        let n = names(&joined, &admin).await?.len();
        if n == 21 { Ok(()) } else { Err(format!("{n} of 21")) }
    })
    .await;
}
