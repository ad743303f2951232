//! `/api/v1/alert-history`: changes of alert states, kept in the store and searchable.

use super::list;
use crate::web::routes::routes;
use crate::{
    model::{UnixMs, label::Labels, spec::RoleName},
    observe::rules::{AlertLog, Entry, EntryId, Filter, State},
    web::{
        error::Problem,
        extract::{Opened, Query},
        policy::Policy,
        router::Doors,
    },
};
use serde::{Deserialize, Serialize};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Within(RoleName::Viewer), routes!(alert_history))
}

/// One change of an alert's state.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct AlertChange {
    /// Its place in the history.
    id: String,
    /// RFC 3339: the evaluation that brought it.
    at: String,
    /// As in Alertmanager.
    fingerprint: String,
    /// Name of the rule-group.
    group: String,
    /// Name of the alert.
    alert: String,
    /// The label `project`; may be empty.
    project: String,
    labels: Labels,
    /// `inactive`, `pending` or `firing`.
    from_state: &'static str,
    /// `pending`, `firing`, `resolved`, or `inactive` for a pending alert that cleared.
    state: &'static str,
    /// Of the expression; none where it is not known or not finite.
    value: Option<f64>,
}

/// A page of changes.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct AlertHistory {
    /// Newest first.
    items: Vec<AlertChange>,
    /// Give it as `before` for the next page; none = the end.
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HistoryQuery {
    /// RFC 3339: no earlier.
    from: Option<String>,
    /// RFC 3339: earlier than this.
    to: Option<String>,
    /// Only rules of this group.
    group: Option<String>,
    /// Only rules of this name.
    alert: Option<String>,
    /// Only this project.
    project: Option<String>,
    /// Only this alert.
    fingerprint: Option<String>,
    /// Comma-separated: into `pending`, `firing`, `resolved`, `inactive`.
    state: Option<String>,
    /// Words that must all occur in group or labels.
    q: Option<String>,
    /// Items a page, 1 to 1000; default 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// `next` of the page before.
    before: Option<String>,
    /// `strong`: as of no earlier than this request.
    consistency: Option<String>,
}

/// Changes of alert states, newest first. Kept for 30 days, and at most 50,000 of them.
#[utoipa::path(get, path = "/api/v1/alert-history", tag = "alerts", params(HistoryQuery),
    responses((status = 200, description = "One page", body = AlertHistory)))]
async fn alert_history(
    Opened(deps): Opened,
    Query(query): Query<HistoryQuery>,
) -> Result<axum::Json<AlertHistory>, Problem> {
    let (_, limit) = list::window(query.limit.as_deref(), None)?;
    let before: Option<EntryId> = given("before", query.before.as_deref(), str::parse)?;
    let filter = Filter { projects: deps.seen.names(), ..filter(query)? };
    let log = AlertLog::new(deps.store.clone());
    let read = tokio::task::spawn_blocking(move || log.page(&filter, before, limit)).await;
    let (entries, more) = read.map_err(|error| Problem::internal(error.to_string()))??;
    let next = entries.last().filter(|_| more).map(|entry| entry.id.to_string());
    Ok(axum::Json(AlertHistory { items: entries.into_iter().map(Into::into).collect(), next }))
}

fn filter(query: HistoryQuery) -> Result<Filter, Problem> {
    let state = |text: &str| {
        [State::Inactive, State::Pending, State::Firing, State::Resolved]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or("no state")
    };
    let states = query.state.as_deref().unwrap_or_default();
    let states = states.split(',').filter(|text| !text.is_empty());
    Ok(Filter {
        from: given("from", query.from.as_deref(), UnixMs::parse)?,
        to: given("to", query.to.as_deref(), UnixMs::parse)?,
        fingerprint: given("fingerprint", query.fingerprint.as_deref(), str::parse)?,
        states: states
            .map(|text| given("state", Some(text), state))
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?,
        group: query.group,
        alert: query.alert,
        project: query.project,
        projects: None,
        words: query
            .q
            .unwrap_or_default()
            .to_lowercase()
            .split_whitespace()
            .map(ToOwned::to_owned)
            .collect(),
    })
}

fn given<T, E>(
    name: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, Problem> {
    let read = |text: &str| {
        read(text).map_err(|_| Problem::bad_query(format!("`{name}` is not one: {text:.100}")))
    };
    text.filter(|text| !text.is_empty()).map(read).transpose()
}

impl From<Entry> for AlertChange {
    fn from(entry: Entry) -> Self {
        let (id, it) = (entry.id.to_string(), entry.transition);
        let label = |name: &str| it.labels.get(name).cloned().unwrap_or_default();
        Self {
            id,
            at: it.at.to_string(),
            fingerprint: it.fingerprint.to_string(),
            alert: label("alertname"),
            project: label("project"),
            group: it.group,
            from_state: it.from.as_str(),
            state: it.to.as_str(),
            value: it.value,
            labels: it.labels,
        }
    }
}
