//! `/api/v1/history`: who changed what, when and why, with the difference.

use super::{
    change::{self, Author},
    list, resources,
};
use crate::{
    admission::{Delete, Expect, Put},
    model::{
        Kind, Resource, Revision,
        resource::{Declared, Key},
        spec::RoleName,
    },
    store::HistoryEntry,
    web::{
        auth::Identity,
        deps::Deps,
        error::Problem,
        extract::{Opened, Path, Query},
        policy::{self, Policy},
        router::Doors,
    },
};
use serde::{Deserialize, Serialize};
use utoipa_axum::routes;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Role(RoleName::Viewer), routes!(history))
        .open(Policy::Role(RoleName::Viewer), routes!(one_revision))
        .open(Policy::Role(RoleName::Developer), routes!(revert))
}

/// What happened to one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HistoryLine {
    /// Revision of the change; several objects may share one.
    pub revision: String,
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// Why; may be empty.
    pub why: String,
    /// Kind of the object.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `create`, `update` or `delete`.
    pub action: String,
    /// Unified diff of the object as YAML.
    pub diff: String,
}

/// A page of the history, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct History {
    /// Newest first.
    pub items: Vec<HistoryLine>,
    /// Give it as `cursor` for the next page; none = the end of what is kept.
    pub next: Option<String>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HistoryQuery {
    /// Only this kind; needs `name`.
    kind: Option<String>,
    /// Only the object of this name.
    name: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items a page, 1 to 1000.
    limit: Option<String>,
}

/// Who changed what, newest first.
#[utoipa::path(get, path = "/api/v1/history", tag = "history", params(HistoryQuery),
    responses((status = 200, description = "Newest first", body = History)))]
async fn history(
    Opened(deps): Opened,
    identity: Identity,
    Query(query): Query<HistoryQuery>,
) -> Result<axum::Json<History>, Problem> {
    let (_, limit) = list::window(query.limit.as_deref(), None)?;
    let before = query.cursor.as_deref().map(revision).transpose()?;
    let key = key_of(&query)?;
    let mut entries = deps.store.history(key.as_ref(), before, limit)?;
    let last = entries.last().filter(|_| entries.len() == limit).map(|last| last.revision);
    if let (Some(last), None) = (last, &key) {
        // A page ends with a whole revision, however many objects it changed: the next page
        // begins below it.
        entries.retain(|entry| entry.revision != last);
        entries.extend(deps.store.history_of(last)?);
    }
    let next = last.map(|last| last.to_string());
    let items = entries.iter().filter(|e| visible(e, &identity)).map(line).collect();
    Ok(axum::Json(History { items, next }))
}

fn key_of(query: &HistoryQuery) -> Result<Option<Key>, Problem> {
    match (query.kind.as_deref(), query.name.as_deref()) {
        (None, None) => Ok(None),
        (Some(kind), Some(name)) => {
            let kind: Kind = kind
                .parse()
                .map_err(|e: crate::model::kind::UnknownKind| Problem::bad_query(e.to_string()))?;
            Ok(Some(Key { kind, name: resources::parse_name(kind, name)? }))
        }
        _ => Err(Problem::bad_query("`kind` and `name` go together")),
    }
}

fn revision(text: &str) -> Result<Revision, Problem> {
    text.parse().map_err(|_| Problem::bad_query("`cursor` must be the `next` of a page"))
}

/// The history shows nobody more than the objects themselves do.
pub(crate) fn visible(entry: &HistoryEntry, identity: &Identity) -> bool {
    identity.role >= policy::read_role(entry.key.kind)
}

/// Everything one revision changed.
#[utoipa::path(get, path = "/api/v1/history/{revision}", tag = "history",
    params(("revision" = String, Path, description = "A revision")),
    responses((status = 200, description = "Its changes", body = History)))]
async fn one_revision(
    Opened(deps): Opened,
    identity: Identity,
    Path(text): Path<String>,
) -> Result<axum::Json<History>, Problem> {
    let entries = entries_of(&deps, &text)?;
    let items: Vec<HistoryLine> =
        entries.iter().filter(|e| visible(e, &identity)).map(line).collect();
    if items.is_empty() {
        return Err(no_revision(&text));
    }
    Ok(axum::Json(History { items, next: None }))
}

fn no_revision(text: &str) -> Problem {
    Problem::missing(format!("revision {}", text.chars().take(40).collect::<String>()))
}

fn entries_of(deps: &Deps, text: &str) -> Result<Vec<HistoryEntry>, Problem> {
    let revision: Revision = text.parse().map_err(|_| no_revision(text))?;
    let entries = deps.store.history_of(revision)?;
    if entries.is_empty() { Err(no_revision(text)) } else { Ok(entries) }
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RevertQuery {
    /// `true`: also where an object changed again since; those later changes are lost.
    force: Option<String>,
}

/// A revert that was done.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Reverted {
    /// The revision that undid it; none when everything was as before already.
    revision: Option<String>,
}

/// Undo everything a revision changed, as a new change.
#[utoipa::path(post, path = "/api/v1/history/{revision}/revert", tag = "history",
    params(("revision" = String, Path, description = "A revision"), RevertQuery),
    responses((status = 200, description = "Undone", body = Reverted)))]
async fn revert(
    Opened(deps): Opened,
    identity: Identity,
    Path(text): Path<String>,
    Query(query): Query<RevertQuery>,
    request: axum::extract::Request,
) -> Result<axum::Json<Reverted>, Problem> {
    let force = super::logs::flag("force", query.force.as_deref())?;
    let (parts, _) = request.into_parts();
    let author = Author::of(identity, &parts)?;
    let entries = entries_of(&deps, &text)?;
    let mut request = author.request(&format!("revert of {text}"));
    for entry in &entries {
        let expect = match &entry.after {
            _ if force => Expect::Any,
            Some(_) => Expect::Revision(entry.revision),
            None => Expect::Absent,
        };
        match &entry.before {
            Some(before) => request.puts.push(Put { expect, ..Put::new(declared(before)) }),
            None => request.deletes.push(Delete { key: entry.key.clone(), expect }),
        }
    }
    let outcome = change::submit(&deps, &author, request).await?;
    let revision = outcome.written.map(|written| written.index.to_string());
    Ok(axum::Json(Reverted { revision }))
}

fn line(entry: &HistoryEntry) -> HistoryLine {
    let action = match (&entry.before, &entry.after) {
        (None, _) => "create",
        (Some(_), Some(_)) => "update",
        (Some(_), None) => "delete",
    };
    HistoryLine {
        revision: entry.revision.to_string(),
        at: entry.at.to_string(),
        actor: entry.actor.clone(),
        why: entry.why.clone(),
        kind: entry.key.kind.to_string(),
        name: entry.key.name.to_string(),
        action: action.into(),
        diff: diff(entry.before.as_deref(), entry.after.as_deref()),
    }
}

/// Unified diff of two states of an object, as YAML without the server's fields.
#[must_use]
pub fn diff(before: Option<&Resource>, after: Option<&Resource>) -> String {
    let text = |object: Option<&Resource>| object.map(yaml).unwrap_or_default();
    let (before, after) = (text(before), text(after));
    similar::TextDiff::from_lines(&before, &after).unified_diff().context_radius(3).to_string()
}

/// An object as people write it.
fn yaml(object: &Resource) -> String {
    crate::render::yaml::text(&declared(object)).unwrap_or_default()
}

fn declared(object: &Resource) -> Declared {
    Declared {
        kind: object.kind,
        name: object.name.clone(),
        labels: object.labels.clone(),
        spec: (*object.spec).clone(),
    }
}
