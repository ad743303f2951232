//! The cluster under test, shared by clients, faults and judges.

use super::{
    harness::{node::formation_token, wait::eventually},
    nemesis::Kind,
    net::{Middle, N_NODES, Net},
    node::{Common, Node},
};
use serde_json::Value;
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use watchkeep::{demo::api::Api, membership::Patience, store::Profile};

/// Data of the node whose disk runs full: enough for its files, soon filled.
const DISK_MEBIBYTES: u32 = 256;
const PATIENCE: Duration = Duration::from_secs(90);
/// For a machine that must count as dead first, and whose start is the last fault of a round.
const PATIENCE_FOR_JOINERS: Duration = Duration::from_secs(180);
/// How soon an init system starts a node again that ended by itself.
const RESTART_AFTER: Duration = Duration::from_millis(500);

pub struct Cluster {
    // Dropped in this order: processes first, then their cables, then their files.
    nodes: [Mutex<Node>; N_NODES],
    pub net: Net,
    pub dir: TempDir,
    pub started: Instant,
    pub http: reqwest::Client,
    pub token: Mutex<String>,
    /// A disk is, or was just, full: ending is then allowed.
    pub disk_full: AtomicBool,
    /// Nodes that ended by themselves, and why, where that was not allowed.
    pub ended: Mutex<Vec<String>>,
    pub n_excused_ends: Mutex<u32>,
    /// How soon members count as dead or healthy.
    pub patience: Patience,
    /// Id of a member that was told to go, or lost its disk, until its machine is a voter again.
    pub swapping: Mutex<Option<String>>,
    /// Faults to come, in this order.
    pub deck: Mutex<Vec<Kind>>,
}

impl Cluster {
    /// Prepares three nodes; none runs yet. The last one has a small disk if `with_disk`.
    pub fn new(profile: &str, with_disk: bool, middle: Middle) -> Result<Arc<Self>, String> {
        let net = Net::new(middle)?;
        let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(dir.path(), open).unwrap();
        let token_file = formation_token(dir.path(), "token");
        let common = Common { dir: dir.path(), net: &net, token_file: &token_file, profile };
        let disk = |n| (with_disk && n == N_NODES - 1).then_some(DISK_MEBIBYTES);
        let nodes = std::array::from_fn(|n| Mutex::new(Node::new(&common, n, disk(n))));
        let http = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_secs(1));
        let http = http.timeout(Duration::from_secs(10)).build().unwrap();
        Ok(Arc::new(Self {
            nodes,
            net,
            dir,
            started: Instant::now(),
            http,
            token: Mutex::default(),
            disk_full: AtomicBool::new(false),
            ended: Mutex::default(),
            n_excused_ends: Mutex::default(),
            patience: if profile == "fast" { Profile::Fast } else { Profile::Default }.into(),
            swapping: Mutex::default(),
            deck: Mutex::default(),
        }))
    }

    pub fn node(&self, n: usize) -> MutexGuard<'_, Node> {
        self.nodes[n].lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn url(&self, n: usize) -> String {
        format!("http://{}:8420", self.net.client_address(n))
    }

    pub fn token(&self) -> String {
        self.token.lock().unwrap().clone()
    }

    /// Microseconds since the start.
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap()
    }

    /// Waits until the cluster has formed and accepted its first write, an admin token.
    pub async fn first_write(&self) {
        let token = eventually("the first accepted write", PATIENCE, || async {
            let (n, password) = (0..N_NODES)
                .find_map(|n| Some((n, self.node(n).read("initial-admin-password")?)))
                .ok_or("no password yet")?;
            let api = Api::new(&self.url(n)).map_err(|error| error.to_string())?;
            let made = api.make_token("admin", password.trim(), "chaos").await;
            made.map_err(|error| error.to_string())
        })
        .await;
        *self.token.lock().unwrap() = token;
    }

    /// An answer of node `n` as JSON.
    pub async fn get(&self, n: usize, path: &str) -> Result<Value, String> {
        let url = format!("{}{path}", self.url(n));
        let answer = self.http.get(&url).bearer_auth(self.token()).send().await;
        let answer = answer.map_err(|error| error.to_string())?;
        let status = answer.status();
        let value: Value = answer.json().await.map_err(|error| error.to_string())?;
        if status.is_success() { Ok(value) } else { Err(format!("{url}: {status} {value}")) }
    }

    /// The leader as the node with the highest term sees it, and that term.
    pub async fn leader(&self) -> Option<(usize, u64)> {
        let mut newest = None;
        for n in 0..N_NODES {
            let asked = tokio::time::timeout(Duration::from_millis(700), self.get(n, STATUS)).await;
            let Ok(Ok(status)) = asked else { continue };
            let term = status["cluster"]["term"].as_u64().unwrap_or(0);
            let leads = |line: &&Value| line["id"] == status["cluster"]["leader"];
            let line = status["nodes"].as_array().and_then(|nodes| nodes.iter().find(leads));
            let address = line.and_then(|line| line["address"].as_str());
            let place = address.and_then(|a| (0..N_NODES).find(|n| self.net.peer_address(*n) == a));
            if let Some(place) = place
                && newest.is_none_or(|(_, newest)| newest < term)
            {
                newest = Some((place, term));
            }
        }
        newest
    }

    /// As an init system does: starts again who ended by itself, and takes note of why.
    pub async fn tend(self: Arc<Self>) {
        loop {
            tokio::time::sleep(RESTART_AFTER).await;
            for n in 0..N_NODES {
                let mut node = self.node(n);
                let Some(status) = node.ended() else { continue };
                if !node.wanted {
                    continue;
                }
                if node.disk().is_some() && self.disk_full.load(Ordering::SeqCst) {
                    *self.n_excused_ends.lock().unwrap() += 1;
                } else {
                    let words = node.last_words();
                    let told = format!("node {n} ended by itself with {status}: {words}");
                    eprintln!("{told}");
                    self.ended.lock().unwrap().push(told);
                }
                node.start();
            }
        }
    }

    /// Everything runs, is plugged and has room; returns when all three are settled voters, say
    /// the same of the cluster and answer a linearizable read.
    pub async fn heal(&self) -> Result<u64, String> {
        self.net.heal();
        for n in 0..N_NODES {
            let mut node = self.node(n);
            node.hold(false);
            if let Some(disk) = node.disk().filter(|disk| disk.seen("filler").exists()) {
                disk.free();
            }
            node.start();
        }
        let patience = if self.is_swapping() { PATIENCE_FOR_JOINERS } else { PATIENCE };
        let until = Instant::now() + patience;
        loop {
            let all = match self.settled().await {
                Ok(_) => self.agreed().await,
                Err(why) => Err(why),
            };
            match all {
                Ok(term) => return Ok(term),
                Err(why) if Instant::now() > until => {
                    return Err(format!("not healed after {patience:?}: {why}"));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    async fn agreed(&self) -> Result<u64, String> {
        let mut terms = Vec::new();
        for n in 0..N_NODES {
            let status = self.get(n, "/api/v1/status?consistency=strong").await?;
            terms.push((status["cluster"]["term"].as_u64(), status["cluster"]["leader"].clone()));
        }
        match terms.iter().all(|one| *one == terms[0] && !one.1.is_null()) {
            true => terms[0].0.ok_or("no term".to_owned()),
            false => Err(format!("{terms:?}")),
        }
    }

    /// Ends all nodes and copies what they wrote into `to`: logs and data.
    pub fn keep(&self, to: &Path) {
        for n in 0..N_NODES {
            let to = to.join(format!("node-{n}"));
            std::fs::create_dir_all(&to).unwrap();
            let mut node = self.node(n);
            node.kill();
            node.keep(&to);
        }
    }
}

const STATUS: &str = "/api/v1/status";
