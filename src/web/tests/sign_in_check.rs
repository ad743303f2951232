//! Trying a provider before anybody signs in by it.

use super::{provider::Provider, signer::Signer, site::*, *};
use crate::model::Kind;
use serde_json::json;

const PATH: &str = "/api/v1/sign-in/check";

struct Case {
    site: Site,
    provider: Provider,
    admin: String,
}

async fn case() -> Case {
    let (site, provider) = (site().await, Provider::start().await);
    let allow = json!({"outgoing": {"allow": [provider.address.to_string()]}});
    site.put(Kind::Settings, "default", allow).await;
    let admin = site.cookie("admin").await;
    Case { site, provider, admin }
}

impl Case {
    async fn check(&self, settings: Value) -> Answer {
        self.site.call(&self.admin, "POST", PATH, settings).await
    }

    /// Each step with how it went, and all reasons in one.
    async fn steps(&self, settings: Value) -> (Vec<String>, String) {
        let answer = self.check(settings).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
        let steps = answer.json()["steps"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let line = |it: &Value| [&it["provider"], &it["step"], &it["went"]].map(text).join(" ");
        let why: Vec<String> = steps.iter().map(|it| text(&it["why"])).collect();
        (steps.iter().map(line).collect(), why.concat())
    }

    fn oidc(&self, more: Value) -> Value {
        let mut oidc = json!({"issuer": self.provider.issuer(), "client_id": "wk"});
        oidc.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "oidc": oidc })
    }
}

#[tokio::test]
async fn a_provider_is_tried_before_it_is_declared_and_nothing_is_written() {
    let case = case().await;
    let before = case.site.front.deps().unwrap().whole().index;
    let (steps, why) = case.steps(case.oidc(json!({"client_secret": "oidc"}))).await;
    assert_eq!(steps, ["oidc document good", "oidc keys good", "oidc secret good"], "{why}");
    assert_eq!(case.site.front.deps().unwrap().whole().index, before);
    let (nothing, _) = case.steps(json!({})).await;
    assert!(nothing.is_empty());
}

#[tokio::test]
async fn what_would_keep_people_out_is_said() {
    let case = case().await;
    let other = format!("{}/", case.provider.issuer());
    let (steps, why) = case.steps(case.oidc(json!({ "issuer": other }))).await;
    assert_eq!(steps, ["oidc document bad"]);
    assert!(why.contains("it says that it is"), "{why}");
    let (steps, why) = case.steps(case.oidc(json!({"client_secret": "unset"}))).await;
    assert_eq!(steps.last().unwrap(), "oidc secret bad", "{why}");
    assert!(!why.contains("client secret"), "{why}");
    let (steps, _) = case.steps(case.oidc(json!({"ca": "no certificate"}))).await;
    assert_ne!(steps.first().unwrap(), "oidc keys good");
}

#[tokio::test]
async fn nothing_inside_is_asked_unless_it_is_listed() {
    let case = case().await;
    case.site.put(Kind::Settings, "default", json!({})).await;
    let (steps, why) = case.steps(case.oidc(json!({}))).await;
    assert_eq!(steps, ["oidc document bad"]);
    assert!(why.contains("outgoing.allow"), "{why}");
    assert_eq!(case.provider.says.lock().unwrap().n_keys_read, 0);
    for url in ["ldaps://127.0.0.1:1", "ldap://[::1]:1", "ldapi://%2Fvar", "http://127.0.0.1:1"] {
        let (steps, why) = case.steps(json!({"ldap": {"url": url, "base": "dc=example"}})).await;
        assert_eq!(steps, ["ldap connect bad"], "{url}: {why}");
        assert!(!why.contains("does not answer"), "{url}: {why}");
    }
}

#[tokio::test]
async fn a_draft_never_takes_the_place_of_what_sign_ins_use() {
    let case = case().await;
    let declared = json!({
        "outgoing": {"allow": [case.provider.address.to_string()]},
        "sign_in": {"oidc": {"issuer": case.provider.issuer(), "client_id": "wk"}},
    });
    case.site.put(Kind::Settings, "default", declared).await;
    let (steps, why) = case.steps(case.oidc(json!({"client_id": "draft"}))).await;
    assert_eq!(steps.len(), 2, "{why}");
    case.provider.says.lock().unwrap().published = vec![Signer::p256("two").jwk()];
    let (steps, why) = case.steps(case.oidc(json!({}))).await;
    assert_eq!(steps, ["oidc document good", "oidc keys good"], "{why}");
    assert_eq!(case.provider.says.lock().unwrap().n_keys_read, 2);
}

#[tokio::test]
async fn only_an_admin_tries_and_only_what_settings_can_hold() {
    let case = case().await;
    for user in ["vera", "olga"] {
        let cookie = case.site.cookie(user).await;
        let answer = case.site.call(&cookie, "POST", PATH, json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{user}");
    }
    let answer = case.check(json!({"saml": {}})).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
