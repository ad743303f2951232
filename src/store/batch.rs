//! Writes that come at the same time go to the leader together: one message, one append, one
//! answer. While nothing is under way a write leaves at once, alone; the busier it is, the more
//! travel in one.

use super::{
    codec::{decode, encode},
    service::WRITE,
    types::{Op, Outcome, Raft},
    wire::raft::{ForwardedWire, OpWire, WritesWire, WrittenWire},
};
use crate::model::{
    NodeId,
    rpc::{Lane, Transport},
};
use futures_util::StreamExt as _;
use openraft::errors::ClientWriteError;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Semaphore, mpsc, oneshot};

/// Messages on their way to one leader at the same time. Fewer make larger batches, more let a
/// write leave earlier; a slow one (a large command) must not hold up the rest.
const UNDER_WAY: usize = 2;
const BATCH_BYTES: usize = 1 << 20;
const BATCH_OPS: usize = 512;

/// What a proposal came to: the log index and the outcome, or who leads instead.
pub(super) type Proposed<T> = Result<T, Option<u64>>;

/// Raft has stopped on this node.
#[derive(Debug, thiserror::Error)]
#[error("the store of this node has stopped")]
pub(super) struct Stopped;

/// What became of one write with one leader.
pub(super) enum Answer {
    Done((u64, Outcome)),
    /// That node does not lead, or is not a leader with a quorum.
    NotLeader,
    /// Nobody knows; the reason.
    Unknown(String),
    /// Raft has stopped on this node.
    Stopped,
}

struct Waiting {
    op: Op,
    done: oneshot::Sender<Answer>,
}

/// A queue for each node that led while this one wrote.
pub(super) struct Batcher {
    link: Link,
    lanes: Mutex<HashMap<NodeId, mpsc::Sender<Waiting>>>,
}

#[derive(Clone)]
struct Link {
    node: NodeId,
    raft: Raft,
    transport: Arc<dyn Transport>,
    /// How long a leader may take to answer.
    timeout: Duration,
}

impl Batcher {
    pub(super) fn new(
        node: NodeId,
        raft: Raft,
        transport: Arc<dyn Transport>,
        timeout: Duration,
    ) -> Self {
        Self { link: Link { node, raft, transport, timeout }, lanes: Mutex::default() }
    }

    /// Proposes `op` with `leader`. Dropped while it waits it may still be written.
    pub(super) async fn write(&self, leader: NodeId, op: Op) -> Answer {
        let (done, answer) = oneshot::channel();
        if self.lane(leader).send(Waiting { op, done }).await.is_err() {
            return Answer::Unknown("the queue to the leader has ended".to_owned());
        }
        let broken = |_| Answer::Unknown(format!("the call to node {leader} broke off"));
        answer.await.unwrap_or_else(broken)
    }

    fn lane(&self, leader: NodeId) -> mpsc::Sender<Waiting> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        // A lane ends with the runtime that its first writer ran on.
        lanes.retain(|_, lane| !lane.is_closed());
        let lane = lanes.entry(leader).or_insert_with(|| {
            let (lane, inbox) = mpsc::channel(1024);
            tokio::spawn(run(self.link.clone(), leader, inbox));
            lane
        });
        lane.clone()
    }
}

/// Ends when the batcher is dropped.
async fn run(link: Link, leader: NodeId, mut inbox: mpsc::Receiver<Waiting>) {
    let under_way = Arc::new(Semaphore::new(UNDER_WAY));
    while let Some(first) = inbox.recv().await {
        let Ok(permit) = Arc::clone(&under_way).acquire_owned().await else { return };
        let batch = drain(first, &mut inbox);
        if batch.is_empty() {
            continue;
        }
        let link = link.clone();
        tokio::spawn(async move {
            if leader == link.node {
                link.propose(batch).await
            } else {
                link.ask(leader, batch).await
            }
            drop(permit);
        });
    }
}

/// `first` and what waits behind it; without those whose writer has given up.
fn drain(first: Waiting, inbox: &mut mpsc::Receiver<Waiting>) -> Vec<Waiting> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut next = Some(first);
    while let Some(waiting) = next.take() {
        if !waiting.done.is_closed() {
            bytes += waiting.op.body.len();
            batch.push(waiting);
        }
        if bytes < BATCH_BYTES && batch.len() < BATCH_OPS {
            next = inbox.try_recv().ok();
        }
    }
    batch
}

impl Link {
    async fn propose(&self, batch: Vec<Waiting>) {
        let (ops, writers): (Vec<Op>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.op, waiting.done)).unzip();
        let answers = propose(&self.raft, ops).await;
        for (n, writer) in writers.into_iter().enumerate() {
            let answer = match answers.get(n) {
                Some(Ok(done)) => Answer::Done(done.clone()),
                Some(Err(_)) => Answer::NotLeader,
                None => Answer::Stopped,
            };
            let _ = writer.send(answer);
        }
    }

    async fn ask(&self, leader: NodeId, batch: Vec<Waiting>) {
        let ops = batch.iter().map(|waiting| OpWire::from(&waiting.op)).collect();
        let body = encode(&WritesWire { ops }).into();
        let call = self.transport.call(leader, Lane::Bulk, WRITE, body, self.timeout);
        let answers = match call.await {
            Ok(answer) => decode::<WrittenWire>(&answer).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match answers {
            Ok(WrittenWire { answers }) if answers.len() == batch.len() => {
                for (waiting, answer) in batch.into_iter().zip(answers) {
                    let _ = waiting.done.send(match answer {
                        ForwardedWire::Applied { index, outcome } => {
                            Answer::Done((index, outcome.into()))
                        }
                        ForwardedWire::NotLeader { .. } => Answer::NotLeader,
                    });
                }
            }
            unusable => {
                let reason = unusable.err().unwrap_or_else(|| {
                    format!("node {leader} answered another number of writes than it was asked")
                });
                for waiting in batch {
                    let _ = waiting.done.send(Answer::Unknown(reason.clone()));
                }
            }
        }
    }
}

/// Proposes on this node only; one answer each, in order, fewer when Raft has stopped meanwhile.
pub(super) async fn propose(raft: &Raft, ops: Vec<Op>) -> Vec<Proposed<(u64, Outcome)>> {
    let n_ops = ops.len();
    let Ok(mut results) = raft.client_write_many(ops).await else { return Vec::new() };
    let mut answers = Vec::with_capacity(n_ops);
    while let Some(Ok(result)) = results.next().await {
        answers.push(match result {
            Ok(response) => Ok((response.log_id.index, response.response)),
            Err(
                ClientWriteError::ForwardToLeader(to) | ClientWriteError::LogEntryDiscarded(to),
            ) => Err(to.leader_id),
            Err(_) => Err(None),
        });
    }
    answers
}
