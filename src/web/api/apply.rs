//! `POST /api/v1/apply` and `GET /api/v1/export`: configuration as code.

use super::{
    change::{self, Author, action_text},
    list::Selector,
    logs::flag,
};
use crate::web::routes::routes;
use crate::{
    admission::{
        Affected, Code, Delete, Effect, Expect, FieldError, FileChange, Outcome, Put, Request,
        document::{self, Parsed},
    },
    model::{Kind, Resource, Revision, cluster::DeclaredState, resource::Key, spec::RoleName},
    scope::Projects,
    web::{
        auth::Identity,
        context::INDEX,
        deps::Deps,
        error::{Problem, ProblemItem},
        extract::{Opened, Query, Raw, media_type, unsupported},
        policy::Policy,
        router::Doors,
        sight::Sight,
    },
};
use axum::{
    body::Bytes,
    extract::{FromRequest as _, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// A batch is at most this large.
pub(super) const BATCH_LIMIT_BYTES: usize = 16 * 1024 * 1024;
pub(super) const YAML: [&str; 3] = ["application/yaml", "application/x-yaml", "text/yaml"];

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open_large(Policy::WriteSome, BATCH_LIMIT_BYTES, routes!(apply))
        .open(Policy::Within(RoleName::Viewer), routes!(export))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ApplyQuery {
    /// `true`: says what would happen, writes nothing.
    dry_run: Option<String>,
    /// `true`: keeps the good objects and reports the rest.
    partial: Option<String>,
    /// Label selector: objects that fulfil it and are not in the batch are deleted.
    prune: Option<String>,
}

/// What a batch does, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Applied {
    /// It was a dry run: nothing was written.
    dry_run: bool,
    /// Log index of the write; none when nothing was written.
    index: Option<String>,
    /// Every object of the batch that is good.
    changes: Vec<ChangeLine>,
    /// Programs that notice. In a dry run on all nodes and with differences, else on one node and
    /// by path alone.
    affected: Vec<AffectedLine>,
    /// What is wrong: in a dry run, and what `partial` left out.
    errors: Vec<ProblemItem>,
    /// What could not be checked.
    warnings: Vec<String>,
}

/// What happens to one object.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ChangeLine {
    /// Its kind.
    kind: String,
    /// Its name.
    name: String,
    /// `create`, `update`, `delete` or `unchanged`.
    action: String,
    /// Unified diff of its YAML.
    diff: String,
}

/// What happens to one component of one node.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct AffectedLine {
    /// Id of the node.
    node: String,
    /// Its name.
    node_name: String,
    /// `prometheus`, `alertmanager`, …
    component: String,
    /// `targets` (no reload), `reload`, `restart`, `start` or `stop`.
    effect: String,
    /// Files that change, come or go.
    files: Vec<FileLine>,
    /// Rendered with the builds and folders of the answering node: those of the other one are
    /// known to it alone.
    assumed: bool,
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct FileLine {
    /// Relative to the component's folder; `process.json` is its process.
    path: String,
    /// Unified diff, at most 64 KiB.
    diff: String,
    /// There is more of it than is shown.
    cut: bool,
}

/// Apply a batch: all or nothing, or with `partial` all that is good. JSON (an object or a list;
/// `"delete": true` removes, `"if_match": "REVISION"` is refused when the object is not at that
/// revision any more) or YAML (any number of documents).
#[utoipa::path(post, path = "/api/v1/apply", tag = "config", params(ApplyQuery),
    request_body(content((Value = "application/json"), (String = "application/yaml"))),
    responses((status = 200, description = "Done, or what would be done", body = Applied)))]
async fn apply(
    State(front): State<crate::web::Front>,
    Opened(deps): Opened,
    identity: Identity,
    Query(query): Query<ApplyQuery>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let dry_run = flag("dry_run", query.dry_run.as_deref())?;
    let partial = flag("partial", query.partial.as_deref())?;
    let Received { author, mime, body } = receive(&front, identity, request).await?;
    let (mut batch, parse_errors) = parse(&mime, &body)?;
    batch.partial = partial;
    if let Some(selector) = query.prune.as_deref() {
        let pruned = prune(&deps.state(), selector, &batch)?;
        batch.deletes.extend(pruned);
    }
    let named = author.request("applied");
    let batch = Request { puts: batch.puts, deletes: batch.deletes, partial, ..named };
    carry_out(&deps, &author, batch, parse_errors, dry_run).await
}

/// A request that changes something, with its body.
pub(super) struct Received {
    /// Who sends it.
    pub(super) author: Author,
    /// Type of the body.
    pub(super) mime: String,
    /// All of it.
    pub(super) body: Bytes,
}

/// Reads who sends what; whoever may not say why is refused before the body is read.
pub(super) async fn receive(
    front: &crate::web::Front,
    identity: Identity,
    request: axum::extract::Request,
) -> Result<Received, Problem> {
    let (parts, body) = request.into_parts();
    let author = Author::of(identity, &parts)?;
    let mime = media_type(&parts.headers);
    let again = axum::extract::Request::from_parts(parts, body);
    let Raw(body) = Raw::from_request(again, front).await?;
    Ok(Received { author, mime, body })
}

/// Writes a batch, or says what it would do. `errors` are those of what could not even be read.
pub(super) async fn carry_out(
    deps: &Deps,
    author: &Author,
    batch: Request,
    errors: Vec<FieldError>,
    dry_run: bool,
) -> Result<Response, Problem> {
    if !errors.is_empty() && !dry_run && (!batch.partial || batch.puts.is_empty()) {
        return Err(change::refused(&errors));
    }
    let mut outcome = if dry_run {
        change::foresee(deps, author, batch).await?
    } else {
        change::submit(deps, author, batch).await?
    };
    outcome.plan.errors.splice(0..0, errors);
    let index = outcome.written.as_ref().map(|written| written.index.to_string());
    let answer = axum::Json(applied(deps, dry_run, index.clone(), &outcome));
    Ok(match index {
        Some(index) => ([(INDEX, index)], answer).into_response(),
        None => answer.into_response(),
    })
}

/// Reads the body into puts and deletes; what cannot be read comes as errors.
fn parse(mime: &str, body: &[u8]) -> Result<(Request, Vec<FieldError>), Problem> {
    if YAML.contains(&mime) {
        let text = std::str::from_utf8(body)
            .map_err(|error| Problem::malformed(format!("the body is not UTF-8: {error}")))?;
        let Parsed { puts, errors } = document::parse_yaml(text);
        return Ok((Request { puts, ..Request::default() }, errors));
    }
    if mime != "application/json" {
        return Err(unsupported(mime, "application/json or application/yaml"));
    }
    Ok(read_json(crate::web::extract::json(body)?))
}

/// Reads one object or a list of them; `"delete": true` removes.
pub(super) fn read_json(value: Value) -> (Request, Vec<FieldError>) {
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    let (mut batch, mut errors) = (Request::default(), Vec::new());
    for item in items {
        match read(item) {
            Ok(Item::Put(put)) => batch.puts.push(*put),
            Ok(Item::Delete(delete)) => batch.deletes.push(delete),
            Err(found) => errors.extend(found),
        }
    }
    (batch, errors)
}

/// One object of a JSON batch.
pub(super) enum Item {
    /// Is to be created or replaced.
    Put(Box<Put>),
    /// Is to be removed.
    Delete(Delete),
}

pub(super) fn read(mut value: Value) -> Result<Item, Vec<FieldError>> {
    let mut take = |field: &str| value.as_object_mut().and_then(|object| object.remove(field));
    let delete = take("delete") == Some(Value::Bool(true));
    let expect = expected(take("if_match"))?;
    if delete && let Some(object) = value.as_object_mut() {
        object.entry("spec").or_insert_with(|| Value::Object(serde_json::Map::new()));
    }
    let declared = document::parse_value(value)?;
    if !delete {
        return Ok(Item::Put(Box::new(Put { expect, ..Put::new(declared) })));
    }
    let key = Key { kind: declared.kind, name: declared.name };
    Ok(Item::Delete(Delete { key, expect }))
}

fn expected(given: Option<Value>) -> Result<Expect, Vec<FieldError>> {
    let Some(given) = given else { return Ok(Expect::Any) };
    let revision = given.as_str().and_then(|text| text.parse().ok());
    revision.map(|revision| Expect::Revision(Revision(revision))).ok_or_else(|| {
        let words = "`if_match` must be the revision of the object, as a text of digits";
        vec![FieldError {
            path: "if_match".to_owned(),
            code: Code::BadValue,
            message: words.to_owned(),
            line: None,
            column: None,
        }]
    })
}

/// Objects that fulfil the selector and are not in the batch. An empty selector would delete
/// everything else there is: refused.
fn prune(state: &DeclaredState, selector: &str, batch: &Request) -> Result<Vec<Delete>, Problem> {
    if selector.trim().is_empty() {
        return Err(Problem::bad_query("`prune` needs a label selector: `team=web`"));
    }
    let selector = Selector::parse(Some(selector))?;
    let kept: BTreeSet<Key> = batch
        .puts
        .iter()
        .map(Put::key)
        .chain(batch.deletes.iter().map(|delete| delete.key.clone()))
        .collect();
    let of_config = Kind::ALL.iter().filter(|kind| !is_account(**kind));
    let objects = of_config.flat_map(|kind| state.of(*kind));
    let gone = objects.filter(|object| selector.holds(&object.labels)).map(Resource::key);
    let gone = gone.filter(|key| !kept.contains(key));
    Ok(gone.map(|key| Delete { key, expect: Expect::Any }).collect())
}

const fn is_account(kind: Kind) -> bool {
    matches!(kind, Kind::User | Kind::Token)
}

/// An outcome as the answer shows it.
pub(super) fn applied(
    deps: &Deps,
    dry_run: bool,
    index: Option<String>,
    outcome: &Outcome,
) -> Applied {
    let change = |object: &crate::admission::ObjectPlan| ChangeLine {
        kind: object.key.kind.to_string(),
        name: object.key.name.to_string(),
        action: action_text(object.action).into(),
        diff: object.diff(),
    };
    Applied {
        dry_run,
        index,
        changes: outcome.plan.objects.iter().map(change).collect(),
        affected: outcome.affected.iter().map(|it| affected_line(it, &deps.seen)).collect(),
        errors: outcome.plan.errors.iter().map(change::item).collect(),
        // They speak of metrics and objects of everybody.
        warnings: outcome.warnings.iter().filter(|_| deps.seen.is_all()).cloned().collect(),
    }
}

/// The files are everybody's together: who sees a part of it all sees that they change, not how.
fn affected_line(affected: &Affected, seen: &Projects) -> AffectedLine {
    let effect = match affected.effect {
        Effect::Targets => "targets",
        Effect::Reload => "reload",
        Effect::Restart => "restart",
        Effect::Start => "start",
        Effect::Stop => "stop",
    };
    AffectedLine {
        node: affected.node.to_string(),
        node_name: affected.node_name.clone(),
        component: affected.component.clone(),
        effect: effect.into(),
        files: affected.files.iter().filter(|_| seen.is_all()).map(file_line).collect(),
        assumed: affected.assumed,
    }
}

fn file_line(file: &FileChange) -> FileLine {
    FileLine { path: file.path.clone(), diff: file.diff.clone(), cut: file.cut }
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ExportQuery {
    /// Comma-separated kinds; none = all.
    kind: Option<String>,
    /// Only objects with these labels.
    label: Option<String>,
}

/// Declared objects as YAML that `apply` takes again; without API tokens, whose secrets nobody
/// knows.
#[utoipa::path(get, path = "/api/v1/export", tag = "config", params(ExportQuery),
    responses((status = 200, description = "YAML documents", body = String, content_type = "application/yaml")))]
async fn export(
    Opened(deps): Opened,
    identity: Identity,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let selector = Selector::parse(query.label.as_deref())?;
    let kinds = match query.kind.as_deref() {
        None => Kind::ALL.to_vec(),
        Some(text) => text
            .split(',')
            .map(|kind| kind.trim().parse::<Kind>())
            .collect::<Result<_, _>>()
            .map_err(|error| Problem::bad_query(error.to_string()))?,
    };
    let (state, sight) = (deps.whole(), Sight::of(&deps, &identity));
    let readable = |kind: &&Kind| **kind != Kind::Token && sight.sees_some(**kind);
    // The role for a kind may be held elsewhere than the role to read at all.
    let parts = kinds.iter().filter(readable).map(|kind| (*kind, sight.part(*kind)));
    let parts: Vec<_> = parts.collect();
    let objects = parts.iter().flat_map(|(kind, part)| part.of(*kind));
    let chosen = objects.filter(|object| selector.holds(&object.labels));
    let text = document::to_yaml(chosen).map_err(Problem::internal)?;
    let headers = [(header::CONTENT_TYPE, "application/yaml; charset=utf-8".to_owned())];
    Ok((headers, [(INDEX, state.index.to_string())], text).into_response())
}
