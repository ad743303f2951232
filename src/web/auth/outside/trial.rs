//! Whether a provider of settings could be used, step by step, before anybody signs in by it: for
//! the admin who declares it. A secret is sent only where the declared settings send it anyway, so
//! that what was never declared, and is in no history, is given none.

use super::{Provider, ldap, oidc};
use crate::{model::spec::SignInSettings, web::deps::Deps};
use serde::Serialize;

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tried {
    /// What an OpenID provider says of itself.
    Document,
    /// The keys that it signs with.
    Keys,
    /// Whether the secret has a value.
    Secret,
    /// A connection to the directory, with TLS.
    Connect,
    /// Signing in there as `bind_dn`.
    Bind,
    /// Somebody below `base`.
    Search,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Went {
    /// As it should.
    Good,
    /// It would keep people from signing in.
    Bad,
    /// Not tried before these settings are the declared ones.
    Later,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SignInStep)]
pub(crate) struct Step {
    /// `oidc` or `ldap`.
    #[schema(value_type = String)]
    provider: Provider,
    /// What was tried.
    step: Tried,
    /// How it went.
    went: Went,
    /// Why it is bad, in words; holds no secret.
    why: String,
}

impl Step {
    pub(super) const fn good(provider: Provider, step: Tried) -> Self {
        Self { provider, step, went: Went::Good, why: String::new() }
    }

    pub(super) fn bad(provider: Provider, step: Tried, why: &impl ToString) -> Self {
        Self { provider, step, went: Went::Bad, why: why.to_string() }
    }

    pub(super) const fn later(provider: Provider, step: Tried) -> Self {
        Self { provider, step, went: Went::Later, why: String::new() }
    }
}

/// Tries every provider that `settings` name.
pub(crate) async fn attempt(deps: &Deps, settings: &SignInSettings) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(settings) = &settings.oidc {
        steps.extend(oidc::trial::attempt(deps, settings).await);
    }
    if let Some(settings) = &settings.ldap {
        steps.extend(ldap::trial::attempt(deps, settings).await);
    }
    steps
}
