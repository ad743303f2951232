//! Declared roles: what their base may do and the kinds they name, no more, where they are held.

use super::{scope::*, site::*, *};
use crate::{
    model::{
        Kind,
        spec::{Role, RoleName},
    },
    web::policy::{self, Policy, Whose},
};
use serde_json::json;

fn said(answer: &Answer) -> String {
    format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))
}

async fn put(site: &Site, cookie: &str, path: &str, spec: Value) -> Answer {
    site.call(cookie, "PUT", &format!("/api/v1/{path}"), json!({ "spec": spec })).await
}

#[tokio::test]
async fn a_role_is_declared_given_and_kept_while_somebody_has_it() {
    let site = site().await;
    let (admin, olga) = (site.cookie("admin").await, site.cookie("olga").await);
    let role = json!({"title": "Night shift", "base": "viewer", "write": ["silence"]});
    assert_eq!(put(&site, &olga, "roles/night", role.clone()).await.status, 403);
    assert_eq!(put(&site, &admin, "roles/night", role).await.status, 201);
    for (name, bad, at) in [
        ("admin", json!({"base": "viewer"}), "name"),
        ("x", json!({"base": "admin"}), "spec/base"),
        ("x", json!({"base": "boss"}), "spec/base"),
        ("x", json!({"base": "viewer", "write": ["user"]}), "spec/write/0"),
        ("x", json!({"base": "viewer", "write": ["route", "secret"]}), "spec/write/1"),
        // What would say where a role holds, or who is shown a password.
        ("x", json!({"base": "viewer", "write": ["project"]}), "spec/write/0"),
        ("x", json!({"base": "viewer", "write": ["channel"]}), "spec/write/0"),
        ("x", json!({"base": "viewer", "write": ["route", "route"]}), "spec/write/1"),
        ("x", json!({"base": "viewer", "write": ["routes of all"]}), "spec/write/0"),
    ] {
        let refused = put(&site, &admin, &format!("roles/{name}"), bad).await;
        assert_eq!(refused.status, 422, "{at}: {}", said(&refused));
        assert!(refused.json()["errors"][0]["path"].as_str().unwrap().ends_with(at), "{at}");
    }
    let unknown = put(&site, &admin, "users/vera", json!({"role": "nightly"})).await;
    assert_eq!(unknown.status, 422);
    let roles = "there is no role `nightly`; roles are viewer, developer, operator, admin, night";
    assert_eq!(unknown.json()["errors"][0]["message"], roles, "{}", said(&unknown));
    let token = json!({"name": "t", "role": "nightly"});
    let unknown = site.call(&admin, "POST", "/api/v1/tokens", token).await;
    assert_eq!(unknown.json()["errors"][0]["message"], roles, "{}", said(&unknown));
    let also = json!([{"role": "night", "scope": [MATCHER]}]);
    let given = put(&site, &admin, "users/vera", json!({"role": "viewer", "also": also})).await;
    assert_eq!(given.status, 200, "{}", said(&given));
    let token = json!({"name": "t", "role": "night"});
    assert_eq!(site.call(&admin, "POST", "/api/v1/tokens", token).await.status, 201);
    let held = site.call(&admin, "DELETE", "/api/v1/roles/night", Value::Null).await;
    assert_eq!((held.status.as_u16(), &held.json()["code"]), (409, &json!("WK-1011")));
}

#[tokio::test]
async fn a_viewer_who_may_silence_silences_where_the_role_is_held() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    site.put(
        Kind::Role,
        "night",
        json!({"title": "Night shift", "base": "viewer", "write": ["silence", "rule-group"]}),
    )
    .await;
    site.put(Kind::User, "vera", json!({"role": "night", "scope": [MATCHER]})).await;
    let vera = site.cookie("vera").await;
    let of = |project: &str| silence(json!([{"name": "project", "value": project}]));
    let wide = silence(json!([{"name": "alertname", "value": "x"}]));
    for (path, spec, status) in [
        ("silences/x", of("shop"), 201),
        ("silences/y", of("bank"), 403),
        ("silences/y", wide, 403),
        ("routes/y", json!({"project": "shop", "receiver": "of-shop-ops"}), 403),
        ("contacts/y", json!({}), 403),
    ] {
        let answer = put(site, &vera, path, spec).await;
        assert_eq!(answer.status, status, "{path}: {}", said(&answer));
    }
    // What they write is confined like a developer's.
    let spec = json!({"project": "shop", "rules": [{"alert": "A", "expr": "up"}]});
    let made = put(site, &vera, "rule-groups/x", spec).await;
    assert_eq!(
        made.json()["spec"]["rules"][0]["expr"],
        r#"up{project=~"shop"}"#,
        "{}",
        said(&made)
    );
    let path = "/api/v1/silences/x/expire";
    assert_eq!(site.call(&vera, "POST", path, Value::Null).await.status, 204);
    let batch = json!([{"kind": "silence", "name": "x", "delete": true}]);
    assert_eq!(site.call(&vera, "POST", "/api/v1/apply", batch).await.status, 200);
    let me = site.call(&vera, "GET", "/api/v1/session", Value::Null).await.json();
    assert_eq!((&me["role"], &me["everywhere"]), (&json!("viewer"), &Value::Null));
    assert_eq!(me["changes"], json!(["rule-group", "silence"]));
    assert_eq!(
        (&me["changes_shared"], &me["declared_roles"]),
        (&json!([]), &json!(["Night shift"]))
    );
    // With the role goes what it gave, at once; the account may still sign in and see nothing.
    site.put(Kind::User, "vera", json!({"role": "gone"})).await;
    let me = site.call(&vera, "GET", "/api/v1/session", Value::Null).await.json();
    assert_eq!((&me["role"], &me["projects"]), (&json!("none"), &json!([])), "{me}");
    for path in [
        "/api/v1/projects",
        "/api/v1/alerts",
        "/api/v1/history",
        "/prometheus/api/v1/query?query=up",
    ] {
        assert_eq!(site.call(&vera, "GET", path, Value::Null).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn the_session_says_what_may_be_changed() {
    let site = site().await;
    for (user, own, shared) in [
        ("vera", 0, 0),
        ("olga", Kind::ALL.len() - 4, Kind::ALL.len() - 4),
        ("admin", Kind::ALL.len(), Kind::ALL.len()),
    ] {
        let cookie = site.cookie(user).await;
        let me = site.call(&cookie, "GET", "/api/v1/session", Value::Null).await.json();
        let count = |field: &str| me[field].as_array().unwrap().len();
        assert_eq!((count("changes"), count("changes_shared")), (own, shared), "{user}: {me}");
    }
}

/// Every declared route that changes objects of a kind × a role that adds just that kind: it lets
/// those in whose role names the kind, and turns away those whose role names all others.
#[tokio::test]
async fn a_role_opens_the_routes_of_its_kinds_and_no_others() {
    let site = site().await;
    let declared = router::build(&site.front).declared;
    let vera = site.cookie("vera").await;
    let mut n_opened = 0;
    for kind in Kind::ALL.iter().copied().filter(|kind| Role::may_give(*kind)) {
        let write = json!({"base": "viewer", "write": [kind.singular()]});
        site.put(Kind::Role, "one", write).await;
        site.put(Kind::User, "vera", json!({"role": "one"})).await;
        for route in declared.iter().filter(|route| route.method != "GET") {
            let path = route.path.replace(['{', '}', '*'], "");
            let (opens, lowest) = match route.policy {
                Policy::Write(of) => (of == kind, policy::write_role(of, Whose::Projects)),
                Policy::WriteSome => (true, RoleName::Developer),
                Policy::Role(role) => (false, role),
                _ => continue,
            };
            if lowest <= RoleName::Viewer {
                continue;
            }
            let answer = site.call(&vera, &route.method, &path, Value::Null).await;
            let is_refused = answer.status == 403;
            assert_eq!(is_refused, !opens, "{kind}: {} {path}: {}", route.method, said(&answer));
            n_opened += usize::from(opens);
        }
    }
    assert!(n_opened > 30, "{n_opened}");
}
