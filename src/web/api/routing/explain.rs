//! Who would be told: for any label set, at any time, also with changes that are not saved.

use super::{
    part::{From, Part},
    reach::{Person, Reach, ReachedChannel},
};
use crate::{
    admission::{self, FieldError, Request},
    model::{Kind, UnixMs, cluster::DeclaredState, label::Labels},
    render::routing::{self, Explanation, Told},
    scope::access::DIMENSIONS,
    web::{
        api::{apply, authorize::authorize, change},
        auth::Identity,
        deps::{Deps, now},
        error::Problem,
        extract::{Json, Opened},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// One alert, one instant, and what should be thought to be different.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// Labels of the alert. With `project`, the project's other labels are added where they are
    /// not given.
    #[serde(default)]
    labels: Labels,
    /// RFC 3339; none = now.
    #[serde(default)]
    at: Option<String>,
    /// Objects as `apply` takes them in JSON, thought to be written.
    #[serde(default)]
    changes: Vec<Value>,
}

/// Who would be told.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Explained {
    /// The instant that was asked about, RFC 3339.
    at: String,
    /// The labels that were asked about, the project's included.
    labels: Labels,
    /// Every branch that takes the alert; at least one.
    told: Vec<ToldWay>,
    /// Inhibitions that hold it back while their source fires.
    inhibitions: Vec<HeldBack>,
    /// Names of silences that hold it back at that instant.
    silences: Vec<String>,
    /// Nobody would be told at that instant: no receiver, muted, outside hours or silenced.
    nobody: bool,
    /// All ways in English.
    words: String,
}

/// One way from the root to a receiver.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ToldWay {
    /// Its steps; the root only if nothing else takes the alert.
    path: Vec<Part>,
    /// English: `policy Night shift → line Critical → receiver on-call`.
    words: String,
    /// The object that decides; none for the default receiver.
    from: Option<From>,
    /// Who is told; none = nobody.
    receiver: Option<String>,
    /// For people; may be empty.
    receiver_title: String,
    /// Where the notification goes.
    channels: Vec<ReachedChannel>,
    /// Who is behind it, as far as declared.
    people: Vec<Person>,
    /// Labels that make a group.
    group_by: Vec<String>,
    /// Alertmanager duration.
    group_wait: String,
    /// Alertmanager duration.
    group_interval: String,
    /// Alertmanager duration.
    repeat_interval: String,
    /// Time intervals that mute it at that instant.
    muted_by: Vec<String>,
    /// Time intervals within one of which it would tell, if that instant lies outside of them.
    outside: Vec<String>,
    /// It would tell at that instant, silences and inhibitions aside.
    active: bool,
}

/// What can hold an alert back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct HeldBack {
    /// Name of the inhibition.
    name: String,
    /// For people; may be empty.
    title: String,
    /// When it does, in English.
    words: String,
}

/// Who would be told of an alert with these labels. Writes nothing.
#[utoipa::path(post, path = "/api/v1/routes/explain", tag = "alerts", request_body = Question,
    responses((status = 200, description = "All ways it takes", body = Explained)))]
pub(super) async fn routes_explain(
    Opened(deps): Opened,
    identity: Identity,
    Json(question): Json<Question>,
) -> Result<axum::Json<Explained>, Problem> {
    if !deps.seen.holds_labels(&question.labels) {
        return Err(Problem::forbidden("`labels` must name a `project` in your scope"));
    }
    let at = match question.at.as_deref() {
        None => now(),
        Some(text) => UnixMs::parse(text)
            .map_err(|_| Problem::malformed("`at` must be an instant like 2026-01-31T15:00:00Z"))?,
    };
    // Who is told is decided by all routes, also by those that may not be seen.
    let mut state = deps.whole();
    if !question.changes.is_empty() {
        let (mut request, errors) = apply::read_json(Value::Array(question.changes));
        request.at = at;
        // What may not be written is not tried out either: it would tell of what it refers to.
        authorize(&deps, &mut request, &identity)?;
        state = Arc::new(candidate(&deps, request, errors).await?);
    }
    if deps.seen.is_all() {
        return answer(&state, question.labels, at).map(axum::Json);
    }
    // A project has the dimensions that it has: those of another lead to who is told of that.
    let mut labels = question.labels;
    let project = labels.get("project").cloned().unwrap_or_default();
    labels.retain(|name, _| !DIMENSIONS.contains(&name.as_str()));
    labels.extend(state.project_labels(&project));
    let answer = answer(&state, labels, at)?;
    Ok(axum::Json(answer.confined(&deps.state())))
}

impl Explained {
    /// Who is told, without the names of what leads there and is not to be seen.
    fn confined(mut self, visible: &DeclaredState) -> Self {
        let seen = |kind, name: &str| visible.get(kind, name).is_some();
        self.inhibitions.retain(|it| seen(Kind::Inhibition, &it.name));
        self.silences.retain(|name| seen(Kind::Silence, name));
        for told in &mut self.told {
            let steps = told.path.len();
            told.path.retain(|part| part.is_visible(visible));
            if told.path.len() < steps {
                told.words.clone_from(&told.receiver_title);
                told.from = None;
            }
            told.muted_by.retain(|name| seen(Kind::TimeInterval, name));
            told.outside.retain(|name| seen(Kind::TimeInterval, name));
            if told.receiver.as_deref().is_none_or(|name| !seen(Kind::Receiver, name)) {
                told.people.clear();
                told.channels.clear();
            }
        }
        self.words = self.told.iter().map(|told| &*told.words).collect::<Vec<_>>().join("; ");
        self
    }
}

/// The state in which the changes have happened.
async fn candidate(
    deps: &Deps,
    request: Request,
    errors: Vec<FieldError>,
) -> Result<DeclaredState, Problem> {
    let (state, own) = (deps.whole(), change::own_keys(&request));
    let planned = tokio::task::spawn_blocking(move || admission::plan(&state, &request));
    let mut plan = planned.await.map_err(|error| Problem::internal(error.to_string()))?;
    plan.errors.splice(0..0, errors);
    change::confine_errors(deps, &own, &mut plan.errors);
    if plan.errors.is_empty() { Ok(plan.candidate) } else { Err(change::refused(&plan.errors)) }
}

fn answer(state: &DeclaredState, mut labels: Labels, at: UnixMs) -> Result<Explained, Problem> {
    if let Some(project) = labels.get("project").cloned() {
        for (name, value) in state.project_labels(&project) {
            labels.entry(name).or_insert(value);
        }
    }
    let tree = routing::tree(state).map_err(|error| Problem::internal(error.to_string()))?;
    let explanation = routing::explain(state, &tree, &labels, at)
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(explained(state, labels, at, &explanation))
}

fn explained(
    state: &DeclaredState,
    labels: Labels,
    at: UnixMs,
    explanation: &Explanation<'_>,
) -> Explained {
    let held_back = |it: &routing::HeldBack| HeldBack {
        name: it.name.to_string(),
        title: it.title.clone(),
        words: it.words.clone(),
    };
    Explained {
        at: at.to_string(),
        labels,
        told: explanation.told.iter().map(|told| way(state, told)).collect(),
        inhibitions: explanation.inhibitions.iter().map(held_back).collect(),
        silences: explanation.silences.iter().map(ToString::to_string).collect(),
        nobody: explanation.nobody(),
        words: explanation.words(),
    }
}

fn way(state: &DeclaredState, told: &Told<'_>) -> ToldWay {
    let branch = told.branch();
    let reach = Reach::of(state, branch.receiver.as_deref().unwrap_or_default());
    let timing = told.timing.clone();
    let below_root = if told.path.len() > 1 { &told.path[1..] } else { &told.path };
    ToldWay {
        path: below_root.iter().map(|branch| Part::of(branch)).collect(),
        words: told.words(),
        from: From::of(branch),
        receiver: branch.receiver.clone(),
        receiver_title: reach.title,
        channels: reach.channels,
        people: reach.people,
        group_by: timing.group_by.unwrap_or_default(),
        group_wait: timing.group_wait.unwrap_or_default(),
        group_interval: timing.group_interval.unwrap_or_default(),
        repeat_interval: timing.repeat_interval.unwrap_or_default(),
        muted_by: told.muted_by.clone(),
        outside: told.outside.clone(),
        active: told.active(),
    }
}
