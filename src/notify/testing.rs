//! A cluster in memory for the tests of this folder: any number of nodes over one set of rows,
//! with a leader and a quorum that the test moves.

use super::{
    cluster::{Cluster, Leadership, RowChange, Rows},
    secret::Seal,
};
use crate::{
    base::{clock::now_unix_ms, redact::Secret},
    model::{
        Kind, NodeId, Resource, Revision, UnixMs,
        cluster::{ClusterMeta, DeclaredState},
        label::Labels,
        rpc::{CallError, Service},
    },
    store::{
        StoreError, WriteError,
        command::{Change, Precondition, PreconditionFailed, Space},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};

/// Declared state that a test fills.
pub(super) struct Declared(DeclaredState);

impl Declared {
    pub(super) fn new() -> Self {
        Self(DeclaredState {
            index: 0,
            meta: ClusterMeta {
                cluster_id: "c".into(),
                name: "lab".into(),
                formed: UnixMs(0),
                feature_level: 1,
            },
            members: BTreeMap::new(),
            resources: BTreeMap::new(),
        })
    }

    pub(super) fn put(&mut self, kind: Kind, name: &str, spec: Value) {
        self.put_created(kind, name, spec, UnixMs(0));
    }

    pub(super) fn put_created(&mut self, kind: Kind, name: &str, spec: Value, created: UnixMs) {
        self.0.index += 1;
        let name: crate::model::Name = name.parse().unwrap();
        let resource = Resource {
            kind,
            name: name.clone(),
            labels: Labels::new(),
            spec: Arc::new(spec),
            revision: Revision(self.0.index),
            created,
            updated: UnixMs(0),
            by: "test".into(),
        };
        let of_kind = self.0.resources.entry(kind).or_default();
        of_kind.insert(name, Arc::new(resource));
    }

    pub(super) fn remove(&mut self, kind: Kind, name: &str) {
        self.0.index += 1;
        self.0.resources.entry(kind).or_default().remove(name);
    }

    pub(super) fn state(&self) -> Arc<DeclaredState> {
        Arc::new(self.0.clone())
    }
}

/// Seals nothing.
pub(super) struct PlainSeal;

impl Seal for PlainSeal {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String, String> {
        Ok(format!("{purpose}={}", String::from_utf8_lossy(plain)))
    }

    fn open(&self, purpose: &str, sealed: &str) -> Result<Secret<Vec<u8>>, String> {
        let plain = sealed.strip_prefix(purpose).and_then(|rest| rest.strip_prefix('='));
        plain.map(|plain| Secret::new(plain.into())).ok_or_else(|| "other purpose".to_owned())
    }
}

/// What all nodes share.
pub(super) struct Shared {
    pub(super) declared: Mutex<Declared>,
    rows: Mutex<BTreeMap<(Space, Bytes), (Revision, Bytes)>>,
    index: Mutex<u64>,
    watchers: Mutex<Vec<(Space, mpsc::Sender<RowChange>)>>,
    leadership: watch::Sender<(NodeId, u64)>,
    pub(super) lost: Mutex<Option<Instant>>,
    pub(super) services: Mutex<BTreeMap<NodeId, Arc<dyn Service>>>,
    /// Rows cannot be read.
    pub(super) rows_fail: Mutex<bool>,
    /// Called before each write with its reason; an error refuses it.
    pub(super) before_write: Mutex<Option<BeforeWrite>>,
}

pub(super) type BeforeWrite = Box<dyn FnMut(&'static str) -> Result<(), WriteError> + Send>;

impl Shared {
    pub(super) fn new(declared: Declared) -> Arc<Self> {
        Arc::new(Self {
            declared: Mutex::new(declared),
            rows: Mutex::default(),
            index: Mutex::new(0),
            watchers: Mutex::default(),
            leadership: watch::Sender::new((NodeId(1), 1)),
            lost: Mutex::new(None),
            services: Mutex::default(),
            rows_fail: Mutex::default(),
            before_write: Mutex::default(),
        })
    }

    pub(super) fn lead(&self, node: NodeId) {
        self.leadership.send_modify(|(leader, term)| {
            *leader = node;
            *term += 1;
        });
    }

    pub(super) fn count(&self, space: Space) -> usize {
        self.rows.lock().unwrap().keys().filter(|(of, _)| *of == space).count()
    }
}

/// One node's view.
pub(super) struct Memory {
    pub(super) node: NodeId,
    pub(super) shared: Arc<Shared>,
}

impl Memory {
    pub(super) fn node(shared: &Arc<Shared>, node: u64) -> Arc<Self> {
        Arc::new(Self { node: NodeId(node), shared: shared.clone() })
    }

    fn apply(
        &self,
        why: &'static str,
        preconditions: &[Precondition],
        changes: Vec<Change>,
    ) -> Result<Revision, WriteError> {
        if self.shared.lost.lock().unwrap().is_some() {
            return Err(WriteError::NoQuorum("test".into()));
        }
        if let Some(before) = self.shared.before_write.lock().unwrap().as_mut() {
            before(why)?;
        }
        let mut rows = self.shared.rows.lock().unwrap();
        for (position, precondition) in preconditions.iter().enumerate() {
            let Precondition::Row(space, key, wanted) = precondition else { panic!("rows only") };
            let found = rows.get(&(*space, key.clone())).map(|(revision, _)| *revision);
            if found != *wanted {
                return Err(PreconditionFailed { position, found }.into());
            }
        }
        let mut index = self.shared.index.lock().unwrap();
        *index += 1;
        let mut changed: BTreeMap<Space, Vec<Bytes>> = BTreeMap::new();
        for change in changes {
            let (space, key) = match change {
                Change::PutRow(space, key, value) => {
                    assert!(value.len() <= 256 << 10, "row of {} bytes", value.len());
                    rows.insert((space, key.clone()), (Revision(*index), value));
                    (space, key)
                }
                Change::DeleteRow(space, key) => {
                    rows.remove(&(space, key.clone()));
                    (space, key)
                }
                _ => panic!("rows only"),
            };
            changed.entry(space).or_default().push(key);
        }
        self.shared.watchers.lock().unwrap().retain(|(space, watcher)| {
            changed
                .get(space)
                .is_none_or(|keys| watcher.try_send(RowChange::Keys(keys.clone())).is_ok())
        });
        Ok(Revision(*index))
    }
}

impl Rows for Memory {
    fn row(&self, space: Space, key: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError> {
        let key = (space, Bytes::copy_from_slice(key));
        Ok(self.shared.rows.lock().unwrap().get(&key).cloned())
    }

    fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
        if *self.shared.rows_fail.lock().unwrap() {
            return Err(StoreError::Storage("test".into()));
        }
        let rows = self.shared.rows.lock().unwrap();
        let from = (space, Bytes::copy_from_slice(start));
        let found = rows.range(from..).take_while(|((of, _), _)| *of == space).take(limit);
        Ok(found.map(|((_, key), (rev, value))| (key.clone(), *rev, value.clone())).collect())
    }
}

impl Cluster for Memory {
    fn node(&self) -> NodeId {
        self.node
    }

    fn leadership(&self) -> watch::Receiver<Leadership> {
        let mut from = self.shared.leadership.subscribe();
        let node = self.node;
        let view = move |(leader, term): (NodeId, u64)| Leadership {
            leader: Some(leader),
            is_leader: leader == node,
            term,
        };
        let (to, receiver) = watch::channel(view(*from.borrow_and_update()));
        tokio::spawn(async move {
            while from.changed().await.is_ok() {
                let now = view(*from.borrow_and_update());
                if to.send(now).is_err() {
                    break;
                }
            }
        });
        receiver
    }

    fn quorum_lost_for(&self) -> Option<Duration> {
        self.shared.lost.lock().unwrap().map(|since| since.elapsed())
    }

    fn state(&self) -> Arc<DeclaredState> {
        self.shared.declared.lock().unwrap().state()
    }

    fn barrier(&self, _: Duration) -> BoxFuture<'_, Result<(), WriteError>> {
        let lost = self.shared.lost.lock().unwrap().is_some();
        Box::pin(
            async move { if lost { Err(WriteError::NoQuorum("test".into())) } else { Ok(()) } },
        )
    }

    fn write(
        &self,
        why: &'static str,
        preconditions: Vec<Precondition>,
        changes: Vec<Change>,
        _: Duration,
    ) -> BoxFuture<'_, Result<Revision, WriteError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.apply(why, &preconditions, changes)
        })
    }

    fn watch_rows(&self, space: Space) -> mpsc::Receiver<RowChange> {
        let (sender, receiver) = mpsc::channel(4096);
        self.shared.watchers.lock().unwrap().push((space, sender));
        receiver
    }

    fn call(
        &self,
        to: NodeId,
        method: &'static str,
        body: Bytes,
        _: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        let service = self.shared.services.lock().unwrap().get(&to).cloned();
        let from = self.node;
        Box::pin(async move {
            let unreachable =
                CallError::Unreachable { to, reason: "no such node".into(), sent: false };
            let service = service.ok_or(unreachable)?;
            service.handle(from, method, body).await.map_err(|refusal| CallError::Refused {
                to,
                method: method.into(),
                message: refusal.0,
            })
        })
    }
}

/// Now, as rows have it.
pub(super) fn now() -> UnixMs {
    UnixMs(now_unix_ms())
}

/// A version 4 body: alerts as (`alertname`, status, started this many ms ago).
pub(super) fn body(alerts: &[(&str, &str, u64)], reason: &str) -> Vec<u8> {
    let at = |ago: u64| UnixMs(now_unix_ms().saturating_sub(ago)).to_string();
    let alerts: Vec<Value> = alerts
        .iter()
        .map(|(name, status, ago)| {
            let ends = if *status == "resolved" { at(0) } else { "0001-01-01T00:00:00Z".into() };
            serde_json::json!({
                "status": status, "labels": {"alertname": name, "severity": "critical"},
                "annotations": {"summary": format!("{name} is wrong")},
                "startsAt": at(*ago), "endsAt": ends, "generatorURL": "http://prometheus/graph",
            })
        })
        .collect();
    let body = serde_json::json!({
        "version": "4", "groupKey": "{}:{}", "receiver": "ops", "status": "firing",
        "groupLabels": {"job": "node"}, "truncatedAlerts": 0,
        "notification_reason": reason, "alerts": alerts,
    });
    serde_json::to_vec(&body).unwrap()
}

/// What a [`Faulty`] server does with a request it has read whole.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// These bytes, then it closes.
    Raw(Vec<u8>),
    /// These bytes, then nothing more.
    RawThenHang(Vec<u8>),
    /// Nothing, for ever.
    Hang,
    /// Closes without a word.
    Reset,
}

impl Answer {
    pub(super) fn status(status: u16, body: &str) -> Self {
        Self::with(status, "", body)
    }

    /// `headers` end with `\r\n` each.
    pub(super) fn with(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n");
        Self::Raw(format!("{head}{body}").into_bytes())
    }
}

/// An HTTP server that answers as told: the list in order, its last entry for ever.
pub(super) struct Faulty {
    pub(super) addr: std::net::SocketAddr,
    seen: watch::Sender<Vec<String>>,
    connections: Arc<std::sync::atomic::AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Faulty {
    pub(super) async fn start(answers: Vec<Answer>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = watch::Sender::new(Vec::new());
        let connections = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let (kept, counted) = (seen.clone(), connections.clone());
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                open.spawn(serve(stream, answers.clone(), kept.clone()));
            }
        });
        Self { addr, seen, connections, task }
    }

    /// Whole requests, in order.
    pub(super) fn requests(&self) -> Vec<String> {
        self.seen.borrow().clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Waits until `n` requests were read.
    pub(super) async fn received(&self, n: usize) {
        let mut seen = self.seen.subscribe();
        let waited = seen.wait_for(|requests| requests.len() >= n);
        tokio::time::timeout(Duration::from_secs(20), waited)
            .await
            .unwrap_or_else(|_| panic!("{} of {n} requests", self.requests().len()))
            .unwrap();
    }

    /// Stops listening.
    pub(super) async fn stop(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

async fn serve(
    mut stream: tokio::net::TcpStream,
    answers: Vec<Answer>,
    seen: watch::Sender<Vec<String>>,
) {
    use tokio::io::AsyncWriteExt as _;
    let Some(request) = read_request(&mut stream).await else { return };
    let mut n = 0;
    seen.send_modify(|requests| {
        n = requests.len();
        requests.push(request);
    });
    match &answers[n.min(answers.len() - 1)] {
        Answer::Raw(bytes) => {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::RawThenHang(bytes) => {
            let _ = stream.write_all(bytes).await;
            std::future::pending::<()>().await;
        }
        Answer::Hang => std::future::pending::<()>().await,
        Answer::Reset => {}
    }
}

/// Head and body of one request with `Content-Length`.
async fn read_request(stream: &mut tokio::net::TcpStream) -> Option<String> {
    use tokio::io::AsyncReadExt as _;
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.parse::<usize>().unwrap());
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
