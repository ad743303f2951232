//! What the clients did and what they were told. The checker knows nothing else.

use serde::Serialize;

/// One operation of one client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Op {
    pub client: u32,
    /// The node that answered, or was asked last (from 0).
    pub node: usize,
    /// Name of the object.
    pub key: String,
    /// Microseconds since the start of the run, before the first byte was sent.
    pub call_us: u64,
    /// Microseconds since the start of the run, after the answer.
    pub ret_us: u64,
    pub end: End,
    pub what: What,
}

/// How an operation ended, as the client knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Answered.
    Ok,
    /// It did certainly not happen.
    Fail,
    /// It may have happened, or happen still.
    Info,
}

/// What was asked, and what was answered where the end is [`End::Ok`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A linearizable read; `None` = there is no such object.
    Read(Option<Seen>),
    /// A read that asked to be at least as new as `at_least`, a revision of this very object.
    Fresh { at_least: u64, found: Option<Seen> },
    /// An unconditional write of a value that nobody else ever writes.
    Put { value: String, revision: u64 },
    /// A write of such a value if the object is at `expected` (`None` = if it is not there).
    Swap { expected: Option<u64>, value: String, outcome: Swapped },
    /// An acknowledged write, sent again under its own idempotency key: must change nothing and
    /// answer with the first revision.
    Repeat { first: u64, again: u64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Swapped {
    /// At this revision.
    Done(u64),
    /// The object was elsewhere.
    Lost,
}

/// A value as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    pub value: String,
    pub revision: u64,
}

impl Op {
    /// Value and revision of a write that was acknowledged.
    pub fn acknowledged(&self) -> Option<(&str, u64)> {
        match (&self.what, self.end) {
            (What::Put { value, revision }, End::Ok)
            | (What::Swap { value, outcome: Swapped::Done(revision), .. }, End::Ok) => {
                Some((value, *revision))
            }
            _ => None,
        }
    }

    /// What a read of any kind found.
    pub fn seen(&self) -> Option<&Seen> {
        match (&self.what, self.end) {
            (What::Read(found) | What::Fresh { found, .. }, End::Ok) => found.as_ref(),
            _ => None,
        }
    }

    /// The value that a write of any end wanted to write.
    pub fn written(&self) -> Option<&str> {
        match &self.what {
            What::Put { value, .. } | What::Swap { value, .. } => Some(value),
            _ => None,
        }
    }
}
