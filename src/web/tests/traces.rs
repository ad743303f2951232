//! What the other tenant does leaves no trace beside what is shown.

use super::{scope::*, *};
use crate::model::Kind;
use serde_json::json;

#[tokio::test]
async fn nothing_tells_that_a_revision_was_anothers() {
    let tenants = Tenants::new().await;
    let target = |project: &str| json!({"job": "j", "project": project, "targets": ["a:9100"]});
    let mine = tenants.site.put(Kind::Target, "mine", target("shop")).await;
    let theirs = tenants.site.put(Kind::Target, "theirs", target("bank")).await;
    let last = tenants.site.put(Kind::Target, "mine2", target("shop")).await;
    let never = last + 1_000_000;
    let answer = async |path: String| {
        let answer = tenants.get(&path).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        (answer.status, text)
    };
    let path = |one: u64, other: u64| format!("/api/v1/history/{one}?against={other}");
    for (one, other) in [(theirs, theirs), (theirs, mine), (mine, theirs)] {
        let (status, text) = answer(path(one, other)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{one} {other}: {text}");
    }
    // As one that never was, but for its number and the request's.
    let said = async |number: u64| {
        let answer = tenants.get(&path(mine, number)).await.json();
        answer["detail"].as_str().unwrap().replace(&number.to_string(), "N")
    };
    assert_eq!(said(theirs).await, said(never).await);
    let (status, text) = answer(path(mine, last)).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("mine2") && !text.contains("theirs"), "{text}");
}

#[tokio::test]
async fn members_tell_people_with_a_scope_no_more_than_the_status_does() {
    let tenants = Tenants::new().await;
    tenants.site.is_member().await;
    let vera = tenants.site.cookie("vera").await;
    let whole = tenants.site.call(&vera, "GET", "/api/v1/members", Value::Null).await.json();
    let line = &whole["items"][0];
    assert_eq!(
        (&line["address"], &line["url"]),
        (&json!("10.9.8.7"), &json!("https://10.9.8.7:8420"))
    );
    let scoped = tenants.get("/api/v1/members").await.json();
    let line = &scoped["items"][0];
    assert_eq!((&line["address"], &line["url"]), (&json!(""), &json!("")));
    assert_eq!((&line["id"], &line["name"]), (&json!("1"), &json!("n1")));
    let status = tenants.get("/api/v1/status").await.json();
    assert_eq!(status["nodes"][0]["address"], "");
}
