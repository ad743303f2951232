//! Developers choose who is told of their own project, and of no other.

use super::{scope::*, *};
use crate::{model::Kind, model::spec::RoleName};
use serde_json::json;

fn hook(project: &str) -> Value {
    json!({"type": "webhook", "project": project, "url": "https://chat.example.org/x"})
}

fn mail(project: Option<&str>, secret: &str) -> Value {
    let mut spec = json!({"type": "mail", "host": "mail.example.org", "from": "a@example.org",
        "to": ["b@example.org"], "username": "a", "password_secret": secret});
    if let Some(project) = project {
        spec["project"] = project.into();
    }
    spec
}

fn said(answer: &Answer) -> String {
    format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))
}

#[tokio::test]
async fn a_developer_sets_up_who_is_told_without_an_operator() {
    let tenants = Tenants::new().await;
    for (path, spec) in [
        ("secrets/mine", json!({"project": "shop"})),
        ("channels/mine", mail(Some("shop"), "mine")),
        ("channels/chat", hook("shop")),
        ("receivers/mine", json!({"project": "shop", "channels": ["mine", "chat"]})),
        (
            "time-intervals/mine",
            json!({"project": "shop", "time_intervals": [{"weekdays": ["monday"]}]}),
        ),
        (
            "routes/mine",
            json!({"project": "shop", "receiver": "mine", "order": -5, "continue": true,
                "active_time_intervals": ["mine"]}),
        ),
        (
            "policies/mine",
            json!({"projects": ["shop"], "receiver": "mine",
                "lines": [{"severities": ["critical"], "receiver": named(Kind::Receiver, "of-shop")}]}),
        ),
        ("silences/mine", silence(json!([{"name": "project", "value": "shop"}]))),
    ] {
        let path = format!("/api/v1/{path}");
        let made = tenants.put(&path, spec.clone()).await;
        assert_eq!(made.status, 201, "{path}: {}", said(&made));
        // And again, as it is then.
        assert_eq!(tenants.put(&path, spec).await.status, 200, "{path}");
    }
    let value = json!({"value": "hunter2"});
    let path = "/api/v1/secrets/mine/value";
    let set = tenants.site.bearer(&tenants.developer, "POST", path, value).await;
    assert_eq!(set.status, 204, "{}", said(&set));
    let path = "/api/v1/channels/mine/test";
    let tried = tenants.site.bearer(&tenants.developer, "POST", path, Value::Null).await;
    assert_eq!(tried.json()["results"][0]["to"], "ops@example.org", "{}", said(&tried));
    let asked = json!({"labels": {"project": "shop"}, "changes": [{"kind": "route", "name": "mine",
        "spec": {"project": "shop", "receiver": "of-shop-own-ops", "order": -5}}]});
    let path = "/api/v1/routes/explain";
    let told = tenants.site.bearer(&tenants.developer, "POST", path, asked).await;
    assert_eq!(told.json()["told"][0]["receiver"], "of-shop-own-ops", "{}", said(&told));
    for path in ["routes/mine", "policies/mine", "receivers/mine", "channels/mine", "secrets/mine"]
    {
        let path = format!("/api/v1/{path}");
        let gone = tenants.site.bearer(&tenants.developer, "DELETE", &path, Value::Null).await;
        assert_eq!(gone.status, 204, "{path}: {}", said(&gone));
    }
}

#[tokio::test]
async fn what_is_shared_or_anothers_is_not_a_developers_to_change() {
    let tenants = Tenants::new().await;
    let before = whole(&tenants);
    let shop = |kind| named(kind, "of-shop");
    for (path, spec) in [
        ("secrets/x".to_owned(), json!({})),
        ("secrets/x".to_owned(), json!({"project": "bank"})),
        ("channels/x".to_owned(), mail(None, "of-shop-smtp")),
        ("channels/x".to_owned(), hook("bank")),
        ("receivers/x".to_owned(), json!({"channels": ["of-shop-own-hook"]})),
        ("receivers/x".to_owned(), json!({"project": "bank", "channels": ["of-shop-own-hook"]})),
        ("time-intervals/x".to_owned(), json!({"time_intervals": []})),
        ("routes/x".to_owned(), json!({"receiver": shop(Kind::Receiver)})),
        ("routes/x".to_owned(), json!({"project": "bank", "receiver": shop(Kind::Receiver)})),
        ("policies/x".to_owned(), json!({"receiver": shop(Kind::Receiver)})),
        (
            "policies/x".to_owned(),
            json!({"projects": ["shop", "bank"], "receiver": shop(Kind::Receiver)}),
        ),
        (
            "policies/x".to_owned(),
            json!({"projects": ["shop"], "departments": ["of-shop-dept"], "receiver": shop(Kind::Receiver)}),
        ),
        // What is there and shared does not become a project's, nor the other way round.
        (format!("receivers/{}", shop(Kind::Receiver)), json!({"project": "shop", "channels": []})),
        (format!("channels/{}", shop(Kind::Channel)), hook("shop")),
        (format!("secrets/{}", shop(Kind::Secret)), json!({"project": "shop"})),
        ("receivers/of-shop-own-ops".to_owned(), json!({"channels": ["of-shop-own-hook"]})),
        (
            format!("receivers/{CANARY}-own-ops"),
            json!({"project": "shop", "channels": ["of-shop-own-hook"]}),
        ),
        ("contacts/x".to_owned(), json!({})),
        ("teams/x".to_owned(), json!({"receiver": "of-shop-own-ops"})),
    ] {
        let path = format!("/api/v1/{path}");
        let answer = tenants.put(&path, spec).await;
        assert_eq!(answer.status, 403, "{path}: {}", said(&answer));
    }
    let (mine, theirs) = (shop(Kind::Secret), format!("{CANARY}-own-smtp"));
    for (path, status) in [
        (format!("secrets/{mine}/value"), 403),
        (format!("secrets/{theirs}/value"), 404),
        ("secrets/nothing/value".to_owned(), 404),
        (format!("channels/{}/test", shop(Kind::Channel)), 404),
        (format!("receivers/{}/test", shop(Kind::Receiver)), 403),
        (format!("channels/{CANARY}-own-hook/test"), 404),
        (format!("receivers/{CANARY}-own-ops/test"), 404),
    ] {
        let path = format!("/api/v1/{path}");
        let body = json!({"value": "stolen"});
        let answer = tenants.site.bearer(&tenants.developer, "POST", &path, body).await;
        assert!(
            answer.status == status || (path.contains(&mine) && answer.status == 404),
            "{path}: {}",
            said(&answer)
        );
    }
    assert_eq!(before, whole(&tenants), "nothing has changed");
}

/// Not even by admins: whoever changes the project's object would decide for the others.
#[tokio::test]
async fn what_a_project_owns_is_used_by_that_project_alone() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    site.put(Kind::Secret, "site", json!({})).await;
    let admin = made_token(site, "root", RoleName::Admin, &[]).await;
    let before = whole(&tenants);
    for (path, spec, at) in [
        ("routes/x", json!({"project": "bank", "receiver": "of-shop-own-ops"}), "receiver"),
        ("routes/x", json!({"receiver": "of-shop-own-ops"}), "receiver"),
        (
            "policies/x",
            json!({"projects": ["shop", "bank"], "receiver": "of-shop-own-ops"}),
            "receiver",
        ),
        ("teams/x", json!({"receiver": "of-shop-own-ops"}), "receiver"),
        ("receivers/x", json!({"channels": ["of-shop-own-hook"]}), "channels/0"),
        ("receivers/x", json!({"project": "bank", "channels": ["of-shop-own-hook"]}), "channels/0"),
        ("channels/x", mail(Some("shop"), "site"), "password_secret"),
        ("channels/x", mail(Some("bank"), "of-shop-own-smtp"), "password_secret"),
        ("channels/x", mail(None, "of-shop-own-smtp"), "password_secret"),
    ] {
        let path = format!("/api/v1/{path}");
        let answer = site.bearer(&admin, "PUT", &path, json!({ "spec": spec })).await;
        let error = &answer.json()["errors"][0];
        assert_eq!((answer.status.as_u16(), &error["code"]), (422, &json!("WK-1012")), "{path}");
        assert!(error["path"].as_str().unwrap().ends_with(at), "{path}: {error}");
    }
    // Nor is it taken away from those who use it, or given to them behind their back.
    for (path, spec) in [
        ("receivers/of-shop-ops", json!({"project": "shop", "channels": ["of-shop-hook"]})),
        ("channels/of-shop-own-hook", hook("bank")),
        (
            "time-intervals/of-shop-hours",
            json!({"project": "bank", "time_intervals": [{"weekdays": ["monday"]}]}),
        ),
    ] {
        let path = format!("/api/v1/{path}");
        let answer = site.bearer(&admin, "PUT", &path, json!({ "spec": spec })).await;
        let error = &answer.json()["errors"][0];
        assert_eq!((answer.status.as_u16(), &error["code"]), (422, &json!("WK-1012")), "{path}");
    }
    assert_eq!(before, whole(&tenants), "nothing has changed");
    // Together with what refers to it, it moves.
    let batch = json!([
        {"kind": "channel", "name": "of-shop-own-hook", "spec": hook("bank")},
        {"kind": "receiver", "name": "of-shop-own-ops",
         "spec": {"project": "bank", "channels": ["of-shop-own-hook"]}},
    ]);
    let moved = site.bearer(&admin, "POST", "/api/v1/apply", batch).await;
    assert_eq!(moved.status, 200, "{}", said(&moved));
}

/// An operator changes the site's channels, but learns no password by that.
#[tokio::test]
async fn a_password_goes_to_no_other_server_than_those_say_who_know_it() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    let admin = made_token(site, "root", RoleName::Admin, &[]).await;
    let olga = made_token(site, "olga", RoleName::Operator, &[]).await;
    let put = async |who: &str, path: &str, spec: Value| {
        let path = format!("/api/v1/{path}");
        site.bearer(who, "PUT", &path, json!({ "spec": spec })).await
    };
    let set = async |who: &str| {
        let path = "/api/v1/secrets/relay/value";
        let set = site.bearer(who, "POST", path, json!({"value": "hunter2"})).await;
        assert_eq!(set.status, 204, "{}", said(&set));
    };
    let changed = |change: Value| {
        let mut spec = mail(None, "relay");
        spec.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        spec
    };
    assert_eq!(put(&admin, "secrets/relay", json!({})).await.status, 201);
    set(&admin).await;
    assert_eq!(put(&admin, "channels/relay", mail(None, "relay")).await.status, 201);
    for theirs in [
        json!({"host": "203.0.113.5"}),
        json!({"port": 2525}),
        json!({"tls": "none"}),
        json!({"username": "somebody"}),
    ] {
        let refused = put(&olga, "channels/relay", changed(theirs.clone())).await;
        assert_eq!(refused.status, 403, "{theirs}: {}", said(&refused));
        assert!(said(&refused).contains("another server"), "{}", said(&refused));
        let refused = put(&olga, "channels/other", changed(theirs)).await;
        assert_eq!(refused.status, 403, "{}", said(&refused));
    }
    // Nor once the secret is made a project's.
    let batch = json!([
        {"kind": "secret", "name": "relay", "spec": {"project": "shop"}},
        {"kind": "channel", "name": "relay",
         "spec": changed(json!({"project": "shop", "host": "203.0.113.5"}))},
    ]);
    let refused = site.bearer(&olga, "POST", "/api/v1/apply", batch).await;
    assert_eq!(refused.status, 403, "{}", said(&refused));
    // Everything else of the channel is theirs to change.
    let same = put(&olga, "channels/relay", changed(json!({"to": ["night@example.org"]}))).await;
    assert_eq!(same.status, 200, "{}", said(&same));
    // Whoever sets a value knows it.
    set(&olga).await;
    let moved = put(&olga, "channels/relay", changed(json!({"host": "smtp.example.org"}))).await;
    assert_eq!(moved.status, 200, "{}", said(&moved));
    let moved = put(&admin, "channels/relay", changed(json!({"port": 465, "tls": "tls"}))).await;
    assert_eq!(moved.status, 200, "{}", said(&moved));
}

#[tokio::test]
async fn a_developer_of_everything_changes_what_projects_own_and_not_what_is_shared() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    let everywhere = made_token(site, "devs", RoleName::Developer, &[]).await;
    let put = async |path: &str, spec: Value| {
        let path = format!("/api/v1/{path}");
        site.bearer(&everywhere, "PUT", &path, json!({ "spec": spec })).await
    };
    let (wide, own) = (
        json!([{"name": "alertname", "value": "x"}]),
        json!([{"name": "project", "value": "bank"}]),
    );
    for (path, spec, status) in [
        ("routes/x", json!({"receiver": "of-shop-ops"}), 403),
        ("routes/x", json!({"project": "bank", "receiver": "of-shop-ops"}), 201),
        ("receivers/x", json!({"channels": ["of-shop-hook"]}), 403),
        ("receivers/x", json!({"project": "bank", "channels": ["of-shop-hook"]}), 201),
        ("silences/x", silence(wide), 403),
        ("silences/x", silence(own), 201),
        ("channels/of-shop-hook", hook("shop"), 403),
    ] {
        let answer = put(path, spec).await;
        assert_eq!(answer.status, status, "{path}: {}", said(&answer));
    }
    // What is shared holds addresses that are not for everybody who writes rules.
    let channels = site.bearer(&everywhere, "GET", "/api/v1/channels", Value::Null).await.json();
    let names: Vec<_> =
        channels["items"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names, [&format!("{CANARY}-own-hook"), "of-shop-own-hook"]);
    for path in ["channels/of-shop-hook", "secrets/of-shop-smtp"] {
        let answer = site.bearer(&everywhere, "GET", &format!("/api/v1/{path}"), Value::Null).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    let text = site.bearer(&everywhere, "GET", "/api/v1/export?kind=channel", Value::Null).await;
    let text = String::from_utf8_lossy(&text.body).into_owned();
    assert!(text.contains("own-hook") && !text.contains("example.org/x"), "{text}");
    let history =
        site.bearer(&everywhere, "GET", "/api/v1/history?kind=channel", Value::Null).await;
    let text = String::from_utf8_lossy(&history.body).into_owned();
    assert!(text.contains("own-hook") && !text.contains("example.org/x"), "{text}");
}
