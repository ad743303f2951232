//! `/api/v1/observed/rules`: every declared rule with what the Prometheus replicas make of it.

mod order;

use super::{
    fresh::Fresh,
    list::{self, Page, Scope},
    prometheus::Replicas,
    rule_receivers::receivers,
};
use crate::web::routes::routes;
use crate::{
    model::{Kind, Resource, UnixMs, cluster::DeclaredState, label::Labels, spec, spec::RoleName},
    observe::rules::{
        AlertLog, Fired, SeenAlert, SeenRule, SeenRules, State,
        log::FiredByRule,
        seen::{self, ExternalLabels},
    },
    store::StoreError,
    web::{
        Front,
        deps::{Deps, now},
        error::Problem,
        extract::{Opened, Query},
        policy::Policy,
        router::Doors,
    },
};
use axum::extract::State as AxumState;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

const PATIENCE: Duration = Duration::from_secs(5);
/// Active alerts shown of one rule; the worst and oldest.
const MAX_ACTIVE: usize = 100;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Within(RoleName::Viewer), routes!(observed_rules))
}

/// One declared rule.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ObservedRule {
    /// Name of its rule-group.
    group: String,
    /// Its place in the group, from 0.
    index: usize,
    /// Name of the alert or of the recorded series.
    rule: String,
    /// `alerting` or `recording`.
    kind: &'static str,
    /// Of its group.
    project: String,
    /// Its label `severity`, the group's where it has none; may be empty.
    severity: String,
    /// `inactive`, `pending`, `firing`; `unknown` while no replica shows the rule; `disabled` for
    /// one that is not run.
    state: &'static str,
    /// It is kept, but not run.
    disabled: bool,
    /// `ok`, `err` or `unknown`.
    health: String,
    /// Why its last evaluation failed; may be empty.
    last_error: String,
    /// RFC 3339; none = never.
    last_evaluation: Option<String>,
    /// How long it took.
    evaluation_seconds: Option<f64>,
    /// Firing, then pending ones, at most 100.
    active: Vec<ActiveAlert>,
    /// How many there are.
    n_active: usize,
    /// How often it fired today and the 6 days before (UTC).
    fired_7d: u64,
    /// How often it fired today and the 29 days before (UTC).
    fired_30d: u64,
    /// It fires often and short: at least ten times in 7 days, on average for less than 10
    /// minutes.
    noisy: bool,
    /// Who is told, by the labels that the rule itself sets: titles of receivers; empty = nobody;
    /// none for a recording rule.
    receivers_words: Option<String>,
    /// RFC 3339: when its group was changed.
    updated: String,
    /// Who changed it.
    by: String,
    /// Of the group, for `If-Match`.
    revision: String,
}

/// One pending or firing alert of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
struct ActiveAlert {
    labels: Labels,
    /// `pending` or `firing`.
    state: &'static str,
    /// RFC 3339: since when the condition holds.
    active_at: String,
    /// Of the expression; none where it is not finite.
    value: Option<f64>,
    /// As in Alertmanager.
    fingerprint: String,
}

/// A page of rules.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ObservedRules {
    /// Items, total, facets.
    #[serde(flatten)]
    page: Page<ObservedRule>,
    /// When Prometheus answered; none when none did.
    as_of: Option<String>,
    /// Ids of the nodes whose Prometheus answered.
    replicas: Vec<String>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RuleQuery {
    /// Items a page, 1 to 1000.
    limit: Option<String>,
    /// Items to skip.
    offset: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Words that must all occur.
    q: Option<String>,
    /// `state` (worst first, the default), `name`, `group`, `project`, `severity` (worst first),
    /// `fired_7d`, `fired_30d`, `updated` or `last_evaluation`; `-` turns it around.
    sort: Option<String>,
    /// Comma-separated: `pending,firing`.
    state: Option<String>,
    /// Comma-separated: `ok,err`.
    health: Option<String>,
    /// Comma-separated: `critical,warning`.
    severity: Option<String>,
    /// `alerting` or `recording`.
    kind: Option<String>,
    /// Only this rule-group.
    group: Option<String>,
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

/// What the replicas said last.
#[derive(Debug, Default)]
pub(crate) struct Observation {
    rules: SeenRules,
    fired: [FiredByRule; 2],
    as_of: Option<UnixMs>,
}

/// The last observation.
pub(crate) type Cache = Fresh<Observation>;

/// Declared rules with their state, merged over both replicas.
#[utoipa::path(get, path = "/api/v1/observed/rules", tag = "observed", params(RuleQuery),
    responses((status = 200, description = "One item per rule", body = ObservedRules)))]
async fn observed_rules(
    AxumState(front): AxumState<Front>,
    Opened(deps): Opened,
    Query(query): Query<RuleQuery>,
) -> Result<axum::Json<ObservedRules>, Problem> {
    let window =
        list::window(query.limit.as_deref(), query.offset.as_deref().or(query.cursor.as_deref()))?;
    let observation = observe(&front, &deps).await?;
    let state = deps.state();
    let all = join(&state, &observation, &query);
    let facets = order::facets(&all, &query);
    let mut items: Vec<ObservedRule> =
        all.into_iter().filter(|rule| order::holds(rule, &query)).collect();
    order::sort(&mut items, query.sort.as_deref())?;
    let mut page = Page::cut(items, window);
    page.facets = facets;
    let told: Vec<_> = page.items.iter().map(|item| (item.group.as_str(), item.index)).collect();
    // Who is told is decided by all routes, also by those that may not be seen.
    let told = receivers(&deps.whole(), told.into_iter());
    for (item, words) in page.items.iter_mut().zip(told) {
        item.receivers_words = words;
    }
    Ok(axum::Json(ObservedRules {
        page,
        as_of: observation.as_of.map(|at| at.to_string()),
        replicas: observation.rules.answered.iter().map(ToString::to_string).collect(),
    }))
}

/// What the replicas say, asked at most once a second.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn observe(front: &Front, deps: &Deps) -> Result<Arc<Observation>, Problem> {
    front.inner.rules.get(fetch(deps)).await
}

impl Observation {
    /// Rules with their alerts.
    pub(super) const fn rules(&self) -> &SeenRules {
        &self.rules
    }
}

async fn fetch(deps: &Deps) -> Result<Observation, Problem> {
    let external = ExternalLabels::of(&deps.whole());
    let rules = seen::rules(&Replicas::of(deps), "", &external, PATIENCE).await;
    let as_of = (!rules.answered.is_empty()).then(now);
    let fired = fired(deps).await?;
    Ok(Observation { rules, fired, as_of })
}

/// Of 7 and of 30 days.
async fn fired(deps: &Deps) -> Result<[FiredByRule; 2], Problem> {
    let log = AlertLog::new(deps.store.clone());
    let read = move || Ok([log.fired(now(), 6)?, log.fired(now(), 29)?]);
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|error| Problem::internal(error.to_string()))?
        .map_err(|error: StoreError| error.into())
}

fn join(state: &DeclaredState, seen: &Observation, query: &RuleQuery) -> Vec<ObservedRule> {
    let scope = Scope {
        department: query.department.clone(),
        project: query.project.clone(),
        owner: query.owner.clone(),
        environment: query.environment.clone(),
    };
    let mut items = Vec::new();
    for object in state.of(Kind::RuleGroup) {
        let name = object.name.as_str();
        if query.group.as_deref().is_some_and(|wanted| wanted != name) {
            continue;
        }
        let Ok(group) = object.spec_as::<spec::RuleGroup>() else { continue };
        if !scope.holds(&state.project_labels(&group.project)) {
            continue;
        }
        let rules = group.rules.iter().enumerate();
        let found = rules.map(|(index, rule)| item(object, &group, index, rule, seen));
        items.extend(found.filter(|item| has_words(item, &group.rules[item.index], query)));
    }
    items
}

fn has_words(item: &ObservedRule, rule: &spec::Rule, query: &RuleQuery) -> bool {
    let texts = [item.rule.as_str(), &item.group, &item.project, &item.severity, &rule.expr];
    let annotations = rule.annotations.values().map(String::as_str);
    list::matches_words(query.q.as_deref(), texts.into_iter().chain(annotations))
}

fn item(
    object: &Resource,
    spec: &spec::RuleGroup,
    index: usize,
    rule: &spec::Rule,
    observation: &Observation,
) -> ObservedRule {
    let name = rule.alert.as_deref().or(rule.record.as_deref()).unwrap_or_default();
    let group = object.name.as_str();
    // Prometheus knows and counts only those that run.
    let before = spec.rules.iter().take(index).filter(|rule| !rule.disabled).count();
    let seen = observation.rules.rule(group, before, name).filter(|_| !rule.disabled);
    let absent = if rule.disabled { "disabled" } else { "unknown" };
    let of = (group.to_owned(), name.to_owned());
    let [week, month] =
        [0, 1].map(|span| observation.fired[span].get(&of).copied().unwrap_or_default());
    let severity = rule.labels.get("severity").or_else(|| spec.labels.get("severity"));
    ObservedRule {
        group: group.to_owned(),
        index,
        rule: name.to_owned(),
        kind: if rule.alert.is_some() { "alerting" } else { "recording" },
        project: spec.project.clone(),
        severity: severity.cloned().unwrap_or_default(),
        state: seen.map_or(absent, |seen| seen.state().as_str()),
        disabled: rule.disabled,
        health: seen.map_or_else(|| "unknown".to_owned(), |seen| seen.health.clone()),
        last_error: seen.map_or_else(String::new, |seen| seen.last_error.clone()),
        last_evaluation: seen.and_then(|seen| seen.last_evaluation).map(|at| at.to_string()),
        evaluation_seconds: seen
            .filter(|seen| seen.last_evaluation.is_some())
            .map(|seen| seen.evaluation_seconds),
        active: seen.map_or_else(Vec::new, active),
        n_active: seen.map_or(0, |seen| seen.active.len()),
        fired_7d: week.times,
        fired_30d: month.times,
        noisy: is_noisy(week),
        receivers_words: None,
        updated: object.updated.to_string(),
        by: object.by.clone(),
        revision: object.revision.to_string(),
    }
}

fn is_noisy(week: Fired) -> bool {
    const OFTEN: u64 = 10;
    const SHORT_MS: u64 = 600_000;
    week.times >= OFTEN && week.ended > 0 && week.lasted_ms / week.ended < SHORT_MS
}

fn active(seen: &SeenRule) -> Vec<ActiveAlert> {
    let mut alerts: Vec<_> = seen.active.iter().collect();
    let worst_and_oldest = |alert: &SeenAlert| (alert.state != State::Firing, alert.active_at);
    alerts.sort_by_key(|(fingerprint, alert)| (worst_and_oldest(alert), **fingerprint));
    let shown = alerts.into_iter().take(MAX_ACTIVE);
    shown
        .map(|(fingerprint, alert)| ActiveAlert {
            labels: alert.labels.clone(),
            state: alert.state.as_str(),
            active_at: alert.active_at.to_string(),
            value: alert.value,
            fingerprint: fingerprint.to_string(),
        })
        .collect()
}
