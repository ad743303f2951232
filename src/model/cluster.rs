//! The cluster as the store knows it: members, addresses, ports.

use super::{Kind, Name, NodeId, Resource, UnixMs, label::Labels, resource::Key};
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

/// The ports of one node. Standard values; 0 in the conf file is replaced by the bound one
/// before it gets here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ports {
    /// Portal and API.
    pub public: u16,
    /// Cluster port, mTLS.
    pub peer: u16,
    /// Scrape door, mTLS.
    pub scrape: u16,
    /// Loopback door.
    pub local: u16,
    /// Prometheus, loopback.
    pub prometheus: u16,
    /// Alertmanager, loopback.
    pub alertmanager: u16,
    /// Alertmanager gossip, mTLS.
    pub gossip: u16,
    /// `node_exporter` of the node itself, loopback.
    pub node_exporter: u16,
    /// `blackbox_exporter` of the node, loopback.
    pub blackbox_exporter: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            public: 8420,
            peer: 8421,
            scrape: 8422,
            local: 8423,
            prometheus: 9090,
            alertmanager: 9093,
            gossip: 9094,
            node_exporter: 9100,
            blackbox_exporter: 9115,
        }
    }
}

/// A member of the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: NodeId,
    /// For people: the entry of `--cluster`, or the host name.
    pub name: String,
    /// Address under which the others reach it.
    pub address: IpAddr,
    /// Address of its own loopback services: `address` itself where that is a loopback address.
    pub loopback: IpAddr,
    /// Its ports.
    pub ports: Ports,
    /// `https://address:8420` or what `[public]` says.
    pub url: String,
    /// Counts as gone for placement (15 minutes of silence, or removed).
    #[serde(default)]
    pub gone: bool,
}

/// Highest feature level this binary can apply. 1: commands of objects and rows; 2: audit records.
pub const FEATURE_LEVEL: u32 = 2;
/// From this level on changes are audited.
pub const AUDIT_LEVEL: u32 = 2;

/// Facts about the cluster that are not resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterMeta {
    /// Lower-case hex, minted at formation.
    pub cluster_id: String,
    /// The `cluster` external label.
    pub name: String,
    /// When it was formed.
    pub formed: UnixMs,
    /// Lowest feature level that every member can apply.
    pub feature_level: u32,
}

/// Everything rendering reads, as of one log index. Cheap to clone: resources share their specs.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredState {
    /// Log index of this view.
    pub index: u64,
    /// Identity of the cluster.
    pub meta: ClusterMeta,
    /// All members, sorted by id.
    pub members: BTreeMap<NodeId, Member>,
    /// All resources, by kind and name. Persistent maps: a changed copy shares all but the path to
    /// what changed, so a write costs the same however many objects there are.
    pub resources: BTreeMap<Kind, OrdMap<Name, Arc<Resource>>>,
}

impl DeclaredState {
    /// The resources of one kind, sorted by name.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Resource> {
        self.resources.get(&kind).into_iter().flat_map(|of_kind| of_kind.values().map(|r| &**r))
    }

    /// One resource.
    #[must_use]
    pub fn get(&self, kind: Kind, name: &str) -> Option<&Resource> {
        self.resources.get(&kind)?.get(name).map(|resource| &**resource)
    }

    /// The state as if these objects did not exist.
    #[must_use]
    pub fn without<'a>(&self, keys: impl IntoIterator<Item = &'a Key>) -> Self {
        let mut state = self.clone();
        for key in keys {
            if let Some(of_kind) = state.resources.get_mut(&key.kind) {
                of_kind.remove(&key.name);
            }
        }
        state
    }

    /// The dimension labels of a project's series: its own name, department, owner, system,
    /// module, environment where set. Empty for an unknown project.
    #[must_use]
    pub fn project_labels(&self, project: &str) -> Labels {
        let project = self.get(Kind::Project, project);
        project.map_or_else(Labels::new, |it| dimension_labels(it.name.as_str(), &it.spec))
    }
}

/// What the spec of a project makes of it: see [`DeclaredState::project_labels`].
#[must_use]
pub fn dimension_labels(project: &str, spec: &serde_json::Value) -> Labels {
    let mut labels = Labels::from([("project".to_owned(), project.to_owned())]);
    for dimension in ["department", "owner", "system", "module", "environment"] {
        if let Some(value) = spec.get(dimension).and_then(|value| value.as_str()) {
            labels.insert(dimension.to_owned(), value.to_owned());
        }
    }
    labels
}
