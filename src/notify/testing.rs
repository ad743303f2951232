//! What the tests of this folder share: a cluster in memory, any number of nodes over one set of
//! rows with a leader and a quorum that the test moves; and servers that fail as they are told.

mod faulty;
mod memory;

pub(super) use faulty::{Answer, Faulty};
pub(super) use memory::{Memory, Shared};

use super::secret::Seal;
use crate::{
    base::{clock::now_unix_ms, redact::Secret},
    model::{
        Kind, Resource, Revision, UnixMs,
        cluster::{ClusterMeta, DeclaredState},
        label::Labels,
    },
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Declared state that a test fills.
pub(super) struct Declared(DeclaredState);

impl Declared {
    pub(super) fn new() -> Self {
        Self(DeclaredState {
            index: 0,
            meta: ClusterMeta {
                cluster_id: "c".into(),
                name: "lab".into(),
                formed: UnixMs(0),
                feature_level: 1,
            },
            members: BTreeMap::new(),
            resources: BTreeMap::new(),
        })
    }

    pub(super) fn put(&mut self, kind: Kind, name: &str, spec: Value) {
        self.put_created(kind, name, spec, UnixMs(0));
    }

    pub(super) fn put_created(&mut self, kind: Kind, name: &str, spec: Value, created: UnixMs) {
        self.0.index += 1;
        let name: crate::model::Name = name.parse().unwrap();
        let resource = Resource {
            kind,
            name: name.clone(),
            labels: Labels::new(),
            spec: Arc::new(spec),
            revision: Revision(self.0.index),
            created,
            updated: UnixMs(0),
            by: "test".into(),
        };
        let of_kind = self.0.resources.entry(kind).or_default();
        of_kind.insert(name, Arc::new(resource));
    }

    pub(super) fn remove(&mut self, kind: Kind, name: &str) {
        self.0.index += 1;
        self.0.resources.entry(kind).or_default().remove(name);
    }

    pub(super) fn state(&self) -> Arc<DeclaredState> {
        Arc::new(self.0.clone())
    }
}

/// Seals nothing.
pub(super) struct PlainSeal;

impl Seal for PlainSeal {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String, String> {
        Ok(format!("{purpose}={}", String::from_utf8_lossy(plain)))
    }

    fn open(&self, purpose: &str, sealed: &str) -> Result<Secret<Vec<u8>>, String> {
        let plain = sealed.strip_prefix(purpose).and_then(|rest| rest.strip_prefix('='));
        plain.map(|plain| Secret::new(plain.into())).ok_or_else(|| "other purpose".to_owned())
    }
}

/// Now, as rows have it.
pub(super) fn now() -> UnixMs {
    UnixMs(now_unix_ms())
}

/// A version 4 body: alerts as (`alertname`, status, started this many ms ago).
pub(super) fn body(alerts: &[(&str, &str, u64)], reason: &str) -> Vec<u8> {
    let at = |ago: u64| UnixMs(now_unix_ms().saturating_sub(ago)).to_string();
    let alerts: Vec<Value> = alerts
        .iter()
        .map(|(name, status, ago)| {
            let ends = if *status == "resolved" { at(0) } else { "0001-01-01T00:00:00Z".into() };
            serde_json::json!({
                "status": status, "labels": {"alertname": name, "severity": "critical"},
                "annotations": {"summary": format!("{name} is wrong")},
                "startsAt": at(*ago), "endsAt": ends, "generatorURL": "http://prometheus/graph",
            })
        })
        .collect();
    let body = serde_json::json!({
        "version": "4", "groupKey": "{}:{}", "receiver": "ops", "status": "firing",
        "groupLabels": {"job": "node"}, "truncatedAlerts": 0,
        "notification_reason": reason, "alerts": alerts,
    });
    serde_json::to_vec(&body).unwrap()
}
