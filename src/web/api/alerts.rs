//! `/api/v1/alerts`: what all reachable Alertmanagers hold, merged, with what became of it.

mod gathered;

pub(super) use gathered::gather;

use super::{
    list::{self, Page, Scope},
    pending,
    receipts::Receipt,
    remembered,
    shared::Shared,
    timeline::{self, TimelineEntry, timeline},
};
use crate::web::routes::routes;
use crate::{
    model::{NodeId, label::Labels, spec::RoleName},
    notify::{alert::Fingerprint, receipt::Filter},
    silence::Wanted,
    web::{
        Front,
        deps::{Deps, now},
        error::Problem,
        extract::{Opened, Path, Query},
        policy::Policy,
        router::Doors,
    },
};
use axum::extract::State as AxumState;
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, collections::BTreeMap, sync::Arc};

/// Receipts of a single alert.
const RECEIPTS: usize = 50;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Within(RoleName::Viewer), routes!(alerts))
        .open(Policy::Within(RoleName::Viewer), routes!(alert))
}

/// One alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alert {
    /// Alertmanager's fingerprint of its labels.
    pub fingerprint: String,
    /// The label `alertname`.
    pub name: String,
    /// `firing`, `silenced`, `inhibited`; `pending` for one only Prometheus knows of; `resolved`
    /// for a single one that is over, `inactive` where it was but pending.
    pub state: String,
    /// The label `severity`; may be empty.
    pub severity: String,
    /// The label `project`; may be empty.
    pub project: String,
    /// All labels.
    pub labels: Labels,
    /// Texts.
    pub annotations: BTreeMap<String, String>,
    /// RFC 3339.
    pub starts_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// Where the rule can be looked at, as Prometheus wrote it.
    pub generator_url: String,
    /// Names of the receivers it is routed to.
    pub receivers: Vec<String>,
    /// Ids of silences that hold it back.
    pub silenced_by: Vec<String>,
    /// Fingerprints of alerts that hold it back.
    pub inhibited_by: Vec<String>,
    /// What became of its notifications, newest first; only for a single alert.
    pub receipts: Vec<Receipt>,
    /// What happened to it, oldest first; only for a single alert.
    #[serde(default)]
    pub timeline: Vec<TimelineEntry>,
}

/// A page of alerts.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Alerts {
    /// Items, total, facets.
    #[serde(flatten)]
    pub page: Page<Alert>,
    /// Ids of nodes whose Alertmanager did not answer.
    pub missing: Vec<String>,
    /// How many alerts lie outside the asked scope.
    pub outside: usize,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AlertQuery {
    /// Items a page, 1 to 1000.
    limit: Option<String>,
    /// Items to skip.
    offset: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Words that must all occur.
    q: Option<String>,
    /// `severity` (the default), `name`, `project` or `starts_at`; `-` turns it around.
    sort: Option<String>,
    /// Comma-separated: `firing,pending`.
    state: Option<String>,
    /// Comma-separated: `critical,warning`.
    severity: Option<String>,
    /// Only this department.
    department: Option<String>,
    /// Only this project.
    project: Option<String>,
    /// Only projects of this owner.
    owner: Option<String>,
    /// Only this environment.
    environment: Option<String>,
    /// `strong`: as of no earlier than this request.
    consistency: Option<String>,
}

/// Alerts, most severe first.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "alerts", params(AlertQuery),
    responses((status = 200, description = "Merged over all reachable Alertmanagers", body = Alerts)))]
async fn alerts(
    AxumState(front): AxumState<Front>,
    Opened(deps): Opened,
    Query(query): Query<AlertQuery>,
) -> Result<axum::Json<Alerts>, Problem> {
    let window =
        list::window(query.limit.as_deref(), query.offset.as_deref().or(query.cursor.as_deref()))?;
    let strong = query.consistency.as_deref() == Some("strong");
    let everything = everywhere(&front, &deps, strong).await?;
    let (all, missing) = &*everything;
    let scope = Scope {
        department: query.department.clone(),
        project: query.project.clone(),
        owner: query.owner.clone(),
        environment: query.environment.clone(),
    };
    let seen = |alert: &&Alert| deps.seen.holds_labels(&alert.labels);
    let (inside, outside): (Vec<&Alert>, Vec<&Alert>) =
        all.iter().filter(seen).partition(|alert| scope.holds(&alert.labels));
    let outside = outside.len();
    let found: Vec<&Alert> = inside.into_iter().filter(|a| has_words(a, &query)).collect();
    let facets = facets(&found, &query);
    let mut items: Vec<&Alert> =
        found.into_iter().filter(|a| in_state(a, &query) && in_severity(a, &query)).collect();
    sort(&mut items, query.sort.as_deref())?;
    let mut page = Page::cut(items, window).map(Alert::clone);
    page.facets = facets;
    let missing = missing.iter().map(ToString::to_string).collect();
    Ok(axum::Json(Alerts { page, missing, outside }))
}

/// One alert with its receipts and its timeline; also one that is over, while it is remembered.
#[utoipa::path(get, path = "/api/v1/alerts/{fingerprint}", tag = "alerts",
    params(("fingerprint" = String, Path, description = "Alertmanager's fingerprint")),
    responses((status = 200, description = "The alert", body = Alert)))]
async fn alert(
    AxumState(front): AxumState<Front>,
    Opened(deps): Opened,
    Path(fingerprint): Path<String>,
) -> Result<axum::Json<Alert>, Problem> {
    let missing = || Problem::missing(format!("alert {fingerprint}"));
    let wanted: Fingerprint = fingerprint.parse().map_err(|_| missing())?;
    let gathered = everywhere(&front, &deps, false).await;
    let episodes = deps.notify.episodes(wanted).map_err(Problem::internal)?;
    let states = remembered::states(&deps, wanted).await?;
    let memory = remembered::alert(&episodes, &states);
    let found = match gathered {
        Ok(all) => all.0.iter().find(|alert| alert.fingerprint == fingerprint).cloned(),
        Err(problem) if memory.is_none() => return Err(problem),
        Err(_) => None,
    };
    let found = found.or(memory).filter(|alert| deps.seen.holds_labels(&alert.labels));
    let mut alert = found.ok_or_else(missing)?;
    let filter = Filter { fingerprint: Some(wanted), ..Filter::default() };
    let receipts =
        deps.notify.receipts(&filter, None, RECEIPTS).map_err(Problem::internal)?.receipts;
    alert.receipts = receipts.iter().map(|it| Receipt::seen(it, &deps.seen)).collect();
    let silences = Wanted::all(&deps.state());
    let known = timeline::Known {
        labels: &alert.labels,
        episodes: &episodes,
        receipts: &receipts,
        states: &states,
        silences: &silences,
    };
    alert.timeline = timeline(&known, now());
    Ok(axum::Json(alert))
}

/// All alerts, and the nodes whose Alertmanager did not answer.
pub(crate) type Everything = (Vec<Alert>, Vec<NodeId>);

/// The last look at everything.
pub(crate) type Cache = Shared<Everything>;

/// What the Alertmanagers hold, and what is pending in Prometheus.
pub(super) async fn everywhere(
    front: &Front,
    deps: &Deps,
    strong: bool,
) -> Result<Arc<Everything>, Problem> {
    let deps = deps.clone();
    let look = move || async move {
        let (gathered, waiting) = tokio::join!(gather(&deps), pending::pending(&deps));
        let (mut alerts, missing) = gathered?;
        pending::add(&mut alerts, waiting);
        Ok((alerts, missing))
    };
    front.inner.alerts.get(strong, look).await
}

fn one_of(wanted: Option<&str>, value: &str) -> bool {
    wanted.is_none_or(|wanted| wanted.split(',').any(|w| w == value))
}

fn in_state(alert: &Alert, query: &AlertQuery) -> bool {
    one_of(query.state.as_deref(), &alert.state)
}

fn in_severity(alert: &Alert, query: &AlertQuery) -> bool {
    one_of(query.severity.as_deref(), &alert.severity)
}

fn has_words(alert: &Alert, query: &AlertQuery) -> bool {
    let texts = alert.labels.values().chain(alert.annotations.values()).map(String::as_str);
    list::matches_words(query.q.as_deref(), texts)
}

fn facets(found: &[&Alert], query: &AlertQuery) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut facets: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut count = |facet: &str, value: &str| {
        *facets.entry(facet.into()).or_default().entry(value.into()).or_default() += 1;
    };
    for alert in found {
        if in_severity(alert, query) {
            count("state", &alert.state);
        }
        if in_state(alert, query) {
            count("severity", &alert.severity);
        }
        if in_state(alert, query) && in_severity(alert, query) {
            count("project", &alert.project);
        }
    }
    facets
}

/// The usual severities from worst on; others after them.
pub(crate) fn rank(severity: &str) -> usize {
    ["critical", "error", "warning", "info"].iter().position(|s| *s == severity).unwrap_or(4)
}

pub(super) fn sort<A: Borrow<Alert>>(items: &mut [A], sort: Option<&str>) -> Result<(), Problem> {
    let text = sort.filter(|text| !text.is_empty()).unwrap_or("severity");
    let (field, reverse) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
    if !["severity", "name", "project", "starts_at"].contains(&field) {
        return Err(Problem::bad_query("`sort` must be severity, name, project or starts_at"));
    }
    items.sort_by(|a, b| {
        let (a, b) = (a.borrow(), b.borrow());
        let order = match field {
            "severity" => rank(&a.severity).cmp(&rank(&b.severity)),
            "name" => a.name.cmp(&b.name),
            "project" => a.project.cmp(&b.project),
            _ => a.starts_at.cmp(&b.starts_at),
        };
        let ties = || (&b.starts_at, &a.fingerprint).cmp(&(&a.starts_at, &b.fingerprint));
        let order = if reverse { order.reverse() } else { order };
        order.then_with(ties)
    });
    Ok(())
}

#[cfg(test)]
mod tests;
