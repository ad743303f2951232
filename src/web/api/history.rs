//! `/api/v1/history`: who changed what, when and why, with the difference.

use super::{
    apply::{self, Applied},
    change::{self, Author},
    list,
    logs::flag,
    resources,
};
use crate::web::routes::routes;
use crate::{
    admission::undo,
    model::{Kind, Resource, Revision, audit::Verb, resource::Key, spec::RoleName},
    store::HistoryEntry,
    web::{
        auth::Identity,
        context::INDEX,
        deps::Deps,
        error::Problem,
        extract::{Opened, Path, Query},
        policy::Policy,
        router::Doors,
        sight::Sight,
    },
};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Within(RoleName::Viewer), routes!(history))
        .open(Policy::Within(RoleName::Viewer), routes!(one_revision))
        .open(Policy::WriteSome, routes!(revert))
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
    /// Text anywhere in object, author, reason or content.
    q: Option<String>,
    /// Only this kind.
    kind: Option<String>,
    /// Only objects of this name.
    name: Option<String>,
    /// Only changes by this account; `watchkeep` for what undid itself.
    by: Option<String>,
    /// Only revisions below this one: `next` of the page before.
    before: Option<String>,
    /// The same as `before`.
    cursor: Option<String>,
    /// Items a page, 1 to 1000; a page ends with a whole revision.
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
    let before = query.before.as_deref().or(query.cursor.as_deref());
    let before = before.map(revision).transpose()?;
    let filter = Filter::of(query, Sight::of(&deps, &identity))?;
    let store = deps.store.clone();
    let page = move || -> Result<History, Problem> {
        let (entries, more) = match filter.one_object() {
            Some(key) => {
                let entries = store.history(Some(&key), before, limit)?;
                let more = entries.len() == limit;
                (entries, more)
            }
            None => store.history_where(before, limit, |entry| filter.takes(entry))?,
        };
        let next = entries.last().filter(|_| more).map(|last| last.revision.to_string());
        let items = entries.iter().filter(|entry| filter.takes(entry)).map(line).collect();
        Ok(History { items, next })
    };
    let page = tokio::task::spawn_blocking(page)
        .await
        .map_err(|error| Problem::internal(error.to_string()))??;
    Ok(axum::Json(page))
}

/// Which entries are asked for, and may be seen.
struct Filter {
    sight: Sight,
    kind: Option<Kind>,
    name: Option<String>,
    by: Option<String>,
    /// In lower case.
    text: Option<String>,
}

impl Filter {
    fn of(query: HistoryQuery, sight: Sight) -> Result<Self, Problem> {
        let kind = query.kind.as_deref().map(str::parse).transpose();
        let kind =
            kind.map_err(|e: crate::model::kind::UnknownKind| Problem::bad_query(e.to_string()))?;
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Ok(Self {
            sight,
            kind,
            name: given(query.name),
            by: given(query.by),
            text: given(query.q).map(|text| text.trim().to_lowercase()),
        })
    }

    /// The one object that is asked for by kind and name alone: the store finds its history
    /// without looking at that of others.
    fn one_object(&self) -> Option<Key> {
        // Where a page ends would tell of what is not shown.
        if !self.kind.is_some_and(|kind| self.sight.sees_all(kind))
            || self.by.is_some()
            || self.text.is_some()
        {
            return None;
        }
        Some(Key { kind: self.kind?, name: self.name.as_deref()?.parse().ok()? })
    }

    fn takes(&self, entry: &HistoryEntry) -> bool {
        visible(entry, &self.sight)
            && self.kind.is_none_or(|kind| kind == entry.key.kind)
            && self.name.as_deref().is_none_or(|name| name == entry.key.name.as_str())
            && self.by.as_deref().is_none_or(|by| by == entry.actor)
            && self.text.as_deref().is_none_or(|text| mentions(entry, text))
    }
}

fn mentions(entry: &HistoryEntry, text: &str) -> bool {
    let has = |part: &str| part.to_lowercase().contains(text);
    has(&entry.key.to_string())
        || has(&entry.actor)
        || has(&entry.why)
        || [&entry.before, &entry.after].into_iter().flatten().any(|it| has(&it.spec.to_string()))
}

fn revision(text: &str) -> Result<Revision, Problem> {
    text.parse().map_err(|_| Problem::bad_query("`before` must be the `next` of a page"))
}

/// The history shows nobody more than the objects themselves do.
pub(super) fn visible(entry: &HistoryEntry, sight: &Sight) -> bool {
    // Whose a test was is said by groups, which may be somebody else's by now.
    if entry.key.kind == Kind::RuleTest && !sight.sees_all(Kind::RuleTest) {
        return false;
    }
    let states = [&entry.before, &entry.after];
    let all_in_sight = states.into_iter().flatten().all(|object| sight.sees(object));
    all_in_sight && sight.sees_some(entry.key.kind)
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RevisionQuery {
    /// Another revision: what differs between the states after the two, older to newer, instead.
    against: Option<String>,
}

/// Everything one revision changed, or with `against` what differs between two.
#[utoipa::path(get, path = "/api/v1/history/{revision}", tag = "history",
    params(("revision" = String, Path, description = "A revision"), RevisionQuery),
    responses((status = 200, description = "Its changes", body = History)))]
async fn one_revision(
    Opened(deps): Opened,
    identity: Identity,
    Path(text): Path<String>,
    Query(query): Query<RevisionQuery>,
) -> Result<axum::Json<History>, Problem> {
    let sight = Sight::of(&deps, &identity);
    let mut entries = seen_of(&deps, &sight, &text)?;
    if let Some(other) = query.against.as_deref() {
        // Both must be known, else what lies between them may not be kept any more; and seen,
        // else the answer tells that there was a change of somebody else.
        seen_of(&deps, &sight, other)?;
        entries = between(&deps, &text, other)?;
        entries.retain(|entry| visible(entry, &sight));
    }
    Ok(axum::Json(History { items: entries.iter().map(line).collect(), next: None }))
}

/// What differs between the states after two revisions: one entry for each object, with author
/// and revision of its newest change.
fn between(deps: &Deps, one: &str, other: &str) -> Result<Vec<HistoryEntry>, Problem> {
    let number = |text: &str| text.parse::<Revision>().map_err(|_| no_revision(text));
    let (one, other) = (number(one)?, number(other)?);
    let mut net: BTreeMap<Key, HistoryEntry> = BTreeMap::new();
    // Newest first: the first met says who and what it is now, the last what it was.
    for entry in deps.store.history_since(one.min(other))? {
        if entry.revision > one.max(other) {
            continue;
        }
        match net.get_mut(&entry.key) {
            Some(newer) => newer.before = entry.before,
            None => {
                net.insert(entry.key.clone(), entry);
            }
        }
    }
    let same = |entry: &HistoryEntry| match (&entry.before, &entry.after) {
        (None, None) => true,
        (Some(old), Some(new)) => old.spec == new.spec && old.labels == new.labels,
        _ => false,
    };
    Ok(net.into_values().filter(|entry| !same(entry)).collect())
}

fn no_revision(text: &str) -> Problem {
    Problem::missing(format!("revision {}", text.chars().take(40).collect::<String>()))
}

/// What one revision changed, as far as it may be seen; 404 where that is nothing.
fn seen_of(deps: &Deps, sight: &Sight, text: &str) -> Result<Vec<HistoryEntry>, Problem> {
    let mut entries = entries_of(deps, text)?;
    entries.retain(|entry| visible(entry, sight));
    if entries.is_empty() { Err(no_revision(text)) } else { Ok(entries) }
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
    /// `true`: says what would happen, writes nothing.
    dry_run: Option<String>,
    /// Only what the revision changed in the object of this kind; needs `name`.
    kind: Option<String>,
    /// Name of that object.
    name: Option<String>,
}

/// A revert that was done, or would be.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Reverted {
    /// The revision that undid it; none in a dry run and when everything was as before already.
    revision: Option<String>,
    /// What it does.
    #[serde(flatten)]
    applied: Applied,
}

/// Undo what a revision changed, all of it or in one object, as a new change. A revert can be
/// reverted.
#[utoipa::path(post, path = "/api/v1/history/{revision}/revert", tag = "history",
    params(("revision" = String, Path, description = "A revision"), RevertQuery),
    responses((status = 200, description = "Undone", body = Reverted)))]
async fn revert(
    Opened(deps): Opened,
    identity: Identity,
    Path(text): Path<String>,
    Query(query): Query<RevertQuery>,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    let force = flag("force", query.force.as_deref())?;
    let dry_run = flag("dry_run", query.dry_run.as_deref())?;
    let (parts, _) = request.into_parts();
    let sight = Sight::of(&deps, &identity);
    let author = Author::of(identity, &parts)?;
    let mut entries = entries_of(&deps, &text)?;
    // Of what somebody with a scope cannot see nothing is undone, and nothing said.
    if !deps.seen.is_all() {
        entries.retain(|entry| visible(entry, &sight));
        if entries.is_empty() {
            return Err(no_revision(&text));
        }
    }
    let mut what = format!("revert of {text}");
    if let Some(key) = key_of(&query)? {
        entries.retain(|entry| entry.key == key);
        if entries.is_empty() {
            return Err(Problem::missing(format!("{key} in {}", no_revision(&text).detail)));
        }
        what = format!("revert of {text} in {key}");
    }
    let request = undo::request(&entries, force, author.request_to(Verb::Revert, &what));
    let outcome = if dry_run {
        change::foresee(&deps, &author, request).await?
    } else {
        change::submit(&deps, &author, request).await?
    };
    let revision = outcome.written.as_ref().map(|written| written.index.to_string());
    let applied = apply::applied(&deps, dry_run, revision.clone(), &outcome);
    let answer = axum::Json(Reverted { revision: revision.clone(), applied });
    Ok(match revision {
        Some(index) => ([(INDEX, index)], answer).into_response(),
        None => answer.into_response(),
    })
}

fn key_of(query: &RevertQuery) -> Result<Option<Key>, Problem> {
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
    crate::base::diff::unified((&before, &after), None, None)
}

/// An object as people write it.
fn yaml(object: &Resource) -> String {
    crate::render::yaml::text(&undo::declared(object)).unwrap_or_default()
}
