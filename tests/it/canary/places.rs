//! Where can be read, and where something that is secret elsewhere must be.

use super::{HEADER, IN_URL, search::Found};
use serde_json::Value;
use std::collections::BTreeSet;

/// The list of places where something must be.
pub(super) fn may_be(found: &Found) -> bool {
    let place = found.place.as_str();
    let file = |name: &str| place.ends_with(name);
    match found.canary.as_str() {
        // The one who started the node reads it there until it is changed, and was told it once
        // on the terminal, which is a file here.
        "first password" => {
            let logs = ["/n1/log", "/n2/log", "/n3/log"];
            file("/data/initial-admin-password") || logs.into_iter().any(file)
        }
        // Prometheus reads there what it shows the others.
        "programs' password" => file("/data/components/web.password"),
        // Declared: in the store, and in what shows declared objects to operators.
        HEADER | IN_URL => {
            let store = ["/data/state.redb", "/data/raft-log.redb"].into_iter().any(file)
                || place.contains("/data/snapshots/");
            let shown = ["/api/v1/channels", "/api/v1/export", "/api/v1/history"];
            store
                || shown.into_iter().any(|path| place.starts_with(path))
                || ["watchkeep export", "watchkeep history"].contains(&place)
        }
        _ => false,
    }
}

/// All paths that can be read, parameters filled with names that there are.
pub(super) fn readable(document: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods.get("get").is_none() {
            continue;
        }
        for name in [
            "mail",
            "web",
            "smtp",
            "oidc",
            "ldap",
            "ops",
            "eve",
            "ci",
            "default",
            "prometheus",
            "1",
        ] {
            let mut filled = String::new();
            for part in path.split('/').skip(1) {
                let part = if part.starts_with('{') { name } else { part };
                filled.push('/');
                filled.push_str(part);
            }
            all.insert(filled);
        }
    }
    all
}
