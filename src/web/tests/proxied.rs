//! Who a request is from, behind a proxy that is listed (10.77.0.0/16) and one that is not; and
//! what is told to whoever shows nothing.

use super::{site::*, *};
use crate::web::{auth::RemoteAddress, proxies::Scheme};
use axum::http::request::Builder;
use serde_json::json;
use std::time::{Duration, Instant};

const PROXY: &str = "10.77.0.1";

fn from(peer: &str, request: Builder, body: Body) -> Request<Body> {
    let mut request = request.body(body).unwrap();
    request.extensions_mut().insert(RemoteAddress(peer.parse().unwrap()));
    request.extensions_mut().insert(Scheme::Http);
    request
}

async fn sign_in(site: &Site, peer: &str, lines: &[&str], headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::post("/api/v1/session").header("content-type", "application/json");
    for line in lines {
        request = request.header("x-forwarded-for", *line);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = json!({"user": "vera", "password": PASSWORD}).to_string();
    send(&site.router, from(peer, request, Body::from(body))).await
}

/// Where the newest session was opened, as people see it.
async fn opened_from(site: &Site, answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::CREATED);
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let all = site.call(&cookie, "GET", "/api/v1/sessions", Value::Null).await;
    let all = all.json();
    let own = all["items"].as_array().unwrap().iter().find(|item| item["current"] == true);
    own.unwrap_or_else(|| panic!("{all}"))["from"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_is_from_whom_a_listed_proxy_says_and_from_the_peer_else() {
    let site = site().await;
    for (peer, lines, expected) in [
        (PROXY, &["198.51.100.1"][..], "198.51.100.1"),
        (PROXY, &["127.0.0.1, 198.51.100.1"], "198.51.100.1"),
        (PROXY, &["127.0.0.1", "198.51.100.1", "10.77.3.3"], "198.51.100.1"),
        (PROXY, &["198.51.100.1, nobody"], PROXY),
        (PROXY, &[], PROXY),
        ("203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
    ] {
        let answer = sign_in(&site, peer, lines, &[]).await;
        assert_eq!(opened_from(&site, &answer).await, expected, "{peer} {lines:?}");
        site.forget_tries().await;
    }
}

#[tokio::test]
async fn a_guesser_behind_a_proxy_locks_nobody_else_out() {
    let site = site().await;
    let wrong = json!({"user": "nobody", "password": "wrong wrong wrong"}).to_string();
    let guess = |source: &str| {
        let request = Request::post("/api/v1/session").header("content-type", "application/json");
        let request = request.header("x-forwarded-for", source);
        from(PROXY, request, Body::from(wrong.clone()))
    };
    let mut last = StatusCode::OK;
    for _ in 0..11 {
        last = send(&site.router, guess("198.51.100.1")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(&site, PROXY, &["198.51.100.2"], &[]).await.status, StatusCode::CREATED);
    let same = sign_in(&site, PROXY, &["198.51.100.1"], &[]).await;
    assert_eq!(same.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_scheme_of_the_origin_is_compared_with_that_the_proxy_saw() {
    let site = site().await;
    let own = [("host", "mon.example.org"), ("origin", "https://mon.example.org")];
    let with = |more: &[(&'static str, &'static str)]| [&own[..], more].concat();
    for (peer, headers, expected) in [
        (PROXY, with(&[("x-forwarded-proto", "https")]), StatusCode::CREATED),
        (PROXY, with(&[("x-forwarded-proto", "http")]), StatusCode::FORBIDDEN),
        ("203.0.113.9", with(&[]), StatusCode::FORBIDDEN),
        ("203.0.113.9", with(&[("x-forwarded-proto", "https")]), StatusCode::FORBIDDEN),
        ("203.0.113.9", with(&[("sec-fetch-site", "same-origin")]), StatusCode::CREATED),
    ] {
        let answer = sign_in(&site, peer, &[], &headers).await;
        assert_eq!(answer.status, expected, "{peer} {headers:?}");
    }
}

#[tokio::test]
async fn strangers_are_answered_at_once_and_learn_no_index() {
    let site = site().await;
    let far = |request: Builder| {
        request.header("x-wk-min-index", "99999999999").body(Body::empty()).unwrap()
    };
    let begun = Instant::now();
    for path in ["/api/v1/status", "/api/v1/session/oidc", "/v1/notify/x"] {
        let answer = send(&site.router, far(Request::get(path))).await;
        assert!(answer.headers.get("x-wk-index").is_none(), "{path} {}", answer.status);
    }
    let bad = Request::get("/api/v1/status").header("authorization", "Bearer x");
    assert_eq!(send(&site.router, far(bad)).await.status, StatusCode::UNAUTHORIZED);
    assert!(begun.elapsed() < Duration::from_secs(4), "nobody waited");
    let vera = site.cookie("vera").await;
    let request = Request::get("/api/v1/status").header("cookie", vera);
    let known = request.header("x-wk-min-index", "1").body(Body::empty()).unwrap();
    let known = send(&site.router, known).await;
    assert_eq!(known.status, StatusCode::OK);
    assert!(known.header("x-wk-index").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn of_two_hosts_none_is_taken() {
    let site = site().await;
    let request = Request::get("/-/healthy").header("host", "a").header("host", "b");
    let answer = send(&site.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["code"], "WK-2001");
}

#[test]
fn only_a_door_with_a_certificate_of_its_own_asks_for_tls_for_good() {
    let front = |hsts| {
        let (_, waiting) = watch::channel(String::new());
        Front::new(Settings { hsts, ..settings() }, waiting)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for (hsts, expected) in [(true, "max-age=15552000"), (false, "")] {
            let answer = get(&door(&front(hsts)), "/-/healthy").await;
            assert_eq!(answer.header("strict-transport-security"), expected);
        }
    });
}
