//! Rows in memory, and one node's view of them.

use super::Declared;
use crate::{
    model::{
        NodeId, Revision,
        cluster::DeclaredState,
        rpc::{CallError, Service},
    },
    notify::cluster::{Cluster, Leadership, RowChange, Rows},
    store::{
        StoreError, WriteError,
        command::{Change, Precondition, PreconditionFailed, Space},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};
/// What all nodes share.
pub(in crate::notify) struct Shared {
    pub(in crate::notify) declared: Mutex<Declared>,
    rows: Mutex<BTreeMap<(Space, Bytes), (Revision, Bytes)>>,
    index: Mutex<u64>,
    watchers: Mutex<Vec<(Space, mpsc::Sender<RowChange>)>>,
    leadership: watch::Sender<(NodeId, u64)>,
    pub(in crate::notify) lost: Mutex<Option<Instant>>,
    pub(in crate::notify) services: Mutex<BTreeMap<NodeId, Arc<dyn Service>>>,
    /// Rows cannot be read.
    pub(in crate::notify) rows_fail: Mutex<bool>,
    /// Called before each write with its reason; an error refuses it.
    pub(in crate::notify) before_write: Mutex<Option<BeforeWrite>>,
}

pub(in crate::notify) type BeforeWrite =
    Box<dyn FnMut(&'static str) -> Result<(), WriteError> + Send>;

impl Shared {
    pub(in crate::notify) fn new(declared: Declared) -> Arc<Self> {
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

    pub(in crate::notify) fn lead(&self, node: NodeId) {
        self.leadership.send_modify(|(leader, term)| {
            *leader = node;
            *term += 1;
        });
    }

    pub(in crate::notify) fn count(&self, space: Space) -> usize {
        self.rows.lock().unwrap().keys().filter(|(of, _)| *of == space).count()
    }
}

/// One node's view.
pub(in crate::notify) struct Memory {
    pub(in crate::notify) node: NodeId,
    pub(in crate::notify) shared: Arc<Shared>,
}

impl Memory {
    pub(in crate::notify) fn node(shared: &Arc<Shared>, node: u64) -> Arc<Self> {
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
