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
    /// The series `ALERTS`: state, from, to in milliseconds, one sample a second.
    past: Mutex<Vec<(&'static str, u64, u64)>>,
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
        } else if question.path == "/api/v1/query" {
            let series = self.past.lock().unwrap().iter().map(series).collect::<Vec<_>>();
            json!({"resultType": "matrix", "result": series})
        } else {
            json!({ "alerts": alerts })
        };
        let body = json!({"status": "success", "data": data}).to_string();
        async move { Ok((200, body.into())) }.boxed()
    }
}

fn series((state, from, to): &(&str, u64, u64)) -> Value {
    let seconds = |ms: u64| serde_json::Number::from_f64(ms as f64 / 1000.0).unwrap();
    let at = (*from..=*to).step_by(1000);
    let values: Vec<_> = at.map(|ms| json!([seconds(ms), "1"])).collect();
    json!({"metric": {"__name__": "ALERTS", "alertname": "Down", "alertstate": state,
                      "project": "shop"}, "values": values})
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

#[tokio::test]
async fn an_alert_that_came_and_went_while_nobody_watched_is_written_by_the_next_leader() {
    let mut stage = stage().await;
    stage.declare().await;
    let now = now_unix_ms();
    let at = |seconds_ago: u64| now - seconds_ago * 1000;
    // The last that was written before the gap is a life that is over.
    let mut book = stage.watcher.log().load().unwrap();
    for (from, to, seconds_ago) in
        [(State::Inactive, State::Firing, 100), (State::Firing, State::Resolved, 90)]
    {
        let labels: Labels = [("alertname", "Down"), ("project", "shop")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let transition = crate::observe::rules::Transition {
            at: UnixMs(at(seconds_ago)),
            fingerprint: crate::model::fingerprint::Fingerprint::of(&labels),
            group: "g".into(),
            labels,
            from,
            to,
            value: None,
        };
        let draft = stage.watcher.log().draft(&book, &[transition], UnixMs(at(80))).unwrap();
        book = stage.watcher.commit(draft.0, draft.1).await.unwrap();
    }
    *stage.says.past.lock().unwrap() = vec![
        ("firing", at(100), at(91)),
        ("pending", at(60), at(56)),
        ("firing", at(55), at(40)),
        ("pending", at(10), at(1)),
    ];
    stage.says.set(Some(("pending", at(10))));
    stage.look().await;
    let whole = ["firing", "resolved", "pending", "firing", "resolved", "pending"];
    assert_eq!(stage.told(), whole);
    let page = stage.watcher.log().page(&Filter::default(), None, 2).unwrap().0;
    assert_eq!((page[1].transition.at, page[0].transition.at), (UnixMs(at(39)), UnixMs(at(10))));
    let fired = stage.watcher.log().fired(UnixMs(now), 1).unwrap();
    assert_eq!(fired[&("g".to_owned(), "Down".to_owned())].times, 2);
    // Whoever leads next finds the same past and adds nothing.
    stage.book = None;
    stage.look().await;
    assert_eq!(stage.told(), whole);
}
