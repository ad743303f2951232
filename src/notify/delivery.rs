//! A delivery: one notification on its way over one channel, as it lies in the queue.
//!
//! ```text
//!            claim (durable)          answer
//! waiting ───────────────────► sending ──────► delivered │ rejected ──► receipt, row removed
//!    ▲                           │ retry, limited, unknown
//!    └───────────────────────────┘ until `expires_at`; then receipt `failed`
//! ```

use super::alert::{Fingerprint, Status};
use crate::model::{NodeId, UnixMs, label::Labels};
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// Ordered by time: 48 bits of milliseconds, then 80 random ones. 32 hex digits in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub u128);

impl DeliveryId {
    /// Made of an instant and random bits.
    #[must_use]
    pub const fn new(at: UnixMs, random: u128) -> Self {
        Self(((at.0 as u128) << 80) | (random & ((1 << 80) - 1)))
    }

    /// A new one; unique also when the system has no randomness, unless in the same millisecond.
    #[must_use]
    pub fn mint(at: UnixMs) -> Self {
        let mut random = [0_u8; 16];
        if getrandom::fill(&mut random).is_err() {
            tracing::error!("the system gives no random bytes");
        }
        Self::new(at, u128::from_be_bytes(random))
    }

    /// Key of its row in the queue: in order of time.
    #[must_use]
    pub fn key(self) -> Bytes {
        Bytes::copy_from_slice(&self.0.to_be_bytes())
    }

    /// Key of its receipt: newest first.
    #[must_use]
    pub fn receipt_key(self) -> Bytes {
        Bytes::copy_from_slice(&(!self.0).to_be_bytes())
    }

    /// From [`Self::key`].
    #[must_use]
    pub fn from_key(key: &[u8]) -> Option<Self> {
        Some(Self(u128::from_be_bytes(key.try_into().ok()?)))
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for DeliveryId {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

impl Serialize for DeliveryId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DeliveryId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Alerts began to fire.
    Firing,
    /// They still do.
    Repeat,
    /// They do no more.
    Resolved,
}

/// One episode of one fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Item {
    /// Of which alert.
    pub fingerprint: Fingerprint,
    /// Number of the episode.
    pub episode: u32,
}

/// One try to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// From 1.
    pub n: u32,
    /// When it began.
    pub at: UnixMs,
    /// Who sent.
    pub node: NodeId,
    /// In which Raft term; 0 from a local spool.
    pub term: u64,
    /// How it ended; `None` = not known (yet).
    pub outcome: Option<Outcome>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The other side has it.
    Delivered,
    /// The other side queued it.
    Accepted,
    /// Not taken; try again.
    Retry,
    /// Held back by a limit of the other side; does not count against the schedule.
    Limited,
    /// Refused for good.
    Rejected,
    /// It may have been taken; sent again under the same id.
    Unknown,
}

impl Class {
    /// Every class, for counters.
    pub const ALL: [Self; 6] = [
        Self::Delivered,
        Self::Accepted,
        Self::Retry,
        Self::Limited,
        Self::Rejected,
        Self::Unknown,
    ];

    /// As in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Accepted => "accepted",
            Self::Retry => "retry",
            Self::Limited => "limited",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }

    /// The other side has it.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Delivered | Self::Accepted)
    }
}

/// How an attempt ended, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What follows from it.
    pub class: Class,
    /// For people: short, without addresses or secrets.
    pub reason: String,
    /// HTTP or SMTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The other side asked to wait this long, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<u64>,
    /// How long the attempt took, in milliseconds.
    #[serde(default)]
    pub took_ms: u64,
}

/// One notification to one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The same on every attempt.
    pub id: DeliveryId,
    /// When the alerts came in.
    pub created: UnixMs,
    /// Whom.
    pub receiver: String,
    /// Over what.
    pub channel: String,
    /// `spec.type` of the channel when it was queued.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Whom of the channel's recipients; empty for channels that have none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Why.
    pub about: About,
    /// Labels of Alertmanager's group.
    #[serde(default)]
    pub group_labels: Labels,
    /// What is told; their content is in the episodes. At most [`MAX_ITEMS`].
    pub items: Vec<Item>,
    /// Alerts that Alertmanager left out.
    #[serde(default)]
    pub truncated_alerts: u64,
    /// Notifications merged into this one.
    #[serde(default)]
    pub merged: u32,
    /// Alerts of merged notifications that had no room any more.
    #[serde(default)]
    pub omitted: u64,
    /// The schedule ends here.
    pub expires_at: UnixMs,
    /// Not before.
    pub next_at: UnixMs,
    /// Attempts so far.
    #[serde(default)]
    pub n_attempts: u32,
    /// The latest [`KEPT_ATTEMPTS`] of them.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// From the spool of a node that had no quorum.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
}

/// Most alerts of one notification.
pub const MAX_ITEMS: usize = 500;
/// Attempts kept for the receipt.
pub const KEPT_ATTEMPTS: usize = 30;

impl Delivery {
    /// What shares limits, order and merging: a channel, and a recipient where it has several.
    #[must_use]
    pub fn lane(&self) -> (&str, &str) {
        (&self.channel, &self.to)
    }

    /// Begins the next attempt.
    pub fn begin(&mut self, at: UnixMs, node: NodeId, term: u64) {
        self.n_attempts = self.n_attempts.saturating_add(1);
        if self.attempts.len() >= KEPT_ATTEMPTS {
            self.attempts.remove(0);
        }
        self.attempts.push(Attempt { n: self.n_attempts, at, node, term, outcome: None });
    }

    /// Notes how the latest attempt ended.
    pub fn end(&mut self, outcome: Outcome) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.outcome = Some(outcome);
        }
    }

    /// The latest attempt began and nobody knows how it ended.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.attempts.last().is_some_and(|attempt| attempt.outcome.is_none())
    }

    /// The status a message about this has while nothing changed since.
    #[must_use]
    pub const fn status(&self) -> Status {
        match self.about {
            About::Firing | About::Repeat => Status::Firing,
            About::Resolved => Status::Resolved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_by_time_and_receipt_keys_the_other_way_round() {
        let (old, new) = (DeliveryId::mint(UnixMs(1_000)), DeliveryId::mint(UnixMs(1_001)));
        assert!(old < new && old.key() < new.key() && old.receipt_key() > new.receipt_key());
        assert_eq!(DeliveryId::from_key(&old.key()), Some(old));
        assert_eq!(old.to_string().parse(), Ok(old));
        assert_ne!(DeliveryId::mint(UnixMs(1)), DeliveryId::mint(UnixMs(1)));
    }
}
