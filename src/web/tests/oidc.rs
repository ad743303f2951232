//! Signing in by an OpenID provider, one that lies included.

use super::{provider::Provider, signer::Signer, site::*, *};
use crate::model::Kind;
use serde_json::json;
use std::collections::HashMap;

const CALLBACK: &str = "/api/v1/session/oidc/callback";

struct Case {
    site: Site,
    provider: Provider,
}

/// A sign-in that has begun in one browser.
struct Begun {
    cookie: String,
    location: String,
}

async fn case() -> Case {
    let (site, provider) = (site().await, Provider::start().await);
    site.put(Kind::Project, "shop", json!({})).await;
    site.put(Kind::Project, "bank", json!({})).await;
    let case = Case { site, provider };
    case.declare(json!([
        {"group": "shop-developers", "role": "developer", "scope": ["project=\"shop\""]}
    ]))
    .await;
    case
}

impl Case {
    async fn declare(&self, grants: Value) {
        let settings = json!({
            "outgoing": {"allow": [self.provider.address.to_string()]},
            "sign_in": {"oidc": {"issuer": self.provider.issuer(), "client_id": "wk",
                                 "client_secret": "oidc", "grants": grants}},
        });
        self.site.put(Kind::Settings, "default", settings).await;
    }

    async fn begin(&self, next: &str) -> Begun {
        let path = format!("/api/v1/session/oidc?next={next}");
        let request = Request::get(path).header("host", "mon1:8420").body(Body::empty()).unwrap();
        let answer = send(&self.site.router, request).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        Begun { cookie, location: answer.header("location").to_owned() }
    }

    /// The browser comes back with `query`.
    async fn back(&self, router: &Router, cookie: &str, query: &HashMap<String, String>) -> Answer {
        let mut url = reqwest::Url::parse("http://mon1:8420").unwrap();
        url.query_pairs_mut().extend_pairs(query);
        let path = format!("{CALLBACK}?{}", url.query().unwrap_or_default());
        let request = Request::get(path).header("host", "mon1:8420").header("cookie", cookie);
        send(router, request.body(Body::empty()).unwrap()).await
    }

    /// All the way; the answer of the callback.
    async fn sign_in(&self) -> Answer {
        let begun = self.begin("/").await;
        let query = self.provider.vouch(&begun.location, "c1");
        self.back(&self.site.router, &begun.cookie, &query).await
    }

    fn says(&self, change: impl FnOnce(&mut super::provider::Says)) {
        change(&mut self.provider.says.lock().unwrap());
    }
}

/// The session cookie of an answer; none was set where it is `None`.
fn session(answer: &Answer) -> Option<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
    let set = all.map(text).find(|set| set.starts_with("wk_session="))?;
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    Some(set.split(';').next().unwrap().to_owned())
}

fn assert_refused(answer: &Answer, code: &str, why: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{why}");
    assert_eq!(answer.header("location"), format!("/?refused={code}"), "{why}");
    assert_eq!(session(answer), None, "{why}");
    assert!(answer.header("set-cookie").starts_with("wk_oidc=;"), "{why}");
}

#[tokio::test]
async fn somebody_of_a_mapped_group_is_signed_in_within_its_scope() {
    let case = case().await;
    let begun = case.begin("/targets%3Fq=a").await;
    for part in ["scope=openid+profile+email", "response_type=code", "kept=1", "S256"] {
        assert!(begun.location.contains(part), "{}", begun.location);
    }
    let query = case.provider.vouch(&begun.location, "c1");
    let answer = case.back(&case.site.router, &begun.cookie, &query).await;
    assert_eq!(answer.header("location"), "/targets?q=a");
    let cookie = session(&answer).unwrap();
    let me = case.site.call(&cookie, "GET", "/api/v1/session", Value::Null).await.json();
    assert_eq!(me["user"], "oidc/alice");
    assert_eq!(me["title"], "Alice Liddell");
    assert_eq!((&me["role"], &me["everywhere"]), (&json!("developer"), &Value::Null));
    assert_eq!(me["projects"], json!(["shop"]));
    assert_eq!(me["sign_out_url"], format!("{}/end", case.provider.issuer()));
    let projects = case.site.call(&cookie, "GET", "/api/v1/projects", Value::Null).await.json();
    assert_eq!(projects["total"], 1, "{projects}");
    let out = case.site.call(&cookie, "DELETE", "/api/v1/session", Value::Null).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    let after = case.site.call(&cookie, "GET", "/api/v1/session", Value::Null).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_is_in_no_mapped_group_is_refused() {
    let case = case().await;
    for groups in [json!(["chess"]), json!([]), json!("shop"), json!({"shop-developers": true})] {
        case.says(|says| says.claims = json!({"groups": groups.clone()}));
        assert_refused(&case.sign_in().await, "WK-2027", &groups.to_string());
    }
}

#[tokio::test]
async fn any_node_takes_the_answer() {
    let case = case().await;
    let other = closed();
    other.open(case.site.front.deps().unwrap().clone());
    let begun = case.begin("/").await;
    let query = case.provider.vouch(&begun.location, "c1");
    let answer = case.back(&door(&other), &begun.cookie, &query).await;
    assert!(session(&answer).is_some(), "{:?}", answer.headers);
}

#[tokio::test]
async fn an_answer_that_this_browser_did_not_ask_for_signs_nobody_in() {
    let case = case().await;
    let begun = case.begin("/").await;
    let query = case.provider.vouch(&begun.location, "c1");
    let with = |name: &str, value: &str| {
        let mut query = query.clone();
        query.insert(name.to_owned(), value.to_owned());
        query
    };
    let without = |name: &str| {
        let mut query = query.clone();
        query.remove(name);
        query
    };
    let attackers = case.begin("/").await;
    let issuer_of_another = with("iss", "https://evil.example");
    let router = &case.site.router;
    for (why, cookie, query) in [
        ("login CSRF: no cookie", "", query.clone()),
        ("a cookie of another sign-in", attackers.cookie.as_str(), query.clone()),
        ("a forged cookie", "wk_oidc=e30=", query.clone()),
        ("another state", &begun.cookie, with("state", "guessed")),
        ("no state", &begun.cookie, without("state")),
        ("mix-up: another issuer", &begun.cookie, issuer_of_another),
        ("no issuer where one is promised", &begun.cookie, without("iss")),
        ("no code", &begun.cookie, without("code")),
        ("refused by the provider", &begun.cookie, with("error", "access_denied")),
    ] {
        assert_refused(&case.back(router, cookie, &query).await, "WK-2029", why);
    }
    let double = format!("{CALLBACK}?code=a&code=b");
    let request = Request::get(double).header("cookie", &begun.cookie);
    let answer = send(router, request.body(Body::empty()).unwrap()).await;
    assert_refused(&answer, "WK-2029", "a parameter twice");
    // The same answer, whole, is good all the same, and good once.
    let answer = case.back(router, &begun.cookie, &query).await;
    assert!(session(&answer).is_some());
    let replayed = case.back(router, &begun.cookie, &query).await;
    assert_refused(&replayed, "WK-2028", "a code for the second time");
}

#[tokio::test]
async fn a_token_that_is_not_of_this_sign_in_is_refused() {
    let case = case().await;
    for claims in [
        json!({"nonce": "of another sign-in"}),
        json!({"nonce": null}),
        json!({"iss": "https://evil.example"}),
        json!({"aud": "somebody else"}),
        json!({"exp": 1_700_000_000}),
        json!({"nbf": 4_000_000_000_u64}),
        json!({"preferred_username": "admin/../x"}),
        json!({"preferred_username": 7}),
    ] {
        case.says(|says| says.claims = claims.clone());
        assert_refused(&case.sign_in().await, "WK-2028", &claims.to_string());
    }
    case.says(|says| {
        says.claims = json!({});
        // The same name of the key, another key.
        says.signer = Signer::p256("one");
    });
    assert_refused(&case.sign_in().await, "WK-2028", "a wrong signature");
}

#[tokio::test]
async fn keys_that_the_provider_changed_are_read_again_but_not_for_every_bad_token() {
    let case = case().await;
    assert!(session(&case.sign_in().await).is_some());
    case.says(|says| {
        says.signer = Signer::ed25519("two");
        says.published = vec![says.signer.jwk()];
    });
    assert!(session(&case.sign_in().await).is_some());
    case.says(|says| says.signer = Signer::ed25519("three"));
    for _ in 0..3 {
        assert_refused(&case.sign_in().await, "WK-2028", "a key that is not published");
    }
    assert_eq!(case.provider.says.lock().unwrap().n_keys_read, 2);
}

#[tokio::test]
async fn a_mapping_that_changes_counts_at_the_next_request() {
    let case = case().await;
    let cookie = session(&case.sign_in().await).unwrap();
    let me = || case.site.call(&cookie, "GET", "/api/v1/session", Value::Null);
    case.declare(json!([{"group": "shop-developers", "role": "viewer"}])).await;
    assert_eq!(me().await.json()["everywhere"], "viewer");
    case.declare(json!([{"group": "chess", "role": "viewer"}])).await;
    assert_eq!(me().await.status, StatusCode::UNAUTHORIZED);
    case.site.put(Kind::Settings, "default", json!({})).await;
    assert_eq!(me().await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn groups_that_only_userinfo_tells_count_for_the_same_person() {
    let case = case().await;
    case.says(|says| {
        says.claims = json!({"groups": null});
        says.userinfo = json!({"sub": "248289761001", "groups": ["shop-developers"]});
    });
    assert!(session(&case.sign_in().await).is_some());
    case.says(|says| says.userinfo = json!({"sub": "1", "groups": ["shop-developers"]}));
    assert_refused(&case.sign_in().await, "WK-2028", "of somebody else");
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let case = case().await;
    for next in ["//evil.example", "https:%2F%2Fevil.example", "/%5Cevil.example", "/%0d%0aX:y"] {
        let begun = case.begin(next).await;
        let query = case.provider.vouch(&begun.location, "c1");
        let answer = case.back(&case.site.router, &begun.cookie, &query).await;
        assert!(session(&answer).is_some());
        assert_eq!(answer.header("location"), "/", "{next}");
    }
}

#[tokio::test]
async fn without_the_provider_accounts_of_the_site_sign_in_all_the_same() {
    let case = case().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let issuer = format!("http://{address}");
    let settings = |allow: &[String]| {
        json!({
            "outgoing": {"allow": allow},
            "sign_in": {"oidc": {"issuer": issuer, "client_id": "wk", "grants": []}},
        })
    };
    for allow in [&[address.to_string()][..], &[]] {
        case.site.put(Kind::Settings, "default", settings(allow)).await;
        let answer = get(&case.site.router, "/api/v1/session/oidc").await;
        assert_refused(&answer, "WK-2028", "nobody listens, or the address is not listed");
    }
    case.site.put(Kind::Settings, "default", json!({})).await;
    let answer = get(&case.site.router, "/api/v1/session/oidc").await;
    assert_refused(&answer, "WK-2028", "none is declared");
    let answer = case.site.sign_in("vera", PASSWORD, "10.0.0.1").await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn somebody_from_outside_keeps_own_things_apart_from_an_account_of_that_name() {
    let case = case().await;
    let cookie = session(&case.sign_in().await).unwrap();
    let path = "/api/v1/session/language";
    let put = case.site.call(&cookie, "PUT", path, json!({"language": "zh"})).await;
    assert!(put.status.is_success(), "{}", String::from_utf8_lossy(&put.body));
    let me = case.site.call(&cookie, "GET", "/api/v1/session", Value::Null).await.json();
    assert_eq!(me["language"], "zh");
    let other = json!({"password": "a new long password", "current": "x"});
    let set = case.site.call(&cookie, "POST", "/api/v1/users/alice/password", other).await;
    assert_eq!(set.status, StatusCode::FORBIDDEN);
}
