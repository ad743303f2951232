//! What a write says: who, why, when, under which conditions, and which rows change.
//!
//! The state machine knows rows, not meanings: everything that needs judgement (is this rule
//! valid, which episode does this alert belong to) is decided before, against a read state, and
//! guarded by preconditions. So a newer binary can change its judgement without a mixed cluster
//! diverging.

use crate::model::{Kind, Name, Revision, UnixMs, audit::Note, label::Labels, resource::Key};
use bytes::Bytes;

/// One write, applied whole or not at all. At most 1 MiB encoded; [`super::Store::write`] stages
/// larger ones by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// Random; a repeated one answers with the first outcome instead of applying again.
    pub request: u128,
    /// Account, `system`, or `node/ID`.
    pub actor: String,
    /// Shown in the history; may be empty.
    pub why: String,
    /// Proposer's clock. `apply` never reads one.
    pub at: UnixMs,
    /// All must hold, else nothing changes.
    pub preconditions: Vec<Precondition>,
    /// Applied in order.
    pub changes: Vec<Change>,
}

/// What must be true of the state the command is applied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// The object exists and last changed at this revision.
    Revision(Key, Revision),
    /// There is no such object.
    Absent(Key),
    /// The object exists.
    Exists(Key),
    /// The row last changed at this index; `None` = there is no such row.
    Row(Space, Bytes, Option<Revision>),
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Creates or replaces an object. An equal one is left as it is (no new revision).
    Put {
        /// What it is.
        kind: Kind,
        /// Its name.
        name: Name,
        /// Its own labels.
        labels: Labels,
        /// Its content, checked by admission.
        spec: serde_json::Value,
    },
    /// Removes an object; one that is not there is no error.
    Delete(Key),
    /// Creates or replaces a private row. At most 256 KiB.
    PutRow(Space, Bytes, Bytes),
    /// Removes a private row.
    DeleteRow(Space, Bytes),
    /// Something to be recorded in the audit, with the objects that the command changes.
    Note(NoteText),
    /// Removes the audit records below this number; what is left is still a chain.
    PruneAudit(u64),
}

/// The JSON of a [`Note`], kept byte by byte: a newer binary may say more in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteText(pub(super) String);

impl From<&Note> for Change {
    fn from(note: &Note) -> Self {
        Self::Note(NoteText(note.text()))
    }
}

/// Key spaces of private rows: state that is replicated but is no declared resource. Numbers are
/// part of the disk format: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Space {
    /// Facts about the cluster: `meta`, `ca`, `ca_key` (sealed), `trusted_keys/ID`.
    Cluster = 1,
    /// `NODE_ID` → `model::cluster::Member` as JSON.
    Member = 2,
    /// `USER` → password hash, `token/ID` → token hash, `disabled/USER` → when that was.
    Credential = 3,
    /// Hash of the session id → session.
    Session = 4,
    /// Counters of failed sign-ins.
    Login = 5,
    /// Cluster and enrolment tokens (hashes).
    JoinToken = 6,
    /// Leases of singletons.
    Lease = 7,
    /// Bundles and blobs known to the cluster.
    Bundle = 8,
    /// Alert episodes, by fingerprint and episode.
    Episode = 9,
    /// Deliveries that are not finished, in order.
    Delivery = 10,
    /// Receipts, in order of time.
    Receipt = 11,
    /// The audit: written by [`Change::Note`] alone.
    Audit = 12,
    /// `NAME` → sealed value of a secret.
    Secret = 14,
    /// Faults that stay until somebody acts on them: `CODE/KIND/NAME`.
    Fault = 15,
    /// What is pending or firing, and how often rules fired.
    AlertState = 16,
    /// Changes of alert states, newest first.
    AlertLog = 17,
    /// `USER/preferences`, `USER/draft/KIND`: what an account keeps for itself.
    Account = 18,
    /// `NODE_ID` → `model::standing::Standing` as JSON: who joins, leaves or was removed.
    Standing = 19,
}

/// What applying a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Log index; also the revision of everything it changed.
    pub index: u64,
    /// Objects that really changed (an equal put changes nothing).
    pub changed: Vec<Key>,
}

/// Why a command changed nothing although it was applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("precondition {position} failed")]
pub struct PreconditionFailed {
    /// Which of [`Command::preconditions`], from 0.
    pub position: usize,
    /// The revision that is there instead; `None` = nothing is there.
    pub found: Option<Revision>,
}
