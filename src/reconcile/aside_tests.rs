//! Leaving out what turned bad: the search, and the whole with a checker of its own mind.

use super::*;
use crate::{
    model::observed::{ConfigRefusal, ConfigStatus},
    render::tests::fixture,
    store::testing,
    supervise::Runner,
};
use std::{
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};
use tokio::sync::watch;

fn key(n: usize) -> Key {
    Key { kind: Kind::RuleGroup, name: format!("g{n}").parse().unwrap() }
}

/// Searches among `n` objects of which `bad` are refused; `traced` objects are named in the
/// words. Gives what is left out and how many times it was judged.
async fn left_out(n: usize, bad: &[usize], traced: &[usize]) -> (Vec<String>, usize) {
    let candidates: Vec<Key> = (0..n).map(key).collect();
    let judged = AtomicUsize::new(0);
    let judge = |out: BTreeSet<Key>| -> BoxFuture<'_, Option<Complaint>> {
        judged.fetch_add(1, Ordering::Relaxed);
        let wrong = bad.iter().any(|bad| *bad >= n || !out.contains(&key(*bad)));
        let traced = traced.iter().map(|n| key(*n)).filter(|key| !out.contains(key)).take(1);
        let complaint = wrong.then(|| (traced.collect(), "no".to_owned()));
        Box::pin(async move { complaint })
    };
    let found = search(&candidates, &judge).await;
    let names = found.keys().map(|key| key.name.to_string()).collect();
    (names, judged.load(Ordering::Relaxed))
}

#[tokio::test]
async fn what_the_words_lead_to_is_left_out_and_nothing_else() {
    let (found, judged) = left_out(2000, &[7, 1500], &[7, 1500]).await;
    assert_eq!(found, ["g1500", "g7"]);
    assert!(judged < 10, "{judged}");
    // An innocent one was named, too.
    assert_eq!(left_out(2000, &[7], &[3, 7]).await.0, ["g7"]);
}

#[tokio::test]
async fn without_telling_words_it_is_found_by_halves() {
    let (found, judged) = left_out(2000, &[42, 1999], &[]).await;
    assert_eq!(found, ["g1999", "g42"]);
    assert!(judged < 60, "{judged}");
}

#[tokio::test]
async fn what_leaving_out_does_not_mend_is_left_as_it_is() {
    assert!(left_out(10, &[99], &[]).await.0.is_empty());
    assert!(left_out(10, &[99], &[1, 2]).await.0.is_empty());
}

/// Refuses every rule file with a forbidden text, as a newer promtool would.
const PROMTOOL: &str = "#!/bin/sh\nfor f in \"$(dirname \"$3\")\"/rules/*.yml; do\n\
    if grep -q forbidden \"$f\"; then echo \"FAILED: $f: 3:5: no such function\"; exit 1; fi\ndone\n";

fn machine(dir: &Path) -> NodeFacts {
    let promtool = dir.join("promtool");
    crate::base::atomic_file::write(&promtool, PROMTOOL.as_bytes(), 0o755).unwrap();
    std::fs::set_permissions(&promtool, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut facts = fixture::facts();
    facts.components_dir = dir.join("components");
    let build = facts.builds.get_mut("prometheus").unwrap();
    build.programs.insert("promtool".into(), promtool);
    facts
}

fn refusing(component: &str) -> BTreeMap<String, ComponentReport> {
    let refusal = ConfigRefusal { by: RefusedBy::Checker, since_index: 5, since: UnixMs(1) };
    let config = ConfigStatus {
        component: component.into(),
        rendered_index: 5,
        live_index: 0,
        live_hash: String::new(),
        refused: Some("promtool check config: no".into()),
        refusal: Some(refusal),
    };
    let report = ComponentReport { config, faults: Vec::new(), version: String::new() };
    [(component.to_owned(), report)].into()
}

fn look<'a>(
    state: &'a Arc<DeclaredState>,
    store: &'a Store,
    facts: &'a Arc<NodeFacts>,
    checkers: &'a Checkers,
) -> Look<'a> {
    let reports = refusing("prometheus");
    Look { node: NodeId(1), store, state, facts, checkers, reports }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_turned_bad_is_left_out_with_a_fault_and_comes_back_when_it_is_good() {
    let dir = tempfile::tempdir().unwrap();
    let store = testing::single(&dir.path().join("store")).await;
    let mut state = fixture::cluster(1);
    fixture::shop(&mut state);
    let rules = |metric: &str| serde_json::json!({"project": "web", "rules": [{"record": "a", "expr": metric}]});
    fixture::put(&mut state, Kind::RuleGroup, "old", rules("forbidden"));
    let facts = Arc::new(machine(dir.path()));
    let (_sender, seen) = watch::channel(Some(Arc::clone(&facts)));
    let checkers = Checkers::new(Runner::default(), NodeId(1), seen);
    let mut aside = Aside::default();
    let bad = Arc::new(state.clone());
    assert!(aside.look(&look(&bad, &store, &facts, &checkers)).await);
    let rest = aside.rest(&bad);
    assert!(rest.get(Kind::RuleGroup, "old").is_none());
    assert!(rest.get(Kind::RuleGroup, "web").is_some(), "the others stay");
    let faults = aside.faults("prometheus");
    assert_eq!((faults[0].code.as_str(), faults[0].object.as_str()), ("WK-3017", "rule-group/old"));
    assert!(faults[0].message.contains("rules/old.yml: 3:5: no such function"), "{faults:?}");
    assert!(aside.faults("alertmanager").is_empty());
    assert!(
        !aside.look(&look(&bad, &store, &facts, &checkers)).await,
        "nothing new the second time"
    );
    fixture::put(&mut state, Kind::RuleGroup, "old", rules("up"));
    let good = Arc::new(state);
    assert!(aside.look(&look(&good, &store, &facts, &checkers)).await);
    assert!(aside.rest(&good).get(Kind::RuleGroup, "old").is_some());
    assert!(aside.faults("prometheus").is_empty());
    store.close().await.unwrap();
}
