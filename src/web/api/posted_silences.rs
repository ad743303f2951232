//! `POST /alertmanager/api/v2/silences` and `DELETE /alertmanager/api/v2/silence/ID`: what amtool
//! and others do with silences becomes `silence` objects, checked, in the history, and kept alive
//! as the others are. Ids are Alertmanager's own; where it has none yet, the object's name.

use super::{
    change::{self, Author},
    proxy, silences,
};
use crate::web::routes::by_hand;
use crate::{
    admission::Put,
    model::{
        Kind, Name,
        label::Labels,
        resource::Declared,
        spec::{Silence, SilenceMatcher},
    },
    silence::Held,
    web::{
        Front,
        auth::Identity,
        deps::Deps,
        error::Problem,
        extract::{Json, Opened, Path},
        policy::Policy,
        random,
        router::Doors,
    },
};
use axum::{
    extract::{FromRequest as _, Request, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, ObjectBuilder, Required, ResponseBuilder,
    path::{OperationBuilder, ParameterBuilder, ParameterIn},
    schema::Type,
};

/// For an Alertmanager to have what was declared.
const ARRIVAL: Duration = Duration::from_secs(3);
/// Between two looks at it.
const AGAIN: Duration = Duration::from_millis(150);

pub(crate) fn routes(doors: Doors) -> Doors {
    let writer = Policy::Write(Kind::Silence);
    let create =
        || operation("alertmanager_post_silence", "Make or change a silence (API v2).").build();
    let expire = || {
        let operation = operation("alertmanager_delete_silence", "End a silence (API v2).");
        operation.parameter(id()).build()
    };
    let list =
        || operation("alertmanager_get_silences", "Silences as an Alertmanager has them.").build();
    let read = || {
        let operation =
            operation("alertmanager_get_silence", "A silence as an Alertmanager has it.");
        operation.parameter(id()).build()
    };
    let (many, one) = ("/alertmanager/api/v2/silences", "/alertmanager/api/v2/silence/{id}");
    let reader = Policy::Read(Kind::Silence);
    // The wildcard of the proxy does not see paths that are named here.
    doors
        .open(reader, by_hand(HttpMethod::Get, many, list, get(proxy::read_alertmanager)))
        .open(reader, by_hand(HttpMethod::Get, one, read, get(proxy::read_alertmanager)))
        .open(writer, by_hand(HttpMethod::Post, many, create, post(posted)))
        .open(writer, by_hand(HttpMethod::Delete, one, expire, delete(deleted)))
}

/// Alertmanager answers what is asked of it, also with its own words about what it refuses.
fn operation(id: &str, summary: &str) -> OperationBuilder {
    let json = || ContentBuilder::new().build();
    let done = ResponseBuilder::new().description("As Alertmanager answers");
    let done = done.content("application/json", json());
    let refused = ResponseBuilder::new().description("A problem, or Alertmanager's own words");
    let refused = refused.content("application/json", json());
    let refused = refused.content("application/problem+json", json());
    OperationBuilder::new()
        .operation_id(Some(id))
        .summary(Some(summary))
        .tag("proxy")
        .response("200", done.build())
        .response("4XX", refused.build())
}

fn id() -> ParameterBuilder {
    let id = ParameterBuilder::new().name("id").parameter_in(ParameterIn::Path);
    let text = ObjectBuilder::new().schema_type(Type::String);
    id.required(Required::True).description(Some("Its id")).schema(Some(text))
}

/// A silence as Alertmanager's API takes it. `createdBy` is who signed in.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Postable {
    #[serde(default)]
    id: String,
    matchers: Vec<SilenceMatcher>,
    starts_at: String,
    ends_at: String,
    comment: String,
}

async fn posted(
    State(front): State<Front>,
    Opened(deps): Opened,
    identity: Identity,
    request: Request,
) -> Result<axum::Json<Value>, Problem> {
    let (parts, body) = request.into_parts();
    let author = Author::of(identity, &parts)?;
    let request = Request::from_parts(parts, body);
    let Json(form) = Json::<Postable>::from_request(request, &front).await?;
    let name = match form.id.as_str() {
        "" => new_name()?,
        id => name_of(&deps, id).await?,
    };
    let Postable { matchers, starts_at, ends_at, comment, .. } = form;
    let spec = Silence { matchers, starts_at, ends_at, comment };
    let spec = serde_json::to_value(spec).map_err(|error| Problem::internal(error.to_string()))?;
    let labels = deps
        .state()
        .get(Kind::Silence, name.as_str())
        .map_or_else(Labels::new, |object| object.labels.clone());
    let declared = Declared { kind: Kind::Silence, name: name.clone(), labels, spec };
    let puts = vec![Put::new(declared)];
    let request = crate::admission::Request { puts, ..author.request("silenced") };
    change::submit(&deps, &author, request).await?;
    Ok(axum::Json(json!({ "silenceID": arrived(&deps, &name).await })))
}

async fn deleted(
    Opened(deps): Opened,
    identity: Identity,
    Path(id): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, _) = request.into_parts();
    let author = Author::of(identity, &parts)?;
    let name = name_of(&deps, &id).await?;
    silences::expire(&deps, &author, name.as_str()).await?;
    Ok(StatusCode::OK)
}

fn new_name() -> Result<Name, Problem> {
    let name = format!("s-{:016x}", random::id128() >> 64);
    name.parse().map_err(|error: crate::model::name::NameError| Problem::internal(error.text))
}

/// The object behind an id of Alertmanager's, or the object of that name.
async fn name_of(deps: &Deps, id: &str) -> Result<Name, Problem> {
    let missing = || Problem::missing(format!("silence {id}"));
    let held = silences::ask_all(deps).await;
    let found = held.values().flatten().find(|held| held.id == id).and_then(Held::object);
    let name: Name = found.unwrap_or(id).parse().map_err(|_| missing())?;
    deps.state().get(Kind::Silence, name.as_str()).map(|_| name).ok_or_else(missing)
}

/// The id an Alertmanager gave it; its name when none has it in time.
async fn arrived(deps: &Deps, name: &Name) -> String {
    let until = Instant::now() + ARRIVAL;
    loop {
        let ours = |held: &&Held| held.is_alive() && held.object() == Some(name.as_str());
        let held = silences::ask_all(deps).await;
        if let Some(held) = held.values().flatten().find(ours) {
            return held.id.clone();
        }
        if held.is_empty() || Instant::now() >= until {
            return name.to_string();
        }
        tokio::time::sleep(AGAIN).await;
    }
}
