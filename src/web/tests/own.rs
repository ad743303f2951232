//! What an account keeps for itself: its language and its drafts.

use super::{site::*, *};
use crate::{
    model::{Kind, UnixMs, resource::Key},
    store::command::{Change, Space},
    web::auth::housekeeping::sweep,
};
use serde_json::json;

const LANGUAGE: &str = "/api/v1/session/language";
const DRAFT: &str = "/api/v1/drafts/rule-group";

async fn language(site: &Site, cookie: &str) -> Value {
    site.call(cookie, "GET", "/api/v1/session", Value::Null).await.json()["language"].clone()
}

/// Deletes an account and makes it anew.
async fn make_anew(site: &Site, user: &str) {
    let deps = site.front.deps().unwrap();
    let key = Key { kind: Kind::User, name: user.parse().unwrap() };
    deps.write("admin", "gone", Vec::new(), vec![Change::Delete(key)]).await.unwrap();
    site.put(Kind::User, user, json!({"role": "viewer"})).await;
}

#[tokio::test]
async fn a_chosen_language_is_there_on_every_browser_of_the_account_and_on_no_other() {
    let site = site().await;
    let (vera, olga) = (site.cookie("vera").await, site.cookie("olga").await);
    assert_eq!(language(&site, &vera).await, Value::Null);
    let set = site.call(&vera, "PUT", LANGUAGE, json!({"language": "zh"})).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&set.body));
    let other_browser = site.cookie("vera").await;
    assert_eq!(language(&site, &other_browser).await, "zh");
    assert_eq!(language(&site, &olga).await, Value::Null);

    let unknown = site.call(&vera, "PUT", LANGUAGE, json!({"language": "fr"})).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert_eq!(language(&site, &vera).await, "zh");
    let none = site.call(&vera, "PUT", LANGUAGE, json!({"language": null})).await;
    assert_eq!(none.status, StatusCode::NO_CONTENT);
    assert_eq!(language(&site, &vera).await, Value::Null);
}

#[tokio::test]
async fn another_site_or_a_token_chooses_no_language() {
    let site = site().await;
    let (vera, admin) = (site.cookie("vera").await, site.cookie("admin").await);
    let foreign = Request::put(LANGUAGE)
        .header("host", "mon1:8420")
        .header("origin", "http://evil.example")
        .header("cookie", &vera)
        .header("x-wk-request", "1")
        .header("content-type", "application/json")
        .body(Body::from(r#"{"language": "zh"}"#))
        .unwrap();
    assert_eq!(send(&site.router, foreign).await.status, StatusCode::FORBIDDEN);
    let new = json!({"name": "ci", "role": "viewer"});
    let made = site.call(&admin, "POST", "/api/v1/tokens", new).await.json();
    let token = made["token"].as_str().unwrap();
    for (method, path, body) in [
        ("PUT", LANGUAGE, json!({"language": "zh"})),
        ("PUT", DRAFT, json!({"content": 1})),
        ("GET", DRAFT, Value::Null),
    ] {
        assert_eq!(site.bearer(token, method, path, body).await.status, StatusCode::FORBIDDEN);
    }
    assert!(site.store.rows(Space::Account, b"", 9).unwrap().is_empty());
}

#[tokio::test]
async fn a_draft_is_private_one_a_kind_and_forgotten_when_told_so() {
    let site = site().await;
    let (vera, olga) = (site.cookie("vera").await, site.cookie("olga").await);
    let none = site.call(&vera, "GET", DRAFT, Value::Null).await;
    assert_eq!((none.status, none.body.len()), (StatusCode::NO_CONTENT, 0));
    for expr in ["up ==", "up == 0"] {
        let draft = json!({"name": "web", "content": {"expr": expr}});
        assert_eq!(site.call(&vera, "PUT", DRAFT, draft).await.status, StatusCode::NO_CONTENT);
    }
    let kept = site.call(&vera, "GET", DRAFT, Value::Null).await.json();
    assert_eq!((&kept["name"], &kept["content"]["expr"]), (&json!("web"), &json!("up == 0")));
    assert!(UnixMs::parse(kept["at"].as_str().unwrap()).is_ok());
    let others = ["/api/v1/drafts/silence", DRAFT];
    for (cookie, path) in [&vera, &olga].into_iter().zip(others) {
        let answer = site.call(cookie, "GET", path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
    }
    assert_eq!(site.store.rows(Space::Account, b"", 9).unwrap().len(), 1);
    for _ in 0..2 {
        let gone = site.call(&vera, "DELETE", DRAFT, Value::Null).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
    }
    assert!(site.store.rows(Space::Account, b"", 9).unwrap().is_empty());
}

#[tokio::test]
async fn a_draft_has_a_kind_and_a_size() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    let large = json!({"content": "x".repeat(64 * 1024)});
    let refused = site.call(&vera, "PUT", DRAFT, large).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    let unknown = site.call(&vera, "PUT", "/api/v1/drafts/poem", json!({"content": 1})).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(site.store.rows(Space::Account, b"", 9).unwrap().is_empty());
}

#[tokio::test]
async fn an_account_made_anew_finds_nothing_of_the_one_before_and_old_rows_are_swept() {
    let site = site().await;
    let (vera, olga) = (site.cookie("vera").await, site.cookie("olga").await);
    for cookie in [&vera, &olga] {
        site.call(cookie, "PUT", DRAFT, json!({"content": 1})).await;
        site.call(cookie, "PUT", LANGUAGE, json!({"language": "zh"})).await;
    }
    make_anew(&site, "vera").await;
    assert_eq!(language(&site, &vera).await, Value::Null);
    let draft = site.call(&vera, "GET", DRAFT, Value::Null).await;
    assert_eq!(draft.status, StatusCode::NO_CONTENT);

    let rows = || site.store.rows(Space::Account, b"", 9).unwrap();
    let names =
        || rows().iter().map(|row| String::from_utf8_lossy(&row.0).into()).collect::<Vec<String>>();
    let deps = site.front.deps().unwrap();
    let now = crate::web::deps::now();
    sweep(deps, now).await.unwrap();
    assert_eq!(names(), ["olga/draft/rule-group", "olga/preferences"]);
    let next_month = UnixMs(now.0 + 31 * 24 * 3_600_000);
    sweep(deps, next_month).await.unwrap();
    assert_eq!(names(), ["olga/preferences"]);
}
