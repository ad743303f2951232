//! What a sign-in asks an OpenID provider first. Client and secret show at the first sign-in only.

use super::{Guard, Http, Known, OidcError};
use crate::{
    model::spec::OidcSettings,
    web::{
        auth::outside::{
            Provider::Oidc,
            trial::{Step, Tried},
        },
        deps::Deps,
    },
};

/// Stops at the first step after which no other means anything.
pub(in crate::web::auth::outside) async fn attempt(
    deps: &Deps,
    settings: &OidcSettings,
) -> Vec<Step> {
    let (http, known) = match document(deps, settings).await {
        Ok(read) => read,
        Err(error) => return vec![Step::bad(Oidc, Tried::Document, &error)],
    };
    let keys = match known.keys(&http, false).await {
        Ok(_) => Step::good(Oidc, Tried::Keys),
        Err(error) => Step::bad(Oidc, Tried::Keys, &error),
    };
    let mut steps = vec![Step::good(Oidc, Tried::Document), keys];
    if let Some(name) = &settings.client_secret {
        steps.push(match (deps.secret_value)(name) {
            Ok(_) => Step::good(Oidc, Tried::Secret),
            Err(why) => Step::bad(Oidc, Tried::Secret, &why),
        });
    }
    steps
}

/// Its own, not the one that sign-ins share: a draft must not take its place.
async fn document(deps: &Deps, settings: &OidcSettings) -> Result<(Http, Known), OidcError> {
    let guard = Guard::of(&deps.whole());
    let http = Http::new(settings.ca.as_deref(), guard, deps.lookup.clone())?;
    let known = Known::read(settings, &http).await?;
    http.url("authorization_endpoint", &known.document.authorization)?;
    http.url("token_endpoint", &known.document.token)?;
    Ok((http, known))
}
