//! `GET /api/v1/session/oidc` and its callback: to the OpenID provider's page and back. Both
//! answer browsers, always with a redirect; what went wrong is told by the sign-in page.

use super::{
    session::{set_cookie, set_named_cookie},
    sign_in::signed_in,
};
use crate::model::audit::{Note, Verb};
use crate::web::routes::routes;
use crate::web::{
    Front,
    audit::Origin,
    auth::{
        self,
        outside::oidc::{self, Oidc, OidcError, Pending},
    },
    deps::Deps,
    error::Problem,
    extract::{Opened, Query},
    policy::Policy,
    proxies::Scheme,
    router::Doors,
};
use axum::{
    extract::{Extension, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use std::sync::Arc;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Open, routes!(begin_oidc)).open(Policy::Open, routes!(finish_oidc))
}

/// Where to go on.
#[derive(Deserialize)]
pub(crate) struct Begin {
    #[serde(default)]
    next: Option<String>,
}

/// Sign in at the declared OpenID provider.
#[utoipa::path(get, path = "/api/v1/session/oidc", tag = "session",
    params(("next" = Option<String>, Query, description = "Path of the portal to go on with")),
    responses((status = 303, description = "To the provider, or to the sign-in page with `refused=WK-…`")))]
async fn begin_oidc(
    State(front): State<Front>,
    Opened(deps): Opened,
    Query(asked): Query<Begin>,
    scheme: Option<Extension<Scheme>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let scheme = scheme.map(|Extension(scheme)| scheme);
    let base = front.settings().base_path.as_str();
    let next = asked.next.filter(|next| oidc::is_local(next)).unwrap_or_else(|| base.to_owned());
    let begun = async {
        let oidc = Oidc::new(&deps, &front.inner.oidc).await?;
        let redirect = callback(&front, &deps, scheme, &uri, &headers)?;
        let pending = Pending::new(oidc.issuer(), redirect, next);
        Ok((oidc.begin(&pending)?, pending))
    };
    let (to, pending) = match begun.await {
        Ok(begun) => begun,
        Err(error) => return Ok(refused(&front, &error)),
    };
    let sealed = pending.seal(&deps.key()?).map_err(Problem::internal)?;
    let name = front.settings().oidc_cookie_name();
    let cookie = set_named_cookie(&front, name, &sealed, oidc::LIFETIME_MS / 1000);
    Ok((cookie, see_other(&to)?).into_response())
}

/// Back from the provider: opens the session.
#[utoipa::path(get, path = "/api/v1/session/oidc/callback", tag = "session",
    params(("code" = Option<String>, Query, description = "Of the provider"),
           ("state" = Option<String>, Query, description = "Of the sign-in that was begun"),
           ("iss" = Option<String>, Query, description = "The provider"),
           ("error" = Option<String>, Query, description = "Why the provider refused")),
    responses((status = 303, description = "To the page that was asked for, with the session cookie, or to the sign-in page with `refused=WK-…`")))]
async fn finish_oidc(
    State(front): State<Front>,
    Opened(deps): Opened,
    Extension(origin): Extension<Arc<Origin>>,
    answer: Result<Query<oidc::Answer>, Problem>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let key = deps.key()?;
    let sealed = auth::cookie(&headers, front.settings().oidc_cookie_name());
    let pending = sealed.and_then(|sealed| Pending::open(&key, sealed));
    let finished = async {
        let unfinished = |why: &str| OidcError::Unfinished(why.to_owned());
        let pending = pending.ok_or_else(|| unfinished("this browser began none"))?;
        let Query(answer) = answer.map_err(|problem| unfinished(&problem.detail))?;
        let oidc = Oidc::new(&deps, &front.inner.oidc).await?;
        let person = oidc.finish(&pending, &answer).await?;
        Ok((person, pending.next))
    };
    let (person, next) = match finished.await {
        Ok(finished) => finished,
        Err(error) => {
            // Anybody can come back without having begun.
            if !matches!(error, OidcError::Unfinished(_)) {
                let note = origin.note("", Verb::SignIn);
                front.refusals().add(note, code(&error), "GET /api/v1/session/oidc/callback");
            }
            return Ok(refused(&front, &error));
        }
    };
    let (actor, proof) = (person.actor(), person.proof());
    let (id, open) = auth::session::open_outside(Arc::new(person), &origin);
    let note = Note { why: proof.clone(), ..signed_in(&origin, &actor, &id) };
    deps.write(&actor, "signed in", Vec::new(), vec![open, (&note).into()]).await?;
    tracing::info!(actor, proof, "signed in by the OpenID provider");
    let lifetime_ms = auth::session::lifetime_ms(&deps.whole(), true);
    let session = set_cookie(&front, &id, lifetime_ms / 1000);
    let mut answer = (forget(&front), see_other(&next)?).into_response();
    for value in session.get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, value.clone());
    }
    Ok(answer)
}

/// What was begun is over, whatever came of it.
fn forget(front: &Front) -> HeaderMap {
    set_named_cookie(front, front.settings().oidc_cookie_name(), "", 0)
}

/// Where the provider is to send the browser back to: this portal as the browser names it.
fn callback(
    front: &Front,
    deps: &Deps,
    scheme: Option<Scheme>,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<String, OidcError> {
    const PATH: &str = "api/v1/session/oidc/callback";
    let settings = auth::outside::settings(&deps.whole());
    if let Some(url) = settings.oidc.and_then(|oidc| oidc.public_url) {
        return Ok(format!("{}/{PATH}", url.trim_end_matches('/')));
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let host = host.or_else(|| uri.authority().map(|authority| authority.as_str()));
    let host = host.filter(|host| host.parse::<axum::http::uri::Authority>().is_ok());
    let host = host.ok_or_else(|| OidcError::Unfinished("the request names no host".into()))?;
    let own = if front.settings().tls { Scheme::Https } else { Scheme::Http };
    let scheme = scheme.unwrap_or(own).as_str();
    Ok(format!("{scheme}://{host}{}{PATH}", front.settings().base_path))
}

const fn code(error: &OidcError) -> &'static str {
    match error {
        OidcError::Unmapped { .. } => "WK-2027",
        OidcError::Unfinished(_) => "WK-2029",
        _ => "WK-2028",
    }
}

/// The sign-in page, which tells what happened; details are for the log.
fn refused(front: &Front, error: &OidcError) -> Response {
    let code = code(error);
    // Anybody can come back without having begun: that must not fill the log.
    if matches!(error, OidcError::Unfinished(_)) {
        tracing::debug!(code, %error, "sign-in by the OpenID provider not finished");
    } else {
        tracing::warn!(code, %error, "sign-in by the OpenID provider refused");
    }
    let page = format!("{}?refused={code}", front.settings().base_path);
    match see_other(&page) {
        Ok(page) => (forget(front), page).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn see_other(to: &str) -> Result<Response, Problem> {
    let to = HeaderValue::from_str(to).map_err(|error| Problem::internal(error.to_string()))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}
