//! The watcher over a real store and replicas that answer what a test says.

use super::*;
use crate::{
    model::label::Labels,
    observe::{
        prometheus::{Question, Replica},
        rules::{Filter, State},
    },
    store::{command::Change, testing},
};
use bytes::Bytes;
use futures_util::{FutureExt as _, future::BoxFuture};
use serde_json::{Value, json};
use std::sync::Mutex;

/// Both replicas say the same.
#[derive(Default)]
struct Says {
    alerts: Mutex<Vec<Value>>,
    asked: Mutex<Vec<String>>,
}

impl Says {
    fn set(&self, state: Option<(&str, u64)>) {
        let alert = |(state, active): (&str, u64)| {
            json!({"labels": {"alertname": "Down", "project": "shop"}, "annotations": {},
                   "state": state, "activeAt": UnixMs(active).to_string(), "value": "3"})
        };
        *self.alerts.lock().unwrap() = state.map(alert).into_iter().collect();
    }
}

impl Prometheus for Says {
    fn replicas(&self) -> Vec<Replica> {
        let replica = |node| Replica { node: NodeId(node), ready_since: Some(UnixMs(1)) };
        [1, 2].map(replica).to_vec()
    }

    fn ask(&self, _: NodeId, question: &Question) -> BoxFuture<'_, Result<(u16, Bytes), String>> {
        self.asked.lock().unwrap().push(question.path.clone());
        let alerts = self.alerts.lock().unwrap().clone();
        let data = if question.path.starts_with("/api/v1/rules") {
            let evaluated = UnixMs(now_unix_ms()).to_string();
            json!({"groups": [{"name": "g", "interval": 1, "rules": [
                {"name": "Down", "type": "alerting", "duration": 5, "health": "ok",
                 "lastEvaluation": evaluated, "evaluationTime": 0, "alerts": alerts}]}]})
        } else {
            json!({ "alerts": alerts })
        };
        let body = json!({"status": "success", "data": data}).to_string();
        async move { Ok((200, body.into())) }.boxed()
    }
}

struct Stage {
    _dir: tempfile::TempDir,
    says: Arc<Says>,
    watcher: Watcher,
    book: Option<Book>,
}

async fn stage() -> Stage {
    let dir = tempfile::tempdir().unwrap();
    let store = testing::single(dir.path()).await;
    let says = Arc::new(Says::default());
    let watcher = Watcher { node: NodeId(1), store, prometheus: says.clone() };
    Stage { _dir: dir, says, watcher, book: None }
}

impl Stage {
    async fn declare(&self) {
        let spec = json!({"project": "shop", "rules": [{"alert": "Down", "expr": "up == 0"}]});
        let name = "g".parse().unwrap();
        let change = Change::Put { kind: Kind::RuleGroup, name, labels: Labels::new(), spec };
        let condition = Vec::new();
        let command = Command {
            request: 7,
            actor: "admin".into(),
            why: String::new(),
            at: UnixMs(1),
            preconditions: condition,
            changes: vec![change],
        };
        self.watcher.store.write(command, WRITE_DEADLINE).await.unwrap();
    }

    async fn look(&mut self) -> bool {
        self.watcher.look(&mut self.book).await.unwrap()
    }

    fn told(&self) -> Vec<&'static str> {
        let page = self.watcher.log().page(&Filter::default(), None, 100).unwrap();
        page.0.iter().rev().map(|entry| entry.transition.to.as_str()).collect()
    }
}

#[tokio::test]
async fn nothing_is_asked_while_there_are_no_alerting_rules() {
    let mut stage = stage().await;
    assert!(!stage.look().await);
    assert!(stage.says.asked.lock().unwrap().is_empty());
    stage.declare().await;
    assert!(stage.look().await);
    assert_eq!(stage.says.asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn rules_are_read_only_when_an_alert_changed_and_each_change_is_written_once() {
    let mut stage = stage().await;
    stage.declare().await;
    let since = now_unix_ms() - 3_000;
    for state in [None, Some(("pending", since)), Some(("pending", since)), Some(("firing", since))]
    {
        stage.says.set(state);
        stage.look().await;
    }
    let rules = |asked: &Vec<String>| asked.iter().filter(|path| path.contains("rules")).count();
    assert_eq!(rules(&stage.says.asked.lock().unwrap()), 4, "two changes, two replicas");
    assert!(stage.says.asked.lock().unwrap().iter().any(|p| p.ends_with("rule%5Fname%5B%5D=Down")));
    assert_eq!(stage.told(), ["pending", "firing"]);
    stage.says.set(None);
    stage.look().await;
    assert_eq!(stage.told(), ["pending", "firing", "resolved"]);
}

#[tokio::test]
async fn a_new_leader_goes_on_where_the_old_one_stopped() {
    let mut stage = stage().await;
    stage.declare().await;
    let since = now_unix_ms() - 30_000;
    stage.says.set(Some(("firing", since)));
    stage.look().await;
    let of_the_old_leader = stage.book.take();
    stage.look().await;
    assert_eq!(stage.told(), ["pending", "firing"]);
    // The alert clears; the new leader writes that, and the old one, which does not know that it
    // leads no more, cannot write it again.
    stage.says.set(None);
    stage.look().await;
    let mut stale = of_the_old_leader;
    let refused = stage.watcher.look(&mut stale).await.unwrap_err();
    assert!(matches!(refused, LookError::Write(WriteError::Precondition(_))), "{refused}");
    assert_eq!(stage.told(), ["pending", "firing", "resolved"]);
    let page = stage.watcher.log().page(&Filter::default(), None, 1).unwrap().0;
    assert_eq!((page[0].transition.from, page[0].transition.to), (State::Firing, State::Resolved));
}
