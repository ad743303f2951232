//! `POST /api/v1/tokens`: API tokens, whose secret is shown once.

use crate::web::routes::routes;
use crate::{
    admission,
    model::{
        Kind, Name, UnixMs,
        audit::Verb,
        cluster::DeclaredState,
        label::Labels,
        resource::Key,
        spec,
        spec::{RoleName, RoleRef},
    },
    scope::access,
    store::{
        WriteError,
        command::{Change, Precondition},
    },
    web::{
        auth::{Identity, token},
        deps::now,
        error::{Problem, ProblemItem},
        extract::{Json, Opened},
        policy::Policy,
        router::Doors,
    },
};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Role(RoleName::Admin), routes!(make_token))
}

/// What a new token is to be.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    /// Unique among tokens; part of the token itself.
    #[schema(value_type = String)]
    name: Name,
    /// What it is for.
    #[serde(default)]
    title: String,
    /// `viewer`, `developer`, `operator`, `admin` or the name of a declared role.
    #[schema(value_type = String)]
    role: RoleRef,
    /// Where: matchers over the dimensions of projects, all of which must hold. None = everywhere.
    #[serde(default)]
    scope: Vec<String>,
    /// RFC 3339; none = never.
    #[serde(default)]
    expires: Option<String>,
}

/// A token that was made. It is not shown again.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct MadeToken {
    /// Its name.
    name: String,
    /// The token itself: `Authorization: Bearer …`
    token: String,
}

/// Make an API token; the answer is the only time it is shown.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = NewToken,
    responses((status = 201, description = "Made", body = MadeToken)))]
async fn make_token(
    Opened(deps): Opened,
    identity: Identity,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, axum::Json<MadeToken>), Problem> {
    check_expiry(&new)?;
    check_scope(&new)?;
    let role = check_role(&deps.whole(), &new)?;
    let (token, store_hash) = token::mint(&deps.ca_hash, new.name.as_str());
    let spec = spec::Token {
        title: new.title,
        role: new.role.clone(),
        scope: new.scope,
        expires: new.expires,
    };
    let put = Change::Put {
        kind: Kind::Token,
        name: new.name.clone(),
        labels: Labels::new(),
        spec: serde_json::to_value(spec).map_err(|e| Problem::internal(e.to_string()))?,
    };
    let absent = Precondition::Absent(Key { kind: Kind::Token, name: new.name.clone() });
    let conditions = [absent].into_iter().chain(role.map(Precondition::Exists)).collect();
    let note = (&identity.note(Verb::TokenMake)).into();
    let changes = vec![put, store_hash, note];
    let written = deps.write(&identity.actor, "token made", conditions, changes);
    match written.await {
        Ok(_) => {
            let made = MadeToken { name: new.name.to_string(), token: token.expose().clone() };
            Ok((StatusCode::CREATED, axum::Json(made)))
        }
        Err(WriteError::Precondition(lost)) if lost.position > 0 => {
            Err(no_such_role(&deps.whole(), &new.name, &new.role))
        }
        Err(WriteError::Precondition(_)) => {
            let detail = format!("there is a token {} already", new.name);
            Err(Problem::new(StatusCode::CONFLICT, "WK-2008", detail))
        }
        Err(error) => Err(error.into()),
    }
}

fn check_scope(new: &NewToken) -> Result<(), Problem> {
    let wrong = new.scope.iter().enumerate().filter_map(|(at, text)| {
        let error = access::parse(text).err()?;
        let path = format!("token/{}/spec/scope/{at}", new.name);
        Some(ProblemItem::new(path, "WK-1021", error.to_string()))
    });
    let wrong: Vec<ProblemItem> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}

/// The declared role that it names, if it is none of the built-in ones.
fn check_role(state: &DeclaredState, new: &NewToken) -> Result<Option<Key>, Problem> {
    if new.role.built_in().is_some() {
        return Ok(None);
    }
    let name = new.role.name();
    if state.get(Kind::Role, name.as_str()).is_some() {
        return Ok(Some(Key { kind: Kind::Role, name: name.clone() }));
    }
    Err(no_such_role(state, &new.name, &new.role))
}

fn no_such_role(state: &DeclaredState, token: &Name, role: &RoleRef) -> Problem {
    let message = admission::no_role(role.name().as_str(), state);
    Problem::invalid(vec![ProblemItem::new(format!("token/{token}/spec/role"), "WK-1010", message)])
}

fn check_expiry(new: &NewToken) -> Result<(), Problem> {
    let Some(text) = new.expires.as_deref() else { return Ok(()) };
    let message = match UnixMs::parse(text) {
        Ok(end) if end > now() => return Ok(()),
        Ok(_) => "lies in the past".to_owned(),
        Err(error) => format!("is not RFC 3339: {error}"),
    };
    let path = format!("token/{}/spec/expires", new.name);
    Err(Problem::invalid(vec![ProblemItem::new(path, "WK-1005", message)]))
}
