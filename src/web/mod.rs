//! The door: HTTP API, portal, reverse proxy for queries.
//!
//! ```text
//! listener ─► context (request id, index, problems, log) ─► router ─► guard (who, may they,
//!                                                     same origin) ─► handler ─► Deps
//! ```
//!
//! Invariants: no route without a declared [`policy::Policy`]; no error leaves without a code and
//! a request id; nothing is served from a path somebody else chose (assets are embedded, the
//! proxy has an allow-list). It answers from the first moment of a node on: before the cluster
//! is formed everything that needs the store says 503 and what is waited for.
//!
//! `app` builds a [`Front`], serves [`router::build`] with [`listener`], and calls
//! [`Front::open`] once the store is there.

pub mod api;
pub mod assets;
pub mod audit;
pub mod auth;
pub mod codes;
mod context;
pub mod deps;
pub mod error;
mod extract;
mod fresh;
mod guard;
mod help;
mod language;
pub mod listener;
pub mod policy;
pub mod proxies;
mod random;
pub mod router;
pub(crate) mod routes;
mod sight;
pub mod socket;
#[cfg(test)]
pub(crate) mod tests;

use deps::Deps;
use error::Problem;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;

/// What the door knows before the cluster is formed.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Version of this binary.
    pub version: String,
    /// The public port speaks TLS.
    pub tls: bool,
    /// Path prefix with a slash at both ends; `/` for none.
    pub base_path: String,
    /// Our own user id: it and root are admins over the socket.
    pub own_uid: u32,
    /// Browsers are told to come over TLS alone from now on. Only with a certificate that they
    /// trust by themselves: with one of the cluster's own CA nobody could click past the warning
    /// any more, and a new CA would lock everybody out.
    pub hsts: bool,
    /// Whose word counts on who a request is from.
    pub proxies: proxies::Proxies,
}

impl Settings {
    /// Name of the session cookie: the stricter one where browsers accept it.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.is_strict() { "__Host-wk" } else { "wk_session" }
    }

    /// Name of the cookie that lives while somebody is at the OpenID provider's page.
    #[must_use]
    pub fn oidc_cookie_name(&self) -> &'static str {
        if self.is_strict() { "__Host-wk-oidc" } else { "wk_oidc" }
    }

    /// Name of the cookie by which a browser is known that somebody signed in with before.
    #[must_use]
    pub fn device_cookie_name(&self) -> &'static str {
        if self.is_strict() { auth::device::STRICT_COOKIE } else { auth::device::COOKIE }
    }

    fn is_strict(&self) -> bool {
        self.tls && self.base_path == "/"
    }
}

/// The door's shared state. Cheap to clone.
#[derive(Clone)]
pub struct Front {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    formation: watch::Receiver<String>,
    deps: OnceLock<Deps>,
    closed: OnceLock<String>,
    targets: api::targets::Cache,
    rules: api::observed_rules::Cache,
    alerts: api::alerts::Cache,
    refusals: audit::refusals::Refusals,
    overview: api::overview::Cache,
    oidc: auth::outside::oidc::Cache,
}

impl Front {
    /// A door that knows nothing yet but what formation waits for.
    #[must_use]
    pub fn new(settings: Settings, formation: watch::Receiver<String>) -> Self {
        let inner = Inner {
            settings,
            formation,
            deps: OnceLock::new(),
            closed: OnceLock::new(),
            targets: api::targets::Cache::default(),
            rules: api::observed_rules::Cache::default(),
            alerts: api::alerts::Cache::default(),
            refusals: audit::refusals::Refusals::default(),
            overview: api::overview::Cache::default(),
            oidc: auth::outside::oidc::Cache::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The cluster is formed and the store open. A second call changes nothing.
    pub fn open(&self, deps: Deps) {
        let _ = self.inner.deps.set(deps);
    }

    /// From now on nothing of the cluster is shown, only why: this node is no member any more.
    pub fn close(&self, reason: &str) {
        let _ = self.inner.closed.set(reason.to_owned());
    }

    /// Settings of the door.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Refusals that are on their way into the audit.
    #[must_use]
    pub fn refusals(&self) -> &audit::refusals::Refusals {
        &self.inner.refusals
    }

    /// What formation is doing, for people.
    #[must_use]
    pub fn formation(&self) -> String {
        self.inner.formation.borrow().clone()
    }

    /// Everything else.
    ///
    /// # Errors
    /// 503 before [`Front::open`] and after [`Front::close`].
    pub fn deps(&self) -> Result<&Deps, Problem> {
        let unavailable = axum::http::StatusCode::SERVICE_UNAVAILABLE;
        if let Some(reason) = self.inner.closed.get() {
            return Err(Problem::new(unavailable, "WK-2035", reason.clone()));
        }
        self.inner.deps.get().ok_or_else(|| {
            let detail = format!("the cluster is not formed yet: {}", self.formation());
            Problem::new(unavailable, "WK-2031", detail).retry(1)
        })
    }
}
