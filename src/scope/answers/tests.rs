//! Answers with two projects in them, seen by one.

use super::*;

/// Every text of project `b`, and of nobody, has this in it.
const CANARY: &str = "canary";

fn scope() -> Projects {
    Projects::only(["a", "a.b"])
}

#[track_caller]
/// Of the time intervals `mine` may be seen.
fn cut(
    answer: Answer,
    body: &[u8],
    bounds: &Bounds,
    projects: &Projects,
) -> Result<Option<Vec<u8>>, Unreadable> {
    super::cut(answer, body, bounds, projects, &|name| name == "mine")
}

#[test]
fn the_time_intervals_that_mute_an_alert_are_named_as_far_as_they_may_be_seen() {
    let of = |muted: Value| json!({"labels": {"project": "a"}, "status": {"mutedBy": muted}});
    let (told, shown) = (of(json!(["mine", CANARY])), of(json!(["mine"])));
    assert_eq!(see(Answer::Received, &json!([told]), &scope()), json!([shown]));
    let group =
        |alert: Value| json!([{"labels": {}, "receiver": {"name": "x"}, "alerts": [alert]}]);
    assert_eq!(see(Answer::Groups, &group(told), &scope()), group(shown));
}

fn see(answer: Answer, read: &Value, projects: &Projects) -> Value {
    let body = cut(answer, read.to_string().as_bytes(), &Bounds::default(), projects);
    let body = body.unwrap().unwrap();
    if *projects == scope() {
        let text = String::from_utf8(body.clone()).unwrap();
        assert!(!text.contains(CANARY), "{text}");
    }
    serde_json::from_slice(&body).unwrap()
}

fn success(data: &Value) -> Value {
    json!({"status": "success", "data": data, "warnings": ["canary"]})
}

fn alert(project: Option<&str>) -> Value {
    match project {
        Some("b") => json!({"labels": {"alertname": "canary", "project": "b"}, "state": "firing"}),
        Some(project) => {
            json!({"labels": {"alertname": "x", "project": project}, "state": "firing"})
        }
        None => json!({"labels": {"alertname": "canary"}}),
    }
}

#[test]
fn rules_and_alerts_of_others_are_gone_with_their_groups() {
    let rule = |project: &str, name: &str| {
        json!({"name": name, "type": "alerting", "labels": {"project": project},
            "alerts": [alert(Some(project)), alert(Some("b")), alert(None)]})
    };
    let recording = json!({"name": "canary:r", "type": "recording", "query": "canary"});
    let read = success(&json!({"groupNextToken": "canary", "groups": [
        {"name": "one", "file": "f", "interval": 15, "rules": [rule("a", "x"), rule("b", "canary")], "new": "canary"},
        {"name": "canary", "file": "canary", "rules": [rule("b", "y"), recording]},
        {"name": "empty canary", "rules": []},
    ]}));
    let shown = see(Answer::Rules, &read, &scope());
    let alerts = json!([alert(Some("a"))]);
    assert_eq!(
        shown["data"]["groups"],
        json!([{"name": "one", "file": "f", "interval": 15, "rules": [
            {"name": "x", "type": "alerting", "labels": {"project": "a"}, "alerts": alerts}
        ]}])
    );
    let read = success(&json!({"alerts": [alert(Some("a.b")), alert(Some("b")), alert(None)]}));
    assert_eq!(
        see(Answer::Alerts, &read, &scope()),
        json!({"status": "success", "data": {"alerts": [alert(Some("a.b"))]}})
    );
}

#[test]
fn targets_of_others_are_gone_and_those_that_were_dropped() {
    let target = |project: &str, url: &str| {
        json!({"labels": {"project": project, "job": "j"}, "scrapeUrl": url,
            "discoveredLabels": {"__meta_filepath": "/canary", "project": "a"}})
    };
    let unlabelled =
        json!({"labels": {}, "scrapeUrl": "canary", "discoveredLabels": {"project": "a"}});
    let read = success(&json!({
        "activeTargets": [target("a", "u"), target("b", "canary"), unlabelled],
        "droppedTargets": [{"discoveredLabels": {"project": "a", "__address__": "canary"}}],
        "droppedTargetCounts": {"canary": 1},
    }));
    let shown = see(Answer::Targets, &read, &scope());
    let own =
        json!({"labels": {"project": "a", "job": "j"}, "scrapeUrl": "u", "discoveredLabels": {}});
    assert_eq!(
        shown["data"],
        json!({"activeTargets": [own], "droppedTargets": [], "droppedTargetCounts": {}})
    );
}

#[test]
fn metadata_is_what_targets_in_scope_say() {
    let item = |project: &str, metric: &str, help: &str| json!({"target": {"project": project}, "metric": metric, "type": "gauge", "help": help, "unit": ""});
    let items = json!([
        item("a", "m", "one"),
        item("b", "m", "canary"),
        item("a.b", "m", "one"),
        item("a", "m", "two"),
        item("b", "canary", "x"),
        item("a", "n", "three"),
    ]);
    let entry = |help: &str| json!({"type": "gauge", "help": help, "unit": ""});
    let shown = see(Answer::Metadata, &success(&items), &scope());
    assert_eq!(shown["data"], json!({"m": [entry("one"), entry("two")], "n": [entry("three")]}));
    let bounds = &Bounds { metric: None, metrics: Some(1), per_metric: Some(1) };
    let body = cut(Answer::Metadata, success(&items).to_string().as_bytes(), bounds, &scope());
    let shown: Value = serde_json::from_slice(&body.unwrap().unwrap()).unwrap();
    assert_eq!(shown["data"], json!({"m": [entry("one")]}));
    let unnamed = json!([{"target": {"project": "a"}, "type": "gauge", "help": "one", "unit": ""}]);
    let bounds = &Bounds { metric: Some("m".into()), ..Bounds::default() };
    let body = cut(Answer::Metadata, success(&unnamed).to_string().as_bytes(), bounds, &scope());
    let shown: Value = serde_json::from_slice(&body.unwrap().unwrap()).unwrap();
    assert_eq!(shown["data"], json!({"m": [entry("one")]}));
    let shown = see(Answer::TargetsMetadata, &success(&items), &scope());
    assert_eq!(shown["data"].as_array().unwrap().len(), 4);
}

#[test]
fn alertmanager_shows_alerts_of_the_scope_and_groups_that_have_some() {
    let read = json!([alert(Some("a")), alert(Some("b")), alert(None)]);
    assert_eq!(see(Answer::Received, &read, &scope()), json!([alert(Some("a"))]));
    let receiver = json!({"name": "r"});
    let read = json!([
        {"labels": {"x": "y"}, "receiver": receiver, "alerts": [alert(Some("b")), alert(Some("a"))]},
        {"labels": {"x": "canary"}, "receiver": {"name": "canary"}, "alerts": [alert(Some("b"))]},
    ]);
    assert_eq!(
        see(Answer::Groups, &read, &scope()),
        json!([{"labels": {"x": "y"}, "receiver": receiver, "alerts": [alert(Some("a"))]}])
    );
}

fn silence(matchers: &Value) -> Value {
    json!({"id": "1", "matchers": matchers, "comment": "c"})
}

#[test]
fn a_silence_shows_when_all_it_could_hide_is_in_scope() {
    let matcher = |name: &str, value: &str, regex: bool, equal: bool| json!({"name": name, "value": value, "isRegex": regex, "isEqual": equal});
    let severity = matcher("severity", "critical", false, true);
    for (matchers, visible) in [
        (json!([matcher("project", "a", false, true)]), true),
        (json!([severity, matcher("project", "a|a\\.b", true, true)]), true),
        (json!([{"name": "project", "value": "a", "isRegex": false}]), true),
        (
            json!([matcher("project", "a|b", true, true), matcher("project", "a", false, true)]),
            true,
        ),
        (json!([matcher("project", "b", false, true)]), false),
        (json!([matcher("project", "a|b", true, true)]), false),
        (json!([matcher("project", "a.b", true, true)]), false),
        (json!([matcher("project", "a|", true, true)]), false),
        (json!([matcher("project", "", false, true)]), false),
        (json!([matcher("project", "a", false, false)]), false),
        (json!([matcher("project", "b", true, false)]), false),
        (json!([matcher("environment", "a", false, true)]), false),
        (json!([severity]), false),
        (json!([]), false),
        (json!([{"name": "project", "value": "a"}]), false),
    ] {
        let silence = silence(&matchers);
        let list = see(Answer::Silences, &json!([silence]), &scope());
        assert_eq!(list.as_array().unwrap().len() == 1, visible, "{matchers}");
        let one =
            cut(Answer::Silence, silence.to_string().as_bytes(), &Bounds::default(), &scope());
        assert_eq!(one.unwrap().is_some(), visible, "{matchers}");
    }
}

#[test]
fn nothing_is_shown_of_an_answer_in_another_form() {
    let all = [Answer::Rules, Answer::Alerts, Answer::Targets, Answer::TargetsMetadata];
    let arrays = [Answer::Received, Answer::Groups, Answer::Silences, Answer::Silence];
    for answer in all.into_iter().chain(arrays).chain([Answer::Metadata]) {
        for body in ["", "canary", "3", "\"canary\"", "{\"status\":\"error\",\"data\":\"canary\"}"]
        {
            let shown = cut(answer, body.as_bytes(), &Bounds::default(), &scope());
            match shown {
                Err(Unreadable) | Ok(None) => {}
                Ok(Some(body)) => panic!("{answer:?} of {body:?}"),
            }
        }
    }
    let nobody = Projects::only::<&str>([]);
    let read = json!([alert(Some("a")), alert(None)]);
    assert_eq!(see(Answer::Received, &read, &nobody), json!([]));
}
