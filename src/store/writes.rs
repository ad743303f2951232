//! The way of a write: check, encode, stage if large, find the leader, retry until the deadline.
//!
//! Every attempt carries the same request id, so an attempt whose outcome is unknown can be
//! repeated. Nobody forwards what was forwarded to it.

use super::{
    WriteError,
    batch::{Answer, Proposed, Stopped},
    change::{META_ROW, member_id},
    codec::{Blob, decode},
    command::{Change, Command, Space, Written},
    handle::Inner,
    service::READ_INDEX,
    types::{Op, Outcome},
    wire::{
        command::{CommitWire, StageWire, command_op, commit_op, request_blob, stage_op},
        raft::ReadIndexWire,
    },
};
use crate::{
    base::{backoff::Backoff, random},
    model::{
        NodeId,
        cluster::{AUDIT_LEVEL, ClusterMeta, FEATURE_LEVEL, Member},
        rpc::Lane,
    },
};
use bytes::Bytes;
use openraft::{
    ReadPolicy,
    errors::{LinearizableReadError, RaftError},
};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// An entry's body is at most this large; a larger command is staged.
const ENTRY_MAX: usize = 1 << 20;
/// Size of a staged piece.
const PIECE: usize = 768 << 10;
/// No command is this large.
const COMMAND_MAX: usize = 64 << 20;
const ROW_MAX: usize = 256 << 10;
const KEY_MAX: usize = 1024;
/// A note says who and what, not how it looks now.
const NOTE_MAX: usize = 8 << 10;

impl Inner {
    /// See [`super::Store::write`].
    pub(super) async fn write(
        &self,
        command: Command,
        deadline: Duration,
    ) -> Result<Written, WriteError> {
        let until = Instant::now() + deadline;
        check(&command)?;
        let command = for_level(command, self.view.state().meta.feature_level)?;
        let (request, at) = (command.request, command.at.0);
        let op = command_op(command);
        if op.body.len() > COMMAND_MAX {
            return Err(too_large(op.body.len()));
        }
        let (index, outcome) = if op.body.len() <= ENTRY_MAX {
            self.commit(op, until).await?
        } else {
            self.commit_staged(op, request, at, until).await?
        };
        if !self.wait_applied(index, until).await {
            if self.closing.is_cancelled() {
                return Err(WriteError::Closed);
            }
            return Err(WriteError::NoQuorum(format!(
                "index {index} is committed, but this node has not applied it in time"
            )));
        }
        match outcome {
            Outcome::Written(written) => Ok(written),
            Outcome::Failed(failed) => Err(failed.into()),
            Outcome::Nothing | Outcome::StageLost => {
                Err(WriteError::Refused("the log holds no command under this request".to_owned()))
            }
        }
    }

    async fn commit_staged(
        &self,
        Op { body, v, .. }: Op,
        request: u128,
        at: u64,
        until: Instant,
    ) -> Result<(u64, Outcome), WriteError> {
        loop {
            let mut transaction = [0; 16];
            random::fill(&mut transaction)
                .map_err(|error| WriteError::Refused(format!("no randomness: {error}")))?;
            let transaction = Blob(Bytes::copy_from_slice(&transaction));
            let mut parts = 0;
            for start in (0..body.len()).step_by(PIECE) {
                let bytes = Blob(body.slice(start..body.len().min(start + PIECE)));
                let stage = StageWire { transaction: transaction.clone(), part: parts, at, bytes };
                self.commit(stage_op(&stage), until).await?;
                parts += 1;
            }
            let commit = CommitWire { transaction, parts, at, request: request_blob(request) };
            match self.commit(commit_op(&commit, v), until).await? {
                (_, Outcome::StageLost) => {}
                done => return Ok(done),
            }
        }
    }

    /// Gets `op` committed and applied by the leader, whoever that is.
    async fn commit(&self, op: Op, until: Instant) -> Result<(u64, Outcome), WriteError> {
        Box::pin(self.with_leader(&Question::Write(op), until)).await
    }

    /// See [`super::Store::barrier`].
    pub(super) async fn barrier(&self, deadline: Duration) -> Result<u64, WriteError> {
        let until = Instant::now() + deadline;
        let index = self.leader_index(deadline).await?;
        if self.wait_applied(index, until).await {
            Ok(index)
        } else {
            Err(WriteError::NoQuorum(format!("this node has not applied index {index} in time")))
        }
    }

    /// The index that a read started now must have seen, as the leader says.
    pub(super) async fn leader_index(&self, deadline: Duration) -> Result<u64, WriteError> {
        let until = Instant::now() + deadline;
        Ok(Box::pin(self.with_leader(&Question::ReadIndex, until)).await?.0)
    }

    /// One attempt with `leader`, here or over the network.
    async fn attempt(&self, leader: NodeId, question: &Question, until: Instant) -> Attempt {
        match question {
            Question::Write(op) => match self.batcher.write(leader, op.clone()).await {
                Answer::Done(done) => Attempt::Done(done),
                Answer::NotLeader => Attempt::Again(format!("node {leader} leads no quorum")),
                Answer::Unknown(reason) => Attempt::Again(reason),
                Answer::Stopped => Attempt::Closed,
            },
            Question::ReadIndex => self.attempt_read(leader, until).await,
        }
    }

    async fn attempt_read(&self, leader: NodeId, until: Instant) -> Attempt {
        let done = |index| Attempt::Done((index, Outcome::Nothing));
        if leader == self.node {
            return match self.read_index().await {
                Ok(Ok(index)) => done(index),
                Ok(Err(_)) => Attempt::Again("this node leads, but has no quorum".to_owned()),
                Err(Stopped) => Attempt::Closed,
            };
        }
        match self.ask(leader, READ_INDEX, Bytes::new(), until).await {
            Ok(ReadIndexWire::Index { index }) => done(index),
            Ok(ReadIndexWire::NotLeader { .. }) => {
                Attempt::Again(format!("node {leader} does not lead any more"))
            }
            Err(reason) => Attempt::Again(reason),
        }
    }

    /// The index that a read started now must have seen, if this node leads.
    pub(super) async fn read_index(&self) -> Result<Proposed<u64>, Stopped> {
        match self.raft.get_read_linearizer(ReadPolicy::ReadIndex).await {
            Ok(linearizer) => Ok(Ok(linearizer.read_log_id().log_id().index)),
            Err(RaftError::APIError(LinearizableReadError::ForwardToLeader(to))) => {
                Ok(Err(to.leader_id))
            }
            Err(RaftError::APIError(_)) => Ok(Err(None)),
            Err(RaftError::Fatal(_)) => Err(Stopped),
        }
    }

    /// True once `index` is applied here; false at the deadline.
    pub(super) async fn wait_applied(&self, index: u64, until: Instant) -> bool {
        let reached = timeout_at(until, self.view.reached(index));
        tokio::select! {
            biased;
            reached = reached => reached.is_ok(),
            () = self.closing.cancelled() => false,
        }
    }

    async fn ask<A: serde::de::DeserializeOwned>(
        &self,
        leader: NodeId,
        method: &'static str,
        body: Bytes,
        until: Instant,
    ) -> Result<A, String> {
        // A leader that hangs must not eat the whole deadline: another one may be elected.
        let attempt = Duration::from_millis(self.tuning.election_max_ms * 2);
        let timeout = until.saturating_duration_since(Instant::now()).min(attempt);
        let answer = self
            .transport
            .call(leader, Lane::Bulk, method, body, timeout)
            .await
            .map_err(|error| error.to_string())?;
        decode(&answer).map_err(|error| error.to_string())
    }

    /// Attempts with whoever leads until it is done or the deadline has come. To be boxed: futures
    /// that hold this one are deep enough for the compiler without it.
    async fn with_leader(
        &self,
        question: &Question,
        until: Instant,
    ) -> Result<(u64, Outcome), WriteError> {
        let mut backoff = Backoff::new(Duration::from_millis(20), Duration::from_millis(300));
        let mut leaders = self.leader.subscribe();
        let mut reason = "no leader is known".to_owned();
        loop {
            if self.closing.is_cancelled() || self.failed.borrow().is_some() {
                return Err(WriteError::Closed);
            }
            let leader = *leaders.borrow_and_update();
            if let Some(leader) = leader {
                let attempt = timeout_at(until, self.attempt(leader, question, until));
                let deposed = leaders.wait_for(|now| now.is_some_and(|now| now != leader));
                let attempt = tokio::select! {
                    biased;
                    attempt = attempt => attempt,
                    // Asking the new one again is safe, waiting for the old one is of no use.
                    Ok(_) = deposed => continue,
                };
                match attempt {
                    Ok(Attempt::Done(done)) => return Ok(done),
                    Ok(Attempt::Closed) => return Err(WriteError::Closed),
                    Ok(Attempt::Again(why)) => reason = why,
                    Err(_) => reason = format!("node {leader} leads, but has no quorum in time"),
                }
            }
            let pause = (Instant::now() + backoff.next_wait()).min(until);
            let other_leader = leaders.wait_for(|now| *now != leader);
            if timeout_at(pause, other_leader).await.is_ok_and(|waited| waited.is_err()) {
                return Err(WriteError::Closed);
            }
            if Instant::now() >= until {
                return Err(WriteError::NoQuorum(reason));
            }
        }
    }
}

/// What is wanted from the leader.
enum Question {
    Write(Op),
    ReadIndex,
}

enum Attempt {
    Done((u64, Outcome)),
    /// Not done, or outcome unknown.
    Again(String),
    Closed,
}

/// What `apply` could not refuse any more.
fn check(command: &Command) -> Result<(), WriteError> {
    let refuse = |reason: String| Err(WriteError::Refused(reason));
    let mut bytes = command.actor.len() + command.why.len();
    for change in &command.changes {
        match change {
            Change::PutRow(Space::Audit, ..) | Change::DeleteRow(Space::Audit, _) => {
                return refuse("the audit is written by notes alone".to_owned());
            }
            Change::Note(text) => {
                bytes += text.0.len();
                if text.0.len() > NOTE_MAX || !is_object(&text.0) {
                    return refuse(format!("a note is a JSON object of at most {NOTE_MAX} bytes"));
                }
            }
            Change::PutRow(space, key, value) => {
                bytes += key.len() + value.len();
                if value.len() > ROW_MAX || key.len() > KEY_MAX {
                    return refuse(format!(
                        "a row of {space:?} has a key of {} and a value of {} bytes; at most \
                         {KEY_MAX} and {ROW_MAX} are allowed",
                        key.len(),
                        value.len()
                    ));
                }
                if !is_well_formed(*space, key, value) {
                    return refuse(format!("a row of {space:?} does not hold what it must hold"));
                }
            }
            Change::DeleteRow(_, key) => bytes += key.len(),
            Change::Put { .. } | Change::Delete(_) | Change::PruneAudit(_) => {}
        }
    }
    if bytes > COMMAND_MAX {
        return Err(too_large(bytes));
    }
    Ok(())
}

/// A command as all members can apply it: below [`AUDIT_LEVEL`] some member would stop at a note,
/// and nothing is audited. Level 0 is a cluster of ours that is being formed.
fn for_level(mut command: Command, level: u32) -> Result<Command, WriteError> {
    if level == 0 || level >= FEATURE_LEVEL {
        return Ok(command);
    }
    for change in &command.changes {
        let (what, needs) = match change {
            Change::PruneAudit(_) => ("pruning the audit".to_owned(), AUDIT_LEVEL),
            Change::Put { kind, .. } => (format!("an object of kind {kind}"), kind.since_level()),
            _ => continue,
        };
        if level < needs {
            return Err(WriteError::TooNew { what, needs, level });
        }
    }
    if level < AUDIT_LEVEL {
        command.changes.retain(|change| !matches!(change, Change::Note(_)));
    }
    Ok(command)
}

fn is_object(text: &str) -> bool {
    // Spliced into a record: must be an object with at least one field, and nothing around it.
    text.starts_with("{\"") && serde_json::from_str::<crate::model::audit::Note>(text).is_ok()
}

fn too_large(bytes: usize) -> WriteError {
    WriteError::Refused(format!("a command of {bytes} bytes; at most {COMMAND_MAX} are allowed"))
}

fn is_well_formed(space: Space, key: &[u8], value: &[u8]) -> bool {
    match space {
        Space::Cluster if key == META_ROW => serde_json::from_slice::<ClusterMeta>(value).is_ok(),
        Space::Member => serde_json::from_slice::<Member>(value)
            .is_ok_and(|member| member_id(key) == Some(member.id)),
        _ => true,
    }
}
