//! All routes, each with its policy. A route can only be added through [`Doors::open`], whose
//! first argument is the policy: one without does not compile.

use super::{
    Front, api, assets, context, error::Problem, guard, help, policy::Policy, routes::Routes,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode, Uri},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
};

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
    router: Router<Front>,
    declared: Vec<Declared>,
    #[cfg(test)]
    described: utoipa::openapi::OpenApi,
}

impl Doors {
    /// Adds routes that share a policy.
    pub(crate) fn open(self, policy: Policy, routes: Routes) -> Self {
        self.open_large(policy, BODY_LIMIT_BYTES, routes)
    }

    /// As [`Doors::open`], with another limit for bodies.
    pub(crate) fn open_large(mut self, policy: Policy, limit_bytes: usize, routes: Routes) -> Self {
        #[cfg(test)]
        routes.described.into_document(&mut self.described);
        let guarded = routes
            .methods
            .layer(DefaultBodyLimit::max(limit_bytes))
            .layer(from_fn_with_state((self.front.clone(), policy), guard::guard));
        for (path, methods) in routes.paths {
            self.router = self.router.route(&path, guarded.clone());
            let declared = |method| Declared { method, path: path.clone(), policy };
            self.declared.extend(methods.into_iter().map(declared));
        }
        self
    }
}

/// The whole door: service and the list of declared routes.
pub struct Built {
    /// Serves everything.
    pub router: Router,
    /// Every route with its policy.
    pub declared: Vec<Declared>,
    /// The OpenAPI document as the code says it; what is served is the committed one.
    #[cfg(test)]
    pub(crate) openapi: serde_json::Value,
}

/// Builds the door.
#[must_use]
pub fn build(front: &Front) -> Built {
    let doors = Doors {
        front: front.clone(),
        router: Router::new(),
        declared: Vec::new(),
        #[cfg(test)]
        described: api::described::frame(),
    };
    let doors = help::routes(assets::routes(api::routes(doors)));
    let router = doors
        .router
        .fallback(fallback)
        .method_not_allowed_fallback(wrong_method)
        .with_state(front.clone())
        .layer(from_fn_with_state(front.clone(), context::context));
    let router = match front.settings().base_path.trim_matches('/') {
        "" => router,
        prefix => Router::new().nest(&format!("/{prefix}"), router),
    };
    Built {
        router,
        #[cfg(test)]
        openapi: api::described::complete(&doors.described, &doors.declared),
        declared: doors.declared,
    }
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
    // None of the portal's own addresses looks like a way around something.
    let odd = !path.starts_with('/') || path.contains("//") || path.contains([';', '\\']);
    if !own && !odd && matches!(method, Method::GET | Method::HEAD) {
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
