//! One undo, whoever leads: three stores over a network in memory, and nodes whose statuses stay
//! as they were before the undo, which is the hardest case for whoever looks next.

use super::*;
use crate::{
    admission::{Admission, CheckFailure, Checker},
    model::{
        Kind, UnixMs,
        label::Labels,
        observed::{NodeStatus, RefusedBy},
    },
    reconcile::{checker::Checkers, safety::Fleet},
    render::{Placement, tests::fixture},
    store::{
        Store,
        command::{Change as Write, Command, Space},
        testing::{MemoryNetwork, PATIENCE, member},
    },
    supervise::Runner,
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::{sync::watch, time::timeout};

const IDS: [NodeId; 3] = [NodeId(1), NodeId(2), NodeId(3)];

/// Every node says the same, for ever.
struct Stuck(Vec<NodeStatus>);

impl Fleet for Stuck {
    fn nodes(&self) -> Vec<Seen> {
        self.0.iter().map(|status| Seen { status: status.clone(), age_ms: 1 }).collect()
    }

    fn changed(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }

    fn ask(&self, _: NodeId, path: String) -> BoxFuture<'_, Result<Bytes, String>> {
        Box::pin(async move { Err(path) })
    }
}

/// Lets everything pass, once it is let go on.
struct Gate {
    node: NodeId,
    held: watch::Sender<bool>,
    /// Somebody stands before it.
    reached: watch::Sender<bool>,
}

impl Gate {
    fn new(node: NodeId) -> Arc<Self> {
        Arc::new(Self { node, held: watch::channel(false).0, reached: watch::channel(false).0 })
    }
}

impl Checker for Gate {
    fn ground(&self) -> Option<(NodeId, NodeFacts)> {
        Some((self.node, fixture::facts()))
    }

    fn check<'a>(&'a self, _: &'a Component) -> BoxFuture<'a, Result<(), CheckFailure>> {
        Box::pin(async move {
            self.reached.send_replace(true);
            let _ = self.held.subscribe().wait_for(|held| !held).await;
            Ok(())
        })
    }
}

struct Node {
    safety: Safety,
    gate: Arc<Gate>,
}

impl Node {
    /// One look as [`watch`] takes it; says whether something was undone.
    async fn look(&self) -> bool {
        let mut settled = BTreeSet::new();
        for case in cases(self.safety.fleet.nodes()) {
            if case.judge(&self.safety, &mut settled).await {
                return true;
            }
        }
        false
    }
}

struct Cluster {
    _dir: tempfile::TempDir,
    network: MemoryNetwork,
    nodes: Vec<Arc<Node>>,
    good: Value,
}

async fn write(store: &Store, actor: &str, changes: Vec<Write>) -> u64 {
    let command = Command {
        request: super::super::random(),
        actor: actor.into(),
        why: String::new(),
        at: now(),
        preconditions: Vec::new(),
        changes,
    };
    store.write(command, PATIENCE).await.unwrap().index
}

fn put(kind: Kind, name: &str, spec: Value) -> Write {
    Write::Put { kind, name: name.parse().unwrap(), labels: Labels::new(), spec }
}

fn the_shop() -> Vec<Write> {
    let members = fixture::cluster(3).members;
    let members = members.values().map(|member| {
        let row = serde_json::to_vec(member).unwrap();
        Write::PutRow(Space::Member, member.id.to_string().into(), row.into())
    });
    let objects = fixture::shop_resources();
    members.chain(objects.into_iter().map(|(kind, name, spec)| put(kind, name, spec))).collect()
}

/// What a node says that runs the shop as of `good` and refuses what came with `bad`.
fn refusing(node: NodeId, good: u64, bad: u64) -> NodeStatus {
    let config = ConfigStatus {
        component: "prometheus".into(),
        rendered_index: bad,
        live_index: good,
        live_hash: String::new(),
        refused: Some("unable to load specified CA cert /etc/shop-ca.pem: no such file".into()),
        refusal: Some(ConfigRefusal { by: RefusedBy::Program, since_index: bad, since: UnixMs(1) }),
    };
    NodeStatus {
        id: node,
        version: String::new(),
        level: 1,
        pid: 1,
        started: UnixMs(1),
        at: UnixMs(1),
        applied_index: bad,
        state_hashes: Vec::new(),
        components: Vec::new(),
        configs: vec![config],
        faults: Vec::new(),
    }
}

impl Cluster {
    /// Three nodes, of which one refuses the newest change.
    async fn refusing() -> Self {
        let (dir, network) = (tempfile::tempdir().unwrap(), MemoryNetwork::default());
        let mut stores = Vec::new();
        for id in IDS {
            stores.push(member(dir.path(), id, &network).await);
        }
        let all = stores.iter().map(|store| store.initialize(IDS.to_vec()));
        for initialized in futures_util::future::join_all(all).await {
            initialized.unwrap();
        }
        let good = write(&stores[0], "ann", the_shop()).await;
        let spec = json!({"tls_config": {"ca_file": "/etc/shop-ca.pem"}});
        let bad = write(&stores[0], "bob", vec![put(Kind::ScrapeJob, "web", spec)]).await;
        let where_it_runs = Placement::of(&stores[0].state()).prometheus.into_values().next();
        let fleet = Arc::new(Stuck(vec![refusing(where_it_runs.unwrap(), good, bad)]));
        let mut nodes = Vec::new();
        for (store, id) in stores.into_iter().zip(IDS) {
            assert!(store.wait_applied(bad, PATIENCE).await);
            let gate = Gate::new(id);
            let (_, facts) = watch::channel(Some(Arc::new(fixture::facts())));
            let safety = Safety {
                admission: Admission::new(store.clone(), gate.clone()),
                checkers: Checkers::new(Runner::default(), id, facts),
                store,
                fleet: fleet.clone(),
            };
            nodes.push(Arc::new(Node { safety, gate }));
        }
        let shop = fixture::shop_resources();
        let good = shop.into_iter().find(|it| (it.0, it.1) == (Kind::ScrapeJob, "web")).unwrap().2;
        Self { _dir: dir, network, nodes, good }
    }

    /// Waits until a node other than `except` leads.
    async fn leader(&self, except: Option<NodeId>) -> Arc<Node> {
        let others = self.nodes.iter().filter(|node| Some(node.gate.node) != except);
        let leads = others.map(|node| {
            Box::pin(async move {
                let mut raft = node.safety.store.raft();
                raft.wait_for(|status| status.is_leader).await.unwrap();
                node.clone()
            })
        });
        timeout(PATIENCE, futures_util::future::select_all(leads)).await.expect("a leader").0
    }

    /// Every node has the good object again, by one change of ours, and leaves it at that.
    async fn undone_once(&self) {
        for node in &self.nodes {
            let store = &node.safety.store;
            store.barrier(PATIENCE).await.unwrap();
            assert!(!node.look().await, "undone again");
        }
        for node in &self.nodes {
            let store = &node.safety.store;
            store.barrier(PATIENCE).await.unwrap();
            let history = store.history_since(Revision(0)).unwrap();
            let ours: Vec<_> = history.iter().filter(|it| it.actor == OURSELVES).collect();
            assert_eq!(ours.len(), 1, "{ours:?}");
            assert!(ours[0].why.contains("by bob undone"), "{}", ours[0].why);
            let state = store.state();
            assert_eq!(*state.get(Kind::ScrapeJob, "web").unwrap().spec, self.good);
        }
    }

    async fn close(self) {
        for node in &self.nodes {
            node.safety.store.close().await.unwrap();
        }
    }
}

/// A leader that is about to write its undo; it goes on when its gate is opened.
async fn in_the_middle(leader: &Arc<Node>) -> tokio::task::JoinHandle<bool> {
    leader.gate.held.send_replace(true);
    let looking = tokio::spawn({
        let leader = leader.clone();
        async move { leader.look().await }
    });
    let mut reached = leader.gate.reached.subscribe();
    timeout(PATIENCE, reached.wait_for(|reached| *reached)).await.expect("an undo").unwrap();
    looking
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_is_replaced_in_the_middle_of_an_undo_finds_it_done() {
    let cluster = Cluster::refusing().await;
    let old = cluster.leader(None).await;
    let looking = in_the_middle(&old).await;
    old.safety.store.hand_over(PATIENCE).await.unwrap();
    let new = cluster.leader(Some(old.gate.node)).await;
    assert!(new.look().await, "the new leader comes to the same verdict");
    old.gate.held.send_replace(false);
    assert!(!looking.await.unwrap(), "the old one has nothing left to undo");
    cluster.undone_once().await;
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_is_cut_off_in_the_middle_of_an_undo_does_not_do_it_later() {
    let cluster = Cluster::refusing().await;
    let old = cluster.leader(None).await;
    let looking = in_the_middle(&old).await;
    let others: Vec<NodeId> = IDS.into_iter().filter(|id| *id != old.gate.node).collect();
    cluster.network.isolate(old.gate.node, &others);
    let new = cluster.leader(Some(old.gate.node)).await;
    assert!(new.look().await, "the new leader comes to the same verdict");
    old.gate.held.send_replace(false);
    cluster.network.heal();
    assert!(!looking.await.unwrap(), "the old one has nothing left to undo");
    cluster.undone_once().await;
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_all_believe_to_lead_undo_a_change_once() {
    let cluster = Cluster::refusing().await;
    let looks = cluster.nodes.iter().map(|node| node.look());
    let undone = futures_util::future::join_all(looks).await;
    assert_eq!(undone.into_iter().filter(|undone| *undone).count(), 1);
    cluster.undone_once().await;
    cluster.close().await;
}
