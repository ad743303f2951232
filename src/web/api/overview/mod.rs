//! `/api/v1/overview`: every project with its state and why, and the sums of departments.
//!
//! Asks nobody what the lists beside it have not asked already: targets, rules and alerts come from
//! their shared answers, at most a second old; notifications and firings of past days are counted
//! at most every ten seconds. What is declared is read once for each state, everything is counted
//! once for each set of answers, and a request only picks what it may see.

mod answer;
mod count;
mod declared;
mod judge;
mod view;

use super::{
    alerts::{self, Everything},
    fresh::Fresh,
    list::{self, Page, Scope},
    observed_rules, targets,
};
use crate::web::routes::routes;
use crate::{
    model::{UnixMs, cluster::DeclaredState, fingerprint::Fingerprint, spec::RoleName},
    notify::tally::Tally,
    observe::rules::AlertLog,
    web::{
        Front,
        deps::{Deps, Notify, now},
        error::Problem,
        extract::{Opened, Query},
        policy::Policy,
        router::Doors,
    },
};
use answer::{AlertCounts, Overview, ProjectHealth, Untold};
use axum::extract::State as AxumState;
use count::{Counts, DAYS, Seen};
use declared::Declared;
use serde::Deserialize;
use std::{
    cell::Cell,
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use view::Answered;

/// Notifications of so long are counted…
const TOLD_MS: u64 = 86_400_000;
/// …at most so often.
const TOLD_FRESH: Duration = Duration::from_secs(10);
/// Alerts whose past is looked up one by one.
const LOOKED_UP: u32 = 200;
/// Alerts nobody was told of that are named.
const UNTOLD: usize = 20;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Within(RoleName::Viewer), routes!(overview))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OverviewQuery {
    /// Projects a page, 1 to 1000.
    limit: Option<String>,
    /// Projects to skip.
    offset: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Words that must all occur in names and titles.
    q: Option<String>,
    /// `state` (worst first, the default), `project`, `department`, `owner`, `targets` (most of
    /// them down first), `alerts`, `rules` or `fired`; `-` turns it around.
    sort: Option<String>,
    /// Comma-separated: `critical,warning`.
    state: Option<String>,
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

impl OverviewQuery {
    fn scope(&self) -> Scope {
        Scope {
            department: self.department.clone(),
            project: self.project.clone(),
            owner: self.owner.clone(),
            environment: self.environment.clone(),
        }
    }
}

/// Notifications of a day, firings of a week.
#[derive(Debug, Default)]
struct Past {
    tally: Tally,
    daily: BTreeMap<String, Vec<u64>>,
}

/// What everything is counted from.
#[derive(Clone)]
struct Inputs {
    state: Arc<DeclaredState>,
    targets: Arc<targets::Observation>,
    rules: Arc<observed_rules::Observation>,
    /// `None`: no Alertmanager answers.
    alerts: Option<Arc<Everything>>,
    past: Arc<Past>,
}

impl Inputs {
    fn are(&self, other: &Self) -> bool {
        let same_alerts = match (&self.alerts, &other.alerts) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        same_alerts
            && Arc::ptr_eq(&self.state, &other.state)
            && Arc::ptr_eq(&self.targets, &other.targets)
            && Arc::ptr_eq(&self.rules, &other.rules)
            && Arc::ptr_eq(&self.past, &other.past)
    }
}

/// Counted once for everybody.
struct Counted {
    inputs: Inputs,
    declared: Arc<Declared>,
    counts: Vec<Counts>,
    elsewhere: AlertCounts,
}

/// The last count.
#[derive(Default)]
pub(crate) struct Cache {
    past: Fresh<Past>,
    last: Mutex<Option<Arc<Counted>>>,
}

/// Every project in sight with its state and why, and the sums of departments.
#[utoipa::path(get, path = "/api/v1/overview", tag = "observed", params(OverviewQuery),
    responses((status = 200, description = "One item per project", body = Overview)))]
async fn overview(
    AxumState(front): AxumState<Front>,
    Opened(deps): Opened,
    Query(query): Query<OverviewQuery>,
) -> Result<axum::Json<Overview>, Problem> {
    let window =
        list::window(query.limit.as_deref(), query.offset.as_deref().or(query.cursor.as_deref()))?;
    let strong = query.consistency.as_deref() == Some("strong");
    let counted = counted(&front, &deps, strong).await?;
    answer(&counted, &deps, &query, window).map(axum::Json)
}

fn answer(
    counted: &Counted,
    deps: &Deps,
    query: &OverviewQuery,
    window: (usize, usize),
) -> Result<Overview, Problem> {
    let Counted { inputs, declared, counts, elsewhere } = counted;
    let (scope, whole) = (query.scope(), deps.seen.is_all());
    let answered = Answered {
        prometheus: inputs.targets.as_of().is_some(),
        alertmanager: inputs.alerts.is_some(),
    };
    let both = declared.projects.iter().zip(counts);
    let visible = both
        .filter(|(it, _)| deps.seen.holds(&it.name) && scope.holds(&it.labels))
        .collect::<Vec<_>>();
    let all: Vec<ProjectHealth> = visible
        .iter()
        .map(|(project, counts)| view::health(project, counts, answered, whole))
        .collect();
    let mut untold: Vec<&Untold> = visible.iter().flat_map(|(_, counts)| &counts.untold).collect();
    untold.sort_by(|a, b| (&a.since, &a.fingerprint).cmp(&(&b.since, &b.fingerprint)));
    let departments = view::departments(declared, &all);
    let mut items: Vec<ProjectHealth> =
        all.into_iter().filter(|it| view::has_words(it, query.q.as_deref())).collect();
    let states = view::by_state(items.iter());
    items.retain(|it| view::in_state(it, query.state.as_deref()));
    view::sort(&mut items, query.sort.as_deref())?;
    let mut page = Page::cut(items, window);
    page.facets = [("state".to_owned(), states)].into();
    let missing = inputs.alerts.iter().flat_map(|alerts| &alerts.1);
    Ok(Overview {
        page,
        departments,
        n_untold: untold.len(),
        untold: untold.into_iter().take(UNTOLD).cloned().collect(),
        elsewhere: if whole && scope.is_everything() { *elsewhere } else { AlertCounts::default() },
        as_of: inputs.targets.as_of().map(|at| at.to_string()),
        alertmanager: answered.alertmanager,
        missing: missing.map(ToString::to_string).collect(),
        notified_since: inputs.past.tally.since.to_string(),
    })
}

/// Everything counted, from the newest answers.
async fn counted(front: &Front, deps: &Deps, strong: bool) -> Result<Arc<Counted>, Problem> {
    let cache = &front.inner.overview;
    let (targets, rules, alerts, past) = tokio::join!(
        targets::observe(front, deps),
        observed_rules::observe(front, deps),
        alerts::everywhere(front, deps, strong),
        cache.past.get_for(TOLD_FRESH, past(deps)),
    );
    // Taken last: what is declared is never older than what is seen of it.
    let state = deps.whole();
    // A cluster without Alertmanager still has targets.
    let inputs = Inputs { state, targets, rules: rules?, alerts: alerts.ok(), past: past? };
    let last = cache.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(last) = last.as_ref().filter(|last| last.inputs.are(&inputs)) {
        return Ok(Arc::clone(last));
    }
    let known = last.filter(|last| Arc::ptr_eq(&last.inputs.state, &inputs.state));
    let known = known.map(|last| Arc::clone(&last.declared));
    let notify = Arc::clone(&deps.notify);
    let counting = tokio::task::spawn_blocking(move || count_all(inputs, known, &*notify));
    let counted = Arc::new(counting.await.map_err(|error| Problem::internal(error.to_string()))?);
    *cache.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&counted));
    Ok(counted)
}

fn count_all(inputs: Inputs, known: Option<Arc<Declared>>, notify: &dyn Notify) -> Counted {
    let declared = known.unwrap_or_else(|| Arc::new(Declared::of(&inputs.state)));
    let seen = Seen {
        targets: &inputs.targets,
        rules: &inputs.rules,
        alerts: inputs.alerts.as_ref().map_or(&[], |alerts| &alerts.0),
        tally: &inputs.past.tally,
        daily: &inputs.past.daily,
        now: now(),
    };
    let left = Cell::new(LOOKED_UP);
    let told_before = |alert: Fingerprint| {
        left.set(left.get().saturating_sub(1));
        left.get() > 0 && was_told(notify, alert)
    };
    let (counts, elsewhere) = count::count(&declared, seen, &told_before);
    Counted { inputs, declared, counts, elsewhere }
}

/// Whether somebody was told of the firing that is under way.
fn was_told(notify: &dyn Notify, alert: Fingerprint) -> bool {
    let episodes = notify.episodes(alert).unwrap_or_else(|error| {
        tracing::warn!(error, "episodes of an alert could not be read");
        Vec::new()
    });
    episodes.first().is_some_and(|latest| latest.span.ends_at.is_none() && !latest.told.is_empty())
}

async fn past(deps: &Deps) -> Result<Past, Problem> {
    let (notify, log) = (Arc::clone(&deps.notify), AlertLog::new(deps.store.clone()));
    let read = move || -> Result<Past, Problem> {
        let now = now();
        let tally = notify.tally(UnixMs(now.0.saturating_sub(TOLD_MS)));
        Ok(Past { tally: tally.map_err(Problem::internal)?, daily: log.fired_daily(now, DAYS)? })
    };
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|error| Problem::internal(error.to_string()))?
}
