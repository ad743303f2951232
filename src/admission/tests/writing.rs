//! Requests all the way into a real store.

use super::{messages, request, shop};
use crate::admission::{Action, Admission, CheckFailure, Checker, Expect, Outcome, Request};
use crate::model::{Kind, NodeId, UnixMs, cluster::DeclaredState};
use crate::render::{Component, NodeFacts, tests::fixture};
use crate::store::{Store, command::Command, testing};
use futures_util::future::BoxFuture;
use std::sync::{Arc, Mutex};

const DEADLINE: std::time::Duration = std::time::Duration::from_secs(20);

type Meanwhile = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// Refuses trees that contain a forbidden text, in promtool's words, and counts what it saw.
#[derive(Default)]
struct PickyChecker {
    seen: Mutex<Vec<String>>,
    between: Mutex<Option<Meanwhile>>,
}

impl Checker for PickyChecker {
    fn ground(&self) -> Option<(NodeId, NodeFacts)> {
        Some((NodeId(1), fixture::facts()))
    }

    fn check<'a>(&'a self, component: &'a Component) -> BoxFuture<'a, Result<(), CheckFailure>> {
        let between = self.between.lock().unwrap().take();
        self.seen.lock().unwrap().push(component.name.clone());
        Box::pin(async move {
            if let Some(between) = between {
                between().await;
            }
            let bad = component.files.iter().find(|(_, file)| {
                String::from_utf8_lossy(&file.bytes).contains("forbidden_metric")
            });
            match bad {
                None => Ok(()),
                Some((path, _)) => Err(CheckFailure::Refused {
                    check: "promtool check config".into(),
                    words: format!("FAILED:\n{path}: 9:5: no"),
                }),
            }
        })
    }
}

/// A single-node store with the shop in it. Rendering needs members: their rows are written as
/// the app writes them.
pub(super) async fn store(dir: &std::path::Path) -> Store {
    let store = testing::single(dir).await;
    let mut state: DeclaredState = fixture::cluster(1);
    fixture::shop(&mut state);
    let mut changes = Vec::new();
    for member in state.members.values() {
        let key = member.id.to_string().into_bytes().into();
        let row = serde_json::to_vec(member).unwrap().into();
        let space = crate::store::command::Space::Member;
        changes.push(crate::store::command::Change::PutRow(space, key, row));
    }
    for resource in Kind::ALL.iter().flat_map(|kind| state.of(*kind)) {
        changes.push(crate::store::command::Change::Put {
            kind: resource.kind,
            name: resource.name.clone(),
            labels: resource.labels.clone(),
            spec: (*resource.spec).clone(),
        });
    }
    let command = Command {
        request: 1,
        actor: "system".into(),
        why: String::new(),
        at: UnixMs(1),
        preconditions: Vec::new(),
        changes,
    };
    store.write(command, DEADLINE).await.unwrap();
    assert_eq!(store.state().members.len(), 1);
    store
}

fn written(outcome: &Outcome) -> Vec<String> {
    let written = outcome.written.as_ref();
    written.into_iter().flat_map(|it| &it.changed).map(ToString::to_string).collect()
}

const RULES: &str = "kind: rule-group\nname: NAME\nspec: {project: web, rules: [{alert: A, expr: METRIC > 0}]}\n---\n";

fn rules(name: &str, metric: &str) -> String {
    RULES.replace("NAME", name).replace("METRIC", metric)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_change_is_written_once_and_then_is_no_change() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path()).await;
    let checker = Arc::new(PickyChecker::default());
    let admission = Admission::new(store.clone(), checker.clone());
    let dry = admission.dry_run(request(&rules("r", "up"))).await.unwrap();
    assert!(dry.plan.command.is_some() && dry.written.is_none());
    assert!(store.state().get(Kind::RuleGroup, "r").is_none());
    let outcome = admission.submit(request(&rules("r", "up")), DEADLINE).await.unwrap();
    assert_eq!(written(&outcome), ["rule-group/r"]);
    assert_eq!(outcome.affected[0].component, "prometheus");
    let stored = store.state();
    assert_eq!(stored.get(Kind::RuleGroup, "r").unwrap().by, "ann");
    let again = Request { request: 8, ..request(&rules("r", "up")) };
    let outcome = admission.submit(again, DEADLINE).await.unwrap();
    assert_eq!(outcome.plan.objects[0].action, Action::Unchanged);
    assert!(outcome.written.is_none());
    // Alertmanager's files did not change: nothing to check there.
    assert!(checker.seen.lock().unwrap().iter().all(|name| name == "prometheus"));
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_the_real_checker_refuses_is_not_written_and_its_author_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path()).await;
    let admission = Admission::new(store.clone(), Arc::new(PickyChecker::default()));
    let text = format!("{}{}", rules("good", "up"), rules("bad", "forbidden_metric"));
    let outcome = admission.submit(request(&text), DEADLINE).await.unwrap();
    assert_eq!(messages(&outcome.plan), ["rule-group/bad/spec: WK-1030"]);
    assert!(outcome.plan.errors[0].message.contains("rules/bad.yml: 9:5: no"));
    assert!(outcome.written.is_none() && outcome.plan.command.is_none());
    assert!(store.state().get(Kind::RuleGroup, "good").is_none());
    let partial = Request { partial: true, request: 9, ..request(&text) };
    let outcome = admission.submit(partial, DEADLINE).await.unwrap();
    assert_eq!(messages(&outcome.plan), ["rule-group/bad/spec: WK-1030"]);
    assert_eq!(written(&outcome), ["rule-group/good"]);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_turned_bad_by_itself_keeps_nobody_from_changing_something_else() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path()).await;
    let spec = request(&rules("old", "forbidden_metric")).puts.remove(0).declared.spec;
    let written_by_an_older_version = Command {
        request: 50,
        actor: "ann".into(),
        why: String::new(),
        at: UnixMs(2),
        preconditions: Vec::new(),
        changes: vec![crate::store::command::Change::Put {
            kind: Kind::RuleGroup,
            name: "old".parse().unwrap(),
            labels: std::collections::BTreeMap::new(),
            spec,
        }],
    };
    store.write(written_by_an_older_version, DEADLINE).await.unwrap();
    let admission = Admission::new(store.clone(), Arc::new(PickyChecker::default()));
    let outcome = admission.submit(request(&rules("good", "up")), DEADLINE).await.unwrap();
    assert_eq!(written(&outcome), ["rule-group/good"]);
    let warning = outcome.warnings.iter().find(|it| it.contains("rule-group/old"));
    assert!(warning.is_some_and(|it| it.contains("not valid any more")), "{:?}", outcome.warnings);
    let worse = format!("{}{}", rules("bad", "forbidden_metric"), rules("fine", "up"));
    let outcome =
        admission.submit(Request { request: 8, ..request(&worse) }, DEADLINE).await.unwrap();
    assert_eq!(messages(&outcome.plan), ["rule-group/bad/spec: WK-1030"]);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_that_vanishes_between_check_and_write_refuses_the_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path()).await;
    let checker = Arc::new(PickyChecker::default());
    let rival = store.clone();
    *checker.between.lock().unwrap() = Some(Box::new(move || {
        Box::pin(async move {
            let changes = [
                (Kind::RuleGroup, "web"),
                (Kind::Target, "shop-front"),
                (Kind::Route, "web"),
                (Kind::Project, "web"),
            ];
            let changes = changes.map(|(kind, name)| {
                let name = name.parse().unwrap();
                crate::store::command::Change::Delete(crate::model::resource::Key { kind, name })
            });
            let command = Command {
                request: 99,
                actor: "rival".into(),
                why: String::new(),
                at: UnixMs(2),
                preconditions: Vec::new(),
                changes: changes.into(),
            };
            rival.write(command, DEADLINE).await.unwrap();
        })
    }));
    let admission = Admission::new(store.clone(), checker);
    let outcome = admission.submit(request(&rules("r", "up")), DEADLINE).await.unwrap();
    assert_eq!(messages(&outcome.plan), ["rule-group/r/spec/project: WK-1010"]);
    assert!(store.state().get(Kind::RuleGroup, "r").is_none());
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_that_lost_the_race_is_a_conflict_and_not_an_overwrite() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path()).await;
    let checker = Arc::new(PickyChecker::default());
    let admission = Admission::new(store.clone(), checker.clone());
    let seen = store.state().get(Kind::RuleGroup, "web").unwrap().revision;
    let rival = admission.clone();
    *checker.between.lock().unwrap() = Some(Box::new(move || {
        Box::pin(async move {
            let first = Request { request: 99, ..request(&rules("web", "up")) };
            assert!(rival.submit(first, DEADLINE).await.unwrap().written.is_some());
        })
    }));
    let mut update = request(&rules("web", "absent(up)"));
    update.puts[0].expect = Expect::Revision(seen);
    let outcome = admission.submit(update, DEADLINE).await.unwrap();
    assert_eq!(outcome.plan.conflicts.len(), 1);
    assert_ne!(outcome.plan.conflicts[0].found, Some(seen));
    assert!(outcome.written.is_none());
    let stored = store.state();
    assert_eq!(stored.get(Kind::RuleGroup, "web").unwrap().spec["rules"][0]["expr"], "up > 0");
    store.close().await.unwrap();
}

#[test]
fn the_fixture_is_itself_valid() {
    let state = shop();
    let puts = Kind::ALL.iter().flat_map(|kind| state.of(*kind)).map(|resource| {
        crate::admission::Put::new(crate::model::resource::Declared {
            kind: resource.kind,
            name: resource.name.clone(),
            labels: resource.labels.clone(),
            spec: (*resource.spec).clone(),
        })
    });
    let request = Request { puts: puts.collect(), ..Request::default() };
    assert_eq!(crate::admission::plan(&fixture::cluster(3), &request).errors, []);
}
