//! The formation record: what all members of a new cluster agree on, and the first rows of its
//! store.

use super::{Plan, desk::HAND_OVER_MILLIS};
use crate::{
    base::clock,
    model::{
        NodeId, UnixMs,
        cluster::{ClusterMeta, FEATURE_LEVEL, Member},
        standing::{JoinToken, NODE_ROLE},
    },
    peer::{
        ca::{Authority, CaError},
        data_key::{DataKey, KeyError},
        token::FormationToken,
    },
};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Version of the record's form.
const FORMAT: u32 = 1;

/// How a node came to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// All members agreed on it and start Raft with it.
    #[default]
    Formed,
    /// Given by a cluster that was there: Raft is started by that cluster's leader.
    Joined,
    /// Made from a backup, whose Raft state is there already.
    Restored,
}

/// What all members agreed on. Holds no secret: the CA key is sealed with the data key, which
/// travels beside the record and is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    format: u32,
    /// Lower-case hex, 32 characters.
    pub cluster_id: String,
    /// The `cluster` external label.
    pub cluster_name: String,
    /// When it was proposed, by the proposer's clock.
    pub formed: UnixMs,
    /// The member with the lowest id.
    pub proposer: NodeId,
    /// All members, sorted by id.
    pub members: Vec<Member>,
    /// SHA-256 of the command that all of them were given, hex.
    pub list_hash: String,
    /// The CA certificate.
    pub ca_pem: String,
    /// The CA key, sealed.
    pub ca_key_sealed: String,
    /// How this node came to it.
    #[serde(default)]
    pub origin: Origin,
}

/// `formation.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OnDisk {
    pub(super) record: Record,
    pub(super) committed: bool,
}

impl Record {
    /// A new record; makes the cluster id and the CA.
    pub(super) fn propose(
        plan: &Plan,
        mut members: Vec<Member>,
        data_key: &DataKey,
    ) -> Result<Self, CaError> {
        members.sort_by_key(|member| member.id);
        let cluster_id = mint_cluster_id(&members).map_err(CaError::Key)?;
        let authority = Authority::create(&cluster_id)?;
        Ok(Self {
            format: FORMAT,
            cluster_name: plan.cluster_name.clone(),
            formed: UnixMs(clock::now_unix_ms()),
            proposer: plan.me.id,
            members,
            list_hash: list_hash(plan),
            ca_pem: authority.pem().to_owned(),
            ca_key_sealed: authority.seal_key(data_key)?,
            origin: Origin::Formed,
            cluster_id,
        })
    }

    /// A cluster of one node with a new id, with the CA and the data key of an older one.
    ///
    /// # Errors
    /// No randomness, or the CA key cannot be sealed.
    pub fn restored(
        name: &str,
        member: Member,
        authority: Authority,
        data_key: &DataKey,
    ) -> Result<Self, CaError> {
        let members = vec![member];
        let cluster_id = mint_cluster_id(&members).map_err(CaError::Key)?;
        let authority = authority.for_cluster(&cluster_id);
        Ok(Self {
            format: FORMAT,
            cluster_name: name.to_owned(),
            formed: UnixMs(clock::now_unix_ms()),
            proposer: members[0].id,
            members,
            list_hash: String::new(),
            ca_pem: authority.pem().to_owned(),
            ca_key_sealed: authority.seal_key(data_key)?,
            origin: Origin::Restored,
            cluster_id,
        })
    }

    /// The same cluster for a node that joins it, with all members of now, the new one included.
    #[must_use]
    pub fn for_joiner(&self, mut members: Vec<Member>) -> Self {
        members.sort_by_key(|member| member.id);
        Self { members, origin: Origin::Joined, ..self.clone() }
    }

    pub(super) fn ids(&self) -> BTreeSet<NodeId> {
        self.members.iter().map(|member| member.id).collect()
    }

    pub(super) fn lists(&self, node: NodeId) -> bool {
        self.members.iter().any(|member| member.id == node)
    }

    /// Whether this version can read it and it makes sense.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("record format {} is unknown: same version on all", self.format));
        }
        let sorted = self.members.windows(2).all(|pair| pair[0].id < pair[1].id);
        let lowest = self.members.first().map(|member| member.id);
        if !sorted || (self.origin == Origin::Formed && lowest != Some(self.proposer)) {
            return Err("the record's members are out of order".to_owned());
        }
        Ok(())
    }

    /// Opens the CA.
    ///
    /// # Errors
    /// Wrong data key or damaged record.
    pub fn authority(&self, data_key: &DataKey) -> Result<Authority, CaError> {
        Authority::open(&self.cluster_id, &self.ca_pem, &self.ca_key_sealed, data_key)
    }

    /// The voters to initialize Raft with, on every member the same; `None` where Raft is
    /// started by others.
    #[must_use]
    pub fn founders(&self) -> Option<Vec<NodeId>> {
        (self.origin == Origin::Formed)
            .then(|| self.members.iter().map(|member| member.id).collect())
    }

    /// First value of the cluster row `meta`.
    #[must_use]
    pub fn meta(&self) -> ClusterMeta {
        ClusterMeta {
            cluster_id: self.cluster_id.clone(),
            name: self.cluster_name.clone(),
            formed: self.formed,
            feature_level: FEATURE_LEVEL,
        }
    }

    /// First rows of the cluster space: key → value. (`meta` is JSON, `ca` PEM, `ca_key` sealed.)
    #[must_use]
    pub fn cluster_rows(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("meta", to_json(&self.meta())),
            ("ca", self.ca_pem.clone().into_bytes()),
            ("ca_key", self.ca_key_sealed.clone().into_bytes()),
        ]
    }

    /// First rows of the member space: node id → member as JSON.
    #[must_use]
    pub fn member_rows(&self) -> Vec<(String, Vec<u8>)> {
        self.members.iter().map(|member| (member.id.to_string(), to_json(member))).collect()
    }
}

impl Record {
    /// First row of the join token space: what is kept of the formation token. A token of role
    /// `node`, good for the listed addresses for 24 hours, as JSON.
    #[must_use]
    pub fn join_token_row(&self, token: &FormationToken) -> Vec<u8> {
        to_json(&JoinToken {
            role: NODE_ROLE.to_owned(),
            hash: token.hash(),
            addresses: self.members.iter().map(|member| member.address).collect(),
            created: self.formed,
            by: "formation".to_owned(),
            expires: UnixMs(self.formed.0 + HAND_OVER_MILLIS),
            uses_left: None,
        })
    }
}

fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data has a JSON form")
}

/// SHA-256 over the sorted entries, their number and the cluster's name.
pub(super) fn list_hash(plan: &Plan) -> String {
    let mut entries: Vec<_> = plan.entries.iter().map(ToString::to_string).collect();
    entries.sort();
    let text = format!("{}\n{}\n{}", entries.len(), entries.join(","), plan.cluster_name);
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

fn mint_cluster_id(members: &[Member]) -> Result<String, KeyError> {
    let mut nonce = [0u8; 32];
    getrandom::fill(&mut nonce).map_err(KeyError::Random)?;
    let mut hash = Sha256::new();
    for member in members {
        hash.update(member.id.0.to_be_bytes());
    }
    hash.update(nonce);
    Ok(HEXLOWER.encode(&hash.finalize()[..16]))
}
