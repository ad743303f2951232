//! `/api/v1/join-tokens`: tokens that let machines join the cluster as nodes. The secret is shown
//! once, only its hash is kept.

use crate::web::routes::routes;
use crate::{
    membership::rows,
    model::{
        UnixMs,
        audit::Verb,
        standing::{JoinToken, NODE_ROLE, token_text},
    },
    web::{
        auth::Identity,
        deps::now,
        error::{Problem, ProblemItem},
        extract::{Json, Opened, Path},
        policy::Policy,
        random,
        router::Doors,
    },
};
use crate::{model::spec::RoleName, store::WriteError};
use axum::http::StatusCode;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const DAY_S: u64 = 24 * 3600;
const MOST_S: u64 = 30 * DAY_S;
const MOST_USES: u32 = 1000;
/// Tokens are forgotten this long after their end: till then `token list` tells what became of
/// them.
const KEPT_MS: u64 = 30 * DAY_S * 1000;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Role(RoleName::Admin), routes!(make, list))
        .open(Policy::Role(RoleName::Admin), routes!(revoke))
}

/// What a new join token is to be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewJoinToken {
    /// What its holder becomes: `node`.
    role: String,
    /// Seconds until it ends: a minute to 30 days.
    #[serde(default = "a_day")]
    expires_in_s: u64,
    /// How many machines it lets in: 1 to 1000.
    #[serde(default = "once")]
    uses: u32,
}

const fn a_day() -> u64 {
    DAY_S
}

const fn once() -> u32 {
    1
}

/// A join token that was made. It is not shown again.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct MadeJoinToken {
    /// For `token revoke`.
    id: String,
    /// The token itself, for `up --token-file`.
    token: String,
    /// RFC 3339.
    expires: String,
    /// How many machines it lets in.
    uses: u32,
}

/// One join token without its secret.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct JoinTokenLine {
    /// `formation` for what is kept of the formation token.
    id: String,
    /// What its holder becomes.
    role: String,
    /// Who made it.
    by: String,
    /// RFC 3339.
    created: String,
    /// RFC 3339.
    expires: String,
    /// Machines it still lets in; none = any number.
    uses_left: Option<u32>,
    /// Only for these addresses; empty = any.
    addresses: Vec<String>,
    /// `valid`, `used` or `expired`.
    state: String,
}

/// All join tokens.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct JoinTokens {
    /// By id.
    items: Vec<JoinTokenLine>,
}

/// Make a token that lets machines join as nodes; the answer is the only time it is shown.
#[utoipa::path(post, path = "/api/v1/join-tokens", tag = "cluster", request_body = NewJoinToken,
    responses((status = 201, description = "Made", body = MadeJoinToken)))]
async fn make(
    Opened(deps): Opened,
    identity: Identity,
    Json(new): Json<NewJoinToken>,
) -> Result<(StatusCode, axum::Json<MadeJoinToken>), Problem> {
    check(&new)?;
    let id = BASE32_NOPAD.encode(&random::bytes::<5>()).to_lowercase();
    let secret = random::text::<24>();
    let (created, expires) = (now(), UnixMs(now().0 + new.expires_in_s * 1000));
    let token = JoinToken {
        role: new.role,
        hash: HEXLOWER.encode(&Sha256::digest(secret.as_bytes())),
        addresses: Vec::new(),
        created,
        by: identity.actor.clone(),
        expires,
        uses_left: Some(new.uses),
    };
    let put = rows::put_token(&id, &token).map_err(|e| Problem::internal(e.to_string()))?;
    let past = rows::tokens(&deps.store)?.into_iter();
    let past = past.filter(|(_, token)| created.since(token.expires) > KEPT_MS);
    let note = identity.note(Verb::JoinTokenMake).about(format!("join-token/{id}"));
    let said = [put, (&note).into()];
    let changes = past.map(|(id, _)| rows::delete_token(&id)).chain(said).collect();
    deps.write(&identity.actor, "join token made", Vec::new(), changes).await?;
    tracing::info!(actor = identity.actor, id, "join token made");
    let made = MadeJoinToken {
        token: token_text(&deps.ca_hash, &id, &secret),
        id,
        expires: expires.to_string(),
        uses: new.uses,
    };
    Ok((StatusCode::CREATED, axum::Json(made)))
}

fn check(new: &NewJoinToken) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, what: String| {
        errors.push(ProblemItem::new(field, "WK-1005", what));
    };
    if new.role != NODE_ROLE {
        wrong("role", format!("is `{}`: join tokens are for role `{NODE_ROLE}`", new.role));
    }
    if !(60..=MOST_S).contains(&new.expires_in_s) {
        wrong("expires_in_s", format!("must be 60 to {MOST_S} (30 days)"));
    }
    if !(1..=MOST_USES).contains(&new.uses) {
        wrong("uses", format!("must be 1 to {MOST_USES}"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// All join tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/join-tokens", tag = "cluster",
    responses((status = 200, description = "All join tokens", body = JoinTokens)))]
async fn list(Opened(deps): Opened) -> Result<axum::Json<JoinTokens>, Problem> {
    let now = now();
    let line = |(id, token): (String, JoinToken)| JoinTokenLine {
        id,
        state: match (token.uses_left, token.expires <= now) {
            (Some(0), _) => "used",
            (_, true) => "expired",
            (_, false) => "valid",
        }
        .to_owned(),
        role: token.role,
        by: token.by,
        created: token.created.to_string(),
        expires: token.expires.to_string(),
        uses_left: token.uses_left,
        addresses: token.addresses.iter().map(ToString::to_string).collect(),
    };
    let items = rows::tokens(&deps.store)?.into_iter().map(line).collect();
    Ok(axum::Json(JoinTokens { items }))
}

/// Revoke a join token; it lets nobody in from now on.
#[utoipa::path(delete, path = "/api/v1/join-tokens/{id}", tag = "cluster",
    params(("id" = String, Path, description = "Id of the token")),
    responses((status = 204, description = "Revoked")))]
async fn revoke(
    Opened(deps): Opened,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let missing = || Problem::missing(format!("join token {id}"));
    let (same, _) = rows::token(&deps.store, &id)?.ok_or_else(missing)?;
    let note = identity.note(Verb::JoinTokenRevoke).about(format!("join-token/{id}"));
    let changes = vec![rows::delete_token(&id), (&note).into()];
    let why = "join token revoked";
    let written = deps.write(&identity.actor, why, vec![same], changes.clone()).await;
    match written {
        Ok(_) => {}
        // Used in this very moment: it may be used again, so revoke what is there now.
        Err(WriteError::Precondition(_)) => {
            deps.write(&identity.actor, why, Vec::new(), changes).await?;
        }
        Err(error) => return Err(error.into()),
    }
    tracing::info!(actor = identity.actor, id, "join token revoked");
    Ok(StatusCode::NO_CONTENT)
}
