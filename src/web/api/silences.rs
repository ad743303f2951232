//! Silences: what one would hide, where each stands, ending one now.

use super::{
    alerts::{self, Alert},
    change::{self, Author},
    replica, resources,
};
use crate::web::routes::routes;
use crate::{
    admission::{Expect, Put},
    model::{
        Kind, NodeId, UnixMs,
        resource::Declared,
        spec::{self, RoleName, SilenceMatcher},
    },
    silence::{
        Held, Wanted,
        held::PATH,
        wanted::{self, Phase},
    },
    web::{
        auth::Identity,
        deps::{Deps, now},
        error::{Problem, ProblemItem},
        extract::{Json, Opened, Path},
        policy::Policy,
        router::Doors,
    },
};
use axum::{extract::Request, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// An Alertmanager that takes longer counts as silent.
const PATIENCE: Duration = Duration::from_secs(3);
/// Alerts shown in a preview.
const SHOWN: usize = 20;

pub(crate) fn routes(doors: Doors) -> Doors {
    let writer = Policy::Write(Kind::Silence);
    doors
        .open(Policy::Within(RoleName::Viewer), routes!(preview_silence))
        .open(Policy::Within(RoleName::Viewer), routes!(observed_silences))
        .open(writer, routes!(expire_silence))
}

/// Matchers of a silence that is being written.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matchers {
    /// As in a silence's spec.
    #[schema(value_type = Vec<MatcherForm>)]
    matchers: Vec<SilenceMatcher>,
}

/// As in a silence's spec.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the model's own type in the document")]
struct MatcherForm {
    name: String,
    value: String,
    #[schema(rename = "isRegex", default = false)]
    is_regex: Option<bool>,
    #[schema(rename = "isEqual", default = true)]
    is_equal: Option<bool>,
}

/// What a silence would hide now.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Preview {
    /// Alerts it would hide.
    total: usize,
    /// The first of them, most severe first.
    alerts: Vec<Alert>,
    /// How many of them are critical and of another project than the one it is meant for: the
    /// one its matchers name, else the one most of them belong to.
    critical_elsewhere: usize,
}

/// What would a silence with these matchers hide right now?
#[utoipa::path(post, path = "/api/v1/silences/preview", tag = "silences",
    request_body = Matchers, responses((status = 200, description = "It would hide", body = Preview)))]
async fn preview_silence(
    Opened(deps): Opened,
    Json(form): Json<Matchers>,
) -> Result<axum::Json<Preview>, Problem> {
    let prepared = wanted::prepare(&form.matchers)
        .filter(|matchers| !matchers.is_empty())
        .ok_or_else(|| {
            let message = "at least one matcher is needed, and patterns must be RE2";
            Problem::invalid(vec![ProblemItem::new("matchers", "WK-1005", message)])
        })?;
    let (all, _) = alerts::gather(&deps).await?;
    let mut hidden: Vec<Alert> = all
        .into_iter()
        .filter(|alert| deps.seen.holds_labels(&alert.labels))
        .filter(|alert| wanted::all_hold(&prepared, &alert.labels))
        .collect();
    alerts::sort(&mut hidden, None)?;
    let home = home(&form.matchers, &hidden);
    let elsewhere =
        |alert: &&Alert| alert.severity == "critical" && Some(&alert.project) != home.as_ref();
    let critical_elsewhere = hidden.iter().filter(elsewhere).count();
    let total = hidden.len();
    hidden.truncate(SHOWN);
    Ok(axum::Json(Preview { total, alerts: hidden, critical_elsewhere }))
}

/// The project a silence is meant for.
fn home(matchers: &[SilenceMatcher], hidden: &[Alert]) -> Option<String> {
    let named = matchers.iter().find(|m| m.name == "project" && m.is_equal && !m.is_regex);
    if let Some(named) = named {
        return Some(named.value.clone());
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for alert in hidden {
        *counts.entry(&alert.project).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map(|(project, _)| project.to_owned())
}

/// All declared silences and how they stand.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Silences {
    /// Active ones first, then those that begin later, then ended ones; the next to end first,
    /// the last ended first.
    items: Vec<SilenceState>,
    /// How many hide alerts now.
    active: usize,
}

/// One declared silence.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct SilenceState {
    /// Name of the object.
    name: String,
    /// `active`, `pending` or `expired`.
    state: String,
    /// As declared.
    #[schema(value_type = Vec<MatcherForm>)]
    matchers: Vec<SilenceMatcher>,
    /// RFC 3339.
    starts_at: String,
    /// RFC 3339.
    ends_at: String,
    /// Why.
    comment: String,
    /// Who changed it last.
    by: String,
    /// Alerts it hides now.
    hides: usize,
    /// Names of nodes whose Alertmanager answers and does not have it as declared.
    missing_on: Vec<String>,
    /// Why it does not hold as it should; none = it does.
    error: Option<String>,
}

/// What is silenced, and whether every Alertmanager has it.
#[utoipa::path(get, path = "/api/v1/observed/silences", tag = "silences",
    responses((status = 200, description = "Declared silences", body = Silences)))]
async fn observed_silences(Opened(deps): Opened) -> Result<axum::Json<Silences>, Problem> {
    let (held, firing) = tokio::join!(ask_all(&deps), alerts::gather(&deps));
    let firing = firing.map(|(alerts, _)| alerts).unwrap_or_default();
    let state = deps.state();
    let now = now();
    let mut all: Vec<Wanted> = Wanted::all(&state);
    all.sort_by_key(|silence| match silence.phase(now) {
        Phase::Expired => (Phase::Expired, u64::MAX - silence.ends.0),
        phase => (phase, silence.ends.0),
    });
    let name = |node: &NodeId| {
        state.members.get(node).map_or_else(|| node.to_string(), |member| member.name.clone())
    };
    let items: Vec<SilenceState> = all
        .into_iter()
        .map(|silence| {
            let missing = missing(&silence, &held, now).iter().map(name).collect();
            observed(silence, &held, missing, &firing, now)
        })
        .collect();
    let active = items.iter().filter(|item| item.state == Phase::Active.as_str()).count();
    Ok(axum::Json(Silences { items, active }))
}

type HeldBy = BTreeMap<NodeId, Vec<Held>>;

/// The silences of every Alertmanager that answers.
pub(super) async fn ask_all(deps: &Deps) -> HeldBy {
    let asked = replica::candidates(deps, "alertmanager").into_iter().map(|node| async move {
        let call = deps.cluster.forward(node, "alertmanager", replica::get(PATH));
        let answer = tokio::time::timeout(PATIENCE, call).await.ok()?.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let held = serde_json::from_slice(answer.body())
            .inspect_err(|error| tracing::warn!(%node, %error, "silences could not be read"))
            .ok()?;
        Some((node, held))
    });
    futures_util::future::join_all(asked).await.into_iter().flatten().collect()
}

/// Nodes that answered and do not have it.
fn missing(silence: &Wanted, held: &HeldBy, now: UnixMs) -> Vec<NodeId> {
    if silence.phase(now) == Phase::Expired {
        return Vec::new();
    }
    let has = |held: &&Held| {
        held.is_alive() && held.object() == Some(silence.name.as_str()) && held.says(silence, now)
    };
    let without = held.iter().filter(|(_, all)| !all.iter().any(|held| has(&held)));
    without.map(|(node, _)| *node).collect()
}

fn observed(
    silence: Wanted,
    held: &HeldBy,
    missing_on: Vec<String>,
    firing: &[Alert],
    now: UnixMs,
) -> SilenceState {
    let phase = silence.phase(now);
    let ours = |held: &&Held| held.object() == Some(silence.name.as_str());
    let ids: BTreeSet<&str> =
        held.values().flatten().filter(ours).map(|held| held.id.as_str()).collect();
    let hidden = |alert: &&Alert| alert.silenced_by.iter().any(|id| ids.contains(id.as_str()));
    let error = if phase == Phase::Expired {
        None
    } else if held.is_empty() {
        Some("no Alertmanager answers".to_owned())
    } else if missing_on.len() == held.len() {
        Some("no Alertmanager has it yet".to_owned())
    } else {
        None
    };
    SilenceState {
        state: phase.as_str().to_owned(),
        hides: firing.iter().filter(hidden).count(),
        name: silence.name,
        matchers: silence.matchers,
        starts_at: silence.starts.to_string(),
        ends_at: silence.ends.to_string(),
        comment: silence.comment,
        by: silence.by,
        missing_on,
        error,
    }
}

/// End a silence now. The object stays, for those who ask what was silenced.
#[utoipa::path(post, path = "/api/v1/silences/{name}/expire", tag = "silences",
    params(("name" = String, Path, description = "Name of the silence")),
    responses((status = 204, description = "Ended")))]
async fn expire_silence(
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, _) = request.into_parts();
    let author = Author::of(identity, &parts)?;
    expire(&deps, &author, &name).await
}

/// Declares that it ends now; one that has ended stays as it is.
pub(super) async fn expire(
    deps: &Deps,
    author: &Author,
    name: &str,
) -> Result<StatusCode, Problem> {
    let name = resources::parse_name(Kind::Silence, name)?;
    let state = deps.state();
    let object = state
        .get(Kind::Silence, name.as_str())
        .ok_or_else(|| Problem::missing(format!("silence {name}")))?;
    let mut silence: spec::Silence =
        object.spec_as().map_err(|error| Problem::internal(error.to_string()))?;
    let end = now();
    let ended = UnixMs::parse(&silence.ends_at).is_ok_and(|ends| ends <= end);
    if ended {
        return Ok(StatusCode::NO_CONTENT);
    }
    if UnixMs::parse(&silence.starts_at).is_ok_and(|starts| starts >= end) {
        // It never began.
        silence.starts_at = UnixMs(end.0.saturating_sub(1)).to_string();
    }
    silence.ends_at = end.to_string();
    let declared = Declared {
        kind: Kind::Silence,
        name,
        labels: object.labels.clone(),
        spec: serde_json::to_value(silence)
            .map_err(|error| Problem::internal(error.to_string()))?,
    };
    let put = Put { expect: Expect::Revision(object.revision), ..Put::new(declared) };
    let request = crate::admission::Request { puts: vec![put], ..author.request("ended") };
    change::submit(deps, author, request).await?;
    Ok(StatusCode::NO_CONTENT)
}
