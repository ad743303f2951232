//! `PUT /api/v1/session/language` and `/home`: what an account prefers, on every browser it signs in
//! with.

use crate::web::routes::routes;
use crate::{
    model::language::Language,
    web::{
        auth::{Identity, own::Owner},
        deps::Deps,
        error::Problem,
        extract::{Json, Opened},
        policy::Policy,
        router::Doors,
    },
};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

const PLACE: &str = "preferences";

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::SignedIn, routes!(set_language)).open(Policy::SignedIn, routes!(set_home))
}

/// What the first page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Home {
    /// Departments and projects.
    Manager,
    /// One's own projects and rules.
    Developer,
    /// Targets and the cluster.
    Operations,
}

/// As it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Preferences {
    pub(super) language: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) home: Option<Home>,
}

impl Preferences {
    /// Of somebody; nothing chosen where it cannot be read now.
    pub(super) fn of(deps: &Deps, identity: &Identity) -> Self {
        let owner = Owner::of(&deps.whole(), identity);
        let kept = owner.and_then(|owner| owner.read::<Self>(deps, PLACE).ok()?);
        kept.map(|kept| kept.value).unwrap_or_default()
    }

    /// Changes them. Of two changes at the same moment the later may undo the other one: people
    /// choose one thing at a time.
    async fn change(
        deps: &Deps,
        identity: &Identity,
        why: &str,
        change: impl FnOnce(&mut Self),
    ) -> Result<StatusCode, Problem> {
        let owner = Owner::must(&deps.whole(), identity)?;
        let kept = owner.read::<Self>(deps, PLACE)?;
        let mut preferences = kept.map(|kept| kept.value).unwrap_or_default();
        change(&mut preferences);
        let put = owner.put(PLACE, preferences, None);
        deps.write(&identity.actor, why, Vec::new(), vec![put]).await?;
        Ok(StatusCode::NO_CONTENT)
    }
}

/// The language to use.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LanguageChoice {
    /// `en` or `zh`; null = what the browser asks for.
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
}

/// Choose one's own language of the portal.
#[utoipa::path(put, path = "/api/v1/session/language", tag = "session",
    request_body = LanguageChoice, responses((status = 204, description = "Chosen")))]
async fn set_language(
    Opened(deps): Opened,
    identity: Identity,
    Json(LanguageChoice { language }): Json<LanguageChoice>,
) -> Result<StatusCode, Problem> {
    let change = |it: &mut Preferences| it.language = language;
    Preferences::change(&deps, &identity, "language chosen", change).await
}

/// The first page to show.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HomeChoice {
    /// `manager`, `developer` or `operations`; null = by role.
    #[schema(value_type = Option<String>)]
    home: Option<Home>,
}

/// Choose one's own first page of the portal.
#[utoipa::path(put, path = "/api/v1/session/home", tag = "session",
    request_body = HomeChoice, responses((status = 204, description = "Chosen")))]
async fn set_home(
    Opened(deps): Opened,
    identity: Identity,
    Json(HomeChoice { home }): Json<HomeChoice>,
) -> Result<StatusCode, Problem> {
    let change = |it: &mut Preferences| it.home = home;
    Preferences::change(&deps, &identity, "first page chosen", change).await
}
