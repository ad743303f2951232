//! What rules do, what they would have done, and what helps to write them.

use super::{site::*, *};
use crate::{
    model::{Kind, UnixMs, observed::ProcessState},
    observe::{metadata::Refreshed, templates},
    store::command::{Change, Space},
};
use serde_json::json;

fn rules_answer() -> String {
    let alert = |state: &str, instance: &str| {
        json!({"labels": {"alertname": "Down", "instance": instance, "project": "shop",
                          "severity": "critical"},
               "annotations": {"summary": "down"}, "state": state,
               "activeAt": "2026-01-01T00:00:10Z", "value": "1"})
    };
    let alerts = [alert("pending", "a"), alert("firing", "b")];
    json!({"status": "success", "data": {
        "alerts": alerts,
        "groups": [{"name": "web", "interval": 15, "rules": [
            {"name": "job:up:sum", "type": "recording", "health": "err", "lastError": "boom",
             "lastEvaluation": "2026-01-01T00:00:20Z", "evaluationTime": 0.002},
            {"name": "Down", "type": "alerting", "duration": 60, "health": "ok", "alerts": alerts,
             "lastEvaluation": "2026-01-01T00:00:20Z", "evaluationTime": 0.001}]}]}})
    .to_string()
}

async fn seeded() -> (Site, String) {
    let site = site().await;
    site.put(Kind::Project, "shop", json!({"department": "sales"})).await;
    site.put(Kind::Project, "lab", json!({"department": "research"})).await;
    let rules = json!([{"record": "job:up:sum", "expr": "sum(up)"},
        {"alert": "Down", "expr": "up == 0", "for": "1m", "labels": {"severity": "critical"}}]);
    site.put(Kind::RuleGroup, "web", json!({"project": "shop", "rules": rules})).await;
    let rules = json!([{"alert": "New", "expr": "up == 0"}]);
    site.put(Kind::RuleGroup, "new", json!({"project": "lab", "rules": rules})).await;
    let vera = site.cookie("vera").await;
    (site, vera)
}

async fn get(site: &Site, cookie: &str, path: &str) -> Value {
    let answer = site.call(cookie, "GET", path, Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

fn names<'j>(page: &'j Value, field: &str) -> Vec<&'j str> {
    page["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

#[tokio::test]
async fn declared_rules_are_shown_with_what_the_replicas_make_of_them_worst_first() {
    let (site, vera) = seeded().await;
    let says = Some((200, rules_answer()));
    site.cluster.component(1, "prometheus", ProcessState::Ready, says.clone());
    site.cluster.component(2, "prometheus", ProcessState::Ready, says);
    let page = get(&site, &vera, "/api/v1/observed/rules").await;
    assert_eq!(names(&page, "rule"), ["Down", "New", "job:up:sum"]);
    assert_eq!(names(&page, "state"), ["firing", "unknown", "inactive"]);
    let down = &page["items"][0];
    assert_eq!((&down["n_active"], &down["index"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&down["active"][0]["state"], &down["kind"]),
        (&json!("firing"), &json!("alerting"))
    );
    assert_eq!((&down["fired_7d"], &down["noisy"]), (&json!(0), &json!(false)));
    assert_eq!(down["receivers_words"], "");
    assert!(page["items"][2]["receivers_words"].is_null());
    let receiver = json!({"title": "On call", "channels": []});
    site.put(Kind::Receiver, "on-call", receiver).await;
    let route = json!({"receiver": "on-call", "matchers": ["severity=\"critical\""]});
    site.put(Kind::Route, "critical", route).await;
    let told = get(&site, &vera, "/api/v1/observed/rules?group=web").await;
    assert_eq!(told["items"][0]["receivers_words"], "On call");
    assert_eq!(page["items"][2]["last_error"], "boom");
    assert_eq!(page["facets"]["state"], json!({"firing": 1, "inactive": 1, "unknown": 1}));
    assert_eq!(page["replicas"], json!(["1", "2"]));
    let of = |query: &str| {
        let path = format!("/api/v1/observed/rules{query}");
        let (site, vera) = (&site, vera.clone());
        async move { names(&get(site, &vera, &path).await, "rule").join(" ") }
    };
    assert_eq!(of("?state=firing,unknown").await, "Down New");
    assert_eq!(of("?department=research").await, "New");
    assert_eq!(of("?q=sum").await, "job:up:sum");
    assert_eq!(of("?kind=alerting&sort=-name").await, "New Down");
    assert_eq!(of("?group=web&sort=severity").await, "Down job:up:sum");
    let bad = site.call(&vera, "GET", "/api/v1/observed/rules?sort=colour", Value::Null).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_disabled_rule_has_a_state_of_its_own_and_the_others_keep_theirs() {
    let (site, vera) = seeded().await;
    let says = Some((200, rules_answer()));
    site.cluster.component(1, "prometheus", ProcessState::Ready, says);
    // Prometheus runs the last two and counts from the first that it runs.
    let rules = json!([{"alert": "Off", "expr": "up == 0", "disabled": true},
        {"record": "job:up:sum", "expr": "sum(up)"}, {"alert": "Down", "expr": "up == 0"}]);
    site.put(Kind::RuleGroup, "web", json!({"project": "shop", "rules": rules})).await;
    let page = get(&site, &vera, "/api/v1/observed/rules?group=web").await;
    assert_eq!(names(&page, "rule"), ["Down", "job:up:sum", "Off"]);
    assert_eq!(names(&page, "state"), ["firing", "inactive", "disabled"]);
    assert_eq!(
        (&page["items"][0]["index"], &page["items"][2]["disabled"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(page["facets"]["state"]["disabled"], 1);
}

#[tokio::test]
async fn without_prometheus_the_rules_are_there_and_their_state_is_unknown() {
    let (site, vera) = seeded().await;
    let page = get(&site, &vera, "/api/v1/observed/rules").await;
    assert!(names(&page, "state").iter().all(|state| *state == "unknown"));
    assert!(page["as_of"].is_null());
}

#[tokio::test]
async fn pending_alerts_stand_beside_those_of_alertmanager() {
    let (site, vera) = seeded().await;
    site.cluster.component(1, "prometheus", ProcessState::Ready, Some((200, rules_answer())));
    site.cluster.component(1, "alertmanager", ProcessState::Ready, Some((200, "[]".into())));
    let page = get(&site, &vera, "/api/v1/alerts").await;
    assert_eq!((names(&page, "state"), names(&page, "name")), (vec!["pending"], vec!["Down"]));
    let fingerprint = page["items"][0]["fingerprint"].as_str().unwrap();
    let one = get(&site, &vera, &format!("/api/v1/alerts/{fingerprint}")).await;
    assert_eq!(
        (&one["state"], &one["annotations"]["summary"]),
        (&json!("pending"), &json!("down"))
    );
}

/// Changes of state as the leader writes them: from, to, when.
async fn note(site: &Site, fingerprint: &str, states: &[(&str, &str, u64)]) {
    let changes = states.iter().map(|(from, to, at)| {
        let row = json!({"fingerprint": fingerprint, "group": "web", "from": from, "to": to,
            "value": 2.0, "labels": {"alertname": "Down", "project": "shop"}});
        let mut key = (!at).to_be_bytes().to_vec();
        key.extend((!1_u64).to_be_bytes());
        Change::PutRow(Space::AlertLog, key.into(), row.to_string().into())
    });
    let deps = site.front.deps().unwrap();
    deps.write("node/1", "test", Vec::new(), changes.collect()).await.unwrap();
}

/// 2026-01-01T00:00:00Z.
const NEW_YEAR: u64 = 1_767_225_600_000;

#[tokio::test]
async fn the_story_of_an_alert_begins_when_it_was_pending() {
    let (site, vera) = seeded().await;
    site.cluster.component(1, "alertmanager", ProcessState::Ready, Some((200, "[]".into())));
    let states = [
        ("inactive", "pending", NEW_YEAR - 60_000),
        ("pending", "firing", NEW_YEAR),
        ("firing", "resolved", NEW_YEAR + 3_600_000),
    ];
    note(&site, "00000000000000f9", &states).await;
    let alert = get(&site, &vera, "/api/v1/alerts/00000000000000f9").await;
    let whats: Vec<_> = alert["timeline"].as_array().unwrap().iter().map(|e| &e["what"]).collect();
    let wanted = ["pending", "firing", "received", "queued", "sent", "delivered", "resolved"];
    assert_eq!(whats, wanted);
    assert_eq!(alert["timeline"][0]["at"], "2025-12-31T23:59:00.000Z");
}

#[tokio::test]
async fn an_alert_nobody_was_told_of_is_remembered_by_its_states() {
    let (site, vera) = seeded().await;
    let fingerprint = "591ed28e137da8b3";
    let states =
        [("inactive", "pending", NEW_YEAR - 9_000), ("pending", "inactive", NEW_YEAR - 4_000)];
    note(&site, fingerprint, &states).await;
    // No Alertmanager answers: what is remembered is told nevertheless.
    let alert = get(&site, &vera, &format!("/api/v1/alerts/{fingerprint}")).await;
    assert_eq!((&alert["state"], &alert["name"]), (&json!("inactive"), &json!("Down")));
    assert_eq!(alert["timeline"][0]["what"], "pending");
    assert_eq!(alert["timeline"][1]["what"], "inactive");
}

#[tokio::test]
async fn the_history_is_searched_and_refuses_what_it_does_not_understand() {
    let (site, vera) = seeded().await;
    note(&site, "591ed28e137da8b3", &[("pending", "firing", 1_800_000_000_000)]).await;
    let page = get(&site, &vera, "/api/v1/alert-history?alert=Down&q=SHOP&state=firing").await;
    let item = &page["items"][0];
    assert_eq!((&item["from_state"], &item["state"]), (&json!("pending"), &json!("firing")));
    assert_eq!(item["at"], UnixMs(1_800_000_000_000).to_string());
    assert_eq!((&item["group"], &item["value"]), (&json!("web"), &json!(2.0)));
    assert!(page["next"].is_null());
    let none = get(&site, &vera, "/api/v1/alert-history?fingerprint=0000000000000001").await;
    assert_eq!(none["items"], json!([]));
    for bad in ["from=yesterday", "state=red", "before=x", "fingerprint=1", "colour=red"] {
        let path = format!("/api/v1/alert-history?{bad}");
        let answer = site.call(&vera, "GET", &path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn a_preview_is_refused_with_the_place_of_each_error() {
    let (site, vera) = seeded().await;
    let body = json!({"expr": "sum(up", "for": "5 minutes", "range": "6h"});
    let answer = site.call(&vera, "POST", "/api/v1/rules/preview", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let paths: Vec<Value> =
        answer.json()["errors"].as_array().unwrap().iter().map(|e| e["path"].clone()).collect();
    assert_eq!(paths, ["expr", "for"]);
    let body = json!({"expr": "up == 0", "range": "6h"});
    let answer = site.call(&vera, "POST", "/api/v1/rules/preview", body.clone()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let words = json!({"status": "error", "errorType": "execution", "error": "too many samples"});
    let says = Some((422, words.to_string()));
    site.cluster.component(1, "prometheus", ProcessState::Ready, says);
    let answer = site.call(&vera, "POST", "/api/v1/rules/preview", body).await;
    assert_eq!(answer.json()["errors"][0]["message"], "too many samples");
}

#[tokio::test]
async fn a_preview_answers_with_series_and_line() {
    let (site, vera) = seeded().await;
    // The same answer serves the count and the range.
    let body = r#"{"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"__name__":"up","instance":"a"},"value":[1,"1"],"values":[]}]}}"#;
    let says = Some((200, body.into()));
    site.cluster.component(1, "prometheus", ProcessState::Ready, says);
    let body = json!({"project": "shop", "expr": "up < 1", "for": "1m", "range": "24h"});
    let answer = site.call(&vera, "POST", "/api/v1/rules/preview", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    let preview = answer.json();
    assert_eq!(preview["threshold"], json!({"op": "<", "value": 1.0}));
    let values = preview["series"][0]["values"].as_array().unwrap();
    assert_eq!((values.len(), &preview["step_s"]), (721, &json!(120)));
    assert_eq!(values[0], json!([preview["from_s"], null]));
    assert!(preview["warnings"][0]["text"].as_str().unwrap().contains("project shop"));
}

#[tokio::test]
async fn templates_and_metrics_help_to_write_a_rule() {
    let (site, vera) = seeded().await;
    let page = get(&site, &vera, "/api/v1/rules/templates").await;
    assert_eq!(page["items"].as_array().unwrap().len(), templates::templates().len());
    let first = &page["items"][0];
    assert!(first["rule"]["expr"].is_string() && first["title"]["zh"].is_string());
    assert_eq!(get(&site, &vera, "/api/v1/rules/metrics?q=up").await["total"], 0);
    let body = r#"{"status":"success","data":{"up_time":[{"type":"gauge","help":"Up"}],
        "setup":[{"type":"counter","help":"Of all"}],"load":[{"type":"gauge","help":"Going up"}],
        "other":[{"type":"gauge","help":"-"}]}}"#;
    site.cluster.component(1, "prometheus", ProcessState::Ready, Some((200, body.into())));
    let deps = site.front.deps().unwrap();
    let replicas = crate::web::api::prometheus::Replicas::of(deps);
    assert_ne!(deps.metadata.refresh(&replicas).await, Refreshed::Unanswered);
    let page = get(&site, &vera, "/api/v1/rules/metrics?q=up&limit=2").await;
    assert_eq!((names(&page, "name"), &page["total"]), (vec!["up_time", "setup"], &json!(3)));
    assert_eq!(page["items"][0]["type"], "gauge");
}

/// Every template passes what a declared rule has to pass.
#[tokio::test]
async fn every_template_with_its_defaults_is_a_valid_rule() {
    let (site, _) = seeded().await;
    let olga = site.cookie("olga").await;
    let rules: Vec<_> = templates::templates().iter().map(templates::Template::filled).collect();
    let spec = json!({"project": "shop", "rules": rules});
    let body = json!({"kind": "rule-group", "name": "all-templates", "spec": spec});
    let answer = site.call(&olga, "PUT", "/api/v1/rule-groups/all-templates", body).await;
    assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.body));
}
