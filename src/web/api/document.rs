//! The OpenAPI document, and how the routes are described that exist once per kind.
//!
//! What is served is the committed document, which a test holds against the code.

use super::super::{extract::Opened, policy::Policy, router::Doors, routes::routes};
use crate::{
    model::Kind,
    web::{error::Problem, extract::Path},
};
use axum::{http::header, response::IntoResponse};
use flate2::read::GzDecoder;
use serde_json::Value;
use std::io::Read as _;
use utoipa::{
    IntoParams as _,
    openapi::{
        Content, Ref, Required, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{ObjectBuilder, Type},
    },
};

/// `tests/golden/openapi.json`, packed by `build.rs`.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::SignedIn, routes!(openapi)).open(Policy::SignedIn, routes!(schema))
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "document",
    responses((status = 200, description = "OpenAPI 3.1", body = Value)))]
async fn openapi() -> Result<impl IntoResponse, Problem> {
    let mut text = Vec::new();
    GzDecoder::new(PACKED)
        .read_to_end(&mut text)
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text))
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

/// `RuleGroup` for `rule-group`.
pub(super) fn pascal(kind: Kind) -> String {
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
