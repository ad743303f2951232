//! The OpenAPI document: generated from the routes, completed with the kinds' own schemas and
//! each route's policy.

use super::super::{
    Front,
    error::ProblemBody,
    extract::Opened,
    policy::{self, Policy, Whose},
    router::{Declared, Doors},
};
use crate::{
    model::{Kind, spec, spec::RoleName},
    web::{auth::role_text, error::Problem, extract::Path},
};
use axum::{extract::State, http::header, response::IntoResponse};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use utoipa::{
    IntoParams as _, OpenApi as _,
    openapi::{
        Content, OpenApi, Ref, Required, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn, PathItem},
        request_body::RequestBodyBuilder,
        schema::{ObjectBuilder, Type},
    },
};
use utoipa_axum::routes;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Watchkeep",
        description = "A highly available monitoring platform in one file. Errors are \
                       `application/problem+json`; changes with a session cookie need the header \
                       `X-WK-Request: 1` and an Origin of our own, bearer tokens need neither."
    ),
    components(schemas(ProblemBody))
)]
struct Api;

/// The document before any route.
pub(crate) fn frame() -> OpenApi {
    let mut api = Api::openapi();
    // The version of the contract, not of the binary: the document changes with the contract only.
    api.info.version = "v1".into();
    api.info.license = None;
    api.info.contact = None;
    api
}

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::SignedIn, routes!(openapi)).open(Policy::SignedIn, routes!(schema))
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "document",
    responses((status = 200, description = "OpenAPI 3.1", body = Value)))]
async fn openapi(State(front): State<Front>) -> impl IntoResponse {
    let text = front.inner.openapi.get().cloned().unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], text)
}

/// JSON Schema of a kind's objects.
#[utoipa::path(get, path = "/api/v1/schemas/{kind}", tag = "document",
    params(("kind" = String, Path, description = "`rule-group`, …")),
    responses((status = 200, description = "JSON Schema", body = Value)))]
async fn schema(_: Opened, Path(kind): Path<String>) -> Result<axum::Json<Value>, Problem> {
    let kind: Kind = kind.parse().map_err(|error: crate::model::kind::UnknownKind| {
        Problem::missing(format!("kind: {error}"))
    })?;
    Ok(axum::Json(crate::admission::schema::schema(kind)))
}

/// The schema of a kind's spec; named types go into the generator's definitions.
fn spec_schema(kind: Kind, generator: &mut SchemaGenerator) -> schemars::Schema {
    match kind {
        Kind::Department => generator.subschema_for::<spec::Department>(),
        Kind::Contact => generator.subschema_for::<spec::Contact>(),
        Kind::Project => generator.subschema_for::<spec::Project>(),
        Kind::ScrapeJob => generator.subschema_for::<spec::ScrapeJob>(),
        Kind::Target => generator.subschema_for::<spec::Target>(),
        Kind::RuleGroup => generator.subschema_for::<spec::RuleGroup>(),
        Kind::Channel => generator.subschema_for::<spec::Channel>(),
        Kind::Receiver => generator.subschema_for::<spec::Receiver>(),
        Kind::Route => generator.subschema_for::<spec::Route>(),
        Kind::Silence => generator.subschema_for::<spec::Silence>(),
        Kind::Settings => generator.subschema_for::<spec::Settings>(),
        Kind::Role => generator.subschema_for::<spec::Role>(),
        Kind::User => generator.subschema_for::<spec::User>(),
        Kind::Team => generator.subschema_for::<spec::Team>(),
        Kind::RuleTest => generator.subschema_for::<spec::RuleTest>(),
        Kind::Secret => generator.subschema_for::<spec::Secret>(),
        Kind::TimeInterval => generator.subschema_for::<spec::TimeInterval>(),
        Kind::Policy => generator.subschema_for::<spec::Policy>(),
        Kind::Inhibition => generator.subschema_for::<spec::Inhibition>(),
        Kind::Token => generator.subschema_for::<spec::Token>(),
    }
}

/// `RuleGroup` for `rule-group`.
fn pascal(kind: Kind) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(chars).collect::<String>()
    };
    kind.singular().split('-').map(word).collect()
}

fn response(schema: &str, description: &str) -> ResponseBuilder {
    let content = Content::new(Some(Ref::from_schema_name(schema)));
    ResponseBuilder::new().description(description).content("application/json", content)
}

pub(crate) fn name_parameter() -> ParameterBuilder {
    ParameterBuilder::new()
        .name("name")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
}

fn of_kind(kind: Kind, verb: &str, summary: String) -> Operation {
    let mut operation = Operation::new();
    operation.operation_id = Some(format!("{verb}_{}", kind.singular().replace('-', "_")));
    operation.summary = Some(summary);
    operation.tags = Some(vec![kind.plural().into()]);
    operation
}

/// `GET /api/v1/KINDS`
pub(crate) fn list_operation(kind: Kind) -> Operation {
    let mut operation = of_kind(kind, "list", format!("List {}.", kind.plural()));
    operation.description = Some(kind.about().into());
    let parameters = super::list::ListQuery::into_params(|| None).into_iter().map(Into::into);
    operation.parameters = Some(parameters.collect());
    let answer = response(&format!("{}Page", pascal(kind)), "One page");
    operation.responses.responses.insert("200".into(), answer.build().into());
    operation
}

/// `GET /api/v1/KINDS/NAME`
pub(crate) fn read_operation(kind: Kind) -> Operation {
    let mut operation = of_kind(kind, "read", format!("Read one of {}.", kind.plural()));
    operation.parameters = Some(vec![name_parameter().build().into()]);
    let answer = response(&format!("{}Resource", pascal(kind)), "The object, with its ETag");
    operation.responses.responses.insert("200".into(), answer.build().into());
    operation
}

/// `PUT /api/v1/KINDS/NAME`
pub(crate) fn put_operation(kind: Kind) -> Operation {
    let mut operation =
        of_kind(kind, "put", format!("Create or replace one of {}.", kind.plural()));
    let header = |name: &str, description: &str| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(description))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build()
    };
    operation.parameters = Some(vec![
        name_parameter().build().into(),
        header("If-Match", "ETag that the object must still have").into(),
        header("If-None-Match", "`*`: create only").into(),
        header("Idempotency-Key", "A repetition with the same key is done once").into(),
        header("X-WK-Why", "Reason for the history, percent-encoded").into(),
    ]);
    let schema = Ref::from_schema_name(format!("{}Input", pascal(kind)));
    let body = RequestBodyBuilder::new()
        .content("application/json", Content::new(Some(schema)))
        .required(Some(Required::True));
    operation.request_body = Some(body.build().into());
    for (status, description) in [("200", "Replaced, or as it was"), ("201", "Created")] {
        let answer = response(&format!("{}Resource", pascal(kind)), description);
        operation.responses.responses.insert(status.into(), answer.build().into());
    }
    operation
}

/// `DELETE /api/v1/KINDS/NAME`
pub(crate) fn delete_operation(kind: Kind) -> Operation {
    let mut operation = of_kind(kind, "delete", format!("Delete one of {}.", kind.plural()));
    operation.parameters = Some(vec![name_parameter().build().into()]);
    let gone = ResponseBuilder::new().description("Deleted");
    operation.responses.responses.insert("204".into(), gone.build().into());
    operation
}

/// The methods an item of the document has.
pub(crate) fn methods_of(item: &PathItem) -> Vec<String> {
    let named = [
        ("GET", &item.get),
        ("PUT", &item.put),
        ("POST", &item.post),
        ("DELETE", &item.delete),
        ("PATCH", &item.patch),
        ("HEAD", &item.head),
        ("OPTIONS", &item.options),
    ];
    named.into_iter().filter(|(_, op)| op.is_some()).map(|(name, _)| name.to_owned()).collect()
}

/// Adds what the routes' types do not say: the kinds, the policies, the problem answer.
pub(crate) fn complete(api: &OpenApi, declared: &[Declared]) -> Value {
    let mut document = serde_json::to_value(api).unwrap_or_default();
    add_kinds(&mut document);
    add_security(&mut document);
    for route in declared {
        let pointer = ["paths", &escape(&route.path), &route.method.to_lowercase()].join("/");
        if let Some(operation) = document.pointer_mut(&format!("/{pointer}")) {
            operation["x-wk-policy"] = policy_text(route.policy).into();
            operation["responses"]["default"] = json!({
                "description": "A problem",
                "content": {"application/problem+json":
                    {"schema": {"$ref": "#/components/schemas/Problem"}}},
            });
            if route.policy == Policy::Open {
                operation["security"] = json!([]);
            }
        }
    }
    plain_wildcards(&mut document);
    document
}

fn escape(path: &str) -> String {
    path.replace('~', "~0").replace('/', "~1")
}

fn policy_text(policy: Policy) -> String {
    match policy {
        Policy::Open => "open".into(),
        Policy::SignedIn => "signed-in".into(),
        Policy::Role(role) => role_text(role).into(),
        Policy::Within(role) => format!("{} (in scope)", role_text(role)),
        Policy::Read(kind) => {
            let role = policy::read_role(kind, Whose::Projects);
            policy_text(if policy::is_scoped(kind) {
                Policy::Within(role)
            } else {
                Policy::Role(role)
            })
        }
        Policy::Write(kind) => {
            let role = policy::write_role(kind, Whose::Projects);
            policy_text(if policy::is_written_in_scope(kind) {
                Policy::Within(role)
            } else {
                Policy::Role(role)
            })
        }
        Policy::WriteSome => policy_text(Policy::Within(RoleName::Developer)),
        Policy::Program(role) => format!("{} (bearer)", role_text(role)),
    }
}

fn add_kinds(document: &mut Value) {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let schemas = &mut document["components"]["schemas"];
    for kind in Kind::ALL.iter().copied() {
        let spec = spec_schema(kind, &mut generator).to_value();
        let name = pascal(kind);
        schemas[format!("{name}Input")] = json!({
            "type": "object",
            "description": kind.about(),
            "required": ["spec"],
            "properties": {
                "kind": {"const": kind.singular()},
                "name": {"type": "string"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "spec": spec.clone(),
            },
        });
        schemas[format!("{name}Resource")] = json!({
            "type": "object",
            "description": kind.about(),
            "required": ["kind", "name", "labels", "spec", "revision", "created", "updated", "by"],
            "properties": {
                "kind": {"const": kind.singular()},
                "name": {"type": "string"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "spec": spec,
                "revision": {"type": "string"},
                "created": {"type": "string", "format": "date-time"},
                "updated": {"type": "string", "format": "date-time"},
                "by": {"type": "string"},
            },
        });
        schemas[format!("{name}Page")] = json!({
            "type": "object",
            "required": ["items", "total"],
            "properties": {
                "items": {"type": "array",
                    "items": {"$ref": format!("#/components/schemas/{name}Resource")}},
                "total": {"type": "integer"},
                "next": {"type": ["string", "null"]},
            },
        });
    }
    for (name, schema) in generator.take_definitions(true) {
        schemas[name] = schema;
    }
}

fn add_security(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-wk"},
        "token": {"type": "http", "scheme": "bearer"},
    });
    document["security"] = json!([{"session": []}, {"token": []}]);
}

/// `{*path}` is the router's way to write a parameter that spans slashes.
fn plain_wildcards(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let wild: Vec<String> = paths.keys().filter(|path| path.contains("{*")).cloned().collect();
    for path in wild {
        let Some(mut item) = paths.remove(&path) else { continue };
        for operation in item.as_object_mut().into_iter().flat_map(|item| item.values_mut()) {
            operation["parameters"] = json!([
                {"name": "path", "in": "path", "required": true, "schema": {"type": "string"}}
            ]);
        }
        paths.insert(path.replace("{*", "{"), item);
    }
}
