//! Two tenants on one site: neither learns of the other, whatever is asked.

use super::{site::*, *};
use crate::{
    model::{Kind, observed::ProcessState, spec::RoleName},
    web::{
        auth::token,
        policy::{self, Policy},
    },
};
use serde_json::json;
use std::collections::BTreeSet;

/// Stands in every object of the other tenant, so in no answer.
pub(crate) const CANARY: &str = "canary-7f3a";
pub(crate) const MATCHER: &str = r#"project="shop""#;

/// A site with the projects `shop` and `bank`, each with everything, and a token for `shop`.
pub(crate) struct Tenants {
    pub(crate) site: Site,
    pub(crate) developer: String,
}

impl Tenants {
    pub(crate) async fn new() -> Self {
        let site = site().await;
        for (tenant, mark) in [("shop", "of-shop"), ("bank", CANARY)] {
            let named = |what: &str| format!("{mark}-{what}");
            let title = json!(format!("{mark} title"));
            for (kind, name, spec) in [
                (
                    Kind::Contact,
                    named("ann"),
                    json!({"title": title, "mail": format!("{mark}@example.org")}),
                ),
                (Kind::Department, named("dept"), json!({"title": title, "owner": named("ann")})),
                (Kind::Secret, named("smtp"), json!({"title": title})),
                (
                    Kind::Channel,
                    named("hook"),
                    json!({"type": "webhook", "url": format!("https://{mark}.example.org/x")}),
                ),
                (
                    Kind::Receiver,
                    named("ops"),
                    json!({"title": title, "channels": [named("hook")]}),
                ),
                (
                    Kind::Team,
                    named("team"),
                    json!({"title": title, "members": [named("ann")], "receiver": named("ops")}),
                ),
                (
                    Kind::Project,
                    tenant.to_owned(),
                    json!({"title": title, "department": named("dept"), "owner": named("ann"),
                        "team": named("team")}),
                ),
                (Kind::ScrapeJob, named("job"), json!({"metrics_path": format!("/{mark}")})),
                (
                    Kind::Target,
                    named("target"),
                    json!({"job": named("job"), "project": tenant, "targets": [format!("{mark}:9100")]}),
                ),
                (
                    Kind::RuleGroup,
                    named("rules"),
                    json!({"project": tenant, "rules": [{"alert": named("Down"), "expr": "up == 0",
                        "annotations": {"summary": title}}]}),
                ),
                (
                    Kind::RuleTest,
                    named("test"),
                    json!({"title": title, "rule_groups": [named("rules")], "tests": [{}]}),
                ),
                (Kind::TimeInterval, named("hours"), json!({"time_intervals": []})),
                (Kind::Secret, named("own-smtp"), json!({"project": tenant, "title": title})),
                (
                    Kind::Channel,
                    named("own-hook"),
                    json!({"type": "webhook", "project": tenant, "title": title,
                        "url": format!("https://{mark}.example.org/own")}),
                ),
                (
                    Kind::Receiver,
                    named("own-ops"),
                    json!({"project": tenant, "title": title, "channels": [named("own-hook")]}),
                ),
                (
                    Kind::TimeInterval,
                    named("own-hours"),
                    json!({"project": tenant, "title": title, "time_intervals": []}),
                ),
                (
                    Kind::Route,
                    named("route"),
                    json!({"title": title, "project": tenant, "receiver": named("ops"),
                        "active_time_intervals": [named("hours")]}),
                ),
                (
                    Kind::Policy,
                    named("policy"),
                    json!({"title": title, "projects": [tenant], "receiver": named("ops")}),
                ),
                (
                    Kind::Inhibition,
                    named("inhibition"),
                    json!({"title": title, "source_matchers": [format!("a=\"{mark}\"")],
                        "target_matchers": ["b=\"c\""]}),
                ),
                (
                    Kind::Silence,
                    named("silence"),
                    json!({"matchers": [{"name": "project", "value": tenant}],
                        "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2036-01-01T00:00:00Z",
                        "comment": title}),
                ),
                (Kind::Role, named("role"), json!({"title": title, "base": "viewer"})),
                (Kind::User, named("user"), json!({"title": title, "role": named("role")})),
                (Kind::Token, named("token"), json!({"title": title, "role": "viewer"})),
            ] {
                site.put(kind, &name, spec).await;
            }
        }
        let both = format!("{CANARY}-both");
        let (mine, theirs) = (named(Kind::RuleGroup, "of-shop"), named(Kind::RuleGroup, CANARY));
        let test = json!({"rule_groups": [mine, theirs], "tests": [{}]});
        site.put(Kind::RuleTest, &both, test).await;
        // Who is told of one's own alerts may be known, by whatever that is decided.
        let receiver = named(Kind::Receiver, "of-shop");
        let policy = json!({"title": both, "projects": ["shop", "bank"], "receiver": receiver});
        site.put(Kind::Policy, &both, policy).await;
        site.put(Kind::Settings, "default", json!({"site": format!("{CANARY} site")})).await;
        let developer = made_token(&site, "dev", RoleName::Developer, &[MATCHER]).await;
        let alerts = json!([alert("shop", "of-shop"), alert("bank", CANARY), alert("", CANARY)]);
        site.cluster.component(1, "alertmanager", ProcessState::Ready, Some((200, "[]".into())));
        site.cluster.answer(1, "alertmanager", "/api/v2/alerts", &alerts);
        let held = json!({"id": "1", "status": {"state": "active"}, "comment": CANARY,
            "matchers": [{"name": "project", "value": "bank", "isRegex": false, "isEqual": true}]});
        site.cluster.answer(1, "alertmanager", "/api/v2/silence/1", &held);
        site.cluster.answer(1, "alertmanager", "/api/v2/silences", &json!([held]));
        Self { site, developer }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.site.bearer(&self.developer, "GET", path, Value::Null).await
    }

    pub(crate) async fn put(&self, path: &str, spec: Value) -> Answer {
        self.site.bearer(&self.developer, "PUT", path, json!({ "spec": spec })).await
    }
}

fn alert(project: &str, mark: &str) -> Value {
    json!({"fingerprint": format!("00000000000000{:02x}", mark.len()), "startsAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z", "endsAt": "2036-01-01T00:00:00Z", "generatorURL": "",
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}, "receivers": [],
        "labels": {"alertname": mark, "project": project}, "annotations": {"summary": mark}})
}

pub(crate) async fn made_token(site: &Site, name: &str, role: RoleName, scope: &[&str]) -> String {
    let role = serde_json::to_value(role).unwrap();
    site.put(Kind::Token, name, json!({ "role": role, "scope": scope })).await;
    let (secret, change) = token::mint("cahash", name);
    let deps = site.front.deps().unwrap();
    deps.write("system", "token", Vec::new(), vec![change]).await.unwrap();
    secret.expose().clone()
}

/// An answer without a trace of the other tenant.
fn clean(path: &str, answer: &Answer) {
    let text = String::from_utf8_lossy(&answer.body);
    let told = match answer.status {
        // The name that was asked for comes back, as that of anything that does not exist.
        StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => {
            let asked = path.split(['/', '?']).find(|part| part.contains(CANARY));
            text.replace(asked.unwrap_or(" "), "")
        }
        _ => text.clone().into_owned(),
    };
    assert!(!told.contains(CANARY), "{path}: {} {text}", answer.status);
    assert!(answer.status.as_u16() < 500 || answer.status == 503, "{path}: {text}");
}

#[tokio::test]
async fn no_read_of_the_whole_interface_shows_anything_of_the_other_tenant() {
    let tenants = Tenants::new().await;
    let built = router::build(&tenants.site.front);
    let mut asked = 0;
    for route in built.declared.iter().filter(|route| route.method == "GET") {
        // The stream does not end; the proxies have a proof of their own, with real programs.
        if route.path == "/api/v1/events" || route.path.contains("{*") {
            continue;
        }
        let kind = Kind::ALL
            .iter()
            .find(|kind| route.path.starts_with(&format!("/api/v1/{}/", kind.plural())));
        for mark in ["of-shop", CANARY] {
            let name = kind.map_or_else(String::new, |kind| named(*kind, mark));
            let path = filled(&route.path, &name);
            for path in [path.clone(), format!("{path}?q=canary"), format!("{path}?project=bank")] {
                clean(&path, &tenants.get(&path).await);
                asked += 1;
            }
        }
    }
    assert!(asked > 150, "{asked}");
}

/// The object of a kind that a tenant has.
pub(crate) fn named(kind: Kind, mark: &str) -> String {
    let what = match kind {
        Kind::Contact => "ann",
        Kind::Department => "dept",
        Kind::Secret => "smtp",
        Kind::Channel => "hook",
        Kind::Receiver => "ops",
        Kind::ScrapeJob => "job",
        Kind::RuleGroup => "rules",
        Kind::RuleTest => "test",
        Kind::TimeInterval => "hours",
        Kind::Project => return if mark == CANARY { "bank" } else { "shop" }.to_owned(),
        kind => kind.singular(),
    };
    format!("{mark}-{what}")
}

fn filled(path: &str, name: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{name}" | "{receiver}" | "{channel}" => name,
        "{revision}" | "{index}" => "30",
        "{fingerprint}" => "000000000000000b",
        "{kind}" => "target",
        part if part.starts_with('{') => "1",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn what_is_in_scope_is_there() {
    let tenants = Tenants::new().await;
    for (path, wanted) in [
        ("/api/v1/projects", "of-shop title"),
        ("/api/v1/departments", "of-shop-dept"),
        ("/api/v1/contacts", "of-shop@example.org"),
        ("/api/v1/teams", "of-shop-team"),
        ("/api/v1/targets", "of-shop-target"),
        ("/api/v1/scrape-jobs", "of-shop-job"),
        ("/api/v1/rule-groups", "of-shop-rules"),
        ("/api/v1/rule-tests", "of-shop-test"),
        ("/api/v1/receivers", "of-shop-ops"),
        ("/api/v1/receivers", "of-shop-own-ops"),
        ("/api/v1/channels", "of-shop-own-hook"),
        ("/api/v1/secrets", "of-shop-own-smtp"),
        ("/api/v1/time-intervals", "of-shop-own-hours"),
        ("/api/v1/routes", "of-shop-route"),
        ("/api/v1/policies", "of-shop-policy"),
        ("/api/v1/silences", "of-shop-silence"),
        ("/api/v1/observed/targets", "of-shop:9100"),
        ("/api/v1/observed/rules", "of-shop-Down"),
        ("/api/v1/observed/silences", "of-shop-silence"),
        ("/api/v1/alerts", "\"of-shop\""),
        ("/api/v1/history?limit=1000", "of-shop-target"),
        ("/api/v1/export", "of-shop-rules"),
        ("/api/v1/rules/export", "of-shop-Down"),
        ("/api/v1/session", "\"shop\""),
    ] {
        let answer = tenants.get(path).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status.is_success() && text.contains(wanted), "{path}: {text}");
        assert!(!text.contains(CANARY), "{path}: {text}");
    }
    let alerts = tenants.get("/api/v1/alerts").await.json();
    assert_eq!((&alerts["total"], &alerts["outside"]), (&json!(1), &json!(0)), "{alerts}");
}

#[tokio::test]
async fn what_is_for_everybody_together_needs_a_role_everywhere() {
    let tenants = Tenants::new().await;
    let operator = made_token(&tenants.site, "op", RoleName::Admin, &[MATCHER]).await;
    let built = router::build(&tenants.site.front);
    let mut refused = 0;
    for route in &built.declared {
        let is_whole = match route.policy {
            Policy::Role(_) => true,
            Policy::Read(kind) => !policy::is_scoped(kind),
            Policy::Write(kind) => !policy::is_written_in_scope(kind),
            _ => false,
        };
        if !is_whole {
            continue;
        }
        let path = filled(&route.path, "x");
        let answer = tenants.site.bearer(&operator, &route.method, &path, json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {path}", route.method);
        clean(&path, &answer);
        refused += 1;
    }
    assert!(refused > 30, "{refused}");
}

#[tokio::test]
async fn a_developer_changes_what_is_in_scope_and_nothing_else() {
    let tenants = Tenants::new().await;
    let before = whole(&tenants);
    let rules = |project: &str| json!({"project": project, "rules": [{"alert": "Mine", "expr": "up == 0 or absent(up{project=\"bank\"})"}]});
    let bank_rules = named(Kind::RuleGroup, CANARY);
    for (path, spec, status) in [
        ("/api/v1/rule-groups/new".to_owned(), rules("bank"), 403),
        (format!("/api/v1/rule-groups/{bank_rules}"), rules("bank"), 403),
        (format!("/api/v1/rule-groups/{bank_rules}"), rules("shop"), 403),
        (
            "/api/v1/silences/wide".into(),
            silence(json!([{"name": "alertname", "value": "x"}])),
            403,
        ),
        (
            "/api/v1/silences/both".into(),
            silence(json!([{"name": "project", "value": "shop|bank", "isRegex": true}])),
            403,
        ),
        (
            "/api/v1/rule-tests/mine".into(),
            json!({"rule_groups": [bank_rules], "tests": [{}]}),
            403,
        ),
        ("/api/v1/projects/shop".into(), json!({"title": "x"}), 403),
        (
            "/api/v1/targets/t".into(),
            json!({"job": "of-shop-job", "project": "shop", "targets": []}),
            403,
        ),
    ] {
        let answer = tenants.put(&path, spec).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
    }
    for kind in [Kind::RuleGroup, Kind::Silence, Kind::Target, Kind::Route, Kind::User] {
        let path = format!("/api/v1/{}/{}", kind.plural(), named(kind, CANARY));
        let answer = tenants.site.bearer(&tenants.developer, "DELETE", &path, Value::Null).await;
        assert!(matches!(answer.status.as_u16(), 403 | 404), "{path}: {}", answer.status);
    }
    let reverted = "/api/v1/history/30/revert?force=true";
    let answer = tenants.site.bearer(&tenants.developer, "POST", reverted, Value::Null).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    assert_eq!(before, whole(&tenants), "nothing has changed");
    let asks = json!({"project": "shop", "rules": [{"alert": "Asks", "expr": "up == 0",
        "annotations": {"summary": "{{ query \"up{project='bank'}\" | first | value }}"}}]});
    let refused = tenants.put("/api/v1/rule-groups/mine", asks).await;
    assert_eq!(refused.status, 422, "{}", String::from_utf8_lossy(&refused.body));
    let path = refused.json()["errors"][0]["path"].clone();
    assert_eq!(path, "rule-group/mine/spec/rules/0/annotations/summary");
    // To Go a comment, then an action that asks; a shorter comment would end before.
    let hidden = r#"{{/*/}}{{ "*/}}{{ range query `up` }}{{ .Value }}{{ end }}" }}"#;
    for (labels, annotations) in
        [(json!({}), json!({ "summary": hidden })), (json!({ "department": "finance" }), json!({}))]
    {
        let rule =
            json!({"alert": "A", "expr": "up", "labels": labels, "annotations": annotations});
        let spec = json!({"project": "shop", "rules": [rule]});
        let refused = tenants.put("/api/v1/rule-groups/mine", spec).await;
        assert_eq!(refused.status, 422, "{}", String::from_utf8_lossy(&refused.body));
    }
    let made = tenants.put("/api/v1/rule-groups/mine", rules("shop")).await;
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    let expr = made.json()["spec"]["rules"][0]["expr"].as_str().unwrap().to_owned();
    assert_eq!(expr.matches(r#"project=~"shop""#).count(), 2, "confined as stored: {expr}");
    let again = tenants.put("/api/v1/rule-groups/mine", made.json()["spec"].clone()).await;
    assert_eq!(again.json()["spec"], made.json()["spec"], "confined once");
    let mine =
        json!([{"name": "project", "value": "shop"}, {"name": "alertname", "value": "Mine"}]);
    let made = tenants.put("/api/v1/silences/mine", silence(mine)).await;
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
}

#[tokio::test]
async fn a_developer_adds_rules_and_their_tests_at_once() {
    let tenants = Tenants::new().await;
    let batch = |project: &str, of: &str| {
        let rules = json!({"project": project, "rules": [{"alert": "Mine", "expr": "up == 0"}]});
        let test = json!({"rule_groups": [of], "tests": [{}]});
        json!([
            {"kind": "rule-test", "name": "t", "spec": test},
            {"kind": "rule-group", "name": "mine", "spec": rules},
        ])
    };
    let theirs = named(Kind::RuleGroup, CANARY);
    for (project, of, status) in
        [("bank", "mine", 403), ("shop", &*theirs, 403), ("shop", "mine", 200)]
    {
        let body = batch(project, of);
        let answer = tenants.site.bearer(&tenants.developer, "POST", "/api/v1/apply", body).await;
        let told = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, status, "rules of {project}, a test of {of}: {told}");
    }
}

#[tokio::test]
async fn what_may_not_be_seen_cannot_be_referred_to() {
    let tenants = Tenants::new().await;
    let operator = made_token(&tenants.site, "op", RoleName::Operator, &[MATCHER]).await;
    let put = async |receiver: &str| {
        let spec = json!({"project": "shop", "receiver": receiver});
        let path = "/api/v1/routes/mine";
        tenants.site.bearer(&operator, "PUT", path, json!({ "spec": spec })).await
    };
    let hidden = put(&named(Kind::Receiver, CANARY)).await;
    let missing = put("nobody").await;
    assert_eq!((hidden.status.as_u16(), missing.status.as_u16()), (422, 422));
    assert_eq!(hidden.json()["errors"][0]["code"], missing.json()["errors"][0]["code"]);
    assert_eq!(put(&named(Kind::Receiver, "of-shop")).await.status, 201);
}

#[tokio::test]
async fn a_role_held_in_one_project_shows_nothing_of_the_next() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    // Sees everything, and operates one project: what only operators see is seen of that one.
    let also = json!([{"role": "operator", "scope": [MATCHER]}]);
    site.put(Kind::User, "vera", json!({"role": "viewer", "also": also})).await;
    let vera = site.cookie("vera").await;
    for path in ["/api/v1/channels", "/api/v1/export?kind=channel,secret", "/api/v1/secrets"] {
        let answer = site.call(&vera, "GET", path, Value::Null).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status.is_success() && !text.contains(CANARY), "{path}: {text}");
        assert!(text.contains("of-shop") || path.contains("secrets"), "{path}: {text}");
    }
    // Nor does a route of their own lead there.
    let spec = json!({"project": "shop", "receiver": named(Kind::Receiver, CANARY)});
    let answer = site.call(&vera, "PUT", "/api/v1/routes/x", json!({ "spec": spec })).await;
    assert_eq!(answer.status, 422, "{}", String::from_utf8_lossy(&answer.body));
}

#[tokio::test]
async fn questions_that_are_posted_tell_nothing_of_the_other_tenant() {
    let tenants = Tenants::new().await;
    let dimensions = json!({"project": "", "department": "", "owner": "", "system": ""});
    let finance = named(Kind::Department, CANARY);
    for (path, body) in [
        (
            "/api/v1/rules/check",
            json!({"project": "bank", "rule": {"alert": "A", "expr": "up", "labels": dimensions}}),
        ),
        ("/api/v1/routes/explain", json!({"labels": {"project": "shop", "department": finance}})),
        ("/api/v1/routes/explain", json!({"labels": {"project": "bank"}})),
        (
            // A rule test of both projects stands against it.
            "/api/v1/routes/explain",
            json!({"labels": {"project": "shop"}, "changes": [
                {"kind": "rule-group", "name": "of-shop-rules", "delete": true}]}),
        ),
        (
            "/api/v1/silences/preview",
            json!({"matchers": [{"name": "alertname", "value": ".+", "isRegex": true}]}),
        ),
        (
            "/api/v1/apply?dry_run=true",
            json!([{"kind": "rule-group", "name": "of-shop-rules", "delete": true}]),
        ),
    ] {
        let answer = tenants.site.bearer(&tenants.developer, "POST", path, body).await;
        let text = String::from_utf8_lossy(&answer.body).replace(&finance, "");
        assert!(!text.contains(CANARY), "{path}: {} {text}", answer.status);
        assert!(answer.status.as_u16() < 500, "{path}: {text}");
    }
    let history =
        format!("/api/v1/history?kind=target&name={}&limit=1", named(Kind::Target, CANARY));
    let page = tenants.get(&history).await.json();
    assert_eq!((&page["items"], &page["next"]), (&json!([]), &Value::Null), "{page}");
}

pub(crate) fn silence(matchers: Value) -> Value {
    json!({"matchers": matchers, "startsAt": "2026-01-01T00:00:00Z",
        "endsAt": "2036-01-01T00:00:00Z", "comment": "work"})
}

/// All objects with their revisions.
pub(crate) fn whole(tenants: &Tenants) -> BTreeSet<String> {
    let state = tenants.site.store.state();
    let all = state.resources.values().flat_map(|of_kind| of_kind.values());
    all.map(|it| format!("{}/{} {} {}", it.kind, it.name, it.revision, it.spec)).collect()
}

#[tokio::test]
async fn what_is_not_seen_is_deleted_like_what_is_not_there() {
    let tenants = Tenants::new().await;
    let delete = async |name: &str| {
        let batch = json!([{"kind": "rule-group", "name": name, "delete": true}]);
        let mut said = Vec::new();
        for query in ["", "?dry_run=true", "?partial=true"] {
            let path = format!("/api/v1/apply{query}");
            let answer =
                tenants.site.bearer(&tenants.developer, "POST", &path, batch.clone()).await;
            let text = String::from_utf8_lossy(&answer.body).replace(name, "NAME");
            said.push((answer.status, text));
        }
        let batch = json!([{"kind": "rule-group", "name": name, "delete": true, "if_match": "7"}]);
        let path = "/api/v1/apply";
        let answer = tenants.site.bearer(&tenants.developer, "POST", path, batch).await;
        said.push((answer.status, answer.json()["detail"].to_string().replace(name, "NAME")));
        said
    };
    let before = whole(&tenants);
    let hidden = delete(&named(Kind::RuleGroup, CANARY)).await;
    assert_eq!(hidden, delete("nothing-here").await);
    assert_eq!((hidden[0].0.as_u16(), hidden[3].0.as_u16()), (200, 412), "{hidden:?}");
    assert_eq!(before, whole(&tenants), "nothing has changed");
}

#[tokio::test]
async fn rules_of_a_scope_do_not_run_all_the_time_nor_write_books() {
    let tenants = Tenants::new().await;
    let put = async |interval: &str, text: String| {
        let rule = json!({"alert": "A", "expr": "up == 0", "annotations": {"summary": text}});
        let spec = json!({"project": "shop", "interval": interval, "rules": [rule]});
        tenants.put("/api/v1/rule-groups/mine", spec).await
    };
    for (interval, bytes, wrong) in
        [("4999ms", 10, "interval"), ("1m", 16 * 1024 + 1, "rules/0/annotations/summary")]
    {
        let refused = put(interval, "x".repeat(bytes)).await;
        assert_eq!(refused.status, 422, "{interval} {bytes}");
        assert!(refused.json()["errors"][0]["path"].as_str().unwrap().ends_with(wrong));
    }
    assert_eq!(put("5s", "x".repeat(16 * 1024)).await.status, 201);
    assert_eq!(put("0s", String::new()).await.status, 200, "the global interval");
}
