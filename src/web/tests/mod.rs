//! The door driven through its router, as a client sees it.

mod access;
mod audit;
mod before_formation;
mod bulk;
mod codes;
mod contract;
mod notifications;
mod oidc;
mod overview;
mod own;
mod provider;
mod proxied;
mod reads;
mod roles;
mod routing;
mod rule_states;
mod rules;
mod scope;
mod sessions;
mod sign_in_check;
pub(crate) mod signer;
pub(crate) mod site;
mod streams;
mod timing;
mod told;
mod totp;
mod traces;
mod writes;

use super::{Front, Settings, router};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt as _;

fn settings() -> Settings {
    Settings {
        version: "0.0.0-test".into(),
        tls: false,
        base_path: "/".into(),
        own_uid: rustix::process::getuid().as_raw(),
        hsts: false,
        proxies: super::proxies::Proxies::parse(&["10.77.0.0/16"]).unwrap(),
    }
}

/// A door before formation.
fn closed() -> Front {
    let (_, waiting) = watch::channel("waiting for 10.0.0.3: connection refused, 14 s".to_owned());
    Front::new(settings(), waiting)
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let answer = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, 1 << 24).await.unwrap().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn get(router: &Router, path: &str) -> Answer {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}

pub(crate) fn door(front: &Front) -> Router {
    router::build(front).router
}
