//! A provider that can be made to lie. What an honest one does is shown with a real one in
//! `tests/it`.

use super::signer::Signer;
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// What it says next; each test changes what it is about.
pub(super) struct Says {
    pub(super) signer: Signer,
    pub(super) published: Vec<Value>,
    /// Put over the claims of an honest token; null takes one away.
    pub(super) claims: Value,
    pub(super) userinfo: Value,
    /// Whether answers name the provider.
    pub(super) names_itself: bool,
    codes: BTreeMap<String, Asked>,
    /// How often keys were asked for.
    pub(super) n_keys_read: usize,
}

/// What a sign-in asked for.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) params: HashMap<String, String>,
}

#[derive(Clone)]
pub(super) struct Provider {
    pub(super) address: SocketAddr,
    pub(super) says: Arc<Mutex<Says>>,
}

impl Provider {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let signer = Signer::p256("one");
        let says = Says {
            published: vec![Signer::ed25519("other").jwk(), signer.jwk()],
            signer,
            claims: json!({}),
            userinfo: Value::Null,
            names_itself: true,
            codes: BTreeMap::new(),
            n_keys_read: 0,
        };
        let says = Arc::new(Mutex::new(says));
        let provider = Self { address: listener.local_addr().unwrap(), says };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub(super) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody signs in at its page: the query that the browser comes back with.
    pub(super) fn vouch(&self, location: &str, code: &str) -> HashMap<String, String> {
        let url = reqwest::Url::parse(location).unwrap();
        let params: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let back = [("code", code), ("state", &params["state"]), ("iss", &self.issuer())]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.says.lock().unwrap().codes.insert(code.to_owned(), Asked { params });
        back.into()
    }
}

async fn document(State(provider): State<Provider>) -> Json<Value> {
    let issuer = provider.issuer();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize?kept=1"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/end"),
        "authorization_response_iss_parameter_supported":
            provider.says.lock().unwrap().names_itself,
    }))
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let mut says = provider.says.lock().unwrap();
    says.n_keys_read += 1;
    Json(json!({ "keys": says.published }))
}

async fn userinfo(State(provider): State<Provider>, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer at");
    Json(provider.says.lock().unwrap().userinfo.clone())
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
    let basic = format!("Basic {}", STANDARD.encode("wk:client%20secret"));
    if headers.get("authorization").is_none_or(|value| value != basic.as_str()) {
        return refused("invalid_client");
    }
    let mut says = provider.says.lock().unwrap();
    // A code is good once.
    let Some(asked) = says.codes.remove(&form["code"]) else { return refused("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    let fits = asked.params["code_challenge"] == challenge
        && asked.params["code_challenge_method"] == "S256"
        && asked.params["redirect_uri"] == form["redirect_uri"]
        && form["grant_type"] == "authorization_code";
    if !fits {
        return refused("invalid_grant");
    }
    let at = crate::base::clock::now_unix_ms() / 1000;
    let mut claims: Map<String, Value> = [
        ("iss", json!(provider.issuer())),
        ("aud", json!(asked.params["client_id"])),
        ("sub", json!("248289761001")),
        ("nonce", json!(asked.params["nonce"])),
        ("exp", json!(at + 300)),
        ("iat", json!(at)),
        ("preferred_username", json!("alice")),
        ("name", json!("Alice Liddell")),
        ("groups", json!(["shop-developers", "chess"])),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    for (name, value) in says.claims.as_object().unwrap() {
        match value {
            Value::Null => claims.remove(name),
            value => claims.insert(name.clone(), value.clone()),
        };
    }
    let id_token = says.signer.sign(&Value::Object(claims));
    let answer = json!({"id_token": id_token, "access_token": "at", "token_type": "Bearer"});
    (StatusCode::OK, Json(answer))
}
