//! Tests of rules are run by the real promtool when they are saved and when a group they name is.

use super::{messages, request, writing::store};
use crate::admission::{Admission, CheckFailure, Checker, Request};
use crate::model::{Kind, NodeId};
use crate::render::{
    Component, NodeFacts, Trial,
    tests::{checkers, fixture},
};
use futures_util::future::BoxFuture;
use std::{path::PathBuf, sync::Arc, time::Duration};

const DEADLINE: Duration = Duration::from_secs(60);

/// Lets every component pass and runs trials with the programs in a folder.
struct Trying {
    programs: PathBuf,
}

impl Checker for Trying {
    fn ground(&self) -> Option<(NodeId, NodeFacts)> {
        let mut facts = fixture::facts();
        checkers::use_programs(&mut facts, &self.programs);
        Some((NodeId(1), facts))
    }

    fn check<'a>(&'a self, _: &'a Component) -> BoxFuture<'a, Result<(), CheckFailure>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn try_out<'a>(&'a self, trial: &'a Trial) -> BoxFuture<'a, Result<String, CheckFailure>> {
        let dir = tempfile::tempdir().unwrap();
        checkers::write(dir.path(), &trial.files);
        let output = checkers::run(&trial.check.run_once(dir.path()));
        let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let outcome = if output.status.success() {
            Ok(words)
        } else {
            Err(CheckFailure::Refused { check: trial.check.name.clone(), words })
        };
        Box::pin(std::future::ready(outcome))
    }
}

const GROUP: &str = "\
kind: rule-group
name: disks
spec:
  project: web
  rules:
  - {alert: Full, expr: free < LIMIT, for: 2m, labels: {severity: critical}}
";

/// The alert carries the labels of the project, as it will in Prometheus.
const TEST: &str = "\
---
kind: rule-test
name: disks
spec:
  rule_groups: [disks]
  tests:
  - interval: 1m
    input_series: [{series: 'free{disk=\"a\"}', values: '5 5 5 5 50'}]
    alert_rule_test:
    - {eval_time: 1m, alertname: Full}
    - eval_time: 3m
      alertname: Full
      exp_alerts:
      - exp_labels:
          {severity: critical, disk: a, project: web, department: retail, owner: ann, environment: production}
";

fn group(limit: &str) -> String {
    GROUP.replace("LIMIT", limit)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_fails_a_test_is_refused_in_promtools_words() {
    let Some(programs) = checkers::programs() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path()).await;
    let admission = Admission::new(store.clone(), Arc::new(Trying { programs }));
    let both = group("10") + TEST;
    let outcome = admission.submit(request(&both), DEADLINE).await.unwrap();
    assert_eq!((messages(&outcome.plan), outcome.warnings), (vec![], vec![]));
    assert!(outcome.written.is_some());

    let worse = Request { request: 8, ..request(&group("3")) };
    let outcome = admission.submit(worse, DEADLINE).await.unwrap();
    assert_eq!(messages(&outcome.plan), ["rule-test/disks/spec/tests: WK-1031"]);
    let words = &outcome.plan.errors[0].message;
    assert!(words.contains("alertname: Full") && words.contains("exp:"), "{words}");
    assert!(outcome.written.is_none());

    // With `partial` only the change that breaks it is left out.
    let text = group("3") + "---\nkind: contact\nname: bob\nspec: {}\n";
    let partial = Request { partial: true, request: 9, ..request(&text) };
    let outcome = admission.submit(partial, DEADLINE).await.unwrap();
    let written = outcome.written.unwrap().changed;
    assert_eq!(written.iter().map(ToString::to_string).collect::<Vec<_>>(), ["contact/bob"]);
    let stored = store.state();
    let rules = &stored.get(Kind::RuleGroup, "disks").unwrap().spec["rules"];
    assert_eq!(rules[0]["expr"], "free < 10");

    let test = TEST.replace("eval_time: 1m", "eval_time: 2m");
    let outcome = admission.dry_run(Request { request: 10, ..request(&test) }).await.unwrap();
    assert_eq!(messages(&outcome.plan), ["rule-test/disks/spec/tests: WK-1031"]);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_labels_of_a_project_are_part_of_what_its_rule_tests_expect() {
    let Some(programs) = checkers::programs() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path()).await;
    let admission = Admission::new(store.clone(), Arc::new(Trying { programs }));
    let saved = admission.submit(request(&(group("10") + TEST)), DEADLINE).await.unwrap();
    assert!(saved.written.is_some());
    let web = |more: &str| {
        let spec = format!("{{department: retail, owner: ann, environment: production, {more}}}");
        format!("kind: project\nname: web\nspec: {spec}\n")
    };

    let labelled = Request { request: 8, ..request(&web("system: till")) };
    let outcome = admission.submit(labelled, DEADLINE).await.unwrap();
    assert_eq!(messages(&outcome.plan), ["rule-test/disks/spec/tests: WK-1031"]);
    let words = &outcome.plan.errors[0].message;
    assert!(
        words.contains("the changed labels of project/web") && words.contains("till"),
        "{words}"
    );
    assert!(outcome.written.is_none());

    // What is no label is no matter of the test; with the test changed too, both are fine.
    let titled = Request { request: 9, ..request(&web("title: Shop")) };
    assert!(admission.submit(titled, DEADLINE).await.unwrap().written.is_some());
    let test = TEST.replace("environment: production}", "environment: production, system: till}");
    let both = Request { request: 10, ..request(&(web("system: till") + &test)) };
    let outcome = admission.submit(both, DEADLINE).await.unwrap();
    assert_eq!(messages(&outcome.plan), [""; 0]);
    assert!(outcome.written.is_some());
    store.close().await.unwrap();
}
