//! Answers that cannot be asked for in part, of real programs that know of two projects: rules,
//! alerts, targets and metadata of Prometheus, alerts, groups and silences of Alertmanager.

use super::server::Server;
use crate::harness::{component::Component, node::PATIENCE, wait::eventually};
use axum::{Router, routing::get};
use serde_json::{Value, json};
use watchkeep::scope::{
    Projects, answers,
    paths::{self, Program},
    request::{self, Call},
};

/// In every text of the other project and of nobody.
const CANARY: &str = "canary";

const RULES: &str = r#"
groups:
- name: own
  rules:
  - {alert: Own, expr: vector(1), labels: {project: a.b}}
  - {record: "own:one", expr: vector(1), labels: {project: a.b}}
  - {alert: Canary, expr: vector(1), labels: {project: c}}
  - {record: "canary:one", expr: vector(2)}
- name: canary
  rules:
  - {alert: Canary, expr: vector(1), annotations: {a: canary}}
"#;

/// What of a path is shown to somebody who may see `a.b`; `None` = there is no such thing.
async fn see(server: &Server, program: Program, path: &str, query: &str) -> Option<Value> {
    let projects = Projects::only(["a.b"]);
    let entry = paths::find(program, path).unwrap();
    let call = Call { program, entry, path, query: Some(query), form: None };
    let confined = request::confine(&call, &projects).unwrap();
    let (status, body) = server.raw(&confined.target, confined.form).await;
    assert_eq!(status, 200, "{path}: {body}");
    let shown =
        answers::cut(confined.answer, body.as_bytes(), &confined.bounds, &projects, &|_| true);
    let shown = String::from_utf8(shown.unwrap()?).unwrap();
    assert!(!shown.contains(CANARY) && !shown.contains("Canary"), "{path}: {shown}");
    Some(serde_json::from_str(&shown).unwrap())
}

/// What an exporter of each project says.
async fn exporter(text: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let routes = Router::new().route("/metrics", get(move || async move { text }));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_shows_rules_alerts_targets_and_metadata_of_the_scope() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let own = exporter("# HELP shared own words\n# TYPE shared gauge\nshared 1\n").await;
    let other =
        exporter("# HELP shared canary\n# TYPE shared gauge\nshared 1\n# HELP canary x\n# TYPE canary gauge\ncanary 1\n")
            .await;
    let config = format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [rules.yml]\n\
         scrape_configs:\n\
         - job_name: both\n  static_configs:\n\
         \x20 - {{targets: ['{own}'], labels: {{project: a.b}}}}\n\
         \x20 - {{targets: ['{other}'], labels: {{project: c, owner: canary}}}}\n\
         - job_name: canary\n  static_configs: [{{targets: ['{other}']}}]\n\
         - job_name: canary-dropped\n  static_configs: [{{targets: ['{own}'], labels: {{project: a.b}}}}]\n\
         \x20 relabel_configs: [{{action: drop, source_labels: [project], regex: a.b}}]\n"
    );
    let files = [("prometheus.yml", config.as_str()), ("rules.yml", RULES)];
    let program = Component::unpack(dir.path(), "prometheus");
    let server = &Server::prometheus(&program, &files).await;
    let see = |path: &'static str, query: &'static str| async move {
        see(server, Program::Prometheus, path, query).await.unwrap()["data"].clone()
    };
    eventually("both exporters to be scraped and rules to be run", PATIENCE, || async {
        let (_, alerts) = server.raw("/api/v1/alerts", None).await;
        let (_, metadata) = server.raw("/api/v1/metadata?metric=canary", None).await;
        let own = see("/api/v1/metadata", "metric=shared").await;
        let both = alerts.matches("alertname").count() == 3 && metadata.contains(CANARY);
        if both && own != json!({}) { Ok(()) } else { Err(format!("{alerts} {metadata} {own}")) }
    })
    .await;

    let groups = see("/api/v1/rules", "").await["groups"].take();
    let names: Vec<_> =
        groups[0]["rules"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(
        (groups.as_array().unwrap().len(), names),
        (1, vec![&json!("Own"), &json!("own:one")])
    );
    assert_eq!(groups[0]["rules"][0]["alerts"].as_array().unwrap().len(), 1);
    let alerts = see("/api/v1/alerts", "").await["alerts"].take();
    assert_eq!(
        (alerts.as_array().unwrap().len(), &alerts[0]["labels"]["alertname"]),
        (1, &json!("Own"))
    );
    for query in ["", "state=any", "state=dropped"] {
        let targets = see("/api/v1/targets", query).await;
        let n_active = if query == "state=dropped" { 0 } else { 1 };
        assert_eq!(targets["activeTargets"].as_array().unwrap().len(), n_active, "{targets}");
        assert_eq!(targets["droppedTargets"], json!([]));
    }
    let entry = json!([{"type": "gauge", "help": "own words", "unit": ""}]);
    assert_eq!(see("/api/v1/metadata", "").await, json!({"shared": entry}));
    assert_eq!(see("/api/v1/metadata", "metric=canary").await, json!({}));
    let by_target = see("/api/v1/targets/metadata", "").await;
    assert_eq!(
        (by_target.as_array().unwrap().len(), &by_target[0]["help"]),
        (1, &json!("own words"))
    );
    let query = "match_target={job=\"both\"}";
    assert_eq!(see("/api/v1/targets/metadata", query).await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alertmanager_shows_alerts_groups_and_silences_of_the_scope() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let program = Component::unpack(dir.path(), "alertmanager");
    if !program.can_run() {
        println!("SKIP real Alertmanager: this build needs a mount namespace, and so root");
        return;
    }
    let config = "route: {receiver: none, group_by: [severity]}\nreceivers: [{name: none}]\n";
    let server = &Server::alertmanager(&program, config).await;
    let alert = |name: &str, project: Option<&str>| {
        let mut labels = json!({"alertname": name, "severity": "page"});
        labels.as_object_mut().unwrap().extend(project.map(|name| ("project".into(), json!(name))));
        json!({"labels": labels, "annotations": {"a": name}})
    };
    let alerts =
        json!([alert("Own", Some("a.b")), alert("Canary", Some("c")), alert("Canary", None)]);
    server.post("/api/v2/alerts", &alerts).await;
    let silence = |matchers: Value, comment: &str| {
        json!({"matchers": matchers, "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2126-01-01T00:00:00Z",
            "createdBy": comment, "comment": comment})
    };
    let project = |value: &str, regex: bool| json!([{"name": "project", "value": value, "isRegex": regex, "isEqual": true}]);
    let own = server.post("/api/v2/silences", &silence(project("a\\.b", true), "own")).await;
    let foreign = server.post("/api/v2/silences", &silence(project("a.b|c", true), CANARY)).await;
    server.post("/api/v2/silences", &silence(project("c", false), CANARY)).await;

    let see = |path: &'static str, query: &'static str| async move {
        see(server, Program::Alertmanager, path, query).await.unwrap()
    };
    for query in ["", "filter=severity%3D%22page%22", "silenced=true&active=true"] {
        let alerts = see("/api/v2/alerts", query).await;
        let names: Vec<_> =
            alerts.as_array().unwrap().iter().map(|it| &it["labels"]["alertname"]).collect();
        assert_eq!(names, [&json!("Own")], "{query}");
    }
    assert_eq!(see("/api/v2/alerts", "filter=project%3D%22c%22").await, json!([]));
    let groups = see("/api/v2/alerts/groups", "").await;
    assert_eq!(
        (groups.as_array().unwrap().len(), groups[0]["alerts"].as_array().unwrap().len()),
        (1, 1)
    );
    let silences = see("/api/v2/silences", "").await;
    assert_eq!((silences.as_array().unwrap().len(), &silences[0]["comment"]), (1, &json!("own")));
    for (id, visible) in [(own, true), (foreign, false)] {
        let path = format!("/api/v2/silence/{}", id["silenceID"].as_str().unwrap());
        let found = super::shown::see(server, Program::Alertmanager, &path, "").await;
        assert_eq!(found.is_some(), visible, "{path}");
    }
}
