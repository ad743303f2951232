//! What nodes say to each other before they are a cluster: one request and one reply a
//! connection, JSON, each preceded by its length. Unknown fields are ignored, so that a newer
//! node can be understood.

use super::record::Record;
use crate::{
    model::{NodeId, cluster::Member},
    peer::{
        data_key::DataKey,
        join::{Answer, Ask},
    },
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::collections::BTreeMap;

/// How a node introduces itself, on both sides of a probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hello {
    /// The entry of its list that it is itself.
    pub(super) entry: String,
    /// Its whole list and the cluster's name, for people.
    pub(super) list: Vec<String>,
    pub(super) cluster_name: String,
    pub(super) list_hash: String,
    pub(super) member: Member,
    pub(super) phase: HelloPhase,
    /// The other entries it has reached itself and found blank, by entry.
    pub(super) sees: BTreeMap<String, NodeId>,
}

/// How far a node is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum HelloPhase {
    Blank,
    Prepared { cluster_id: String, proposer: NodeId },
    Committed { cluster_id: String },
}

/// A record with the key that opens it: all that makes a node of a machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Offer {
    /// What the cluster is.
    pub record: Record,
    /// Opens the CA key in it, and every secret in the store.
    #[serde(serialize_with = "reveal", deserialize_with = "hide")]
    pub data_key: DataKey,
}

/// The token has proven the other side to be one of us: the only place where the key leaves.
fn reveal<S: Serializer>(key: &DataKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.to_base64().expose())
}

fn hide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DataKey, D::Error> {
    let text = crate::base::redact::Secret::new(String::deserialize(deserializer)?);
    DataKey::from_base64(text.expose()).ok_or_else(|| D::Error::custom("no data key"))
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Request {
    Probe(Box<Hello>),
    Propose(Box<Offer>),
    Commit {
        cluster_id: String,
    },
    /// Of a machine that found the cluster formed without it.
    Join(Box<Ask>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    /// To a probe; the offer when the caller is a listed member of a committed record.
    Hello {
        hello: Box<Hello>,
        offer: Option<Box<Offer>>,
    },
    Accepted,
    Refused {
        reason: String,
    },
    Joining(Answer),
}
