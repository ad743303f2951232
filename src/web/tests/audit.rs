//! The audit as people meet it: everything that is done or refused, who may read what of it, and
//! that it is one chain.

use super::{site::*, *};
use crate::{
    model::{Kind, UnixMs},
    web::deps::now,
};
use serde_json::json;

impl Site {
    /// The newest records first, as `cookie` sees them; what is on its way is written before.
    async fn audit(&self, cookie: &str, query: &str) -> Vec<Value> {
        let deps = self.front.deps().unwrap();
        self.front.refusals().flush(deps, now(), true).await.unwrap();
        let answer = self.call(cookie, "GET", &format!("/api/v1/audit{query}"), Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()["items"].as_array().unwrap().clone()
    }
}

fn verbs(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["verb"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everything_that_is_done_is_recorded_with_who_from_where_and_what_it_changed() {
    let site = site().await;
    let admin = site.cookie("admin").await;
    let project = json!({"spec": {"title": "Shop"}});
    site.call(&admin, "PUT", "/api/v1/projects/shop", project).await;
    let changed = json!({"spec": {"title": "The shop"}});
    let put = site.call(&admin, "PUT", "/api/v1/projects/shop", changed.clone()).await;
    let revision = put.json()["revision"].as_str().unwrap().to_owned();
    // An equal put is no change; a dry run is none either.
    site.call(&admin, "PUT", "/api/v1/projects/shop", changed).await;
    let path = format!("/api/v1/history/{revision}/revert");
    let reverted = site.call(&admin, "POST", &path, Value::Null).await;
    assert_eq!(reverted.status, StatusCode::OK);
    let token = json!({"name": "ci", "role": "viewer"});
    let secret = site.call(&admin, "POST", "/api/v1/tokens", token).await.json();
    site.call(&admin, "DELETE", "/api/v1/tokens/ci", Value::Null).await;
    let password = json!({"password": "another horse battery"});
    site.call(&admin, "POST", "/api/v1/users/vera/password", password).await;
    let join = json!({"role": "node"});
    site.call(&admin, "POST", "/api/v1/join-tokens", join).await;

    let all = site.audit(&admin, "").await;
    assert_eq!(
        verbs(&all),
        [
            "join-token-make",
            "password-set",
            "token-revoke",
            "token-make",
            "revert",
            "change",
            "change",
            "sign-in"
        ]
    );
    let second = &all[5];
    assert_eq!(second["objects"][0]["name"], "shop");
    assert_eq!(second["objects"][0]["after"], revision.as_str());
    assert_eq!(second["objects"][0]["before"], all[6]["revision"]);
    assert_eq!((&second["actor"], &second["via"]), (&json!("admin"), &json!("session")));
    assert_eq!(second["route"], "PUT /api/v1/projects/shop");
    assert!(second["request"].as_str().is_some_and(|id| id.len() > 8));
    assert_eq!(all[7]["from"], "10.0.0.1");
    assert_eq!(all[1]["about"], "user/vera");
    let text = serde_json::to_string(&all).unwrap();
    for hidden in ["another horse battery", PASSWORD, secret["token"].as_str().unwrap()] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    let found = site.audit(&admin, "?verb=change&kind=project&name=shop&limit=1").await;
    assert_eq!(found, [all[5].clone()]);
    assert!(site.audit(&admin, "?q=nothing-like-it").await.is_empty());
    let at = all[4]["at"].as_str().unwrap();
    assert_eq!(site.audit(&admin, &format!("?since={at}")).await.len(), 5);
}

#[tokio::test]
async fn what_is_refused_is_recorded_and_a_flood_of_it_is_counted() {
    let site = site().await;
    let vera = site.cookie("vera").await;
    for _ in 0..50 {
        let denied = site.call(&vera, "GET", "/api/v1/users", Value::Null).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
    }
    // No table of accounts is made of tried names; a secret in the wrong field is not kept.
    site.sign_in("hunter2-is-my-password", "x", "10.9.9.9").await;
    for _ in 0..12 {
        site.sign_in("olga", "wrong", "10.9.9.8").await;
    }
    let body = json!({"name": "ci", "role": "viewer"});
    let admin = site.cookie("admin").await;
    site.call(&admin, "POST", "/api/v1/tokens", body).await;
    for bad in ["wka1.cahash.ci.wrong", "wka1.cahash.nobody.wrong", "nonsense"] {
        let answer = site.bearer(bad, "GET", "/api/v1/status", Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    // Who says nothing at all is not somebody who was refused.
    get(&site.router, "/api/v1/status").await;

    let refused = site.audit(&admin, "?outcome=refused").await;
    let count = |wanted: &dyn Fn(&Value) -> bool| -> u64 {
        let some = refused.iter().filter(|it| wanted(it));
        some.map(|it| it["count"].as_u64().unwrap()).sum()
    };
    assert_eq!(count(&|it| it["actor"] == "vera" && it["code"] == "WK-2022"), 50);
    assert_eq!(count(&|it| it["actor"] == "olga" && it["code"] == "WK-2021"), 10);
    assert_eq!(count(&|it| it["actor"] == "olga" && it["code"] == "WK-2024"), 2);
    assert_eq!(count(&|it| it["actor"] == "" && it["from"] == "10.9.9.9"), 1);
    assert_eq!(count(&|it| it["actor"] == "token/ci"), 1);
    assert_eq!(count(&|it| it["actor"] == "" && it["verb"] == "request"), 2);
    assert!(refused.len() <= 12, "{refused:#?}");
    let text = serde_json::to_string(&refused).unwrap();
    assert!(!text.contains("hunter2") && !text.contains("nonsense"), "{text}");
}

#[tokio::test]
async fn people_see_of_others_only_what_they_did_to_objects_in_their_sight() {
    let site = site().await;
    site.put(Kind::Project, "shop", json!({})).await;
    site.put(Kind::Project, "bank", json!({})).await;
    let admin = site.cookie("admin").await;
    let scope = json!({"name": "dev", "role": "developer", "scope": [r#"project="shop""#]});
    let token = site.call(&admin, "POST", "/api/v1/tokens", scope).await.json();
    let token = token["token"].as_str().unwrap().to_owned();
    let group = |project: &str| json!({"spec": {"project": project, "rules": [{"record": "a:b", "expr": "vector(1)"}]}});
    for project in ["shop", "bank"] {
        let path = format!("/api/v1/rule-groups/of-{project}");
        let put = site.call(&admin, "PUT", &path, group(project)).await;
        assert!(put.status.is_success(), "{}", String::from_utf8_lossy(&put.body));
    }
    let both = json!([
        {"kind": "rule-group", "name": "of-shop", "labels": {"a": "b"}, "spec": group("shop")["spec"]},
        {"kind": "rule-group", "name": "of-bank", "labels": {"a": "b"}, "spec": group("bank")["spec"]},
    ]);
    assert!(site.call(&admin, "POST", "/api/v1/apply", both).await.status.is_success());
    site.audit(&admin, "").await;

    let page = site.bearer(&token, "GET", "/api/v1/audit", Value::Null).await.json();
    let items = page["items"].as_array().unwrap();
    let text = page.to_string();
    assert!(!text.contains("bank") && !text.contains("10.0.0.1"), "{text}");
    let changed: Vec<_> = items.iter().filter(|it| it["verb"] == "change").collect();
    assert_eq!(changed.len(), 2);
    assert!(changed.iter().all(|it| it["n_objects"] == 1 && it["objects"][0]["name"] == "of-shop"));
    // A filter must not tell of what is not shown.
    let path = "/api/v1/audit?q=of-bank";
    assert_eq!(site.bearer(&token, "GET", path, Value::Null).await.json()["items"], json!([]));
    // One's own sign-in is one's own; others' are for admins.
    let vera = site.cookie("vera").await;
    let seen = site.audit(&vera, "?verb=sign-in").await;
    assert!(!seen.is_empty() && seen.iter().all(|it| it["actor"] == "vera"), "{seen:?}");
    for path in ["/api/v1/audit/verify", "/api/v1/audit/export"] {
        let denied = site.call(&vera, "GET", path, Value::Null).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_chain_is_verified_exported_and_its_head_is_shown() {
    use crate::model::audit::{AuditFileHead, Walk, hex, parse_line};
    let site = site().await;
    let admin = site.cookie("admin").await;
    for n in 0..20 {
        let project = json!({"spec": {"title": format!("Shop {n}")}});
        site.call(&admin, "PUT", "/api/v1/projects/shop", project).await;
    }
    let verified = site.call(&admin, "GET", "/api/v1/audit/verify", Value::Null).await.json();
    assert_eq!((&verified["ok"], &verified["n_records"]), (&json!(true), &json!(21)));
    let export = site.call(&admin, "GET", "/api/v1/audit/export", Value::Null).await;
    let text = String::from_utf8(export.body).unwrap();
    let (head, lines) = text.split_once('\n').unwrap();
    let head: AuditFileHead = serde_json::from_str(head).unwrap();
    let mut walk = Walk::from(head.anchor().unwrap());
    for line in lines.lines() {
        let (hash, record) = parse_line(line).unwrap();
        walk.step(&hash, record).unwrap();
    }
    assert_eq!(walk.n_records(), 22, "the export is a record, too");
    let status = site.call(&admin, "GET", "/api/v1/status", Value::Null).await.json();
    let end = walk.end();
    assert_eq!(status["cluster"]["audit_head"], format!("{}:{}", end.seq, hex(&end.hash)));
    // Pages follow one another without a gap.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/audit?limit=5{cursor}");
        let page = site.call(&admin, "GET", &path, Value::Null).await.json();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|it| it["seq"].as_u64().unwrap()));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, (1..=22).rev().collect::<Vec<u64>>());
}

#[tokio::test]
async fn records_past_their_time_go_and_what_is_left_is_a_chain() {
    use crate::web::audit::keep::prune;
    let site = site().await;
    let admin = site.cookie("admin").await;
    site.put(Kind::Settings, "default", json!({"audit": {"days": 30, "records": 1000}})).await;
    let deps = site.front.deps().unwrap();
    assert_eq!(prune(deps, now()).await.unwrap(), 0);
    for _ in 0..5 {
        site.call(&admin, "DELETE", "/api/v1/sessions", Value::Null).await;
        site.cookie("vera").await;
    }
    let later = UnixMs(now().0 + 32 * 24 * 3_600_000);
    let n_before = site.audit(&admin, "").await.len() as u64;
    // The newest one always stays, and that they went is a record.
    assert_eq!(prune(deps, later).await.unwrap(), n_before - 1);
    let left = site.audit(&admin, "").await;
    assert_eq!(verbs(&left)[0], "audit-prune");
    assert_eq!(left.len(), 2);
    let verified = site.call(&admin, "GET", "/api/v1/audit/verify", Value::Null).await.json();
    assert_eq!((&verified["ok"], &verified["first"]), (&json!(true), &json!(n_before)));
}

#[tokio::test]
async fn a_token_that_comes_from_a_new_address_is_recorded_once() {
    let site = site().await;
    let admin = site.cookie("admin").await;
    let body = json!({"name": "ci", "role": "viewer"});
    let made = site.call(&admin, "POST", "/api/v1/tokens", body).await.json();
    let token = made["token"].as_str().unwrap();
    let uses = || async {
        let uses = site.call(&admin, "GET", "/api/v1/token-uses", Value::Null).await.json();
        uses["items"][0].clone()
    };
    assert_eq!(uses().await["last"], Value::Null);
    let mut events = site.store.subscribe(site.store.raft().borrow().applied);
    for _ in 0..5 {
        let mut request = Request::get("/api/v1/status")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let from = crate::web::auth::RemoteAddress("10.0.7.7".parse().unwrap());
        request.extensions_mut().insert(from);
        assert_eq!(send(&site.router, request).await.status, StatusCode::OK);
    }
    let recorded = async {
        while let Some(event) = events.recv().await {
            let crate::store::Event::Changed { rows, .. } = event else { continue };
            if rows.iter().any(|(_, key)| key.starts_with(b"used/")) {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), recorded).await.unwrap();
    assert_eq!(uses().await["from"], json!(["10.0.7.7"]));
    let new = site.audit(&admin, "?verb=token-new-address").await;
    assert_eq!(
        (new.len(), &new[0]["actor"], &new[0]["from"]),
        (1, &json!("token/ci"), &json!("10.0.7.7"))
    );
    site.call(&admin, "DELETE", "/api/v1/tokens/ci", Value::Null).await;
    let left = site.store.rows(crate::store::command::Space::Credential, b"used/", 9).unwrap();
    assert!(left.iter().all(|(key, ..)| !key.starts_with(b"used/")), "nothing stays behind");
}
