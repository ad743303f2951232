//! Rendering is a function of what is declared, not of how it came to be.

use super::fixture;
use crate::model::{Kind, NodeId};
use crate::render::{NOT_READ, RenderError, render, surely_same};
use proptest::prelude::*;

proptest! {
    #[test]
    fn render_is_identical_after_reinsertion_in_other_order(
        order in Just(fixture::shop_resources()).prop_shuffle(),
        node in 1..=3u64,
    ) {
        let facts = fixture::facts();
        let mut expected = fixture::cluster(3);
        fixture::shop(&mut expected);
        let mut shuffled = fixture::cluster(3);
        for (kind, name, spec) in order {
            fixture::put(&mut shuffled, kind, name, spec);
        }
        let expected = render(&expected, NodeId(node), &facts).unwrap();
        prop_assert_eq!(&expected, &render(&shuffled, NodeId(node), &facts).unwrap());
        prop_assert_eq!(&expected, &render(&shuffled, NodeId(node), &facts).unwrap());
    }
}

#[test]
fn what_rendering_does_not_read_changes_no_byte_and_everything_else_is_noticed() {
    let facts = fixture::facts();
    let mut before = fixture::cluster(3);
    fixture::shop(&mut before);
    let rendered = render(&before, NodeId(1), &facts).unwrap();
    for kind in Kind::ALL {
        let mut after = before.clone();
        assert!(surely_same(&before, &after));
        let Some((name, any)) = after.resources.get(kind).and_then(|all| all.get_min().cloned())
        else {
            continue;
        };
        after.resources.get_mut(kind).unwrap().remove(&name);
        assert_eq!(surely_same(&before, &after), NOT_READ.contains(kind), "{kind}");
        if NOT_READ.contains(kind) {
            assert_eq!(rendered, render(&after, NodeId(1), &facts).unwrap(), "{kind}");
        }
        after.resources.get_mut(kind).unwrap().insert(name, any);
    }
}

#[test]
fn a_node_that_is_no_member_is_an_error() {
    let outcome = render(&fixture::cluster(1), NodeId(9), &fixture::facts());
    assert!(matches!(outcome, Err(RenderError::UnknownNode { node: NodeId(9) })));
}

#[test]
fn missing_builds_are_named_and_the_rest_is_rendered() {
    let mut facts = fixture::facts();
    facts.builds.remove("node_exporter");
    facts.builds.get_mut("prometheus").unwrap().programs.remove("promtool");
    let rendered = render(&fixture::cluster(1), NodeId(1), &facts).unwrap();
    let names: Vec<_> = rendered.missing.iter().map(|missing| &*missing.name).collect();
    assert_eq!(names, ["prometheus", "node_exporter"]);
    assert!(rendered.missing[0].reason.contains("promtool"));
    let running: Vec<_> = rendered.components.keys().collect();
    assert_eq!(running, ["alertmanager", "blackbox_exporter"]);
}

#[test]
fn a_route_to_a_deleted_receiver_is_left_out_instead_of_breaking_the_file() {
    let mut state = fixture::cluster(1);
    fixture::shop(&mut state);
    let settings = serde_json::json!({"alertmanager": {"default_receiver": "gone"}});
    fixture::put(&mut state, Kind::Settings, "default", settings);
    let receivers = state.resources.get_mut(&Kind::Receiver).unwrap();
    receivers.remove("on-call");
    let rendered = render(&state, NodeId(1), &fixture::facts()).unwrap();
    let file = &rendered.components["alertmanager"].files["alertmanager.yml"];
    let text = String::from_utf8_lossy(&file.bytes);
    assert!(!text.contains("on-call") && !text.contains("gone"), "{text}");
    assert!(text.contains("receiver: _nobody") && text.contains("receiver: web-team"), "{text}");
}

/// Not a timed test: says how long a large site takes, see the benchmarks for the budget.
#[test]
fn a_large_site_is_rendered() {
    let mut state = fixture::cluster(3);
    fixture::shop(&mut state);
    for n in 0..10_000 {
        let spec = serde_json::json!({
            "job": "node", "project": "web", "targets": [format!("host-{n}:9100")],
            "labels": {"rack": format!("r{}", n % 40)}
        });
        fixture::put(&mut state, Kind::Target, &format!("t{n}"), spec);
    }
    for n in 0..200 {
        let rule = |r: usize| {
            serde_json::json!({
                "alert": format!("A{r}"), "expr": format!("rate(m{n}[5m]) > {r}"), "for": "5m",
                "annotations": {"summary": "{{ $labels.instance }} is high"}
            })
        };
        let rules: Vec<_> = (0..10).map(rule).collect();
        let spec = serde_json::json!({"project": "web", "rules": rules});
        fixture::put(&mut state, Kind::RuleGroup, &format!("g{n}"), spec);
    }
    let started = std::time::Instant::now();
    let rendered = render(&state, NodeId(1), &fixture::facts()).unwrap();
    println!("rendered in {:?}", started.elapsed());
    let prometheus = &rendered.components["prometheus"];
    assert_eq!(prometheus.files.len(), 203);
    let targets = String::from_utf8_lossy(&prometheus.live_files["node.json"].bytes);
    assert_eq!(targets.lines().count(), 10_000 + 3);
}
