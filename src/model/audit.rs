//! What an audit record says, and how records form a chain: each carries the SHA-256 of the hash
//! before it and its own text, so that none can be changed, left out or put in later without all
//! that follow changing, too.
//!
//! ```text
//! anchor (seq, hash) ─► record 1: SHA-256(anchor.hash ‖ text 1) ─► record 2: SHA-256(…) ─► head
//! ```
//!
//! The text is the JSON of a [`Record`] exactly as it was written down, never written anew: a
//! record with fields of a newer binary keeps its bytes on every node. Its sequence number is part
//! of the text. The store makes the texts ([`Note::text`] plus what it saw itself); `web` and `cli`
//! read and verify them.

use super::UnixMs;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A link of the chain.
pub type Hash = [u8; 32];
/// What the chain of a new cluster begins with.
pub const GENESIS: Hash = [0; 32];
/// Says in the first line of an export what the file is.
pub const EXPORT_FORMAT: &str = "watchkeep-audit-1";
/// A record names at most so many objects; the history has all of them.
pub const OBJECTS_MAX: usize = 200;

/// What was done, or tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Declared objects were created, changed or deleted.
    Change,
    /// A revision was taken back.
    Revert,
    /// Somebody signed in, or tried to.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// A session was ended by somebody: one's own elsewhere, or another's.
    SessionEnd,
    /// A password was set.
    PasswordSet,
    /// A second factor was turned on, or begun to be.
    FactorSet,
    /// A second factor was turned off, by its owner or an admin.
    FactorRemove,
    /// An API token was made.
    TokenMake,
    /// An API token was revoked.
    TokenRevoke,
    /// An API token was used from an address it was not used from before.
    TokenNewAddress,
    /// The value of a secret was set.
    SecretSet,
    /// A token that lets machines join was made.
    JoinTokenMake,
    /// Such a token was revoked.
    JoinTokenRevoke,
    /// A machine was let into the cluster.
    MemberJoin,
    /// A node was taken out, or left.
    MemberRemove,
    /// Components of a bundle became available to the cluster.
    BundleAdd,
    /// A backup was downloaded.
    SnapshotSave,
    /// The audit itself was exported.
    AuditExport,
    /// Records past their time were removed.
    AuditPrune,
    /// A fault that stays until somebody acts on it was dismissed.
    FaultDismiss,
    /// The cluster was formed.
    Form,
    /// This cluster was made from a backup of another.
    Restore,
    /// This cluster was made from what one node of another had kept.
    Recover,
    /// Anything else that was refused for want of a right.
    Request,
    /// Of a newer binary.
    #[serde(other)]
    Other,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It was done.
    Done,
    /// It was refused: nothing was changed.
    Refused,
}

/// What whoever does something says about it. Texts are short and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When, by the writer's clock.
    pub at: UnixMs,
    /// Account, `token/NAME`, `local/UID`, `node/ID`, `system`; empty for nobody known.
    pub actor: String,
    /// What.
    pub verb: Verb,
    /// How it ended.
    pub outcome: Ending,
    /// Code of the refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `session`, `token` or `socket`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// Source address, or `uid N` on a node's own socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the client said it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Id of the request, as in its answer and in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Method and path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// What it was about, where that is no declared object: `user/ann`, `secret/smtp`, `node/7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The reason that was given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// How many times in a row, until `last`; 0 and 1 are once.
    #[serde(default, skip_serializing_if = "is_once")]
    pub count: u32,
    /// When it happened the last time, where it did more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<UnixMs>,
}

const fn is_once(count: &u32) -> bool {
    *count < 2
}

impl Note {
    /// Something that was done; everything else is still to be filled in.
    #[must_use]
    pub fn done(at: UnixMs, actor: impl Into<String>, verb: Verb) -> Self {
        Self {
            at,
            actor: actor.into(),
            verb,
            outcome: Ending::Done,
            code: None,
            via: None,
            from: None,
            agent: None,
            request: None,
            route: None,
            about: None,
            why: String::new(),
            count: 1,
            last: None,
        }
    }

    /// The same about something that is no declared object.
    #[must_use]
    pub fn about(mut self, what: impl Into<String>) -> Self {
        self.about = Some(what.into());
        self
    }

    /// As JSON: what the store keeps.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("plain data has a JSON form")
    }
}

/// What the store saw of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its revision before; none = it was created.
    pub before: Option<String>,
    /// Its revision now; none = it was deleted.
    pub after: Option<String>,
}

/// A record as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Position in the chain, from 1, without a hole.
    pub seq: u64,
    /// Log index; the revision of everything it changed.
    pub index: u64,
    /// What it changed, at most [`OBJECTS_MAX`].
    #[serde(default)]
    pub objects: Vec<Touched>,
    /// How many objects it changed.
    #[serde(default)]
    pub n_objects: u64,
    /// What was said about it.
    #[serde(flatten)]
    pub note: Note,
}

/// The hash of a record with this text after one with the hash `previous`.
#[must_use]
pub fn link(previous: &Hash, text: &[u8]) -> Hash {
    Sha256::new().chain_update(previous).chain_update(text).finalize().into()
}

/// One end of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// Position.
    pub seq: u64,
    /// Hash of the record there.
    pub hash: Hash,
}

/// Hash as people write it down.
#[must_use]
pub fn hex(hash: &Hash) -> String {
    HEXLOWER.encode(hash)
}

/// Reads [`hex`].
#[must_use]
pub fn parse_hex(text: &str) -> Option<Hash> {
    HEXLOWER.decode(text.trim().to_ascii_lowercase().as_bytes()).ok()?.try_into().ok()
}

/// Where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("record {seq}: {reason}")]
pub struct Broken {
    /// The first record that does not fit.
    pub seq: u64,
    /// Why.
    pub reason: String,
}

/// Follows a chain from its anchor.
#[derive(Debug, Clone)]
pub struct Walk {
    at: End,
    n_records: u64,
}

impl Walk {
    /// Begins behind `anchor`.
    #[must_use]
    pub const fn from(anchor: End) -> Self {
        Self { at: anchor, n_records: 0 }
    }

    /// The last record that fitted.
    #[must_use]
    pub const fn end(&self) -> End {
        self.at
    }

    /// How many fitted.
    #[must_use]
    pub const fn n_records(&self) -> u64 {
        self.n_records
    }

    /// Takes the next record.
    ///
    /// # Errors
    /// [`Broken`]; the walk stays before it.
    pub fn step(&mut self, hash: &Hash, text: &str) -> Result<(), Broken> {
        #[derive(Deserialize)]
        struct Seq {
            seq: u64,
        }
        let wanted = self.at.seq + 1;
        let broken = |reason: String| Err(Broken { seq: wanted, reason });
        match serde_json::from_str::<Seq>(text) {
            Ok(Seq { seq }) if seq == wanted => {}
            Ok(Seq { seq }) => return broken(format!("is missing: {seq} stands in its place")),
            Err(error) => return broken(format!("cannot be read: {error}")),
        }
        if link(&self.at.hash, text.as_bytes()) != *hash {
            return broken("its hash is not that of its text after the record before it".into());
        }
        self.at = End { seq: wanted, hash: *hash };
        self.n_records += 1;
        Ok(())
    }
}

/// First line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFileHead {
    /// [`EXPORT_FORMAT`].
    pub format: String,
    /// Id of the cluster.
    pub cluster: String,
    /// Number of the record before the first one; 0 = there was none.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

impl AuditFileHead {
    /// Of an export of `cluster` that begins behind `anchor`.
    #[must_use]
    pub fn new(cluster: &str, anchor: End) -> Self {
        let (format, hash) = (EXPORT_FORMAT.to_owned(), hex(&anchor.hash));
        Self { format, cluster: cluster.to_owned(), seq: anchor.seq, hash }
    }

    /// Where the chain begins; none if this is no such file.
    #[must_use]
    pub fn anchor(&self) -> Option<End> {
        let hash = parse_hex(&self.hash).filter(|_| self.format == EXPORT_FORMAT)?;
        Some(End { seq: self.seq, hash })
    }
}

/// One record as a line of an export: the text stands in it as it is.
#[must_use]
pub fn line(hash: &Hash, text: &str) -> String {
    format!("{{\"hash\":\"{}\",\"record\":{text}}}\n", hex(hash))
}

/// Reads [`line`], without its end; none if it is no such line.
#[must_use]
pub fn parse_line(line: &str) -> Option<(Hash, &str)> {
    let (hash, rest) = line.strip_prefix("{\"hash\":\"")?.split_once('"')?;
    let text = rest.strip_prefix(",\"record\":")?.strip_suffix('}')?;
    Some((parse_hex(hash)?, text))
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
