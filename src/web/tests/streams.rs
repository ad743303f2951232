//! Answers that go on end with the right to them.

use super::{scope::*, site::*, *};
use crate::{
    model::{Kind, UnixMs, label::Labels, resource::Key, spec::RoleName},
    store::{
        command::{Change, Space},
        testing::PATIENCE,
    },
};
use axum::body::BodyDataStream;
use futures_util::StreamExt as _;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};

const EVENTS: &str = "/api/v1/events";

async fn open(router: &Router, path: &str, header: &str, value: &str) -> BodyDataStream {
    let request = Request::get(path).header(header, value).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.into_body().into_data_stream()
}

/// The next part; `None` = the stream ended.
async fn next(stream: &mut BodyDataStream) -> Option<String> {
    let part = tokio::time::timeout(PATIENCE, stream.next()).await.expect("in time");
    part.map(|part| String::from_utf8_lossy(&part.unwrap()).into_owned())
}

async fn until(stream: &mut BodyDataStream, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        text.push_str(&next(stream).await.unwrap_or_else(|| panic!("ended: {text}")));
    }
    text
}

/// All that comes until the stream ends; signs of life come for as long as it does not.
async fn rest(stream: &mut BodyDataStream) -> String {
    let mut text = String::new();
    let whole = async {
        while let Some(part) = next(stream).await {
            text.push_str(&part);
        }
    };
    tokio::time::timeout(PATIENCE, whole).await.expect("the stream ends");
    text
}

async fn write(site: &Site, change: Change) {
    let deps = site.front.deps().unwrap();
    deps.write("system", "test", Vec::new(), vec![change]).await.unwrap();
}

fn gone(kind: Kind, name: &str) -> Change {
    Change::Delete(Key { kind, name: name.parse().unwrap() })
}

fn target(project: &str) -> Value {
    json!({"job": "j", "project": project, "targets": ["a:9100"]})
}

/// Somebody's right becomes another; what is written then in the other project is not told.
async fn ends_with(tenants: &Tenants, header: &str, value: &str, change: Change) {
    // An object that is put as it is already is no change.
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let named = |what: &str| format!("{what}-{call}");
    let mut stream = open(&tenants.site.router, EVENTS, header, value).await;
    tenants.site.put(Kind::Target, &named("before"), target("shop")).await;
    until(&mut stream, &named("target/before")).await;
    let said = format!("{change:?}");
    write(&tenants.site, change).await;
    tenants.site.put(Kind::Target, &named("late"), target("bank")).await;
    tenants.site.put(Kind::Target, &named("mine"), target("shop")).await;
    let text = rest(&mut stream).await;
    assert!(!text.contains("target/late") && !text.contains("target/mine"), "{said}: {text}");
}

async fn token(site: &Site, name: &str, scope: &[&str]) -> String {
    format!("Bearer {}", made_token(site, name, RoleName::Viewer, scope).await)
}

#[tokio::test]
async fn a_token_that_is_deleted_or_means_less_ends_its_streams() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    let wide = &[r#"project=~"shop|bank""#];
    for (name, change) in [
        ("gone", gone(Kind::Token, "gone")),
        (
            "shrunk",
            Change::Put {
                kind: Kind::Token,
                name: "shrunk".parse().unwrap(),
                labels: Labels::new(),
                spec: json!({"role": "viewer", "scope": [MATCHER]}),
            },
        ),
        (
            "expired",
            Change::Put {
                kind: Kind::Token,
                name: "expired".parse().unwrap(),
                labels: Labels::new(),
                spec: json!({"role": "viewer", "scope": wide, "expires": "2020-01-01T00:00:00Z"}),
            },
        ),
    ] {
        let token = token(site, name, wide).await;
        ends_with(&tenants, "authorization", &token, change).await;
    }
}

#[tokio::test]
async fn a_token_whose_time_comes_ends_its_streams_by_itself() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    let token = token(site, "brief", &[]).await;
    let end = UnixMs(crate::web::deps::now().0 + 3_000);
    let spec = json!({"role": "viewer", "expires": end.to_string()});
    site.put(Kind::Token, "brief", spec).await;
    let mut stream = open(&site.router, EVENTS, "authorization", &token).await;
    site.put(Kind::Target, "before", target("bank")).await;
    until(&mut stream, "target/before").await;
    rest(&mut stream).await;
    assert!(crate::web::deps::now() >= end);
}

#[tokio::test]
async fn a_session_that_ends_and_an_account_that_is_disabled_end_their_streams() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    let olga = site.cookie("olga").await;
    let id = olga.split_once('=').unwrap().1;
    ends_with(&tenants, "cookie", &olga, crate::web::auth::session::close(id)).await;
    let vera = site.cookie("vera").await;
    let disabled = Change::Put {
        kind: Kind::User,
        name: "vera".parse().unwrap(),
        labels: Labels::new(),
        spec: json!({"role": "viewer", "disabled": true}),
    };
    ends_with(&tenants, "cookie", &vera, disabled).await;
}

#[tokio::test]
async fn a_session_that_is_only_used_goes_on() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    let vera = site.cookie("vera").await;
    let mut stream = open(&site.router, EVENTS, "cookie", &vera).await;
    // Of others sessions come and go, and roles are changed.
    site.cookie("olga").await;
    site.put(Kind::Role, "role", json!({"title": "x", "base": "viewer"})).await;
    site.put(Kind::Target, "after", target("bank")).await;
    until(&mut stream, "target/after").await;
}

#[tokio::test]
async fn a_log_that_is_followed_ends_with_the_right_to_it() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    site.cluster.follow();
    let token = made_token(site, "reader", RoleName::Operator, &[]).await;
    site.is_member().await;
    let path = "/api/v1/logs/1/prometheus?tail=1&follow=true";
    let bearer = format!("Bearer {token}");
    let mut stream = open(&site.router, path, "authorization", &bearer).await;
    assert_eq!(next(&mut stream).await.as_deref(), Some("line 0\n"));
    write(site, gone(Kind::Token, "reader")).await;
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn what_happens_to_others_is_not_even_told_as_a_topic() {
    let tenants = Tenants::new().await;
    let site = &tenants.site;
    let bearer = format!("Bearer {}", tenants.developer);
    let mut stream = open(&site.router, EVENTS, "authorization", &bearer).await;
    site.put(Kind::Target, "theirs", target("bank")).await;
    write(site, gone(Kind::Target, "theirs")).await;
    site.put(Kind::Route, "mine", json!({"project": "shop", "receiver": "of-shop-ops"})).await;
    let text = until(&mut stream, "route/mine").await;
    assert!(!text.contains("targets"), "{text}");
    // One's own that is gone is told, although it cannot be seen any more.
    write(site, gone(Kind::Route, "mine")).await;
    until(&mut stream, "routes").await;
    let row = Change::PutRow(Space::Fault, "x".into(), "x".into());
    write(site, row).await;
    until(&mut stream, "status").await;
}
