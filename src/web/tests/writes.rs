//! Changing declared objects through the door.

use super::{site::*, *};
use crate::{
    model::{Kind, UnixMs, resource::Key},
    store::{
        WriteError,
        command::{Command, Precondition},
    },
    web::api::change::keyed,
};
use serde_json::json;
use std::time::Duration;

const SHOP: &str = "/api/v1/projects/shop";

async fn with(
    site: &Site,
    cookie: &str,
    path: &str,
    headers: &[(&str, &str)],
    spec: Value,
) -> Answer {
    let method = if spec.is_null() { "DELETE" } else { "PUT" };
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "mon1:8420")
        .header("origin", "http://mon1:8420")
        .header("x-wk-request", "1")
        .header("cookie", cookie)
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = json!({ "spec": spec }).to_string();
    send(&site.router, request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn an_object_is_created_replaced_left_alone_and_deleted() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let made =
        with(&site, &olga, SHOP, &[("x-wk-why", "new%20shop")], json!({"title": "Shop"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.body));
    assert_eq!(
        (made.json()["by"].as_str(), made.json()["kind"].as_str()),
        (Some("olga"), Some("project"))
    );
    assert_eq!(made.header("x-wk-index"), made.json()["revision"].as_str().unwrap());
    let same = with(&site, &olga, SHOP, &[], json!({"title": "Shop"})).await;
    assert_eq!((same.status, same.header("etag")), (StatusCode::OK, made.header("etag")));
    let other = with(&site, &olga, SHOP, &[], json!({"title": "Shop!"})).await;
    assert_eq!(other.status, StatusCode::OK);
    assert_ne!(other.header("etag"), made.header("etag"));
    let history =
        site.call(&olga, "GET", "/api/v1/history?kind=project&name=shop", Value::Null).await;
    assert_eq!(history.json()["items"][1]["why"], "new shop");
    assert_eq!(with(&site, &olga, SHOP, &[], Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(with(&site, &olga, SHOP, &[], Value::Null).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_lost_update_is_refused_with_both_revisions() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let first = with(&site, &olga, SHOP, &[("if-none-match", "*")], json!({})).await;
    let tag = first.header("etag").to_owned();
    let again = with(&site, &olga, SHOP, &[("if-none-match", "*")], json!({"title": "x"})).await;
    assert_eq!(
        (again.status, again.json()["code"].as_str()),
        (StatusCode::CONFLICT, Some("WK-2008"))
    );
    let second = with(&site, &olga, SHOP, &[("if-match", &tag)], json!({"title": "mine"})).await;
    assert_eq!(second.status, StatusCode::OK);
    let late = with(&site, &olga, SHOP, &[("if-match", &tag)], json!({"title": "theirs"})).await;
    assert_eq!(
        (late.status, late.json()["code"].as_str()),
        (StatusCode::PRECONDITION_FAILED, Some("WK-2009"))
    );
    let detail = late.json()["detail"].as_str().unwrap().to_owned();
    for tag in [&tag, second.header("etag")] {
        assert!(detail.contains(tag.trim_matches('"')), "{detail}");
    }
    let delete = with(&site, &olga, SHOP, &[("if-match", &tag)], Value::Null).await;
    assert_eq!(delete.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(
        with(&site, &olga, SHOP, &[("if-match", "x")], json!({})).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_repeated_request_with_the_same_key_is_done_once_and_answered_alike() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let headers = [("idempotency-key", "k1"), ("if-none-match", "*")];
    let first = with(&site, &olga, SHOP, &headers, json!({})).await;
    let repeated = with(&site, &olga, SHOP, &headers, json!({})).await;
    assert!(first.status.is_success() && repeated.status.is_success(), "{}", repeated.status);
    assert_eq!(first.header("x-wk-index"), repeated.header("x-wk-index"));
    let other_key = [("idempotency-key", "k2"), ("if-none-match", "*")];
    assert_eq!(with(&site, &olga, SHOP, &other_key, json!({})).await.status, StatusCode::CONFLICT);
    let delete = [("idempotency-key", "k3")];
    for _ in 0..2 {
        assert_eq!(
            with(&site, &olga, SHOP, &delete, Value::Null).await.status,
            StatusCode::NO_CONTENT
        );
    }
}

#[tokio::test]
async fn a_repeated_request_finds_what_its_second_attempt_wrote() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let department = "/api/v1/departments/sales";
    assert!(with(&site, &olga, department, &[], json!({})).await.status.is_success());
    // The first attempt has met a department that was gone for a moment, and failed for good.
    let nobody = Key { kind: Kind::Project, name: "nobody".parse().unwrap() };
    let failed = Command {
        request: keyed(&["olga", "PUT", SHOP, "k1"]),
        actor: "olga".to_owned(),
        why: String::new(),
        at: UnixMs(1),
        preconditions: vec![Precondition::Absent(nobody.clone()), Precondition::Exists(nobody)],
        changes: vec![],
    };
    let failed = site.store.write(failed, Duration::from_secs(10)).await;
    assert!(matches!(failed, Err(WriteError::Precondition(_))), "{failed:?}");
    let headers = [("idempotency-key", "k1"), ("if-none-match", "*")];
    let spec = json!({"department": "sales"});
    let first = with(&site, &olga, SHOP, &headers, spec.clone()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&first.body));
    let repeated = with(&site, &olga, SHOP, &headers, spec).await;
    assert!(repeated.status.is_success(), "{}", String::from_utf8_lossy(&repeated.body));
    assert_eq!(first.header("x-wk-index"), repeated.header("x-wk-index"));
}

#[tokio::test]
async fn a_write_is_answered_with_what_it_wrote_not_with_what_somebody_wrote_since() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let key = [("idempotency-key", "k1")];
    let first = with(&site, &olga, SHOP, &key, json!({"title": "mine"})).await;
    let other = with(&site, &olga, SHOP, &[], json!({"title": "theirs"})).await;
    assert_ne!(first.header("etag"), other.header("etag"));
    let repeated = with(&site, &olga, SHOP, &key, json!({"title": "mine"})).await;
    assert_eq!(repeated.header("etag"), first.header("etag"));
    assert_eq!(repeated.json()["spec"]["title"], "mine");
    let shown = with(&site, &olga, SHOP, &[("if-match", first.header("etag"))], json!({})).await;
    assert_eq!(shown.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn what_is_wrong_is_said_with_path_and_code_and_changes_nothing() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let before = site.store.state().index;
    let rules = json!({"project": "none", "rules": [{"alert": "A", "expr": "rate(x["}]});
    let refused = with(&site, &olga, "/api/v1/rule-groups/web", &[], rules).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = refused.json();
    let codes: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"WK-1020"), "{problem}");
    assert!(
        problem["errors"].to_string().contains("rule-group/web/spec/rules/0/expr"),
        "{problem}"
    );
    for (path, body, status) in [
        (SHOP, "{\"spec\": {\"titel\": \"x\"}}", StatusCode::UNPROCESSABLE_ENTITY),
        (SHOP, "{\"spec\": {}", StatusCode::BAD_REQUEST),
        (SHOP, "{\"name\": \"other\", \"spec\": {}}", StatusCode::BAD_REQUEST),
        (SHOP, "[]", StatusCode::BAD_REQUEST),
        ("/api/v1/projects/NOT%20A%20NAME", "{\"spec\": {}}", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let body: Value = serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.into()));
        let text = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        let request = Request::put(path)
            .header("cookie", &olga)
            .header("host", "a")
            .header("origin", "http://a")
            .header("x-wk-request", "1")
            .header("content-type", "application/json");
        let answer = send(&site.router, request.body(Body::from(text.clone())).unwrap()).await;
        assert_eq!(answer.status, status, "{text}: {}", String::from_utf8_lossy(&answer.body));
        assert!(answer.json()["code"].as_str().unwrap().starts_with("WK-"), "{text}");
    }
    assert_eq!(site.store.state().index, before);
}

#[tokio::test]
async fn other_media_types_and_bodies_too_large_are_refused() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let request = |mime: &str, size: usize| {
        Request::put(SHOP)
            .header("cookie", &olga)
            .header("host", "a")
            .header("origin", "http://a")
            .header("x-wk-request", "1")
            .header("content-type", mime)
            .body(Body::from(" ".repeat(size)))
            .unwrap()
    };
    let text = send(&site.router, request("text/plain", 2)).await;
    assert_eq!(
        (text.status, text.json()["code"].as_str()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, Some("WK-2003"))
    );
    let large = send(&site.router, request("application/json", 2 << 20)).await;
    assert_eq!(
        (large.status, large.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("WK-2004"))
    );
}

#[tokio::test]
async fn what_others_refer_to_stays_and_the_referrers_are_named() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    site.put(Kind::Project, "shop", json!({})).await;
    site.put(Kind::ScrapeJob, "node", json!({})).await;
    site.put(Kind::Target, "t1", json!({"job": "node", "project": "shop", "targets": ["a:1"]}))
        .await;
    let refused = with(&site, &olga, SHOP, &[], Value::Null).await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (StatusCode::CONFLICT, Some("WK-1011"))
    );
    assert!(refused.json()["errors"].to_string().contains("target/t1"), "{}", refused.json());
}

async fn apply(site: &Site, cookie: &str, query: &str, mime: &str, text: &str) -> Answer {
    let request = Request::post(format!("/api/v1/apply{query}"))
        .header("cookie", cookie)
        .header("host", "a")
        .header("origin", "http://a")
        .header("x-wk-request", "1")
        .header("content-type", mime);
    send(&site.router, request.body(Body::from(text.to_owned())).unwrap()).await
}

const GOOD: &str = "kind: project\nname: shop\nlabels: {team: web}\nspec: {title: Shop}\n---\n\
                    kind: scrape-job\nname: node\nlabels: {team: web}\nspec: {}\n---\n\
                    kind: target\nname: t1\nlabels: {team: web}\n\
                    spec: {job: node, project: shop, targets: ['10.0.0.1:9100']}\n";

#[tokio::test]
async fn a_batch_is_all_or_nothing_and_a_dry_run_is_nothing() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let dry = apply(&site, &olga, "?dry_run=true", "application/yaml", GOOD).await;
    assert_eq!(dry.status, StatusCode::OK, "{}", String::from_utf8_lossy(&dry.body));
    assert_eq!(
        (dry.json()["changes"].as_array().unwrap().len(), dry.json()["index"].is_null()),
        (3, true)
    );
    assert!(dry.json()["changes"][0]["diff"].as_str().unwrap().contains("+  title: Shop"));
    let bad = format!(
        "{GOOD}---\nkind: target\nname: t2\nspec: {{job: nope, project: shop, targets: ['b']}}\n"
    );
    let refused = apply(&site, &olga, "", "application/yaml", &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.json()["errors"].as_array().unwrap().iter().any(|e| e["line"].as_u64() > Some(10)),
        "{}",
        refused.json()
    );
    assert_eq!(site.call(&olga, "GET", "/api/v1/targets", Value::Null).await.json()["total"], 0);
    let checked = apply(&site, &olga, "?dry_run=true", "application/yaml", &bad).await;
    assert_eq!(
        (checked.status, checked.json()["errors"].as_array().unwrap().is_empty()),
        (StatusCode::OK, false)
    );
    let partial = apply(&site, &olga, "?partial=true", "application/yaml", &bad).await;
    assert_eq!(partial.status, StatusCode::OK, "{}", partial.json());
    assert_eq!(partial.json()["changes"].as_array().unwrap().len(), 3);
    assert!(!partial.json()["errors"].as_array().unwrap().is_empty());
    assert_eq!(site.call(&olga, "GET", "/api/v1/targets", Value::Null).await.json()["total"], 1);
}

#[tokio::test]
async fn an_export_applied_again_changes_nothing() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    assert_eq!(apply(&site, &olga, "", "application/yaml", GOOD).await.status, StatusCode::OK);
    let export = site.call(&olga, "GET", "/api/v1/export", Value::Null).await;
    let text = String::from_utf8(export.body.clone()).unwrap();
    assert!(text.contains("name: shop") && !text.contains("kind: user"), "{text}");
    let again = apply(&site, &olga, "", "application/yaml", &text).await;
    assert_eq!(again.status, StatusCode::OK, "{}", String::from_utf8_lossy(&again.body));
    let changes = again.json()["changes"].clone();
    assert!(changes.as_array().unwrap().iter().all(|c| c["action"] == "unchanged"), "{changes}");
}

#[tokio::test]
async fn prune_deletes_what_the_batch_leaves_out_and_only_that() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    apply(&site, &olga, "", "application/yaml", GOOD).await;
    site.put(Kind::Project, "other", json!({})).await;
    let without: String = GOOD.split("---\n").take(2).collect::<Vec<_>>().join("---\n");
    let pruned = apply(&site, &olga, "?prune=team%3Dweb", "application/yaml", &without).await;
    let deleted: Vec<Value> = pruned.json()["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["action"] == "delete")
        .map(|c| c["name"].clone())
        .collect();
    assert_eq!(deleted, [json!("t1")]);
    let all = apply(&site, &olga, "?prune=", "application/yaml", &without).await;
    assert_eq!(all.status, StatusCode::BAD_REQUEST);
    let json = json!([{"kind": "project", "name": "other", "delete": true}]).to_string();
    let gone = apply(&site, &olga, "", "application/json", &json).await;
    assert_eq!(gone.json()["changes"][0]["action"], "delete");
}

#[tokio::test]
async fn a_revert_undoes_a_revision_unless_somebody_went_on() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let made = with(&site, &olga, SHOP, &[], json!({"title": "one"})).await;
    let changed = with(&site, &olga, SHOP, &[], json!({"title": "two"})).await;
    let path = |answer: &Answer| {
        format!("/api/v1/history/{}/revert", answer.json()["revision"].as_str().unwrap())
    };
    let conflict = site.call(&olga, "POST", &path(&made), Value::Null).await;
    assert_eq!(conflict.status, StatusCode::PRECONDITION_FAILED);
    let undone = site.call(&olga, "POST", &path(&changed), Value::Null).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", String::from_utf8_lossy(&undone.body));
    let now = site.call(&olga, "GET", SHOP, Value::Null).await;
    assert_eq!(now.json()["spec"]["title"], "one");
    let forced = format!("{}?force=true", path(&made));
    assert_eq!(site.call(&olga, "POST", &forced, Value::Null).await.status, StatusCode::OK);
    assert_eq!(site.call(&olga, "GET", SHOP, Value::Null).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        site.call(&olga, "POST", "/api/v1/history/999999/revert", Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn two_revisions_are_compared_by_what_differs_in_the_end() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let mut revisions = Vec::new();
    for title in ["one", "two", "three"] {
        let answer = with(&site, &olga, SHOP, &[], json!({"title": title})).await;
        revisions.push(answer.json()["revision"].as_str().unwrap().to_owned());
    }
    for (from, against) in [(0, 2), (2, 0)] {
        let (from, against) = (&revisions[from], &revisions[against]);
        let path = format!("/api/v1/history/{from}?against={against}");
        let items = site.call(&olga, "GET", &path, Value::Null).await.json()["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 1);
        let diff = items[0]["diff"].as_str().unwrap();
        assert!(diff.contains("-  title: one") && diff.contains("+  title: three"), "{diff}");
        assert_eq!(items[0]["revision"].as_str().unwrap(), revisions[2]);
    }
    let same = format!("/api/v1/history/{0}?against={0}", revisions[1]);
    let same = site.call(&olga, "GET", &same, Value::Null).await;
    assert_eq!(same.json()["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn one_change_of_a_revision_is_undone_after_a_look_and_the_undo_too() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    let both = json!([
        {"kind": "project", "name": "one", "spec": {"title": "1"}},
        {"kind": "project", "name": "two", "spec": {"title": "2"}},
    ]);
    let made = apply(&site, &olga, "", "application/json", &both.to_string()).await;
    let revision = made.json()["index"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/history/{revision}/revert?kind=project&name=two");
    let dry = site.call(&olga, "POST", &format!("{path}&dry_run=true"), Value::Null).await.json();
    assert_eq!((dry["dry_run"].as_bool(), dry["revision"].as_str()), (Some(true), None));
    assert_eq!(dry["changes"].as_array().unwrap().len(), 1);
    assert_eq!(dry["changes"][0]["action"], "delete");
    assert!(dry["changes"][0]["diff"].as_str().unwrap().contains("-  title: \"2\""), "{dry}");
    let status = async |name: &str| {
        site.call(&olga, "GET", &format!("/api/v1/projects/{name}"), Value::Null).await.status
    };
    assert_eq!(status("two").await, StatusCode::OK, "a dry run writes nothing");
    let undone = site.call(&olga, "POST", &path, Value::Null).await.json();
    assert_eq!((status("one").await, status("two").await), (StatusCode::OK, StatusCode::NOT_FOUND));
    let undo = undone["revision"].as_str().unwrap();
    let again = format!("/api/v1/history/{undo}/revert");
    assert_eq!(site.call(&olga, "POST", &again, Value::Null).await.status, StatusCode::OK);
    assert_eq!(status("two").await, StatusCode::OK);
    let not_in_it = format!("/api/v1/history/{revision}/revert?kind=project&name=three");
    let missing = site.call(&olga, "POST", &not_in_it, Value::Null).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn history_is_found_by_kind_author_and_any_text_page_by_page() {
    let site = site().await;
    let olga = site.cookie("olga").await;
    for n in 0..5 {
        let path = format!("/api/v1/projects/p{n}");
        let why = ("x-wk-why", if n == 3 { "the%20third" } else { "" });
        let spec = json!({"title": format!("Number {n}")});
        let answer = with(&site, &olga, &path, &[why], spec).await;
        assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.body));
    }
    let names = async |query: &str| -> Vec<String> {
        let path = format!("/api/v1/history{query}");
        let page = site.call(&olga, "GET", &path, Value::Null).await.json();
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("?kind=project&by=olga&limit=2").await, ["p4", "p3"]);
    assert_eq!(names("?q=NUMBER%202").await, ["p2"]);
    assert_eq!(names("?q=the%20third").await, ["p3"]);
    assert_eq!(names("?name=p1").await, ["p1"]);
    assert_eq!(names("?by=nobody").await, Vec::<String>::new());
    let first = site.call(&olga, "GET", "/api/v1/history?by=olga&limit=3", Value::Null).await;
    let before = first.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(names(&format!("?by=olga&limit=3&before={before}")).await, ["p1", "p0"]);
}

#[tokio::test]
async fn nobody_changes_more_than_their_role_allows_also_not_in_a_batch() {
    let site = site().await;
    let (vera, olga) = (site.cookie("vera").await, site.cookie("olga").await);
    assert_eq!(with(&site, &vera, SHOP, &[], json!({})).await.status, StatusCode::FORBIDDEN);
    let user = json!({"kind": "user", "name": "eve", "spec": {"role": "admin"}}).to_string();
    let settings = json!({"kind": "settings", "name": "default", "spec": {}}).to_string();
    for text in [&user, &settings] {
        for query in ["", "?dry_run=true", "?partial=true"] {
            let answer = apply(&site, &olga, query, "application/json", text).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{query} {text}");
        }
    }
    let admin = site.cookie("admin").await;
    let token = json!({"kind": "token", "name": "t", "spec": {"role": "admin"}}).to_string();
    let answer = apply(&site, &admin, "", "application/json", &token).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("WK-2011"))
    );
}

#[tokio::test]
async fn an_account_made_anew_does_not_inherit_the_old_password() {
    let site = site().await;
    let admin = site.cookie("admin").await;
    let vera = site.cookie("vera").await;
    let path = "/api/v1/users/vera";
    assert_eq!(with(&site, &admin, path, &[], Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        with(&site, &admin, path, &[], json!({"role": "viewer"})).await.status,
        StatusCode::CREATED
    );
    assert_eq!(site.sign_in("vera", PASSWORD, "10.0.0.1").await.status, StatusCode::UNAUTHORIZED);
    let old = site.call(&vera, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    let own = with(&site, &admin, "/api/v1/users/admin", &[], Value::Null).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
}
