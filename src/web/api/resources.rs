//! `/api/v1/KINDS` and `/api/v1/KINDS/NAME`: the declared objects, one pair of paths a kind.

use super::{
    change::{self, Author},
    document,
    list::{self, ListQuery, Page, Selector},
};
use crate::web::routes::by_hand;
use crate::{
    admission::{Action, Expect, Outcome, Put},
    model::{
        Kind, Name, Resource, Revision,
        cluster::DeclaredState,
        resource::{Declared, Key},
    },
    web::{
        Front,
        auth::Identity,
        context::INDEX,
        deps::Deps,
        error::Problem,
        extract::{Json, Opened, Path, Query},
        policy::Policy,
        router::Doors,
        sight::Sight,
    },
};
use axum::{
    extract::{FromRequest as _, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{delete, get, put},
};
use serde_json::Value;
use std::sync::Arc;
use utoipa::openapi::HttpMethod;

pub(crate) fn routes(mut doors: Doors) -> Doors {
    for kind in Kind::ALL.iter().copied() {
        let reader = Policy::Read(kind);
        let many = format!("/api/v1/{}", kind.plural());
        let list = move |opened, identity, query| list_objects(kind, opened, identity, query);
        let operation = || document::list_operation(kind);
        doors = doors.open(reader, by_hand(HttpMethod::Get, &many, operation, get(list)));

        let one = format!("{many}/{{name}}");
        let read = move |opened, identity, path, headers| {
            read_object(kind, opened, identity, path, headers)
        };
        let operation = || document::read_operation(kind);
        doors = doors.open(reader, by_hand(HttpMethod::Get, &one, operation, get(read)));

        let writer = Policy::Write(kind);
        // A token without its secret is of no use: it is made by `POST /api/v1/tokens`.
        if kind != Kind::Token {
            let write = move |front, opened, identity, path, request| {
                put_object(kind, front, opened, identity, path, request)
            };
            let operation = || document::put_operation(kind);
            doors = doors.open(writer, by_hand(HttpMethod::Put, &one, operation, put(write)));
        }
        let remove = move |opened, identity, path, request| {
            delete_object(kind, opened, identity, path, request)
        };
        let operation = || document::delete_operation(kind);
        doors = doors.open(writer, by_hand(HttpMethod::Delete, &one, operation, delete(remove)));
    }
    doors
}

async fn list_objects(
    kind: Kind,
    Opened(deps): Opened,
    identity: Identity,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let state = Sight::of(&deps, &identity).part(kind);
    let window = query.window()?;
    let mut found = select(&state, kind, &query)?;
    list::sort(&mut found, query.sort.as_deref())?;
    let page = Page::cut(found, window);
    Ok(([(INDEX, state.index.to_string())], axum::Json(page)).into_response())
}

/// The objects of a kind that fulfil a query, by name.
fn select<'s>(
    state: &'s DeclaredState,
    kind: Kind,
    query: &ListQuery,
) -> Result<Vec<&'s Resource>, Problem> {
    let selector = Selector::parse(query.label.as_deref())?;
    let scope = query.scope();
    let wanted = |object: &&Resource| {
        let placed = || list::dimensions(state, object).is_none_or(|labels| scope.holds(&labels));
        selector.holds(&object.labels)
            && (scope.is_everything() || placed())
            && (query.q.is_none() || has_words(object, query.q.as_deref()))
    };
    Ok(state.of(kind).filter(wanted).collect())
}

fn has_words(object: &Resource, q: Option<&str>) -> bool {
    let spec = object.spec.to_string();
    let labels = object.labels.values().map(String::as_str);
    list::matches_words(q, [object.name.as_str(), &spec].into_iter().chain(labels))
}

async fn read_object(
    kind: Kind,
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let state = Sight::of(&deps, &identity).part(kind);
    let name = parse_name(kind, &name)?;
    let object =
        state.get(kind, name.as_str()).ok_or_else(|| Problem::missing(format!("{kind} {name}")))?;
    let index = state.index.to_string();
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let tag = etag(object);
    if known.is_some_and(|known| known.split(',').any(|k| strip_tag(k) == strip_tag(&tag))) {
        return Ok(
            (StatusCode::NOT_MODIFIED, [(header::ETAG, tag), (INDEX, index)]).into_response()
        );
    }
    Ok(([(header::ETAG, tag), (INDEX, index)], axum::Json(object)).into_response())
}

async fn put_object(
    kind: Kind,
    State(front): State<Front>,
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let author = Author::of(identity, &parts)?;
    let expect = change::expectation(&parts.headers)?;
    let request = Request::from_parts(parts, body);
    let Json(body) = Json::<Value>::from_request(request, &front).await?;
    let declared = document_of(kind, &name, body)?;
    let name = declared.name.clone();
    let puts = vec![Put { expect, ..Put::new(declared) }];
    let request = crate::admission::Request { puts, ..author.request("") };
    let outcome = change::submit(&deps, &author, request).await?;
    let created = outcome.plan.objects.iter().any(|object| object.action == Action::Create);
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    let key = Key { kind, name };
    let (object, index) = as_written(&deps, &key, &outcome)?;
    let headers = [(header::ETAG, etag(&object)), (INDEX, index.to_string())];
    Ok((status, headers, axum::Json(&*object)).into_response())
}

/// The object as this write left it, and its index. Not as it is by now: with the ETag of what
/// somebody else wrote since, the author's next change would overwrite that unseen.
fn as_written(deps: &Deps, key: &Key, outcome: &Outcome) -> Result<(Arc<Resource>, u64), Problem> {
    let of = |state: &DeclaredState| state.resources.get(&key.kind)?.get(&key.name).cloned();
    let gone = || Problem::missing(format!("{key} any more"));
    let Some(written) = &outcome.written else {
        return Ok((of(&outcome.judged).ok_or_else(gone)?, outcome.judged.index));
    };
    let now = of(&deps.state());
    if let Some(object) = now.as_ref().filter(|object| object.revision.0 <= written.index) {
        return Ok((Arc::clone(object), written.index));
    }
    let upto = Some(Revision(written.index + 1));
    let found = deps.store.history(Some(key), upto, 1).map_err(|error| {
        Problem::internal(format!("the history of {key} cannot be read: {error}"))
    })?;
    let then = found.into_iter().next().and_then(|entry| entry.after);
    Ok((then.or(now).ok_or_else(gone)?, written.index))
}

/// The body as a document: kind and name may be left out, but must not say otherwise.
fn document_of(kind: Kind, name: &str, mut body: Value) -> Result<Declared, Problem> {
    let object = body.as_object_mut();
    let object = object.ok_or_else(|| Problem::malformed("the body must be a JSON object"))?;
    for (field, of_path) in [("kind", kind.singular()), ("name", name)] {
        let of_body = object.entry(field).or_insert_with(|| of_path.into());
        if *of_body != of_path {
            let detail = format!("the body's {field} is {of_body}, the path's is {of_path}");
            return Err(Problem::malformed(detail));
        }
    }
    crate::admission::document::parse_value(body).map_err(|errors| change::refused(&errors))
}

async fn delete_object(
    kind: Kind,
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let author = Author::of(identity, &parts)?;
    let expect = change::expectation(&parts.headers)?;
    if expect == Expect::Absent {
        return Err(Problem::malformed("If-None-Match makes no sense on DELETE"));
    }
    let key = Key { kind, name: parse_name(kind, &name)? };
    let written = change::delete(&deps, &author, key, expect).await?;
    Ok((StatusCode::NO_CONTENT, [(INDEX, written.index.to_string())]).into_response())
}

/// A name out of a path: what is no name does not exist.
pub(crate) fn parse_name(kind: Kind, text: &str) -> Result<Name, Problem> {
    text.parse().map_err(|error: crate::model::name::NameError| {
        Problem::missing(format!("{kind} `{}`", error.text))
    })
}

/// The ETag of an object: its revision, quoted.
pub(crate) fn etag(object: &Resource) -> String {
    format!("\"{}\"", object.revision)
}

/// The revision within an ETag, weak or not, quoted or not.
pub(crate) fn strip_tag(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/").trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etags_are_compared_by_the_revision_within() {
        for tag in ["\"12\"", "W/\"12\"", " 12 "] {
            assert_eq!(strip_tag(tag), "12");
        }
    }
}
