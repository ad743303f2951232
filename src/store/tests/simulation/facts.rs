//! What was seen of the cluster from outside of it, and what must never be seen.

use super::trace::Trace;
use crate::{
    model::NodeId,
    store::{
        codec::decode,
        log_store::LogStore,
        network::{APPEND, VOTE},
        types::{LogId, Vote},
        wire::raft::{AppendWire, AppendedWire, AskVoteWire, VotedWire, decode_entry},
    },
};
use openraft::{RaftLogReader, storage::RaftLogStorage};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

/// Which run of a node's process, from 1.
pub(super) type LifeNo = u32;

/// Shared by everybody in a run.
#[derive(Clone)]
pub(super) struct Facts {
    trace: Trace,
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    violations: Vec<String>,
    /// Term and node of a leader → in which life it led.
    leaders: BTreeMap<(u64, u64), LifeNo>,
    /// Index → the entry that some node has applied there.
    applied: BTreeMap<u64, (LogId, String)>,
    /// Index → the state's hash after it, on some node.
    hashes: BTreeMap<u64, String>,
    /// The newest vote a node has answered for.
    promised: BTreeMap<NodeId, Vote>,
    /// The last entry a node has told its leader it has, and that leader.
    stored: BTreeMap<NodeId, (Vote, LogId)>,
}

impl Facts {
    pub(super) fn new(trace: Trace) -> Self {
        Self { trace, known: Arc::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    /// A promise was broken.
    pub(super) fn violated(&self, what: String) {
        self.trace.note(format_args!("VIOLATION {what}"));
        self.known().violations.push(what);
    }

    pub(super) fn violations(&self) -> Vec<String> {
        self.known().violations.clone()
    }

    /// Leaders so far.
    pub(super) fn n_leaders(&self) -> usize {
        self.known().leaders.len()
    }

    /// A call has reached `to`.
    pub(super) fn asked(&self, from: NodeId, life: LifeNo, to: NodeId, method: &str, body: &[u8]) {
        if method != APPEND {
            return;
        }
        let append: AppendWire = decode(body).unwrap();
        let vote = Vote::from(append.vote);
        let (term, leader) = (vote.leader_id.term, vote.leader_id.node_id);
        let led = *self.known().leaders.entry((term, leader)).or_insert(life);
        if leader != from.0 || led != life {
            self.violated(format!(
                "node {from} in its life {life} acts as leader {term}-{leader} of life {led}"
            ));
        }
        // Of a newer leader it may cut off what it told an older one.
        let mut known = self.known();
        if known.stored.get(&to).is_some_and(|(older, _)| *older < vote) {
            known.stored.remove(&to);
        }
    }

    /// `by` has answered a call.
    pub(super) fn answered(&self, by: NodeId, method: &str, body: &[u8], answer: &[u8]) {
        if method == VOTE {
            let (asked, voted): (AskVoteWire, VotedWire) =
                (decode(body).unwrap(), decode(answer).unwrap());
            if voted.granted && !asked.pre {
                self.promised(by, asked.vote.into());
            }
        }
        if method == APPEND {
            let append: AppendWire = decode(body).unwrap();
            let last = match decode(answer).unwrap() {
                AppendedWire::Success => match append.entries.last() {
                    Some(entry) => Some(decode_entry(&entry.0).unwrap().log_id),
                    None => append.prev.map(LogId::from),
                },
                AppendedWire::Partial { upto } => upto.map(LogId::from),
                AppendedWire::Conflict | AppendedWire::HigherVote { .. } => return,
            };
            let vote = Vote::from(append.vote);
            self.promised(by, vote);
            let mut known = self.known();
            let older = known.stored.get(&by).copied();
            if let Some(last) = last
                && older.is_none_or(|(of, at)| (of, at) < (vote, last))
            {
                known.stored.insert(by, (vote, last));
            }
        }
    }

    fn promised(&self, by: NodeId, vote: Vote) {
        let mut known = self.known();
        let newest = known.promised.entry(by).or_insert(vote);
        if *newest < vote {
            *newest = vote;
        }
    }

    /// What `node` finds on its disk when it comes back: all that it has told others.
    pub(super) async fn reopened(&self, node: NodeId, log: &mut LogStore) {
        let vote = log.read_vote().await.unwrap();
        let state = log.get_log_state().await.unwrap();
        let (promised, stored) = {
            let known = self.known();
            (known.promised.get(&node).copied(), known.stored.get(&node).copied())
        };
        self.trace.note(format_args!("{node} reads {vote:?} {:?}", state.last_log_id));
        if promised > vote {
            self.violated(format!("node {node} answered for {promised:?}, and has {vote:?}"));
        }
        let Some((_, stored)) = stored else { return };
        if state.last_purged_log_id >= Some(stored) {
            return;
        }
        let range = stored.index..=stored.index;
        let entries = log.try_get_log_entries(range).await.unwrap();
        if entries.first().map(|entry| entry.log_id) != Some(stored) {
            let has = state.last_log_id;
            self.violated(format!("node {node} said it had {stored}, and its log ends at {has:?}"));
        }
    }

    /// `node` has applied this entry.
    pub(super) fn applied(&self, node: NodeId, id: LogId, content: String) {
        let first = self.known().applied.entry(id.index).or_insert((id, content.clone())).clone();
        if first != (id, content.clone()) {
            self.violated(format!("node {node} applies {id} {content}; it was {first:?} before"));
        }
    }

    /// `node` shows this hash of its state as of `index`.
    pub(super) fn hashed(&self, node: NodeId, index: u64, hash: &str) {
        let first = self.known().hashes.entry(index).or_insert(hash.to_owned()).clone();
        if first != hash {
            self.violated(format!("node {node} has {hash} at {index}, and another had {first}"));
        }
    }
}
