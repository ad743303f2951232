//! `/api/v1/observed/targets`: what is declared, joined with what a healthy Prometheus sees.

use super::{
    fresh::Fresh,
    list::{self, Page, Scope},
    replica,
};
use crate::web::routes::routes;
use crate::{
    model::{Kind, NodeId, UnixMs, cluster::DeclaredState, label::Labels, spec, spec::RoleName},
    render::job_of_pool,
    scope::Projects,
    web::{
        Front,
        deps::{Deps, now},
        error::Problem,
        extract::{Opened, Query},
        policy::Policy,
        router::Doors,
    },
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Within(RoleName::Viewer), routes!(observed_targets))
}

/// One scraped address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ObservedTarget {
    /// Name of the declared target.
    pub name: String,
    /// One of its `spec.targets`.
    pub address: String,
    /// Its scrape job.
    pub job: String,
    /// Its project.
    pub project: String,
    /// `up`, `down`, or `unknown` while no Prometheus has scraped it.
    pub state: String,
    /// All labels of its series, dimensions included.
    pub labels: Labels,
    /// RFC 3339.
    pub last_scrape: Option<String>,
    /// How long the last scrape took.
    pub scrape_ms: Option<f64>,
    /// Why the last scrape failed, in Prometheus' words.
    pub error: Option<String>,
}

/// A page of targets.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ObservedTargets {
    /// Items, total, facets.
    #[serde(flatten)]
    pub page: Page<ObservedTarget>,
    /// When Prometheus answered; none when none did.
    pub as_of: Option<String>,
    /// Id of the node whose Prometheus answered.
    pub replica: Option<String>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TargetQuery {
    /// Items a page, 1 to 1000.
    limit: Option<String>,
    /// Items to skip.
    offset: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Words that must all occur.
    q: Option<String>,
    /// `name`, `state`, `job`, `project`, `address` or `last_scrape`; `-` turns it around.
    sort: Option<String>,
    /// Comma-separated: `down,unknown`.
    state: Option<String>,
    /// Only this scrape job.
    job: Option<String>,
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

/// What Prometheus says of one address.
#[derive(Debug, Clone, PartialEq, Default)]
struct Seen {
    health: String,
    labels: Labels,
    last_scrape: Option<String>,
    scrape_ms: Option<f64>,
    error: Option<String>,
}

/// By job, then by address.
type ByAddress = HashMap<String, HashMap<String, Vec<Seen>>>;

/// All that one Prometheus sees, by job and address.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Observation {
    /// By job and address; several where targets differ in their labels alone.
    by_address: ByAddress,
    as_of: Option<UnixMs>,
    replica: Option<NodeId>,
}

/// The last observation.
pub(crate) type Cache = Fresh<Observation>;

/// Declared targets with their health.
#[utoipa::path(get, path = "/api/v1/observed/targets", tag = "observed", params(TargetQuery),
    responses((status = 200, description = "One item per scraped address", body = ObservedTargets)))]
async fn observed_targets(
    State(front): State<Front>,
    Opened(deps): Opened,
    Query(query): Query<TargetQuery>,
) -> Result<axum::Json<ObservedTargets>, Problem> {
    let window =
        list::window(query.limit.as_deref(), query.offset.as_deref().or(query.cursor.as_deref()))?;
    let observation = observe(&front, &deps).await;
    let all = join(&deps.state(), &observation, &deps.seen, &query);
    let facets = facets(&all, &query);
    let mut items: Vec<ObservedTarget> =
        all.into_iter().filter(|t| in_state(t, &query) && in_job(t, &query)).collect();
    sort(&mut items, query.sort.as_deref())?;
    let mut page = Page::cut(items, window);
    page.facets = facets;
    Ok(axum::Json(ObservedTargets {
        page,
        as_of: observation.as_of.map(|at| at.to_string()),
        replica: observation.replica.map(|node| node.to_string()),
    }))
}

fn in_state(target: &ObservedTarget, query: &TargetQuery) -> bool {
    query.state.as_deref().is_none_or(|wanted| wanted.split(',').any(|s| s == target.state))
}

fn in_job(target: &ObservedTarget, query: &TargetQuery) -> bool {
    query.job.as_deref().is_none_or(|job| job == target.job)
}

/// What Prometheus sees, asked at most once a second.
pub(super) async fn observe(front: &Front, deps: &Deps) -> Arc<Observation> {
    let fetched = async { Ok::<_, Infallible>(fetch(deps).await) };
    let Ok(observation) = front.inner.targets.get(fetched).await;
    observation
}

impl Observation {
    /// When Prometheus answered; none when none did.
    pub(super) const fn as_of(&self) -> Option<UnixMs> {
        self.as_of
    }

    /// Health and labels of an address of a job whose series carry the `declared` labels.
    pub(super) fn health(
        &self,
        job: &str,
        address: &str,
        declared: impl FnOnce() -> Labels,
    ) -> Option<(&str, &Labels)> {
        let seen = self.find(job, address, declared)?;
        Some((&seen.health, &seen.labels))
    }

    fn find(&self, job: &str, address: &str, declared: impl FnOnce() -> Labels) -> Option<&Seen> {
        match self.by_address.get(job)?.get(address).map_or(&[][..], Vec::as_slice) {
            // A job's relabelling may have changed the labels: the only one there is is the one.
            [only] => Some(only),
            several => {
                let declared = declared();
                let is_it = |seen: &&Seen| {
                    declared.iter().all(|(name, value)| seen.labels.get(name) == Some(value))
                };
                several.iter().find(is_it)
            }
        }
    }
}

async fn fetch(deps: &Deps) -> Observation {
    let request = replica::get("/api/v1/targets?state=active");
    let asked = replica::ask(deps, "prometheus", &request);
    let Ok(Ok((node, answer))) = tokio::time::timeout(Duration::from_secs(5), asked).await else {
        return Observation::default();
    };
    match serde_json::from_slice::<Answer>(answer.body()) {
        Ok(answer) => {
            let mut by_address = ByAddress::new();
            for ((job, address), seen) in answer.data.active.into_iter().filter_map(seen) {
                by_address.entry(job).or_default().entry(address).or_default().push(seen);
            }
            Observation { by_address, as_of: Some(now()), replica: Some(node) }
        }
        Err(error) => {
            tracing::warn!(%node, %error, "Prometheus' target list could not be read");
            Observation::default()
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "activeTargets")]
    active: Vec<Active>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Active {
    #[serde(default)]
    discovered_labels: Labels,
    #[serde(default)]
    labels: Labels,
    scrape_pool: String,
    #[serde(default)]
    last_error: String,
    #[serde(default)]
    last_scrape: String,
    #[serde(default)]
    last_scrape_duration: f64,
    health: String,
}

fn seen(active: Active) -> Option<((String, String), Seen)> {
    let address = active.discovered_labels.get("__address__")?.clone();
    // Prometheus' zero time means: never.
    let scraped = !active.last_scrape.is_empty() && !active.last_scrape.starts_with("0001-");
    let seen = Seen {
        health: if matches!(&*active.health, "up" | "down") {
            active.health
        } else {
            "unknown".into()
        },
        labels: active.labels,
        last_scrape: scraped.then_some(active.last_scrape),
        scrape_ms: scraped.then_some(active.last_scrape_duration * 1000.0),
        error: (!active.last_error.is_empty()).then_some(active.last_error),
    };
    Some(((job_of_pool(&active.scrape_pool).to_owned(), address), seen))
}

fn join(
    state: &DeclaredState,
    observation: &Observation,
    projects: &Projects,
    query: &TargetQuery,
) -> Vec<ObservedTarget> {
    let scope = Scope {
        department: query.department.clone(),
        project: query.project.clone(),
        owner: query.owner.clone(),
        environment: query.environment.clone(),
    };
    let mut items = Vec::new();
    let mut of_project: HashMap<String, Labels> = HashMap::new();
    for object in state.of(Kind::Target) {
        let Ok(target) = object.spec_as::<spec::Target>() else { continue };
        let dimensions = of_project
            .entry(target.project.clone())
            .or_insert_with(|| state.project_labels(&target.project));
        if !scope.holds(dimensions) {
            continue;
        }
        for address in &target.targets {
            let item =
                item(object.name.as_str(), &target, address, dimensions, (observation, projects));
            let labels = item.labels.values().map(String::as_str);
            let texts = [item.name.as_str(), address.as_str(), &item.job, &item.project];
            if list::matches_words(query.q.as_deref(), texts.into_iter().chain(labels)) {
                items.push(item);
            }
        }
    }
    items
}

fn item(
    name: &str,
    target: &spec::Target,
    address: &str,
    dimensions: &Labels,
    (observation, projects): (&Observation, &Projects),
) -> ObservedTarget {
    let mut declared = dimensions.clone();
    declared.extend(target.labels.clone());
    let seen = observation.find(&target.job, address, || declared.clone());
    // Of the same job and address, and another project's.
    let seen = seen.filter(|seen| projects.holds_labels(&seen.labels));
    let state = seen.map_or("unknown", |seen| seen.health.as_str());
    ObservedTarget {
        name: name.into(),
        address: address.into(),
        job: target.job.clone(),
        project: target.project.clone(),
        state: state.into(),
        labels: seen.map_or(declared, |seen| seen.labels.clone()),
        last_scrape: seen.and_then(|seen| seen.last_scrape.clone()),
        scrape_ms: seen.and_then(|seen| seen.scrape_ms),
        error: seen.and_then(|seen| seen.error.clone()),
    }
}

fn facets(
    all: &[ObservedTarget],
    query: &TargetQuery,
) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut facets: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut count = |facet: &str, value: &str| {
        *facets.entry(facet.into()).or_default().entry(value.into()).or_default() += 1;
    };
    for target in all {
        if in_job(target, query) {
            count("state", &target.state);
        }
        if in_state(target, query) {
            count("job", &target.job);
        }
        if in_state(target, query) && in_job(target, query) {
            count("project", &target.project);
        }
    }
    facets
}

fn sort(items: &mut [ObservedTarget], sort: Option<&str>) -> Result<(), Problem> {
    let text = sort.filter(|text| !text.is_empty()).unwrap_or("name");
    let (field, reverse) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
    let key: fn(&ObservedTarget) -> &str = match field {
        "name" => |t| &t.name,
        "state" => |t| &t.state,
        "job" => |t| &t.job,
        "project" => |t| &t.project,
        "address" => |t| &t.address,
        "last_scrape" => |t| t.last_scrape.as_deref().unwrap_or_default(),
        _ => {
            let detail = "`sort` must be name, state, job, project, address or last_scrape";
            return Err(Problem::bad_query(detail));
        }
    };
    items.sort_by(|a, b| {
        let order =
            key(a).cmp(key(b)).then_with(|| (&a.name, &a.address).cmp(&(&b.name, &b.address)));
        if reverse { order.reverse() } else { order }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_prometheus_is_read_by_job_and_address() {
        let text = r#"{"status":"success","data":{"activeTargets":[
          {"discoveredLabels":{"__address__":"127.0.0.11:9100"},"labels":{"job":"node","instance":"127.0.0.11:9100"},
           "scrapePool":"node","scrapeUrl":"http://127.0.0.11:9100/metrics","globalUrl":"x","lastError":"",
           "lastScrape":"2026-11-22T00:17:09.1Z","lastScrapeDuration":0.0125,"health":"up","scrapeInterval":"15s","scrapeTimeout":"10s"},
          {"discoveredLabels":{"__address__":"127.0.0.12:9100"},"labels":{},"scrapePool":"node",
           "lastError":"","lastScrape":"0001-01-01T00:00:00Z","lastScrapeDuration":0,"health":"unknown"}],
          "droppedTargets":[],"droppedTargetCounts":{}}}"#;
        let answer: Answer = serde_json::from_str(text).unwrap();
        let seen: HashMap<_, _> = answer.data.active.into_iter().filter_map(seen).collect();
        let up = &seen[&("node".to_owned(), "127.0.0.11:9100".to_owned())];
        assert_eq!((up.health.as_str(), up.scrape_ms), ("up", Some(12.5)));
        let never = &seen[&("node".to_owned(), "127.0.0.12:9100".to_owned())];
        assert_eq!((never.last_scrape.as_deref(), never.scrape_ms), (None, None));
    }
}
