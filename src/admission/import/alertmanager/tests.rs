//! Whole alertmanager.yml files: what becomes of them, what is refused, what is left out.

use super::super::Imported;
use super::alertmanager;
use crate::admission::{Put, Request, plan};
use crate::model::{
    Kind,
    cluster::DeclaredState,
    label::Labels,
    matcher::{Matcher, Op},
    process::RunOnce,
};
use crate::render::routing::{Matching, tree};
use crate::render::tests::{checkers, fixture};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

fn import(text: &str) -> Imported {
    alertmanager(text, &fixture::cluster(1))
}

fn good(text: &str) -> Imported {
    let imported = import(text);
    assert!(imported.errors.is_empty(), "{:?}", imported.errors);
    imported
}

fn spec<'a>(imported: &'a Imported, kind: Kind, name: &str) -> &'a Value {
    let is_it = |put: &&Put| put.declared.kind == kind && put.declared.name.as_str() == name;
    let found = imported.puts.iter().find(is_it);
    &found.unwrap_or_else(|| panic!("{kind}/{name} in {:#?}", imported.puts)).declared.spec
}

/// What is imported passes the checks of everything declared.
fn applied(imported: &Imported) -> DeclaredState {
    let request = Request { puts: imported.puts.clone(), ..Request::default() };
    let planned = plan(&fixture::cluster(1), &request);
    assert!(planned.errors.is_empty(), "{:?}", planned.errors);
    planned.candidate
}

/// What the real amtool says of a file; `None` where it is not at hand.
fn amtool_accepts(text: &str) -> Option<bool> {
    let program = checkers::programs()?.join("amtool");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("alertmanager.yml");
    crate::base::atomic_file::write(&file, text.as_bytes(), 0o644).unwrap();
    let output = checkers::run(&RunOnce {
        exe: program,
        args: vec!["check-config".to_owned(), file.display().to_string()],
        env: BTreeMap::new(),
        cwd: dir.path().to_owned(),
        binds: Vec::new(),
        run_as: None,
        timeout: Duration::from_secs(30),
        stdin: Vec::new(),
    });
    Some(output.status.success())
}

const SITE: &str = r##"
global:
  smtp_smarthost: mx.example.org:587
  smtp_from: alerts@example.org
  smtp_auth_username: alerts
  smtp_auth_password: hush
route:
  receiver: Web Team
  group_by: [alertname]
  routes:
  - matchers: [severity="critical", 'team=~"db|infra"']
    receiver: pager
    continue: true
  - match: {team: db}
    receiver: dba
    group_wait: 10s
    active_time_intervals: [office]
    routes:
    - match_re: {severity: "info|none"}
      receiver: nobody
    - matchers: ['{tier=front,env!=test}']
      repeat_interval: 1h
      routes:
      - matchers: [country="de"]
        receiver: pager
receivers:
- name: Web Team
  webhook_configs: [{url: "http://chat.example/hook", max_alerts: 5}]
- name: pager
  webhook_configs: [{url: "https://pager.example/x", send_resolved: false, timeout: 5s}]
  discord_configs: [{webhook_url: "https://chat.example/#ops"}]
- name: dba
  email_configs: [{to: "a@example.org, b@example.org"}]
- name: nobody
inhibit_rules:
- source_matchers: [severity="critical"]
  target_match: {severity: warning}
  equal: [instance]
time_intervals:
- name: office
  time_intervals: [{weekdays: ["monday:friday"], location: Europe/Berlin}]
"##;

#[test]
fn a_whole_file_becomes_objects_that_can_be_applied() {
    let imported = good(SITE);
    assert_ne!(amtool_accepts(SITE), Some(false));
    let state = applied(&imported);
    assert!(!format!("{:?}", imported.puts).contains("hush"), "no password is taken over");
    let settings = &spec(&imported, Kind::Settings, "default")["alertmanager"];
    assert_eq!(
        (&settings["default_receiver"], &settings["group_wait"]),
        (&json!("web-team"), &json!("30s"))
    );
    assert_eq!(spec(&imported, Kind::Receiver, "web-team")["title"], "Web Team");
    let mail = spec(&imported, Kind::Channel, "dba");
    assert_eq!(mail["to"], json!(["a@example.org", "b@example.org"]));
    assert_eq!(
        (&mail["tls"], &mail["password_secret"]),
        (&json!("starttls"), &json!("smtp-alerts"))
    );
    assert_eq!(spec(&imported, Kind::Channel, "pager")["timeout_seconds"], 5);
    let inhibition = spec(&imported, Kind::Inhibition, "inhibition-01");
    assert_eq!(inhibition["target_matchers"], json!([r#"severity="warning""#]));
    let policy = spec(&imported, Kind::Policy, "route-002-dba");
    let lines = policy["lines"].as_array().unwrap();
    assert_eq!(lines[0]["mute_time_intervals"], json!(["always"]), "nobody is told");
    assert_eq!(
        lines[1]["matchers"],
        json!([r#"tier="front""#, r#"env!="test""#, r#"country="de""#])
    );
    assert_eq!(lines[1]["repeat_interval"], "1h");
    assert_eq!(lines[2]["receiver"], "dba", "inherited");
    assert_eq!(
        lines[3],
        json!({"title": "Everything else", "receiver": "dba", "active_time_intervals": ["office"]})
    );
    assert_eq!(policy.get("active_time_intervals"), None);
    let left_out: Vec<&str> = imported.left_out.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(
        left_out,
        [
            "receivers/0/webhook_configs/0/max_alerts",
            "receivers/1/discord_configs/0",
            "receivers/2/email_configs/0"
        ]
    );
    assert_eq!(imported.left_out[1].line, Some(31));
    assert_eq!(state.of(Kind::TimeInterval).count(), 2);
}

#[test]
fn what_alertmanager_refuses_is_refused_with_its_place() {
    let with = |route: &str, rest: &str| {
        format!("route:\n  receiver: r\n{route}\nreceivers:\n- name: r\n{rest}")
    };
    for (text, path) in [
        ("receivers: []".to_owned(), "route"),
        ("route: {receiver: x}".to_owned(), "route/receiver"),
        (with("  colour: red", ""), "route/colour"),
        (with("  matchers: [a=b]", ""), "route"),
        (with("  continue: true", ""), "route"),
        (with("  routes: [{receiver: q}]", ""), "route/routes/0/receiver"),
        (with("  routes: [{matchers: ['a']}]", ""), "route/routes/0/matchers/0"),
        (with("  routes: [{match_re: {a: '('}}]", ""), "route/routes/0/match_re/a"),
        (
            with("  routes: [{mute_time_intervals: [x]}]", ""),
            "route/routes/0/mute_time_intervals/0",
        ),
        (with("  group_by: [a, a]", ""), "route/group_by/1"),
        (with("  group_by: [a, '...']", ""), "route/group_by/1"),
        (with("  group_interval: 0s", ""), "route/group_interval"),
        (with("  group_wait: 5x", ""), "route/group_wait"),
        (with("", "- name: r\n"), "receivers/1"),
        (with("", "- name: ''\n"), "receivers/1"),
        (with("", "- name: m\n  email_configs: [{to: a@b}]\n"), "receivers/1/email_configs/0"),
        (with("", "- name: w\n  webhook_configs: [{}]\n"), "receivers/1/webhook_configs/0"),
        (
            with("", "- name: w\n  webhook_configs: [{url: 'ftp://x'}]\n"),
            "receivers/1/webhook_configs/0/url",
        ),
        (
            with("", "inhibit_rules: [{source_matchers: ['x>1'], target_matchers: [a=b]}]\n"),
            "inhibit_rules/0/source_matchers/0",
        ),
        (
            with("", "time_intervals: [{name: x, time_intervals: [{weekdays: [mon]}]}]\n"),
            "time_intervals/0/time_intervals/0/weekdays/0",
        ),
        (with("", "unknown: 1\n"), "unknown"),
    ] {
        assert_ne!(amtool_accepts(&text), Some(true), "{text}");
        let imported = import(&text);
        let paths: Vec<&str> = imported.errors.iter().map(|error| error.path.as_str()).collect();
        assert!(paths.contains(&path), "{text}\n{:?}", imported.errors);
        assert!(imported.puts.is_empty());
    }
    assert!(!import("route: [").errors.is_empty());
}

#[test]
fn what_cannot_be_said_is_named_and_not_bent() {
    let imported = good(
        "route:\n  receiver: r\n  routes:\n  - matchers: ['\"a.b\"=\"c\"']\n  - routes:\n    - matchers: [a=b]\n      routes: [{matchers: [c=d], continue: true}]\nreceivers: [{name: r, webhook_configs: [{url: 'http://x.example'}]}]\n",
    );
    assert!(
        imported.puts.iter().all(|put| !matches!(put.declared.kind, Kind::Route | Kind::Policy))
    );
    let left_out: Vec<&str> = imported.left_out.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(
        left_out,
        [
            "route/routes/0/matchers",
            "route/routes/0",
            "route/routes/1/routes/0/routes/0",
            "route/routes/1"
        ]
    );
}

fn route(depth: u32) -> BoxedStrategy<Value> {
    let matcher = (
        prop::sample::select(vec!["a", "b"]),
        prop::sample::select(vec!["", "x", "y"]),
        any::<bool>(),
    )
        .prop_map(|(name, value, equal)| {
            Matcher::new(name, if equal { Op::Equal } else { Op::NotEqual }, value).to_string()
        });
    let own = (
        prop::collection::vec(matcher, 0..3),
        prop::sample::select(vec!["r1", "r2", "r3"]),
        any::<bool>(),
    );
    let children = match depth {
        0 => Just(Vec::new()).boxed(),
        depth => prop::collection::vec(route(depth - 1), 0..3).boxed(),
    };
    (own, children)
        .prop_map(|((matchers, receiver, goes_on), routes)| {
            json!({"matchers": matchers, "receiver": receiver, "continue": goes_on, "routes": routes})
        })
        .boxed()
}

/// Receivers that a route tree of a file finds, by Alertmanager's rules.
fn in_file(route: &Value, labels: &Labels) -> Option<Vec<String>> {
    let matchers = route["matchers"].as_array().into_iter().flatten();
    let holds = |text: &Value| {
        Matcher::parse(text.as_str().unwrap()).unwrap().test().unwrap().holds(labels)
    };
    if !matchers.clone().all(holds) {
        return None;
    }
    let mut found = Vec::new();
    for child in route["routes"].as_array().into_iter().flatten() {
        if let Some(of_child) = in_file(child, labels) {
            found.extend(of_child);
            if child["continue"] != true {
                break;
            }
        }
    }
    if found.is_empty() {
        found.push(route["receiver"].as_str().unwrap().to_owned());
    }
    Some(found)
}

proptest! {
    #[test]
    fn the_imported_tree_tells_the_same_receivers(routes in prop::collection::vec(route(2), 0..4)) {
        let hook = json!([{"url": "http://chat.example/hook"}]);
        let receivers: Vec<Value> =
            ["root", "r1", "r2", "r3"].map(|name| json!({"name": name, "webhook_configs": hook})).into();
        let root = json!({"receiver": "root", "routes": routes});
        let imported = good(&json!({"route": root, "receivers": receivers}).to_string());
        prop_assume!(imported.left_out.is_empty());
        let state = applied(&imported);
        let tree = tree(&state).unwrap();
        let matching = Matching::of(&tree).unwrap();
        for a in ["", "x", "y"] {
            for b in ["", "x", "y"] {
                let labels: Labels = [("a", a), ("b", b)].map(|(n, v)| (n.to_owned(), v.to_owned())).into();
                let ours: Vec<String> = matching
                    .paths(&labels)
                    .iter()
                    .map(|path| path.last().unwrap().receiver.clone().unwrap())
                    .collect();
                prop_assert_eq!(Some(ours), in_file(&root, &labels), "{:?}", labels);
            }
        }
    }
}
