//! Declared states for tests of this module.

use crate::model::{
    Kind, Resource, Revision, UnixMs,
    cluster::{ClusterMeta, DeclaredState},
};
use std::{collections::BTreeMap, sync::Arc};

/// A cluster with these objects: `("project/shop", SPEC)`.
pub(crate) fn state(objects: &[(&str, &str)]) -> DeclaredState {
    let meta = ClusterMeta {
        cluster_id: "00".into(),
        name: "test".into(),
        formed: UnixMs(1),
        feature_level: 1,
    };
    let (members, resources) = (BTreeMap::new(), BTreeMap::new());
    let mut state = DeclaredState { index: 1, meta, members, resources };
    for (key, spec) in objects {
        let (kind, name) = key.split_once('/').unwrap();
        let kind: Kind = kind.parse().unwrap();
        let resource = Resource {
            kind,
            name: name.parse().unwrap(),
            labels: BTreeMap::new(),
            spec: Arc::new(serde_json::from_str(spec).unwrap()),
            revision: Revision(1),
            created: UnixMs(1),
            updated: UnixMs(1),
            by: "ann".into(),
        };
        let of_kind = state.resources.entry(kind).or_default();
        of_kind.insert(resource.name.clone(), Arc::new(resource));
    }
    state
}
