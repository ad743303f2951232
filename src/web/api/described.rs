//! The OpenAPI document as the code says it: of the routes' descriptions, completed with the kinds'
//! own schemas and each route's policy. Tests only: they hold the committed document against it.

use super::{
    super::{
        error::ProblemBody,
        policy::{self, Policy, Whose},
        router::Declared,
    },
    document::pascal,
};
use crate::{
    model::{Kind, spec, spec::RoleName},
    web::auth::role_text,
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use utoipa::{OpenApi as _, openapi::OpenApi};

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

/// Adds what the routes' types do not say: the kinds, the policies, the problem answer.
pub(crate) fn complete(api: &OpenApi, declared: &[Declared]) -> Value {
    let mut document = serde_json::to_value(api).unwrap_or_default();
    add_kinds(&mut document);
    add_security(&mut document);
    for route in declared {
        let pointer = ["paths", &escape(&route.path), &route.method.to_lowercase()].join("/");
        if let Some(operation) = document.pointer_mut(&format!("/{pointer}")) {
            operation["x-wk-policy"] = policy_text(route.policy).into();
            add_problems(&mut operation["responses"]);
            if operation["requestBody"].is_object() {
                operation["responses"]["408"] = json!({
                    "description": "The body did not come in time (WK-2013)",
                    "content": {"application/problem+json":
                        {"schema": {"$ref": "#/components/schemas/Problem"}}},
                });
            }
            if route.policy == Policy::Open {
                operation["security"] = json!([]);
            }
        }
    }
    super::proxy::document::expand(&mut document);
    plain_wildcards(&mut document);
    document
}

/// What every route may answer instead: the client's fault, or not now. Anything else is a bug,
/// and so not in the document.
fn add_problems(responses: &mut Value) {
    let problem = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
    for (status, description) in [
        ("4XX", "A problem: the request cannot be done"),
        ("503", "A problem: not now; repeat it after `Retry-After`"),
    ] {
        let answer = &mut responses[status];
        if answer.is_null() {
            *answer = json!({ "description": description });
        }
        answer["content"]["application/problem+json"] = problem.clone();
    }
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
        for parameter in item
            .as_object_mut()
            .into_iter()
            .flat_map(|item| item.values_mut())
            .filter_map(|operation| operation["parameters"].as_array_mut())
            .flatten()
        {
            let plain = parameter["name"].as_str().map(|name| name.trim_start_matches('*').into());
            parameter["name"] = plain.unwrap_or(Value::Null);
        }
        paths.insert(path.replace("{*", "{"), item);
    }
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
