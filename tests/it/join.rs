//! A cluster that grows, loses a machine, gets it back as a new one, and lets one go: real
//! processes, each on an address of its own, in one story.

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
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const FAST: &str = "profile = \"fast\"\n";

struct Story {
    dir: TempDir,
    net: &'static str,
    admin: String,
}

impl Story {
    fn address(&self, n: u8) -> String {
        format!("{}.{n}", self.net)
    }

    /// A machine that wants to join through `seeds` with what is in `token`.
    fn joiner(&self, n: u8, home: &str, seeds: &[u8], token: &Path) -> Plan {
        let mut plan = Plan::new(&self.dir.path().join(home), &self.address(n));
        let entries: Vec<String> =
            seeds.iter().chain([&n]).map(|n| format!("{:?}", self.address(*n))).collect();
        let cluster = entries.join(", ");
        plan.conf = format!("{FAST}cluster = [{cluster}]\ntoken_file = {token:?}\n");
        plan
    }

    /// What `watchkeep token new --role node` prints on `node`, in a file.
    fn node_token(&self, node: &Node, name: &str, more: &[&str]) -> PathBuf {
        let made = Command::new(program())
            .args(["token", "new", "--role", "node", "--data-dir"])
            .arg(node.plan.data())
            .args(more)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let file = self.dir.path().join(name);
        fs::write(&file, made.stdout).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file
    }

    async fn members(&self, node: &Node) -> Result<Vec<Value>, String> {
        let (_, list) = node.call(&self.admin, "GET", "/api/v1/members", Value::Null).await?;
        list["items"].as_array().cloned().ok_or_else(|| list.to_string())
    }

    /// Waits until exactly these machines are settled voters, as `node` sees it.
    async fn voters(&self, node: &Node, wanted: &[u8]) {
        let wanted: Vec<String> = wanted.iter().map(|n| self.address(*n)).collect();
        eventually("all to be settled voters", PATIENCE, || async {
            let members = self.members(node).await?;
            let settled = |m: &&Value| m["voter"] == true && m["state"] == "settled";
            let mut voters: Vec<&str> =
                members.iter().filter(settled).filter_map(|m| m["address"].as_str()).collect();
            voters.sort_unstable();
            if voters == wanted && members.len() == wanted.len() {
                Ok(())
            } else {
                Err(format!("{members:?}"))
            }
        })
        .await;
    }

    async fn put(&self, node: &Node, name: &str) {
        eventually("a write", PATIENCE, || async {
            let spec = json!({"kind": "department", "name": name, "spec": {"title": name}});
            let path = format!("/api/v1/departments/{name}");
            match node.call(&self.admin, "PUT", &path, spec).await? {
                (200..=299, _) => Ok(()),
                (status, answer) => Err(format!("{status} {answer}")),
            }
        })
        .await;
    }

    async fn has(&self, node: &Node, name: &str) {
        eventually("a write to be everywhere", PATIENCE, || async {
            let path = format!("/api/v1/departments/{name}");
            match node.call(&self.admin, "GET", &path, Value::Null).await? {
                (200, _) => Ok(()),
                (status, answer) => Err(format!("{status} {answer}")),
            }
        })
        .await;
    }

    async fn id(&self, via: &Node, n: u8) -> String {
        let members = self.members(via).await.unwrap();
        let of = members.iter().find(|m| m["address"] == self.address(n).as_str()).unwrap();
        of["id"].as_str().unwrap().to_owned()
    }

    /// Waits until the address belongs to another node than `old` alone.
    async fn replaced(&self, via: &Node, n: u8, old: &str) {
        eventually("the old node to be replaced", PATIENCE, || async {
            let members = self.members(via).await?;
            let mut there = members.iter().filter(|m| m["address"] == self.address(n).as_str());
            match (there.next(), there.next()) {
                (Some(one), None) if one["id"] != old => Ok(()),
                _ => Err(format!("{members:?}")),
            }
        })
        .await;
    }

    /// Waits until the portal that is not open says these words.
    async fn says(&self, node: &Node, words: &str) {
        eventually(words, PATIENCE, || async {
            let (_, answer) = node.call(&self.admin, "GET", "/api/v1/status", Value::Null).await?;
            let detail = answer["detail"].as_str().unwrap_or_default();
            if detail.contains(words) { Ok(()) } else { Err(answer.to_string()) }
        })
        .await;
    }

    /// Which of `nodes` leads.
    async fn leader(&self, nodes: &[&Node]) -> usize {
        eventually("a leader", PATIENCE, || async {
            for (n, node) in nodes.iter().enumerate() {
                let members = self.members(node).await?;
                let leads =
                    |m: &Value| m["role"] == "leader" && m["address"] == node.plan.address.as_str();
                if members.iter().any(leads) {
                    return Ok(n);
                }
            }
            Err("none".to_owned())
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_grows_to_three_survives_deaths_while_it_does_and_lets_one_go() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut plan = Plan::new(&dir.path().join("n1"), "127.0.51.1");
    plan.conf = FAST.to_owned();
    let one = plan.start();
    let admin = admin_token(&[&one]).await;
    let story = Story { dir, net: "127.0.51", admin };
    story.put(&one, "alone").await;

    bad_tokens_are_refused_in_words(&story, &one).await;

    // The second machine dies at random moments of joining, with kill -9, and joins all the same.
    let token = story.node_token(&one, "two.token", &["--uses", "2"]);
    let mut plan = story.joiner(2, "n2", &[1], &token);
    for pause in [20, 60, 120, 250, 400, 700] {
        let mut node = plan.start();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        plan = node.plan.clone();
        kill_process(node.pid(), Signal::KILL).unwrap();
        node.ended().await;
    }
    let two = plan.start();
    let three = story.joiner(3, "n3", &[1, 2], &token).start();
    story.voters(&one, &[1, 2, 3]).await;
    story.put(&three, "three").await;
    for node in [&one, &two, &three] {
        story.has(node, "alone").await;
        story.has(node, "three").await;
    }
    let used = story.joiner(4, "n4", &[1], &token).start();
    story.says(&used, "is used up").await;
    drop(used);

    a_planned_stop_of_the_leader_leaves_no_gap(&story, [one, two, three]).await;
}

async fn bad_tokens_are_refused_in_words(story: &Story, one: &Node) {
    let good = story.node_token(one, "good.token", &[]);
    let text = fs::read_to_string(&good).unwrap();
    let parts: Vec<&str> = text.trim().split('.').collect();
    let cases = [
        (format!("wk1.{}.node.{}.AAAAAAAAAAAA", parts[1], parts[3]), "its secret is wrong"),
        (format!("wk1.{}.node.{}.{}", "a".repeat(52), parts[3], parts[4]), "another cluster"),
    ];
    for (n, (text, words)) in (0..).zip(cases) {
        let file = story.dir.path().join(format!("bad-{n}"));
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let node = story.joiner(9, &format!("bad{n}"), &[1], &file).start();
        story.says(&node, words).await;
    }
    let id = parts[3];
    let revoked = Command::new(program())
        .args(["token", "revoke", id, "--data-dir"])
        .arg(one.plan.data())
        .output()
        .unwrap();
    assert!(revoked.status.success(), "{}", String::from_utf8_lossy(&revoked.stderr));
    let node = story.joiner(9, "revoked", &[1], &good).start();
    story.says(&node, "was revoked").await;
    assert_eq!(story.members(one).await.unwrap().len(), 1, "nobody came in");
    // Whoever knocked is written down, with why it was refused.
    eventually("the refusals in the audit", PATIENCE, || async {
        let path = "/api/v1/audit?verb=member-join&outcome=refused";
        let (_, page) = one.call(&story.admin, "GET", path, Value::Null).await?;
        let items = page["items"].as_array().ok_or_else(|| page.to_string())?;
        let said = |words: &str| {
            items.iter().any(|line| {
                let why = line["why"].as_str().is_some_and(|why| why.contains(words));
                why && line["from"].is_string() && line["code"] == "WK-3030"
            })
        };
        if said("secret is wrong") { Ok(()) } else { Err(page.to_string()) }
    })
    .await;
}

/// Writes through the others go on while the leader is stopped with SIGTERM.
async fn a_planned_stop_of_the_leader_leaves_no_gap(story: &Story, nodes: [Node; 3]) {
    let leader = story.leader(&nodes.each_ref()).await;
    let mut nodes = Vec::from(nodes);
    let leading = nodes.remove(leader);
    let (mut n_written, mut longest) = (0, Duration::ZERO);
    let stopping = leading.pid();
    let mut stopped = false;
    let begun = Instant::now();
    let mut last = Instant::now();
    while begun.elapsed() < Duration::from_secs(6) {
        if !stopped && begun.elapsed() > Duration::from_secs(1) {
            kill_process(stopping, Signal::TERM).unwrap();
            stopped = true;
        }
        let name = format!("during-{n_written}");
        let spec = json!({"kind": "department", "name": name, "spec": {"title": name}});
        let path = format!("/api/v1/departments/{name}");
        let node = &nodes[n_written % 2];
        let (status, answer) = node.call(&story.admin, "PUT", &path, spec).await.unwrap();
        assert!(status < 300, "{status} {answer}");
        longest = longest.max(last.elapsed());
        last = Instant::now();
        n_written += 1;
    }
    println!("{n_written} writes, the longest gap {longest:?}");
    assert!(leading.plan.log().contains("leadership handed over"));
    assert!(longest < Duration::from_secs(3), "a gap of {longest:?}");
    for n in 0..n_written {
        story.has(&nodes[n % 2], &format!("during-{n}")).await;
    }
    a_dead_machine_is_replaced_by_one_with_an_empty_disk(story, nodes, leading.stop()).await;
}

/// The stopped node loses its disk; the same command with a token brings the machine back.
async fn a_dead_machine_is_replaced_by_one_with_an_empty_disk(
    story: &Story,
    nodes: Vec<Node>,
    plan: Plan,
) {
    let place: u8 = plan.address.rsplit('.').next().unwrap().parse().unwrap();
    let old = story.id(&nodes[0], place).await;
    fs::remove_dir_all(plan.data()).unwrap();
    let token = story.node_token(&nodes[0], "again.token", &[]);
    let seeds: Vec<u8> = (1..=3).filter(|n| *n != place).collect();
    let home = plan.home.file_name().unwrap().to_str().unwrap().to_owned();
    let back = story.joiner(place, &home, &seeds, &token).start();
    story.replaced(&nodes[0], place, &old).await;
    story.voters(&nodes[0], &[1, 2, 3]).await;
    story.has(&back, "alone").await;
    story.put(&back, "back").await;
    a_removed_node_says_so_and_is_refused(story, nodes, back).await;
}

async fn a_removed_node_says_so_and_is_refused(story: &Story, nodes: Vec<Node>, gone: Node) {
    let removed = Command::new(program())
        .args(["members", "remove", &gone.plan.address, "--data-dir"])
        .arg(nodes[0].plan.data())
        .output()
        .unwrap();
    assert!(removed.status.success(), "{}", String::from_utf8_lossy(&removed.stderr));
    let out = Instant::now();
    story.says(&gone, "was removed from the cluster").await;
    assert!(out.elapsed() < Duration::from_secs(10), "{:?}", out.elapsed());
    // It says so to who asks at once, and to the log once everything has ended.
    eventually("the log to say so", PATIENCE, || async {
        if gone.plan.log().contains("not a member") { Ok(()) } else { Err(gone.plan.log()) }
    })
    .await;
    let plan = gone.stop();
    let again = plan.start();
    story.says(&again, "was removed from the cluster").await;
    // With two voters left both must stay.
    let (status, answer) = nodes[0]
        .call(
            &story.admin,
            "DELETE",
            &format!("/api/v1/members/{}", nodes[1].plan.address),
            Value::Null,
        )
        .await
        .unwrap();
    assert_eq!(status, 202, "one of two may go while both answer: {answer}");
    let last: u8 = nodes[0].plan.address.rsplit('.').next().unwrap().parse().unwrap();
    story.voters(&nodes[0], &[last]).await;
    let path = format!("/api/v1/members/{}", nodes[0].plan.address);
    let (status, answer) = nodes[0].call(&story.admin, "DELETE", &path, Value::Null).await.unwrap();
    assert_eq!((status, answer["code"].as_str()), (409, Some("WK-2036")), "{answer}");
    story.put(&nodes[0], "still-writable").await;
}

/// The formation token is good for coming back with an empty disk, for the listed addresses.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_founder_that_lost_its_disk_comes_back_with_the_formation_token() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let plans = Plan::three(dir.path(), "127.0.52").map(|mut plan| {
        plan.conf.push_str(FAST);
        plan
    });
    let [one, two, three] = plans.map(Plan::start);
    let admin = admin_token(&[&one, &two, &three]).await;
    let story = Story { dir, net: "127.0.52", admin };
    story.voters(&one, &[1, 2, 3]).await;
    story.put(&one, "before").await;
    let old = story.id(&one, 3).await;
    let plan = three.stop();
    fs::remove_dir_all(plan.data()).unwrap();
    let back = plan.start();
    story.says(&back, "it is replaced once it counts as dead").await;
    story.replaced(&one, 3, &old).await;
    story.voters(&one, &[1, 2, 3]).await;
    story.has(&back, "before").await;

    // Revoked, it lets nobody in any more.
    let (status, _) = one
        .call(&story.admin, "DELETE", "/api/v1/join-tokens/formation", Value::Null)
        .await
        .unwrap();
    assert_eq!(status, 204);
    let plan = back.stop();
    fs::remove_dir_all(plan.data()).unwrap();
    let refused = plan.start();
    story.says(&refused, "was revoked").await;
}

/// Whoever leads dies with `kill -9` again and again while a machine joins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaders_killed_while_a_machine_joins_change_nothing_about_its_end() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let plans = Plan::three(dir.path(), "127.0.55").map(|mut plan| {
        plan.conf.push_str(FAST);
        plan
    });
    let mut nodes = plans.map(Plan::start);
    let [one, two, three] = &nodes;
    let admin = admin_token(&[one, two, three]).await;
    let story = Story { dir, net: "127.0.55", admin };
    story.put(&nodes[0], "before").await;
    let token = story.node_token(&nodes[0], "four.token", &[]);
    let four = story.joiner(4, "n4", &[1, 2, 3], &token).start();
    for pause in [100, 900, 1700, 2500] {
        let leader = story.leader(&nodes.each_ref()).await;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let doomed = &mut nodes[leader];
        kill_process(doomed.pid(), Signal::KILL).unwrap();
        doomed.ended().await;
        let plan = doomed.plan.clone();
        nodes[leader] = plan.start();
    }
    story.voters(&nodes[0], &[1, 2, 3, 4]).await;
    story.put(&four, "after").await;
    for node in nodes.iter().chain([&four]) {
        story.has(node, "before").await;
        story.has(node, "after").await;
    }
}
