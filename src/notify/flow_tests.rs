//! The whole way from webhook to receipt, over a cluster in memory and real HTTP servers.

use super::{
    delivery::Class,
    receipt::{Filter, Receipt, State},
    testing::{Answer, Declared, Faulty, Memory, PlainSeal, Shared, body},
    *,
};
use crate::{
    demo::inbox::{Inbox, Mode},
    model::{Kind, NodeId},
    store::{WriteError, command::Space},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(super) fn tuning() -> Tuning {
    Tuning {
        waits: vec![Duration::from_millis(60)],
        grace: Duration::from_millis(50),
        write_deadline: Duration::from_secs(2),
        hold: Duration::from_secs(1),
        ..Tuning::default()
    }
}

/// Receiver `ops` with the given channels, each a webhook.
pub(super) fn declared(channels: &[(&str, String)]) -> Declared {
    let mut declared = Declared::new();
    let mut allow = Vec::new();
    for (name, url) in channels {
        allow.push(url.split('/').nth(2).unwrap().to_owned());
        let spec = json!({"type": "webhook", "url": url, "timeout_seconds": 2});
        declared.put(Kind::Channel, name, spec);
    }
    let names: Vec<_> = channels.iter().map(|(name, _)| *name).collect();
    declared.put(Kind::Receiver, "ops", json!({"channels": names}));
    declared.put(Kind::Settings, "default", json!({"outgoing": {"allow": allow}}));
    declared
}

pub(super) struct Node {
    pub(super) notify: Notify,
    shutdown: Shutdown,
    _dir: tempfile::TempDir,
}

impl Node {
    pub(super) async fn start(shared: &Arc<Shared>, number: u64) -> Self {
        Self::start_with(shared, number, tuning()).await
    }

    pub(super) async fn start_with(shared: &Arc<Shared>, number: u64, tuning: Tuning) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let shutdown = Shutdown::new();
        let lookup: Lookup = Arc::new(|_| Box::pin(async { Err("no names here".to_owned()) }));
        let cluster = Memory::node(shared, number);
        let notify =
            Notify::start(cluster, lookup, Arc::new(PlainSeal), dir.path(), tuning, &shutdown)
                .await
                .unwrap();
        shared.services.lock().unwrap().insert(NodeId(number), notify.service());
        Self { notify, shutdown, _dir: dir }
    }

    pub(super) async fn post(&self, alerts: &[(&str, &str, u64)], reason: &str) -> u16 {
        self.notify.intake.accept("ops", &body(alerts, reason)).await.status
    }

    /// Waits until the ended receipts satisfy the condition; they come oldest first.
    pub(super) async fn receipts(&self, wanted: impl Fn(&[Receipt]) -> bool) -> Vec<Receipt> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let mut page = self.notify.receipts.page(&Filter::default(), None, 1_000).unwrap();
            page.receipts.reverse();
            if wanted(&page.receipts) {
                return page.receipts;
            }
            assert!(Instant::now() < until, "{:#?}", page.receipts);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub(super) async fn ended(&self, count: usize) -> Vec<Receipt> {
        let done = |all: &[Receipt]| all.iter().filter(|r| r.state != State::Pending).count();
        self.receipts(|all| done(all) >= count).await
    }

    /// As a crash: nothing is awaited.
    pub(super) fn kill(self) {
        self.shutdown.cancel();
    }
}

async fn inbox() -> Inbox {
    Inbox::start("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

fn hook(inbox: &Inbox) -> String {
    format!("{}/hook/ops", inbox.url())
}

fn names(message: &Value) -> Vec<String> {
    let alerts = message["data"]["alerts"].as_array().unwrap();
    let mut names: Vec<_> = alerts
        .iter()
        .map(|alert| {
            let name = alert["labels"]["alertname"].as_str().unwrap();
            format!("{name} {}", alert["status"].as_str().unwrap())
        })
        .collect();
    names.sort();
    names
}

pub(super) async fn within<T>(what: &str, wait: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, wait).await.unwrap_or_else(|_| panic!("{what} took too long"))
}

#[tokio::test]
async fn three_alertmanagers_over_three_nodes_make_one_message_and_one_receipt() {
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let mut nodes = Vec::new();
    for number in 1..=3 {
        nodes.push(Node::start(&shared, number).await);
    }
    let firing = [("X", "firing", 3_000), ("Y", "firing", 2_000)];
    for (alerts, n) in [(firing, 1), ([("X", "resolved", 3_000), ("Y", "firing", 2_000)], 2)] {
        let posts = nodes.iter().map(|node| node.post(&alerts, "first notification"));
        let answers = futures_util::future::join_all(posts).await;
        assert_eq!(answers, [200, 200, 200]);
        within("a message", inbox.arrived(n)).await;
    }
    let receipts = nodes[2].ended(2).await;
    assert!(receipts.iter().all(|receipt| receipt.state == State::Delivered));
    let messages = inbox.messages(0);
    assert_eq!((receipts.len(), messages.len()), (2, 2));
    assert_eq!(names(&messages[0].body), ["X firing", "Y firing"]);
    assert_eq!(names(&messages[1].body), ["X resolved"]);
    assert_eq!(messages[0].body["type"], "alert.firing");
    let id = format!("msg_{}", receipts[0].id);
    assert_eq!(messages[0].headers["webhook-id"], id.as_str());
    assert_eq!(messages[0].body["data"]["id"], id.as_str());
    let snapshot = nodes[0].notify.metrics.snapshot();
    assert_eq!(snapshot.attempts[&("webhook", "delivered")], 2);
    assert_eq!(shared.count(Space::Delivery), 0);
}

#[tokio::test]
async fn failing_channel_is_tried_again_under_the_same_id_until_it_takes_the_message() {
    let html = Answer::with(200, "Content-Type: text/html\r\n", "<html>sign in</html>");
    let answers = vec![
        Answer::status(500, ""),
        Answer::with(429, "Retry-After: 0\r\n", ""),
        html,
        Answer::Reset,
        Answer::Hang,
        Answer::status(200, "ok"),
    ];
    let server = Faulty::start(answers).await;
    let shared = Shared::new(declared(&[("hook", format!("http://{}/", server.addr))]));
    let node = Node::start(&shared, 1).await;
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    let receipts = node.ended(1).await;
    let classes: Vec<_> =
        receipts[0].attempts.iter().map(|a| a.outcome.as_ref().unwrap().class).collect();
    use Class::{Delivered, Limited, Retry, Unknown};
    assert_eq!(classes, [Retry, Limited, Unknown, Unknown, Unknown, Delivered]);
    let ids: std::collections::BTreeSet<_> = server
        .requests()
        .iter()
        .map(|request| {
            let line = request.lines().find(|line| line.starts_with("webhook-id: "));
            line.unwrap().to_owned()
        })
        .collect();
    assert_eq!((server.requests().len(), ids.len()), (6, 1));
}

#[tokio::test]
async fn refusal_and_end_of_schedule_leave_a_receipt_that_says_why() {
    let refusing = Faulty::start(vec![Answer::status(404, "")]).await;
    let failing = Faulty::start(vec![Answer::status(500, "")]).await;
    let shared = Shared::new(declared(&[
        ("gone", format!("http://{}/token-topsecret", refusing.addr)),
        ("broken", format!("http://{}/token-topsecret", failing.addr)),
    ]));
    let node = Node::start(&shared, 1).await;
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    failing.received(3).await;
    // The schedule's end is a time in the row: move it to now.
    let cluster = Memory::node(&shared, 1);
    loop {
        let rows = cluster::Rows::rows(&*cluster, Space::Delivery, &[], 10).unwrap();
        let [(key, revision, bytes)] = rows.as_slice() else { panic!("one waits") };
        let mut delivery: delivery::Delivery = serde_json::from_slice(bytes).unwrap();
        delivery.expires_at = testing::now();
        let put = crate::store::command::Change::PutRow(
            Space::Delivery,
            key.clone(),
            serde_json::to_vec(&delivery).unwrap().into(),
        );
        let unchanged =
            crate::store::command::Precondition::Row(Space::Delivery, key.clone(), Some(*revision));
        let wait = Duration::from_secs(1);
        if cluster.write("test", vec![unchanged], vec![put], wait).await.is_ok() {
            break;
        }
    }
    let receipts = node.ended(2).await;
    let reason = |channel: &str| {
        let receipt = receipts.iter().find(|receipt| receipt.channel == channel).unwrap();
        assert_eq!(receipt.state, State::Failed);
        receipt.reason.clone()
    };
    assert!(reason("gone").contains("nothing at this address"), "{receipts:?}");
    assert!(reason("broken").contains("HTTP 500"), "{receipts:?}");
    assert!(!format!("{receipts:?}").contains("topsecret"));
}

#[tokio::test]
async fn crash_between_send_and_receipt_sends_again_under_the_same_id() {
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    // The outcome cannot be written any more: the node dies with it.
    let died = tokio::sync::watch::Sender::new(false);
    let dies = died.clone();
    *shared.before_write.lock().unwrap() = Some(Box::new(move |why| match why {
        "end a delivery" => {
            dies.send_replace(true);
            Err(WriteError::Closed)
        }
        _ => Ok(()),
    }));
    let first = Node::start(&shared, 1).await;
    assert_eq!(first.post(&[("X", "firing", 1_000)], "").await, 200);
    within("the first message", inbox.arrived(1)).await;
    within("its outcome", died.subscribe().wait_for(|died| *died)).await.unwrap();
    first.kill();
    *shared.before_write.lock().unwrap() = None;
    shared.lead(NodeId(2));
    let second = Node::start(&shared, 2).await;
    let receipts = second.ended(1).await;
    assert_eq!((receipts.len(), receipts[0].state), (1, State::Delivered));
    let messages = inbox.messages(0);
    assert!(messages.len() >= 2);
    assert!(messages.iter().all(|m| m.headers["webhook-id"] == messages[0].headers["webhook-id"]));
    let attempts = &receipts[0].attempts;
    assert_eq!(attempts[0].outcome.as_ref().unwrap().class, Class::Unknown);
    assert!(attempts[0].outcome.as_ref().unwrap().reason.contains("stopped before"));
}

#[tokio::test]
async fn when_neither_cluster_nor_spool_takes_it_nothing_is_kept_and_the_sender_has_to_come_back() {
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let hold = Duration::from_millis(300);
    let node = Node::start_with(&shared, 1, Tuning { hold, ..tuning() }).await;
    *shared.rows_fail.lock().unwrap() = true;
    let answer = node.notify.intake.accept("ops", &body(&[("X", "firing", 1_000)], "")).await;
    assert_eq!((answer.status, shared.count(Space::Episode)), (503, 0));
    assert!(answer.text.starts_with("alerts are not stored: no quorum, and storage failed"));
    *shared.rows_fail.lock().unwrap() = false;
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    within("the message", inbox.arrived(1)).await;
    assert_eq!((node.ended(1).await.len(), inbox.messages(0).len()), (1, 1));
}

#[tokio::test]
async fn what_is_no_webhook_is_refused_for_good() {
    let shared = Shared::new(declared(&[]));
    let node = Node::start(&shared, 1).await;
    let answer = node.notify.intake.accept("ops", b"{\"text\": 1}").await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("`version` is missing") && answer.text.ends_with('\n'));
    let large = vec![b' '; intake::MAX_BODY_BYTES + 1];
    assert_eq!(node.notify.intake.accept("ops", &large).await.status, 413);
    let webhooks = node.notify.metrics.snapshot().webhooks;
    assert_eq!((webhooks["refused"], webhooks["too_large"]), (1, 1));
}

#[tokio::test]
async fn deposed_leader_that_does_not_know_it_sends_nothing_more() {
    let server = Faulty::start(vec![Answer::status(500, "")]).await;
    let shared = Shared::new(declared(&[("hook", format!("http://{}/", server.addr))]));
    let node = Node::start(&shared, 1).await;
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    server.received(2).await;
    // Another one has taken over, but this node was told nothing of it.
    let cluster = Memory::node(&shared, 2);
    let key = bytes::Bytes::from_static(b"notify/sender");
    let put = crate::store::command::Change::PutRow(Space::Lease, key, "{}".into());
    cluster.write("test", vec![], vec![put], Duration::from_secs(1)).await.unwrap();
    let claims = Arc::new(std::sync::Mutex::new(0));
    let counted = claims.clone();
    *shared.before_write.lock().unwrap() = Some(Box::new(move |why| {
        *counted.lock().unwrap() += usize::from(why == "begin a delivery");
        Ok(())
    }));
    let sent = server.requests().len();
    within("claims", async {
        while *claims.lock().unwrap() < 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    // At most the one that was under way.
    assert!(server.requests().len() <= sent + 1);
}

#[tokio::test]
async fn channel_that_hangs_delays_no_other() {
    let hanging = Faulty::start(vec![Answer::Hang]).await;
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[
        ("hangs", format!("http://{}/", hanging.addr)),
        ("works", hook(&inbox)),
    ]));
    let node = Node::start(&shared, 1).await;
    for n in 1..=20 {
        let name = format!("A{n}");
        assert_eq!(node.post(&[(&name, "firing", 1_000)], "").await, 200);
    }
    let began = Instant::now();
    within("all messages", inbox.arrived(20)).await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn alert_that_is_over_before_it_could_be_told_is_told_once() {
    let inbox = inbox().await;
    inbox.set_mode(Mode { status: 503, delay_ms: 0 });
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let node = Node::start(&shared, 1).await;
    assert_eq!(node.post(&[("X", "firing", 5_000)], "").await, 200);
    node.receipts(|all| all.first().is_some_and(|r| r.n_attempts >= 2)).await;
    assert_eq!(node.post(&[("X", "resolved", 5_000)], "").await, 200);
    node.receipts(|all| all.len() == 2 && all[1].n_attempts >= 1).await;
    inbox.set_mode(Mode { status: 200, delay_ms: 0 });
    let receipts = node.ended(2).await;
    let messages = inbox.messages(0);
    assert_eq!(messages.len(), 1);
    assert_eq!(names(&messages[0].body), ["X resolved"]);
    assert!(!messages[0].body["data"]["alerts"][0]["endsAt"].is_null());
    let mut states: Vec<_> = receipts.iter().map(|receipt| receipt.state).collect();
    states.sort();
    assert_eq!(states, [State::Delivered, State::Merged]);
    assert!(receipts.iter().any(|receipt| receipt.merged_into.is_some()));
}

#[tokio::test]
async fn backlog_of_a_failing_channel_becomes_one_message_that_counts_it() {
    let inbox = inbox().await;
    inbox.set_mode(Mode { status: 503, delay_ms: 0 });
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let node = Node::start_with(&shared, 1, Tuning { merge_failing: 4, ..tuning() }).await;
    for n in 0..12 {
        let name = format!("A{n:02}");
        assert_eq!(node.post(&[(&name, "firing", 1_000)], "").await, 200);
    }
    node.receipts(|all| all.iter().any(|receipt| receipt.state == State::Merged)).await;
    inbox.set_mode(Mode { status: 200, delay_ms: 0 });
    let receipts = node.ended(12).await;
    assert!(receipts.iter().all(|r| matches!(r.state, State::Delivered | State::Merged)));
    let messages = inbox.messages(0);
    assert!(messages.len() < 12);
    let mut told: Vec<_> = messages.iter().flat_map(|message| names(&message.body)).collect();
    told.sort();
    assert_eq!(told, (0..12).map(|n| format!("A{n:02} firing")).collect::<Vec<_>>());
    let merged: u64 = messages.iter().map(|m| m.body["data"]["merged"].as_u64().unwrap()).sum();
    assert_eq!(merged + messages.len() as u64, 12);
}

#[tokio::test]
async fn channel_deleted_while_something_waits_ends_it_with_a_receipt() {
    let server = Faulty::start(vec![Answer::status(500, "")]).await;
    let shared = Shared::new(declared(&[("hook", format!("http://{}/", server.addr))]));
    let node = Node::start(&shared, 1).await;
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    server.received(1).await;
    shared.declared.lock().unwrap().remove(Kind::Channel, "hook");
    let receipts = node.ended(1).await;
    assert_eq!(receipts[0].state, State::Failed);
    assert!(receipts[0].reason.contains("no channel `hook`"), "{receipts:?}");
    // Nobody is left to be told: that is said too, and the alert is accepted all the same.
    assert_eq!(node.post(&[("Y", "firing", 1_000)], "").await, 200);
    let receipts = node.ended(2).await;
    assert!(receipts[1].reason.contains("no receiver `ops` with a channel"), "{receipts:?}");
}

#[tokio::test]
async fn without_quorum_alerts_are_told_from_the_spool_and_merged_when_it_is_back() {
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let nodes = [Node::start(&shared, 1).await, Node::start(&shared, 2).await];
    *shared.lost.lock().unwrap() = Instant::now().checked_sub(Duration::from_secs(9));
    assert_eq!(nodes[1].post(&[("X", "firing", 1_000)], "").await, 200);
    within("the local message", inbox.arrived(1)).await;
    assert_eq!(inbox.messages(0)[0].body["data"]["local"], true);
    assert_eq!(shared.count(Space::Episode), 0);
    *shared.lost.lock().unwrap() = None;
    let receipts = nodes[0].ended(1).await;
    assert!(receipts[0].local && receipts[0].state == State::Delivered, "{receipts:?}");
    // The cluster knows it as told: a second Alertmanager's word is no news, its end is.
    assert_eq!(nodes[0].post(&[("X", "firing", 1_000)], "").await, 200);
    assert_eq!(nodes[0].post(&[("X", "resolved", 1_000)], "").await, 200);
    within("the end", inbox.arrived(2)).await;
    let receipts = nodes[0].ended(2).await;
    assert_eq!((receipts.len(), inbox.messages(0).len()), (2, 2));
    assert_eq!(names(&inbox.messages(1)[0].body), ["X resolved"]);
}

#[tokio::test]
async fn what_the_spool_could_not_tell_the_cluster_tells() {
    let inbox = inbox().await;
    inbox.set_mode(Mode { status: 503, delay_ms: 0 });
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let node = Node::start(&shared, 1).await;
    *shared.lost.lock().unwrap() = Instant::now().checked_sub(Duration::from_secs(9));
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    within("a failed attempt", async {
        while node.notify.metrics.snapshot().attempts[&("webhook", "retry")] == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    inbox.set_mode(Mode { status: 200, delay_ms: 0 });
    *shared.lost.lock().unwrap() = None;
    within("the message", inbox.arrived(1)).await;
    node.ended(1).await;
    assert_eq!(inbox.messages(0).len(), 1);
}

#[tokio::test]
async fn request_that_comes_as_quorum_is_lost_is_held_and_then_spooled() {
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let node = Node::start(&shared, 1).await;
    *shared.lost.lock().unwrap() = Some(Instant::now());
    let began = Instant::now();
    assert_eq!(node.post(&[("X", "firing", 1_000)], "").await, 200);
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(5), "{took:?}");
    assert_eq!(node.notify.metrics.snapshot().webhooks["spooled"], 1);
}

#[tokio::test]
async fn twenty_thousand_alerts_of_one_webhook_are_all_told() {
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[("hook", hook(&inbox))]));
    let hold = Duration::from_secs(60);
    let node = Node::start_with(&shared, 1, Tuning { hold, ..tuning() }).await;
    let all: Vec<String> = (0..20_000).map(|n| format!("A{n:05}")).collect();
    let alerts: Vec<_> = all.iter().map(|name| (name.as_str(), "firing", 1_000)).collect();
    assert_eq!(node.post(&alerts, "").await, 200);
    within("all messages", async {
        while shared.count(Space::Delivery) > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let mut told: Vec<_> =
        inbox.messages(0).iter().flat_map(|message| names(&message.body)).collect();
    told.sort();
    assert_eq!(told.len(), 20_000);
    assert!(told.iter().zip(&all).all(|(told, name)| *told == format!("{name} firing")));
}

#[tokio::test]
async fn a_test_is_answered_at_once_and_leaves_a_receipt_that_tells_nobody_of_an_alert() {
    let inbox = inbox().await;
    let refusing = Faulty::start(vec![Answer::status(401, "who are you?")]).await;
    let bad = format!("http://{}/x?token=topsecret", refusing.addr);
    let shared = Shared::new(declared(&[("bad", bad), ("good", hook(&inbox))]));
    let (leader, follower) = (Node::start(&shared, 1).await, Node::start(&shared, 2).await);
    let tried = trial::Tried::Receiver("ops".into());
    let results = within("a test", follower.notify.trials.run(tried, "ann")).await.unwrap();
    let said: Vec<_> = results.iter().map(|r| (r.channel.as_str(), r.ok)).collect();
    assert_eq!(said, [("bad", false), ("good", true)]);
    assert!(results[0].answer.contains("401"), "{results:?}");
    assert!(!format!("{results:?}").contains("topsecret"), "{results:?}");
    let message = &inbox.messages(0)[0].body;
    assert_eq!((&message["type"], &message["data"]["test"]), (&json!("alert.test"), &json!(true)));
    let receipts = leader.ended(2).await;
    assert!(receipts.iter().all(|receipt| receipt.test && receipt.receiver == "ops"));
    let states: Vec<_> = receipts.iter().map(|r| (r.channel.as_str(), r.state)).collect();
    assert!(
        states.contains(&("bad", State::Failed)) && states.contains(&("good", State::Delivered))
    );
    // The follower asked the leader, which sends the real ones.
    assert!(receipts.iter().all(|receipt| receipt.attempts[0].node == NodeId(1)), "{receipts:?}");
    let fingerprint = receipts[0].alerts[0].fingerprint;
    assert_eq!(leader.notify.receipts.episodes_of(fingerprint).unwrap(), []);
    let missing = leader.notify.trials.run(trial::Tried::Channel("none".into()), "ann").await;
    assert_eq!(missing, Err(trial::TestError::Missing("channel `none`".into())));
}

#[tokio::test]
async fn without_a_leader_in_reach_this_node_sends_the_test() {
    let inbox = inbox().await;
    let shared = Shared::new(declared(&[("good", hook(&inbox))]));
    let node = Node::start(&shared, 2).await;
    let tried = trial::Tried::Channel("good".into());
    let results = within("a test", node.notify.trials.run(tried, "ann")).await.unwrap();
    assert!(results[0].ok, "{results:?}");
    assert_eq!(inbox.messages(0).len(), 1);
}
