//! Who is told: the tree, and questions about it with and without unsaved changes.

use super::{site::*, *};
use crate::model::Kind;
use serde_json::json;

async fn seed(site: &Site) {
    for (kind, name, spec) in [
        (Kind::Contact, "li-na", json!({"title": "Li Na", "mail": "li.na@shop.example"})),
        (Kind::Contact, "sam", json!({})),
        (
            Kind::Channel,
            "hook",
            json!({"type": "webhook", "url": "https://chat.example/hook/SECRET"}),
        ),
        (
            Kind::Channel,
            "mail",
            json!({
                "type": "mail", "title": "Mail", "host": "mx", "from": "a@b.example",
                "to": ["ops@shop.example"], "contacts": ["li-na"],
            }),
        ),
        (Kind::Receiver, "on-call", json!({"title": "On call", "channels": ["hook", "mail"]})),
        (Kind::Receiver, "team", json!({"channels": ["hook"]})),
        (Kind::Team, "shop", json!({"title": "Shop", "members": ["sam"], "receiver": "team"})),
        (Kind::Department, "retail", json!({})),
        (Kind::Project, "shop", json!({"department": "retail", "team": "shop"})),
        (
            Kind::Policy,
            "retail",
            json!({
                "title": "Retail", "departments": ["retail"], "receiver": "team", "matchers": ["severity=~\"critical|warning\""],
                "lines": [{"title": "Critical", "severities": ["critical"], "receiver": "on-call"}],
            }),
        ),
    ] {
        site.put(kind, name, spec).await;
    }
}

async fn explain(site: &Site, cookie: &str, question: Value) -> Answer {
    site.call(cookie, "POST", "/api/v1/routes/explain", question).await
}

#[tokio::test]
async fn a_viewer_sees_who_would_be_told_and_over_what_without_secrets() {
    let site = site().await;
    seed(&site).await;
    let vera = site.cookie("vera").await;
    let labels = json!({"project": "shop", "severity": "critical"});
    let answer = explain(&site, &vera, json!({ "labels": labels })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    assert!(!String::from_utf8_lossy(&answer.body).contains("SECRET"));
    let json = answer.json();
    assert_eq!(json["labels"]["department"], "retail", "the project's labels are added");
    assert_eq!(json["nobody"], false);
    let told = &json["told"][0];
    assert_eq!(told["words"], "policy Retail → line Critical → receiver on-call");
    assert_eq!(told["from"], json!({"kind": "policy", "name": "retail"}));
    assert_eq!(told["receiver_title"], "On call");
    assert_eq!(told["people"], json!([{"name": "li-na", "title": "Li Na"}]));
    assert_eq!(told["channels"][0]["to"], json!(["https://chat.example/…"]));
    assert_eq!(told["channels"][1]["to"], json!(["o***@shop.example", "l***@shop.example"]));
    let line = &told["path"][1];
    assert_eq!(
        (&line["what"], &line["line"], &line["words"]),
        (&json!("line"), &json!(0), &json!("line Critical"))
    );
    assert_eq!(line["matchers"][0], json!({"name": "severity", "op": "=", "value": "critical"}));
    assert_eq!(told["path"][0]["matchers"][1]["any_of"], json!(["critical", "warning"]));
    assert_eq!((&told["active"], &told["repeat_interval"]), (&json!(true), &json!("4h")));
    let info =
        explain(&site, &vera, json!({"labels": {"project": "shop", "severity": "info"}})).await;
    let told = &info.json()["told"][0];
    assert_eq!(told["words"], "team Shop (project shop) → receiver team");
    assert_eq!(told["people"], json!([{"name": "sam", "title": ""}]));
    let nobody = explain(&site, &vera, json!({"labels": {}})).await;
    assert_eq!(
        (&nobody.json()["nobody"], &nobody.json()["words"]),
        (&json!(true), &json!("nobody"))
    );
}

#[tokio::test]
async fn unsaved_changes_are_thought_to_be_written_and_are_not() {
    let site = site().await;
    seed(&site).await;
    let vera = site.cookie("vera").await;
    let olga = site.cookie("olga").await;
    let before = site.store.state().index;
    let ask = |changes: Value| {
        json!({
            "labels": {"project": "shop", "severity": "critical"}, "at": "2026-11-22T03:00:00Z", "changes": changes,
        })
    };
    let words = |answer: &Answer| answer.json()["words"].as_str().unwrap_or_default().to_owned();
    let sundays = json!([
        {"kind": "time-interval", "name": "sundays", "spec": {"time_intervals": [{"weekdays": ["sunday"]}]}},
        {"kind": "route", "name": "quiet", "spec": {"receiver": "team", "order": 1, "mute_time_intervals": ["sundays"]}},
    ]);
    let answer = explain(&site, &olga, ask(sundays)).await;
    assert_eq!(words(&answer), "route quiet → receiver team (muted: sundays)");
    assert_eq!(answer.json()["nobody"], true);
    assert_eq!(answer.json()["at"], "2026-11-22T03:00:00.000Z");
    let without = ask(json!([{"kind": "policy", "name": "retail", "delete": true}]));
    assert_eq!(
        words(&explain(&site, &olga, without).await),
        "team Shop (project shop) → receiver team"
    );
    let broken = ask(
        json!([{"kind": "route", "name": "r", "spec": {"receiver": "no-one", "matchers": ["a"]}}]),
    );
    let refused = explain(&site, &olga, broken).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["errors"][0]["path"], "route/r/spec/matchers/0");
    // What somebody may not write they do not try out: it would tell what it refers to.
    let channel = json!({"type": "mail", "host": "a.example", "from": "a@example.org",
        "to": ["b@example.org"], "username": "a", "password_secret": "perhaps"});
    let asked = ask(json!([{"kind": "channel", "name": "c", "spec": channel}]));
    assert_eq!(explain(&site, &vera, asked).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.store.state().index, before, "nothing was written");
    for bad in [json!({"labels": {}, "at": "noon"}), json!({"label": {}})] {
        assert_eq!(explain(&site, &vera, bad).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn the_tree_is_shown_with_what_every_branch_inherits() {
    let site = site().await;
    seed(&site).await;
    let vera = site.cookie("vera").await;
    let answer = site.call(&vera, "GET", "/api/v1/routes/tree", Value::Null).await;
    let tree = answer.json();
    assert_eq!((&tree["part"]["what"], &tree["receiver"]), (&json!("default"), &Value::Null));
    let policy = &tree["children"][0];
    assert_eq!(policy["words"], "department is retail, severity is critical or warning");
    assert_eq!(policy["matchers"][0], "department=\"retail\"");
    assert_eq!(policy["children"][0]["group_by"], json!(["alertname", "project"]));
    assert_eq!(policy["children"][0]["group_interval"], "1m");
    assert_eq!(tree["children"][1]["part"]["project"], "shop");
}
