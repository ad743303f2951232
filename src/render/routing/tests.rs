//! The generated tree of a small site, and who is told by it.

use super::*;
use crate::model::{UnixMs, cluster::DeclaredState, label::Labels};
use crate::render::tests::fixture;
use serde_json::json;

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn site() -> DeclaredState {
    let mut state = fixture::cluster(1);
    fixture::shop(&mut state);
    fixture::on_call(&mut state);
    state
}

/// Words of every way, at an instant in office hours (a Tuesday, 10:00 in Berlin).
fn ways(state: &DeclaredState, pairs: &[(&str, &str)]) -> Vec<String> {
    ways_at(state, pairs, "2026-11-24T09:00:00Z")
}

fn ways_at(state: &DeclaredState, pairs: &[(&str, &str)], at: &str) -> Vec<String> {
    let tree = tree(state).unwrap();
    let at = UnixMs::parse(at).unwrap();
    let explanation = explain(state, &tree, &labels(pairs), at).unwrap();
    explanation.told.iter().map(Told::words).collect()
}

#[test]
fn routes_and_policies_come_by_order_then_teams_then_the_default() {
    let tree = tree(&site()).unwrap();
    let words: Vec<String> = tree.children.iter().map(Branch::words).collect();
    assert_eq!(
        words,
        ["route critical", "route web", "policy Databases", "team Machines (project infra)",]
    );
    let lines: Vec<String> = tree.children[2].children.iter().map(Branch::words).collect();
    assert_eq!(lines, ["line Night shift", "line severity is warning or info"]);
    assert_eq!(tree.receiver.as_deref(), Some("everybody"));
}

#[test]
fn the_first_that_takes_an_alert_tells_and_a_line_before_its_policy() {
    let state = site();
    let critical = [("project", "web"), ("severity", "critical")];
    assert_eq!(
        ways(&state, &critical),
        ["route critical → receiver on-call", "route web → receiver web-team"],
        "critical continues"
    );
    let db = |severity| ways(&state, &[("department", "retail"), ("severity", severity)]);
    assert_eq!(
        db("warning"),
        ["policy Databases → line severity is warning or info → receiver web-team"]
    );
    assert_eq!(db("none"), ["policy Databases → receiver on-call"]);
    assert_eq!(
        ways(&state, &[("project", "infra")]),
        ["team Machines (project infra) → receiver machines"]
    );
    assert_eq!(ways(&state, &[]), ["default receiver everybody"]);
}

#[test]
fn a_policy_for_projects_and_departments_takes_the_projects_of_both() {
    let mut state = site();
    let spec = json!({"projects": ["infra"], "departments": ["retail"], "receiver": "on-call", "order": 1});
    fixture::put(&mut state, Kind::Policy, "both", spec);
    let tree = tree(&state).unwrap();
    assert_eq!(tree.children[0].matchers, [r#"project=~"infra|web""#]);
}

#[test]
fn times_of_a_policy_hold_for_its_lines() {
    let mut state = site();
    let spec = json!({
        "receiver": "on-call", "order": 1,
        "active_time_intervals": ["office"], "mute_time_intervals": ["holidays"],
        "lines": [
            {"severities": ["critical"], "receiver": "on-call", "active_time_intervals": ["always"]},
            {"severities": ["warning"], "receiver": "web-team", "mute_time_intervals": ["always"]},
        ]
    });
    fixture::put(&mut state, Kind::Policy, "hours", spec);
    let tree = tree(&state).unwrap();
    let of = |line: usize| {
        let line = &tree.children[0].children[line];
        (line.active_time_intervals.join(","), line.mute_time_intervals.join(","))
    };
    assert_eq!(of(0), ("always".into(), "holidays".into()));
    assert_eq!(of(1), ("office".into(), "always,holidays".into()));
    let night = "2026-11-24T20:00:00Z";
    let told = |severity| ways_at(&state, &[("severity", severity)], night).remove(0);
    assert!(told("critical").ends_with("receiver on-call"), "{}", told("critical"));
    assert!(
        told("warning").ends_with("(muted: always) (only within office)"),
        "{}",
        told("warning")
    );
    assert!(told("info").ends_with("receiver on-call (only within office)"), "{}", told("info"));
}

#[test]
fn what_holds_an_alert_back_is_named() {
    let state = site();
    let root = tree(&state).unwrap();
    let ask = |pairs: &[(&str, &str)], at: &str| {
        let at = UnixMs::parse(at).unwrap();
        let found = explain(&state, &root, &labels(pairs), at).unwrap();
        let inhibitions: Vec<String> =
            found.inhibitions.iter().map(|it| it.words.clone()).collect();
        let silences: Vec<String> = found.silences.iter().map(ToString::to_string).collect();
        (inhibitions.join(";"), silences.join(";"), found.nobody())
    };
    let warning = [("severity", "warning"), ("project", "web")];
    let (inhibitions, silences, nobody) = ask(&warning, "2026-11-24T09:00:00Z");
    assert_eq!(
        inhibitions,
        "held back while an alert fires of which holds: severity is critical; with the same instance, project"
    );
    assert_eq!((silences.as_str(), nobody), ("upgrade", true));
    let ends = "2026-11-24T10:00:00Z";
    assert!(!ask(&warning, ends).2, "a silence's end is not part of it");
    assert_eq!(ask(&[("severity", "critical")], ends).0, "");
}

#[test]
fn nobody_is_told_without_a_receiver_or_outside_hours() {
    let mut state = site();
    fixture::put(&mut state, Kind::Settings, "default", json!({}));
    let tree_ = tree(&state).unwrap();
    let at = UnixMs::parse("2026-11-24T09:00:00Z").unwrap();
    let explanation = explain(&state, &tree_, &Labels::new(), at).unwrap();
    assert!(explanation.nobody());
    assert_eq!(explanation.words(), "nobody");
}

#[test]
fn groups_and_repeats_come_from_above_where_a_branch_says_nothing() {
    let state = site();
    let root = tree(&state).unwrap();
    let at = UnixMs::parse("2026-11-24T09:00:00Z").unwrap();
    let timing = |pairs: &[(&str, &str)]| {
        explain(&state, &root, &labels(pairs), at).unwrap().told.remove(0).timing
    };
    let line = timing(&[("department", "retail"), ("severity", "warning")]);
    assert_eq!(line.group_by.unwrap(), ["instance"], "the policy's");
    assert_eq!(line.group_wait.as_deref(), Some("10s"), "the root's");
    assert_eq!(line.repeat_interval.as_deref(), Some("12h"), "the line's");
}

#[test]
fn what_points_at_nothing_is_left_out() {
    let mut state = site();
    let receivers = state.resources.get_mut(&Kind::Receiver).unwrap();
    for gone in ["on-call", "machines"] {
        receivers.remove(gone);
    }
    state.resources.remove(&Kind::TimeInterval);
    let tree = tree(&state).unwrap();
    let words: Vec<String> = tree.children.iter().map(Branch::words).collect();
    assert_eq!(words, ["route web", "policy Databases"]);
    let policy = &tree.children[1];
    assert_eq!(policy.receiver.as_deref(), Some("everybody"), "as if it named none");
    assert_eq!(policy.children.len(), 1, "the line to on-call is gone");
    assert!(policy.children[0].active_time_intervals.is_empty());
}

#[test]
fn matchers_are_said_in_words() {
    for (matcher, words) in [
        (r#"severity="critical""#, "severity is critical"),
        (r#"severity=~"critical|page""#, "severity is critical or page"),
        (r#"severity!~"info|none""#, "severity is not info nor none"),
        (r#"environment!="test""#, "environment is not test"),
        (r#"team="""#, "team is empty"),
        (r#"team!="""#, "team is set"),
        (r#"team=~".+""#, "team is set"),
        (r#"instance=~"db-.*""#, "instance matches db-.*"),
        (r#"instance!~"db-.*""#, "instance does not match db-.*"),
        (r#"team=~"a|""#, "team is a or empty"),
        ("broken", "broken"),
    ] {
        assert_eq!(phrase(matcher), words, "{matcher}");
    }
    assert_eq!(matchers_in_words(&[]), "every alert");
}

mod of_one_project {
    //! Whoever looks after one project decides who is told of it, and of nothing else: whatever
    //! routes and policies they add, in whatever order, alerts of others go the ways they went.

    use super::*;
    use proptest::prelude::*;

    fn matchers() -> impl Strategy<Value = Vec<&'static str>> {
        let one = prop::sample::select(vec![
            "severity=\"critical\"",
            "severity!=\"critical\"",
            "project=~\".*\"",
            "project=\"infra\"",
            "project!=\"web\"",
            "alertname=~\".+\"",
        ]);
        prop::collection::vec(one, 0..3)
    }

    fn alert() -> impl Strategy<Value = Labels> {
        let project = prop::sample::select(vec!["infra", "", "webx", "xweb", "Web", "web|infra"]);
        let severity = prop::sample::select(vec!["critical", "warning", ""]);
        (project, severity).prop_map(|(project, severity)| {
            labels(&[("alertname", "A"), ("project", project), ("severity", severity)])
        })
    }

    fn told(state: &DeclaredState, alert: &Labels) -> Vec<String> {
        let tree = tree(state).unwrap();
        let paths = Matching::of(&tree).unwrap().paths(alert);
        paths.iter().map(|path| format!("{path:?}")).collect()
    }

    /// The same ways, whatever else hangs in the tree beside them.
    fn ends(state: &DeclaredState, alert: &Labels) -> Vec<(Source, Option<String>)> {
        let tree = tree(state).unwrap();
        let paths = Matching::of(&tree).unwrap().paths(alert);
        let end = |path: &Vec<&Branch>| {
            let last = path.last().unwrap();
            (last.source.clone(), last.receiver.clone())
        };
        paths.iter().map(end).collect()
    }

    proptest! {
        #[test]
        fn takes_no_alert_of_another(
            added in prop::collection::vec((matchers(), -200..200_i32, any::<bool>(), any::<bool>()), 1..5),
            alerts in prop::collection::vec(alert(), 10),
        ) {
            let before = site();
            let mut after = site();
            let own = json!({"project": "web", "channels": ["inbox"]});
            fixture::put(&mut after, Kind::Receiver, "mine", own);
            for (n, (matchers, order, continue_, policy)) in added.iter().enumerate() {
                let mut spec = json!({"receiver": "mine", "matchers": matchers, "order": order,
                    "continue": continue_});
                if *policy {
                    spec["projects"] = json!(["web"]);
                    spec["lines"] = json!([{"receiver": "mine", "severities": ["critical"]}]);
                    fixture::put(&mut after, Kind::Policy, &format!("mine-{n}"), spec);
                } else {
                    spec["project"] = json!("web");
                    fixture::put(&mut after, Kind::Route, &format!("mine-{n}"), spec);
                }
            }
            for alert in &alerts {
                prop_assert_eq!(ends(&before, alert), ends(&after, alert), "{:?}", alert);
            }
            // What they add does tell of their own, so the test can fail.
            let own = labels(&[("alertname", "A"), ("project", "web"), ("severity", "none")]);
            let plain = added.iter().any(|(matchers, order, ..)| matchers.is_empty() && *order < 0);
            prop_assert!(!plain || told(&after, &own).iter().any(|path| path.contains("mine")));
        }
    }
}

#[test]
fn what_another_project_owns_is_left_out_of_the_tree() {
    let mut state = site();
    fixture::put(
        &mut state,
        Kind::Receiver,
        "infra-own",
        json!({"project": "infra", "channels": []}),
    );
    fixture::put(
        &mut state,
        Kind::TimeInterval,
        "infra-own",
        json!({"project": "infra", "time_intervals": [{"weekdays": ["monday"]}]}),
    );
    for (name, project) in [("theirs", Some("web")), ("all", None), ("own", Some("infra"))] {
        let mut spec =
            json!({"receiver": "infra-own", "order": -1, "mute_time_intervals": ["infra-own"]});
        if let Some(project) = project {
            spec["project"] = project.into();
        }
        fixture::put(&mut state, Kind::Route, name, spec);
    }
    let mut interval = json!({"project": "web", "receiver": "web-team", "order": -2});
    interval["mute_time_intervals"] = json!(["infra-own"]);
    fixture::put(&mut state, Kind::Route, "muted", interval);
    let tree = tree(&state).unwrap();
    let shown: Vec<_> = tree
        .children
        .iter()
        .take(2)
        .map(|branch| {
            (branch.words(), branch.receiver.as_deref(), branch.mute_time_intervals.len())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("route muted".to_owned(), Some("web-team"), 0),
            ("route own".to_owned(), Some("infra-own"), 1),
        ]
    );
    assert!(
        tree.children[2..].iter().all(|branch| branch.receiver.as_deref() != Some("infra-own"))
    );
}
