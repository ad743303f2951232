//! All routes, each with its policy. A route can only be added through [`Doors::open`], whose
//! first argument is the policy: one without does not compile.

use super::{Front, api, assets, context, error::Problem, guard, help, policy::Policy};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode, Uri},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// Bodies are at most this large unless a route says otherwise.
pub(crate) const BODY_LIMIT_BYTES: usize = 1024 * 1024;

/// One declared route, as tests and the documentation see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// `GET`, `PUT`, …
    pub method: String,
    /// With `{parameters}`.
    pub path: String,
    /// Who may use it.
    pub policy: Policy,
}

/// Collects routes with their policies.
pub(crate) struct Doors {
    front: Front,
    router: OpenApiRouter<Front>,
    declared: Vec<Declared>,
}

impl Doors {
    /// Adds routes that share a policy.
    pub(crate) fn open(self, policy: Policy, routes: UtoipaMethodRouter<Front>) -> Self {
        self.open_large(policy, BODY_LIMIT_BYTES, routes)
    }

    /// As [`Doors::open`], with another limit for bodies.
    pub(crate) fn open_large(
        mut self,
        policy: Policy,
        limit_bytes: usize,
        (schemas, paths, methods): UtoipaMethodRouter<Front>,
    ) -> Self {
        for (path, item) in &paths.paths {
            for method in api::document::methods_of(item) {
                self.declared.push(Declared { method, path: path.clone(), policy });
            }
        }
        let guarded = methods
            .layer(DefaultBodyLimit::max(limit_bytes))
            .layer(from_fn_with_state((self.front.clone(), policy), guard::guard));
        self.router = self.router.routes((schemas, paths, guarded));
        self
    }
}

/// The whole door: service, OpenAPI document and the list of declared routes.
pub struct Built {
    /// Serves everything.
    pub router: Router,
    /// The OpenAPI document.
    pub openapi: serde_json::Value,
    /// Every route with its policy.
    pub declared: Vec<Declared>,
}

/// Builds the door.
#[must_use]
pub fn build(front: &Front) -> Built {
    let doors = Doors {
        front: front.clone(),
        router: OpenApiRouter::with_openapi(api::document::frame()),
        declared: Vec::new(),
    };
    let doors = help::routes(assets::routes(api::routes(doors)));
    let (router, openapi) = doors.router.split_for_parts();
    let openapi = api::document::complete(&openapi, &doors.declared);
    let text = serde_json::to_vec(&openapi).unwrap_or_default();
    let _ = front.inner.openapi.set(text.into());
    let router = router
        .fallback(fallback)
        .method_not_allowed_fallback(wrong_method)
        .with_state(front.clone())
        .layer(from_fn_with_state(front.clone(), context::context));
    let router = match front.settings().base_path.trim_matches('/') {
        "" => router,
        prefix => Router::new().nest(&format!("/{prefix}"), router),
    };
    Built { router, openapi, declared: doors.declared }
}

/// Paths that are the server's own: what is not found below them is 404, never the portal.
const OWN: [&str; 9] = [
    "/api",
    "/v1",
    "/-",
    "/metrics",
    "/prometheus",
    "/alertmanager",
    "/thanos",
    "/help",
    "/assets",
];

async fn fallback(
    axum::extract::State(front): axum::extract::State<Front>,
    method: Method,
    uri: Uri,
    request: axum::extract::Request,
) -> Response {
    let path = uri.path();
    let own = OWN.iter().any(|prefix| {
        path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if !own && super::auth::is_safe(&method) {
        return assets::page_or_file(&front, request).await;
    }
    no_such_path(path).into_response()
}

/// 404 for a path.
pub(crate) fn no_such_path(path: &str) -> Problem {
    let shown: String = path.chars().take(200).collect();
    Problem::new(StatusCode::NOT_FOUND, "WK-2005", format!("nothing is served under {shown}"))
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("{method} is not possible on {}", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "WK-2007", detail)
}
