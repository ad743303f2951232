//! The notifier over the real store: restarts, three nodes, lost leaders and lost quorum.

use super::{
    delivery::Class,
    receipt::{Filter, Receipt, State},
    testing::{Answer, Faulty, body},
    *,
};
use crate::{
    base::clock::now_unix_ms,
    demo::inbox::{Inbox, Mode},
    model::{
        Kind, NodeId, UnixMs,
        label::Labels,
        rpc::{Refusal, Service},
    },
    store::{
        Store,
        command::{Change, Command},
        testing::{MemoryNetwork, PATIENCE, member, single},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::timeout;

const IDS: [NodeId; 3] = [NodeId(11), NodeId(22), NodeId(33)];

fn tuning() -> Tuning {
    Tuning {
        waits: vec![Duration::from_millis(100)],
        grace: Duration::from_millis(100),
        write_deadline: Duration::from_secs(2),
        hold: Duration::from_secs(1),
        ..Tuning::default()
    }
}

/// Declares receiver `ops` with one webhook.
async fn declare(store: &Store, url: &str) {
    let allow = url.split('/').nth(2).unwrap();
    let put = |kind, name: &str, spec| Change::Put {
        kind,
        name: name.parse().unwrap(),
        labels: Labels::new(),
        spec,
    };
    let command = Command {
        request: rand(),
        actor: "test".into(),
        why: String::new(),
        at: UnixMs(now_unix_ms()),
        preconditions: Vec::new(),
        changes: vec![
            put(Kind::Channel, "hook", json!({"type": "webhook", "url": url})),
            put(Kind::Receiver, "ops", json!({"channels": ["hook"]})),
            put(Kind::Settings, "default", json!({"outgoing": {"allow": [allow]}})),
        ],
    };
    store.write(command, PATIENCE).await.unwrap();
}

fn rand() -> u128 {
    delivery::DeliveryId::mint(UnixMs(0)).0
}

async fn notifier(
    store: &Store,
    node: NodeId,
    network: &MemoryNetwork,
    dir: &Path,
    shutdown: &Shutdown,
) -> Notify {
    let cluster = OverStore::new(store.clone(), network.transport(node), node);
    let lookup: Lookup = Arc::new(|_| Box::pin(async { Err("no names here".to_owned()) }));
    Notify::start(cluster, lookup, Arc::new(super::testing::PlainSeal), dir, tuning(), shutdown)
        .await
        .unwrap()
}

async fn ended(notify: &Notify, count: usize) -> Vec<Receipt> {
    let until = Instant::now() + PATIENCE;
    loop {
        let page = notify.receipts.page(&Filter::default(), None, 100).unwrap();
        let done = page.receipts.iter().filter(|receipt| receipt.state != State::Pending).count();
        if done >= count {
            return page.receipts;
        }
        assert!(Instant::now() < until, "{:#?}", page.receipts);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn process_that_is_killed_while_sending_sends_again_after_its_restart_under_the_same_id() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tokio::runtime::Runtime::new().unwrap();
    let server = outside.block_on(Faulty::start(vec![Answer::Hang, Answer::status(200, "ok")]));
    let network = MemoryNetwork::default();
    let first = tokio::runtime::Runtime::new().unwrap();
    let store = first.block_on(async {
        let store = single(dir.path()).await;
        declare(&store, &format!("http://{}/", server.addr)).await;
        let shutdown = Shutdown::new();
        let notify = notifier(&store, NodeId(1), &network, dir.path(), &shutdown).await;
        let answer = notify.intake.accept("ops", &body(&[("X", "firing", 1_000)], "")).await;
        assert_eq!(answer.status, 200);
        server.received(1).await;
        store
    });
    // All its tasks end where they are.
    first.shutdown_timeout(Duration::from_secs(5));
    outside.block_on(store.close()).unwrap();
    drop(store);
    let second = tokio::runtime::Runtime::new().unwrap();
    second.block_on(async {
        let store = single(dir.path()).await;
        let shutdown = Shutdown::new();
        let notify = notifier(&store, NodeId(1), &network, dir.path(), &shutdown).await;
        let receipts = ended(&notify, 1).await;
        assert_eq!((receipts.len(), receipts[0].state), (1, State::Delivered));
        let classes: Vec<_> =
            receipts[0].attempts.iter().map(|a| a.outcome.as_ref().unwrap().class).collect();
        assert_eq!(classes, [Class::Unknown, Class::Delivered]);
        // The same alert again is no news.
        let again = notify.intake.accept("ops", &body(&[("X", "firing", 1_000)], "")).await;
        assert_eq!((again.status, ended(&notify, 1).await.len()), (200, 1));
        shutdown.cancel();
        notify.stopped().await;
        store.close().await.unwrap();
    });
    let id = |request: &String| {
        request.lines().find(|line| line.starts_with("webhook-id: ")).unwrap().to_owned()
    };
    let ids: Vec<_> = server.requests().iter().map(id).collect();
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
}

/// Serves both parts of a node.
struct Both(Arc<dyn Service>, Arc<dyn Service>);

impl Service for Both {
    fn handle(
        &self,
        from: NodeId,
        method: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let part = if method.starts_with("notify/") { &self.1 } else { &self.0 };
        part.handle(from, method, body)
    }
}

struct Three {
    _dir: tempfile::TempDir,
    network: MemoryNetwork,
    stores: Vec<Store>,
    notifiers: Vec<Notify>,
    shutdown: Shutdown,
    inbox: Inbox,
}

impl Three {
    async fn start() -> Self {
        let (dir, network) = (tempfile::tempdir().unwrap(), MemoryNetwork::default());
        let inbox = Inbox::start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let mut stores = Vec::new();
        for id in IDS {
            stores.push(member(dir.path(), id, &network).await);
        }
        let all = stores.iter().map(|store| store.initialize(IDS.to_vec()));
        futures_util::future::try_join_all(all).await.unwrap();
        declare(&stores[0], &format!("{}/hook/ops", inbox.url())).await;
        let shutdown = Shutdown::new();
        let mut notifiers = Vec::new();
        for (store, id) in stores.iter().zip(IDS) {
            let home = dir.path().join(format!("notify-{id}"));
            std::fs::create_dir(&home).unwrap();
            let notify = notifier(store, id, &network, &home, &shutdown).await;
            let both = Both(store.service(), notify.intake.service());
            network.serve(id, Arc::new(both));
            notifiers.push(notify);
        }
        Self { _dir: dir, network, stores, notifiers, shutdown, inbox }
    }

    async fn leader(&self, except: Option<usize>) -> usize {
        let leads = self.stores.iter().enumerate().filter(|(n, _)| Some(*n) != except).map(
            async |(n, store)| {
                store.raft().wait_for(|status| status.is_leader).await.unwrap();
                n
            },
        );
        let first = futures_util::future::select_all(leads.map(Box::pin));
        timeout(PATIENCE, first).await.expect("a leader in time").0
    }

    fn isolate(&self, n: usize) {
        let others: Vec<NodeId> = IDS.into_iter().filter(|id| *id != IDS[n]).collect();
        self.network.isolate(IDS[n], &others);
    }

    async fn post(&self, n: usize, alerts: &[(&str, &str, u64)]) -> u16 {
        let body = body(alerts, "");
        let posted = self.notifiers[n].intake.accept("ops", &body);
        timeout(PATIENCE, posted).await.expect("an answer in time").status
    }

    async fn arrived(&self, n: u64) {
        timeout(PATIENCE, self.inbox.arrived(n)).await.expect("a message in time");
    }

    async fn stop(self) {
        self.shutdown.cancel();
        for notify in &self.notifiers {
            notify.stopped().await;
        }
        for store in &self.stores {
            store.close().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_alertmanagers_on_three_real_nodes_make_one_message() {
    let three = Three::start().await;
    let alerts = [("X", "firing", 1_000), ("Y", "firing", 1_000)];
    let posts = (0..3).map(|n| three.post(n, &alerts));
    assert_eq!(futures_util::future::join_all(posts).await, [200, 200, 200]);
    three.arrived(1).await;
    let resolved = [("X", "resolved", 1_000), ("Y", "resolved", 1_000)];
    let posts = (0..3).map(|n| three.post(n, &resolved));
    assert_eq!(futures_util::future::join_all(posts).await, [200, 200, 200]);
    three.arrived(2).await;
    for notify in &three.notifiers {
        let receipts = ended(notify, 2).await;
        assert!(receipts.iter().all(|r| r.state == State::Delivered && r.n_attempts == 1));
    }
    assert_eq!(three.inbox.messages(0).len(), 2);
    three.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_cut_off_tells_from_its_spool_and_the_cluster_learns_of_it() {
    let three = Three::start().await;
    let cut = (three.leader(None).await + 1) % 3;
    three.isolate(cut);
    assert_eq!(three.post(cut, &[("X", "firing", 1_000)]).await, 200);
    three.arrived(1).await;
    assert_eq!(three.inbox.messages(0)[0].body["data"]["local"], true);
    three.network.heal();
    let other = (cut + 1) % 3;
    let receipts = ended(&three.notifiers[other], 1).await;
    assert!(receipts[0].local && receipts[0].state == State::Delivered, "{receipts:?}");
    assert_eq!(three.post(other, &[("X", "resolved", 1_000)]).await, 200);
    three.arrived(2).await;
    ended(&three.notifiers[other], 2).await;
    assert_eq!(three.inbox.messages(0).len(), 2);
    three.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn next_leader_goes_on_sending_where_the_lost_one_stopped() {
    let three = Three::start().await;
    three.inbox.set_mode(Mode { status: 503, delay_ms: 0 });
    let lost = three.leader(None).await;
    assert_eq!(three.post(lost, &[("X", "firing", 1_000)]).await, 200);
    let tried = async {
        while three.notifiers[lost].metrics.snapshot().attempts[&("webhook", "retry")] < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, tried).await.expect("attempts in time");
    three.isolate(lost);
    let next = three.leader(Some(lost)).await;
    three.inbox.set_mode(Mode { status: 200, delay_ms: 0 });
    three.arrived(1).await;
    let receipts = ended(&three.notifiers[next], 1).await;
    assert_eq!(receipts[0].state, State::Delivered);
    let nodes: std::collections::BTreeSet<_> =
        receipts[0].attempts.iter().map(|attempt| attempt.node).collect();
    assert_eq!(nodes, [IDS[lost], IDS[next]].into_iter().collect());
    three.network.heal();
    // Back among the others it finds nothing left to send.
    ended(&three.notifiers[lost], 1).await;
    assert_eq!(three.inbox.messages(0).len(), 1);
    three.stop().await;
}
