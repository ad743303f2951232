//! Two Prometheus on three nodes: whatever happens to one of them, questions are answered, and
//! the two are never taken down together.

use crate::harness::{
    ask, bundle,
    demo::kill,
    node::{Node, PATIENCE, Plan, admin_token},
    wait::eventually,
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const NET: &str = "127.0.27";
const QUERY: &str = "/prometheus/api/v1/query?query=vector(1)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_answered_and_one_replica_at_a_time_restarts() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut nodes = Vec::new();
    for mut plan in Plan::three(dir.path(), NET) {
        plan.args = vec!["--bundle".into(), bundle().into(), "--allow-unsigned".into()];
        nodes.push(plan.start());
    }
    let token = admin_token(&nodes.iter().collect::<Vec<_>>()).await;
    let mut trio = Trio { nodes, token };
    trio.both_answer().await;
    trio.changed_flags_take_down_one_replica_at_a_time().await;
    let with = trio.with_prometheus().await;
    trio.a_killed_node_costs_no_more_than_one_question(with[0]).await;
    trio.a_node_that_hangs_costs_no_more_than_one_question(with[1]).await;
}

struct Trio {
    nodes: Vec<Node>,
    token: String,
}

/// Pids of a program whose command line names `home`.
fn pids(home: &Path, program: &str) -> Vec<u32> {
    let home = home.display().to_string();
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let found = entries.filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).into_owned();
        let (exe, rest) = line.split_once('\0')?;
        (exe.rsplit('/').next()?.contains(program) && rest.contains(&home)).then_some(pid)
    });
    found.collect()
}

impl Trio {
    /// Positions of the nodes whose Prometheus runs.
    async fn with_prometheus(&self) -> Vec<usize> {
        eventually("two Prometheus", PATIENCE, || async {
            let with: Vec<usize> = (0..3)
                .filter(|n| !pids(&self.nodes[*n].plan.home, "prometheus").is_empty())
                .collect();
            if with.len() == 2 { Ok(with) } else { Err(format!("{with:?}")) }
        })
        .await
    }

    async fn both_answer(&self) {
        for n in self.with_prometheus().await {
            let url = format!("http://{NET}.{}:9090/-/ready", n + 1);
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            eventually("both Prometheus to be ready", PATIENCE, || async {
                let asked = ask(&http, &self.nodes[n].plan.data(), &url);
                let answer = asked.send().await.map_err(|error| error.to_string())?;
                if answer.status().is_success() { Ok(()) } else { Err(answer.status().to_string()) }
            })
            .await;
        }
        for node in &self.nodes {
            eventually("every node to answer", PATIENCE, || self.asks(node)).await;
        }
    }

    async fn asks(&self, node: &Node) -> Result<(), String> {
        match node.call(&self.token, "GET", QUERY, Value::Null).await? {
            (200, answer) if answer["data"]["result"][0]["value"][1] == "1" => Ok(()),
            (status, answer) => Err(format!("{status} {answer}")),
        }
    }

    async fn changed_flags_take_down_one_replica_at_a_time(&self) {
        let with = self.with_prometheus().await;
        let running = |n: &usize| pids(&self.nodes[*n].plan.home, "prometheus");
        let before: Vec<Vec<u32>> = with.iter().map(running).collect();
        let stop = Arc::new(AtomicBool::new(false));
        let looking = with.iter().map(|n| {
            let url = format!("http://{NET}.{}:9090/-/ready", n + 1);
            tokio::spawn(watch_ready(url, self.nodes[*n].plan.data(), Arc::clone(&stop)))
        });
        let looking: Vec<_> = looking.collect();
        let change = json!({"kind": "settings", "name": "default",
            "spec": {"prometheus": {"retention_time": "21d"}}});
        let (status, answer) = self.nodes[0]
            .call(&self.token, "PUT", "/api/v1/settings/default", change)
            .await
            .unwrap();
        assert!(status < 300, "{status} {answer}");
        let mut failures = Vec::new();
        eventually("both to run with the new flag", PATIENCE, || {
            let renewed = with.iter().zip(&before).all(|(n, old)| {
                let now = running(n);
                let flag = now.first().is_some_and(|pid| {
                    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
                    String::from_utf8_lossy(&line).contains("retention.time=21d")
                });
                flag && now.iter().all(|pid| !old.contains(pid))
            });
            async move { if renewed { Ok(()) } else { Err("not yet".to_owned()) } }
        })
        .await;
        for n in &with {
            if let Err(error) = self.asks(&self.nodes[*n]).await {
                failures.push(error);
            }
        }
        self.both_answer().await;
        stop.store(true, Ordering::SeqCst);
        let mut gaps = Vec::new();
        for looked in looking {
            gaps.push(looked.await.unwrap());
        }
        assert!(gaps.iter().all(|gaps| !gaps.is_empty()), "one was never down: {gaps:?}");
        for (a, b) in gaps[0].iter().flat_map(|a| gaps[1].iter().map(move |b| (a, b))) {
            assert!(a.1 <= b.0 || b.1 <= a.0, "both were down at once: {gaps:?}");
        }
        assert!(failures.is_empty(), "{failures:?}");
    }

    /// Asks through all nodes but `gone`, for longer than it takes to notice; none of them fails
    /// twice.
    async fn asked_through_the_others(&self, gone: usize) {
        let others = self.nodes.iter().enumerate().filter(|(n, _)| *n != gone);
        let asking = others.map(|(n, node)| async move {
            let (end, mut errors) = (Instant::now() + Duration::from_secs(15), Vec::new());
            let mut n_asked = 0;
            while Instant::now() < end {
                n_asked += 1;
                let began = Instant::now();
                if let Err(error) = self.asks(node).await {
                    errors.push(error);
                }
                let took = began.elapsed();
                assert!(took < Duration::from_secs(10), "node {n} took {took:?} for one question");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            println!("node {n}: {n_asked} questions, {} failed", errors.len());
            assert!(errors.len() <= 1, "node {n} failed: {errors:?}");
            assert!(n_asked > 10, "only {n_asked} questions");
        });
        futures_util::future::join_all(asking).await;
    }

    async fn a_killed_node_costs_no_more_than_one_question(&mut self, gone: usize) {
        let home = self.nodes[gone].plan.home.clone();
        let _ = kill_process(self.nodes[gone].pid(), Signal::KILL);
        for program in ["prometheus", "alertmanager", "exporter"] {
            pids(&home, program).into_iter().for_each(kill);
        }
        self.asked_through_the_others(gone).await;
        let node = self.nodes.remove(gone);
        self.nodes.insert(gone, node.stop().start());
        self.both_answer().await;
    }

    /// As when the machine is cut off: connections stand, nothing answers.
    async fn a_node_that_hangs_costs_no_more_than_one_question(&self, gone: usize) {
        let signal = |signal| {
            let _ = kill_process(self.nodes[gone].pid(), signal);
            for pid in pids(&self.nodes[gone].plan.home, "prometheus") {
                let _ = kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal);
            }
        };
        signal(Signal::STOP);
        self.asked_through_the_others(gone).await;
        signal(Signal::CONT);
        self.both_answer().await;
    }
}

/// The spans during which `url` was seen not to be ready, from the first failed look to the last.
async fn watch_ready(url: String, data: PathBuf, stop: Arc<AtomicBool>) -> Vec<(Instant, Instant)> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(2));
    let client = client.build().unwrap();
    let (mut gaps, mut down) = (Vec::new(), None);
    while !stop.load(Ordering::SeqCst) {
        let asked = Instant::now();
        let answer = ask(&client, &data, &url).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            gaps.extend(down.take());
        } else {
            let (first, _) = down.unwrap_or((asked, asked));
            down = Some((first, Instant::now()));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    gaps
}
