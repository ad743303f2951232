//! Our nodes and a three-node etcd in turn, on the same machine, under the same load.
//! `WATCHKEEP_BENCH_ETCD` names the etcd program; without it this stage says that it did not run.

use super::{
    harness::{nodes::Nodes, wait::eventually},
    print,
    writes::{self, Rate, Writable, fsync_latency},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::{
    collections::BTreeMap,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

const ROUNDS: usize = 3;
const CLIENTS: [usize; 4] = [1, 16, 64, 256];
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn beside() {
    let Ok(program) = std::env::var("WATCHKEEP_BENCH_ETCD") else {
        print(
            json!({"skipped": "writes beside etcd", "why": "WATCHKEEP_BENCH_ETCD names no etcd"}),
        );
        return;
    };
    let (mut ours, mut theirs) = (BTreeMap::new(), BTreeMap::new());
    let mut fsync = (0.0, 0.0);
    for round in 0..ROUNDS {
        let nodes = Nodes::start(3, "127.0.1");
        let api = writes::Api::new(&nodes, &nodes.first_write().await);
        fsync = fsync_latency(nodes.dir());
        all("watchkeep", round, &api, fsync, &mut ours).await;
        drop((api, nodes));
        let etcd = Etcd::start(Path::new(&program));
        etcd.ready().await;
        all("etcd", round, &etcd, fsync, &mut theirs).await;
    }
    for clients in CLIENTS {
        let (ours, theirs) = (middle(&mut ours, clients), middle(&mut theirs, clients));
        print(json!({
            "figure": "durable_writes_beside_etcd", "clients": clients, "rounds": ROUNDS,
            "watchkeep": ours.round(), "etcd": theirs.round(),
            "ratio": (ours / theirs * 100.0).round() / 100.0,
            "fsync_ms": {"p50": fsync.0, "p99": fsync.1},
        }));
    }
}

type Rates = BTreeMap<usize, Vec<f64>>;

async fn all(who: &str, round: usize, to: &impl Writable, fsync: (f64, f64), rates: &mut Rates) {
    for clients in CLIENTS {
        let rate: Rate = writes::rate(to, clients).await;
        rates.entry(clients).or_default().push(rate.per_second);
        let mut figure = json!({
            "figure": "durable_writes_per_second", "of": who, "round": round, "clients": clients,
            "fsync_ms": {"p50": fsync.0, "p99": fsync.1},
        });
        rate.into(&mut figure);
        print(figure);
    }
}

fn middle(rates: &mut Rates, clients: usize) -> f64 {
    let rates = rates.get_mut(&clients).unwrap();
    rates.sort_unstable_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Three members with TLS among themselves, as ours have, and default settings else.
struct Etcd {
    children: Vec<Child>,
    http: Vec<reqwest::Client>,
    _dir: TempDir,
}

impl Etcd {
    fn start(program: &Path) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let peer = |n: usize| format!("https://127.0.2.{n}:2380");
        let all: Vec<String> = (1..=3).map(|n| format!("n{n}={}", peer(n))).collect();
        let start = |n: usize| {
            let log = std::fs::File::create(dir.path().join(format!("log{n}"))).unwrap();
            Command::new(program)
                .args(["--name", &format!("n{n}"), "--initial-cluster", &all.join(",")])
                .arg("--data-dir")
                .arg(dir.path().join(format!("n{n}")))
                .args(["--peer-auto-tls", "--log-level", "error"])
                .args(["--listen-peer-urls", &peer(n), "--initial-advertise-peer-urls", &peer(n)])
                .args(["--listen-client-urls", &client_url(n), "--advertise-client-urls"])
                .arg(client_url(n))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log)
                .spawn()
                .unwrap()
        };
        let children = (1..=3).map(start).collect();
        Self { children, http: writes::connections(), _dir: dir }
    }

    async fn ready(&self) {
        eventually("etcd to take writes", PATIENCE, || self.put(0, "first", "x")).await;
    }

    /// `etcdserverpb.KV/Put`: gRPC is a length and a protobuf message in an HTTP/2 request.
    async fn put(&self, client: usize, name: &str, value: &str) -> Result<(), String> {
        let url = format!("{}/etcdserverpb.KV/Put", client_url(client % 3 + 1));
        let mut message = Vec::with_capacity(name.len() + value.len() + 16);
        for (field, bytes) in [(1_u8, name), (2, value)] {
            message.push(field << 3 | 2);
            varint(bytes.len(), &mut message);
            message.extend_from_slice(bytes.as_bytes());
        }
        let mut body = vec![0];
        body.extend_from_slice(&u32::try_from(message.len()).unwrap().to_be_bytes());
        body.extend_from_slice(&message);
        let request = self.http[client / 3 % self.http.len()].post(url);
        let request = request.header("content-type", "application/grpc").header("te", "trailers");
        let answer = request.body(body).send().await.map_err(|error| format!("{error:?}"))?;
        // A call that failed has its status in the head and no message.
        let status = answer.headers().get("grpc-status").cloned();
        let answer = answer.bytes().await.map_err(|error| error.to_string())?;
        match status {
            None if answer.len() > 5 => Ok(()),
            status => Err(format!("gRPC status {status:?}, {} bytes", answer.len())),
        }
    }
}

impl Writable for Etcd {
    async fn write(&self, client: usize, name: String, value: String) {
        self.put(client, &name, &value).await.unwrap();
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        for child in &mut self.children {
            let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
            let _ = kill_process(pid, Signal::TERM);
            let _ = child.wait();
        }
    }
}

fn client_url(n: usize) -> String {
    format!("http://127.0.2.{n}:2379")
}

fn varint(mut number: usize, into: &mut Vec<u8>) {
    while number > 0x7f {
        into.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    into.push(u8::try_from(number).unwrap());
}
