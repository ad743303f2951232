//! `/api/v1/rules/import` and `/export`: Prometheus' own rule files in and out.

use super::{
    apply::{self, Applied, Received},
    logs::flag,
};
use crate::web::routes::routes;
use crate::{
    admission::{Request, document::Parsed, rules},
    model::{
        Kind,
        spec::{RoleName, RuleTest},
    },
    web::{
        auth::Identity,
        context::INDEX,
        error::Problem,
        extract::{Opened, Query, unsupported},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open_large(Policy::Write(Kind::RuleGroup), apply::BATCH_LIMIT_BYTES, routes!(import_rules))
        .open(Policy::Within(RoleName::Viewer), routes!(export_rules))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ImportQuery {
    /// Name of the project that will own the groups.
    project: String,
    /// `true`: says what would happen, writes nothing.
    dry_run: Option<String>,
    /// `true`: keeps the good groups and reports the rest.
    partial: Option<String>,
}

/// Import a Prometheus rule file: one `rule-group` a group. What `promtool check rules` refuses
/// is refused with line and column; the same file again changes nothing.
#[utoipa::path(post, path = "/api/v1/rules/import", tag = "rules", params(ImportQuery),
    request_body(content((String = "application/yaml"))),
    responses((status = 200, description = "Done, or what would be done", body = Applied)))]
async fn import_rules(
    State(front): State<crate::web::Front>,
    Opened(deps): Opened,
    identity: Identity,
    Query(query): Query<ImportQuery>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let dry_run = flag("dry_run", query.dry_run.as_deref())?;
    let partial = flag("partial", query.partial.as_deref())?;
    let Received { author, mime, body } = apply::receive(&front, identity, request).await?;
    if !apply::YAML.contains(&mime.as_str()) && mime != "text/plain" {
        return Err(unsupported(&mime, "application/yaml"));
    }
    let state = deps.state();
    if state.get(Kind::Project, &query.project).is_none() {
        let detail = format!(
            "`project` must name the owner of the groups; there is no project `{}`",
            query.project
        );
        return Err(Problem::bad_query(detail));
    }
    let text = std::str::from_utf8(&body)
        .map_err(|error| Problem::malformed(format!("the body is not UTF-8: {error}")))?
        .to_owned();
    let project = query.project.clone();
    let parsed = tokio::task::spawn_blocking(move || rules::import(&text, &project, &state));
    let Parsed { puts, errors } =
        parsed.await.map_err(|error| Problem::internal(error.to_string()))?;
    let named = author.request(&format!("imported rules for {}", query.project));
    let batch = Request { puts, partial, ..named };
    apply::carry_out(&deps, &author, batch, errors, dry_run).await
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ExportQuery {
    /// Only groups of this project.
    project: Option<String>,
    /// Only this `rule-group`.
    group: Option<String>,
    /// This `rule-test` as promtool's test file instead.
    test: Option<String>,
}

/// Rule groups as one Prometheus rule file, without the labels that projects put on them; or a
/// test of rules as promtool's test file.
#[utoipa::path(get, path = "/api/v1/rules/export", tag = "rules", params(ExportQuery),
    responses((status = 200, description = "A rule file", body = String, content_type = "application/yaml")))]
async fn export_rules(
    Opened(deps): Opened,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let state = deps.state();
    let there = |kind: Kind, name: &Option<String>| match name {
        Some(name) if state.get(kind, name).is_none() => {
            Err(Problem::missing(format!("{kind}/{name}")))
        }
        _ => Ok(()),
    };
    there(Kind::Project, &query.project)?;
    there(Kind::RuleGroup, &query.group)?;
    there(Kind::RuleTest, &query.test)?;
    let text = match query.test.as_deref().and_then(|name| state.get(Kind::RuleTest, name)) {
        None => rules::export::rule_file(&state, query.project.as_deref(), query.group.as_deref()),
        Some(stored) => stored
            .spec_as::<RuleTest>()
            .map_err(|error| error.to_string())
            .and_then(|test| rules::export::test_file(&test)),
    };
    let text = text.map_err(Problem::internal)?;
    let headers = [(header::CONTENT_TYPE, "application/yaml; charset=utf-8".to_owned())];
    Ok((headers, [(INDEX, state.index.to_string())], text).into_response())
}
